//! Statements on keys.

use serde_json::Value;
use store::{Conn, DbError, Tx, args};

/// A key as it is kept.
#[derive(store::FromRow, Clone, Debug)]
pub(crate) struct KeyRow {
    pub id: String,
    pub algorithm: String,
    pub public: Vec<u8>,
    pub secret: Vec<u8>,
    pub since: i64,
    pub until: Option<i64>,
    pub vouched: Value,
}

/// All keys, oldest first.
pub(crate) async fn list<'a>(conn: impl Into<Conn<'a>>) -> Result<Vec<KeyRow>, DbError> {
    let sql = "SELECT id, algorithm, public, secret, since, until, vouched FROM record_key ORDER BY id";
    conn.into().list(sql, args![]).await
}

pub(crate) async fn insert(tx: &mut Tx, key: KeyRow) -> Result<(), DbError> {
    let sql = "INSERT INTO record_key (id, algorithm, public, secret, since, until, vouched) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tx.run(sql, args![key.id, key.algorithm, key.public, key.secret, key.since, key.until, key.vouched]).await?;
    Ok(())
}

/// Ends every key of an algorithm that is in use.
pub(crate) async fn end(tx: &mut Tx, algorithm: &str, at: i64) -> Result<u64, DbError> {
    tx.run("UPDATE record_key SET until = $2 WHERE algorithm = $1 AND until IS NULL", args![algorithm, at]).await
}

/// Puts another secret in the place of one, as wrapping under another master key does.
pub(crate) async fn wrap_again(tx: &mut Tx, id: &str, secret: Vec<u8>) -> Result<(), DbError> {
    tx.run("UPDATE record_key SET secret = $2 WHERE id = $1", args![id, secret]).await?;
    Ok(())
}
