//! Text with delimiters.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ReaderBuilder, StringRecord};
use jinmen_core::Fault;

use super::encoding::{self, Decoding, Encoding, UNDECODABLE};
use super::{Cell, Format, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Row, RowSource, Rows, fault, letter};

/// Bytes of one record. Longer is a quotation mark that is never closed.
const MOST_RECORD: u64 = 16 << 20;

/// A CSV.
pub(super) struct Delimited {
    file: File,
    encoding: Encoding,
    delimiter: u8,
    sheets: [String; 1],
}

impl Delimited {
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let mut file = File::open(path).map_err(|_| fault("unreadable"))?;
        let (encoding, head) = encoding::detect(&mut file)?;
        Ok(Self { file, encoding, delimiter: delimiter(&head), sheets: [String::new()] })
    }
}

impl RowSource for Delimited {
    fn format(&self) -> Format {
        Format::Delimited { encoding: self.encoding, delimiter: char::from(self.delimiter) }
    }

    fn sheets(&self) -> &[String] {
        &self.sheets
    }

    fn rows(&mut self, sheet: usize) -> Result<Rows<'_>, Fault> {
        if sheet > 0 {
            return Err(fault("no_sheet"));
        }
        self.file.seek(SeekFrom::Start(0)).map_err(|_| fault("unreadable"))?;
        let budget = Arc::new(AtomicU64::new(MOST_RECORD));
        let source = Decoding::new(&mut self.file, self.encoding, budget.clone());
        let reader = reader(self.delimiter).from_reader(source);
        Ok(Box::new(Records { reader, record: StringRecord::new(), budget, number: 0, line: 1, ended: false }))
    }
}

fn reader(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true);
    builder
}

/// The delimiter under which most records of the beginning have one and the same number of fields.
fn delimiter(head: &str) -> u8 {
    let lines: String = head.lines().take(60).flat_map(|line| [line, "\n"]).collect();
    let score = |delimiter: u8| {
        let mut counts: Vec<usize> = reader(delimiter)
            .from_reader(lines.as_bytes())
            .records()
            .filter_map(Result::ok)
            .map(|record| record.len())
            .filter(|fields| *fields > 1)
            .collect();
        counts.sort_unstable();
        let runs = counts.chunk_by(|a, b| a == b);
        runs.map(|run| run.len() * (run[0] - 1)).max().unwrap_or(0)
    };
    // Of equals the last one: the comma.
    [b';', b'\t', b','].into_iter().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

struct Records<R> {
    reader: csv::Reader<R>,
    record: StringRecord,
    budget: Arc<AtomicU64>,
    number: u32,
    line: u64,
    ended: bool,
}

impl<R: std::io::Read> Records<R> {
    fn read(&mut self) -> Result<Option<Row>, Fault> {
        self.budget.store(MOST_RECORD, Ordering::Relaxed);
        let before = self.line;
        let found = self
            .reader
            .read_record(&mut self.record)
            .map_err(|_| fault("row_too_long").with("row", self.number + 1))?;
        if !found {
            return Ok(None);
        }
        self.line = self.reader.position().line();
        // The reader skips empty lines. A spreadsheet counts them: of the lines passed, one is the
        // record's own, some are inside quotation marks, the others were empty.
        let inside: usize = self.record.iter().map(|field| field.matches('\n').count()).sum();
        let skipped = (self.line - before).saturating_sub(1 + inside as u64);
        self.number = self.number.saturating_add(1).saturating_add(u32::try_from(skipped).unwrap_or(u32::MAX));
        if self.number > MOST_ROWS {
            return Err(fault("too_many_rows").with("most", MOST_ROWS));
        }
        row(&self.record, self.number).map(Some)
    }
}

impl<R: std::io::Read> Iterator for Records<R> {
    type Item = Result<Row, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.read().transpose();
        self.ended = !matches!(row, Some(Ok(_)));
        row
    }
}

fn row(record: &StringRecord, number: u32) -> Result<Row, Fault> {
    let used =
        record.iter().enumerate().filter(|(_, field)| !field.trim().is_empty()).last().map_or(0, |(last, _)| last + 1);
    if used > MOST_COLUMNS {
        return Err(fault("too_many_columns").with("most", MOST_COLUMNS).with("row", number));
    }
    let mut cells = Vec::with_capacity(used);
    for (column, field) in record.iter().take(used).enumerate() {
        if field.len() > MOST_CHARACTERS && field.chars().count() > MOST_CHARACTERS {
            return Err(fault("cell_too_long")
                .with("most", MOST_CHARACTERS)
                .with("cell", format!("{}{number}", letter(column))));
        }
        cells.push(cell(field));
    }
    Ok(Row { number, cells })
}

/// `="0012"` and `'=1` are ways to keep a spreadsheet from reading text as something else.
fn cell(field: &str) -> Cell {
    let kept = field.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let quoted = field.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t']));
    match kept.or(quoted).unwrap_or(field) {
        "" => Cell::Empty,
        text if text.contains('\u{fffd}') => Cell::Error(UNDECODABLE.to_owned()),
        text => Cell::Text(text.to_owned()),
    }
}
