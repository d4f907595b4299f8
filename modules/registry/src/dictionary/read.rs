//! Reading what people type.

use jinmen_core::codes::{Unit, text};
use jinmen_core::{Date, Fault, Money, Ratio};

use super::key::{Bound, FactKey, FactType, Field};
use super::value::{Record, Value, record_from_json};
use super::{Dictionary, dictionary};
use crate::table::UnitHint;

/// Characters of a text.
const TEXT_MOST: usize = 4_000;
/// Records of one value.
const RECORDS_MOST: usize = 500;
const YES: [&str; 17] = [
    "是",
    "有",
    "√",
    "✓",
    "✔",
    "1",
    "y",
    "yes",
    "true",
    "t",
    "对",
    "是的",
    "具备",
    "已认定",
    "已入库",
    "属于",
    "已上市",
];
const NO: [&str; 17] = [
    "否",
    "无",
    "没有",
    "×",
    "✗",
    "x",
    "0",
    "n",
    "no",
    "false",
    "f",
    "非",
    "不是",
    "未认定",
    "未入库",
    "不属于",
    "暂无",
];
/// What may stand after a number without changing it.
const COUNTED: [char; 16] =
    ['人', '名', '个', '件', '项', '家', '年', '月', '岁', '户', '次', '条', '份', '篇', '位', '种'];

impl Value {
    /// Reads a value as people type it: `1,250万元`, `3.5%`, `２０２１年５月２０日`, a code or its name, 是.
    /// Money that says no unit is in yuan.
    ///
    /// # Errors
    /// A fault in the field of the key, with the code of the engine that refused it (`money.malformed`)
    /// or `registry.value.…`.
    pub fn parse(key: &FactKey, text: &str) -> Result<Self, Fault> {
        Self::parse_in(key, text, None)
    }

    /// The same, where a table says the unit of numbers that say none.
    ///
    /// # Errors
    /// As [`Value::parse`].
    pub fn parse_in(key: &FactKey, text: &str, unit: Option<UnitHint>) -> Result<Self, Fault> {
        let named = |fault: Fault| Fault { field: Some(key.key.clone()), ..fault };
        if text.trim().is_empty() {
            return Err(Fault::at(&key.key, "registry.value.empty"));
        }
        let value = match key.kind {
            FactType::Integer if key.is_calendar_year() => calendar_year(text),
            FactType::Records => records(&key.fields, text),
            _ => one(dictionary(), &key.as_field(), text, unit),
        };
        let value = value.map_err(named)?;
        key.check_range(&value, None).map_err(named)?;
        Ok(value)
    }
}

impl FactKey {
    /// Whether a value is within the range of the key; `today` bounds days that cannot be to come.
    ///
    /// # Errors
    /// `registry.value.negative`, `…too_small` (`least`), `…too_large` (`most`), `…future` (`today`).
    pub fn check(&self, value: &Value, today: Date) -> Result<(), Fault> {
        self.check_range(value, Some(today)).map_err(|fault| Fault { field: Some(self.key.clone()), ..fault })
    }

    fn check_range(&self, value: &Value, today: Option<Date>) -> Result<(), Fault> {
        let number = match value {
            Value::Money(money) => Ratio::new(money.fen(), 100).ok(),
            Value::Integer(number) => Some(Ratio::from(*number)),
            Value::Ratio(ratio) => Some(*ratio),
            _ => None,
        };
        match (self.min, number) {
            (Some(Bound::Number(least)), Some(number)) if number < least => {
                let code = if least == Ratio::ZERO { "negative" } else { "too_small" };
                return Err(Fault::new(&format!("registry.value.{code}")).with("least", least));
            }
            _ => {}
        }
        match (self.max, number, value) {
            (Some(Bound::Number(most)), Some(number), _) if number > most => {
                Err(Fault::new("registry.value.too_large").with("most", most))
            }
            (Some(Bound::Today), _, Value::Date(date)) if today.is_some_and(|today| *date > today) => {
                let today = today.map(|today| today.to_string()).unwrap_or_default();
                Err(Fault::new("registry.value.future").with("today", today))
            }
            (Some(Bound::Day(most)), _, Value::Date(date)) if *date > most => {
                Err(Fault::new("registry.value.too_large").with("most", most))
            }
            _ => match (self.min, value) {
                (Some(Bound::Day(least)), Value::Date(date)) if *date < least => {
                    Err(Fault::new("registry.value.too_small").with("least", least))
                }
                _ => Ok(()),
            },
        }
    }
}

fn one(dictionary: &Dictionary, field: &Field, given: &str, unit: Option<UnitHint>) -> Result<Value, Fault> {
    let name = &field.name;
    match field.kind {
        FactType::Money => money(given, unit).map(Value::Money),
        FactType::Integer => integer(given).map(Value::Integer),
        FactType::Ratio => ratio(given, &field.unit, unit).map(Value::Ratio),
        FactType::Date => Date::parse(given).map(Value::Date).map_err(|fault| Fault::of(name, &fault)),
        FactType::Code => dictionary.choose(field.list.as_deref().unwrap_or_default(), given).map(Value::Code),
        FactType::Boolean => boolean(given).map(Value::Boolean),
        FactType::Text | FactType::Records => words(given).map(Value::Text),
    }
}

fn money(given: &str, unit: Option<UnitHint>) -> Result<Money, Fault> {
    let (unit, times) = unit.and_then(UnitHint::money).unwrap_or((Unit::Yuan, 1));
    let says_unit = given.contains(['元', '万', '亿', '千', '百', '角', '分', '萬', '億', '圆']);
    let read = Money::parse(given, unit).map_err(|fault| Fault::of("", &fault))?;
    if says_unit { Ok(read) } else { read.checked_mul(times).map_err(|fault| Fault::of("", &fault)) }
}

