//! Filling a form: what comes from the file, what is asked, rows, files; saved field by field.

use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use futures::{StreamExt, TryStreamExt};
use jinmen_core::{Error, Fault};
use module::pages::{FilePage, Panel, button_form, frame};
use module::{Answer, App, Form as FormBody, Json as JsonBody, Path, Query, Visit};
use registry::model::AsOf;
use registry::uploads;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use ui::{Alert, Choice, Field, Form, Html, Tabs, Tone, Words};

use super::shown;
use crate::form::{Asked, Field as Question, Group, Kind};
use crate::model::{ApplicationId, ApplicationState, Track};
use crate::ops::apply::{self, GROUP, Sent, TRACK};
use crate::ops::loaded::Loaded;
use crate::ops::{own_page, papers};

/// Questions that somebody wants to answer anew although the file does.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Opened {
    open: String,
}

impl Opened {
    fn names(&self) -> Vec<String> {
        self.open.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }
}

/// The form.
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    Query(opened): Query<Opened>,
) -> Answer {
    draw(&app, &visit, id, &opened.names(), StatusCode::OK, &[], None).await
}

async fn draw(
    app: &App,
    visit: &Visit,
    id: ApplicationId,
    opened: &[String],
    status: StatusCode,
    faults: &[Fault],
    alert: Option<Alert>,
) -> Answer {
    let t = app.words(visit.locale);
    let loaded = apply::read(app, &visit.actor, id).await?;
    if !loaded.application.is_open() {
        return Ok(Redirect::to(&own_page(id)).into_response());
    }
    let now = app.clock.now();
    let as_of = AsOf { day: now.date(), known: now };
    let base = format!("{}/form", own_page(id));
    let mut panels = Vec::new();
    let filled = shown::filled(&t, &loaded, as_of, &base, opened);
    if !filled.is_empty() {
        let body = module::pages::Pair(shown::paragraphs(&t.of("calls-filled-help")), filled);
        panels.push(Panel::new("filled", t.of("calls-filled"), Html::of(&body)));
    }
    let form = form(&t, visit, &loaded, opened);
    let form = if faults.is_empty() { blamed(form, &loaded, &t) } else { form.faults(faults, &t) };
    if form.fields().next().is_some() {
        panels.push(Panel::new("form", t.of("calls-asked-of-you"), form.show(&t)));
    }
    let papers = papers_of(&t, visit, &loaded);
    if !papers.is_empty() {
        panels.push(Panel::new("files", t.of("calls-papers"), papers));
    }
    panels.push(Panel::new("next", t.of("calls-check-and-submit"), onward(&t, &loaded)));
    let view = FilePage {
        frame: frame(
            app,
            visit,
            t.text(&loaded.call.title),
            &[(super::own::PATH, t.of("calls-own")), (&own_page(id), loaded.application.applicant_name.clone())],
        )
        .await?,
        subtitle: shown::window(&t, &loaded.call),
        badges: vec![shown::state(&t, loaded.application.state)],
        actions: Vec::new(),
        alert: alert.or_else(|| note(&t, &loaded, now)),
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

/// What is to be known first: what was sent back and until when, or how long the window is still open.
fn note(t: &Words, loaded: &Loaded, now: jinmen_core::Instant) -> Option<Alert> {
    if let Some(returned) = &loaded.application.returned {
        let title = t.with("calls-correct-until", &[("day", t.date(returned.due_on).into())]);
        return Some(Alert::new(Tone::Warning, returned.reason.clone()).title(title));
    }
    match loaded.call.phase(now) {
        crate::model::Phase::Open => shown::left(t, &loaded.call, now).map(|left| Alert::new(Tone::Info, left)),
        _ => Some(Alert::new(Tone::Bad, t.of("fault-calls-too-late"))),
    }
}

/// Answers that cannot be read are blamed where they stand; what is only missing yet is not.
fn blamed(form: Form, loaded: &Loaded, t: &Words) -> Form {
    form.faults(&loaded.reading.wrong, t)
}

/// What is still missing, else the way to handing it in.
fn onward(t: &Words, loaded: &Loaded) -> Html {
    super::own::missing(t, loaded).unwrap_or_else(|| {
        let (text, label) = (t.of("calls-all-answered"), t.of("calls-check-and-submit"));
        Html::of(&Onward { text, link: ui::Link::new(label, own_page(loaded.application.id)) })
    })
}

#[derive(askama::Template)]
#[template(
    source = "<p>{{ text }}</p><a class=\"btn btn-primary\" href=\"{{ link.href }}\">{{ link.label }}</a>",
    ext = "html"
)]
struct Onward {
    text: String,
    link: ui::Link,
}

