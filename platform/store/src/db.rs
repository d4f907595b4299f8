//! The handle on the database of an instance.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqlSafeStr, SqlStr};
use tokio::sync::mpsc;

use crate::arg::bind_all;
use crate::counts::{Counts, State};
use crate::rows::{Row, Rows};
use crate::{Arg, DbError, Record, Tx};

/// Which database is behind the handle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// SQLite, in a file of the instance's folder.
    Sqlite,
    /// PostgreSQL, or a database that speaks its protocol.
    Postgres,
}

#[derive(Clone, Debug)]
pub(crate) enum Pools {
    /// One writer, because SQLite has one; several readers, which in WAL mode never wait for it.
    Lite {
        writer: SqlitePool,
        reader: SqlitePool,
        /// One connection that only ever asks whether another one wrote.
        watch: SqlitePool,
    },
    Pg(PgPool),
}

/// The database of an instance; cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pub(crate) pools: Pools,
    pub(crate) counts: Arc<Counts>,
    statements: Arc<AtomicU64>,
}

const READERS: u32 = 4;
const PG_CONNECTIONS: u32 = 10;
/// What each of SQLite's connections keeps of the file, in kibibytes below nought; the system keeps the rest.
const CACHE: &str = "-8000";
/// Prepared statements that a connection keeps: pages and lists with their usual filters.
const STATEMENTS: usize = 300;
/// A connection used so shortly before is not asked whether it lives.
const STILL_ALIVE: Duration = Duration::from_secs(1);
/// Rows that SQLite's thread reads ahead: a page, so that it does not stop for every row.
const ROWS_AHEAD: usize = 256;

