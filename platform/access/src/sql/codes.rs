//! Statements on mobile numbers and their codes.

use jinmen_core::{AccountId, Instant};
use store::{Conn, Db, DbError, Tx, args};

use crate::Sealed;
use crate::codes::{Answered, Holder};

/// A row to be.
pub(crate) struct NewCode {
    pub challenge: Vec<u8>,
    pub code: Vec<u8>,
    pub sealed: Sealed,
    pub account: Option<AccountId>,
    pub joins: bool,
    pub link: Option<String>,
    pub address: String,
    pub now: Instant,
    pub expires_at: Instant,
}

pub(crate) async fn insert_code(tx: &mut Tx, new: NewCode) -> Result<(), DbError> {
    let id = jinmen_core::id::RawId::now_v7().to_string();
    tx.run(
        "INSERT INTO mobile_code (id, challenge_hash, code_hash, mobile, mobile_blind, account_id, joins, link_id,
           address, created_at, expires_at, tries)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)",
        args![
            id,
            new.challenge,
            new.code,
            new.sealed.bytes,
            new.sealed.blind,
            new.account,
            new.joins,
            new.link,
            new.address,
            new.now,
            new.expires_at
        ],
    )
    .await
    .map(drop)
}

/// How often codes were asked for lately.
#[derive(store::FromRow)]
struct AskedRow {
    here: i64,
    number: i64,
    address: i64,
    last_here: Option<i64>,
}

/// How often codes were asked for lately: to a number from an address, to the number, from the address.
pub(crate) struct Asked {
    pub here: i64,
    pub number: i64,
    pub address: i64,
    pub last_here: Option<Instant>,
}

pub(crate) async fn codes_asked(tx: &mut Tx, blind: &str, address: &str, since: Instant) -> Result<Asked, DbError> {
    let row: AskedRow = tx
        .one(
            "SELECT CAST(COUNT(*) FILTER (WHERE mobile_blind = $1 AND address = $2) AS BIGINT) AS here,
               CAST(COUNT(*) FILTER (WHERE mobile_blind = $1) AS BIGINT) AS number,
               CAST(COUNT(*) FILTER (WHERE address = $2) AS BIGINT) AS address,
               MAX(CASE WHEN mobile_blind = $1 AND address = $2 THEN created_at END) AS last_here
             FROM mobile_code WHERE (mobile_blind = $1 OR address = $2) AND created_at > $3",
            args![blind, address, since],
        )
        .await?;
    Ok(Asked { here: row.here, number: row.number, address: row.address, last_here: row.last_here.map(Instant) })
}

pub(crate) async fn count_try(tx: &mut Tx, challenge: &[u8], most: i64, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE mobile_code SET tries = tries + 1
         WHERE challenge_hash = $1 AND tries < $2 AND used_at IS NULL AND expires_at > $3",
        args![challenge.to_vec(), most, now],
    )
    .await
}

#[derive(store::FromRow)]
struct AnsweredRow {
    account_id: Option<String>,
    joins: bool,
    link_id: Option<String>,
    mobile: Vec<u8>,
    mobile_blind: String,
}

pub(crate) async fn use_code(
    tx: &mut Tx,
    challenge: &[u8],
    code: &[u8],
    now: Instant,
) -> Result<Option<Answered>, DbError> {
    let row: Option<AnsweredRow> = tx
        .maybe(
            "UPDATE mobile_code SET used_at = $3 WHERE challenge_hash = $1 AND code_hash = $2 AND used_at IS NULL
             RETURNING account_id, joins, link_id, mobile, mobile_blind",
            args![challenge.to_vec(), code.to_vec(), now],
        )
        .await?;
    Ok(row.map(|row| Answered {
        account: row.account_id.and_then(|id| id.parse().ok()),
        joins: row.joins,
        link: row.link_id,
        mobile: row.mobile,
        blind: row.mobile_blind,
    }))
}

#[derive(store::FromRow)]
struct HolderRow {
    id: String,
    active: bool,
    confirmed_at: i64,
}

pub(crate) async fn account_of_mobile<'a>(conn: impl Into<Conn<'a>>, blind: &str) -> Result<Option<Holder>, DbError> {
    let row: Option<HolderRow> = conn
        .into()
        .maybe(
            "SELECT id, state = 'active' AS active, COALESCE(mobile_confirmed_at, 0) AS confirmed_at
             FROM account WHERE mobile_blind = $1",
            args![blind],
        )
        .await?;
    row.map(|row| {
        let account = row.id.parse().map_err(|_| DbError::NoRow)?;
        Ok(Holder { account, active: row.active, confirmed_at: Instant(row.confirmed_at) })
    })
    .transpose()
}

pub(crate) async fn set_mobile(
    tx: &mut Tx,
    account: AccountId,
    sealed: &[u8],
    blind: &str,
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "UPDATE account SET mobile = $2, mobile_blind = $3, mobile_confirmed_at = $4 WHERE id = $1",
        args![account, sealed.to_vec(), blind, now],
    )
    .await
    .map(drop)
}

pub(crate) async fn clear_mobile(tx: &mut Tx, account: AccountId) -> Result<(), DbError> {
    tx.run(
        "UPDATE account SET mobile = NULL, mobile_blind = NULL, mobile_confirmed_at = NULL WHERE id = $1",
        args![account],
    )
    .await
    .map(drop)
}

pub(crate) async fn confirm_mobile(tx: &mut Tx, account: AccountId, now: Instant) -> Result<(), DbError> {
    tx.run("UPDATE account SET mobile_confirmed_at = $2 WHERE id = $1", args![account, now]).await.map(drop)
}

pub(crate) async fn sealed_mobile(db: &Db, account: AccountId) -> Result<Option<Vec<u8>>, DbError> {
    let row: (Option<Vec<u8>>,) = db.one("SELECT mobile FROM account WHERE id = $1", args![account]).await?;
    Ok(row.0)
}

/// Codes, attempts and half sign-ins that no limit looks back on any more.
pub(crate) async fn forget_before(tx: &mut Tx, before: Instant) -> Result<u64, DbError> {
    let codes = tx.run("DELETE FROM mobile_code WHERE created_at < $1", args![before]).await?;
    let attempts = tx.run("DELETE FROM sign_in_attempt WHERE at < $1", args![before]).await?;
    let steps = tx.run("DELETE FROM sign_in_step WHERE expires_at < $1", args![before]).await?;
    Ok(codes + attempts + steps)
}
