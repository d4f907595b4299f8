//! What can be wrong with a policy and while evaluating one.

use serde::Serialize;

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A number beyond what exact arithmetic here holds (about 1.7e38).
    #[error("a number is too large")]
    Overflow,
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// A date that the calendar does not have.
    #[error("a date is out of range")]
    Date,
    /// A parameter without a value at that date.
    #[error("the parameter {0} has no value yet at that date")]
    Parameter(String),
    /// A table that has no row for the number.
    #[error("the table {0} has no row for that number")]
    NoRow(String),
    /// A fact that is not of its declared type.
    #[error("the fact {name}: {problem}")]
    Fact {
        /// The fact.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// An amount that is not whole fen and not declared to be rounded.
    #[error("the amount is not a whole number of fen")]
    FractionOfFen,
    /// An evaluation that the type-checker should have refused.
    #[error("the value has another type than the expression needs")]
    Type,
}

/// A finding about a policy file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file, empty until the reader fills it in.
    pub file: String,
    /// Line from 1, 0 where it is not known.
    pub line: u64,
    /// Column from 1, 0 where it is not known.
    pub column: u64,
    /// The clause, empty for what concerns the whole policy.
    pub clause: String,
    /// Stable code such as `type`, `tier_gap`, `cycle`.
    pub code: &'static str,
    /// What is wrong and what to do, in English.
    pub message: String,
}

impl Finding {
    /// A finding at a place.
    pub fn new(at: (u64, u64), clause: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self { file: String::new(), line: at.0, column: at.1, clause: clause.to_owned(), code, message: message.into() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.clause.is_empty() {
            write!(f, "clause {}: ", self.clause)?;
        }
        write!(f, "{} [{}]", self.message, self.code)
    }
}
