//! The record of what was done, for those who audit.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::{OrganizationId, Page, PageRequest, PersonId, Role};
use module::export::{self, Format, Sheet};
use module::{Answer, App, Query, Visit};
use record::Entry;
use serde::Deserialize;
use serde_json::Value;
use ui::{Cell, Chip, Column, Empty, Field, Frame, Html, Link, Pager, Row, Table, Toolbar, Words};

use super::tasks::home_crumb;
use super::{faults, pager, request};
use crate::ops::record::Typed;
use crate::permissions::ACCOUNTS;
use crate::{address, ops, say};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    action: String,
    since: String,
    until: String,
    account: String,
    after: String,
}

impl Asked {
    fn typed(&self) -> Typed {
        let copy = |text: &String| text.clone();
        Typed {
            action: copy(&self.action),
            since: copy(&self.since),
            until: copy(&self.until),
            account: copy(&self.account),
        }
    }

    fn pairs(&self) -> [(&str, &str); 4] {
        [("action", &self.action), ("since", &self.since), ("until", &self.until), ("account", &self.account)]
    }
}

#[derive(Template)]
#[template(path = "admin/record.html")]
struct RecordPage {
    frame: Frame,
    lead: String,
    toolbar: Toolbar,
    table: Table,
    pager: Pager,
}

/// The entries, in words.
pub async fn show(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let t = app.words(visit.locale);
    let (filter, wrong) = match ops::record::filter(&app, &asked.typed()).await {
        Ok(filter) => (Some(filter), Vec::new()),
        Err(error) => (None, faults(error)?),
    };
    let entries = match &filter {
        Some(filter) => ops::record::list(&app, &visit, filter, &request(&asked.after)).await?,
        None => Page { items: Vec::new(), next: None },
    };
    let mut frame = app.work_frame(&visit, t.of("work-record")).await?;
    frame.crumbs = vec![home_crumb(&t)];
    let page = RecordPage {
        lead: t.of("work-record-lead"),
        toolbar: toolbar(&t, &asked, &wrong),
        table: table(&app, &visit, &t, &entries.items).await?,
        pager: pager("/work/record", &asked.pairs(), &asked.after, entries.next.as_deref()),
        frame,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ui::page(status, &page))
}

fn toolbar(t: &Words, asked: &Asked, wrong: &[jinmen_core::Fault]) -> Toolbar {
    let blamed = |mut field: Field| {
        let own = wrong.iter().filter(|fault| fault.field.as_deref() == Some(field.name.as_str()));
        field.errors = own.map(|fault| module::sentence(t, fault)).collect();
        field
    };
    let fields = vec![
        Field::date("since", t.of("work-record-since")).value(&asked.since),
        Field::date("until", t.of("work-record-until")).value(&asked.until),
        Field::text("account", t.of("work-record-account")).value(&asked.account),
        Field::text("action", t.of("work-record-action")).value(&asked.action),
    ];
    let names = ["work-record-action", "work-record-since", "work-record-until", "work-record-account"];
    let chips =
        asked.pairs().into_iter().zip(names).filter(|((_, value), _)| !value.is_empty()).map(|((name, value), key)| {
            let others: Vec<(&str, &str)> = asked.pairs().into_iter().filter(|(other, _)| *other != name).collect();
            let label = t.with("work-chip", &[("name", t.of(key).into()), ("value", value.into())]);
            Chip { label, remove: address::with_query("/work/record", &others) }
        });
    Toolbar {
        action: "/work/record".to_owned(),
        chips: chips.collect(),
        clear: "/work/record".to_owned(),
        filters: fields.into_iter().map(blamed).collect(),
        exports: Toolbar::exports_of("/work/record", &address::query(&asked.pairs())),
        ..Toolbar::default()
    }
}

