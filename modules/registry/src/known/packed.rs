//! The facts that are held of one organisation, in one row: what questions to a whole register read instead of a dozen
//! rows of facts each. The row is written with every change of the file, in its transaction.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use jinmen_core::{Date, OrganizationId, Result};
use rules::{Block, Cell, Register, Slot, Type};
use serde::{Deserialize, Serialize};

use super::plain;
use crate::dictionary::{Value, dictionary};
use crate::model::{Fact, SubjectFile};

/// The version of the encoding, its first byte.
const VERSION: u8 = 1;
/// Bytes of a text that are kept; no rule compares longer ones.
const TEXT_MOST: usize = 400;

/// A value as it is packed.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
enum Bare<'a> {
    /// Fen.
    Money(i64),
    Integer(i64),
    /// `yyyymmdd`.
    Date(i32),
    Boolean(bool),
    /// Codes, texts, and ratios as fractions.
    Text(&'a str),
    /// Records, as the policy language reads them.
    Json(&'a str),
}

/// A fact as it is packed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Held<'a> {
    key: &'a str,
    /// `yyyymmdd`, or 0 for no end.
    from: i32,
    until: i32,
    #[serde(borrow)]
    value: Bare<'a>,
}

/// Everything that is held of one organisation.
pub struct Packed;

impl Packed {
    /// Packs a file: of each key and period the fact that answers for it, without those withdrawn, sealed or too long.
    pub(crate) fn of(file: &SubjectFile) -> Vec<u8> {
        let mut texts = Vec::new();
        let facts = best(file);
        for fact in &facts {
            texts.push(fact.value.as_ref().map(text_of).unwrap_or_default());
        }
        let held: Vec<Held<'_>> = facts
            .iter()
            .zip(&texts)
            .filter(|(_, text)| text.len() <= TEXT_MOST || text.starts_with('['))
            .filter_map(|(fact, text)| {
                let value = bare(fact.value.as_ref()?, text);
                let (from, until) = (number(fact.period.from()), number(fact.period.until()));
                Some(Held { key: fact.key.key.as_str(), from, until, value })
            })
            .collect();
        // Plain structures of numbers and texts cannot fail to be written to memory.
        postcard::to_extend(&held, vec![VERSION]).unwrap_or_else(|_| vec![VERSION, 0])
    }
}

/// For each key and period the fact that outranks the others.
fn best(file: &SubjectFile) -> Vec<&Fact> {
    let mut found = Vec::new();
    for key in dictionary().of_subject("organization") {
        let mut periods = Vec::new();
        // The one that outranks the others comes first.
        for fact in file.all(&key.key).into_iter().filter(|fact| fact.withdrawn_at.is_none()) {
            if !periods.contains(&fact.period) {
                periods.push(fact.period);
                found.push(fact);
            }
        }
    }
    found
}

fn number(date: Option<Date>) -> i32 {
    date.map_or(0, |date| i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day()))
}

/// What is packed as text.
fn text_of(value: &Value) -> String {
    match value {
        Value::Ratio(ratio) => ratio.to_string(),
        Value::Code(text) | Value::Text(text) => text.clone(),
        Value::Records(_) => plain(value).to_string(),
        _ => String::new(),
    }
}

fn bare<'a>(value: &Value, text: &'a str) -> Bare<'a> {
    match value {
        Value::Money(money) => Bare::Money(money.fen()),
        Value::Integer(whole) => Bare::Integer(*whole),
        Value::Date(date) => Bare::Date(number(Some(*date))),
        Value::Boolean(yes) => Bare::Boolean(*yes),
        Value::Ratio(_) | Value::Code(_) | Value::Text(_) => Bare::Text(text),
        Value::Records(_) => Bare::Json(text),
    }
}

/// Fills the columns of a register from packed files, on one day.
pub struct Shelf {
    /// By key of the registry: the slots that name it.
    slots: HashMap<String, Vec<usize>>,
    /// By slot: whether it is a series.
    series: Vec<bool>,
    day: i32,
    cells: Vec<Filled>,
}

/// What is given of organisations besides their files: by name of the fact, as the policy language reads it.
#[derive(Debug, Default)]
pub struct Given {
    /// Of each.
    pub each: HashMap<OrganizationId, BTreeMap<String, String>>,
    /// Of those of whom nothing is given under a name.
    pub otherwise: BTreeMap<String, String>,
}

/// Blocks of organisations in the columns of a register.
pub struct Reader<'r, 'p> {
    register: &'r Register<'p>,
    shelf: Shelf,
    /// The organisations at hand.
    pub block: Block,
    /// Whose rows they are.
    pub ids: Vec<OrganizationId>,
    /// How many could not be read and were left out.
    pub unread: usize,
}

impl<'r, 'p> Reader<'r, 'p> {
    /// A reader for a register on its day.
    pub fn new(register: &'r Register<'p>, day: Date) -> Self {
        let shelf = Shelf::new(register.slots(), day);
        Self { register, shelf, block: register.block(), ids: Vec::new(), unread: 0 }
    }

    /// Takes some rows, at most [`rules::BLOCK`], in the place of those before.
    pub fn take(&mut self, rows: &[(OrganizationId, Vec<u8>)], given: &Given) {
        self.block.clear();
        self.ids.clear();
        for (id, packed) in rows {
            let besides = given.each.get(id);
            let shelf = &mut self.shelf;
            let taken = shelf.take(packed).is_ok() && {
                let (slots, shelf) = (self.register.slots(), &*shelf);
                let cell = |slot: usize| match shelf.cell(slot) {
                    Cell::Empty => besides
                        .and_then(|known| known.get(&slots[slot].name))
                        .or_else(|| given.otherwise.get(&slots[slot].name))
                        .map_or(Cell::Empty, |text| Cell::Text(text)),
                    own => own,
                };
                self.register.add(&mut self.block, cell).is_ok()
            };
            if taken { self.ids.push(*id) } else { self.unread += 1 }
        }
    }
}

