//! Codes that come to a mobile number: to sign in, and to make a number one's own.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::{Challenge, Token};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jinmen_core::codes::MobileNumber;
use jinmen_core::{AccountId, Error, Fault, Instant, Locale, Result};
use module::{App, Visit};
use notify::{Delivery, Means, ShortMessage};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The kind of work that hands a code to the provider.
pub const KIND: &str = "work.code";
/// What the sealed message in the queue is for.
const PURPOSE: &str = "code_message";
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

/// Sends a code to whoever wants to sign in.
pub async fn ask_to_enter(app: &App, visit: &Visit, ask: &Ask) -> Result<Sent> {
    let number = known_here(app, ask)?;
    let message = |challenge: &Challenge| message(app, visit, &number, ask.means(), challenge);
    let challenge = access::ask_code(&app.access, &app.vault, &number, &visit.address, message).await?;
    Ok(sent(app, &number, challenge))
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

/// Opens a session for whoever types the code. An earlier session of the same browser ends.
pub async fn enter(app: &App, visit: &Visit, challenge: &str, code: &str) -> Result<(Token, AccountId)> {
    let challenge = Token::presented(challenge).ok_or_else(|| Error::field("code", "access.code"))?;
    let opened = access::sign_in_by_code(&app.access, &challenge, code, &visit.device, &visit.address).await?;
    super::session::sign_out(app, visit).await?;
    Ok(opened)
}

/// Makes the number one's own.
pub async fn bind(app: &App, visit: &Visit, challenge: &str, code: &str) -> Result<()> {
    let challenge = Token::presented(challenge).ok_or_else(|| Error::field("code", "access.code"))?;
    access::bind_mobile(&app.access, &visit.actor, &challenge, code).await
}

/// What waits in the queue until it is handed over; sealed there, for it has the code in it.
#[derive(Serialize, Deserialize)]
struct Waiting {
    mobile: String,
    means: Means,
    code: String,
    locale: Locale,
    expires_at: Instant,
}

fn message(
    app: &App,
    visit: &Visit,
    number: &MobileNumber,
    means: Means,
    challenge: &Challenge,
) -> Result<Option<jobs::NewJob>> {
    if !challenge.wanted || app.sms.is_none() {
        return Ok(None);
    }
    let waiting = Waiting {
        mobile: number.expose().to_owned(),
        means,
        code: challenge.code.clone(),
        locale: visit.locale,
        expires_at: challenge.expires_at,
    };
    let sealed = app.vault.seal(PURPOSE, &serde_json::to_string(&waiting)?)?;
    let mut job = jobs::NewJob::new(KIND, json!({ "sealed": STANDARD.encode(sealed.bytes) }));
    job.max_attempts = ATTEMPTS;
    job.priority = 10;
    Ok(Some(job))
}

/// Hands codes to the provider.
pub struct Courier {
    app: App,
}

/// The handler of [`KIND`].
pub fn courier(app: &App) -> Arc<dyn jobs::Handler> {
    Arc::new(Courier { app: app.clone() })
}

#[async_trait]
impl jobs::Handler for Courier {
    async fn run(&self, context: &jobs::Context, payload: Value) -> Result<Value> {
        let bytes = STANDARD.decode(payload["sealed"].as_str().unwrap_or_default()).map_err(Error::internal)?;
        let waiting: Waiting = serde_json::from_str(&self.app.vault.open(PURPOSE, &bytes)?)?;
        let now = context.clock.now();
        let Some(provider) = self.app.sms.as_ref().filter(|_| now < waiting.expires_at) else {
            return Ok(json!({ "state": "too late" }));
        };
        let minutes = (access::CODE_SECONDS / 60).to_string();
        let t = self.app.words(waiting.locale);
        let args = [("code", waiting.code.clone().into()), ("minutes", minutes.clone().into())];
        let message = ShortMessage {
            id: context.id().text(),
            mobile: MobileNumber::parse(&waiting.mobile).map_err(|fault| Fault::of("mobile", &fault))?,
            means: waiting.means,
            template: "code",
            params: BTreeMap::from([("code", waiting.code), ("minutes", minutes)]),
            text: t.with("work-code-message", &args),
            at: now,
        };
        match provider.send(&message).await? {
            Delivery::Refused(reason) => {
                tracing::warn!(job.id = %context.id(), reason, "A code was refused for good");
                Ok(json!({ "state": "refused" }))
            }
            Delivery::Sent | Delivery::Off => Ok(json!({ "state": "sent" })),
        }
    }
}
