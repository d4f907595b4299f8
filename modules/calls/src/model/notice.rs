//! Public notices and objections.

use jinmen_core::{AccountId, Date, Instant, OrganizationId, PersonId, id};

use super::{ApplicationId, CallId, words};

id!(
    /// A public notice.
    NoticeId
);
store::arg_id!(NoticeId);
id!(
    /// An objection.
    ObjectionId
);
store::arg_id!(ObjectionId);

/// Lines of one notice.
pub const LINES_MOST: usize = 500;

words!(
    /// Whether a notice runs.
    NoticeState, "calls-notice-state-" {
        /// It runs, or something of it is still to be settled.
        Running = "running",
        /// Everything of it is settled.
        Over = "over",
    }
);

words!(
    /// Where one line of a notice stands.
    LineState, "calls-line-" {
        /// Listed.
        Listed = "listed",
        /// Somebody objected, or a fact has changed: it waits.
        Stopped = "stopped",
        /// Taken out.
        Removed = "removed",
        /// The notice ran to its end for it.
        Final = "final",
    }
);

words!(
    /// Where an objection stands.
    ObjectionState, "calls-objection-" {
        /// Being investigated.
        Open = "open",
        /// It was right.
        Upheld = "upheld",
        /// It was not.
        Refused = "refused",
    }
);

/// A public notice (公示).
#[derive(Clone, PartialEq, Debug)]
pub struct Notice {
    /// Its identifier.
    pub id: NoticeId,
    /// Its number.
    pub number: String,
    /// Of which call.
    pub call: CallId,
    /// Whose it is.
    pub owner: OrganizationId,
    /// What it is called.
    pub title: String,
    /// On what it rests.
    pub basis: String,
    /// What it says.
    pub body: String,
    /// The office that takes objections.
    pub office: String,
    /// Where that is.
    pub address: String,
    /// Its telephone.
    pub telephone: String,
    /// The telephone of its supervision.
    pub supervision: String,
    /// The first day.
    pub begins_on: Date,
    /// The last day.
    pub ends_on: Date,
    /// From when on names of people are not shown any more.
    pub hidden_on: Date,
    /// Whether it runs.
    pub state: NoticeState,
    /// By whom it was begun.
    pub created_name: String,
    /// When.
    pub created_at: Instant,
}

impl Notice {
    /// Whether one may object on a day.
    pub fn takes_objections(&self, today: Date) -> bool {
        self.state == NoticeState::Running && self.begins_on <= today && today <= self.ends_on
    }
}

/// One line of a notice.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Which application.
    pub application: ApplicationId,
    /// Its place in the list.
    pub place: i64,
    /// The full name of the firm or the person.
    pub name: String,
    /// It is a person's.
    pub is_person: bool,
    /// What the project is called.
    pub project: String,
    /// What is to be granted, in fen.
    pub amount: Option<i64>,
    /// Where it stands.
    pub state: LineState,
    /// Why it is stopped or removed.
    pub reason: String,
}

impl Line {
    /// The name as it is shown on a day: of a person only until the day that was set.
    pub fn shown(&self, notice: &Notice, today: Date) -> String {
        if self.is_person && today >= notice.hidden_on { crate::form::mask(&self.name) } else { self.name.clone() }
    }
}

/// An objection.
#[derive(Clone, PartialEq, Debug)]
pub struct Objection {
    /// Its identifier.
    pub id: ObjectionId,
    /// Its number.
    pub number: String,
    /// To which notice.
    pub notice: NoticeId,
    /// To which line.
    pub application: ApplicationId,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub state: ObjectionState,
    /// What was found.
    pub findings: String,
    /// What was answered.
    pub answer: String,
    /// The account that filed it.
    pub filed_by: AccountId,
    /// The person behind it.
    pub person: Option<PersonId>,
    /// When.
    pub filed_at: Instant,
    /// Who answered.
    pub answered_name: String,
    /// When.
    pub answered_at: Option<Instant>,
}
