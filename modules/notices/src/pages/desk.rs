//! The office's pages: what was sent, who has read it, who has answered what.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jinmen_core::{Error, OrganizationId, PageRequest};
use module::export::{self, Format, Sheet};
use module::pages::{FilePage, ListPage, Pair, Panel, Paragraph, button_form, frame};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde::Deserialize;
use serde_json::json;
use ui::{Alert, Badge, Cell, Column, Empty, Fact, Facts, Form, Html, Link, Pager, Row, Tab, Table, Tabs, Tile, Tiles};
use ui::{Tone, Toolbar, Words};

use super::{answer_words, asks, badge, field, label};
use crate::model::{Asks, Circular, CircularId, CircularState, Recipient, Typed, Which};
use crate::ops::read::{self, Summary};
use crate::ops::{answer, deliver, remind as reminding, robots};
use crate::permissions;

const PATH: &str = "/work/circulars";

/// The circulars of the office, newest first.
pub(crate) async fn list(State(app): State<App>, visit: Visit, Query(page): Query<PageRequest>) -> Answer {
    let t = app.words(visit.locale);
    let rows = read::list(&app, &visit.actor, &page).await?;
    let may_send = visit.actor.may_somewhere(&permissions::SEND).is_ok();
    let write = Link::new(t.of("notices-new"), format!("{PATH}/new")).icon("plus");
    let today = app.clock.today();
    let table = Table {
        caption: t.of("notices-circulars"),
        columns: ["notices-title", "notices-asks", "notices-progress", "notices-due", "notices-sent"]
            .map(|key| Column::text(t.of(key)))
            .into(),
        rows: rows.items.iter().map(|one| row(&t, one, today)).collect(),
        empty: Empty {
            title: t.of("notices-none"),
            text: t.of("notices-none-text"),
            steps: if may_send { vec![write.clone()] } else { Vec::new() },
        },
        ..Table::default()
    };
    let view = ListPage {
        frame: frame(&app, &visit, t.of("notices-circulars"), &[]).await?,
        toolbar: Toolbar {
            primary: may_send.then_some(write),
            others: match visit.actor.may_somewhere(&permissions::ROBOTS) {
                Ok(_) => vec![Link::new(t.of("notices-robots"), "/work/robots").icon("settings")],
                Err(_) => Vec::new(),
            },
            ..Toolbar::default()
        },
        above: Html::default(),
        table,
        pager: Pager { next: rows.next.map(|after| format!("{PATH}?after={after}")), ..Pager::default() },
    };
    Ok(ui::page(StatusCode::OK, &view))
}

fn row(t: &Words, one: &Circular, today: jinmen_core::Date) -> Row {
    let of = |done: i64| format!("{} / {}", t.number(done), t.number(one.counts.recipients));
    let due = match one.due_on {
        Some(day) if one.state == CircularState::Sent && day < today => Cell::Two(t.date(day), t.of("notices-late")),
        Some(day) => Cell::Text(t.date(day)),
        None => Cell::Nothing,
    };
    Row::link(
        format!("{PATH}/{}", one.id),
        vec![
            Cell::Two(one.title.clone(), one.number.clone()),
            Cell::Badge(Badge::new(Tone::Neutral, asks(t, one.asks))),
            Cell::Text(of(one.done())),
            due,
            Cell::Instant(one.sent_at),
        ],
    )
}

/// Which recipients are wanted.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    which: String,
    after: Option<String>,
    reminded: String,
}

