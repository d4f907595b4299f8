//! The log over the entries: one sequencer gives them their places and signs, anybody may check.
//!
//! Entries commit with the transaction that makes the change, without a place, so that no change waits
//! for another. [`Sequencer::run`] looks several times a second; whichever process takes the row of the
//! log in its transaction gives places, the others wait for it. A leaf of the tree is the digest of an
//! entry, 32 bytes.

use std::time::Duration;

use jinmen_core::{Clock, Error, Fault, Result};
use seal::checkpoint::Checkpoint;
use seal::tile::{self, Address, Place, Tiles};
use seal::{Signer, merkle, note};
use store::Db;
use tokio::sync::watch;

use crate::keys::{self, WrappingKey};
use crate::sql::log as sql;

/// Entries that get their places in one transaction.
const BATCH: i64 = 2_000;
/// How often the sequencer looks; entries have their place within a second.
const LOOK: Duration = Duration::from_millis(250);

/// Gives entries their places and signs the log.
#[derive(Clone, Debug)]
pub struct Sequencer {
    db: Db,
    clock: Clock,
    wrapping: WrappingKey,
}

impl Sequencer {
    /// Opens the log under a name if it is not open, and makes its keys. The name stays for ever: later ones
    /// are passed over.
    pub async fn open(db: Db, clock: Clock, wrapping: WrappingKey, origin: &str) -> Result<Self> {
        let this = Self { db, clock, wrapping };
        let mut tx = this.db.begin().await?;
        sql::open(&mut tx, origin).await?;
        let log = sql::take(&mut tx).await?.ok_or_else(keys::not_open)?;
        let now = this.clock.now();
        keys::complete(&mut tx, &this.wrapping, &log.origin, now).await?;
        if log.checkpoint.is_empty() {
            let first = Checkpoint { origin: log.origin.clone(), size: 0, root: merkle::empty_root() };
            let signed = sign(&first, keys::signers(&mut tx, &this.wrapping).await?).await?;
            sql::sign(&mut tx, 0, &signed, now.0).await?;
        }
        tx.commit().await?;
        Ok(this)
    }

    /// Gives places to entries that have none until none is left; how many got one.
    pub async fn catch_up(&self) -> Result<u64> {
        let mut all = 0;
        while sql::waits(&self.db).await? {
            match self.step().await? {
                0 => break,
                some => all += some,
            }
        }
        Ok(all)
    }

    /// One transaction: places, tiles, signature.
    async fn step(&self) -> Result<u64> {
        let mut tx = self.db.begin().await?;
        let log = sql::take(&mut tx).await?.ok_or_else(keys::not_open)?;
        let size = unsigned(log.size);
        let digests = sql::number(&mut tx, log.size, BATCH).await?;
        if digests.is_empty() {
            return Ok(0);
        }
        let mut tiles = sql::tiles(&mut tx, &tile::edge(size)).await?;
        let leaves: Vec<_> = digests.iter().map(|digest| merkle::leaf(digest)).collect();
        let changed = tile::grow(size, &mut tiles, &leaves).map_err(damaged)?;
        sql::put_tiles(&mut tx, tiles.0.iter().filter(|(place, _)| changed.contains(place))).await?;
        let new = size + leaves.len() as u64;
        let root = merkle::root(new, &mut tiles).map_err(damaged)?;
        let checkpoint = Checkpoint { origin: log.origin, size: new, root };
        let signed = sign(&checkpoint, keys::signers(&mut tx, &self.wrapping).await?).await?;
        sql::sign(&mut tx, i64::try_from(new).map_err(Error::internal)?, &signed, self.clock.now().0).await?;
        tx.commit().await?;
        Ok(leaves.len() as u64)
    }

    /// Looks for entries without a place until asked to stop. What fails is tried again at the next look.
    pub async fn run(self, mut stopped: watch::Receiver<bool>) {
        let mut failed = false;
        while !*stopped.borrow() {
            let result = self.catch_up().await;
            if let (Err(error), false) = (&result, failed) {
                tracing::error!("The record cannot be signed; trying again: {error:?}");
            }
            failed = result.is_err();
            tokio::select! { () = tokio::time::sleep(LOOK) => {}, _ = stopped.changed() => {} }
        }
        // What was acknowledged before the stop has its place after it.
        self.catch_up().await.ok();
    }
}