/// What one slot holds of the organisation at hand.
#[derive(Default)]
struct Filled {
    /// From when the fact holds that answers so far.
    from: i32,
    whole: Option<i64>,
    text: String,
    /// The years of a series while all of them are whole numbers.
    points: Vec<(i16, i64)>,
    /// All years of a series that has others, as JSON writes them.
    years: BTreeMap<i16, String>,
}

impl Filled {
    fn clear(&mut self) {
        (self.from, self.whole) = (0, None);
        self.text.clear();
        self.points.clear();
        self.years.clear();
    }

    /// Adds a year; the first that is told of a year counts.
    fn year(&mut self, year: i16, value: Bare<'_>) {
        match whole(value).filter(|_| self.years.is_empty()) {
            Some(value) => {
                if self.points.iter().all(|(known, _)| *known != year) {
                    self.points.push((year, value));
                }
            }
            None => {
                let earlier = std::mem::take(&mut self.points).into_iter();
                self.years.extend(earlier.map(|(year, value)| (year, value.to_string())));
                let mut text = String::new();
                say(&mut text, value);
                self.years.entry(year).or_insert(text);
            }
        }
    }

    /// Writes the years that are not all whole numbers.
    fn finish(&mut self) {
        if self.years.is_empty() {
            return;
        }
        self.text.push('{');
        for (at, (year, value)) in self.years.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            // Writing to a text cannot fail.
            let _ = write!(self.text, "{comma}\"{year}\":{value}");
        }
        self.text.push('}');
    }
}

/// A value as a whole number in the unit that policies declare.
fn whole(value: Bare<'_>) -> Option<i64> {
    match value {
        Bare::Money(fen) if fen % 100 == 0 => Some(fen / 100),
        Bare::Integer(whole) => Some(whole),
        _ => None,
    }
}

impl Shelf {
    /// A shelf for the columns of a register.
    pub fn new(slots: &[Slot], day: Date) -> Self {
        let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, slot) in slots.iter().enumerate() {
            if let Some(key) = &slot.registry {
                by_key.entry(key.clone()).or_default().push(at);
            }
        }
        let series = slots.iter().map(|slot| matches!(slot.kind, Type::Series(_))).collect();
        let cells = slots.iter().map(|_| Filled::default()).collect();
        Self { slots: by_key, series, day: number(Some(day)), cells }
    }

    /// Takes an organisation from its row. One of another encoding, or that is damaged, knows nothing.
    pub fn take(&mut self, packed: &[u8]) -> Result<()> {
        self.cells.iter_mut().for_each(Filled::clear);
        let Some((&VERSION, rest)) = packed.split_first() else { return Ok(()) };
        let (held, mut rest) = postcard::take_from_bytes::<usize>(rest).map_err(jinmen_core::Error::internal)?;
        for _ in 0..held {
            let (fact, after) = postcard::take_from_bytes::<Held<'_>>(rest).map_err(jinmen_core::Error::internal)?;
            rest = after;
            for at in self.slots.get(fact.key).into_iter().flatten() {
                put(&mut self.cells[*at], self.series[*at], &fact, self.day);
            }
        }
        self.cells.iter_mut().for_each(Filled::finish);
        Ok(())
    }

    /// What the organisation has in a slot.
    pub fn cell(&self, slot: usize) -> Cell<'_> {
        let cell = &self.cells[slot];
        match cell.whole {
            Some(whole) => Cell::Whole(whole),
            None if !cell.points.is_empty() => Cell::Years(&cell.points),
            None if cell.text.is_empty() => Cell::Empty,
            None => Cell::Text(&cell.text),
        }
    }
}

/// Facts of a key come best first within a period; a later period outranks an earlier one.
fn put(cell: &mut Filled, series: bool, fact: &Held<'_>, day: i32) {
    if series {
        // Years of the calendar fit.
        cell.year(i16::try_from(fact.from / 10_000).unwrap_or(i16::MAX), fact.value);
        return;
    }
    let holds = fact.from <= day && (fact.until == 0 || day <= fact.until);
    let taken = cell.whole.is_some() || !cell.text.is_empty();
    if !holds || (taken && fact.from <= cell.from) {
        return;
    }
    (cell.from, cell.whole) = (fact.from, None);
    cell.text.clear();
    match fact.value {
        Bare::Money(fen) if fen % 100 == 0 => cell.whole = Some(fen / 100),
        Bare::Integer(whole) => cell.whole = Some(whole),
        Bare::Date(day) => cell.whole = Some(i64::from(day)),
        Bare::Boolean(yes) => cell.whole = Some(i64::from(yes)),
        Bare::Money(fen) => cell.text.push_str(super::yuan(fen).as_str().unwrap_or_default()),
        Bare::Text(text) | Bare::Json(text) => cell.text.push_str(text),
    }
}

/// A value as JSON writes it.
fn say(text: &mut String, value: Bare<'_>) {
    // Writing to a text cannot fail.
    let _ = match value {
        Bare::Money(fen) => write!(text, "{}", super::yuan(fen)),
        Bare::Integer(whole) => write!(text, "{whole}"),
        Bare::Date(day) => write!(text, "{day}"),
        Bare::Boolean(yes) => write!(text, "{yes}"),
        Bare::Text(own) => write!(text, "{}", serde_json::Value::from(own)),
        Bare::Json(own) => write!(text, "{own}"),
    };
}
