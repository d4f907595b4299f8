//! Backups there and back, on and between both databases, and what happens to damaged ones.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::Path;

use backup::{BackupError, Source, Target, check, restore, write};
use files::{Blobs, Folder};
use jinmen_core::{Actor, Clock, Instant, Object, OrganizationId};
use record::{Sequencer, WrappingKey, append_many};
use serde_json::json;
use store::migrate::{Migration, MigrationSet};
use store::testing::{Throwaway, rows};
use store::{Db, args};

const THINGS: &str = "CREATE TABLE thing (
    id TEXT PRIMARY KEY, parent TEXT REFERENCES thing (id), other TEXT REFERENCES another (id),
    number BIGINT, part DOUBLE PRECISION, flag BOOLEAN, data JSONB, bytes BYTEA);";

/// A crate's tables with every kind of column, references to itself and to a table that comes after it by name.
const SETS: [MigrationSet; 4] = [
    store::search::MIGRATIONS,
    record::MIGRATIONS,
    files::MIGRATIONS,
    MigrationSet {
        module: "thing",
        files: &[
            Migration { number: 1, name: "0001_another", sqlite: ANOTHER, postgres: ANOTHER },
            Migration { number: 2, name: "0002_thing", sqlite: THINGS, postgres: THINGS },
        ],
    },
];
const ANOTHER: &str = "CREATE TABLE another (id TEXT PRIMARY KEY);";

struct Place {
    throwaway: Throwaway,
    folder: tempfile::TempDir,
    blobs: Folder,
}

impl Place {
    async fn new(lite: bool) -> Self {
        Self::with(lite, &SETS).await
    }

    async fn with(lite: bool, sets: &[MigrationSet]) -> Self {
        let throwaway = if lite { Throwaway::sqlite(sets).await } else { Throwaway::postgres(sets).await };
        let folder = tempfile::tempdir().unwrap();
        let blobs = Folder::new(folder.path()).unwrap();
        Self { throwaway, folder, blobs }
    }

    fn db(&self) -> &Db {
        &self.throwaway.db
    }

    async fn fill(&self) {
        let blobs: &dyn Blobs = &self.blobs;
        let stored = blobs.put_bytes("附件\0".as_bytes()).await.unwrap();
        let mut tx = self.db().begin().await.unwrap();
        let items =
            (0..700).map(|at| (Object::from(OrganizationId::new()), json!({ "at": at, "名": "聚\n" }))).collect();
        append_many(&mut tx, &Actor::System("test"), Instant(1), "test.made", items).await.unwrap();
        for number in 0..1_200_i64 {
            let values = args![
                format!("{number:05}"),
                None::<String>,
                number.checked_mul(i64::MAX / 1_200),
                (number % 3 == 0).then_some(0.1 + number as f64 / 3.0),
                (number % 2 == 0).then_some(true),
                (number % 5 != 0).then(|| json!({ "列": [1, 1.1e300, 0.1, null, "\u{1}"], "b": number })),
                (number % 7 != 0).then(|| vec![0_u8, 255, 10, u8::try_from(number % 256).unwrap()]),
            ];
            tx.run(
                "INSERT INTO thing (id, parent, number, part, flag, data, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                values,
            )
            .await
            .unwrap();
        }
        // The parent of all comes last, so that no order of rows suits the references.
        tx.run("UPDATE thing SET parent = '01199' WHERE id < '01199'", args![]).await.unwrap();
        tx.run(
            "INSERT INTO file (id, object_kind, object_id, purpose, name, media_type, size, digest, created_at)
             VALUES ('f', 'instance', '', 'x', '附件.txt', 'text/plain', $1, $2, 1)",
            args![stored.size, &stored.digest],
        )
        .await
        .unwrap();
        tx.run(
            "INSERT INTO file (id, object_kind, object_id, purpose, name, media_type, size, digest, created_at, removed_at)
             VALUES ('g', 'instance', '', 'x', 'gone.txt', 'text/plain', 1, $1, 1, 2)",
            args!["0".repeat(64)],
        )
        .await
        .unwrap();
        let entry = store::search::Entry { names: vec!["天津演示科技".into()], texts: vec![] };
        store::search::put(&mut tx, &Object { kind: "thing".into(), id: "00001".into() }, &entry).await.unwrap();
        tx.commit().await.unwrap();
        let sequencer =
            Sequencer::open(self.db().clone(), Clock::at(Instant(5)), WrappingKey::new([3; 32]), "a.example/record");
        sequencer.await.unwrap().catch_up().await.unwrap();
    }

