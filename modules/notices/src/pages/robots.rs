//! The robots of the office's group chats: the list, one with its log, the test button.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::{Error, Fault, PageRequest};
use module::pages::{FilePage, Pair, Panel, button_form, frame};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use notify::RobotKind;
use ui::{Alert, Badge, Cell, Choice, Column, Empty, Field, Form, Html, Pager, Row, Table, Tabs, Tone, Words};

use crate::model::{CircularId, DeliveryState, GroupRobot, RobotDelivery, RobotDraft, RobotId};
use crate::ops::robots;

const PATH: &str = "/work/robots";

fn kind(t: &Words, kind: RobotKind) -> String {
    t.of(&format!("notices-robot-{}", kind.code()))
}

/// The robots of the office, and a form for another.
pub(crate) async fn list(State(app): State<App>, visit: Visit) -> Answer {
    draw(&app, &visit, &RobotDraft::default(), &[]).await
}

async fn draw(app: &App, visit: &Visit, typed: &RobotDraft, wrong: &[Fault]) -> Answer<Response> {
    let t = app.words(visit.locale);
    let known = robots::list(app, &visit.actor).await?;
    let row = |one: &GroupRobot| {
        let cells = vec![
            Cell::Text(one.name.clone()),
            Cell::Text(kind(&t, one.kind)),
            Cell::Text(one.hint.clone()),
            Cell::Instant(one.created_at),
        ];
        Row::link(format!("{PATH}/{}", one.id), cells)
    };
    let table = Table {
        caption: t.of("notices-robots"),
        columns: ["notices-robot-name", "notices-robot-kind", "notices-robot-address", "notices-robot-since"]
            .map(|key| Column::text(t.of(key)))
            .into(),
        rows: known.iter().map(row).collect(),
        empty: Empty { title: t.of("notices-robots-none"), text: t.of("notices-robots-none-text"), ..Empty::default() },
        ..Table::default()
    };
    let view = FilePage {
        frame: frame(app, visit, t.of("notices-robots"), &[("/work/circulars", t.of("notices-circulars"))]).await?,
        subtitle: t.of("notices-robots-lead"),
        badges: Vec::new(),
        actions: Vec::new(),
        alert: None,
        tabs: Tabs::default(),
        panels: vec![
            Panel::new("robots", t.of("notices-robots"), table.show(&t)),
            Panel::new("add", t.of("notices-robot-add"), form(&t, visit, typed).faults(wrong, &t).show(&t)),
        ],
        aside: Vec::new(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ui::page(status, &view))
}

fn form(t: &Words, visit: &Visit, typed: &RobotDraft) -> Form {
    let kinds = RobotKind::ALL.map(|one| Choice::new(one.code(), kind(t, one))).into();
    Form::post(visit.once(PATH), visit.form_token.clone(), t.of("notices-robot-add")).id("robot").fields_only(vec![
        Field::radio("kind", t.of("notices-robot-kind"), kinds).required().value(&typed.kind),
        Field::text("name", t.of("notices-robot-name")).required().max_length(40).value(&typed.name),
        Field::text("address", t.of("notices-robot-address"))
            .required()
            .max_length(300)
            .autocomplete("off")
            .help(t.of("notices-robot-address-help"))
            .value(&typed.address),
        Field::text("secret", t.of("notices-robot-secret"))
            .max_length(200)
            .autocomplete("off")
            .sensitive()
            .help(t.of("notices-robot-secret-help")),
    ])
}

/// Adds a robot.
pub(crate) async fn add(State(app): State<App>, visit: Visit, FormBody(typed): FormBody<RobotDraft>) -> Answer {
    match robots::add(&app, &visit.actor, &typed).await {
        Ok(id) => Ok(visit.done(&format!("{PATH}/{id}"), "notices-flash-robot-added")),
        Err(Error::Invalid(faults)) => draw(&app, &visit, &typed, &faults).await,
        Err(other) => Err(other.into()),
    }
}

/// One robot with its log.
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RobotId>,
    Query(page): Query<PageRequest>,
) -> Answer {
    one(&app, &visit, id, &page, None).await
}

