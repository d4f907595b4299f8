//! Statements on the second proof at sign-in.

use jinmen_core::{AccountId, Instant};
use store::{Conn, Db, DbError, Tx, args};

use crate::Second;

/// A secret of an app.
pub(crate) struct SecretRow {
    pub(crate) sealed: Vec<u8>,
    pub(crate) confirmed: bool,
    pub(crate) last_step: i64,
}

pub(crate) async fn secret_of(db: &Db, account: AccountId) -> Result<Option<SecretRow>, DbError> {
    let row: Option<(Vec<u8>, Option<i64>, i64)> = db
        .maybe("SELECT secret, confirmed_at, last_step FROM second_factor WHERE account_id = $1", args![account])
        .await?;
    Ok(row.map(|(sealed, confirmed, last_step)| SecretRow { sealed, confirmed: confirmed.is_some(), last_step }))
}

pub(crate) async fn second_of(db: &Db, account: AccountId) -> Result<Option<Second>, DbError> {
    let row: Option<(i64, i64)> = db
        .maybe(
            "SELECT confirmed_at, CAST((SELECT COUNT(*) FROM recovery_code r
               WHERE r.account_id = f.account_id AND r.used_at IS NULL) AS BIGINT)
             FROM second_factor f WHERE f.account_id = $1 AND f.confirmed_at IS NOT NULL",
            args![account],
        )
        .await?;
    Ok(row.map(|(since, left)| Second { since: Instant(since), left }))
}

pub(crate) async fn has_second<'a>(conn: impl Into<Conn<'a>>, account: AccountId) -> Result<bool, DbError> {
    let row: Option<(String,)> = conn
        .into()
        .maybe(
            "SELECT account_id FROM second_factor WHERE account_id = $1 AND confirmed_at IS NOT NULL",
            args![account],
        )
        .await?;
    Ok(row.is_some())
}

pub(crate) async fn insert_second(db: &Db, account: AccountId, sealed: &[u8], now: Instant) -> Result<(), DbError> {
    db.run(
        "INSERT INTO second_factor (account_id, secret, created_at, last_step) VALUES ($1, $2, $3, 0)
         ON CONFLICT (account_id) DO NOTHING",
        args![account, sealed, now],
    )
    .await
    .map(drop)
}

pub(crate) async fn confirm_second(tx: &mut Tx, account: AccountId, step: i64, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE second_factor SET confirmed_at = $1, last_step = $2 WHERE account_id = $3 AND confirmed_at IS NULL",
        args![now, step, account],
    )
    .await
}

pub(crate) async fn delete_second(tx: &mut Tx, account: AccountId) -> Result<u64, DbError> {
    delete_recovery(tx, account).await?;
    tx.run("DELETE FROM second_factor WHERE account_id = $1", args![account]).await
}

pub(crate) async fn delete_recovery(tx: &mut Tx, account: AccountId) -> Result<(), DbError> {
    tx.run("DELETE FROM recovery_code WHERE account_id = $1", args![account]).await.map(drop)
}

pub(crate) async fn insert_recovery(tx: &mut Tx, account: AccountId, blind: &str) -> Result<(), DbError> {
    let id = jinmen_core::id::RawId::now_v7().to_string();
    tx.run("INSERT INTO recovery_code (id, account_id, code_blind) VALUES ($1, $2, $3)", args![id, account, blind])
        .await
        .map(drop)
}

/// Uses the code of a step; none of it or of an earlier one is used again.
pub(crate) async fn use_totp(tx: &mut Tx, account: AccountId, step: i64) -> Result<u64, DbError> {
    tx.run(
        "UPDATE second_factor SET last_step = $1
         WHERE account_id = $2 AND last_step < $1 AND confirmed_at IS NOT NULL",
        args![step, account],
    )
    .await
}

pub(crate) async fn use_recovery(tx: &mut Tx, account: AccountId, blind: &str, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE recovery_code SET used_at = $1 WHERE account_id = $2 AND code_blind = $3 AND used_at IS NULL",
        args![now, account, blind],
    )
    .await
}

pub(crate) async fn insert_step(
    tx: &mut Tx,
    token: &[u8],
    account: AccountId,
    now: Instant,
    expires: Instant,
) -> Result<(), DbError> {
    let id = jinmen_core::id::RawId::now_v7().to_string();
    tx.run(
        "INSERT INTO sign_in_step (id, token_hash, account_id, created_at, expires_at, tries)
         VALUES ($1, $2, $3, $4, $5, 0)",
        args![id, token, account, now, expires],
    )
    .await
    .map(drop)
}

/// Identifier and account of a step that may be taken.
pub(crate) async fn find_step(db: &Db, token: &[u8], now: Instant) -> Result<Option<(String, AccountId)>, DbError> {
    let row: Option<(String, String)> = db
        .maybe(
            "SELECT s.id, s.account_id FROM sign_in_step s JOIN account a ON a.id = s.account_id
             WHERE s.token_hash = $1 AND s.used_at IS NULL AND s.expires_at > $2 AND a.state = 'active'",
            args![token, now],
        )
        .await?;
    Ok(row.and_then(|(id, account)| Some((id, account.parse().ok()?))))
}

/// Counts a try of a step, unless it had so many.
pub(crate) async fn count_step(db: &Db, id: &str, most: i64) -> Result<u64, DbError> {
    db.run("UPDATE sign_in_step SET tries = tries + 1 WHERE id = $1 AND tries < $2", args![id, most]).await
}

/// A try that was not looked at.
pub(crate) async fn forget_attempt(db: &Db, id: &str) -> Result<(), DbError> {
    db.run("DELETE FROM sign_in_attempt WHERE id = $1", args![id]).await.map(drop)
}

/// A try that was right.
pub(crate) async fn succeeded(tx: &mut Tx, id: &str) -> Result<(), DbError> {
    tx.run("UPDATE sign_in_attempt SET succeeded = TRUE WHERE id = $1", args![id]).await.map(drop)
}

pub(crate) async fn use_step(tx: &mut Tx, id: &str, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE sign_in_step SET used_at = $1 WHERE id = $2 AND used_at IS NULL", args![now, id]).await
}

/// Steps of an account that are still open end: a new password begins anew.
pub(crate) async fn close_steps(tx: &mut Tx, account: AccountId, now: Instant) -> Result<(), DbError> {
    tx.run("UPDATE sign_in_step SET used_at = $1 WHERE account_id = $2 AND used_at IS NULL", args![now, account])
        .await
        .map(drop)
}
