//! Where a statement runs: on the database by itself, or within a transaction. Functions of a
//! `sql.rs` take `impl Into<Conn<'_>>` and serve both.

use crate::{Arg, Db, DbError, Dialect, Record, Tx};

/// The database, or a transaction on it.
pub enum Conn<'a> {
    /// Outside a transaction.
    Db(&'a Db),
    /// Inside one.
    Tx(&'a mut Tx),
}

impl<'a> From<&'a Db> for Conn<'a> {
    fn from(db: &'a Db) -> Self {
        Self::Db(db)
    }
}

impl<'a> From<&'a mut Tx> for Conn<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        Self::Tx(tx)
    }
}

impl Conn<'_> {
    /// The same place once more, for a second statement.
    pub fn again(&mut self) -> Conn<'_> {
        match self {
            Self::Db(db) => Conn::Db(db),
            Self::Tx(tx) => Conn::Tx(tx),
        }
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Db(db) => db.dialect(),
            Self::Tx(tx) => tx.dialect(),
        }
    }

    /// All rows.
    pub async fn list<T: Record>(self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<T>, DbError> {
        match self {
            Self::Db(db) => db.list(sql, args).await,
            Self::Tx(tx) => tx.list(sql, args).await,
        }
    }

    /// The first row, if there is one.
    pub async fn maybe<T: Record>(self, sql: &'static str, args: Vec<Arg>) -> Result<Option<T>, DbError> {
        match self {
            Self::Db(db) => db.maybe(sql, args).await,
            Self::Tx(tx) => tx.maybe(sql, args).await,
        }
    }

    /// The first row; [`DbError::NoRow`] if there is none.
    pub async fn one<T: Record>(self, sql: &'static str, args: Vec<Arg>) -> Result<T, DbError> {
        self.maybe(sql, args).await?.ok_or(DbError::NoRow)
    }

    /// A writing statement; how many rows it touched.
    pub async fn run(self, sql: &'static str, args: Vec<Arg>) -> Result<u64, DbError> {
        match self {
            Self::Db(db) => db.run(sql, args).await,
            Self::Tx(tx) => tx.run(sql, args).await,
        }
    }
}