/// Signs where blocking is no harm: a signer may be a device.
async fn sign(checkpoint: &Checkpoint, signers: Vec<Box<dyn Signer>>) -> Result<String> {
    let (text, name) = (checkpoint.to_string(), checkpoint.origin.clone());
    let signing = tokio::task::spawn_blocking(move || {
        let signers: Vec<&dyn Signer> = signers.iter().map(AsRef::as_ref).collect();
        note::sign(&text, &name, &signers)
    });
    signing.await.map_err(Error::internal)?.map_err(Error::internal)
}

fn unsigned(size: i64) -> u64 {
    u64::try_from(size).unwrap_or(0)
}

fn damaged(missing: tile::MissingTile) -> Error {
    Error::internal(format!("the record's tree is damaged: {missing}"))
}

/// The signed state of the log; `None` while it is not open.
pub async fn checkpoint(db: &Db) -> Result<Option<String>> {
    Ok(sql::find(db).await?.map(|log| log.checkpoint))
}

/// How many entries have their place, and how many (at most 10,000 are counted) have none yet.
pub async fn progress(db: &Db) -> Result<(u64, u64)> {
    let size = sql::find(db).await?.map_or(0, |log| unsigned(log.size));
    Ok((size, unsigned(sql::waiting(db, 10_000).await?)))
}

/// The bytes of a tile; nothing where the log does not reach so far.
pub async fn tile(db: &Db, address: Address) -> Result<Vec<u8>> {
    let mut tiles = sql::tiles(db, &[address.place]).await?;
    let nodes = tiles.0.remove(&address.place).unwrap_or_default();
    let nodes = nodes.get(..usize::from(address.width)).ok_or(Error::NotFound)?;
    Ok(nodes.concat())
}

/// The bytes of a bundle of entries: their digests.
pub async fn bundle(db: &Db, index: u64, width: u16) -> Result<Vec<u8>> {
    let first = index.checked_mul(tile::WIDTH).and_then(|first| i64::try_from(first).ok()).ok_or(Error::NotFound)?;
    let rows = sql::digests(db, first, i64::from(width)).await?;
    if rows.len() != usize::from(width) {
        return Err(Error::NotFound);
    }
    tile::bundle(rows.iter().map(|(_, digest)| digest.as_slice()))
        .ok_or_else(|| Error::internal("a digest is too long"))
}

/// The tiles that a computation over the tree needs.
pub(crate) async fn tiles(db: &Db, places: &std::collections::BTreeSet<Place>) -> Result<Tiles> {
    Ok(sql::tiles(db, &places.iter().copied().collect::<Vec<_>>()).await?)
}

/// The state of the log, read.
pub(crate) async fn state(db: &Db) -> Result<(Checkpoint, String)> {
    let log = sql::find(db).await?.ok_or(Error::NotFound)?;
    let text = note::parse(&log.checkpoint).map_err(Error::internal)?.text;
    let checkpoint = text.parse().map_err(Error::internal)?;
    Ok((checkpoint, log.checkpoint))
}

/// An older size may not be above the log's.
pub(crate) fn within(from: u64, size: u64) -> Result<u64> {
    let fault = || Fault::at("from", "record.beyond").with("size", size);
    if from <= size { Ok(from) } else { Err(Error::Invalid(vec![fault()])) }
}

/// Entries by their places, from `first` on, at most `most` of them, in order: for those who follow the record and must
/// miss nothing. Places are given without gaps, so the next call goes on behind the last one.
pub async fn placed(db: &Db, first: i64, most: i64) -> Result<Vec<crate::Entry>> {
    let rows = crate::sql::entry::numbered_from(db, first, most).await?;
    Ok(rows.into_iter().map(|row| row.entry).collect())
}
