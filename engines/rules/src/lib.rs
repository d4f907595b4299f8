//! Policy as programs: parse, check and evaluate clauses over a subject's facts, exact to the fen.
//!
//! A policy is a YAML document whose expressions are CEL. A missing fact is never zero and never false: a clause
//! answers eligible, not eligible, unknown or needs people, with an exact amount or with bounds.
//!
//! ```
//! let source = "
//! policy: Rent
//! facts:
//!   rent: {type: money, unit: yuan}
//! clauses:
//! - id: A
//!   conditions: [{zh: rent, when: 'rent > yuan(0)'}]
//!   amount: least(floor_fen(rent * percent(50)), wan(50))
//!   cases: [{as_of: 2024-01-01, facts: {rent: 3}, eligible: true, amount: 1.5, why: half}]
//! ";
//! let policy = rules::load(source).map_err(|findings| findings[0].to_string())?;
//! let facts = policy.subject(serde_json::json!({"rent": 20000}).as_object().unwrap())?;
//! let answer = policy.answer(0, &facts, codes::Date::from_iso("2024-01-01")?)?;
//! assert_eq!(answer.outcome, rules::Outcome::Eligible);
//! assert_eq!(answer.amount.value().and_then(|fen| fen.as_whole()), Some(1_000_000));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Limits: expressions of at most 64 KiB and 100 levels; exact numbers of at most 127 bits. Bounds are sound but not
//! always the tightest: an unknown fact that an expression names twice is bounded at each place on its own.

mod cohort;
mod columns;
mod compile;
#[allow(missing_docs, reason = "the document's fields are described in docs/en/policy-language.md")]
mod document;
mod evaluate;
mod explained;
mod fault;
mod limits;
mod load;
mod number;
mod policy;
mod proof;
mod questions;
mod spans;
mod subject;
mod time;
mod totals;
mod unit;
mod value;
mod words;

pub mod cases;
pub mod combine;

pub use cohort::Entrant;
pub use columns::{Answers, BLOCK, Block, Cell, Column, Register, Slot};
pub use compile::{Node, Type};
pub use document::{RoundForm, Short, Ties};
pub use explained::Origins;
pub use fault::{Fault, Finding};
pub use load::{Declared, load, load_unfinished, load_with};
pub use number::{Exact, Range, Rounding};
pub use policy::{Answer, Clause, Condition, Days, Fact, Outcome, Parameter, Policy, Row, Table};
pub use proof::{Part, Proof, Shown};
pub use spans::{Best, Budget, Due, Limit, Settled};
pub use subject::day;
pub use totals::{Total, Totals};
pub use value::{Kind, Missing, PEOPLE, Value};
