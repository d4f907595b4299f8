//! The control room of a live final, and its papers.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jinmen_core::{Error, Result};
use module::pages::{Panel as PagePanel, button_form, frame};
use module::{Answer, App, Form as FormBody, Path, Query, Visit};
use serde::Deserialize;
use ui::{Alert, Cell, Column, Empty, Fact, Facts, Field, Form, Frame, Html, Link, Row, Table, Tone, Words};

use super::desk::May;
use super::rounds::PATH;
use super::shared::{Sent, actions, entry_state, folded, given, paragraphs, refusal, stack, titled};
use crate::model::{Entry, EntryId, EntryState, PanelId, Phase, RoundId, RoundState, ScoreDraft, SeatId};
use crate::ops::desk_page;
use crate::ops::live::{self, Deed, Room};
use crate::ops::scores::{self, Typed};

#[derive(Template)]
#[template(path = "room.html")]
struct RoomPage {
    frame: Frame,
    subtitle: String,
    actions: Vec<Link>,
    alert: Option<Alert>,
    /// Where the clock asks how things stand.
    state: String,
    phase: String,
    phase_code: &'static str,
    left: i64,
    runs: bool,
    panels: Vec<PagePanel>,
}

fn room_page(round: RoundId, panel: PanelId) -> String {
    format!("{}/live/{panel}", desk_page(round))
}

/// The control room.
pub(crate) async fn page(State(app): State<App>, visit: Visit, Path((_, panel)): Path<(RoundId, PanelId)>) -> Answer {
    draw(&app, &visit, panel, StatusCode::OK, None).await
}

async fn draw(app: &App, visit: &Visit, panel: PanelId, status: StatusCode, alert: Option<Alert>) -> Answer {
    let t = app.words(visit.locale);
    let room = live::room(app, &visit.actor, panel).await?;
    let may = May::of(visit, &room.round);
    let base = desk_page(room.round.id);
    let crumbs = [(PATH, t.of("review-rounds")), (base.as_str(), t.text(&room.round.title))];
    let now = app.clock.now();
    let view = RoomPage {
        frame: frame(app, visit, t.text(&room.panel.title), &crumbs).await?,
        subtitle: format!("{} · {}", room.round.number, t.text(&room.round.title)),
        actions: vec![
            Link::new(t.of("review-screen"), format!("/live/{panel}")).icon("external-link"),
            Link::new(t.of("review-papers"), format!("{}/papers", room_page(room.round.id, panel))).icon("printer"),
        ],
        alert,
        state: format!("/live/{panel}/state"),
        phase: t.of(&room.panel.phase.message_key()),
        phase_code: room.panel.phase.code(),
        left: room.panel.timer.left_at(now),
        runs: room.panel.timer.ends_at.is_some(),
        panels: panels(&t, visit, &room, &may),
    };
    Ok(ui::page(status, &view))
}

fn panels(t: &Words, visit: &Visit, room: &Room, may: &May) -> Vec<PagePanel> {
    let mut panels = Vec::new();
    if let Some(entry) = room.current() {
        panels.push(PagePanel::new("stage", t.of("review-on-stage"), stage(t, visit, room, entry, may)));
    }
    panels.push(PagePanel::new("order", t.of("review-order"), order(t, visit, room, may)));
    panels
}

