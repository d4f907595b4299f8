//! The embedded tables: reading them, and the index every list is served from.

use std::collections::HashMap;

use crate::text::fold;

/// One entry of a code list. All text lives as long as the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The code as the standard writes it.
    pub code: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// English name, where there is one (ours, not part of the standard).
    pub en: Option<&'static str>,
    /// Code of the entry above, if any.
    pub parent: Option<&'static str>,
}

/// Read the rows of an embedded CSV text, without its header, as slices of it.
///
/// Knows quoted fields but neither doubled quotes nor line breaks inside quotes: the tables have
/// none, and a test compares this reader with a full one on every file. Missing fields at the end
/// of a row read as empty, so that no row can be a reason to panic.
pub(crate) fn rows<const FIELDS: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; FIELDS]> {
    text.lines().skip(1).filter(|line| !line.is_empty()).map(|line| {
        let mut fields = [""; FIELDS];
        let mut rest = line;
        for field in &mut fields {
            (*field, rest) = next_field(rest);
        }
        fields
    })
}

/// Split off the first field of a line.
fn next_field(line: &'static str) -> (&'static str, &'static str) {
    if let Some(quoted) = line.strip_prefix('"')
        && let Some((field, rest)) = quoted.split_once('"')
    {
        return (field, rest.strip_prefix(',').unwrap_or(rest));
    }
    line.split_once(',').unwrap_or((line, ""))
}

/// An empty field means that there is no value.
pub(crate) fn some(field: &'static str) -> Option<&'static str> {
    (!field.is_empty()).then_some(field)
}

/// Lookup by code, children by parent, and search by name, over one list in file order.
pub(crate) struct Index {
    entries: Vec<Entry>,
    by_code: HashMap<&'static str, usize>,
    children: HashMap<&'static str, Vec<usize>>,
    roots: Vec<usize>,
    folded: Vec<Folded>,
}

/// What a search compares with, folded once.
struct Folded {
    zh: String,
    path: String,
    en: String,
}

impl Index {
    /// Build the index. `in_path` says whether an entry's name belongs to the full names of the
    /// entries below it (placeholders such as 市辖区 do not).
    pub(crate) fn new(entries: Vec<Entry>, in_path: impl Fn(&Entry) -> bool) -> Self {
        let mut index = Self {
            by_code: HashMap::with_capacity(entries.len()),
            children: HashMap::new(),
            roots: Vec::new(),
            folded: Vec::with_capacity(entries.len()),
            entries,
        };
        for (at, entry) in index.entries.iter().enumerate() {
            index.by_code.insert(entry.code, at);
            match entry.parent {
                Some(parent) => index.children.entry(parent).or_default().push(at),
                None => index.roots.push(at),
            }
        }
        for entry in &index.entries {
            let mut names: Vec<&str> =
                index.ancestors(entry.code).into_iter().filter(|above| in_path(above)).map(|above| above.zh).collect();
            names.reverse();
            names.push(entry.zh);
            index.folded.push(Folded {
                zh: fold(entry.zh),
                path: fold(&names.concat()),
                en: entry.en.map(fold).unwrap_or_default(),
            });
        }
        index
    }

    pub(crate) fn get(&self, code: &str) -> Option<&Entry> {
        self.position(code).map(|at| &self.entries[at])
    }

    pub(crate) fn position(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Positions of the entries right below `parent`, or of the topmost ones.
    pub(crate) fn children(&self, parent: Option<&str>) -> &[usize] {
        match parent {
            Some(parent) => self.children.get(parent).map_or(&[], Vec::as_slice),
            None => &self.roots,
        }
    }

    /// The entries above, nearest first.
    pub(crate) fn ancestors(&self, code: &str) -> Vec<&Entry> {
        let mut above = Vec::new();
        let mut next = self.get(code).and_then(|entry| entry.parent);
        // The depth bound keeps a damaged table from looping; real lists are at most four deep.
        while let Some(entry) = next.and_then(|code| self.get(code))
            && above.len() < 8
        {
            above.push(entry);
            next = entry.parent;
        }
        above
    }

    /// Positions of what matches, best first: the code itself, the whole name, the start of the
    /// code, the start of the name, part of the name, all words within the full name, and last
    /// part of the English name. Within a rank, list order.
    pub(crate) fn search(&self, query: &str, limit: usize) -> Vec<usize> {
        let query = fold(query);
        if query.is_empty() || limit == 0 {
            return Vec::new();
        }
        let code = query.to_uppercase();
        let words: Vec<&str> = query.split(' ').collect();
        let mut found: Vec<(u8, usize)> = self
            .entries
            .iter()
            .zip(&self.folded)
            .enumerate()
            .filter_map(|(at, (entry, folded))| {
                let rank = if entry.code == code {
                    0
                } else if folded.zh == query {
                    1
                } else if entry.code.starts_with(&code) {
                    2
                } else if folded.zh.starts_with(&query) {
                    3
                } else if folded.zh.contains(&query) {
                    4
                } else if words.iter().all(|word| folded.path.contains(word)) {
                    5
                } else if folded.en.contains(&query) {
                    6
                } else {
                    return None;
                };
                Some((rank, at))
            })
            .collect();
        found.sort_unstable();
        found.truncate(limit);
        found.into_iter().map(|(_, at)| at).collect()
    }
}
