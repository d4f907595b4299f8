//! A policy: what it is called, who issues it, and where it stands.

use jinmen_core::{Date, Instant, OrganizationId, Text2, id, words};
use serde::{Deserialize, Serialize};

use super::Body;

id!(
    /// A policy.
    PolicyId
);
store::arg_id!(PolicyId);

/// What policies are about: codes whose names are texts `policy-topic-…`.
pub const TOPICS: [&str; 9] =
    ["innovation", "growth", "digital", "talent", "space", "finance", "investment", "market", "other"];

words!(
    /// Of which level the issuer is.
    Level, "policy-level-" {
        /// The state.
        Nation = "nation",
        /// The municipality.
        City = "city",
        /// The district.
        District = "district",
        /// A park or an alliance.
        Park = "park",
    }
);

words!(
    /// Whether the text is for everybody (政府信息公开属性).
    Disclosure, "policy-disclosure-" {
        /// Published by itself (主动公开).
        Published = "published",
        /// To whoever asks (依申请公开).
        OnRequest = "on_request",
        /// Not disclosed (不予公开).
        Withheld = "withheld",
    }
);

words!(
    /// Where a policy stands.
    Status, "policy-status-" {
        /// In drafting, comment or review.
        Draft = "draft",
        /// It has a document number.
        Issued = "issued",
        /// Everybody can read it.
        Published = "published",
        /// It did not pass.
        Refused = "refused",
        /// It holds no more (废止).
        Abolished = "abolished",
    }
);

words!(
    /// What an enterprise replies to having been told of a policy.
    Reply, "policy-reply-" {
        /// It will apply.
        Applies = "applies",
        /// Not at present.
        NotNow = "not_now",
        /// Somebody should call.
        Help = "help",
    }
);

/// A policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    /// Its identifier.
    pub id: PolicyId,
    /// Its readable number, which is not the number of the document.
    pub number: String,
    /// The office that keeps it.
    pub owner: OrganizationId,
    /// What it is called.
    pub title: Text2,
    /// Who issues it.
    pub issuer: String,
    /// The number of the document (文号); empty before it is issued.
    pub doc_no: String,
    /// Of which level the issuer is.
    pub level: Level,
    /// What it is about.
    pub topic: String,
    /// Where it stands.
    pub status: Status,
    /// Whether the text is for everybody.
    pub disclosure: Disclosure,
    /// When it was issued.
    pub issued_on: Option<Date>,
    /// From when on it holds.
    pub effective_from: Option<Date>,
    /// Up to when.
    pub effective_to: Option<Date>,
    /// When it was abolished.
    pub ended_on: Option<Date>,
    /// Why.
    pub ended_note: String,
    /// What took its place.
    pub replaced_by: Option<PolicyId>,
    /// Where the text stands.
    pub source: String,
    /// What is to be known of it.
    pub note: Text2,
    /// The version that counts.
    pub version: i64,
    /// When it was published.
    pub published_at: Option<Instant>,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Policy {
    /// The names under which receipts may name it: `NAME/CLAUSE`; `program` is what its rules call it.
    pub fn names<'a>(&'a self, program: &'a str) -> Vec<&'a str> {
        let names = [self.title.zh.as_str(), &self.doc_no, &self.number, program];
        names.into_iter().filter(|name| !name.is_empty()).collect()
    }

    /// Whether it holds on a day: published or issued, within its days and not abolished before.
    pub fn holds(&self, day: Date) -> bool {
        matches!(self.status, Status::Issued | Status::Published | Status::Abolished)
            && self.effective_from.is_none_or(|from| from <= day)
            && self.effective_to.is_none_or(|to| day <= to)
            && self.ended_on.is_none_or(|ended| day < ended)
    }

    /// Whether its days are over.
    pub fn is_expired(&self, day: Date) -> bool {
        self.effective_to.is_some_and(|to| to < day)
    }

    /// Whether everybody may read it.
    pub fn is_public(&self) -> bool {
        self.disclosure == Disclosure::Published && self.published_at.is_some()
    }
}

/// One version of a policy's text.
#[derive(Clone, PartialEq, Debug)]
pub struct Version {
    /// Its number, from 1.
    pub version: i64,
    /// The program.
    pub text: String,
    /// Sentences, guide, interpretation.
    pub body: Body,
    /// When it was made.
    pub made_at: Instant,
    /// By whom.
    pub made_name: String,
}

/// Which policies a list shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(default)]
pub struct PolicyFilter {
    /// Words of the title, of a clause, or the document number.
    pub q: Option<String>,
    /// Of which level.
    pub level: Option<String>,
    /// What it is about.
    pub topic: Option<String>,
    /// Where it stands; `expired` for those whose days are over.
    pub status: Option<String>,
    /// Who issues it.
    pub issuer: Option<String>,
}
