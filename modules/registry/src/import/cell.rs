//! From a cell to a value.

use jinmen_core::codes::{MobileNumber, ResidentId, Uscc, text};
use jinmen_core::{Date, Fault};

use crate::dictionary::{FactKey, FactType, Value, dictionary};
use crate::table::{Cell, UNDECODABLE, UnitHint};

/// What people write where there is nothing to write.
const NOTHING: [&str; 22] = [
    "", "/", "\\", "//", "-", "--", "---", "—", "——", "_", "无", "暂无", "没有", "n/a", "na", "null", "none", "nil",
    "未填", "不详", "空", ".",
];
/// Errors of formulas, as a CSV and some programs write them.
const ERRORS: [&str; 9] = ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"];
/// Days that a number without a date format may mean: 1954 to 2099.
const SERIALS: std::ops::RangeInclusive<f64> = 20_000.0..=73_050.0;
/// From here on a number has lost digits.
const EXACT: f64 = 999_999_999_999_999.0;

/// Whether a cell says that there is no value for a key. 无 answers a question for yes or no.
pub(super) fn is_nothing(key: &FactKey, cell: &Cell) -> bool {
    let Cell::Text(given) = cell else {
        return cell.is_blank();
    };
    let folded = text::fold(given);
    let answers = matches!(key.kind, FactType::Boolean | FactType::Code);
    NOTHING.contains(&folded.as_str()) && !(answers && Value::parse(key, given).is_ok())
}

/// Whether a cell has a value of a key, or none; for guessing.
pub(super) fn reads(key: &FactKey, cell: &Cell, today: Date) -> bool {
    if is_nothing(key, cell) {
        return true;
    }
    match key.part.as_str() {
        "uscc" | "staff.uscc" => Uscc::parse(&cell.text()).is_ok(),
        "resident_id" => ResidentId::parse(&cell.text(), today).is_ok(),
        "mobile" => MobileNumber::parse(&cell.text()).is_ok() || is_landline(&cell.text()),
        _ => value(key, cell, None).is_ok(),
    }
}

/// The text of a cell where text is kept: names, codes, numbers of people.
///
/// # Errors
/// `registry.import.cell_error`, `undecodable`, `digits_lost`.
pub(super) fn plain_text(cell: &Cell) -> Result<String, Fault> {
    let lost = || Fault::new("registry.import.digits_lost");
    match cell {
        Cell::Error(text) if text == UNDECODABLE => Err(Fault::new("registry.import.undecodable")),
        Cell::Error(text) => Err(Fault::new("registry.import.cell_error").with("text", text)),
        Cell::Number(number) if number.abs() > EXACT => Err(lost()),
        Cell::Text(text) if is_scientific(text) => Err(lost()),
        Cell::Text(text) if ERRORS.contains(&text.trim()) => {
            Err(Fault::new("registry.import.cell_error").with("text", text.trim()))
        }
        cell => Ok(cell.text().trim().to_owned()),
    }
}

/// `9.11202E+17`, as a CSV has it that was saved from a spreadsheet.
fn is_scientific(text: &str) -> bool {
    let folded = text::fold(text);
    let Some((mantissa, exponent)) = folded.split_once("e+") else {
        return false;
    };
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || c == '.');
    digits(mantissa) && digits(exponent)
}

/// The value of a key in a cell that is not empty.
///
/// # Errors
/// As [`Value::parse_in`], and those of [`plain_text`].
pub(super) fn value(key: &FactKey, cell: &Cell, unit: Option<UnitHint>) -> Result<Value, Fault> {
    if let (FactType::Date, Some(date)) = (key.kind, serial_date(cell)) {
        return Ok(Value::Date(date));
    }
    let text = match (key.kind, cell) {
        (FactType::Money, Cell::Number(number)) => money_text(*number, unit),
        (FactType::Integer, Cell::Number(number)) if number.abs() <= EXACT => cell.text().into_owned(),
        (FactType::Code, Cell::Number(_)) => code_text(key, &cell.text()),
        _ => plain_text(cell)?,
    };
    Value::parse_in(key, &text, unit)
}

