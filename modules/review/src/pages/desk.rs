//! One round as its office and its supervisor see it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jinmen_core::{Error, Fault, Money, PageRequest, PersonId};
use module::pages::{FilePage, Panel as PagePanel, button_form, frame};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde::Deserialize;
use ui::{
    Alert, Cell, Choice, Column, Empty, Fact, Facts, Field, Form, Html, Link, Pager, Row, Tab, Table, Tabs, Tile,
    Tiles, Tone, Words,
};

use super::rounds::PATH;
use super::shared::{Sent, actions, all_given, entry_state, folded, given, paragraphs, refusal, round_state, stack};
use super::{results, seats};
use crate::model::{Giving, PanelId, Round, RoundId, RoundKind, RoundState, SeatState, Tie};
use crate::ops::rounds::Whole;
use crate::ops::{desk_page, entries, life, rounds as reading};
use crate::permissions;

/// Which part of the page, and which page of a list.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(crate) struct Part {
    /// The part.
    pub tab: String,
    /// Of which panel.
    pub panel: Option<String>,
    /// After which entry.
    pub after: Option<String>,
    /// A name to be checked.
    pub name: String,
    /// Where that person works.
    pub institution: String,
}

/// What the actor may do with a round.
pub(super) struct May {
    pub write: bool,
    pub supervise: bool,
    pub export: bool,
}

impl May {
    pub fn of(visit: &Visit, round: &Round) -> Self {
        let own = visit.actor.organization() == Some(round.owner);
        let may = |permission| own && visit.actor.may_somewhere(permission).is_ok();
        Self {
            write: may(&permissions::WRITE),
            supervise: may(&permissions::SUPERVISE),
            export: may(&permissions::EXPORT),
        }
    }
}

/// The page.
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    Query(part): Query<Part>,
) -> Answer {
    draw(&app, &visit, id, &part, StatusCode::OK, None).await
}

pub(super) async fn draw(
    app: &App,
    visit: &Visit,
    id: RoundId,
    part: &Part,
    status: StatusCode,
    alert: Option<Alert>,
) -> Answer {
    let t = app.words(visit.locale);
    let whole = reading::read(app, &visit.actor, id).await?;
    let may = May::of(visit, &whole.round);
    let panels = match part.tab.as_str() {
        "entries" => entries_part(app, &t, visit, &whole, part, &may).await?,
        "judges" => seats::part(app, &t, visit, &whole, part, &may).await?,
        "assign" => super::assign::part(app, &t, visit, &whole, &may).await?,
        "results" => results::part(app, &t, visit, &whole, &may).await?,
        "draws" => super::draws::part(app, &t, visit, &whole, &may).await?,
        "landing" => super::landing::part(app, &t, visit, &whole, &may).await?,
        "history" => history(app, &t, visit, id).await?,
        _ => overview(&t, visit, &whole, &may),
    };
    let round = &whole.round;
    let mut links = Vec::new();
    if may.write && matches!(round.state, RoundState::Draft | RoundState::Open) {
        links.push(Link::new(t.of("review-setup"), format!("{}/setup", desk_page(id))).icon("adjustments"));
    }
    if may.export && round.state != RoundState::Draft {
        links.push(Link::new("XLSX", format!("{}/scores.xlsx", desk_page(id))).icon("download"));
    }
    if round.state == RoundState::Confirmed {
        links.push(Link::new(t.of("review-bundle"), format!("/results/{id}/bundle.json")).icon("download"));
    }
    if round.published_at.is_some() {
        links.push(Link::new(t.of("review-see-public"), format!("/results/{id}")).icon("external-link"));
    }
    let view = FilePage {
        frame: frame(app, visit, t.text(&round.title), &[(PATH, t.of("review-rounds"))]).await?,
        subtitle: format!("{} · {}", round.number, t.text(&whole.call.title)),
        badges: vec![round_state(&t, round.state)],
        actions: links,
        alert,
        tabs: tabs(&t, round, &part.tab),
        panels,
        aside: Vec::new(),
    };
    Ok(ui::page(status, &view))
}

fn tabs(t: &Words, round: &Round, open: &str) -> Tabs {
    let mut names = vec!["", "entries", "judges", "assign", "draws", "results", "landing", "history"];
    names.retain(|name| match *name {
        "assign" => round.setup.giving == Giving::Assigned,
        "landing" => round.state == RoundState::Confirmed && !round.setup.prizes.is_empty(),
        _ => true,
    });
    let tab = |name: &&str| {
        let key = if name.is_empty() { "overview" } else { name };
        Tab {
            label: t.of(&format!("review-tab-{key}")),
            href: match *name {
                "" => desk_page(round.id),
                name => format!("{}?tab={name}", desk_page(round.id)),
            },
            active: *name == open,
            count: None,
        }
    };
    Tabs(names.iter().map(tab).collect())
}

