//! Guessing what the columns of a table mean.

use std::collections::{HashMap, HashSet};

use jinmen_core::Date;
use jinmen_core::codes::{MobileNumber, ResidentId, Uscc};

use super::cell::reads;
use super::mapping::{ColumnMap, Reason};
use crate::dictionary::{FactKey, FactType, Subject, dictionary};
use crate::table::{self, Cell, Column, Header, Row, UnitHint};

/// Values of a column that a page shows.
const SAMPLES: usize = 3;

/// A table without a header still has columns.
pub(super) fn without_header(rows: &[Row]) -> Header {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let column = |index| Column {
        index,
        letter: table::letter(index),
        heading: String::new(),
        lowest: String::new(),
        unit: None,
        year: None,
        span: false,
    };
    let columns = (0..width).map(column).collect();
    Header { first: 0, last: 0, columns, titles: Vec::new(), unit: None, year: None, score: 0 }
}

/// A guess that a column means a key.
struct Guess {
    score: u8,
    column: usize,
    key: &'static FactKey,
    reason: Reason,
}

/// A guess for every column; no key, or year of a key, is given to two of them.
pub(super) fn guess(header: &Header, samples: &[&Row], subject: Subject, today: Date) -> Vec<ColumnMap> {
    let mut guesses: Vec<Guess> =
        header.columns.iter().flat_map(|column| guesses(column, samples, subject, today)).collect();
    guesses.sort_by_key(|guess| (std::cmp::Reverse(guess.score), guess.column));
    let mut columns: Vec<ColumnMap> = header.columns.iter().map(|column| unread(column, samples, today)).collect();
    let mut taken: HashSet<(&str, Option<i16>)> = HashSet::new();
    for guess in guesses {
        let said = header.columns[guess.column].year.or(header.year).map(|year| year.resolve(today));
        let year = guess.key.by_year.then(|| said.unwrap_or(today.year() - 1));
        let column = &mut columns[guess.column];
        if column.key.is_some() || !taken.insert((&guess.key.key, year)) {
            continue;
        }
        column.key = Some(guess.key.key.clone());
        (column.year, column.year_assumed) = (year, year.is_some() && said.is_none());
        (column.confidence, column.reason) = (guess.score, guess.reason);
        set_unit(column, guess.key, header, samples);
    }
    columns
}

fn unread(column: &Column, samples: &[&Row], today: Date) -> ColumnMap {
    let values = samples.iter().map(|row| row.cell(column.index)).filter(|cell| !cell.is_blank());
    ColumnMap {
        index: column.index,
        letter: column.letter.clone(),
        heading: column.heading.clone(),
        key: None,
        year: None,
        year_assumed: false,
        unit: None,
        unit_assumed: false,
        confidence: 0,
        reason: Reason::None,
        samples: values.take(SAMPLES).map(|cell| masked(&cell.text(), today)).collect(),
    }
}

fn set_unit(column: &mut ColumnMap, key: &FactKey, header: &Header, samples: &[&Row]) {
    let own = header.columns[column.index].unit;
    match key.kind {
        FactType::Money => {
            column.unit = own.or(header.unit).filter(|unit| unit.money().is_some());
            column.unit_assumed = column.unit.is_none();
        }
        // A cell formatted as a percentage holds 0.6 and shows 60 %: where no value is above 1, the
        // sign in the heading is only how it was shown.
        FactType::Ratio if key.unit == "%" => {
            let numbers = samples.iter().filter_map(|row| match row.cell(column.index) {
                Cell::Number(number) => Some(*number),
                _ => None,
            });
            let shares = numbers.fold((0, true), |(count, all), number| (count + 1, all && number <= 1.0));
            column.unit = own
                .filter(|unit| matches!(unit, UnitHint::Percent | UnitHint::PerMille) && !(shares.0 > 1 && shares.1));
        }
        _ => {}
    }
}

