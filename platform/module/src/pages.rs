//! What pages of every module are made of: a page with one form, a page of one thing in parts, small forms, histories.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::{Error, Result};
use ui::{Alert, Badge, Crumb, Field, Form, Frame, Html, Link, Pager, Table, Tabs, Tone, Toolbar, Words};

use crate::{App, Failure, Visit};

/// A list with its filters.
#[derive(Template)]
#[template(path = "page/list.html")]
pub struct ListPage {
    /// The frame.
    pub frame: Frame,
    /// Filters and what can be done.
    pub toolbar: Toolbar,
    /// What stands between filters and rows.
    pub above: Html,
    /// The rows.
    pub table: Table,
    /// To the next page.
    pub pager: Pager,
}

/// The part of a list that a filter changes.
#[derive(Template)]
#[template(path = "page/_rows.html")]
pub struct Rows<'a> {
    /// The frame.
    pub frame: &'a Frame,
    /// The rows.
    pub table: &'a Table,
    /// To the next page.
    pub pager: &'a Pager,
}

/// Two parts under one heading.
#[derive(Template)]
#[template(source = "{{ self.0 }}{{ self.1 }}", ext = "html")]
pub struct Pair(pub Html, pub Html);

/// A sentence.
#[derive(Template)]
#[template(source = "<p>{{ text }}</p>", ext = "html")]
pub struct Paragraph {
    /// The sentence.
    pub text: String,
}

/// A page with one form.
#[derive(Template)]
#[template(path = "page/form.html")]
pub struct FormPage {
    /// The frame.
    pub frame: Frame,
    /// A sentence above the form.
    pub intro: String,
    /// What is to be known first.
    pub alert: Option<Alert>,
    /// The form.
    pub form: Form,
}

/// A part of a page under a heading.
pub struct Panel {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// A link beside the heading.
    pub link: Option<Link>,
    /// What stands in it.
    pub body: Html,
}

impl Panel {
    /// A part.
    pub fn new(id: &str, title: impl Into<String>, body: Html) -> Self {
        Self { id: id.to_owned(), title: title.into(), link: None, body }
    }

    /// The same with a link beside its heading.
    #[must_use]
    pub fn link(mut self, link: Option<Link>) -> Self {
        self.link = link;
        self
    }
}

/// The one-subject page.
#[derive(Template)]
#[template(path = "page/file.html")]
pub struct FilePage {
    /// The frame.
    pub frame: Frame,
    /// A line below the title.
    pub subtitle: String,
    /// States, before that line.
    pub badges: Vec<Badge>,
    /// What can be done, beside the title.
    pub actions: Vec<Link>,
    /// What is to be known first.
    pub alert: Option<Alert>,
    /// Parts that have pages of their own.
    pub tabs: Tabs,
    /// The parts of this page.
    pub panels: Vec<Panel>,
    /// The parts beside it.
    pub aside: Vec<Panel>,
}

/// A frame with the way to it.
pub async fn frame(app: &App, visit: &Visit, title: impl Into<String>, crumbs: &[(&str, String)]) -> Result<Frame> {
    let mut frame = app.work_frame(visit, title).await?;
    frame.crumbs =
        crumbs.iter().map(|(href, label)| Crumb { label: label.clone(), href: (*href).to_owned() }).collect();
    Ok(frame)
}

/// A form that was sent: done, or the form again with what is wrong.
pub fn again(t: &Words, form: Form, error: Error) -> Result<(StatusCode, Form), Failure> {
    match error {
        Error::Invalid(faults) => Ok((StatusCode::UNPROCESSABLE_ENTITY, form.faults(&faults, t))),
        Error::Conflict(fault) => {
            let mut form = form;
            form.blame(None, crate::sentence(t, &fault));
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
pub async fn form_page(
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
pub fn button_form(visit: &Visit, action: &str, fields: &[(&str, &str)], label: &str) -> Form {
    let hidden = fields.iter().map(|(name, value)| Field::hidden(*name, *value)).collect();
    Form::post(visit.once(action), visit.form_token.clone(), label).fields_only(hidden)
}

/// A query without one or some of its parameters, for links.
pub fn query_without(query: &[(String, String)], names: &[&str]) -> String {
    let kept: Vec<String> = query
        .iter()
        .filter(|(name, value)| !names.contains(&name.as_str()) && !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    kept.join("&")
}

/// A text as a part of an address.
pub fn encoded(text: &str) -> String {
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
pub fn pairs(filter: &impl serde::Serialize) -> Vec<(String, String)> {
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

/// A history in words; `text` says what stands below an entry.
pub fn history(t: &Words, entries: &[record::Entry], text: impl Fn(&record::Entry) -> String) -> ui::Timeline {
    let moments = entries
        .iter()
        .map(|entry| {
            let key = entry.message_key();
            let args = entry.data.as_ref().map(crate::message_args).unwrap_or_default();
            let title = if t.has(&key) { t.with(&key, &args) } else { entry.action.clone() };
            let who = if entry.actor.kind == "system" { t.of("module-by-system") } else { entry.actor.name.clone() };
            ui::Moment {
                when: t.instant(entry.at),
                title,
                who,
                text: text(entry),
                tone: Tone::Info,
                ..Default::default()
            }
        })
        .collect();
    ui::Timeline { moments }
}