impl Db {
    /// Opens `sqlite:///folder/file.db` (made if absent), or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        let pools = if let Some(path) = url.strip_prefix("sqlite://") {
            open_sqlite(Path::new(path)).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            // Statements here take milliseconds; making machine code of them takes longer.
            let options = PgConnectOptions::from_str(url).map_err(DbError::from)?.options([("jit", "off")]);
            let pool = PgPoolOptions::new()
                .max_connections(PG_CONNECTIONS)
                .acquire_timeout(Duration::from_secs(10))
                // Asking a connection whether it lives costs as much as a statement: only after it was idle.
                .test_before_acquire(false)
                .before_acquire(|connection, known| {
                    Box::pin(async move {
                        if known.idle_for < STILL_ALIVE {
                            return Ok(true);
                        }
                        Ok(connection.ping().await.is_ok())
                    })
                })
                .connect_with(options.statement_cache_capacity(STATEMENTS))
                .await?;
            Pools::Pg(pool)
        } else {
            let scheme = url.split(':').next().unwrap_or_default();
            return Err(DbError::Address(format!("`{scheme}` is neither sqlite nor postgres")));
        };
        Ok(Self { pools, counts: Arc::default(), statements: Arc::default() })
    }

    /// Opens the SQLite file of an instance's folder.
    pub async fn open_file(path: &Path) -> Result<Self, DbError> {
        Self::open(&format!("sqlite://{}", path.display())).await
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self.pools {
            Pools::Lite { .. } => Dialect::Sqlite,
            Pools::Pg(_) => Dialect::Postgres,
        }
    }

    /// How many statements ran so far; tests hold pages to a number of statements with it.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    pub(crate) fn count_statement(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    /// The state that counts are kept for. What it asks once a second is no statement of a page.
    pub(crate) async fn state(&self) -> Result<State, DbError> {
        if self.counts.should_look() {
            let mark = match &self.pools {
                Pools::Lite { watch, .. } => {
                    let (version,): (i64,) = sqlx::query_as("PRAGMA data_version").fetch_one(watch).await?;
                    version.to_string()
                }
                // Which transactions that write have ended, and which are under way.
                Pools::Pg(pool) => {
                    let (snapshot,): (String,) =
                        sqlx::query_as("SELECT CAST(pg_current_snapshot() AS TEXT)").fetch_one(pool).await?;
                    snapshot
                }
            };
            self.counts.seen(mark);
        }
        Ok(self.counts.state())
    }

    /// All rows of a reading statement.
    pub async fn list<T: Record>(&self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<T>, DbError> {
        self.rows(sqlx::AssertSqlSafe(sql).into_sql_str(), args).await?.read()
    }

    pub(crate) async fn rows(&self, sql: SqlStr, args: Vec<Arg>) -> Result<Rows, DbError> {
        self.count_statement();
        Ok(match &self.pools {
            Pools::Lite { reader, .. } => Rows::Lite(bind_all!(sqlx::query(sql), args).fetch_all(reader).await?),
            Pools::Pg(pool) => Rows::Pg(bind_all!(sqlx::query(sql), args).fetch_all(pool).await?),
        })
    }

    pub(crate) async fn feed_safe<T: Record>(
        &self,
        sql: SqlStr,
        args: Vec<Arg>,
        listener: mpsc::Sender<T>,
    ) -> Result<(), DbError> {
        self.count_statement();
        macro_rules! feed {
            ($pool:expr) => {{
                let mut rows = bind_all!(sqlx::query_as(sql), args).fetch($pool);
                while let Some(row) = rows.try_next().await? {
                    if listener.send(row).await.is_err() {
                        break;
                    }
                }
            }};
        }
        match &self.pools {
            Pools::Lite { reader, .. } => feed!(reader),
            Pools::Pg(pool) => feed!(pool),
        }
        Ok(())
    }

    /// The first row, if there is one.
    pub async fn maybe<T: Record>(&self, sql: &'static str, args: Vec<Arg>) -> Result<Option<T>, DbError> {
        self.row(sqlx::AssertSqlSafe(sql).into_sql_str(), args).await?.map(|row| row.read()).transpose()
    }

    async fn row(&self, sql: SqlStr, args: Vec<Arg>) -> Result<Option<Row>, DbError> {
        self.count_statement();
        Ok(match &self.pools {
            Pools::Lite { reader, .. } => {
                bind_all!(sqlx::query(sql), args).fetch_optional(reader).await?.map(Row::Lite)
            }
            Pools::Pg(pool) => bind_all!(sqlx::query(sql), args).fetch_optional(pool).await?.map(Row::Pg),
        })
    }

    /// The first row; [`DbError::NoRow`] if there is none.
    pub async fn one<T: Record>(&self, sql: &'static str, args: Vec<Arg>) -> Result<T, DbError> {
        self.maybe(sql, args).await?.ok_or(DbError::NoRow)
    }

    /// One writing statement in a transaction of its own; how many rows it touched.
    pub async fn run(&self, sql: &'static str, args: Vec<Arg>) -> Result<u64, DbError> {
        let mut tx = self.begin().await?;
        let rows = tx.run(sql, args).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Begins a transaction. On SQLite it takes the writer at once, so that it cannot fail later for
    /// having read first.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Tx::begin(self).await
    }

    /// The pools: name, connections open, of these idle.
    pub fn connections(&self) -> Vec<(&'static str, usize, usize)> {
        let lite = |name, pool: &SqlitePool| (name, pool.size() as usize, pool.num_idle());
        match &self.pools {
            Pools::Lite { writer, reader, .. } => vec![lite("writer", writer), lite("reader", reader)],
            Pools::Pg(pool) => vec![("all", pool.size() as usize, pool.num_idle())],
        }
    }

    /// Closes every connection; open transactions are rolled back.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Lite { writer, reader, watch } => {
                watch.close().await;
                reader.close().await;
                writer.close().await;
            }
            Pools::Pg(pool) => pool.close().await,
        }
    }
}

/// Whether a connection that comes back has left its transaction. SQLite ends one by itself when the disk is full, and the
/// driver, whose rollback then fails, believes for ever that it is open: such a connection is closed, and the next one is
/// fresh.
async fn still_usable(connection: &mut sqlx::SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A rollback that was only begun is awaited.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

async fn open_sqlite(path: &Path) -> Result<Pools, DbError> {
    let base = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL does not sync at commit in WAL mode; what we acknowledge must be on the disk.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(STATEMENTS)
        .row_buffer_size(ROWS_AHEAD)
        // What is deleted is overwritten: the salt of an entry and personal data are gone, not only out of sight.
        .pragma("secure_delete", "on")
        .pragma("cache_size", CACHE)
        .pragma("temp_store", "memory");
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .after_release(|connection, _| Box::pin(still_usable(connection)))
        .connect_with(base.clone())
        .await?;
    let reader = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(Duration::from_secs(10))
        // A file does not go away as a server does.
        .test_before_acquire(false)
        .connect_with(base.clone().pragma("query_only", "on"))
        .await?;
    // Its answers can be compared only while it is the same connection.
    let watch = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_lazy_with(base.pragma("query_only", "on"));
    Ok(Pools::Lite { writer, reader, watch })
}
