//! The office's policies: the list, the beginning, the one page of a policy with its life.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jinmen_core::{Error, PageRequest};
use module::pages::{FilePage, ListPage, Panel, again, form_page, frame, pairs, query_without};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use ui::{
    Alert, Cell, Choice, Column, Empty, Fact, Facts, Field, FieldKind, Form, Html, Link, Pager, Row, Table, Tabs,
};
use ui::{Tone, Toolbar, Words};

use super::{levels, library, life, state, topic, topics};
use crate::model::{Policy, PolicyDraft, PolicyFilter, PolicyId, Status, TITLE_MOST};
use crate::ops::library::{self as reading, Read};
use crate::ops::{comment, edit, life as living, program};
use crate::permissions;

pub(super) const PATH: &str = "/work/policies";

/// The office's policies, newest first.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<PolicyFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let rows = reading::of_own_office(&app, &visit.actor, &filter, &page).await?;
    let may_write = visit.actor.may_somewhere(&permissions::WRITE).is_ok();
    let begin = Link::new(t.of("policy-new"), format!("{PATH}/new")).icon("plus");
    let today = app.clock.today();
    let given = |value: &Option<String>| value.clone().unwrap_or_default();
    let states: Vec<Choice> = Status::ALL
        .iter()
        .map(|one| Choice::new(one.code(), t.of(&one.message_key())))
        .chain([Choice::new("expired", t.of("policy-expired"))])
        .collect();
    let query = query_without(&pairs(&filter), &["after"]);
    let view = ListPage {
        frame: frame(&app, &visit, t.of("policy-desk"), &[]).await?,
        toolbar: Toolbar {
            action: PATH.into(),
            filters: vec![
                Field::new(FieldKind::Search, "q", t.of("policy-filter-q")).value(given(&filter.q)),
                Field::select("status", t.of("policy-status"), states).value(given(&filter.status)),
                Field::select("topic", t.of("policy-topic"), topics(&t)).value(given(&filter.topic)),
            ],
            clear: PATH.into(),
            primary: may_write.then_some(begin.clone()),
            ..Toolbar::default()
        },
        above: Html::default(),
        table: Table {
            caption: t.of("policy-desk"),
            columns: ["policy-title", "policy-status", "policy-topic", "policy-doc-no", "policy-updated"]
                .map(|key| Column::text(t.of(key)))
                .into(),
            rows: rows.items.iter().map(|one| row(&t, one, today)).collect(),
            empty: Empty {
                title: t.of("policy-none"),
                text: t.of("policy-none-text"),
                steps: if may_write { vec![begin] } else { Vec::new() },
            },
            ..Table::default()
        },
        pager: Pager { next: rows.next.map(|after| format!("{PATH}?{query}&after={after}")), ..Pager::default() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn row(t: &Words, one: &Policy, today: jinmen_core::Date) -> Row {
    Row::link(
        format!("{PATH}/{}", one.id),
        vec![
            Cell::Two(t.text(&one.title), one.number.clone()),
            Cell::Badge(state(t, one, today)),
            Cell::Text(topic(t, &one.topic)),
            Cell::Text(one.doc_no.clone()),
            Cell::Instant(one.updated_at),
        ],
    )
}

/// What a policy is called and where it belongs, as a form.
fn form(t: &Words, visit: &Visit, action: &str, draft: &PolicyDraft, submit: &str) -> Form {
    let most = TITLE_MOST as u32;
    Form::post(visit.once(action), visit.form_token.clone(), submit).fields_only(vec![
        Field::text("title_zh", t.of("policy-title-zh")).required().max_length(most).value(draft.title_zh.clone()),
        Field::text("title_en", t.of("policy-title-en")).max_length(most).value(draft.title_en.clone()),
        Field::text("issuer", t.of("policy-issuer")).required().max_length(200).value(draft.issuer.clone()).half(),
        Field::select("level", t.of("policy-level"), levels(t)).required().value(draft.level.clone()).half(),
        Field::select("topic", t.of("policy-topic"), topics(t)).required().value(draft.topic.clone()).half(),
        Field::text("source", t.of("policy-source")).help(t.of("policy-source-help")).value(draft.source.clone()),
        Field::text("note_zh", t.of("policy-note-zh")).help(t.of("policy-note-help")).value(draft.note_zh.clone()),
        Field::text("note_en", t.of("policy-note-en")).value(draft.note_en.clone()),
    ])
}

/// The form for a new policy.
pub(crate) async fn new(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let owner = match visit.actor.organization() {
        Some(own) => t.text(&app.organization_name(own).await),
        None => String::new(),
    };
    let draft =
        PolicyDraft { level: "district".into(), topic: "growth".into(), issuer: owner, ..PolicyDraft::default() };
    let form = form(&t, &visit, PATH, &draft, &t.of("policy-begin"));
    form_page(&app, &visit, t.of("policy-new"), &[(PATH, t.of("policy-desk"))], StatusCode::OK, form).await
}

/// Begins a policy.
pub(crate) async fn begin(State(app): State<App>, visit: Visit, FormBody(draft): FormBody<PolicyDraft>) -> Answer {
    match edit::begin(&app, &visit.actor, &draft).await {
        Ok(id) => Ok(Redirect::to(&format!("{PATH}/{id}/text")).into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            let (status, form) = again(&t, form(&t, &visit, PATH, &draft, &t.of("policy-begin")), error)?;
            form_page(&app, &visit, t.of("policy-new"), &[(PATH, t.of("policy-desk"))], status, form).await
        }
    }
}

/// The form for a policy's name.
pub(crate) async fn names(State(app): State<App>, visit: Visit, Path(id): Path<PolicyId>) -> Answer {
    let policy = reading::read(&app, &visit.actor, id).await?.policy;
    let draft = PolicyDraft {
        title_zh: policy.title.zh.clone(),
        title_en: policy.title.en.clone().unwrap_or_default(),
        issuer: policy.issuer.clone(),
        level: policy.level.code().into(),
        topic: policy.topic.clone(),
        source: policy.source.clone(),
        note_zh: policy.note.zh.clone(),
        note_en: policy.note.en.clone().unwrap_or_default(),
    };
    draw_names(&app, &visit, id, &draft, StatusCode::OK, |form| Ok((StatusCode::OK, form))).await
}

async fn draw_names(
    app: &App,
    visit: &Visit,
    id: PolicyId,
    draft: &PolicyDraft,
    _status: StatusCode,
    each: impl FnOnce(Form) -> Result<(StatusCode, Form), module::Failure>,
) -> Answer {
    let t = app.words(visit.locale);
    let form = form(&t, visit, &format!("{PATH}/{id}/names"), draft, &t.of("policy-save"));
    let (status, form) = each(form.cancel(format!("{PATH}/{id}")))?;
    form_page(app, visit, t.of("policy-names"), &[(PATH, t.of("policy-desk"))], status, form).await
}

/// Renames a draft.
pub(crate) async fn rename(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    FormBody(draft): FormBody<PolicyDraft>,
) -> Answer {
    match edit::rename(&app, &visit.actor, id, &draft).await {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}/{id}")).into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            draw_names(&app, &visit, id, &draft, StatusCode::OK, |form| again(&t, form, error)).await
        }
    }
}

