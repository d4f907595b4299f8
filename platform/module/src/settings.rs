//! What an instance says of itself. Kept in the database, because every process of an instance must
//! say the same.

use jinmen_core::{Instant, Result, Text2};
use serde::{Deserialize, Serialize};
use store::{Conn, Tx, args};

/// The settings of an instance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The platform's own name where it has one.
    pub name: Text2,
    /// Who it is by and for (主办单位).
    pub sponsor: Text2,
    /// Who runs it (运营单位).
    pub operator: Text2,
    /// A human's telephone number.
    pub telephone: String,
    /// Postal address.
    pub address: Text2,
    /// ICP filing number.
    pub icp: String,
    /// Public-security filing number.
    pub police: String,
    /// This instance is a demonstration: everything printed says so, and anybody may enter.
    pub demo: bool,
    /// Whether decisions of a kind take two people, where the instance says so.
    pub two_people: std::collections::BTreeMap<String, bool>,
    /// The roles of administrators rest until their account gives a second proof at sign-in.
    pub second_factor: bool,
    /// The story told on the portal's first page.
    pub story: Option<Story>,
}

impl Settings {
    /// Whether a decision of a kind takes two people here.
    pub fn takes_two(&self, kind: &cases::DecisionKind) -> bool {
        self.two_people.get(kind.code).copied().unwrap_or(kind.two_by_default)
    }
}

/// A finished event told in cards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Story {
    /// Its title.
    pub title: Text2,
    /// A sentence or two.
    pub lead: Text2,
    /// When and where.
    pub place: Text2,
    /// Its parts in order.
    pub cards: Vec<StoryCard>,
}

/// One part of the story.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoryCard {
    /// What kind of part (致辞, 签约…).
    pub kind: Text2,
    /// What was said or done.
    pub title: Text2,
    /// By whom.
    pub by: Text2,
    /// More about it.
    pub text: Text2,
    /// Organisations it concerns, found on the portal by these words.
    pub search: String,
}

/// Reads the settings; an instance without any has the defaults.
pub async fn load<'a>(conn: impl Into<Conn<'a>>) -> Result<Settings> {
    let row: Option<(serde_json::Value,)> =
        conn.into().maybe("SELECT value FROM setting WHERE key = $1", args!["instance"]).await?;
    Ok(match row {
        Some((value,)) => serde_json::from_value(value)?,
        None => Settings::default(),
    })
}

/// The mark of the master key, if it was ever changed: by it a key that is not this instance's is known at once.
pub async fn key_mark<'a>(conn: impl Into<Conn<'a>>) -> Result<Option<String>> {
    let row: Option<(serde_json::Value,)> =
        conn.into().maybe("SELECT value FROM setting WHERE key = $1", args!["master_key"]).await?;
    Ok(row.and_then(|(value,)| Some(value["mark"].as_str()?.to_owned())))
}

/// Keeps the mark of the master key.
pub async fn set_key_mark(tx: &mut Tx, mark: &str, now: Instant) -> Result<()> {
    put(tx, "master_key", serde_json::json!({ "mark": mark }), now).await
}

/// Writes the settings.
pub async fn save(tx: &mut Tx, settings: &Settings, now: Instant) -> Result<()> {
    put(tx, "instance", serde_json::to_value(settings)?, now).await
}

async fn put(tx: &mut Tx, key: &str, value: serde_json::Value, now: Instant) -> Result<()> {
    tx.run(
        "INSERT INTO setting (key, value, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        args![key, value, now],
    )
    .await?;
    Ok(())
}
