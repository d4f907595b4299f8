//! What is written comes back, on both databases alike.

use jinmen_core::{Date, Instant, Money};
use serde_json::{Value, json};
use store::testing::{assert_same_schema, each_db};
use store::{Arg, Db, DbError, args};

use crate::THINGS;

async fn insert_data(db: &Db, id: &str, data: Value) {
    db.run("INSERT INTO thing (id, data) VALUES ($1, $2)", args![id, data]).await.unwrap();
}

async fn data(db: &Db, id: &str) -> Value {
    let (data,): (Value,) = db.one("SELECT data FROM thing WHERE id = $1", args![id]).await.unwrap();
    data
}

#[tokio::test]
async fn json_objects_and_arrays_survive() {
    each_db(&[THINGS], async |db| {
        let values = [
            json!({}),
            json!([]),
            json!({ "digits": "123", "day": "20210520", "zero": "007", "exponent": "1e5" }),
            json!({ "名称": "数聚河西「智汇津门」\n\t\"\\", "emoji": "🦀", "null": null, "yes": true }),
            json!({ "small": i64::MIN, "large": i64::MAX, "half": 0.5, "nested": { "list": [1, [2, { "x": [] }]] } }),
            json!(["1", 2, { "three": 3 }]),
        ];
        for (number, value) in values.iter().enumerate() {
            insert_data(&db, &number.to_string(), value.clone()).await;
            assert_eq!(data(&db, &number.to_string()).await, *value);
        }
        let none: Option<Value> = None;
        db.run("INSERT INTO thing (id, data) VALUES ('none', $1)", args![none]).await.unwrap();
        let (back,): (Option<Value>,) = db.one("SELECT data FROM thing WHERE id = 'none'", args![]).await.unwrap();
        assert_eq!(back, None);
    })
    .await;
}

#[tokio::test]
async fn nul_characters_are_removed_from_text_and_from_json() {
    each_db(&[THINGS], async |db| {
        db.run(
            "INSERT INTO thing (id, name, data) VALUES ('a', $1, $2)",
            args!["信\0创\0", json!({ "k\0ey": ["v\0", { "x": "\0" }] })],
        )
        .await
        .unwrap();
        let (name, data): (String, Value) =
            db.one("SELECT name, data FROM thing WHERE name = $1", args!["信创\0"]).await.unwrap();
        assert_eq!(name, "信创");
        assert_eq!(data, json!({ "key": ["v", { "x": "" }] }));
    })
    .await;
}

#[tokio::test]
async fn a_unique_violation_names_the_index_alike() {
    each_db(&[THINGS], async |db| {
        let insert = async |id: &str, name: &str, day: &str, code: &str| {
            db.run(
                "INSERT INTO thing (id, name, day, amount, open, data) VALUES ($1, $2, $3, 1, TRUE, $4)",
                args![id, name, day, json!({ "code": code })],
            )
            .await
        };
        insert("1", "a", "2021-06-18", "x").await.unwrap();
        let refused = [
            ("thing_name", insert("2", "a", "2021-06-19", "y").await),
            ("thing_day_amount", insert("3", "b", "2021-06-18", "y").await),
            ("thing_code", insert("4", "b", "2021-06-19", "x").await),
        ];
        for (index, result) in refused {
            let error = result.unwrap_err();
            assert!(error.is_unique(index), "{index}: {error:?}");
        }
        let orphan = db.run("INSERT INTO thing (id, parent) VALUES ('5', 'nobody')", args![]).await;
        assert!(matches!(orphan, Err(DbError::ForeignKey(_))), "{orphan:?}");
    })
    .await;
}

#[tokio::test]
async fn money_instants_and_dates_come_back_to_the_last_digit() {
    each_db(&[THINGS], async |db| {
        for (number, (fen, micros, day)) in [
            (0, 0, "1970-01-01"),
            (-1, 1_623_996_189_123_456, "2021-06-18"),
            (i64::MAX, i64::MAX, "2199-12-31"),
            (i64::MIN + 1, i64::MIN, "1800-01-01"),
            (12_500_000, 1, "2024-02-29"),
        ]
        .into_iter()
        .enumerate()
        {
            let (money, at) = (Money::from_fen(fen), Instant(micros));
            let day = Date::from_iso(day).unwrap();
            let id = number.to_string();
            db.run("INSERT INTO thing (id, amount, at, day) VALUES ($1, $2, $3, $4)", args![&id, money, at, day])
                .await
                .unwrap();
            let back: (i64, i64, String) = db
                .one(
                    "SELECT amount, at, day FROM thing WHERE amount = $1 AND at = $2 AND day = $3",
                    args![money, at, day],
                )
                .await
                .unwrap();
            assert_eq!(back.0, fen);
            assert_eq!(Instant(back.1), at);
            assert_eq!(Date::from_iso(&back.2).unwrap(), day);
        }
    })
    .await;
}

#[tokio::test]
async fn other_values_and_the_null_of_every_type_come_back() {
    each_db(&[THINGS], async |db| {
        let bytes: Vec<u8> = (0..=255).collect();
        db.run(
            "INSERT INTO thing (id, share, open, bytes) VALUES ('a', $1, $2, $3)",
            args![0.1 + 0.2, true, bytes.clone()],
        )
        .await
        .unwrap();
        let back: (f64, bool, Vec<u8>) =
            db.one("SELECT share, open, bytes FROM thing WHERE open", args![]).await.unwrap();
        assert_eq!(back, (0.1 + 0.2, true, bytes));
        db.run(
            "INSERT INTO thing (id, name, amount, share, open, data, bytes) VALUES ('b', $1, $2, $3, $4, $5, $6)",
            vec![Arg::Text(None), Arg::Int(None), Arg::Real(None), Arg::Bool(None), Arg::Json(None), Arg::Bytes(None)],
        )
        .await
        .unwrap();
        type Nulls = (Option<String>, Option<i64>, Option<f64>, Option<bool>, Option<Value>, Option<Vec<u8>>);
        let nulls: Nulls =
            db.one("SELECT name, amount, share, open, data, bytes FROM thing WHERE id = 'b'", args![]).await.unwrap();
        assert_eq!(nulls, (None, None, None, None, None, None));
    })
    .await;
}

#[tokio::test]
async fn names_sort_alike_by_their_stored_key() {
    each_db(&[THINGS], async |db| {
        let names = ["重庆", "天津", "北京", "alpha", "Beta", "河西", "01", "甲", "㐂", "𠮷", "é"];
        for name in names {
            db.run("INSERT INTO thing (id, name) VALUES ($1, $2)", args![name, store::text::sort_key(name)])
                .await
                .unwrap();
        }
        let sorted: Vec<(String,)> = db.list("SELECT id FROM thing ORDER BY name", args![]).await.unwrap();
        let sorted: Vec<String> = sorted.into_iter().map(|row| row.0).collect();
        let mut expected = names.map(str::to_owned);
        expected.sort_by_key(|name| store::text::sort_key(name));
        assert_eq!(sorted, expected);
    })
    .await;
}

#[tokio::test]
async fn both_databases_have_the_same_tables_columns_and_indexes() {
    assert_same_schema(&[store::search::MIGRATIONS, THINGS]).await;
}
