//! A code that comes to a mobile number proves that whoever types it holds the telephone.
//!
//! A code belongs to the browser that asked for it: that browser holds a challenge of 256 random bits, without which
//! the code is worth nothing, and a challenge bears five tries. Whoever guesses therefore guesses only at codes that
//! they asked for themselves, a few an hour. Limits look back one hour and end by themselves, so that nobody can shut
//! the owner of a number out for longer; the password stays open beside it.
//!
//! The database keeps digests of challenge and code, and the number sealed. For a number that no account has, the
//! answers and their timing are the same.

use jinmen_core::codes::MobileNumber;
use jinmen_core::{AccountId, Actor, Error, Fault, Instant, Object, Result};
use jobs::NewJob;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::Tx;

use crate::{Access, Token, Vault, sessions, sql};

/// What a sealed number is for; binds the sealed bytes to accounts.
pub(crate) const PURPOSE: &str = "account_mobile";
/// A code lives five minutes.
pub const LIVES_SECONDS: i64 = 5 * 60;
/// Tries of one code.
const TRIES: i64 = 5;
/// A code to one number from one address, at most every so many seconds.
pub const PAUSE_SECONDS: i64 = 60;
/// What is looked back on.
const WINDOW_SECONDS: i64 = 3_600;
/// Codes to one number from one address in an hour.
const NUMBER_AND_ADDRESS: i64 = 6;
/// Codes to one number in an hour, from wherever.
const NUMBER: i64 = 20;
/// Codes asked for from one address in an hour, to whatever numbers.
const ADDRESS: i64 = 40;
/// Numbers change hands: one that was not confirmed for so long no longer opens an account by itself.
const FRESH_SECONDS: i64 = 400 * 86_400;

/// A code on its way.
pub struct Challenge {
    /// What the browser holds.
    pub token: Token,
    /// The code, six digits, to be brought to the number and to nobody else.
    pub code: String,
    /// Until when it may be typed.
    pub expires_at: Instant,
    /// Whether there is somebody to bring it to: an account with this number, or somebody who wants it as theirs.
    pub wanted: bool,
}

/// Makes a code for whoever wants to sign in with a number; the job that brings it, if there is one, commits with it.
///
/// # Errors
/// [`Error::TooMany`] with the seconds to wait.
pub async fn ask_code(
    access: &Access,
    vault: &Vault,
    mobile: &MobileNumber,
    address: &str,
    message: impl FnOnce(&Challenge) -> Result<Option<NewJob>>,
) -> Result<Challenge> {
    make(access, vault, mobile, address, For::Anybody, message).await
}

/// Makes a code for whoever may open an account here, because they hold a letter that says so. If the number has an
/// account already, the code opens that one.
///
/// # Errors
/// [`Error::TooMany`] with the seconds to wait.
pub async fn ask_code_to_join(
    access: &Access,
    vault: &Vault,
    mobile: &MobileNumber,
    address: &str,
    message: impl FnOnce(&Challenge) -> Result<Option<NewJob>>,
) -> Result<Challenge> {
    make(access, vault, mobile, address, For::Joiner(None), message).await
}

/// Makes a code for the number that a link in a message was made for, and for no other.
///
/// # Errors
/// [`Error::NotFound`] for a link that was used or has ended; [`Error::TooMany`] with the seconds to wait.
pub async fn ask_code_by_link(
    access: &Access,
    vault: &Vault,
    link: &Token,
    address: &str,
    message: impl FnOnce(&MobileNumber, &Challenge) -> Result<Option<NewJob>>,
) -> Result<(MobileNumber, Challenge)> {
    let found = crate::links::find_link(access, vault, link).await?;
    let mobile = found.mobile.clone();
    let told = |challenge: &Challenge| message(&mobile, challenge);
    let challenge = make(access, vault, &found.mobile, address, For::Joiner(Some(found.id)), told).await?;
    Ok((found.mobile, challenge))
}

/// Makes a code for somebody who is signed in and says that a number is theirs.
///
/// # Errors
/// [`Error::TooMany`] with the seconds to wait.
pub async fn ask_code_for(
    access: &Access,
    vault: &Vault,
    actor: &Actor,
    mobile: &MobileNumber,
    address: &str,
    message: impl FnOnce(&Challenge) -> Result<Option<NewJob>>,
) -> Result<Challenge> {
    make(access, vault, mobile, address, For::Account(actor.signed_in()?.account), message).await
}

/// Who asks for a code.
enum For {
    /// Whoever says that an account's number is theirs.
    Anybody,
    /// Whoever may open an account, through a link or not.
    Joiner(Option<String>),
    /// The holder of an account, who wants the number as theirs.
    Account(AccountId),
}

