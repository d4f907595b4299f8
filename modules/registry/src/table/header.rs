//! Finding the header: below title rows, over one to three rows, with a row of units or of column
//! numbers under it.

use std::collections::HashSet;

use jinmen_core::codes::{Uscc, text};
use serde::{Deserialize, Serialize};

use super::heading::{Heading, UnitHint, YearHint, sheet_unit};
use super::{Cell, Row, letter};

/// The header is looked for in so many rows.
pub const LOOKED_AT: usize = 30;
/// Rows a header may have.
const MOST_LEVELS: usize = 3;
/// Characters of a heading; longer is an explanation.
const LONGEST: usize = 60;

/// A column with what its header says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Column {
    /// Its place, from 0.
    pub index: usize,
    /// Its letters.
    pub letter: String,
    /// The headings from top to bottom, joined by spaces; empty for a column without.
    pub heading: String,
    /// The lowest heading alone.
    pub lowest: String,
    /// The unit in the header.
    pub unit: Option<UnitHint>,
    /// The year in the header.
    pub year: Option<YearHint>,
    /// Whether the header speaks of several years together.
    pub span: bool,
}

/// A header.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Header {
    /// Number of its first row.
    pub first: u32,
    /// Number of its last row, units and column numbers included.
    pub last: u32,
    /// The columns from A on, to the last one with anything in the rows looked at.
    pub columns: Vec<Column>,
    /// The texts above it.
    pub titles: Vec<String>,
    /// The unit that a title gives for the whole sheet.
    pub unit: Option<UnitHint>,
    /// The year that a title gives.
    pub year: Option<YearHint>,
    /// How well its headings are known: 10 for each known one, 4 for a likely one, 1 for another.
    pub score: u32,
}

/// The headings of a column while rows are added.
#[derive(Clone, Default)]
struct Levels {
    texts: Vec<String>,
    unit: Option<UnitHint>,
}

/// Finds the header in the first rows of a sheet. `known` says of a heading how well it is known, 0 to
/// 100; where none is, the first row that looks like a header is taken. `None` if none does.
pub fn find_header(rows: &[Row], known: &dyn Fn(&str) -> u8) -> Option<Header> {
    let looked_at = &rows[..rows.len().min(LOOKED_AT)];
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut best: Option<(u32, usize, usize, Vec<Levels>)> = None;
    for start in (0..looked_at.len()).filter(|start| is_heading_row(&looked_at[*start])) {
        let mut levels = top(&looked_at[start], width);
        let mut raw = texts(&looked_at[start], width);
        for depth in 1..=MOST_LEVELS {
            let score = score(&levels, known);
            if best.as_ref().is_none_or(|(before, ..)| score > *before) {
                best = Some((score, start, depth, levels.clone()));
            }
            // One cell over all the others is a title, not a heading of theirs.
            let groups = looked_at[start].filled().count() > 1;
            let Some(below) = looked_at.get(start + depth).filter(|_| groups && depth < MOST_LEVELS) else {
                break;
            };
            let adjacent = below.number == looked_at[start + depth - 1].number + 1;
            if !adjacent || !extends(&raw, below, known) {
                break;
            }
            raw = add(&mut levels, &raw, below);
        }
    }
    let (score, start, depth, levels) =
        best.filter(|(score, ..)| *score >= 10).or_else(|| fallback(looked_at, width))?;
    Some(header(rows, start, depth, levels, score))
}

fn header(rows: &[Row], start: usize, depth: usize, mut levels: Vec<Levels>, score: u32) -> Header {
    let mut last = start + depth - 1;
    while let Some(below) = rows.get(last + 1).filter(|row| is_ordinal_row(row) || is_unit_row(row)) {
        if is_unit_row(below) {
            set_units(&mut levels, below);
        }
        last += 1;
    }
    let titles: Vec<String> =
        rows[..start].iter().flat_map(|row| row.filled().map(|(_, cell)| cell.text().trim().to_owned())).collect();
    let year = |title: &String| Heading::parse(title).year.filter(|year| matches!(year, YearHint::Year(_)));
    Header {
        first: rows[start].number,
        last: rows[last].number,
        columns: levels.into_iter().enumerate().map(|(index, levels)| column(index, &levels)).collect(),
        unit: titles.iter().find_map(|title| sheet_unit(title)),
        year: titles.iter().find_map(year),
        titles,
        score,
    }
}

fn column(index: usize, levels: &Levels) -> Column {
    let parts: Vec<Heading> = levels.texts.iter().map(|text| Heading::parse(text)).collect();
    let last = |pick: fn(&Heading) -> Option<UnitHint>| parts.iter().rev().find_map(pick);
    Column {
        index,
        letter: letter(index),
        heading: levels.texts.join(" "),
        lowest: levels.texts.last().cloned().unwrap_or_default(),
        unit: levels.unit.or_else(|| last(|part| part.unit)),
        year: parts.iter().rev().find_map(|part| part.year),
        span: parts.iter().any(|part| part.span),
    }
}

fn texts(row: &Row, width: usize) -> Vec<String> {
    (0..width).map(|column| row.cell(column).text().trim().replace(['\n', '\r'], "")).collect()
}

fn top(row: &Row, width: usize) -> Vec<Levels> {
    let level =
        |text: String| Levels { texts: Some(text).filter(|text| !text.is_empty()).into_iter().collect(), unit: None };
    texts(row, width).into_iter().map(level).collect()
}

