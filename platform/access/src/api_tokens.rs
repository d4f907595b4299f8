//! Personal tokens for programs: a secret that wears one hat of its maker, or some areas of it, until a day.
//!
//! A secret is `jmt_`, 30 characters of base 62 (178 random bits) and 6 more that are the CRC-32 of all before them, so
//! that scanners of source code find it and tell it from noise without asking anybody. The database keeps its SHA-256.

use jinmen_core::{AccountId, Actor, Areas, Error, Fault, Faults, GrantId, Hat, Instant, Result, SignedIn};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::Tx;

use crate::{Access, Grant, sql};

/// How long a token lives unless something else is asked for, in days.
pub const TOKEN_DAYS: i64 = 90;
/// The longest that a token lives, in days.
pub const MOST_TOKEN_DAYS: i64 = 365;
/// The longest name of a token, in characters.
pub const MAX_TOKEN_NAME: usize = 60;
/// Tokens in force that one account may have.
const MOST_TOKENS: usize = 50;
/// How often a used token writes that it was used.
const TOUCH_SECONDS: i64 = 60;

const PREFIX: &str = "jmt_";
const RANDOM: usize = 30;
const CHECK: usize = 6;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The secret of a token.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiSecret(String);

impl ApiSecret {
    /// A new secret.
    fn random() -> Self {
        let mut text = String::from(PREFIX);
        while text.len() < PREFIX.len() + RANDOM {
            // Of 256 values, 248 fall evenly on 62 digits; the rest are drawn again.
            let byte: u8 = rand::random();
            if byte < 248 {
                text.push(char::from(DIGITS[usize::from(byte % 62)]));
            }
        }
        let check = check(&text);
        text.push_str(&check);
        Self(text)
    }

    /// Takes a secret that a program presents; `None` if it cannot be one.
    pub fn presented(text: &str) -> Option<Self> {
        let right = text.is_ascii() && text.len() == PREFIX.len() + RANDOM + CHECK && text.starts_with(PREFIX);
        if !right {
            return None;
        }
        let (body, end) = text.split_at(text.len() - CHECK);
        (check(body) == end).then(|| Self(text.to_owned()))
    }

    /// The secret itself, to be handed out once.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl std::fmt::Debug for ApiSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiSecret(…)")
    }
}

/// The CRC-32 (IEEE 802.3) of a text in six digits of base 62.
fn check(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes()) as usize;
    let mut digits = [b'0'; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[rest % 62];
        rest /= 62;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

/// A token as its owner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiToken {
    /// Its identifier, safe to show.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The hat that it wears.
    pub grant: GrantId,
    /// How much of the hat.
    pub areas: Areas,
    /// Since when.
    pub created_at: Instant,
    /// Until when.
    pub expires_at: Instant,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Instant>,
}

/// What a token is made of.
#[derive(Clone, Debug)]
pub struct NewApiToken {
    /// What its owner calls it.
    pub name: String,
    /// One of the owner's hats.
    pub grant: GrantId,
    /// How much of the hat.
    pub areas: Areas,
    /// How long it lives, in days.
    pub days: i64,
}

/// Makes a token for a person who is here and has just proved it; the secret is handed out once.
///
/// # Errors
/// Faults of `name`, `hat`, `scopes` and `days`; [`Error::NotFound`] where a program asks.
pub async fn make_token(access: &Access, actor: &Actor, new: NewApiToken) -> Result<ApiSecret> {
    let person = actor.signed_in()?;
    if person.hat.as_ref().is_some_and(|hat| !hat.areas.is_whole()) {
        return Err(Error::NotFound);
    }
    let name = new.name.trim();
    let mut faults = Faults::new();
    faults.take(checked_name(name));
    if !person.hats.iter().any(|hat| hat.grant == new.grant) {
        faults.push(Fault::at("hat", "core.choice"));
    }
    if new.areas.is_whole() || new.areas.to_string().is_empty() {
        faults.push(Fault::at("scopes", "core.required"));
    }
    if !(1..=MOST_TOKEN_DAYS).contains(&new.days) {
        faults.push(Fault::at("days", "core.choice"));
    }
    faults.check()?;
    let now = access.clock.now();
    if sql::tokens_of(&access.db, person.account, now).await?.len() >= MOST_TOKENS {
        return Err(Fault::at("name", "access.token_many").with("most", MOST_TOKENS).into());
    }
    let (secret, id) = (ApiSecret::random(), jinmen_core::id::RawId::now_v7().to_string());
    let areas = new.areas.to_string();
    let expires = now.plus_seconds(new.days * 86_400);
    let mut tx = access.db.begin().await?;
    let row = sql::NewTokenRow { id: &id, hash: secret.digest(), name, areas: &areas, grant: new.grant, expires };
    sql::insert_token(&mut tx, person.account, row, now).await?;
    let data = json!({ "token": id, "name": name, "scopes": areas, "days": new.days, "grant": new.grant.text() });
    record::append(&mut tx, actor, now, "access.token.made", person.account, data).await?;
    tx.commit().await?;
    Ok(secret)
}

