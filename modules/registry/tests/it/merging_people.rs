//! Joining two files of one person: nothing is lost, parting restores what was, nobody gains a role by it.

use jinmen_core::{PersonId, Role, Text2};
use module::testing::TestApp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use registry::model::NewPerson;
use registry::ops::{create_person, merge_person};
use serde_json::json;

use crate::town::{SYSTEM, Town, each_town};

const TABLES: [&str; 12] = [
    "fact",
    "contact_point",
    "affiliation",
    "consent",
    "claim",
    "role_grant",
    "account",
    "notice",
    "task",
    "comment",
    "file",
    "person",
];

async fn dump(test: &TestApp) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for table in TABLES {
        let without: &[&str] = if table == "person" { &["version", "updated_at"] } else { &[] };
        all.push(store::testing::rows(&test.app.db, table, without, "TRUE").await);
    }
    all
}

async fn person(town: &Town, name: &str) -> PersonId {
    let mut tx = town.test.app.db.begin().await.unwrap();
    let new = NewPerson { name: Text2::zh(name), headline: Text2::default(), resident_id: None };
    let id = create_person::insert(&town.test.app, &mut tx, &SYSTEM, new, Some(town.alliance)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn account(town: &Town, person: PersonId, name: &str, role: Role) {
    let access = &town.test.app.access;
    let mut tx = town.test.app.db.begin().await.unwrap();
    let new = access::NewAccount { person, name: name.into(), display_name: name.into(), password: None, email: None };
    access::create_account(access, &mut tx, &SYSTEM, new).await.unwrap();
    let of = if role.is_separated() { None } else { Some(town.member) };
    access::grant_role(access, &mut tx, &SYSTEM, access::NewGrant::new(person, role, of)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn happen(town: &Town, id: PersonId, event: u8, at: usize) {
    let (app, desk) = (&town.test.app, &town.secretariat);
    let base = format!("/work/people/{id}");
    match event {
        0 => {
            let fields = [("kind", "mobile"), ("value", "13912345678"), ("label", "")];
            let sent = desk.form(&format!("{base}/contacts"), &fields).await;
            assert_eq!(sent.status, 303, "{}", sent.text());
        }
        1 => {
            let member = town.member.text();
            let fields = [("organization", member.as_str()), ("kind", "staff")];
            let sent = desk.form(&format!("{base}/affiliations"), &fields).await;
            assert_eq!(sent.status, 303, "{}", sent.text());
        }
        2 => {
            let mut tx = app.db.begin().await.unwrap();
            let notice = notify::Notice::new(notify::NoticeKind::inbox("registry.import_done"), json!({}));
            notify::send(&mut tx, app.clock.now(), &[id], notice).await.unwrap();
            tx.commit().await.unwrap();
        }
        3 => account(town, id, &format!("holder-{at}"), Role::EnterpriseAdmin).await,
        4 => {
            let mut tx = app.db.begin().await.unwrap();
            let waits = cases::WaitsFor::Person(id);
            let task = cases::NewTask::new("registry.erase_person", id, waits, "/work", json!({ "name": "x" }));
            cases::open_task(&mut tx, app.clock.now(), task).await.unwrap();
            tx.commit().await.unwrap();
        }
        _ => {
            let files: [(&str, &str, &[u8]); 1] = [("file", "证书.pdf", b"%PDF-1.7 x")];
            let sent = desk.multipart(&format!("{base}/documents"), &[("purpose", "证书")], &files).await;
            assert_eq!(sent.status, 303, "{}", sent.text());
        }
    }
}

#[tokio::test]
async fn whatever_happened_to_two_files_of_a_person_nothing_is_lost_and_parting_restores_it() {
    each_town(async |town| {
        let (app, actor) = (&town.test.app, &town.secretariat.actor);
        let mut runner = TestRunner::deterministic();
        for round in 0..16_usize {
            let pair = [person(&town, "重名演示人").await, person(&town, "重名演示人").await];
            let events = prop::collection::vec((0..2_usize, 0..6_u8), 0..=4 + round).new_tree(&mut runner).unwrap();
            for (at, (which, event)) in events.current().into_iter().enumerate() {
                happen(&town, pair[which], event, round * 100 + at).await;
            }
            let before = dump(&town.test).await;
            let id = merge_person::merge(app, actor, pair[1], pair[0], "身份证一致").await.unwrap();
            let joined = dump(&town.test).await;
            let gone = pair[1].text();
            for (at, (now, then)) in joined.iter().zip(&before).enumerate() {
                assert_eq!(now.len(), then.len(), "table {at}");
                let left = now.iter().filter(|row| row.contains(&gone)).count();
                assert_eq!(left, usize::from(at == 11), "only its own row still names the file that went: table {at}");
            }
            let page = town.secretariat.get(&format!("/work/people/{gone}")).await;
            assert_eq!(page.location(), format!("/work/people/{}", pair[0]));
            merge_person::undo(app, actor, id).await.unwrap();
            let parted = dump(&town.test).await;
            for (at, (now, then)) in parted.iter().zip(&before).enumerate() {
                assert_eq!(now, then, "table {at} in round {round}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_gains_by_joining_and_two_administrators_stay_two() {
    each_town(async |town| {
        let (app, actor) = (&town.test.app, &town.secretariat.actor);
        let own = town.secretariat.person.unwrap();
        let other = person(&town, "mishu").await;
        assert!(merge_person::merge(app, actor, other, own, "自己").await.is_err());
        assert!(merge_person::merge(app, actor, own, other, "自己").await.is_err());
        let (one, two) = (person(&town, "管理").await, person(&town, "管理").await);
        account(&town, one, "system", Role::SystemAdmin).await;
        account(&town, two, "audit", Role::AuditAdmin).await;
        assert!(merge_person::merge(app, actor, one, two, "像").await.is_err());
        let (three, four) = (person(&town, "某人").await, person(&town, "某人").await);
        assert!(merge_person::merge(app, &town.stranger.actor, three, four, "像").await.is_err());
        assert!(merge_person::merge(app, &town.enterprise.actor, three, four, "像").await.is_err());
        assert!(merge_person::merge(app, actor, three, three, "像").await.is_err());
        assert!(merge_person::merge(app, actor, three, four, " ").await.is_err());
    })
    .await;
}

#[tokio::test]
async fn two_files_of_a_person_are_joined_from_the_page_and_erasing_takes_both() {
    each_town(async |town| {
        let (stays, goes) = (person(&town, "赵重名").await, person(&town, "赵重名").await);
        let path = format!("/work/people/{stays}/merge");
        let page = town.secretariat.get(&path).await.text();
        assert!(page.contains(&goes.text()), "{page}");
        let other = goes.text();
        let sent =
            |reason: &'static str| [("other", other.clone()), ("keep", "this".into()), ("reason", reason.into())];
        let plain = |fields: &'_ [(&'static str, String); 3]| {
            fields.iter().map(|(name, value)| (*name, value.clone())).collect::<Vec<_>>()
        };
        let post = async |reason: &'static str| {
            let fields = plain(&sent(reason));
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            town.secretariat.form(&path, &fields).await
        };
        assert_eq!(post("").await.status, 422);
        assert_eq!(post("手机号一致").await.location(), format!("/work/people/{stays}"));
        let file = town.secretariat.get(&format!("/work/people/{stays}")).await.text();
        assert!(file.contains("手机号一致"), "{file}");
        let undo = file.split("/merges/").nth(1).unwrap().split('/').next().unwrap();
        let undo = format!("/work/people/{stays}/merges/{undo}/undo");
        assert_eq!(town.stranger.form(&undo, &[]).await.status, 404);
        registry::ops::erase_person::erase_person(&town.test.app, &town.secretariat.actor, stays).await.unwrap();
        for table in ["person", "person_merge"] {
            let rows = store::testing::rows(&town.test.app.db, table, &[], "TRUE").await;
            assert!(rows.iter().all(|row| !row.contains("赵重名") && !row.contains("手机号一致")), "{table}");
        }
        assert!(town.secretariat.form(&undo, &[]).await.status.is_client_error());
    })
    .await;
}
