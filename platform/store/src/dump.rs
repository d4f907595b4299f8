//! All rows of a database, read in one state and written into another: what a backup is made of. The rows
//! are the same for SQLite and PostgreSQL, so that what one wrote the other reads.
//!
//! Columns that a database fills by itself (the number and the vector of the search index) are left out.
//! Catalogues differ, so the statements here differ, too.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::TryStreamExt;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Postgres, Row, SqlSafeStr, Sqlite, Transaction};

use crate::db::Pools;
use crate::{Arg, Db, DbError, Dialect, Tx, args};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// TEXT.
    Text,
    /// BIGINT.
    Int,
    /// DOUBLE PRECISION, as its shortest decimal text.
    Real,
    /// BOOLEAN.
    Bool,
    /// JSONB.
    Json,
    /// BYTEA, as base64.
    Bytes,
}

impl Kind {
    fn of(declared: &str) -> Option<Self> {
        match declared.to_ascii_lowercase().as_str() {
            "text" => Some(Self::Text),
            "bigint" => Some(Self::Int),
            "double precision" => Some(Self::Real),
            "boolean" => Some(Self::Bool),
            "jsonb" => Some(Self::Json),
            "bytea" => Some(Self::Bytes),
            _ => None,
        }
    }
}

/// A column.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// A table.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, by name.
    pub columns: Vec<Column>,
}

impl Table {
    fn list(&self) -> String {
        self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ")
    }
}

