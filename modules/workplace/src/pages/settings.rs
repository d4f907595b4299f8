//! What the instance says of itself.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::Fault;
use module::{Answer, App, Form, Visit};
use ui::{Field, FieldKind, Frame, Link, Words};

use super::faults;
use super::tasks::home_crumb;
use crate::ops;
use crate::ops::settings::{FIELDS, LONGEST, value};

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    frame: Frame,
    lead: String,
    /// What other modules have to be set.
    links: Vec<Link>,
    form: ui::Form,
}

/// The settings.
pub async fn show(State(app): State<App>, visit: Visit) -> Answer {
    let settings = ops::settings::read(&app, &visit)?;
    let kept = FIELDS.iter().map(|field| ((*field).to_owned(), value(&settings, field).to_owned())).collect();
    page(&app, &visit, StatusCode::OK, &kept, &[]).await
}

/// Changes them.
pub async fn change(State(app): State<App>, visit: Visit, Form(sent): Form<HashMap<String, String>>) -> Answer {
    visit.check_form_token(sent.get("form_token").map(String::as_str).unwrap_or_default())?;
    let given = |field: &str| sent.get(field).cloned().unwrap_or_default();
    match ops::settings::change(&app, &visit, given).await {
        Ok(()) => Ok(visit.done("/work/settings", "work-flash-settings")),
        Err(error) => page(&app, &visit, StatusCode::UNPROCESSABLE_ENTITY, &sent, &faults(error)?).await,
    }
}

async fn page(
    app: &App,
    visit: &Visit,
    status: StatusCode,
    sent: &HashMap<String, String>,
    wrong: &[Fault],
) -> Answer<Response> {
    let t = app.words(visit.locale);
    let mut frame = app.work_frame(visit, t.of("work-settings")).await?;
    frame.crumbs = vec![home_crumb(&t)];
    let form = form(&t, visit).fill(|name| sent.get(name).map(String::as_str).into_iter().collect()).faults(wrong, &t);
    let links = app.list_actions("settings", visit).into_iter().map(|one| Link::new(t.of(one.key), one.href)).collect();
    Ok(ui::page(status, &SettingsPage { lead: t.of("work-settings-lead"), links, frame, form }))
}

/// Which kinds of decision take two people.
pub async fn decisions(State(app): State<App>, visit: Visit) -> Answer {
    let kinds = ops::settings::decisions(&app, &visit)?;
    let t = app.words(visit.locale);
    let mut frame = app.work_frame(&visit, t.of("work-decisions")).await?;
    frame.crumbs = vec![home_crumb(&t)];
    let options = kinds.iter().map(|(kind, _)| ui::Choice::new(kind.code, t.of(&kind.name_key()))).collect();
    let two = kinds.iter().filter(|(_, two)| *two).map(|(kind, _)| kind.code.to_owned()).collect();
    let fields = vec![Field::checkboxes("two", t.of("work-decisions-two"), options).values(two)];
    let form = ui::Form::post(visit.once("/work/settings/decisions"), &visit.form_token, t.of("work-save"));
    let form = form.fields_only(fields);
    Ok(ui::page(StatusCode::OK, &SettingsPage { lead: t.of("work-decisions-lead"), links: Vec::new(), frame, form }))
}

/// The kinds that were ticked.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub struct Two {
    two: Vec<String>,
    form_token: String,
}

/// Says which kinds take two.
pub async fn decide(State(app): State<App>, visit: Visit, Form(sent): Form<Two>) -> Answer {
    visit.check_form_token(&sent.form_token)?;
    ops::settings::decide(&app, &visit, &sent.two).await?;
    Ok(visit.done("/work/settings/decisions", "work-flash-settings"))
}

/// How people prove who they are.
pub async fn security(State(app): State<App>, visit: Visit) -> Answer {
    security_page(&app, &visit, &[]).await
}

/// What was ticked.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub struct Security {
    second_factor: String,
    form_token: String,
}

/// Says how.
pub async fn secure(State(app): State<App>, visit: Visit, Form(sent): Form<Security>) -> Answer {
    visit.check_form_token(&sent.form_token)?;
    match ops::second::demand(&app, &visit, !sent.second_factor.is_empty()).await {
        Ok(()) => Ok(visit.done("/work/settings/sign-in", "work-flash-settings")),
        Err(error) => security_page(&app, &visit, &faults(error)?).await,
    }
}

async fn security_page(app: &App, visit: &Visit, wrong: &[Fault]) -> Answer<Response> {
    let demanded = ops::second::demanded(app, visit)?;
    let t = app.words(visit.locale);
    let mut frame = app.work_frame(visit, t.of("work-security")).await?;
    frame.crumbs = vec![home_crumb(&t)];
    let field = Field::checkbox("second_factor", t.of("work-security-second"))
        .value(if demanded { "yes" } else { "" })
        .help(t.of("work-security-second-help"));
    let form = ui::Form::post(visit.once("/work/settings/sign-in"), &visit.form_token, t.of("work-save"));
    let form = form.fields_only(vec![field]).faults(wrong, &t);
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ui::page(status, &SettingsPage { lead: t.of("work-security-lead"), links: Vec::new(), frame, form }))
}

fn form(t: &Words, visit: &Visit) -> ui::Form {
    let field = |name: &str| {
        let key = format!("work-settings-{}", name.replace('_', "-"));
        Field::text(name, t.of(&key)).half().max_length(LONGEST as u32)
    };
    let telephone = Field::new(FieldKind::Telephone, "telephone", t.of("work-settings-telephone"))
        .half()
        .max_length(LONGEST as u32)
        .help(t.of("work-settings-telephone-help"));
    let two = |name: &str| [field(&format!("{name}_zh")), field(&format!("{name}_en"))];
    let names: Vec<Field> = two("name").into_iter().collect();
    let bodies: Vec<Field> = two("sponsor").into_iter().chain(two("operator")).collect();
    let reached: Vec<Field> = two("address").into_iter().chain([telephone]).collect();
    ui::Form::post(visit.once("/work/settings"), &visit.form_token, t.of("work-save"))
        .section(t.of("work-settings-names"), t.of("work-settings-names-help"), names)
        .section(t.of("work-settings-bodies"), t.of("work-settings-bodies-help"), bodies)
        .section(t.of("work-settings-reach"), t.of("work-settings-reach-help"), reached)
        .section(t.of("work-settings-filings"), t.of("work-settings-filings-help"), vec![field("icp"), field("police")])
}
