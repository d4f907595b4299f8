//! Files as offices send them, and files that are none.

mod header;

use std::io::Write;
use std::path::PathBuf;

use encoding_rs::GB18030;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Formula, Workbook};
use tempfile::TempDir;

use super::*;

/// A file that lives as long as the directory.
pub(crate) fn file(bytes: &[u8], name: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn all(bytes: &[u8], name: &str) -> Result<Vec<Row>, Fault> {
    let (_folder, path) = file(bytes, name);
    let mut source = open(&path, name)?;
    let mut rows = Vec::new();
    for sheet in 0..source.sheets().len() {
        for row in source.rows(sheet)? {
            rows.push(row?);
        }
    }
    Ok(rows)
}

fn words(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
    let rows = all(bytes, "t.csv").unwrap();
    rows.into_iter().map(|row| (row.number, row.cells.iter().map(|cell| cell.text().into_owned()).collect())).collect()
}

fn refused(bytes: &[u8], name: &str) -> String {
    all(bytes, name).unwrap_err().code
}

fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
    (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

const TEXT: &str = "企业名称,注册资本\n演示一公司,\"1,200\"\n";

#[test]
fn every_encoding_of_an_office_is_read() {
    let expected = [row(1, &["企业名称", "注册资本"]), row(2, &["演示一公司", "1,200"])];
    let utf16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.into_iter().chain(TEXT.encode_utf16().flat_map(bytes)).collect()
    };
    assert_eq!(words(TEXT.as_bytes()), expected);
    assert_eq!(words(&[b"\xEF\xBB\xBF", TEXT.as_bytes()].concat()), expected);
    assert_eq!(words(&utf16([0xFF, 0xFE], u16::to_le_bytes)), expected);
    assert_eq!(words(&utf16([0xFE, 0xFF], u16::to_be_bytes)), expected);
    assert_eq!(words(&GB18030.encode(TEXT).0), expected);
    // A rare character that only the four-byte form of GB18030 has.
    let rare = GB18030.encode("名称,法人\n演示,\u{20BB7}野\n").0.into_owned();
    assert_eq!(words(&rare)[1], row(2, &["演示", "\u{20BB7}野"]));
}

#[test]
fn every_delimiter_is_found() {
    for delimiter in [",", ";", "\t"] {
        let text = format!("甲{delimiter}乙{delimiter}丙\n1{delimiter}2{delimiter}3,4\n5{delimiter}6{delimiter}7\n");
        let text = if delimiter == "," { text.replace("3,4", "\"3,4\"") } else { text };
        assert_eq!(words(text.as_bytes())[1], row(2, &["1", "2", "3,4"]), "{delimiter:?}");
    }
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let text = "名称,备注\r\n\r\n一,\"两\r\n行\"\r\n\r\n\r\n二,=\"007\"\r\n三,'=1";
    assert_eq!(
        words(text.as_bytes()),
        [row(1, &["名称", "备注"]), row(3, &["一", "两\r\n行"]), row(6, &["二", "007"]), row(7, &["三", "=1"])]
    );
}

#[test]
fn bytes_that_are_no_text_are_an_error_in_their_cell() {
    let mut bytes = GB18030.encode("名称,地址\n一,天津\n").0.into_owned();
    bytes.extend(b"\xB6\xFE,\xFF\xFF\n");
    bytes.extend(GB18030.encode("三,河西\n".repeat(200).as_str()).0.iter());
    let rows = all(&bytes, "t.csv").unwrap();
    assert_eq!(
        rows[2],
        Row { number: 3, cells: vec![Cell::Text("二".to_owned()), Cell::Error(UNDECODABLE.to_owned())] }
    );
    assert_eq!(rows.len(), 203);
}

#[test]
fn what_is_no_table_says_what_it_is() {
    assert_eq!(refused(b"", "a.csv"), "registry.table.empty");
    assert_eq!(refused(b"%PDF-1.7", "a.xlsx"), "registry.table.not_a_table");
    assert_eq!(refused("\u{feff}<html><table><tr><td>1".as_bytes(), "a.xls"), "registry.table.html");
    assert_eq!(refused(b"<?xml version=\"1.0\"?><Workbook>", "a.xls"), "registry.table.html");
    let compound = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    assert_eq!(refused(&compound, "a.xls"), "registry.table.old_excel");
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let locked = [&compound[..], &vec![0; 65_530], &name].concat();
    assert_eq!(refused(&locked, "a.xlsx"), "registry.table.encrypted");
    assert_eq!(refused(&zip(&[("mimetype", b"x"), ("content.xml", b"<x/>")]), "a.ods"), "registry.table.open_document");
    assert_eq!(refused(&zip(&[("xl/workbook.bin", b"x")]), "a.xlsb"), "registry.table.binary_workbook");
    assert_eq!(refused(&zip(&[("word/document.xml", b"<x/>")]), "a.docx"), "registry.table.not_a_table");
    assert_eq!(refused(b"PK\x03\x04broken", "a.xlsx"), "registry.table.damaged");
    assert_eq!(refused(&[0, 1, 2, 3, 0, 0], "a.dat"), "registry.table.not_a_table");
    let noise: Vec<u8> = (0..4_000_u32).map(|at| 0x80 + (at * 7919 % 127) as u8).collect();
    assert_eq!(refused(&noise, "a.csv"), "registry.table.encoding");
}

#[test]
fn limits_are_named() {
    let wide = "x,".repeat(501) + "x\n";
    assert_eq!(refused(wide.as_bytes(), "a.csv"), "registry.table.too_many_columns");
    let blank_wide = ",".repeat(900) + "\n";
    assert!(all(("名称,a\n".to_owned() + &blank_wide).as_bytes(), "a.csv").is_ok());
    let long = format!("名称,b\n{},1\n", "长".repeat(MOST_CHARACTERS + 1));
    let fault = all(long.as_bytes(), "a.csv").unwrap_err();
    assert_eq!((fault.code.as_str(), fault.args[1].1.as_str()), ("registry.table.cell_too_long", "A2"));
    let open_quote = format!("名称,b\n\"{}", "x,y\n".repeat(5 << 20));
    assert_eq!(refused(open_quote.as_bytes(), "a.csv"), "registry.table.row_too_long");
}

pub(crate) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn small_workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let day = CellFormat::new().set_num_format("yyyy/m/d");
    let sheet = book.add_worksheet().set_name("名录").unwrap();
    sheet.write(0, 0, "企业名称").unwrap();
    sheet.write(0, 2, "成立日期").unwrap();
    sheet.write(4, 0, "演示一公司").unwrap();
    sheet.write(4, 1, 0.1 + 0.2).unwrap();
    sheet.write_with_format(4, 2, ExcelDateTime::from_ymd(2021, 5, 20).unwrap(), &day).unwrap();
    sheet.write(4, 3, true).unwrap();
    sheet.write_formula(4, 4, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write_formula(4, 5, Formula::new("=A0").set_result("#REF!")).unwrap();
    book.add_worksheet().set_name("密").unwrap().set_hidden(true).write(0, 0, "藏").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_cell_by_cell_without_its_hidden_sheets() {
    let rows = all(&small_workbook(), "a.xlsx").unwrap();
    assert_eq!(rows.len(), 2);
    let second = &rows[1];
    assert_eq!((second.number, second.cell(0).text().as_ref()), (5, "演示一公司"));
    assert_eq!(second.cell(1).text(), "0.3");
    assert_eq!(second.cell(2), &Cell::Date(Date::new(2021, 5, 20).unwrap()));
    assert_eq!(second.cell(3), &Cell::Bool(true));
    assert_eq!(second.cell(4).text(), "2");
    assert_eq!(second.cell(5).text(), "#REF!");
    assert_eq!(second.cell(99), &Cell::Empty);
}

/// The parts of the workbook with one of them replaced.
fn with_part(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(small_workbook())).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut content).unwrap();
        let own = part.name().unwrap().into_owned();
        parts.push((own.clone(), if own == name { bytes.to_vec() } else { content }));
    }
    zip(&parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
}

