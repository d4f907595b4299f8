//! A sum that is owed or granted (款项), as it stands.

use jinmen_core::{Date, Instant, Money, Object, OrganizationId, PersonId, Role, id};
use serde::{Deserialize, Serialize};

id!(
    /// A sum that is owed or granted.
    ItemId
);
store::arg_id!(ItemId);

/// Which way the money goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The office grants it (拨付).
    #[default]
    Out,
    /// It is owed to the office (收取).
    In,
}

impl Direction {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Out, Self::In];

    /// The word in the database and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// How an item stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Something of it is still to be paid.
    Open,
    /// All of it was paid.
    Paid,
    /// It is not owed any more; nothing of it was paid.
    Cancelled,
}

impl ItemState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Paid, Self::Cancelled];

    /// The word in the database and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Who owes it or gets it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Subject {
    /// An organisation.
    Organization(OrganizationId),
    /// A person.
    Person(PersonId),
}

impl Subject {
    /// The kind, as objects name it.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Organization(_) => "organization",
            Self::Person(_) => "person",
        }
    }

    /// The identifier as text.
    pub fn id(self) -> String {
        match self {
            Self::Organization(id) => id.text(),
            Self::Person(id) => id.text(),
        }
    }

    /// As any module names it.
    pub fn object(self) -> Object {
        Object::new(self.kind(), self.id())
    }

    /// From its kind and identifier.
    pub fn read(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "organization" => id.parse().ok().map(Self::Organization),
            "person" => id.parse().ok().map(Self::Person),
            _ => None,
        }
    }
}

impl From<OrganizationId> for Subject {
    fn from(id: OrganizationId) -> Self {
        Self::Organization(id)
    }
}

impl From<PersonId> for Subject {
    fn from(id: PersonId) -> Self {
        Self::Person(id)
    }
}

/// What an item is owed for: something of another module, and the page that shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// The thing.
    pub object: Object,
    /// Its page; begins with a slash.
    pub link: String,
}

/// Somebody who bears a share of an item (the city, the district).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Share {
    /// Who.
    pub name: String,
    /// How much.
    pub amount: Money,
}

/// A part of an item that falls due at once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Instalment {
    /// How much.
    pub amount: Money,
    /// Its last day.
    pub due_on: Option<Date>,
    /// What has to happen first, in words.
    pub condition: String,
}

/// How an instalment stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Paid in full.
    Paid,
    /// Something of it was paid.
    Partly,
    /// Nothing of it was paid.
    Unpaid,
}

impl Part {
    /// The word in texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Partly => "partly",
            Self::Unpaid => "unpaid",
        }
    }
}

/// An instalment with what was paid of it: payments fill instalments in their order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filled {
    /// The instalment.
    pub instalment: Instalment,
    /// What was paid of it.
    pub paid: Money,
}

impl Filled {
    /// Fills instalments in their order with what was paid.
    pub fn all(instalments: Vec<Instalment>, paid: Money) -> Vec<Self> {
        let mut rest = paid.fen();
        let fill = |instalment: Instalment| {
            let part = rest.min(instalment.amount.fen());
            rest -= part;
            Self { instalment, paid: Money::from_fen(part) }
        };
        instalments.into_iter().map(fill).collect()
    }

    /// How it stands.
    pub fn part(&self) -> Part {
        match self.paid {
            paid if paid == self.instalment.amount => Part::Paid,
            paid if paid.is_zero() => Part::Unpaid,
            _ => Part::Partly,
        }
    }

    /// Whether its last day is over and something of it was not paid.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.part() != Part::Paid && self.instalment.due_on.is_some_and(|day| day < today)
    }
}

/// A sum that is owed or granted.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// Its identifier.
    pub id: ItemId,
    /// Its readable number.
    pub number: String,
    /// Whose books these are.
    pub owner: OrganizationId,
    /// The role that keeps them there.
    pub keeper: Role,
    /// Which way the money goes.
    pub direction: Direction,
    /// Who owes it or gets it.
    pub subject: Subject,
    /// The name on the day it was owed.
    pub subject_name: String,
    /// What it is.
    pub title: String,
    /// What it is owed for.
    pub reason: Option<Reason>,
    /// The clause of a policy under which it is a receipt.
    pub benefit: Option<String>,
    /// The day it was granted or became owed.
    pub granted_on: Date,
    /// How much.
    pub amount: Money,
    /// What was paid of it and stands.
    pub paid: Money,
    /// Who bears how much; empty where it is not split.
    pub payers: Vec<Share>,
    /// The day of the first instalment that is not paid in full.
    pub due_on: Option<Date>,
    /// How it stands.
    pub state: ItemState,
    /// Why it was cancelled.
    pub why: String,
    /// For the office only.
    pub note: String,
    /// What makes owing the same twice one item.
    pub dedup: Option<String>,
    /// Who wrote it down.
    pub created_name: String,
    /// When.
    pub created_at: Instant,
}

impl Item {
    /// What is still to be paid.
    pub fn left(&self) -> Money {
        match self.state {
            ItemState::Open => Money::from_fen(self.amount.fen() - self.paid.fen()),
            _ => Money::ZERO,
        }
    }

    /// Whether something should have been paid by now.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.state == ItemState::Open && self.due_on.is_some_and(|day| day < today)
    }

    /// The same without what only the office may see.
    #[must_use]
    pub fn for_subject(mut self) -> Self {
        self.note.clear();
        self.created_name.clear();
        self.reason = None;
        self.dedup = None;
        self
    }
}

/// What came of owing something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Owed {
    /// The item.
    pub id: ItemId,
    /// False where it was there already.
    pub is_new: bool,
}

/// Something that a subject was granted, as rules read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The clause of a policy.
    pub benefit: String,
    /// The day it was granted.
    pub on: Date,
    /// How much.
    pub amount: Money,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payments_fill_instalments_in_their_order() {
        let of = |fen| Instalment { amount: Money::from_fen(fen), ..Instalment::default() };
        let filled = Filled::all(vec![of(300), of(500), of(200)], Money::from_fen(450));
        let parts: Vec<(i64, Part)> = filled.iter().map(|one| (one.paid.fen(), one.part())).collect();
        assert_eq!(parts, [(300, Part::Paid), (150, Part::Partly), (0, Part::Unpaid)]);
    }
}
