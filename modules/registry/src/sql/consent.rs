//! Statements on consents.

use jinmen_core::{Instant, PersonId};
use store::{Conn, DbError, Tx, args};

use crate::model::Consent;

pub(crate) async fn of<'a>(conn: impl Into<Conn<'a>>, person: PersonId) -> Result<Vec<Consent>, DbError> {
    let rows: Vec<(String, i64, i64, Option<i64>)> = conn
        .into()
        .list(
            "SELECT purpose, wording, given_at, withdrawn_at FROM consent WHERE person_id = $1 ORDER BY id DESC LIMIT 200",
            args![person],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(purpose, wording, given, withdrawn)| Consent {
            purpose,
            wording,
            given_at: Instant(given),
            withdrawn_at: withdrawn.map(Instant),
        })
        .collect())
}

pub(crate) async fn give(
    tx: &mut Tx,
    person: PersonId,
    purpose: &str,
    wording: i64,
    now: Instant,
) -> Result<u64, DbError> {
    let id = jinmen_core::id::RawId::now_v7().to_string();
    tx.run(
        "INSERT INTO consent (id, person_id, purpose, wording, given_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person_id, purpose) WHERE withdrawn_at IS NULL DO NOTHING",
        args![id, person, purpose, wording, now],
    )
    .await
}

pub(crate) async fn withdraw(tx: &mut Tx, person: PersonId, purpose: &str, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE consent SET withdrawn_at = $1 WHERE person_id = $2 AND purpose = $3 AND withdrawn_at IS NULL",
        args![now, person, purpose],
    )
    .await
}

pub(crate) async fn withdraw_all(tx: &mut Tx, person: PersonId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE consent SET withdrawn_at = $1 WHERE person_id = $2 AND withdrawn_at IS NULL", args![now, person])
        .await
}
