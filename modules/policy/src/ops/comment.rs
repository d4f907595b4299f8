//! What the public says to a draft while it may, and the documents that are attached to a policy.

use cases::{Audience, Comment};
use files::{File, FileId, Stored};
use jinmen_core::{Actor, Date, Error, Page, PageRequest, Result};
use module::App;

use super::{life, object, of_office};
use crate::model::{LIFE, Policy, PolicyId, step};
use crate::{permissions, sql};

/// Drafts shown at once.
const MOST: u32 = 20;
/// What the text as it was issued is attached for; the samples of papers have the name of the paper.
pub const ORIGINAL: &str = "original";

/// The drafts that the public is asked about, and the last day of each, the most urgent first.
pub async fn open(app: &App) -> Result<Vec<(Policy, Date)>> {
    let asked = flow::running_notices(&app.db, LIFE, step::COMMENT, MOST).await?;
    let mut found = Vec::new();
    let ids: Vec<PolicyId> = asked.iter().filter_map(|(object, _)| object.id.parse().ok()).collect();
    let policies = sql::policy::many(&app.db, &ids).await?;
    for (object, until) in asked {
        let policy = policies.iter().find(|policy| policy.id.text() == object.id);
        found.extend(policy.cloned().zip(until));
    }
    Ok(found)
}

/// Says something to a draft that the public is asked about.
///
/// # Errors
/// Not found when it is not; `cases.comment_empty`, `cases.comment_long`.
pub async fn comment(app: &App, actor: &Actor, id: PolicyId, text: &str) -> Result<()> {
    actor.signed_in()?;
    if life::open_comment(app, id).await?.is_none() {
        return Err(Error::NotFound);
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    cases::add_comment(&mut tx, actor, now, &object(id), Audience::Shared, text).await?;
    tx.commit().await?;
    Ok(())
}

/// What was said to a draft of the actor's office, newest first.
pub async fn comments(app: &App, actor: &Actor, id: PolicyId) -> Result<Page<Comment>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    let page = PageRequest { after: None, limit: Some(50) };
    cases::comments(&app.db, &object(id), &[Audience::Shared], &page).await
}

/// Attaches a document to a policy of the actor's office.
pub async fn attach(
    app: &App,
    actor: &Actor,
    id: PolicyId,
    purpose: &str,
    name: &str,
    stored: Stored,
) -> Result<FileId> {
    of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let purpose = crate::model::short("purpose", purpose, 100)?;
    let purpose = if purpose.is_empty() { ORIGINAL.to_owned() } else { purpose };
    let new = cases::NewAttachment { object: object(id), purpose, name: name.to_owned(), stored };
    let mut tx = app.db.begin().await?;
    let file = cases::attach(&app.files, &mut tx, actor, app.clock.now(), new).await?;
    tx.commit().await?;
    Ok(file.id)
}

/// The documents of a policy, oldest first.
pub async fn documents(app: &App, id: PolicyId) -> Result<Vec<File>> {
    app.files.of(&app.db, &object(id)).await
}

/// A document of a policy that everybody may read, or of the actor's office.
pub async fn document(app: &App, actor: &Actor, id: FileId) -> Result<File> {
    let file = app.files.get(&app.db, id).await?;
    if file.object.kind != "policy" {
        return Err(Error::NotFound);
    }
    let policy: PolicyId = file.object.id.parse().map_err(|_| Error::NotFound)?;
    let known = sql::policy::get(&app.db, policy).await?;
    if !known.is_public() && life::open_comment(app, policy).await?.is_none() {
        of_office(&app.db, actor, &permissions::READ, policy).await?;
    }
    Ok(file)
}

/// Takes a document off a policy of the actor's office.
pub async fn detach(app: &App, actor: &Actor, id: FileId) -> Result<PolicyId> {
    let file = app.files.get(&app.db, id).await?;
    let policy: PolicyId = file.object.id.parse().map_err(|_| Error::NotFound)?;
    if file.object.kind != "policy" {
        return Err(Error::NotFound);
    }
    of_office(&app.db, actor, &permissions::WRITE, policy).await?;
    let mut tx = app.db.begin().await?;
    cases::detach(&app.files, &mut tx, actor, app.clock.now(), id).await?;
    tx.commit().await?;
    Ok(policy)
}
