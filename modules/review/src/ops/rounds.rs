//! Rounds: beginning one, deciding about it, reading it.

use std::collections::HashMap;

use calls::model::{Call, CallId};
use calls::ops::judged;
use jinmen_core::{Actor, Error, Page, PageRequest, Result, Scope};
use module::App;
use serde_json::json;

use super::{in_draft, name, object, of_office};
use crate::model::{EntryState, Panel, PanelId, Round, RoundDraft, RoundFilter, RoundId, RoundState, Seat, SeatState};
use crate::{permissions, sql};

/// Rounds of one call.
const ROUNDS_MOST: usize = 20;

/// The actor's office's rounds, newest first.
pub async fn list(app: &App, actor: &Actor, filter: &RoundFilter, page: &PageRequest) -> Result<Page<Round>> {
    let owner = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::READ, &Scope::owned_by(owner))?;
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::round::list(&app.db, owner, filter, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// Begins a round of a call of the actor's office.
///
/// # Errors
/// `review.no_stage` for a call whose applications nobody judges; every fault of the draft.
pub async fn begin(app: &App, actor: &Actor, call: CallId, draft: &RoundDraft) -> Result<RoundId> {
    actor.may_somewhere(&permissions::WRITE)?;
    let call = judged::call(&app.db, call).await?;
    actor.may(&permissions::WRITE, &Scope::owned_by(call.owner))?;
    let new = draft.parse()?;
    judged::stage(&call).ok_or_else(|| Error::conflict("review.no_stage"))?;
    let earlier = sql::round::of_call(&app.db, call.id).await?;
    if earlier.len() >= ROUNDS_MOST {
        return Err(Error::conflict("review.rounds_many"));
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let number = cases::next_number(&mut tx, "PS", now.date().year()).await?;
    let role = actor.hat().map_or(call.role, |hat| hat.role);
    let one = Round {
        id: RoundId::new(),
        number,
        call: call.id,
        owner: call.owner,
        role,
        kind: new.kind,
        title: new.title,
        state: RoundState::Draft,
        previous: earlier.iter().rev().find(|one| leads_to(one, &new.setup)).map(|one| one.id),
        setup: new.setup,
        due_on: new.due_on,
        opened_at: None,
        closed_at: None,
        confirmed_at: None,
        confirmed_name: String::new(),
        published_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    sql::round::insert(&mut tx, &one).await?;
    let data = json!({ "number": one.number, "title": one.title.zh, "kind": one.kind.code(), "call": call.number });
    record::append(&mut tx, actor, now, "review.round.begun", object(one.id), data).await?;
    tx.commit().await?;
    Ok(one.id)
}

/// Whether the best of a round go on to one that is set up so: its result is confirmed, some go on, and it judged that track.
fn leads_to(earlier: &Round, setup: &crate::model::RoundSetup) -> bool {
    let track = &earlier.setup.track;
    earlier.state == RoundState::Confirmed
        && earlier.setup.promote > 0
        && (track.is_empty() || setup.track.is_empty() || *track == setup.track)
}

/// Decides anew about a round that is being prepared; once judges score, only its last day is moved.
///
/// # Errors
/// `Stale` where it was changed since; every fault of the draft; `review.closed`.
pub async fn arrange(app: &App, actor: &Actor, id: RoundId, seen: Option<i64>, draft: &RoundDraft) -> Result<()> {
    let before = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(Error::Stale);
    }
    let new = draft.parse()?;
    let one = match before.state {
        RoundState::Draft => Round { title: new.title, setup: new.setup, due_on: new.due_on, ..before.clone() },
        RoundState::Open if new.setup == before.setup => Round { due_on: new.due_on, ..before.clone() },
        RoundState::Open => return Err(Error::conflict("review.not_draft")),
        _ => return Err(Error::conflict("review.closed")),
    };
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::round::update(&mut tx, &one, now).await? == 0 {
        return Err(Error::Stale);
    }
    let data = json!({ "title": one.title.zh, "due": one.due_on.map(|day| day.to_string()) });
    record::append(&mut tx, actor, now, "review.round.arranged", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}

/// A round with everything that a page about it shows first.
pub struct Whole {
    /// The round.
    pub round: Round,
    /// The call whose applications are judged.
    pub call: Call,
    /// Its panels in their order.
    pub panels: Vec<Panel>,
    /// Its judges.
    pub seats: Vec<Seat>,
    /// Entries of each panel by their states.
    pub counts: Vec<(PanelId, EntryState, i64)>,
    /// Of each judge: how many entries, and how many of them are locked.
    pub progress: HashMap<crate::model::SeatId, (i64, i64)>,
}

impl Whole {
    /// How many entries it has.
    pub fn entries(&self) -> i64 {
        self.counts.iter().map(|(.., count)| count).sum()
    }

    /// How many entries a panel has.
    pub fn entries_of(&self, panel: PanelId) -> i64 {
        self.counts.iter().filter(|(of, ..)| *of == panel).map(|(.., count)| count).sum()
    }

    /// The judges of a panel who count.
    pub fn judges_of(&self, panel: PanelId) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(move |seat| seat.panel == panel && seat.state.counts())
    }

    /// How many scores are awaited, and how many are locked.
    pub fn scores(&self) -> (i64, i64) {
        self.progress.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }

    /// How many judges came.
    pub fn accepted(&self) -> usize {
        self.seats.iter().filter(|seat| seat.state == SeatState::Accepted).count()
    }
}

/// Reads a round of the actor's office.
pub async fn read(app: &App, actor: &Actor, id: RoundId) -> Result<Whole> {
    let round = of_office(&app.db, actor, &permissions::READ, id).await?;
    whole(app, round).await
}

pub(crate) async fn whole(app: &App, round: Round) -> Result<Whole> {
    let call = judged::call(&app.db, round.call).await?;
    let panels = sql::round::panels(&app.db, round.id).await?;
    let seats = sql::seat::of_round(&app.db, round.id).await?;
    let counts = sql::entry::counts(&app.db, round.id).await?;
    let progress =
        sql::pair::progress(&app.db, round.id).await?.into_iter().map(|(seat, all, done)| (seat, (all, done)));
    Ok(Whole { call, panels, seats, counts, progress: progress.collect(), round })
}

/// What happened to a round, newest first.
pub async fn history(app: &App, actor: &Actor, id: RoundId) -> Result<Vec<record::Entry>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    let page = PageRequest { after: None, limit: Some(100) };
    Ok(record::history(&app.db, &object(id), &page).await?.items)
}

/// Takes back a round that is being prepared and has no judge who was asked.
///
/// # Errors
/// `review.not_draft`, `review.has_judges`.
pub async fn discard(app: &App, actor: &Actor, id: RoundId) -> Result<()> {
    let round = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    in_draft(&round)?;
    let seats = sql::seat::of_round(&app.db, id).await?;
    if seats.iter().any(|seat| seat.state != SeatState::Chosen) {
        return Err(Error::conflict("review.has_judges"));
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    sql::moves::discard(&mut tx, id).await?;
    let data = json!({ "number": round.number, "name": name(actor) });
    record::append(&mut tx, actor, now, "review.round.discarded", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}
