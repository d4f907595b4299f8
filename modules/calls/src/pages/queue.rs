//! The office's work on applications: the queue with what can be done with many, one application with its steps.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use cases::Audience;
use flow::{Ballot, Doing, Flow, Kind as StepKind, StepDone, StepState};
use jinmen_core::codes::money::Unit;
use jinmen_core::{Date, Error, Fault, Money, PageRequest};
use module::pages::{FilePage, Panel, button_form, frame, pairs, query_without};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use registry::model::AsOf;
use ui::{
    Alert, Choice, Empty, Fact, Facts, Field, FieldKind, Form, Html, Link, Moment, Pager, Tab, Tabs, Timeline, Tone,
    Toolbar, Words,
};

use super::Part;
use super::shown;
use crate::form::Asked;
use crate::model::{Application, ApplicationFilter, ApplicationId, ApplicationState, Call, CallId, StageKind};
use crate::ops::desk::{self, Act, Bulk, Case, Done};
use crate::ops::{Side, archive as archiving, desk_page, papers, read, talk};
use crate::permissions;

const PATH: &str = "/work/applications";

/// Fields as they are sent, several of one name among them.
type Sent = Vec<(String, String)>;

fn given(sent: &Sent, name: &str) -> String {
    sent.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

struct Line {
    id: String,
    href: String,
    applicant: String,
    number: String,
    call: String,
    state: ui::Badge,
    stage: String,
    handler: String,
    submitted: String,
}

#[derive(askama::Template)]
#[template(path = "queue.html")]
struct QueuePage {
    frame: ui::Frame,
    toolbar: Toolbar,
    alert: Option<Alert>,
    lines: Vec<Line>,
    empty: Empty,
    pager: Pager,
    bulk: Option<BulkForm>,
}

/// What can be done with those that are ticked.
struct BulkForm {
    action: String,
    token: String,
    fields: Vec<Html>,
    /// Of a vote; folded, because most of the time nobody votes.
    ballot: Vec<Html>,
}

/// The queue.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<ApplicationFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    draw_list(&app, &visit, &filter, &page, StatusCode::OK, None).await
}

async fn draw_list(
    app: &App,
    visit: &Visit,
    filter: &ApplicationFilter,
    page: &PageRequest,
    status: StatusCode,
    alert: Option<Alert>,
) -> Answer {
    let t = app.words(visit.locale);
    let rows = desk::queue(app, &visit.actor, filter, page).await?;
    let ids: Vec<CallId> = rows.items.iter().map(|one| one.call).collect();
    let calls = read::titles(app, &ids).await?;
    let may = visit.actor.may_somewhere(&permissions::PROCESS).is_ok();
    let query = query_without(&pairs(filter), &["after"]);
    let lines: Vec<Line> = rows.items.iter().map(|one| line(&t, one, &calls)).collect();
    let bulk = (may && !lines.is_empty()).then(|| bulk_form(&t, visit, &query, filter, &calls));
    let view = QueuePage {
        frame: frame(app, visit, t.of("calls-queue"), &[]).await?,
        toolbar: toolbar(&t, filter, &calls),
        alert,
        lines,
        empty: Empty { title: t.of("calls-queue-none"), text: t.of("calls-queue-none-text"), steps: Vec::new() },
        pager: Pager { next: rows.next.map(|after| format!("{PATH}?{query}&after={after}")), ..Pager::default() },
        bulk,
    };
    Ok(ui::page(status, &view))
}

