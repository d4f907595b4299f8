//! What judges get for a round (评审费): owed through the books, once.

use jinmen_core::{Actor, Error, Result};
use module::App;
use payments::{Direction, NewItem, Reason, Subject, Terms};
use serde_json::json;

use super::{desk_page, object, of_office, rounds};
use crate::model::{RoundId, RoundState};
use crate::permissions;

/// Writes down what is owed to every judge of a closed round who gave a score. Asked twice it owes nothing twice. How many
/// are owed something anew.
///
/// # Errors
/// `review.not_closed`, `review.no_fee`.
pub async fn owe(app: &App, actor: &Actor, id: RoundId) -> Result<usize> {
    of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let whole = rounds::read(app, actor, id).await?;
    let round = &whole.round;
    if !matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.not_closed"));
    }
    if round.setup.fee.fen() <= 0 {
        return Err(Error::conflict("review.no_fee"));
    }
    let title = app.words(jinmen_core::Locale::ZhCn).with("review-fee-of", &[("title", round.title.zh.clone().into())]);
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let mut owed = 0;
    let gave = |seat: &&crate::model::Seat| whole.progress.get(&seat.id).is_some_and(|(_, done)| *done > 0);
    for seat in whole.seats.iter().filter(gave) {
        let mut terms = Terms::new(Direction::Out, title.clone(), round.setup.fee, now.date());
        terms.dedup = Some(format!("review/{}", seat.id));
        let mut new = NewItem::new(round.owner, Subject::Person(seat.person), seat.name.clone(), terms);
        new.keeper = Some(whole.call.role);
        new.reason = Some(Reason { object: object(id), link: desk_page(id) });
        owed += usize::from(payments::owe(&mut tx, actor, now, new).await?.is_new);
    }
    record::append(&mut tx, actor, now, "review.fees.owed", object(id), json!({ "judges": owed })).await?;
    tx.commit().await?;
    Ok(owed)
}
