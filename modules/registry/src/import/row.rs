//! What a row comes to.

use jinmen_core::codes::{ResidentId, Uscc};
use jinmen_core::{Fault, Period};
use serde::{Deserialize, Serialize};

use crate::dictionary::{FactKey, Value};

/// A row in which everything can be read.
#[derive(Clone, Debug)]
pub struct CheckedRow {
    /// Its number in the table.
    pub row: u32,
    /// The credit code of an organisation, if the row has one.
    pub uscc: Option<Uscc>,
    /// The identity number of a person, if the row has one. Neither shown nor serialised in the clear.
    pub resident_id: Option<ResidentId>,
    /// The name.
    pub name: String,
    /// Other columns of the subject, by [`FactKey::part`]: text, or the code of a list.
    pub columns: Vec<(&'static str, String)>,
    /// Facts.
    pub values: Vec<CheckedValue>,
    /// Contact points: a code of the list `contact_kind` and the value.
    pub contacts: Vec<(&'static str, String)>,
    /// Affiliations, by [`FactKey::part`] (`legal_representative`, `contact`, `contact.title`).
    pub affiliations: Vec<(&'static str, String)>,
    /// Relations, by [`FactKey::part`] (`member_of.grade`, `member_of.from`, `hosted_by`).
    pub relations: Vec<(&'static str, Value)>,
    /// What is unusual and yet taken.
    pub notes: Vec<RowNote>,
}

impl CheckedRow {
    /// A row with nothing in it yet.
    pub(super) fn new(row: u32) -> Self {
        Self {
            row,
            uscc: None,
            resident_id: None,
            name: String::new(),
            columns: Vec::new(),
            values: Vec::new(),
            contacts: Vec::new(),
            affiliations: Vec::new(),
            relations: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The value of a key for a year, or of a key without years.
    pub fn value(&self, key: &str, year: Option<i16>) -> Option<&Value> {
        let of_year = |value: &&CheckedValue| value.key.key == key && value.year() == year;
        self.values.iter().find(of_year).map(|found| &found.value)
    }
}

/// A fact of a row.
#[derive(Clone, PartialEq, Debug)]
pub struct CheckedValue {
    /// Its key.
    pub key: &'static FactKey,
    /// For a series the year; otherwise none, and the value is true from the day the table is of.
    pub period: Option<Period>,
    /// Its value.
    pub value: Value,
}

impl CheckedValue {
    /// The year of a value of a series.
    pub fn year(&self) -> Option<i16> {
        self.period.and_then(Period::from).map(jinmen_core::Date::year)
    }
}

/// Why a row is refused: one fault of one cell.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RowFault {
    /// The row's number in the table.
    pub row: u32,
    /// The letters of the column; empty where the whole row is meant.
    pub column: String,
    /// The key of the dictionary.
    pub field: String,
    /// The stable code, with a message in the locales like any other fault.
    pub code: String,
    /// Values for the message; never a number of a person.
    pub args: Vec<(String, String)>,
}

impl RowFault {
    pub(super) fn new(row: u32, column: &str, field: &str, fault: Fault) -> Self {
        let (code, args) = (fault.code, fault.args);
        Self { row, column: column.to_owned(), field: field.to_owned(), code, args }
    }

    /// The same as a fault of the platform, at the column, for the message.
    pub fn fault(&self) -> Fault {
        Fault { field: Some(self.column.clone()), code: self.code.clone(), args: self.args.clone() }
    }
}

/// Something unusual in a row that is taken all the same.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RowNote {
    /// The row's number in the table.
    pub row: u32,
    /// The key of the dictionary.
    pub field: String,
    /// The stable code.
    pub code: String,
    /// Values for the message.
    pub args: Vec<(String, String)>,
}
