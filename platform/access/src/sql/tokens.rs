//! Statements on tokens of programs.

use jinmen_core::{AccountId, Areas, GrantId, Instant, Locale, PersonId};
use store::{Conn, Db, DbError, Tx, args};

use crate::ApiToken;

/// What a row of a token is made of.
pub(crate) struct NewTokenRow<'a> {
    pub(crate) id: &'a str,
    pub(crate) hash: Vec<u8>,
    pub(crate) name: &'a str,
    pub(crate) areas: &'a str,
    pub(crate) grant: GrantId,
    pub(crate) expires: Instant,
}

pub(crate) async fn insert_token(
    tx: &mut Tx,
    account: AccountId,
    new: NewTokenRow<'_>,
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO api_token (id, token_hash, account_id, grant_id, name, areas, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![new.id, new.hash, account, new.grant, new.name, new.areas, now, new.expires],
    )
    .await
    .map(drop)
}

#[derive(store::FromRow)]
struct TokenRow {
    id: String,
    name: String,
    grant_id: String,
    areas: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
}

impl TryFrom<TokenRow> for ApiToken {
    type Error = DbError;
    fn try_from(row: TokenRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id,
            name: row.name,
            grant: row.grant_id.parse().map_err(|_| DbError::NoRow)?,
            areas: Areas::parse(&row.areas),
            created_at: Instant(row.created_at),
            expires_at: Instant(row.expires_at),
            last_used_at: row.last_used_at.map(Instant),
        })
    }
}

/// Tokens in force, the newest first.
pub(crate) async fn tokens_of<'a>(
    conn: impl Into<Conn<'a>>,
    account: AccountId,
    now: Instant,
) -> Result<Vec<ApiToken>, DbError> {
    let rows: Vec<TokenRow> = conn
        .into()
        .list(
            "SELECT id, name, grant_id, areas, created_at, expires_at, last_used_at FROM api_token
             WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY id DESC",
            args![account, now],
        )
        .await?;
    rows.into_iter().map(ApiToken::try_from).collect()
}

pub(crate) async fn revoke_token(tx: &mut Tx, account: AccountId, id: &str, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND account_id = $3 AND revoked_at IS NULL",
        args![now, id, account],
    )
    .await
}

/// A token in force, with whose it is.
pub(crate) struct FoundToken {
    pub(crate) token: ApiToken,
    pub(crate) account: AccountId,
    pub(crate) person: PersonId,
    pub(crate) display_name: String,
    pub(crate) locale: Option<Locale>,
    pub(crate) second: bool,
}

#[derive(store::FromRow)]
struct FoundRow {
    id: String,
    name: String,
    grant_id: String,
    areas: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    account_id: String,
    person_id: String,
    display_name: String,
    locale: Option<String>,
    second: bool,
}

pub(crate) async fn find_token(db: &Db, hash: &[u8], now: Instant) -> Result<Option<FoundToken>, DbError> {
    let row: Option<FoundRow> = db
        .maybe(
            "SELECT t.id, t.name, t.grant_id, t.areas, t.created_at, t.expires_at, t.last_used_at, t.account_id,
               a.person_id, a.display_name, a.locale, f.confirmed_at IS NOT NULL AS second
             FROM api_token t JOIN account a ON a.id = t.account_id LEFT JOIN second_factor f ON f.account_id = a.id
             WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND a.state = 'active'",
            args![hash, now],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(FoundToken {
        account: row.account_id.parse().map_err(|_| DbError::NoRow)?,
        person: row.person_id.parse().map_err(|_| DbError::NoRow)?,
        display_name: row.display_name,
        locale: row.locale.as_deref().and_then(Locale::from_tag),
        second: row.second,
        token: ApiToken::try_from(TokenRow {
            id: row.id,
            name: row.name,
            grant_id: row.grant_id,
            areas: row.areas,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        })?,
    }))
}

pub(crate) async fn touch_token(db: &Db, id: &str, now: Instant, before: Instant) -> Result<(), DbError> {
    db.run(
        "UPDATE api_token SET last_used_at = $1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at <= $3)",
        args![now, id, before],
    )
    .await
    .map(drop)
}