/// The page again with what stands against what was wanted.
pub(super) async fn refused(app: &App, visit: &Visit, id: RoundId, tab: &str, error: Error) -> Answer {
    let t = app.words(visit.locale);
    let (status, alert) = refusal(&t, error)?;
    let part = Part { tab: tab.to_owned(), ..Part::default() };
    draw(app, visit, id, &part, status, Some(alert)).await
}

/// Back to a part of the page, with a word that it was done.
pub(super) fn done(visit: &Visit, id: RoundId, tab: &str, flash: &str) -> Response {
    let path = if tab.is_empty() { desk_page(id) } else { format!("{}?tab={tab}", desk_page(id)) };
    visit.done(&path, flash).into_response()
}

fn overview(t: &Words, visit: &Visit, whole: &Whole, may: &May) -> Vec<PagePanel> {
    let mut parts = vec![PagePanel::new("numbers", t.of("review-numbers"), tiles(t, whole))];
    if may.write || may.supervise {
        parts.push(PagePanel::new("do", t.of("review-do"), deeds(t, visit, whole, may)));
    }
    parts.push(PagePanel::new("panels", t.of("review-panels"), panels(t, whole)));
    parts.push(PagePanel::new("rules", t.of("review-rules"), rules(t, &whole.round)));
    parts
}

fn tiles(t: &Words, whole: &Whole) -> Html {
    let (all, done) = whole.scores();
    let tile = |key: &str, value: String, note: String, tab: &str| Tile {
        label: t.of(key),
        value,
        note,
        href: format!("{}?tab={tab}", desk_page(whole.round.id)),
        ..Tile::default()
    };
    let counting = whole.seats.iter().filter(|seat| seat.state.counts()).count();
    let judges = t.with("review-of-judges", &[("n", whole.accepted().into()), ("all", counting.into())]);
    Tiles(vec![
        tile("review-entries", t.number(whole.entries()), String::new(), "entries"),
        tile("review-judges", t.number(counting as i64), judges, "judges"),
        tile("review-scores", format!("{}/{}", t.number(done), t.number(all)), t.of("review-scores-note"), "results"),
    ])
    .show()
}

/// What the next step is, and what else can be done.
fn deeds(t: &Words, visit: &Visit, whole: &Whole, may: &May) -> Html {
    let round = &whole.round;
    let base = desk_page(round.id);
    let button = |path: &str, key: &str, strong: bool| {
        let mut form = button_form(visit, &format!("{base}/{path}"), &[], &t.of(key)).id(path);
        form.strong = strong;
        form.show(t)
    };
    let reasoned = |path: &str, key: &str| {
        let action = visit.once(&format!("{base}/{path}"));
        Form::post(action, visit.form_token.clone(), t.of(key))
            .id(path)
            .fields_only(vec![Field::text("reason", t.of("review-reason")).max_length(300)])
            .show(t)
    };
    let mut parts = vec![paragraphs(&t.of(&format!("review-next-{}", next(whole, may))))];
    let mut buttons = Vec::new();
    match (round.state, may.write, may.supervise) {
        (RoundState::Draft, true, _) => {
            buttons.push(button("entries", "review-take-in", whole.entries() == 0));
            if whole.entries() > 0 && !whole.seats.is_empty() {
                buttons.push(button("open", "review-open", true));
            }
            buttons.push(button("discard", "review-discard", false));
        }
        (RoundState::Open, true, _) => {
            buttons.push(button("remind", "review-remind", false));
            parts.push(folded(t.of("review-close"), reasoned("close", "review-close-do")));
        }
        (RoundState::Closed, true, _) => {
            parts.push(folded(t.of("review-reopen"), reasoned("reopen", "review-reopen-do")));
        }
        (RoundState::Closed, _, true) => buttons.push(button("confirm", "review-confirm", true)),
        (RoundState::Confirmed, true, _) => {
            if round.published_at.is_none() {
                buttons.push(button("publish", "review-publish", true));
            }
            if !round.setup.prizes.is_empty() || round.setup.promote > 0 {
                buttons.push(button("hand-over", "review-hand-over", false));
            }
            if round.setup.fee.fen() > 0 {
                buttons.push(button("fees", "review-fees-owe", false));
            }
        }
        _ => {}
    }
    if !buttons.is_empty() {
        parts.insert(1, actions(buttons));
    }
    stack(parts)
}

