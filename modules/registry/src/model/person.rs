//! People and what they are where.

use jinmen_core::codes::ResidentId;
use jinmen_core::{Date, Fault, Faults, Instant, OrganizationId, PersonId, Result, Text2, id};
use serde::{Deserialize, Serialize};

use super::{NAME_MOST, choice, line, required};

id!(
    /// What a person is at an organisation.
    AffiliationId
);
store::arg_id!(AffiliationId);

/// A person as their file begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Their identifier.
    pub id: PersonId,
    /// Their name.
    pub name: Text2,
    /// One line about them.
    pub headline: Text2,
    /// Whether an identity number is kept, sealed.
    pub has_resident_id: bool,
    /// The organisation that keeps this file.
    pub keeper: Option<OrganizationId>,
    /// Appointed as an expert by some organisation.
    pub expert: bool,
    /// Not deleted.
    pub active: bool,
    /// How complete the file is, in percent.
    pub completeness: i64,
    /// Goes up with every change.
    pub version: i64,
    /// When the file was opened.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// A line of a list of people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonRow {
    /// The person.
    pub person: Person,
    /// The key it sorts by.
    pub sort_key: String,
}

/// What a form or a program sends of a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct PersonDraft {
    /// Chinese name.
    #[schema(example = "演示人员")]
    pub name_zh: String,
    /// English name; may be empty.
    pub name_en: String,
    /// One line about the person.
    pub headline_zh: String,
    /// The same in English.
    pub headline_en: String,
    /// Identity number; empty leaves what is kept.
    pub resident_id: String,
}

/// A person ready to be written.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Their name.
    pub name: Text2,
    /// One line about them.
    pub headline: Text2,
    /// Identity number.
    pub resident_id: Option<ResidentId>,
}

impl PersonDraft {
    /// Checks everything and names every fault.
    pub fn parse(&self, today: Date) -> Result<NewPerson> {
        let mut faults = Faults::new();
        let name_zh = faults.take(required("name_zh", &self.name_zh, NAME_MOST));
        let name_en = faults.take(line("name_en", &self.name_en, NAME_MOST)).flatten();
        let headline_zh = faults.take(line("headline_zh", &self.headline_zh, NAME_MOST)).flatten();
        let headline_en = faults.take(line("headline_en", &self.headline_en, NAME_MOST)).flatten();
        let resident_id = match self.resident_id.trim() {
            "" => None,
            text => faults.take(ResidentId::parse(text, today).map_err(|fault| Fault::of("resident_id", &fault))),
        };
        match name_zh {
            Some(name_zh) if faults.is_empty() => Ok(NewPerson {
                name: Text2::new(name_zh, name_en),
                headline: Text2::new(headline_zh.unwrap_or_default(), headline_en),
                resident_id,
            }),
            _ => faults.check().and(Err(Fault::new("core.required").into())),
        }
    }
}

impl From<&Person> for PersonDraft {
    fn from(known: &Person) -> Self {
        Self {
            name_zh: known.name.zh.clone(),
            name_en: known.name.en.clone().unwrap_or_default(),
            headline_zh: known.headline.zh.clone(),
            headline_en: known.headline.en.clone().unwrap_or_default(),
            resident_id: String::new(),
        }
    }
}

/// What a list of people is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct PersonFilter {
    /// Words, in characters or pinyin.
    pub q: Option<String>,
    /// `yes`: appointed experts only.
    pub expert: Option<String>,
    /// Affiliated with this organisation.
    pub organization: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
}

/// What a person is at an organisation, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Affiliation {
    /// Its identifier.
    pub id: AffiliationId,
    /// Who.
    pub person: PersonId,
    /// The person's name.
    pub person_name: Text2,
    /// Where.
    pub organization: OrganizationId,
    /// The organisation's name.
    pub organization_name: Text2,
    /// A code of the list `affiliation_kind`.
    pub kind: String,
    /// The post.
    pub title: Text2,
    /// The number of a letter of appointment.
    pub letter: Option<String>,
    /// The first day.
    pub valid_from: Option<Date>,
    /// The last day.
    pub valid_until: Option<Date>,
    /// From whom we know it.
    pub source: String,
    /// When it was ended here.
    pub ended_at: Option<Instant>,
}

/// An affiliation to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewAffiliation {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub organization: OrganizationId,
    /// A code of the list `affiliation_kind`.
    pub kind: String,
    /// The post.
    pub title: Text2,
    /// The number of a letter of appointment.
    pub letter: Option<String>,
    /// The first day.
    pub valid_from: Option<Date>,
    /// The last day.
    pub valid_until: Option<Date>,
}

impl NewAffiliation {
    /// Checks what can be checked without the database.
    pub fn check(&self) -> Result<(), Fault> {
        choice("kind", "affiliation_kind", &self.kind)?;
        match (self.valid_from, self.valid_until) {
            (Some(from), Some(until)) if until < from => Err(Fault::at("valid_until", "core.period")),
            _ => Ok(()),
        }
    }
}

/// A consent given by a person for one purpose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consent {
    /// A code of the list `consent_purpose`.
    pub purpose: String,
    /// The version of the wording agreed to.
    pub wording: i64,
    /// When it was given.
    pub given_at: Instant,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Instant>,
}
