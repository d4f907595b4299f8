//! The tables of words, and the one automaton that finds them all.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use serde::Deserialize;

use crate::target::{Target, Targets};

/// Where a word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Place {
    Code,
    Text,
    Any,
}

/// One row of `data/rules.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub kind: String,
    /// Which profile it belongs to: cpu, os, database or crypto.
    pub profile: String,
    pub languages: Vec<String>,
    pub words: Vec<String>,
    pub place: Place,
    pub blocker: bool,
    pub message: String,
    /// Days of work: for the first place of a root cause, and for each further one.
    pub days: [f32; 2],
    /// Targets concerned; all where it is left out.
    #[serde(default)]
    pub targets: Vec<String>,
    /// The word need not begin or end at a word's edge.
    #[serde(default)]
    pub loose: bool,
    /// In build files, too, the word begins where a name begins.
    #[serde(default)]
    pub edges: bool,
    /// Upper and lower case are the same.
    #[serde(default)]
    pub any_case: bool,
    /// One of these must stand on the same line.
    #[serde(default)]
    pub with: Vec<String>,
    /// None of these may stand on the same line.
    #[serde(default)]
    pub unless: Vec<String>,
    /// One of these must stand somewhere in the file.
    #[serde(default)]
    pub beside: Vec<String>,
    /// None of these may stand anywhere in the file.
    #[serde(default)]
    pub apart: Vec<String>,
    /// The first place of a file stands for all.
    #[serde(default)]
    pub once: bool,
    /// A finding is a blocker only where the purpose is one of security.
    #[serde(default)]
    pub purpose: bool,
    /// A finding is none where the words around speak of a protocol that fixes the algorithm.
    #[serde(default)]
    pub protocol: bool,
}

impl Rule {
    pub(crate) fn targets(&self) -> Targets {
        if self.targets.is_empty() {
            Targets::ALL
        } else {
            self.targets.iter().filter_map(|name| Target::from_name(name)).collect()
        }
    }
}

impl Rule {
    /// Whether what must stand in the file does, and what must not does not.
    pub(crate) fn stands(&self, source: &[u8]) -> bool {
        let has = |word: &String| memchr::memmem::find(source, word.as_bytes()).is_some();
        (self.beside.is_empty() || self.beside.iter().any(has)) && !self.apart.iter().any(has)
    }
}

#[derive(Deserialize)]
struct Document {
    rule: Vec<Rule>,
}

/// Words of the rules for one language, all found in one pass.
pub(crate) struct Finder {
    /// For each pattern of the automaton: rule and word.
    pub patterns: Vec<(usize, usize)>,
    pub automaton: AhoCorasick,
}

/// All rules. The automaton of a language is made when its first file is read: one for all languages would be too large for a
/// processor's caches.
pub(crate) struct Rules {
    pub rules: Vec<Rule>,
    finders: HashMap<String, OnceLock<Finder>>,
}

impl Rules {
    /// The words that count in a language; `None` where no rule names it.
    pub(crate) fn finder(&self, language: &str) -> Option<&Finder> {
        let finder = self.finders.get(language)?;
        Some(finder.get_or_init(|| {
            let own = self.rules.iter().enumerate().filter(|(_, row)| row.languages.iter().any(|one| one == language));
            let patterns: Vec<(usize, usize)> =
                own.flat_map(|(rule, row)| (0..row.words.len()).map(move |word| (rule, word))).collect();
            #[expect(clippy::expect_used, reason = "words of the table are short; a test builds it")]
            let automaton = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                .kind(Some(AhoCorasickKind::DFA))
                .build(patterns.iter().map(|(rule, word)| self.rules[*rule].words[*word].as_bytes()))
                .expect("automaton");
            Finder { patterns, automaton }
        }))
    }
}

/// The rules of this release.
pub(crate) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the table is part of the program; a test reads it")]
    let document: Document = toml::from_str(include_str!("../data/rules.toml")).expect("data/rules.toml");
    let mut rules = document.rule;
    // SQL lets a blank stand between a function and its arguments.
    for row in rules.iter_mut().filter(|row| row.kind == "sql-dialect") {
        let spaced: Vec<String> = row
            .words
            .iter()
            .filter_map(|word| word.strip_suffix('('))
            .filter(|word| !word.ends_with(' '))
            .map(|word| format!("{word} ("))
            .collect();
        row.words.extend(spaced);
    }
    let languages = rules.iter().flat_map(|row| row.languages.iter().cloned());
    let finders = languages.map(|language| (language, OnceLock::new())).collect();
    Rules { rules, finders }
});
