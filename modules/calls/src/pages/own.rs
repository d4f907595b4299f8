//! The applicant's own applications: the list, one with its check and its way, team, messages, the paper.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jinmen_core::{Error, PageRequest, PersonId};
use module::pages::{FilePage, ListPage, Panel, button_form, frame, pairs, query_without};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use registry::model::AsOf;
use serde::Deserialize;
use ui::{
    Alert, Cell, Choice, Column, Empty, Fact, Facts, Field, Form, Html, Link, Pager, Row, Tab, Table, Tabs, Tone,
    Toolbar, Words,
};

use super::Part;
use super::shown;
use crate::model::{Application, ApplicationFilter, ApplicationId, ApplicationState, Call, CallId, Phase, Team};
use crate::ops::loaded::Loaded;
use crate::ops::{apply, auto_grant, own_page, papers, read, submit, talk, team, withdraw as back};
use crate::permissions;

pub(super) const PATH: &str = "/work/own-applications";

/// The applications of whoever the actor acts for, newest first.
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<ApplicationFilter>,
    Query(page): Query<PageRequest>,
) -> Answer {
    let t = app.words(visit.locale);
    let rows = apply::mine(&app, &visit.actor, &filter, &page).await?;
    let ids: Vec<CallId> = rows.items.iter().map(|one| one.call).collect();
    let calls = read::titles(&app, &ids).await?;
    // What is due without an application stands above the first page.
    let first = page.after.as_deref().is_none_or(str::is_empty) && filter.state.is_none();
    let offers = if first { auto_grant::mine(&app, &visit.actor).await? } else { Vec::new() };
    let query = query_without(&pairs(&filter), &["after"]);
    let states = ApplicationState::ALL.iter().map(|one| Choice::new(one.code(), t.of(&one.message_key()))).collect();
    let find = Link::new(t.of("calls-find"), "/calls?phase=open").icon("search");
    let view = ListPage {
        frame: frame(&app, &visit, t.of("calls-own"), &[]).await?,
        toolbar: Toolbar {
            action: PATH.into(),
            filters: vec![
                Field::select("state", t.of("calls-state"), states).value(filter.state.clone().unwrap_or_default()),
            ],
            clear: PATH.into(),
            primary: Some(find.clone()),
            ..Toolbar::default()
        },
        above: super::offers::above(&t, &offers, app.clock.today()),
        table: Table {
            caption: t.of("calls-own"),
            columns: ["calls-title", "calls-state", "calls-stage", "calls-window", "calls-saved"]
                .map(|key| Column::text(t.of(key)))
                .into(),
            rows: rows.items.iter().map(|one| row(&t, one, &calls)).collect(),
            empty: Empty { title: t.of("calls-own-none"), text: t.of("calls-own-none-text"), steps: vec![find] },
            ..Table::default()
        },
        pager: Pager { next: rows.next.map(|after| format!("{PATH}?{query}&after={after}")), ..Pager::default() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn row(t: &Words, one: &Application, calls: &[Call]) -> Row {
    let call = calls.iter().find(|call| call.id == one.call);
    let stage = call.and_then(|call| call.setup.stage(&one.stage)).map(|stage| t.text(&stage.title));
    Row::link(
        own_page(one.id),
        vec![
            Cell::Two(call.map(|call| t.text(&call.title)).unwrap_or_default(), number(t, one)),
            Cell::Badge(shown::state(t, one.state)),
            Cell::Text(stage.unwrap_or_default()),
            Cell::Text(call.map(|call| shown::window(t, call)).unwrap_or_default()),
            Cell::Instant(one.saved_at),
        ],
    )
}

fn number(t: &Words, one: &Application) -> String {
    if one.number.is_empty() { t.of("calls-no-number") } else { one.number.clone() }
}

/// Which call is applied to.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Begun {
    call: String,
}

/// Begins an application, or goes on with the draft.
pub(crate) async fn begin(State(app): State<App>, visit: Visit, FormBody(sent): FormBody<Begun>) -> Answer {
    let call: CallId = sent.call.parse().map_err(|_| Error::NotFound)?;
    let id = apply::begin(&app, &visit.actor, call).await?;
    Ok(Redirect::to(&format!("{}/form", own_page(id))).into_response())
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
    let loaded = apply::read(app, &visit.actor, id).await?;
    let now = app.clock.now();
    let as_of = AsOf { day: now.date(), known: now };
    let may = visit.actor.may_somewhere(&permissions::APPLY).is_ok();
    let (one, call) = (&loaded.application, &loaded.call);
    let panels = match tab {
        "answers" => vec![
            Panel::new("answers", t.of("calls-answers"), shown::answers(&t, &loaded, as_of, None)),
            Panel::new("files", t.of("calls-papers"), shown::files(&t, &loaded, "/work/own-application-files")),
        ],
        "messages" => messages(app, &t, visit, id, may).await?,
        "team" => crew(app, &t, visit, one, may).await?,
        _ => overview(app, &t, visit, &loaded, as_of, may).await?,
    };
    let mut actions = Vec::new();
    if may && one.is_open() {
        actions.push(Link::new(t.of("calls-fill"), format!("{}/form", own_page(id))).icon("edit"));
    }
    actions.push(Link::new(t.of("calls-print"), format!("{}/print", own_page(id))).icon("printer"));
    let view = FilePage {
        frame: frame(app, visit, t.text(&call.title), &[(PATH, t.of("calls-own"))]).await?,
        subtitle: format!("{} {}", number(&t, one), one.applicant_name),
        badges: vec![shown::state(&t, one.state)],
        actions,
        alert: alert.or_else(|| note(&t, &loaded)),
        tabs: tabs(&t, id, tab),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

fn tabs(t: &Words, id: ApplicationId, active: &str) -> Tabs {
    let tab = |name: &str, key: &str| Tab {
        label: t.of(key),
        href: if name.is_empty() { own_page(id) } else { format!("{}?tab={name}", own_page(id)) },
        active: active == name,
        count: None,
    };
    Tabs(vec![
        tab("", "calls-tab-overview"),
        tab("answers", "calls-answers"),
        tab("messages", "calls-messages"),
        tab("team", "calls-team"),
    ])
}

fn note(t: &Words, loaded: &Loaded) -> Option<Alert> {
    let one = &loaded.application;
    match (one.state, &one.returned) {
        (ApplicationState::Returned, Some(returned)) => {
            let names: Vec<String> = returned
                .fields
                .iter()
                .filter_map(|name| loaded.form.field(name))
                .map(|field| shown::title(t, field, &loaded.call))
                .collect();
            let fields = names.join(if t.is_chinese() { "、" } else { ", " });
            let title = t.with("calls-correct-until", &[("day", t.date(returned.due_on).into())]);
            let text =
                t.with("calls-correct-what", &[("reason", returned.reason.as_str().into()), ("fields", fields.into())]);
            let link = Link::new(t.of("calls-correct-do"), format!("{}/form", own_page(one.id)));
            Some(Alert::new(Tone::Warning, text).title(title).link(link))
        }
        (ApplicationState::Rejected, _) => {
            Some(Alert::new(Tone::Bad, one.reason.clone()).title(t.of("calls-application-rejected")))
        }
        (ApplicationState::Approved, _) => Some(Alert::new(Tone::Good, t.of("calls-approved-text"))),
        _ => None,
    }
}

async fn overview(
    app: &App,
    t: &Words,
    visit: &Visit,
    loaded: &Loaded,
    as_of: AsOf,
    may: bool,
) -> jinmen_core::Result<Vec<Panel>> {
    let (one, call) = (&loaded.application, &loaded.call);
    let granted = auto_grant::came(app, one.id).await?;
    let mut panels = vec![Panel::new("way", t.of("calls-way"), shown::stages(t, call, one, granted).show(t))];
    if !one.number.is_empty() {
        panels.push(Panel::new("receipt", t.of("calls-receipt"), receipt(t, one)));
    }
    let said = loaded.eligibility(as_of)?;
    let proof = shown::eligibility(t, &said);
    if !proof.is_empty() {
        panels.push(Panel::new("eligibility", t.of("calls-eligibility"), proof));
    }
    if one.is_open() {
        panels.push(Panel::new("submit", t.of("calls-check-and-submit"), check(app, t, visit, loaded, may)));
    }
    let history = record::history(&app.db, &crate::ops::object(one.id), &PageRequest::default()).await?;
    panels.push(Panel::new("timeline", t.of("calls-timeline"), shown::timeline(t, &history.items, false)));
    if may && !one.state.is_final() {
        panels.push(Panel::new("withdraw", t.of("calls-withdraw"), withdraw_form(t, visit, one).show(t)));
    }
    Ok(panels)
}

/// The acknowledgement: number, instant, digest.
fn receipt(t: &Words, one: &Application) -> Html {
    let mut lines = vec![Fact::plain(t.of("calls-number"), one.number.clone())];
    lines.extend(one.submitted_at.map(|at| Fact::plain(t.of("calls-submitted-at"), t.instant(at))));
    lines.push(Fact::plain(t.of("calls-digest"), one.digest.clone()));
    Facts { lines, legend: false }.show(t)
}

/// What stands against handing it in, or the button.
fn check(app: &App, t: &Words, visit: &Visit, loaded: &Loaded, may: bool) -> Html {
    if let Some(missing) = missing(t, loaded) {
        return missing;
    }
    let late = loaded.application.state == ApplicationState::Draft && loaded.call.phase(app.clock.now()) != Phase::Open;
    if late || !may {
        return shown::paragraphs(&t.of(if late { "fault-calls-too-late" } else { "calls-other-hat" }));
    }
    let action = visit.once(&format!("{}/submit", own_page(loaded.application.id)));
    let mut form = Form::post(action, visit.form_token.clone(), t.of("calls-submit"))
        .id("submit")
        .fields_only(Vec::new())
        .irreversible(t.of("calls-submit-help"));
    form.strong = true;
    form.show(t)
}

/// What stands against handing it in, each with a link to where it is answered; nothing where nothing does.
pub(super) fn missing(t: &Words, loaded: &Loaded) -> Option<Html> {
    let faults = submit::faults_of(loaded);
    if faults.is_empty() {
        return None;
    }
    let base = format!("{}/form", own_page(loaded.application.id));
    let links = faults.iter().map(|fault| {
        let path = fault.field.as_deref().unwrap_or_default();
        let anchor: String = path.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' }).collect();
        let text = format!("{}：{}", named(t, loaded, path), module::sentence(t, fault));
        Link::new(text, format!("{base}#f-{anchor}"))
    });
    let intro = t.with("calls-still-missing", &[("n", faults.len().into())]);
    Some(Html::of(&module::pages::Pair(shown::paragraphs(&intro), shown::links(links.take(40).collect()))))
}

/// What a path of an answer is called.
fn named(t: &Words, loaded: &Loaded, path: &str) -> String {
    let mut parts = path.split('.');
    let first = parts.next().unwrap_or_default();
    match (loaded.form.field(first), parts.next().and_then(|row| row.parse::<usize>().ok()), loaded.form.at(path)) {
        (Some(group), Some(row), Some(field)) => super::fill::row_label(t, group, field, row),
        (Some(field), ..) => shown::title(t, field, &loaded.call),
        _ if first == apply::TRACK => t.of("calls-track"),
        _ if first == apply::GROUP => t.of("calls-group"),
        _ => first.to_owned(),
    }
}

fn withdraw_form(t: &Words, visit: &Visit, one: &Application) -> Form {
    let mut form = Form::post(
        visit.once(&format!("{}/withdraw", own_page(one.id))),
        visit.form_token.clone(),
        t.of("calls-withdraw"),
    )
    .id("withdraw");
    form.quiet = true;
    match one.state {
        ApplicationState::Draft => form.fields_only(Vec::new()).irreversible(t.of("calls-withdraw-draft-help")),
        _ => form
            .fields_only(vec![Field::text("reason", t.of("calls-reason")).required().max_length(500)])
            .irreversible(t.of("calls-withdraw-help")),
    }
}

async fn messages(
    app: &App,
    t: &Words,
    visit: &Visit,
    id: ApplicationId,
    may: bool,
) -> jinmen_core::Result<Vec<Panel>> {
    let said = talk::said(app, &visit.actor, id).await?;
    let mut body = shown::comments(t, &said.items);
    if may {
        let form =
            Form::post(visit.once(&format!("{}/say", own_page(id))), visit.form_token.clone(), t.of("calls-say"))
                .fields_only(vec![Field::text_area("text", t.of("calls-message")).required().max_length(4_000)]);
        body = Html::of(&module::pages::Pair(form.show(t), body));
    }
    Ok(vec![Panel::new("messages", t.of("calls-messages"), body)])
}

async fn crew(app: &App, t: &Words, visit: &Visit, one: &Application, may: bool) -> jinmen_core::Result<Vec<Panel>> {
    let members = team::members(app, &visit.actor, one.id).await?;
    let rows = members.iter().map(|member| {
        Row::plain(vec![
            Cell::Text(member.name.clone()),
            Cell::Text(t.of(&member.part.message_key())),
            Cell::Instant(member.added_at),
        ])
    });
    let table = Table {
        caption: t.of("calls-team"),
        columns: ["calls-member", "calls-member-part", "calls-member-since"].map(|key| Column::text(t.of(key))).into(),
        rows: rows.collect(),
        empty: Empty { title: t.of("calls-team-none"), text: t.of("calls-team-none-text"), ..Empty::default() },
        ..Table::default()
    };
    let mut parts = vec![table.show(t)];
    if may && !one.state.is_final() {
        let remove = members.iter().map(|member| {
            let label = t.with("calls-member-remove", &[("name", member.name.as_str().into())]);
            let action = format!("{}/team/{}/remove", own_page(one.id), member.person);
            button_form(visit, &action, &[], &label).id(format!("r{}", member.person)).show(t)
        });
        parts.extend(remove);
        let choices = Team::ALL.iter().map(|part| Choice::new(part.code(), t.of(&part.message_key()))).collect();
        let form = Form::post(
            visit.once(&format!("{}/team", own_page(one.id))),
            visit.form_token.clone(),
            t.of("calls-member-add"),
        )
        .fields_only(vec![
            Field::text("account", t.of("calls-member-account"))
                .required()
                .help(t.of("calls-member-account-help"))
                .max_length(64)
                .half(),
            Field::select("part", t.of("calls-member-part"), choices).required().value("member").half(),
        ]);
        parts.push(form.show(t));
    }
    Ok(vec![Panel::new("team", t.of("calls-team"), Html::of(&super::desk::Stack { parts }))])
}

/// The page again with what stands against what was wanted.
async fn refused(app: &App, visit: &Visit, id: ApplicationId, tab: &str, error: Error) -> Answer {
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

/// Hands it in.
pub(crate) async fn submit(State(app): State<App>, visit: Visit, Path(id): Path<ApplicationId>) -> Answer {
    match submit::submit(&app, &visit.actor, id).await {
        Ok(_) => Ok(visit.done(&own_page(id), "calls-flash-submitted")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// A reason as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Reason {
    reason: String,
}

/// Takes it back.
pub(crate) async fn withdraw(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    FormBody(sent): FormBody<Reason>,
) -> Answer {
    match back::withdraw(&app, &visit.actor, id, &sent.reason).await {
        Ok(()) => Ok(visit.done(&own_page(id), "calls-flash-withdrawn")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// A text as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Said {
    text: String,
}

/// Says something to the office.
pub(crate) async fn say(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    FormBody(sent): FormBody<Said>,
) -> Answer {
    match talk::say(&app, &visit.actor, id, &sent.text).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?tab=messages", own_page(id))).into_response()),
        Err(error) => refused(&app, &visit, id, "messages", error).await,
    }
}

/// Somebody for the team, as they are sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Joined {
    account: String,
    part: String,
}

/// Takes somebody into the team.
pub(crate) async fn join(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    FormBody(sent): FormBody<Joined>,
) -> Answer {
    match team::add(&app, &visit.actor, id, &sent.account, &sent.part).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?tab=team", own_page(id))).into_response()),
        Err(error) => refused(&app, &visit, id, "team", error).await,
    }
}

/// Takes somebody out of the team.
pub(crate) async fn leave(
    State(app): State<App>,
    visit: Visit,
    Path((id, person)): Path<(ApplicationId, PersonId)>,
) -> Answer {
    team::remove(&app, &visit.actor, id, person).await?;
    Ok(Redirect::to(&format!("{}?tab=team", own_page(id))).into_response())
}

/// Hands out a file of one's own.
pub(crate) async fn file(State(app): State<App>, visit: Visit, Path(id): Path<files::FileId>) -> Answer {
    let file = papers::own(&app, &visit.actor, id).await?;
    registry::uploads::hand_out(&app, &file).await
}

/// The paper (申报书), to be printed, signed and stamped.
pub(crate) async fn print(State(app): State<App>, visit: Visit, Path(id): Path<ApplicationId>) -> Answer {
    let loaded = apply::read(&app, &visit.actor, id).await?;
    paper(&app, &visit, &loaded, (PATH, "calls-own"), &own_page(id)).await
}

#[derive(askama::Template)]
#[template(path = "paper.html")]
struct Paper<'a> {
    frame: ui::Frame,
    paper: &'a Words,
    lead: String,
    title: String,
    lines: Html,
    answers: Html,
    files: Vec<String>,
    office: String,
    mark: String,
}

/// Draws the paper of an application for either side.
pub(super) async fn paper(app: &App, visit: &Visit, loaded: &Loaded, (list, key): (&str, &str), page: &str) -> Answer {
    let t = app.words(visit.locale);
    // Paper that goes to an office is Chinese, whatever the reader's language.
    let zh = app.words(jinmen_core::Locale::ZhCn);
    let now = app.clock.now();
    let (one, call) = (&loaded.application, &loaded.call);
    let mut lines = vec![
        Fact::plain(zh.of("calls-paper-call"), format!("{}（{}）", call.title.zh, call.number)),
        Fact::plain(zh.of("calls-applicant"), one.applicant_name.clone()),
        Fact::plain(zh.of("calls-track"), shown::track(&zh, &one.track, &call.setup.tracks)),
        Fact::plain(zh.of("calls-group"), shown::track(&zh, &one.group, &call.setup.groups)),
    ];
    if !one.number.is_empty() {
        lines.push(Fact::plain(zh.of("calls-number"), one.number.clone()));
        lines.extend(one.submitted_at.map(|at| Fact::plain(zh.of("calls-submitted-at"), zh.instant(at))));
        lines.push(Fact::plain(zh.of("calls-digest"), one.digest.clone()));
    }
    lines.retain(|line| !line.value.is_empty());
    let file = |file: &files::File| {
        let field = loaded.form.field(&file.purpose)?;
        Some(format!("{}：{}", zh.text(&field.title), file.name))
    };
    let view = Paper {
        frame: frame(app, visit, t.of("calls-print"), &[(list, t.of(key)), (page, one.applicant_name.clone())]).await?,
        lead: t.of("calls-print-lead"),
        title: zh.with("calls-paper-title", &[("kind", zh.of(&call.kind.message_key()).into())]),
        lines: Facts { lines, legend: false }.show(&zh),
        answers: shown::answers(&zh, loaded, AsOf { day: now.date(), known: now }, None),
        files: loaded.files.iter().filter_map(file).collect(),
        office: call.setup.office.clone(),
        mark: if one.number.is_empty() { zh.of("calls-paper-draft") } else { String::new() },
        paper: &zh,
    };
    Ok(ui::page(StatusCode::OK, &view))
}