fn stage(t: &Words, visit: &Visit, room: &Room, entry: &Entry, may: &May) -> Html {
    let base = room_page(room.round.id, room.panel.id);
    let mut parts = vec![titled(
        format!("{} {}", entry.code, entry.title),
        paragraphs(&format!("{}\n{}", entry.applicant_name, t.of(&entry.state.message_key()))),
    )];
    let open = room.round.state == RoundState::Open;
    let on = matches!(entry.state, EntryState::Stage | EntryState::Scored);
    if may.write && open && on {
        parts.push(actions(clock(t, visit, room, &base)));
    }
    parts.push(judges(t, room));
    if let Some(tally) = &room.tally {
        parts.push(titled(t.of("review-tally"), tally_of(t, room, tally)));
    }
    let button = |path: &str, key: &str| {
        let mut form =
            button_form(visit, &format!("{base}/{path}"), &[("entry", &entry.id.text())], &t.of(key)).id(path);
        form.strong = true;
        form.show(t)
    };
    match entry.state {
        EntryState::Scored if may.write => {
            parts.push(paragraphs(&t.of("review-tally-help")));
            parts.push(button("tally", "review-tally-do"));
        }
        EntryState::Tallied if may.supervise => {
            parts.push(paragraphs(&t.with("review-tallied-by", &[("name", entry.tallied_name.clone().into())])));
            parts.push(button("confirm", "review-stage-confirm"));
            let action = visit.once(&format!("{base}/refuse"));
            let form = Form::post(action, visit.form_token.clone(), t.of("review-stage-refuse"))
                .id("refuse")
                .fields_only(vec![
                    Field::hidden("entry", entry.id.text()),
                    Field::text("reason", t.of("review-reason")).required().max_length(300),
                ]);
            parts.push(folded(t.of("review-stage-refuse"), form.show(t)));
        }
        EntryState::Tallied => parts.push(paragraphs(&t.of("review-waits-supervisor"))),
        _ => {}
    }
    if may.write && open && on && room.stage.iter().any(|(_, score, _)| !score.as_ref().is_some_and(|one| one.locked)) {
        parts.push(folded(t.of("review-slip"), slip(t, visit, room, entry, &base)));
    }
    if !room.guests.is_empty() {
        parts.push(paragraphs(&t.with("review-guests-so-far", &[("n", room.guests.len().into())])));
    }
    stack(parts)
}

/// What can be done with the clock; the next thing stands out.
fn clock(t: &Words, visit: &Visit, room: &Room, base: &str) -> Vec<Html> {
    let button = |deed: &str, key: &str, strong: bool| {
        let mut form = button_form(visit, &format!("{base}/clock"), &[("deed", deed)], &t.of(key)).id(deed);
        form.strong = strong;
        form.show(t)
    };
    let running = room.panel.timer.ends_at.is_some();
    let mut buttons = Vec::new();
    match room.panel.phase {
        Phase::Pitch if !running => buttons.push(button("pitch", "review-clock-pitch", true)),
        Phase::Pitch => buttons.push(button("questions", "review-clock-questions", true)),
        Phase::Questions => buttons.push(button("score", "review-clock-score", true)),
        _ => buttons.push(button("pitch", "review-clock-pitch", false)),
    }
    if matches!(room.panel.phase, Phase::Pitch | Phase::Questions) {
        // A clock that never ran is started, not continued.
        let fresh = !running && room.panel.timer.left == room.panel.timer.seconds;
        let key = if running { "review-clock-stop" } else { "review-clock-go" };
        if !fresh {
            buttons.push(button("clock", key, false));
        }
        if room.panel.phase == Phase::Pitch && !running {
            buttons.push(button("questions", "review-clock-questions", false));
        }
        if room.panel.phase == Phase::Pitch {
            buttons.push(button("score", "review-clock-score", false));
        }
    }
    buttons
}

fn judges(t: &Words, room: &Room) -> Html {
    let row = |(seat, score, slip): &(crate::model::Seat, Option<crate::model::Score>, Option<crate::model::Slip>)| {
        let state = match (score, slip) {
            (Some(score), _) if score.locked => {
                let by = t.of(&score.by.message_key());
                ui::Badge::new(Tone::Good, t.with("review-locked-by", &[("by", by.into())]))
            }
            (_, Some(slip)) => {
                ui::Badge::new(Tone::Warning, t.with("review-slip-once", &[("name", slip.by_name.clone().into())]))
            }
            (Some(_), _) => ui::Badge::new(Tone::Info, t.of("review-being-typed")),
            _ => ui::Badge::new(Tone::Neutral, t.of("review-not-yet")),
        };
        let total = score.as_ref().and_then(|score| score.total).map(|total| total.fixed(2));
        Row::plain(vec![
            Cell::Two(seat.name.clone(), seat.institution.clone()),
            Cell::Badge(state),
            total.map_or(Cell::Nothing, Cell::Text),
        ])
    };
    Table {
        caption: t.of("review-judges"),
        columns: ["name", "state", "total"].map(|key| Column::text(t.of(&format!("review-seat-column-{key}")))).into(),
        rows: room.stage.iter().map(row).collect(),
        empty: Empty { title: t.of("review-nobody-judges"), ..Empty::default() },
        ..Table::default()
    }
    .show(t)
}

