//! An instance of any earlier schema, with data in it, is brought up to date and loses nothing.

use std::collections::{BTreeMap, BTreeSet};

use jinmen_core::Clock;
use serde_json::Value;
use store::dump::{self, Snapshot, Table};
use store::testing::Throwaway;
use store::{Db, DbError, migrate};

use super::{NOW, fill, instance};
use crate::instance::{migrations, modules};

const HISTORY: &str = include_str!("schemas.txt");

/// Migrations in the order in which they came; the first so many are the first whole instance.
fn history() -> (Vec<(String, i64)>, usize) {
    let read = |line: &str| {
        let (module, number) = line.split_once(' ').unwrap();
        (module.to_owned(), number.parse::<i64>().unwrap())
    };
    let (first, rest) = HISTORY.split_once("\n\n").unwrap();
    let lines = |part: &str| -> Vec<_> {
        part.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(read).collect()
    };
    let (mut all, rest) = (lines(first), lines(rest));
    let whole = all.len();
    all.extend(rest);
    (all, whole)
}

#[test]
fn every_migration_is_in_the_history_of_schemas() {
    let (history, _) = history();
    let listed: BTreeSet<(String, i64)> = history.iter().cloned().collect();
    assert_eq!(listed.len(), history.len(), "a migration is listed twice");
    let there: BTreeSet<(String, i64)> = migrations(&modules())
        .iter()
        .flat_map(|set| set.files.iter().map(|file| (set.module.to_owned(), file.number)))
        .collect();
    let missing: Vec<_> = there.difference(&listed).collect();
    assert_eq!(listed, there, "add to the end of app/src/demo/tests/schemas.txt: {missing:?}");
}

type Rows = BTreeMap<String, (Table, Vec<Vec<Value>>)>;

async fn read(db: &Db) -> Rows {
    let mut rows = Rows::new();
    let mut snapshot = Snapshot::take(db).await.unwrap();
    for table in dump::tables(db).await.unwrap() {
        let mut all = Vec::new();
        snapshot
            .rows::<DbError>(&table, async |row| {
                all.push(row);
                Ok(())
            })
            .await
            .unwrap();
        rows.insert(table.name.clone(), (table, all));
    }
    rows
}

/// Of long tables, to which nothing refers, some rows are enough.
fn thin(rows: &mut Vec<Vec<Value>>) {
    let step = rows.len() / 1_000 + 1;
    let mut at = 0;
    rows.retain(|_| {
        at += 1;
        at % step == 0
    });
}

/// The rows of a table with the columns of another form of it, in an order of their own.
fn narrowed(rows: &Rows, form: &Table) -> Vec<Vec<Value>> {
    let Some((table, all)) = rows.get(&form.name) else { return Vec::new() };
    let places: Vec<usize> =
        form.columns.iter().map(|column| table.columns.iter().position(|other| other == column).unwrap()).collect();
    let mut narrowed: Vec<Vec<Value>> =
        all.iter().map(|row| places.iter().map(|at| row[*at].clone()).collect()).collect();
    narrowed.sort_by_cached_key(|row| Value::from(row.clone()).to_string());
    narrowed
}

#[tokio::test(flavor = "multi_thread")]
async fn every_earlier_schema_with_data_in_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let app = instance(folder.path()).await;
    fill(&app, &|_| ()).await.unwrap();
    let mut source = read(&app.db).await;
    // Mails refer to notices.
    let long = source.iter_mut().filter(|(name, _)| *name != "notice");
    long.for_each(|(_, (_, rows))| thin(rows));
    let sets = migrations(&modules());
    let (history, whole) = history();
    for upto in whole..history.len() {
        // Every schema on SQLite; on PostgreSQL the first and the last.
        let both = upto == whole || upto + 1 == history.len();
        let mut places = vec![Throwaway::sqlite(&[]).await];
        if both {
            places.push(Throwaway::postgres(&[]).await);
        }
        for place in places {
            upgrade(&place.db, &source, &sets, &history[..upto]).await;
            place.drop_now().await;
        }
    }
}

async fn upgrade(db: &Db, source: &Rows, sets: &[store::MigrationSet], earlier: &[(String, i64)]) {
    let known = |module: &str, number: i64| earlier.iter().any(|(m, n)| m == module && *n == number);
    migrate::migrate_only(db, sets, NOW, known).await.unwrap();
    let forms = dump::tables(db).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    dump::relax(&mut tx).await.unwrap();
    for form in &forms {
        for some in narrowed(source, form).chunks(500) {
            dump::load(&mut tx, form, some.to_vec()).await.unwrap();
        }
    }
    dump::settle(&mut tx).await.unwrap();
    tx.commit().await.unwrap();

    migrate::migrate(db, sets, Clock::at(NOW).now()).await.unwrap();
    let after = read(db).await;
    for form in &forms {
        let (before, now) = (narrowed(source, form), narrowed(&after, form));
        assert_eq!(before.len(), now.len(), "{} after {:?}", form.name, earlier.last());
        assert!(before == now, "{} changed after {:?}", form.name, earlier.last());
    }
    let audit = record::audit(db, |_| ()).await.unwrap();
    assert!(audit.is_whole() && audit.waiting + audit.entries > 100, "{audit:?}");
    // An entry gets its place as in an instance that is new.
    let wrapping = record::WrappingKey::new([1; 32]);
    let sequencer = record::Sequencer::open(db.clone(), Clock::at(NOW), wrapping, "a.example/record").await.unwrap();
    sequencer.catch_up().await.unwrap();
    assert!(record::audit(db, |_| ()).await.unwrap().is_whole());
}
