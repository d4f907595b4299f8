//! Signing in, staying in, going out.

use jinmen_core::{AccountId, Actor, Error, Fault, GrantId, Hat, Instant, Result, SignedIn};
use serde_json::json;

use crate::accounts::name_key;
use crate::{Access, Entry, Token, second, sql, told};

/// A session outlives a lunch: it ends after twelve hours without a request…
const IDLE_SECONDS: i64 = 12 * 3600;
/// …and in any case after thirty days.
const LONGEST_SECONDS: i64 = 30 * 86_400;
/// How often a living session writes that it lives.
const TOUCH_SECONDS: i64 = 300;
/// Failures looked back on.
const WINDOW_SECONDS: i64 = 15 * 60;
/// Failures of one account from one address within the window before it must wait.
const TRIES_ACCOUNT: i64 = 8;
/// Wrong guesses at codes of letters from one address within the window before it must wait: an office of many may
/// stand behind one address, and 60 random bits need no tight limit.
const GUESSES: i64 = 40;
/// Failures from one address within the window before it must wait.
const TRIES_ADDRESS: i64 = 60;

/// Characters kept of what a device says of itself.
const MOST_DEVICE: usize = 120;

/// Somebody asks to come in.
#[derive(Clone)]
pub struct SignIn {
    /// The account's name.
    pub account: String,
    /// The password.
    pub password: String,
    /// The device, in a few words for the person's own list.
    pub device: String,
    /// The network address.
    pub address: String,
}

/// A session, found by its token.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its identifier, safe to show.
    pub id: String,
    /// Whether large type was chosen.
    pub large_type: bool,
    /// Whether a second proof was asked for, or would be now.
    pub second: bool,
    /// Who is in, under which hat.
    pub person: SignedIn,
}

/// What a visitor presents.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The token of the cookie.
    pub token: Token,
}

/// A device on which a person is signed in.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Device {
    /// The session's identifier.
    pub id: String,
    /// The device in a few words.
    pub device: String,
    /// The network address.
    pub address: String,
    /// Since when.
    pub created_at: Instant,
    /// Last seen.
    pub last_seen_at: Instant,
}

/// Checks name and password and opens a session, or asks for the second proof. The answer for a wrong name, a wrong password and a
/// disabled account is the same, and takes as long.
pub async fn sign_in(access: &Access, ask: &SignIn) -> Result<(Entry, AccountId)> {
    let now = access.clock.now();
    let key = name_key(&ask.account);
    may_try(access, &key, &ask.address).await?;
    let known = sql::credentials(&access.db, &key).await?;
    let hash = known.as_ref().and_then(|(_, hash, active)| hash.clone().filter(|_| *active));
    let right = access.passwords.verify(hash, &ask.password).await?;
    let known = known.map(|(id, ..)| id);
    let account = known.filter(|_| right);
    let mut tx = access.db.begin().await?;
    sql::insert_attempt(&mut tx, &key, &ask.address, now, account.is_some()).await?;
    let Some(account) = account else {
        let from = json!({ "device": ask.device, "address": ask.address });
        told::failed(&mut tx, &Actor::Nobody, known, "access.sign_in.failed", from, now).await?;
        tx.commit().await?;
        return Err(Fault::new("access.sign_in").into());
    };
    let entry = second::admit(access, &mut tx, account, &ask.device, &ask.address).await?;
    tx.commit().await?;
    Ok((entry, account))
}

/// Whether a further try is allowed, after so many failures.
async fn may_try(access: &Access, key: &str, address: &str) -> Result<()> {
    let since = access.clock.now().plus_seconds(-WINDOW_SECONDS);
    let (by_account, by_address) = sql::failures(&access.db, key, address, since).await?;
    if by_account >= TRIES_ACCOUNT || by_address >= TRIES_ADDRESS {
        return Err(Error::TooMany(WINDOW_SECONDS));
    }
    Ok(())
}

/// Whether somebody at an address may guess at a secret of some kind, after so many wrong guesses: of codes on letters,
/// of tokens in links.
///
/// # Errors
/// [`Error::TooMany`] with the seconds to wait.
pub async fn may_guess(access: &Access, what: &str, address: &str) -> Result<()> {
    let since = access.clock.now().plus_seconds(-WINDOW_SECONDS);
    let (guesses, _) = sql::failures(&access.db, what, address, since).await?;
    if guesses >= GUESSES { Err(Error::TooMany(WINDOW_SECONDS)) } else { Ok(()) }
}

/// Counts a wrong guess.
pub async fn guessed(access: &Access, what: &str, address: &str) -> Result<()> {
    let mut tx = access.db.begin().await?;
    sql::insert_attempt(&mut tx, what, address, access.clock.now(), false).await?;
    tx.commit().await?;
    Ok(())
}

/// Wrong passwords, codes and links that this process counted since it began.
pub fn failures_total() -> u64 {
    sql::FAILURES.load(std::sync::atomic::Ordering::Relaxed)
}

/// Checks the password of somebody who is signed in, before it is changed. Failures count as those of
/// signing in do: a found device is no way to guess.
pub async fn check_password(access: &Access, account: AccountId, password: &str, address: &str) -> Result<()> {
    let key = name_key(&sql::find_account(&access.db, &account.text()).await?.name);
    may_try(access, &key, address).await?;
    let hash = sql::credentials(&access.db, &key).await?.and_then(|(_, hash, _)| hash);
    if access.passwords.verify(hash, password).await? {
        return Ok(());
    }
    let now = access.clock.now();
    let mut tx = access.db.begin().await?;
    sql::insert_attempt(&mut tx, &key, address, now, false).await?;
    let actor = Actor::Person(Box::new(sql::bare_person(&mut tx, account).await?));
    let from = json!({ "address": address });
    told::failed(&mut tx, &actor, Some(account), "access.password.refused", from, now).await?;
    tx.commit().await?;
    Err(Fault::at("old", "access.password_old").into())
}

