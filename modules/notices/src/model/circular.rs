//! A circular and its recipients as they stand.

use jinmen_core::{AccountId, Date, Instant, OrganizationId, id};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Question;

id!(
    /// A circular.
    CircularId
);
store::arg_id!(CircularId);

/// What a circular asks of whoever receives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// To be read.
    #[default]
    Reading,
    /// To say that it was received (回执).
    Receipt,
    /// To answer questions.
    Answers,
    /// To report facts (填报), which go to the organisation's file.
    Facts,
}

impl Asks {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Reading, Self::Receipt, Self::Answers, Self::Facts];

    /// The word in the database and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Receipt => "receipt",
            Self::Answers => "answers",
            Self::Facts => "facts",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Whether it waits for more than being read.
    pub fn wants_answer(self) -> bool {
        self != Self::Reading
    }
}

/// How a circular stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CircularState {
    /// Out; answers are taken.
    Sent,
    /// No more answers are taken.
    Closed,
}

/// A circular.
#[derive(Clone, PartialEq, Debug)]
pub struct Circular {
    /// Its identifier.
    pub id: CircularId,
    /// Its readable number.
    pub number: String,
    /// The office that sent it.
    pub owner: OrganizationId,
    /// What it is about.
    pub title: String,
    /// Its text; an empty line begins a paragraph.
    pub body: String,
    /// What it asks.
    pub asks: Asks,
    /// Its questions.
    pub questions: Vec<Question>,
    /// The last day for an answer.
    pub due_on: Option<Date>,
    /// Sent by short message, too.
    pub by_sms: bool,
    /// Sent by mail, too.
    pub by_mail: bool,
    /// To whom, in words.
    pub audience: String,
    /// How it stands.
    pub state: CircularState,
    /// When it was sent.
    pub sent_at: Instant,
    /// By whom.
    pub sent_name: String,
    /// When it was last reminded of.
    pub reminded_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Who has done what.
    pub counts: Counts,
}

impl Circular {
    /// How many have done what it asks.
    pub fn done(&self) -> i64 {
        if self.asks.wants_answer() { self.counts.answered } else { self.counts.read }
    }

    /// Whether its last day is over.
    pub fn is_late(&self, today: Date) -> bool {
        self.due_on.is_some_and(|due| due < today)
    }
}

/// A circular as one of its recipients sees it in a list.
#[derive(Clone, PartialEq, Debug)]
pub struct OwnCircular {
    /// Its identifier.
    pub id: CircularId,
    /// Its readable number.
    pub number: String,
    /// The office that sent it.
    pub owner: OrganizationId,
    /// What it is about.
    pub title: String,
    /// What it asks.
    pub asks: Asks,
    /// The last day for an answer.
    pub due_on: Option<Date>,
    /// How it stands.
    pub state: CircularState,
    /// When it was sent.
    pub sent_at: Instant,
    /// When it was first opened.
    pub read_at: Option<Instant>,
    /// When it was answered.
    pub answered_at: Option<Instant>,
}

/// How many of the recipients have done what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct Counts {
    /// Organisations it was sent to.
    pub recipients: i64,
    /// Of these, those for which nobody acts, so that nobody was told.
    pub untold: i64,
    /// Those where somebody has opened it.
    pub read: i64,
    /// Those that answered.
    pub answered: i64,
}

/// One organisation a circular was sent to.
#[derive(Clone, PartialEq, Debug)]
pub struct Recipient {
    /// The organisation.
    pub organization: OrganizationId,
    /// Its name on that day.
    pub name: String,
    /// How many people were told.
    pub told: i64,
    /// When it was first opened.
    pub read_at: Option<Instant>,
    /// By whom.
    pub read_name: String,
    /// When it was answered last.
    pub answered_at: Option<Instant>,
    /// The account that answered.
    pub answered_by: Option<AccountId>,
    /// By whom.
    pub answered_name: String,
    /// Written down by the office.
    pub by_office: bool,
    /// The answers by the questions' keys.
    pub answers: Map<String, Value>,
    /// Counts the answers, so that of two at once one is told.
    pub version: i64,
    /// How often it was reminded.
    pub reminders: i64,
}

/// Which recipients.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// All.
    #[default]
    All,
    /// Those that have not done what is asked.
    Missing,
    /// Those that have read and not answered.
    Read,
    /// Those that answered.
    Answered,
    /// Those for which nobody acts.
    Untold,
}

impl Which {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::All, Self::Missing, Self::Read, Self::Answered, Self::Untold];

    /// The word in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Missing => "missing",
            Self::Read => "read",
            Self::Answered => "answered",
            Self::Untold => "untold",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.code() == code).unwrap_or_default()
    }
}
