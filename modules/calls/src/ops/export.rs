//! Taking applications out: a sheet with one row an application, and an archive of their files. Each time is recorded.

use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use jinmen_core::{Actor, Error, PageRequest, Result};
use module::App;
use module::export::{ExportRow, Rows, Sheet};
use serde_json::{Value, json};
use ui::Words;

use super::{call_object, desk, loaded, within_office};
use crate::form::{Field, Form, Kind};
use crate::model::{Application, ApplicationFilter, ApplicationId, Call, CallId};
use crate::{permissions, sql};

/// The sheet of a call's applications: what everything is called, and the rows, fetched page by page.
pub async fn sheet(app: &App, actor: &Actor, id: CallId, t: &Words) -> Result<(Sheet, Rows)> {
    let call = within_office(&app.db, actor, &permissions::EXPORT, id, app.clock.today()).await?;
    let form = loaded::form(&app.db, id, call.form_version).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    record::append(&mut tx, actor, now, "calls.exported", call_object(id), json!({ "what": "sheet" })).await?;
    tx.commit().await?;
    let mark = t.with(
        "calls-export-mark",
        &[("who", super::name(actor).into()), ("when", t.instant(now).into()), ("call", t.text(&call.title).into())],
    );
    let sheet = Sheet { name: format!("{}-{}", call.number, call.title.zh), columns: columns(t, &form), mark };
    Ok((sheet, rows(app.clone(), actor.clone(), call, form, t.clone())))
}

const OWN: [&str; 9] = ["number", "applicant", "state", "stage", "submitted_at", "track", "group", "handler", "digest"];

fn columns(t: &Words, form: &Form) -> Vec<(String, String)> {
    let own = OWN.iter().map(|key| ((*key).to_owned(), t.of(&format!("calls-column-{}", key.replace('_', "-")))));
    let asked = form.fields.iter().map(|field| (field.name.clone(), t.text(&field.title)));
    own.chain(asked).collect()
}

fn rows(app: App, actor: Actor, call: Call, form: Arc<Form>, t: Words) -> Rows {
    let filter = ApplicationFilter { call: Some(call.id.text()), ..ApplicationFilter::default() };
    let given = Arc::new((app, actor, call, form, t, filter));
    module::export::pages(move |after| {
        let given = given.clone();
        async move {
            let (app, actor, call, form, t, filter) = given.as_ref();
            let page = desk::queue(app, actor, filter, &PageRequest { after, limit: Some(200) }).await?;
            let ids: Vec<ApplicationId> = page.items.iter().map(|one| one.id).collect();
            let documents = sql::application::last_submissions(&app.db, &ids).await?;
            let answers = |id: ApplicationId| -> Value {
                let text = documents.iter().find(|(of, _)| *of == id).map_or("{}", |(_, text)| text.as_str());
                serde_json::from_str::<Value>(text).map(|json| json["answers"].clone()).unwrap_or_default()
            };
            Ok(page.map(|one| row(t, call, form, &one, &answers(one.id))))
        }
    })
}

fn row(t: &Words, call: &Call, form: &Form, one: &Application, answers: &Value) -> ExportRow {
    let track = |key: &str, all: &[crate::model::Track]| {
        all.iter().find(|track| track.key == key).map(|track| t.text(&track.title)).unwrap_or_default()
    };
    let stage = call.setup.stage(&one.stage).map(|stage| t.text(&stage.title)).unwrap_or_default();
    let own = [
        one.number.clone(),
        one.applicant_name.clone(),
        t.of(&one.state.message_key()),
        stage,
        one.submitted_at.map(|at| t.instant(at)).unwrap_or_default(),
        track(&one.track, &call.setup.tracks),
        track(&one.group, &call.setup.groups),
        one.handler_name.clone(),
        one.digest.clone(),
    ];
    let asked = form.fields.iter().map(|field| cell(t, field, answers.get(&field.name)));
    own.into_iter().map(Value::from).chain(asked).collect()
}

/// An answer as a cell: numbers as numbers, amounts in yuan, everything else in words.
fn cell(t: &Words, field: &Field, value: Option<&Value>) -> Value {
    match (&field.kind, value) {
        (_, None) => Value::Null,
        (Kind::Integer { .. }, Some(number)) => number.clone(),
        (_, Some(value)) => Value::from(crate::pages::shown::answer(t, field, value)),
    }
}

/// The files of a call's applications in one archive, made while it is sent: a folder an application.
pub async fn archive(app: &App, actor: &Actor, id: CallId) -> Result<axum::body::Body> {
    let call = within_office(&app.db, actor, &permissions::EXPORT, id, app.clock.today()).await?;
    let mut tx = app.db.begin().await?;
    let data = json!({ "what": "files" });
    record::append(&mut tx, actor, app.clock.now(), "calls.exported", call_object(id), data).await?;
    tx.commit().await?;
    let entries = entries(app, actor, &call).await?;
    let zip = documents::zip::stream(entries, app.files.clone());
    Ok(axum::body::Body::from_stream(zip.map_err(|error| std::io::Error::other(error.to_string()))))
}

/// Every file with its place in the archive. Names of applicants and files are cleaned of what paths mean.
async fn entries(app: &App, actor: &Actor, call: &Call) -> Result<Vec<documents::zip::Entry>> {
    let filter = ApplicationFilter { call: Some(call.id.text()), ..ApplicationFilter::default() };
    let pages = stream::try_unfold(Some(None::<String>), |state: Option<Option<String>>| async {
        let Some(after) = state else { return Ok::<_, Error>(None) };
        let page = desk::queue(app, actor, &filter, &PageRequest { after, limit: Some(200) }).await?;
        let next = page.next.map(Some);
        Ok(Some((page.items, next)))
    });
    let mut entries = Vec::new();
    let mut pages = Box::pin(pages);
    while let Some(items) = pages.next().await {
        let items = items?;
        for one in items {
            let folder = format!("{} {}", one.number, one.applicant_name);
            let files = app.files.of(&app.db, &super::object(one.id)).await?.into_iter();
            entries.extend(files.map(|file| documents::zip::Entry {
                path: documents::zip::path(&[&folder, &file.purpose, &file.name]),
                file,
            }));
        }
    }
    Ok(entries)
}
