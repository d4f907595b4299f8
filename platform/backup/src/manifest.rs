//! What is in a backup.

use serde::{Deserialize, Serialize};
use store::dump::Table;

/// What a backup calls itself.
pub const FORMAT: &str = "jinmen backup";
/// The version that this program writes and reads.
pub const VERSION: u32 = 1;

/// What is in a backup.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// `jinmen backup`.
    pub format: String,
    /// 1.
    pub version: u32,
    /// The program that made it.
    pub program: String,
    /// When, RFC 3339.
    pub made_at: String,
    /// `sqlite` or `postgres`: where it came from; it goes to either.
    pub database: String,
    /// The migrations that the tables had: module, number, name.
    pub migrations: Vec<(String, i64, String)>,
    /// A mark by which the master key is known again; it says nothing about the key.
    pub key_mark: String,
    /// The signed state of the record, if it was signed.
    pub checkpoint: Option<String>,
    /// The tables.
    pub tables: Vec<TablePart>,
    /// The attachments.
    pub files: Vec<FilePart>,
}

/// A table in a backup.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TablePart {
    /// Its name and columns.
    #[serde(flatten)]
    pub table: Table,
    /// Its rows.
    pub rows: u64,
    /// The digest of its lines, SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// An attachment in a backup.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FilePart {
    /// The digest of its bytes, SHA-256 in hexadecimal digits: its name.
    pub sha256: String,
    /// How many bytes.
    pub size: u64,
}