/// The sentence that says what comes next.
fn next(whole: &Whole, may: &May) -> &'static str {
    let round = &whole.round;
    match round.state {
        RoundState::Draft if whole.entries() == 0 => "entries",
        RoundState::Draft if whole.seats.is_empty() => "judges",
        RoundState::Draft if whole.seats.iter().any(|seat| seat.state == SeatState::Chosen) => "invite",
        RoundState::Draft => "open",
        RoundState::Open if round.kind == RoundKind::Live => "live",
        RoundState::Open => "desk",
        RoundState::Closed if may.supervise => "confirm",
        RoundState::Closed => "supervisor",
        RoundState::Confirmed if round.published_at.is_none() => "publish",
        RoundState::Confirmed => "over",
    }
}

fn panels(t: &Words, whole: &Whole) -> Html {
    let live = whole.round.kind == RoundKind::Live && whole.round.state != RoundState::Draft;
    let row = |panel: &crate::model::Panel| {
        let judges: Vec<&crate::model::Seat> = whole.judges_of(panel.id).collect();
        let progress = judges.iter().filter_map(|seat| whole.progress.get(&seat.id));
        let (all, done) = progress.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let chair = whole.seats.iter().find(|seat| Some(seat.id) == panel.chair).map(|seat| seat.name.clone());
        let href = match live {
            true => format!("{}/live/{}", desk_page(whole.round.id), panel.id),
            false => format!("{}?tab=entries&panel={}", desk_page(whole.round.id), panel.id),
        };
        let mut cells = vec![
            Cell::Text(t.text(&panel.title)),
            Cell::Number(whole.entries_of(panel.id)),
            Cell::Two(
                t.number(judges.len() as i64),
                chair.map(|name| t.with("review-led-by", &[("name", name.into())])).unwrap_or_default(),
            ),
            Cell::Text(format!("{}/{}", t.number(done), t.number(all))),
        ];
        if live {
            cells.push(Cell::Text(t.of(&panel.phase.message_key())));
        }
        Row::link(href, cells)
    };
    let mut columns = vec![
        Column::text(t.of("review-panel")),
        Column::number(t.of("review-entries")),
        Column::text(t.of("review-judges")),
        Column::text(t.of("review-scores")),
    ];
    if live {
        columns.push(Column::text(t.of("review-phase")));
    }
    let table = Table {
        caption: t.of("review-panels"),
        columns,
        rows: whole.panels.iter().map(row).collect(),
        empty: Empty { title: t.of("review-panels-none"), text: t.of("review-panels-none-text"), steps: Vec::new() },
        ..Table::default()
    };
    table.show(t)
}

/// The rules of a round in words.
pub(super) fn rules(t: &Words, round: &Round) -> Html {
    let setup = &round.setup;
    let criterion = |one: &crate::model::Criterion| {
        let weight = if one.weight > 0 { format!(" × {}%", one.weight) } else { String::new() };
        format!("{} {}{weight}", t.text(&one.title), one.most)
    };
    let tie = |tie: &Tie| match tie {
        Tie::Criterion(key) => {
            let title = setup.criteria.iter().find(|one| one.key == *key).map(|one| t.text(&one.title));
            t.with("review-tie-criterion", &[("name", title.unwrap_or_default().into())])
        }
        other => t.of(&format!("review-tie-{}", other.text())),
    };
    let prize = |one: &crate::model::Prize| {
        let ranks = if one.from == one.to { one.from.to_string() } else { format!("{}–{}", one.from, one.to) };
        let amount = if one.amount > Money::from_fen(0) { t.money(one.amount) } else { String::new() };
        t.with(
            "review-prize-line",
            &[("ranks", ranks.into()), ("title", one.title.clone().into()), ("amount", amount.into())],
        )
    };
    let join = |parts: Vec<String>| parts.join(if t.is_chinese() { "、" } else { ", " });
    let mut lines = vec![
        Fact::plain(t.of("review-criteria"), join(setup.criteria.iter().map(criterion).collect())),
        Fact::plain(
            t.of("review-method"),
            t.with(
                &format!("review-method-{}", setup.method.trim.code()),
                &[("digits", setup.method.digits.to_string().into())],
            ),
        ),
        Fact::plain(t.of("review-ties"), join(setup.method.ties.iter().map(tie).collect())),
        Fact::plain(t.of("review-panels-by"), t.of(&setup.panels.message_key())),
        Fact::plain(t.of("review-giving"), t.of(&setup.giving.message_key())),
        Fact::plain(t.of("review-blind"), t.of(if setup.blind { "review-yes" } else { "review-no" })),
    ];
    if round.kind == RoundKind::Live {
        let times = [("pitch", setup.pitch_minutes.into()), ("questions", setup.question_minutes.into())];
        lines.push(Fact::plain(t.of("review-times"), t.with("review-times-value", &times)));
    }
    if setup.promote > 0 {
        lines.push(Fact::plain(t.of("review-promote"), t.with("review-promote-value", &[("n", setup.promote.into())])));
    }
    if !setup.prizes.is_empty() {
        lines.push(Fact::plain(t.of("review-prizes"), setup.prizes.iter().map(prize).collect::<Vec<_>>().join("\n")));
    }
    if let Some(due) = round.due_on {
        lines.push(Fact::plain(t.of("review-due-on"), t.date(due)));
    }
    Facts { lines, legend: false }.show(t)
}

