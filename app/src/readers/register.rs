//! A register of organisations as CSV, streamed into blocks for the rules engine.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use csv::{ByteRecord, Reader, ReaderBuilder};
use rules::{BLOCK, Block, Cell, Register, Slot};
use serde_json::{Map, Value};

use super::ReadError;

/// Where a slot's cells are.
enum Source {
    Absent,
    Column(usize),
    /// A year series: years and their columns.
    Years(Vec<(String, usize)>),
}

/// An open register.
pub struct Organizations<R> {
    file: String,
    reader: Reader<R>,
    record: ByteRecord,
    sources: Vec<Source>,
    names: Vec<String>,
    identity: Option<usize>,
    ignored: Vec<String>,
    row: u64,
    /// Whether bad rows are left out instead of ending the reading.
    skip_bad: bool,
    /// Bad rows that were left out, and what the first were.
    pub skipped: u64,
    /// The first of them.
    pub problems: Vec<String>,
}

/// How many bad rows are told of.
const MOST_PROBLEMS: usize = 20;

/// Opens a register file.
///
/// # Errors
/// What is wrong with the file.
pub fn open(path: &Path, register: &Register<'_>, skip_bad: bool) -> Result<Organizations<File>, ReadError> {
    let name = path.display().to_string();
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet")) {
        let what = "Parquet is not read by this version; give the register as CSV";
        return Err(ReadError::new(&name, "", what));
    }
    let file = File::open(path).map_err(|error| ReadError::new(&name, "", error.to_string()))?;
    Organizations::new(&name, file, register, skip_bad)
}

impl<R: Read> Organizations<R> {
    /// Reads the heading: which column feeds which fact.
    ///
    /// # Errors
    /// A heading that cannot be read or names a column twice.
    pub fn new(file: &str, from: R, register: &Register<'_>, skip_bad: bool) -> Result<Self, ReadError> {
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
        let sources: Vec<Source> = register.slots().iter().map(|slot| source(slot, &names)).collect();
        let identity = ["id", "uscc"].iter().find_map(|wanted| names.iter().position(|name| name == wanted));
        let used = |at: usize| {
            identity == Some(at)
                || origin(&names[at]).is_some_and(|(fact, _)| register.slots().iter().any(|slot| slot.name == fact))
                || sources.iter().any(|source| match source {
                    Source::Absent => false,
                    Source::Column(column) => *column == at,
                    Source::Years(years) => years.iter().any(|(_, column)| *column == at),
                })
        };
        let ignored = (0..names.len()).filter(|at| !used(*at)).map(|at| names[at].clone()).collect();
        Ok(Self {
            file: file.to_owned(),
            reader,
            record: ByteRecord::new(),
            sources,
            names,
            identity,
            ignored,
            row: 1,
            skip_bad,
            skipped: 0,
            problems: Vec::new(),
        })
    }

    /// Columns that no policy declares.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Says which column a row's problem is in.
    fn wrong(&self, slot: &Slot, what: &str) -> ReadError {
        ReadError::new(&self.file, format!("row {}, column {}", self.row, slot.name), what)
    }

