//! Checking rows one by one.

use std::collections::{BTreeMap, HashMap};

use jinmen_core::codes::{ResidentId, Uscc};
use jinmen_core::{Date, Fault, Period};
use serde::{Deserialize, Serialize};

use super::cell::{contacts, is_nothing, plain_text, value};
use super::duplicates::{Duplicates, Found};
use super::mapping::{Mapping, name_of};
use super::row::{CheckedRow, CheckedValue, RowFault, RowNote};
use super::skip::{Skip, skip};
use crate::dictionary::{FactKey, FactType, Subject, Target, Value, dictionary};
use crate::table::{Cell, Row, RowSource, UnitHint};

/// Characters of a name.
const NAME_MOST: usize = 200;

/// How to check.
#[derive(Clone, Copy, Debug)]
pub struct CheckOptions {
    /// Today: what lies after it has not happened.
    pub today: Date,
    /// Whether an organisation must have a credit code. Alliances often have none.
    pub require_uscc: bool,
}

/// What has become of a row.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Right, with everything in it.
    Taken(Box<CheckedRow>),
    /// Refused, with everything that is wrong.
    Faulty(Vec<RowFault>),
    /// About the subject of an earlier row.
    Duplicate {
        /// Its number.
        row: u32,
        /// The earlier row.
        first: u32,
    },
    /// No data.
    Skipped {
        /// Its number.
        row: u32,
        /// Why.
        why: Skip,
    },
}

/// How many rows became what.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Rows below the header, those that are no data included.
    pub rows: u64,
    /// Rows that are right.
    pub taken: u64,
    /// Rows refused.
    pub faulty: u64,
    /// Rows about the subject of an earlier one.
    pub duplicates: u64,
    /// Rows that are no data, by reason.
    pub skipped: BTreeMap<Skip, u64>,
    /// Faults by code; a row may have several.
    pub faults: BTreeMap<String, u64>,
}

impl Summary {
    /// Counts a row.
    pub fn add(&mut self, outcome: &Outcome) {
        self.rows += 1;
        match outcome {
            Outcome::Taken(_) => self.taken += 1,
            Outcome::Duplicate { .. } => self.duplicates += 1,
            Outcome::Skipped { why, .. } => *self.skipped.entry(*why).or_default() += 1,
            Outcome::Faulty(faults) => {
                self.faulty += 1;
                for fault in faults {
                    *self.faults.entry(fault.code.clone()).or_default() += 1;
                }
            }
        }
    }
}

/// A column that is read.
struct Read {
    index: usize,
    letter: String,
    key: &'static FactKey,
    period: Option<Period>,
    unit: Option<UnitHint>,
}

/// Checks the rows of one table in order.
pub struct Checker {
    mapping: Mapping,
    options: CheckOptions,
    columns: Vec<Read>,
    indexes: Vec<usize>,
    duplicates: Duplicates,
    codes: Codes,
}

/// What the codes and names of one column have been read as: a table repeats a few of them, and a name
/// is looked for in the whole list.
type Codes = HashMap<(usize, String), Result<Value, Fault>>;

/// Codes remembered.
const MOST_CODES: usize = 20_000;

impl Checker {
    /// Starts with a mapping.
    ///
    /// # Errors
    /// Those of [`Mapping::faults`].
    pub fn new(mapping: &Mapping, options: CheckOptions) -> Result<Self, Vec<Fault>> {
        let faults = mapping.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut columns = Vec::new();
        for column in &mapping.columns {
            let Some(key) = column.key.as_deref().and_then(|key| dictionary().get(key)) else {
                continue;
            };
            let year = column.year.filter(|_| key.by_year).map(Period::year).transpose();
            let period = year.map_err(|fault| vec![Fault::of(&column.letter, &fault)])?;
            columns.push(Read { index: column.index, letter: column.letter.clone(), key, period, unit: column.unit });
        }
        let indexes = columns.iter().map(|column| column.index).collect();
        Ok(Self {
            mapping: mapping.clone(),
            options,
            columns,
            indexes,
            duplicates: Duplicates::default(),
            codes: Codes::new(),
        })
    }