#[test]
fn a_workbook_that_would_fill_the_memory_is_refused() {
    let sheet = "xl/worksheets/sheet1.xml";
    let blown = [b"<worksheet><sheetData>".to_vec(), b"<row></row>".repeat(8 << 20)].concat();
    assert_eq!(refused(&with_part(sheet, &blown), "a.xlsx"), "registry.table.bomb");
    let token = [b"<worksheet><sheetData><row><c t=\"str\"><v>".to_vec(), vec![b'x'; 2 << 20]].concat();
    assert_eq!(refused(&with_part(sheet, &token), "a.xlsx"), "registry.table.text_too_long");
    let comment = [b"<worksheet><!-- ".to_vec(), b"< > ".repeat(1 << 19)].concat();
    assert_eq!(refused(&with_part(sheet, &comment), "a.xlsx"), "registry.table.text_too_long");
    let strings = b"<sst uniqueCount=\"99999999999\"></sst>";
    assert_eq!(refused(&with_part("xl/sharedStrings.xml", strings), "a.xlsx"), "registry.table.damaged");
}

#[test]
fn malformed_sheets_are_faults() {
    let sheet = |cells: &str| {
        with_part(
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{cells}</sheetData></worksheet>").as_bytes(),
        )
    };
    let code = |cells: &str| refused(&sheet(cells), "a.xlsx");
    assert_eq!(
        code("<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"),
        "registry.table.damaged_row"
    );
    assert_eq!(code("<row r=\"1\"><c r=\"A1\" t=\"e\"><v>#SPILL!</v></c></row>"), "registry.table.cell_error");
    assert_eq!(code("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>999</v></c></row>"), "registry.table.damaged_row");
    assert_eq!(code("<row r=\"2000000\"><c r=\"A2000000\"><v>1</v></c></row>"), "registry.table.too_many_rows");
    assert_eq!(code("<row r=\"1\"><c r=\"ZZZ1\"><v>1</v></c></row>"), "registry.table.too_many_columns");
    all(&sheet("<row r=\"1\"><c r=\"ZZZZZZZZZZZZ1\"><v>1</v></c></row>"), "a.xlsx").unwrap_err();
    all(&sheet("<row r=\"99999999999999\"><c><v>1</v></c></row>"), "a.xlsx").unwrap_err();
}

