//! A register of organisations, streamed into blocks for the rules engine: as CSV or as Parquet.

pub mod comma;
pub mod parquet;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use rules::{BLOCK, Block, Cell, Register, Slot};
use serde_json::{Map, Value};

use super::ReadError;

/// A table with named columns that is read row by row.
pub trait Table {
    /// The columns.
    fn names(&self) -> &[String];

    /// Says which columns will be asked for.
    fn want(&mut self, wanted: &[bool]);

    /// Goes to the next row; false after the last one.
    ///
    /// # Errors
    /// A row that cannot be read. Whoever asks again gets the one after it, unless the table ends with it.
    fn advance(&mut self) -> Result<bool, ReadError>;

    /// The number of the row that one is at, as whoever made the file counts.
    fn row(&self) -> u64;

    /// A cell of the row; only of a column that is wanted.
    ///
    /// # Errors
    /// A cell that is no text.
    fn cell(&self, column: usize) -> Result<Cell<'_>, ReadError>;
}

impl<T: Table + ?Sized> Table for Box<T> {
    fn names(&self) -> &[String] {
        (**self).names()
    }

    fn want(&mut self, wanted: &[bool]) {
        (**self).want(wanted);
    }

    fn advance(&mut self) -> Result<bool, ReadError> {
        (**self).advance()
    }

    fn row(&self) -> u64 {
        (**self).row()
    }

    fn cell(&self, column: usize) -> Result<Cell<'_>, ReadError> {
        (**self).cell(column)
    }
}

/// Where a slot's cells are.
enum Source {
    Absent,
    Column(usize),
    /// A year series: years and their columns.
    Years(Vec<(String, usize)>),
}

/// An open register.
pub struct Organizations<T> {
    file: String,
    table: T,
    sources: Vec<Source>,
    identity: Option<usize>,
    ignored: Vec<String>,
    read: u64,
    /// Whether bad rows are left out instead of ending the reading.
    skip_bad: bool,
    /// Bad rows that were left out, and what the first were.
    pub skipped: u64,
    /// The first of them.
    pub problems: Vec<String>,
}

/// How many bad rows are told of.
const MOST_PROBLEMS: usize = 20;

/// Opens a register file, by the ending of its name as Parquet or as CSV.
///
/// # Errors
/// What is wrong with the file.
pub fn open(path: &Path, register: &Register<'_>, skip_bad: bool) -> Result<Organizations<Box<dyn Table>>, ReadError> {
    let name = path.display().to_string();
    Ok(Organizations::of(&name, table(path)?, register, skip_bad))
}

fn table(path: &Path) -> Result<Box<dyn Table>, ReadError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| ReadError::new(&name, "", error.to_string()))?;
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet")) {
        return Ok(Box::new(parquet::Rows::new(&name, file)?));
    }
    Ok(Box::new(comma::Rows::new(&name, file)?))
}

impl<T: Table> Organizations<T> {
    /// Finds which column feeds which fact.
    pub fn of(file: &str, mut table: T, register: &Register<'_>, skip_bad: bool) -> Self {
        let names = table.names();
        let sources: Vec<Source> = register.slots().iter().map(|slot| source(slot, names)).collect();
        let identity = ["id", "uscc"].iter().find_map(|wanted| names.iter().position(|name| name == wanted));
        let wanted: Vec<bool> = (0..names.len())
            .map(|at| {
                identity == Some(at)
                    || sources.iter().any(|source| match source {
                        Source::Absent => false,
                        Source::Column(column) => *column == at,
                        Source::Years(years) => years.iter().any(|(_, column)| *column == at),
                    })
            })
            .collect();
        let told = |at: usize| {
            origin(&names[at]).is_some_and(|(fact, _)| register.slots().iter().any(|slot| slot.name == fact))
        };
        let ignored = (0..names.len()).filter(|at| !wanted[*at] && !told(*at)).map(|at| names[at].clone()).collect();
        table.want(&wanted);
        Self {
            file: file.to_owned(),
            table,
            sources,
            identity,
            ignored,
            read: 0,
            skip_bad,
            skipped: 0,
            problems: Vec::new(),
        }
    }

    /// Columns that no policy declares.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Says which column a row's problem is in.
    fn wrong(&self, slot: &Slot, what: &str) -> ReadError {
        ReadError::new(&self.file, format!("row {}, column {}", self.table.row(), slot.name), what)
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
            match self.table.advance() {
                Ok(false) => break,
                Ok(true) => {
                    self.read += 1;
                    match self.add(register, block) {
                        Ok(identity) => identities.push((identity, self.table.row())),
                        Err(error) => self.bad(error)?,
                    }
                }
                Err(error) => {
                    self.read += 1;
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
        let identity = match self.identity {
            Some(column) => shown(self.table.cell(column)?).into_owned(),
            None => self.read.to_string(),
        };
        let mut series: Vec<String> = Vec::new();
        for source in &self.sources {
            let Source::Years(years) = source else { continue };
            let mut found = Map::new();
            for (year, column) in years {
                let cell = shown(self.table.cell(*column)?);
                if !cell.is_empty() {
                    found.insert(year.clone(), Value::from(cell.into_owned()));
                }
            }
            series.push(if found.is_empty() { String::new() } else { Value::Object(found).to_string() });
        }
        let mut cells: Vec<Cell<'_>> = Vec::with_capacity(self.sources.len());
        let mut series = series.iter();
        for source in &self.sources {
            cells.push(match source {
                Source::Absent => Cell::Empty,
                Source::Column(column) => self.table.cell(*column)?,
                Source::Years(_) => Cell::Text(series.next().map_or("", String::as_str)),
            });
        }
        let cell = |slot: usize| if matches!(cells[slot], Cell::Text("")) { Cell::Empty } else { cells[slot] };
        register.add(block, cell).map_err(|(slot, what)| self.wrong(&register.slots()[slot], &what))?;
        Ok(identity)
    }
}

/// A cell as text, empty where nothing is known.
fn shown(cell: Cell<'_>) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Whole(value) => Cow::Owned(value.to_string()),
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Years(points) => {
            let years: Map<String, Value> =
                points.iter().map(|(year, value)| (year.to_string(), Value::from(*value))).collect();
            Cow::Owned(Value::Object(years).to_string())
        }
    }
}

/// Where the facts of one row come from: by the name of the fact its source and its date, from columns `NAME.source` and
/// `NAME.date`.
///
/// # Errors
/// What is wrong with the file.
pub fn origins(path: &Path, row: u64) -> Result<BTreeMap<String, [String; 2]>, ReadError> {
    let mut table = table(path)?;
    let names: Vec<String> = table.names().to_vec();
    let wanted: Vec<bool> = names.iter().map(|name| origin(name).is_some()).collect();
    let mut found: BTreeMap<String, [String; 2]> = BTreeMap::new();
    if !wanted.contains(&true) {
        return Ok(found);
    }
    table.want(&wanted);
    // A bad row before this one was told of when the register was read.
    while !matches!(table.advance(), Ok(false)) {
        if table.row() != row {
            continue;
        }
        for (column, name) in names.iter().enumerate() {
            let Some((fact, at)) = origin(name) else { continue };
            let cell = shown(table.cell(column)?);
            if !cell.is_empty() {
                found.entry(fact.to_owned()).or_default()[at] = cell.into_owned();
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
