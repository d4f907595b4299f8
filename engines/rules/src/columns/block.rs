//! Some organisations of a register: a column for each slot.

use std::sync::OnceLock;

use super::chosen::Chosen;
use super::derived::Memory;
use crate::value::Value;

/// The values of a slot in one block.
#[derive(Debug)]
pub struct Column {
    pub(super) plain: bool,
    pub(super) values: Vec<i64>,
    pub(super) known: Chosen,
    pub(super) all_known: bool,
    any: bool,
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) other: Vec<Option<Value>>,
    /// Series of whole numbers, one after the other; the row's is in [`Column::other`] where it is not one.
    pub(super) years: Years,
}

/// Series of whole numbers of several rows.
#[derive(Debug, Default)]
pub(super) struct Years {
    points: Vec<(i16, i64)>,
    ends: Vec<u32>,
}

impl Years {
    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.ends.clear();
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.ends.truncate(rows);
        self.points.truncate(self.ends.last().map_or(0, |end| *end as usize));
    }

    /// Adds a row's series; none for a row that has no series, or another kind of one.
    pub(super) fn add(&mut self, points: impl IntoIterator<Item = (i16, i64)>) {
        self.points.extend(points);
        self.ends.push(u32::try_from(self.points.len()).unwrap_or(u32::MAX));
    }

    /// The series of a row.
    pub(super) fn of(&self, row: usize) -> &[(i16, i64)] {
        let from = row.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        let to = self.ends.get(row).map_or(from, |end| *end as usize);
        self.points.get(from..to).unwrap_or_default()
    }
}

impl Column {
    pub(super) fn new(plain: bool) -> Self {
        Self {
            plain,
            values: Vec::new(),
            known: Chosen::NONE,
            all_known: true,
            any: false,
            low: 0,
            high: 0,
            other: Vec::new(),
            years: Years::default(),
        }
    }

    pub(super) fn knows(&self, row: usize) -> bool {
        self.known.has(row)
    }

    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.known = Chosen::NONE;
        self.other.clear();
        self.years.clear();
        (self.all_known, self.any, self.low, self.high) = (true, false, 0, 0);
    }

    pub(super) fn add(&mut self, value: Option<i64>) {
        let Some(value) = value else {
            self.all_known = false;
            self.values.push(self.low);
            return;
        };
        if self.any {
            (self.low, self.high) = (self.low.min(value), self.high.max(value));
        } else {
            // In the place of what is not known stands a number between the bounds: loops run over it and nobody looks.
            self.values.fill(value);
            (self.any, self.low, self.high) = (true, value, value);
        }
        self.known.insert(self.values.len() as u16);
        self.values.push(value);
    }
}

/// Some organisations, at most [`BLOCK`](super::BLOCK).
#[derive(Debug)]
pub struct Block {
    pub(super) rows: usize,
    /// Those of the slots, then those that are derived from them.
    pub(super) columns: Vec<Column>,
    /// Rows of which something derived cannot be said.
    pub(super) odd: Chosen,
    /// What expressions said before, by what they read: by derived column.
    pub(super) memory: Vec<Memory>,
    /// The register whose tests these are.
    pub(super) of: u64,
    /// What each test says of all rows, once a clause began with it: nothing where columns cannot say it.
    pub(super) tested: Vec<OnceLock<Option<Tested>>>,
}

/// The rows for which a test holds, those for which it is not known, and those that columns cannot decide.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tested {
    /// How many organisations the block held: it may have been added to since.
    pub(super) rows: usize,
    pub(super) holds: Chosen,
    pub(super) maybe: Chosen,
    pub(super) odd: Chosen,
}

impl Block {
    /// How many organisations it holds.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Makes it empty for the next organisations.
    pub fn clear(&mut self) {
        self.rows = 0;
        self.odd = Chosen::NONE;
        self.columns.iter_mut().for_each(Column::clear);
        self.tested.fill_with(OnceLock::new);
    }
}

/// A cell of a register as its file holds it.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'c> {
    /// Unknown.
    Empty,
    /// A whole number in the unit that the policy declares, 0 or 1, or a day as yyyymmdd.
    Whole(i64),
    /// Text as in CSV; lists, records and series as JSON.
    Text(&'c str),
    /// A series of whole numbers by year, each year once.
    Years(&'c [(i16, i64)]),
}
