//! Score sheets: `judge,entry,score` or `judge,winner,loser`, with names numbered as they come.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use ranking::{Decimal, Table as Scores, Vote};

use super::ReadError;
use super::table::Table;

/// Names in the order of their first appearance.
#[derive(Debug, Default)]
struct Names {
    list: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Names {
    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.list.len();
        self.list.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

/// Scores with the names of entries.
#[derive(Debug)]
pub struct Sheet {
    /// By number.
    pub entries: Vec<String>,
    /// The scores.
    pub scores: Scores,
}

/// Reads `judge,entry,score`; other columns are passed over.
pub fn read_sheet(file: &str, from: impl Read) -> Result<Sheet, ReadError> {
    let mut table = Table::open(file, from, &["judge", "entry", "score"])?;
    let (mut judges, mut entries) = (Names::default(), Names::default());
    let (mut seen, mut rows) = (HashSet::new(), Vec::new());
    while let Some(row) = table.next_row()? {
        let (judge, entry) = (row.needed("judge")?, row.needed("entry")?);
        let pair = (judges.number(judge), entries.number(entry));
        if !seen.insert(pair) {
            return Err(row.wrong("entry", format!("judge {judge} scored entry {entry} twice")));
        }
        let text = row.needed("score")?;
        let score: Decimal = text.parse().map_err(|_| row.wrong("score", format!("{text} is not a decimal number")))?;
        rows.push((pair.0, pair.1, score));
    }
    if rows.is_empty() {
        return Err(ReadError::new(file, "", "there are no scores in it"));
    }
    let scores = Scores::new(judges.list.len(), entries.list.len(), rows)
        .map_err(|fault| ReadError::new(file, "", fault.to_string()))?;
    Ok(Sheet { entries: entries.list, scores })
}

/// Votes with the names of entries.
#[derive(Debug)]
pub struct Ballot {
    /// By number.
    pub entries: Vec<String>,
    /// How many judges voted.
    pub judges: usize,
    /// The votes.
    pub votes: Vec<Vote>,
}

/// Reads `judge,winner,loser`; other columns are passed over.
pub fn read_ballot(file: &str, from: impl Read) -> Result<Ballot, ReadError> {
    let mut table = Table::open(file, from, &["judge", "winner", "loser"])?;
    let (mut judges, mut entries) = (Names::default(), Names::default());
    let mut votes = Vec::new();
    while let Some(row) = table.next_row()? {
        let (winner, loser) = (row.needed("winner")?, row.needed("loser")?);
        if winner == loser {
            return Err(row.wrong("loser", format!("{winner} is compared with itself")));
        }
        let judge = judges.number(row.needed("judge")?);
        votes.push(Vote { judge, winner: entries.number(winner), loser: entries.number(loser) });
    }
    if votes.is_empty() {
        return Err(ReadError::new(file, "", "there are no votes in it"));
    }
    Ok(Ballot { entries: entries.list, judges: judges.list.len(), votes })
}
