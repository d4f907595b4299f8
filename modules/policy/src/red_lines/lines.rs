//! The lines as they stand in the data: patterns, what must stand near, what excuses, and what is said.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Words;

const LINES: &str = include_str!("../../data/red_lines/lines.csv");
const TERMS: &str = include_str!("../../data/red_lines/terms.csv");
const ADVICE: &str = include_str!("../../data/red_lines/advice.csv");
const KINDS: &str = include_str!("../../data/red_lines/kinds.csv");

/// How long a term's terms may go on.
const DEPTH: usize = 4;

/// A row of `lines.csv`.
#[derive(Deserialize)]
struct LineRow {
    id: String,
    kind: String,
    article: u8,
    item: u8,
    anchor: String,
    pattern: String,
    near: String,
    reach: usize,
    unless: String,
    advice: String,
}

/// A row of `terms.csv`: a name that stands in patterns as `<name>`.
#[derive(Deserialize)]
struct Term {
    name: String,
    pattern: String,
}

/// A row of `advice.csv`.
#[derive(Deserialize, Clone)]
struct Advice {
    advice: String,
    message_zh: String,
    message_en: String,
    permitted_zh: String,
    permitted_en: String,
}

/// A row of `kinds.csv`.
#[derive(Deserialize, Clone)]
struct Kind {
    kind: String,
    zh: String,
    en: String,
}

/// One way in which a kind gives itself away.
pub(super) struct Line {
    pub id: String,
    pub kind: String,
    pub article: u8,
    pub item: u8,
    /// The words that give it away.
    pub pattern: Regex,
    /// How far before the sentence the words near it may stand, in bytes.
    pub reach: usize,
    near: Option<Regex>,
    unless: Option<Regex>,
    title: Kind,
    advice: Advice,
}

impl Line {
    /// Whether the words around allow the mark.
    pub fn holds(&self, words: &str, before: &str) -> bool {
        let near = self.near.as_ref().is_none_or(|near| near.is_match(words) || near.is_match(before));
        near && !self.unless.as_ref().is_some_and(|unless| unless.is_match(words))
    }

    pub fn title(&'static self) -> Words {
        Words { zh: &self.title.zh, en: &self.title.en }
    }

    pub fn message(&'static self) -> Words {
        Words { zh: &self.advice.message_zh, en: &self.advice.message_en }
    }

    pub fn permitted(&'static self) -> Words {
        Words { zh: &self.advice.permitted_zh, en: &self.advice.permitted_en }
    }
}

/// All lines, and what belongs to all of them.
pub(super) struct Lines {
    pub lines: Vec<Line>,
    /// The words without which a line has nothing to find, and the lines of each.
    words: Option<AhoCorasick>,
    lines_of_word: Vec<Vec<usize>>,
    denied: Option<Regex>,
    listed: Option<Regex>,
    undone: Option<Regex>,
    item: Option<Regex>,
}

impl Lines {
    /// The lines that have a word in a sentence. Most sentences have none, so most are read once and quickly.
    pub fn called(&self, sentence: &str) -> Vec<&Line> {
        let Some(words) = &self.words else { return Vec::new() };
        let mut called = vec![false; self.lines.len()];
        for find in words.find_overlapping_iter(sentence) {
            for line in &self.lines_of_word[find.pattern().as_usize()] {
                called[*line] = true;
            }
        }
        self.lines.iter().zip(called).filter_map(|(line, called)| called.then_some(line)).collect()
    }

    /// Whether what stands before a find denies it ("must not", "is abolished").
    pub fn denied(&self, before: &str) -> bool {
        self.denied.as_ref().is_some_and(|denied| denied.is_match(before))
    }

    /// Whether what stands before a sentence begins a list of what must not be done.
    pub fn listed(&self, before: &str) -> bool {
        self.listed.as_ref().is_some_and(|listed| listed.is_match(before))
    }

    /// Whether a sentence as a whole takes back what it says ("treated alike").
    pub fn undone(&self, sentence: &str) -> bool {
        self.undone.as_ref().is_some_and(|undone| undone.is_match(sentence))
    }

    /// Whether a text begins with the number of a clause or of an item.
    pub fn begins_item(&self, text: &str) -> bool {
        self.item.as_ref().is_some_and(|item| item.is_match(text))
    }
}

/// The lines, read once.
pub(super) fn all() -> &'static Lines {
    static ALL: OnceLock<Lines> = OnceLock::new();
    ALL.get_or_init(load)
}

/// Reads the data. It is compiled in, and a test reads every row, so a row that cannot be read is left out here rather than
/// stopping a server.
fn load() -> Lines {
    let terms: HashMap<String, String> = rows::<Term>(TERMS).into_iter().map(|t| (t.name, t.pattern)).collect();
    let advice = rows::<Advice>(ADVICE);
    let kinds = rows::<Kind>(KINDS);
    let rows = rows::<LineRow>(LINES);
    let (lines, anchors): (Vec<_>, Vec<_>) =
        rows.into_iter().filter_map(|row| line(row, &terms, &advice, &kinds)).unzip();
    let (words, lines_of_word) = index(&anchors);
    let of = |name: &str| terms.get(name).and_then(|term| compile(term, &terms));
    let [denied, listed, undone, item] = ["denied", "list_denied", "undone", "item"].map(of);
    Lines { lines, words, lines_of_word, denied, listed, undone, item }
}

/// A line and its anchor.
fn line(row: LineRow, terms: &HashMap<String, String>, advice: &[Advice], kinds: &[Kind]) -> Option<(Line, String)> {
    let some = |text: &str| if text.is_empty() { Some(None) } else { compile(text, terms).map(Some) };
    let line = Line {
        pattern: compile(&row.pattern, terms)?,
        near: some(&row.near)?,
        unless: some(&row.unless)?,
        title: kinds.iter().find(|kind| kind.kind == row.kind)?.clone(),
        advice: advice.iter().find(|advice| advice.advice == row.advice)?.clone(),
        reach: row.reach * 3,
        id: row.id,
        kind: row.kind,
        article: row.article,
        item: row.item,
    };
    Some((line, row.anchor))
}

/// The words of all anchors, and which lines each calls.
fn index(anchors: &[String]) -> (Option<AhoCorasick>, Vec<Vec<usize>>) {
    let mut words: Vec<&str> = Vec::new();
    let mut lines_of_word: Vec<Vec<usize>> = Vec::new();
    for (line, anchor) in anchors.iter().enumerate() {
        for word in anchor.split('|') {
            match words.iter().position(|known| *known == word) {
                Some(known) => lines_of_word[known].push(line),
                None => {
                    words.push(word);
                    lines_of_word.push(vec![line]);
                }
            }
        }
    }
    (AhoCorasick::builder().match_kind(MatchKind::Standard).build(words).ok(), lines_of_word)
}

/// A pattern with its terms put in.
fn compile(pattern: &str, terms: &HashMap<String, String>) -> Option<Regex> {
    Regex::new(&spell_out(pattern, terms)).ok()
}

/// A pattern in which names of terms are replaced by what they stand for.
pub(super) fn spell_out(pattern: &str, terms: &HashMap<String, String>) -> String {
    let mut text = pattern.to_owned();
    for _ in 0..DEPTH {
        if !text.contains('<') {
            break;
        }
        for (name, term) in terms {
            text = text.replace(&format!("<{name}>"), term);
        }
    }
    text
}

/// The rows of a file that can be read.
pub(super) fn rows<T: DeserializeOwned>(text: &str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().filter_map(Result::ok).collect()
}
