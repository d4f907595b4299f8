//! Documents of a subject: licence, authorisation, certificate.

use files::{File, FileId, Stored};
use jinmen_core::{Actor, Error, Object, Permission, Result};
use module::App;
use store::Conn;

use super::{organization_for, person_for};
use crate::model::{NOTE_MOST, line};
use crate::permissions;

/// The largest document.
pub const MOST_BYTES: usize = 20 * 1_048_576;

/// Attaches stored bytes to a subject.
pub async fn attach_document(
    app: &App,
    actor: &Actor,
    subject: &Object,
    purpose: &str,
    name: &str,
    stored: Stored,
) -> Result<FileId> {
    let purpose = line("purpose", purpose, NOTE_MOST)?.unwrap_or_default();
    let mut tx = app.db.begin().await?;
    authorise(&mut tx, actor, subject, &permissions::EDIT_ORGANIZATION, &permissions::EDIT_PERSON).await?;
    let new = cases::NewAttachment { object: subject.clone(), purpose, name: name.to_owned(), stored };
    let file = cases::attach(&app.files, &mut tx, actor, app.clock.now(), new).await?;
    tx.commit().await?;
    Ok(file.id)
}

/// The documents of a subject that the actor may read.
pub async fn documents(app: &App, actor: &Actor, subject: &Object) -> Result<Vec<File>> {
    authorise(&app.db, actor, subject, &permissions::READ_ORGANIZATION, &permissions::READ_PERSON).await?;
    app.files.of(&app.db, subject).await
}

/// One document, if the actor may read its subject.
pub async fn document(app: &App, actor: &Actor, id: FileId) -> Result<File> {
    let file = app.files.get(&app.db, id).await?;
    authorise(&app.db, actor, &file.object, &permissions::READ_ORGANIZATION, &permissions::READ_PERSON).await?;
    Ok(file)
}

/// Takes a document off its subject.
pub async fn remove_document(app: &App, actor: &Actor, id: FileId) -> Result<Object> {
    let mut tx = app.db.begin().await?;
    let file = app.files.get(&mut tx, id).await?;
    authorise(&mut tx, actor, &file.object, &permissions::EDIT_ORGANIZATION, &permissions::EDIT_PERSON).await?;
    cases::detach(&app.files, &mut tx, actor, app.clock.now(), id).await?;
    tx.commit().await?;
    Ok(file.object)
}

async fn authorise<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    subject: &Object,
    organization: &Permission,
    person: &Permission,
) -> Result<()> {
    match subject.kind.as_str() {
        "organization" => organization_for(conn, actor, organization, subject.id.parse()?).await.map(drop),
        "person" => person_for(conn, actor, person, subject.id.parse()?).await.map(drop),
        _ => Err(Error::NotFound),
    }
}
