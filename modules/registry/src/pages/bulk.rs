//! One change to everything that a list shows.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::{Error, Fault, Period};
use module::{Answer, App, Form as FormBody, Query, Visit};
use ui::{Alert, Choice, Field, Form, Html, Link, Tabs, Tone, Words};

use super::facts::value_from;
use super::organizations::PATH;
use super::shared::{FilePage, Panel, Paragraph, frame, pairs, query_without};
use super::views::filter_of;
use crate::dictionary::{FactType, Sensitivity, Target, dictionary};
use crate::model::{NewFact, OrganizationFilter, Source};
use crate::ops::bulk::{self, Change};

/// What was typed, by the fields' names.
type Sent = std::collections::HashMap<String, String>;

/// Names that are shown of those that are reached.
const NAMES: usize = 12;

/// The form, with whom it reaches.
pub(crate) async fn ask(State(app): State<App>, visit: Visit, Query(filter): Query<OrganizationFilter>) -> Answer {
    let reached = bulk::reached(&app, &visit.actor, &filter).await;
    match reached {
        Ok(reached) => draw(&app, &visit, &filter, &reached, StatusCode::OK, |form| form).await,
        Err(Error::Invalid(faults)) => nothing(&app, &visit, &filter, &faults).await,
        Err(other) => Err(other.into()),
    }
}

fn back(filter: &OrganizationFilter) -> String {
    match query_without(&pairs(filter), &[]) {
        query if query.is_empty() => PATH.to_owned(),
        query => format!("{PATH}?{query}"),
    }
}

async fn nothing(app: &App, visit: &Visit, filter: &OrganizationFilter, faults: &[Fault]) -> Answer<Response> {
    let t = app.words(visit.locale);
    let text = faults.first().map(|fault| module::sentence(&t, fault)).unwrap_or_default();
    let link = Link::new(t.of("registry-bulk-back"), back(filter));
    let alert = Alert::new(Tone::Warning, text).link(link);
    page(app, visit, &t, Some(alert), Vec::new(), StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn page(
    app: &App,
    visit: &Visit,
    t: &Words,
    alert: Option<Alert>,
    panels: Vec<Panel>,
    status: StatusCode,
) -> Answer<Response> {
    let view = FilePage {
        frame: frame(app, visit, t.of("registry-bulk"), &[(PATH, t.of("registry-organizations"))]).await?,
        subtitle: t.of("registry-bulk-lead"),
        badges: Vec::new(),
        actions: Vec::new(),
        alert,
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

async fn draw(
    app: &App,
    visit: &Visit,
    filter: &OrganizationFilter,
    reached: &[(jinmen_core::OrganizationId, String)],
    status: StatusCode,
    each: impl Fn(Form) -> Form,
) -> Answer<Response> {
    let t = app.words(visit.locale);
    let names: Vec<&str> = reached.iter().take(NAMES).map(|(_, name)| name.as_str()).collect();
    let mut text = names.join(if t.is_chinese() { "、" } else { "; " });
    if reached.len() > NAMES {
        text.push('…');
    }
    let count = [("n", (reached.len() as i64).into())];
    let form = each(form(app, &t, visit, filter, reached.len()));
    let panels = vec![
        Panel::new("reached", t.with("registry-bulk-reached", &count), Html::of(&Paragraph { text }))
            .link(Some(Link::new(t.of("registry-bulk-back"), back(filter)))),
        Panel::new("change", t.of("registry-bulk-change"), form.show(&t)),
    ];
    page(app, visit, &t, None, panels, status).await
}

fn form(app: &App, t: &Words, visit: &Visit, filter: &OrganizationFilter, count: usize) -> Form {
    let what = ["tag", "untag", "list", "unlist", "fact"];
    let what = what.map(|what| Choice::new(what, t.of(&format!("registry-bulk-{what}")))).into();
    let keys = dictionary().of_subject("organization").filter(|key| {
        key.target == Target::Fact
            && key.kind != FactType::Records
            && !matches!(key.sensitivity, Sensitivity::Personal | Sensitivity::Sensitive)
    });
    let keys = keys.map(|key| Choice::new(key.key.clone(), key.label(t.locale))).collect();
    let fields = vec![
        Field::radio("what", t.of("registry-bulk-what"), what).required().value("tag"),
        Field::text("tag", t.of("registry-bulk-label")).max_length(30),
        Field::select("key", t.of("registry-bulk-key"), keys).half(),
        Field::text("year", t.of("registry-bulk-year"))
            .max_length(4)
            .half()
            .value((app.clock.today().year() - 1).to_string()),
        Field::text("value", t.of("registry-bulk-value")).max_length(500).help(t.of("registry-bulk-value-help")),
        Field::text("source_note", t.of("registry-bulk-source")).max_length(200),
        Field::hidden("query", query_without(&pairs(filter), &[])),
        Field::hidden("count", count.to_string()),
    ];
    let submit = t.with("registry-bulk-do", &[("n", (count as i64).into())]);
    Form::post(visit.once(&format!("{PATH}/bulk")), visit.form_token.clone(), submit)
        .id("bulk")
        .fields_only(fields)
        .cancel(back(filter))
}

/// Makes the change.
pub(crate) async fn change(State(app): State<App>, visit: Visit, FormBody(sent): FormBody<Sent>) -> Answer {
    let text = |name: &str| sent.get(name).map_or("", |text| text.trim());
    let filter = filter_of(text("query"))?;
    let expected = text("count").parse().unwrap_or_default();
    let done = match read(&app, &sent) {
        Ok(change) => bulk::change(&app, &visit.actor, &filter, change, expected).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(visit.done(&back(&filter), "registry-flash-bulk")),
        Err(error) => {
            let t = app.words(visit.locale);
            let reached = bulk::reached(&app, &visit.actor, &filter).await?;
            let faulty = super::shared::again(&t, Form::default(), error)?;
            let (status, blamed) = faulty;
            let each = |form: Form| {
                let mut form = form.fill(|name| match name {
                    "count" => Vec::new(),
                    name => sent.get(name).map(String::as_str).into_iter().collect(),
                });
                form.errors = blamed.errors.clone();
                form
            };
            draw(&app, &visit, &filter, &reached, status, each).await
        }
    }
}

fn read(app: &App, sent: &Sent) -> jinmen_core::Result<Change> {
    let text = |name: &str| sent.get(name).map_or("", |text| text.trim());
    match text("what") {
        "tag" | "untag" if text("tag").is_empty() => Err(Error::field("tag", "core.required")),
        what @ ("tag" | "untag") => Ok(Change::Tag(text("tag").to_owned(), what == "tag")),
        what @ ("list" | "unlist") => Ok(Change::Listed(what == "list")),
        "fact" => {
            let key = dictionary().get(text("key")).filter(|key| key.target == Target::Fact);
            let key = key.ok_or_else(|| Error::field("key", "registry.fact_key"))?;
            let value = value_from(key, text("value"), app.clock.today()).map_err(|mut fault| {
                fault.field = Some("value".into());
                fault
            })?;
            let period = match key.by_year {
                true => {
                    let year = text("year").parse().map_err(|_| Error::field("year", "registry.bulk_year"))?;
                    Period::year(year).map_err(|fault| Fault::of("year", &fault))?
                }
                false => Period::ALWAYS,
            };
            let (source, source_note) = (Source::Verified, text("source_note").to_owned());
            Ok(Change::Fact(Box::new(NewFact { key, value, period, source, source_note, source_object: None })))
        }
        _ => Err(Error::field("what", "core.required")),
    }
}