fn tally_of(t: &Words, room: &Room, tally: &live::Tally) -> Html {
    let digits = room.round.setup.method.digits;
    let join = |points: &[crate::model::Points]| points.iter().map(|one| one.fixed(2)).collect::<Vec<_>>().join("、");
    let all: Vec<crate::model::Points> = tally.given.iter().map(|(_, total)| *total).collect();
    let mut lines = vec![Fact::plain(t.of("review-tally-all"), join(&all))];
    if !tally.dropped.is_empty() {
        lines.push(Fact::plain(t.of("review-tally-dropped"), join(&tally.dropped)));
    }
    let mut result = Fact::plain(t.of("review-column-result"), tally.standing.score.fixed(digits));
    result.strong = true;
    lines.push(result);
    lines.push(Fact::plain(
        t.of("review-column-rank"),
        t.with("review-rank-so-far", &[("n", tally.standing.rank.into())]),
    ));
    Facts { lines, legend: false }.show(t)
}

fn slip(t: &Words, visit: &Visit, room: &Room, entry: &Entry, base: &str) -> Html {
    let open = room.stage.iter().filter(|(_, score, _)| !score.as_ref().is_some_and(|one| one.locked));
    let seats = open.map(|(seat, ..)| ui::Choice::new(seat.id.text(), seat.name.clone())).collect();
    let mut fields =
        vec![Field::hidden("entry", entry.id.text()), Field::select("seat", t.of("review-judge"), seats).required()];
    for one in &room.round.setup.criteria {
        let label = format!("{}（{}）", t.text(&one.title), one.most);
        fields.push(Field::text(format!("mark.{}", one.key), label).required().max_length(8).half());
    }
    let form = Form::post(visit.once(&format!("{base}/slip")), visit.form_token.clone(), t.of("review-slip-do"))
        .id("slip")
        .fields_only(fields);
    stack(vec![paragraphs(&t.of("review-slip-help")), form.show(t)])
}

fn order(t: &Words, visit: &Visit, room: &Room, may: &May) -> Html {
    let base = room_page(room.round.id, room.panel.id);
    let digits = room.round.setup.method.digits;
    let busy = room
        .current()
        .is_some_and(|entry| matches!(entry.state, EntryState::Stage | EntryState::Scored | EntryState::Tallied));
    let open = room.round.state == RoundState::Open;
    let mut parts = Vec::new();
    let drawn = room.entries.iter().all(|entry| entry.pitch.is_some());
    if !drawn {
        let link = Link::new(t.of("review-tab-draws"), format!("{}?tab=draws", desk_page(room.round.id)));
        parts.push(Alert::new(Tone::Warning, t.of("review-not-drawn")).link(link).show());
    }
    let next = room.entries.iter().find(|entry| entry.state == EntryState::Waiting);
    if let Some(entry) = next.filter(|entry| may.write && open && !busy && entry.pitch.is_some()) {
        let label = t.with("review-call-up", &[("code", entry.code.clone().into())]);
        let mut form = button_form(visit, &format!("{base}/call"), &[("entry", &entry.id.text())], &label).id("call");
        form.strong = true;
        let absent =
            button_form(visit, &format!("{base}/absent"), &[("entry", &entry.id.text())], &t.of("review-absent"));
        parts.push(actions(vec![form.show(t), absent.id("absent").show(t)]));
    }
    let row = |entry: &Entry| {
        let shown = matches!(entry.state, EntryState::Confirmed | EntryState::Tallied);
        Row::plain(vec![
            entry.pitch.map_or(Cell::Nothing, |place| Cell::Text(place.to_string())),
            Cell::Two(format!("{} {}", entry.code, entry.title), entry.applicant_name.clone()),
            Cell::Badge(entry_state(t, entry.state)),
            entry.score.filter(|_| shown).map_or(Cell::Nothing, |score| Cell::Text(score.fixed(digits))),
        ])
    };
    let table = Table {
        caption: t.of("review-order"),
        columns: vec![
            Column::text(t.of("review-place")),
            Column::text(t.of("review-entry")),
            Column::text(t.of("review-state")),
            Column::text(t.of("review-column-result")),
        ],
        rows: room.entries.iter().map(row).collect(),
        empty: Empty { title: t.of("review-entries-none"), ..Empty::default() },
        ..Table::default()
    };
    parts.push(table.show(t));
    stack(parts)
}

