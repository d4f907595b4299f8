//! Writing a circular: what it asks, to whom, and a look at whom it reaches before it goes.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jinmen_core::Error;
use module::pages::{FilePage, Panel, frame, pairs};
use module::{Answer, App, Form as FormBody, Query, Visit};
use registry::model::{OrganizationFilter, SavedView};
use registry::ops::views;
use serde::Deserialize;
use ui::{Alert, Choice, Field, Form, Tab, Tabs, Tone, Words};

use super::asks;
use crate::model::{Asks, BODY_MOST, CircularDraft, QuestionDraft, TITLE_MOST, reportable};
use crate::ops::audience::Audience;
use crate::ops::send as sending;

const PATH: &str = "/work/circulars";
/// Questions the form has room for.
const ROWS: usize = 6;

/// What was typed, by the fields' names; a field of several choices comes several times.
type Sent = Vec<(String, String)>;

fn first<'a>(sent: &'a Sent, name: &str) -> &'a str {
    sent.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

fn all<'a>(sent: &'a Sent, name: &str) -> Vec<&'a str> {
    sent.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
}

/// What the page is asked for: a kind, and a filter when one comes from a list.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    asks: Asks,
}

/// The form for a new circular; with a list's filter in its address it goes to what that list shows.
pub(crate) async fn new(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
    Query(filter): Query<OrganizationFilter>,
) -> Answer {
    draw(&app, &visit, asked.asks, &filter, StatusCode::OK, None, |form| form).await
}

