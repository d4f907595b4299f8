//! Workbooks (`.xlsx`), cell by cell.

use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};
use jinmen_core::{Date, Fault};

use super::{Cell, Format, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Row, RowSource, Rows, fault, guard, letter};

type Source = BufReader<File>;

/// A workbook.
pub(super) struct Workbook {
    book: Xlsx<Source>,
    sheets: Vec<String>,
}

impl Workbook {
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let source =
            || File::open(path).map(|file| BufReader::with_capacity(64 << 10, file)).map_err(|_| fault("unreadable"));
        guard::check(source()?)?;
        let file = source()?;
        let book = guarded(|| Xlsx::new(file))?.map_err(|error| refusal(&error, 0))?;
        let seen =
            |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet;
        let sheets: Vec<String> = book.sheets_metadata().iter().filter(seen).map(|sheet| sheet.name.clone()).collect();
        if sheets.is_empty() {
            return Err(fault("no_sheet"));
        }
        Ok(Self { book, sheets })
    }
}

impl RowSource for Workbook {
    fn format(&self) -> Format {
        Format::Workbook
    }

    fn sheets(&self) -> &[String] {
        &self.sheets
    }

    fn rows(&mut self, sheet: usize) -> Result<Rows<'_>, Fault> {
        let name = self.sheets.get(sheet).ok_or_else(|| fault("no_sheet"))?.clone();
        let date1904 = self.book.has_1904_epoch();
        let book = &mut self.book;
        let cells = guarded(|| book.worksheet_cells_reader(&name))?.map_err(|error| refusal(&error, 0))?;
        Ok(Box::new(SheetRows { cells, date1904, next: None, number: 0, exhausted: false, ended: false }))
    }
}

/// The parser is not proof against every malformed file: what it cannot bear is a damaged file, not
/// the end of the program.
fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| fault("damaged"))
}

fn refusal(error: &XlsxError, row: u32) -> Fault {
    match error {
        XlsxError::Password => fault("encrypted"),
        // An error value newer than the parser, such as #SPILL!.
        XlsxError::CellError(text) => {
            fault("cell_error").with("text", text.chars().take(20).collect::<String>()).with("row", row)
        }
        _ if row > 0 => fault("damaged_row").with("row", row),
        _ => fault("damaged"),
    }
}

struct SheetRows<'a> {
    cells: XlsxCellReader<'a, Source>,
    date1904: bool,
    /// The first cell of the next row, already read.
    next: Option<(u32, usize, Cell)>,
    number: u32,
    /// The parser has come to the end of the sheet and must not be asked again.
    exhausted: bool,
    ended: bool,
}

impl SheetRows<'_> {
    /// The next cell with something in it: row from 1, column from 0.
    fn cell(&mut self) -> Result<Option<(u32, usize, Cell)>, Fault> {
        while !self.exhausted {
            let cells = &mut self.cells;
            let Some(read) = guarded(|| cells.next_cell())?.map_err(|error| refusal(&error, self.number.max(1)))?
            else {
                self.exhausted = true;
                break;
            };
            let (row, column) = read.get_position();
            let cell = cell(read.get_value(), self.date1904);
            if cell.is_blank() {
                continue;
            }
            if row >= MOST_ROWS {
                return Err(fault("too_many_rows").with("most", MOST_ROWS));
            }
            let (row, column) = (row + 1, column as usize);
            if column >= MOST_COLUMNS {
                return Err(fault("too_many_columns").with("most", MOST_COLUMNS).with("row", row));
            }
            if let Cell::Text(text) = &cell
                && text.len() > MOST_CHARACTERS
                && text.chars().count() > MOST_CHARACTERS
            {
                return Err(fault("cell_too_long")
                    .with("most", MOST_CHARACTERS)
                    .with("cell", format!("{}{row}", letter(column))));
            }
            return Ok(Some((row, column, cell)));
        }
        Ok(None)
    }

    fn read(&mut self) -> Result<Option<Row>, Fault> {
        let first = match self.next.take() {
            Some(first) => Some(first),
            None => self.cell()?,
        };
        let Some((number, column, cell)) = first else {
            return Ok(None);
        };
        // A row that comes twice, or after a later one, is written by no spreadsheet.
        if number <= self.number {
            return Err(fault("damaged_row").with("row", number));
        }
        self.number = number;
        let mut row = Row { number, cells: Vec::with_capacity(column + 8) };
        place(&mut row, column, cell);
        while let Some((next, column, cell)) = self.cell()? {
            if next != number {
                self.next = Some((next, column, cell));
                break;
            }
            place(&mut row, column, cell);
        }
        Ok(Some(row))
    }
}

fn place(row: &mut Row, column: usize, cell: Cell) {
    if row.cells.len() <= column {
        row.cells.resize(column + 1, Cell::Empty);
    }
    row.cells[column] = cell;
}

impl Iterator for SheetRows<'_> {
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

fn cell(value: &DataRef<'_>, date1904: bool) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::DateTime(time) if !time.is_duration() => match Date::from_excel_serial(time.as_f64(), date1904) {
            Ok(date) => Cell::Date(date),
            Err(_) => Cell::Number(time.as_f64()),
        },
        DataRef::DateTime(time) => Cell::Number(time.as_f64()),
        DataRef::DateTimeIso(text) => Date::parse(text).map_or_else(|_| Cell::Text(text.clone()), Cell::Date),
        DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}