    /// Checks the next row; `None` for a row of the header or above it.
    pub fn check(&mut self, row: &Row) -> Option<Outcome> {
        if row.number <= self.mapping.header_last {
            return None;
        }
        if let Some(why) = skip(row, &self.mapping, &self.indexes) {
            return Some(Outcome::Skipped { row: row.number, why });
        }
        let mut checked = CheckedRow::new(row.number);
        let mut faults = Vec::new();
        for column in &self.columns {
            let cell = row.cell(column.index);
            if is_nothing(column.key, cell) {
                continue;
            }
            if let Err(fault) = take(&mut checked, column, cell, self.options.today, &mut self.codes) {
                faults.push(RowFault::new(row.number, &column.letter, &column.key.key, fault));
            }
        }
        self.must_have(&checked, &mut faults);
        Some(self.settle(checked, faults))
    }

    /// A name, and where it is asked for a credit code.
    fn must_have(&self, checked: &CheckedRow, faults: &mut Vec<RowFault>) {
        let mut missing = |field: &str, code: &str| {
            let letter = self.columns.iter().find(|column| column.key.key == field).map_or("", |column| &column.letter);
            if faults.iter().all(|fault| fault.field != field) {
                faults.push(RowFault::new(checked.row, letter, field, Fault::new(code)));
            }
        };
        if checked.name.is_empty() {
            missing(name_of(self.mapping.subject), "registry.import.name_missing");
        }
        if self.options.require_uscc && self.mapping.subject == Subject::Organization && checked.uscc.is_none() {
            missing("uscc", "registry.import.uscc_missing");
        }
    }

    fn settle(&mut self, mut checked: CheckedRow, mut faults: Vec<RowFault>) -> Outcome {
        let right = faults.is_empty();
        let nameless = checked.uscc.is_none() && checked.resident_id.is_none();
        let by_name = nameless && self.mapping.subject == Subject::Organization && !checked.name.is_empty();
        let uscc_wrong = faults.iter().any(|fault| fault.field == "uscc");
        let found = match by_name && !uscc_wrong {
            true => self.duplicates.meet_name(&checked, right),
            false => self.duplicates.meet(&checked, right),
        };
        match found {
            Found::Conflict(first) => {
                let field = name_of(self.mapping.subject);
                let letter =
                    self.columns.iter().find(|column| column.key.key == field).map_or("", |column| &column.letter);
                let fault = Fault::new("registry.import.name_conflict").with("first", first);
                faults.push(RowFault::new(checked.row, letter, field, fault));
                Outcome::Faulty(faults)
            }
            _ if !right => Outcome::Faulty(faults),
            Found::Again(first) => Outcome::Duplicate { row: checked.row, first },
            Found::New => {
                notes(&mut checked);
                Outcome::Taken(Box::new(checked))
            }
        }
    }
}

/// Checks every row of the mapped sheet and hands on what became of each.
///
/// # Errors
/// Whatever reading meets (rows before it have been handed on), what `each` answers, and the first of
/// [`Mapping::faults`].
pub fn run(
    source: &mut dyn RowSource,
    mapping: &Mapping,
    options: CheckOptions,
    each: &mut dyn FnMut(Outcome) -> Result<(), Fault>,
) -> Result<Summary, Fault> {
    let unmapped = || Fault::new("registry.import.name_unmapped");
    let mut checker =
        Checker::new(mapping, options).map_err(|faults| faults.into_iter().next().unwrap_or_else(unmapped))?;
    let mut summary = Summary::default();
    for row in source.rows(mapping.sheet)? {
        if let Some(outcome) = checker.check(&row?) {
            summary.add(&outcome);
            each(outcome)?;
        }
    }
    Ok(summary)
}

