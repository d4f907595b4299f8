//! What can be wrong with scores before anything is computed.

use thiserror::Error;

/// Input that is no table of scores. Judges and entries are named by number, rows by their 0-based place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing to rank.
    #[error("there are no scores")]
    Empty,
    /// A judge or entry beyond the number given.
    #[error("row {row} names judge {judge} or entry {entry}, which are not there")]
    Place {
        /// Which row.
        row: usize,
        /// The judge it names.
        judge: usize,
        /// The entry it names.
        entry: usize,
    },
    /// A judge scored an entry twice.
    #[error("row {row} repeats judge {judge} and entry {entry} of row {before}")]
    Duplicate {
        /// The later row.
        row: usize,
        /// The earlier row.
        before: usize,
        /// The judge.
        judge: usize,
        /// The entry.
        entry: usize,
    },
    /// An entry that is compared with itself.
    #[error("row {row} compares entry {entry} with itself")]
    Itself {
        /// Which row.
        row: usize,
        /// The entry.
        entry: usize,
    },
    /// A sum or product beyond what exact arithmetic holds.
    #[error("row {row} has a score with too many digits")]
    TooLarge {
        /// Which row.
        row: usize,
    },
    /// Weights that are negative, all zero, or not one for each criterion.
    #[error("weights: {why}")]
    Weights {
        /// What is wrong.
        why: &'static str,
    },
}
