//! The designer of a form: its questions, one to change at a time, the schema as text, and a preview.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jinmen_core::{Error, Fault};
use module::pages::{FilePage, Panel, again, form_page, frame};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use registry::dictionary::{FactType, Target, dictionary};
use serde::Deserialize;
use serde_json::Value as Json;
use ui::{Alert, Cell, Choice, Column, Field, Form, Html, Link, Row, Table, Tabs, Tone, Words};

use super::desk::{PATH, Seen};
use super::shown;
use crate::form::design::{self, FieldDraft, KINDS};
use crate::form::{Form as CallForm, Kind};
use crate::model::{Call, CallId};
use crate::ops::edit;
use crate::ops::read::{self, Read};

/// The designer.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    let read = read::read(&app, &visit.actor, id).await?;
    let text = serde_json::to_string_pretty(&read.form.schema).unwrap_or_default();
    draw(&app, &visit, &read, &text, None, |form| Ok((StatusCode::OK, form))).await
}

async fn draw(
    app: &App,
    visit: &Visit,
    read: &Read,
    text: &str,
    alert: Option<Alert>,
    each: impl FnOnce(Form) -> Result<(StatusCode, Form), module::Failure>,
) -> Answer {
    let t = app.words(visit.locale);
    let call = &read.call;
    let form = CallForm::load(&read.form.schema)?;
    let schema = Form::post(
        visit.once(&format!("{PATH}/{}/form?seen={}", call.id, call.version)),
        visit.form_token.clone(),
        t.of("calls-form-keep"),
    )
    .id("schema")
    .section(
        String::new(),
        t.of("calls-form-text-help"),
        vec![Field::text_area("schema", t.of("calls-form-text")).required().value(text)],
    );
    let (status, schema) = each(schema)?;
    let note = t.with(
        if read.form.used { "calls-form-next" } else { "calls-form-open" },
        &[("version", read.form.version.into())],
    );
    let panels = vec![
        Panel::new("questions", t.of("calls-questions"), questions(&t, call, &form))
            .link(Some(Link::new(t.of("calls-form-add"), format!("{PATH}/{}/form/new", call.id)))),
        Panel::new("preview", t.of("calls-form-preview"), preview(&t, call, &form)),
        Panel::new("text", t.of("calls-form-text"), schema.show(&t)),
    ];
    let base = format!("{PATH}/{}", call.id);
    let view = FilePage {
        frame: frame(app, visit, t.of("calls-edit-form"), &[(PATH, t.of("calls-desk")), (&base, t.text(&call.title))])
            .await?,
        subtitle: note,
        badges: Vec::new(),
        actions: Vec::new(),
        alert,
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

/// The questions, each leading to its form.
fn questions(t: &Words, call: &Call, form: &CallForm) -> Html {
    let mut rows = Vec::new();
    for section in &form.sections {
        for field in section.fields.iter().map(|at| &form.fields[*at]) {
            let kind = match &field.kind {
                Kind::Group(group) => t.with("calls-kind-of-group", &[("n", group.fields.len().into())]),
                Kind::Fact { key, .. } => t.with("calls-kind-of-fact", &[("key", key.key.as_str().into())]),
                _ => String::new(),
            };
            rows.push(Row::link(
                format!("{PATH}/{}/form/{}", call.id, field.name),
                vec![
                    Cell::Two(shown::title(t, field, call), field.name.clone()),
                    Cell::Text(t.text(&section.title)),
                    Cell::Text(kind),
                    Cell::Text(t.of(if field.required { "calls-needed" } else { "calls-optional" })),
                    Cell::Text(if field.when.is_some() { t.of("calls-asked-sometimes") } else { String::new() }),
                ],
            ));
        }
    }
    Table {
        caption: t.of("calls-questions"),
        columns: ["calls-question", "calls-section", "calls-question-kind", "calls-needed-or-not", "calls-asked-when"]
            .map(|key| Column::text(t.of(key)))
            .into(),
        rows,
        ..Table::default()
    }
    .show(t)
}

/// The form as somebody sees it of whom the file knows nothing: every question, those under conditions too.
fn preview(t: &Words, call: &Call, form: &CallForm) -> Html {
    let mut drawn = Form::get(String::new(), t.of("calls-form-preview")).id("preview");
    drawn.quiet = true;
    for section in &form.sections {
        let mut fields = Vec::new();
        for field in section.fields.iter().map(|at| &form.fields[*at]) {
            match &field.kind {
                Kind::File { accept, .. } => {
                    fields.push(Field::file(field.name.clone(), t.text(&field.title), accept.clone()));
                }
                Kind::Group(group) => fields.extend(group.fields.iter().map(|one| {
                    let label = super::fill::row_label(t, field, one, 0);
                    shown::field(t, one, &format!("{}.0.{}", field.name, one.name), label, &[])
                })),
                _ => fields.push(shown::field(t, field, &field.name, shown::title(t, field, call), &[])),
            }
        }
        drawn = drawn.section(t.text(&section.title), t.text(&section.help), fields);
    }
    drawn.show(t)
}

/// A schema as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Sent {
    schema: String,
}

/// Keeps a schema.
pub(crate) async fn keep(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CallId>,
    Query(Seen { seen }): Query<Seen>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let json: Result<Json, _> = serde_json::from_str(&sent.schema);
    let done = match json {
        Ok(schema) => edit::keep_form(&app, &visit.actor, id, seen, &schema).await.map(drop),
        Err(error) => {
            let fault =
                Fault::at("schema", "calls.form_syntax").with("line", error.line()).with("column", error.column());
            Err(fault.into())
        }
    };
    match done {
        Ok(()) => Ok(visit.done(&format!("{PATH}/{id}/form"), "calls-flash-saved")),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Stale)) => {
            let t = app.words(visit.locale);
            let read = read::read(&app, &visit.actor, id).await?;
            draw(&app, &visit, &read, &sent.schema, None, |form| again(&t, form, error)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The form of one question, or of a new one.
pub(crate) async fn field(State(app): State<App>, visit: Visit, Path((id, name)): Path<(CallId, String)>) -> Answer {
    let read = read::read(&app, &visit.actor, id).await?;
    let first = read.form.schema["x-sections"][0]["key"].as_str().unwrap_or_default().to_owned();
    let draft = match name.as_str() {
        "new" => FieldDraft { kind: "text".into(), section: first, ..FieldDraft::default() },
        name => design::draft_of(&read.form.schema, name).ok_or(Error::NotFound)?,
    };
    draw_field(&app, &visit, &read, &name, &draft, |form| Ok((StatusCode::OK, form))).await
}

/// What a question is called; one that is bound to the file has its words from there, and shows its name.
fn heading(t: &Words, name: &str, draft: &FieldDraft) -> String {
    match (name == "new", draft.title_zh.is_empty()) {
        (true, _) => t.of("calls-form-add"),
        (false, true) => name.to_owned(),
        (false, false) => draft.title_zh.clone(),
    }
}

async fn draw_field(
    app: &App,
    visit: &Visit,
    read: &Read,
    name: &str,
    draft: &FieldDraft,
    each: impl FnOnce(Form) -> Result<(StatusCode, Form), module::Failure>,
) -> Answer {
    let t = app.words(visit.locale);
    let base = format!("{PATH}/{}/form", read.call.id);
    let crumbs = [(PATH, t.of("calls-desk")), (base.as_str(), t.of("calls-edit-form"))];
    if draft.kind.is_empty() {
        // A group is changed in the text: the page says so instead of losing half of it.
        let alert = Alert::new(Tone::Info, t.of("calls-form-in-text"))
            .link(Link::new(t.of("calls-form-text"), format!("{base}#text")));
        let view = module::pages::FormPage {
            frame: frame(app, visit, heading(&t, name, draft), &crumbs).await?,
            intro: String::new(),
            alert: Some(alert),
            form: Form::get(base.clone(), t.of("calls-form-back")),
        };
        return Ok(ui::page(StatusCode::OK, &view));
    }
    let (status, form) = each(field_form(&t, visit, read, name, draft).cancel(base.clone()))?;
    let title = heading(&t, name, draft);
    form_page(app, visit, title, &crumbs, status, form).await
}

fn field_form(t: &Words, visit: &Visit, read: &Read, name: &str, draft: &FieldDraft) -> Form {
    let schema = &read.form.schema;
    let kinds = KINDS.map(|kind| Choice::new(kind, t.of(&format!("calls-question-{}", kind.replace('_', "-"))))).into();
    let sections = schema["x-sections"].as_array().into_iter().flatten();
    let sections = sections
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or_default();
            Choice::new(text("key"), if text("title").is_empty() { text("key") } else { text("title") })
        })
        .collect();
    let keys = dictionary().all().filter(|key| {
        let column = key.target == Target::Column && matches!(key.part.as_str(), "name_zh" | "uscc");
        (key.target == Target::Fact && key.kind != FactType::Records) || column
    });
    let keys = keys.map(|key| Choice::new(key.key.clone(), key.label(t.locale))).collect();
    let others = schema["properties"].as_object().into_iter().flatten();
    let others = others
        .filter(|(other, _)| *other != name)
        .map(|(other, one)| Choice::new(other.clone(), one["title"].as_str().unwrap_or(other)))
        .collect();
    let check = |name: &str, key: &str, on: &str| {
        let field = Field::checkbox(name, t.of(key)).half();
        if on == "yes" { field.value("yes") } else { field }
    };
    let mut what = vec![
        Field::text("title_zh", t.of("calls-question-title")).max_length(300).value(&draft.title_zh).half(),
        Field::text("title_en", t.of("calls-question-title-en")).max_length(300).value(&draft.title_en).half(),
        Field::select("kind", t.of("calls-question-kind"), kinds).required().value(&draft.kind).half(),
        Field::select("section", t.of("calls-section"), sections).required().value(&draft.section).half(),
        check("required", "calls-needed", &draft.required),
        check("half", "calls-question-half", &draft.half),
    ];
    if name == "new" {
        what.insert(
            0,
            Field::text("name", t.of("calls-question-name"))
                .required()
                .help(t.of("calls-question-name-help"))
                .max_length(40)
                .value(&draft.name),
        );
    }
    let more = vec![
        Field::text_area("choices", t.of("calls-question-choices"))
            .help(t.of("calls-question-choices-help"))
            .value(&draft.choices),
        Field::select("fact", t.of("calls-question-fact-key"), keys).value(&draft.fact),
        Field::select("when_field", t.of("calls-when-field"), others).value(&draft.when_field).half(),
        Field::text("when_is", t.of("calls-when-is")).help(t.of("calls-when-is-help")).value(&draft.when_is).half(),
        Field::text("help_zh", t.of("calls-question-help")).max_length(2_000).value(&draft.help_zh),
        Field::text("help_en", t.of("calls-question-help-en")).max_length(2_000).value(&draft.help_en),
    ];
    let action = format!("{PATH}/{}/form/{name}?seen={}", read.call.id, read.call.version);
    let mut form = Form::post(visit.once(&action), visit.form_token.clone(), t.of("calls-save"))
        .section(t.of("calls-question"), "", what)
        .section(t.of("calls-question-more"), t.of("calls-question-more-help"), more);
    if name != "new" {
        form = form.also("do", "up", t.of("calls-question-up")).also("do", "down", t.of("calls-question-down")).also(
            "do",
            "remove",
            t.of("calls-question-remove"),
        );
    }
    form
}

/// A question as it is sent, with what is to be done with it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct SentField {
    #[serde(rename = "do")]
    deed: String,
    #[serde(flatten)]
    draft: FieldDraft,
}

