//! Who judges what, decided by hand: it is kept when the engine runs again.

use jinmen_core::{Actor, Error, Result};
use module::App;
use serde_json::json;

use super::{entry_of_office, object, of_office};
use crate::model::{EntryId, Pair, PairBy, RoundId, RoundState, SeatId};
use crate::{permissions, sql};

/// Gives an entry to a judge, or takes it off.
///
/// # Errors
/// `review.conflict` where the judge has one with it; `review.score_locked`; `review.closed`.
pub async fn decide(app: &App, actor: &Actor, entry: EntryId, seat: SeatId, gives: bool) -> Result<RoundId> {
    let (round, entry) = entry_of_office(&app.db, actor, &permissions::WRITE, entry).await?;
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    let seat = sql::seat::get(&app.db, seat).await?;
    if seat.round != round.id || !seat.state.counts() {
        return Err(Error::NotFound);
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if gives && sql::entry::has_conflict(&mut tx, round.id, seat.person, entry.application).await? {
        return Err(Error::conflict("review.conflict"));
    }
    if !gives && sql::score::get(&mut tx, entry.id, seat.id).await?.is_some_and(|score| score.locked) {
        return Err(Error::conflict("review.score_locked"));
    }
    let by = if gives { PairBy::Hand } else { PairBy::Barred };
    sql::pair::decide(&mut tx, round.id, &Pair { entry: entry.id, seat: seat.id, by }).await?;
    let data = json!({ "name": seat.name, "code": entry.code, "gives": gives });
    record::append(&mut tx, actor, now, "review.round.paired", object(round.id), data).await?;
    tx.commit().await?;
    Ok(round.id)
}

/// Every pair of a round, for the office.
pub async fn list(app: &App, actor: &Actor, id: RoundId) -> Result<Vec<Pair>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    Ok(sql::pair::of_round(&app.db, id).await?)
}
