//! An application: who applies, with which answers, and where it stands.

use jinmen_core::{AccountId, Date, Instant, OrganizationId, PersonId, id};
use payments::Subject;
use serde::{Deserialize, Serialize};

use super::{CallId, words};

id!(
    /// An application.
    ApplicationId
);
store::arg_id!(ApplicationId);

words!(
    /// Where an application stands.
    ApplicationState, "calls-application-" {
        /// Being filled in.
        Draft = "draft",
        /// Handed in, and worked on.
        Submitted = "submitted",
        /// Sent back for correction (补正).
        Returned = "returned",
        /// Passed.
        Approved = "approved",
        /// Not passed, with a reason.
        Rejected = "rejected",
        /// Taken back by the applicant.
        Withdrawn = "withdrawn",
    }
);

impl ApplicationState {
    /// Whether nothing more happens to it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected | Self::Withdrawn)
    }
}

/// An application.
#[derive(Clone, PartialEq, Debug)]
pub struct Application {
    /// Its identifier.
    pub id: ApplicationId,
    /// What it answers.
    pub call: CallId,
    /// The organisation that called.
    pub owner: OrganizationId,
    /// Its number; empty while it is a draft.
    pub number: String,
    /// Who applies.
    pub applicant: Subject,
    /// Their name, as it was when the application was begun or last handed in.
    pub applicant_name: String,
    /// Where it stands.
    pub state: ApplicationState,
    /// The stage that is open; empty while it is a draft.
    pub stage: String,
    /// Who of the office has it in hand.
    pub handler: Option<PersonId>,
    /// Their name.
    pub handler_name: String,
    /// The track.
    pub track: String,
    /// The group.
    pub group: String,
    /// The version of the form that it was begun with.
    pub form_version: i64,
    /// Goes up with every change of state.
    pub version: i64,
    /// When something was last typed.
    pub saved_at: Instant,
    /// When it was first handed in.
    pub submitted_at: Option<Instant>,
    /// SHA-256 over what was handed in last.
    pub digest: String,
    /// What is to be corrected, while it is returned.
    pub returned: Option<Return>,
    /// Why it was rejected or withdrawn.
    pub reason: String,
    /// What was granted, in fen, where the decision names a sum.
    pub granted: Option<i64>,
    /// Who began it.
    pub begun_by: Option<AccountId>,
    /// Their name.
    pub begun_name: String,
    /// When it was begun.
    pub created_at: Instant,
    /// When it last changed its state.
    pub updated_at: Instant,
}

impl Application {
    /// Whether its applicant may type into it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, ApplicationState::Draft | ApplicationState::Returned)
    }

    /// Whether a question is open: all of a draft, of a returned one those that were named.
    pub fn opens(&self, path: &str) -> bool {
        let name = path.split('.').next().unwrap_or_default();
        match (self.state, &self.returned) {
            (ApplicationState::Draft, _) => true,
            (ApplicationState::Returned, Some(returned)) => returned.fields.iter().any(|field| field == name),
            _ => false,
        }
    }
}

/// What is to be corrected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Return {
    /// The questions that are open.
    pub fields: Vec<String>,
    /// Why.
    pub reason: String,
    /// The last day.
    pub due_on: Date,
    /// When it was sent back.
    pub at: Instant,
    /// By whom.
    pub by: String,
}

/// What was handed in once, as it was then.
#[derive(Clone, PartialEq, Debug)]
pub struct Submission {
    /// Which time it was, from 1.
    pub round: i64,
    /// Everything that the digest is over, in canonical form.
    pub document: String,
    /// SHA-256 of it.
    pub digest: String,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
}

words!(
    /// What somebody is in an application's team.
    Team, "calls-team-" {
        /// Leads it.
        Leader = "leader",
        /// Belongs to it.
        Member = "member",
        /// Advises it.
        Adviser = "adviser",
        /// Handles the papers (经办人).
        Handler = "handler",
    }
);

/// Somebody of the team who sees the application, and may type into it.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they are in it.
    pub part: Team,
    /// Since when.
    pub added_at: Instant,
}

/// Which applications a list shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(default)]
pub struct ApplicationFilter {
    /// Words of the applicant's name, or the number.
    pub q: Option<String>,
    /// Of one call.
    pub call: Option<String>,
    /// Where it stands.
    pub state: Option<String>,
    /// At which stage.
    pub stage: Option<String>,
    /// `mine`, `nobody`.
    pub handler: Option<String>,
}
