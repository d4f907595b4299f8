//! Webhooks and what is handed to them.

use jinmen_core::{Fault, Faults, Instant, Result, id};
use serde::{Deserialize, Serialize};

id!(
    /// A webhook.
    WebhookId
);
id!(
    /// Something that is handed to a webhook.
    DeliveryId
);
store::arg_id!(WebhookId, DeliveryId);

/// The longest name.
const NAME_MOST: usize = 40;
/// The most beginnings of actions.
const ACTIONS_MOST: usize = 20;
/// The longest beginning.
const ACTION_MOST: usize = 60;

/// Whether it is told anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It is.
    Active,
    /// Not now.
    Paused,
}

impl State {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
        }
    }

    /// By its code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Active, Self::Paused].into_iter().find(|state| state.code() == code)
    }
}

/// Another program that is told what was done here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Webhook {
    /// Its identifier.
    pub id: WebhookId,
    /// What people call it.
    pub name: String,
    /// Where it listens.
    pub url: String,
    /// What the actions begin with that it is told of; empty for all.
    pub actions: Vec<String>,
    /// Whether it is told anything.
    pub state: State,
    /// The place in the record from which on it is to be told.
    pub cursor: i64,
    /// Since when nothing was taken.
    pub failing_since: Option<Instant>,
    /// When it was added.
    pub created_at: Instant,
}

impl Webhook {
    /// Whether it is told of an action.
    pub fn wants(&self, action: &str) -> bool {
        self.actions.is_empty() || self.actions.iter().any(|start| action.starts_with(start))
    }
}

/// How far a delivery is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeliveryState {
    /// To be handed over, or to be tried again.
    Waiting,
    /// Taken.
    Taken,
    /// Given up.
    Failed,
}

impl DeliveryState {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Taken => "taken",
            Self::Failed => "failed",
        }
    }

    /// By its code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Taken, Self::Failed].into_iter().find(|state| state.code() == code)
    }
}

/// Something that is handed to a webhook.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// Its identifier, which the message bears.
    pub id: DeliveryId,
    /// Whose.
    pub webhook: WebhookId,
    /// The place of the entry in the record; none for a test.
    pub number: Option<i64>,
    /// What was done.
    pub action: String,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was handed over.
    pub attempts: i64,
    /// The status that was answered last.
    pub status: Option<i64>,
    /// The beginning of what was answered last, or why nothing was.
    pub answer: String,
    /// Since when it waits.
    pub created_at: Instant,
    /// When it was handed over last.
    pub tried_at: Option<Instant>,
}

/// A webhook as it is typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookDraft {
    /// What people call it.
    pub name: String,
    /// Where it listens.
    pub url: String,
    /// Beginnings of actions, one a line.
    pub actions: String,
}

impl WebhookDraft {
    /// Name and beginnings of actions; every fault at once with those of the address.
    pub fn parse(&self, url: Result<String, Fault>) -> Result<(String, String, Vec<String>)> {
        let mut faults = Faults::new();
        let name = self.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_MOST {
            faults.push(Fault::at("name", "core.required"));
        }
        let url = faults.take(url);
        let lines = self.actions.split(['\n', ',', ' ']).map(str::trim).filter(|line| !line.is_empty());
        let actions: Vec<String> = lines.map(|line| line.trim_end_matches('*').to_owned()).collect();
        let plain = |action: &String| {
            action.len() <= ACTION_MOST
                && action.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'_')
        };
        if actions.len() > ACTIONS_MOST || !actions.iter().all(plain) {
            faults.push(Fault::at("actions", "webhooks.actions"));
        }
        faults.check()?;
        Ok((name, url.unwrap_or_default(), actions))
    }
}
