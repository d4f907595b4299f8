//! Codes that come to a mobile number: to sign in, and to make a number one's own.

use std::collections::BTreeMap;

use access::{Challenge, Entry, Proven, Token};
use jinmen_core::codes::MobileNumber;
use jinmen_core::{AccountId, Actor, Error, Fault, PersonId, Result};
use module::{App, Visit, sms};
use notify::Means;
use serde::Deserialize;

/// What a person is called until they say their name.
const NAMELESS: &str = "—";
/// A code is of no use later.
const ATTEMPTS: i64 = 3;

/// A code on its way, as its page tells of it.
pub struct Sent {
    /// What the browser holds.
    pub challenge: Token,
    /// The number, masked.
    pub masked: String,
    /// The code itself, where a demonstration shows it because nobody brings it to a telephone.
    pub shown: Option<String>,
}

/// What somebody asks for.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Ask {
    /// The number as it was typed.
    pub mobile: String,
    /// `text` or `voice`.
    pub means: String,
    /// The code of a letter, or the token of a link, that lets somebody without an account in.
    pub ticket: String,
}

impl Ask {
    fn number(&self) -> Result<MobileNumber> {
        MobileNumber::parse(&self.mobile).map_err(|fault| Fault::of("mobile", &fault).into())
    }

    fn means(&self) -> Means {
        if self.means == "voice" { Means::Voice } else { Means::Text }
    }
}

/// Whether codes can be had here.
pub fn available(app: &App) -> bool {
    app.sms.is_some() || app.settings().demo
}

/// Sends a code to whoever wants to sign in; whoever holds a letter gets one for a number without an account, too.
pub async fn ask_to_enter(app: &App, visit: &Visit, ask: &Ask) -> Result<Sent> {
    let number = known_here(app, ask)?;
    let message = |challenge: &Challenge| message(app, visit, &number, ask.means(), challenge);
    let (access, vault, address) = (&app.access, &app.vault, &visit.address);
    let challenge = match admitted(app, &ask.ticket).await? {
        true => access::ask_code_to_join(access, vault, &number, address, message).await?,
        false => access::ask_code(access, vault, &number, address, message).await?,
    };
    Ok(sent(app, &number, challenge))
}

/// Sends a code to the number that a link was made for.
pub async fn ask_by_link(app: &App, visit: &Visit, link: &str, means: Means) -> Result<Sent> {
    if !available(app) {
        return Err(Error::NotFound);
    }
    let link = Token::presented(link).ok_or(Error::NotFound)?;
    let message = |number: &MobileNumber, challenge: &Challenge| message(app, visit, number, means, challenge);
    let (number, challenge) = access::ask_code_by_link(&app.access, &app.vault, &link, &visit.address, message).await?;
    Ok(sent(app, &number, challenge))
}

/// The link behind a token.
pub async fn link(app: &App, token: &str) -> Result<access::Link> {
    let token = Token::presented(token).ok_or(Error::NotFound)?;
    access::find_link(&app.access, &app.vault, &token).await
}

async fn admitted(app: &App, ticket: &str) -> Result<bool> {
    if ticket.is_empty() {
        return Ok(false);
    }
    for module in &app.modules {
        if module.admits(app, ticket).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Sends a code to somebody who says that a number is theirs; the password, where they have one, comes first: an open
/// device is no way to take an account over.
pub async fn ask_to_bind(app: &App, visit: &Visit, ask: &Ask, password: &str) -> Result<Sent> {
    let number = known_here(app, ask)?;
    let account = visit.actor.signed_in()?.account;
    if access::find_account(&app.db, &account.text()).await?.has_password {
        access::check_password(&app.access, account, password, &visit.address).await.map_err(at_password)?;
    }
    let message = |challenge: &Challenge| message(app, visit, &number, ask.means(), challenge);
    let challenge =
        access::ask_code_for(&app.access, &app.vault, &visit.actor, &number, &visit.address, message).await?;
    Ok(sent(app, &number, challenge))
}

/// The fault of a wrong password, at the field that this form has for it.
fn at_password(error: Error) -> Error {
    match error {
        Error::Invalid(_) => Error::field("password", "access.password_old"),
        other => other,
    }
}

fn known_here(app: &App, ask: &Ask) -> Result<MobileNumber> {
    if !available(app) {
        return Err(Error::NotFound);
    }
    ask.number()
}

fn sent(app: &App, number: &MobileNumber, challenge: Challenge) -> Sent {
    let shows = app.sms.is_none() && app.settings().demo && challenge.wanted;
    Sent { masked: number.masked(), shown: shows.then_some(challenge.code), challenge: challenge.token }
}

/// Opens a session for whoever types the code, or asks for the second proof. An earlier session of the same browser ends.
pub async fn enter(app: &App, visit: &Visit, challenge: &str, code: &str) -> Result<(Entry, AccountId)> {
    let challenge = Token::presented(challenge).ok_or_else(access::wrong_code)?;
    let mut tx = app.db.begin().await?;
    let Some(proven) = access::prove(&app.access, &mut tx, &challenge, code).await? else {
        // The try is counted.
        tx.commit().await?;
        return Err(access::wrong_code());
    };
    let account = match proven {
        Proven::Account(account) => account,
        Proven::Joiner(joiner) => join(app, &mut tx, &joiner).await?,
    };
    let entry = access::admit(&app.access, &mut tx, account, &visit.device, &visit.address).await?;
    tx.commit().await?;
    super::session::sign_out(app, visit).await?;
    Ok((entry, account))
}

/// Opens an account for somebody new, with a person's file that has no name yet: who they are is asked where they go on.
async fn join(app: &App, tx: &mut store::Tx, joiner: &access::Joiner) -> Result<AccountId> {
    let actor = Actor::System("sign-in");
    let person = match app.directory() {
        Some(directory) => directory.new_person(app, tx, &actor, NAMELESS, None).await?,
        None => PersonId::new(),
    };
    access::open_account(&app.access, &app.vault, tx, &actor, person, joiner).await
}

/// Makes the number one's own.
pub async fn bind(app: &App, visit: &Visit, challenge: &str, code: &str) -> Result<()> {
    let challenge = Token::presented(challenge).ok_or_else(|| Error::field("code", "access.code"))?;
    access::bind_mobile(&app.access, &visit.actor, &challenge, code).await
}

/// The job that brings a code, where there is somebody to bring it to.
fn message(
    app: &App,
    visit: &Visit,
    number: &MobileNumber,
    means: Means,
    challenge: &Challenge,
) -> Result<Option<jobs::NewJob>> {
    if !challenge.wanted {
        return Ok(None);
    }
    let minutes = (access::CODE_SECONDS / 60).to_string();
    let t = app.words(visit.locale);
    let args = [("code", challenge.code.clone().into()), ("minutes", minutes.clone().into())];
    let waiting = sms::Message {
        mobile: number.expose().to_owned(),
        means,
        template: "code".into(),
        params: BTreeMap::from([("code".into(), challenge.code.clone()), ("minutes".into(), minutes)]),
        text: t.with("work-code-message", &args),
        expires_at: Some(challenge.expires_at),
    };
    let job = sms::job(app, &waiting)?;
    Ok(job.map(|mut job| {
        job.max_attempts = ATTEMPTS;
        job.priority = 10;
        job
    }))
}
