//! Statements on accounts, roles, sessions and invitations.

mod codes;
mod links;
mod sealed;
mod second;
mod tokens;

use jinmen_core::{
    AccountId, Date, GrantId, Instant, Locale, Matter, Matters, OrganizationId, PersonId, Role, SignedIn,
};
use store::{Conn, Db, DbError, Query, Tx, args};

pub(crate) use codes::{
    NewCode, account_of_mobile, clear_mobile, codes_asked, confirm_mobile, count_try, forget_before, insert_code,
    sealed_mobile, set_mobile, use_code,
};

pub(crate) use links::{NewLinkRow, find_link, insert_link, use_link};

pub(crate) use sealed::{SEALED, with_recovery};
pub(crate) use second::{
    close_steps, confirm_second, count_step, delete_recovery, delete_second, find_step, forget_attempt, has_second,
    insert_recovery, insert_second, insert_step, second_of, secret_of, succeeded, use_recovery, use_step, use_totp,
};
pub(crate) use tokens::{NewTokenRow, find_token, insert_token, revoke_token, tokens_of, touch_token};

use crate::{Account, Device, Grant, NewAccount, NewGrant};

#[derive(store::FromRow)]
struct AccountRow {
    id: String,
    person_id: String,
    name: String,
    display_name: String,
    locale: Option<String>,
    large_type: bool,
    email: Option<String>,
    state: String,
    has_password: bool,
    created_at: i64,
}

impl TryFrom<AccountRow> for Account {
    type Error = DbError;
    fn try_from(row: AccountRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            person: row.person_id.parse().map_err(|_| DbError::NoRow)?,
            name: row.name,
            display_name: row.display_name,
            locale: row.locale.as_deref().and_then(Locale::from_tag),
            large_type: row.large_type,
            email: row.email,
            active: row.state == "active",
            has_password: row.has_password,
            created_at: Instant(row.created_at),
        })
    }
}

pub(crate) async fn insert_account(
    tx: &mut Tx,
    id: AccountId,
    new: &NewAccount,
    hash: Option<String>,
    now: Instant,
) -> Result<(), DbError> {
    let set_at = hash.is_some().then_some(now);
    tx.run(
        "INSERT INTO account (id, person_id, name, name_key, display_name, password_hash, email, state, created_at, password_set_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $9)",
        args![id, new.person, &new.name, crate::accounts::name_key(&new.name), &new.display_name, hash, new.email.clone(), now, set_at],
    )
    .await
    .map(drop)
}

pub(crate) async fn find_account<'a>(conn: impl Into<Conn<'a>>, key: &str) -> Result<Account, DbError> {
    let row: AccountRow = conn
        .into()
        .one(
            "SELECT id, person_id, name, display_name, locale, large_type, email, state,
               password_hash IS NOT NULL AS has_password, created_at
             FROM account WHERE name_key = $1 OR id = $1",
            args![key],
        )
        .await?;
    row.try_into()
}