async fn make(
    access: &Access,
    vault: &Vault,
    mobile: &MobileNumber,
    address: &str,
    asker: For,
    message: impl FnOnce(&Challenge) -> Result<Option<NewJob>>,
) -> Result<Challenge> {
    let now = access.clock.now();
    let sealed = vault.seal(PURPOSE, mobile.expose())?;
    let mut tx = access.db.begin().await?;
    within_limits(&mut tx, &sealed.blind, address, now).await?;
    let known = sql::account_of_mobile(&mut tx, &sealed.blind).await?;
    let (account, joins, link) = match asker {
        For::Anybody => (None, false, None),
        For::Joiner(link) => (None, true, link),
        For::Account(account) => (Some(account), false, None),
    };
    let wanted = account.is_some() || may_enter(known, joins, now);
    let token = Token::random();
    let code = format!("{:06}", rand::random_range(0..1_000_000_u32));
    let expires_at = now.plus_seconds(LIVES_SECONDS);
    let row = sql::NewCode {
        challenge: token.digest(),
        code: digest(&token, &code),
        sealed,
        account,
        joins,
        link,
        address: address.to_owned(),
        now,
        expires_at,
    };
    sql::insert_code(&mut tx, row).await?;
    let challenge = Challenge { token, code, expires_at, wanted };
    if let Some(job) = message(&challenge)? {
        jobs::enqueue(&mut tx, job, now).await?;
    }
    tx.commit().await?;
    Ok(challenge)
}

/// Whether a number opens a way in: its account, or for a joiner one to be made. A number whose account was stopped
/// opens none.
fn may_enter(known: Option<Holder>, joins: bool, now: Instant) -> bool {
    match known {
        Some(holder) => holder.active && (joins || holder.opens_at(now)),
        None => joins,
    }
}

async fn within_limits(tx: &mut Tx, blind: &str, address: &str, now: Instant) -> Result<()> {
    let asked = sql::codes_asked(tx, blind, address, now.plus_seconds(-WINDOW_SECONDS)).await?;
    if let Some(last) = asked.last_here {
        let waited = now.seconds_since(last);
        if waited < PAUSE_SECONDS {
            return Err(Error::TooMany(PAUSE_SECONDS - waited));
        }
    }
    let full = asked.here >= NUMBER_AND_ADDRESS || asked.number >= NUMBER || asked.address >= ADDRESS;
    if full { Err(Error::TooMany(WINDOW_SECONDS)) } else { Ok(()) }
}

/// A code means something only together with the challenge it was made for.
fn digest(token: &Token, code: &str) -> Vec<u8> {
    Sha256::new().chain_update(token.digest()).chain_update(code.as_bytes()).finalize().to_vec()
}

/// What the database knows of an account with a number.
#[derive(Clone, Copy)]
pub(crate) struct Holder {
    pub account: AccountId,
    pub active: bool,
    pub confirmed_at: Instant,
}

impl Holder {
    /// Whether the number alone opens the account.
    fn opens_at(&self, now: Instant) -> bool {
        self.active && now.seconds_since(self.confirmed_at) <= FRESH_SECONDS
    }
}

/// What a rightly typed code proves.
pub enum Proven {
    /// The holder of an account.
    Account(AccountId),
    /// Somebody without an account who may have one; [`open_account`] gives the number to it.
    Joiner(Box<Joiner>),
}

/// A number that was proved, for an account that is still to be made.
pub struct Joiner {
    mobile: Vec<u8>,
    blind: String,
    /// The account that had the number, long not confirmed: the number has another owner now.
    before: Option<AccountId>,
}

/// Counts a try and uses the code up if it is right; `None` if it is not. A wrong code, an old one, one for a number
/// that no account has, and one for an account that was stopped get the same answer. The caller commits either way:
/// the try counts.
pub async fn prove(access: &Access, tx: &mut Tx, challenge: &Token, code: &str) -> Result<Option<Proven>> {
    let now = access.clock.now();
    let Some(answered) = answer(tx, challenge, code, now).await? else { return Ok(None) };
    if answered.account.is_some() {
        return Ok(None);
    }
    let known = sql::account_of_mobile(&mut *tx, &answered.blind).await?;
    if !may_enter(known, answered.joins, now) {
        return Ok(None);
    }
    if let Some(link) = &answered.link
        && sql::use_link(tx, link, now).await? == 0
    {
        return Ok(None);
    }
    Ok(Some(match known {
        Some(holder) if holder.opens_at(now) => {
            sql::confirm_mobile(tx, holder.account, now).await?;
            Proven::Account(holder.account)
        }
        before => Proven::Joiner(Box::new(Joiner {
            mobile: answered.mobile,
            blind: answered.blind,
            before: before.map(|holder| holder.account),
        })),
    }))
}

