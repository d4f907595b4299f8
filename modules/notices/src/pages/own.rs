//! The pages of whoever receives circulars: what came, what it asks, the answer.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::{Error, PageRequest};
use module::pages::{FilePage, ListPage, Panel, frame};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use ui::{Alert, Badge, Cell, Column, Empty, Fact, Facts, Form, Html, Pager, Row, Table, Tabs, Tone, Toolbar, Words};

use super::{answer_words, asks, badge, field, label};
use crate::model::{Asks, Circular, CircularId, CircularState, OwnCircular, Recipient, Typed};
use crate::ops::{answer as answering, read};
use crate::permissions;

const PATH: &str = "/work/notices";

/// What was sent to one's organisation, newest first.
pub(crate) async fn list(State(app): State<App>, visit: Visit, Query(page): Query<PageRequest>) -> Answer {
    let t = app.words(visit.locale);
    let rows = read::mine(&app, &visit.actor, &page).await?;
    let today = app.clock.today();
    let table = Table {
        caption: t.of("notices-own"),
        columns: ["notices-title", "notices-asks", "notices-due", "notices-state"]
            .map(|key| Column::text(t.of(key)))
            .into(),
        rows: rows.items.iter().map(|one| row(&t, one, today)).collect(),
        empty: Empty { title: t.of("notices-own-none"), text: t.of("notices-own-none-text"), ..Empty::default() },
        ..Table::default()
    };
    let view = ListPage {
        frame: frame(&app, &visit, t.of("notices-own"), &[]).await?,
        toolbar: Toolbar::default(),
        above: Html::default(),
        table,
        pager: Pager { next: rows.next.map(|after| format!("{PATH}?after={after}")), ..Pager::default() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn row(t: &Words, one: &OwnCircular, today: jinmen_core::Date) -> Row {
    let state = match one {
        one if one.answered_at.is_some() => badge(Tone::Good, t, "notices-answered-own"),
        one if one.state == CircularState::Closed => badge(Tone::Neutral, t, "notices-closed"),
        one if one.asks.wants_answer() && one.due_on.is_some_and(|due| due < today) => {
            badge(Tone::Bad, t, "notices-late")
        }
        one if one.asks.wants_answer() => badge(Tone::Warning, t, "notices-to-answer"),
        one if one.read_at.is_some() => badge(Tone::Good, t, "notices-read-own"),
        _ => badge(Tone::Info, t, "notices-unread-own"),
    };
    let due = one.due_on.map_or(Cell::Nothing, |day| Cell::Text(t.date(day)));
    Row::link(
        format!("{PATH}/{}", one.id),
        vec![
            Cell::Two(one.title.clone(), format!("{} · {}", one.number, t.instant(one.sent_at))),
            Cell::Text(asks(t, one.asks)),
            due,
            Cell::Badge(state),
        ],
    )
}

/// One circular; that it was opened is kept.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<CircularId>) -> Answer {
    let (circular, one) = read::open(&app, &visit.actor, id).await?;
    draw(&app, &visit, &circular, &one, StatusCode::OK, None, |form| form).await
}

#[derive(Template)]
#[template(path = "_text.html")]
struct Text<'a> {
    paragraphs: Vec<&'a str>,
    facts: Html,
}

async fn draw(
    app: &App,
    visit: &Visit,
    circular: &Circular,
    one: &Recipient,
    status: StatusCode,
    alert: Option<Alert>,
    each: impl Fn(Form) -> Form,
) -> Answer {
    let t = app.words(visit.locale);
    let owner = t.text(&app.organization_name(circular.owner).await);
    let mut lines = vec![Fact::plain(t.of("notices-from"), owner.clone())];
    lines.extend(circular.due_on.map(|day| Fact::plain(t.of("notices-due"), t.date(day))));
    lines.push(Fact::plain(t.of("notices-sent"), t.instant(circular.sent_at)));
    let text = Text { paragraphs: circular.body.split('\n').collect(), facts: Facts { lines, legend: false }.show(&t) };
    let mut panels = vec![Panel::new("text", asks(&t, circular.asks), Html::of(&text))];
    if one.answered_at.is_some() {
        panels.push(Panel::new("answered", t.of("notices-your-answer"), answered(&t, circular, one)));
    }
    let open = circular.state == CircularState::Sent && circular.asks.wants_answer();
    let may = visit.actor.may_somewhere(&permissions::ANSWER).is_ok();
    if open && may {
        let key = if one.answered_at.is_some() { "notices-change" } else { "notices-answer-here" };
        panels.push(Panel::new("answer", t.of(key), each(form(&t, visit, circular, one)).show(&t)));
    }
    let alert = alert.or_else(|| note(app, &t, circular, one, may));
    let view = FilePage {
        frame: frame(app, visit, circular.title.clone(), &[(PATH, t.of("notices-own"))]).await?,
        subtitle: format!("{owner} · {}", circular.number),
        badges: vec![Badge::new(Tone::Info, asks(&t, circular.asks))],
        actions: Vec::new(),
        alert,
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

fn note(app: &App, t: &Words, circular: &Circular, one: &Recipient, may: bool) -> Option<Alert> {
    if one.answered_at.is_some() {
        return Some(Alert::new(Tone::Good, t.of("notices-thanks")));
    }
    if circular.state == CircularState::Closed {
        return Some(Alert::new(Tone::Neutral, t.of("notices-closed-text")));
    }
    if !circular.asks.wants_answer() {
        return None;
    }
    if !may {
        return Some(Alert::new(Tone::Warning, t.of("notices-not-yours")));
    }
    circular.is_late(app.clock.today()).then(|| Alert::new(Tone::Warning, t.of("notices-late-text")))
}

fn answered(t: &Words, circular: &Circular, one: &Recipient) -> Html {
    let mut lines: Vec<Fact> = circular
        .questions
        .iter()
        .map(|question| Fact::plain(label(t, question), answer_words(t, question, one.answers.get(&question.key))))
        .collect();
    let who = one.answered_at.map(|at| format!("{} {}", one.answered_name, t.instant(at))).unwrap_or_default();
    lines.push(Fact::plain(t.of("notices-answered"), who));
    Facts { lines, legend: false }.show(t)
}

fn form(t: &Words, visit: &Visit, circular: &Circular, one: &Recipient) -> Form {
    let mut fields: Vec<ui::Field> = circular.questions.iter().map(|question| field(t, question)).collect();
    fields.push(ui::Field::hidden("version", one.version.to_string()));
    let submit = match circular.asks {
        Asks::Receipt => "notices-receive",
        Asks::Facts => "notices-report",
        _ => "notices-answer-do",
    };
    let action = visit.once(&format!("{PATH}/{}", circular.id));
    let mut form = Form::post(action, visit.form_token.clone(), t.of(submit)).id("answer").fields_only(fields);
    form.strong = circular.asks == Asks::Receipt;
    form
}

/// Answers for one's organisation.
pub(crate) async fn answer(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CircularId>,
    FormBody(typed): FormBody<Typed>,
) -> Answer {
    let seen = typed.get("version").and_then(|version| version.parse().ok()).unwrap_or(-1);
    match answering::answer(&app, &visit.actor, id, &typed, seen).await {
        Ok(()) => Ok(visit.done(&format!("{PATH}/{id}"), "notices-flash-answered")),
        Err(Error::Invalid(faults)) => {
            let t = app.words(visit.locale);
            let (circular, one) = read::open(&app, &visit.actor, id).await?;
            let again = |form: Form| {
                form.fill(|name| typed.get(name).map(String::as_str).into_iter().collect()).faults(&faults, &t)
            };
            draw(&app, &visit, &circular, &one, StatusCode::UNPROCESSABLE_ENTITY, None, again).await
        }
        Err(Error::Stale) => {
            let t = app.words(visit.locale);
            let (circular, one) = read::open(&app, &visit.actor, id).await?;
            let alert = Alert::new(Tone::Warning, t.of("notices-meanwhile"));
            draw(&app, &visit, &circular, &one, StatusCode::PRECONDITION_FAILED, Some(alert), |form| form).await
        }
        Err(other) => Err(other.into()),
    }
}