pub(crate) async fn list_accounts(
    db: &Db,
    typed: &str,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Account>, DbError> {
    let mut query = Query::new(
        "SELECT id, person_id, name, display_name, locale, large_type, email, state,
           password_hash IS NOT NULL AS has_password, created_at FROM account WHERE TRUE",
        args![],
    );
    if !typed.is_empty() {
        let like = format!("%{}%", typed.replace(['%', '_', '\\'], ""));
        query.push(" AND (name_key LIKE ? OR display_name LIKE ?)", args![&like, &like]);
    }
    query.when(after, " AND name_key > ?");
    query.push(" ORDER BY name_key LIMIT ?", args![limit + 1]);
    let rows: Vec<AccountRow> = query.list(db).await?;
    rows.into_iter().map(Account::try_from).collect()
}

/// Identifier, password hash and whether the account is active.
pub(crate) async fn credentials(db: &Db, key: &str) -> Result<Option<(AccountId, Option<String>, bool)>, DbError> {
    let row: Option<(String, Option<String>, String)> =
        db.maybe("SELECT id, password_hash, state FROM account WHERE name_key = $1", args![key]).await?;
    Ok(row.and_then(|(id, hash, state)| Some((id.parse().ok()?, hash, state == "active"))))
}

pub(crate) async fn set_password(tx: &mut Tx, account: AccountId, hash: &str, now: Instant) -> Result<(), DbError> {
    close_steps(tx, account, now).await?;
    tx.run("UPDATE account SET password_hash = $1, password_set_at = $2 WHERE id = $3", args![hash, now, account])
        .await
        .map(drop)
}

pub(crate) async fn set_account_state(tx: &mut Tx, account: AccountId, state: &str) -> Result<(), DbError> {
    match tx.run("UPDATE account SET state = $1 WHERE id = $2", args![state, account]).await? {
        0 => Err(DbError::NoRow),
        _ => Ok(()),
    }
}

pub(crate) async fn set_locale(db: &Db, account: AccountId, locale: Locale) -> Result<(), DbError> {
    db.run("UPDATE account SET locale = $1 WHERE id = $2", args![locale.tag(), account]).await.map(drop)
}

pub(crate) async fn set_large_type(db: &Db, account: AccountId, large: bool) -> Result<(), DbError> {
    db.run("UPDATE account SET large_type = $1 WHERE id = $2", args![large, account]).await.map(drop)
}

pub(crate) async fn set_display_name(tx: &mut Tx, account: AccountId, name: &str) -> Result<(), DbError> {
    tx.run("UPDATE account SET display_name = $2 WHERE id = $1", args![account, name]).await.map(drop)
}

/// The active accounts of people, and whether each has a way in.
pub(crate) async fn accounts_of<'a>(
    conn: impl Into<Conn<'a>>,
    people: &[PersonId],
) -> Result<Vec<(PersonId, AccountId, bool)>, DbError> {
    let mut query = Query::new(
        "SELECT person_id, id, (password_hash IS NOT NULL OR mobile IS NOT NULL) AS opens FROM account
         WHERE state = 'active'",
        args![],
    );
    query.within(" AND person_id IN", people.to_vec(), "ORDER BY id");
    let rows: Vec<(String, String, bool)> = query.list(conn).await?;
    let one = |(person, account, opens): (String, String, bool)| {
        Ok((person.parse().map_err(|_| DbError::NoRow)?, account.parse().map_err(|_| DbError::NoRow)?, opens))
    };
    rows.into_iter().map(one).collect()
}

/// The sealed numbers of people's active accounts.
pub(crate) async fn sealed_mobiles(db: &Db, people: &[PersonId]) -> Result<Vec<(PersonId, Vec<u8>, Locale)>, DbError> {
    /// People asked about in one statement.
    const AT_ONCE: usize = 1_000;
    let mut found = Vec::new();
    for some in people.chunks(AT_ONCE) {
        let mut query = Query::new(
            "SELECT person_id, mobile, locale FROM account WHERE state = 'active' AND mobile IS NOT NULL",
            args![],
        );
        query.within(" AND person_id IN", some.to_vec(), "");
        let rows: Vec<(String, Vec<u8>, Option<String>)> = query.list(db).await?;
        for (person, sealed, locale) in rows {
            let locale = locale.as_deref().and_then(Locale::from_tag).unwrap_or_default();
            found.push((person.parse().map_err(|_| DbError::NoRow)?, sealed, locale));
        }
    }
    Ok(found)
}

/// The person of an account without hats, as the actor of what proves who they are.
pub(crate) async fn bare_person<'a>(conn: impl Into<Conn<'a>>, account: AccountId) -> Result<SignedIn, DbError> {
    let found = find_account(conn, &account.text()).await?;
    Ok(SignedIn {
        account,
        person: Some(found.person),
        name: found.display_name,
        locale: found.locale,
        hats: Vec::new(),
        hat: None,
    })
}

#[derive(store::FromRow)]
struct GrantRow {
    id: String,
    person_id: String,
    role: String,
    organization_id: Option<String>,
    valid_from: Option<String>,
    valid_until: Option<String>,
    matters: Option<String>,
    deputy_of: Option<String>,
    reason: Option<String>,
    created_at: i64,
    revoked_at: Option<i64>,
    principal_id: Option<String>,
    principal_until: Option<String>,
    principal_revoked_at: Option<i64>,
}

impl TryFrom<GrantRow> for Grant {
    type Error = DbError;
    /// A deputy's grant ends with the grant that it stands in for.
    fn try_from(row: GrantRow) -> Result<Self, DbError> {
        let day = |day: Option<String>| day.and_then(|day| Date::from_iso(&day).ok());
        let until = [day(row.valid_until), day(row.principal_until)].into_iter().flatten().min();
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            person: row.person_id.parse().map_err(|_| DbError::NoRow)?,
            role: row.role.parse().map_err(|_| DbError::NoRow)?,
            organization: row.organization_id.and_then(|id| id.parse().ok()),
            from: day(row.valid_from),
            until,
            matters: row.matters.map_or(Matters::ALL, |words| Matters::parse(&words)),
            deputy_of: row.deputy_of.and_then(|id| id.parse().ok()),
            deputy_for: row.principal_id.and_then(|id| id.parse().ok()),
            reason: row.reason,
            created_at: Instant(row.created_at),
            revoked_at: row.revoked_at.or(row.principal_revoked_at).map(Instant),
        })
    }
}

