//! One handle over SQLite and PostgreSQL.
//!
//! Every statement is one text for both databases, in the portable subset described in
//! `ARCHITECTURE.md`: keys are UUIDv7 text, instants BIGINT microseconds, dates text `YYYY-MM-DD`,
//! money BIGINT fen, JSON columns hold objects or arrays only. The only place with two texts is
//! [`search`]; migrations may have a file per dialect.
//!
//! ```no_run
//! # async fn example() -> Result<(), store::DbError> {
//! let db = store::Db::open("sqlite:///tmp/jinmen/jinmen.db").await?;
//! let names: Vec<(String,)> = db.list("SELECT name FROM account WHERE state = $1", store::args!["active"]).await?;
//! # Ok(()) }
//! ```
#![allow(clippy::disallowed_methods, reason = "this is the handle that all statements go through")]

mod arg;
mod conn;
mod counts;
mod db;
pub mod dump;
mod error;
pub mod migrate;
pub mod once;
mod query;
mod rows;
pub mod search;
pub mod testing;
pub mod text;
mod tx;

pub use arg::{Arg, Identifier, without_nul};
pub use conn::Conn;
pub use db::{Db, Dialect};
pub use error::DbError;
pub use migrate::{Migration, MigrationSet};
pub use query::{Query, count_all_capped, count_capped, count_each};
pub use sqlx::FromRow;
pub use tx::Tx;

/// A row type: `#[derive(store::FromRow)]` serves both databases.
pub trait Record:
    for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin
{
}

impl<T> Record for T where
    T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
        + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
        + Send
        + Unpin
{
}