fn score(levels: &[Levels], known: &dyn Fn(&str) -> u8) -> u32 {
    let points = |levels: &Levels| match levels.texts.last() {
        None => 0,
        Some(lowest) => match known(&levels.texts.concat()).max(known(lowest)) {
            90.. => 10,
            60.. => 4,
            _ => 1,
        },
    };
    let total: u32 = levels.iter().map(points).sum();
    // A row of unknown words alone is no header, however long.
    let some_known = levels.iter().any(|levels| points(levels) > 1);
    if some_known { total } else { 0 }
}

/// Nothing but short words that differ, and years.
fn is_heading_row(row: &Row) -> bool {
    let mut seen = HashSet::new();
    let mut filled = 0;
    for (_, cell) in row.filled() {
        if !is_heading(cell) {
            return false;
        }
        filled += 1;
        seen.insert(cell.text().trim().to_owned());
    }
    filled > 0 && seen.len() * 2 > filled
}

fn is_heading(cell: &Cell) -> bool {
    let is_year = |text: &str| text.len() == 4 && text.parse().is_ok_and(|year: u16| (1990..2100).contains(&year));
    match cell {
        Cell::Number(_) => is_year(&cell.text()),
        Cell::Text(given) => {
            let folded = text::fold(given);
            let digits = folded.chars().filter(char::is_ascii_digit).count();
            let numeric = digits > 0 && folded.chars().all(|c| c.is_ascii_digit() || ".,-+%/ ".contains(c));
            // 填报单位：某公司 and 单位：万元 are titles, 营业收入：万元 is a heading.
            let labelled = folded.split_once(':').is_some_and(|(label, after)| {
                !after.is_empty() && (UnitHint::read(after).is_none() || label.ends_with("单位"))
            });
            let short = folded.chars().count() <= LONGEST && !labelled;
            short && (!numeric || is_year(&folded)) && Uscc::parse(&folded).is_err()
        }
        _ => false,
    }
}

/// Nothing but units.
fn is_unit_row(row: &Row) -> bool {
    !row.is_blank() && row.filled().all(|(_, cell)| UnitHint::read(&cell.text()).is_some())
}

fn set_units(levels: &mut [Levels], row: &Row) {
    for (column, levels) in levels.iter_mut().enumerate() {
        levels.unit = UnitHint::read(&row.cell(column).text()).or(levels.unit);
    }
}

/// Whether the row below a header row belongs to the header: it fills the gaps of merged headings and
/// leaves alone what has no gap.
fn extends(above: &[String], below: &Row, known: &dyn Fn(&str) -> u8) -> bool {
    let lower = texts(below, above.len());
    if below.is_blank() || is_unit_row(below) || !below.filled().all(|(_, cell)| is_heading(cell)) {
        return false;
    }
    let filled = |column: usize| lower.get(column).is_some_and(|text| !text.is_empty());
    let begins_group = |column: usize| above.get(column + 1).is_some_and(String::is_empty) && filled(column + 1);
    (0..above.len()).filter(|column| filled(*column)).all(|column| {
        let (upper, lower) = (&above[column], lower[column].as_str());
        let year = || Heading::parse(upper).year.is_some();
        upper.is_empty() || begins_group(column) || year() || known(lower) >= 90
    }) && (0..above.len()).any(filled)
}

/// Adds a row of headings; what stands over a gap is the heading to its left, if that has a gap below
/// it no more than this one. Gives what the next row is compared with.
fn add(levels: &mut [Levels], above: &[String], below: &Row) -> Vec<String> {
    let lower = texts(below, levels.len());
    let mut group: Option<Vec<String>> = None;
    let mut raw = above.to_vec();
    for column in 0..levels.len() {
        let text = &lower[column];
        let own = !above[column].is_empty();
        match (own, text.is_empty()) {
            (true, false) => group = Some(levels[column].texts.clone()),
            (true, true) => group = None,
            (false, true) => group = None,
            (false, false) => levels[column].texts = group.clone().unwrap_or_default(),
        }
        if !text.is_empty() {
            levels[column].texts.push(text.clone());
            raw[column] = text.clone();
        }
    }
    raw
}

/// The first row that has at least half as many cells as the fullest one.
fn fallback(rows: &[Row], width: usize) -> Option<(u32, usize, usize, Vec<Levels>)> {
    let fullest = rows.iter().map(|row| row.filled().count()).max().unwrap_or(0);
    let fits = |row: &&Row| is_heading_row(row) && row.filled().count() >= 2.max(fullest.div_ceil(2));
    let start = rows.iter().position(|row| fits(&row))?;
    Some((0, start, 1, top(&rows[start], width)))
}

/// The row of column numbers under a statistical header: 1, 2, 3 … or 甲, 乙, 1, 2 ….
pub fn is_ordinal_row(row: &Row) -> bool {
    let cells: Vec<String> = row.filled().map(|(_, cell)| text::fold(&cell.text())).collect();
    let stems = ["甲", "乙", "丙", "丁", "戊", "己"];
    let lead = cells.iter().zip(stems).take_while(|(cell, stem)| cell.as_str() == *stem).count();
    let digits = |text: &String| text.trim_matches(['(', ')', '[', ']', ' ']).parse::<usize>().ok();
    let numbers: Vec<Option<usize>> = cells[lead..].iter().map(digits).collect();
    let counted = numbers.iter().enumerate().all(|(at, number)| *number == Some(at + 1));
    cells.len() >= 3 && counted
}
