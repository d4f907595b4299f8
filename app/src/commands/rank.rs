//! `jinmen rank`: from score sheets to a ranking.

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use ranking::{Mean, Place, Trim};
use serde_json::{Value, json};
use ui::Words;

use crate::cli::Format;
use crate::commands::locale;
use crate::commands::words::words;
use crate::readers::ReadError;
use crate::readers::scores::{Sheet, read_ballot, read_sheet};

/// How scores become a ranking.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The mean of each entry's scores.
    Mean,
    /// The mean without the highest and lowest.
    Trimmed,
    /// Scores calibrated for lenient and severe judges, with 90 % intervals.
    Calibrated,
    /// Votes between two entries, weighed by the reliability of each judge, with 90 % intervals.
    Pairwise,
}

/// `jinmen rank`.
#[derive(Args, Debug, Clone)]
pub struct Rank {
    /// A table judge,entry,score; for pairwise judge,winner,loser.
    #[arg(long, value_name = "CSV")]
    pub scores: PathBuf,
    /// How scores become a ranking.
    #[arg(long, value_enum)]
    pub method: Method,
    /// For trimmed: so many scores left out on each side [default: one where at least five judges scored].
    #[arg(long, value_name = "K")]
    pub trim: Option<usize>,
    /// How the ranking is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Digits of a mean that are shown.
const DIGITS: u32 = 6;

struct Line {
    entry: String,
    rank: usize,
    score: f64,
    interval: Option<(f64, f64)>,
}

struct Answer {
    components: usize,
    lines: Vec<Line>,
    notes: Vec<Note>,
}

/// What people should know about a ranking.
enum Note {
    /// So many entries have fewer scores than trimming needs.
    Untrimmed { entries: usize, needed: usize },
    /// Judges cannot be told apart.
    NoIntervals,
    /// So many parts share no judge.
    Apart(usize),
}

impl Note {
    fn say(&self, t: &Words) -> String {
        match *self {
            Note::Untrimmed { entries, needed } => {
                t.with("cli-rank-untrimmed", &[("entries", entries.into()), ("needed", needed.into())])
            }
            Note::NoIntervals => t.of("cli-rank-no-intervals"),
            Note::Apart(parts) => t.with("cli-rank-apart", &[("parts", parts.into())]),
        }
    }
}

/// Runs `jinmen rank`.
pub fn run(flags: &Rank) -> Result<ExitCode> {
    let answer = rank(flags)?;
    print(flags, &answer)?;
    Ok(ExitCode::SUCCESS)
}

fn rank(flags: &Rank) -> Result<Answer> {
    if flags.trim.is_some() && flags.method != Method::Trimmed {
        anyhow::bail!("--trim belongs to --method trimmed");
    }
    let name = flags.scores.display().to_string();
    let file = File::open(&flags.scores).with_context(|| name.clone())?;
    match flags.method {
        Method::Mean => Ok(by_mean(&read_sheet(&name, file)?, Trim::No)),
        Method::Trimmed => Ok(by_mean(&read_sheet(&name, file)?, flags.trim.map_or(Trim::One, Trim::Sides))),
        Method::Calibrated => Ok(calibrated(&read_sheet(&name, file)?)),
        Method::Pairwise => {
            let ballot = read_ballot(&name, file)?;
            let found = ranking::pairwise(ballot.judges, ballot.entries.len(), &ballot.votes)
                .map_err(|fault| ReadError::new(&name, "", fault.to_string()))?;
            let lines = lines(&found.places, &ballot.entries);
            Ok(Answer { components: found.components, lines, notes: apart(found.components) })
        }
    }
}

fn by_mean(sheet: &Sheet, trim: Trim) -> Answer {
    let places = ranking::mean(&sheet.scores, &Mean { trim, ..Mean::default() });
    let untrimmed = places.iter().filter(|place| place.trimmed == 0).count();
    let mut notes = Vec::new();
    let needed = match trim {
        Trim::No => 0,
        Trim::One => 5,
        Trim::Sides(sides) => sides.saturating_mul(2).saturating_add(1),
    };
    if untrimmed > 0 && needed > 1 {
        notes.push(Note::Untrimmed { entries: untrimmed, needed });
    }
    let lines = places
        .iter()
        .map(|place| Line {
            entry: sheet.entries[place.entry].clone(),
            rank: place.rank,
            score: place.exact.half_up(DIGITS).to_f64(),
            interval: None,
        })
        .collect();
    Answer { components: sheet.scores.components().1, lines, notes }
}

fn calibrated(sheet: &Sheet) -> Answer {
    let found = ranking::calibrated(&sheet.scores);
    let mut notes = apart(found.components);
    if found.variances.is_none() {
        notes.push(Note::NoIntervals);
    }
    Answer { components: found.components, lines: lines(&found.places, &sheet.entries), notes }
}

fn apart(components: usize) -> Vec<Note> {
    if components > 1 { vec![Note::Apart(components)] } else { Vec::new() }
}

fn lines(places: &[Place], entries: &[String]) -> Vec<Line> {
    let line = |place: &Place| Line {
        entry: entries[place.entry].clone(),
        rank: place.rank,
        score: place.score,
        interval: place.interval.map(|interval| (interval.low, interval.high)),
    };
    places.iter().map(line).collect()
}

fn print(flags: &Rank, answer: &Answer) -> Result<()> {
    let notes = said(&answer.notes)?;
    if flags.format == Format::Json {
        let entries: Vec<Value> = answer
            .lines
            .iter()
            .map(|line| {
                let (low, high) = line.interval.unzip();
                json!({ "entry": line.entry, "rank": line.rank, "score": line.score, "low": low, "high": high })
            })
            .collect();
        let connected = answer.components == 1;
        println!(
            "{}",
            json!({ "connected": connected, "components": answer.components, "entries": entries, "notes": notes })
        );
        return Ok(());
    }
    for line in &answer.lines {
        match line.interval {
            Some((low, high)) => println!("{:>5}  {:.3}  [{low:.3}, {high:.3}]  {}", line.rank, line.score, line.entry),
            None => println!("{:>5}  {}  {}", line.rank, line.score, line.entry),
        }
    }
    notes.iter().for_each(|note| eprintln!("jinmen: {note}"));
    Ok(())
}

/// Notes in words. Where there is none, no words are read.
fn said(notes: &[Note]) -> Result<Vec<String>> {
    if notes.is_empty() {
        return Ok(Vec::new());
    }
    let t = words(locale())?;
    Ok(notes.iter().map(|note| note.say(&t)).collect())
}