fn integer(given: &str) -> Result<i64, Fault> {
    let fault = || Fault::new("registry.value.integer").with("text", cut(given));
    let folded = text::fold(given);
    let bare = folded.trim_end_matches(COUNTED).replace(' ', "");
    let (sign, digits) = match bare.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, bare.strip_prefix('+').unwrap_or(&bare)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    let plain = groups.concat();
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !grouped
        || groups[0].is_empty()
        || !numeric(&plain)
        || !numeric(fraction)
        || !fraction.trim_end_matches('0').is_empty()
    {
        return Err(fault());
    }
    plain.parse::<i64>().map(|number| number * sign).map_err(|_| fault())
}

/// The year of a year, a month or a day.
fn calendar_year(given: &str) -> Result<Value, Fault> {
    let read = jinmen_core::codes::PartialDate::parse(given).map_err(|fault| Fault::of("", &fault))?;
    Ok(Value::Integer(read.first_day().year().into()))
}

/// A share: `3.5%`, `0.035`, and `60` for 60 %, since nobody means sixty times the whole. A quantity:
/// a number with decimals and perhaps its unit.
fn ratio(given: &str, unit: &str, hint: Option<UnitHint>) -> Result<Ratio, Fault> {
    let of = |fault: jinmen_core::codes::RatioFault| Fault::of("", &fault);
    let folded = text::fold(given).replace(' ', "");
    if unit != "%" {
        let bare = ["平方米", "平米", "㎡", "m²", "m2", unit].into_iter().find_map(|unit| folded.strip_suffix(unit));
        return Ratio::parse(&without_separators(bare.unwrap_or(&folded))).map_err(of);
    }
    let says = folded.ends_with(['%', '‰']) || folded.contains('/');
    let read = Ratio::parse(&folded).map_err(of)?;
    let scale = match hint {
        _ if says => 1,
        Some(UnitHint::PerMille) => 1_000,
        Some(UnitHint::Percent) => 100,
        _ if read > Ratio::ONE => 100,
        _ => 1,
    };
    read.checked_div(Ratio::from(scale)).map_err(of)
}

/// Drops commas where they group thousands.
fn without_separators(text: &str) -> String {
    let whole = text.split('.').next().unwrap_or_default().trim_start_matches('-');
    let mut groups = whole.split(',');
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    if first && groups.all(|group| group.len() == 3) { text.replace(',', "") } else { text.to_owned() }
}

fn boolean(given: &str) -> Result<bool, Fault> {
    let folded = text::fold(given);
    let word = folded.split('(').next().unwrap_or_default().trim().trim_end_matches(['。', '.']);
    match () {
        () if YES.contains(&word) => Ok(true),
        () if NO.contains(&word) => Ok(false),
        () => Err(Fault::new("registry.value.boolean").with("text", cut(given))),
    }
}

/// Words without what cannot be seen.
fn words(given: &str) -> Result<String, Fault> {
    let unseen = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let clean: String = given.replace("\r\n", "\n").replace('\t', " ").chars().filter(|c| !unseen(*c)).collect();
    let clean = clean.trim();
    match clean.chars().count() {
        0 => Err(Fault::new("registry.value.empty")),
        length if length > TEXT_MOST => Err(Fault::new("registry.value.too_long").with("most", TEXT_MOST)),
        _ => Ok(clean.to_owned()),
    }
}

/// An array as JSON, or records separated by semicolons or lines with their fields separated by `|`.
/// Without a `|` each record is its first field, and 、 separates too (so do commas if there is no
/// other field).
fn records(fields: &[Field], given: &str) -> Result<Value, Fault> {
    let malformed = || Fault::new("registry.value.records").with("text", cut(given));
    if given.trim_start().starts_with('[')
        && let Ok(serde_json::Value::Array(array)) = serde_json::from_str(given)
    {
        let records: Option<Vec<Record>> = array.iter().map(|record| record_from_json(fields, record)).collect();
        return records.map(Value::Records).ok_or_else(malformed);
    }
    let clean = words(given)?;
    let barred = clean.contains(['|', '｜']);
    let separates = |c: char| match c {
        ';' | '；' | '\n' => true,
        '、' => !barred,
        ',' | '，' => !barred && fields.len() == 1,
        _ => false,
    };
    let items = clean.split(separates).map(str::trim).filter(|item| !item.is_empty());
    let records: Vec<Record> = items.map(|item| record(fields, item)).collect::<Result<_, _>>()?;
    match records.len() {
        0 => Err(malformed()),
        found if found > RECORDS_MOST => Err(Fault::new("registry.value.too_many").with("most", RECORDS_MOST)),
        _ => Ok(Value::Records(records)),
    }
}

fn record(fields: &[Field], item: &str) -> Result<Record, Fault> {
    let mut record = Record::new();
    let mut parts = item.split(['|', '｜']).map(str::trim);
    for field in fields {
        let Some(part) = parts.next() else { break };
        if !part.is_empty() {
            record.insert(field.name.clone(), one(dictionary(), field, part, None)?);
        }
    }
    let complete = fields.first().is_some_and(|first| record.contains_key(&first.name)) && parts.next().is_none();
    if complete { Ok(record) } else { Err(Fault::new("registry.value.records").with("text", cut(item))) }
}

fn cut(text: &str) -> String {
    text.trim().chars().take(40).collect()
}
