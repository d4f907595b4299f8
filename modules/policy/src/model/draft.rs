//! A policy as it is typed.

use jinmen_core::{Fault, Faults, Result, Text2};
use serde::{Deserialize, Serialize};

use super::{Level, TOPICS};

/// Characters of a title.
pub const TITLE_MOST: usize = 200;
/// Characters of a name, an office, an address.
const SHORT_MOST: usize = 200;
/// Bytes of a program.
pub const TEXT_MOST: usize = 256 * 1024;

/// What a policy is called and where it belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct PolicyDraft {
    /// In Chinese.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
    /// Who issues it.
    pub issuer: String,
    /// Of which level the issuer is: `nation`, `city`, `district` or `park`.
    pub level: String,
    /// What it is about, one of the fixed topics.
    pub topic: String,
    /// Where the text stands.
    pub source: String,
    /// What is to be known of it.
    pub note_zh: String,
    /// The same in English.
    pub note_en: String,
}

/// The same, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPolicy {
    /// What it is called.
    pub title: Text2,
    /// Who issues it.
    pub issuer: String,
    /// Of which level the issuer is.
    pub level: Level,
    /// What it is about.
    pub topic: String,
    /// Where the text stands.
    pub source: String,
    /// What is to be known of it.
    pub note: Text2,
}

impl PolicyDraft {
    /// Checks what was typed.
    ///
    /// # Errors
    /// Every fault at once, by field.
    pub fn parse(&self) -> Result<NewPolicy> {
        let mut faults = Faults::new();
        let title = faults.take(needed("title_zh", &self.title_zh, TITLE_MOST));
        let title_en = faults.take(short("title_en", &self.title_en, TITLE_MOST));
        let issuer = faults.take(needed("issuer", &self.issuer, SHORT_MOST));
        let level = Level::from_code(&self.level).ok_or_else(|| Fault::at("level", "policy.level"));
        let level = faults.take(level);
        let topic = TOPICS.contains(&self.topic.as_str()).then(|| self.topic.clone());
        let topic = faults.take(topic.ok_or_else(|| Fault::at("topic", "policy.topic")));
        let source = faults.take(short("source", &self.source, 500));
        let note_zh = faults.take(short("note_zh", &self.note_zh, 500));
        let note_en = faults.take(short("note_en", &self.note_en, 500));
        let parts = (title, title_en, issuer, level, topic, source, note_zh, note_en);
        faults.check()?;
        let (Some(zh), Some(en), Some(issuer), Some(level), Some(topic), Some(source), Some(note_zh), Some(note_en)) =
            parts
        else {
            return Err(Fault::new("core.required").into());
        };
        Ok(NewPolicy {
            title: Text2::new(zh, Some(en)),
            issuer,
            level,
            topic,
            source,
            note: Text2::new(note_zh, Some(note_en)),
        })
    }
}

/// A text of at most so many characters, without blanks around it.
pub(crate) fn short(field: &str, typed: &str, most: usize) -> Result<String, Fault> {
    let text = typed.replace('\0', "").trim().to_owned();
    if text.chars().count() > most {
        return Err(Fault::at(field, "core.too_long").with("most", most));
    }
    Ok(text)
}

/// The same, and something.
pub(crate) fn needed(field: &str, typed: &str, most: usize) -> Result<String, Fault> {
    let text = short(field, typed, most)?;
    if text.is_empty() { Err(Fault::at(field, "core.required")) } else { Ok(text) }
}
