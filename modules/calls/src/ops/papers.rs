//! Files: what applicants attach to questions, and samples and attachments of calls.

use files::{File, FileId, Stored};
use jinmen_core::{Actor, Error, Fault, Result};
use module::App;

use super::{call_object, for_applicant, for_office, loaded, object, of_office};
use crate::form::Kind;
use crate::model::{Application, ApplicationId, CallId, CallState, short};
use crate::{permissions, sql};

/// The largest file whatever a form says, in bytes.
pub const MOST_BYTES: u64 = 100 * 1024 * 1024;
/// Files of one call.
const CALL_FILES: usize = 40;
/// The purpose of a file of a call that is no sample.
pub const ATTACHMENT: &str = "attachment";

/// How large a file may be for a question of an application that is open for it.
///
/// # Errors
/// `calls.not_open_to_typing`; not found for what is no question for files.
pub async fn limit(app: &App, actor: &Actor, id: ApplicationId, field: &str) -> Result<u64> {
    let application = for_applicant(&app.db, actor, &permissions::APPLY, id).await?;
    Ok(asked(app, &application, field).await?.1)
}

/// Endings, largest size and number of a question for files.
async fn asked(app: &App, application: &Application, field: &str) -> Result<(String, u64, usize)> {
    if !application.is_open() || !application.opens(field) {
        return Err(Error::conflict("calls.not_open_to_typing"));
    }
    let form = loaded::form(&app.db, application.call, application.form_version).await?;
    match form.field(field).map(|field| &field.kind) {
        Some(Kind::File { accept, most_bytes, most, .. }) => Ok((accept.clone(), *most_bytes, *most)),
        _ => Err(Error::NotFound),
    }
}

/// Attaches stored bytes to a question.
///
/// # Errors
/// `calls.file_ending`, `calls.file_large`, `calls.answer_files_most` in the question's field.
pub async fn attach(
    app: &App,
    actor: &Actor,
    id: ApplicationId,
    field: &str,
    name: &str,
    stored: Stored,
) -> Result<File> {
    let application = for_applicant(&app.db, actor, &permissions::APPLY, id).await?;
    let (accept, most_bytes, most) = asked(app, &application, field).await?;
    let ending = name.rsplit_once('.').map(|(_, ending)| format!(".{}", ending.to_lowercase())).unwrap_or_default();
    let takes = accept.is_empty() || accept.split(',').any(|one| one.trim().eq_ignore_ascii_case(&ending));
    if !takes {
        return Err(Fault::at(field, "calls.file_ending").with("accept", accept.replace(',', " ")).into());
    }
    if stored.size as u64 > most_bytes {
        return Err(Fault::at(field, "calls.file_large").with("mb", most_bytes / 1024 / 1024).into());
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::application::touch(&mut tx, id, now).await? == 0 {
        return Err(Error::conflict("calls.not_open_to_typing"));
    }
    let there = app.files.of(&mut tx, &object(id)).await?;
    if there.iter().filter(|file| file.purpose == field).count() >= most {
        return Err(Fault::at(field, "calls.answer_files_most").with("most", most).into());
    }
    let new = cases::NewAttachment { object: object(id), purpose: field.to_owned(), name: name.to_owned(), stored };
    let file = cases::attach(&app.files, &mut tx, actor, now, new).await?;
    tx.commit().await?;
    Ok(file)
}

/// Takes a file off an application that is open for it; the application.
pub async fn detach(app: &App, actor: &Actor, id: FileId) -> Result<ApplicationId> {
    let file = app.files.get(&app.db, id).await?;
    let application: ApplicationId = id_of(&file, "call_application")?;
    let application = for_applicant(&app.db, actor, &permissions::APPLY, application).await?;
    if !application.is_open() || !application.opens(&file.purpose) {
        return Err(Error::conflict("calls.not_open_to_typing"));
    }
    let mut tx = app.db.begin().await?;
    cases::detach(&app.files, &mut tx, actor, app.clock.now(), id).await?;
    tx.commit().await?;
    Ok(application.id)
}

fn id_of<T: std::str::FromStr>(file: &File, kind: &str) -> Result<T> {
    if file.object.kind != kind {
        return Err(Error::NotFound);
    }
    file.object.id.parse().map_err(|_| Error::NotFound)
}

/// A file of an application, for its applicant.
pub async fn own(app: &App, actor: &Actor, id: FileId) -> Result<File> {
    actor.may_somewhere(&permissions::OWN)?;
    let file = app.files.get(&app.db, id).await?;
    for_applicant(&app.db, actor, &permissions::OWN, id_of(&file, "call_application")?).await?;
    Ok(file)
}

/// A file of an application that was handed in, for the office.
pub async fn of_desk(app: &App, actor: &Actor, id: FileId) -> Result<File> {
    actor.may_somewhere(&permissions::READ)?;
    let file = app.files.get(&app.db, id).await?;
    for_office(&app.db, actor, &permissions::READ, id_of(&file, "call_application")?, app.clock.today()).await?;
    Ok(file)
}

/// A file of a call that is out.
pub async fn public(app: &App, id: FileId) -> Result<File> {
    let file = app.files.get(&app.db, id).await?;
    let call = sql::call::get(&app.db, id_of::<CallId>(&file, "call")?).await?;
    if call.state == CallState::Draft || call.published_at.is_none() {
        return Err(Error::NotFound);
    }
    Ok(file)
}

/// Attaches a file to a call: a sample for a question of its form, or an attachment of the notice.
///
/// # Errors
/// `calls.files_many`; a fault of `purpose`.
pub async fn add(app: &App, actor: &Actor, id: CallId, purpose: &str, name: &str, stored: Stored) -> Result<()> {
    of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let purpose = match short("purpose", purpose, 40)? {
        text if text.is_empty() => ATTACHMENT.to_owned(),
        text => text,
    };
    let mut tx = app.db.begin().await?;
    if app.files.of(&mut tx, &call_object(id)).await?.len() >= CALL_FILES {
        return Err(Fault::at("file", "calls.files_many").with("most", CALL_FILES).into());
    }
    let new = cases::NewAttachment { object: call_object(id), purpose, name: name.to_owned(), stored };
    cases::attach(&app.files, &mut tx, actor, app.clock.now(), new).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a file off a call; the call.
pub async fn remove(app: &App, actor: &Actor, id: FileId) -> Result<CallId> {
    actor.may_somewhere(&permissions::WRITE)?;
    let file = app.files.get(&app.db, id).await?;
    let call: CallId = id_of(&file, "call")?;
    of_office(&app.db, actor, &permissions::WRITE, call).await?;
    let mut tx = app.db.begin().await?;
    cases::detach(&app.files, &mut tx, actor, app.clock.now(), id).await?;
    tx.commit().await?;
    Ok(call)
}

/// A file of a call of the actor's office, or its object as others name it.
pub async fn of_call(app: &App, actor: &Actor, id: FileId) -> Result<File> {
    actor.may_somewhere(&permissions::READ)?;
    let file = app.files.get(&app.db, id).await?;
    let call: CallId = id_of(&file, "call")?;
    super::within_office(&app.db, actor, &permissions::READ, call, app.clock.today()).await?;
    Ok(file)
}
