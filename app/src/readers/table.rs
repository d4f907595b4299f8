//! CSV with a heading: columns by name, mistakes by row.

use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::ReadError;

/// A table that is being read.
pub struct Table<R> {
    file: String,
    reader: Reader<R>,
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

impl<R: Read> Table<R> {
    /// Opens a table that has all of the `required` columns; their order and other columns do not matter.
    pub fn open(file: &str, from: R, required: &[&str]) -> Result<Table<R>, ReadError> {
        let mut reader = ReaderBuilder::new().trim(csv::Trim::All).from_reader(from);
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
        Ok(Table { file: file.to_owned(), reader, headings, record: ByteRecord::new(), row: 1 })
    }

    /// Whether a column is there.
    pub fn has(&self, name: &str) -> bool {
        self.headings.iter().any(|heading| heading == name)
    }

    /// The next row.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, ReadError> {
        let more = self.reader.read_byte_record(&mut self.record).map_err(|error| {
            let row = error.position().map_or(self.row + 1, csv::Position::line);
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
        self.row = self.record.position().map_or(self.row + 1, csv::Position::line);
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