async fn draw(
    app: &App,
    visit: &Visit,
    kind: Asks,
    filter: &OrganizationFilter,
    status: StatusCode,
    alert: Option<Alert>,
    each: impl Fn(Form) -> Form,
) -> Answer {
    let t = app.words(visit.locale);
    let known = views::list(app, &visit.actor).await?;
    let query = joined(filter);
    let tab = |one: Asks| Tab {
        label: asks(&t, one),
        href: format!("{PATH}/new?asks={}{}{query}", one.code(), if query.is_empty() { "" } else { "&" }),
        active: one == kind,
        count: None,
    };
    let form = each(form(app, &t, visit, kind, filter, &known));
    let view = FilePage {
        frame: frame(app, visit, t.of("notices-new"), &[(PATH, t.of("notices-circulars"))]).await?,
        subtitle: t.of(&format!("notices-asks-{}-help", kind.code())),
        badges: Vec::new(),
        actions: Vec::new(),
        alert,
        tabs: Tabs(Asks::ALL.into_iter().map(tab).collect()),
        panels: vec![Panel::new("write", asks(&t, kind), form.show(&t))],
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

fn joined(filter: &OrganizationFilter) -> String {
    module::pages::query_without(&pairs(filter), &[])
}

fn form(app: &App, t: &Words, visit: &Visit, kind: Asks, filter: &OrganizationFilter, known: &[SavedView]) -> Form {
    let query = joined(filter);
    let mut audiences = vec![Choice::new("members", t.of("notices-audience-members"))];
    if !query.is_empty() {
        audiences.insert(0, Choice::new("filter", t.of("notices-audience-filter")));
    }
    audiences.extend(known.iter().map(|view| {
        Choice::new(format!("view:{}", view.id), t.with("notices-audience-view", &[("name", view.name.clone().into())]))
    }));
    let chosen = if query.is_empty() { "members" } else { "filter" };
    let text = vec![
        Field::text("title", t.of("notices-title")).required().max_length(TITLE_MOST as u32),
        Field::text_area("body", t.of("notices-body")).required().max_length(BODY_MOST as u32),
        Field::select("audience", t.of("notices-audience"), audiences).required().value(chosen),
        Field::hidden("query", query),
        Field::hidden("asks", kind.code()),
    ];
    let mut form = Form::post(visit.once(PATH), visit.form_token.clone(), t.of("notices-check")).section(
        t.of("notices-section-text"),
        t.of("notices-section-text-help"),
        text,
    );
    match kind {
        Asks::Answers => form = form.section(t.of("notices-questions"), t.of("notices-questions-help"), questions(t)),
        Asks::Facts => form = form.section(t.of("notices-facts"), t.of("notices-facts-help"), facts(app, t)),
        Asks::Reading | Asks::Receipt => {}
    }
    form = form.section(t.of("notices-section-due"), t.of("notices-section-due-help"), due(t, kind));
    form.section(t.of("notices-ways"), t.of("notices-ways-help"), ways(app, t)).cancel(PATH)
}

fn questions(t: &Words) -> Vec<Field> {
    let kinds =
        || ["text", "choice", "number", "date"].map(|kind| Choice::new(kind, t.of(&format!("notices-kind-{kind}"))));
    let mut fields = Vec::new();
    for at in 1..=ROWS {
        let number = [("n", (at as i64).into())];
        fields.push(Field::text(format!("q{at}_label"), t.with("notices-question", &number)).max_length(200));
        fields.push(Field::select(format!("q{at}_kind"), t.of("notices-kind"), kinds().into()).value("text").half());
        fields.push(Field::text(format!("q{at}_options"), t.of("notices-options")).max_length(500).half());
    }
    fields
}

fn facts(app: &App, t: &Words) -> Vec<Field> {
    let choices = reportable().map(|key| Choice::new(key.key.clone(), key.label(t.locale))).collect();
    let year = app.clock.today().year() - 1;
    vec![
        Field::text("year", t.of("notices-year")).required().max_length(4).half().value(year.to_string()),
        Field::checkboxes("facts", t.of("notices-facts"), choices).required(),
    ]
}

fn due(t: &Words, kind: Asks) -> Vec<Field> {
    let days = if kind.wants_answer() { "5" } else { "" };
    vec![
        Field::integer("days", t.of("notices-days")).half().value(days),
        Field::date("due_on", t.of("notices-due-on")).half(),
    ]
}

fn ways(app: &App, t: &Words) -> Vec<Field> {
    let sms = Field::checkbox("by_sms", t.of("notices-way-sms"));
    let sms = if app.sms.is_some() { sms } else { sms.help(t.of("notices-no-sms")) };
    vec![sms, Field::checkbox("by_mail", t.of("notices-way-mail"))]
}

fn draft(sent: &Sent) -> CircularDraft {
    let take = |name: &str| first(sent, name).to_owned();
    let questions = (1..=ROWS).map(|at| QuestionDraft {
        label: take(&format!("q{at}_label")),
        kind: take(&format!("q{at}_kind")),
        options: take(&format!("q{at}_options")),
        optional: false,
    });
    CircularDraft {
        title: take("title"),
        body: take("body"),
        asks: Asks::from_code(first(sent, "asks")).unwrap_or_default(),
        questions: questions.collect(),
        facts: all(sent, "facts").into_iter().map(str::to_owned).collect(),
        year: take("year"),
        due_on: take("due_on"),
        days: take("days"),
        by_sms: first(sent, "by_sms") == "yes",
        by_mail: first(sent, "by_mail") == "yes",
    }
}

fn filter_of(query: &str) -> OrganizationFilter {
    let address = format!("/?{query}").parse().unwrap_or_default();
    axum::extract::Query::<OrganizationFilter>::try_from_uri(&address).map(|filter| filter.0).unwrap_or_default()
}

/// The audience, and in words what it was on this day.
async fn audience(
    app: &App,
    visit: &Visit,
    sent: &Sent,
    filter: &OrganizationFilter,
) -> jinmen_core::Result<(Audience, String)> {
    let t = app.words(jinmen_core::Locale::ZhCn);
    match first(sent, "audience") {
        "members" => Ok((Audience::Members, t.of("notices-audience-members"))),
        "filter" => Ok((Audience::Filter(Box::new(filter.clone())), t.of("notices-audience-filter"))),
        other => {
            let id = other.strip_prefix("view:").and_then(|id| id.parse().ok());
            let id = id.ok_or_else(|| Error::field("audience", "core.required"))?;
            let known = views::list(app, &visit.actor).await?;
            let name = known.into_iter().find(|view| view.id == id).map(|view| view.name).unwrap_or_default();
            Ok((Audience::View(id), t.with("notices-audience-view", &[("name", name.into())])))
        }
    }
}

/// Shows whom a circular reaches, and sends it when that was confirmed.
pub(crate) async fn send(State(app): State<App>, visit: Visit, FormBody(sent): FormBody<Sent>) -> Answer {
    let filter = filter_of(first(&sent, "query"));
    let kind = Asks::from_code(first(&sent, "asks")).unwrap_or_default();
    let draft = draft(&sent);
    let found = audience(&app, &visit, &sent, &filter).await;
    let confirmed = first(&sent, "confirm") == "yes";
    let done = match found {
        Ok((audience, words)) if confirmed => {
            match sending::send(&app, &visit.actor, &draft, &audience, &words).await {
                Ok(id) => return Ok(Redirect::to(&format!("{PATH}/{id}")).into_response()),
                Err(error) => Err(error),
            }
        }
        Ok((audience, _)) => sending::check(&app, &visit.actor, &draft, &audience).await,
        Err(error) => Err(error),
    };
    let t = app.words(visit.locale);
    let fill = |form: Form| form.fill(|name| all(&sent, name));
    match done {
        Ok(reach) => {
            let args = [
                ("organizations", (reach.organizations as i64).into()),
                ("people", (reach.people as i64).into()),
                ("untold", (reach.untold as i64).into()),
            ];
            let alert = Alert::new(Tone::Info, t.with("notices-reach", &args)).title(t.of("notices-reach-title"));
            let confirm = |form: Form| {
                let mut form = fill(form);
                form.submit = t.with("notices-send", &[("n", (reach.organizations as i64).into())]);
                form = form.irreversible(t.of("notices-send-irreversible"));
                if let Some(section) = form.sections.first_mut() {
                    section.fields.push(Field::hidden("confirm", "yes"));
                }
                form
            };
            draw(&app, &visit, kind, &filter, StatusCode::OK, Some(alert), confirm).await
        }
        Err(Error::Invalid(faults)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&app, &visit, kind, &filter, status, None, |form| fill(form).faults(&faults, &t)).await
        }
        Err(other) => Err(other.into()),
    }
}
