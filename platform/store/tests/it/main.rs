//! The store through its public face, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod migrate;
mod search;
mod statements;
mod values;

use store::{Migration, MigrationSet};

/// Tables of these tests.
pub const THINGS: MigrationSet = MigrationSet {
    module: "things",
    files: &[migration(
        1,
        "0001_thing",
        "CREATE TABLE thing (
            id TEXT PRIMARY KEY, name TEXT, data JSONB, amount BIGINT, at BIGINT, day TEXT,
            share DOUBLE PRECISION, open BOOLEAN, bytes BYTEA, parent TEXT REFERENCES thing (id) ON DELETE CASCADE
         );
         CREATE UNIQUE INDEX thing_name ON thing (name);
         CREATE UNIQUE INDEX thing_day_amount ON thing (day, amount) WHERE open;
         CREATE UNIQUE INDEX thing_code ON thing ((data ->> 'code'));
         CREATE TABLE pair (a TEXT NOT NULL, b BIGINT NOT NULL, PRIMARY KEY (a, b));",
    )],
};

pub const fn migration(number: i64, name: &'static str, text: &'static str) -> Migration {
    Migration { number, name, sqlite: text, postgres: text }
}
