//! A transaction: everything in it happens, or nothing.

use sqlx::{Postgres, Sqlite, Transaction};

use crate::arg::bind_all;
use crate::db::Pools;
use crate::{Arg, Db, DbError, Dialect, Record};

enum Inner {
    Lite(Transaction<'static, Sqlite>),
    Pg(Transaction<'static, Postgres>),
}

/// A transaction; dropped without [`Tx::commit`] it is rolled back.
pub struct Tx {
    inner: Inner,
    db: Db,
}

impl Tx {
    pub(crate) async fn begin(db: &Db) -> Result<Self, DbError> {
        let inner = match &db.pools {
            Pools::Lite { writer, .. } => Inner::Lite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Pg(pool) => Inner::Pg(pool.begin().await?),
        };
        let mut tx = Self { inner, db: db.clone() };
        crate::once::claim(&mut tx).await?;
        Ok(tx)
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        self.db.dialect()
    }

    /// All rows of a statement, reading or `… RETURNING`.
    pub async fn list<T: Record>(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<T>, DbError> {
        self.list_safe(sqlx::AssertSqlSafe(sql), args).await
    }

    pub(crate) async fn list_safe<T: Record>(
        &mut self,
        sql: impl sqlx::SqlSafeStr,
        args: Vec<Arg>,
    ) -> Result<Vec<T>, DbError> {
        self.db.count_statement();
        Ok(match &mut self.inner {
            Inner::Lite(tx) => bind_all!(sqlx::query_as(sql), args).fetch_all(&mut **tx).await?,
            Inner::Pg(tx) => bind_all!(sqlx::query_as(sql), args).fetch_all(&mut **tx).await?,
        })
    }

    /// The first row, if there is one.
    pub async fn maybe<T: Record>(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Option<T>, DbError> {
        self.db.count_statement();
        Ok(match &mut self.inner {
            Inner::Lite(tx) => bind_all!(sqlx::query_as(sql), args).fetch_optional(&mut **tx).await?,
            Inner::Pg(tx) => bind_all!(sqlx::query_as(sql), args).fetch_optional(&mut **tx).await?,
        })
    }

    /// The first row; [`DbError::NoRow`] if there is none.
    pub async fn one<T: Record>(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<T, DbError> {
        self.maybe(sql, args).await?.ok_or(DbError::NoRow)
    }

    /// A writing statement; how many rows it touched.
    pub async fn run(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64, DbError> {
        self.run_safe(sqlx::AssertSqlSafe(sql), args).await
    }

    pub(crate) async fn run_safe(&mut self, sql: impl sqlx::SqlSafeStr, args: Vec<Arg>) -> Result<u64, DbError> {
        self.db.count_statement();
        Ok(match &mut self.inner {
            Inner::Lite(tx) => bind_all!(sqlx::query(sql), args).execute(&mut **tx).await?.rows_affected(),
            Inner::Pg(tx) => bind_all!(sqlx::query(sql), args).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Inserts many rows in few statements: `head` is `INSERT INTO t (a, b)`, `tail` what follows the
    /// values, such as `ON CONFLICT DO NOTHING`. Every row has the same number of values.
    pub async fn insert_many(
        &mut self,
        head: &'static str,
        rows: Vec<Vec<Arg>>,
        tail: &'static str,
    ) -> Result<u64, DbError> {
        self.insert_many_safe(head, rows, tail).await
    }

    /// The same with a head made from names of the catalogue.
    pub(crate) async fn insert_many_safe(
        &mut self,
        head: &str,
        rows: Vec<Vec<Arg>>,
        tail: &'static str,
    ) -> Result<u64, DbError> {
        /// Bound values per statement; PostgreSQL's protocol allows 65,535, SQLite 32,766.
        const VALUES: usize = 6_000;
        let Some(width) = rows.first().map(Vec::len).filter(|width| *width > 0) else {
            return Ok(0);
        };
        let mut done = 0;
        let mut rows = rows.into_iter();
        loop {
            let chunk: Vec<Vec<Arg>> = rows.by_ref().take((VALUES / width).max(1)).collect();
            if chunk.is_empty() {
                return Ok(done);
            }
            let tuples: Vec<String> = (0..chunk.len())
                .map(|row| {
                    let marks: Vec<String> =
                        (0..width).map(|column| format!("${}", row * width + column + 1)).collect();
                    format!("({})", marks.join(", "))
                })
                .collect();
            let sql = format!("{head} VALUES {} {tail}", tuples.join(", "));
            // Built from static parts and parameter marks only.
            done += self.run_safe(sqlx::AssertSqlSafe(sql), chunk.into_iter().flatten().collect()).await?;
        }
    }

    /// Runs several statements without parameters, as a migration does.
    pub(crate) async fn script(&mut self, sql: &'static str) -> Result<(), DbError> {
        match &mut self.inner {
            Inner::Lite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
            Inner::Pg(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }

    /// Commits; when this returns, the change is on the disk.
    pub async fn commit(self) -> Result<(), DbError> {
        match self.inner {
            Inner::Lite(tx) => tx.commit().await?,
            Inner::Pg(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Rolls back now instead of on drop.
    pub async fn rollback(self) -> Result<(), DbError> {
        match self.inner {
            Inner::Lite(tx) => tx.rollback().await?,
            Inner::Pg(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}
