//! A round's life: it opens, it ends, the supervisor confirms its result, everybody sees it, the call goes on.

use std::collections::HashMap;

use calls::ops::desk::Act;
use calls::ops::judged;
use jinmen_core::{Actor, Error, Fault, PersonId, Result};
use module::App;
use serde_json::json;
use store::Conn;

use super::{conflicts, in_draft, in_judging, name, object, of_office, packets, results, seats};
use crate::model::statement::ACTION;
use crate::model::{Entry, EntryId, EntryState, Giving, Round, RoundId, RoundKind, RoundState, SeatState};
use crate::{permissions, sql};

/// Tells entrants that a result is out.
pub const NOTICE: notify::NoticeKind = notify::NoticeKind::mailed("review.result");

/// Opens a round: conflicts are looked for once more, entries given to their panels, copies of files made for blind rounds.
///
/// # Errors
/// `review.not_draft`, `review.no_entries`, `review.no_judges`, `review.unassigned`.
pub async fn open(app: &App, actor: &Actor, id: RoundId) -> Result<()> {
    let round = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    in_draft(&round)?;
    let entries = sql::entry::of_round(&app.db, id).await?;
    if entries.is_empty() {
        return Err(Error::conflict("review.no_entries"));
    }
    let seats = sql::seat::of_round(&app.db, id).await?;
    let panels = sql::round::panels(&app.db, id).await?;
    let empty = panels.iter().find(|panel| {
        entries.iter().any(|entry| entry.panel == panel.id)
            && !seats.iter().any(|seat| seat.panel == panel.id && seat.state.counts())
    });
    if let Some(panel) = empty {
        return Err(Error::Conflict(Fault::new("review.no_judges").with("panel", &panel.title.zh)));
    }
    let now = app.clock.now();
    let found = conflicts::look(app, &round, now).await?;
    let mut tx = app.db.begin().await?;
    sql::entry::forget_found(&mut tx, id).await?;
    sql::entry::put_conflicts(&mut tx, &found).await?;
    seats::give_by_panel(&mut tx, &round).await?;
    sql::moves::take_off_barred(&mut tx, id).await?;
    let given = sql::pair::of_round(&mut tx, id).await?;
    let free = entries
        .iter()
        .find(|entry| !given.iter().any(|pair| pair.entry == entry.id && pair.by != crate::model::PairBy::Barred));
    if let Some(entry) = free {
        let code = if round.setup.giving == Giving::Assigned { "review.unassigned" } else { "review.nobody_free" };
        return Err(Error::Conflict(Fault::new(code).with("code", &entry.code)));
    }
    let one = Round { state: RoundState::Open, opened_at: Some(now), ..round.clone() };
    if sql::round::update(&mut tx, &one, now).await? == 0 {
        return Err(Error::Stale);
    }
    packets::want(&mut tx, &one, now).await?;
    let data = json!({ "entries": entries.len(), "conflicts": found.len(), "pairs": given.len() });
    record::append(&mut tx, actor, now, "review.round.opened", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends judging: scores are fixed. Scores that nobody gave stay away where the office says why.
///
/// # Errors
/// `review.scores_missing` without a reason; `review.not_all_confirmed` for a live final with entries that are on the way.
pub async fn close(app: &App, actor: &Actor, id: RoundId, reason: &str) -> Result<()> {
    of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let mut tx = app.db.begin().await?;
    let round = sql::round::take(&mut tx, id).await?;
    in_judging(&round)?;
    let now = app.clock.now();
    if round.kind == RoundKind::Live {
        let ready = |entry: &Entry| matches!(entry.state, EntryState::Confirmed | EntryState::Absent);
        let entries = sql::entry::of_round(&mut tx, id).await?;
        if let Some(entry) = entries.iter().find(|entry| !ready(entry)) {
            return Err(Error::Conflict(Fault::new("review.not_all_confirmed").with("code", &entry.code)));
        }
    }
    let missing: i64 = sql::pair::progress(&mut tx, id).await?.iter().map(|(_, all, done)| all - done).sum();
    let reason = crate::model::short("reason", reason, 300)?;
    if missing > 0 && round.kind == RoundKind::Desk && reason.is_empty() {
        return Err(Error::Conflict(Fault::new("review.scores_missing").with("n", missing)));
    }
    let one = Round { state: RoundState::Closed, closed_at: Some(now), ..round.clone() };
    if sql::round::update(&mut tx, &one, now).await? == 0 {
        return Err(Error::Stale);
    }
    cases::close_task(&mut tx, actor, now, seats::TASK, &object(id)).await?;
    write_ranks(&mut tx, &one).await?;
    let data = json!({ "missing": missing, "reason": reason });
    record::append(&mut tx, actor, now, "review.round.closed", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes result and rank of every entry, and who goes on, as scores and votes stand.
async fn write_ranks(tx: &mut store::Tx, round: &Round) -> Result<()> {
    let read = results::read(&mut *tx, round.id).await?;
    let promote = i64::from(round.setup.promote);
    let mut written = Vec::with_capacity(read.entries.len());
    for panel in results::ranked(round, &read)? {
        written.extend(panel.places.into_iter().map(|place| {
            let rank = i64::from(place.standing.rank);
            Entry {
                score: Some(place.standing.score),
                rank: Some(rank),
                promoted: promote > 0 && rank <= promote,
                ..place.entry
            }
        }));
    }
    Ok(sql::entry::set_results(tx, &written).await?)
}

/// Opens a round once more that ended too early and is not confirmed.
///
/// # Errors
/// `review.not_closed`; a fault of `reason`.
pub async fn reopen(app: &App, actor: &Actor, id: RoundId, reason: &str) -> Result<()> {
    of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let reason = crate::model::needed("reason", reason, 300)?;
    let mut tx = app.db.begin().await?;
    let round = sql::round::take(&mut tx, id).await?;
    if round.state != RoundState::Closed {
        return Err(Error::conflict("review.not_closed"));
    }
    let now = app.clock.now();
    let one = Round { state: RoundState::Open, closed_at: None, ..round.clone() };
    if sql::round::update(&mut tx, &one, now).await? == 0 {
        return Err(Error::Stale);
    }
    record::append(&mut tx, actor, now, "review.round.reopened", object(id), json!({ "reason": reason })).await?;
    tx.commit().await?;
    Ok(())
}

/// The votes of a panel between entries of equal result, as its chair announced them.
///
/// # Errors
/// `review.not_closed`, `review.no_tie` where nothing is to be voted on.
pub async fn vote(app: &App, actor: &Actor, id: RoundId, votes: &HashMap<EntryId, i64>) -> Result<()> {
    of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let mut tx = app.db.begin().await?;
    let round = sql::round::take(&mut tx, id).await?;
    if round.state != RoundState::Closed {
        return Err(Error::conflict("review.not_closed"));
    }
    let read = results::read(&mut tx, id).await?;
    let tied: Vec<Entry> = results::ranked(&round, &read)?
        .into_iter()
        .flat_map(|panel| panel.places)
        .filter(|place| place.standing.revote)
        .map(|place| place.entry)
        .collect();
    let now = app.clock.now();
    let mut said = Vec::new();
    for entry in tied.into_iter().filter(|entry| votes.contains_key(&entry.id)) {
        let votes = votes.get(&entry.id).copied().unwrap_or(0).clamp(0, 1_000);
        said.push(json!({ "code": entry.code, "votes": votes }));
        if sql::entry::update(&mut tx, &Entry { votes: Some(votes), ..entry }).await? == 0 {
            return Err(Error::Stale);
        }
    }
    if said.is_empty() {
        return Err(Error::conflict("review.no_tie"));
    }
    write_ranks(&mut tx, &round).await?;
    record::append(&mut tx, actor, now, "review.round.voted", object(id), json!({ "votes": said })).await?;
    tx.commit().await?;
    Ok(())
}

/// The supervisor confirms the result: from now on it stands, under a digest that the record signs.
///
/// # Errors
/// `review.not_closed`, `review.tie_open` while the panel has to vote, `review.nothing_scored`.
pub async fn confirm(app: &App, actor: &Actor, id: RoundId) -> Result<()> {
    let round = of_office(&app.db, actor, &permissions::SUPERVISE, id).await?;
    let call = judged::call(&app.db, round.call).await?;
    let owner = app.organization_name(round.owner).await.zh;
    let mut tx = app.db.begin().await?;
    let round = sql::round::take(&mut tx, id).await?;
    if round.state != RoundState::Closed {
        return Err(Error::conflict("review.not_closed"));
    }
    let read = results::read(&mut tx, id).await?;
    let ranked = results::ranked(&round, &read)?;
    if ranked.iter().any(|panel| panel.places.iter().any(|place| place.standing.revote)) {
        return Err(Error::conflict("review.tie_open"));
    }
    let statement = results::statement(&mut Conn::from(&mut tx), &round, (&call, &owner), &read).await?;
    if statement.scores() == 0 {
        return Err(Error::conflict("review.nothing_scored"));
    }
    let now = app.clock.now();
    let digest = statement.digest();
    let kept = sql::draw::Kept {
        statement: serde_json::to_string(&statement)?,
        digest: digest.clone(),
        at: now,
        by_name: name(actor),
    };
    sql::draw::keep(&mut tx, id, &kept).await?;
    let one =
        Round { state: RoundState::Confirmed, confirmed_at: Some(now), confirmed_name: name(actor), ..round.clone() };
    if sql::round::update(&mut tx, &one, now).await? == 0 {
        return Err(Error::Stale);
    }
    let data = json!({ "statement": digest, "scores": statement.scores(), "panels": statement.panels.len() });
    record::append(&mut tx, actor, now, ACTION, object(id), data).await?;
    tx.commit().await?;
    Ok(())
}

/// Lets everybody see a confirmed result, and tells those who entered.
///
/// # Errors
/// `review.not_confirmed`.
pub async fn publish(app: &App, actor: &Actor, id: RoundId) -> Result<()> {
    let round = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    if round.state != RoundState::Confirmed {
        return Err(Error::conflict("review.not_confirmed"));
    }
    if round.published_at.is_some() {
        return Ok(());
    }
    let call = judged::call(&app.db, round.call).await?;
    let entered: Vec<_> = sql::entry::of_round(&app.db, id).await?.into_iter().map(|one| one.application).collect();
    let people: Vec<PersonId> =
        judged::some(app, &call, &entered).await?.into_iter().flat_map(|one| one.people).collect();
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::round::update(&mut tx, &Round { published_at: Some(now), ..round.clone() }, now).await? == 0 {
        return Err(Error::Stale);
    }
    let args = json!({ "title": round.title.zh, "call": call.title.zh });
    let told = notify::Notice::new(NOTICE, args).link(format!("/results/{id}")).about(object(id));
    notify::send(&mut tx, now, &people, told).await?;
    record::append(&mut tx, actor, now, "review.result.published", object(id), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// What became of handing a result over to the call.
#[derive(Clone, Debug, Default)]
pub struct Handed {
    /// Applications that go on with a prize.
    pub prized: usize,
    /// Applications that go on to nothing.
    pub rejected: usize,
    /// Those that had moved on before, or cannot.
    pub refused: Vec<(String, String)>,
}

/// Hands a confirmed result over to the call: who has a prize goes on from the stage of experts with its sum, who goes on to the
/// next round stays there, the others end with their result as the reason. The call's decision, notice and payment follow by themselves.
///
/// # Errors
/// `review.not_confirmed`, `review.no_prizes`; not found for who does not work on the call's applications.
pub async fn hand_over(app: &App, actor: &Actor, id: RoundId) -> Result<Handed> {
    let round = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    if round.state != RoundState::Confirmed {
        return Err(Error::conflict("review.not_confirmed"));
    }
    if round.setup.prizes.is_empty() && round.setup.promote == 0 {
        return Err(Error::conflict("review.no_prizes"));
    }
    let t = app.words(jinmen_core::Locale::ZhCn);
    let mut handed = Handed::default();
    // Who goes on to the next round stays at the stage.
    for entry in sql::entry::of_round(&app.db, id).await?.into_iter().filter(|entry| !entry.promoted) {
        let rank = entry.rank.and_then(|rank| u32::try_from(rank).ok());
        let prize = rank.and_then(|rank| round.setup.prize(rank));
        let score = entry.score.map(|score| score.fixed(round.setup.method.digits)).unwrap_or_default();
        let args = [
            ("title", round.title.zh.clone().into()),
            ("score", score.into()),
            ("rank", entry.rank.unwrap_or_default().to_string().into()),
            ("prize", prize.map(|prize| prize.title.clone()).unwrap_or_default().into()),
        ];
        let act = match prize {
            Some(prize) => {
                let mut act = Act::done(&t.with("review-opinion-prize", &args));
                act.granted = Some(prize.amount).filter(|amount| amount.fen() > 0);
                act
            }
            None if entry.state == EntryState::Absent => Act::reject(&t.of("review-opinion-absent")),
            None => Act::reject(&t.with("review-opinion-none", &args)),
        };
        let won = prize.is_some();
        match calls::ops::desk::act(app, actor, entry.application, act).await {
            Ok(_) if won => handed.prized += 1,
            Ok(_) => handed.rejected += 1,
            Err(Error::Conflict(fault)) => handed.refused.push((entry.code.clone(), fault.code)),
            Err(Error::NotFound) => handed.refused.push((entry.code.clone(), "calls.not_there".into())),
            Err(other) => return Err(other),
        }
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let data = json!({ "prized": handed.prized, "rejected": handed.rejected, "refused": handed.refused.len() });
    record::append(&mut tx, actor, now, "review.result.handed_over", object(id), data).await?;
    tx.commit().await?;
    Ok(handed)
}

/// How many judges of a round were asked and did not answer.
pub fn unanswered(seats: &[crate::model::Seat]) -> usize {
    seats.iter().filter(|seat| seat.state == SeatState::Invited).count()
}