/// What is asked of whoever fills it.
fn form(t: &Words, visit: &Visit, loaded: &Loaded, opened: &[String]) -> Form {
    let id = loaded.application.id;
    let query = if opened.is_empty() { String::new() } else { format!("?open={}", opened.join(",")) };
    let saved = Some(t.clock(loaded.application.saved_at)).filter(|_| !loaded.typed.is_empty());
    let mut form = Form::post(
        visit.once(&format!("{}/form{query}", own_page(id))),
        visit.form_token.clone(),
        t.of("calls-save-and-check"),
    )
    .draft(format!("{}/answers", own_page(id)), saved);
    form.refresh = loaded
        .form
        .fields
        .iter()
        .flat_map(|field| &field.when)
        .flat_map(|when| when.reads())
        .map(str::to_owned)
        .collect();
    let setup = &loaded.call.setup;
    let mut chosen = Vec::new();
    if loaded.application.state == ApplicationState::Draft {
        chosen.extend(choice(t, TRACK, "calls-track", &setup.tracks, &loaded.application.track));
        chosen.extend(choice(t, GROUP, "calls-group", &setup.groups, &loaded.application.group));
    }
    if !chosen.is_empty() {
        form = form.section(t.of("calls-choose-track"), "", chosen);
    }
    for section in &loaded.form.sections {
        let fields: Vec<Field> = section
            .fields
            .iter()
            .map(|at| &loaded.form.fields[*at])
            .filter(|field| is_asked(loaded, field, opened))
            .flat_map(|field| asked(t, loaded, field))
            .collect();
        if !fields.is_empty() {
            form = form.section(t.text(&section.title), t.text(&section.help), fields);
        }
    }
    form.also("then", "stay", t.of("calls-save-draft"))
}

fn choice(t: &Words, name: &str, key: &str, tracks: &[Track], chosen: &str) -> Option<Field> {
    if tracks.is_empty() {
        return None;
    }
    let choices = tracks.iter().map(|track| Choice::new(track.key.clone(), t.text(&track.title))).collect();
    let field = Field::radio(name, t.of(key), choices).required();
    Some(if chosen.is_empty() { field } else { field.value(chosen) })
}

fn is_asked(loaded: &Loaded, field: &Question, opened: &[String]) -> bool {
    let open = loaded.application.opens(&field.name) && !matches!(field.kind, Kind::File { .. });
    open && match loaded.reading.asked(&field.name) {
        Asked::Yes => true,
        Asked::Filled => opened.contains(&field.name),
        Asked::Not => false,
    }
}

/// A question as fields: one, or those of every row with one row more.
fn asked(t: &Words, loaded: &Loaded, field: &Question) -> Vec<Field> {
    let Kind::Group(group) = &field.kind else {
        let mut drawn =
            shown::field(t, field, &field.name, shown::title(t, field, &loaded.call), typed(loaded, &field.name));
        if drawn.values.is_empty()
            && let (Asked::Filled, Kind::Fact { key, .. }, Some(value)) =
                (loaded.reading.asked(&field.name), &field.kind, loaded.reading.values.get(&field.name))
        {
            // Somebody opened what the file holds, to say something newer: they begin from it.
            let value = registry::dictionary::Value::from_json(key, &json!({ "v": value })).ok();
            drawn = drawn.value(registry::forms::typed(key, value.as_ref()));
        }
        return vec![drawn];
    };
    rows(t, loaded, field, group)
}

fn typed<'l>(loaded: &'l Loaded, path: &str) -> &'l [String] {
    loaded.typed.get(path).map(Vec::as_slice).unwrap_or_default()
}

