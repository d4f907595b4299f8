//! The record through its public face, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod log;

use jinmen_core::{
    AccountId, Actor, Error, GrantId, Hat, Instant, Object, OrganizationId, PageRequest, PersonId, Role, SignedIn,
};
use record::{EntryId, Filter, MIGRATIONS, append, append_many, forget, history, list, verify};
use serde_json::{Value, json};
use store::testing::{assert_same_schema, each_db};
use store::{Db, args};

fn secretary() -> Actor {
    let hat = Hat::new(GrantId::new(), Role::Secretariat, Some(OrganizationId::new()));
    Actor::Person(Box::new(SignedIn {
        account: AccountId::new(),
        person: Some(PersonId::new()),
        name: "秘书处".into(),
        locale: None,
        hats: vec![hat.clone()],
        hat: Some(hat),
    }))
}

async fn append_one(db: &Db, actor: &Actor, action: &str, object: &Object, data: Value) -> EntryId {
    let mut tx = db.begin().await.unwrap();
    let id = append(&mut tx, actor, Instant(1_623_996_189_123_456), action, object.clone(), data).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn an_entry_says_who_did_what_under_which_hat_and_its_digest_verifies() {
    each_db(&[MIGRATIONS], async |db| {
        let (actor, object) = (secretary(), Object::from(OrganizationId::new()));
        let data = json!({ "name": "数聚\n\"河西\"", "fen": i64::MAX, "list": [1, null, true, { "b": 1, "a": 2 }] });
        for actor in [&actor, &Actor::System("test"), &Actor::Nobody] {
            let id = append_one(&db, actor, "test.made", &object, data.clone()).await;
            assert_eq!(verify(&db, id).await.unwrap(), Some(true), "{actor:?}");
        }
        let page = history(&db, &object, &PageRequest::default()).await.unwrap();
        let entry = page.items.last().unwrap();
        assert_eq!(entry.actor.name, "秘书处");
        assert_eq!(entry.actor.role.as_deref(), Some("secretariat"));
        assert_eq!(entry.actor.organization, actor.organization().map(|id| id.text()));
        assert_eq!(entry.at, Instant(1_623_996_189_123_456));
        assert_eq!(entry.message_key(), "record-test-made");
        assert_eq!(entry.data, Some(data.clone()));
    })
    .await;
}

#[tokio::test]
async fn data_with_nul_characters_still_verifies() {
    each_db(&[MIGRATIONS], async |db| {
        let object = Object::instance();
        let id = append_one(&db, &Actor::Nobody, "test.made", &object, json!({ "a\0": ["b\0"] })).await;
        assert_eq!(verify(&db, id).await.unwrap(), Some(true));
    })
    .await;
}

#[tokio::test]
async fn whatever_is_altered_is_noticed() {
    each_db(&[MIGRATIONS], async |db| {
        let object = Object::from(OrganizationId::new());
        for change in [
            "UPDATE record_entry SET at = at + 1 WHERE id = $1",
            "UPDATE record_entry SET actor_name = 'somebody else' WHERE id = $1",
            "UPDATE record_entry SET actor_role = NULL WHERE id = $1",
            "UPDATE record_entry SET action = 'test.other' WHERE id = $1",
            "UPDATE record_entry SET object_id = 'other' WHERE id = $1",
            "UPDATE record_entry SET data = '{\"fen\":2}' WHERE id = $1",
        ] {
            let id = append_one(&db, &secretary(), "test.paid", &object, json!({ "fen": 1 })).await;
            assert_eq!(verify(&db, id).await.unwrap(), Some(true));
            assert_eq!(db.run(change, args![id]).await.unwrap(), 1);
            assert_eq!(verify(&db, id).await.unwrap(), Some(false), "{change}");
        }
        let id = append_one(&db, &secretary(), "test.paid", &object, json!({ "fen": 1 })).await;
        db.run("UPDATE record_entry SET salt = NULL WHERE id = $1", args![id]).await.unwrap();
        assert!(verify(&db, id).await.is_err(), "half forgotten");
        assert!(matches!(verify(&db, EntryId::new()).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn forgetting_takes_the_meaning_and_leaves_the_digest() {
    each_db(&[MIGRATIONS], async |db| {
        let (one, other) = (Object::from(PersonId::new()), Object::from(PersonId::new()));
        let id = append_one(&db, &secretary(), "test.made", &one, json!({ "name": "张三" })).await;
        let kept = append_one(&db, &secretary(), "test.made", &other, json!({ "name": "李四" })).await;
        let digest = async || {
            let row: (Vec<u8>,) = db.one("SELECT digest FROM record_entry WHERE id = $1", args![id]).await.unwrap();
            row.0
        };
        let before = digest().await;
        let mut tx = db.begin().await.unwrap();
        assert_eq!(forget(&mut tx, &one).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(digest().await, before);
        assert_eq!(verify(&db, id).await.unwrap(), None);
        assert_eq!(verify(&db, kept).await.unwrap(), Some(true));
        let page = history(&db, &one, &PageRequest::default()).await.unwrap();
        assert_eq!(page.items[0].data, None);
        assert_eq!(page.items[0].actor.name, "秘书处");
    })
    .await;
}

#[tokio::test]
async fn a_history_pages_from_the_newest_to_the_oldest() {
    each_db(&[MIGRATIONS], async |db| {
        let object = Object::from(OrganizationId::new());
        let items = (0..25).map(|n| (object.clone(), json!({ "n": n }))).collect();
        let mut tx = db.begin().await.unwrap();
        append_many(&mut tx, &secretary(), Instant(7), "test.many", items).await.unwrap();
        tx.commit().await.unwrap();
        append_one(&db, &secretary(), "test.other", &Object::instance(), json!({})).await;
        let (mut seen, mut request) = (Vec::new(), PageRequest { after: None, limit: Some(10) });
        loop {
            let page = history(&db, &object, &request).await.unwrap();
            seen.extend(page.items.iter().map(|entry| entry.data.clone().unwrap()["n"].as_i64().unwrap()));
            request.after = page.next;
            if request.after.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..25).rev().collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn entries_are_found_by_action_account_and_time() {
    each_db(&[MIGRATIONS], async |db| {
        let actor = secretary();
        append_one(&db, &actor, "test.made", &Object::instance(), json!({})).await;
        append_one(&db, &actor, "test.made.twice", &Object::instance(), json!({})).await;
        append_one(&db, &Actor::Nobody, "testing", &Object::instance(), json!({})).await;
        let count = async |filter: Filter| list(&db, &filter, &PageRequest::default()).await.unwrap().items.len();
        let at = Instant(1_623_996_189_123_456);
        assert_eq!(count(Filter::default()).await, 3);
        assert_eq!(count(Filter { action: Some("test.".into()), ..Filter::default() }).await, 2);
        let account = actor.account().map(|id| id.text());
        assert_eq!(count(Filter { account, ..Filter::default() }).await, 2);
        assert_eq!(count(Filter { since: Some(at), ..Filter::default() }).await, 3);
        assert_eq!(count(Filter { before: Some(at), ..Filter::default() }).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_entry_goes_with_the_change_it_belongs_to_and_fractions_are_refused() {
    each_db(&[MIGRATIONS], async |db| {
        let mut tx = db.begin().await.unwrap();
        append(&mut tx, &Actor::Nobody, Instant(0), "test.made", Object::instance(), json!({})).await.unwrap();
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        let share = json!({ "share": 0.5 });
        assert!(append(&mut tx, &Actor::Nobody, Instant(0), "test.made", Object::instance(), share).await.is_err());
        tx.commit().await.unwrap();
        let page = list(&db, &Filter::default(), &PageRequest::default()).await.unwrap();
        assert!(page.items.is_empty());
    })
    .await;
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    assert_same_schema(&[MIGRATIONS]).await;
}
