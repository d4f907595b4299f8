//! Statements on draws and results.

use jinmen_core::Instant;
use serde_json::{Value, json};
use store::{Conn, DbError, Query, Tx, args};

use super::id;
use crate::model::{Draw, DrawId, DrawKind, DrawMethod, RoundId};

const COLUMNS: &str = "SELECT d.id, d.round_id, d.panel_id, d.kind, d.method, d.commitment, d.secret, d.words, d.most, d.inputs, d.result,
    d.committed_at, d.committed_name, d.drawn_at, d.drawn_name, d.witness FROM review_draw d WHERE ";

#[derive(store::FromRow)]
struct Row {
    id: String,
    round_id: String,
    panel_id: String,
    kind: String,
    method: String,
    commitment: String,
    secret: String,
    words: String,
    most: i64,
    inputs: Value,
    result: Value,
    committed_at: i64,
    committed_name: String,
    drawn_at: Option<i64>,
    drawn_name: String,
    witness: String,
}

impl TryFrom<Row> for Draw {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: id(&row.id)?,
            round: id(&row.round_id)?,
            panel: id(&row.panel_id)?,
            kind: DrawKind::from_code(&row.kind).ok_or(DbError::NoRow)?,
            method: DrawMethod::from_code(&row.method).ok_or(DbError::NoRow)?,
            commitment: row.commitment,
            secret: row.secret,
            words: row.words,
            count: row.most,
            inputs: serde_json::from_value(row.inputs).unwrap_or_default(),
            result: serde_json::from_value(row.result).unwrap_or_default(),
            committed_at: Instant(row.committed_at),
            committed_name: row.committed_name,
            drawn_at: row.drawn_at.map(Instant),
            drawn_name: row.drawn_name,
            witness: row.witness,
        })
    }
}

pub(crate) async fn insert(tx: &mut Tx, one: &Draw) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO review_draw (id, round_id, panel_id, kind, method, commitment, secret, words, most, inputs, result,
           committed_at, committed_name, drawn_at, drawn_name, witness)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        args![
            one.id,
            one.round,
            one.panel,
            one.kind.code(),
            one.method.code(),
            &one.commitment,
            &one.secret,
            &one.words,
            one.count,
            json!(one.inputs),
            json!(one.result),
            one.committed_at,
            &one.committed_name,
            one.drawn_at,
            &one.drawn_name,
            &one.witness
        ],
    )
    .await
    .map(drop)
}

/// Writes what was drawn; nothing where it was drawn before.
pub(crate) async fn drawn(tx: &mut Tx, one: &Draw) -> Result<u64, DbError> {
    tx.run(
        "UPDATE review_draw SET words = $2, result = $3, drawn_at = $4, drawn_name = $5, witness = $6
         WHERE id = $1 AND drawn_at IS NULL",
        args![one.id, &one.words, json!(one.result), one.drawn_at, &one.drawn_name, &one.witness],
    )
    .await
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, one: DrawId) -> Result<Draw, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("d.id = ?", args![one]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// The draws of a round, the first first.
pub(crate) async fn of_round<'a>(conn: impl Into<Conn<'a>>, round: RoundId) -> Result<Vec<Draw>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("d.round_id = ? ORDER BY d.id LIMIT 1000", args![round]);
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// What a supervisor confirmed: statement, digest, when, by whom.
pub(crate) struct Kept {
    pub statement: String,
    pub digest: String,
    pub at: Instant,
    pub by_name: String,
}

pub(crate) async fn keep(tx: &mut Tx, round: RoundId, kept: &Kept) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO review_result (id, round_id, statement, digest, at, by_name) VALUES ($1, $2, $3, $4, $5, $6)",
        args![
            jinmen_core::id::RawId::now_v7().to_string(),
            round,
            &kept.statement,
            &kept.digest,
            kept.at,
            &kept.by_name
        ],
    )
    .await
    .map(drop)
}

/// What was confirmed last.
pub(crate) async fn kept<'a>(conn: impl Into<Conn<'a>>, round: RoundId) -> Result<Option<Kept>, DbError> {
    let row: Option<(String, String, i64, String)> = conn
        .into()
        .maybe(
            "SELECT statement, digest, at, by_name FROM review_result WHERE round_id = $1 ORDER BY id DESC LIMIT 1",
            args![round],
        )
        .await?;
    Ok(row.map(|(statement, digest, at, by_name)| Kept { statement, digest, at: Instant(at), by_name }))
}