fn toolbar(t: &Words, filter: &ApplicationFilter, calls: &[Call]) -> Toolbar {
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    let states = ApplicationState::ALL.iter().filter(|one| **one != ApplicationState::Draft);
    let states = states.map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect();
    let mut stages: Vec<Choice> = Vec::new();
    for stage in calls.iter().flat_map(|call| &call.setup.stages) {
        if !stages.iter().any(|one| one.value == stage.key) {
            stages.push(Choice::new(stage.key.clone(), t.text(&stage.title)));
        }
    }
    let handlers = ["mine", "nobody"].map(|one| Choice::new(one, t.of(&format!("calls-handler-{one}")))).into();
    let mut more: Vec<Choice> = Vec::new();
    for call in calls {
        if !more.iter().any(|one| one.value == call.id.text()) {
            more.push(Choice::new(call.id.text(), t.text(&call.title)));
        }
    }
    let exports = match filter.call.as_deref().filter(|id| id.parse::<CallId>().is_ok()) {
        Some(id) => {
            let mut links = Toolbar::exports_of(&format!("/work/calls/{id}/applications"), "");
            links.push(Link::new("ZIP", format!("/work/calls/{id}/files.zip")));
            links
        }
        None => Vec::new(),
    };
    Toolbar {
        action: PATH.into(),
        filters: vec![
            Field::new(FieldKind::Search, "q", t.of("calls-filter-applicant")).value(value(&filter.q)),
            Field::select("call", t.of("calls-one"), more).value(value(&filter.call)),
            Field::select("state", t.of("calls-state"), states).value(value(&filter.state)),
        ],
        more: vec![
            Field::select("stage", t.of("calls-stage"), stages).value(value(&filter.stage)),
            Field::select("handler", t.of("calls-handler"), handlers).value(value(&filter.handler)),
        ],
        clear: PATH.into(),
        exports,
        ..Toolbar::default()
    }
}

fn line(t: &Words, one: &Application, calls: &[Call]) -> Line {
    let call = calls.iter().find(|call| call.id == one.call);
    let stage = call.and_then(|call| call.setup.stage(&one.stage)).map(|stage| t.text(&stage.title));
    Line {
        id: one.id.text(),
        href: desk_page(one.id),
        applicant: one.applicant_name.clone(),
        number: one.number.clone(),
        call: call.map(|call| t.text(&call.title)).unwrap_or_default(),
        state: shown::state(t, one.state),
        stage: stage.unwrap_or_default(),
        handler: one.handler_name.clone(),
        submitted: one.submitted_at.map(|at| t.instant(at)).unwrap_or_default(),
    }
}

/// What can be done with many: the questions of a correction only where one call is listed, because they are its form's.
fn bulk_form(t: &Words, visit: &Visit, query: &str, filter: &ApplicationFilter, calls: &[Call]) -> BulkForm {
    let deeds = ["advance", "vote", "return", "reject", "message", "take"];
    let deeds = deeds.map(|deed| Choice::new(deed, t.of(&format!("calls-bulk-{deed}")))).into();
    let number = |name: &str, key: &str| Field::integer(name, t.of(key)).half();
    let mut fields = vec![
        Field::select("deed", t.of("calls-bulk-what"), deeds).required().value("advance"),
        Field::text_area("text", t.of("calls-bulk-text")).help(t.of("calls-bulk-text-help")).max_length(4_000),
    ];
    let one_call = filter.call.is_some() && calls.len() == 1;
    let votes = calls.iter().flat_map(|call| &call.setup.stages).any(|stage| stage.kind == StageKind::Decision);
    let ballot = [
        number("entitled", "calls-vote-entitled"),
        number("present", "calls-vote-present"),
        number("for_it", "calls-vote-for"),
        number("against", "calls-vote-against"),
        number("abstained", "calls-vote-abstained"),
    ];
    let ballot = ballot.iter().filter(|_| votes).map(|field| field.show(t)).collect();
    if one_call {
        fields.push(Field::text("fields", t.of("calls-correct-fields-names")).help(t.of("calls-correct-fields-help")));
    }
    let action = format!("{PATH}/bulk?{query}");
    BulkForm {
        action: visit.once(&action),
        token: visit.form_token.clone(),
        fields: fields.iter().map(|field| field.show(t)).collect(),
        ballot,
    }
}

