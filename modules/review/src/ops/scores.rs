//! Scores: saved while they are typed, locked once, opened again only with a reason; slips of paper typed by two people.

use jinmen_core::{Actor, Error, Fault, Instant, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::{entry_of_office, in_judging, name, object, own_seat};
use crate::model::{
    Change, Entry, EntryId, EntryState, Points, Round, RoundId, RoundKind, Score, ScoreBy, ScoreDraft, ScoreId, Seat,
    SeatId, SeatState, Slip, needed, short,
};
use crate::{permissions, sql};

/// Characters of a comment.
pub const COMMENT_MOST: usize = 4_000;

/// Saves the actor's own score of an entry, and locks it where that is wanted. Sending the same once more, as a page does
/// that had no answer, is done once.
///
/// # Errors
/// Not found for an entry that is not the actor's; `review.sign_first`; `review.score_locked` where another score is locked;
/// `review.not_on_stage`; a fault for each mark.
pub async fn save(app: &App, actor: &Actor, id: RoundId, entry: EntryId, draft: &ScoreDraft) -> Result<Score> {
    let (round, seat) = own_seat(&app.db, actor, id).await?;
    if seat.state != SeatState::Accepted {
        return Err(Error::conflict("review.sign_first"));
    }
    let marks = read_marks(&round, draft)?;
    let comment = long("comment", &draft.comment)?;
    let note = long("note", &draft.note)?;
    let key = short("key", &draft.key, 64)?;
    let mut tx = app.db.begin().await?;
    // The round's row first: a score is before or after the end of judging, never within it.
    let round = if draft.lock { sql::round::take(&mut tx, round.id).await? } else { round };
    let entry = sql::entry::get(&mut tx, entry).await?;
    if entry.round != round.id || !sql::pair::is_there(&mut tx, entry.id, seat.id).await? {
        return Err(Error::NotFound);
    }
    let before = sql::score::get(&mut tx, entry.id, seat.id).await?;
    if let Some(known) = before.as_ref().filter(|known| known.locked) {
        // The answer was lost on its way: it is the same score.
        let same = !key.is_empty() && known.key == key;
        return if same { Ok(known.clone()) } else { Err(Error::conflict("review.score_locked")) };
    }
    in_judging(&round)?;
    open_for_scores(&round, &entry)?;
    let now = app.clock.now();
    let total = if draft.lock { Some(round.setup.total(&round.setup.check_marks(&marks)?)) } else { None };
    let one = Score {
        id: before.map_or_else(ScoreId::new, |known| known.id),
        round: round.id,
        entry: entry.id,
        seat: seat.id,
        marks,
        total,
        locked: draft.lock,
        by: ScoreBy::Screen,
        comment,
        note,
        key,
        version: 1,
        saved_at: now,
        locked_at: draft.lock.then_some(now),
    };
    put(&mut tx, &one).await?;
    if one.locked {
        locked(&mut tx, actor, (&round, &entry, &seat), &one, now).await?;
    }
    tx.commit().await?;
    Ok(one)
}

fn long(field: &str, text: &str) -> Result<String, Fault> {
    registry::model::lines(field, text, COMMENT_MOST)
}

/// The marks as they were typed; those that are left open are none.
fn read_marks(round: &Round, draft: &ScoreDraft) -> Result<Vec<Option<Points>>> {
    let mut faults = jinmen_core::Faults::new();
    let mut marks = Vec::with_capacity(round.setup.criteria.len());
    for criterion in &round.setup.criteria {
        let typed = draft.marks.get(&criterion.key).map(|text| text.trim()).filter(|text| !text.is_empty());
        let mark = match typed {
            None => Ok(None),
            Some(text) => match Points::typed(&criterion.key, text) {
                Ok(mark) if mark > criterion.most => {
                    Err(Fault::at(&criterion.key, "review.mark_most").with("most", criterion.most))
                }
                Ok(mark) => Ok(Some(mark)),
                Err(fault) => Err(fault),
            },
        };
        marks.push(faults.take(mark).flatten());
    }
    faults.check()?;
    Ok(marks)
}

/// In a live final only who is on the stage, or was, is scored.
fn open_for_scores(round: &Round, entry: &Entry) -> Result<()> {
    match (round.kind, entry.state) {
        (RoundKind::Desk, _) | (RoundKind::Live, EntryState::Stage) => Ok(()),
        (RoundKind::Live, EntryState::Waiting) => Err(Error::conflict("review.not_on_stage")),
        _ => Err(Error::conflict("review.tallied")),
    }
}

async fn put(tx: &mut Tx, one: &Score) -> Result<()> {
    let salt = if one.locked { seal::hex(&access::Token::random().digest()) } else { String::new() };
    if sql::score::put(tx, one, &salt).await? == 0 {
        return Err(Error::conflict("review.score_locked"));
    }
    Ok(())
}

/// What a locked score means: it is in the record under its digest, and the last one of an entry lets it be tallied.
async fn locked(
    tx: &mut Tx,
    actor: &Actor,
    (round, entry, seat): (&Round, &Entry, &Seat),
    one: &Score,
    now: Instant,
) -> Result<()> {
    // How much was given stays between the judge and the office until the result is out.
    let data = json!({ "code": entry.code, "judge": seat.id.text(), "by": one.by.code() });
    record::append(tx, actor, now, "review.score.locked", object(round.id), data).await?;
    let (awaited, locked) = sql::pair::awaited(&mut *tx, entry.id).await?;
    if round.kind == RoundKind::Live && locked >= awaited {
        let entry = sql::entry::get(&mut *tx, entry.id).await?;
        sql::entry::update(tx, &Entry { state: EntryState::Scored, ..entry }).await?;
    }
    if round.kind == RoundKind::Desk {
        close_task_when_done(tx, actor, round, seat, now).await?;
    }
    Ok(())
}

/// A judge who has locked everything has nothing to do any more.
async fn close_task_when_done(tx: &mut Tx, actor: &Actor, round: &Round, seat: &Seat, now: Instant) -> Result<()> {
    let progress = sql::pair::progress(&mut *tx, round.id).await?;
    if progress.iter().any(|(of, all, done)| *of == seat.id && done >= all) {
        cases::close_task_of(tx, actor, now, super::seats::TASK, &object(round.id), &seat.id.text()).await?;
    }
    Ok(())
}

/// Opens a locked score again, for the judge to give anew: what it was and why stays.
///
/// # Errors
/// `review.tallied` once the result of the entry was computed; `review.closed`; `review.score_open`; a fault of `reason`.
pub async fn reopen(app: &App, actor: &Actor, entry: EntryId, seat: SeatId, reason: &str) -> Result<RoundId> {
    let (round, entry) = entry_of_office(&app.db, actor, &permissions::WRITE, entry).await?;
    let reason = needed("reason", reason, 300)?;
    let mut tx = app.db.begin().await?;
    let round = sql::round::take(&mut tx, round.id).await?;
    in_judging(&round)?;
    let entry = sql::entry::get(&mut tx, entry.id).await?;
    if matches!(entry.state, EntryState::Tallied | EntryState::Confirmed | EntryState::Absent) {
        return Err(Error::conflict("review.tallied"));
    }
    let before = sql::score::get(&mut tx, entry.id, seat).await?.filter(|score| score.locked);
    let before = before.ok_or_else(|| Error::conflict("review.score_open"))?;
    let now = app.clock.now();
    sql::score::unlock(&mut tx, entry.id, seat).await?;
    let change = Change {
        entry: entry.id,
        seat,
        before: before.total.unwrap_or_default(),
        reason: reason.clone(),
        by_name: name(actor),
        at: now,
    };
    sql::score::insert_change(&mut tx, round.id, &change).await?;
    if entry.state == EntryState::Scored {
        sql::entry::update(&mut tx, &Entry { state: EntryState::Stage, ..entry.clone() }).await?;
    }
    let judge = sql::seat::get(&mut tx, seat).await?;
    if round.kind == RoundKind::Desk {
        let args = json!({ "title": round.title.zh, "call": "", "number": round.number });
        let waits = cases::WaitsFor::Person(judge.person);
        let page = super::judge_page(round.id);
        let task = cases::NewTask::new(super::seats::TASK, object(round.id), waits, page, args);
        cases::open_task(&mut tx, now, task.dedup(seat.text()).due(round.due_on)).await?;
    }
    let data = json!({ "code": entry.code, "name": judge.name, "reason": reason });
    record::append(&mut tx, actor, now, "review.score.reopened", object(round.id), data).await?;
    tx.commit().await?;
    Ok(round.id)
}

/// What became of a slip that was typed.
#[derive(Clone, PartialEq, Debug)]
pub enum Typed {
    /// The first time: somebody else types it once more.
    Once,
    /// Both typings agree: the score is locked.
    Twice(Points),
}

/// Types a judge's slip of paper. Two people of the office type it; only what both typed alike becomes a score.
///
/// # Errors
/// `review.slip_same_person`, `review.slip_differs` (then both begin again), `review.score_locked`; a fault for each mark.
pub async fn slip(app: &App, actor: &Actor, entry: EntryId, seat: SeatId, draft: &ScoreDraft) -> Result<Typed> {
    let (round, _) = entry_of_office(&app.db, actor, &permissions::WRITE, entry).await?;
    let marks = round.setup.check_marks(&read_marks(&round, draft)?)?;
    let mut tx = app.db.begin().await?;
    let round = sql::round::take(&mut tx, round.id).await?;
    in_judging(&round)?;
    let entry = sql::entry::get(&mut tx, entry).await?;
    open_for_scores(&round, &entry)?;
    let judge = sql::seat::get(&mut tx, seat).await?;
    if judge.round != round.id || !sql::pair::is_there(&mut tx, entry.id, seat).await? {
        return Err(Error::NotFound);
    }
    if sql::score::get(&mut tx, entry.id, seat).await?.is_some_and(|score| score.locked) {
        return Err(Error::conflict("review.score_locked"));
    }
    let now = app.clock.now();
    let first = sql::score::slip(&mut tx, entry.id, seat).await?;
    let typed = match first {
        None => {
            let slip = Slip { entry: entry.id, seat, marks, account: actor.account(), by_name: name(actor), at: now };
            sql::score::put_slip(&mut tx, &slip).await?;
            let data = json!({ "code": entry.code, "name": judge.name });
            record::append(&mut tx, actor, now, "review.slip.typed", object(round.id), data).await?;
            Typed::Once
        }
        Some(first) if first.account == actor.account() => return Err(Error::conflict("review.slip_same_person")),
        Some(first) if first.marks != marks => {
            sql::score::remove_slip(&mut tx, entry.id, seat).await?;
            let data = json!({ "code": entry.code, "name": judge.name });
            record::append(&mut tx, actor, now, "review.slip.differed", object(round.id), data).await?;
            tx.commit().await?;
            return Err(Error::conflict("review.slip_differs"));
        }
        Some(_) => Typed::Twice(from_paper(&mut tx, actor, (&round, &entry, &judge), marks, now).await?),
    };
    tx.commit().await?;
    Ok(typed)
}

async fn from_paper(
    tx: &mut Tx,
    actor: &Actor,
    (round, entry, judge): (&Round, &Entry, &Seat),
    marks: Vec<Points>,
    now: Instant,
) -> Result<Points> {
    let total = round.setup.total(&marks);
    let before = sql::score::get(&mut *tx, entry.id, judge.id).await?;
    let one = Score {
        id: before.map_or_else(ScoreId::new, |known| known.id),
        round: round.id,
        entry: entry.id,
        seat: judge.id,
        marks: marks.into_iter().map(Some).collect(),
        total: Some(total),
        locked: true,
        by: ScoreBy::Paper,
        comment: String::new(),
        note: String::new(),
        key: String::new(),
        version: 1,
        saved_at: now,
        locked_at: Some(now),
    };
    put(tx, &one).await?;
    sql::score::remove_slip(tx, entry.id, judge.id).await?;
    locked(tx, actor, (round, entry, judge), &one, now).await?;
    Ok(total)
}
