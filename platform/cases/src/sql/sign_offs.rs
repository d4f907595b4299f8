//! Statements on signatures under decisions.

use jinmen_core::{Instant, Object, OrganizationId};
use store::{Conn, DbError, Tx, args};

use crate::sign_offs::{SignOff, SignOffId};

#[derive(store::FromRow)]
struct Row {
    id: String,
    outcome: String,
    opinion: String,
    account_id: String,
    name: String,
    alone: bool,
    signed_at: i64,
    closed_at: Option<i64>,
}

impl TryFrom<Row> for SignOff {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            outcome: row.outcome,
            opinion: row.opinion,
            account: row.account_id.parse().map_err(|_| DbError::NoRow)?,
            name: row.name,
            alone: row.alone,
            signed_at: Instant(row.signed_at),
            closed_at: row.closed_at.map(Instant),
        })
    }
}

pub(crate) async fn waiting(tx: &mut Tx, kind: &str, object: &Object) -> Result<Option<SignOff>, DbError> {
    let row: Option<Row> = tx
        .maybe(
            "SELECT id, outcome, opinion, account_id, name, alone, signed_at, closed_at FROM sign_off
             WHERE kind = $1 AND object_kind = $2 AND object_id = $3 AND closed_at IS NULL",
            args![kind, &object.kind, &object.id],
        )
        .await?;
    row.map(TryInto::try_into).transpose()
}

pub(crate) async fn close(tx: &mut Tx, id: SignOffId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE sign_off SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL", args![id, now]).await
}

pub(crate) async fn insert(
    tx: &mut Tx,
    kind: &str,
    object: &Object,
    owner: Option<OrganizationId>,
    new: &SignOff,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO sign_off (id, kind, object_kind, object_id, owner_id, outcome, opinion, account_id, name, alone,
           signed_at, closed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            new.id,
            kind,
            &object.kind,
            &object.id,
            owner,
            &new.outcome,
            &new.opinion,
            new.account,
            &new.name,
            new.alone,
            new.signed_at,
            new.closed_at
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn of<'a>(conn: impl Into<Conn<'a>>, object: &Object) -> Result<Vec<SignOff>, DbError> {
    let rows: Vec<Row> = conn
        .into()
        .list(
            "SELECT id, outcome, opinion, account_id, name, alone, signed_at, closed_at FROM sign_off
             WHERE object_kind = $1 AND object_id = $2 ORDER BY id LIMIT 100",
            args![&object.kind, &object.id],
        )
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}
