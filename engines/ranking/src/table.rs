//! Scores of judges on entries.

use std::collections::HashMap;

use crate::Fault;
use crate::components::Parts;
use crate::decimal::{Decimal, power};

/// Every digit counts: sums of this many units stay exact.
const MOST_UNITS: i128 = 1 << 90;

/// Scores, by entry; every pair of a judge and an entry at most once.
#[derive(Debug, Clone)]
pub struct Table {
    pub(crate) judges: usize,
    /// By entry: judge and score in units.
    pub(crate) by_entry: Vec<Vec<(u32, i128)>>,
    /// So many units are 1.
    pub(crate) one: i128,
    pub(crate) rows: usize,
}

impl Table {
    /// From rows of judge, entry and score.
    ///
    /// # Errors
    /// No rows, numbers out of range, a judge twice on one entry.
    pub fn new(judges: usize, entries: usize, rows: Vec<(usize, usize, Decimal)>) -> Result<Table, Fault> {
        let digits = rows.iter().map(|row| row.2.digits).max().unwrap_or(0);
        let whole = rows.iter().map(|row| (row.0, row.1, row.2.at(digits)));
        Table::from_units(judges, entries, whole, power(digits))
    }

    pub(crate) fn from_units(
        judges: usize,
        entries: usize,
        rows: impl Iterator<Item = (usize, usize, i128)>,
        one: i128,
    ) -> Result<Table, Fault> {
        let mut seen: HashMap<(usize, usize), usize> = HashMap::new();
        let mut by_entry = vec![Vec::new(); entries];
        let mut count = 0;
        for (row, (judge, entry, units)) in rows.enumerate() {
            if judge >= judges || entry >= entries {
                return Err(Fault::Place { row, judge, entry });
            }
            if let Some(&before) = seen.get(&(judge, entry)) {
                return Err(Fault::Duplicate { row, before, judge, entry });
            }
            if units.abs() > MOST_UNITS {
                return Err(Fault::TooLarge { row });
            }
            seen.insert((judge, entry), row);
            by_entry[entry].push((judge as u32, units));
            count = row + 1;
        }
        if count == 0 { Err(Fault::Empty) } else { Ok(Table { judges, by_entry, one, rows: count }) }
    }

    /// How many entries have a score.
    pub(crate) fn scored(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.by_entry.len()).filter(|entry| !self.by_entry[*entry].is_empty())
    }

    /// The component of each scored entry in the graph of judges and entries, and how many there are. Only within one can
    /// judges be compared with each other.
    #[must_use]
    pub fn components(&self) -> (Vec<usize>, usize) {
        let mut parts = Parts::new(self.by_entry.len() + self.judges);
        for (entry, scores) in self.by_entry.iter().enumerate() {
            for (judge, _) in scores {
                parts.join(entry, self.by_entry.len() + *judge as usize);
            }
        }
        parts.numbers(self.scored())
    }
}