fn checked_name(name: &str) -> Result<(), Fault> {
    if name.is_empty() {
        return Err(Fault::at("name", "core.required"));
    }
    if name.chars().any(char::is_control) {
        return Err(Fault::at("name", "core.text"));
    }
    if name.chars().count() > MAX_TOKEN_NAME {
        return Err(Fault::at("name", "core.too_long").with("most", MAX_TOKEN_NAME));
    }
    Ok(())
}

/// The tokens of an account that are in force, the newest first.
pub async fn tokens_of(access: &Access, account: AccountId) -> Result<Vec<ApiToken>> {
    Ok(sql::tokens_of(&access.db, account, access.clock.now()).await?)
}

/// Ends a token of one's own.
///
/// # Errors
/// [`Error::NotFound`] if one has no such token.
pub async fn revoke_token(access: &Access, actor: &Actor, id: &str) -> Result<()> {
    let account = actor.signed_in()?.account;
    let now = access.clock.now();
    let mut tx = access.db.begin().await?;
    if sql::revoke_token(&mut tx, account, id, now).await? == 0 {
        return Err(Error::NotFound);
    }
    record::append(&mut tx, actor, now, "access.token.revoked", account, json!({ "token": id })).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends every token of an account, within the transaction that gives it a new password or stops it.
pub(crate) async fn end_tokens(
    access: &Access,
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    now: Instant,
) -> Result<()> {
    for token in sql::tokens_of(&mut *tx, account, access.clock.now()).await? {
        sql::revoke_token(tx, account, &token.id, now).await?;
        record::append(tx, actor, now, "access.token.revoked", account, json!({ "token": token.id })).await?;
    }
    Ok(())
}

/// A program that acts by a token.
#[derive(Clone, Debug)]
pub struct Program {
    /// In whose place.
    pub person: SignedIn,
    /// Whether its owner gives a second proof at sign-in.
    pub second: bool,
}

/// Who acts by a token: its owner, under the one hat it was made for, as far as its areas go.
///
/// # Errors
/// [`Error::Token`] where it is unknown, too old or revoked, its account stopped, or its role at an end.
pub async fn find_token(access: &Access, secret: &ApiSecret) -> Result<Program> {
    let now = access.clock.now();
    let row = sql::find_token(&access.db, &secret.digest(), now).await?.ok_or(Error::Token)?;
    let grants = sql::grants_of_person(&access.db, row.person).await?;
    let today = now.date();
    let held = |grant: &Grant| grant.id == row.token.grant && grant.holds_on(today);
    let grant = grants.into_iter().find(held).ok_or(Error::Token)?;
    if row.token.last_used_at.is_none_or(|used| now.seconds_since(used) >= TOUCH_SECONDS) {
        sql::touch_token(&access.db, &row.token.id, now, now.plus_seconds(-TOUCH_SECONDS)).await?;
    }
    let hat = Hat { areas: row.token.areas, ..grant.into_hat() };
    let person = SignedIn {
        account: row.account,
        person: Some(row.person),
        name: row.display_name,
        locale: row.locale,
        hats: vec![hat.clone()],
        hat: Some(hat),
    };
    Ok(Program { person, second: row.second })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_is_the_crc_32_of_zip_and_png() {
        // The check value of the algorithm: the CRC of the digits 1 to 9 is CBF43926.
        let mut rest = 0xCBF4_3926_usize;
        let mut digits = Vec::new();
        for _ in 0..6 {
            digits.insert(0, char::from(DIGITS[rest % 62]));
            rest /= 62;
        }
        assert_eq!(check("123456789"), digits.into_iter().collect::<String>());
    }

    #[test]
    fn a_secret_is_found_by_its_form_and_a_slip_is_none() {
        let secret = ApiSecret::random();
        assert_eq!(secret.expose().len(), 40);
        assert_eq!(ApiSecret::presented(secret.expose()), Some(secret.clone()));
        assert_ne!(ApiSecret::random(), secret);
        let slip = secret.expose().replace(secret.expose().chars().nth(7).unwrap_or('x'), "_");
        for wrong in ["", "jmt_", "jmt_津门", &slip, &secret.expose()[..39], &secret.expose().to_lowercase()] {
            assert_eq!(ApiSecret::presented(wrong), None, "{wrong}");
        }
        assert_eq!(format!("{secret:?}"), "ApiSecret(…)");
    }
}
