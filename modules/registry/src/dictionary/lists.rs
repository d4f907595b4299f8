//! The registry's own code lists, and other names for the codes of public ones.

use std::collections::HashMap;

use jinmen_core::codes::{CodeList, lists};
use lists::Entry;
use store::text::fold;

/// All lists by name, and the other names of codes.
pub(super) struct Lists {
    own: HashMap<&'static str, &'static Own>,
    order: Vec<&'static str>,
    /// List, folded other name: code.
    aliases: HashMap<(&'static str, String), &'static str>,
}

/// One list of the registry: flat, in the order of the data.
struct Own {
    name: &'static str,
    entries: Vec<Entry>,
}

/// The lists live as long as the program, like those of the codes engine: some ten kilobytes, once.
fn keep(text: &str) -> &'static str {
    text.to_owned().leak()
}

impl Lists {
    pub(super) fn load() -> Self {
        let mut entries: Vec<(&'static str, Vec<Entry>)> = Vec::new();
        let mut aliases = HashMap::new();
        let mut reader = csv::Reader::from_reader(include_str!("../../data/lists.csv").as_bytes());
        for row in reader.records().filter_map(Result::ok) {
            let cell = |at: usize| row.get(at).unwrap_or_default();
            let code = keep(cell(1));
            let name = match entries.iter().position(|(name, _)| *name == cell(0)) {
                Some(at) => entries[at].0,
                None => {
                    entries.push((keep(cell(0)), Vec::new()));
                    entries.last().map_or("", |(name, _)| name)
                }
            };
            for alias in cell(4).split('|').filter(|alias| !alias.is_empty()) {
                aliases.insert((name, fold(alias)), code);
            }
            // A row without a name only adds other names to a public list.
            if let Some((_, list)) = entries.iter_mut().find(|(listed, _)| *listed == name)
                && !cell(2).is_empty()
            {
                list.push(Entry { code, zh: keep(cell(2)), en: Some(keep(cell(3))), parent: None });
            }
        }
        let owned = entries.into_iter().filter(|(_, entries)| !entries.is_empty());
        let own: Vec<Own> = owned.map(|(name, entries)| Own { name, entries }).collect();
        let own: &'static [Own] = own.leak();
        Self {
            order: own.iter().map(|list| list.name).collect(),
            own: own.iter().map(|list| (list.name, list)).collect(),
            aliases,
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'static dyn CodeList> {
        match self.own.get(name) {
            Some(own) => Some(*own),
            None => lists::get(name),
        }
    }

    pub(super) fn names(&self) -> Vec<&'static str> {
        self.order.clone()
    }

    /// The code of another name, folded.
    pub(super) fn alias(&self, list: &'static str, folded: &str) -> Option<&'static str> {
        self.aliases.get(&(list, folded.to_owned())).copied()
    }
}

impl CodeList for Own {
    fn name(&self) -> &'static str {
        self.name
    }

    fn entry(&self, code: &str) -> Option<Entry> {
        self.entries.iter().find(|entry| entry.code == code).copied()
    }

    fn children(&self, parent: Option<&str>) -> Vec<Entry> {
        if parent.is_none() { self.entries.clone() } else { Vec::new() }
    }

    fn search(&self, query: &str, limit: usize) -> Vec<Entry> {
        let query = fold(query);
        if query.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u8, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| rank(entry, &query).map(|rank| (rank, at)))
            .collect();
        found.sort_unstable();
        found.into_iter().take(limit).map(|(_, at)| self.entries[at]).collect()
    }

    fn len(&self) -> usize {
        self.entries.len()
    }
}

fn rank(entry: &Entry, query: &str) -> Option<u8> {
    let (zh, en) = (fold(entry.zh), fold(entry.en.unwrap_or_default()));
    match () {
        () if entry.code == query => Some(0),
        () if zh == query || en == query => Some(1),
        () if zh.starts_with(query) => Some(2),
        () if zh.contains(query) || en.contains(query) => Some(3),
        () => None,
    }
}
