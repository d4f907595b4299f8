//! The portable subset, and what the store adds to it.

use std::collections::BTreeSet;

use jinmen_core::{Cursor, Page, PageRequest};
use serde_json::json;
use store::testing::each_db;
use store::{Db, Query, args, count_capped};

use crate::THINGS;

async fn insert(db: &Db, count: usize) {
    let rows =
        (0..count).map(|n| args![format!("{n:05}"), (n % 10) as i64, json!({ "code": n.to_string() })]).collect();
    let mut tx = db.begin().await.unwrap();
    let done = tx.insert_many("INSERT INTO thing (id, amount, data)", rows, "ON CONFLICT DO NOTHING").await.unwrap();
    assert_eq!(done, count as u64);
    tx.commit().await.unwrap();
}

/// Statements that answer one text, and the answer. Every pattern the house allows is here, so that
/// a database that takes these takes ours.
const ANSWERS: [(&str, &str); 21] = [
    ("WITH few AS (SELECT id FROM thing ORDER BY id LIMIT 3) SELECT CAST(COUNT(*) AS TEXT) FROM few", "3"),
    (
        "WITH RECURSIVE n (x) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT x + 1 FROM n WHERE x < 5)
         SELECT CAST(CAST(SUM(x) AS BIGINT) AS TEXT) FROM n",
        "15",
    ),
    ("SELECT CAST(CAST(SUM(amount) AS BIGINT) AS TEXT) FROM thing", "450"),
    ("SELECT string_agg(id, ',' ORDER BY id DESC) FROM thing WHERE amount = 9 AND id < '00030'", "00029,00019,00009"),
    ("SELECT CAST(COUNT(*) FILTER (WHERE amount > 7) AS TEXT) FROM thing", "20"),
    ("SELECT id FROM thing ORDER BY amount DESC NULLS LAST, id LIMIT 1", "00009"),
    ("SELECT id FROM thing WHERE (amount, id) < (1, '00010') ORDER BY amount DESC, id DESC LIMIT 1", "00001"),
    ("SELECT CAST(COUNT(*) AS TEXT) FROM thing WHERE day IS DISTINCT FROM '2021-06-18'", "100"),
    ("SELECT data ->> 'code' FROM thing WHERE CAST(data ->> 'code' AS BIGINT) = 42", "42"),
    (
        "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY amount ORDER BY id DESC) AS place FROM thing) AS ranked
         WHERE place = 1 ORDER BY id LIMIT 1",
        "00090",
    ),
    (
        "SELECT CAST(MAX(gap) AS TEXT) FROM (SELECT amount - lag(amount) OVER w AS gap FROM thing WINDOW w AS (ORDER BY id)) AS gaps",
        "1",
    ),
    ("SELECT id FROM thing EXCEPT SELECT id FROM thing WHERE id <> '00007'", "00007"),
    (
        "SELECT CAST(COUNT(*) AS TEXT) FROM thing a FULL JOIN thing b ON a.id = b.id AND b.amount = 3 WHERE a.id IS NULL",
        "90",
    ),
    ("SELECT id FROM thing WHERE lower(id) LIKE '%0\\_%' ESCAPE '\\' OR id = '00099'", "00099"),
    ("SELECT CASE WHEN open IS NULL THEN 'none' WHEN open THEN 'yes' ELSE 'no' END FROM thing WHERE id = '00000'", "none"),
    ("SELECT CAST(CAST(AVG(amount) AS DOUBLE PRECISION) = 4.5 AS TEXT) FROM thing WHERE FALSE OR id < '1'", "true"),
    ("SELECT id FROM thing t WHERE EXISTS (SELECT 1 FROM thing o WHERE o.id > t.id) ORDER BY id DESC LIMIT 1", "00098"),
    ("SELECT COALESCE(day, 'none') FROM thing GROUP BY COALESCE(day, 'none')", "none"),
    ("SELECT id FROM thing WHERE id = $1 OR id = $1", "00005"),
    ("WITH v (a, b) AS (VALUES ('a', 'x'), ('b', 'y')) SELECT v.b FROM v WHERE v.a = 'b'", "y"),
    ("SELECT id FROM thing WHERE data ->> 'code' = '11' AND NOT COALESCE(open, FALSE)", "00011"),
];

