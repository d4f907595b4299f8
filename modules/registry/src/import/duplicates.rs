//! The same subject twice in one table.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use store::text::name_key;

use super::row::CheckedRow;

/// What a row has been found to be.
pub(super) enum Found {
    /// The first of its subject, or the first that is right.
    New,
    /// As in an earlier row.
    Again(u32),
    /// The code of an earlier row under another name.
    Conflict(u32),
}

/// Whom a row is about. Numbers are kept as hashes: nothing of a person stays in memory, and a million
/// rows take some thirty megabytes.
#[derive(PartialEq, Eq, Hash)]
struct Identity(u8, u64);

struct Seen {
    row: u32,
    name: u64,
    taken: bool,
}

/// The subjects so far.
#[derive(Default)]
pub(super) struct Duplicates {
    seen: HashMap<Identity, Seen>,
}

impl Duplicates {
    /// Compares a row with those before it and remembers it. A row that is itself wrong does not keep
    /// a later one out.
    pub(super) fn meet(&mut self, row: &CheckedRow, right: bool) -> Found {
        let Some(identity) = identity(row) else {
            return Found::New;
        };
        let name = hash(&name_key(&row.name));
        match self.seen.get_mut(&identity) {
            None => {
                self.seen.insert(identity, Seen { row: row.row, name, taken: right });
                Found::New
            }
            Some(seen) if seen.name != name && !row.name.is_empty() => Found::Conflict(seen.row),
            Some(seen) if seen.taken => Found::Again(seen.row),
            Some(seen) => {
                seen.taken = right;
                Found::New
            }
        }
    }
}

/// By credit code or identity number; an organisation without a code by its name. Two people of one
/// name are two people.
fn identity(row: &CheckedRow) -> Option<Identity> {
    match (&row.uscc, &row.resident_id) {
        (Some(uscc), _) => Some(Identity(0, hash(uscc.as_str()))),
        (_, Some(id)) => Some(Identity(1, hash(id.expose()))),
        _ => None,
    }
}

impl Duplicates {
    /// For organisations without a code.
    pub(super) fn meet_name(&mut self, row: &CheckedRow, right: bool) -> Found {
        let name = hash(&name_key(&row.name));
        match self.seen.get_mut(&Identity(2, name)) {
            Some(seen) if seen.taken => Found::Again(seen.row),
            Some(seen) => {
                seen.taken = right;
                Found::New
            }
            None => {
                self.seen.insert(Identity(2, name), Seen { row: row.row, name, taken: right });
                Found::New
            }
        }
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
