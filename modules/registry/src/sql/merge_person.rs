//! Statements that join two files of one person and part them again.

use jinmen_core::{AccountId, Instant, PersonId};
use serde_json::Value;
use store::{Conn, DbError, Query, Tx, args};

use crate::model::{MergeId, PersonIdentity, PersonMerge};

/// Rows that are of one person and go to another.
#[derive(Clone, Copy)]
pub(crate) enum Table {
    Fact,
    Contact,
    Post,
    Consent,
    Claim,
}

/// Moves the rows of a table; which they were.
pub(crate) async fn rows(tx: &mut Tx, table: Table, from: PersonId, to: PersonId) -> Result<Vec<String>, DbError> {
    let sql = match table {
        Table::Fact => "UPDATE fact SET subject_id = $2 WHERE subject_kind = 'person' AND subject_id = $1 RETURNING id",
        Table::Contact => {
            "UPDATE contact_point SET subject_id = $2 WHERE subject_kind = 'person' AND subject_id = $1 RETURNING id"
        }
        Table::Post => "UPDATE affiliation SET person_id = $2 WHERE person_id = $1 RETURNING id",
        Table::Consent => "UPDATE consent SET person_id = $2 WHERE person_id = $1 RETURNING id",
        Table::Claim => "UPDATE claim SET person_id = $2 WHERE person_id = $1 RETURNING id",
    };
    let rows: Vec<(String,)> = tx.list(sql, args![from, to]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Moves rows back.
pub(crate) async fn return_rows(tx: &mut Tx, table: Table, rows: &[String], to: PersonId) -> Result<(), DbError> {
    let text = match table {
        Table::Fact => "UPDATE fact SET subject_id = ? WHERE",
        Table::Contact => "UPDATE contact_point SET subject_id = ? WHERE",
        Table::Post => "UPDATE affiliation SET person_id = ? WHERE",
        Table::Consent => "UPDATE consent SET person_id = ? WHERE",
        Table::Claim => "UPDATE claim SET person_id = ? WHERE",
    };
    for some in rows.chunks(1_000) {
        let mut query = Query::new(text, args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}

/// Ends consents of the one that goes which the other has given, too; which.
pub(crate) async fn end_double_consents(
    tx: &mut Tx,
    from: PersonId,
    to: PersonId,
    now: Instant,
) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx
        .list(
            "UPDATE consent SET withdrawn_at = $3 WHERE person_id = $1 AND withdrawn_at IS NULL AND EXISTS
               (SELECT 1 FROM consent o WHERE o.person_id = $2 AND o.purpose = consent.purpose AND o.withdrawn_at IS NULL)
             RETURNING id",
            args![from, to, now],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Gives consents back their force.
pub(crate) async fn reopen_consents(tx: &mut Tx, rows: &[String]) -> Result<(), DbError> {
    for some in rows.chunks(1_000) {
        let mut query = Query::new("UPDATE consent SET withdrawn_at = NULL WHERE", args![]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}

#[derive(store::FromRow)]
struct IdentityRow {
    name_en: Option<String>,
    headline_zh: String,
    headline_en: Option<String>,
    resident_sealed: Option<Vec<u8>>,
    resident_blind: Option<String>,
    expert: bool,
    state: String,
    merged_into: Option<String>,
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).filter_map(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()).collect()
}

pub(crate) async fn identity(tx: &mut Tx, id: PersonId) -> Result<PersonIdentity, DbError> {
    let row: IdentityRow = tx
        .one(
            "SELECT name_en, headline_zh, headline_en, resident_sealed, resident_blind, expert, state, merged_into
             FROM person WHERE id = $1",
            args![id],
        )
        .await?;
    Ok(PersonIdentity {
        name_en: row.name_en,
        headline_zh: row.headline_zh,
        headline_en: row.headline_en,
        resident_sealed: row.resident_sealed.as_deref().map(hex),
        resident_blind: row.resident_blind,
        expert: row.expert,
        state: row.state,
        merged_into: row.merged_into,
    })
}

pub(crate) async fn set_identity(tx: &mut Tx, id: PersonId, to: &PersonIdentity, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE person SET name_en = $2, headline_zh = $3, headline_en = $4, resident_sealed = $5, resident_blind = $6,
           expert = $7, state = $8, merged_into = $9, version = version + 1, updated_at = $10 WHERE id = $1",
        args![
            id,
            to.name_en.clone(),
            &to.headline_zh,
            to.headline_en.clone(),
            to.resident_sealed.as_deref().map(bytes),
            to.resident_blind.clone(),
            to.expert,
            &to.state,
            to.merged_into.clone(),
            now
        ],
    )
    .await
}

/// Where a file went, if it was joined to another.
pub(crate) async fn merged_into<'a>(conn: impl Into<Conn<'a>>, id: PersonId) -> Result<Option<PersonId>, DbError> {
    let row: Option<(Option<String>,)> =
        conn.into().maybe("SELECT merged_into FROM person WHERE id = $1", args![id]).await?;
    Ok(row.and_then(|(into,)| into).and_then(|into| into.parse().ok()))
}

pub(crate) async fn insert(
    tx: &mut Tx,
    merge: &PersonMerge,
    moved: Value,
    by: Option<AccountId>,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO person_merge (id, from_id, to_id, name, moved, reason, merged_by, merged_name, merged_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            merge.id,
            merge.from,
            merge.to,
            &merge.name,
            moved,
            &merge.reason,
            by,
            &merge.merged_name,
            merge.merged_at
        ],
    )
    .await
    .map(drop)
}

#[derive(store::FromRow)]
struct Row {
    id: String,
    from_id: String,
    to_id: String,
    name: String,
    reason: String,
    merged_name: String,
    merged_at: i64,
    undone_at: Option<i64>,
}

impl TryFrom<Row> for PersonMerge {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            from: row.from_id.parse().map_err(|_| DbError::NoRow)?,
            to: row.to_id.parse().map_err(|_| DbError::NoRow)?,
            name: row.name,
            reason: row.reason,
            merged_name: row.merged_name,
            merged_at: Instant(row.merged_at),
            undone_at: row.undone_at.map(Instant),
        })
    }
}

