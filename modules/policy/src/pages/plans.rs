//! Plans: the office's and the public's pages.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jinmen_core::{Error, PageRequest};
use module::pages::{FilePage, ListPage, Panel, again, button_form, form_page, frame};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use ui::{
    Badge, Card, Cell, Choice, Column, Crumb, Empty, Field, Form, Frame, Html, Link, Pager, Row, Table, Tabs, Tone,
};
use ui::{Toolbar, Words};

use super::library;
use crate::model::{Indicator, IndicatorId, Light, Plan, PlanDraft, PlanId, PlanTask, PlanTaskId};
use crate::ops::plans::{self, IndicatorDraft, TaskDraft, WholePlan};
use crate::permissions;

const DESK: &str = "/work/plans";
const PUBLIC: &str = "/plans";

/// The office's plans, newest first.
pub(crate) async fn list(State(app): State<App>, visit: Visit, Query(page): Query<PageRequest>) -> Answer {
    let t = app.words(visit.locale);
    let rows = plans::of_own_office(&app, &visit.actor, &page).await?;
    let may_write = visit.actor.may_somewhere(&permissions::WRITE).is_ok();
    let begin = Link::new(t.of("policy-plan-new"), format!("{DESK}/new")).icon("plus");
    let row = |one: &Plan| {
        let state = if one.published_at.is_some() {
            (Tone::Good, "policy-status-published")
        } else {
            (Tone::Neutral, "policy-status-draft")
        };
        Row::link(
            format!("{DESK}/{}", one.id),
            vec![
                Cell::Two(t.text(&one.title), one.number.clone()),
                Cell::Text(years(one)),
                Cell::Badge(Badge::new(state.0, t.of(state.1))),
            ],
        )
    };
    let view = ListPage {
        frame: frame(&app, &visit, t.of("policy-plans"), &[]).await?,
        toolbar: Toolbar { primary: may_write.then_some(begin.clone()), ..Toolbar::default() },
        above: Html::default(),
        table: Table {
            caption: t.of("policy-plans"),
            columns: ["policy-plan", "policy-plan-years", "policy-status"].map(|key| Column::text(t.of(key))).into(),
            rows: rows.items.iter().map(row).collect(),
            empty: Empty {
                title: t.of("policy-plans-none"),
                text: t.of("policy-plans-none-text"),
                steps: if may_write { vec![begin] } else { Vec::new() },
            },
            ..Table::default()
        },
        pager: Pager { next: rows.next.map(|after| format!("{DESK}?after={after}")), ..Pager::default() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn years(plan: &Plan) -> String {
    format!("{}–{}", plan.years.0, plan.years.1)
}

fn form(t: &Words, visit: &Visit, draft: &PlanDraft) -> Form {
    Form::post(visit.once(DESK), visit.form_token.clone(), t.of("policy-begin")).fields_only(vec![
        Field::text("title_zh", t.of("policy-title-zh")).required().max_length(200).value(draft.title_zh.clone()),
        Field::text("title_en", t.of("policy-title-en")).max_length(200).value(draft.title_en.clone()),
        Field::integer("year_from", t.of("policy-year-from")).required().value(draft.year_from.clone()).half(),
        Field::integer("year_to", t.of("policy-year-to")).required().value(draft.year_to.clone()).half(),
        Field::text_area("summary", t.of("policy-plan-summary")).max_length(4_000).value(draft.summary.clone()),
        Field::text("note", t.of("policy-note-zh")).help(t.of("policy-note-help")).value(draft.note.clone()),
    ])
}

/// The form for a new plan.
pub(crate) async fn new(State(app): State<App>, visit: Visit) -> Answer {
    let t = app.words(visit.locale);
    let year = app.clock.today().year();
    let draft = PlanDraft { year_from: year.to_string(), year_to: (year + 5).to_string(), ..PlanDraft::default() };
    let form = form(&t, &visit, &draft);
    form_page(&app, &visit, t.of("policy-plan-new"), &[(DESK, t.of("policy-plans"))], StatusCode::OK, form).await
}

/// Begins a plan.
pub(crate) async fn begin(State(app): State<App>, visit: Visit, FormBody(draft): FormBody<PlanDraft>) -> Answer {
    match plans::begin(&app, &visit.actor, &draft).await {
        Ok(id) => Ok(Redirect::to(&format!("{DESK}/{id}")).into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            let (status, form) = again(&t, form(&t, &visit, &draft), error)?;
            form_page(&app, &visit, t.of("policy-plan-new"), &[(DESK, t.of("policy-plans"))], status, form).await
        }
    }
}

/// One plan of the office.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<PlanId>) -> Answer {
    draw(&app, &visit, id, "", |form| Ok((StatusCode::OK, form))).await
}

/// The page; `each` changes the form of this name.
async fn draw(
    app: &App,
    visit: &Visit,
    id: PlanId,
    which: &str,
    each: impl FnOnce(Form) -> Result<(StatusCode, Form), module::Failure>,
) -> Answer {
    let t = app.words(visit.locale);
    let whole = plans::read(app, &visit.actor, id).await?;
    let may_write = visit.actor.may_somewhere(&permissions::WRITE).is_ok();
    let base = format!("{DESK}/{id}");
    let mut panels = vec![
        Panel::new("indicators", t.of("policy-indicators"), indicators(&t, &whole.indicators).show(&t)),
        Panel::new("tasks", t.of("policy-plan-tasks"), tasks(&t, &whole.tasks).show(&t)),
    ];
    let mut status = StatusCode::OK;
    if may_write {
        let mut each = Some(each);
        for (name, key, form) in forms(&t, visit, &base, &whole) {
            let form = match each.take_if(|_| name == which) {
                Some(each) => {
                    let (code, form) = each(form)?;
                    status = code;
                    form
                }
                None => form,
            };
            panels.push(Panel::new(name, t.of(key), form.show(&t)));
        }
    }
    let draft = whole.plan.published_at.is_none();
    let publish = (may_write && draft)
        .then(|| button_form(visit, &format!("{base}/publish"), &[], &t.of("policy-do-publish")).show(&t));
    let view = FilePage {
        frame: frame(app, visit, t.text(&whole.plan.title), &[(DESK, t.of("policy-plans"))]).await?,
        subtitle: format!("{} · {}", whole.plan.number, years(&whole.plan)),
        badges: Vec::new(),
        actions: if draft {
            Vec::new()
        } else {
            vec![Link::new(t.of("policy-read"), format!("{PUBLIC}/{id}")).icon("file-text")]
        },
        alert: None,
        tabs: Tabs::default(),
        panels,
        aside: vec![Panel::new(
            "about",
            t.of("policy-about"),
            Html::of(&module::pages::Pair(
                library::paragraphs(&format!("{}\n{}", whole.plan.summary, whole.plan.note)),
                publish.unwrap_or_default(),
            )),
        )],
    };
    Ok(ui::page(status, &view))
}

fn indicators(t: &Words, indicators: &[Indicator]) -> Table {
    let row = |one: &Indicator| {
        let last = one.values.last().map_or_else(String::new, |(year, value)| format!("{value} ({year})"));
        let done = one.done().map_or(Cell::Nothing, |percent| Cell::Text(format!("{percent}%")));
        Row::plain(vec![
            Cell::Two(one.name.clone(), one.unit.clone()),
            Cell::Text(one.base.clone()),
            Cell::Text(last),
            Cell::Text(one.target.clone()),
            done,
        ])
    };
    Table {
        caption: t.of("policy-indicators"),
        columns: [Column::text(t.of("policy-indicator"))]
            .into_iter()
            .chain(
                ["policy-base", "policy-actual", "policy-target", "policy-done"].map(|key| Column::number(t.of(key))),
            )
            .collect(),
        rows: indicators.iter().map(row).collect(),
        empty: Empty { title: t.of("policy-indicators-none"), ..Empty::default() },
        ..Table::default()
    }
}

/// A light with its word, so that nobody needs to tell red from green.
fn light(t: &Words, light: Light) -> Badge {
    let tone = match light {
        Light::Green => Tone::Good,
        Light::Amber => Tone::Warning,
        Light::Red => Tone::Bad,
    };
    Badge::new(tone, t.of(&format!("policy-light-{}", light.code())))
}

fn tasks(t: &Words, tasks: &[PlanTask]) -> Table {
    let row = |one: &PlanTask| {
        let (light, words) = match one.progress.last() {
            Some((quarter, state, words, _)) => (Cell::Badge(light(t, *state)), format!("{} {words}", quarter.show())),
            None => (Cell::Nothing, String::new()),
        };
        Row::plain(vec![
            Cell::Two(one.title.clone(), one.goal.clone()),
            Cell::Two(one.lead.clone(), one.partners.clone()),
            one.due_on.map_or(Cell::Nothing, |day| Cell::Text(t.date(day))),
            light,
            Cell::Text(words),
        ])
    };
    Table {
        caption: t.of("policy-plan-tasks"),
        columns: ["policy-plan-task", "policy-lead", "policy-due-on", "policy-light", "policy-progress"]
            .map(|key| Column::text(t.of(key)))
            .into(),
        rows: tasks.iter().map(row).collect(),
        empty: Empty { title: t.of("policy-plan-tasks-none"), ..Empty::default() },
        ..Table::default()
    }
}

type NamedForm = (&'static str, &'static str, Form);

/// What the office adds and notes.
fn forms(t: &Words, visit: &Visit, base: &str, whole: &WholePlan) -> Vec<NamedForm> {
    let post = |path: &str, submit: &str, fields: Vec<Field>| {
        Form::post(visit.once(&format!("{base}/{path}")), visit.form_token.clone(), t.of(submit))
            .id(path)
            .fields_only(fields)
    };
    let text = |name: &str, key: &str| Field::text(name, t.of(key)).half();
    let mut forms = Vec::new();
    if !whole.tasks.is_empty() {
        let choices = whole.tasks.iter().map(|one| Choice::new(one.id.text(), one.title.clone())).collect();
        let lights =
            Light::ALL.map(|one| Choice::new(one.code(), t.of(&format!("policy-light-{}", one.code())))).into();
        let fields = vec![
            Field::select("task", t.of("policy-plan-task"), choices).required(),
            Field::radio("light", t.of("policy-light"), lights).required(),
            Field::text_area("words", t.of("policy-progress")).required().max_length(1_000),
        ];
        forms.push(("progress", "policy-note-progress", post("progress", "policy-save", fields)));
    }
    if !whole.indicators.is_empty() {
        let choices = whole.indicators.iter().map(|one| Choice::new(one.id.text(), one.name.clone())).collect();
        let fields = vec![
            Field::select("indicator", t.of("policy-indicator"), choices).required(),
            Field::integer("year", t.of("policy-year")).required().half(),
            text("value", "policy-actual").required(),
        ];
        forms.push(("values", "policy-note-value", post("values", "policy-save", fields)));
    }
    let indicator = vec![
        text("name", "policy-indicator").required(),
        text("unit", "policy-unit"),
        text("base", "policy-base").required(),
        text("target", "policy-target").required(),
    ];
    forms.push(("indicator", "policy-add-indicator", post("indicators", "policy-add", indicator)));
    let task = vec![
        Field::text("title", t.of("policy-plan-task")).required(),
        text("goal", "policy-goal"),
        text("lead", "policy-lead").required(),
        text("partners", "policy-partners"),
        Field::date("due_on", t.of("policy-due-on")).half(),
    ];
    forms.push(("task", "policy-add-task", post("tasks", "policy-add", task)));
    forms
}

type Sent = Vec<(String, String)>;

fn given<'a>(sent: &'a Sent, name: &str) -> &'a str {
    sent.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

async fn answered(
    app: &App,
    visit: &Visit,
    id: PlanId,
    which: &str,
    sent: &Sent,
    done: jinmen_core::Result<()>,
) -> Answer {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{DESK}/{id}")).into_response()),
        Err(error) => {
            let t = app.words(visit.locale);
            let typed =
                |name: &str| sent.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_str()).collect();
            draw(app, visit, id, which, |form| again(&t, form.fill(typed), error)).await
        }
    }
}

