//! Migrations: each module has numbered files; modules run in the order given (that of their
//! dependencies), on one connection, one transaction a file. An applied file never changes: its
//! checksum is kept and compared.

use jinmen_core::Instant;
use sha2::{Digest, Sha256};

use crate::{Db, DbError, Dialect, args};

/// One migration file, or a pair where the databases differ.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// From 1, without gaps.
    pub number: i64,
    /// What it does, as in the file's name.
    pub name: &'static str,
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL.
    pub postgres: &'static str,
}

/// All migrations of one crate.
#[derive(Clone, Copy, Debug)]
pub struct MigrationSet {
    /// The crate's name.
    pub module: &'static str,
    /// Its files in order.
    pub files: &'static [Migration],
}

/// Lists a crate's migrations: `migrations!("registry", 1 "0001_organization"; dialects 2 "0002_x")`
/// reads `migrations/0001_organization.sql`, and `migrations/0002_x.sqlite.sql` with its
/// `.postgres.sql`.
#[macro_export]
macro_rules! migrations {
    ($module:literal $(, $number:literal $file:literal)* $(,)? $(; dialects $($dnumber:literal $dfile:literal),* $(,)?)?) => {
        $crate::MigrationSet {
            module: $module,
            files: &[
                $($crate::Migration {
                    number: $number,
                    name: $file,
                    sqlite: include_str!(concat!("../migrations/", $file, ".sql")),
                    postgres: include_str!(concat!("../migrations/", $file, ".sql")),
                },)*
                $($($crate::Migration {
                    number: $dnumber,
                    name: $dfile,
                    sqlite: include_str!(concat!("../migrations/", $dfile, ".sqlite.sql")),
                    postgres: include_str!(concat!("../migrations/", $dfile, ".postgres.sql")),
                },)*)?
            ],
        }
    };
}

impl Migration {
    fn text(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }

    fn checksum(&self, dialect: Dialect) -> String {
        let digest = Sha256::digest(self.text(dialect).as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Applies what is missing; how many files were applied. Refuses a database whose applied files
/// are not ours, or are newer than ours. Several processes may do this at once: each file is applied
/// by one of them, the others wait for it.
pub async fn migrate(db: &Db, sets: &[MigrationSet], now: Instant) -> Result<usize, DbError> {
    migrate_only(db, sets, now, |_, _| true).await
}

/// The same, for those files only that `wanted` says, by module and number: a database as it was once.
pub async fn migrate_only(
    db: &Db,
    sets: &[MigrationSet],
    now: Instant,
    wanted: impl Fn(&str, i64) -> bool,
) -> Result<usize, DbError> {
    if create_table(db).await.is_err() {
        // On PostgreSQL `IF NOT EXISTS` fails for one of two who make a table at once; then it is there.
        create_table(db).await?;
    }
    let applied: Vec<(String, i64, String)> =
        db.list("SELECT module, number, checksum FROM migration ORDER BY module, number", args![]).await?;
    let mut done = 0;
    for set in sets {
        for file in set.files.iter().filter(|file| wanted(set.module, file.number)) {
            let known = applied.iter().find(|(module, number, _)| module == set.module && *number == file.number);
            match known {
                Some((_, _, checksum)) if *checksum == file.checksum(db.dialect()) => {}
                Some(_) => return Err(changed(set.module, file)),
                None => done += apply(db, set.module, file, now).await?,
            }
        }
        let ours = set.files.iter().map(|file| file.number).max().unwrap_or(0);
        if applied.iter().any(|(module, number, _)| module == set.module && *number > ours) {
            return Err(DbError::Migration(format!("{}: the database is newer than this program", set.module)));
        }
    }
    Ok(done)
}

async fn create_table(db: &Db) -> Result<(), DbError> {
    db.run(
        "CREATE TABLE IF NOT EXISTS migration (
           module TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL,
           checksum TEXT NOT NULL, applied_at BIGINT NOT NULL,
           PRIMARY KEY (module, number))",
        args![],
    )
    .await
    .map(drop)
}

fn changed(module: &str, file: &Migration) -> DbError {
    DbError::Migration(format!("{module} {} changed after it was applied", file.name))
}

/// Applies one file; how many were applied, which is none if another process did it meanwhile.
async fn apply(db: &Db, module: &'static str, file: &Migration, now: Instant) -> Result<usize, DbError> {
    let mut tx = db.begin().await?;
    let checksum = file.checksum(db.dialect());
    // Whoever inserts the row first applies the file; a second process waits here until it is committed.
    let inserted = tx
        .run(
            "INSERT INTO migration (module, number, name, checksum, applied_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (module, number) DO NOTHING",
            args![module, file.number, file.name, &checksum, now],
        )
        .await?;
    if inserted == 0 {
        let (theirs,): (String,) = tx
            .one("SELECT checksum FROM migration WHERE module = $1 AND number = $2", args![module, file.number])
            .await?;
        return if theirs == checksum { Ok(0) } else { Err(changed(module, file)) };
    }
    tx.script(file.text(db.dialect()))
        .await
        .map_err(|error| DbError::Migration(format!("{module} {}: {error:?}", file.name)))?;
    tx.commit().await?;
    Ok(1)
}