/// A number in a cell of a workbook was calculated in binary: it counts to the fen.
fn money_text(number: f64, unit: Option<UnitHint>) -> String {
    let places = unit.unwrap_or(UnitHint::Yuan).fen_places();
    let shown: f64 = Cell::Number(number).text().parse().unwrap_or(number);
    format!("{shown:.places$}")
}

/// A code that a spreadsheet took for a number has lost the 0 before it: 301 is 0301.
fn code_text(key: &FactKey, text: &str) -> String {
    let list = key.list.as_deref().and_then(|list| dictionary().list(list));
    let padded = format!("0{text}");
    match list {
        Some(list) if !list.contains(text) && list.contains(&padded) => padded,
        _ => text.to_owned(),
    }
}

/// A day given as the number that spreadsheets keep, or as eight digits.
fn serial_date(cell: &Cell) -> Option<Date> {
    let number = match cell {
        Cell::Date(date) => return Some(*date),
        Cell::Number(number) => *number,
        Cell::Text(given) => {
            let folded = text::fold(given);
            let five = folded.len() == 5 && folded.bytes().all(|byte| byte.is_ascii_digit());
            five.then(|| folded.parse().ok())??
        }
        _ => return None,
    };
    if SERIALS.contains(&number) { Date::from_excel_serial(number, false).ok() } else { None }
}

/// The contact points in a cell: several telephones may stand in one.
///
/// # Errors
/// `mobile.…`, `registry.import.email`, `registry.import.phone`, and those of [`plain_text`].
pub(super) fn contacts(key: &FactKey, cell: &Cell) -> Result<Vec<(&'static str, String)>, Fault> {
    let given = plain_text(cell)?;
    match key.part.as_str() {
        kind @ ("mobile" | "phone") => telephones(kind == "mobile", &given),
        "email" => email(&given).map(|email| vec![("email", email)]),
        "website" => Ok(vec![("website", website(&given))]),
        part => Ok(vec![(part_of(part), given)]),
    }
}

/// Parts of the dictionary live as long as the program.
fn part_of(part: &str) -> &'static str {
    dictionary().all().find(|key| key.part == part).map_or("", |key| key.part.as_str())
}

fn telephones(mobile: bool, given: &str) -> Result<Vec<(&'static str, String)>, Fault> {
    let one = |text: &str| match MobileNumber::parse(text) {
        Ok(number) => Ok(("mobile", number.expose().to_owned())),
        Err(_) if is_landline(text) => Ok(("phone", text::fold(text))),
        Err(fault) if mobile => Err(Fault::of("", &fault)),
        Err(_) => Err(Fault::new("registry.import.phone")),
    };
    let whole = one(given);
    let separators = |c: char| matches!(c, '、' | '/' | ',' | '，' | ';' | '；' | '\n') || c.is_whitespace();
    let parts: Vec<&str> = given.split(separators).filter(|part| !part.is_empty()).collect();
    if whole.is_ok() || parts.len() < 2 {
        return whole.map(|found| vec![found]);
    }
    // Which of them is wrong is for the person to see: the fault is that of the whole.
    parts.into_iter().map(one).collect::<Result<_, _>>().or(whole.map(|found| vec![found]))
}

/// 022-12345678, (022)12345678-801, 400-123-4567, 7 or 8 digits.
pub(super) fn is_landline(given: &str) -> bool {
    let folded = text::fold(given);
    let (number, extension) = match folded.split_once(['转', '#']) {
        Some((number, extension)) => (number, extension),
        None => (folded.as_str(), ""),
    };
    let allowed = number.chars().all(|c| c.is_ascii_digit() || "-() +".contains(c));
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let length = digits.len();
    // With an area code, of a service, of the same city, with the code of the country.
    let shaped = match digits.as_bytes() {
        [b'0', ..] => (10..=16).contains(&length),
        [b'4' | b'8', b'0', b'0', ..] if length > 8 => length == 10,
        [b'8', b'6', ..] if length > 8 => (12..=14).contains(&length),
        [b'2'..=b'9', ..] => matches!(length, 7 | 8),
        _ => false,
    };
    allowed && shaped && extension.trim().chars().all(|c| c.is_ascii_digit() || c == ' ')
}

