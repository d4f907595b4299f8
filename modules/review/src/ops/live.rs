//! A live final (路演): who is on the stage, the clock, the tally that one checks and the supervisor confirms, what the screen in
//! the hall shows, what visitors give.

use std::collections::HashMap;

use jinmen_core::{Actor, Error, Fault, Instant, Result};
use module::App;
use serde::Serialize;
use serde_json::json;
use store::{Conn, Tx};

use super::{entry_of_office, in_judging, name, object, own_seat, panel_of_office, results};
use crate::model::rank::Standing;
use crate::model::{
    Entry, EntryId, EntryState, Panel, PanelId, Phase, Points, Round, RoundId, RoundKind, Score, Seat, SeatId,
    SeatState, Slip, Timer,
};
use crate::{permissions, sql};

/// Guests who score one entry.
const GUESTS_MOST: usize = 2_000;

/// What the office does with a panel on the stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// The pitch begins.
    Pitch,
    /// Questions begin.
    Questions,
    /// The clock is stopped, or goes on.
    Clock,
    /// The panel scores.
    Score,
}

fn of_live(round: &Round) -> Result<()> {
    if round.kind != RoundKind::Live {
        return Err(Error::conflict("review.not_live"));
    }
    in_judging(round)
}

/// Calls an entry to the stage. The one before must have its result, or have given up.
///
/// # Errors
/// `review.stage_taken`, `review.not_drawn`, `review.entry_done`.
pub async fn call_up(app: &App, actor: &Actor, id: EntryId) -> Result<PanelId> {
    let (round, _) = entry_of_office(&app.db, actor, &permissions::WRITE, id).await?;
    of_live(&round)?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    sql::round::take(&mut tx, round.id).await?;
    let entry = sql::entry::get(&mut tx, id).await?;
    let panel = sql::round::panel(&mut tx, entry.panel).await?;
    if let Some(before) = panel.current.filter(|before| *before != id) {
        let before = sql::entry::get(&mut tx, before).await?;
        if matches!(before.state, EntryState::Stage | EntryState::Scored | EntryState::Tallied) {
            return Err(Error::Conflict(Fault::new("review.stage_taken").with("code", &before.code)));
        }
    }
    if entry.pitch.is_none() {
        return Err(Error::conflict("review.not_drawn"));
    }
    if !matches!(entry.state, EntryState::Waiting | EntryState::Stage) {
        return Err(Error::conflict("review.entry_done"));
    }
    if entry.state == EntryState::Waiting {
        sql::entry::update(&mut tx, &Entry { state: EntryState::Stage, ..entry.clone() }).await?;
    }
    let timer =
        Timer { ends_at: None, left: minutes(round.setup.pitch_minutes), seconds: minutes(round.setup.pitch_minutes) };
    go(&mut tx, Panel { current: Some(id), phase: Phase::Pitch, timer, ..panel.clone() }).await?;
    let data = json!({ "code": entry.code, "panel": panel.title.zh });
    record::append(&mut tx, actor, now, "review.stage.called", object(round.id), data).await?;
    tx.commit().await?;
    Ok(panel.id)
}

fn minutes(minutes: u32) -> i64 {
    i64::from(minutes) * 60
}

