//! Values as evaluation knows them: exact, within bounds, or unknown with the facts that are missing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use codes::Date;

use crate::number::{Exact, Range};

/// A missing fact by its number, or [`PEOPLE`].
pub type Missing = BTreeSet<u16>;

/// Stands in [`Missing`] for what people decide without a fact of its own.
pub const PEOPLE: u16 = u16::MAX;

/// A value and what is missing to know it better.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What is known.
    pub kind: Kind,
    /// What is missing; empty for a certain value.
    pub missing: Missing,
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nothing.
    Unknown,
    /// True or false.
    Bool(bool),
    /// A number: a count, a share, or fen.
    Number(Range),
    /// A day.
    Date(Date),
    /// A text or code.
    Text(Arc<str>),
    /// Several values.
    List(Arc<Vec<Value>>),
    /// Fields in the order of their declaration.
    Record(Arc<Vec<Value>>),
    /// Values by year.
    Series(Arc<BTreeMap<i16, Value>>),
}

impl Value {
    /// A certain value.
    pub fn certain(kind: Kind) -> Self {
        Self { kind, missing: Missing::new() }
    }

    /// A truth value.
    pub fn bool(value: bool) -> Self {
        Self::certain(Kind::Bool(value))
    }

    /// A number.
    pub fn number(value: Exact) -> Self {
        Self::certain(Kind::Number(Range::point(value)))
    }

    /// A whole number.
    pub fn whole(value: i128) -> Self {
        Self::number(Exact::whole(value))
    }

    /// Nothing is known, for want of these facts.
    pub fn unknown(missing: Missing) -> Self {
        Self { kind: Kind::Unknown, missing }
    }

    /// The same with what is unknown inside waiting for these facts, as if it had been read for them.
    pub(crate) fn wanting(&self, missing: &Missing) -> Self {
        let all = |values: &[Self]| Arc::new(values.iter().map(|one| one.wanting(missing)).collect::<Vec<_>>());
        match &self.kind {
            Kind::Unknown => Self::unknown(missing.clone()),
            Kind::List(list) => Self::certain(Kind::List(all(list))),
            Kind::Record(fields) => Self::certain(Kind::Record(all(fields))),
            Kind::Series(series) => {
                let years = series.iter().map(|(year, value)| (*year, value.wanting(missing))).collect();
                Self { kind: Kind::Series(Arc::new(years)), missing: missing.clone() }
            }
            _ => self.clone(),
        }
    }

    /// Bounds of the number; none for an unknown one.
    pub fn range(&self) -> Option<Range> {
        match self.kind {
            Kind::Number(range) => Some(range),
            Kind::Unknown => Some(Range::ANY),
            _ => None,
        }
    }
}
