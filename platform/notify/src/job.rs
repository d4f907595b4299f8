//! Sending one mail, later.

use std::sync::Arc;

use async_trait::async_trait;
use jinmen_core::{Error, Instant, Locale, PersonId, Result};
use jobs::{Context, Handler};
use serde_json::{Value, json};

use crate::{Delivery, Mail, MailId, Mailer, Received, sql};

/// The kind of job under which [`MailJob`] is registered.
pub const KIND: &str = "notify.mail";

/// How a mail stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum MailState {
    /// To be sent.
    Waiting,
    /// Taken by the mail server.
    Sent,
    /// Not sent: there is no address, or this instance sends no mail.
    Skipped,
    /// Not taken, for good.
    Refused,
}

impl MailState {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Skipped => "skipped",
            Self::Refused => "refused",
        }
    }
}

/// Where people may be mailed, and in which language they read. The application registers it; this
/// crate keeps no address.
#[async_trait]
pub trait Addresses: Send + Sync {
    /// The address and language of a person; `None` if they have no address or may not sign in.
    async fn email(&self, person: PersonId) -> Result<Option<(String, Locale)>>;
}

/// Says a notice in words. The application registers it.
pub trait Render: Send + Sync {
    /// Subject and plain text for a reader; the notice's link is a path, to be made an address.
    fn render(&self, locale: Locale, notice: &Received) -> (String, String);
}

/// Sends one mail. Run again after it was sent, it does nothing.
pub struct MailJob {
    mailer: Arc<dyn Mailer>,
    addresses: Arc<dyn Addresses>,
    render: Arc<dyn Render>,
}

impl MailJob {
    /// Puts it together.
    pub fn new(mailer: Arc<dyn Mailer>, addresses: Arc<dyn Addresses>, render: Arc<dyn Render>) -> Self {
        Self { mailer, addresses, render }
    }

    async fn deliver(&self, id: MailId, notice: &Received, now: Instant) -> Result<MailState> {
        let Some((address, locale)) = self.addresses.email(notice.person).await? else {
            return Ok(MailState::Skipped);
        };
        let (subject, text) = self.render.render(locale, notice);
        let mail = Mail::new(&id.text(), address, &subject, text, now);
        Ok(match self.mailer.send(&mail).await? {
            Delivery::Sent => MailState::Sent,
            Delivery::Off => MailState::Skipped,
            Delivery::Refused(reason) => {
                tracing::warn!(mail.id = %id, reason, "Mail {id} was refused for good");
                MailState::Refused
            }
        })
    }
}

#[async_trait]
impl Handler for MailJob {
    async fn run(&self, context: &Context, payload: Value) -> Result<Value> {
        let id: MailId =
            payload["mail"].as_str().ok_or_else(|| Error::internal("notify.mail: no mail named"))?.parse()?;
        let Some(notice) = sql::waiting_mail(&context.db, id).await? else {
            return Ok(json!({ "state": "ended before" }));
        };
        let state = self.deliver(id, &notice, context.clock.now()).await?;
        sql::end_mail(&context.db, id, state, context.clock.now()).await?;
        Ok(json!({ "state": state.code() }))
    }
}
