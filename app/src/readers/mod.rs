//! Readers of the files that engines work on. They know formats and places; engines know neither.
//!
//! A file that cannot be read yields one sentence with the file, the place in it, what is wrong and what would be right.
//! They take any source of bytes, so that fuzz targets (`fuzz/`) and tests feed them without files.

pub mod beside;
pub mod csv_instance;
pub mod npy;
pub mod npz_instance;
pub mod register;
pub mod scores;
pub mod table;

use std::fmt;

use assignment::Problem;

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The file's name as it was given.
    pub file: String,
    /// The row and column, or the array and its cell.
    pub place: String,
    /// What is wrong and what to do.
    pub what: String,
}

impl ReadError {
    /// Says what is wrong at a place.
    pub fn new(file: &str, place: impl Into<String>, what: impl Into<String>) -> ReadError {
        ReadError { file: file.to_owned(), place: place.into(), what: what.into() }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.what)
    }
}

impl std::error::Error for ReadError {}

/// A problem with the names of its judges and entries; without names they are called by their 0-based place.
#[derive(Debug)]
pub struct Instance {
    /// What is to be assigned.
    pub problem: Problem,
    /// Names of rows and columns.
    pub names: Option<(Vec<String>, Vec<String>)>,
}

impl Instance {
    /// What a judge is called.
    pub fn judge(&self, judge: usize) -> String {
        self.names.as_ref().map_or_else(|| judge.to_string(), |names| names.0[judge].clone())
    }

    /// What an entry is called.
    pub fn entry(&self, entry: usize) -> String {
        self.names.as_ref().map_or_else(|| entry.to_string(), |names| names.1[entry].clone())
    }
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