/// The files that were joined to one, newest first.
pub(crate) async fn of<'a>(conn: impl Into<Conn<'a>>, to: PersonId) -> Result<Vec<PersonMerge>, DbError> {
    let sql = "SELECT id, from_id, to_id, name, reason, merged_name, merged_at, undone_at FROM person_merge
         WHERE to_id = $1 ORDER BY id DESC LIMIT 20";
    conn.into().list::<Row>(sql, args![to]).await?.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn get(tx: &mut Tx, id: MergeId) -> Result<(PersonMerge, Value), DbError> {
    let sql =
        "SELECT id, from_id, to_id, name, reason, merged_name, merged_at, undone_at FROM person_merge WHERE id = $1";
    let row: PersonMerge = tx.one::<Row>(sql, args![id]).await?.try_into()?;
    let (moved,): (Value,) = tx.one("SELECT moved FROM person_merge WHERE id = $1", args![id]).await?;
    Ok((row, moved))
}

/// Whether one of the two was joined again after that.
pub(crate) async fn later(tx: &mut Tx, merge: &PersonMerge) -> Result<bool, DbError> {
    let (later,): (bool,) = tx
        .one(
            "SELECT EXISTS (SELECT 1 FROM person_merge WHERE id > $1 AND undone_at IS NULL
               AND (to_id IN ($2, $3) OR from_id IN ($2, $3)))",
            args![merge.id, merge.from, merge.to],
        )
        .await?;
    Ok(later)
}

pub(crate) async fn set_undone(tx: &mut Tx, id: MergeId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE person_merge SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL", args![id, now]).await
}

/// Takes out what the joined files of a person said of them, and what would undo the joining.
pub(crate) async fn forget(tx: &mut Tx, to: PersonId, name: &str, now: Instant) -> Result<(), DbError> {
    tx.run(
        "UPDATE person SET name_zh = $2, name_en = NULL, name_key = '', sort_key = '', headline_zh = '',
           headline_en = NULL, resident_sealed = NULL, resident_blind = NULL, updated_at = $3 WHERE merged_into = $1",
        args![to, name, now],
    )
    .await?;
    tx.run(
        "UPDATE person_merge SET name = $2, reason = '', moved = $3, undone_at = COALESCE(undone_at, $4) WHERE to_id = $1",
        args![to, name, Value::Object(serde_json::Map::new()), now],
    )
    .await?;
    Ok(())
}
