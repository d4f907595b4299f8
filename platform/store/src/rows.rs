//! Rows as the databases give them. How a statement is sent and its rows fetched is compiled once, and not once more for each
//! type that rows are read into.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::{DbError, Record};

/// One row.
pub(crate) enum Row {
    Lite(SqliteRow),
    Pg(PgRow),
}

impl Row {
    /// What it says.
    pub(crate) fn read<T: Record>(&self) -> Result<T, DbError> {
        Ok(match self {
            Self::Lite(row) => T::from_row(row)?,
            Self::Pg(row) => T::from_row(row)?,
        })
    }
}

/// All rows of a statement.
pub(crate) enum Rows {
    Lite(Vec<SqliteRow>),
    Pg(Vec<PgRow>),
}

impl Rows {
    /// What they say, in their order.
    pub(crate) fn read<T: Record>(self) -> Result<Vec<T>, DbError> {
        // Rows are let go as they are read: a long list is not held twice.
        Ok(match self {
            Self::Lite(rows) => rows.into_iter().map(|row| T::from_row(&row)).collect::<Result<_, _>>()?,
            Self::Pg(rows) => rows.into_iter().map(|row| T::from_row(&row)).collect::<Result<_, _>>()?,
        })
    }
}