async fn go(tx: &mut Tx, panel: Panel) -> Result<()> {
    if sql::round::go(tx, &panel).await? == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// What happens on the stage besides calling and ending.
///
/// # Errors
/// `review.stage_empty`.
pub async fn act(app: &App, actor: &Actor, id: PanelId, deed: Deed) -> Result<()> {
    let (round, panel) = panel_of_office(&app.db, actor, &permissions::WRITE, id).await?;
    of_live(&round)?;
    if panel.current.is_none() || matches!(panel.phase, Phase::Waiting | Phase::Over) {
        return Err(Error::conflict("review.stage_empty"));
    }
    let now = app.clock.now();
    let (phase, timer) = match deed {
        Deed::Pitch => (Phase::Pitch, Timer::started(now, minutes(round.setup.pitch_minutes))),
        Deed::Questions => (Phase::Questions, Timer::started(now, minutes(round.setup.question_minutes))),
        Deed::Clock => (panel.phase, panel.timer.toggled(now)),
        Deed::Score => (Phase::Scoring, Timer::default()),
    };
    let mut tx = app.db.begin().await?;
    go(&mut tx, Panel { phase, timer, ..panel }).await?;
    tx.commit().await?;
    Ok(())
}

/// An entry did not come when it was called: it has given up (弃权).
///
/// # Errors
/// `review.entry_done` for one that was scored; `review.not_drawn`.
pub async fn absent(app: &App, actor: &Actor, id: EntryId) -> Result<PanelId> {
    let (round, _) = entry_of_office(&app.db, actor, &permissions::WRITE, id).await?;
    of_live(&round)?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    sql::round::take(&mut tx, round.id).await?;
    let entry = sql::entry::get(&mut tx, id).await?;
    let scored = sql::score::of_entries(&mut tx, vec![id]).await?.iter().any(|score| score.locked);
    if scored || !matches!(entry.state, EntryState::Waiting | EntryState::Stage) {
        return Err(Error::conflict("review.entry_done"));
    }
    let panel = sql::round::panel(&mut tx, entry.panel).await?;
    sql::entry::update(&mut tx, &Entry { state: EntryState::Absent, ..entry.clone() }).await?;
    if panel.current == Some(id) {
        clear(&mut tx, panel.clone()).await?;
    }
    record::append(&mut tx, actor, now, "review.stage.absent", object(round.id), json!({ "code": entry.code })).await?;
    tx.commit().await?;
    Ok(panel.id)
}

/// Nobody is on the stage any more; after the last entry the panel is over.
async fn clear(tx: &mut Tx, panel: Panel) -> Result<()> {
    let rest = sql::entry::of_panel(&mut *tx, panel.id).await?;
    let over = rest.iter().all(|one| matches!(one.state, EntryState::Confirmed | EntryState::Absent));
    let phase = if over { Phase::Over } else { Phase::Waiting };
    go(tx, Panel { phase, timer: Timer::default(), ..panel }).await
}

/// What the scores of an entry come to.
#[derive(Clone, Debug)]
pub struct Tally {
    /// By which judge, how much.
    pub given: Vec<(Seat, Points)>,
    /// What is left out.
    pub dropped: Vec<Points>,
    /// The result.
    pub standing: Standing,
}

/// Computes the result of an entry from its locked scores.
pub(crate) async fn tally_of<'a>(conn: impl Into<Conn<'a>>, round: &Round, entry: &Entry) -> Result<Tally> {
    let read = results::read(conn, round.id).await?;
    let ranked = results::ranked(round, &read)?;
    let panel = ranked.iter().find(|one| one.panel.id == entry.panel).ok_or(Error::NotFound)?;
    let place = panel.places.iter().find(|place| place.entry.id == entry.id);
    let place = place.ok_or_else(|| Error::conflict("review.nothing_scored"))?;
    let seat = |id: SeatId| panel.seats.iter().find(|seat| seat.id == id).cloned();
    let given: Vec<(Seat, Points)> = place.given.iter().filter_map(|(id, total)| Some((seat(*id)?, *total))).collect();
    let mut totals: Vec<Points> = given.iter().map(|(_, total)| *total).collect();
    totals.sort_unstable();
    let sides = place.standing.trimmed;
    let dropped = totals[..sides].iter().chain(&totals[totals.len() - sides..]).copied().collect();
    Ok(Tally { given, dropped, standing: place.standing.clone() })
}

