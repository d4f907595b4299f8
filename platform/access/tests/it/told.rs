//! What the owner of an account and the auditor are told.

use access::{SignIn, check_password, set_password};
use jinmen_core::PageRequest;
use record::{Entry, Filter};
use serde_json::json;
use store::Db;
use store::testing::each_db;

use crate::{PASSWORD, SETS, SYSTEM, access, account, fault, sign_in};

async fn entries(db: &Db, action: &str) -> Vec<Entry> {
    let filter = Filter { action: Some(action.into()), ..Filter::default() };
    record::list(db, &filter, &PageRequest::default()).await.unwrap().items
}

/// The last parts of the messages that a person got, the newest first.
async fn told(db: &Db, person: jinmen_core::PersonId) -> Vec<String> {
    let inbox = notify::inbox(db, person, false, &PageRequest::default()).await.unwrap();
    let last = |key: &str| key.trim_start_matches("notice-work-security-").trim_end_matches("-text").to_owned();
    inbox.items.iter().map(|notice| last(&notice.message_key)).collect()
}

#[tokio::test]
async fn a_failed_sign_in_stands_in_the_record_with_where_it_came_from() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, _) = account(&access, "zhangsan").await;
        assert_eq!(fault(sign_in(&access, "zhangsan", "wrong-password", "10.1.2.3").await), "access.sign_in");
        assert_eq!(fault(sign_in(&access, "my secret, typed above", "x", "10.1.2.4").await), "access.sign_in");
        let failed = entries(&db, "access.sign_in.failed").await;
        assert_eq!(failed.len(), 2);
        assert_eq!(failed[1].object.id, id.text());
        let data = failed[1].data.clone().unwrap();
        assert_eq!(data, json!({ "device": "Firefox on openKylin", "address": "10.1.2.3" }));
        // A name that nobody has may be a password in the wrong field: it is written nowhere.
        assert_eq!(failed[0].object.kind, "instance");
        assert!(!failed[0].data.as_ref().unwrap().to_string().contains("secret"));
        assert_eq!(fault(check_password(&access, id, "wrong", "10.1.2.5").await), "access.password_old");
        let refused = entries(&db, "access.password.refused").await;
        assert_eq!((refused.len(), refused[0].actor.name.as_str()), (1, "zhangsan 先生"));
        sign_in(&access, "zhangsan", PASSWORD, "10.1.2.3").await.unwrap();
        let opened = entries(&db, "access.session.opened").await;
        assert_eq!(opened[0].data.as_ref().unwrap()["address"], "10.1.2.3");
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_from_a_new_device_or_network_is_told_to_its_owner_and_from_a_known_one_is_not() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (_, person) = account(&access, "zhangsan").await;
        for (address, count) in [
            ("10.1.2.3", 0), // the first one is nothing new
            ("10.1.9.9", 0),
            ("10.9.2.3", 1),
            ("10.9.7.7", 1),
            ("2408:8206::1", 2),
        ] {
            sign_in(&access, "zhangsan", PASSWORD, address).await.unwrap();
            assert_eq!(told(&db, person).await.len(), count, "{address}");
        }
        let ask = SignIn {
            account: "zhangsan".into(),
            password: PASSWORD.into(),
            device: "Chrome on Windows".into(),
            address: "10.1.2.3".into(),
        };
        access::sign_in(&access, &ask).await.unwrap();
        assert_eq!(told(&db, person).await, ["device", "device", "device"]);
        let newest = notify::inbox(&db, person, true, &PageRequest::default()).await.unwrap().items.remove(0);
        assert_eq!(newest.args, json!({ "device": "Chrome on Windows", "address": "10.1.2.3" }));
        // What was known long ago is new again.
        access.clock.advance_seconds(181 * 86_400);
        sign_in(&access, "zhangsan", PASSWORD, "10.1.2.3").await.unwrap();
        assert_eq!(told(&db, person).await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_is_told_to_its_owner() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let (id, person) = account(&access, "zhangsan").await;
        assert!(told(&db, person).await.is_empty());
        set_password(&access, &SYSTEM, id, "another-one-2021", None).await.unwrap();
        assert_eq!(told(&db, person).await, ["password"]);
        let token = access::invite(&access, &SYSTEM, id).await.unwrap();
        access::accept_invitation(&access, &token, "a-third-one-2021", "Firefox", "::1").await.unwrap();
        assert_eq!(told(&db, person).await, ["password", "password"]);
    })
    .await;
}

#[tokio::test]
async fn the_first_password_by_an_invitation_is_no_news() {
    each_db(&SETS, async |db| {
        let access = access(&db);
        let new = access::NewAccount {
            person: jinmen_core::PersonId::new(),
            name: "lisi".into(),
            display_name: "lisi".into(),
            password: None,
            email: None,
        };
        let person = new.person;
        let id = crate::create(&access, new).await.unwrap();
        let token = access::invite(&access, &SYSTEM, id).await.unwrap();
        access::accept_invitation(&access, &token, "a-third-one-2021", "Firefox", "::1").await.unwrap();
        assert!(told(&db, person).await.is_empty());
    })
    .await;
}
