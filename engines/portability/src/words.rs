//! What reports say, in English and in Chinese.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::report::Report;

/// The language of a report's sentences. Keys and kinds are the same in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese (simplified).
    Chinese,
}

#[derive(Deserialize)]
struct Table {
    messages: HashMap<String, String>,
    words: HashMap<String, String>,
}

static CHINESE: LazyLock<Table> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the table is part of the program; a test reads it")]
    toml::from_str(include_str!("../data/zh.toml")).expect("data/zh.toml")
});

impl Language {
    /// A word of the reports' own.
    pub(crate) fn word(self, english: &str) -> &str {
        match self {
            Language::English => english,
            Language::Chinese => CHINESE.words.get(english).map_or(english, String::as_str),
        }
    }

    fn message(self, english: &str) -> &str {
        match self {
            Language::English => english,
            Language::Chinese => CHINESE.messages.get(english).map_or(english, String::as_str),
        }
    }
}

impl Report {
    /// The same report with its sentences in a language. Paths, kinds, verdicts and evidence stay as they are.
    #[must_use]
    pub fn in_language(mut self, language: Language) -> Report {
        for finding in &mut self.findings {
            finding.message = language.message(&finding.message).to_owned();
        }
        for group in &mut self.groups {
            group.message = language.message(&group.message).to_owned();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{CHINESE, Language};

    #[test]
    fn every_sentence_of_the_tables_is_there_in_chinese() {
        let rules: toml::Table = include_str!("../data/rules.toml").parse().unwrap_or_default();
        let packages: toml::Table = include_str!("../data/packages.toml").parse().unwrap_or_default();
        let of = |table: &toml::Table, list: &str, key: &str| -> Vec<String> {
            let rows = table.get(list).and_then(toml::Value::as_array).cloned().unwrap_or_default();
            rows.iter().filter_map(|row| row.get(key)?.as_str().map(str::to_owned)).collect()
        };
        let all = [of(&rules, "rule", "message"), of(&packages, "package", "advice")].concat();
        assert!(all.len() > 100);
        let missing: Vec<&String> = all.iter().filter(|english| !CHINESE.messages.contains_key(*english)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn a_sentence_without_a_translation_stays_as_it_is() {
        assert_eq!(Language::Chinese.word("works"), "可直接运行");
        assert_eq!(Language::Chinese.word("no such word"), "no such word");
        assert_eq!(Language::English.message("COM object"), "COM object");
    }
}