/// Does something with those that are ticked.
pub(crate) async fn bulk(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<ApplicationFilter>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let t = app.words(visit.locale);
    let page = PageRequest::default();
    let ids: Vec<ApplicationId> =
        sent.iter().filter(|(name, _)| name == "id").filter_map(|(_, id)| id.parse().ok()).collect();
    let done = match wanted(&sent) {
        Ok(what) => desk::bulk(&app, &visit.actor, &ids, &what).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(done) => {
            let tone = if done.refused.is_empty() { Tone::Good } else { Tone::Warning };
            let alert = Alert::new(tone, told(&t, &done));
            draw_list(&app, &visit, &filter, &page, StatusCode::OK, Some(alert)).await
        }
        Err(Error::Invalid(faults)) => {
            let text = faults.first().map(|fault| module::sentence(&t, fault)).unwrap_or_default();
            let alert = Alert::new(Tone::Bad, text);
            draw_list(&app, &visit, &filter, &page, StatusCode::UNPROCESSABLE_ENTITY, Some(alert)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// How many it was done with, and why not with the others.
fn told(t: &Words, done: &Done) -> String {
    let mut text = t.with("calls-bulk-done", &[("n", done.done.into())]);
    for (name, fault) in done.refused.iter().take(10) {
        text.push_str(&format!("\n{name}：{}", module::sentence(t, fault)));
    }
    if done.refused.len() > 10 {
        text.push_str(&format!("\n{}", t.with("calls-bulk-more", &[("n", (done.refused.len() - 10).into())])));
    }
    text
}

fn wanted(sent: &Sent) -> jinmen_core::Result<Bulk> {
    let text = given(sent, "text");
    Ok(match given(sent, "deed").as_str() {
        "advance" => Bulk::Act(Act::done(&text)),
        "reject" => Bulk::Act(Act::reject(&text)),
        "vote" => Bulk::Act(Act::vote(ballot(sent)?, &text)),
        "return" => Bulk::SendBack(names(&given(sent, "fields")), text),
        "message" => Bulk::Say(text),
        "take" => Bulk::Take,
        _ => return Err(Error::field("deed", "core.choice")),
    })
}

fn names(text: &str) -> Vec<String> {
    text.split([',', '，', '、', ' ', '\n']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn ballot(sent: &Sent) -> jinmen_core::Result<Ballot> {
    let number = |name: &str| {
        let text = given(sent, name);
        let text = if text.trim().is_empty() && name == "abstained" { "0".to_owned() } else { text };
        text.trim().parse::<u32>().map_err(|_| Error::field(name, "core.required"))
    };
    Ok(Ballot {
        entitled: number("entitled")?,
        present: number("present")?,
        for_it: number("for_it")?,
        against: number("against")?,
        abstained: number("abstained")?,
    })
}

/// One application.
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    Query(part): Query<Part>,
) -> Answer {
    draw(&app, &visit, id, &part.tab, StatusCode::OK, None).await
}

async fn draw(
    app: &App,
    visit: &Visit,
    id: ApplicationId,
    tab: &str,
    status: StatusCode,
    alert: Option<Alert>,
) -> Answer {
    let t = app.words(visit.locale);
    let case = desk::read(app, &visit.actor, id).await?;
    let may = visit.actor.may_somewhere(&permissions::PROCESS).is_ok();
    let (one, call) = (&case.loaded.application, &case.loaded.call);
    let now = app.clock.now();
    let as_of = AsOf { day: now.date(), known: now };
    let panels = match tab {
        "messages" => messages(app, &t, visit, &case, may).await?,
        "history" => history(app, &t, visit, &case).await?,
        _ => work(&t, visit, &case, as_of, may)?,
    };
    let tab_of = |name: &str, key: &str| Tab {
        label: t.of(key),
        href: if name.is_empty() { desk_page(id) } else { format!("{}?tab={name}", desk_page(id)) },
        active: tab == name,
        count: None,
    };
    let mut actions = vec![Link::new(t.of("calls-print"), format!("{}/print", desk_page(id))).icon("printer")];
    let final_here = one.state.is_final() && visit.actor.may_somewhere(&permissions::EXPORT).is_ok();
    let mut panels = panels;
    if final_here && tab.is_empty() && case.side != Side::Asked {
        panels.push(Panel::new("archive", t.of("calls-archive-make"), archive(&t, visit, id)));
    }
    if final_here && archiving::is_made(app, id).await? {
        actions.push(Link::new(t.of("calls-archive-take"), format!("{}/archive.zip", desk_page(id))).icon("download"));
    }
    let view = FilePage {
        frame: frame(app, visit, one.applicant_name.clone(), &[(PATH, t.of("calls-queue"))]).await?,
        subtitle: format!("{} · {}", one.number, t.text(&call.title)),
        badges: vec![shown::state(&t, one.state)],
        actions,
        alert: alert.or_else(|| note(&t, one)),
        tabs: Tabs(vec![
            tab_of("", "calls-tab-work"),
            tab_of("messages", "calls-messages"),
            tab_of("history", "calls-timeline"),
        ]),
        panels,
        aside: aside(&t, visit, &case, may),
    };
    Ok(ui::page(status, &view))
}

fn note(t: &Words, one: &Application) -> Option<Alert> {
    let returned = one.returned.as_ref()?;
    let title = t.with("calls-with-applicant", &[("day", t.date(returned.due_on).into())]);
    Some(Alert::new(Tone::Warning, returned.reason.clone()).title(title))
}

/// The button that makes the archive of a case.
fn archive(t: &Words, visit: &Visit, id: ApplicationId) -> Html {
    let help = shown::paragraphs(&t.of("calls-archive-help"));
    let button = button_form(visit, &format!("{}/archive", desk_page(id)), &[], &t.of("calls-archive-make"));
    Html::of(&module::pages::Pair(help, button.id("archive-form").show(t)))
}

fn work(t: &Words, visit: &Visit, case: &Case, as_of: AsOf, may: bool) -> jinmen_core::Result<Vec<Panel>> {
    let loaded = &case.loaded;
    let one = &loaded.application;
    let mut panels = Vec::new();
    let mut way = vec![shown::stages(t, &loaded.call, one, case.granted).show(t)];
    if let Some((flow, steps)) = &case.flow {
        if may && one.state == ApplicationState::Submitted {
            way.extend(step_form(t, visit, one.id, flow, steps).map(|form| form.show(t)));
        }
        panels.push(Panel::new("work", t.of("calls-way"), Html::of(&super::desk::Stack { parts: way })));
        let said = opinions(t, flow, steps);
        if !said.is_empty() {
            panels.push(Panel::new("opinions", t.of("calls-opinions"), said));
        }
    }
    let proof = shown::eligibility(t, &loaded.eligibility(as_of)?);
    if !proof.is_empty() {
        panels.push(Panel::new("eligibility", t.of("calls-eligibility"), proof));
    }
    panels.push(Panel::new("answers", t.of("calls-answers"), shown::answers(t, loaded, as_of, None)));
    panels.push(Panel::new("files", t.of("calls-papers"), shown::files(t, loaded, "/work/application-files")));
    if may && case.side != Side::Asked && one.state == ApplicationState::Submitted {
        panels.push(Panel::new("return", t.of("calls-return"), return_form(t, visit, case).show(t)));
    }
    Ok(panels)
}

/// Every step that was done, with its opinion, newest first.
fn opinions(t: &Words, flow: &Flow, steps: &[StepDone]) -> Html {
    let done = steps.iter().rev().filter(|one| one.state == StepState::Done);
    let moments: Vec<Moment> = done
        .map(|one| {
            let title = flow.plan.step(&one.step).map(|step| t.text(&step.title)).unwrap_or_default();
            let outcome = one.outcome.map(|outcome| t.of(&outcome.message_key())).unwrap_or_default();
            let vote = one.ballot().map(|ballot| votes(t, &ballot));
            let alone = one.alone.then(|| t.of("calls-alone"));
            let text = [Some(one.opinion.clone()), vote, alone].into_iter().flatten().filter(|text| !text.is_empty());
            Moment {
                when: one.closed_at.map(|at| t.instant(at)).unwrap_or_default(),
                title: format!("{title} · {outcome}"),
                who: if one.name.is_empty() { t.of("module-by-system") } else { one.name.clone() },
                text: text.collect::<Vec<_>>().join("\n"),
                tone: if one.outcome.is_some_and(flow::Outcome::is_good) { Tone::Good } else { Tone::Warning },
                ..Moment::default()
            }
        })
        .collect();
    if moments.is_empty() { Html::default() } else { Timeline { moments }.show(t) }
}

fn votes(t: &Words, ballot: &Ballot) -> String {
    let number = |number: u32| i64::from(number).into();
    t.with(
        "calls-votes",
        &[
            ("entitled", number(ballot.entitled)),
            ("present", number(ballot.present)),
            ("for_it", number(ballot.for_it)),
            ("against", number(ballot.against)),
            ("abstained", number(ballot.abstained)),
        ],
    )
}

/// The form of the step that is this actor's; none when it is another's turn.
fn step_form(t: &Words, visit: &Visit, id: ApplicationId, flow: &Flow, steps: &[StepDone]) -> Option<Form> {
    let key = desk::own_step(flow, &visit.actor)?;
    let step = flow.plan.step(&key)?;
    let row = steps.iter().rfind(|row| row.stage == flow.stage && row.round == flow.round && row.step == key)?;
    if row.state != StepState::Open {
        return None;
    }
    let number = |name: &str, key: &str| Field::integer(name, t.of(key)).required().half();
    let mut fields = Vec::new();
    match step.kind {
        StepKind::Vote { .. } => fields.extend([
            number("entitled", "calls-vote-entitled"),
            number("present", "calls-vote-present"),
            number("for_it", "calls-vote-for"),
            number("against", "calls-vote-against"),
            Field::integer("abstained", t.of("calls-vote-abstained")).value("0").half(),
            Field::money("granted", t.of("calls-granted"), ui::MoneyUnit::Wan).help(t.of("calls-granted-help")).half(),
        ]),
        StepKind::Notice { .. } => {
            fields.push(Field::date("until", t.of("calls-notice-until")).help(t.of("calls-notice-until-help")))
        }
        StepKind::Act | StepKind::Opinion => {}
    }
    let opinion = Field::text_area("opinion", t.of("calls-opinion")).max_length(4_000);
    fields.push(if step.needs_opinion { opinion.required() } else { opinion });
    fields.push(Field::hidden("seen", flow.version.to_string()));
    let submit = match step.kind {
        StepKind::Vote { .. } => "calls-do-vote",
        StepKind::Notice { .. } => "calls-do-notice",
        StepKind::Opinion => "calls-do-agree",
        StepKind::Act => "calls-do-pass",
    };
    let action = visit.once(&format!("{}/steps/{key}", desk_page(id)));
    let due = row.due_on.map(|day| t.with("calls-due", &[("day", t.date(day).into())])).unwrap_or_default();
    let mut form =
        Form::post(action, visit.form_token.clone(), t.of(submit)).id("step").section(t.text(&step.title), due, fields);
    if step.kind == StepKind::Opinion {
        form = form.also("doing", "disagree", t.of("calls-do-disagree"));
    }
    if step.may_reject {
        form = form.also("doing", "reject", t.of("calls-do-reject"));
    }
    for to in &step.back_to {
        let name = flow.plan.place(to).and_then(|at| flow.plan.stages.get(at)).map(|stage| t.text(&stage.title));
        let label = t.with("calls-do-back", &[("stage", name.unwrap_or_default().into())]);
        form = form.also("doing", format!("return:{to}"), label);
    }
    Some(form)
}

/// Which questions are to be corrected, and why.
fn return_form(t: &Words, visit: &Visit, case: &Case) -> Form {
    let loaded = &case.loaded;
    let shown_fields = loaded.form.fields.iter().filter(|field| loaded.reading.asked(&field.name) != Asked::Not);
    let choices =
        shown_fields.map(|field| Choice::new(field.name.clone(), shown::title(t, field, &loaded.call))).collect();
    let days = i64::from(loaded.call.setup.correction_days);
    let mut form = Form::post(
        visit.once(&format!("{}/return", desk_page(loaded.application.id))),
        visit.form_token.clone(),
        t.of("calls-return-do"),
    )
    .id("return")
    .section(
        String::new(),
        t.with("calls-return-help", &[("n", days.into())]),
        vec![
            Field::checkboxes("fields", t.of("calls-return-fields"), choices).required(),
            Field::text_area("reason", t.of("calls-return-reason")).required().max_length(2_000),
        ],
    );
    form.quiet = true;
    form
}

fn aside(t: &Words, visit: &Visit, case: &Case, may: bool) -> Vec<Panel> {
    let (one, call) = (&case.loaded.application, &case.loaded.call);
    let mut lines = vec![
        Fact::plain(t.of("calls-number"), one.number.clone()),
        Fact::plain(t.of("calls-submitted-at"), one.submitted_at.map(|at| t.instant(at)).unwrap_or_default()),
        Fact::plain(t.of("calls-track"), shown::track(t, &one.track, &call.setup.tracks)),
        Fact::plain(t.of("calls-group"), shown::track(t, &one.group, &call.setup.groups)),
        Fact::plain(t.of("calls-handler"), one.handler_name.clone()),
        Fact::plain(t.of("calls-granted"), one.granted.map(|fen| t.money(Money::from_fen(fen))).unwrap_or_default()),
        Fact::plain(t.of("calls-reason"), one.reason.clone()),
        Fact::plain(t.of("calls-digest"), one.digest.clone()),
    ];
    lines.retain(|line| !line.value.is_empty());
    let mut parts = vec![Facts { lines, legend: false }.show(t)];
    if may && case.side != Side::Asked && !one.state.is_final() {
        let own = one.handler.is_some() && one.handler == visit.actor.person();
        let (value, key) = if own { ("no", "calls-hand-back") } else { ("yes", "calls-hand-take") };
        let action = format!("{}/hand", desk_page(one.id));
        parts.push(button_form(visit, &action, &[("mine", value)], &t.of(key)).id("hand").show(t));
    }
    vec![Panel::new("about", t.of("calls-at-a-glance"), Html::of(&super::desk::Stack { parts }))]
}

async fn messages(app: &App, t: &Words, visit: &Visit, case: &Case, may: bool) -> jinmen_core::Result<Vec<Panel>> {
    let id = case.loaded.application.id;
    let said = talk::all(app, &visit.actor, id).await?;
    let mut body = shown::comments(t, &said.items);
    if may {
        let mut fields = vec![Field::text_area("text", t.of("calls-message")).required().max_length(4_000)];
        if case.side != Side::Asked {
            let audiences =
                ["shared", "internal"].map(|one| Choice::new(one, t.of(&format!("calls-audience-{one}")))).into();
            fields.push(Field::radio("audience", t.of("calls-audience"), audiences).required().value("shared"));
        }
        let action = visit.once(&format!("{}/say", desk_page(id)));
        let form = Form::post(action, visit.form_token.clone(), t.of("calls-say")).fields_only(fields);
        body = Html::of(&module::pages::Pair(form.show(t), body));
    }
    Ok(vec![Panel::new("messages", t.of("calls-messages"), body)])
}

async fn history(app: &App, t: &Words, visit: &Visit, case: &Case) -> jinmen_core::Result<Vec<Panel>> {
    let id = case.loaded.application.id;
    let entries = desk::history(app, &visit.actor, id).await?;
    let handed = desk::submissions(app, &visit.actor, id).await?;
    let lines = handed.iter().map(|one| {
        let label = t.with("calls-round", &[("n", one.round.into())]);
        Fact::plain(label, format!("{} {} {}", t.instant(one.at), one.by, one.digest))
    });
    Ok(vec![
        Panel::new("timeline", t.of("calls-timeline"), shown::timeline(t, &entries, true)),
        Panel::new("handed", t.of("calls-handed-in"), Facts { lines: lines.collect(), legend: false }.show(t)),
    ])
}

/// The page again with what stands against what was wanted.
pub(super) async fn refused(app: &App, visit: &Visit, id: ApplicationId, tab: &str, error: Error) -> Answer {
    let t = app.words(visit.locale);
    let (status, fault) = match error {
        Error::Conflict(fault) => (StatusCode::CONFLICT, Some(fault)),
        Error::Invalid(faults) => (StatusCode::UNPROCESSABLE_ENTITY, faults.into_iter().next()),
        Error::Stale => (StatusCode::PRECONDITION_FAILED, None),
        error => return Err(error.into()),
    };
    let text = fault.map_or_else(|| t.of("problem-core-stale-detail"), |fault| module::sentence(&t, &fault));
    draw(app, visit, id, tab, status, Some(Alert::new(Tone::Bad, text))).await
}

/// Does a step.
pub(crate) async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((id, step)): Path<(ApplicationId, String)>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let done = match typed(step, &sent) {
        Ok(act) => desk::act(&app, &visit.actor, id, act).await.map(drop),
        Err(error) => {
            // Whoever may not see it learns nothing from what is wrong with what they sent.
            desk::read(&app, &visit.actor, id).await?;
            Err(error)
        }
    };
    match done {
        Ok(()) => Ok(visit.done(&desk_page(id), "calls-flash-done")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

fn typed(step: String, sent: &Sent) -> jinmen_core::Result<Act> {
    let doing = given(sent, "doing");
    let has = |name: &str| sent.iter().any(|(known, _)| known == name);
    let doing = match doing.as_str() {
        "disagree" => Doing::Disagree,
        "reject" => Doing::Reject,
        back if back.starts_with("return:") => Doing::Return(back.trim_start_matches("return:").to_owned()),
        _ if has("entitled") => Doing::Vote(ballot(sent)?),
        _ if has("until") => {
            let text = given(sent, "until");
            let until = match text.trim() {
                "" => None,
                text => Some(Date::parse(text).map_err(|fault| Fault::of("until", &fault))?),
            };
            Doing::Begin(until)
        }
        _ => Doing::Done,
    };
    let granted = match given(sent, "granted").trim() {
        "" => None,
        text => Some(Money::parse(text, Unit::TenThousand).map_err(|fault| Fault::of("granted", &fault))?),
    };
    Ok(Act {
        step: Some(step),
        doing,
        opinion: given(sent, "opinion"),
        granted,
        seen: given(sent, "seen").parse().ok(),
    })
}

/// Sends it back for correction.
pub(crate) async fn send_back(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let fields = sent.iter().filter(|(name, _)| name == "fields").map(|(_, field)| field.clone()).collect();
    match desk::send_back(&app, &visit.actor, id, fields, &given(&sent, "reason")).await {
        Ok(_) => Ok(visit.done(&desk_page(id), "calls-flash-returned")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// Says something to the applicant, or notes it.
pub(crate) async fn say(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let audience = if given(&sent, "audience") == "internal" { Audience::Internal } else { Audience::Shared };
    match talk::answer(&app, &visit.actor, id, audience, &given(&sent, "text")).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?tab=messages", desk_page(id))).into_response()),
        Err(error) => refused(&app, &visit, id, "messages", error).await,
    }
}

/// Takes it in hand, or lays it down.
pub(crate) async fn hand(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    match desk::hand_to(&app, &visit.actor, id, given(&sent, "mine") == "yes").await {
        Ok(()) => Ok(Redirect::to(&desk_page(id)).into_response()),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// Hands out a file of an application.
pub(crate) async fn file(State(app): State<App>, visit: Visit, Path(id): Path<files::FileId>) -> Answer {
    let file = papers::of_desk(&app, &visit.actor, id).await?;
    registry::uploads::hand_out(&app, &file).await
}

/// The paper of an application.
pub(crate) async fn print(State(app): State<App>, visit: Visit, Path(id): Path<ApplicationId>) -> Answer {
    let case = desk::read(&app, &visit.actor, id).await?;
    super::own::paper(&app, &visit, &case.loaded, (PATH, "calls-queue"), &desk_page(id)).await
}
