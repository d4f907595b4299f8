//! Handing a short message to somebody who brings it to a mobile number.
//!
//! Providers differ in form and contract, so the program speaks one documented form, and a provider (or a few lines
//! of gateway before it) takes it: a `POST` of JSON
//!
//! ```json
//! {"id": "…", "mobile": "13800138000", "means": "text", "template": "code",
//!  "params": {"code": "123456", "minutes": "5"}, "text": "…"}
//! ```
//!
//! with the headers `X-Jinmen-Timestamp` (seconds since 1970) and `X-Jinmen-Signature`: `sha256=` and, in hexadecimal,
//! HMAC-SHA256 with the shared secret over timestamp, a full stop and the body. `means` is `text` or `voice`. The same
//! `id` is the same message: a second request with it brings nothing more. 2xx: taken; 408, 429 and 5xx: tried again;
//! any other: refused for good.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use jinmen_core::codes::MobileNumber;
use jinmen_core::{Error, Instant, Result};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::Delivery;

/// A job's claim holds for a minute: what takes longer is given up before.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a message reaches a telephone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// As a short message.
    Text,
    /// Read out in a call.
    Voice,
}

/// A message to one number.
#[derive(Clone, Debug)]
pub struct ShortMessage {
    /// The same at every attempt.
    pub id: String,
    /// The number.
    pub mobile: MobileNumber,
    /// How it is to come.
    pub means: Means,
    /// Which of the texts agreed with the provider.
    pub template: String,
    /// The values in it.
    pub params: BTreeMap<String, String>,
    /// The whole text, for providers that take one.
    pub text: String,
    /// When it is handed over.
    pub at: Instant,
}

/// Brings short messages to telephones.
#[async_trait]
pub trait SmsProvider: Send + Sync {
    /// Hands one message over. An error is worth another attempt.
    async fn send(&self, message: &ShortMessage) -> Result<Delivery>;
}

/// Where the provider listens.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct SmsSettings {
    /// Its address.
    pub url: String,
    /// The secret shared with it; the environment's `JINMEN_SMS_SECRET` before the file's.
    pub secret: Option<String>,
}

impl std::fmt::Debug for SmsSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SmsSettings({})", self.url)
    }
}

/// A provider that speaks the form above.
pub struct HttpSms {
    agent: ureq::Agent,
    url: String,
    secret: Arc<[u8]>,
}

impl HttpSms {
    /// Over its settings.
    ///
    /// # Errors
    /// [`Error::Internal`] without a secret, or for an address that is neither https nor on this machine.
    pub fn new(settings: &SmsSettings) -> Result<Self> {
        let url = settings.url.trim();
        let here = ["http://127.0.0.1", "http://[::1]", "http://localhost"].iter().any(|start| url.starts_with(start));
        if !url.starts_with("https://") && !here {
            return Err(Error::internal("sms.url must begin with https://"));
        }
        let secret = settings.secret.as_deref().filter(|secret| secret.len() >= 16);
        let secret = secret.ok_or_else(|| Error::internal("sms.secret must have at least 16 characters"))?;
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        Ok(Self { agent: config.into(), url: url.to_owned(), secret: secret.as_bytes().into() })
    }
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    mobile: &'a str,
    means: Means,
    template: &'a str,
    params: &'a BTreeMap<String, String>,
    text: &'a str,
}

/// The value of `X-Jinmen-Signature`.
fn signature(secret: &[u8], timestamp: &str, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

#[async_trait]
impl SmsProvider for HttpSms {
    async fn send(&self, message: &ShortMessage) -> Result<Delivery> {
        let body = serde_json::to_vec(&Body {
            id: &message.id,
            mobile: message.mobile.expose(),
            means: message.means,
            template: &message.template,
            params: &message.params,
            text: &message.text,
        })?;
        let timestamp = (message.at.0 / 1_000_000).to_string();
        let signature = signature(&self.secret, &timestamp, &body);
        let request = self
            .agent
            .post(&self.url)
            .header("Content-Type", "application/json")
            .header("X-Jinmen-Timestamp", &timestamp)
            .header("X-Jinmen-Signature", &signature);
        let answer =
            tokio::task::spawn_blocking(move || request.send(&body[..]).map(|answer| answer.status().as_u16()));
        let status = answer.await.map_err(Error::internal)?.map_err(Error::internal)?;
        match status {
            200..=299 => Ok(Delivery::Sent),
            408 | 429 | 500..=599 => Err(Error::internal(format!("the provider answered {status}"))),
            _ => Ok(Delivery::Refused(format!("the provider answered {status}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_signature_is_what_any_other_program_computes() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
        let expected = "sha256=e4f8e2ecae2295b2ddb2f0b5584c8275e226c0ebe9b3b819e70156bb67122e3e";
        assert_eq!(signature(b"0123456789abcdef", "1700000000", b"{}"), expected);
    }
}
