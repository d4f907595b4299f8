//! A transaction: everything in it happens, or nothing.

use sqlx::{Postgres, SqlSafeStr, SqlStr, Sqlite, Transaction};

use crate::arg::bind_all;
use crate::db::Pools;
use crate::rows::{Row, Rows};
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
        self.rows(sqlx::AssertSqlSafe(sql).into_sql_str(), args).await?.read()
    }

    pub(crate) async fn rows(&mut self, sql: SqlStr, args: Vec<Arg>) -> Result<Rows, DbError> {
        self.db.count_statement();
        Ok(match &mut self.inner {
            Inner::Lite(tx) => Rows::Lite(bind_all!(sqlx::query(sql), args).fetch_all(&mut **tx).await?),
            Inner::Pg(tx) => Rows::Pg(bind_all!(sqlx::query(sql), args).fetch_all(&mut **tx).await?),
        })
    }

    /// The first row, if there is one.
    pub async fn maybe<T: Record>(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Option<T>, DbError> {
        self.row(sqlx::AssertSqlSafe(sql).into_sql_str(), args).await?.map(|row| row.read()).transpose()
    }

    async fn row(&mut self, sql: SqlStr, args: Vec<Arg>) -> Result<Option<Row>, DbError> {
        self.db.count_statement();
        Ok(match &mut self.inner {
            Inner::Lite(tx) => bind_all!(sqlx::query(sql), args).fetch_optional(&mut **tx).await?.map(Row::Lite),
            Inner::Pg(tx) => bind_all!(sqlx::query(sql), args).fetch_optional(&mut **tx).await?.map(Row::Pg),
        })
    }

    /// The first row; [`DbError::NoRow`] if there is none.
    pub async fn one<T: Record>(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<T, DbError> {
        self.maybe(sql, args).await?.ok_or(DbError::NoRow)
    }

    /// A writing statement; how many rows it touched.
    pub async fn run(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64, DbError> {
        self.run_safe(sqlx::AssertSqlSafe(sql).into_sql_str(), args).await
    }

    pub(crate) async fn run_safe(&mut self, sql: SqlStr, args: Vec<Arg>) -> Result<u64, DbError> {
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
        let Some(width) = rows.first().map(Vec::len).filter(|width| *width > 0) else {
            return Ok(0);
        };
        let mut done = 0;
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let count = together(rows.len(), width);
            let sql = format!("{head} VALUES {} {tail}", tuples(self.dialect(), count, width));
            // Built from static parts and parameter marks only.
            let sql = sqlx::AssertSqlSafe(sql).into_sql_str();
            done += self.run_safe(sql, rows.by_ref().take(count).flatten().collect()).await?;
        }
        Ok(done)
    }

    /// Now, by the one clock that everybody shares who writes here: a server's own, however many machines ask it and
    /// whatever their clocks say; the machine's where the database is a file. For what must not depend on which machine
    /// was asked, such as a deadline; everything else takes the time of the application's clock. A clock that a test holds
    /// is believed.
    pub async fn now(&mut self, clock: &jinmen_core::Clock) -> Result<jinmen_core::Instant, DbError> {
        if clock.is_held() || self.dialect() == Dialect::Sqlite {
            return Ok(clock.now());
        }
        let (micros,): (i64,) =
            self.one("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)", Vec::new()).await?;
        Ok(jinmen_core::Instant(micros))
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
        self.db.counts.written();
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

/// How many of so many rows go into one statement: few different numbers, so that prepared statements are met again.
fn together(rows: usize, width: usize) -> usize {
    /// Bound values per statement; PostgreSQL's protocol allows 65,535, SQLite 32,766.
    const VALUES: usize = 6_000;
    const NUMBERS: [usize; 3] = [256, 64, 16];
    NUMBERS
        .into_iter()
        .find(|number| rows >= *number && number * width <= VALUES)
        .unwrap_or(rows.min((VALUES / width).clamp(1, 15)))
}

/// `($1, $2), ($3, $4)`. For SQLite `(?, ?), (?, ?)`: it looks every numbered mark up by its name, from the first one on.
fn tuples(dialect: Dialect, count: usize, width: usize) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(count * width * 7);
    for row in 0..count {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=width {
            text.push_str(if column == 1 { "" } else { ", " });
            match dialect {
                Dialect::Sqlite => text.push('?'),
                Dialect::Postgres => drop(write!(text, "${}", row * width + column)),
            }
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rows_go_in_few_different_statements_that_both_databases_can_bind() {
        for width in [1, 14, 400, 4_000] {
            let (mut left, mut numbers) = (10_007_usize, std::collections::BTreeSet::new());
            while left > 0 {
                let count = together(left, width);
                assert!(count > 0 && count * width <= 6_000);
                numbers.insert(count);
                left -= count;
            }
            assert!(numbers.len() <= 4, "{width}: {numbers:?}");
        }
    }

    #[test]
    fn a_statement_has_a_mark_for_every_value() {
        assert_eq!(tuples(Dialect::Postgres, 2, 2), "($1, $2), ($3, $4)");
        assert_eq!(tuples(Dialect::Sqlite, 2, 2), "(?, ?), (?, ?)");
    }
}