enum Inner {
    Lite(Transaction<'static, Sqlite>),
    Pg(Transaction<'static, Postgres>),
}

/// One state of a database, however others go on to write.
pub struct Snapshot(Inner);

/// Tables of the store itself that are made anew: the list of migrations.
const OWN: &str = "migration";

/// The tables of a database, by name, without the list of migrations.
pub async fn tables(db: &Db) -> Result<Vec<Table>, DbError> {
    let rows: Vec<(String, String, String)> = match db.dialect() {
        Dialect::Sqlite => {
            db.list(
                "SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c ON TRUE
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'search_index%'
                 ORDER BY m.name, c.name",
                args![],
            )
            .await?
        }
        Dialect::Postgres => {
            db.list(
                "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT)
                 FROM information_schema.columns
                 WHERE table_schema = current_schema() AND is_generated = 'NEVER' AND is_identity = 'NO'
                 ORDER BY CAST(table_name AS TEXT) COLLATE \"C\", CAST(column_name AS TEXT) COLLATE \"C\"",
                args![],
            )
            .await?
        }
    };
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for (table, name, declared) in rows.into_iter().filter(|(table, _, _)| table != OWN) {
        let columns = tables.entry(table).or_default();
        columns.extend(Kind::of(&declared).map(|kind| Column { name, kind }));
    }
    Ok(tables.into_iter().map(|(name, columns)| Table { name, columns }).collect())
}

/// The migrations that were applied: module, number, name.
pub async fn migrations(db: &Db) -> Result<Vec<(String, i64, String)>, DbError> {
    db.list("SELECT module, number, name FROM migration ORDER BY module, number", args![]).await
}

/// Whether no table has a row.
pub async fn is_empty(db: &Db) -> Result<bool, DbError> {
    for table in tables(db).await? {
        let sql = format!("SELECT CAST(1 AS BIGINT) FROM \"{}\" LIMIT 1", table.name);
        if !db.rows(AssertSqlSafe(sql).into_sql_str(), args![]).await?.read::<(i64,)>()?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Snapshot {
    /// Takes the state of now.
    pub async fn take(db: &Db) -> Result<Self, DbError> {
        Ok(Self(match &db.pools {
            Pools::Lite { reader, .. } => {
                let mut tx = reader.begin().await?;
                // SQLite takes its state at the first read.
                sqlx::query("SELECT name FROM sqlite_master LIMIT 1").execute(&mut *tx).await?;
                Inner::Lite(tx)
            }
            Pools::Pg(pool) => {
                let mut tx = pool.begin().await?;
                sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").execute(&mut *tx).await?;
                sqlx::query("SELECT 1").execute(&mut *tx).await?;
                Inner::Pg(tx)
            }
        }))
    }

    /// Every row of a table, one after the other, each as one JSON value a column; how many there were.
    pub async fn rows<E: From<DbError>>(
        &mut self,
        table: &Table,
        mut row: impl AsyncFnMut(Vec<Value>) -> Result<(), E>,
    ) -> Result<u64, E> {
        // Table and columns come from the catalogue.
        let sql = AssertSqlSafe(format!("SELECT {} FROM \"{}\"", table.list(), table.name));
        let mut count = 0;
        macro_rules! stream {
            ($tx:expr) => {{
                let mut rows = sqlx::query(sql).fetch(&mut **$tx);
                while let Some(found) = rows.try_next().await.map_err(DbError::from)? {
                    let mut values = Vec::with_capacity(table.columns.len());
                    for (at, column) in table.columns.iter().enumerate() {
                        values.push(value!(found, at, column.kind));
                    }
                    row(values).await?;
                    count += 1;
                }
            }};
        }
        macro_rules! value {
            ($row:expr, $at:expr, $kind:expr) => {
                match $kind {
                    Kind::Text => get!($row, $at, String, Value::from),
                    Kind::Int => get!($row, $at, i64, Value::from),
                    Kind::Real => get!($row, $at, f64, |number: f64| Value::from(number.to_string())),
                    Kind::Bool => get!($row, $at, bool, Value::from),
                    Kind::Json => get!($row, $at, Value, |value| value),
                    Kind::Bytes => get!($row, $at, Vec<u8>, |bytes: Vec<u8>| Value::from(STANDARD.encode(bytes))),
                }
            };
        }
        macro_rules! get {
            ($row:expr, $at:expr, $type:ty, $convert:expr) => {
                $row.try_get::<Option<$type>, _>($at).map_err(DbError::from)?.map_or(Value::Null, $convert)
            };
        }
        match &mut self.0 {
            Inner::Lite(tx) => stream!(tx),
            Inner::Pg(tx) => stream!(tx),
        }
        Ok(count)
    }
}

/// Lets rows come in any order until the transaction ends; [`settle`] asks whether they all fit together.
pub async fn relax(tx: &mut Tx) -> Result<(), DbError> {
    match tx.dialect() {
        Dialect::Sqlite => tx.run("PRAGMA defer_foreign_keys = ON", args![]).await.map(drop),
        Dialect::Postgres => constraints(tx, "DEFERRABLE INITIALLY DEFERRED").await,
    }
}

/// Checks every reference and makes the database as strict as it was.
pub async fn settle(tx: &mut Tx) -> Result<(), DbError> {
    if tx.dialect() == Dialect::Postgres {
        tx.run("SET CONSTRAINTS ALL IMMEDIATE", args![]).await?;
        constraints(tx, "NOT DEFERRABLE").await?;
    }
    Ok(())
}

async fn constraints(tx: &mut Tx, how: &str) -> Result<(), DbError> {
    let rows: Vec<(String, String)> = tx
        .list(
            "SELECT CAST(conrelid::regclass AS TEXT), CAST(conname AS TEXT) FROM pg_constraint
             WHERE contype = 'f' AND connamespace = current_schema()::regnamespace",
            args![],
        )
        .await?;
    for (table, name) in rows {
        let sql = format!("ALTER TABLE {table} ALTER CONSTRAINT \"{name}\" {how}");
        tx.run_safe(AssertSqlSafe(sql).into_sql_str(), args![]).await?;
    }
    Ok(())
}

/// A row of a dump does not fit its table.
fn unfit(table: &Table, column: &str) -> DbError {
    DbError::Migration(format!("a row of {} does not fit its column {column}", table.name))
}

fn arg(table: &Table, column: &Column, value: Value) -> Result<Arg, DbError> {
    let wrong = || unfit(table, &column.name);
    let null = value.is_null();
    Ok(match column.kind {
        Kind::Text if null => Arg::Text(None),
        Kind::Int if null => Arg::Int(None),
        Kind::Real if null => Arg::Real(None),
        Kind::Bool if null => Arg::Bool(None),
        Kind::Json if null => Arg::Json(None),
        Kind::Bytes if null => Arg::Bytes(None),
        Kind::Text => match value {
            Value::String(text) => Arg::Text(Some(text)),
            _ => return Err(wrong()),
        },
        Kind::Int => Arg::Int(Some(value.as_i64().ok_or_else(wrong)?)),
        Kind::Real => Arg::Real(Some(value.as_str().and_then(|text| text.parse().ok()).ok_or_else(wrong)?)),
        Kind::Bool => Arg::Bool(Some(value.as_bool().ok_or_else(wrong)?)),
        Kind::Json => Arg::Json(Some(value)),
        Kind::Bytes => {
            let bytes = value.as_str().and_then(|text| STANDARD.decode(text).ok());
            Arg::Bytes(Some(bytes.ok_or_else(wrong)?))
        }
    })
}

/// Writes rows of a dump into their table, which must be one that [`tables`] named.
pub async fn load(tx: &mut Tx, table: &Table, rows: Vec<Vec<Value>>) -> Result<(), DbError> {
    let mut bound = Vec::with_capacity(rows.len());
    for row in rows {
        if row.len() != table.columns.len() {
            return Err(unfit(table, "count"));
        }
        bound.push(
            table.columns.iter().zip(row).map(|(column, value)| arg(table, column, value)).collect::<Result<_, _>>()?,
        );
    }
    tx.insert_many_safe(&format!("INSERT INTO \"{}\" ({})", table.name, table.list()), bound, "").await?;
    Ok(())
}
