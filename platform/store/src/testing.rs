//! Throw-away databases for tests: a fresh SQLite file, and a PostgreSQL database copied from a
//! template that is built once. Also used by the test suites of other crates.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::PathBuf;

use jinmen_core::Instant;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Db, MigrationSet, migrate};

/// The address of a PostgreSQL whose user may create databases; `./test` starts one and sets it.
pub const POSTGRES_VARIABLE: &str = "JINMEN_TEST_POSTGRES";

/// Runs a test body on SQLite and on PostgreSQL, each on a fresh migrated database.
pub async fn each_db(sets: &[MigrationSet], body: impl AsyncFn(Db)) {
    for throwaway in [Throwaway::sqlite(sets).await, Throwaway::postgres(sets).await] {
        let db = throwaway.db.clone();
        eprintln!("on {:?}", db.dialect());
        body(db).await;
        throwaway.drop_now().await;
    }
}

/// A database that goes away.
pub struct Throwaway {
    pub db: Db,
    folder: Option<PathBuf>,
    database: Option<(String, String)>,
}

impl Throwaway {
    /// A fresh SQLite file.
    pub async fn sqlite(sets: &[MigrationSet]) -> Self {
        let folder = std::env::temp_dir().join(format!("jinmen-test-{}", unique()));
        std::fs::create_dir_all(&folder).unwrap();
        let db = Db::open_file(&folder.join("jinmen.db")).await.unwrap();
        migrate::migrate(&db, sets, Instant(0)).await.unwrap();
        Self { db, folder: Some(folder), database: None }
    }

    /// A fresh PostgreSQL database.
    pub async fn postgres(sets: &[MigrationSet]) -> Self {
        let server = std::env::var(POSTGRES_VARIABLE).unwrap_or_else(|_| {
            panic!("{POSTGRES_VARIABLE} is not set: run ./test, or give the address of a PostgreSQL for tests")
        });
        let template = template(&server, sets).await;
        let name = format!("jt_{}", unique());
        let mut connection = PgConnection::connect(&server).await.unwrap();
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        let db = Db::open(&on_database(&server, &name)).await.unwrap();
        Self { db, folder: None, database: Some((server, name)) }
    }

    /// Its address, for a second process.
    pub fn url(&self) -> String {
        match (&self.folder, &self.database) {
            (Some(folder), _) => format!("sqlite://{}", folder.join("jinmen.db").display()),
            (_, Some((server, name))) => on_database(server, name),
            _ => unreachable!(),
        }
    }

    /// Removes it.
    pub async fn drop_now(self) {
        self.db.close().await;
        if let Some(folder) = self.folder {
            std::fs::remove_dir_all(folder).ok();
        }
        if let Some((server, name)) = self.database {
            let mut connection = PgConnection::connect(&server).await.unwrap();
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.ok();
        }
    }
}

/// Holds the two databases against each other after the same migrations: tables, their columns and
/// whether these may be missing, and indexes, all by name. The search index is the one place that
/// differs on purpose.
pub async fn assert_same_schema(sets: &[MigrationSet]) {
    let lite = Throwaway::sqlite(sets).await;
    let columns: Vec<(String, String, bool)> = lite
        .db
        .list(
            "SELECT t.name, c.name, c.\"notnull\" = 0 AND c.pk = 0
             FROM sqlite_master t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'search_index%' ORDER BY 1, 2",
            vec![],
        )
        .await
        .unwrap();
    let indexes: Vec<(String,)> = lite
        .db
        .list("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name", vec![])
        .await
        .unwrap();
    lite.drop_now().await;
    let pg = Throwaway::postgres(sets).await;
    let pg_columns: Vec<(String, String, bool)> = pg
        .db
        .list(
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), is_nullable = 'YES'
             FROM information_schema.columns
             WHERE table_schema = 'public' AND NOT (table_name = 'search_entry' AND column_name = 'vector')
             ORDER BY CAST(table_name AS TEXT) COLLATE \"C\", CAST(column_name AS TEXT) COLLATE \"C\"",
            vec![],
        )
        .await
        .unwrap();
    let pg_indexes: Vec<(String,)> = pg
        .db
        .list(
            "SELECT CAST(i.relname AS TEXT) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
             JOIN pg_namespace n ON n.oid = i.relnamespace
             WHERE n.nspname = 'public' AND NOT x.indisprimary AND i.relname <> 'search_entry_vector'
             ORDER BY CAST(i.relname AS TEXT) COLLATE \"C\"",
            vec![],
        )
        .await
        .unwrap();
    pg.drop_now().await;
    assert_eq!(columns, pg_columns);
    assert_eq!(indexes, pg_indexes);
}

/// The rows of a table as texts, a row a text, in the order of these texts: to compare what was with what is. Columns that
/// are `without` are left out; `condition` follows `WHERE`.
pub async fn rows(db: &Db, table: &str, without: &[&str], condition: &str) -> Vec<String> {
    // Tests only: whatever is joined here comes from the test itself.
    let leaked = |sql: String| -> &'static str { Box::leak(sql.into_boxed_str()) };
    let lite = db.dialect() == crate::Dialect::Sqlite;
    let names = if lite {
        format!("SELECT name FROM pragma_table_info('{table}') ORDER BY name")
    } else {
        format!(
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY 1"
        )
    };
    let names: Vec<(String,)> = db.list(leaked(names), vec![]).await.unwrap();
    let columns = names.iter().map(|(name,)| name.as_str()).filter(|name| !without.contains(name));
    let shown: Vec<String> = columns
        .map(|name| match lite {
            true => format!("'{name}=' || quote({name})"),
            false => format!("'{name}=' || COALESCE(CAST({name} AS TEXT), 'NULL')"),
        })
        .collect();
    let sql = format!("SELECT {} AS shown FROM {table} WHERE {condition}", shown.join(" || ' ' || "));
    let mut rows: Vec<String> =
        db.list::<(String,)>(leaked(sql), vec![]).await.unwrap().into_iter().map(|(row,)| row).collect();
    rows.sort();
    rows
}

fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    format!("{}_{}_{}", std::process::id(), nanos % 1_000_000_000, NEXT.fetch_add(1, Ordering::Relaxed))
}

fn on_database(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, ""), |(base, query)| (base, query));
    let stem = base.rsplit_once('/').map_or(base, |(stem, _)| stem);
    format!("{stem}/{name}?{query}")
}

/// The template of these migrations, built by the first test that wants it.
async fn template(server: &str, sets: &[MigrationSet]) -> String {
    let mut hash = Sha256::new();
    for file in sets.iter().flat_map(|set| set.files) {
        hash.update(file.postgres.as_bytes());
    }
    let name: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("jtt_{name}");
    let mut connection = PgConnection::connect(server).await.unwrap();
    // Tests run as several processes: one builds, the others wait.
    sqlx::query("SELECT pg_advisory_lock(7215)").execute(&mut connection).await.unwrap();
    let known: Option<(i32,)> = sqlx::query_as("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut connection)
        .await
        .unwrap();
    if known.is_none() {
        let building = format!("{name}_b{}", std::process::id());
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {building}"))).execute(&mut connection).await.unwrap();
        let db = Db::open(&on_database(server, &building)).await.unwrap();
        migrate::migrate(&db, sets, Instant(0)).await.unwrap();
        db.close().await;
        let sql = format!("ALTER DATABASE {building} RENAME TO {name}");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    name
}
