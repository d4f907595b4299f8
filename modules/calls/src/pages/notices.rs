//! Public notices: for everybody with a place to object, for the office with objections to be answered.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use futures::{StreamExt, TryStreamExt};
use jinmen_core::{Date, Error, Money, PageRequest};
use module::pages::{FilePage, ListPage, Panel, again, button_form, encoded, form_page, frame};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use registry::uploads;
use serde::Deserialize;
use ui::{
    Alert, Badge, Card, Cell, Choice, Column, Crumb, Empty, Fact, Facts, Field, Form, Frame, Html, Link, Pager, Row,
    Table, Tabs, Tone, Toolbar, Words,
};

use super::desk::Stack;
use super::shown;
use crate::model::{
    Application, ApplicationId, Call, CallId, Line, LineState, Notice, NoticeId, NoticeState, Objection, ObjectionId,
    ObjectionState,
};
use crate::ops::notice::{self as noticing, NoticeDraft, Shown};
use crate::ops::objection::{self as objecting, FILE_BYTES, FILES_MOST, ObjectionDraft};
use crate::permissions;

const PATH: &str = "/public-notices";
const DESK: &str = "/work/public-notices";

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    frame: Frame,
    cards: Vec<Card>,
    empty: Empty,
    pager: Pager,
}

/// Notices, newest first.
pub(crate) async fn list(State(app): State<App>, visit: Visit, Query(page): Query<PageRequest>) -> Answer {
    let t = app.words(visit.locale);
    let page = PageRequest { limit: Some(24), ..page };
    let rows = noticing::public(&app, None, &page).await?;
    let today = app.clock.today();
    let card = |one: &Notice| Card {
        title: one.title.clone(),
        href: format!("{PATH}/{}", one.id),
        badge: Some(state(&t, one, &app, today)),
        particulars: vec![one.office.clone(), days(&t, one)],
        icon: "clipboard-check".into(),
        ..Card::default()
    };
    let view = NoticesPage {
        frame: app.portal_frame(&visit, t.of("calls-notices")),
        cards: rows.items.iter().map(card).collect(),
        empty: Empty {
            title: t.of("calls-notices-none"),
            text: String::new(),
            steps: vec![Link::new(t.of("ui-portal"), "/")],
        },
        pager: Pager { next: rows.next.map(|after| format!("{PATH}?after={}", encoded(&after))), ..Pager::default() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn days(t: &Words, one: &Notice) -> String {
    t.with("calls-notice-days", &[("from", t.date(one.begins_on).into()), ("to", t.date(one.ends_on).into())])
}

/// Whether it runs, with the working days that are left.
fn state(t: &Words, one: &Notice, app: &App, today: Date) -> Badge {
    if !one.takes_objections(today) {
        let key = if one.state == NoticeState::Over { "calls-notice-state-over" } else { "calls-notice-ended" };
        return Badge::new(Tone::Neutral, t.of(key));
    }
    Badge::new(Tone::Warning, t.with("calls-notice-left", &[("n", left(app, today, one.ends_on).into())]))
}

/// Working days from today to the last day, both counted.
fn left(app: &App, today: Date, last: Date) -> i64 {
    let mut day = today;
    let mut count = 0;
    while day <= last {
        count += i64::from(app.calendar().is_working_day(day).is_ok_and(|answer| answer.working));
        match day.tomorrow() {
            Some(next) => day = next,
            None => break,
        }
    }
    count
}

#[derive(Template)]
#[template(path = "public.html")]
struct PublicPage {
    frame: Frame,
    badges: Vec<Badge>,
    lead: String,
    alert: Option<Alert>,
    action: Html,
    panels: Vec<Panel>,
    telephone: String,
}

/// One notice.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<NoticeId>) -> Answer {
    draw(&app, &visit, id, StatusCode::OK, None, |form| form).await
}

async fn draw(
    app: &App,
    visit: &Visit,
    id: NoticeId,
    status: StatusCode,
    alert: Option<Alert>,
    each: impl FnOnce(Form) -> Form,
) -> Answer {
    let shown = noticing::read_public(app, id).await?;
    let t = app.words(visit.locale);
    let today = app.clock.today();
    let notice = &shown.notice;
    let mine = objecting::mine(app, &visit.actor, id).await?;
    let mut frame = app.portal_frame(visit, notice.title.clone());
    frame.crumbs = vec![Crumb { label: t.of("calls-notices"), href: PATH.into() }];
    let mut panels = Vec::new();
    if !notice.body.is_empty() {
        panels.push(Panel::new("text", t.of("calls-notice-text"), shown::paragraphs(&notice.body)));
    }
    panels.push(Panel::new("list", t.of("calls-notice-list"), lines(&t, &shown, today)));
    panels.push(Panel::new("about", t.of("calls-at-a-glance"), about(&t, notice)));
    if !mine.is_empty() {
        panels.push(Panel::new("mine", t.of("calls-objections-own"), answered(&t, &mine)));
    }
    if notice.takes_objections(today) {
        let body = match visit.actor.signed_in() {
            Ok(_) => each(objection_form(&t, visit, &shown, today)).show(&t),
            Err(_) => shown::paragraphs(&t.of("calls-objection-sign-in")),
        };
        let help = shown::paragraphs(&t.of("calls-objection-help"));
        panels.push(Panel::new("object", t.of("calls-object"), Html::of(&module::pages::Pair(help, body))));
    }
    let view = PublicPage {
        frame,
        badges: vec![state(&t, notice, app, today)],
        lead: days(&t, notice),
        alert,
        action: Html::default(),
        panels,
        telephone: notice.telephone.clone(),
    };
    Ok(ui::page(status, &view))
}

/// Which columns of a list say something: a call that names no projects or no sums has none of them.
struct Told {
    projects: bool,
    sums: bool,
}

impl Told {
    fn of(shown: &Shown) -> Self {
        let projects = shown.lines.iter().any(|line| !line.project.is_empty());
        Self { projects, sums: shown.lines.iter().any(|line| line.amount.is_some()) }
    }

    fn columns(&self, t: &Words, end: &[&str]) -> Vec<Column> {
        let mut columns = vec![Column::text(t.of("calls-applicant"))];
        columns.extend(self.projects.then(|| Column::text(t.of("calls-project"))));
        columns.extend(self.sums.then(|| Column::number(t.of("calls-amount"))));
        columns.extend(end.iter().map(|key| Column::text(t.of(key))));
        columns
    }

    fn cells(&self, line: &Line) -> impl Iterator<Item = Cell> {
        let project = self.projects.then(|| Cell::Text(line.project.clone()));
        let sum = line.amount.map_or(Cell::Nothing, |fen| Cell::Money(Money::from_fen(fen)));
        project.into_iter().chain(self.sums.then_some(sum))
    }
}

/// The list: full names of firms and people, projects, sums; nothing else of anybody.
fn lines(t: &Words, shown: &Shown, today: Date) -> Html {
    let notice = &shown.notice;
    let told = Told::of(shown);
    let rows = shown.lines.iter().filter(|line| line.state != LineState::Removed).map(|line| {
        let (name, state) = (Cell::Text(line.shown(notice, today)), Cell::Badge(line_state(t, line.state)));
        Row::plain([name].into_iter().chain(told.cells(line)).chain([state]).collect())
    });
    Table {
        caption: t.of("calls-notice-list"),
        columns: told.columns(t, &["calls-state"]),
        rows: rows.collect(),
        empty: Empty { title: t.of("calls-notice-empty"), ..Empty::default() },
        ..Table::default()
    }
    .show(t)
}

fn line_state(t: &Words, state: LineState) -> Badge {
    let tone = match state {
        LineState::Listed => Tone::Info,
        LineState::Stopped => Tone::Warning,
        LineState::Removed => Tone::Neutral,
        LineState::Final => Tone::Good,
    };
    Badge::new(tone, t.of(&state.message_key()))
}

fn about(t: &Words, notice: &Notice) -> Html {
    let mut lines = vec![
        Fact::plain(t.of("calls-number"), notice.number.clone()),
        Fact::plain(t.of("calls-basis"), notice.basis.clone()),
        Fact::plain(t.of("calls-notice-time"), days(t, notice)),
        Fact::plain(t.of("calls-office"), notice.office.clone()),
        Fact::plain(t.of("calls-address"), notice.address.clone()),
        Fact::plain(t.of("calls-telephone"), notice.telephone.clone()),
        Fact::plain(t.of("calls-supervision"), notice.supervision.clone()),
    ];
    lines.retain(|line| !line.value.is_empty());
    Facts { lines, legend: false }.show(t)
}

/// One's own objections with their answers.
fn answered(t: &Words, mine: &[Objection]) -> Html {
    let line = |one: &Objection| {
        let state = t.of(&one.state.message_key());
        let text = if one.answer.is_empty() { state } else { format!("{state}：{}", one.answer) };
        Fact::plain(one.number.clone(), text)
    };
    Facts { lines: mine.iter().map(line).collect(), legend: false }.show(t)
}

fn objection_form(t: &Words, visit: &Visit, shown: &Shown, today: Date) -> Form {
    let open = |line: &&Line| matches!(line.state, LineState::Listed | LineState::Stopped);
    let choices = shown
        .lines
        .iter()
        .filter(open)
        .map(|line| Choice::new(line.application.text(), line.shown(&shown.notice, today)))
        .collect();
    let action = visit.once(&format!("{PATH}/{}/objections", shown.notice.id));
    let mut form = Form::post(action, visit.form_token.clone(), t.of("calls-object")).id("object").fields_only(vec![
        Field::select("application", t.of("calls-objection-to"), choices).required(),
        Field::text("name", t.of("calls-objection-name")).required().max_length(50).sensitive().half(),
        Field::new(ui::FieldKind::Telephone, "telephone", t.of("calls-objection-telephone"))
            .required()
            .max_length(40)
            .sensitive()
            .half(),
        Field::text_area("text", t.of("calls-objection-text")).required().max_length(4_000),
        Field::file("file", t.of("calls-objection-evidence"), ".pdf,.jpg,.png,.docx"),
    ]);
    form.multipart = true;
    form
}

/// Files an objection.
pub(crate) async fn object(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<NoticeId>,
    mut body: Multipart,
) -> Answer {
    let mut draft = ObjectionDraft::default();
    while let Some(part) = body.next_field().await.map_err(uploads::unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" && draft.files.len() <= FILES_MOST {
            let file = part.file_name().unwrap_or_default().to_owned();
            let bytes = part.map_ok(|bytes| bytes.to_vec()).map_err(std::io::Error::other).boxed();
            let kept = app.files.blobs().put(bytes, FILE_BYTES).await.map_err(uploads::too_large)?;
            if kept.size > 0 {
                draft.files.push((file, kept));
            }
            continue;
        }
        let text: String = part.text().await.map_err(uploads::unreadable)?.chars().take(10_000).collect();
        match name.as_str() {
            "application" => draft.application = text,
            "name" => draft.name = text,
            "telephone" => draft.telephone = text,
            "text" => draft.text = text,
            _ => {}
        }
    }
    let typed = draft.clone();
    match objecting::file(&app, &visit.actor, id, draft).await {
        Ok(_) => Ok(visit.done(&format!("{PATH}/{id}#mine"), "calls-flash-objected")),
        Err(Error::Invalid(faults)) => {
            let t = app.words(visit.locale);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let value = |name: &str| match name {
                "application" => vec![typed.application.as_str()],
                "name" => vec![typed.name.as_str()],
                "telephone" => vec![typed.telephone.as_str()],
                "text" => vec![typed.text.as_str()],
                _ => Vec::new(),
            };
            draw(&app, &visit, id, status, None, |form| form.fill(value).faults(&faults, &t)).await
        }
        Err(Error::Conflict(fault)) => {
            let t = app.words(visit.locale);
            let alert = Alert::new(Tone::Bad, module::sentence(&t, &fault));
            draw(&app, &visit, id, StatusCode::CONFLICT, Some(alert), |form| form).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The office's notices.
pub(crate) async fn desk_list(State(app): State<App>, visit: Visit, Query(page): Query<PageRequest>) -> Answer {
    let t = app.words(visit.locale);
    let rows = noticing::own(&app, &visit.actor, &page).await?;
    let today = app.clock.today();
    let row = |one: &Notice| {
        Row::link(
            format!("{DESK}/{}", one.id),
            vec![
                Cell::Two(one.title.clone(), one.number.clone()),
                Cell::Badge(state(&t, one, &app, today)),
                Cell::Date(one.begins_on),
                Cell::Date(one.ends_on),
            ],
        )
    };
    let view = ListPage {
        frame: frame(&app, &visit, t.of("calls-notices"), &[]).await?,
        toolbar: Toolbar::default(),
        above: Html::default(),
        table: Table {
            caption: t.of("calls-notices"),
            columns: ["calls-notice-title", "calls-state", "calls-notice-from", "calls-notice-to"]
                .map(|key| Column::text(t.of(key)))
                .into(),
            rows: rows.items.iter().map(row).collect(),
            empty: Empty {
                title: t.of("calls-notices-none"),
                text: t.of("calls-notices-none-text"),
                ..Empty::default()
            },
            ..Table::default()
        },
        pager: Pager { next: rows.next.map(|after| format!("{DESK}?after={after}")), ..Pager::default() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// One notice of the office, with its objections.
pub(crate) async fn desk(State(app): State<App>, visit: Visit, Path(id): Path<NoticeId>) -> Answer {
    draw_desk(&app, &visit, id, StatusCode::OK, None).await
}

async fn draw_desk(app: &App, visit: &Visit, id: NoticeId, status: StatusCode, alert: Option<Alert>) -> Answer {
    let t = app.words(visit.locale);
    let shown = noticing::of_own_office(app, &visit.actor, id).await?;
    let objections = objecting::of_notice(app, &visit.actor, id).await?;
    let ids: Vec<String> = objections.iter().map(|one| one.id.text()).collect();
    let files = app.files.of_many(&app.db, "call_objection", &ids).await?;
    let may = visit.actor.may_somewhere(&permissions::PROCESS).is_ok();
    let today = app.clock.today();
    let mut panels =
        vec![Panel::new("list", t.of("calls-notice-list"), desk_lines(&t, visit, &shown, &objections, may))];
    for one in &objections {
        let name = shown.lines.iter().find(|line| line.application == one.application).map(|line| line.name.clone());
        let title = format!("{} · {}", one.number, name.unwrap_or_default());
        let evidence: Vec<&files::File> = files.iter().filter(|file| file.object.id == one.id.text()).collect();
        panels.push(Panel::new(&format!("o{}", one.id), title, objection(&t, visit, one, &evidence, may)));
    }
    let view = FilePage {
        frame: frame(app, visit, shown.notice.title.clone(), &[(DESK, t.of("calls-notices"))]).await?,
        subtitle: format!("{} · {}", shown.notice.number, days(&t, &shown.notice)),
        badges: vec![state(&t, &shown.notice, app, today)],
        actions: vec![Link::new(t.of("calls-see-public"), format!("{PATH}/{id}")).icon("external-link")],
        alert,
        tabs: Tabs::default(),
        panels,
        aside: vec![Panel::new("about", t.of("calls-at-a-glance"), about(&t, &shown.notice))],
    };
    Ok(ui::page(status, &view))
}

fn desk_lines(t: &Words, visit: &Visit, shown: &Shown, objections: &[Objection], may: bool) -> Html {
    let told = Told::of(shown);
    let rows = shown.lines.iter().map(|line| {
        let end = [Cell::Badge(line_state(t, line.state)), Cell::Text(line.reason.clone())];
        let cells = [Cell::Text(line.name.clone())].into_iter().chain(told.cells(line)).chain(end);
        Row::link(crate::ops::desk_page(line.application), cells.collect())
    });
    let table = Table {
        caption: t.of("calls-notice-list"),
        columns: told.columns(t, &["calls-state", "calls-reason"]),
        rows: rows.collect(),
        ..Table::default()
    };
    let mut parts = vec![table.show(t)];
    let free = |line: &&Line| {
        let open = |one: &Objection| one.application == line.application && one.state == ObjectionState::Open;
        line.state == LineState::Stopped && !objections.iter().any(open)
    };
    for line in shown.lines.iter().filter(free).filter(|_| may) {
        let action = visit.once(&format!("{DESK}/{}/lines/{}", shown.notice.id, line.application));
        let form = Form::post(action, visit.form_token.clone(), t.of("calls-line-keep"))
            .id(format!("l{}", line.application))
            .section(
                t.with("calls-line-decide", &[("name", line.name.as_str().into())]),
                line.reason.clone(),
                vec![Field::text("reason", t.of("calls-reason")).required().max_length(1_000)],
            )
            .also("keep", "no", t.of("calls-line-remove"));
        parts.push(form.show(t));
    }
    Html::of(&Stack { parts })
}

fn objection(t: &Words, visit: &Visit, one: &Objection, evidence: &[&files::File], may: bool) -> Html {
    let mut lines = vec![
        Fact::plain(t.of("calls-state"), t.of(&one.state.message_key())),
        Fact::plain(t.of("calls-objection-filed"), t.instant(one.filed_at)),
        Fact::plain(t.of("calls-objection-text"), one.text.clone()),
        Fact::plain(t.of("calls-objection-findings"), one.findings.clone()),
        Fact::plain(t.of("calls-objection-answer"), one.answer.clone()),
    ];
    lines.retain(|line| !line.value.is_empty());
    let links = evidence.iter().map(|file| Link::new(file.name.clone(), format!("/work/objection-files/{}", file.id)));
    let mut parts = vec![Facts { lines, legend: false }.show(t), shown::links(links.collect())];
    if may {
        let look = button_form(visit, &format!("/work/objections/{}/who", one.id), &[], &t.of("calls-objection-who"));
        parts.push(look.id(format!("w{}", one.id)).show(t));
    }
    if may && one.state == ObjectionState::Open {
        let action = visit.once(&format!("/work/objections/{}/answer", one.id));
        let choices = [ObjectionState::Upheld, ObjectionState::Refused]
            .map(|state| Choice::new(state.code(), t.of(&state.message_key())))
            .into();
        let form = Form::post(action, visit.form_token.clone(), t.of("calls-objection-do")).id(format!("a{}", one.id));
        let form = form.fields_only(vec![
            Field::radio("state", t.of("calls-objection-result"), choices).required(),
            Field::text_area("findings", t.of("calls-objection-findings"))
                .required()
                .help(t.of("calls-objection-findings-help"))
                .max_length(4_000),
            Field::text_area("answer", t.of("calls-objection-answer"))
                .required()
                .help(t.of("calls-objection-answer-help"))
                .max_length(2_000),
        ]);
        parts.push(form.show(t));
    }
    Html::of(&Stack { parts })
}

/// An answer as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Answered {
    state: String,
    findings: String,
    answer: String,
}

/// The page again with what stands against what was wanted.
async fn refused(app: &App, visit: &Visit, id: NoticeId, error: Error) -> Answer {
    let t = app.words(visit.locale);
    let (status, fault) = match error {
        Error::Conflict(fault) => (StatusCode::CONFLICT, Some(fault)),
        Error::Invalid(faults) => (StatusCode::UNPROCESSABLE_ENTITY, faults.into_iter().next()),
        Error::Stale => (StatusCode::PRECONDITION_FAILED, None),
        error => return Err(error.into()),
    };
    let text = fault.map_or_else(|| t.of("problem-core-stale-detail"), |fault| module::sentence(&t, &fault));
    draw_desk(app, visit, id, status, Some(Alert::new(Tone::Bad, text))).await
}

/// Answers an objection.
pub(crate) async fn answer(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ObjectionId>,
    FormBody(sent): FormBody<Answered>,
) -> Answer {
    let upheld = match ObjectionState::from_code(&sent.state) {
        Some(ObjectionState::Upheld) => Ok(true),
        Some(ObjectionState::Refused) => Ok(false),
        _ => Err(Error::field("state", "core.choice")),
    };
    let done = match upheld {
        Ok(upheld) => objecting::answer(&app, &visit.actor, id, upheld, &sent.findings, &sent.answer).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(notice) => Ok(visit.done(&format!("{DESK}/{notice}"), "calls-flash-done")),
        Err(error) => {
            let notice = objecting::notice_of(&app, &visit.actor, id).await?;
            refused(&app, &visit, notice, error).await
        }
    }
}

/// Shows who objected; that somebody looked is recorded.
pub(crate) async fn who(State(app): State<App>, visit: Visit, Path(id): Path<ObjectionId>) -> Answer {
    let (objection, name, telephone) = objecting::who(&app, &visit.actor, id).await?;
    let t = app.words(visit.locale);
    let text = t.with("calls-objection-is-by", &[("name", name.into()), ("telephone", telephone.into())]);
    let alert = Alert::new(Tone::Warning, text).title(objection.number.clone());
    draw_desk(&app, &visit, objection.notice, StatusCode::OK, Some(alert)).await
}

/// Hands out evidence.
pub(crate) async fn evidence(State(app): State<App>, visit: Visit, Path(id): Path<files::FileId>) -> Answer {
    let file = objecting::evidence(&app, &visit.actor, id).await?;
    uploads::hand_out(&app, &file).await
}

/// What becomes of a line that stands still.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Decided {
    keep: String,
    reason: String,
}

/// Lets a line go on or takes it out.
pub(crate) async fn decide(
    State(app): State<App>,
    visit: Visit,
    Path((id, application)): Path<(NoticeId, ApplicationId)>,
    FormBody(sent): FormBody<Decided>,
) -> Answer {
    match noticing::decide(&app, &visit.actor, id, application, sent.keep != "no", &sent.reason).await {
        Ok(()) => Ok(visit.done(&format!("{DESK}/{id}"), "calls-flash-done")),
        Err(error) => refused(&app, &visit, id, error).await,
    }
}

/// The form of a notice for those of a call who wait for one.
pub(crate) async fn new(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    let t = app.words(visit.locale);
    let (call, waiting) = noticing::waiting(&app, &visit.actor, id).await?;
    let title = t.with("calls-notice-about", &[("call", call.title.zh.as_str().into())]);
    let all: Vec<String> = waiting.iter().map(|one| one.id.text()).collect();
    let form = notice_form(&t, &visit, &call, &waiting).fill(|name| match name {
        "title" => vec![title.as_str()],
        "basis" => vec![call.setup.notice.basis.as_str()],
        "id" => all.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    });
    let crumbs =
        [(super::desk::PATH, t.of("calls-desk")), (&*format!("{}/{id}", super::desk::PATH), t.text(&call.title))];
    form_page(&app, &visit, t.of("calls-notice-new"), &crumbs, StatusCode::OK, form).await
}

fn notice_form(t: &Words, visit: &Visit, call: &Call, waiting: &[Application]) -> Form {
    let choices = waiting
        .iter()
        .map(|one| Choice::new(one.id.text(), format!("{} {}", one.number, one.applicant_name)))
        .collect();
    Form::post(
        visit.once(&format!("{}/{}/notice", super::desk::PATH, call.id)),
        visit.form_token.clone(),
        t.of("calls-do-notice"),
    )
    .fields_only(vec![
        Field::text("title", t.of("calls-notice-title")).required().max_length(200),
        Field::text_area("basis", t.of("calls-basis")).required().max_length(1_000),
        Field::text_area("body", t.of("calls-notice-text")).max_length(10_000),
        Field::date("until", t.of("calls-notice-until")).help(t.of("calls-notice-until-help")),
        Field::checkboxes("id", t.of("calls-notice-list"), choices).required(),
    ])
    .irreversible(t.of("calls-notice-begin-help"))
    .cancel(format!("{}/{}", super::desk::PATH, call.id))
}

/// Begins a notice.
pub(crate) async fn begin(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CallId>,
    FormBody(sent): FormBody<Vec<(String, String)>>,
) -> Answer {
    let given =
        |name: &str| sent.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone()).unwrap_or_default();
    let ids: Vec<ApplicationId> =
        sent.iter().filter(|(name, _)| name == "id").filter_map(|(_, id)| id.parse().ok()).collect();
    let draft =
        NoticeDraft { title: given("title"), basis: given("basis"), body: given("body"), until: given("until") };
    match noticing::begin(&app, &visit.actor, id, &ids, &draft).await {
        Ok(notice) => Ok(Redirect::to(&format!("{DESK}/{notice}")).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Stale)) => {
            let t = app.words(visit.locale);
            let (call, waiting) = noticing::waiting(&app, &visit.actor, id).await?;
            let typed =
                |name: &str| sent.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_str()).collect();
            let (status, form) = again(&t, notice_form(&t, &visit, &call, &waiting).fill(typed), error)?;
            let crumbs = [(super::desk::PATH, t.of("calls-desk"))];
            form_page(&app, &visit, t.of("calls-notice-new"), &crumbs, status, form).await
        }
        Err(error) => Err(error.into()),
    }
}