/// The result of the entry on the stage was computed and compared with the slips: somebody of the office signs for it.
///
/// # Errors
/// `review.scores_missing` while a judge has not locked.
pub async fn tally(app: &App, actor: &Actor, id: EntryId) -> Result<PanelId> {
    let (round, _) = entry_of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let round = sql::round::take(&mut tx, round.id).await?;
    of_live(&round)?;
    let entry = sql::entry::get(&mut tx, id).await?;
    let (awaited, locked) = sql::pair::awaited(&mut tx, id).await?;
    if locked < awaited {
        return Err(Error::Conflict(Fault::new("review.scores_missing").with("n", awaited - locked)));
    }
    if entry.state != EntryState::Scored {
        return Err(Error::conflict("review.entry_done"));
    }
    let found = tally_of(&mut tx, &round, &entry).await?;
    let one = Entry {
        state: EntryState::Tallied,
        score: Some(found.standing.score),
        tallied_name: name(actor),
        ..entry.clone()
    };
    sql::entry::update(&mut tx, &one).await?;
    let data = json!({ "code": entry.code, "score": found.standing.score.to_string() });
    record::append(&mut tx, actor, now, "review.stage.tallied", object(round.id), data).await?;
    tx.commit().await?;
    Ok(entry.panel)
}

/// The supervisor confirms the result of an entry: now the screen shows it.
///
/// # Errors
/// `review.not_tallied`; `review.tally_other` where the scores do not come to what was tallied.
pub async fn confirm(app: &App, actor: &Actor, id: EntryId) -> Result<PanelId> {
    let (round, _) = entry_of_office(&app.db, actor, &permissions::SUPERVISE, id).await?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let round = sql::round::take(&mut tx, round.id).await?;
    of_live(&round)?;
    let entry = sql::entry::get(&mut tx, id).await?;
    if entry.state != EntryState::Tallied {
        return Err(Error::conflict("review.not_tallied"));
    }
    let found = tally_of(&mut tx, &round, &entry).await?;
    if Some(found.standing.score) != entry.score {
        return Err(Error::conflict("review.tally_other"));
    }
    let one =
        Entry { state: EntryState::Confirmed, confirmed_name: name(actor), confirmed_at: Some(now), ..entry.clone() };
    sql::entry::update(&mut tx, &one).await?;
    let panel = sql::round::panel(&mut tx, entry.panel).await?;
    if panel.current == Some(id) {
        clear(&mut tx, panel.clone()).await?;
    }
    let data = json!({ "code": entry.code, "score": found.standing.score.to_string() });
    record::append(&mut tx, actor, now, "review.stage.confirmed", object(round.id), data).await?;
    tx.commit().await?;
    Ok(entry.panel)
}

/// The supervisor sends a tally back: the office looks again.
///
/// # Errors
/// `review.not_tallied`; a fault of `reason`.
pub async fn refuse(app: &App, actor: &Actor, id: EntryId, reason: &str) -> Result<PanelId> {
    let (round, _) = entry_of_office(&app.db, actor, &permissions::SUPERVISE, id).await?;
    let reason = crate::model::needed("reason", reason, 300)?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    sql::round::take(&mut tx, round.id).await?;
    let entry = sql::entry::get(&mut tx, id).await?;
    if entry.state != EntryState::Tallied {
        return Err(Error::conflict("review.not_tallied"));
    }
    let one = Entry { state: EntryState::Scored, score: None, tallied_name: String::new(), ..entry.clone() };
    sql::entry::update(&mut tx, &one).await?;
    let data = json!({ "code": entry.code, "reason": reason });
    record::append(&mut tx, actor, now, "review.stage.refused", object(round.id), data).await?;
    tx.commit().await?;
    Ok(entry.panel)
}

/// The control room of a panel.
pub struct Room {
    /// The round.
    pub round: Round,
    /// The panel.
    pub panel: Panel,
    /// Its entries in the order of pitches.
    pub entries: Vec<Entry>,
    /// The judges who count.
    pub seats: Vec<Seat>,
    /// Who judges the entry on the stage, what they gave, and the slip that was typed once.
    pub stage: Vec<(Seat, Option<Score>, Option<Slip>)>,
    /// What its scores come to, once all are locked.
    pub tally: Option<Tally>,
    /// What visitors gave it.
    pub guests: Vec<Points>,
    /// The draws of its order.
    pub draws: Vec<crate::model::Draw>,
}

impl Room {
    /// The entry on the stage.
    pub fn current(&self) -> Option<&Entry> {
        self.entries.iter().find(|entry| Some(entry.id) == self.panel.current)
    }
}

