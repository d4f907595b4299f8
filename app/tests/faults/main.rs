//! What is left when things break: the server killed at random moments under concurrent writers, PostgreSQL stopped
//! under load, a disk that is full, a backup cut in the middle, one of two processes killed. Every acknowledged
//! write must be there, none twice, no half import, the record whole, and jobs must finish.
//!
//! The tests here are the short form. `bench/faults/run` runs the same ones with `JINMEN_FAULTS=long`, and keeps
//! what they count in the file that `JINMEN_FAULT_REPORT` names.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod backups;
mod cluster;
mod disk;
mod kills;
mod outage;
mod pair;
#[path = "../it/program.rs"]
#[allow(dead_code, reason = "shared with the other tests of the program")]
mod program;
mod syncs;
mod writers;

use std::io::Write;
use std::time::Duration;

use serde_json::Value;

/// Whether the long form was asked for.
pub fn long() -> bool {
    std::env::var("JINMEN_FAULTS").is_ok_and(|form| form == "long")
}

/// Keeps what a scenario counted.
pub fn report(scenario: &str, counts: Value) {
    eprintln!("{scenario}: {counts}");
    if let Ok(path) = std::env::var("JINMEN_FAULT_REPORT") {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        writeln!(file, "{}", serde_json::json!({ "scenario": scenario, "counts": counts })).unwrap();
    }
}

/// A random time to wait.
pub fn moment(from: u64, to: u64) -> Duration {
    Duration::from_millis(rand::random_range(from..to))
}
