//! Two files of one organisation, joined.

use jinmen_core::{Instant, OrganizationId, id};
use serde::{Deserialize, Serialize};
use serde_json::Value;

id!(
    /// A joining of two files.
    MergeId
);
store::arg_id!(MergeId);

/// A joining of two files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeRow {
    /// Its identifier.
    pub id: MergeId,
    /// The file that went.
    pub from: OrganizationId,
    /// The file that stays.
    pub to: OrganizationId,
    /// The name of the file that went.
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

/// What a file says of itself in its own row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its social credit code.
    pub uscc: Option<String>,
    /// Its English name.
    pub name_en: Option<String>,
    /// For societies, their level.
    pub society_level: Option<String>,
    /// A few sentences.
    pub intro_zh: String,
    /// The same in English.
    pub intro_en: Option<String>,
    /// Whether the public sees it.
    pub listed: bool,
    /// `active` or `dissolved`.
    pub state: String,
    /// Since when somebody acts for it, in microseconds.
    pub claimed_at: Option<i64>,
    /// The file it was joined to.
    pub merged_into: Option<String>,
}

impl Identity {
    /// This one with what it lacks from the other.
    #[must_use]
    pub fn filled_from(&self, other: &Self) -> Self {
        let intro_zh = if self.intro_zh.is_empty() { other.intro_zh.clone() } else { self.intro_zh.clone() };
        Self {
            uscc: self.uscc.clone().or_else(|| other.uscc.clone()),
            name_en: self.name_en.clone().or_else(|| other.name_en.clone()),
            society_level: self.society_level.clone().or_else(|| other.society_level.clone()),
            intro_zh,
            intro_en: self.intro_en.clone().or_else(|| other.intro_en.clone()),
            claimed_at: [self.claimed_at, other.claimed_at].into_iter().flatten().min(),
            ..self.clone()
        }
    }
}

/// Everything that was moved, to the row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MovedFile {
    /// Facts.
    pub facts: Vec<String>,
    /// Contact points.
    pub contacts: Vec<String>,
    /// Who is what there.
    pub people: Vec<String>,
    /// Relations that go out.
    pub relations_out: Vec<String>,
    /// Relations that come in.
    pub relations_in: Vec<String>,
    /// Relations that both had: ended at the one that went.
    pub relations_ended: Vec<String>,
    /// Claims.
    pub claims: Vec<String>,
    /// Open claims of accounts that claimed both, and how they stood.
    pub claims_closed: Vec<(String, String)>,
    /// Letters.
    pub letters: Vec<String>,
    /// People whose file it kept.
    pub kept_people: Vec<String>,
    /// Its imports.
    pub imports: Vec<String>,
    /// What rules decided of it.
    pub decisions: Vec<String>,
    /// Flows it keeps.
    pub flows: Vec<String>,
    /// Roles held for it.
    pub grants: Vec<String>,
    /// Tasks, comments, signatures, tags, attachments.
    pub cases: cases::moves::Moved,
    /// What other modules moved, by their names.
    pub modules: serde_json::Map<String, Value>,
    /// What the file that went said of itself.
    pub from_before: Identity,
    /// What the file that stays said of itself.
    pub to_before: Identity,
}
