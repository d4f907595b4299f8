//! The refused rows as a workbook, to be corrected and handed in again.

use std::collections::BTreeMap;
use std::path::Path;

use jinmen_core::{Error, Result};
use rust_xlsxwriter::{Color, Format, FormatBorder, Workbook, Worksheet};

use super::mapping::Mapping;
use super::row::RowFault;
use crate::table::{Cell, Row, RowSource};

/// The words of the workbook.
#[derive(Clone, Debug)]
pub struct ErrorBookWords {
    /// The name of the sheet.
    pub sheet: String,
    /// Heading of the column with the number of the row in the table handed in.
    pub row: String,
    /// Heading of the column that says what to correct.
    pub explanation: String,
}

struct Formats {
    wrong: Format,
    date: Format,
    wrong_date: Format,
    wrapped: Format,
    bold: Format,
}

/// Writes the rows above the data as they are, and below them the rows with faults: the cells at fault
/// are framed and coloured, and two columns at the end give the row's number and say in words what to
/// correct, naming the columns by their letters. Gives the number of rows written.
///
/// Memory does not grow with the number of rows. The two columns at the end have headings that no key
/// has, so the corrected workbook can be handed in as it is.
///
/// # Errors
/// What reading or writing meets.
pub fn write_error_book(
    source: &mut dyn RowSource,
    mapping: &Mapping,
    faults: &BTreeMap<u32, Vec<RowFault>>,
    words: &ErrorBookWords,
    sentence: &dyn Fn(&RowFault) -> String,
    to: &Path,
) -> Result<u64> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().map_err(Error::internal)?;
    sheet.set_name(sheet_name(&words.sheet)).map_err(Error::internal)?;
    let formats = Formats::new();
    let end = mapping.columns.len();
    let (mut line, mut written) = (0_u32, 0_u64);
    for row in source.rows(mapping.sheet)? {
        let row = row?;
        let heading = row.number <= mapping.header_last;
        let wrong = faults.get(&row.number).map_or(&[][..], Vec::as_slice);
        if !heading && wrong.is_empty() {
            continue;
        }
        write_row(sheet, line, &row, wrong, &formats).map_err(Error::internal)?;
        // In the first row of the header, so that what is below it stays a row of units or numbers.
        if row.number == mapping.header_first {
            for (column, text) in [(end, &words.row), (end + 1, &words.explanation)] {
                sheet.write_string_with_format(line, place(column), text, &formats.bold).map_err(Error::internal)?;
            }
        }
        if !heading {
            let said: Vec<String> = wrong.iter().map(sentence).collect();
            sheet.write_number(line, place(end), row.number).map_err(Error::internal)?;
            let said = cut(&said.join("\n"));
            sheet.write_string_with_format(line, place(end + 1), said, &formats.wrapped).map_err(Error::internal)?;
            written += 1;
        }
        line += 1;
    }
    book.save(to).map_err(Error::internal)?;
    Ok(written)
}

impl Formats {
    fn new() -> Self {
        let wrong = Format::new().set_background_color(Color::RGB(0xFF_E3_E0)).set_border(FormatBorder::Medium);
        let wrong = wrong.set_border_color(Color::RGB(0xB4_23_18));
        Self {
            date: Format::new().set_num_format("yyyy-mm-dd"),
            wrong_date: wrong.clone().set_num_format("yyyy-mm-dd"),
            wrong,
            wrapped: Format::new().set_text_wrap(),
            bold: Format::new().set_bold(),
        }
    }
}

fn write_row(
    sheet: &mut Worksheet,
    line: u32,
    row: &Row,
    wrong: &[RowFault],
    formats: &Formats,
) -> std::result::Result<(), rust_xlsxwriter::XlsxError> {
    let plain = Format::default();
    let faulty = |column: usize| wrong.iter().any(|fault| fault.column == crate::table::letter(column));
    let last = wrong.iter().filter_map(|fault| column_of(&fault.column)).max().map_or(0, |column| column + 1);
    for column in 0..row.cells.len().max(last) {
        let at_fault = faulty(column);
        let format = if at_fault { &formats.wrong } else { &plain };
        let place = place(column);
        match row.cell(column) {
            Cell::Empty if at_fault => sheet.write_blank(line, place, format)?,
            Cell::Empty => continue,
            Cell::Number(number) => sheet.write_number_with_format(line, place, *number, format)?,
            Cell::Bool(yes) => sheet.write_boolean_with_format(line, place, *yes, format)?,
            Cell::Date(date) => {
                let serial = rust_xlsxwriter::ExcelDateTime::parse_from_str(&date.to_string())?;
                let format = if at_fault { &formats.wrong_date } else { &formats.date };
                sheet.write_datetime_with_format(line, place, &serial, format)?
            }
            Cell::Text(text) | Cell::Error(text) => sheet.write_string_with_format(line, place, cut(text), format)?,
        };
    }
    Ok(())
}

/// The place of the letters of a column.
fn column_of(letters: &str) -> Option<usize> {
    let number = letters.bytes().try_fold(0_usize, |number, letter| {
        letter.is_ascii_uppercase().then(|| number * 26 + usize::from(letter - b'A') + 1)
    });
    number.filter(|number| (1..=16_384).contains(number)).map(|number| number - 1)
}

fn place(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn cut(text: &str) -> String {
    text.chars().take(32_000).collect()
}

/// What a sheet may be called: 31 characters, some of them not.
fn sheet_name(words: &str) -> String {
    let name: String = words.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
    if name.is_empty() { "Sheet1".to_owned() } else { name }
}