/// Reads the control room.
pub async fn room(app: &App, actor: &Actor, id: PanelId) -> Result<Room> {
    let (round, panel) = panel_of_office(&app.db, actor, &permissions::READ, id).await?;
    if round.kind != RoundKind::Live {
        return Err(Error::conflict("review.not_live"));
    }
    let entries = sql::entry::of_panel(&app.db, id).await?;
    let seats: Vec<Seat> =
        sql::seat::of_panel(&app.db, id).await?.into_iter().filter(|seat| seat.state.counts()).collect();
    let current = entries.iter().find(|entry| Some(entry.id) == panel.current);
    let (mut stage, mut tally, mut guests) = (Vec::new(), None, Vec::new());
    if let Some(entry) = current {
        let pairs = sql::pair::of_entries(&app.db, vec![entry.id]).await?;
        let mut scores: HashMap<SeatId, Score> =
            sql::score::of_entries(&app.db, vec![entry.id]).await?.into_iter().map(|one| (one.seat, one)).collect();
        let slips = sql::score::slips(&app.db, entry.id).await?;
        for seat in seats.iter().filter(|seat| pairs.iter().any(|pair| pair.seat == seat.id)) {
            let slip = slips.iter().find(|slip| slip.seat == seat.id).cloned();
            stage.push((seat.clone(), scores.remove(&seat.id), slip));
        }
        let all = !stage.is_empty() && stage.iter().all(|(_, score, _)| score.as_ref().is_some_and(|one| one.locked));
        if all {
            tally = Some(tally_of(&app.db, &round, entry).await?);
        }
        guests = sql::score::guests(&app.db, entry.id).await?;
    }
    let draws = sql::draw::of_round(&app.db, round.id).await?.into_iter().filter(|draw| draw.panel == id).collect();
    Ok(Room { round, panel, entries, seats, stage, tally, guests, draws })
}

/// What everybody in the hall sees. It never holds a result that the supervisor did not confirm.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Screen {
    /// What the call is called.
    pub call: String,
    /// The round and the panel.
    pub title: String,
    /// `waiting`, `pitch`, `questions`, `scoring`, `over`.
    pub phase: Phase,
    /// Seconds left on the clock; below zero once the time is over.
    pub left: i64,
    /// The clock runs.
    pub runs: bool,
    /// Who is on the stage.
    pub current: Option<ScreenEntry>,
    /// How many judges have locked, and how many there are.
    pub locked: i64,
    /// How many judges there are.
    pub judges: i64,
    /// Visitors may score.
    pub guests: bool,
    /// The most points.
    pub most: String,
    /// The entries in their order.
    pub entries: Vec<ScreenEntry>,
    /// The last result that was confirmed.
    pub last: Option<ScreenResult>,
}

/// An entry on the screen.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ScreenEntry {
    /// Its identifier.
    pub id: String,
    /// Its place in the order.
    pub place: i64,
    /// Its code.
    pub code: String,
    /// The project.
    pub title: String,
    /// Who applies.
    pub name: String,
    /// `waiting`, `stage`, `confirmed`, `absent`; what is between is `stage`.
    pub state: EntryState,
    /// Its result once it was confirmed.
    pub score: Option<String>,
}

/// A result on the screen.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ScreenResult {
    /// Its code.
    pub code: String,
    /// The project.
    pub title: String,
    /// The result.
    pub score: String,
    /// How many a side were left out.
    pub dropped: usize,
    /// The mean of what visitors gave, which counts for nothing.
    pub guests: Option<String>,
    /// How many visitors.
    pub guest_count: usize,
}

