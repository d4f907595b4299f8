//! Experts of a pool, and their seats in rounds.

use jinmen_core::{Fault, Faults, Instant, OrganizationId, PersonId, Result, id, words};
use serde::{Deserialize, Serialize};

use super::{PanelId, RoundId, needed, short};

id!(
    /// An expert of a pool.
    ExpertId
);
store::arg_id!(ExpertId);
id!(
    /// A judge's seat in a round.
    SeatId
);
store::arg_id!(SeatId);

words!(
    /// From where an expert comes.
    ExpertKind, "review-expert-" {
        /// Technology.
        Technology = "technology",
        /// Venture capital, banks.
        Investment = "investment",
        /// Industry.
        Industry = "industry",
        /// Finance and law.
        Finance = "finance",
        /// Public administration, parks.
        Administration = "administration",
    }
);

/// An expert of an organisation's pool (专家库).
#[derive(Clone, PartialEq, Debug)]
pub struct Expert {
    /// Their identifier in the pool.
    pub id: ExpertId,
    /// Whose pool.
    pub owner: OrganizationId,
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Where they work.
    pub institution: String,
    /// The same in the registry.
    pub institution_id: Option<OrganizationId>,
    /// What they are there.
    pub post: String,
    /// From where they come.
    pub kind: ExpertKind,
    /// Words of what they know: keys of tracks, fields.
    pub fields: Vec<String>,
    /// Holds a senior title.
    pub senior: bool,
    /// They may be asked.
    pub active: bool,
    /// When the entry was last changed.
    pub updated_at: Instant,
}

/// An expert as they were typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ExpertDraft {
    /// Somebody who is in the registry; of somebody new nothing.
    pub person: String,
    /// The name.
    pub name: String,
    /// Where they work.
    pub institution: String,
    /// What they are there.
    pub post: String,
    /// From where they come.
    pub kind: String,
    /// What they know, separated by commas.
    pub fields: String,
    /// `yes`: holds a senior title.
    pub senior: String,
    /// `no`: not to be asked.
    pub active: String,
}

/// An expert that was read from a draft.
#[derive(Clone, Debug)]
pub struct NewExpert {
    /// Somebody who is in the registry.
    pub person: Option<PersonId>,
    /// The name.
    pub name: String,
    /// Where they work.
    pub institution: String,
    /// What they are there.
    pub post: String,
    /// From where they come.
    pub kind: ExpertKind,
    /// What they know.
    pub fields: Vec<String>,
    /// Holds a senior title.
    pub senior: bool,
    /// They may be asked.
    pub active: bool,
}

impl ExpertDraft {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Every fault at once, each in its field.
    pub fn parse(&self) -> Result<NewExpert> {
        let mut faults = Faults::new();
        let person = faults.take(match self.person.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Fault::at("person", "core.choice")),
        });
        let name = faults.take(needed("name", &self.name, 60)).unwrap_or_default();
        let institution = faults.take(needed("institution", &self.institution, 120)).unwrap_or_default();
        let post = faults.take(short("post", &self.post, 60)).unwrap_or_default();
        let kind = faults.take(ExpertKind::from_code(&self.kind).ok_or_else(|| Fault::at("kind", "core.choice")));
        let fields: Vec<String> = self
            .fields
            .split([',', '，', '、', '\n'])
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(|word| word.to_lowercase())
            .collect();
        if fields.len() > 20 || fields.iter().any(|word| word.chars().count() > 40) {
            faults.push(Fault::at("fields", "review.expert_fields"));
        }
        faults.check()?;
        Ok(NewExpert {
            person: person.flatten(),
            name,
            institution,
            post,
            kind: kind.unwrap_or(ExpertKind::Technology),
            fields,
            senior: self.senior == "yes",
            active: self.active != "no",
        })
    }

    /// What the form shows for an expert who is there.
    pub fn of(one: &Expert) -> Self {
        Self {
            person: one.person.text(),
            name: one.name.clone(),
            institution: one.institution.clone(),
            post: one.post.clone(),
            kind: one.kind.code().into(),
            fields: one.fields.join("、"),
            senior: if one.senior { "yes".into() } else { String::new() },
            active: if one.active { String::new() } else { "no".into() },
        }
    }
}

/// Which experts a list shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(default)]
pub struct ExpertFilter {
    /// Words of the name, the institution or a field.
    pub q: Option<String>,
    /// From where they come.
    pub kind: Option<String>,
}

words!(
    /// Where a judge's seat stands.
    SeatState, "review-seat-" {
        /// Chosen, and not asked yet.
        Chosen = "chosen",
        /// Asked.
        Invited = "invited",
        /// Came, and signed the commitments.
        Accepted = "accepted",
        /// Cannot come.
        Declined = "declined",
        /// Taken out by the office.
        Removed = "removed",
    }
);

impl SeatState {
    /// Whether the judge still counts on.
    pub fn counts(self) -> bool {
        matches!(self, Self::Chosen | Self::Invited | Self::Accepted)
    }
}

/// A judge's seat in a round.
#[derive(Clone, PartialEq, Debug)]
pub struct Seat {
    /// Its identifier.
    pub id: SeatId,
    /// Of which round.
    pub round: RoundId,
    /// In which panel.
    pub panel: PanelId,
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Where they work.
    pub institution: String,
    /// The same in the registry.
    pub institution_id: Option<OrganizationId>,
    /// What they know.
    pub fields: Vec<String>,
    /// Holds a senior title.
    pub senior: bool,
    /// The place in the panel, from 1; results show it instead of the name.
    pub place: i64,
    /// Where it stands.
    pub state: SeatState,
    /// Why declined or removed.
    pub reason: String,
    /// When they were asked.
    pub invited_at: Option<Instant>,
    /// When they answered.
    pub answered_at: Option<Instant>,
    /// SHA-256 of the commitments as they were signed.
    pub signed: String,
}
