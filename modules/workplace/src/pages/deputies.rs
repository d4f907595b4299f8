//! Colleagues who stand in for one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::Fault;
use module::{Answer, App, Form, Path, Visit};
use ui::{Alert, Cell, Column, Empty, Field, Frame, Row, Table, Tone, Words};

use super::{account, faults};
use crate::ops;
use crate::ops::deputies::TypedDeputy;

#[derive(Template)]
#[template(path = "account/deputies.html")]
struct DeputiesPage {
    frame: Frame,
    lead: String,
    alert: Option<Alert>,
    table: Table,
    form: Option<ui::Form>,
}

/// Those who stand in for the hat worn now, and the form for another.
pub async fn show(State(app): State<App>, visit: Visit) -> Answer {
    page(&app, &visit, &TypedDeputy::default(), &[]).await
}

/// Lets a colleague stand in.
pub async fn appoint(State(app): State<App>, visit: Visit, Form(input): Form<TypedDeputy>) -> Answer {
    match ops::deputies::appoint(&app, &visit, &input).await {
        Ok(()) => Ok(visit.done("/account/deputies", "work-flash-deputy")),
        Err(error) => page(&app, &visit, &input, &faults(error)?).await,
    }
}

/// Ends that.
pub async fn dismiss(State(app): State<App>, visit: Visit, Path(grant): Path<String>) -> Answer {
    ops::deputies::dismiss(&app, &visit, &grant).await?;
    Ok(visit.done("/account/deputies", "work-flash-deputy-ended"))
}

async fn page(app: &App, visit: &Visit, input: &TypedDeputy, wrong: &[Fault]) -> Answer<Response> {
    let t = app.words(visit.locale);
    let deputies = ops::deputies::read(app, visit).await?;
    let mut frame = app.work_frame(visit, t.of("work-deputies")).await?;
    frame.crumbs = vec![ui::Crumb { label: t.of("ui-account"), href: "/account".to_owned() }];
    let hat = visit.actor.hat();
    let own = hat.is_some_and(|hat| hat.deputy_for.is_none() && !hat.role.is_separated());
    let alert = match hat {
        None => Some("work-deputies-no-hat"),
        Some(_) if !own => Some("work-deputies-not-yours"),
        Some(_) => None,
    };
    let worn = frame.person.as_ref().map(|person| person.hat.clone()).unwrap_or_default();
    let view = DeputiesPage {
        lead: t.with("work-deputies-lead", &[("hat", worn.into())]),
        alert: alert.map(|key| Alert::new(Tone::Info, t.of(key))),
        table: table(app, &t, visit, &deputies),
        form: own.then(|| form(app, &t, visit, input).faults(wrong, &t)),
        frame,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ui::page(status, &view))
}

fn table(app: &App, t: &Words, visit: &Visit, deputies: &[(access::Grant, String)]) -> Table {
    let today = app.clock.today();
    let row = |(grant, name): &(access::Grant, String)| {
        let end = format!("/account/deputies/{}/dismiss", grant.id);
        let action = match grant.revoked_at {
            None => Cell::Html(ui::Form::post(visit.once(&end), &visit.form_token, t.of("work-deputy-end")).show(t)),
            Some(_) => Cell::Nothing,
        };
        Row::plain(vec![
            Cell::Two(name.clone(), grant.reason.clone().unwrap_or_default()),
            account::period(t, grant).into(),
            Cell::Badge(account::state(t, grant, today)),
            action,
        ])
    };
    Table {
        caption: t.of("work-deputies"),
        columns: ["work-deputy", "work-role-period", "work-state", "work-deputy-action"]
            .map(|key| Column::text(t.of(key)))
            .into(),
        rows: deputies.iter().map(row).collect(),
        empty: Empty { title: t.of("work-deputies-none"), text: t.of("work-deputies-none-text"), ..Empty::default() },
        ..Table::default()
    }
}

fn form(app: &App, t: &Words, visit: &Visit, input: &TypedDeputy) -> ui::Form {
    let today = app.clock.today().to_string();
    let from = if input.from.is_empty() { today } else { input.from.clone() };
    ui::Form::post(visit.once("/account/deputies"), &visit.form_token, t.of("work-deputy-appoint")).section(
        t.of("work-deputy-new"),
        t.of("work-deputy-help"),
        vec![
            Field::text("colleague", t.of("work-colleague"))
                .required()
                .max_length(64)
                .help(t.of("work-colleague-help"))
                .value(&input.colleague),
            Field::date("from", t.of("work-role-from")).required().half().value(from),
            Field::date("until", t.of("work-role-until")).required().half().value(&input.until),
            Field::text("reason", t.of("work-deputy-reason")).required().max_length(200).value(&input.reason),
        ],
    )
}