/// The page again with what came of what was wanted.
async fn after(app: &App, visit: &Visit, panel: PanelId, made: Result<()>, flash: &str) -> Answer {
    match made {
        Ok(()) => {
            let room = live::room(app, &visit.actor, panel).await?;
            Ok(visit.done(&room_page(room.round.id, panel), flash).into_response())
        }
        Err(error) => {
            let t = app.words(visit.locale);
            let (status, alert) = refusal(&t, error)?;
            draw(app, visit, panel, status, Some(alert)).await
        }
    }
}

fn entry_of(sent: &Sent) -> Result<EntryId> {
    given(sent, "entry").parse().map_err(|_| Error::field("entry", "core.choice"))
}

/// Calls an entry to the stage.
pub(crate) async fn call(
    State(app): State<App>,
    visit: Visit,
    Path((_, panel)): Path<(RoundId, PanelId)>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let made = match entry_of(&sent) {
        Ok(entry) => live::call_up(&app, &visit.actor, entry).await.map(drop),
        Err(error) => Err(error),
    };
    after(&app, &visit, panel, made, "review-flash-called").await
}

/// Works the clock.
pub(crate) async fn clocked(
    State(app): State<App>,
    visit: Visit,
    Path((_, panel)): Path<(RoundId, PanelId)>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let deed = match given(&sent, "deed").as_str() {
        "questions" => Deed::Questions,
        "clock" => Deed::Clock,
        "score" => Deed::Score,
        _ => Deed::Pitch,
    };
    let made = live::act(&app, &visit.actor, panel, deed).await;
    after(&app, &visit, panel, made, "review-flash-clock").await
}

/// An entry did not come.
pub(crate) async fn absent(
    State(app): State<App>,
    visit: Visit,
    Path((_, panel)): Path<(RoundId, PanelId)>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let made = match entry_of(&sent) {
        Ok(entry) => live::absent(&app, &visit.actor, entry).await.map(drop),
        Err(error) => Err(error),
    };
    after(&app, &visit, panel, made, "review-flash-absent").await
}

/// The tally was checked.
pub(crate) async fn tally(
    State(app): State<App>,
    visit: Visit,
    Path((_, panel)): Path<(RoundId, PanelId)>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let made = match entry_of(&sent) {
        Ok(entry) => live::tally(&app, &visit.actor, entry).await.map(drop),
        Err(error) => Err(error),
    };
    after(&app, &visit, panel, made, "review-flash-tallied").await
}

/// The supervisor confirms.
pub(crate) async fn confirm(
    State(app): State<App>,
    visit: Visit,
    Path((_, panel)): Path<(RoundId, PanelId)>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let made = match entry_of(&sent) {
        Ok(entry) => live::confirm(&app, &visit.actor, entry).await.map(drop),
        Err(error) => Err(error),
    };
    after(&app, &visit, panel, made, "review-flash-stage-confirmed").await
}

/// The supervisor sends the tally back.
pub(crate) async fn refuse(
    State(app): State<App>,
    visit: Visit,
    Path((_, panel)): Path<(RoundId, PanelId)>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let made = match entry_of(&sent) {
        Ok(entry) => live::refuse(&app, &visit.actor, entry, &given(&sent, "reason")).await.map(drop),
        Err(error) => Err(error),
    };
    after(&app, &visit, panel, made, "review-flash-refused").await
}

