//! Statements on webhooks and what is handed to them.

use jinmen_core::Instant;
use serde_json::{Value, json};
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::model::{Delivery, DeliveryId, DeliveryState, State, Webhook, WebhookId};

#[derive(store::FromRow)]
struct Row {
    id: String,
    name: String,
    url: String,
    actions: Value,
    state: String,
    cursor: i64,
    failing_since: Option<i64>,
    created_at: i64,
}

impl TryFrom<Row> for Webhook {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            name: row.name,
            url: row.url,
            actions: serde_json::from_value(row.actions).unwrap_or_default(),
            state: State::from_code(&row.state).ok_or(DbError::NoRow)?,
            cursor: row.cursor,
            failing_since: row.failing_since.map(Instant),
            created_at: Instant(row.created_at),
        })
    }
}

const COLUMNS: &str = "SELECT id, name, url, actions, state, cursor, failing_since, created_at FROM webhook
    WHERE removed_at IS NULL";

pub(crate) async fn list(db: &Db, active: bool) -> Result<Vec<Webhook>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    if active {
        query.push(" AND state = 'active'", args![]);
    }
    query.push(" ORDER BY name, id LIMIT 100", args![]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: WebhookId) -> Result<Webhook, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push(" AND id = ?", args![id]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

pub(crate) async fn insert(tx: &mut Tx, one: &Webhook, secret: Vec<u8>) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO webhook (id, name, url, actions, secret_sealed, state, cursor, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![one.id, &one.name, &one.url, json!(one.actions), secret, one.state.code(), one.cursor, one.created_at],
    )
    .await
    .map(drop)
}

/// The sealed secrets that sign now: the one that counts, and the one before while its time lasts.
pub(crate) async fn secrets(db: &Db, id: WebhookId, now: Instant) -> Result<Vec<Vec<u8>>, DbError> {
    let (secret, old, until): (Vec<u8>, Option<Vec<u8>>, Option<i64>) = db
        .one(
            "SELECT secret_sealed, old_secret_sealed, old_until FROM webhook WHERE id = $1 AND removed_at IS NULL",
            args![id],
        )
        .await?;
    let old = old.filter(|_| until.is_some_and(|until| until > now.0));
    Ok([Some(secret), old].into_iter().flatten().collect())
}

pub(crate) async fn rotate(tx: &mut Tx, id: WebhookId, secret: Vec<u8>, until: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE webhook SET old_secret_sealed = secret_sealed, old_until = $3, secret_sealed = $2
         WHERE id = $1 AND removed_at IS NULL",
        args![id, secret, until],
    )
    .await
}

pub(crate) async fn set_state(tx: &mut Tx, id: WebhookId, state: State, cursor: Option<i64>) -> Result<u64, DbError> {
    tx.run(
        "UPDATE webhook SET state = $2, failing_since = NULL, cursor = COALESCE(CAST($3 AS BIGINT), cursor)
         WHERE id = $1 AND removed_at IS NULL AND state <> $2",
        args![id, state.code(), cursor],
    )
    .await
}

pub(crate) async fn remove(tx: &mut Tx, id: WebhookId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE webhook SET removed_at = $2, state = 'paused' WHERE id = $1 AND removed_at IS NULL", args![id, now])
        .await
}

/// Goes on to another place; 0 if somebody else did meanwhile.
pub(crate) async fn advance(tx: &mut Tx, id: WebhookId, from: i64, to: i64) -> Result<u64, DbError> {
    tx.run(
        "UPDATE webhook SET cursor = $3 WHERE id = $1 AND cursor = $2 AND state = 'active' AND removed_at IS NULL",
        args![id, from, to],
    )
    .await
}

/// Notes that nothing was taken since; one that fails already keeps its time.
pub(crate) async fn fails(tx: &mut Tx, id: WebhookId, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE webhook SET failing_since = COALESCE(failing_since, CAST($2 AS BIGINT)) WHERE id = $1",
        args![id, now],
    )
    .await
}

pub(crate) async fn works(tx: &mut Tx, id: WebhookId) -> Result<u64, DbError> {
    tx.run("UPDATE webhook SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL", args![id]).await
}

