//! Two files of one person, joined.

use jinmen_core::{Instant, PersonId};
use serde::{Deserialize, Serialize};

use super::MergeId;

/// A joining of two files of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonMerge {
    /// Its identifier.
    pub id: MergeId,
    /// The file that went.
    pub from: PersonId,
    /// The file that stays.
    pub to: PersonId,
    /// The name on the file that went.
    pub name: String,
    /// Why they are one.
    pub reason: String,
    /// Who joined them.
    pub merged_name: String,
    /// When.
    pub merged_at: Instant,
    /// When it was undone.
    pub undone_at: Option<Instant>,
}

/// What a person's row says; the identity number stays sealed, as hexadecimal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonIdentity {
    /// English name.
    pub name_en: Option<String>,
    /// One line about them.
    pub headline_zh: String,
    /// The same in English.
    pub headline_en: Option<String>,
    /// The sealed identity number.
    pub resident_sealed: Option<String>,
    /// Its blind index.
    pub resident_blind: Option<String>,
    /// Appointed as an expert.
    pub expert: bool,
    /// `active` or `deleted`.
    pub state: String,
    /// The file it was joined to.
    pub merged_into: Option<String>,
}

impl PersonIdentity {
    /// This one with what it lacks from the other.
    #[must_use]
    pub fn filled_from(&self, other: &Self) -> Self {
        let (headline_zh, headline_en) = match self.headline_zh.is_empty() {
            true => (other.headline_zh.clone(), other.headline_en.clone()),
            false => (self.headline_zh.clone(), self.headline_en.clone()),
        };
        let (resident_sealed, resident_blind) = match self.resident_blind {
            Some(_) => (self.resident_sealed.clone(), self.resident_blind.clone()),
            None => (other.resident_sealed.clone(), other.resident_blind.clone()),
        };
        Self {
            name_en: self.name_en.clone().or_else(|| other.name_en.clone()),
            headline_zh,
            headline_en,
            resident_sealed,
            resident_blind,
            expert: self.expert || other.expert,
            ..self.clone()
        }
    }
}

/// Everything that was moved, to the row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MovedPersonFile {
    /// Facts.
    pub facts: Vec<String>,
    /// Contact points.
    pub contacts: Vec<String>,
    /// What they are at organisations.
    pub posts: Vec<String>,
    /// Consents.
    pub consents: Vec<String>,
    /// Consents that both had given: ended at the one that went.
    pub consents_ended: Vec<String>,
    /// Claims they made.
    pub claims: Vec<String>,
    /// Notices in their inbox.
    pub notices: Vec<String>,
    /// Accounts and roles.
    pub access: access::MovedPerson,
    /// Tasks, comments, signatures, tags, attachments.
    pub cases: cases::moves::Moved,
    /// What the file that went said.
    pub from_before: PersonIdentity,
    /// What the file that stays said.
    pub to_before: PersonIdentity,
}
