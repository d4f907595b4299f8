//! Drafts.

use cases::{Draft, discard_draft, forget_drafts, load_draft, save_fields};
use jinmen_core::{AccountId, Error, Instant, Result};
use serde_json::{Map, Value, json};
use store::Db;
use store::testing::each_db;

use crate::{NOW, SETS, fault};

const KEY: &str = "registry.organization/new";

async fn save(db: &Db, account: AccountId, fields: Value, at: Instant) -> Result<Draft> {
    let Value::Object(fields) = fields else { panic!("an object") };
    save_fields(db, account, KEY, fields, at).await
}

async fn load(db: &Db, account: AccountId) -> Option<Draft> {
    load_draft(db, account, KEY).await.unwrap()
}

#[tokio::test]
async fn fields_are_kept_one_by_one() {
    each_db(&SETS, async |db| {
        let (account, later) = (AccountId::new(), NOW.plus_seconds(60));
        assert_eq!(load(&db, account).await, None);
        save(&db, account, json!({ "name": "数聚", "digits": "0123" }), NOW).await.unwrap();
        save(&db, account, json!({ "name": "数聚河西", "tags": ["a", "b"] }), NOW).await.unwrap();
        let saved = save(&db, account, json!({ "digits": null, "nul": "a\0b" }), later).await.unwrap();
        assert_eq!(saved.updated_at, later);
        let draft = load(&db, account).await.unwrap();
        assert_eq!(Value::Object(draft.fields), json!({ "name": "数聚河西", "tags": ["a", "b"], "nul": "ab" }));
        assert_eq!(draft.updated_at, later);
        assert_eq!(load(&db, AccountId::new()).await, None, "somebody else's");
        assert_eq!(load_draft(&db, account, "other").await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_save_at_once_neither_loses_a_field() {
    each_db(&SETS, async |db| {
        let account = AccountId::new();
        let savers: Vec<_> = (0..30)
            .map(|n| {
                let db = db.clone();
                let fields = Map::from_iter([(format!("field{n}"), json!(n))]);
                tokio::spawn(async move { save_fields(&db, account, KEY, fields, NOW).await })
            })
            .collect();
        for saver in savers {
            saver.await.unwrap().unwrap();
        }
        assert_eq!(load(&db, account).await.unwrap().fields.len(), 30);
    })
    .await;
}

#[tokio::test]
async fn a_draft_has_a_limit_and_a_save_beyond_it_changes_nothing() {
    each_db(&SETS, async |db| {
        let account = AccountId::new();
        let fields = |range: std::ops::Range<usize>| -> Value {
            range.map(|n| (format!("field{n}"), json!("x"))).collect::<Map<_, _>>().into()
        };
        save(&db, account, fields(0..200), NOW).await.unwrap();
        assert_eq!(fault(save(&db, account, fields(200..201), NOW).await), "cases.draft_fields");
        let long = save(&db, account, json!({ "field1": "长".repeat(22_000) }), NOW).await;
        assert!(matches!(long, Err(Error::TooLarge(65_536))));
        let kept = load(&db, account).await.unwrap().fields;
        assert_eq!((kept.len(), &kept["field1"]), (200, &json!("x")));
        for key in ["", &"k".repeat(201)] {
            assert!(save_fields(&db, account, key, Map::new(), NOW).await.is_err());
        }
    })
    .await;
}

#[tokio::test]
async fn a_draft_goes_with_what_it_was_for_and_when_nobody_wants_it() {
    each_db(&SETS, async |db| {
        let (account, other) = (AccountId::new(), AccountId::new());
        save(&db, account, json!({ "a": 1 }), NOW).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        discard_draft(&mut tx, account, KEY).await.unwrap();
        drop(tx);
        assert!(load(&db, account).await.is_some(), "what it was for did not happen");
        let mut tx = db.begin().await.unwrap();
        discard_draft(&mut tx, account, KEY).await.unwrap();
        discard_draft(&mut tx, account, KEY).await.unwrap();
        tx.commit().await.unwrap();
        assert!(load(&db, account).await.is_none());

        save(&db, account, json!({ "a": 1 }), NOW).await.unwrap();
        save(&db, other, json!({ "a": 1 }), NOW.plus_seconds(1)).await.unwrap();
        assert_eq!(forget_drafts(&db, NOW.plus_seconds(1)).await.unwrap(), 1);
        assert!(load(&db, account).await.is_none());
        assert!(load(&db, other).await.is_some());
    })
    .await;
}