#[test]
fn a_truncated_workbook_is_damaged_wherever_it_ends() {
    let whole = small_workbook();
    for length in (4..whole.len()).step_by(97) {
        let fault = all(&whole[..length], "a.xlsx").unwrap_err();
        assert!(
            ["registry.table.damaged", "registry.table.not_a_table"].contains(&fault.code.as_str()),
            "{length}: {fault:?}"
        );
    }
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000), name in "[a-z]{1,3}\\.(csv|xls|xlsx)") {
        all(&bytes, &name).ok();
    }

    #[test]
    fn no_change_to_a_workbook_makes_reading_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut bytes = small_workbook();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        all(&bytes, "a.xlsx").ok();
    }

    #[test]
    fn no_markup_makes_reading_panic(text in "(<(row|c|v|is|t|f|/row|/c|/v|/is|/t)( r=\"[A-Z]{0,4}[0-9]{0,12}\")?( t=\"(s|n|e|b|d|str|inlineStr)\")?>|[0-9#A-Z!/.-]{0,6}){0,40}") {
        all(&with_part("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{text}").as_bytes()), "a.xlsx").ok();
    }

    #[test]
    fn a_csv_comes_back_as_it_was_written(rows in prop::collection::vec(prop::collection::vec("[\\p{Han}a-z0-9 \"\n,;]{0,8}", 2..5), 1..20)) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let bytes = writer.into_inner().unwrap();
        let (_folder, path) = file(&bytes, "t.csv");
        let mut source = open(&path, "t.csv").unwrap();
        if source.format() == (Format::Delimited { encoding: Encoding::Utf8, delimiter: ',' }) {
            for (row, read) in rows.iter().zip(source.rows(0).unwrap()) {
                let read = read.unwrap();
                for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty() && !cell.starts_with('\'')) {
                    prop_assert_eq!(cell, &read.cell(column).text());
                }
            }
        }
    }
}

#[test]
fn columns_have_letters() {
    assert_eq!([0, 25, 26, 701, 702].map(letter), ["A", "Z", "AA", "ZZ", "AAA"]);
}