macro_rules! grants {
    () => {
        "SELECT g.id, g.person_id, g.role, g.organization_id, g.valid_from, g.valid_until, g.matters, g.deputy_of,
           g.reason, g.created_at, g.revoked_at, p.person_id AS principal_id, p.valid_until AS principal_until,
           p.revoked_at AS principal_revoked_at
         FROM role_grant g LEFT JOIN role_grant p ON p.id = g.deputy_of "
    };
}

pub(crate) async fn insert_grant(
    tx: &mut Tx,
    id: GrantId,
    new: &NewGrant,
    by: Option<AccountId>,
    now: Instant,
) -> Result<(), DbError> {
    let matters = (new.matters != Matters::ALL).then(|| new.matters.to_string());
    tx.run(
        "INSERT INTO role_grant (id, person_id, role, organization_id, valid_from, valid_until, matters, deputy_of,
           reason, granted_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            id,
            new.person,
            new.role.code(),
            new.organization,
            new.from,
            new.until,
            matters,
            new.deputy_of,
            new.reason.clone(),
            by,
            now
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn get_grant<'a>(conn: impl Into<Conn<'a>>, id: GrantId) -> Result<Grant, DbError> {
    let row: GrantRow = conn.into().one(concat!(grants!(), "WHERE g.id = $1"), args![id]).await?;
    row.try_into()
}

pub(crate) async fn revoke_grant(tx: &mut Tx, id: GrantId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE role_grant SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL", args![now, id]).await
}

pub(crate) async fn grants_of_person<'a>(conn: impl Into<Conn<'a>>, person: PersonId) -> Result<Vec<Grant>, DbError> {
    let rows: Vec<GrantRow> =
        conn.into().list(concat!(grants!(), "WHERE g.person_id = $1 ORDER BY g.id"), args![person]).await?;
    rows.into_iter().map(Grant::try_from).collect()
}

pub(crate) async fn grants_of_organization<'a>(
    conn: impl Into<Conn<'a>>,
    organization: OrganizationId,
) -> Result<Vec<Grant>, DbError> {
    let rows: Vec<GrantRow> = conn
        .into()
        .list(concat!(grants!(), "WHERE g.organization_id = $1 ORDER BY g.id LIMIT 500"), args![organization])
        .await?;
    rows.into_iter().map(Grant::try_from).collect()
}

pub(crate) async fn deputies_of<'a>(conn: impl Into<Conn<'a>>, grant: GrantId) -> Result<Vec<Grant>, DbError> {
    let rows: Vec<GrantRow> = conn
        .into()
        .list(concat!(grants!(), "WHERE g.deputy_of = $1 ORDER BY g.id DESC LIMIT 50"), args![grant])
        .await?;
    rows.into_iter().map(Grant::try_from).collect()
}

pub(crate) async fn acting_for<'a>(
    conn: impl Into<Conn<'a>>,
    organizations: &[OrganizationId],
    roles: &[Role],
    matter: Option<Matter>,
    today: Date,
) -> Result<Vec<(OrganizationId, PersonId)>, DbError> {
    /// Organisations asked about in one statement.
    const AT_ONCE: usize = 1_000;
    let mut conn = conn.into();
    let mut acting = Vec::new();
    for some in organizations.chunks(AT_ONCE) {
        let mut query = Query::new(
            "SELECT DISTINCT g.organization_id, g.person_id, g.matters FROM role_grant g
             WHERE g.revoked_at IS NULL AND g.deputy_of IS NULL
               AND (g.valid_from IS NULL OR g.valid_from <= ?) AND (g.valid_until IS NULL OR g.valid_until >= ?)",
            args![today, today],
        );
        query.within(" AND g.role IN", roles.iter().map(|role| role.code()).collect(), "");
        query.within(" AND g.organization_id IN", some.iter().map(|id| id.text()).collect(), "");
        let rows: Vec<(String, String, Option<String>)> = query.list(conn.again()).await?;
        let for_it = |matters: &Option<String>| {
            let matters = matters.as_deref().map_or(Matters::ALL, Matters::parse);
            matter.is_none_or(|matter| matters.include(matter))
        };
        for (organization, person, _) in rows.into_iter().filter(|(_, _, matters)| for_it(matters)) {
            let organization = organization.parse().map_err(|_| DbError::NoRow)?;
            acting.push((organization, person.parse().map_err(|_| DbError::NoRow)?));
        }
    }
    acting.sort_unstable();
    acting.dedup();
    Ok(acting)
}

