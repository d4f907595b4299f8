//! What a statement can fail with, named for what the caller can do.

use sqlx::error::ErrorKind;

/// A failed statement. Its text is for logs only, never for a screen.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A unique index refused the row; the index's name, so that a use case can say what is taken.
    #[error("unique index {0}")]
    Unique(String),
    /// A row that this one points to is missing, or one that points to this one remains.
    #[error("foreign key")]
    ForeignKey(#[source] sqlx::Error),
    /// One row was asked for and there is none.
    #[error("no row")]
    NoRow,
    /// The database does not answer, or its disk takes no more: nothing that the statement could mend.
    #[error("the database is away")]
    Away(#[source] sqlx::Error),
    /// Anything else.
    #[error("database")]
    Other(#[source] sqlx::Error),
    /// A migration cannot be applied.
    #[error("migration {0}")]
    Migration(String),
    /// The database address is not one we speak.
    #[error("database address: {0}")]
    Address(String),
}

impl DbError {
    /// Whether this unique index refused the row.
    pub fn is_unique(&self, index: &str) -> bool {
        matches!(self, Self::Unique(name) if name == index)
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NoRow,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => {
                Self::Away(error)
            }
            sqlx::Error::Database(db) if is_away(db.as_ref()) => Self::Away(error),
            sqlx::Error::Database(db) => match db.kind() {
                ErrorKind::UniqueViolation => Self::Unique(index_name(db.as_ref())),
                ErrorKind::ForeignKeyViolation => Self::ForeignKey(error),
                _ => Self::Other(error),
            },
            _ => Self::Other(error),
        }
    }
}

/// Whether a database says that it is away for now: PostgreSQL shutting down, starting or out of connections or disk
/// (classes 08, 53, 57P), SQLite that found no room, a failing disk, or another writer for too long (codes 13, 10, 5).
fn is_away(error: &dyn sqlx::error::DatabaseError) -> bool {
    let Some(code) = error.code() else { return false };
    match code.parse::<i64>() {
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 10 | 13),
        _ => code.starts_with("08") || code.starts_with("53") || code.starts_with("57P"),
    }
}

impl From<DbError> for jinmen_core::Error {
    fn from(error: DbError) -> Self {
        match error {
            DbError::NoRow => Self::NotFound,
            DbError::Unique(index) if index == crate::once::INDEX => Self::conflict("core.already_done"),
            DbError::Away(cause) => Self::Unavailable(Box::new(cause)),
            other => Self::internal(other),
        }
    }
}

/// PostgreSQL names the index. SQLite says `UNIQUE constraint failed: index 'x'` for an index on
/// expressions, else lists `table.column, table.column`, which we give as `table_column_column`: so
/// every unique index is named `table_column_column`.
fn index_name(error: &dyn sqlx::error::DatabaseError) -> String {
    if let Some(name) = error.constraint() {
        return name.to_owned();
    }
    let message = error.message();
    let list = message.rsplit("constraint failed: ").next().unwrap_or(message);
    if let Some(name) = list.strip_prefix("index '") {
        return name.trim_end_matches('\'').to_owned();
    }
    let columns: Vec<(&str, &str)> = list.split(", ").filter_map(|part| part.split_once('.')).collect();
    match columns.first() {
        Some((table, _)) => {
            let names: Vec<&str> = columns.iter().map(|(_, column)| *column).collect();
            format!("{table}_{}", names.join("_"))
        }
        None => list.to_owned(),
    }
}