/// Changes, moves or takes out a question.
pub(crate) async fn put(
    State(app): State<App>,
    visit: Visit,
    Path((id, name)): Path<(CallId, String)>,
    Query(Seen { seen }): Query<Seen>,
    FormBody(SentField { deed, mut draft }): FormBody<SentField>,
) -> Answer {
    let read = read::read(&app, &visit.actor, id).await?;
    let schema = &read.form.schema;
    let known = schema["properties"].get(&name).is_some();
    if name != "new" {
        if !known {
            return Err(Error::NotFound.into());
        }
        draft.name.clone_from(&name);
    }
    let changed = match deed.as_str() {
        "up" => Ok(design::shift(schema, &name, false)),
        "down" => Ok(design::shift(schema, &name, true)),
        "remove" => Ok(design::remove(schema, &name)),
        _ if name == "new" && schema["properties"].get(draft.name.trim()).is_some() => {
            Err(Error::field("name", "calls.form_name_taken"))
        }
        _ => design::put(schema, &draft),
    };
    let done = match changed {
        Ok(schema) => edit::keep_form(&app, &visit.actor, id, seen, &schema).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("{PATH}/{id}/form#questions")).into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            draw_field(&app, &visit, &read, &name, &draft, |form| again(&t, form, error)).await
        }
    }
}