pub(crate) async fn move_grants(tx: &mut Tx, from: OrganizationId, to: OrganizationId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx
        .list("UPDATE role_grant SET organization_id = $2 WHERE organization_id = $1 RETURNING id", args![from, to])
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub(crate) async fn return_grants(tx: &mut Tx, ids: &[String], to: OrganizationId) -> Result<u64, DbError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut query = Query::new("UPDATE role_grant SET organization_id = ? WHERE", args![to]);
    query.within(" id IN", ids.to_vec(), "");
    query.run(tx).await
}

pub(crate) async fn move_accounts(tx: &mut Tx, from: PersonId, to: PersonId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> =
        tx.list("UPDATE account SET person_id = $2 WHERE person_id = $1 RETURNING id", args![from, to]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub(crate) async fn move_grants_of(tx: &mut Tx, from: PersonId, to: PersonId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> =
        tx.list("UPDATE role_grant SET person_id = $2 WHERE person_id = $1 RETURNING id", args![from, to]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub(crate) async fn return_accounts(tx: &mut Tx, ids: &[String], to: PersonId) -> Result<u64, DbError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut query = Query::new("UPDATE account SET person_id = ? WHERE", args![to]);
    query.within(" id IN", ids.to_vec(), "");
    query.run(tx).await
}

pub(crate) async fn return_grants_of(tx: &mut Tx, ids: &[String], to: PersonId) -> Result<u64, DbError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut query = Query::new("UPDATE role_grant SET person_id = ? WHERE", args![to]);
    query.within(" id IN", ids.to_vec(), "");
    query.run(tx).await
}

/// Failures that this process counted.
pub(crate) static FAILURES: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

/// Failures within the window: of this account from this address, and from this address at all.
pub(crate) async fn failures(db: &Db, key: &str, address: &str, since: Instant) -> Result<(i64, i64), DbError> {
    db.one(
        "SELECT CAST(COUNT(*) FILTER (WHERE name_key = $1) AS BIGINT), CAST(COUNT(*) AS BIGINT) FROM sign_in_attempt
         WHERE address = $2 AND at >= $3 AND NOT succeeded",
        args![key, address, since],
    )
    .await
}

pub(crate) async fn insert_attempt(
    tx: &mut Tx,
    key: &str,
    address: &str,
    now: Instant,
    succeeded: bool,
) -> Result<String, DbError> {
    if !succeeded {
        FAILURES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
    let id = jinmen_core::id::RawId::now_v7().to_string();
    let key: String = key.chars().take(64).collect();
    tx.run(
        "INSERT INTO sign_in_attempt (id, name_key, address, at, succeeded) VALUES ($1, $2, $3, $4, $5)",
        args![&id, key, address, now, succeeded],
    )
    .await?;
    Ok(id)
}

#[allow(clippy::too_many_arguments)] // one value a column
pub(crate) async fn insert_session(
    tx: &mut Tx,
    id: &str,
    token: &[u8],
    account: AccountId,
    device: &str,
    address: &str,
    now: Instant,
    expires: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO session (id, token_hash, account_id, device, address, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
        args![id, token, account, device, address, now, expires],
    )
    .await
    .map(drop)
}

pub(crate) struct SessionRow {
    pub(crate) id: String,
    pub(crate) account: AccountId,
    pub(crate) person: PersonId,
    pub(crate) display_name: String,
    pub(crate) locale: Option<Locale>,
    pub(crate) large_type: bool,
    pub(crate) grant: Option<GrantId>,
    pub(crate) last_seen_at: Instant,
    pub(crate) second: bool,
}

type RawSession = (String, String, String, String, Option<String>, bool, Option<String>, i64, bool);

pub(crate) async fn find_session(
    db: &Db,
    token: &[u8],
    now: Instant,
    idle_since: Instant,
) -> Result<Option<SessionRow>, DbError> {
    let row: Option<RawSession> = db
        .maybe(
            "SELECT s.id, s.account_id, a.person_id, a.display_name, a.locale, a.large_type, s.grant_id, s.last_seen_at,
               f.confirmed_at IS NOT NULL
             FROM session s JOIN account a ON a.id = s.account_id LEFT JOIN second_factor f ON f.account_id = a.id
             WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.last_seen_at > $3 AND a.state = 'active'",
            args![token, now, idle_since],
        )
        .await?;
    Ok(row.and_then(|(id, account, person, display_name, locale, large_type, grant, seen, second)| {
        Some(SessionRow {
            id,
            account: account.parse().ok()?,
            person: person.parse().ok()?,
            display_name,
            locale: locale.as_deref().and_then(Locale::from_tag),
            large_type,
            grant: grant.and_then(|id| id.parse().ok()),
            last_seen_at: Instant(seen),
            second,
        })
    }))
}

/// Whether an account was ever signed in.
pub(crate) async fn has_sessions(tx: &mut Tx, account: AccountId) -> Result<bool, DbError> {
    let row: Option<(String,)> =
        tx.maybe("SELECT id FROM session WHERE account_id = $1 LIMIT 1", args![account]).await?;
    Ok(row.is_some())
}

/// The devices and addresses from which an account was signed in lately.
pub(crate) async fn places(tx: &mut Tx, account: AccountId, since: Instant) -> Result<Vec<(String, String)>, DbError> {
    tx.list(
        "SELECT DISTINCT device, address FROM session WHERE account_id = $1 AND created_at >= $2",
        args![account, since],
    )
    .await
}

pub(crate) async fn session_since(db: &Db, id: &str) -> Result<Instant, DbError> {
    let (since,): (i64,) = db.one("SELECT created_at FROM session WHERE id = $1", args![id]).await?;
    Ok(Instant(since))
}

pub(crate) async fn touch_session(db: &Db, id: &str, now: Instant) -> Result<(), DbError> {
    db.run("UPDATE session SET last_seen_at = $1 WHERE id = $2", args![now, id]).await.map(drop)
}

pub(crate) async fn set_hat(db: &Db, id: &str, grant: GrantId) -> Result<(), DbError> {
    db.run("UPDATE session SET grant_id = $1 WHERE id = $2", args![grant, id]).await.map(drop)
}

pub(crate) async fn revoke_session(tx: &mut Tx, account: AccountId, id: &str, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE session SET revoked_at = $1 WHERE id = $2 AND account_id = $3 AND revoked_at IS NULL",
        args![now, id, account],
    )
    .await
}

pub(crate) async fn revoke_sessions(
    tx: &mut Tx,
    account: AccountId,
    keep: Option<&str>,
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "UPDATE session SET revoked_at = $1 WHERE account_id = $2 AND revoked_at IS NULL AND id <> $3",
        args![now, account, keep.unwrap_or_default()],
    )
    .await
    .map(drop)
}

pub(crate) async fn devices(
    db: &Db,
    account: AccountId,
    now: Instant,
    idle_since: Instant,
) -> Result<Vec<Device>, DbError> {
    let rows: Vec<(String, String, String, i64, i64)> = db
        .list(
            "SELECT id, device, address, created_at, last_seen_at FROM session
             WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND last_seen_at > $3
             ORDER BY last_seen_at DESC LIMIT 50",
            args![account, now, idle_since],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, device, address, created, seen)| Device {
            id,
            device,
            address,
            created_at: Instant(created),
            last_seen_at: Instant(seen),
        })
        .collect())
}