fn email(given: &str) -> Result<String, Fault> {
    let folded = text::fold(given).replace(' ', "");
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "._+-".contains(c));
    match folded.split_once('@') {
        Some((name, domain)) if plain(name) && plain(domain) && domain.contains('.') => Ok(folded),
        _ => Err(Fault::new("registry.import.email")),
    }
}

/// People leave out the beginning.
fn website(given: &str) -> String {
    let folded = text::fold(given).replace(' ', "");
    if folded.contains("://") { folded } else { format!("http://{folded}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_of_both_kinds_are_told_apart() {
        let read = |mobile, text| telephones(mobile, text).map_err(|fault| fault.code);
        let one = |kind, number: &str| Ok(vec![(kind, number.to_owned())]);
        assert_eq!(read(false, "138 0013 8000"), one("mobile", "13800138000"));
        assert_eq!(read(true, "022-12345678转801"), one("phone", "022-12345678转801"));
        assert_eq!(read(true, "400-123-4567"), one("phone", "400-123-4567"));
        let both = vec![("mobile", "13800138000".to_owned()), ("phone", "022-12345678".to_owned())];
        assert_eq!(read(true, "13800138000/022-12345678"), Ok(both));
        assert_eq!(read(true, "1380013800"), Err("mobile.length".to_owned()));
        assert_eq!(read(false, "张三"), Err("registry.import.phone".to_owned()));
    }

    #[test]
    fn a_number_that_lost_digits_or_a_zero_is_seen() {
        let code = |cell: Cell| plain_text(&cell).map_err(|fault| fault.code);
        assert_eq!(code(Cell::Number(911_201_990_000_000_000.0)), Err("registry.import.digits_lost".to_owned()));
        assert_eq!(code(Cell::Text("9.11202E+17".to_owned())), Err("registry.import.digits_lost".to_owned()));
        assert_eq!(code(Cell::Text("#N/A".to_owned())), Err("registry.import.cell_error".to_owned()));
        assert_eq!(code(Cell::Error(UNDECODABLE.to_owned())), Err("registry.import.undecodable".to_owned()));
        let class = dictionary().get("digital_economy_class").unwrap();
        assert_eq!(value(class, &Cell::Number(301.0), None), Ok(Value::Code("0301".to_owned())));
    }

    #[test]
    fn a_year_is_no_day_and_a_serial_number_is() {
        let day = |cell: Cell| value(dictionary().get("founded_on").unwrap(), &cell, None).map_err(|fault| fault.code);
        let date = |text| Ok(Value::Date(Date::from_iso(text).unwrap()));
        assert_eq!(day(Cell::Number(44_336.0)), date("2021-05-20"));
        assert_eq!(day(Cell::Text("44336".to_owned())), date("2021-05-20"));
        assert_eq!(day(Cell::Number(20_210_520.0)), date("2021-05-20"));
        assert_eq!(day(Cell::Number(2015.0)), Err("date.incomplete".to_owned()));
    }

    #[test]
    fn an_amount_that_was_calculated_counts_to_the_fen() {
        let revenue = dictionary().get("annual_revenue").unwrap();
        let read = |number, unit| match value(revenue, &Cell::Number(number), unit) {
            Ok(Value::Money(money)) => money.fen(),
            other => panic!("{other:?}"),
        };
        assert_eq!(read(0.1 + 0.2, None), 30);
        assert_eq!(read(100.0 / 3.0, Some(UnitHint::TenThousand)), 33_333_333);
        assert_eq!(read(1.5, Some(UnitHint::HundredMillion)), 15_000_000_000);
        assert_eq!(read(12.0, Some(UnitHint::Thousand)), 1_200_000);
    }
}