/// Makes an account for whoever proved a number, with the number as its own; an account that had the number before and
/// did not confirm it for long loses it.
pub async fn open_account(
    access: &Access,
    vault: &Vault,
    tx: &mut Tx,
    actor: &Actor,
    person: jinmen_core::PersonId,
    joiner: &Joiner,
) -> Result<AccountId> {
    let now = access.clock.now();
    if let Some(before) = joiner.before {
        sql::clear_mobile(tx, before).await?;
        record::append(tx, actor, now, "access.mobile.lost", Object::from(before), json!({})).await?;
    }
    let number = vault.open(PURPOSE, &joiner.mobile)?;
    let masked = MobileNumber::parse(&number).map(|number| number.masked()).unwrap_or_default();
    let name = format!("m-{}", &jinmen_core::id::RawId::new_v4().simple().to_string()[..12]);
    let new = crate::NewAccount { person, name, display_name: masked, password: None, email: None };
    let account = crate::create_account(access, tx, actor, new).await?;
    sql::set_mobile(tx, account, &joiner.mobile, &joiner.blind, now).await?;
    record::append(tx, actor, now, "access.mobile.bound", account, json!({})).await?;
    Ok(account)
}

/// Opens a session for whoever types the code that came to an account's number.
pub async fn sign_in_by_code(
    access: &Access,
    challenge: &Token,
    code: &str,
    device: &str,
    address: &str,
) -> Result<(Token, AccountId)> {
    let mut tx = access.db.begin().await?;
    let Some(Proven::Account(account)) = prove(access, &mut tx, challenge, code).await? else {
        tx.commit().await?;
        return Err(wrong());
    };
    let token = sessions::let_in(access, &mut tx, account, device, address).await?;
    tx.commit().await?;
    Ok((token, account))
}

/// Makes a number one's own after its code was typed. A number that another account had goes over to whoever holds
/// the telephone now.
pub async fn bind_mobile(access: &Access, actor: &Actor, challenge: &Token, code: &str) -> Result<()> {
    let account = actor.signed_in()?.account;
    let now = access.clock.now();
    let mut tx = access.db.begin().await?;
    let answered = answer(&mut tx, challenge, code, now).await?;
    let Some(answered) = answered.filter(|answered| answered.account == Some(account)) else {
        tx.commit().await?;
        return Err(wrong());
    };
    if let Some(before) = sql::account_of_mobile(&mut tx, &answered.blind).await?.filter(|one| one.account != account) {
        sql::clear_mobile(&mut tx, before.account).await?;
        record::append(&mut tx, actor, now, "access.mobile.lost", Object::from(before.account), json!({})).await?;
    }
    sql::set_mobile(&mut tx, account, &answered.mobile, &answered.blind, now).await?;
    record::append(&mut tx, actor, now, "access.mobile.bound", account, json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives an account a number within a transaction, as whoever opens it says. The caller has checked that the actor may.
///
/// # Errors
/// A fault of the field `mobile` if another account has it.
pub async fn set_mobile(
    access: &Access,
    vault: &Vault,
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    mobile: &MobileNumber,
) -> Result<()> {
    let sealed = vault.seal(PURPOSE, mobile.expose())?;
    let now = access.clock.now();
    if sql::account_of_mobile(&mut *tx, &sealed.blind).await?.is_some_and(|holder| holder.account != account) {
        return Err(Error::field("mobile", "access.mobile_taken"));
    }
    sql::set_mobile(tx, account, &sealed.bytes, &sealed.blind, now).await.map_err(|error| {
        match error.is_unique("account_mobile_blind") {
            true => Error::field("mobile", "access.mobile_taken"),
            false => error.into(),
        }
    })?;
    record::append(tx, actor, now, "access.mobile.set", account, json!({})).await?;
    Ok(())
}

/// The number of an account; `None` if it has none.
pub async fn mobile_of(access: &Access, vault: &Vault, account: AccountId) -> Result<Option<MobileNumber>> {
    let Some(bytes) = sql::sealed_mobile(&access.db, account).await? else { return Ok(None) };
    let number = vault.open(PURPOSE, &bytes)?;
    Ok(MobileNumber::parse(&number).ok())
}

/// Forgets codes, attempts to sign in and half sign-ins from before an instant: addresses and names are not kept longer
/// than the limits look back.
pub async fn forget_before(access: &Access, before: Instant) -> Result<u64> {
    let mut tx = access.db.begin().await?;
    let forgotten = sql::forget_before(&mut tx, before).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Whose code was typed rightly, and for which number.
pub(crate) struct Answered {
    pub account: Option<AccountId>,
    pub joins: bool,
    pub link: Option<String>,
    pub mobile: Vec<u8>,
    pub blind: String,
}

/// Counts the try and, if the code is right, uses it up: of two who type it at once, one is refused.
async fn answer(tx: &mut Tx, challenge: &Token, code: &str, now: Instant) -> Result<Option<Answered>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).take(16).collect();
    let code: String = code.chars().map(jinmen_core::codes::text::half_width).collect();
    let tried = sql::count_try(tx, &challenge.digest(), TRIES, now).await?;
    if tried == 0 {
        return Ok(None);
    }
    Ok(sql::use_code(tx, &challenge.digest(), &digest(challenge, &code), now).await?)
}

/// The answer to a code that opens nothing.
pub fn wrong() -> Error {
    Fault::at("code", "access.code").into()
}