#[tokio::test]
async fn every_reading_pattern_answers_alike() {
    each_db(&[THINGS], async |db| {
        insert(&db, 100).await;
        for (sql, expected) in ANSWERS {
            let args = if sql.contains("$1") { args!["00005"] } else { args![] };
            let answer: Result<(String,), _> = db.one(sql, args).await;
            let answer = answer.unwrap_or_else(|error| panic!("{sql}: {error:?}")).0;
            let answer = if answer == "1" && expected == "true" { "true".to_owned() } else { answer };
            assert_eq!(answer, expected, "{sql}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_writing_pattern_does_the_same() {
    each_db(&[THINGS], async |db| {
        insert(&db, 20).await;
        let mut tx = db.begin().await.unwrap();
        let counted = [
            tx.run(
                "INSERT INTO thing (id, amount) VALUES ('00001', 100), ('new', 1)
                 ON CONFLICT (id) DO UPDATE SET amount = excluded.amount WHERE thing.amount < excluded.amount",
                args![],
            )
            .await,
            tx.run(
                "INSERT INTO pair (a, b) SELECT id, amount FROM thing WHERE TRUE ON CONFLICT (a, b) DO NOTHING",
                args![],
            )
            .await,
            tx.run("UPDATE thing SET name = pair.a FROM pair WHERE pair.a = thing.id AND pair.b > 8", args![]).await,
            tx.run(
                "UPDATE thing SET open = TRUE WHERE id IN (SELECT id FROM thing ORDER BY id LIMIT 5) AND open IS NULL",
                args![],
            )
            .await,
            tx.run(
                "DELETE FROM thing WHERE EXISTS (SELECT 1 FROM pair WHERE pair.a = thing.id AND pair.b = 0)",
                args![],
            )
            .await,
            tx.run("INSERT INTO thing (id, parent) VALUES ('child', 'new')", args![]).await,
            tx.run("DELETE FROM thing WHERE id = 'new'", args![]).await,
        ];
        let counted: Vec<u64> = counted.into_iter().map(Result::unwrap).collect();
        assert_eq!(counted, [2, 21, 3, 5, 2, 1, 1]);
        let back: Vec<(String, i64)> = tx
            .list("UPDATE thing SET amount = amount + 1 WHERE name IS NOT NULL RETURNING id, amount", args![])
            .await
            .unwrap();
        assert_eq!(BTreeSet::from_iter(back).len(), 3);
        let (children,): (i64,) = tx.one("SELECT COUNT(*) FROM thing WHERE id = 'child'", args![]).await.unwrap();
        assert_eq!(children, 0, "cascade");
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_query_within_a_query_within_a_query_keeps_its_values() {
    each_db(&[THINGS], async |db| {
        insert(&db, 100).await;
        let mut inner = Query::new("SELECT id FROM thing WHERE amount = ?", args![3_i64]);
        inner.within(" AND data ->> 'code' IN", vec!["13", "23", "33"], "");
        let mut middle = Query::new("SELECT id FROM thing WHERE id > ?", args!["00013"]);
        middle.embed(" AND id IN (", inner, ") AND amount IS NOT NULL");
        middle.push(" AND id < ?", args!["00090"]);
        let mut outer = Query::new("SELECT id FROM thing WHERE amount < ?", args![9_i64]);
        outer.embed(" AND id IN (", middle, ")");
        outer.when(None::<&str>, " AND name = ?");
        outer.when(Some("00033"), " AND id <> ?");
        let rows: Vec<(String,)> = outer.clone().list(&db).await.unwrap();
        assert_eq!(rows, [("00023".to_owned(),)]);
        assert_eq!(count_capped(&db, outer).await.unwrap().number, 1);
        let mut none = Query::new("SELECT id FROM thing WHERE TRUE", args![]);
        none.within(" AND id IN", Vec::<&str>::new(), "");
        assert!(none.list::<(String,)>(&db).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn paging_sees_every_row_once_while_rows_are_added() {
    each_db(&[THINGS], async |db| {
        insert(&db, 1_000).await;
        let mut seen: Vec<(i64, String)> = Vec::new();
        let mut request = PageRequest { after: None, limit: Some(37) };
        loop {
            let mut query = Query::new("SELECT amount, id FROM thing WHERE TRUE", args![]);
            if let Some(Cursor(values)) = request.cursor(2).unwrap() {
                let amount: i64 = values[0].parse().unwrap();
                query.push(" AND (amount, id) > (?, ?)", args![amount, &values[1]]);
            }
            query.push(" ORDER BY amount, id LIMIT ?", args![request.limit() + 1]);
            let rows: Vec<(i64, String)> = query.list(&db).await.unwrap();
            let page = Page::from_rows(rows, request.limit(), |(amount, id)| vec![amount.to_string(), id.clone()]);
            // Somebody adds one before and one behind where we are.
            for amount in [-1_i64, 20] {
                let id = format!("new{}{amount}", seen.len());
                db.run("INSERT INTO thing (id, amount) VALUES ($1, $2)", args![id, amount]).await.unwrap();
            }
            seen.extend(page.items);
            request.after = page.next;
            if request.after.is_none() {
                break;
            }
        }
        let unique: BTreeSet<_> = seen.iter().cloned().collect();
        assert_eq!(unique.len(), seen.len(), "none twice");
        assert!(seen.is_sorted(), "in order");
        assert_eq!(unique.iter().filter(|(_, id)| !id.starts_with("new")).count(), 1_000);
    })
    .await;
}

#[tokio::test]
async fn of_many_who_ask_the_same_at_once_one_counts() {
    each_db(&[THINGS], async |db| {
        insert(&db, 1_000).await;
        let ask = || count_capped(&db, Query::new("SELECT id FROM thing", args![]));
        let before = db.statements();
        let answers = futures::future::join_all((0..20).map(|_| ask())).await;
        assert!(answers.into_iter().all(|count| count.unwrap().number == 1_000));
        assert_eq!(db.statements() - before, 1);
        let mut tx = db.begin().await.unwrap();
        tx.run("INSERT INTO thing (id, amount) VALUES ($1, $2)", args!["one more", 1_i64]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ask().await.unwrap().number, 1_001);
    })
    .await;
}

#[tokio::test]
async fn counting_stops_above_ten_thousand() {
    each_db(&[THINGS], async |db| {
        insert(&db, 10_050).await;
        let count = count_capped(&db, Query::new("SELECT id FROM thing", args![])).await.unwrap();
        assert_eq!((count.number, count.capped), (10_000, true));
        let few = Query::new("SELECT id FROM thing WHERE amount = ?", args![1_i64]);
        let count = count_capped(&db, few).await.unwrap();
        assert_eq!((count.number, count.capped), (1_005, false));
    })
    .await;
}

#[tokio::test]
async fn a_transaction_dropped_or_rolled_back_leaves_nothing() {
    each_db(&[THINGS], async |db| {
        for dropped in [true, false] {
            let mut tx = db.begin().await.unwrap();
            tx.run("INSERT INTO thing (id) VALUES ('a')", args![]).await.unwrap();
            let (inside,): (i64,) = tx.one("SELECT COUNT(*) FROM thing", args![]).await.unwrap();
            assert_eq!(inside, 1);
            if dropped {
                drop(tx);
            } else {
                tx.rollback().await.unwrap();
            }
            let (outside,): (i64,) = db.one("SELECT COUNT(*) FROM thing", args![]).await.unwrap();
            assert_eq!(outside, 0);
        }
        // The writer is free again.
        db.run("INSERT INTO thing (id) VALUES ('b')", args![]).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_fails_leaves_the_database_usable() {
    each_db(&[THINGS], async |db| {
        insert(&db, 1).await;
        let mut tx = db.begin().await.unwrap();
        assert!(tx.run("INSERT INTO thing (id) VALUES ('00000')", args![]).await.is_err());
        drop(tx);
        assert!(db.maybe::<(String,)>("SELECT id FROM nowhere", args![]).await.is_err());
        assert!(matches!(
            db.one::<(String,)>("SELECT id FROM thing WHERE id = 'x'", args![]).await,
            Err(store::DbError::NoRow)
        ));
        db.run("INSERT INTO thing (id) VALUES ('ok')", args![]).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_key_is_used_once_and_its_answer_kept() {
    use jinmen_core::Instant;
    use store::once;
    each_db(&[store::search::MIGRATIONS, THINGS], async |db| {
        let work = async |name: &'static str| -> Result<(), store::DbError> {
            let mut tx = db.begin().await?;
            tx.run("INSERT INTO thing (id) VALUES ($1)", args![name]).await?;
            tx.commit().await
        };
        once::scope("k".into(), Instant(5), work("first")).await.unwrap();
        let again = once::scope("k".into(), Instant(6), work("second")).await.unwrap_err();
        assert!(again.is_unique(once::INDEX));
        assert!(matches!(jinmen_core::Error::from(again), jinmen_core::Error::Conflict(_)));
        assert!(matches!(once::find(&db, "k").await, Ok(Some(None))));
        let answer = once::Answer { status: 201, headers: json!({ "location": "/x" }), body: vec![0, 255] };
        once::keep(&db, "k", answer).await.unwrap();
        let kept = once::find(&db, "k").await.unwrap().unwrap().unwrap();
        assert_eq!((kept.status, kept.body), (201, vec![0, 255]));
        let (rows,): (i64,) = db.one("SELECT COUNT(*) FROM thing", args![]).await.unwrap();
        assert_eq!(rows, 1);
        assert_eq!(once::forget_before(&db, Instant(6)).await.unwrap(), 1);
        assert!(once::find(&db, "k").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn what_is_deleted_is_in_no_byte_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jinmen.db");
    let secret = "the salt of an entry ".repeat(20);
    let holds = || {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
        files.map(|bytes| bytes.windows(21).filter(|part| *part == b"the salt of an entry ").count()).sum::<usize>()
    };
    let db = Db::open_file(&path).await.unwrap();
    db.run("CREATE TABLE thing (id TEXT PRIMARY KEY, name TEXT)", args![]).await.unwrap();
    for id in 0..200 {
        db.run("INSERT INTO thing (id, name) VALUES ($1, $2)", args![format!("{id}"), &secret]).await.unwrap();
    }
    db.run("UPDATE thing SET name = 'x' WHERE id < '5'", args![]).await.unwrap();
    db.run("DELETE FROM thing WHERE id >= '5'", args![]).await.unwrap();
    // The log beside the file goes when the last connection does.
    db.close().await;
    assert_eq!(holds(), 0);
    let db = Db::open_file(&path).await.unwrap();
    let (left,): (i64,) = db.one("SELECT COUNT(*) FROM thing", args![]).await.unwrap();
    assert!(left > 0);
    db.close().await;
}