async fn entries_part(
    app: &App,
    t: &Words,
    visit: &Visit,
    whole: &Whole,
    part: &Part,
    may: &May,
) -> jinmen_core::Result<Vec<PagePanel>> {
    let panel: Option<PanelId> = part.panel.as_deref().and_then(|text| text.parse().ok());
    let page = PageRequest { after: part.after.clone(), limit: None };
    let rows = entries::list(app, &visit.actor, whole.round.id, panel, &page).await?;
    let named =
        |id: PanelId| whole.panels.iter().find(|one| one.id == id).map(|one| t.text(&one.title)).unwrap_or_default();
    let row = |one: &crate::model::Entry| {
        Row::link(
            calls::ops::desk_page(one.application),
            vec![
                Cell::Two(one.code.clone(), one.title.clone()),
                Cell::Text(one.applicant_name.clone()),
                Cell::Text(named(one.panel)),
                Cell::Badge(entry_state(t, one.state)),
                one.rank.map_or(Cell::Nothing, |rank| {
                    let score = one.score.map(|score| score.fixed(whole.round.setup.method.digits)).unwrap_or_default();
                    Cell::Two(t.with("review-rank-n", &[("n", rank.into())]), score)
                }),
            ],
        )
    };
    let table = Table {
        caption: t.of("review-entries"),
        columns: ["code", "applicant", "panel", "state", "rank"]
            .map(|key| Column::text(t.of(&format!("review-column-{key}"))))
            .into(),
        rows: rows.items.iter().map(row).collect(),
        empty: Empty { title: t.of("review-entries-none"), text: t.of("review-entries-none-text"), steps: Vec::new() },
        ..Table::default()
    };
    let base = format!("{}?tab=entries", desk_page(whole.round.id));
    let chosen = panel.map(|id| format!("&panel={id}")).unwrap_or_default();
    let pager = Pager {
        next: rows.next.map(|after| format!("{base}{chosen}&after={}", module::pages::encoded(&after))),
        ..Pager::default()
    };
    let mut parts = vec![table.show(t), pager.show(t)];
    if may.write && whole.round.state == RoundState::Draft && !rows.items.is_empty() {
        let all: Vec<Choice> =
            rows.items.iter().map(|one| Choice::new(one.id.text(), format!("{} {}", one.code, one.title))).collect();
        let panels = whole.panels.iter().map(|one| Choice::new(one.id.text(), t.text(&one.title))).collect();
        let action = visit.once(&format!("{}/move", desk_page(whole.round.id)));
        let form =
            Form::post(action, visit.form_token.clone(), t.of("review-entry-move")).id("move").fields_only(vec![
                Field::select("entry", t.of("review-entry"), all).required().half(),
                Field::select("panel", t.of("review-entry-to"), panels).help(t.of("review-entry-to-help")).half(),
                Field::text("reason", t.of("review-reason")).max_length(300),
            ]);
        parts.push(folded(t.of("review-entry-move"), form.show(t)));
    }
    Ok(vec![PagePanel::new("entries", t.of("review-entries"), stack(parts))])
}

async fn history(app: &App, t: &Words, visit: &Visit, id: RoundId) -> jinmen_core::Result<Vec<PagePanel>> {
    let entries = reading::history(app, &visit.actor, id).await?;
    let body = module::pages::history(t, &entries, |_| String::new()).show(t);
    Ok(vec![PagePanel::new("history", t.of("review-tab-history"), body)])
}