async fn table(app: &App, visit: &Visit, t: &Words, entries: &[Entry]) -> jinmen_core::Result<Table> {
    let names = names(app, t, entries).await?;
    let row = |entry: &Entry| {
        Row::plain(vec![
            Cell::Two(what(t, entry), entry.action.clone()),
            Cell::Two(who(t, entry), role(t, entry)),
            about(app, visit, t, entry, &names),
            Cell::Instant(entry.at),
            place(t, entry),
        ])
    };
    let columns =
        ["work-record-what", "work-record-who", "work-record-object", "work-record-when", "work-record-number"];
    Ok(Table {
        caption: t.of("work-record"),
        columns: columns.map(|key| Column::text(t.of(key))).into(),
        rows: entries.iter().map(row).collect(),
        empty: Empty {
            title: t.of("work-record-none"),
            text: t.of("work-record-none-text"),
            steps: vec![Link::new(t.of("ui-filter-clear"), "/work/record")],
        },
        ..Table::default()
    })
}

/// The names of the organisations and people on a page, by identifier, in two statements.
async fn names(app: &App, t: &Words, entries: &[Entry]) -> jinmen_core::Result<HashMap<String, String>> {
    let Some(directory) = app.directory() else {
        return Ok(HashMap::new());
    };
    let ids = |kind: &str| {
        let objects = entries.iter().filter(|entry| entry.object.kind == kind).map(|entry| entry.object.id.as_str());
        let named = entries.iter().filter_map(|entry| entry.data.as_ref()?[kind].as_str());
        objects.chain(named).collect::<BTreeSet<_>>()
    };
    let organizations: Vec<OrganizationId> = ids("organization").into_iter().filter_map(|id| id.parse().ok()).collect();
    let people: Vec<PersonId> = ids("person").into_iter().filter_map(|id| id.parse().ok()).collect();
    let mut names = HashMap::new();
    if !organizations.is_empty() {
        names.extend(
            directory
                .organizations(app, &organizations)
                .await?
                .into_iter()
                .map(|(id, name)| (id.text(), t.text(&name))),
        );
    }
    if !people.is_empty() {
        names.extend(directory.people(app, &people).await?.into_iter().map(|(id, name)| (id.text(), t.text(&name))));
    }
    Ok(names)
}

/// Characters of an entry's data shown in the list; the export has all.
const DETAILS: usize = 160;

/// A list of plain values in a line; what has a structure of its own is left to the export.
fn plain(t: &Words, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Array(items) => {
            let parts: Option<Vec<String>> = items.iter().map(|item| plain(t, item)).collect();
            Some(parts?.join(&t.of("work-data-separator")))
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// The data of an entry, field by field, with names for identifiers; one without a name says nothing to
/// people and is left to the export.
fn details(t: &Words, entry: &Entry, names: &HashMap<String, String>) -> String {
    let fields = entry.data.as_ref().and_then(Value::as_object).into_iter().flatten();
    let shown = fields.filter_map(|(name, value)| {
        let text = match value {
            Value::Null => return None,
            Value::String(text) if text.is_empty() => return None,
            Value::String(text) if text.parse::<PersonId>().is_ok() => names.get(text)?.clone(),
            Value::String(text) => text.parse::<Role>().map_or_else(|_| text.clone(), |role| t.of(&role.message_key())),
            Value::Array(_) | Value::Object(_) => plain(t, value).filter(|text| !text.is_empty())?,
            other => other.to_string(),
        };
        let key = format!("work-data-{}", name.replace('_', "-"));
        let name = if t.has(&key) { t.of(&key) } else { name.clone() };
        Some(t.with("work-chip", &[("name", name.into()), ("value", text.into())]))
    });
    let text = shown.collect::<Vec<_>>().join(&t.of("work-data-separator"));
    if text.chars().count() > DETAILS { text.chars().take(DETAILS).chain(['…']).collect() } else { text }
}

/// What was done, in words; an action that the locales do not know is named by its code.
pub fn what(t: &Words, entry: &Entry) -> String {
    let data = entry.data.clone().unwrap_or(Value::Null);
    let text = say::message(t, &entry.message_key(), &data, &entry.action);
    if entry.data.is_none() { t.with("work-record-forgotten", &[("text", text.into())]) } else { text }
}

fn who(t: &Words, entry: &Entry) -> String {
    match entry.actor.kind.as_str() {
        "person" => entry.actor.name.clone(),
        "system" => t.with("work-record-system", &[("part", entry.actor.name.as_str().into())]),
        _ => t.of("work-record-nobody"),
    }
}

fn role(t: &Words, entry: &Entry) -> String {
    let role = entry.actor.role.as_deref().and_then(|role| role.parse::<Role>().ok());
    role.map(|role| t.of(&role.message_key())).unwrap_or_default()
}

/// Its place in the record, with the proof of it; for a moment it has none.
fn place(t: &Words, entry: &Entry) -> Cell {
    match entry.number {
        Some(number) => Cell::Link(Link::new(number.to_string(), format!("/record/proof/{number}"))),
        None => Cell::Text(t.of("work-record-unplaced")),
    }
}

/// What it was done to, and with which data.
fn about(app: &App, visit: &Visit, t: &Words, entry: &Entry, names: &HashMap<String, String>) -> Cell {
    let object = &entry.object;
    let key = format!("work-object-{}", object.kind.replace(['.', '_'], "-"));
    let kind = if t.has(&key) { t.of(&key) } else { object.kind.clone() };
    let label = match names.get(&object.id) {
        Some(name) => t.with("work-chip", &[("name", kind.into()), ("value", name.into())]),
        None => kind,
    };
    let href = match object.kind.as_str() {
        // Whoever audits need not see accounts.
        "account" => visit.actor.may_somewhere(&ACCOUNTS).is_ok().then(|| format!("/work/accounts/{}", object.id)),
        "instance" => None,
        _ => app.directory().and_then(|directory| directory.link(object)),
    };
    Cell::Html(Html::of(&AboutView { label, href, details: details(t, entry, names) }))
}

#[derive(Template)]
#[template(
    source = "<span class=\"jm-two\">{% if let Some(href) = href %}<a href=\"{{ href }}\">{{ label }}</a>{% else %}{{ label }}{% endif %}<small>{{ details }}</small></span>",
    ext = "html"
)]
struct AboutView {
    label: String,
    href: Option<String>,
    details: String,
}

