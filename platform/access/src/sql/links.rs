//! Statements on links in messages.

use jinmen_core::{AccountId, Instant, Text2};
use store::{Db, DbError, Tx, args};

use crate::Sealed;

/// A row to be.
pub(crate) struct NewLinkRow {
    pub token: Vec<u8>,
    pub sealed: Sealed,
    pub label: Text2,
    pub target: String,
    pub by: Option<AccountId>,
    pub now: Instant,
    pub expires_at: Instant,
}

pub(crate) async fn insert_link(tx: &mut Tx, new: NewLinkRow) -> Result<(), DbError> {
    let id = jinmen_core::id::RawId::now_v7().to_string();
    tx.run(
        "INSERT INTO mobile_link (id, token_hash, mobile, mobile_blind, label_zh, label_en, target, created_at,
           created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            id,
            new.token,
            new.sealed.bytes,
            new.sealed.blind,
            new.label.zh,
            new.label.en,
            new.target,
            new.now,
            new.by,
            new.expires_at
        ],
    )
    .await
    .map(drop)
}

#[derive(store::FromRow)]
pub(crate) struct LinkRow {
    pub id: String,
    pub mobile: Vec<u8>,
    pub mobile_blind: String,
    pub label_zh: String,
    pub label_en: Option<String>,
    pub target: String,
    pub expires_at: i64,
}

/// A link that may still be used.
pub(crate) async fn find_link(db: &Db, token: &[u8], now: Instant) -> Result<LinkRow, DbError> {
    db.one(
        "SELECT id, mobile, mobile_blind, label_zh, label_en, target, expires_at FROM mobile_link
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
        args![token.to_vec(), now],
    )
    .await
}

pub(crate) async fn use_link(tx: &mut Tx, id: &str, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE mobile_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2", args![id, now])
        .await
}
