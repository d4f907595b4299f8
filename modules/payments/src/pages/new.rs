//! The form by which something is owed or granted by hand.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use module::pages::{again, form_page};
use module::{Answer, App, Form as FormBody, Visit};
use ui::{Choice, Field, Form, MoneyUnit, Words};

use super::{desk::PATH, direction};
use crate::model::{BENEFIT_MOST, Direction, INSTALMENT_ROWS, ItemDraft, NOTE_MOST, PAYER_ROWS, TITLE_MOST};
use crate::ops;

/// The empty form.
pub(crate) async fn new(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let today = app.clock.today().to_string();
    let form = form(&t, &visit).fill(|name| match name {
        "direction" => vec!["in"],
        "granted_on" => vec![today.as_str()],
        _ => Vec::new(),
    });
    form_page(&app, &visit, t.of("payments-new"), &crumbs(&t), StatusCode::OK, form).await
}

fn crumbs(t: &Words) -> [(&'static str, String); 1] {
    [(PATH, t.of("payments-items"))]
}

fn form(t: &Words, visit: &Visit) -> Form {
    let ways = Direction::ALL.map(|way| {
        Choice::new(way.code(), direction(t, way)).help(t.of(&format!("payments-direction-{}-help", way.code())))
    });
    let what = vec![
        Field::radio("direction", t.of("payments-direction"), ways.into()).required(),
        Field::text("subject", t.of("payments-subject")).required().max_length(200).help(t.of("payments-subject-help")),
        Field::text("title", t.of("payments-title"))
            .required()
            .max_length(TITLE_MOST as u32)
            .help(t.of("payments-title-help")),
        Field::money("amount", t.of("payments-amount"), MoneyUnit::Yuan).required().half(),
        Field::date("due_on", t.of("payments-due")).half().help(t.of("payments-due-help")),
        Field::date("granted_on", t.of("payments-granted-on")).required().half(),
        Field::text("benefit", t.of("payments-benefit"))
            .max_length(BENEFIT_MOST as u32)
            .half()
            .help(t.of("payments-benefit-help")),
        Field::text_area("note", t.of("payments-note")).max_length(NOTE_MOST as u32).help(t.of("payments-note-help")),
    ];
    Form::post(visit.once(PATH), visit.form_token.clone(), t.of("payments-create"))
        .section(t.of("payments-section-what"), "", what)
        .section(t.of("payments-instalments"), t.of("payments-instalments-help"), instalments(t))
        .section(t.of("payments-payers"), t.of("payments-payers-help"), payers(t))
        .cancel(PATH)
}

fn instalments(t: &Words) -> Vec<Field> {
    let row = |at: usize| {
        let n = [("n", (at + 1).into())];
        [
            Field::money(format!("instalments.{at}.amount"), t.with("payments-instalment-amount", &n), MoneyUnit::Yuan)
                .half(),
            Field::date(format!("instalments.{at}.due_on"), t.with("payments-instalment-due", &n)).half(),
            Field::text(format!("instalments.{at}.condition"), t.with("payments-instalment-condition", &n))
                .max_length(200),
        ]
    };
    (0..INSTALMENT_ROWS).flat_map(row).collect()
}

fn payers(t: &Words) -> Vec<Field> {
    let row = |at: usize| {
        let n = [("n", (at + 1).into())];
        [
            Field::text(format!("payers.{at}.name"), t.with("payments-payer-name", &n)).max_length(200).half(),
            Field::money(format!("payers.{at}.amount"), t.with("payments-payer-amount", &n), MoneyUnit::Yuan).half(),
        ]
    };
    (0..PAYER_ROWS).flat_map(row).collect()
}

/// Writes it down.
pub(crate) async fn create(
    State(app): State<App>,
    visit: Visit,
    FormBody(sent): FormBody<HashMap<String, String>>,
) -> Answer {
    let draft = ItemDraft(sent);
    let done = match draft.parse() {
        Ok(wanted) => ops::create::create(&app, &visit.actor, wanted).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(owed) => Ok(visit.done(&ops::page(owed.id), "payments-flash-created")),
        Err(error) => {
            let t = app.words(visit.locale);
            let filled = form(&t, &visit).fill(|name| draft.0.get(name).map(String::as_str).into_iter().collect());
            let (status, form) = again(&t, filled, error)?;
            form_page(&app, &visit, t.of("payments-new"), &crumbs(&t), status, form).await
        }
    }
}
