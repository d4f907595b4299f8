//! The fact dictionary: which facts a file can hold, of which type, how long they stay fresh, who may
//! see them, and under which headings people write them into tables.
//!
//! The dictionary is data (`data/facts.csv`, `data/lists.csv`), embedded and read once. Not every key
//! is a fact: a table also has columns that become part of the subject itself, contact points,
//! affiliations and relations; [`Target`] says which.
//!
//! ```
//! use jinmen_core::Locale;
//! use registry::dictionary::{Subject, Value, dictionary};
//!
//! let revenue = dictionary().get("annual_revenue").unwrap();
//! let value = Value::parse(revenue, "1,250万元").unwrap();
//! assert_eq!(value.show(revenue, Locale::ZhCn), "1,250 万元");
//! let found = dictionary().by_header(Subject::Organization, "2023年营收（万元）");
//! assert_eq!(found[0].key.key, "annual_revenue");
//! ```

mod choose;
mod headers;
mod key;
mod lists;
mod read;
mod show;
#[cfg(test)]
mod tests;
mod value;

use std::collections::HashMap;
use std::sync::LazyLock;

use jinmen_core::Locale;
use jinmen_core::codes::CodeList;

pub use headers::Candidate;
pub use key::{Bound, FactKey, FactType, Field, Freshness, Sensitivity, Subject, Target};
pub use value::{Record, Value};

/// The dictionary.
pub struct Dictionary {
    keys: Vec<FactKey>,
    by_key: HashMap<String, usize>,
    lists: lists::Lists,
    headers: headers::Headers,
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(Dictionary::load);

/// The dictionary, read on first use.
pub fn dictionary() -> &'static Dictionary {
    &DICTIONARY
}

impl Dictionary {
    /// Rows that do not make a key are left out; a test holds that there are none.
    fn load() -> Self {
        let mut reader = csv::Reader::from_reader(include_str!("../../data/facts.csv").as_bytes());
        let keys: Vec<FactKey> =
            reader.records().filter_map(|row| row.ok().as_ref().and_then(FactKey::from_row)).collect();
        let by_key = keys.iter().enumerate().map(|(at, key)| (key.key.clone(), at)).collect();
        let headers = headers::Headers::new(&keys);
        Self { keys, by_key, lists: lists::Lists::load(), headers }
    }

    /// The key of a name; keys are unique over both kinds of subject.
    pub fn get(&self, key: &str) -> Option<&FactKey> {
        self.by_key.get(key).map(|at| &self.keys[*at])
    }

    /// Every key, those that are no facts too, in the order of the dictionary.
    pub fn all(&self) -> impl Iterator<Item = &FactKey> {
        self.keys.iter()
    }

    /// The facts of a kind of subject (`organization`, `person`) in the order of the dictionary.
    pub fn of_subject(&self, subject: &str) -> impl Iterator<Item = &FactKey> + use<'_> {
        let subject = Subject::from_code(subject);
        self.keys.iter().filter(move |key| key.target == Target::Fact && Some(key.subject) == subject)
    }

    /// Whatever a table about a kind of subject can have a column for.
    pub fn importable(&self, subject: Subject) -> impl Iterator<Item = &FactKey> {
        self.keys.iter().filter(move |key| key.subject == subject)
    }

    /// The groups of a kind of subject with their facts, in the order of the dictionary; the codes are
    /// those of the list `fact_group`.
    pub fn groups(&self, subject: &str) -> Vec<(&str, Vec<&FactKey>)> {
        let mut groups: Vec<(&str, Vec<&FactKey>)> = Vec::new();
        for key in self.of_subject(subject) {
            match groups.iter_mut().find(|(group, _)| *group == key.group) {
                Some((_, keys)) => keys.push(key),
                None => groups.push((key.group.as_str(), vec![key])),
            }
        }
        groups
    }

    /// The name of a group in a reader's language.
    pub fn group_label(&self, group: &str, locale: Locale) -> String {
        self.label("fact_group", group, locale)
    }

    /// A code list: one of the registry's own, or one of [`jinmen_core::codes::lists`].
    pub fn list(&self, name: &str) -> Option<&'static dyn CodeList> {
        self.lists.get(name)
    }

    /// Names of the registry's own lists.
    pub fn list_names(&self) -> Vec<&'static str> {
        self.lists.names()
    }

    /// The name of a code in a reader's language; the code itself where the list does not have it.
    /// Regions come with the regions above them.
    pub fn label(&self, list: &str, code: &str, locale: Locale) -> String {
        let Some(list) = self.list(list) else {
            return code.to_owned();
        };
        let english = list.label_en(code).filter(|_| locale == Locale::En).map(str::to_owned);
        english.or_else(|| list.full_label_zh(code)).unwrap_or_else(|| code.to_owned())
    }

    /// The code that a person means by a code or a name, in a list.
    ///
    /// # Errors
    /// `registry.value.code_unknown` or `registry.value.code_ambiguous`, both with up to three
    /// `candidates`.
    pub fn choose(&self, list: &str, text: &str) -> Result<String, jinmen_core::Fault> {
        choose::choose(&self.lists, list, text)
    }

    /// The keys that a heading may mean, the likeliest first; unit and year in the heading do not
    /// disturb.
    pub fn by_header(&self, subject: Subject, heading: &str) -> Vec<Candidate<'_>> {
        self.headers.candidates(&self.keys, subject, heading)
    }
}