fn rows(t: &Words, loaded: &Loaded, field: &Question, group: &Group) -> Vec<Field> {
    let begun = loaded.reading.rows.get(&field.name).copied().unwrap_or(0);
    let mut fields = Vec::new();
    for row in 0..(begun + 1).min(group.most) {
        for one in &group.fields {
            let path = format!("{}.{row}.{}", field.name, one.name);
            // Questions of a row that hang on another are shown once that one is answered; of the blank row all others.
            let blank = row == begun && one.when.is_none();
            if !blank && loaded.reading.asked(&path) == Asked::Not {
                continue;
            }
            let mut drawn = shown::field(t, one, &path, row_label(t, field, one, row), typed(loaded, &path));
            drawn.required = drawn.required && row < begun.max(group.least);
            fields.push(drawn);
        }
    }
    fields
}

/// `团队成员 1 · 姓名`.
pub(super) fn row_label(t: &Words, group: &Question, field: &Question, row: usize) -> String {
    t.with(
        "calls-row-label",
        &[("group", t.text(&group.title).into()), ("n", (row + 1).into()), ("name", t.text(&field.title).into())],
    )
}

/// Each question for files: what is there, and the form for another.
fn papers_of(t: &Words, visit: &Visit, loaded: &Loaded) -> Html {
    let mut parts = Vec::new();
    for field in &loaded.form.fields {
        let Kind::File { accept, most_bytes, most, .. } = &field.kind else { continue };
        if loaded.reading.asked(&field.name) == Asked::Not {
            continue;
        }
        let there: Vec<&files::File> = loaded.files.iter().filter(|file| file.purpose == field.name).collect();
        let open = loaded.application.opens(&field.name);
        parts.push(heading(t, field));
        parts.push(shown::links(
            there
                .iter()
                .map(|file| ui::Link::new(file.name.clone(), format!("/work/own-application-files/{}", file.id)))
                .collect(),
        ));
        if open {
            parts.extend(there.iter().map(|file| {
                let label = t.with("calls-file-remove", &[("name", file.name.as_str().into())]);
                let action = format!("/work/own-application-files/{}/remove", file.id);
                button_form(visit, &action, &[], &label).id(format!("r{}", file.id)).show(t)
            }));
        }
        if open && there.len() < *most {
            let help = t.with(
                "calls-file-help",
                &[("accept", accept.replace(',', " ").into()), ("mb", (*most_bytes as i64 / 1024 / 1024).into())],
            );
            let action = visit.once(&format!("{}/files/{}", own_page(loaded.application.id), field.name));
            let mut input = Field::file("file", t.text(&field.title), accept.clone()).help(help);
            input.kind = ui::FieldKind::File { accept: accept.clone(), camera: accept.contains(".jpg") };
            let mut upload = Form::post(action, visit.form_token.clone(), t.of("calls-upload"));
            upload.quiet = true;
            parts.push(upload.id(format!("u-{}", field.name)).fields_only(vec![input]).show(t));
        }
    }
    if parts.is_empty() { Html::default() } else { Html::of(&super::desk::Stack { parts }) }
}

#[derive(askama::Template)]
#[template(
    source = "<h3 id=\"f-{{ name }}\">{{ title }} <small class=\"text-secondary\">{{ note }}</small></h3>",
    ext = "html"
)]
struct Heading<'a> {
    name: &'a str,
    title: String,
    note: String,
}

fn heading(t: &Words, field: &Question) -> Html {
    let note = t.of(if field.required { "calls-needed" } else { "calls-optional" });
    Html::of(&Heading { name: &field.name, title: t.text(&field.title), note })
}

/// What a form sent, by path: fields of the page that are no answers are left out, and choices that nobody ticked are empty.
fn sent_of(loaded: &Loaded, fields: Vec<(String, String)>) -> Sent {
    let mut sent: Sent = Vec::new();
    for (name, value) in fields {
        if matches!(name.as_str(), "form_token" | "then" | "once") {
            continue;
        }
        match sent.iter_mut().find(|(path, _)| *path == name) {
            Some((_, texts)) => texts.push(value),
            None => sent.push((name, vec![value])),
        }
    }
    let unticked = loaded.form.fields.iter().filter(|field| {
        let ticks = matches!(field.kind, Kind::Many { .. }) || (matches!(field.kind, Kind::Yes) && field.required);
        ticks && is_asked(loaded, field, &[])
    });
    for field in unticked {
        if !sent.iter().any(|(path, _)| *path == field.name) {
            sent.push((field.name.clone(), Vec::new()));
        }
    }
    sent
}

