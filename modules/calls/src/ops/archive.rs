//! The archive bundle (归档包) of a whole case: what was handed in each time, every step with its opinion, what was said, what
//! the record has of it, the files; `jinmen verify` checks it without this program's database.

use documents::archive::{self, Bundle, Draft, Index};
use futures::stream::BoxStream;
use jinmen_core::{Actor, Error, Locale, PageRequest, Result};
use module::App;
use serde_json::{Value, json};
use ui::Words;

use super::desk::{self, Case};
use super::{for_office, name, object};
use crate::model::ApplicationId;
use crate::sql::archive::Archive;
use crate::{permissions, sql};

/// The page's place in the bundle.
const PAGE: &str = "case.html";

/// Makes the archive of a case that is decided; its digest.
///
/// # Errors
/// `calls.not_decided`.
pub async fn make(app: &App, actor: &Actor, id: ApplicationId) -> Result<String> {
    let (application, _) = for_office(&app.db, actor, &permissions::EXPORT, id, app.clock.today()).await?;
    if !application.state.is_final() {
        return Err(Error::conflict("calls.not_decided"));
    }
    let case = desk::read(app, actor, id).await?;
    let zh = app.words(Locale::ZhCn);
    let data = data(app, actor, &zh, &case).await?;
    let page = crate::pages::shown::archive_page(&zh, &data);
    let one = &case.loaded.application;
    let draft = Draft {
        title: case.loaded.call.title.zh.clone(),
        number: one.number.clone(),
        owner: app.organization_name(one.owner).await.zh,
        case: data,
        texts: vec![(PAGE.to_owned(), zh.of("calls-archive-page"), "text/html".to_owned(), page.clone())],
        files: places(&case),
    };
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let bundle = archive::bundle(draft, now, &name(actor))?;
    archive::append(&mut tx, actor, now, &object(id), &bundle).await?;
    let kept = Archive { digest: bundle.digest.clone(), index: bundle.index.clone(), page };
    sql::archive::insert(&mut tx, id, &one.number, &kept, &name(actor), now).await?;
    tx.commit().await?;
    Ok(bundle.digest)
}

/// Files with their places, each place once.
fn places(case: &Case) -> Vec<(String, String, files::File)> {
    let mut seen = std::collections::HashSet::new();
    let mut places = Vec::new();
    for (at, file) in case.loaded.files.iter().enumerate() {
        let mut path = documents::zip::path(&["files", &file.purpose, &file.name]);
        if !seen.insert(path.to_lowercase()) {
            path = documents::zip::path(&["files", &file.purpose, &format!("{at} {}", file.name)]);
        }
        let what = case.loaded.form.field(&file.purpose).map(|field| field.title.zh.clone()).unwrap_or_default();
        places.push((path, what, file.clone()));
    }
    places
}

/// The case as data: whole numbers and texts only, as the canonical form wants it.
async fn data(app: &App, actor: &Actor, zh: &Words, case: &Case) -> Result<Value> {
    let one = &case.loaded.application;
    let handed = sql::application::submissions(&app.db, one.id).await?;
    let handed: Vec<Value> = handed
        .iter()
        .map(|each| {
            let document: Value = serde_json::from_str(&each.document).unwrap_or_default();
            json!({ "round": each.round, "digest": each.digest, "at": each.at.0, "by": each.by, "document": document })
        })
        .collect();
    let steps: Vec<Value> = case
        .flow
        .iter()
        .flat_map(|(flow, steps)| {
            steps.iter().filter(|step| step.state == flow::StepState::Done).map(|step| {
                json!({
                    "step": step.step,
                    "title": flow.plan.step(&step.step).map(|found| found.title.zh.clone()),
                    "round": step.round,
                    "outcome": step.outcome.map(flow::Outcome::code),
                    "said": step.outcome.map(|outcome| zh.of(&outcome.message_key())),
                    "opinion": step.opinion,
                    "by": step.name,
                    "at": step.closed_at.map(|at| at.0),
                    "ballot": step.ballot(),
                })
            })
        })
        .collect();
    let page = PageRequest { after: None, limit: Some(200) };
    let history = record::history(&app.db, &object(one.id), &page).await?.items;
    let history: Vec<Value> = history
        .iter()
        .rev()
        .map(|entry| {
            json!({ "id": entry.id.text(), "at": entry.at.0, "action": entry.action, "by": entry.actor.name,
                    "number": entry.number, "said": zh.of(&entry.message_key()) })
        })
        .collect();
    let said = super::talk::all(app, actor, one.id).await?.items;
    let said: Vec<Value> = said
        .iter()
        .rev()
        .map(|each| {
            json!({ "at": each.created_at.0, "by": each.author_name, "audience": each.audience.code(), "text": each.text })
        })
        .collect();
    Ok(json!({
        "application": one.id.text(),
        "number": one.number,
        "call": { "id": case.loaded.call.id.text(), "number": case.loaded.call.number, "title": case.loaded.call.title.zh },
        "applicant": one.applicant_name,
        "state": one.state.code(),
        "state_said": zh.of(&one.state.message_key()),
        "reason": one.reason,
        "granted": one.granted,
        "submissions": handed,
        "steps": steps,
        "record": history,
        "messages": said,
    }))
}

/// Whether an archive of a case was made.
pub(crate) async fn is_made(app: &App, id: ApplicationId) -> Result<bool> {
    Ok(sql::archive::last(&app.db, id).await?.is_some())
}

/// The newest archive of a case as a ZIP file, and its name.
///
/// # Errors
/// `calls.no_archive` where none was made; `calls.archive_waits` for the moment until the record has signed it.
pub async fn take(
    app: &App,
    actor: &Actor,
    id: ApplicationId,
) -> Result<(String, BoxStream<'static, Result<Vec<u8>>>)> {
    let (application, _) = for_office(&app.db, actor, &permissions::EXPORT, id, app.clock.today()).await?;
    let kept = sql::archive::last(&app.db, id).await?.ok_or_else(|| Error::conflict("calls.no_archive"))?;
    let proof = archive::proof_of(&app.db, &object(id), &kept.digest).await?;
    let proof = proof.ok_or_else(|| Error::conflict("calls.archive_waits"))?;
    let index: Index = serde_json::from_str(&kept.index)?;
    let there = app.files.of(&app.db, &object(id)).await?;
    let mut files = Vec::new();
    for part in index.parts.iter().filter(|part| part.path != PAGE) {
        let file = there.iter().find(|file| file.digest == part.sha256).cloned();
        files.push((part.path.clone(), file.ok_or_else(|| Error::internal("an archived file is gone"))?));
    }
    let bundle = Bundle { index: kept.index, digest: kept.digest, texts: vec![(PAGE.to_owned(), kept.page)], files };
    let stream = archive::stream(bundle, &proof, app.files.clone())?;
    Ok((application.number, stream))
}
