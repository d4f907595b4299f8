//! Values for readers and for exports.

use jinmen_core::codes::{Rounding, Unit};
use jinmen_core::{Locale, Money, Ratio};

use super::dictionary;
use super::key::{FactKey, FactType, Field};
use super::value::{Record, Value};

impl Value {
    /// The value in a reader's language, with its unit: `1,250 万元`, `3.5%`, 是, the name of a code.
    pub fn show(&self, key: &FactKey, locale: Locale) -> String {
        match self {
            Self::Records(records) => {
                let between = if locale == Locale::En { "; " } else { "；" };
                let shown: Vec<String> =
                    records.iter().map(|record| show_record(&key.fields, record, locale)).collect();
                shown.join(between)
            }
            Self::Integer(year) if key.is_calendar_year() && locale == Locale::ZhCn => format!("{year}年"),
            Self::Integer(year) if key.is_calendar_year() => year.to_string(),
            value => show_one(&key.as_field(), value, locale),
        }
    }

    /// The value for a cell of an export, in a form that [`Value::parse`] reads back: yuan, the code,
    /// `2021-05-20`, 是 and 否, `3.5%`.
    pub fn plain(&self, key: &FactKey) -> String {
        match self {
            Self::Records(records) => plain_records(&key.fields, records),
            value => plain_one(&key.unit, value),
        }
    }
}

fn show_one(field: &Field, value: &Value, locale: Locale) -> String {
    let english = locale == Locale::En;
    match value {
        Value::Money(money) => show_money(*money, locale),
        // Without a unit it may be a year, which has no separators.
        Value::Integer(number) if field.unit.is_empty() => number.to_string(),
        Value::Integer(number) => with_unit(&grouped(&number.to_string()), &field.unit, locale),
        Value::Ratio(ratio) if field.unit == "%" => percent(*ratio),
        Value::Ratio(ratio) => with_unit(&grouped(&decimal(*ratio)), &field.unit, locale),
        Value::Date(date) if english => date.to_string(),
        Value::Date(date) => date.to_zh(),
        Value::Code(code) => dictionary().label(field.list.as_deref().unwrap_or_default(), code, locale),
        Value::Boolean(yes) => yes_or_no(*yes, locale).to_owned(),
        Value::Text(text) => text.clone(),
        Value::Records(_) => String::new(),
    }
}

fn yes_or_no(yes: bool, locale: Locale) -> &'static str {
    match (yes, locale) {
        (true, Locale::ZhCn) => "是",
        (false, Locale::ZhCn) => "否",
        (true, Locale::En) => "Yes",
        (false, Locale::En) => "No",
    }
}

/// 亿元 and 万元 where at most four places are left, otherwise every yuan.
fn show_money(money: Money, locale: Locale) -> String {
    if locale == Locale::En {
        let grouped = money.to_grouped_string();
        return format!("CNY {}", grouped.strip_suffix(".00").unwrap_or(&grouped));
    }
    let places = |text: &str| text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    for unit in [Unit::HundredMillion, Unit::TenThousand] {
        let text = money.to_unit_string(unit);
        if money.fen().unsigned_abs() >= unit.fen().unsigned_abs() && places(&text) <= 4 {
            return format!("{} {}", grouped(&text), unit.label_zh());
        }
    }
    let text = money.to_grouped_string();
    format!("{} 元", text.strip_suffix(".00").unwrap_or(&text))
}

fn with_unit(number: &str, unit: &str, locale: Locale) -> String {
    match unit {
        "" => number.to_owned(),
        unit => format!("{number} {}", dictionary().label("unit", unit, locale)),
    }
}

/// Separators between thousands of the whole part.
fn grouped(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if fraction.is_empty() { text } else { format!("{text}.{fraction}") }
}

/// Exact where it ends within eight places, otherwise to two.
fn percent(ratio: Ratio) -> String {
    let long = ratio.to_percent_string(8, Rounding::HalfUp);
    let text = long.trim_end_matches('%');
    match Ratio::parse(&long) == Ok(ratio) {
        true => format!("{}%", without_zeros(text)),
        false => ratio.to_percent_string(2, Rounding::HalfUp),
    }
}

fn decimal(ratio: Ratio) -> String {
    let long = ratio.to_decimal_string(8, Rounding::HalfUp);
    let text = if Ratio::parse(&long) == Ok(ratio) { long } else { ratio.to_decimal_string(2, Rounding::HalfUp) };
    without_zeros(&text).to_owned()
}

fn without_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

fn show_record(fields: &[Field], record: &Record, locale: Locale) -> String {
    let mut shown = fields.iter().filter_map(|field| Some(show_one(field, record.get(&field.name)?, locale)));
    let first = shown.next().unwrap_or_default();
    let rest: Vec<String> = shown.collect();
    match (rest.is_empty(), locale) {
        (true, _) => first,
        (false, Locale::ZhCn) => format!("{first}（{}）", rest.join("，")),
        (false, Locale::En) => format!("{first} ({})", rest.join(", ")),
    }
}

fn plain_one(unit: &str, value: &Value) -> String {
    match value {
        Value::Money(money) => money.to_yuan_string(),
        Value::Integer(number) => number.to_string(),
        // A fraction that does not end is kept as one, so that nothing is lost on the way back.
        Value::Ratio(ratio) => {
            let text = if unit == "%" { percent(*ratio) } else { decimal(*ratio) };
            if Ratio::parse(&text) == Ok(*ratio) { text } else { ratio.to_string() }
        }
        Value::Date(date) => date.to_string(),
        Value::Code(text) | Value::Text(text) => text.clone(),
        Value::Boolean(yes) => yes_or_no(*yes, Locale::ZhCn).to_owned(),
        Value::Records(_) => String::new(),
    }
}

/// Fields by `|` and records by `；`; as JSON where a text has one of the separators in it.
fn plain_records(fields: &[Field], records: &[Record]) -> String {
    let separators: &[char] = &['|', '｜', ';', '；', '\n', '、', ',', '，', '['];
    let text_of = |field: &Field, record: &Record| record.get(&field.name).map(|value| plain_one(&field.unit, value));
    let mut lines = Vec::with_capacity(records.len());
    for record in records {
        let cells: Vec<String> = fields.iter().map(|field| text_of(field, record).unwrap_or_default()).collect();
        let texts = fields.iter().zip(&cells).filter(|(field, _)| field.kind == FactType::Text);
        if texts.into_iter().any(|(_, cell)| cell.contains(separators)) {
            let value = Value::Records(records.to_vec()).to_json();
            return value.get("v").map(ToString::to_string).unwrap_or_default();
        }
        lines.push(cells.join("|").trim_end_matches('|').to_owned());
    }
    lines.join("；")
}