    /// Fills a block with the next organisations and their identities with the row of each; no more rows leave it short.
    ///
    /// # Errors
    /// The first bad row, unless bad rows are skipped.
    pub fn fill(
        &mut self,
        register: &Register<'_>,
        block: &mut Block,
        identities: &mut Vec<(String, u64)>,
    ) -> Result<(), ReadError> {
        block.clear();
        identities.clear();
        while block.rows() < BLOCK {
            match self.reader.read_byte_record(&mut self.record) {
                Ok(false) => break,
                Ok(true) => {
                    self.row = self.record.position().map_or(self.row + 1, csv::Position::line);
                    match self.add(register, block) {
                        Ok(identity) => identities.push((identity, self.row)),
                        Err(error) => self.bad(error)?,
                    }
                }
                Err(error) => {
                    let row = error.position().map_or(self.row + 1, csv::Position::line);
                    let what = match error.kind() {
                        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                            format!("{len} values where the heading has {expected_len}")
                        }
                        _ => error.to_string(),
                    };
                    let error = ReadError::new(&self.file, format!("row {row}"), what);
                    self.row = row;
                    self.bad(error)?;
                }
            }
        }
        Ok(())
    }

    fn bad(&mut self, error: ReadError) -> Result<(), ReadError> {
        if !self.skip_bad {
            return Err(error);
        }
        self.skipped += 1;
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(error.to_string());
        }
        Ok(())
    }

    fn add(&self, register: &Register<'_>, block: &mut Block) -> Result<String, ReadError> {
        let text = |column: usize| {
            let bytes = self.record.get(column).unwrap_or_default();
            std::str::from_utf8(bytes).map(str::trim).map_err(|_| {
                let place = format!("row {}, column {}", self.row, self.names[column]);
                ReadError::new(&self.file, place, "this is not UTF-8; save the file as UTF-8")
            })
        };
        let identity = match self.identity {
            Some(column) => text(column)?.to_owned(),
            None => (self.row - 1).to_string(),
        };
        let mut cells: Vec<Cow<'_, str>> = Vec::with_capacity(self.sources.len());
        for source in &self.sources {
            cells.push(match source {
                Source::Absent => Cow::Borrowed(""),
                Source::Column(column) => Cow::Borrowed(text(*column)?),
                Source::Years(years) => {
                    let mut series = Map::new();
                    for (year, column) in years {
                        let cell = text(*column)?;
                        if !cell.is_empty() {
                            series.insert(year.clone(), Value::from(cell));
                        }
                    }
                    let empty = series.is_empty();
                    Cow::Owned(if empty { String::new() } else { Value::Object(series).to_string() })
                }
            });
        }
        let cell = |slot: usize| if cells[slot].is_empty() { Cell::Empty } else { Cell::Text(&cells[slot]) };
        register.add(block, cell).map_err(|(slot, what)| self.wrong(&register.slots()[slot], &what))?;
        Ok(identity)
    }
}

/// Where the facts of one row come from: by the name of the fact its source and its date, from columns `NAME.source` and
/// `NAME.date`.
///
/// # Errors
/// What is wrong with the file.
pub fn origins(path: &Path, row: u64) -> Result<BTreeMap<String, [String; 2]>, ReadError> {
    let name = path.display().to_string();
    let wrong = |error: csv::Error| ReadError::new(&name, "", error.to_string());
    let mut reader = ReaderBuilder::new().flexible(true).from_path(path).map_err(wrong)?;
    let heading = reader.byte_headers().map_err(wrong)?.clone();
    let mut record = ByteRecord::new();
    let mut found: BTreeMap<String, [String; 2]> = BTreeMap::new();
    while reader.read_byte_record(&mut record).map_err(wrong)? {
        if record.position().map(csv::Position::line) != Some(row) {
            continue;
        }
        for (column, cell) in heading.iter().zip(&record) {
            let column = String::from_utf8_lossy(column);
            let Some((fact, at)) = origin(column.trim_start_matches('\u{feff}').trim()) else { continue };
            let cell = String::from_utf8_lossy(cell).trim().to_owned();
            if !cell.is_empty() {
                found.entry(fact.to_owned()).or_default()[at] = cell;
            }
        }
        break;
    }
    Ok(found)
}

/// The fact that a column tells the source (0) or the date (1) of.
fn origin(column: &str) -> Option<(&str, usize)> {
    let source = column.strip_suffix(".source").map(|fact| (fact, 0));
    source.or_else(|| column.strip_suffix(".date").map(|fact| (fact, 1)))
}

fn source(slot: &Slot, names: &[String]) -> Source {
    if let Some(column) = names.iter().position(|name| *name == slot.name) {
        return Source::Column(column);
    }
    let year = |name: &String| {
        let year = name.strip_prefix(&slot.name)?.strip_prefix('.')?;
        (year.len() == 4 && year.bytes().all(|digit| digit.is_ascii_digit())).then(|| year.to_owned())
    };
    let years: Vec<(String, usize)> =
        names.iter().enumerate().filter_map(|(at, name)| Some((year(name)?, at))).collect();
    if matches!(slot.kind, rules::Type::Series(_)) && !years.is_empty() { Source::Years(years) } else { Source::Absent }
}