/// One circular with its recipients.
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CircularId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let t = app.words(visit.locale);
    let circular = read::circular(&app, &visit.actor, id).await?;
    let which = Which::from_code(&asked.which);
    let page = PageRequest { after: asked.after.clone(), limit: None };
    let rows = read::recipients(&app, &visit.actor, id, which, &page).await?;
    let may_send = visit.actor.may_somewhere(&permissions::SEND).is_ok();
    let base = format!("{PATH}/{id}");
    let mut panels = vec![Panel::new("progress", t.of("notices-progress"), progress(&t, &visit, &circular, may_send))];
    let summary = read::summary(&app, &visit.actor, id).await?;
    if !summary.is_empty() {
        panels.push(Panel::new("summary", t.of("notices-summary"), summaries(&t, &circular, &summary).show(&t)));
    }
    let table = recipients(&t, &circular, &rows.items);
    let pager = Pager {
        next: rows.next.map(|after| format!("{base}?which={}&after={after}", which.code())),
        ..Pager::default()
    };
    let body = Html::of(&Pair(tabs(&t, &circular, which).show(&t), Html::of(&Pair(table.show(&t), pager.show(&t)))));
    panels.push(Panel::new("recipients", t.of("notices-recipients"), body));
    let history = read::history(&app, &visit.actor, id).await?;
    let owner = t.text(&app.organization_name(circular.owner).await);
    let view = FilePage {
        frame: frame(&app, &visit, circular.title.clone(), &[(PATH, t.of("notices-circulars"))]).await?,
        subtitle: circular.number.clone(),
        badges: badges(&app, &t, &circular),
        actions: vec![
            Link::new(t.of("notices-export-xlsx"), format!("{base}/answers.xlsx")).icon("download"),
            Link::new(t.of("notices-export-csv"), format!("{base}/answers.csv")).icon("download"),
        ],
        alert: (asked.reminded == "yes").then(|| Alert::new(Tone::Good, t.of("notices-flash-reminded"))),
        tabs: Tabs::default(),
        panels,
        aside: vec![
            Panel::new("text", t.of("notices-text"), text(&t, &circular)),
            Panel::new("group", t.of("notices-group"), group(&app, &t, &visit, &circular, &owner).await?),
            Panel::new(
                "history",
                t.of("notices-history"),
                module::pages::history(&t, shortened(&history), |_| String::new()).show(&t),
            ),
        ],
    };
    Ok(ui::page(StatusCode::OK, &view))
}

/// The last things done by the office; that somebody read or answered is in the list of recipients.
fn shortened(history: &[record::Entry]) -> &[record::Entry] {
    &history[..history.len().min(8)]
}

fn badges(app: &App, t: &Words, circular: &Circular) -> Vec<Badge> {
    let mut badges = vec![Badge::new(Tone::Info, asks(t, circular.asks))];
    match circular.state {
        CircularState::Closed => badges.push(badge(Tone::Neutral, t, "notices-closed")),
        CircularState::Sent if circular.is_late(app.clock.today()) => {
            badges.push(badge(Tone::Warning, t, "notices-late"))
        }
        CircularState::Sent => badges.push(badge(Tone::Good, t, "notices-open")),
    }
    badges
}

fn progress(t: &Words, visit: &Visit, circular: &Circular, may_send: bool) -> Html {
    let base = format!("{PATH}/{}", circular.id);
    let counts = circular.counts;
    let tile = |key: &str, number: i64, which: Which| Tile {
        label: t.of(key),
        value: t.number(number),
        href: format!("{base}?which={}#recipients", which.code()),
        ..Tile::default()
    };
    let missing = counts.recipients - circular.done();
    let mut tiles = vec![
        tile("notices-which-all", counts.recipients, Which::All),
        tile("notices-counted-read", counts.read, Which::Read),
    ];
    if circular.asks.wants_answer() {
        tiles.push(tile("notices-which-answered", counts.answered, Which::Answered));
    }
    tiles.push(tile("notices-which-missing", missing, Which::Missing));
    tiles.push(tile("notices-which-untold", counts.untold, Which::Untold));
    let mut forms = Vec::new();
    if may_send && circular.state == CircularState::Sent {
        if missing > 0 {
            let label = t.with("notices-remind", &[("n", missing.into())]);
            let form = button_form(visit, &format!("{base}/remind"), &[], &label);
            forms.push(Form { strong: true, ..form }.show(t));
        }
        let form = button_form(visit, &format!("{base}/close"), &[], &t.of("notices-close"));
        forms.push(Form { quiet: true, ..form }.show(t));
    }
    let reminded = circular.reminded_at.map(|at| t.with("notices-reminded-at", &[("when", t.instant(at).into())]));
    Html::of(&Progress {
        tiles: Tiles(tiles).show(),
        done: circular.done(),
        all: counts.recipients.max(1),
        label: t.of("notices-progress"),
        forms,
        reminded: reminded.unwrap_or_default(),
    })
}

#[derive(Template)]
#[template(path = "_progress.html")]
struct Progress {
    tiles: Html,
    done: i64,
    all: i64,
    label: String,
    forms: Vec<Html>,
    reminded: String,
}