/// Keeps the whole form and goes on to the check, or stays.
pub(crate) async fn keep(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    Query(opened): Query<Opened>,
    FormBody(fields): FormBody<Vec<(String, String)>>,
) -> Answer {
    let loaded = apply::read(&app, &visit.actor, id).await?;
    let stays = fields.iter().any(|(name, value)| name == "then" && value == "stay");
    let sent = sent_of(&loaded, fields);
    match apply::save(&app, &visit.actor, id, sent).await {
        Ok(_) if stays => {
            Ok(visit.done(&format!("{}/form?open={}#form", own_page(id), opened.open), "calls-flash-saved"))
        }
        Ok(_) => Ok(Redirect::to(&own_page(id)).into_response()),
        Err(Error::Invalid(faults)) => {
            draw(&app, &visit, id, &opened.names(), StatusCode::UNPROCESSABLE_ENTITY, &faults, None).await
        }
        Err(Error::Conflict(fault)) => {
            let t = app.words(visit.locale);
            let alert = Alert::new(Tone::Bad, module::sentence(&t, &fault));
            draw(&app, &visit, id, &opened.names(), StatusCode::CONFLICT, &[], Some(alert)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Keeps the fields that a script sends while somebody types.
pub(crate) async fn save(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    JsonBody(fields): JsonBody<Json>,
) -> Answer<Response> {
    let Json::Object(fields) = fields else { return Err(Fault::new("calls.answers_object").into()) };
    let mut sent = Vec::with_capacity(fields.len());
    for (path, value) in fields {
        sent.push((path.clone(), apply::texts(&path, &value)?));
    }
    let at = apply::save(&app, &visit.actor, id, sent).await?;
    Ok(axum::Json(json!({ "saved_at": at.to_rfc3339() })).into_response())
}

/// Attaches a file to a question.
pub(crate) async fn attach(
    State(app): State<App>,
    visit: Visit,
    Path((id, field)): Path<(ApplicationId, String)>,
    mut body: Multipart,
) -> Answer {
    // Whoever may not is refused before a byte is kept, and no more is kept than the question takes.
    let most = papers::limit(&app, &visit.actor, id, &field).await?;
    let mut stored = None;
    while let Some(part) = body.next_field().await.map_err(uploads::unreadable)? {
        if part.name() == Some("file") {
            let name = part.file_name().unwrap_or_default().to_owned();
            let bytes = part.map_ok(|bytes| bytes.to_vec()).map_err(std::io::Error::other).boxed();
            stored = match app.files.blobs().put(bytes, most).await {
                Ok(kept) => Some(Ok((name, kept))),
                Err(Error::TooLarge(_)) => {
                    Some(Err(Fault::at(&field, "calls.file_large").with("mb", most / 1024 / 1024)))
                }
                Err(error) => return Err(uploads::too_large(error).into()),
            };
        }
    }
    let done = match stored {
        Some(Ok((name, kept))) if kept.size > 0 => {
            papers::attach(&app, &visit.actor, id, &field, &name, kept).await.map(drop)
        }
        Some(Err(fault)) => Err(fault.into()),
        _ => Err(Error::field(&field, "files.missing")),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{}/form#f-{field}", own_page(id))).into_response()),
        Err(Error::Invalid(faults)) => {
            let t = app.words(visit.locale);
            let text = faults.first().map(|fault| module::sentence(&t, fault)).unwrap_or_default();
            let alert = Alert::new(Tone::Bad, text);
            draw(&app, &visit, id, &[], StatusCode::UNPROCESSABLE_ENTITY, &[], Some(alert)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes a file off.
pub(crate) async fn detach(State(app): State<App>, visit: Visit, Path(id): Path<files::FileId>) -> Answer {
    let application = papers::detach(&app, &visit.actor, id).await?;
    Ok(Redirect::to(&format!("{}/form#files", own_page(application))).into_response())
}
