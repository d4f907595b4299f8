//! The second proof at sign-in: codes of an authenticator app, and recovery codes for when it is lost.
//!
//! The app's secret is sealed in the vault. A recovery code is ten characters of base 32 (50 random bits), kept as a
//! keyed digest under the vault's key, so that a stolen database alone does not give it away. No code works twice.

use jinmen_core::{AccountId, Actor, Error, Fault, Instant, Result, SignedIn};
use record::seal::hex;
use serde_json::{Value, json};
use store::Tx;

use crate::{Access, Session, Token, Vault, sessions, sql, told, totp};

/// Recovery codes of one account.
pub const RECOVERY_CODES: usize = 10;
/// How long one has for the second proof after the first.
pub const STEP_SECONDS: i64 = 10 * 60;

/// What a sealed secret is for.
const PURPOSE: &str = "totp";
/// Under which recovery codes are digested.
const RECOVERY: &str = "recovery_code";
/// Where attempts of second proofs are counted: no network address is called so, so that nobody adds to them by signing
/// in under odd names.
const PLACE: &str = "second proof";
/// Wrong codes of one sign-in before it begins anew.
const TRIES: i64 = 5;
/// Wrong codes of one account, from wherever, within a quarter of an hour and within a day. Whoever comes this far knows
/// the password; at 20 a day, three of a million codes being right, guessing for a year succeeds once in 45 times.
const LIMITS: [(i64, i64); 2] = [(15 * 60, 8), (86_400, 20)];

/// How somebody came in.
#[derive(Debug)]
pub enum Entry {
    /// All the way.
    In(Token),
    /// Half: the second proof is asked for, under this token.
    Second(Token),
}

impl Entry {
    /// The session, unless the second proof is still to come.
    pub fn session(self) -> Option<Token> {
        match self {
            Self::In(token) => Some(token),
            Self::Second(_) => None,
        }
    }
}

/// How it stands with the second proof of an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Second {
    /// Since when it is asked for.
    pub since: Instant,
    /// Recovery codes not used yet.
    pub left: i64,
}

/// The secret for an app, before it counts.
#[derive(Clone)]
pub struct Offered {
    /// For typing: base 32.
    pub text: String,
    /// For the camera: `otpauth://totp/…`.
    pub address: String,
}

/// How it stands; `None` where no second proof is asked for.
pub async fn second_of(access: &Access, account: AccountId) -> Result<Option<Second>> {
    Ok(sql::second_of(&access.db, account).await?)
}

/// The secret that somebody is to take into their app. Asked again before it is confirmed, it is the same.
///
/// # Errors
/// A conflict where one counts already.
pub async fn offer_second(access: &Access, vault: &Vault, account: AccountId, issuer: &str) -> Result<Offered> {
    let secret = match sql::secret_of(&access.db, account).await? {
        Some(row) if row.confirmed => return Err(Error::conflict("access.second_set")),
        Some(row) => opened(vault, &row.sealed)?,
        None => {
            let secret: [u8; totp::SECRET_BYTES] = rand::random();
            let sealed = vault.seal(PURPOSE, &hex(&secret))?;
            sql::insert_second(&access.db, account, &sealed.bytes, access.clock.now()).await?;
            // Of two pages opened at once, one secret was kept.
            match sql::secret_of(&access.db, account).await? {
                Some(row) => opened(vault, &row.sealed)?,
                None => secret.to_vec(),
            }
        }
    };
    let name = sql::find_account(&access.db, &account.text()).await?.name;
    let text = totp::base32(&secret);
    let (issuer, name) = (percent(issuer), percent(&name));
    // Without the issuer before the name, which apps take from its parameter: a Chinese one would stand there twice,
    // nine characters a sign, and make the picture too fine to read.
    let address = format!("otpauth://totp/{name}?secret={text}&issuer={issuer}");
    Ok(Offered { text, address })
}

/// Makes it count, after the app showed a right code. The account's other sessions end; the recovery codes are handed
/// out once.
///
/// # Errors
/// A fault of `code`; a conflict where it counts already.
pub async fn confirm_second(access: &Access, vault: &Vault, session: &Session, typed: &str) -> Result<Vec<String>> {
    let (now, account) = (access.clock.now(), session.person.account);
    let row = sql::secret_of(&access.db, account).await?.ok_or(Error::NotFound)?;
    if row.confirmed {
        return Err(Error::conflict("access.second_set"));
    }
    let attempt = Attempt::begin(access, account).await?;
    let secret = opened(vault, &row.sealed)?;
    let Some(step) = totp::step_of(&secret, &digits(typed), now.0.div_euclid(1_000_000)) else {
        return Err(attempt.wrong(access, account, json!({})).await?);
    };
    let mut tx = access.db.begin().await?;
    attempt.right(&mut tx).await?;
    if sql::confirm_second(&mut tx, account, step, now).await? == 0 {
        return Err(Error::conflict("access.second_set"));
    }
    sql::revoke_sessions(&mut tx, account, Some(&session.id), now).await?;
    let codes = new_codes(vault, &mut tx, account).await?;
    record::append(&mut tx, &person(session), now, "access.second_factor.set", account, json!({})).await?;
    told::owner(&mut tx, account, now, "set", json!({})).await?;
    tx.commit().await?;
    Ok(codes)
}

