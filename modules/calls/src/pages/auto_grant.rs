//! The office's pages of applying without applying: the runs of a call, a list to be checked, one firm of it, the payment list.

use std::str::FromStr;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use futures::StreamExt;
use jinmen_core::{Error, Money, OrganizationId};
use module::export::{self, Format, Sheet};
use module::pages::{FilePage, Panel, again, button_form, frame};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde::Deserialize;
use serde_json::{Value, json};
use ui::{
    Alert, Badge, Cell, Column, Empty, Fact, Facts, Field, Form, Html, Link, Pager, Row, Tab, Table, Tabs, Tile, Tiles,
    Tone, Words,
};

use super::desk::PATH as CALLS;
use super::shown;
use crate::model::{
    ANSWER_DAYS, ASKED_MOST, CallId, GrantLine, GrantLineId, GrantLineState, RUN_MOST, Run, RunId, RunState,
};
use crate::ops::auto_grant::{self as granting, Pay, Shown, line_page, obstacles, run_page};
use crate::permissions;

/// Lines of a page.
const PAGE: u32 = 50;

/// The runs of a call, and the button that computes one more.
pub(crate) async fn of_call(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    draw_call(&app, &visit, id, StatusCode::OK, None).await
}

async fn draw_call(app: &App, visit: &Visit, id: CallId, status: StatusCode, alert: Option<Alert>) -> Answer {
    let t = app.words(visit.locale);
    let (call, runs) = granting::runs(app, &visit.actor, id).await?;
    let against = obstacles(&call);
    let may = visit.actor.may_somewhere(&permissions::PROCESS).is_ok();
    let mut panels =
        vec![Panel::new("about", t.of("calls-grant-how"), shown::paragraphs(&t.of("calls-grant-how-text")))];
    let busy = runs.iter().any(|run| matches!(run.state, RunState::Computing | RunState::Checking));
    if !against.is_empty() {
        let lines: Vec<String> = against.iter().map(|fault| module::sentence(&t, fault)).collect();
        panels.push(Panel::new("against", t.of("calls-grant-obstacles"), shown::paragraphs(&lines.join("\n"))));
    } else if may && !busy {
        let mut form = button_form(visit, &format!("{CALLS}/{id}/auto-grant"), &[], &t.of("calls-grant-start"));
        form.strong = true;
        let body = module::pages::Pair(shown::paragraphs(&t.of("calls-grant-start-help")), form.show(&t));
        panels.push(Panel::new("start", t.of("calls-grant-start"), Html::of(&body)));
    }
    panels.push(Panel::new("runs", t.of("calls-grant-runs"), table(&t, &runs).show(&t)));
    let crumbs = [(CALLS, t.of("calls-desk")), (&*format!("{CALLS}/{id}"), t.text(&call.title))];
    let view = FilePage {
        frame: frame(app, visit, t.of("calls-grant"), &crumbs).await?,
        subtitle: t.text(&call.title),
        badges: vec![shown::phase(&t, &call, app.clock.now())],
        actions: Vec::new(),
        alert,
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

fn table(t: &Words, runs: &[Run]) -> Table {
    let row = |run: &Run| {
        Row::link(
            run_page(run.id),
            vec![
                Cell::Text(run.number.clone()),
                Cell::Badge(state(t, run.state)),
                Cell::Number(i64::try_from(run.counts.listed).unwrap_or(i64::MAX)),
                Cell::Two(t.instant(run.started_at), run.started_name.clone()),
            ],
        )
    };
    Table {
        caption: t.of("calls-grant-runs"),
        columns: vec![
            Column::text(t.of("calls-number")),
            Column::text(t.of("calls-state")),
            Column::number(t.of("calls-grant-listed")),
            Column::text(t.of("calls-grant-started")),
        ],
        rows: runs.iter().map(row).collect(),
        empty: Empty { title: t.of("calls-grant-runs-none"), ..Empty::default() },
        ..Table::default()
    }
}

fn state(t: &Words, state: RunState) -> Badge {
    let tone = match state {
        RunState::Computing => Tone::Info,
        RunState::Checking => Tone::Warning,
        RunState::Asking => Tone::Info,
        RunState::Over => Tone::Neutral,
    };
    Badge::new(tone, t.of(&state.message_key()))
}

/// How a line stands.
pub(super) fn line_state(t: &Words, state: GrantLineState) -> Badge {
    let tone = match state {
        GrantLineState::Found | GrantLineState::Asked => Tone::Info,
        GrantLineState::Accepted => Tone::Good,
        GrantLineState::Removed | GrantLineState::Declined => Tone::Neutral,
        GrantLineState::Stopped | GrantLineState::Expired => Tone::Warning,
    };
    Badge::new(tone, t.of(&state.message_key()))
}

/// Computes who is eligible.
pub(crate) async fn start(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    match granting::start(&app, &visit.actor, id).await {
        Ok(run) => Ok(Redirect::to(&run_page(run)).into_response()),
        Err(Error::Conflict(fault)) => {
            let alert = Alert::new(Tone::Bad, module::sentence(&app.words(visit.locale), &fault));
            draw_call(&app, &visit, id, StatusCode::CONFLICT, Some(alert)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Which lines of a run are shown.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Narrow {
    state: String,
    after: Option<i64>,
}

/// A run.
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RunId>,
    Query(narrow): Query<Narrow>,
) -> Answer {
    draw(&app, &visit, id, &narrow, StatusCode::OK, None, |form| form).await
}

async fn draw(
    app: &App,
    visit: &Visit,
    id: RunId,
    narrow: &Narrow,
    status: StatusCode,
    alert: Option<Alert>,
    each: impl FnOnce(Form) -> Form,
) -> Answer {
    let t = app.words(visit.locale);
    let wanted = GrantLineState::from_code(&narrow.state);
    let shown = granting::read(app, &visit.actor, id, wanted, narrow.after, PAGE).await?;
    let unclaimed = granting::unclaimed(app, &shown.lines).await?;
    let may = visit.actor.may_somewhere(&permissions::PROCESS).is_ok();
    let (run, call) = (&shown.run, &shown.call);
    let mut panels = Vec::new();
    if run.state == RunState::Computing {
        panels.push(Panel::new("progress", t.of("calls-grant-run-computing"), progress(app, visit, &t, run).await?));
    } else {
        panels.push(Panel::new("sums", t.of("calls-grant-sums"), tiles(&t, &shown)));
    }
    if may && let Some(form) = ask_form(&t, visit, &shown) {
        panels.push(Panel::new("ask", form.submit.clone(), each(form).show(&t)));
    }
    if !shown.counts.is_empty() {
        panels.push(Panel::new("lines", t.of("calls-grant-lines"), lines(&t, visit, &shown, narrow, &unclaimed, may)));
    }
    if may && matches!(run.state, RunState::Computing | RunState::Checking) {
        let mut form = button_form(visit, &format!("{}/close", run_page(id)), &[], &t.of("calls-grant-close"));
        form.quiet = true;
        let form = form.irreversible(t.of("calls-grant-close-help"));
        panels.push(Panel::new("close", t.of("calls-grant-close"), form.show(&t)));
    }
    let crumbs = [
        (CALLS, t.of("calls-desk")),
        (&*format!("{CALLS}/{}", call.id), t.text(&call.title)),
        (&*format!("{CALLS}/{}/auto-grant", call.id), t.of("calls-grant")),
    ];
    let view = FilePage {
        frame: frame(app, visit, t.with("calls-grant-list", &[("number", run.number.clone().into())]), &crumbs).await?,
        subtitle: t.text(&call.title),
        badges: vec![state(&t, run.state)],
        actions: actions(&t, visit, &shown, may),
        alert: alert.or_else(|| note(&t, run)),
        tabs: tabs(&t, &shown, wanted),
        panels,
        aside: vec![Panel::new("counted", t.of("calls-grant-counted"), counted(&t, run))],
    };
    Ok(ui::page(status, &view))
}

async fn progress(app: &App, visit: &Visit, t: &Words, run: &Run) -> jinmen_core::Result<Html> {
    let Some(id) = run.job.as_deref().and_then(|id| id.parse().ok()) else { return Ok(Html::default()) };
    let job = jobs::get(&app.db, id).await?;
    let bar = ui::Progress {
        events: format!("/work/jobs/{id}/events"),
        title: t.of("calls-grant-progress"),
        done: u64::try_from(job.done_steps).unwrap_or_default(),
        total: u64::try_from(job.all_steps).unwrap_or_default(),
        finished: job.state.is_final(),
        page: visit.path.clone(),
        ..ui::Progress::default()
    };
    Ok(bar.show(t))
}

fn note(t: &Words, run: &Run) -> Option<Alert> {
    let counts = &run.counts;
    if counts.failed {
        return Some(Alert::new(Tone::Warning, t.of("calls-grant-failed")));
    }
    if run.state == RunState::Over && counts.listed == 0 && counts.organizations > 0 {
        return Some(Alert::new(Tone::Info, t.of("calls-grant-nobody-found")));
    }
    (counts.more > 0).then(|| {
        let args = [("most", RUN_MOST.into()), ("n", i64::try_from(counts.more).unwrap_or(i64::MAX).into())];
        Alert::new(Tone::Info, t.with("calls-grant-more", &args))
    })
}

fn count(shown: &Shown, state: GrantLineState) -> (i64, i64) {
    shown.counts.iter().find(|(of, ..)| *of == state).map_or((0, 0), |(_, count, sum)| (*count, *sum))
}

fn tiles(t: &Words, shown: &Shown) -> Html {
    let mut states = vec![GrantLineState::Found, GrantLineState::Asked, GrantLineState::Accepted];
    if shown.run.state == RunState::Checking {
        states.truncate(1);
    }
    let tile = |state: GrantLineState| {
        let (count, sum) = count(shown, state);
        Tile {
            label: t.of(&state.message_key()),
            value: t.number(count),
            unit: format!(" {}", t.of("calls-grant-firms")),
            href: format!("{}?state={}", run_page(shown.run.id), state.code()),
            note: t.money(Money::from_fen(sum)),
            ..Tile::default()
        }
    };
    let wanted = states.into_iter().filter(|state| *state != GrantLineState::Found || count(shown, *state).0 > 0);
    Tiles(wanted.map(tile).collect()).show()
}

/// Asks the firms, or once more those who did not answer.
fn ask_form(t: &Words, visit: &Visit, shown: &Shown) -> Option<Form> {
    let (key, n) = match shown.run.state {
        RunState::Checking => ("calls-grant-ask", count(shown, GrantLineState::Found).0),
        RunState::Asking | RunState::Over => ("calls-grant-ask-again", count(shown, GrantLineState::Expired).0),
        RunState::Computing => return None,
    };
    let form = Form::post(
        visit.once(&format!("{}/ask", run_page(shown.run.id))),
        visit.form_token.clone(),
        t.with(key, &[("n", n.into())]),
    )
    .id("ask")
    .fields_only(vec![
        Field::integer("days", t.of("calls-grant-days"))
            .required()
            .half()
            .value(ANSWER_DAYS.to_string())
            .help(t.of("calls-grant-days-help")),
    ])
    .irreversible(t.with("calls-grant-ask-help", &[("most", ASKED_MOST.into())]));
    (n > 0).then_some(form)
}

fn actions(t: &Words, visit: &Visit, shown: &Shown, may: bool) -> Vec<Link> {
    let mut links = Vec::new();
    if count(shown, GrantLineState::Accepted).0 > 0 {
        if may {
            links.push(
                Link::new(t.of("calls-do-notice"), format!("{CALLS}/{}/notice", shown.call.id)).icon("clipboard-check"),
            );
        }
        if visit.actor.may_somewhere(&permissions::EXPORT).is_ok() {
            let base = run_page(shown.run.id);
            links.push(Link::new(t.of("calls-grant-payments"), format!("{base}/payments.xlsx")).icon("download"));
            links.push(Link::new("CSV", format!("{base}/payments.csv")).icon("download"));
        }
    }
    links
}

fn tabs(t: &Words, shown: &Shown, wanted: Option<GrantLineState>) -> Tabs {
    let base = run_page(shown.run.id);
    let all: i64 = shown.counts.iter().map(|(_, count, _)| count).sum();
    if shown.counts.len() < 2 && wanted.is_none() {
        return Tabs::default();
    }
    let tab = |state: Option<GrantLineState>, count: i64| Tab {
        label: state.map_or_else(|| t.of("calls-grant-all"), |state| t.of(&state.message_key())),
        href: state.map_or_else(|| base.clone(), |state| format!("{base}?state={}", state.code())),
        active: state == wanted,
        count: Some(count),
    };
    let each = GrantLineState::ALL.iter().filter_map(|state| {
        let (count, _) = count(shown, *state);
        (count > 0 || wanted == Some(*state)).then(|| tab(Some(*state), count))
    });
    Tabs(std::iter::once(tab(None, all)).chain(each).collect())
}

/// How the list came about.
fn counted(t: &Words, run: &Run) -> Html {
    let counts = &run.counts;
    let number =
        |key: &str, n: u64| (n > 0).then(|| Fact::plain(t.of(key), t.number(i64::try_from(n).unwrap_or(i64::MAX))));
    let mut lines = vec![
        Fact::plain(t.of("calls-grant-as-of"), t.date(run.as_of)),
        Fact::plain(t.of("calls-grant-started"), format!("{} {}", run.started_name, t.instant(run.started_at))),
    ];
    if let Some(at) = run.asked_at {
        lines.push(Fact::plain(t.of("calls-grant-asked-at"), format!("{} {}", run.asked_name, t.instant(at))));
    }
    lines.extend(
        [
            number("calls-grant-organizations", counts.organizations),
            number("calls-grant-eligible", counts.eligible),
            number("calls-grant-applied", counts.applied),
            number("calls-grant-before", counts.before),
            number("calls-grant-granted", counts.granted),
            number("calls-grant-without-sum", counts.without_sum),
            number("calls-grant-unread", counts.unread),
            number("calls-grant-listed", counts.listed),
        ]
        .into_iter()
        .flatten(),
    );
    Facts { lines, legend: false }.show(t)
}

struct LineRow {
    id: String,
    href: String,
    name: String,
    amount: String,
    state: Badge,
    notes: Vec<String>,
    open: bool,
    ticked: bool,
}

struct Remove {
    action: String,
    token: String,
    reason: Html,
}

#[derive(Template)]
#[template(path = "_grant_lines.html")]
struct Lines<'a> {
    t: &'a Words,
    lines: Vec<LineRow>,
    remove: Option<Remove>,
    pager: Pager,
}

fn lines(t: &Words, visit: &Visit, shown: &Shown, narrow: &Narrow, unclaimed: &[OrganizationId], may: bool) -> Html {
    let open = |line: &GrantLine| matches!(line.state, GrantLineState::Found | GrantLineState::Asked);
    let row = |line: &GrantLine| LineRow {
        id: line.id.text(),
        href: line_page(line.run, line.id),
        name: line.name.clone(),
        amount: t.money(Money::from_fen(line.amount)),
        state: line_state(t, line.state),
        notes: notes(t, line, unclaimed.contains(&line.organization)),
        open: open(line),
        ticked: false,
    };
    let removable =
        may && matches!(shown.run.state, RunState::Checking | RunState::Asking) && shown.lines.iter().any(open);
    let base = run_page(shown.run.id);
    let remove = removable.then(|| Remove {
        action: visit.once(&format!("{base}/remove")),
        token: visit.form_token.clone(),
        reason: Field::text("reason", t.of("calls-grant-remove-reason")).required().max_length(500).show(t),
    });
    let query = if narrow.state.is_empty() {
        String::new()
    } else {
        format!("state={}&", module::pages::encoded(&narrow.state))
    };
    let pager = Pager {
        previous: narrow.after.map(|_| format!("{base}?{}", query.trim_end_matches('&'))),
        next: shown.next.map(|after| format!("{base}?{query}after={after}")),
        ..Pager::default()
    };
    Html::of(&Lines { t, lines: shown.lines.iter().map(row).collect(), remove, pager })
}

/// What is to be known of a line.
fn notes(t: &Words, line: &GrantLine, unclaimed: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if !line.reason.is_empty() {
        notes.push(line.reason.clone());
    }
    match line.state {
        GrantLineState::Found | GrantLineState::Asked if unclaimed => notes.push(t.of("calls-grant-unclaimed")),
        GrantLineState::Asked => {
            notes.extend(line.due_on.map(|day| t.with("calls-grant-until", &[("day", t.date(day).into())])));
        }
        GrantLineState::Accepted | GrantLineState::Declined => {
            notes.extend(line.answered_at.map(|at| format!("{} {}", line.answered_name, t.instant(at))));
        }
        GrantLineState::Expired if line.asked >= ASKED_MOST => notes.push(t.of("calls-grant-asked-twice")),
        _ => {}
    }
    if line.has_draft && matches!(line.state, GrantLineState::Found | GrantLineState::Asked) {
        notes.push(t.of("calls-grant-has-draft"));
    }
    notes
}

type Sent = Vec<(String, String)>;

fn given(sent: &Sent, name: &str) -> String {
    sent.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone()).unwrap_or_default()
}

/// Takes firms out.
pub(crate) async fn remove(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RunId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let ids: Vec<GrantLineId> =
        sent.iter().filter(|(name, _)| name == "id").filter_map(|(_, id)| id.parse().ok()).collect();
    let back = given(&sent, "back");
    match granting::remove(&app, &visit.actor, id, &ids, &given(&sent, "reason")).await {
        Ok(()) => Ok(visit.done(&run_page(id), "calls-flash-done")),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Stale)) if back == "line" && ids.len() == 1 => {
            draw_line(&app, &visit, id, ids[0], Some((&sent, error))).await
        }
        Err(error) => refused(&app, &visit, id, error).await,
    }
}

/// The page again with what stands against it.
async fn refused(app: &App, visit: &Visit, id: RunId, error: Error) -> Answer {
    let t = app.words(visit.locale);
    let (status, text) = match &error {
        Error::Invalid(faults) => {
            let words: Vec<String> = faults.iter().map(|fault| module::sentence(&t, fault)).collect();
            let text = match faults.iter().any(|fault| fault.field.as_deref() == Some("reason")) {
                true => t.of("calls-grant-remove-reason-missing"),
                false => words.join("；"),
            };
            (StatusCode::UNPROCESSABLE_ENTITY, text)
        }
        Error::Conflict(fault) => (StatusCode::CONFLICT, module::sentence(&t, fault)),
        Error::Stale => (StatusCode::PRECONDITION_FAILED, t.of("problem-core-stale-detail")),
        _ => return Err(error.into()),
    };
    draw(app, visit, id, &Narrow::default(), status, Some(Alert::new(Tone::Bad, text)), |form| form).await
}

/// Asks the firms.
pub(crate) async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RunId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let t = app.words(visit.locale);
    let days = given(&sent, "days");
    match granting::ask(&app, &visit.actor, id, days.trim().parse().unwrap_or(0)).await {
        Ok((asked, stopped)) => {
            let args = [("asked", asked.into()), ("stopped", stopped.into())];
            let key = if stopped == 0 { "calls-grant-asked" } else { "calls-grant-asked-some" };
            let alert = Alert::new(Tone::Good, t.with(key, &args));
            draw(&app, &visit, id, &Narrow::default(), StatusCode::OK, Some(alert), |form| form).await
        }
        Err(error @ Error::Invalid(_)) => {
            // What is wrong stands beside the field.
            let (status, _) = again(&t, Form::default(), Error::Invalid(Vec::new()))?;
            let each = |form: Form| {
                let typed = |name: &str| if name == "days" { vec![days.as_str()] } else { Vec::new() };
                again(&t, form.fill(typed), error).map(|(_, form)| form).unwrap_or_default()
            };
            draw(&app, &visit, id, &Narrow::default(), status, None, each).await
        }
        Err(error) => refused(&app, &visit, id, error).await,
    }
}