/// The entries as CSV.
pub async fn csv(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    export(app, visit, asked, Format::Csv, "csv").await
}

/// The entries as a workbook.
pub async fn xlsx(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    export(app, visit, asked, Format::Xlsx, "xlsx").await
}

/// The entries as JSON.
pub async fn json(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    export(app, visit, asked, Format::Json, "json").await
}

/// The columns of the export, as programs name them.
const COLUMNS: [&str; 10] =
    ["at", "action", "text", "actor", "account", "role", "object_kind", "object_id", "data", "number"];

async fn export(app: App, visit: Visit, asked: Asked, format: Format, name: &str) -> Answer {
    let t = app.words(visit.locale);
    let filter = ops::record::filter(&app, &asked.typed()).await?;
    ops::record::note_export(&app, &visit, &asked.typed(), name).await?;
    let by = visit.actor.signed_in()?.name.clone();
    let when = t.instant(app.clock.now());
    let sheet = Sheet {
        name: format!("{}-{}", t.of("work-record"), app.clock.today()),
        columns: COLUMNS
            .iter()
            .map(|key| ((*key).to_owned(), t.of(&format!("work-column-{}", key.replace('_', "-")))))
            .collect(),
        mark: t.with("work-export-mark", &[("name", by.into()), ("when", when.into())]),
    };
    let rows = export::pages(move |after| {
        let (app, visit, filter, t) = (app.clone(), visit.clone(), filter.clone(), t.clone());
        async move {
            let page = PageRequest { after, limit: Some(jinmen_core::page::MAX_LIMIT) };
            let entries = ops::record::list(&app, &visit, &filter, &page).await?;
            Ok(entries.map(|entry| cells(&t, &entry)))
        }
    });
    export::respond(format, sheet, rows).await
}

fn cells(t: &Words, entry: &Entry) -> Vec<Value> {
    let text = |value: &Option<String>| value.clone().map_or(Value::Null, Value::from);
    vec![
        entry.at.to_rfc3339().into(),
        entry.action.clone().into(),
        what(t, entry).into(),
        who(t, entry).into(),
        text(&entry.actor.account),
        text(&entry.actor.role),
        entry.object.kind.clone().into(),
        entry.object.id.clone().into(),
        entry.data.as_ref().map_or(Value::Null, |data| data.to_string().into()),
        entry.number.map_or(Value::Null, Value::from),
    ]
}
