//! Statements on scores, slips of paper, guests.

use jinmen_core::Instant;
use serde_json::{Value, json};
use store::{Conn, DbError, Query, Tx, args};

use super::{id, maybe_id};
use crate::model::{Change, EntryId, Points, RoundId, Score, ScoreBy, SeatId, Slip};

const COLUMNS: &str =
    "SELECT s.id, s.round_id, s.entry_id, s.seat_id, s.marks, s.total, s.locked, s.came_by, s.comment, s.note,
    s.send_key, s.version, s.saved_at, s.locked_at FROM review_score s WHERE ";

#[derive(store::FromRow)]
struct Row {
    id: String,
    round_id: String,
    entry_id: String,
    seat_id: String,
    marks: Value,
    total: Option<String>,
    locked: bool,
    came_by: String,
    comment: String,
    note: String,
    send_key: String,
    version: i64,
    saved_at: i64,
    locked_at: Option<i64>,
}

impl TryFrom<Row> for Score {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: id(&row.id)?,
            round: id(&row.round_id)?,
            entry: id(&row.entry_id)?,
            seat: id(&row.seat_id)?,
            marks: serde_json::from_value(row.marks).unwrap_or_default(),
            total: row.total.and_then(|text| text.parse().ok()),
            locked: row.locked,
            by: ScoreBy::from_code(&row.came_by).ok_or(DbError::NoRow)?,
            comment: row.comment,
            note: row.note,
            key: row.send_key,
            version: row.version,
            saved_at: Instant(row.saved_at),
            locked_at: row.locked_at.map(Instant),
        })
    }
}

/// Writes a score in place of an open one of the same judge on the same entry; nothing where that is locked.
pub(crate) async fn put(tx: &mut Tx, one: &Score, salt: &str) -> Result<u64, DbError> {
    tx.run(
        "INSERT INTO review_score (id, round_id, entry_id, seat_id, marks, total, locked, came_by, comment, note, send_key, salt,
           version, saved_at, locked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $14)
         ON CONFLICT (entry_id, seat_id) DO UPDATE SET marks = excluded.marks, total = excluded.total,
           locked = excluded.locked, came_by = excluded.came_by, comment = excluded.comment, note = excluded.note,
           send_key = excluded.send_key, salt = excluded.salt, version = review_score.version + 1,
           saved_at = excluded.saved_at, locked_at = excluded.locked_at
         WHERE NOT review_score.locked",
        args![
            one.id,
            one.round,
            one.entry,
            one.seat,
            json!(one.marks),
            one.total.map(|total| total.to_string()),
            one.locked,
            one.by.code(),
            &one.comment,
            &one.note,
            &one.key,
            salt,
            one.saved_at,
            one.locked_at
        ],
    )
    .await
}

/// Opens a locked score again.
pub(crate) async fn unlock(tx: &mut Tx, entry: EntryId, seat: SeatId) -> Result<u64, DbError> {
    tx.run(
        "UPDATE review_score SET locked = FALSE, locked_at = NULL, total = NULL, version = version + 1
         WHERE entry_id = $1 AND seat_id = $2 AND locked",
        args![entry, seat],
    )
    .await
}

/// A judge's score of an entry.
pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, entry: EntryId, seat: SeatId) -> Result<Option<Score>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("s.entry_id = ? AND s.seat_id = ?", args![entry, seat]);
    query.maybe::<Row>(conn).await?.map(TryInto::try_into).transpose()
}

/// A judge's scores.
pub(crate) async fn of_seat<'a>(
    conn: impl Into<Conn<'a>>,
    round: RoundId,
    seat: SeatId,
) -> Result<Vec<Score>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("s.round_id = ? AND s.seat_id = ? LIMIT 5000", args![round, seat]);
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// The scores of some entries.
pub(crate) async fn of_entries<'a>(conn: impl Into<Conn<'a>>, entries: Vec<EntryId>) -> Result<Vec<Score>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.within("s.entry_id IN", entries, "ORDER BY s.entry_id, s.seat_id");
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// Every score of a round.
pub(crate) async fn of_round<'a>(conn: impl Into<Conn<'a>>, round: RoundId) -> Result<Vec<Score>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("s.round_id = ? ORDER BY s.entry_id, s.seat_id LIMIT 200000", args![round]);
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// The salts of locked scores.
pub(crate) async fn salts<'a>(
    conn: impl Into<Conn<'a>>,
    round: RoundId,
) -> Result<Vec<(EntryId, SeatId, String)>, DbError> {
    let rows: Vec<(String, String, String)> = conn
        .into()
        .list(
            "SELECT entry_id, seat_id, salt FROM review_score WHERE round_id = $1 AND locked LIMIT 200000",
            args![round],
        )
        .await?;
    rows.into_iter().map(|(entry, seat, salt)| Ok((id(&entry)?, id(&seat)?, salt))).collect()
}

