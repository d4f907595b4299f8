//! A whole instance in one file, and back: every row of the database in one state, every attachment, while
//! the instance goes on working. What SQLite wrote, PostgreSQL restores, and the other way round.
//!
//! # The file, version 1
//!
//! A zip archive:
//!
//! - `tables/NAME.jsonl`: one JSON array a row, its values in the order of the columns that the manifest names;
//! - `files/DIGEST`: the bytes of attachments, once however often they are attached;
//! - `manifest.json`, written last: what made it and when, the migrations that the tables had, for each table its
//!   columns, rows and digest, for each file its size, a mark by which the right master key is known, and the signed
//!   state of the record.
//!
//! The master key is never in it: whoever has the file alone reads no sealed value and signs nothing.
//!
//! [`write`] writes beside the target and moves into place once the file was read again and found whole.
//! [`restore`] takes only what [`check`] has read from end to end; it fills an empty instance in one transaction, and
//! brings the tables up to date. Where it is killed, the database is empty still, and it can be run again.

mod archive;
mod error;
mod manifest;
mod restore;
mod write;

pub use archive::{Whole, check};
pub use error::BackupError;
pub use manifest::{FilePart, Manifest, TablePart};
pub use restore::{Restored, Target, restore};
pub use write::{Source, write};

/// What a backup or a restore is doing, for whoever watches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// Rows of a table.
    Table(String),
    /// Attachments: done, and in all.
    Files(u64, u64),
    /// Reading the file again.
    Checking,
    /// Reading the whole record.
    Record(u64),
}