/// Takes entries in.
pub(crate) async fn take_in(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    match entries::take_in(&app, &visit.actor, id).await {
        Ok(_) => Ok(done(&visit, id, "entries", "review-flash-taken")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// Moves an entry to another panel, or takes it out where none is named.
pub(crate) async fn move_entry(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let entry = given(&sent, "entry").parse().map_err(|_| Error::field("entry", "core.choice"));
    let made = match (entry, given(&sent, "panel").parse::<PanelId>()) {
        (Err(error), _) => Err(error),
        (Ok(entry), Ok(panel)) => entries::to_panel(&app, &visit.actor, entry, panel).await,
        (Ok(entry), Err(_)) => entries::remove(&app, &visit.actor, entry, &given(&sent, "reason")).await,
    };
    match made {
        Ok(round) => Ok(done(&visit, round, "entries", "review-flash-saved")),
        Err(error) => refused(&app, &visit, id, "entries", error).await,
    }
}

/// Opens the round.
pub(crate) async fn open(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    match life::open(&app, &visit.actor, id).await {
        Ok(()) => Ok(done(&visit, id, "", "review-flash-opened")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// Takes it back.
pub(crate) async fn discard(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    match reading::discard(&app, &visit.actor, id).await {
        Ok(()) => Ok(visit.done(PATH, "review-flash-discarded")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// Tells judges who are behind.
pub(crate) async fn remind(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    match crate::ops::seats::remind(&app, &visit.actor, id).await {
        Ok(_) => Ok(done(&visit, id, "", "review-flash-reminded")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// Ends judging.
pub(crate) async fn close(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    match life::close(&app, &visit.actor, id, &given(&sent, "reason")).await {
        Ok(()) => Ok(done(&visit, id, "results", "review-flash-closed")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// Opens it once more.
pub(crate) async fn reopen(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    match life::reopen(&app, &visit.actor, id, &given(&sent, "reason")).await {
        Ok(()) => Ok(done(&visit, id, "", "review-flash-saved")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// The supervisor confirms the result.
pub(crate) async fn confirm(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    match life::confirm(&app, &visit.actor, id).await {
        Ok(()) => Ok(done(&visit, id, "results", "review-flash-confirmed")),
        Err(error) => refused(&app, &visit, id, "results", error).await,
    }
}

/// Lets everybody see it.
pub(crate) async fn publish(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    match life::publish(&app, &visit.actor, id).await {
        Ok(()) => Ok(done(&visit, id, "", "review-flash-published")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// Hands the result over to the call.
pub(crate) async fn hand_over(State(app): State<App>, visit: Visit, Path(id): Path<RoundId>) -> Answer {
    let t = app.words(visit.locale);
    match life::hand_over(&app, &visit.actor, id).await {
        Ok(handed) => {
            let mut alert = Alert::new(
                if handed.refused.is_empty() { Tone::Good } else { Tone::Warning },
                t.with("review-handed", &[("prized", handed.prized.into()), ("rejected", handed.rejected.into())]),
            );
            let refused = |(code, fault): &(String, String)| {
                let fault = Fault::new(fault);
                format!("{code}: {}", module::sentence(&t, &fault))
            };
            if !handed.refused.is_empty() {
                let all: Vec<String> = handed.refused.iter().take(10).map(refused).collect();
                alert.text = format!("{} {}", alert.text, all.join("；"));
            }
            draw(&app, &visit, id, &Part::default(), StatusCode::OK, Some(alert)).await
        }
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// The votes of a panel between equals.
pub(crate) async fn vote(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let mut votes = std::collections::HashMap::new();
    for (name, value) in &sent {
        let entry = name.strip_prefix("votes.").and_then(|id| id.parse().ok());
        if let (Some(entry), Ok(count)) = (entry, value.trim().parse::<i64>()) {
            votes.insert(entry, count);
        }
    }
    match life::vote(&app, &visit.actor, id, &votes).await {
        Ok(()) => Ok(done(&visit, id, "results", "review-flash-saved")),
        Err(error) => refused(&app, &visit, id, "results", error).await,
    }
}

/// Lifts a conflict.
pub(crate) async fn lift(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RoundId>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let chosen = all_given(&sent, "conflict");
    let parsed = chosen.first().and_then(|text| text.split_once('/')).and_then(|(person, application)| {
        Some((person.parse::<PersonId>().ok()?, application.parse::<calls::model::ApplicationId>().ok()?))
    });
    let Some((person, application)) = parsed else {
        return refused(&app, &visit, id, "judges", Error::field("conflict", "core.choice")).await;
    };
    match crate::ops::conflicts::lift(&app, &visit.actor, id, person, application).await {
        Ok(()) => Ok(done(&visit, id, "judges", "review-flash-saved")),
        Err(error) => refused(&app, &visit, id, "judges", error).await,
    }
}
