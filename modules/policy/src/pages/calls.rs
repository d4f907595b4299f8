//! Calls under a policy: what is open, and the button that opens one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jinmen_core::Result;
use module::pages::{Pair, Panel};
use module::{Answer, App, Form as FormBody, Path, Visit};
use serde::Deserialize;
use ui::{Choice, Field, Form, Html, Words};

use super::desk::{self, PATH};
use crate::model::PolicyId;
use crate::ops::call::{can_be_called, open_call};
use crate::ops::library::Read;
use crate::ops::{object, program};

/// What can be applied for under a policy; none where nothing was called for.
pub(super) async fn panel(app: &App, t: &Words, id: PolicyId) -> Result<Option<Panel>> {
    let body = calls::resting_on(app, t, &object(id)).await?;
    Ok((!body.is_empty()).then(|| Panel::new("calls", t.of("policy-calls"), body)))
}

/// The same for the office, with the button.
pub(super) async fn desk_panel(app: &App, t: &Words, visit: &Visit, read: &Read) -> Result<Option<Panel>> {
    let there = calls::resting_on(app, t, &object(read.policy.id)).await?;
    let may = visit.actor.may_somewhere(&calls::permissions::WRITE).is_ok() && can_be_called(app, &read.policy);
    let form = match &read.version {
        Some(version) if may => form(t, visit, read.policy.id, &version.text),
        _ => Html::default(),
    };
    let body = Html::of(&Pair(there, form));
    Ok((!body.is_empty()).then(|| Panel::new("calls", t.of("policy-calls"), body)))
}

fn form(t: &Words, visit: &Visit, id: PolicyId, text: &str) -> Html {
    let Ok(rules) = program::compiled(text) else { return Html::default() };
    let title = |clause: &rules::Clause| match clause.title.is_empty() {
        true => clause.id.clone(),
        false => format!("{} {}", clause.id, clause.title),
    };
    let clauses: Vec<Choice> = rules.clauses.iter().map(|one| Choice::new(one.id.clone(), title(one))).collect();
    let first = clauses.first().map(|one| one.value.clone()).unwrap_or_default();
    Form::post(visit.once(&format!("{PATH}/{id}/calls")), visit.form_token.clone(), t.of("policy-call-open"))
        .id("open-call")
        .fields_only(vec![
            Field::select("clause", t.of("policy-call-clause"), clauses)
                .required()
                .value(first)
                .help(t.of("policy-call-help")),
        ])
        .show(t)
}

/// What is sent to open a call.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Sent {
    clause: String,
}

/// Opens a call under a clause and leads to it.
pub(crate) async fn open(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    match open_call(&app, &visit.actor, id, sent.clause.trim()).await {
        Ok(call) => Ok(Redirect::to(&format!("/work/calls/{call}")).into_response()),
        Err(error) => {
            let alert = desk::refused(&app.words(visit.locale), &error).ok_or(error)?;
            desk::draw(&app, &visit, id, Some(alert), |_, form| Ok((StatusCode::OK, form))).await
        }
    }
}
