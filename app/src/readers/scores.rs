//! Score sheets: `judge,entry,score` or `judge,winner,loser`, with names numbered as they come.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use super::ReadError;
use super::table::Table;

/// Names in the order of their first appearance.
#[derive(Debug, Default)]
pub struct Names {
    /// The names by number.
    pub list: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.list.len() as u32;
        self.list.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

/// One score: judge, entry, and the score as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Number of the judge.
    pub judge: u32,
    /// Number of the entry.
    pub entry: u32,
    /// A decimal number.
    pub score: String,
    /// The row of the file.
    pub row: u64,
}

/// A sheet of scores.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Judges by number.
    pub judges: Names,
    /// Entries by number.
    pub entries: Names,
    /// The rows.
    pub marks: Vec<Mark>,
}

/// Reads `judge,entry,score`; other columns are passed over.
pub fn read_marks(file: &str, from: impl Read) -> Result<Sheet, ReadError> {
    let mut table = Table::open(file, from, &["judge", "entry", "score"])?;
    let mut sheet = Sheet::default();
    let mut seen = HashSet::new();
    while let Some(row) = table.next_row()? {
        let (judge_name, entry_name) = (row.needed("judge")?, row.needed("entry")?);
        let (judge, entry) = (sheet.judges.number(judge_name), sheet.entries.number(entry_name));
        if !seen.insert((judge, entry)) {
            return Err(row.wrong("judge", format!("judge {judge_name} scored entry {entry_name} twice")));
        }
        let score = row.needed("score")?;
        let finite = score.parse::<f64>().is_ok_and(|value| value.is_finite() && value.abs() < 1e12);
        if !finite {
            return Err(row.wrong("score", format!("{score} is not a finite number")));
        }
        sheet.marks.push(Mark { judge, entry, score: score.to_owned(), row: row.row });
    }
    if sheet.marks.is_empty() {
        return Err(ReadError::new(file, "", "there are no scores in it"));
    }
    Ok(sheet)
}

/// Comparisons: judge, winner, loser, all numbered.
#[derive(Debug, Default)]
pub struct Comparisons {
    /// Judges by number.
    pub judges: Names,
    /// Entries by number.
    pub entries: Names,
    /// The rows.
    pub votes: Vec<(u32, u32, u32)>,
}

/// Reads `judge,winner,loser`.
pub fn read_votes(file: &str, from: impl Read) -> Result<Comparisons, ReadError> {
    let mut table = Table::open(file, from, &["judge", "winner", "loser"])?;
    let mut read = Comparisons::default();
    while let Some(row) = table.next_row()? {
        let (winner, loser) = (row.needed("winner")?, row.needed("loser")?);
        if winner == loser {
            return Err(row.wrong("loser", format!("{winner} is compared with itself")));
        }
        let vote = (read.judges.number(row.needed("judge")?), read.entries.number(winner), read.entries.number(loser));
        read.votes.push(vote);
    }
    if read.votes.is_empty() {
        return Err(ReadError::new(file, "", "there are no comparisons in it"));
    }
    Ok(read)
}
