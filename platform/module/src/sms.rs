//! Short messages of use cases: a job that commits with the change hands each to the provider. It waits sealed in the
//! queue, because it has a number in it and often a secret.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jinmen_core::codes::MobileNumber;
use jinmen_core::{Error, Fault, Instant, Result};
use jobs::NewJob;
use notify::{Delivery, Means, ShortMessage};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::App;

/// The kind of work that hands a message to the provider.
pub const KIND: &str = "module.sms";
/// What the sealed message in the queue is for.
const PURPOSE: &str = "short_message";

/// A message to be brought.
#[derive(Serialize, Deserialize)]
pub struct Message {
    /// The number, in full.
    pub mobile: String,
    /// How it is to come.
    pub means: Means,
    /// Which of the texts agreed with the provider.
    pub template: String,
    /// The values in it.
    pub params: BTreeMap<String, String>,
    /// The whole text.
    pub text: String,
    /// After this it is of no use.
    pub expires_at: Option<Instant>,
}

/// The job that brings a message; `None` where nobody brings any.
pub fn job(app: &App, message: &Message) -> Result<Option<NewJob>> {
    if app.sms.is_none() {
        return Ok(None);
    }
    let sealed = app.vault.seal(PURPOSE, &serde_json::to_string(message)?)?;
    Ok(Some(NewJob::new(KIND, json!({ "sealed": STANDARD.encode(sealed.bytes) }))))
}

/// Hands messages to the provider.
struct Courier {
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
        let waiting: Message = serde_json::from_str(&self.app.vault.open(PURPOSE, &bytes)?)?;
        let now = context.clock.now();
        if waiting.expires_at.is_some_and(|end| end <= now) {
            return Ok(json!({ "state": "too late" }));
        }
        let Some(provider) = self.app.sms.as_ref() else { return Ok(json!({ "state": "off" })) };
        let message = ShortMessage {
            id: context.id().text(),
            mobile: MobileNumber::parse(&waiting.mobile).map_err(|fault| Fault::of("mobile", &fault))?,
            means: waiting.means,
            template: waiting.template,
            params: waiting.params,
            text: waiting.text,
            at: now,
        };
        match provider.send(&message).await? {
            Delivery::Refused(reason) => {
                tracing::warn!(job.id = %context.id(), reason, "A short message was refused for good");
                Ok(json!({ "state": "refused" }))
            }
            Delivery::Sent | Delivery::Off => Ok(json!({ "state": "sent" })),
        }
    }
}
