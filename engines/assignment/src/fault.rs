//! What can be wrong with a problem before anything is computed.

use thiserror::Error;

/// Input that is not a problem. Judges and entries are named by their 0-based place.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// No rows.
    #[error("there are no judges")]
    NoJudges,
    /// No columns.
    #[error("there are no entries")]
    NoEntries,
    /// More than 2²⁴ on a side.
    #[error("{judges} judges and {entries} entries are more than 16,777,215 on one side")]
    TooMany {
        /// Rows.
        judges: usize,
        /// Columns.
        entries: usize,
    },
    /// The matrix has another number of cells than its sides say.
    #[error("{judges} judges × {entries} entries need {} scores, there are {values}", judges.saturating_mul(*entries))]
    Shape {
        /// Rows.
        judges: usize,
        /// Columns.
        entries: usize,
        /// Scores given.
        values: usize,
    },
    /// A scale that is not positive and finite.
    #[error("scale {scale} is not a positive number")]
    Scale {
        /// The scale given.
        scale: f64,
    },
    /// A score that is not a number, infinite, or beyond the range of its kind.
    #[error("score {value} of judge {judge} on entry {entry} is not a finite number in the allowed range")]
    Score {
        /// Row.
        judge: usize,
        /// Column.
        entry: usize,
        /// What stands there.
        value: f64,
    },
    /// A list that should have one element per judge or per entry.
    #[error("{what} has {given} values, but there are {expected}")]
    Length {
        /// Which list.
        what: &'static str,
        /// Its length.
        given: usize,
        /// Judges or entries.
        expected: usize,
    },
    /// A demand that no number of judges meets, conflicts aside.
    #[error("entry {entry} needs {demand} judges, but there are only {judges}")]
    Demand {
        /// Column.
        entry: usize,
        /// What it needs.
        demand: u32,
        /// All there are.
        judges: usize,
    },
    /// A minimum above the maximum.
    #[error("judge {judge} has load_min {load_min} above load_max {load_max}")]
    Loads {
        /// Row.
        judge: usize,
        /// Least.
        load_min: u32,
        /// Most.
        load_max: u32,
    },
    /// A place outside the matrix.
    #[error("there is no pair of judge {judge} and entry {entry}")]
    Place {
        /// Row.
        judge: usize,
        /// Column.
        entry: usize,
    },
    /// A pair that is kept and barred at once, or kept twice.
    #[error("the pair of judge {judge} and entry {entry} cannot be kept: it is a conflict or kept already")]
    Forced {
        /// Row.
        judge: usize,
        /// Column.
        entry: usize,
    },
    /// An entry in two groups, or a group whose entries ask for different numbers of judges.
    #[error("the group of entry {entry} cannot be kept together: {why}")]
    Group {
        /// Column.
        entry: usize,
        /// What prevents it.
        why: &'static str,
    },
    /// A probability or a share outside its range.
    #[error("{what} {value} is not above 0 and at most 1")]
    Share {
        /// Which.
        what: &'static str,
        /// The value given.
        value: f64,
    },
    /// Options that exclude each other.
    #[error("{0}")]
    Together(&'static str),
}
