//! Recording many payments from a list that comes back from the bank: all of them or none.

use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use futures::TryStreamExt;
use jinmen_core::{Error, Fault, Result};
use module::pages::{FormPage, frame};
use module::{Answer, App, Visit};
use registry::uploads;
use ui::{Alert, Field, Form, Tone, Words};

use super::desk::PATH;
use crate::ops::pay_list::{self as recording, FILE_MOST, ROWS_MOST};

/// Tables that are taken.
const TABLES: &str = ".xlsx,.csv";

/// The form.
pub(crate) async fn page(State(app): State<App>, visit: Visit) -> Answer {
    draw(&app, &visit, StatusCode::OK, Vec::new()).await
}

async fn draw(app: &App, visit: &Visit, status: StatusCode, faults: Vec<Fault>) -> Answer {
    let t = app.words(visit.locale);
    let frame = frame(app, visit, t.of("payments-record-list"), &[(PATH, t.of("payments-items"))]).await?;
    let mut form = form(&t, visit);
    let (of_file, of_cells): (Vec<Fault>, Vec<Fault>) =
        faults.into_iter().partition(|fault| fault.field.as_deref() == Some("file"));
    let alert = (!of_cells.is_empty()).then(|| {
        let args = [("n", of_cells.len().into())];
        Alert::new(Tone::Bad, t.with("payments-list-wrong", &args)).title(t.of("payments-list-none-recorded"))
    });
    for fault in &of_cells {
        let place = fault.field.clone().unwrap_or_default();
        form.blame(
            None,
            t.with("payments-list-cell", &[("cell", place.into()), ("what", module::sentence(&t, fault).into())]),
        );
    }
    let form = form.faults(&of_file, &t);
    let intro = t.with("payments-record-list-help", &[("most", ROWS_MOST.into())]);
    Ok(ui::page(status, &FormPage { frame, intro, alert, form }))
}

fn form(t: &Words, visit: &Visit) -> Form {
    Form::post(visit.once("/work/payments/record"), visit.form_token.clone(), t.of("payments-record-list-do"))
        .fields_only(vec![Field::file("file", t.of("payments-list-file"), TABLES).required()])
        .cancel(PATH)
}

/// Records what a list says was paid.
pub(crate) async fn record(State(app): State<App>, visit: Visit, body: Multipart) -> Answer {
    let done = match received(body).await? {
        Some((name, bytes)) => recording::pay_file(&app, &visit.actor, &name, bytes).await,
        None => Err(Error::field("file", "files.missing")),
    };
    match done {
        Ok(done) if done.skipped == 0 => Ok(visit.done(PATH, "payments-flash-list")),
        Ok(_) => Ok(visit.done(PATH, "payments-flash-list-some")),
        Err(Error::Invalid(faults)) => draw(&app, &visit, StatusCode::UNPROCESSABLE_ENTITY, faults).await,
        Err(error) => Err(error.into()),
    }
}

/// The file of a form, in memory: lists are small.
async fn received(mut body: Multipart) -> Result<Option<(String, Vec<u8>)>> {
    let mut found = None;
    while let Some(mut field) = body.next_field().await.map_err(uploads::unreadable)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(part) = field.try_next().await.map_err(uploads::unreadable)? {
            bytes.extend_from_slice(&part);
            if bytes.len() > FILE_MOST {
                return Err(Fault::at("file", "payments.list_large").with("most", FILE_MOST / 1_048_576).into());
            }
        }
        found = Some((name, bytes)).filter(|(_, bytes)| !bytes.is_empty());
    }
    Ok(found)
}
