//! Tables as people have them: CSV in the encodings of Chinese offices, and workbooks.
//!
//! [`open`] looks at the bytes, not at the name, and gives a [`RowSource`]: sheets, and of each sheet
//! its rows one by one, never the whole in memory. [`find_header`] finds the header among title rows,
//! merged two-level headings and unit rows. Nothing here knows what the columns mean; who asks passes a
//! function that says how well a heading is known.
//!
//! What cannot be read is refused with a [`Fault`] that says what to do (an old `.xls`, a file with a
//! password, a web page named `.xls`). Hidden sheets are left out; a formula is its last value.

mod delimited;
mod encoding;
mod guard;
mod header;
mod heading;
mod kind;
mod workbook;

use std::borrow::Cow;
use std::path::Path;

use jinmen_core::{Date, Fault};
use serde::{Deserialize, Serialize};

pub use encoding::{Encoding, UNDECODABLE};
pub use header::{Column, Header, LOOKED_AT, find_header, is_ordinal_row};
pub use heading::{Heading, UnitHint, YearHint, sheet_unit};

/// Bytes of a file.
pub const MOST_BYTES: u64 = 200 << 20;
/// Rows of a sheet, as many as a workbook can have.
pub const MOST_ROWS: u32 = 1_048_576;
/// Columns with something in them.
pub const MOST_COLUMNS: usize = 500;
/// Characters of a cell, as many as a workbook can have.
pub const MOST_CHARACTERS: usize = 32_767;

/// What stands in a cell.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as given; every cell of a CSV.
    Text(String),
    /// A number of a workbook.
    Number(f64),
    /// A day; a time of day with it is dropped.
    Date(Date),
    /// True or false.
    Bool(bool),
    /// `#REF!` and the like, or [`UNDECODABLE`] where the bytes are no text.
    Error(String),
}

impl Cell {
    /// Whether there is nothing to read in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(|c| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}'),
            _ => false,
        }
    }

    /// The cell as text. A number has the 15 digits that a spreadsheet shows, never an exponent.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Error(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number_text(*number)),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Bool(true) => Cow::Borrowed("TRUE"),
            Self::Bool(false) => Cow::Borrowed("FALSE"),
        }
    }
}

/// A spreadsheet calculates in binary and keeps 15 decimal digits: 0.1 + 0.2 is 0.3 there.
fn number_text(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let text = format!("{rounded}");
    if text == "-0" { "0".to_owned() } else { text }
}

/// A row of a sheet.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Row {
    /// The number it has in the spreadsheet, from 1.
    pub number: u32,
    /// Its cells from column A on; blank cells at the end may be missing.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell of a column, from 0; an empty one beyond the last.
    pub fn cell(&self, column: usize) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.cells.get(column).unwrap_or(EMPTY)
    }

    /// Whether nothing stands in it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }

    /// The cells with something in them, with their columns.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank())
    }
}

/// The letters of a column, from 0: A, Z, AA.
pub fn letter(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

/// What kind of file it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "format")]
pub enum Format {
    /// Text with delimiters.
    Delimited {
        /// The encoding found.
        encoding: Encoding,
        /// The delimiter found.
        delimiter: char,
    },
    /// A workbook.
    Workbook,
}

/// Rows in order. After a fault there are no more.
pub type Rows<'a> = Box<dyn Iterator<Item = Result<Row, Fault>> + Send + 'a>;

/// A file of rows.
pub trait RowSource: Send {
    /// What kind of file it is.
    fn format(&self) -> Format;

    /// The names of the sheets that can be seen; one without a name for a CSV.
    fn sheets(&self) -> &[String];

    /// The rows of a sheet from its first one on; may be asked for again. Blank rows may be missing,
    /// the numbers tell.
    ///
    /// # Errors
    /// `registry.table.damaged`, `registry.table.no_sheet`.
    fn rows(&mut self, sheet: usize) -> Result<Rows<'_>, Fault>;
}

/// Opens a file by what is in it; the name only settles what the bytes leave open.
///
/// # Errors
/// `registry.table.empty`, `too_large` (`most`), `encrypted`, `old_excel`, `binary_workbook`,
/// `open_document`, `html`, `not_a_table`, `encoding`, `damaged`, `bomb`, `text_too_long` (`most`), `no_sheet`, `unreadable`; all
/// begin with `registry.table.`.
pub fn open(path: &Path, name: &str) -> Result<Box<dyn RowSource>, Fault> {
    match kind::look(path, name)? {
        kind::Kind::Workbook => Ok(Box::new(workbook::Workbook::open(path)?)),
        kind::Kind::Text => Ok(Box::new(delimited::Delimited::open(path)?)),
    }
}

/// The first rows of a sheet.
///
/// # Errors
/// Whatever reading them meets.
pub fn first_rows(source: &mut dyn RowSource, sheet: usize, count: usize) -> Result<Vec<Row>, Fault> {
    source.rows(sheet)?.take(count).collect()
}

/// The sheet whose header is known best, its first rows and its header; the first sheet with rows if
/// no header is found anywhere.
///
/// # Errors
/// `registry.table.empty` if no sheet has a row; whatever reading meets.
pub fn best_sheet(
    source: &mut dyn RowSource,
    count: usize,
    known: &dyn Fn(&str) -> u8,
) -> Result<(usize, Vec<Row>, Option<Header>), Fault> {
    let mut best: Option<(usize, Vec<Row>, Option<Header>)> = None;
    for sheet in 0..source.sheets().len() {
        let rows = first_rows(source, sheet, count)?;
        if rows.iter().all(Row::is_blank) {
            continue;
        }
        let header = find_header(&rows, known);
        let score = |header: &Option<Header>| header.as_ref().map_or(-1, |header| i64::from(header.score));
        if best.as_ref().is_none_or(|(_, _, before)| score(&header) > score(before)) {
            best = Some((sheet, rows, header));
        }
    }
    best.ok_or_else(|| Fault::new("registry.table.empty"))
}

/// A fault about a table, by the last part of its code.
fn fault(code: &str) -> Fault {
    Fault::new(&format!("registry.table.{code}"))
}

#[cfg(test)]
mod tests;
