//! What several pages of the registry have in common.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::{Error, Locale, Object, Result};
use module::{App, Failure, Visit};
use ui::{Alert, Badge, Choice, Crumb, Field, Form, Frame, Html, Link, Tabs, Tone, Words};

use crate::dictionary::dictionary;

/// A page with one form.
#[derive(Template)]
#[template(path = "form.html")]
pub(crate) struct FormPage {
    pub(crate) frame: Frame,
    pub(crate) intro: String,
    pub(crate) alert: Option<Alert>,
    pub(crate) form: Form,
}

/// A part of a page under a heading.
pub(crate) struct Panel {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) link: Option<Link>,
    pub(crate) body: Html,
}

impl Panel {
    pub(crate) fn new(id: &str, title: impl Into<String>, body: Html) -> Self {
        Self { id: id.to_owned(), title: title.into(), link: None, body }
    }

    pub(crate) fn link(mut self, link: Option<Link>) -> Self {
        self.link = link;
        self
    }
}

/// The one-subject page.
#[derive(Template)]
#[template(path = "file.html")]
pub(crate) struct FilePage {
    pub(crate) frame: Frame,
    pub(crate) subtitle: String,
    pub(crate) badges: Vec<Badge>,
    pub(crate) actions: Vec<Link>,
    pub(crate) alert: Option<Alert>,
    pub(crate) tabs: Tabs,
    pub(crate) panels: Vec<Panel>,
    pub(crate) aside: Vec<Panel>,
}

/// Codes and names of a list, for a select; with an empty choice where the list is a filter.
pub(crate) fn choices(list: &str, locale: Locale) -> Vec<Choice> {
    let Some(codes) = dictionary().list(list) else { return Vec::new() };
    codes
        .children(None)
        .into_iter()
        .map(|entry| Choice::new(entry.code, dictionary().label(list, entry.code, locale)))
        .collect()
}

/// A frame with the way to it.
pub(crate) async fn frame(
    app: &App,
    visit: &Visit,
    title: impl Into<String>,
    crumbs: &[(&str, String)],
) -> Result<Frame> {
    let mut frame = app.work_frame(visit, title).await?;
    frame.crumbs =
        crumbs.iter().map(|(href, label)| Crumb { label: label.clone(), href: (*href).to_owned() }).collect();
    Ok(frame)
}

/// A form that was sent: done, or the form again with what is wrong.
pub(crate) fn again(t: &Words, form: Form, error: Error) -> Result<(StatusCode, Form), Failure> {
    match error {
        Error::Invalid(faults) => Ok((StatusCode::UNPROCESSABLE_ENTITY, form.faults(&faults, t))),
        Error::Conflict(fault) => {
            let mut form = form;
            form.blame(None, module::sentence(t, &fault));
            Ok((StatusCode::CONFLICT, form))
        }
        Error::Stale => {
            let mut form = form;
            form.blame(None, t.of("problem-core-stale-detail"));
            Ok((StatusCode::PRECONDITION_FAILED, form))
        }
        other => Err(Failure(other)),
    }
}

/// Draws a form page.
pub(crate) async fn form_page(
    app: &App,
    visit: &Visit,
    title: String,
    crumbs: &[(&str, String)],
    status: StatusCode,
    form: Form,
) -> Result<Response, Failure> {
    let frame = frame(app, visit, title, crumbs).await?;
    Ok(ui::page(status, &FormPage { frame, intro: String::new(), alert: None, form }))
}

/// A small form with one button, for what is done in one tap.
pub(crate) fn button_form(visit: &Visit, action: &str, fields: &[(&str, &str)], label: &str) -> Form {
    let hidden = fields.iter().map(|(name, value)| Field::hidden(*name, *value)).collect();
    Form::post(visit.once(action), visit.form_token.clone(), label).fields_only(hidden)
}

/// The badge of a source.
pub(crate) fn source_of(source: crate::model::Source) -> ui::Source {
    match source {
        crate::model::Source::SelfDeclared => ui::Source::Declared,
        crate::model::Source::Imported => ui::Source::Imported,
        crate::model::Source::Computed => ui::Source::Computed,
        crate::model::Source::Verified => ui::Source::Verified,
    }
}

/// A history in words.
pub(crate) fn history(t: &Words, entries: &[record::Entry]) -> ui::Timeline {
    let moments = entries
        .iter()
        .map(|entry| {
            let key = entry.message_key();
            let args = entry.data.as_ref().map(module::message_args).unwrap_or_default();
            let title = if t.has(&key) { t.with(&key, &args) } else { entry.action.clone() };
            let who = if entry.actor.kind == "system" { t.of("registry-by-system") } else { entry.actor.name.clone() };
            ui::Moment {
                when: t.instant(entry.at),
                title,
                who,
                text: details(t, entry),
                tone: Tone::Info,
                ..Default::default()
            }
        })
        .collect();
    ui::Timeline { moments }
}

/// The keys that facts were recorded of, or the reason of a withdrawal.
fn details(t: &Words, entry: &record::Entry) -> String {
    let Some(data) = &entry.data else { return t.of("registry-forgotten") };
    if let Some(facts) = data.get("facts").and_then(|facts| facts.as_array()) {
        let mut labels: Vec<&str> = facts
            .iter()
            .filter_map(|fact| dictionary().get(fact.get("key")?.as_str()?))
            .map(|key| key.label(t.locale))
            .collect();
        labels.dedup();
        let more = labels.len() > 6;
        labels.truncate(6);
        let joined = labels.join(if t.is_chinese() { "、" } else { ", " });
        return if more { format!("{joined}…") } else { joined };
    }
    data.get("reason").and_then(|reason| reason.as_str()).unwrap_or_default().to_owned()
}

/// The page of a subject.
pub(crate) fn page_of(subject: &Object) -> String {
    match subject.kind.as_str() {
        "person" => format!("/work/people/{}", subject.id),
        _ => format!("/work/organizations/{}", subject.id),
    }
}

/// A query without one or some of its parameters, for links.
pub(crate) fn query_without(query: &[(String, String)], names: &[&str]) -> String {
    let kept: Vec<String> = query
        .iter()
        .filter(|(name, value)| !names.contains(&name.as_str()) && !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    kept.join("&")
}

/// A text as a part of an address.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                (b as char).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// The pairs of a filter, for links and chips.
pub(crate) fn pairs(filter: &impl serde::Serialize) -> Vec<(String, String)> {
    let value = serde_json::to_value(filter).unwrap_or_default();
    value
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| match value {
            serde_json::Value::String(text) if !text.is_empty() => Some((name.clone(), text.clone())),
            serde_json::Value::Number(number) => Some((name.clone(), number.to_string())),
            _ => None,
        })
        .collect()
}