/// How long the coming in counts as having just proved who one is, for those who have no password.
const FRESH_SECONDS: i64 = 15 * 60;

/// Makes sure that whoever sits at a session is its person: by the password, or, where the account has none, by having
/// come in a moment ago.
///
/// # Errors
/// Faults of `old`: `access.password_old`, `access.not_fresh`; [`Error::TooMany`] after wrong tries.
pub async fn prove_again(access: &Access, session: &Session, password: &str, address: &str) -> Result<()> {
    let account = session.person.account;
    if sql::find_account(&access.db, &account.text()).await?.has_password {
        return check_password(access, account, password, address).await;
    }
    let since = sql::session_since(&access.db, &session.id).await?;
    if access.clock.now().seconds_since(since) > FRESH_SECONDS {
        return Err(Fault::at("old", "access.not_fresh").into());
    }
    Ok(())
}

/// Opens a session without asking anything: for the demonstration's "enter as" and for tests.
pub async fn enter(access: &Access, account: AccountId, device: &str, address: &str) -> Result<Token> {
    let mut tx = access.db.begin().await?;
    let token = open_session(access, &mut tx, account, device, address).await?;
    tx.commit().await?;
    Ok(token)
}

/// Opens a session for whoever gave every proof asked for, and tells the account's owner where it is a new device.
pub(crate) async fn let_in(
    access: &Access,
    tx: &mut store::Tx,
    account: AccountId,
    device: &str,
    address: &str,
) -> Result<Token> {
    let device: String = device.chars().take(MOST_DEVICE).collect();
    told::of_new_device(tx, account, &device, address, access.clock.now()).await?;
    open_session(access, tx, account, &device, address).await
}

/// The same within a transaction, without telling.
pub(crate) async fn open_session(
    access: &Access,
    tx: &mut store::Tx,
    account: AccountId,
    device: &str,
    address: &str,
) -> Result<Token> {
    let now = access.clock.now();
    let token = Token::random();
    let id = jinmen_core::id::RawId::now_v7().to_string();
    let device: String = device.chars().take(MOST_DEVICE).collect();
    sql::insert_session(tx, &id, &token.digest(), account, &device, address, now, now.plus_seconds(LONGEST_SECONDS))
        .await?;
    let actor = Actor::Person(Box::new(sql::bare_person(&mut *tx, account).await?));
    record::append(tx, &actor, now, "access.session.opened", account, json!({ "device": device, "address": address }))
        .await?;
    Ok(token)
}

/// Finds the session of a token and the hats its person wears today.
pub async fn find_session(access: &Access, presented: &Presented) -> Result<Option<Session>> {
    let now = access.clock.now();
    let Some(row) =
        sql::find_session(&access.db, &presented.token.digest(), now, now.plus_seconds(-IDLE_SECONDS)).await?
    else {
        return Ok(None);
    };
    let today = now.date();
    let hats: Vec<Hat> = sql::grants_of_person(&access.db, row.person)
        .await?
        .into_iter()
        .filter(|grant| grant.holds_on(today))
        .map(crate::Grant::into_hat)
        .collect();
    let hat = hats.iter().find(|hat| Some(hat.grant) == row.grant).or_else(|| hats.first()).cloned();
    if now.seconds_since(row.last_seen_at) > TOUCH_SECONDS {
        sql::touch_session(&access.db, &row.id, now).await?;
    }
    let person = SignedIn {
        account: row.account,
        person: Some(row.person),
        name: row.display_name,
        locale: row.locale,
        hats,
        hat,
    };
    Ok(Some(Session { id: row.id, large_type: row.large_type, second: row.second, person }))
}

/// Puts on another hat for the rest of the session.
pub async fn change_hat(access: &Access, session: &Session, grant: GrantId) -> Result<()> {
    if !session.person.hats.iter().any(|hat| hat.grant == grant) {
        return Err(Error::NotFound);
    }
    Ok(sql::set_hat(&access.db, &session.id, grant).await?)
}

/// Ends a session.
pub async fn sign_out(access: &Access, session: &Session) -> Result<()> {
    revoke(access, session.person.account, &session.id, &Actor::Person(Box::new(session.person.clone()))).await
}

/// The devices on which a person is signed in, the last used first.
pub async fn devices(access: &Access, account: AccountId) -> Result<Vec<Device>> {
    let now = access.clock.now();
    Ok(sql::devices(&access.db, account, now, now.plus_seconds(-IDLE_SECONDS)).await?)
}

/// Signs a device out from elsewhere.
pub async fn revoke_device(access: &Access, actor: &Actor, session: &str) -> Result<()> {
    let account = actor.signed_in()?.account;
    revoke(access, account, session, actor).await
}

async fn revoke(access: &Access, account: AccountId, session: &str, actor: &Actor) -> Result<()> {
    let now = access.clock.now();
    let mut tx = access.db.begin().await?;
    if sql::revoke_session(&mut tx, account, session, now).await? == 0 {
        return Err(Error::NotFound);
    }
    record::append(&mut tx, actor, now, "access.session.closed", account, json!({})).await?;
    tx.commit().await?;
    Ok(())
}