pub(crate) async fn insert_invitation(
    tx: &mut Tx,
    id: &str,
    token: &[u8],
    account: AccountId,
    by: Option<AccountId>,
    now: Instant,
    expires: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO invitation (id, token_hash, account_id, created_at, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        args![id, token, account, now, by, expires],
    )
    .await
    .map(drop)
}

pub(crate) async fn close_invitations(tx: &mut Tx, account: AccountId, now: Instant) -> Result<(), DbError> {
    tx.run(
        "UPDATE invitation SET expires_at = $1 WHERE account_id = $2 AND used_at IS NULL AND expires_at > $1",
        args![now, account],
    )
    .await
    .map(drop)
}

/// Identifier, account and end of an invitation that may be used.
pub(crate) async fn find_invitation(db: &Db, token: &[u8], now: Instant) -> Result<(String, String, Instant), DbError> {
    let (id, account, expires): (String, String, i64) = db
        .one(
            "SELECT id, account_id, expires_at FROM invitation WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
            args![token, now],
        )
        .await?;
    Ok((id, account, Instant(expires)))
}

pub(crate) async fn use_invitation(tx: &mut Tx, id: &str, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE invitation SET used_at = $1 WHERE id = $2 AND used_at IS NULL AND expires_at > $1", args![now, id])
        .await
}

pub(crate) async fn email_of<'a>(
    conn: impl Into<Conn<'a>>,
    person: PersonId,
) -> Result<Option<(String, Locale)>, DbError> {
    let row: Option<(String, Option<String>)> = conn
        .into()
        .maybe(
            "SELECT email, locale FROM account WHERE person_id = $1 AND email IS NOT NULL AND state = 'active' ORDER BY id",
            args![person],
        )
        .await?;
    Ok(row.map(|(email, locale)| (email, locale.as_deref().and_then(Locale::from_tag).unwrap_or_default())))
}