pub(crate) async fn insert_change(tx: &mut Tx, round: RoundId, one: &Change) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO review_change (id, round_id, entry_id, seat_id, before_total, reason, by_name, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            jinmen_core::id::RawId::now_v7().to_string(),
            round,
            one.entry,
            one.seat,
            one.before.to_string(),
            &one.reason,
            &one.by_name,
            one.at
        ],
    )
    .await
    .map(drop)
}

/// What became of locked scores of a round, the first first.
pub(crate) async fn changes<'a>(conn: impl Into<Conn<'a>>, round: RoundId) -> Result<Vec<Change>, DbError> {
    let rows: Vec<(String, String, String, String, String, i64)> = conn
        .into()
        .list(
            "SELECT entry_id, seat_id, before_total, reason, by_name, at FROM review_change WHERE round_id = $1
             ORDER BY id LIMIT 5000",
            args![round],
        )
        .await?;
    let one = |(entry, seat, before, reason, by_name, at): (String, String, String, String, String, i64)| {
        Ok(Change {
            entry: id(&entry)?,
            seat: id(&seat)?,
            before: before.parse().unwrap_or_default(),
            reason,
            by_name,
            at: Instant(at),
        })
    };
    rows.into_iter().map(one).collect()
}

/// The first typing of a slip, if it was typed once.
pub(crate) async fn slip<'a>(conn: impl Into<Conn<'a>>, entry: EntryId, seat: SeatId) -> Result<Option<Slip>, DbError> {
    Ok(slips(conn, entry).await?.into_iter().find(|one| one.seat == seat))
}

/// The slips of an entry that were typed once.
pub(crate) async fn slips<'a>(conn: impl Into<Conn<'a>>, entry: EntryId) -> Result<Vec<Slip>, DbError> {
    let rows: Vec<(String, Value, Option<String>, String, i64)> = conn
        .into()
        .list("SELECT seat_id, marks, account_id, by_name, at FROM review_slip WHERE entry_id = $1", args![entry])
        .await?;
    let one = |(seat, marks, account, by_name, at): (String, Value, Option<String>, String, i64)| {
        Ok(Slip {
            entry,
            seat: id(&seat)?,
            marks: serde_json::from_value(marks).unwrap_or_default(),
            account: maybe_id(account),
            by_name,
            at: Instant(at),
        })
    };
    rows.into_iter().map(one).collect()
}

pub(crate) async fn put_slip(tx: &mut Tx, one: &Slip) -> Result<u64, DbError> {
    tx.run(
        "INSERT INTO review_slip (entry_id, seat_id, marks, account_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (entry_id, seat_id) DO UPDATE SET marks = excluded.marks, account_id = excluded.account_id,
           by_name = excluded.by_name, at = excluded.at",
        args![one.entry, one.seat, json!(one.marks), one.account, &one.by_name, one.at],
    )
    .await
}

pub(crate) async fn remove_slip(tx: &mut Tx, entry: EntryId, seat: SeatId) -> Result<u64, DbError> {
    tx.run("DELETE FROM review_slip WHERE entry_id = $1 AND seat_id = $2", args![entry, seat]).await
}

/// Writes what a visitor gave.
pub(crate) async fn put_guest(
    tx: &mut Tx,
    entry: EntryId,
    guest: &str,
    total: Points,
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO review_guest (entry_id, guest, total, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (entry_id, guest) DO UPDATE SET total = excluded.total, at = excluded.at",
        args![entry, guest, total.to_string(), now],
    )
    .await
    .map(drop)
}

/// What visitors gave an entry.
pub(crate) async fn guests<'a>(conn: impl Into<Conn<'a>>, entry: EntryId) -> Result<Vec<Points>, DbError> {
    let rows: Vec<(String,)> =
        conn.into().list("SELECT total FROM review_guest WHERE entry_id = $1 LIMIT 5000", args![entry]).await?;
    Ok(rows.into_iter().filter_map(|(text,)| text.parse().ok()).collect())
}
