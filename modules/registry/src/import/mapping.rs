//! Which column means what.

use std::cell::RefCell;
use std::collections::HashMap;

use jinmen_core::{Date, Fault};
use serde::{Deserialize, Serialize};

use super::guess::{guess, without_header};
use crate::dictionary::{Subject, dictionary};
use crate::table::{self, Row, RowSource, UnitHint};

/// Rows looked at, header and samples.
const LOOKED_AT: usize = 90;

/// What the columns of a sheet mean. A page shows it, a person corrects it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Mapping {
    /// What each row is about.
    pub subject: Subject,
    /// The sheet, by its place among those that can be seen.
    pub sheet: usize,
    /// Its name.
    pub sheet_name: String,
    /// The other sheets, which are not read.
    pub other_sheets: Vec<String>,
    /// Number of the first row of the header; 0 without a header.
    pub header_first: u32,
    /// Number of its last row; data begin below.
    pub header_last: u32,
    /// The columns in order.
    pub columns: Vec<ColumnMap>,
}

/// What one column means.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ColumnMap {
    /// Its place, from 0.
    pub index: usize,
    /// Its letters.
    pub letter: String,
    /// Its heading, levels joined.
    pub heading: String,
    /// The key of the dictionary; none if the column is not read.
    pub key: Option<String>,
    /// For a series, the year.
    pub year: Option<i16>,
    /// The table does not say the year: it is the last full one.
    #[serde(default)]
    pub year_assumed: bool,
    /// The unit of numbers that say none.
    pub unit: Option<UnitHint>,
    /// Money, and the table does not say the unit: it is yuan.
    #[serde(default)]
    pub unit_assumed: bool,
    /// How sure the guess is, 0 to 100.
    pub confidence: u8,
    /// What the guess rests on.
    pub reason: Reason,
    /// A few values, identity and mobile numbers masked.
    #[serde(default)]
    pub samples: Vec<String>,
}

/// What a guess rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The heading.
    Heading,
    /// What stands in the column.
    Values,
    /// A person said so.
    Person,
    /// There is no guess.
    None,
}

/// Looks at a table: the best sheet, its header, a guess for each column.
///
/// # Errors
/// Whatever reading meets; `registry.table.empty`.
pub fn prepare(source: &mut dyn RowSource, subject: Subject, today: Date) -> Result<Mapping, Fault> {
    let seen: RefCell<HashMap<String, u8>> = RefCell::default();
    let known = |heading: &str| {
        if let Some(score) = seen.borrow().get(heading) {
            return *score;
        }
        let score = dictionary().by_header(subject, heading).first().map_or(0, |found| found.score);
        seen.borrow_mut().insert(heading.to_owned(), score);
        score
    };
    let (sheet, rows, header) = table::best_sheet(source, LOOKED_AT, &known)?;
    let header = header.unwrap_or_else(|| without_header(&rows));
    let samples: Vec<&Row> = rows.iter().filter(|row| row.number > header.last && !row.is_blank()).collect();
    let sheets = source.sheets();
    Ok(Mapping {
        subject,
        sheet,
        sheet_name: sheets.get(sheet).cloned().unwrap_or_default(),
        other_sheets: sheets.iter().enumerate().filter(|(at, _)| *at != sheet).map(|(_, name)| name.clone()).collect(),
        header_first: header.first,
        header_last: header.last,
        columns: guess(&header, &samples, subject, today),
    })
}

impl Mapping {
    /// Sets what a column means, as a person says.
    pub fn set(&mut self, index: usize, key: Option<&str>, year: Option<i16>, unit: Option<UnitHint>) {
        if let Some(column) = self.columns.iter_mut().find(|column| column.index == index) {
            column.key = key.map(str::to_owned);
            (column.year, column.year_assumed) = (year, false);
            (column.unit, column.unit_assumed) = (unit, false);
            (column.confidence, column.reason) = (100, Reason::Person);
        }
    }

    /// The columns that are not read, though something stands in them.
    pub fn unread(&self) -> impl Iterator<Item = &ColumnMap> {
        self.columns
            .iter()
            .filter(|column| column.key.is_none() && !(column.heading.is_empty() && column.samples.is_empty()))
    }

    /// What is wrong with it: `registry.import.unknown_key`, `year_missing`, `mapped_twice` (with the
    /// other `column`) at a column's letters, `name_unmapped` for the whole.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut taken: HashMap<(&str, Option<i16>), &str> = HashMap::new();
        let mapped = self.columns.iter().filter_map(|column| Some((column, column.key.as_deref()?)));
        for (column, key) in mapped {
            let Some(known) = dictionary().get(key).filter(|known| known.subject == self.subject) else {
                faults.push(Fault::at(&column.letter, "registry.import.unknown_key").with("key", key));
                continue;
            };
            if known.by_year && column.year.is_none() {
                faults.push(Fault::at(&column.letter, "registry.import.year_missing").with("key", key));
            }
            if let Some(other) = taken.insert((key, column.year.filter(|_| known.by_year)), &column.letter) {
                faults.push(
                    Fault::at(&column.letter, "registry.import.mapped_twice").with("key", key).with("column", other),
                );
            }
        }
        if !self.columns.iter().any(|column| column.key.as_deref() == Some(name_of(self.subject))) {
            faults.push(Fault::new("registry.import.name_unmapped"));
        }
        faults
    }
}

/// The key of the name of a subject.
pub(super) fn name_of(subject: Subject) -> &'static str {
    match subject {
        Subject::Organization => "name_zh",
        Subject::Person => "person_name",
    }
}