    async fn backup(&self, out: &Path) -> Result<backup::Manifest, BackupError> {
        let source = Source {
            db: self.db(),
            blobs: &self.blobs,
            key_mark: "mark".into(),
            program: "0.0.0".into(),
            now: Instant(9),
        };
        write(&source, out, |_| ()).await
    }

    async fn restore(&self, from: &Path, key_mark: &str) -> Result<backup::Restored, BackupError> {
        self.restore_as(from, key_mark, &SETS).await
    }

    async fn restore_as(
        &self,
        from: &Path,
        mark: &str,
        sets: &[MigrationSet],
    ) -> Result<backup::Restored, BackupError> {
        let target = Target { db: self.db(), blobs: &self.blobs, sets, key_mark: mark.into(), now: Instant(10) };
        restore(&check(from)?, &target, |_| ()).await
    }

    async fn drop_now(self) {
        self.throwaway.drop_now().await;
    }
}

async fn same_rows(a: &Db, b: &Db) {
    let tables = store::dump::tables(a).await.unwrap();
    assert_eq!(tables, store::dump::tables(b).await.unwrap());
    for table in tables {
        let without: &[&str] = if table.name == "search_entry" { &["number", "vector"] } else { &[] };
        if a.dialect() == b.dialect() {
            assert_eq!(rows(a, &table.name, without, "1 = 1").await, rows(b, &table.name, without, "1 = 1").await);
        }
    }
}

#[tokio::test]
async fn an_instance_comes_back_the_same_from_either_database_to_either() {
    let folder = tempfile::tempdir().unwrap();
    for from_lite in [true, false] {
        let from = Place::new(from_lite).await;
        from.fill().await;
        let out = folder.path().join(format!("{from_lite}.backup"));
        let manifest = from.backup(&out).await.unwrap();
        assert_eq!(check(&out).unwrap().manifest, manifest);
        assert!(manifest.checkpoint.as_ref().unwrap().contains("\n700\n"));
        for to_lite in [true, false] {
            let to = Place::with(to_lite, &[]).await;
            let restored = to.restore(&out, "mark").await.unwrap();
            assert!(restored.audit.is_whole(), "{:?}", restored.audit);
            assert_eq!(restored.audit.entries, 700);
            same_rows(from.db(), to.db()).await;
            // What went through the other database is the same to the last bit.
            let again = folder.path().join("again.backup");
            let parts = to.backup(&again).await.unwrap().tables;
            for (part, before) in parts.iter().zip(&manifest.tables) {
                assert_eq!((&part.table, part.rows), (&before.table, before.rows));
            }
            let back = Place::with(from_lite, &[]).await;
            back.restore(&again, "mark").await.unwrap();
            same_rows(from.db(), back.db()).await;
            let digest = &manifest.files[0].sha256;
            let bytes = std::fs::read(back.folder.path().join(&digest[..2]).join(&digest[2..])).unwrap();
            assert_eq!(bytes, "附件\0".as_bytes());
            let found: Vec<(String,)> = to.db().list("SELECT object_id FROM search_entry", args![]).await.unwrap();
            assert_eq!(found, [("00001".to_owned(),)]);
            // References are as strict as before.
            let wrong = to.db().run("INSERT INTO thing (id, parent) VALUES ('x', 'nobody')", args![]).await;
            assert!(wrong.is_err());
            back.drop_now().await;
            to.drop_now().await;
        }
        from.drop_now().await;
    }
}

#[tokio::test]
async fn a_backup_is_one_state_while_others_write() {
    for lite in [true, false] {
        let place = Place::new(lite).await;
        let folder = tempfile::tempdir().unwrap();
        let db = place.db().clone();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let writer = tokio::spawn(async move {
            let mut number = 0_i64;
            while !*stopped.borrow() {
                // Both tables in one transaction: no state has one without the other.
                let mut tx = db.begin().await.unwrap();
                tx.run("INSERT INTO another (id) VALUES ($1)", args![format!("{number:08}")]).await.unwrap();
                tx.run("INSERT INTO thing (id, other) VALUES ($1, $1)", args![format!("{number:08}")]).await.unwrap();
                tx.commit().await.unwrap();
                number += 1;
            }
            number
        });
        for round in 0..3 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            let out = folder.path().join(format!("{round}.backup"));
            let manifest = place.backup(&out).await.unwrap();
            let count = |name: &str| manifest.tables.iter().find(|part| part.table.name == name).unwrap().rows;
            assert_eq!(count("thing"), count("another"));
        }
        stop.send(true).unwrap();
        assert!(writer.await.unwrap() > 3);
        place.drop_now().await;
    }
}