fn tabs(t: &Words, circular: &Circular, active: Which) -> Tabs {
    let shown = Which::ALL.into_iter().filter(|which| match which {
        Which::Answered | Which::Read => circular.asks.wants_answer(),
        _ => true,
    });
    let tab = |which: Which| Tab {
        label: t.of(&format!("notices-which-{}", which.code())),
        href: format!("{PATH}/{}?which={}#recipients", circular.id, which.code()),
        active: which == active,
        count: None,
    };
    Tabs(shown.map(tab).collect())
}

fn recipients(t: &Words, circular: &Circular, rows: &[Recipient]) -> Table {
    let row = |one: &Recipient| {
        let told = match one.told {
            0 => Cell::Badge(badge(Tone::Warning, t, "notices-untold")),
            people => Cell::Text(t.with("notices-people", &[("n", people.into())])),
        };
        let read = match one.read_at {
            Some(at) => Cell::Two(t.instant(at), one.read_name.clone()),
            None => Cell::Nothing,
        };
        let mut cells = vec![Cell::Text(one.name.clone()), told, read];
        if circular.asks.wants_answer() {
            let by = if one.by_office {
                t.with("notices-by-office", &[("name", one.answered_name.clone().into())])
            } else {
                one.answered_name.clone()
            };
            cells.push(match one.answered_at {
                Some(at) => Cell::Two(t.instant(at), by),
                None => Cell::Nothing,
            });
            cells.push(Cell::Text(first_answers(t, circular, one)));
        }
        cells.push(if one.reminders > 0 { Cell::Number(one.reminders) } else { Cell::Nothing });
        Row::link(format!("{PATH}/{}/recipients/{}", circular.id, one.organization), cells)
    };
    let mut keys = vec!["notices-organization", "notices-told", "notices-read"];
    if circular.asks.wants_answer() {
        keys.extend(["notices-answered", "notices-answer"]);
    }
    keys.push("notices-reminders");
    Table {
        caption: t.of("notices-recipients"),
        columns: keys.into_iter().map(|key| Column::text(t.of(key))).collect(),
        rows: rows.iter().map(row).collect(),
        empty: Empty { title: t.of("notices-nobody-here"), ..Empty::default() },
        ..Table::default()
    }
}

/// The first answers of an organisation on one line.
fn first_answers(t: &Words, circular: &Circular, one: &Recipient) -> String {
    if one.answered_at.is_none() {
        return String::new();
    }
    if circular.asks == Asks::Receipt {
        return t.of("notices-received");
    }
    let answers = circular.questions.iter().map(|question| answer_words(t, question, one.answers.get(&question.key)));
    let text: Vec<String> = answers.filter(|text| !text.is_empty()).take(3).collect();
    text.join(if t.is_chinese() { "；" } else { "; " }).chars().take(80).collect()
}

fn summaries(t: &Words, circular: &Circular, summary: &[(String, Summary)]) -> Facts {
    let name = |key: &str| {
        circular
            .questions
            .iter()
            .find(|question| question.key == key)
            .map(|question| label(t, question))
            .unwrap_or_default()
    };
    let line = |(key, one): &(String, Summary)| {
        let text = match one {
            Summary::Choices(options) => {
                let parts: Vec<String> =
                    options.iter().map(|(option, count)| format!("{option} {}", t.number(*count))).collect();
                parts.join(if t.is_chinese() { "，" } else { ", " })
            }
            Summary::Sum(count, sum) => {
                let sum = i64::try_from(*sum).map_or_else(|_| sum.to_string(), |sum| t.number(sum));
                t.with("notices-sum", &[("n", (*count).into()), ("sum", sum.into())])
            }
        };
        Fact::plain(name(key), text)
    };
    Facts { lines: summary.iter().map(line).collect(), legend: false }
}

#[derive(Template)]
#[template(path = "_text.html")]
struct Text<'a> {
    paragraphs: Vec<&'a str>,
    facts: Html,
}

fn text(t: &Words, circular: &Circular) -> Html {
    let mut lines = vec![Fact::plain(t.of("notices-audience"), circular.audience.clone())];
    lines.extend(circular.due_on.map(|day| Fact::plain(t.of("notices-due"), t.date(day))));
    let ways =
        [("notices-way-inbox", true), ("notices-way-sms", circular.by_sms), ("notices-way-mail", circular.by_mail)];
    let ways: Vec<String> = ways.iter().filter(|(_, on)| *on).map(|(key, _)| t.of(key)).collect();
    lines.push(Fact::plain(t.of("notices-ways"), ways.join(if t.is_chinese() { "、" } else { ", " })));
    lines.push(Fact::plain(t.of("notices-by"), format!("{} {}", circular.sent_name, t.instant(circular.sent_at))));
    Html::of(&Text { paragraphs: circular.body.split('\n').collect(), facts: Facts { lines, legend: false }.show(t) })
}

