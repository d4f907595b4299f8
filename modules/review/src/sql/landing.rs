//! Statements on what became of prized projects.

use jinmen_core::{Date, Instant};
use store::{Conn, DbError, Tx, args};

use super::{day, id};
use crate::model::{Landing, LandingState, RoundId};

#[derive(store::FromRow)]
struct Row {
    entry_id: String,
    state: String,
    on_day: String,
    note: String,
    next_on: Option<String>,
    by_name: String,
    at: i64,
}

impl TryFrom<Row> for Landing {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            entry: id(&row.entry_id)?,
            state: LandingState::from_code(&row.state).ok_or(DbError::NoRow)?,
            on: Date::from_iso(&row.on_day).map_err(|_| DbError::NoRow)?,
            note: row.note,
            next_on: day(row.next_on),
            by_name: row.by_name,
            at: Instant(row.at),
        })
    }
}

/// How far the projects of a round have come.
pub(crate) async fn of_round<'a>(conn: impl Into<Conn<'a>>, round: RoundId) -> Result<Vec<Landing>, DbError> {
    let rows: Vec<Row> = conn
        .into()
        .list(
            "SELECT l.entry_id, l.state, l.on_day, l.note, l.next_on, l.by_name, l.at FROM review_landing l
             JOIN review_entry e ON e.id = l.entry_id WHERE e.round_id = $1 LIMIT 20000",
            args![round],
        )
        .await?;
    rows.into_iter().map(Landing::try_from).collect()
}

/// Writes down how far one has come, in place of what was known.
pub(crate) async fn put(tx: &mut Tx, one: &Landing) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO review_landing (entry_id, state, on_day, note, next_on, by_name, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (entry_id) DO UPDATE SET state = excluded.state,
         on_day = excluded.on_day, note = excluded.note, next_on = excluded.next_on, by_name = excluded.by_name,
         at = excluded.at",
        args![
            one.entry,
            one.state.code(),
            one.on.to_string(),
            &one.note,
            one.next_on.map(|day| day.to_string()),
            &one.by_name,
            one.at
        ],
    )
    .await
    .map(drop)
}