/// Reads what the hall sees: of a live final that has begun.
pub async fn screen(app: &App, id: PanelId, now: Instant) -> Result<Screen> {
    let panel = sql::round::panel(&app.db, id).await?;
    let round = sql::round::get(&app.db, panel.round).await?;
    if round.kind != RoundKind::Live || round.opened_at.is_none() {
        return Err(Error::NotFound);
    }
    let call = calls::ops::judged::call(&app.db, round.call).await?;
    let entries = sql::entry::of_panel(&app.db, id).await?;
    let shown: Vec<ScreenEntry> = entries.iter().map(|entry| line(&round, entry)).collect();
    let current = panel.current.and_then(|current| entries.iter().position(|entry| entry.id == current));
    let on_stage =
        current.filter(|at| matches!(entries[*at].state, EntryState::Stage | EntryState::Scored | EntryState::Tallied));
    let (judges, locked) = match on_stage {
        Some(at) => sql::pair::awaited(&app.db, entries[at].id).await?,
        None => (0, 0),
    };
    let last =
        entries.iter().filter(|entry| entry.state == EntryState::Confirmed).max_by_key(|entry| entry.confirmed_at);
    let last = match last {
        Some(entry) => Some(result(app, &round, entry).await?),
        None => None,
    };
    Ok(Screen {
        call: call.title.zh.clone(),
        title: format!("{} · {}", round.title.zh, panel.title.zh),
        phase: panel.phase,
        left: panel.timer.left_at(now),
        runs: panel.timer.ends_at.is_some(),
        current: on_stage.map(|at| shown[at].clone()),
        locked,
        judges,
        guests: round.setup.guests && round.state == crate::model::RoundState::Open,
        most: round.setup.most().to_string(),
        entries: shown,
        last,
    })
}

fn line(round: &Round, entry: &Entry) -> ScreenEntry {
    let confirmed = entry.state == EntryState::Confirmed;
    ScreenEntry {
        id: entry.id.text(),
        place: entry.pitch.unwrap_or_default(),
        code: entry.code.clone(),
        title: entry.title.clone(),
        name: entry.applicant_name.clone(),
        state: match entry.state {
            EntryState::Scored | EntryState::Tallied => EntryState::Stage,
            state => state,
        },
        score: entry.score.filter(|_| confirmed).map(|score| score.fixed(round.setup.method.digits)),
    }
}

async fn result(app: &App, round: &Round, entry: &Entry) -> Result<ScreenResult> {
    let guests = sql::score::guests(&app.db, entry.id).await?;
    let digits = round.setup.method.digits;
    let mean = guests.iter().map(|one| one.0).sum::<i64>().checked_div(guests.len() as i64);
    let scores = sql::score::of_entries(&app.db, vec![entry.id]).await?.iter().filter(|score| score.locked).count();
    Ok(ScreenResult {
        code: entry.code.clone(),
        title: entry.title.clone(),
        score: entry.score.map(|score| score.fixed(digits)).unwrap_or_default(),
        dropped: round.setup.method.trim.sides(scores),
        // To hundredths, half up.
        guests: mean.map(|mean| Points((mean + 50) / 100 * 100).fixed(2)),
        guest_count: guests.len(),
    })
}

/// What a visitor gives the entry on the stage; it counts for nothing. `guest` is what their browser calls itself.
///
/// # Errors
/// `review.no_guests`, `review.not_on_stage`, `review.guests_many`; a fault of `total`.
pub async fn guest(app: &App, id: PanelId, entry: EntryId, guest: &str, total: &str) -> Result<()> {
    let panel = sql::round::panel(&app.db, id).await?;
    let round = sql::round::get(&app.db, panel.round).await?;
    if round.kind != RoundKind::Live || round.opened_at.is_none() || !round.setup.guests {
        return Err(Error::conflict("review.no_guests"));
    }
    let total = Points::typed("total", total)?;
    if total > round.setup.most() {
        return Err(Fault::at("total", "review.mark_most").with("most", round.setup.most()).into());
    }
    let guest = crate::model::needed("guest", guest, 64)?;
    let entry = sql::entry::get(&app.db, entry).await?;
    let open = matches!(entry.state, EntryState::Stage | EntryState::Scored);
    if panel.current != Some(entry.id) || !open {
        return Err(Error::conflict("review.not_on_stage"));
    }
    if sql::score::guests(&app.db, entry.id).await?.len() >= GUESTS_MOST {
        return Err(Error::conflict("review.guests_many"));
    }
    // What the browser calls itself is not kept.
    let guest = seal::hex(&seal::sha256(format!("{}\n{guest}", entry.id).as_bytes()));
    let mut tx = app.db.begin().await?;
    sql::score::put_guest(&mut tx, entry.id, &guest, total, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// What a judge's phone follows: the entries that are theirs, who is on the stage, what they gave.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Pad {
    /// What the panel is doing.
    pub phase: Phase,
    /// Seconds left on the clock.
    pub left: i64,
    /// The clock runs.
    pub runs: bool,
    /// The entry on the stage, where it is theirs.
    pub current: Option<String>,
    /// Their entries in the order of pitches.
    pub entries: Vec<PadEntry>,
}

/// An entry on a judge's phone.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PadEntry {
    /// Its identifier.
    pub id: String,
    /// Its place in the order.
    pub place: i64,
    /// Its code.
    pub code: String,
    /// The project.
    pub title: String,
    /// Who applies; nothing while the round is blind.
    pub name: String,
    /// Where it stands.
    pub state: EntryState,
    /// The marks by criterion, where they were saved.
    pub marks: std::collections::BTreeMap<String, String>,
    /// They are locked.
    pub locked: bool,
    /// What they come to, once they are locked.
    pub total: Option<String>,
}

