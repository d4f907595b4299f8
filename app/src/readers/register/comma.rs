//! A register as CSV.

use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};
use rules::Cell;

use super::{ReadError, Table};

/// The rows of a CSV with a heading.
pub struct Rows<R> {
    file: String,
    reader: Reader<R>,
    record: ByteRecord,
    names: Vec<String>,
    row: u64,
    /// Whether the source failed: behind that nothing can be read.
    over: bool,
}

impl<R: Read> Rows<R> {
    /// Reads the heading.
    ///
    /// # Errors
    /// A heading that cannot be read or names a column twice.
    pub fn new(file: &str, from: R) -> Result<Self, ReadError> {
        let mut reader = ReaderBuilder::new().buffer_capacity(1 << 17).from_reader(from);
        let heading = reader.byte_headers().map_err(|error| ReadError::new(file, "row 1", error.to_string()))?;
        let mut names: Vec<String> = Vec::new();
        for (at, name) in heading.iter().enumerate() {
            let name = std::str::from_utf8(name).map_err(|_| {
                ReadError::new(file, format!("row 1, column {}", at + 1), "this is not UTF-8; save the file as UTF-8")
            })?;
            let name = name.trim_start_matches('\u{feff}').trim().to_owned();
            if names.contains(&name) {
                return Err(ReadError::new(file, "row 1", format!("column {name} is there twice")));
            }
            names.push(name);
        }
        Ok(Self { file: file.to_owned(), reader, record: ByteRecord::new(), names, row: 1, over: false })
    }
}

impl<R: Read> Table for Rows<R> {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn want(&mut self, _: &[bool]) {}

    fn advance(&mut self) -> Result<bool, ReadError> {
        if self.over {
            return Ok(false);
        }
        match self.reader.read_byte_record(&mut self.record) {
            Ok(there) => {
                self.row = self.record.position().map_or(self.row + 1, csv::Position::line);
                Ok(there)
            }
            Err(error) => {
                self.over = error.is_io_error();
                self.row = error.position().map_or(self.row + 1, csv::Position::line);
                let what = match error.kind() {
                    csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        format!("{len} values where the heading has {expected_len}")
                    }
                    _ => error.to_string(),
                };
                Err(ReadError::new(&self.file, format!("row {}", self.row), what))
            }
        }
    }

    fn row(&self) -> u64 {
        self.row
    }

    fn cell(&self, column: usize) -> Result<Cell<'_>, ReadError> {
        let bytes = self.record.get(column).unwrap_or_default();
        std::str::from_utf8(bytes).map(|text| Cell::Text(text.trim())).map_err(|_| {
            let place = format!("row {}, column {}", self.row, self.names[column]);
            ReadError::new(&self.file, place, "this is not UTF-8; save the file as UTF-8")
        })
    }
}