#[derive(Template)]
#[template(path = "_group.html")]
struct Group {
    text: String,
    copy: String,
    copied: String,
    label: String,
    rows: usize,
    robots: Vec<Html>,
}

/// The text for a group chat, to be copied, and the office's robots that put it into their groups.
async fn group(app: &App, t: &Words, visit: &Visit, circular: &Circular, owner: &str) -> jinmen_core::Result<Html> {
    let text = deliver::for_group(app, circular, owner, t.locale);
    let known = match visit.actor.may_somewhere(&permissions::ROBOTS) {
        Ok(_) => robots::list(app, &visit.actor).await?,
        Err(_) => Vec::new(),
    };
    let to = |one: &crate::model::GroupRobot| {
        let label = t.with("notices-to-group", &[("name", one.name.clone().into())]);
        let path = format!("{PATH}/{}/robots/{}", circular.id, one.id);
        Form { quiet: true, ..button_form(visit, &path, &[], &label) }.show(t)
    };
    Ok(Html::of(&Group {
        robots: known.iter().map(to).collect(),
        rows: text.lines().count() + 2,
        text,
        copy: t.of("notices-copy"),
        copied: t.of("notices-copied"),
        label: t.of("notices-group-help"),
    }))
}

/// Reminds everybody who is missing.
pub(crate) async fn remind(State(app): State<App>, visit: Visit, Path(id): Path<CircularId>) -> Answer {
    reminding::remind(&app, &visit.actor, id).await?;
    Ok(visit.done(&format!("{PATH}/{id}"), "notices-flash-reminded"))
}

/// Takes no more answers.
pub(crate) async fn close(State(app): State<App>, visit: Visit, Path(id): Path<CircularId>) -> Answer {
    reminding::close(&app, &visit.actor, id).await?;
    Ok(visit.done(&format!("{PATH}/{id}"), "notices-flash-closed"))
}

/// One recipient: the answers, and a form to write down what was said by telephone.
pub(crate) async fn recipient(
    State(app): State<App>,
    visit: Visit,
    Path((id, organization)): Path<(CircularId, OrganizationId)>,
) -> Answer {
    let (circular, one) = read::recipient(&app, &visit.actor, id, organization).await?;
    recipient_page(&app, &visit, &circular, &one, StatusCode::OK, |form| form).await
}

