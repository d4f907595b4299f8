//! The use cases of judging.

pub mod assign;
pub mod conflicts;
pub mod draw;
pub mod entries;
pub mod experts;
pub mod export;
pub mod fees;
pub mod judging;
pub mod landing;
pub mod life;
pub mod live;
pub mod packets;
pub mod pairs;
pub mod results;
pub mod rounds;
pub mod scores;
pub mod seats;
pub mod strip;

use jinmen_core::{Actor, Error, Object, Permission, Result, Scope};
use store::Conn;

use crate::model::{Entry, EntryId, Panel, PanelId, Round, RoundId, RoundState, Seat};
use crate::{permissions, sql};

/// What kind of object a round is.
pub(crate) const OBJECT: &str = "review_round";
/// What kind of object an entry is; blind copies of its files hang on it.
pub(crate) const ENTRY: &str = "review_entry";

/// A round as records and tasks name it.
pub fn object(id: RoundId) -> Object {
    Object::new(OBJECT, id)
}

/// An entry as files name it.
pub(crate) fn entry_object(id: EntryId) -> Object {
    Object::new(ENTRY, id)
}

/// Where an office works on a round.
pub fn desk_page(id: RoundId) -> String {
    format!("/work/reviews/{id}")
}

/// Where a judge works on it.
pub fn judge_page(id: RoundId) -> String {
    format!("/work/judging/{id}")
}

/// The actor's name, for rows that say who.
pub(crate) fn name(actor: &Actor) -> String {
    match actor {
        Actor::Person(person) => person.name.clone(),
        Actor::System(part) => (*part).to_owned(),
        Actor::Nobody => String::new(),
    }
}

/// A round of the actor's office.
pub(crate) async fn of_office<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: RoundId,
) -> Result<Round> {
    actor.may_somewhere(permission)?;
    let round = sql::round::get(conn, id).await?;
    actor.may(permission, &Scope::owned_by(round.owner))?;
    Ok(round)
}

/// A panel of a round of the actor's office.
pub(crate) async fn panel_of_office<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: PanelId,
) -> Result<(Round, Panel)> {
    actor.may_somewhere(permission)?;
    let mut conn = conn.into();
    let panel = sql::round::panel(conn.again(), id).await?;
    let round = of_office(conn, actor, permission, panel.round).await?;
    Ok((round, panel))
}

/// An entry of a round of the actor's office.
pub(crate) async fn entry_of_office<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: EntryId,
) -> Result<(Round, Entry)> {
    actor.may_somewhere(permission)?;
    let mut conn = conn.into();
    let entry = sql::entry::get(conn.again(), id).await?;
    let round = of_office(conn, actor, permission, entry.round).await?;
    Ok((round, entry))
}

/// The actor's own seat in a round, whatever its state.
pub(crate) async fn own_seat<'a>(conn: impl Into<Conn<'a>>, actor: &Actor, id: RoundId) -> Result<(Round, Seat)> {
    actor.may_somewhere(&permissions::JUDGE)?;
    let person = actor.person().ok_or(Error::NotFound)?;
    let mut conn = conn.into();
    let seat = sql::seat::of_person_in(conn.again(), person, id).await?.ok_or(Error::NotFound)?;
    actor.may(&permissions::JUDGE, &Scope { person: Some(seat.person), ..Scope::default() })?;
    Ok((sql::round::get(conn, id).await?, seat))
}

/// Refuses what a round that is being judged, or was, does not take any more.
pub(crate) fn in_draft(round: &Round) -> Result<()> {
    match round.state {
        RoundState::Draft => Ok(()),
        _ => Err(Error::conflict("review.not_draft")),
    }
}

/// Refuses what only a round takes that is being judged.
pub(crate) fn in_judging(round: &Round) -> Result<()> {
    match round.state {
        RoundState::Open => Ok(()),
        RoundState::Draft => Err(Error::conflict("review.not_open")),
        RoundState::Closed | RoundState::Confirmed => Err(Error::conflict("review.closed")),
    }
}
