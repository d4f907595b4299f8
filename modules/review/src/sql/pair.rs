//! Statements on who judges what.

use store::{Conn, DbError, Query, Tx, args};

use super::id;
use crate::model::{EntryId, Pair, PairBy, RoundId, SeatId};

fn pair((entry, seat, by): (String, String, String)) -> Result<Pair, DbError> {
    Ok(Pair { entry: id(&entry)?, seat: id(&seat)?, by: PairBy::from_code(&by).ok_or(DbError::NoRow)? })
}

/// Every pair of a round, those taken off by hand among them.
pub(crate) async fn of_round<'a>(conn: impl Into<Conn<'a>>, round: RoundId) -> Result<Vec<Pair>, DbError> {
    let rows: Vec<(String, String, String)> = conn
        .into()
        .list(
            "SELECT entry_id, seat_id, chosen_by FROM review_pair WHERE round_id = $1
             ORDER BY entry_id, seat_id LIMIT 200000",
            args![round],
        )
        .await?;
    rows.into_iter().map(pair).collect()
}

/// The judges of some entries.
pub(crate) async fn of_entries<'a>(conn: impl Into<Conn<'a>>, entries: Vec<EntryId>) -> Result<Vec<Pair>, DbError> {
    let mut query =
        Query::new("SELECT entry_id, seat_id, chosen_by FROM review_pair WHERE chosen_by <> 'barred'", args![]);
    query.within(" AND entry_id IN", entries, "ORDER BY entry_id, seat_id");
    let rows: Vec<(String, String, String)> = query.list(conn).await?;
    rows.into_iter().map(pair).collect()
}

/// The entries of a judge.
pub(crate) async fn of_seat<'a>(conn: impl Into<Conn<'a>>, seat: SeatId) -> Result<Vec<EntryId>, DbError> {
    let rows: Vec<(String,)> = conn
        .into()
        .list(
            "SELECT entry_id FROM review_pair WHERE seat_id = $1 AND chosen_by <> 'barred' ORDER BY entry_id LIMIT 5000",
            args![seat],
        )
        .await?;
    rows.into_iter().map(|(entry,)| id(&entry)).collect()
}

/// Whether a judge judges an entry.
pub(crate) async fn is_there<'a>(conn: impl Into<Conn<'a>>, entry: EntryId, seat: SeatId) -> Result<bool, DbError> {
    let row: Option<(String,)> = conn
        .into()
        .maybe(
            "SELECT seat_id FROM review_pair WHERE entry_id = $1 AND seat_id = $2 AND chosen_by <> 'barred'",
            args![entry, seat],
        )
        .await?;
    Ok(row.is_some())
}

/// Writes pairs; what was decided by hand stays.
pub(crate) async fn put(tx: &mut Tx, round: RoundId, pairs: &[Pair]) -> Result<u64, DbError> {
    let row = |one: &Pair| args![one.entry, one.seat, round, one.by.code()];
    tx.insert_many(
        "INSERT INTO review_pair (entry_id, seat_id, round_id, chosen_by)",
        pairs.iter().map(row).collect(),
        "ON CONFLICT (entry_id, seat_id) DO NOTHING",
    )
    .await
}

/// Decides about one pair by hand.
pub(crate) async fn decide(tx: &mut Tx, round: RoundId, one: &Pair) -> Result<u64, DbError> {
    tx.run(
        "INSERT INTO review_pair (entry_id, seat_id, round_id, chosen_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (entry_id, seat_id) DO UPDATE SET chosen_by = excluded.chosen_by",
        args![one.entry, one.seat, round, one.by.code()],
    )
    .await
}

/// Forgets what rules gave, before they give anew; pairs that have a score stay.
pub(crate) async fn forget_given(tx: &mut Tx, round: RoundId) -> Result<u64, DbError> {
    tx.run(
        "DELETE FROM review_pair WHERE round_id = $1 AND chosen_by = 'rule' AND NOT EXISTS
           (SELECT 1 FROM review_score s WHERE s.entry_id = review_pair.entry_id AND s.seat_id = review_pair.seat_id)",
        args![round],
    )
    .await
}

/// Takes the pairs of a judge off; those whose score is locked stay.
pub(crate) async fn forget_seat(tx: &mut Tx, seat: SeatId) -> Result<u64, DbError> {
    tx.run(
        "DELETE FROM review_pair WHERE seat_id = $1 AND NOT EXISTS
           (SELECT 1 FROM review_score s WHERE s.entry_id = review_pair.entry_id AND s.seat_id = review_pair.seat_id
              AND s.locked)",
        args![seat],
    )
    .await
}

/// Of each judge of a round: how many entries, and how many of them are locked.
pub(crate) async fn progress<'a>(
    conn: impl Into<Conn<'a>>,
    round: RoundId,
) -> Result<Vec<(SeatId, i64, i64)>, DbError> {
    let rows: Vec<(String, i64, i64)> = conn
        .into()
        .list(
            "SELECT p.seat_id, COUNT(*), COUNT(s.id) FROM review_pair p
               LEFT JOIN review_score s ON s.entry_id = p.entry_id AND s.seat_id = p.seat_id AND s.locked
             WHERE p.round_id = $1 AND p.chosen_by <> 'barred' GROUP BY p.seat_id",
            args![round],
        )
        .await?;
    rows.into_iter().map(|(seat, all, done)| Ok((id(&seat)?, all, done))).collect()
}

/// How many scores of an entry are awaited, and how many are locked.
pub(crate) async fn awaited<'a>(conn: impl Into<Conn<'a>>, entry: EntryId) -> Result<(i64, i64), DbError> {
    conn.into()
        .one(
            "SELECT COUNT(*), COUNT(s.id) FROM review_pair p
               LEFT JOIN review_score s ON s.entry_id = p.entry_id AND s.seat_id = p.seat_id AND s.locked
             WHERE p.entry_id = $1 AND p.chosen_by <> 'barred'",
            args![entry],
        )
        .await
}
