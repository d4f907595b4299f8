//! Statements on what is held of organisations, one row each.

use store::{Db, DbError, Dialect, Query, Tx, args};

use super::organization::{Audience, reached};
use crate::ops::decide::Sheet;

/// Writes rows, or writes them anew.
pub(crate) async fn put(tx: &mut Tx, rows: Vec<(String, Vec<u8>)>) -> Result<(), DbError> {
    let rows = rows.into_iter().map(|(id, known)| args![id, known]).collect();
    tx.insert_many(
        "INSERT INTO organization_known (organization_id, known)",
        rows,
        "ON CONFLICT (organization_id) DO UPDATE SET known = excluded.known",
    )
    .await
    .map(drop)
}

/// Writes rows of those that have none: one that was written meanwhile knows more.
pub(crate) async fn fill(tx: &mut Tx, rows: Vec<(String, Vec<u8>)>) -> Result<(), DbError> {
    let rows = rows.into_iter().map(|(id, known)| args![id, known]).collect();
    tx.insert_many(
        "INSERT INTO organization_known (organization_id, known)",
        rows,
        "ON CONFLICT (organization_id) DO NOTHING",
    )
    .await
    .map(drop)
}

/// Organisations that have no row yet: those of an instance from before there were rows.
pub(crate) async fn without(db: &Db, limit: u32) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = db
        .list(
            "SELECT o.id FROM organization o LEFT JOIN organization_known k ON k.organization_id = o.id
             WHERE k.organization_id IS NULL ORDER BY o.id LIMIT $1",
            args![i64::from(limit)],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What is held of the organisations of a kind that somebody reaches, by identifier, so many at a time, in one statement. So
/// many organisations in one row cost a fifth of the processor time of as many rows. Ends early once nobody listens.
pub(crate) async fn sheets(
    db: &Db,
    audience: Audience,
    kind: &str,
    at_once: u32,
    listener: tokio::sync::mpsc::Sender<Sheet>,
) -> Result<(), DbError> {
    let digits = match db.dialect() {
        Dialect::Sqlite => "hex(r.known)",
        Dialect::Postgres => "encode(r.known, 'hex')",
    };
    // A sheet begins with its last identifier, behind which the next one is read.
    let mut query = Query::new("WITH RECURSIVE sheet (held) AS (SELECT '' UNION ALL SELECT (", args![]);
    query.push("SELECT MAX(r.id) || ',' || string_agg(r.id || ' ' || ", args![]).push(digits, args![]);
    // The cross join keeps SQLite from sorting: organisations come by identifier already.
    query.push(
        ", ',') FROM (SELECT k.organization_id AS id, k.known FROM organization_known k CROSS JOIN organization o
          WHERE o.id = k.organization_id AND k.organization_id > substr(sheet.held, 1, 36)
          AND o.state = 'active' AND o.kind = ?",
        args![kind],
    );
    reached(&mut query, audience);
    query.push(
        " ORDER BY k.organization_id LIMIT ?) r) FROM sheet WHERE sheet.held IS NOT NULL)
         SELECT held FROM sheet WHERE held <> ''",
        args![i64::from(at_once)],
    );
    query.feed(db, listener).await
}

/// How many rows [`sheets`] reads in all.
pub(crate) async fn count(db: &Db, audience: Audience, kind: &str) -> Result<i64, DbError> {
    let mut query =
        Query::new("SELECT COUNT(*) FROM organization o WHERE o.state = 'active' AND o.kind = ?", args![kind]);
    reached(&mut query, audience);
    let rows: Vec<(i64,)> = query.list(db).await?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}