/// Adds an indicator.
pub(crate) async fn add_indicator(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PlanId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let draft = IndicatorDraft {
        name: given(&sent, "name").into(),
        unit: given(&sent, "unit").into(),
        base: given(&sent, "base").into(),
        target: given(&sent, "target").into(),
    };
    let done = plans::add_indicator(&app, &visit.actor, id, &draft).await.map(drop);
    answered(&app, &visit, id, "indicator", &sent, done).await
}

/// Adds a task.
pub(crate) async fn add_task(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PlanId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let draft = TaskDraft {
        goal: given(&sent, "goal").into(),
        title: given(&sent, "title").into(),
        lead: given(&sent, "lead").into(),
        partners: given(&sent, "partners").into(),
        due_on: given(&sent, "due_on").into(),
    };
    let done = plans::add_task(&app, &visit.actor, id, &draft).await.map(drop);
    answered(&app, &visit, id, "task", &sent, done).await
}

/// Notes what an indicator came to.
pub(crate) async fn note_value(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PlanId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let done = match given(&sent, "indicator").parse::<IndicatorId>() {
        Ok(indicator) => plans::note_value(&app, &visit.actor, indicator, given(&sent, "year"), given(&sent, "value"))
            .await
            .map(drop),
        Err(_) => Err(Error::field("indicator", "core.required")),
    };
    answered(&app, &visit, id, "values", &sent, done).await
}

