//! Migrations.

use jinmen_core::Instant;
use store::migrate::migrate;
use store::testing::{Throwaway, each_db};
use store::{Db, DbError, MigrationSet, args};

use crate::{THINGS, migration};

const FIRST: MigrationSet = MigrationSet {
    module: "steps",
    files: &[migration(
        1,
        "0001_step",
        "CREATE TABLE step (id TEXT PRIMARY KEY, old TEXT, gone TEXT); INSERT INTO step VALUES ('a', 'kept', 'lost');",
    )],
};

const LATER: MigrationSet = MigrationSet {
    module: "steps",
    files: &[
        FIRST.files[0],
        migration(
            2,
            "0002_rename",
            "ALTER TABLE step RENAME COLUMN old TO kept;
             ALTER TABLE step DROP COLUMN gone;
             ALTER TABLE step ADD COLUMN added BIGINT NOT NULL DEFAULT 7;",
        ),
    ],
};

const CHANGED: MigrationSet =
    MigrationSet { module: "steps", files: &[migration(1, "0001_step", "CREATE TABLE step (id TEXT PRIMARY KEY)")] };

const BROKEN: MigrationSet = MigrationSet {
    module: "steps",
    files: &[
        FIRST.files[0],
        migration(2, "0002_broken", "CREATE TABLE half (id TEXT PRIMARY KEY); SELECT nothing FROM nowhere;"),
    ],
};

#[tokio::test]
async fn migrations_run_twice_apply_once() {
    each_db(&[], async |db| {
        assert_eq!(migrate(&db, &[FIRST, THINGS], Instant(1)).await.unwrap(), 2);
        assert_eq!(migrate(&db, &[FIRST, THINGS], Instant(2)).await.unwrap(), 0);
        let rows: Vec<(String, i64, i64)> =
            db.list("SELECT module, number, applied_at FROM migration ORDER BY module", args![]).await.unwrap();
        assert_eq!(rows, [("steps".into(), 1, 1), ("things".into(), 1, 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_renamed_column_is_seen_by_readers_that_knew_the_old_one() {
    each_db(&[], async |db| {
        migrate(&db, &[FIRST], Instant(0)).await.unwrap();
        let read = || db.one::<(String,)>("SELECT old FROM step", args![]);
        let (a, b, c, d) = tokio::join!(read(), read(), read(), read());
        assert!([a, b, c, d].iter().all(Result::is_ok));
        assert_eq!(migrate(&db, &[LATER], Instant(0)).await.unwrap(), 1);
        let read = || db.one::<(String, i64)>("SELECT kept, added FROM step", args![]);
        let (a, b, c, d) = tokio::join!(read(), read(), read(), read());
        for row in [a, b, c, d] {
            assert_eq!(row.unwrap(), ("kept".to_owned(), 7));
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_changed_after_it_was_applied_is_refused() {
    each_db(&[FIRST], async |db| {
        let error = migrate(&db, &[CHANGED], Instant(0)).await.unwrap_err();
        assert!(matches!(&error, DbError::Migration(text) if text.contains("0001_step")), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_database_newer_than_the_program_is_refused() {
    each_db(&[LATER], async |db| {
        let error = migrate(&db, &[FIRST], Instant(0)).await.unwrap_err();
        assert!(matches!(&error, DbError::Migration(text) if text.contains("newer")), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_fails_leaves_nothing_and_may_be_mended() {
    each_db(&[], async |db| {
        assert!(migrate(&db, &[BROKEN], Instant(0)).await.is_err());
        assert!(db.list::<(String,)>("SELECT id FROM half", args![]).await.is_err());
        assert_eq!(migrate(&db, &[LATER], Instant(0)).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_processes_migrate_at_once_and_each_file_is_applied_by_one() {
    for throwaway in [Throwaway::sqlite(&[]).await, fresh_postgres().await] {
        let mut others = Vec::new();
        for _ in 0..4 {
            others.push(Db::open(&throwaway.url()).await.unwrap());
        }
        let sets = [LATER, store::search::MIGRATIONS, THINGS];
        let run = |db: &Db| {
            let db = db.clone();
            tokio::spawn(async move { migrate(&db, &sets, Instant(0)).await })
        };
        let running: Vec<_> = others.iter().map(run).collect();
        let mut applied = 0;
        for one in running {
            applied += one.await.unwrap().unwrap();
        }
        assert_eq!(applied, 5);
        for db in others {
            db.close().await;
        }
        throwaway.drop_now().await;
    }
}

/// A PostgreSQL database in which not even the table of migrations is there.
async fn fresh_postgres() -> Throwaway {
    let throwaway = Throwaway::postgres(&[]).await;
    throwaway.db.run("DROP TABLE migration", args![]).await.unwrap();
    throwaway
}