fn guesses(column: &Column, samples: &[&Row], subject: Subject, today: Date) -> Vec<Guess> {
    let values: Vec<&Cell> = samples.iter().map(|row| row.cell(column.index)).filter(|cell| !cell.is_blank()).collect();
    let mut scores: HashMap<&str, (u8, Reason)> = HashMap::new();
    let mut raise = |key: &'static str, score: u8, reason: Reason| {
        let known = scores.entry(key).or_insert((score, reason));
        if score > known.0 {
            *known = (score, reason);
        }
    };
    for (key, score) in by_heading(column, subject) {
        if score >= 90 || believable(key, &values, today) {
            raise(key.key.as_str(), score, Reason::Heading);
        }
    }
    for (key, score) in by_values(&values, subject, today) {
        raise(key, score, Reason::Values);
    }
    let mut scores: Vec<_> = scores.into_iter().collect();
    settle_telephones(&mut scores, &values, subject);
    let found = scores.into_iter().filter_map(|(key, (score, reason))| {
        Some(Guess { score, column: column.index, key: dictionary().get(key)?, reason })
    });
    found.collect()
}

/// By the joined heading and by the lowest one alone. Under a heading that is itself a key's, the
/// lowest one alone says little: the telephone under 法定代表人 is not that of the unit.
fn by_heading(column: &Column, subject: Subject) -> Vec<(&'static FactKey, u8)> {
    if column.span || column.heading.is_empty() {
        return Vec::new();
    }
    let of = |heading: &str| dictionary().by_header(subject, heading);
    let mut found: Vec<(&'static FactKey, u8)> =
        of(&column.heading).into_iter().map(|one| (one.key, one.score)).collect();
    let above = column.heading.strip_suffix(column.lowest.as_str()).unwrap_or_default().trim();
    if !above.is_empty() {
        let owned = of(above).first().is_some_and(|one| one.score >= 90);
        let less = if owned { 20 } else { 2 };
        found.extend(of(&column.lowest).into_iter().map(|one| (one.key, one.score.saturating_sub(less))));
    }
    found
}

/// A heading that is only alike must not be contradicted by what stands below it.
fn believable(key: &FactKey, values: &[&Cell], today: Date) -> bool {
    let bad = values.iter().filter(|cell| !reads(key, cell, today)).count();
    values.len() < 3 || bad * 2 <= values.len()
}

/// Numbers that check themselves say what a column is, whatever its heading.
fn by_values(values: &[&Cell], subject: Subject, today: Date) -> Vec<(&'static str, u8)> {
    let most = |is: &dyn Fn(&str) -> bool| {
        let good = values.iter().filter(|cell| is(&cell.text())).count();
        values.len() >= 2 && good * 5 >= values.len() * 4
    };
    let organization = subject == Subject::Organization;
    let mut found = Vec::new();
    if most(&|text| Uscc::parse(text).is_ok()) {
        found.push((if organization { "uscc" } else { "employer_uscc" }, if organization { 100 } else { 95 }));
    }
    if most(&|text| MobileNumber::parse(text).is_ok()) {
        found.push((if organization { "contact_mobile" } else { "mobile" }, 85));
    }
    if !organization && most(&|text| ResidentId::parse(text, today).is_ok()) {
        found.push(("resident_id", 100));
    }
    found
}

/// 电话 may head mobile numbers, which are sealed, or lines of the office: what stands in the column
/// decides.
fn settle_telephones(scores: &mut Vec<(&str, (u8, Reason))>, values: &[&Cell], subject: Subject) {
    if subject != Subject::Organization || values.len() < 3 {
        return;
    }
    let mobiles = values.iter().filter(|cell| MobileNumber::parse(&cell.text()).is_ok()).count();
    for (key, _) in scores
        .iter_mut()
        .filter(|(key, (_, reason))| matches!(*key, "phone" | "contact_mobile") && *reason == Reason::Heading)
    {
        if mobiles * 5 >= values.len() * 4 {
            *key = "contact_mobile";
        } else if mobiles * 5 <= values.len() {
            *key = "phone";
        }
    }
}

fn masked(text: &str, today: Date) -> String {
    match (MobileNumber::parse(text), ResidentId::parse(text, today)) {
        (Ok(number), _) => number.masked(),
        (_, Ok(id)) => id.masked(),
        _ => text.trim().chars().take(40).collect(),
    }
}
