//! Statements that join two files and part them again.

use jinmen_core::{AccountId, Instant, OrganizationId};
use serde_json::Value;
use store::{Conn, DbError, Query, Tx, args};

use crate::model::{Identity, MergeId, MergeRow};

fn ids(rows: Vec<(String,)>) -> Vec<String> {
    rows.into_iter().map(|(id,)| id).collect()
}

/// Rows that are of one organisation and go to another.
#[derive(Clone, Copy)]
pub(crate) enum Table {
    Fact,
    Contact,
    Affiliation,
    Claim,
    Letter,
    /// People whose file it keeps.
    Person,
    /// Its imports.
    Import,
    /// What rules decided of it.
    Decision,
}

/// Moves the rows of a table; which they were.
pub(crate) async fn rows(
    tx: &mut Tx,
    table: Table,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<Vec<String>, DbError> {
    let sql = match table {
        Table::Fact => {
            "UPDATE fact SET subject_id = $2 WHERE subject_kind = 'organization' AND subject_id = $1 RETURNING id"
        }
        Table::Contact => {
            "UPDATE contact_point SET subject_id = $2 WHERE subject_kind = 'organization' AND subject_id = $1 RETURNING id"
        }
        Table::Affiliation => "UPDATE affiliation SET organization_id = $2 WHERE organization_id = $1 RETURNING id",
        Table::Claim => "UPDATE claim SET organization_id = $2 WHERE organization_id = $1 RETURNING id",
        Table::Letter => "UPDATE claim_letter SET organization_id = $2 WHERE organization_id = $1 RETURNING id",
        Table::Person => "UPDATE person SET keeper_id = $2 WHERE keeper_id = $1 RETURNING id",
        Table::Import => "UPDATE import SET keeper_id = $2 WHERE keeper_id = $1 RETURNING id",
        Table::Decision => {
            "UPDATE decision SET subject_id = $2 WHERE subject_kind = 'organization' AND subject_id = $1 RETURNING id"
        }
    };
    tx.list(sql, args![from, to]).await.map(ids)
}

/// Moves rows back.
pub(crate) async fn return_rows(tx: &mut Tx, table: Table, rows: &[String], to: OrganizationId) -> Result<(), DbError> {
    let text = match table {
        Table::Fact => "UPDATE fact SET subject_id = ? WHERE",
        Table::Contact => "UPDATE contact_point SET subject_id = ? WHERE",
        Table::Affiliation => "UPDATE affiliation SET organization_id = ? WHERE",
        Table::Claim => "UPDATE claim SET organization_id = ? WHERE",
        Table::Letter => "UPDATE claim_letter SET organization_id = ? WHERE",
        Table::Person => "UPDATE person SET keeper_id = ? WHERE",
        Table::Import => "UPDATE import SET keeper_id = ? WHERE",
        Table::Decision => "UPDATE decision SET subject_id = ? WHERE",
    };
    for some in rows.chunks(1_000) {
        let mut query = Query::new(text, args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}

/// Takes back the open claims of accounts that claim both; which, and how they stood.
pub(crate) async fn close_double_claims(
    tx: &mut Tx,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<Vec<(String, String)>, DbError> {
    const OPEN: &str = "state IN ('draft', 'submitted', 'returned')";
    let mut query = Query::new("SELECT c.id, c.state FROM claim c WHERE c.organization_id = ? AND c.", args![from]);
    query.push(OPEN, args![]);
    query.push(
        " AND EXISTS (SELECT 1 FROM claim other WHERE other.organization_id = ? AND other.account_id = c.account_id AND other.",
        args![to],
    );
    query.push(OPEN, args![]);
    query.push(")", args![]);
    let rows: Vec<(String, String)> = query.list(&mut *tx).await?;
    if !rows.is_empty() {
        let mut query = Query::new("UPDATE claim SET state = 'withdrawn' WHERE", args![]);
        query.within(" id IN", rows.iter().map(|(id, _)| id.clone()).collect(), "");
        query.run(tx).await?;
    }
    Ok(rows)
}

/// Puts claims back into the state they were in.
pub(crate) async fn reopen_claims(tx: &mut Tx, rows: &[(String, String)]) -> Result<(), DbError> {
    // An account has five claims open at most.
    for (id, state) in rows {
        tx.run("UPDATE claim SET state = $2 WHERE id = $1 AND state = 'withdrawn'", args![id, state]).await?;
    }
    Ok(())
}

/// Ends relations that would stand twice, and those between the two; which.
pub(crate) async fn end_double_relations(
    tx: &mut Tx,
    from: OrganizationId,
    to: OrganizationId,
    now: Instant,
) -> Result<Vec<String>, DbError> {
    tx.list(
        "UPDATE relation SET ended_at = $3 WHERE ended_at IS NULL AND (
           (from_id = $1 AND to_id = $2) OR (from_id = $2 AND to_id = $1)
           OR (from_id = $1 AND EXISTS (SELECT 1 FROM relation o WHERE o.from_id = $2 AND o.to_id = relation.to_id
                 AND o.kind = relation.kind AND o.ended_at IS NULL))
           OR (to_id = $1 AND EXISTS (SELECT 1 FROM relation o WHERE o.to_id = $2 AND o.from_id = relation.from_id
                 AND o.kind = relation.kind AND o.ended_at IS NULL))) RETURNING id",
        args![from, to, now],
    )
    .await
    .map(ids)
}

/// Moves the relations that go out from one organisation, but for those to the other.
pub(crate) async fn relations_from(
    tx: &mut Tx,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<Vec<String>, DbError> {
    tx.list("UPDATE relation SET from_id = $2 WHERE from_id = $1 AND to_id <> $2 RETURNING id", args![from, to])
        .await
        .map(ids)
}

/// Moves the relations that come in.
pub(crate) async fn relations_to(
    tx: &mut Tx,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<Vec<String>, DbError> {
    tx.list("UPDATE relation SET to_id = $2 WHERE to_id = $1 AND from_id <> $2 RETURNING id", args![from, to])
        .await
        .map(ids)
}

pub(crate) async fn return_relations(
    tx: &mut Tx,
    out: &[String],
    into: &[String],
    ended: &[String],
    to: OrganizationId,
) -> Result<(), DbError> {
    for some in out.chunks(1_000) {
        let mut query = Query::new("UPDATE relation SET from_id = ? WHERE", args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    for some in into.chunks(1_000) {
        let mut query = Query::new("UPDATE relation SET to_id = ? WHERE", args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    for some in ended.chunks(1_000) {
        let mut query = Query::new("UPDATE relation SET ended_at = NULL WHERE", args![]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}

/// Whether an organisation keeps files of others: then it is an office, and does not go.
pub(crate) async fn keeps_others<'a>(conn: impl Into<Conn<'a>>, id: OrganizationId) -> Result<bool, DbError> {
    let (keeps,): (bool,) =
        conn.into().one("SELECT EXISTS (SELECT 1 FROM organization WHERE keeper_id = $1)", args![id]).await?;
    Ok(keeps)
}

#[derive(store::FromRow)]
struct IdentityRow {
    uscc: Option<String>,
    name_en: Option<String>,
    society_level: Option<String>,
    intro_zh: String,
    intro_en: Option<String>,
    listed: bool,
    state: String,
    claimed_at: Option<i64>,
    merged_into: Option<String>,
}

pub(crate) async fn identity(tx: &mut Tx, id: OrganizationId) -> Result<Identity, DbError> {
    let row: IdentityRow = tx
        .one(
            "SELECT uscc, name_en, society_level, intro_zh, intro_en, listed, state, claimed_at, merged_into
             FROM organization WHERE id = $1",
            args![id],
        )
        .await?;
    Ok(Identity {
        uscc: row.uscc,
        name_en: row.name_en,
        society_level: row.society_level,
        intro_zh: row.intro_zh,
        intro_en: row.intro_en,
        listed: row.listed,
        state: row.state,
        claimed_at: row.claimed_at,
        merged_into: row.merged_into,
    })
}

pub(crate) async fn set_identity(tx: &mut Tx, id: OrganizationId, to: &Identity, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE organization SET uscc = $2, name_en = $3, society_level = $4, intro_zh = $5, intro_en = $6, listed = $7,
           state = $8, claimed_at = $9, merged_into = $10, version = version + 1, updated_at = $11 WHERE id = $1",
        args![
            id,
            to.uscc.clone(),
            to.name_en.clone(),
            to.society_level.clone(),
            &to.intro_zh,
            to.intro_en.clone(),
            to.listed,
            &to.state,
            to.claimed_at,
            to.merged_into.clone(),
            now
        ],
    )
    .await
}

/// Where a file went, if it was joined to another.
pub(crate) async fn merged_into<'a>(
    conn: impl Into<Conn<'a>>,
    id: OrganizationId,
) -> Result<Option<OrganizationId>, DbError> {
    let row: Option<(Option<String>,)> =
        conn.into().maybe("SELECT merged_into FROM organization WHERE id = $1", args![id]).await?;
    Ok(row.and_then(|(into,)| into).and_then(|into| into.parse().ok()))
}

pub(crate) async fn insert(tx: &mut Tx, merge: &MergeRow, moved: Value, by: Option<AccountId>) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO merge (id, from_id, to_id, name, moved, reason, merged_by, merged_name, merged_at)
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

impl TryFrom<Row> for MergeRow {
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
pub(crate) async fn of<'a>(conn: impl Into<Conn<'a>>, to: OrganizationId) -> Result<Vec<MergeRow>, DbError> {
    let sql = "SELECT id, from_id, to_id, name, reason, merged_name, merged_at, undone_at FROM merge
         WHERE to_id = $1 ORDER BY id DESC LIMIT 20";
    conn.into().list::<Row>(sql, args![to]).await?.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn get(tx: &mut Tx, id: MergeId) -> Result<(MergeRow, Value), DbError> {
    let sql = "SELECT id, from_id, to_id, name, reason, merged_name, merged_at, undone_at FROM merge WHERE id = $1";
    let row: MergeRow = tx.one::<Row>(sql, args![id]).await?.try_into()?;
    let (moved,): (Value,) = tx.one("SELECT moved FROM merge WHERE id = $1", args![id]).await?;
    Ok((row, moved))
}

/// Whether something was joined to this file after that merge: then the later one is undone first.
pub(crate) async fn later(tx: &mut Tx, merge: &MergeRow) -> Result<bool, DbError> {
    let (later,): (bool,) = tx
        .one(
            "SELECT EXISTS (SELECT 1 FROM merge WHERE id > $1 AND undone_at IS NULL
               AND (to_id IN ($2, $3) OR from_id IN ($2, $3)))",
            args![merge.id, merge.from, merge.to],
        )
        .await?;
    Ok(later)
}

pub(crate) async fn set_undone(tx: &mut Tx, id: MergeId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE merge SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL", args![id, now]).await
}

/// Withdraws what was computed for a joined file from facts of both.
pub(crate) async fn withdraw_computed(
    tx: &mut Tx,
    id: OrganizationId,
    since: Instant,
    reason: &str,
    now: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE fact SET withdrawn_at = $3, withdrawn_note = $4 WHERE subject_kind = 'organization' AND subject_id = $1
           AND source = 'computed' AND recorded_at >= $2 AND withdrawn_at IS NULL",
        args![id, since, now, reason],
    )
    .await
}