#[derive(store::FromRow)]
struct DeliveryRow {
    id: String,
    webhook_id: String,
    number: Option<i64>,
    action: String,
    state: String,
    attempts: i64,
    status: Option<i64>,
    answer: String,
    created_at: i64,
    tried_at: Option<i64>,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = DbError;
    fn try_from(row: DeliveryRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            webhook: row.webhook_id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number,
            action: row.action,
            state: DeliveryState::from_code(&row.state).ok_or(DbError::NoRow)?,
            attempts: row.attempts,
            status: row.status,
            answer: row.answer,
            created_at: Instant(row.created_at),
            tried_at: row.tried_at.map(Instant),
        })
    }
}

const DELIVERY: &str = "SELECT id, webhook_id, number, action, state, attempts, status, answer, created_at, tried_at
    FROM webhook_delivery WHERE ";

pub(crate) async fn insert_deliveries(tx: &mut Tx, all: &[Delivery]) -> Result<(), DbError> {
    let row = |one: &Delivery| {
        args![one.id, one.webhook, one.number, &one.action, one.state.code(), one.attempts, &one.answer, one.created_at]
    };
    tx.insert_many(
        "INSERT INTO webhook_delivery (id, webhook_id, number, action, state, attempts, answer, created_at)",
        all.iter().map(row).collect(),
        "",
    )
    .await
    .map(drop)
}

pub(crate) async fn delivery<'a>(conn: impl Into<Conn<'a>>, id: DeliveryId) -> Result<Delivery, DbError> {
    let mut query = Query::new(DELIVERY, args![]);
    query.push("id = ?", args![id]);
    query.maybe::<DeliveryRow>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// What was handed to a webhook, newest first.
pub(crate) async fn deliveries(
    db: &Db,
    webhook: WebhookId,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Delivery>, DbError> {
    let mut query = Query::new(DELIVERY, args![]);
    query.push("webhook_id = ?", args![webhook]);
    query.when(after, " AND id < ?");
    query.push(" ORDER BY id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<DeliveryRow>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// Says that it is handed over now; 0 if somebody else does, or it is done.
pub(crate) async fn try_now(tx: &mut Tx, id: DeliveryId, attempts: i64, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE webhook_delivery SET attempts = attempts + 1, tried_at = $3
         WHERE id = $1 AND state = 'waiting' AND attempts = $2",
        args![id, attempts, now],
    )
    .await
}

pub(crate) async fn answered(
    tx: &mut Tx,
    id: DeliveryId,
    state: DeliveryState,
    status: Option<i64>,
    answer: &str,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE webhook_delivery SET state = $2, status = $3, answer = $4 WHERE id = $1",
        args![id, state.code(), status, answer],
    )
    .await
}

/// Begins anew with a delivery that is done or given up.
pub(crate) async fn again(tx: &mut Tx, id: DeliveryId) -> Result<u64, DbError> {
    tx.run(
        "UPDATE webhook_delivery SET state = 'waiting', attempts = 0 WHERE id = $1 AND state <> 'waiting'",
        args![id],
    )
    .await
}

/// Forgets what was handed over long ago.
pub(crate) async fn forget_before(db: &Db, before: Instant) -> Result<u64, DbError> {
    db.run("DELETE FROM webhook_delivery WHERE created_at < $1 AND state <> 'waiting'", args![before]).await
}

/// Where sealed values are kept, for when the master key changes.
pub(crate) const SEALED: &[module::SealedColumn] = &[
    module::SealedColumn {
        list: "SELECT id, CAST('webhook_secret' AS TEXT), secret_sealed FROM webhook",
        set: "UPDATE webhook SET secret_sealed = $2 WHERE id = $1",
        blind: false,
    },
    module::SealedColumn {
        list: "SELECT id, CAST('webhook_secret' AS TEXT), old_secret_sealed FROM webhook WHERE old_secret_sealed IS NOT NULL",
        set: "UPDATE webhook SET old_secret_sealed = $2 WHERE id = $1",
        blind: false,
    },
];