async fn recipient_page(
    app: &App,
    visit: &Visit,
    circular: &Circular,
    one: &Recipient,
    status: StatusCode,
    each: impl Fn(Form) -> Form,
) -> Answer {
    let t = app.words(visit.locale);
    let base = format!("{PATH}/{}", circular.id);
    let mut panels = Vec::new();
    if one.answered_at.is_some() {
        panels.push(Panel::new("answers", t.of("notices-answer"), answers(&t, circular, one)));
    }
    let open = circular.state == CircularState::Sent && circular.asks.wants_answer();
    if open && visit.actor.may_somewhere(&permissions::SEND).is_ok() {
        let form = each(office_form(&t, visit, circular, one)).show(&t);
        let help = Html::of(&Paragraph { text: t.of("notices-for-help") });
        panels.push(Panel::new("for", t.of("notices-for"), Html::of(&Pair(help, form))));
    }
    let alert = (one.told == 0).then(|| {
        Alert::new(Tone::Warning, t.of("notices-untold-text"))
            .link(Link::new(t.of("notices-invite"), format!("/work/organizations/{}", one.organization)))
    });
    let crumbs = [(PATH, t.of("notices-circulars")), (base.as_str(), circular.title.clone())];
    let view = FilePage {
        frame: frame(app, visit, one.name.clone(), &crumbs).await?,
        subtitle: circular.title.clone(),
        badges: Vec::new(),
        actions: vec![Link::new(t.of("notices-open-file"), format!("/work/organizations/{}", one.organization))],
        alert,
        tabs: Tabs::default(),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

fn answers(t: &Words, circular: &Circular, one: &Recipient) -> Html {
    let mut lines: Vec<Fact> = circular
        .questions
        .iter()
        .map(|question| Fact::plain(label(t, question), answer_words(t, question, one.answers.get(&question.key))))
        .collect();
    if circular.asks == Asks::Receipt {
        lines.push(Fact::plain(t.of("notices-asks-receipt"), t.of("notices-received")));
    }
    lines.extend(
        one.answered_at
            .map(|at| Fact::plain(t.of("notices-answered"), format!("{} {}", one.answered_name, t.instant(at)))),
    );
    Facts { lines, legend: false }.show(t)
}

fn office_form(t: &Words, visit: &Visit, circular: &Circular, one: &Recipient) -> Form {
    let mut fields: Vec<ui::Field> = circular.questions.iter().map(|question| field(t, question)).collect();
    fields.push(ui::Field::hidden("version", one.version.to_string()));
    let action = visit.once(&format!("{PATH}/{}/recipients/{}", circular.id, one.organization));
    Form::post(action, visit.form_token.clone(), t.of("notices-for-do")).id("for").fields_only(fields)
}

/// Writes down what an organisation said by telephone.
pub(crate) async fn answer_for(
    State(app): State<App>,
    visit: Visit,
    Path((id, organization)): Path<(CircularId, OrganizationId)>,
    FormBody(typed): FormBody<Typed>,
) -> Answer {
    let seen = typed.get("version").and_then(|version| version.parse().ok()).unwrap_or(-1);
    match answer::answer_for(&app, &visit.actor, id, organization, &typed, seen).await {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}/{id}/recipients/{organization}")).into_response()),
        Err(Error::Invalid(faults)) => {
            let t = app.words(visit.locale);
            let (circular, one) = read::recipient(&app, &visit.actor, id, organization).await?;
            let again = |form: Form| {
                form.fill(|name| typed.get(name).map(String::as_str).into_iter().collect()).faults(&faults, &t)
            };
            recipient_page(&app, &visit, &circular, &one, StatusCode::UNPROCESSABLE_ENTITY, again).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Recipients and answers as a file: CSV.
pub(crate) async fn csv(state: State<App>, visit: Visit, id: Path<CircularId>) -> Answer {
    exported(state, visit, id, Format::Csv).await
}

/// Recipients and answers as a file: XLSX.
pub(crate) async fn xlsx(state: State<App>, visit: Visit, id: Path<CircularId>) -> Answer {
    exported(state, visit, id, Format::Xlsx).await
}

async fn exported(State(app): State<App>, visit: Visit, Path(id): Path<CircularId>, format: Format) -> Answer {
    let t = app.words(visit.locale);
    let circular = read::circular(&app, &visit.actor, id).await?;
    let fixed = ["notices-organization", "notices-told", "notices-read", "notices-answered", "notices-answered-by"];
    let mut columns: Vec<(String, String)> =
        fixed.iter().map(|key| (key.trim_start_matches("notices-").to_owned(), t.of(key))).collect();
    columns.extend(circular.questions.iter().map(|question| (question.key.clone(), label(&t, question))));
    let who = visit.actor.signed_in().map(|person| person.name.clone()).unwrap_or_default();
    let now = app.clock.now();
    let sheet = Sheet {
        name: circular.title.clone(),
        columns,
        mark: t.with("notices-export-mark", &[("who", who.into()), ("when", t.instant(now).into())]),
    };
    let mut tx = app.db.begin().await?;
    record::append(&mut tx, &visit.actor, now, "notices.circular.exported", crate::ops::object(id), json!({})).await?;
    tx.commit().await?;
    let (held, actor) = (app.clone(), visit.actor.clone());
    let rows = export::pages(move |after| {
        let (app, actor, circular, t) = (held.clone(), actor.clone(), circular.clone(), t.clone());
        async move {
            let page = PageRequest { after, limit: Some(200) };
            let rows = read::recipients(&app, &actor, circular.id, Which::All, &page).await?;
            Ok(rows.map(|one| exported_row(&t, &circular, &one)))
        }
    });
    export::respond(format, sheet, rows).await
}

fn exported_row(t: &Words, circular: &Circular, one: &Recipient) -> Vec<serde_json::Value> {
    let mut row = vec![
        json!(one.name),
        json!(one.told),
        json!(one.read_at.map(|at| at.to_rfc3339())),
        json!(one.answered_at.map(|at| at.to_rfc3339())),
        json!(one.answered_name),
    ];
    row.extend(circular.questions.iter().map(|question| match one.answers.get(&question.key) {
        Some(number @ serde_json::Value::Number(_)) => number.clone(),
        answer => json!(answer_words(t, question, answer)),
    }));
    row
}