/// Reads what a judge's phone follows.
///
/// # Errors
/// `review.sign_first`.
pub async fn pad(app: &App, actor: &Actor, id: RoundId, now: Instant) -> Result<Pad> {
    let (round, seat) = own_seat(&app.db, actor, id).await?;
    if seat.state != SeatState::Accepted {
        return Err(Error::conflict("review.sign_first"));
    }
    let panel = sql::round::panel(&app.db, seat.panel).await?;
    let own = sql::pair::of_seat(&app.db, seat.id).await?;
    let scores = sql::score::of_seat(&app.db, id, seat.id).await?;
    let mut scores: HashMap<EntryId, Score> = scores.into_iter().map(|one| (one.entry, one)).collect();
    let entries = sql::entry::of_panel(&app.db, panel.id).await?;
    let mine: Vec<PadEntry> = entries
        .into_iter()
        .filter(|entry| own.contains(&entry.id))
        .map(|entry| pad_entry(&round, &entry, scores.remove(&entry.id)))
        .collect();
    let current =
        panel.current.map(|current| current.text()).filter(|current| mine.iter().any(|one| one.id == *current));
    Ok(Pad {
        phase: panel.phase,
        left: panel.timer.left_at(now),
        runs: panel.timer.ends_at.is_some(),
        current,
        entries: mine,
    })
}

fn pad_entry(round: &Round, entry: &Entry, score: Option<Score>) -> PadEntry {
    let mark = |(criterion, mark): (&crate::model::Criterion, &Option<Points>)| {
        Some((criterion.key.clone(), mark.as_ref()?.to_string()))
    };
    let marks = score.iter().flat_map(|score| round.setup.criteria.iter().zip(&score.marks)).filter_map(mark).collect();
    PadEntry {
        id: entry.id.text(),
        place: entry.pitch.unwrap_or_default(),
        code: entry.code.clone(),
        title: entry.title.clone(),
        name: if round.setup.blind { String::new() } else { entry.applicant_name.clone() },
        state: match entry.state {
            EntryState::Tallied | EntryState::Confirmed => EntryState::Scored,
            state => state,
        },
        marks,
        locked: score.as_ref().is_some_and(|score| score.locked),
        total: score.and_then(|score| score.total).map(|total| total.fixed(2)),
    }
}

/// Live finals that are being judged, with their panels, newest first: for everybody.
pub async fn running(app: &App) -> Result<Vec<(Round, Panel)>> {
    let rounds = sql::round::live(&app.db).await?;
    let panels = sql::round::panels_of(&app.db, rounds.iter().map(|round| round.id).collect()).await?;
    let round = |panel: &Panel| rounds.iter().find(|round| round.id == panel.round).cloned();
    Ok(panels.into_iter().filter_map(|panel| Some((round(&panel)?, panel))).collect())
}
