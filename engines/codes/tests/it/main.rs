//! One test binary: what the crate promises, against slow and obvious references.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod data;
mod date;
mod faults;
mod lists;
mod money;
mod numbers_of_people;
mod period;
mod ratio;
mod size;
mod text;
mod uscc;
mod working_days;

use codes::Date;

/// A day by its ISO form.
fn day(text: &str) -> Date {
    Date::from_iso(text).unwrap()
}

/// The rows of a data file by an independent CSV reader, headers first.
fn csv_rows(file: &str) -> Vec<Vec<String>> {
    let path = format!("{}/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Texts that no parser may panic on or take.
const HOSTILE: [&str; 13] =
    ["", " ", "\u{3000}", "\0", "😀", "　\u{200B}", "-", "()", "年月日", "％", "万", "/", "\u{301}\u{301}"];