/// The one page of a policy.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<PolicyId>) -> Answer {
    draw(&app, &visit, id, None, |_, form| Ok((StatusCode::OK, form))).await
}

/// The page with the form of the open step, which `each` may change after a fault.
pub(super) async fn draw(
    app: &App,
    visit: &Visit,
    id: PolicyId,
    alert: Option<Alert>,
    each: impl FnOnce(&str, Form) -> Result<(StatusCode, Form), module::Failure>,
) -> Answer {
    let t = app.words(visit.locale);
    let read = reading::read(app, &visit.actor, id).await?;
    let may_write = visit.actor.may_somewhere(&permissions::WRITE).is_ok();
    let case = living::case(app, &visit.actor, id).await?;
    let (mut panels, mut status) = (Vec::new(), StatusCode::OK);
    if let Some((flow, steps)) = &case {
        let form = may_write.then(|| life::form(app, &t, visit, &read.policy, flow, steps)).flatten();
        let form = match form {
            Some((step, form)) => {
                let (code, form) = each(&step, form)?;
                status = code;
                form.show(&t)
            }
            None => Html::default(),
        };
        let body = Html::of(&module::pages::Pair(life::stages(&t, flow, steps).show(&t), form));
        panels.push(Panel::new("life", t.of("policy-life"), body));
    }
    panels.extend(super::calls::desk_panel(app, &t, visit, &read).await?);
    panels.push(Panel::new("text", t.of("policy-clauses"), text(&t, &read)));
    let opinions = case.as_ref().map(|(flow, steps)| life::opinions(&t, flow, steps));
    panels.extend(
        opinions.filter(|body| !body.is_empty()).map(|body| Panel::new("opinions", t.of("policy-opinions"), body)),
    );
    let comments = comment::comments(app, &visit.actor, id).await?;
    if !comments.items.is_empty() {
        panels.push(Panel::new("comments", t.of("policy-comments"), said(&t, &comments.items)));
    }
    let documents = super::files::list(&t, &comment::documents(app, id).await?);
    let attach = if may_write { super::files::form(&t, visit, id).show(&t) } else { Html::default() };
    panels.push(Panel::new("documents", t.of("policy-files"), Html::of(&module::pages::Pair(documents, attach))));
    let history = living::history(app, &visit.actor, id).await?;
    let review = reading::review(app, &visit.actor, id).await?;
    let mut aside = vec![Panel::new("about", t.of("policy-about"), library::about(&t, &read))];
    aside.extend(review.map(|review| Panel::new("review", t.of("policy-review"), life::review(&t, &review))));
    let shown = module::pages::history(&t, &history[..history.len().min(10)], |_| String::new());
    aside.push(Panel::new("history", t.of("policy-history"), shown.show(&t)));
    let view = FilePage {
        frame: frame(app, visit, t.text(&read.policy.title), &[(PATH, t.of("policy-desk"))]).await?,
        subtitle: read.policy.number.clone(),
        badges: vec![state(&t, &read.policy, app.clock.today())],
        actions: actions(&t, &read, may_write),
        alert,
        tabs: Tabs::default(),
        panels,
        aside,
    };
    Ok(ui::page(status, &view))
}

