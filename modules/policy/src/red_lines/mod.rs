//! Red lines: clauses of a draft policy that smell of favours which the regulation on fair competition review (State
//! Council order 783, Articles 8 to 11) forbids.
//!
//! A mark is a hint for the person who drafts or reviews, never a finding: words can be lawful through a basis which the
//! draft does not name, or through Article 12. What is marked and what is not is data, see `data/README.md`.

mod lines;
mod plain;
#[cfg(test)]
mod tests;

use std::ops::Range;

use lines::{Line, Lines};
use plain::Plain;

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// One place of a draft that needs a second look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Code of the kind, such as `move_out_barrier`.
    pub kind: &'static str,
    /// What the kind is called.
    pub title: Words,
    /// The line of `lines.csv` that found it.
    pub line: &'static str,
    /// Article of the regulation.
    pub article: u8,
    /// Item of the article.
    pub item: u8,
    /// The words that gave it away, in characters of the draft.
    pub chars: Range<usize>,
    /// The same words in bytes of the draft.
    pub bytes: Range<usize>,
    /// What is wrong.
    pub message: Words,
    /// Wording that is permitted.
    pub permitted: Words,
}

/// How many marks one draft gets at most: who has five hundred has no use for more, and a hostile text has its bound.
pub const MOST: usize = 500;

/// How much of a text is read at once, in bytes, and how much of it is read twice. A sentence is far shorter; only a text
/// without full stops is cut. No pattern reaches further than what is read twice.
const PIECE: usize = 1500;
const TWICE: usize = 600;

/// A sentence shorter than this, in bytes, says nothing.
const LEAST: usize = 12;

/// How much of what stands before a find is searched for a denial, in bytes: the patterns look 30 characters back.
const BEFORE: usize = 150;

/// How far the words "must not do the following" before a list may stand from an item of it, in bytes.
const LIST: usize = 1200;

/// How often a line looks on in a sentence after a find that turned out to be denied.
const TRIES: usize = 6;

/// The marks of a draft, in the order of the text. Time grows with the length of the text and no faster.
pub fn marks(text: &str) -> Vec<Mark> {
    let plain = Plain::of(text, lines::all());
    let mut found = Vec::new();
    for sentence in plain.sentences().filter(|sentence| sentence.len() >= LEAST) {
        for piece in pieces(&plain.text, sentence) {
            read(&plain, piece, lines::all(), &mut found);
        }
        if found.len() >= MOST {
            break;
        }
    }
    tidy(found)
}

/// A sentence cut into pieces that overlap. Almost always it is one.
fn pieces(text: &str, sentence: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut next = Some(sentence.start);
    std::iter::from_fn(move || {
        let start = next?;
        let end = text.floor_char_boundary(sentence.end.min(start + PIECE));
        next = (end < sentence.end).then(|| text.floor_char_boundary(end - TWICE));
        Some(start..end)
    })
}

/// Reads one piece of one sentence with every line that has a word in it.
fn read(plain: &Plain, piece: Range<usize>, lines: &'static Lines, found: &mut Vec<Mark>) {
    let words = &plain.text[piece.clone()];
    let called = lines.called(words);
    if called.is_empty() || lines.undone(words) {
        return;
    }
    for line in called {
        if let Some(find) = first(line, plain, &piece, lines) {
            found.push(mark(line, plain, find));
        }
    }
}

/// The first place in a piece where a line holds and is not denied.
fn first(line: &Line, plain: &Plain, piece: &Range<usize>, lines: &Lines) -> Option<Range<usize>> {
    let words = &plain.text[piece.clone()];
    let mut at = 0;
    for _ in 0..TRIES {
        let find = line.pattern.find_at(words, at)?;
        let denied = || lines.denied(behind(words, find.start())) || lines.listed(before(&plain.text, piece, LIST));
        if line.holds(words, before(&plain.text, piece, line.reach)) && !denied() {
            return Some(piece.start + find.start()..piece.start + find.end());
        }
        at = words[find.start()..].chars().next().map_or(find.end(), |c| find.start() + c.len_utf8());
    }
    None
}

/// What stands before a piece, as far as a line reaches back.
fn before<'a>(text: &'a str, piece: &Range<usize>, reach: usize) -> &'a str {
    &text[text.ceil_char_boundary(piece.start.saturating_sub(reach))..piece.start]
}

/// What stands directly before a find in its piece.
fn behind(words: &str, start: usize) -> &str {
    &words[words.ceil_char_boundary(start.saturating_sub(BEFORE))..start]
}

fn mark(line: &'static Line, plain: &Plain, find: Range<usize>) -> Mark {
    let (chars, bytes) = plain.original(find);
    Mark {
        kind: &line.kind,
        title: line.title(),
        line: &line.id,
        article: line.article,
        item: line.item,
        chars,
        bytes,
        message: line.message(),
        permitted: line.permitted(),
    }
}

/// In the order of the text, and one mark where lines of one kind found the same words: the first line's text stands, the
/// span covers both.
fn tidy(mut found: Vec<Mark>) -> Vec<Mark> {
    found.sort_by(|a, b| (a.kind, a.chars.start, a.line).cmp(&(b.kind, b.chars.start, b.line)));
    let mut kept: Vec<Mark> = Vec::new();
    for mark in found {
        match kept.last_mut().filter(|last| last.kind == mark.kind && mark.chars.start < last.chars.end) {
            Some(last) => {
                last.chars.end = last.chars.end.max(mark.chars.end);
                last.bytes.end = last.bytes.end.max(mark.bytes.end);
            }
            None => kept.push(mark),
        }
    }
    kept.sort_by_key(|mark| mark.chars.start);
    kept.truncate(MOST);
    kept
}
