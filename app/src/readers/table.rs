//! CSV with a heading: columns by name, mistakes by row.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::Read;
use std::rc::Rc;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::ReadError;

/// A table that is being read.
pub struct Table<R> {
    file: String,
    reader: Reader<Watched<R>>,
    empty: Empty,
    headings: Vec<String>,
    record: ByteRecord,
    row: u64,
}

/// A row of it.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    file: &'a str,
    headings: &'a [String],
    record: &'a ByteRecord,
    /// The line of the file it begins at, the heading being 1.
    pub row: u64,
}

/// Where empty lines begin. A reader of records passes over them, but says of the next record that it begins where the first
/// of them does.
type Empty = Rc<RefCell<VecDeque<u64>>>;

/// Passes bytes on, the end of a line always as one byte (a record would end between the two, and be a line off), and takes
/// note of empty lines.
struct Watched<R> {
    from: R,
    at: u64,
    /// Whether a line begins here.
    fresh: bool,
    /// A carriage return that is held back until it is known what follows.
    returned: bool,
    empty: Empty,
}

impl<R> Watched<R> {
    fn new(from: R, empty: &Empty) -> Watched<R> {
        Watched { from, at: 0, fresh: true, returned: false, empty: Rc::clone(empty) }
    }

    fn pass(&mut self, byte: u8, into: &mut [u8], kept: &mut usize) {
        if byte == b'\n' && self.fresh {
            self.empty.borrow_mut().push_back(self.at);
        }
        self.fresh = byte == b'\n';
        self.at += 1;
        into[*kept] = byte;
        *kept += 1;
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        loop {
            // What is held back may need a place before what is read.
            let first = usize::from(self.returned);
            let count = if into.len() > first { self.from.read(&mut into[first..])? } else { 0 };
            let mut kept = 0;
            if count == 0 && std::mem::take(&mut self.returned) && !into.is_empty() {
                self.pass(b'\r', into, &mut kept);
                return Ok(kept);
            }
            for at in first..first + count {
                let byte = into[at];
                if std::mem::take(&mut self.returned) && byte != b'\n' {
                    self.pass(b'\r', into, &mut kept);
                }
                self.returned = byte == b'\r';
                if !self.returned {
                    self.pass(byte, into, &mut kept);
                }
            }
            if kept > 0 || count == 0 {
                return Ok(kept);
            }
        }
    }
}

/// The line of a record, which lies beyond the empty lines it is said to begin with.
fn line(empty: &Empty, position: &csv::Position) -> u64 {
    let mut beyond = 0;
    let mut empty = empty.borrow_mut();
    while let Some(&start) = empty.front().filter(|start| **start <= position.byte() + beyond) {
        beyond += u64::from(start == position.byte() + beyond);
        empty.pop_front();
    }
    position.line() + beyond
}

impl<R: Read> Table<R> {
    /// Opens a table that has all of the `required` columns; their order and other columns do not matter.
    pub fn open(file: &str, from: R, required: &[&str]) -> Result<Table<R>, ReadError> {
        let empty = Empty::default();
        let mut reader = ReaderBuilder::new().trim(csv::Trim::All).from_reader(Watched::new(from, &empty));
        let headings = reader.byte_headers().map_err(|error| ReadError::new(file, "row 1", error.to_string()))?;
        let headings: Vec<String> = headings
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_lowercase())
            .collect();
        if let Some(missing) = required.iter().find(|name| !headings.iter().any(|heading| heading == *name)) {
            let what = format!("column {missing} is missing; the heading needs {}", required.join(","));
            return Err(ReadError::new(file, "row 1", what));
        }
        if let Some(at) = (1..headings.len()).find(|at| headings[..*at].contains(&headings[*at])) {
            return Err(ReadError::new(file, "row 1", format!("column {} is there twice", headings[at])));
        }
        Ok(Table { file: file.to_owned(), reader, empty, headings, record: ByteRecord::new(), row: 1 })
    }

    /// Whether a column is there.
    pub fn has(&self, name: &str) -> bool {
        self.headings.iter().any(|heading| heading == name)
    }

    /// The next row.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, ReadError> {
        let more = self.reader.read_byte_record(&mut self.record).map_err(|error| {
            let row = error.position().map_or(self.row + 1, |position| line(&self.empty, position));
            let what = match error.kind() {
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                    format!("{len} values where the heading has {expected_len}")
                }
                _ => error.to_string(),
            };
            ReadError::new(&self.file, format!("row {row}"), what)
        })?;
        if !more {
            return Ok(None);
        }
        self.row = self.record.position().map_or(self.row + 1, |position| line(&self.empty, position));
        Ok(Some(Row { file: &self.file, headings: &self.headings, record: &self.record, row: self.row }))
    }
}

impl<'a> Row<'a> {
    /// Says what is wrong in a column of this row.
    pub fn wrong(&self, column: &str, what: impl Into<String>) -> ReadError {
        ReadError::new(self.file, format!("row {}, column {column}", self.row), what)
    }

    /// A value; nothing if the column is not there or the cell is empty.
    pub fn text(&self, column: &str) -> Result<Option<&'a str>, ReadError> {
        let Some(at) = self.headings.iter().position(|heading| heading == column) else { return Ok(None) };
        let bytes = self.record.get(at).unwrap_or_default();
        let text =
            std::str::from_utf8(bytes).map_err(|_| self.wrong(column, "it is not UTF-8; save the file as UTF-8"))?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// A value that must be there.
    pub fn needed(&self, column: &str) -> Result<&'a str, ReadError> {
        self.text(column)?.ok_or_else(|| self.wrong(column, "it is empty"))
    }

    /// A whole number from 0 up.
    pub fn count(&self, column: &str) -> Result<Option<u32>, ReadError> {
        let Some(text) = self.text(column)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.wrong(column, format!("{text} is not a whole number from 0 up")))
    }

    /// Yes or no; an empty cell is no.
    pub fn flag(&self, column: &str) -> Result<bool, ReadError> {
        match self.text(column)?.map(str::to_lowercase).as_deref() {
            None | Some("0" | "false" | "no") => Ok(false),
            Some("1" | "true" | "yes") => Ok(true),
            Some(other) => Err(self.wrong(column, format!("{other} is neither 0 nor 1"))),
        }
    }
}