#[tokio::test]
async fn a_damaged_backup_is_refused_before_anything_is_touched() {
    let place = Place::new(true).await;
    place.fill().await;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.backup");
    place.backup(&out).await.unwrap();
    let good = std::fs::read(&out).unwrap();
    let to = Place::with(true, &[]).await;
    let bad = folder.path().join("bad.backup");
    for cut in [0, 1, 100, good.len() / 2, good.len() - 1] {
        std::fs::write(&bad, &good[..cut]).unwrap();
        assert!(matches!(to.restore(&bad, "mark").await, Err(BackupError::Damaged(_))), "cut at {cut}");
    }
    for flip in (200..good.len()).step_by(good.len() / 40) {
        let mut bytes = good.clone();
        bytes[flip] ^= 0x55;
        std::fs::write(&bad, &bytes).unwrap();
        match check(&bad) {
            Err(BackupError::Damaged(_) | BackupError::Later(_)) => {}
            // A byte of a header that nothing depends on, such as a time.
            Ok(whole) => assert_eq!(whole.manifest, check(&out).unwrap().manifest),
            Err(other) => panic!("{other}"),
        }
    }
    std::fs::write(&bad, b"PK not really").unwrap();
    assert!(matches!(to.restore(&bad, "mark").await, Err(BackupError::Damaged(_))));
    assert!(matches!(to.restore(&folder.path().join("absent"), "mark").await, Err(BackupError::Io(..))));
    assert!(matches!(to.restore(&out, "another key").await, Err(BackupError::Key)));
    assert!(store::dump::tables(to.db()).await.unwrap().is_empty(), "nothing was made");
    assert!(matches!(to.restore_as(&out, "mark", &SETS[..3]).await, Err(BackupError::Later(_))));
    to.restore(&out, "mark").await.unwrap();
    assert!(matches!(to.restore(&out, "mark").await, Err(BackupError::NotEmpty)));
    assert!(matches!(place.restore(&out, "mark").await, Err(BackupError::NotEmpty)));
    to.drop_now().await;
    place.drop_now().await;
}

#[tokio::test]
async fn an_attachment_that_is_lost_or_altered_stops_the_backup_and_leaves_no_file() {
    let place = Place::new(true).await;
    place.fill().await;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.backup");
    let digest = place.backup(&out).await.unwrap().files[0].sha256.clone();
    std::fs::remove_file(&out).unwrap();
    let path = place.folder.path().join(&digest[..2]).join(&digest[2..]);
    std::fs::write(&path, "altered").unwrap();
    let error = place.backup(&out).await.unwrap_err().to_string();
    assert!(error.contains(&digest), "{error}");
    std::fs::remove_file(&path).unwrap();
    assert!(place.backup(&out).await.unwrap_err().to_string().contains(&digest));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    place.drop_now().await;
}

#[tokio::test]
async fn a_backup_of_an_earlier_schema_is_restored_and_brought_up_to_date() {
    let earlier: [MigrationSet; 4] = [
        SETS[0],
        SETS[1],
        SETS[2],
        MigrationSet {
            module: "thing",
            files: &[Migration { number: 1, name: "0001_another", sqlite: ANOTHER, postgres: ANOTHER }],
        },
    ];
    for lite in [true, false] {
        let place = Place::with(lite, &earlier).await;
        place.db().run("INSERT INTO another (id) VALUES ('old')", args![]).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("a.backup");
        place.backup(&out).await.unwrap();
        let to = Place::with(!lite, &[]).await;
        let restored = to.restore(&out, "mark").await.unwrap();
        assert_eq!(restored.upgraded, 1);
        to.db().run("INSERT INTO thing (id, other) VALUES ('x', 'old')", args![]).await.unwrap();
        to.drop_now().await;
        place.drop_now().await;
    }
}