/// New recovery codes in place of the old, after a right code.
pub async fn renew_codes(access: &Access, vault: &Vault, session: &Session, typed: &str) -> Result<Vec<String>> {
    let (now, account) = (access.clock.now(), session.person.account);
    prove(access, vault, account, typed).await?;
    let mut tx = access.db.begin().await?;
    let codes = new_codes(vault, &mut tx, account).await?;
    record::append(&mut tx, &person(session), now, "access.second_factor.codes_renewed", account, json!({})).await?;
    told::owner(&mut tx, account, now, "codes", json!({})).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Asks for no second proof any more, after a right code.
pub async fn remove_second(access: &Access, vault: &Vault, session: &Session, typed: &str) -> Result<()> {
    let (now, account) = (access.clock.now(), session.person.account);
    prove(access, vault, account, typed).await?;
    let mut tx = access.db.begin().await?;
    sql::delete_second(&mut tx, account).await?;
    record::append(&mut tx, &person(session), now, "access.second_factor.removed", account, json!({})).await?;
    told::owner(&mut tx, account, now, "removed", json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes the second proof away from somebody who lost it, within a transaction, and tells them; the caller has checked
/// that the actor may.
///
/// # Errors
/// [`Error::NotFound`] if there is none.
pub async fn reset_second(access: &Access, tx: &mut Tx, actor: &Actor, account: AccountId) -> Result<()> {
    if sql::delete_second(tx, account).await? == 0 {
        return Err(Error::NotFound);
    }
    let now = access.clock.now();
    record::append(tx, actor, now, "access.second_factor.reset", account, json!({})).await?;
    told::owner(tx, account, now, "reset", json!({})).await
}

/// Lets somebody in who gave the first proof, within the transaction that took it, or asks for the second.
pub async fn admit(access: &Access, tx: &mut Tx, account: AccountId, device: &str, address: &str) -> Result<Entry> {
    if !sql::has_second(&mut *tx, account).await? {
        return Ok(Entry::In(sessions::let_in(access, tx, account, device, address).await?));
    }
    let (now, token) = (access.clock.now(), Token::random());
    sql::insert_step(tx, &token.digest(), account, now, now.plus_seconds(STEP_SECONDS)).await?;
    Ok(Entry::Second(token))
}

/// Lets somebody in who gives the second proof; where it was a recovery code, its owner is told.
///
/// # Errors
/// A fault of `code`: wrong, used before, or the first proof is too long ago; [`Error::TooMany`] after wrong tries.
pub async fn enter_by_second(
    access: &Access,
    vault: &Vault,
    step: &Token,
    typed: &str,
    device: &str,
    address: &str,
) -> Result<(Token, AccountId)> {
    let now = access.clock.now();
    let found = sql::find_step(&access.db, &step.digest(), now).await?;
    let gone = || Error::field("code", "access.second_gone");
    let (id, account) = found.ok_or_else(gone)?;
    if sql::count_step(&access.db, &id, TRIES).await? == 0 {
        return Err(gone());
    }
    let attempt = Attempt::begin(access, account).await?;
    let from = json!({ "device": device, "address": address });
    let Some(proof) = read(access, vault, account, typed).await? else {
        return Err(attempt.wrong(access, account, from).await?);
    };
    let mut tx = access.db.begin().await?;
    if sql::use_step(&mut tx, &id, now).await? == 0 {
        return Err(gone());
    }
    if !proof.spend(&mut tx, account, now).await? {
        tx.rollback().await?;
        return Err(attempt.wrong(access, account, from).await?);
    }
    attempt.right(&mut tx).await?;
    if matches!(proof, Proof::Paper(_)) {
        let actor = Actor::Person(Box::new(sql::bare_person(&mut tx, account).await?));
        record::append(&mut tx, &actor, now, "access.recovery_code.used", account, json!({})).await?;
        told::owner(&mut tx, account, now, "recovery", json!({})).await?;
    }
    let token = sessions::let_in(access, &mut tx, account, device, address).await?;
    tx.commit().await?;
    Ok((token, account))
}

/// A code that is right unless it is used by somebody else meanwhile.
enum Proof {
    App(i64),
    Paper(String),
}

impl Proof {
    /// Uses it up; `false` if it was used before.
    async fn spend(&self, tx: &mut Tx, account: AccountId, now: Instant) -> Result<bool> {
        let spent = match self {
            Self::App(step) => sql::use_totp(tx, account, *step).await?,
            Self::Paper(blind) => sql::use_recovery(tx, account, blind, now).await?,
        };
        Ok(spent == 1)
    }
}

async fn read(access: &Access, vault: &Vault, account: AccountId, typed: &str) -> Result<Option<Proof>> {
    let Some(row) = sql::secret_of(&access.db, account).await?.filter(|row| row.confirmed) else { return Ok(None) };
    let seconds = access.clock.now().0.div_euclid(1_000_000);
    if let Some(step) = totp::step_of(&opened(vault, &row.sealed)?, &digits(typed), seconds) {
        return Ok((step > row.last_step).then_some(Proof::App(step)));
    }
    let paper = normal(typed);
    Ok((paper.len() == 10).then(|| Proof::Paper(blind(vault, account, &paper))))
}

/// Checks and uses up a code of somebody who is signed in.
async fn prove(access: &Access, vault: &Vault, account: AccountId, typed: &str) -> Result<()> {
    let attempt = Attempt::begin(access, account).await?;
    let Some(proof) = read(access, vault, account, typed).await? else {
        return Err(attempt.wrong(access, account, json!({})).await?);
    };
    let mut tx = access.db.begin().await?;
    if !proof.spend(&mut tx, account, access.clock.now()).await? {
        tx.rollback().await?;
        return Err(attempt.wrong(access, account, json!({})).await?);
    }
    attempt.right(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

fn wrong() -> Error {
    Fault::at("code", "access.second_code").into()
}

/// One try, counted as a failure before the code is looked at, so that a hundred at once are no more than a hundred one
/// after the other.
struct Attempt(String);

impl Attempt {
    async fn begin(access: &Access, account: AccountId) -> Result<Self> {
        let (now, key) = (access.clock.now(), account.text());
        let mut tx = access.db.begin().await?;
        let id = sql::insert_attempt(&mut tx, &key, PLACE, now, false).await?;
        tx.commit().await?;
        for (window, most) in LIMITS {
            let (failed, _) = sql::failures(&access.db, &key, PLACE, now.plus_seconds(-window)).await?;
            if failed > most {
                // Not looked at, it does not count: else whoever goes on trying would shut the owner out for good.
                sql::forget_attempt(&access.db, &id).await?;
                return Err(Error::TooMany(window));
            }
        }
        Ok(Self(id))
    }

    /// The code was wrong: it stays counted, the auditor sees it, and this is the answer.
    async fn wrong(self, access: &Access, account: AccountId, from: Value) -> Result<Error> {
        let mut tx = access.db.begin().await?;
        let actor = Actor::Person(Box::new(sql::bare_person(&mut tx, account).await?));
        let now = access.clock.now();
        told::failed(&mut tx, &actor, Some(account), "access.second_factor.failed", from, now).await?;
        tx.commit().await?;
        Ok(wrong())
    }

    /// The code was right after all.
    async fn right(self, tx: &mut Tx) -> Result<()> {
        Ok(sql::succeeded(tx, &self.0).await?)
    }
}

async fn new_codes(vault: &Vault, tx: &mut Tx, account: AccountId) -> Result<Vec<String>> {
    sql::delete_recovery(tx, account).await?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    while codes.len() < RECOVERY_CODES {
        let bytes: [u8; 7] = rand::random();
        let code = totp::base32(&bytes)[..10].to_lowercase();
        sql::insert_recovery(tx, account, &blind(vault, account, &code)).await?;
        codes.push(format!("{}-{}", &code[..5], &code[5..]));
    }
    Ok(codes)
}

fn blind(vault: &Vault, account: AccountId, code: &str) -> String {
    vault.blind(RECOVERY, &format!("{} {code}", account.text()))
}

/// A recovery code however it was typed.
fn normal(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).take(16).collect()
}

/// A code of an app however it was typed: apps show it in two groups.
fn digits(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace()).take(16).collect()
}

fn opened(vault: &Vault, sealed: &[u8]) -> Result<Vec<u8>> {
    let text = vault.open(PURPOSE, sealed)?;
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
    pairs.map(|pair| u8::from_str_radix(pair, 16).map_err(Error::internal)).collect()
}

/// As a part of an address (RFC 3986).
fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn person(session: &Session) -> Actor {
    let person: SignedIn = session.person.clone();
    Actor::Person(Box::new(person))
}
