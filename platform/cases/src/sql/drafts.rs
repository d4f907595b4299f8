//! Statements on drafts.

use jinmen_core::{AccountId, Instant};
use serde_json::{Map, Value, json};
use store::{Conn, Db, DbError, Tx, args};

use crate::Draft;

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Makes the row if it is missing, takes it until the transaction ends, and says what it holds.
pub(crate) async fn take(
    tx: &mut Tx,
    account: AccountId,
    key: &str,
    now: Instant,
) -> Result<Map<String, Value>, DbError> {
    let (fields,): (Value,) = tx
        .one(
            "INSERT INTO draft (account_id, key, fields, updated_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (account_id, key) DO UPDATE SET updated_at = excluded.updated_at RETURNING fields",
            args![account, key, json!({}), now],
        )
        .await?;
    Ok(object(fields))
}

pub(crate) async fn write(
    tx: &mut Tx,
    account: AccountId,
    key: &str,
    fields: &Map<String, Value>,
) -> Result<(), DbError> {
    tx.run(
        "UPDATE draft SET fields = $1 WHERE account_id = $2 AND key = $3",
        args![Value::Object(fields.clone()), account, key],
    )
    .await
    .map(drop)
}

pub(crate) async fn find<'a>(
    conn: impl Into<Conn<'a>>,
    account: AccountId,
    key: &str,
) -> Result<Option<Draft>, DbError> {
    let row: Option<(Value, i64)> = conn
        .into()
        .maybe("SELECT fields, updated_at FROM draft WHERE account_id = $1 AND key = $2", args![account, key])
        .await?;
    Ok(row.map(|(fields, updated_at)| Draft { fields: object(fields), updated_at: Instant(updated_at) }))
}

pub(crate) async fn delete(tx: &mut Tx, account: AccountId, key: &str) -> Result<(), DbError> {
    tx.run("DELETE FROM draft WHERE account_id = $1 AND key = $2", args![account, key]).await.map(drop)
}

pub(crate) async fn delete_before(db: &Db, before: Instant) -> Result<u64, DbError> {
    db.run("DELETE FROM draft WHERE updated_at < $1", args![before]).await
}