/// What the public said, newest first.
fn said(t: &Words, comments: &[cases::Comment]) -> Html {
    let moment = |one: &cases::Comment| ui::Moment {
        when: t.instant(one.created_at),
        title: one.author_name.clone(),
        text: one.text.clone(),
        tone: Tone::Info,
        ..ui::Moment::default()
    };
    ui::Timeline { moments: comments.iter().map(moment).collect() }.show(t)
}

fn actions(t: &Words, read: &Read, may_write: bool) -> Vec<Link> {
    let (policy, base) = (&read.policy, format!("{PATH}/{}", read.policy.id));
    let mut links = Vec::new();
    let mut add = |shown: bool, key: &str, path: &str, icon: &str| {
        if shown {
            links.push(Link::new(t.of(key), format!("{base}/{path}")).icon(icon));
        }
    };
    let draft = policy.status == Status::Draft;
    add(may_write && draft, "policy-edit", "text", "edit");
    add(may_write && draft, "policy-names", "names", "edit");
    add(read.version.is_some(), "policy-reach", "reach", "users");
    add(read.version.is_some(), "policy-sandbox", "sandbox", "adjustments");
    add(may_write && matches!(policy.status, Status::Issued | Status::Published), "policy-end", "end", "x");
    links
}

/// The clauses, and what a check of the program says.
fn text(t: &Words, read: &Read) -> Html {
    let Some(version) = &read.version else { return library::paragraphs(&t.of("policy-no-text")) };
    let said = match program::check(&version.text) {
        Ok(checked) if checked.is_good() => {
            t.with("policy-checked", &[("version", version.version.into()), ("n", (checked.passed as i64).into())])
        }
        Ok(checked) => {
            let n = (checked.findings.len() + checked.failed.len()) as i64;
            t.with("policy-checked-not", &[("version", version.version.into()), ("n", n.into())])
        }
        Err(_) => String::new(),
    };
    let line = Fact::plain(t.of("policy-program"), said);
    let facts = Facts { lines: vec![line], legend: false }.show(t);
    Html::of(&module::pages::Pair(facts, library::clauses(t, version)))
}

/// A fault that belongs to no field, for the page of a policy.
pub(super) fn refused(t: &Words, error: &Error) -> Option<Alert> {
    match error {
        Error::Conflict(fault) => Some(Alert::new(Tone::Bad, module::sentence(t, fault))),
        Error::Stale => Some(Alert::new(Tone::Warning, t.of("problem-core-stale-detail"))),
        _ => None,
    }
}
