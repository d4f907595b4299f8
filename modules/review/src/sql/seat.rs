//! Statements on judges' seats.

use jinmen_core::{Instant, PersonId};
use serde_json::{Value, json};
use store::{Conn, DbError, Query, Tx, args};

use super::{id, maybe_id};
use crate::model::{PanelId, RoundId, Seat, SeatId, SeatState};

const COLUMNS: &str =
    "SELECT s.id, s.round_id, s.panel_id, s.person_id, s.name, s.institution, s.institution_id, s.fields,
    s.senior, s.place, s.state, s.reason, s.invited_at, s.answered_at, s.signed FROM review_seat s WHERE ";

#[derive(store::FromRow)]
struct Row {
    id: String,
    round_id: String,
    panel_id: String,
    person_id: String,
    name: String,
    institution: String,
    institution_id: Option<String>,
    fields: Value,
    senior: bool,
    place: i64,
    state: String,
    reason: String,
    invited_at: Option<i64>,
    answered_at: Option<i64>,
    signed: String,
}

impl TryFrom<Row> for Seat {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: id(&row.id)?,
            round: id(&row.round_id)?,
            panel: id(&row.panel_id)?,
            person: id(&row.person_id)?,
            name: row.name,
            institution: row.institution,
            institution_id: maybe_id(row.institution_id),
            fields: serde_json::from_value(row.fields).unwrap_or_default(),
            senior: row.senior,
            place: row.place,
            state: SeatState::from_code(&row.state).ok_or(DbError::NoRow)?,
            reason: row.reason,
            invited_at: row.invited_at.map(Instant),
            answered_at: row.answered_at.map(Instant),
            signed: row.signed,
        })
    }
}

/// Seats judges; those who have a seat in the round keep it.
pub(crate) async fn insert(tx: &mut Tx, seats: &[Seat]) -> Result<u64, DbError> {
    let row = |one: &Seat| {
        args![
            one.id,
            one.round,
            one.panel,
            one.person,
            &one.name,
            &one.institution,
            one.institution_id,
            json!(one.fields),
            one.senior,
            one.place,
            one.state.code(),
            "",
            ""
        ]
    };
    tx.insert_many(
        "INSERT INTO review_seat (id, round_id, panel_id, person_id, name, institution, institution_id, fields, senior, place,
           state, reason, signed)",
        seats.iter().map(row).collect(),
        "ON CONFLICT (round_id, person_id) DO NOTHING",
    )
    .await
}

/// Writes panel, place, state and what goes with it.
pub(crate) async fn update(tx: &mut Tx, one: &Seat) -> Result<u64, DbError> {
    tx.run(
        "UPDATE review_seat SET panel_id = $2, place = $3, state = $4, reason = $5, invited_at = $6, answered_at = $7,
           signed = $8 WHERE id = $1",
        args![
            one.id,
            one.panel,
            one.place,
            one.state.code(),
            &one.reason,
            one.invited_at,
            one.answered_at,
            &one.signed
        ],
    )
    .await
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, one: SeatId) -> Result<Seat, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("s.id = ?", args![one]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// Every seat of a round, panel by panel.
pub(crate) async fn of_round<'a>(conn: impl Into<Conn<'a>>, round: RoundId) -> Result<Vec<Seat>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("s.round_id = ? ORDER BY s.panel_id, s.place, s.id LIMIT 5000", args![round]);
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// The seats of a panel.
pub(crate) async fn of_panel<'a>(conn: impl Into<Conn<'a>>, panel: PanelId) -> Result<Vec<Seat>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("s.panel_id = ? ORDER BY s.place, s.id LIMIT 5000", args![panel]);
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// Somebody's seats, newest first.
pub(crate) async fn of_person<'a>(conn: impl Into<Conn<'a>>, person: PersonId) -> Result<Vec<Seat>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("s.person_id = ? ORDER BY s.id DESC LIMIT 100", args![person]);
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// Somebody's seat in a round.
pub(crate) async fn of_person_in<'a>(
    conn: impl Into<Conn<'a>>,
    person: PersonId,
    round: RoundId,
) -> Result<Option<Seat>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("s.person_id = ? AND s.round_id = ?", args![person, round]);
    query.maybe::<Row>(conn).await?.map(TryInto::try_into).transpose()
}