/// Gives a list up.
pub(crate) async fn close(State(app): State<App>, visit: Visit, Path(id): Path<RunId>) -> Answer {
    match granting::close(&app, &visit.actor, id).await {
        Ok(()) => Ok(visit.done(&run_page(id), "calls-flash-done")),
        Err(error) => refused(&app, &visit, id, error).await,
    }
}

/// One firm of a run: why it is in the list.
pub(crate) async fn line(State(app): State<App>, visit: Visit, Path((run, id)): Path<(RunId, GrantLineId)>) -> Answer {
    draw_line(&app, &visit, run, id, None).await
}

async fn draw_line(app: &App, visit: &Visit, run: RunId, id: GrantLineId, refused: Option<(&Sent, Error)>) -> Answer {
    let t = app.words(visit.locale);
    let (run, call, line, proof) = granting::line(app, &visit.actor, run, id).await?;
    let unclaimed = !granting::unclaimed(app, std::slice::from_ref(&line)).await?.is_empty();
    let mut facts = vec![
        Fact::plain(t.of("calls-grant-amount"), t.money(Money::from_fen(line.amount))),
        Fact::plain(t.of("calls-state"), t.of(&line.state.message_key())),
    ];
    facts.extend(notes(&t, &line, unclaimed).into_iter().map(|note| Fact::plain(t.of("calls-grant-note"), note)));
    if let Some(application) = line.application {
        facts.push(
            Fact::plain(t.of("calls-one"), t.of("calls-grant-application"))
                .action(Link::new(t.of("calls-grant-open"), crate::ops::desk_page(application))),
        );
    }
    if visit.actor.may_somewhere(&registry::permissions::READ_ORGANIZATION).is_ok() {
        let href = format!("/work/organizations/{}", line.organization);
        facts.push(
            Fact::plain(t.of("calls-grant-firm"), line.name.clone()).action(Link::new(t.of("calls-grant-file"), href)),
        );
    }
    let key = if line.decision.is_some() { "calls-grant-why-kept" } else { "calls-grant-why-now" };
    let mut panels = vec![
        Panel::new("facts", t.of("calls-at-a-glance"), Facts { lines: facts, legend: false }.show(&t)),
        Panel::new("why", t.of(key), shown::eligibility(&t, &crate::ops::loaded::said(&call.setup, &proof))),
    ];
    let may = visit.actor.may_somewhere(&permissions::PROCESS).is_ok();
    let mut status = StatusCode::OK;
    if may && matches!(line.state, GrantLineState::Found | GrantLineState::Asked) {
        let mut form = remove_form(&t, visit, &line);
        if let Some((sent, error)) = refused {
            let typed = given(sent, "reason");
            (status, form) =
                again(&t, form.fill(|name| if name == "reason" { vec![typed.as_str()] } else { Vec::new() }), error)?;
        }
        panels.push(Panel::new("remove", t.of("calls-grant-remove-one"), form.show(&t)));
    } else if let Some((_, error)) = refused {
        return Err(error.into());
    }
    let crumbs = [
        (CALLS, t.of("calls-desk")),
        (&*format!("{CALLS}/{}", call.id), t.text(&call.title)),
        (&*run_page(run.id), t.with("calls-grant-list", &[("number", run.number.clone().into())])),
    ];
    let view = FilePage {
        frame: frame(app, visit, line.name.clone(), &crumbs).await?,
        subtitle: t.text(&call.title),
        badges: vec![line_state(&t, line.state)],
        actions: Vec::new(),
        alert: None,
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

fn remove_form(t: &Words, visit: &Visit, line: &GrantLine) -> Form {
    let action = visit.once(&format!("{}/remove", run_page(line.run)));
    let mut form =
        Form::post(action, visit.form_token.clone(), t.of("calls-grant-remove-one")).id("remove").fields_only(vec![
            Field::hidden("id", line.id.text()),
            Field::hidden("back", "line"),
            Field::text("reason", t.of("calls-grant-remove-reason")).required().max_length(500),
        ]);
    form.quiet = true;
    form
}

/// The payment list as CSV.
pub(crate) async fn csv(State(app): State<App>, visit: Visit, Path(id): Path<RunId>) -> Answer {
    sheet(&app, &visit, id, "csv").await
}

/// The payment list as a workbook.
pub(crate) async fn xlsx(State(app): State<App>, visit: Visit, Path(id): Path<RunId>) -> Answer {
    sheet(&app, &visit, id, "xlsx").await
}

/// The columns of the payment list; day and voucher are for whoever pays, and come back with the list.
const COLUMNS: [&str; 10] =
    ["application", "firm", "uscc", "holder", "bank", "account", "amount", "item", "paid-on", "voucher"];

async fn sheet(app: &App, visit: &Visit, id: RunId, ending: &str) -> Answer {
    let t = app.words(visit.locale);
    let list = granting::payments(app, &visit.actor, id).await?;
    let mark = t.with(
        "calls-export-mark",
        &[
            ("who", crate::ops::name(&visit.actor).into()),
            ("when", t.instant(app.clock.now()).into()),
            ("call", t.text(&list.call.title).into()),
        ],
    );
    let columns = COLUMNS.iter().map(|key| (key.replace('-', "_"), t.of(&format!("calls-pay-{key}")))).collect();
    let name = t.with("calls-pay-sheet", &[("number", list.run.number.clone().into())]);
    let rows: Vec<jinmen_core::Result<Vec<Value>>> = list.rows.iter().map(|row| Ok(exported(row))).collect();
    export::respond(Format::from_str(ending)?, Sheet { name, columns, mark }, futures::stream::iter(rows).boxed()).await
}

fn exported(row: &Pay) -> Vec<Value> {
    // Yuan as a number that spreadsheets add up: below the largest sum that is kept, its two places are exact.
    let amount = serde_json::Number::from_f64(row.item.left().fen() as f64 / 100.0).map_or(Value::Null, Value::Number);
    vec![
        json!(row.number),
        json!(row.line.name),
        json!(row.line.uscc),
        json!(row.line.name),
        json!(row.account.bank),
        json!(row.account.number),
        amount,
        json!(row.item.number),
        Value::Null,
        Value::Null,
    ]
}