/// Reads one cell into the row.
fn take(row: &mut CheckedRow, column: &Read, cell: &Cell, today: Date, codes: &mut Codes) -> Result<(), Fault> {
    let key = column.key;
    let part = key.part.as_str();
    match (key.target, part) {
        (Target::Column, "uscc") => {
            let uscc = Uscc::parse(&plain_text(cell)?).map_err(|fault| Fault::of("", &fault))?;
            let noted = |note: &jinmen_core::codes::UsccNote| note_of(row.row, &key.key, note.code(), note.args());
            row.notes.extend(uscc.notes().iter().map(noted));
            row.uscc = Some(uscc);
        }
        (Target::Column, "resident_id") => {
            let id = ResidentId::parse(&plain_text(cell)?, today).map_err(|fault| Fault::of("", &fault))?;
            row.resident_id = Some(id);
        }
        (Target::Column, "name_zh") => row.name = name(cell)?,
        (Target::Contact, _) => row.contacts.extend(contacts(key, cell)?),
        (Target::Affiliation, "staff.uscc") => {
            let uscc = Uscc::parse(&plain_text(cell)?).map_err(|fault| Fault::of("", &fault))?;
            row.affiliations.push((part, uscc.to_string()));
        }
        (Target::Affiliation, _) => row.affiliations.push((part, name(cell)?)),
        _ => {
            let value = match key.kind {
                FactType::Code => code(column, cell, codes)?,
                _ => value(key, cell, column.unit)?,
            };
            key.check(&value, today)?;
            put(row, column, value);
        }
    }
    Ok(())
}

fn code(column: &Read, cell: &Cell, codes: &mut Codes) -> Result<Value, Fault> {
    if codes.len() > MOST_CODES {
        codes.clear();
    }
    let known = codes.entry((column.index, cell.text().into_owned()));
    known.or_insert_with(|| value(column.key, cell, None)).clone()
}

fn put(row: &mut CheckedRow, column: &Read, value: Value) {
    let key = column.key;
    match key.target {
        Target::Fact => row.values.push(CheckedValue { key, period: column.period, value }),
        Target::Relation => row.relations.push((&key.part, value)),
        _ => row.columns.push((&key.part, value.plain(key))),
    }
}

/// A name on one line.
fn name(cell: &Cell) -> Result<String, Fault> {
    let text = plain_text(cell)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    // A line break within a Chinese name is one of the cell, not of the name.
    let joined = if text.is_ascii() { words.join(" ") } else { text.replace(['\n', '\r', '\t', '\u{3000}'], "") };
    let clean: String = joined.chars().filter(|c| !c.is_control() && *c != '\u{200b}' && *c != '\u{feff}').collect();
    match clean.chars().count() {
        length if length > NAME_MOST => Err(Fault::new("registry.value.too_long").with("most", NAME_MOST)),
        _ => Ok(clean.trim().to_owned()),
    }
}

fn note_of(row: u32, field: &str, code: &str, args: Vec<(&'static str, String)>) -> RowNote {
    let args = args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    RowNote { row, field: field.to_owned(), code: code.to_owned(), args }
}

/// The smaller part and the whole that it should not exceed.
const PARTS: [(&str, &str); 7] = [
    ("rd_spend", "annual_revenue"),
    ("rd_spend_domestic", "rd_spend"),
    ("main_business_revenue", "annual_revenue"),
    ("rd_headcount", "headcount"),
    ("technical_headcount", "headcount"),
    ("college_headcount", "headcount"),
    ("patents_invention", "patents_valid"),
];

/// What does not fit together is said, not refused: it may be true.
fn notes(row: &mut CheckedRow) {
    let number = |value: &Value| match value {
        Value::Money(money) => Some(money.fen()),
        Value::Integer(number) => Some(*number),
        _ => None,
    };
    let mut found = Vec::new();
    for (part, whole) in PARTS {
        for one in row.values.iter().filter(|one| one.key.key == part) {
            let whole_value = row.value(whole, one.year()).and_then(number);
            if let (Some(part_value), Some(whole_value)) = (number(&one.value), whole_value)
                && part_value > whole_value
            {
                let year = one.year().map(|year| year.to_string()).unwrap_or_default();
                found.push(note_of(
                    row.row,
                    part,
                    "registry.import.exceeds",
                    vec![("whole", whole.to_owned()), ("year", year)],
                ));
            }
        }
    }
    row.notes.extend(found);
}
