//! The pool of experts.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jinmen_core::PageRequest;
use module::pages::{ListPage, again, form_page, frame, pairs, query_without};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use ui::{
    Badge, Cell, Choice, Column, Empty, Field, FieldKind, Form, Html, Link, Pager, Row, Table, Tone, Toolbar, Words,
};

use crate::model::{Expert, ExpertDraft, ExpertFilter, ExpertId, ExpertKind};
use crate::ops::experts;
use crate::permissions;

pub(super) const PATH: &str = "/work/experts";

fn kinds(t: &Words) -> Vec<Choice> {
    ExpertKind::ALL.iter().map(|kind| Choice::new(kind.code(), t.of(&kind.message_key()))).collect()
}

/// The pool, newest first.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<ExpertFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let rows = experts::list(&app, &visit.actor, &filter, &page).await?;
    let may = visit.actor.may_somewhere(&permissions::WRITE).is_ok();
    let add = Link::new(t.of("review-expert-new"), format!("{PATH}/new")).icon("plus");
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    let query = query_without(&pairs(&filter), &["after"]);
    let columns = ["name", "institution", "kind", "fields", "state"];
    let view = ListPage {
        frame: frame(&app, &visit, t.of("review-experts"), &[]).await?,
        toolbar: Toolbar {
            action: PATH.into(),
            filters: vec![
                Field::new(FieldKind::Search, "q", t.of("review-expert-q")).value(value(&filter.q)),
                Field::select("kind", t.of("review-expert-kind"), kinds(&t)).value(value(&filter.kind)),
            ],
            clear: PATH.into(),
            primary: may.then_some(add.clone()),
            ..Toolbar::default()
        },
        above: Html::default(),
        table: Table {
            caption: t.of("review-experts"),
            columns: columns.map(|key| Column::text(t.of(&format!("review-expert-{key}")))).into(),
            rows: rows.items.iter().map(|one| row(&t, one, may)).collect(),
            empty: Empty {
                title: t.of("review-experts-none"),
                text: t.of("review-experts-none-text"),
                steps: if may { vec![add] } else { Vec::new() },
            },
            ..Table::default()
        },
        pager: Pager { next: rows.next.map(|after| format!("{PATH}?{query}&after={after}")), ..Pager::default() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn row(t: &Words, one: &Expert, may: bool) -> Row {
    let state = match one.active {
        true => Badge::new(Tone::Good, t.of("review-expert-active")),
        false => Badge::new(Tone::Neutral, t.of("review-expert-inactive")),
    };
    let senior = if one.senior { t.of("review-expert-senior") } else { String::new() };
    let cells = vec![
        Cell::Two(one.name.clone(), senior),
        Cell::Two(one.institution.clone(), one.post.clone()),
        Cell::Text(t.of(&one.kind.message_key())),
        Cell::Text(one.fields.join("、")),
        Cell::Badge(state),
    ];
    if may { Row::link(format!("{PATH}/{}", one.id), cells) } else { Row::plain(cells) }
}

fn form(t: &Words, visit: &Visit, action: &str, draft: &ExpertDraft) -> Form {
    let half = |name: &str, value: &str| Field::text(name, t.of(&format!("review-expert-{name}"))).value(value).half();
    let fields = vec![
        Field::hidden("person", &draft.person),
        half("name", &draft.name).required().max_length(60),
        Field::select("kind", t.of("review-expert-kind"), kinds(t)).required().value(&draft.kind).half(),
        half("institution", &draft.institution).required().max_length(120).help(t.of("review-expert-institution-help")),
        half("post", &draft.post).max_length(60),
        Field::text("fields", t.of("review-expert-fields"))
            .value(&draft.fields)
            .help(t.of("review-expert-fields-help")),
        Field::checkbox("senior", t.of("review-expert-senior")).value(&draft.senior),
    ];
    let rest = Field::radio(
        "active",
        t.of("review-expert-state"),
        vec![Choice::new("yes", t.of("review-expert-active")), Choice::new("no", t.of("review-expert-inactive"))],
    )
    .value(if draft.active == "no" { "no" } else { "yes" });
    let fields = fields.into_iter().chain([rest]).collect();
    Form::post(visit.once(action), visit.form_token.clone(), t.of("review-save")).fields_only(fields)
}

async fn draw(app: &App, visit: &Visit, title: &str, status: StatusCode, form: Form) -> Answer {
    let t = app.words(visit.locale);
    form_page(app, visit, t.of(title), &[(PATH, t.of("review-experts"))], status, form).await
}

/// The form for somebody new.
pub(crate) async fn new(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let action = format!("{PATH}/new");
    let form = form(&t, &visit, &action, &ExpertDraft::default());
    draw(&app, &visit, "review-expert-new", StatusCode::OK, form).await
}

/// Takes somebody into the pool.
pub(crate) async fn add(State(app): State<App>, visit: Visit, FormBody(draft): FormBody<ExpertDraft>) -> Answer {
    match experts::add(&app, &visit.actor, &draft).await {
        Ok(_) => Ok(Redirect::to(PATH).into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            let action = format!("{PATH}/new");
            let (status, form) = again(&t, form(&t, &visit, &action, &draft), error)?;
            draw(&app, &visit, "review-expert-new", status, form).await
        }
    }
}

/// The form for somebody of the pool.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<ExpertId>) -> Answer {
    let t = app.words(visit.locale);
    let one = experts::read(&app, &visit.actor, id).await?;
    let action = format!("{PATH}/{id}");
    let form = form(&t, &visit, &action, &ExpertDraft::of(&one));
    draw(&app, &visit, "review-expert-edit", StatusCode::OK, form).await
}

/// Writes what changed.
pub(crate) async fn change(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ExpertId>,
    FormBody(draft): FormBody<ExpertDraft>,
) -> Answer {
    match experts::change(&app, &visit.actor, id, &draft).await {
        Ok(()) => Ok(Redirect::to(PATH).into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            let action = format!("{PATH}/{id}");
            let (status, form) = again(&t, form(&t, &visit, &action, &draft), error)?;
            draw(&app, &visit, "review-expert-edit", status, form).await
        }
    }
}