/// Marks of a form: `mark.KEY`.
pub(super) fn marks(sent: &Sent) -> std::collections::BTreeMap<String, String> {
    sent.iter().filter_map(|(name, value)| Some((name.strip_prefix("mark.")?.to_owned(), value.clone()))).collect()
}

/// A slip of paper is typed.
pub(crate) async fn typed(
    State(app): State<App>,
    visit: Visit,
    Path((_, panel)): Path<(RoundId, PanelId)>,
    FormBody(sent): FormBody<Sent>,
) -> Answer {
    let seat = given(&sent, "seat").parse::<SeatId>().map_err(|_| Error::field("seat", "core.choice"));
    let draft = ScoreDraft { marks: marks(&sent), ..ScoreDraft::default() };
    let made = match (entry_of(&sent), seat) {
        (Ok(entry), Ok(seat)) => scores::slip(&app, &visit.actor, entry, seat, &draft).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    let flash = match &made {
        Ok(Typed::Once) => "review-flash-slip-once",
        _ => "review-flash-slip-twice",
    };
    after(&app, &visit, panel, made.map(drop), flash).await
}

/// Which paper.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Which {
    paper: String,
}

#[derive(Template)]
#[template(path = "papers.html")]
struct PapersPage {
    frame: Frame,
    call: String,
    title: String,
    day: String,
    papers: Vec<(String, String, bool)>,
    which: String,
    entries: Vec<(String, String, String, String, String, String)>,
    judges: Vec<(String, String)>,
    criteria: Vec<(String, String)>,
    fee: String,
    rules: Html,
}

/// The papers of a final: order, sign-in, score sheets, summary, fees.
pub(crate) async fn papers(
    State(app): State<App>,
    visit: Visit,
    Path((_, panel)): Path<(RoundId, PanelId)>,
    Query(which): Query<Which>,
) -> Answer {
    let t = app.words(visit.locale);
    let room = live::room(&app, &visit.actor, panel).await?;
    let call = calls::ops::judged::call(&app.db, room.round.call).await?;
    let base = desk_page(room.round.id);
    let own = room_page(room.round.id, panel);
    let crumbs = [
        (PATH, t.of("review-rounds")),
        (base.as_str(), t.text(&room.round.title)),
        (own.as_str(), t.text(&room.panel.title)),
    ];
    const ALL: [&str; 5] = ["order", "sign-in", "sheets", "summary", "fees"];
    let which = ALL.into_iter().find(|one| *one == which.paper).unwrap_or("order").to_owned();
    let digits = room.round.setup.method.digits;
    let line = |entry: &Entry| {
        let confirmed = entry.state == EntryState::Confirmed;
        (
            entry.pitch.map(|place| place.to_string()).unwrap_or_default(),
            entry.code.clone(),
            entry.title.clone(),
            entry.applicant_name.clone(),
            entry.score.filter(|_| confirmed).map(|score| score.fixed(digits)).unwrap_or_default(),
            if entry.state == EntryState::Absent { t.of(&entry.state.message_key()) } else { String::new() },
        )
    };
    let view = PapersPage {
        call: t.text(&call.title),
        title: format!("{} · {}", t.text(&room.round.title), t.text(&room.panel.title)),
        day: t.date(app.clock.today()),
        papers: ALL
            .map(|one| (format!("{own}/papers?paper={one}"), t.of(&format!("review-paper-{one}")), one == which))
            .into(),
        which,
        entries: room.entries.iter().map(line).collect(),
        judges: room.seats.iter().map(|seat| (seat.name.clone(), seat.institution.clone())).collect(),
        criteria: room.round.setup.criteria.iter().map(|one| (t.text(&one.title), one.most.to_string())).collect(),
        fee: if room.round.setup.fee.fen() > 0 { t.money(room.round.setup.fee) } else { String::new() },
        rules: super::desk::rules(&t, &room.round),
        frame: frame(&app, &visit, t.of("review-papers"), &crumbs).await?,
    };
    Ok(ui::page(StatusCode::OK, &view))
}
