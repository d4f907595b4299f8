//! What a digest or cipher is for, as far as the words around it tell.

use std::sync::LazyLock;

use serde::Deserialize;

/// `data/purposes.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Purposes {
    /// Words of a protocol or of another party's interface, which fixes the algorithm.
    protocols: Vec<String>,
    /// The same in the path of a file.
    paths: Vec<String>,
    /// Words of a use that guards nothing.
    harmless: Vec<String>,
    /// Words of passwords, signatures and tokens.
    secrets: Vec<String>,
    /// Parts of names that sound like a digest or a cipher.
    sounds: Vec<String>,
}

static PURPOSES: LazyLock<Purposes> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the table is part of the program; a test reads it")]
    toml::from_str(include_str!("../data/purposes.toml")).expect("data/purposes.toml")
});

fn around(source: &[u8], offset: usize, before: usize, after: usize) -> String {
    let low = offset.saturating_sub(before);
    let high = (offset + after).min(source.len());
    String::from_utf8_lossy(&source[low..high]).to_lowercase()
}

fn any(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.contains(word.as_str()))
}

/// Whether a path says that the file speaks another party's language.
pub(crate) fn of_protocol(path: &str) -> bool {
    any(&path.to_ascii_lowercase(), &PURPOSES.paths)
}

pub(crate) fn protocol(source: &[u8], offset: usize) -> bool {
    any(&around(source, offset, 900, 700), &PURPOSES.protocols)
}

/// Whether the lines around speak of passwords, signatures or tokens rather than of caches and checks.
pub(crate) fn for_security(source: &[u8], offset: usize) -> bool {
    let text = around(source, offset, 600, 300);
    any(&text, &PURPOSES.secrets) && !any(&text, &PURPOSES.harmless)
}

/// The name of the function that an offset stands in, as far as the nearest declaration before it tells.
pub(crate) fn function(source: &[u8], offset: usize) -> Box<str> {
    let low = offset.saturating_sub(3000);
    let text = String::from_utf8_lossy(&source[low..offset]);
    text.lines().rev().find_map(declared).unwrap_or_default().into()
}

fn declared(line: &str) -> Option<&str> {
    let (head, _) = line.split_once('(')?;
    let head = head.trim_end();
    let name = last_name(head);
    let before = head.strip_suffix(name).unwrap_or(head).trim_end();
    let words = ["def", "func", "function", "public", "private", "static", "String", "string", "void", "byte[]"];
    (words.iter().any(|word| before.ends_with(word)) && !name.is_empty()).then_some(name)
}

/// The name that a text ends with; empty where it ends with another letter.
fn last_name(text: &str) -> &str {
    text.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default()
}

/// Names on a line about passwords that are called and sound like a digest or cipher.
pub(crate) fn secured(line: &[u8], names: &mut Vec<Box<str>>) {
    if line.len() > 400 || names.len() > 200 {
        return;
    }
    let text = String::from_utf8_lossy(line);
    if text.trim_start().starts_with("//") || text.trim_start().starts_with('*') {
        return;
    }
    for (at, letter) in text.char_indices().filter(|(_, letter)| matches!(letter, '.' | '(')) {
        let name = last_name(&text[..at]);
        let lower = name.to_ascii_lowercase();
        let sounds = any(&lower, &PURPOSES.sounds);
        if sounds && (letter == '.' || !name.is_empty()) && !names.iter().any(|known| **known == *name) {
            names.push(name.into());
        }
    }
}