/// Notes how a task stands.
pub(crate) async fn note_progress(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PlanId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let done = match given(&sent, "task").parse::<PlanTaskId>() {
        Ok(task) => {
            plans::note_progress(&app, &visit.actor, task, given(&sent, "light"), given(&sent, "words")).await.map(drop)
        }
        Err(_) => Err(Error::field("task", "core.required")),
    };
    answered(&app, &visit, id, "progress", &sent, done).await
}

/// Shows a plan to everybody.
pub(crate) async fn publish(State(app): State<App>, visit: Visit, Path(id): Path<PlanId>) -> Answer {
    plans::publish(&app, &visit.actor, id).await?;
    Ok(Redirect::to(&format!("{DESK}/{id}")).into_response())
}

#[derive(Template)]
#[template(path = "library.html")]
struct PublicList {
    frame: Frame,
    toolbar: Toolbar,
    cards: Vec<Card>,
    empty: Empty,
    pager: Pager,
}

/// The plans that everybody may read.
pub(crate) async fn public(State(app): State<App>, visit: Visit, Query(page): Query<PageRequest>) -> Answer {
    let t = app.words(visit.locale);
    let rows = plans::public(&app, &page).await?;
    let card = |one: &Plan| Card {
        title: t.text(&one.title),
        href: format!("{PUBLIC}/{}", one.id),
        text: one.summary.chars().take(80).collect(),
        particulars: vec![years(one), one.note.clone()],
        ..Card::default()
    };
    let mut frame = app.portal_frame(&visit, t.of("policy-plans"));
    frame.crumbs = vec![Crumb { label: t.of("policy-library"), href: "/policies".into() }];
    let view = PublicList {
        frame,
        toolbar: Toolbar::default(),
        cards: rows.items.iter().map(card).collect(),
        empty: Empty { title: t.of("policy-plans-none"), ..Empty::default() },
        pager: Pager { next: rows.next.map(|after| format!("{PUBLIC}?after={after}")), ..Pager::default() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

#[derive(Template)]
#[template(path = "public.html")]
struct PublicPlan {
    frame: Frame,
    badges: Vec<Badge>,
    note: String,
    panels: Vec<Panel>,
}

/// One plan for everybody.
pub(crate) async fn public_page(State(app): State<App>, visit: Visit, Path(id): Path<PlanId>) -> Answer {
    let t = app.words(visit.locale);
    let whole = plans::read_public(&app, id).await?;
    let mut frame = app.portal_frame(&visit, t.text(&whole.plan.title));
    frame.crumbs = vec![Crumb { label: t.of("policy-plans"), href: PUBLIC.into() }];
    let view = PublicPlan {
        frame,
        badges: vec![Badge::new(Tone::Info, years(&whole.plan))],
        note: whole.plan.note.clone(),
        panels: vec![
            Panel::new("summary", t.of("policy-plan-summary"), library::paragraphs(&whole.plan.summary)),
            Panel::new("indicators", t.of("policy-indicators"), indicators(&t, &whole.indicators).show(&t)),
            Panel::new("tasks", t.of("policy-plan-tasks"), tasks(&t, &whole.tasks).show(&t)),
        ],
    };
    Ok(ui::page(StatusCode::OK, &view))
}