async fn one(app: &App, visit: &Visit, id: RobotId, page: &PageRequest, alert: Option<Alert>) -> Answer<Response> {
    let t = app.words(visit.locale);
    let (robot, log) = robots::read(app, &visit.actor, id, page).await?;
    let base = format!("{PATH}/{id}");
    let pager = Pager { next: log.next.map(|after| format!("{base}?after={after}")), ..Pager::default() };
    let log = Html::of(&Pair(table(&t, &log.items).show(&t), pager.show(&t)));
    let test = button_form(visit, &format!("{base}/test"), &[], &t.of("notices-robot-test"));
    let remove = button_form(visit, &format!("{base}/remove"), &[], &t.of("notices-robot-remove"));
    let buttons = Html::of(&Pair(
        Form { strong: true, ..test }.show(&t),
        Form { quiet: true, ..remove }.irreversible(t.of("notices-robot-remove-text")).show(&t),
    ));
    let view = FilePage {
        frame: frame(app, visit, robot.name.clone(), &[(PATH, t.of("notices-robots"))]).await?,
        subtitle: format!("{} {}", kind(&t, robot.kind), robot.hint),
        badges: Vec::new(),
        actions: Vec::new(),
        alert,
        tabs: Tabs::default(),
        panels: vec![
            Panel::new("try", t.of("notices-robot-try"), buttons),
            Panel::new("log", t.of("notices-robot-log"), log),
        ],
        aside: Vec::new(),
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn state(t: &Words, state: DeliveryState) -> Badge {
    let tone = match state {
        DeliveryState::Sent => Tone::Good,
        DeliveryState::Waiting => Tone::Info,
        DeliveryState::Refused | DeliveryState::Failed => Tone::Bad,
    };
    Badge::new(tone, t.of(&format!("notices-robot-state-{}", state.code())))
}

fn table(t: &Words, log: &[RobotDelivery]) -> Table {
    let row = |one: &RobotDelivery| {
        let text: String = one.text.chars().take(60).collect();
        Row::plain(vec![
            Cell::Two(text, one.by.clone()),
            Cell::Badge(state(t, one.state)),
            Cell::Number(one.attempts),
            Cell::Text(one.answer.clone()),
            Cell::Instant(one.tried_at.unwrap_or(one.created_at)),
        ])
    };
    Table {
        caption: t.of("notices-robot-log"),
        columns: [
            "notices-robot-text",
            "notices-state",
            "notices-robot-attempts",
            "notices-robot-answer",
            "notices-robot-when",
        ]
        .map(|key| Column::text(t.of(key)))
        .into(),
        rows: log.iter().map(row).collect(),
        empty: Empty { title: t.of("notices-robot-log-none"), ..Empty::default() },
        ..Table::default()
    }
}

/// Hands a test message over and shows what was answered.
pub(crate) async fn test(State(app): State<App>, visit: Visit, Path(id): Path<RobotId>) -> Answer {
    let t = app.words(visit.locale);
    let done = robots::test(&app, &visit.actor, id).await?;
    let alert = match done.state {
        DeliveryState::Sent => Alert::new(Tone::Good, t.of("notices-robot-test-sent")),
        DeliveryState::Waiting => {
            Alert::new(Tone::Warning, t.with("notices-robot-test-later", &[("answer", done.answer.into())]))
        }
        _ => Alert::new(Tone::Bad, t.with("notices-robot-test-refused", &[("answer", done.answer.into())])),
    };
    one(&app, &visit, id, &PageRequest::default(), Some(alert)).await
}

/// Removes a robot.
pub(crate) async fn remove(State(app): State<App>, visit: Visit, Path(id): Path<RobotId>) -> Answer {
    robots::remove(&app, &visit.actor, id).await?;
    Ok(visit.done(PATH, "notices-flash-robot-removed"))
}

/// Puts a circular into a group.
pub(crate) async fn send(
    State(app): State<App>,
    visit: Visit,
    Path((circular, robot)): Path<(CircularId, RobotId)>,
) -> Answer {
    robots::send(&app, &visit.actor, circular, robot).await?;
    Ok(visit.done(&format!("/work/circulars/{circular}"), "notices-flash-to-group"))
}
