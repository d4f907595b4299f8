//! Statements on what is held of organisations, one row each.

use store::{Db, DbError, Dialect, Query, Tx, args};

use super::organization::{Audience, reached};

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

/// What is held of the organisations of a kind that somebody reaches, by identifier, from behind one on: the last one's
/// identifier, and of each its own and what is held in hexadecimal digits, with commas between. So many organisations in one
/// row cost a fifth of the processor time of as many rows. Nothing once there is none.
pub(crate) async fn page(
    db: &Db,
    audience: Audience,
    kind: &str,
    after: &str,
    limit: u32,
) -> Result<Option<(String, String)>, DbError> {
    let digits = match db.dialect() {
        Dialect::Sqlite => "hex(r.known)",
        Dialect::Postgres => "encode(r.known, 'hex')",
    };
    let mut query = Query::new("SELECT MAX(r.id), string_agg(r.id || ' ' || ", args![]);
    // The cross join keeps SQLite from sorting: organisations come by identifier already.
    query.push(digits, args![]).push(
        ", ',') FROM (SELECT k.organization_id AS id, k.known FROM organization_known k CROSS JOIN organization o
          WHERE o.id = k.organization_id AND k.organization_id > ? AND o.state = 'active' AND o.kind = ?",
        args![after, kind],
    );
    reached(&mut query, audience);
    query.push(" ORDER BY k.organization_id LIMIT ?) r", args![i64::from(limit)]);
    let rows: Vec<(Option<String>, Option<String>)> = query.list(db).await?;
    Ok(rows.into_iter().next().and_then(|(last, all)| last.zip(all)))
}

/// How many rows [`page`] reads in all.
pub(crate) async fn count(db: &Db, audience: Audience, kind: &str) -> Result<i64, DbError> {
    let mut query =
        Query::new("SELECT COUNT(*) FROM organization o WHERE o.state = 'active' AND o.kind = ?", args![kind]);
    reached(&mut query, audience);
    let rows: Vec<(i64,)> = query.list(db).await?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}
