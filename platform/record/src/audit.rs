//! Whether the record of a database is whole: every entry against its digest, every place, the tree over
//! them, the signature.

use jinmen_core::{Error, Result};
use seal::merkle;
use seal::tile::{self, Place, Tiles};
use store::Db;

use crate::sql::entry::Sealed;
use crate::{keys, log, sql};

/// What an audit found.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Audit {
    /// Entries that have a place.
    pub entries: u64,
    /// Of them, those whose meaning was deleted.
    pub forgotten: u64,
    /// Entries that wait for a place.
    pub waiting: u64,
    /// What is wrong, at most a hundred sentences.
    pub faults: Vec<String>,
}

/// Rows read at a time.
const PAGE: i64 = 1_000;
/// Faults that are named; more than these say nothing new.
const NAMED: usize = 100;

impl Audit {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, text: String) {
        if self.faults.len() < NAMED {
            self.faults.push(text);
        }
    }
}

/// Reads the whole record. Memory stays flat; `heard` gets the entries read so far.
pub async fn audit(db: &Db, mut heard: impl FnMut(u64)) -> Result<Audit> {
    let mut audit = Audit { waiting: log::progress(db).await?.1, ..Audit::default() };
    // An instance that never served has entries and no log.
    let Ok((checkpoint, signed)) = log::state(db).await else { return unsequenced(db, audit).await };
    let mut tiles = Tiles::default();
    while audit.entries < checkpoint.size && audit.faults.len() < NAMED {
        let first = i64::try_from(audit.entries).map_err(Error::internal)?;
        let most = i64::try_from(checkpoint.size - audit.entries).unwrap_or(PAGE).min(PAGE);
        let rows = sql::entry::numbered_from(db, first, most).await?;
        let mut leaves = Vec::with_capacity(rows.len());
        for (expected, row) in (first..).zip(&rows) {
            examine(&mut audit, expected, row)?;
            leaves.push(merkle::leaf(&row.digest));
        }
        if i64::try_from(leaves.len()).unwrap_or(0) < most {
            audit.fault(format!("entries after {} are missing", audit.entries + leaves.len() as u64));
            break;
        }
        let before = audit.entries;
        audit.entries += leaves.len() as u64;
        let changed = tile::grow(before, &mut tiles, &leaves).map_err(Error::internal)?;
        compare(db, &mut audit, &mut tiles, &changed, checkpoint.size).await?;
        heard(audit.entries);
    }
    if audit.is_whole() {
        let root = merkle::root(checkpoint.size, &mut tiles).map_err(Error::internal)?;
        if root != checkpoint.root {
            audit.fault("the root over the entries is not the one that was signed".to_owned());
        }
    }
    let ring = keys::ring(db).await?.verifiers().map_err(Error::internal)?;
    if let Err(error) = seal::note::parse(&signed).and_then(|note| note.verify(&ring).map(drop)) {
        audit.fault(error.to_string());
    }
    Ok(audit)
}

fn examine(audit: &mut Audit, expected: i64, row: &Sealed) -> Result<()> {
    if row.number != Some(expected) {
        audit.fault(format!("entry {expected} is missing"));
    }
    match (&row.entry.data, &row.salt) {
        (None, None) => audit.forgotten += 1,
        (Some(_), Some(salt)) if row.entry.digest(salt)? == row.digest => {}
        (Some(_), Some(_)) => audit.fault(format!("entry {expected} was altered")),
        _ => audit.fault(format!("entry {expected} lost its salt or its data, not both")),
    }
    Ok(())
}

/// Compares what grew with what is stored, and lets go of full tiles below the edge.
async fn compare(
    db: &Db,
    audit: &mut Audit,
    tiles: &mut Tiles,
    changed: &std::collections::BTreeSet<Place>,
    size: u64,
) -> Result<()> {
    let complete =
        |place: &&Place, tiles: &Tiles| tiles.0.get(*place).map_or(0, Vec::len) as u64 == tile::width(**place, size);
    let done: Vec<Place> = changed.iter().filter(|place| complete(place, tiles)).copied().collect();
    let stored = sql::log::tiles(db, &done).await?;
    for place in &done {
        if stored.0.get(place) != tiles.0.get(place) {
            audit.fault(format!("tile {} of level {} is not that of the entries", place.index, place.level));
        }
    }
    let edge = tile::edge(size);
    tiles.0.retain(|place, nodes| (nodes.len() as u64) < tile::WIDTH || edge.contains(place));
    Ok(())
}

/// Entries before the first sequencer: each against its digest.
async fn unsequenced(db: &Db, mut audit: Audit) -> Result<Audit> {
    let mut after = String::new();
    loop {
        let rows = sql::entry::waiting_after(db, &after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(audit) };
        after = last.entry.id.text();
        for row in &rows {
            match (&row.entry.data, &row.salt) {
                (Some(_), Some(salt)) if row.entry.digest(salt)? != row.digest => {
                    audit.fault(format!("entry {} was altered", row.entry.id.text()));
                }
                _ => {}
            }
        }
    }
}
