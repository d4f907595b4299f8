//! Joining two files: whatever happened to them before, nothing is lost, and parting restores what was.

use jinmen_core::{Actor, Object, OrganizationId, Role};
use module::testing::TestApp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use registry::ops::{merge, relate};
use serde_json::{Value, json};

use crate::town::{SYSTEM, Town, each_town, organization};

/// Something that happens to one of the two files.
#[derive(Clone, Debug)]
enum Event {
    Fact(&'static str, &'static str),
    Tag(u8),
    Comment,
    Relation(bool, u8),
    Document,
    Grant,
    Contact,
    Task(u8),
    Letter,
    Claim,
}

fn event() -> impl Strategy<Value = (bool, Event)> {
    let event = prop_oneof![
        prop_oneof![
            Just(("main_business", "数据治理")),
            Just(("main_business", "人工智能")),
            Just(("office_address", "天津市和平区")),
            Just(("annual_revenue", "1200")),
            Just(("industry", "6513")),
            Just(("headcount", "50")),
        ]
        .prop_map(|(key, value)| Event::Fact(key, value)),
        (0..3_u8).prop_map(Event::Tag),
        Just(Event::Comment),
        (any::<bool>(), 0..3_u8).prop_map(|(out, at)| Event::Relation(out, at)),
        Just(Event::Document),
        Just(Event::Grant),
        Just(Event::Contact),
        (0..3_u8).prop_map(Event::Task),
        Just(Event::Letter),
        Just(Event::Claim),
    ];
    (any::<bool>(), event)
}

/// Every table with rows of an organisation, and the columns that say whose they are.
const TABLES: [&str; 14] = [
    "fact",
    "contact_point",
    "affiliation",
    "relation",
    "claim",
    "claim_letter",
    "role_grant",
    "task",
    "comment",
    "tag",
    "file",
    "person",
    "import",
    "organization",
];

/// All rows of these tables as texts, a list for each.
async fn dump(test: &TestApp) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for table in TABLES {
        // A version counts; what was withdrawn stays, and is compared by nobody.
        let without: &[&str] = if table == "organization" { &["version", "updated_at"] } else { &[] };
        let condition = if table == "fact" { "withdrawn_at IS NULL" } else { "TRUE" };
        all.push(store::testing::rows(&test.app.db, table, without, condition).await);
    }
    all
}

/// How many rows each table has, and how many of them name one of the two.
fn counted(dump: &[Vec<String>]) -> Vec<usize> {
    dump.iter().map(Vec::len).collect()
}

/// What was sent was taken.
fn took(page: module::testing::Page) {
    assert_eq!(page.status, 303, "{}", page.text());
}

async fn happen(town: &Town, id: OrganizationId, others: &[OrganizationId], event: &Event, at: usize) {
    let desk = &town.secretariat;
    let base = format!("/work/organizations/{id}");
    match event {
        Event::Fact(key, value) => {
            let now = town.test.app.clock.today();
            let key = registry::dictionary::dictionary().get(key).unwrap();
            let fact = registry::model::NewFact {
                value: registry::forms::value_from(key, value, now).unwrap(),
                period: match key.by_year {
                    true => jinmen_core::Period::year(2025).unwrap(),
                    false => jinmen_core::Period::ALWAYS,
                },
                key,
                source: registry::model::Source::Verified,
                source_note: String::new(),
                source_object: None,
            };
            let subject = Object::from(id);
            registry::ops::record_facts::record_facts(&town.test.app, &desk.actor, &subject, vec![fact]).await.unwrap();
        }
        Event::Tag(tag) => took(desk.form(&format!("{base}/tags"), &[("tag", &format!("标签{tag}"))]).await),
        Event::Comment => {
            took(desk.form(&format!("{base}/comments"), &[("text", "走访记录"), ("audience", "internal")]).await);
        }
        Event::Relation(out, other) => {
            let other = others[usize::from(*other)];
            let (from, to) = if *out { (id, other) } else { (other, id) };
            let mut tx = town.test.app.db.begin().await.unwrap();
            let new = relate::NewRelation { kind: "branch_of".into(), ..Default::default() };
            if relate::insert(&town.test.app, &mut tx, &SYSTEM, from, to, &new).await.is_ok() {
                tx.commit().await.unwrap();
            }
        }
        Event::Document => {
            let fields = [("purpose", "license")];
            let files: [(&str, &str, &[u8]); 1] = [("file", "执照.pdf", b"%PDF-1.7 x")];
            took(desk.multipart(&format!("{base}/documents"), &fields, &files).await);
        }
        Event::Grant => drop(town.test.person(&format!("holder{at}"), Role::EnterpriseAdmin, Some(id)).await),
        Event::Contact => {
            let fields = [("kind", "phone"), ("value", "022-12345678"), ("label", "办公室")];
            took(desk.form(&format!("{base}/contacts"), &fields).await);
        }
        Event::Task(kind) => {
            let kind = ["registry.duplicate", "registry.claim", "registry.erase_person"][usize::from(*kind)];
            let waits = cases::WaitsFor::Organization(id);
            let task = cases::NewTask::new(kind, id, waits, "/work", json!({ "name": "x", "uscc": "x" }));
            let mut tx = town.test.app.db.begin().await.unwrap();
            cases::open_task(&mut tx, town.test.app.clock.now(), task).await.unwrap();
            tx.commit().await.unwrap();
        }
        Event::Letter => drop(desk.form(&format!("{base}/letter"), &[]).await),
        Event::Claim => {
            let claimant = town.test.person(&format!("claimant{at}"), Role::Talent, None).await;
            let made = desk.form(&format!("{base}/letter"), &[]).await.location();
            let page = desk.get(&made).await.text();
            let Some(code) = page.split("/claim/").nth(1).and_then(|rest| rest.split('"').next()) else { return };
            took(claimant.form(&format!("/claim/{code}"), &[]).await);
        }
    }
}

async fn joined_and_parted(town: &Town, round: usize, events: &[(bool, Event)]) {
    let names = [format!("天津合并{round}演示公司"), format!("天津合并{round}演示公司（分档）")];
    let pair = [
        organization(&town.test, &names[0], "enterprise", None, Some(town.alliance)).await,
        organization(&town.test, &names[1], "enterprise", None, Some(town.alliance)).await,
    ];
    let others = [town.alliance, town.member, pair[0]];
    for (at, (second, event)) in events.iter().enumerate() {
        happen(town, pair[usize::from(*second)], &others, event, round * 100 + at).await;
    }
    let (app, actor): (_, &Actor) = (&town.test.app, &town.secretariat.actor);
    let before = dump(&town.test).await;
    let history = entries(&town.test).await;
    let id = merge::merge(app, actor, pair[1], pair[0], "同一家单位").await.unwrap();
    let joined = dump(&town.test).await;
    // Nothing is gone: every table has at least the rows it had (a size class may be computed from both).
    for (now, then) in counted(&joined).into_iter().zip(counted(&before)) {
        assert!(now >= then, "{events:?}: {now} < {then}");
    }
    // Nothing but what was double still names the file that went.
    let gone = pair[1].text();
    for (at, rows) in joined.iter().enumerate().take(13) {
        let left: Vec<&String> = rows.iter().filter(|row| row.contains(&gone)).collect();
        let allowed = left.iter().all(|row| match at {
            // Between the two, or what both had.
            3 => row.contains(&pair[0].text()),
            9 => true,
            // The address of the page in a task leads on to the file that stays.
            7 => row.matches(&gone).count() <= 1,
            _ => false,
        });
        assert!(allowed, "table {at}: {left:?}");
    }
    assert!(entries(&town.test).await.starts_with(&history), "the record only grows");
    let page = town.secretariat.get(&format!("/work/organizations/{}", pair[1])).await;
    assert_eq!(page.location(), format!("/work/organizations/{}", pair[0]));
    merge::undo(app, actor, id).await.unwrap();
    let parted = dump(&town.test).await;
    for (at, (now, then)) in parted.iter().zip(&before).enumerate() {
        assert_eq!(now, then, "table {at} after {events:?}");
    }
}

async fn entries(test: &TestApp) -> Vec<String> {
    let mut rows = store::testing::rows(&test.app.db, "record_entry", &[], "TRUE").await;
    rows.sort_by_key(|row| row.split(" id=").nth(1).map(str::to_owned));
    rows
}

#[tokio::test]
async fn whatever_happened_nothing_is_lost_and_parting_restores_what_was() {
    each_town(async |town| {
        let mut runner = TestRunner::deterministic();
        for round in 0..24 {
            let most = 4 + round;
            let events = prop::collection::vec(event(), 0..=most).new_tree(&mut runner).unwrap().current();
            joined_and_parted(&town, round, &events).await;
        }
    })
    .await;
}

#[tokio::test]
async fn two_codes_are_two_organisations_and_an_office_does_not_go() {
    each_town(async |town| {
        let (app, actor) = (&town.test.app, &town.secretariat.actor);
        let coded = Some("913100006072894483");
        let other = organization(&town.test, "上海演示公司", "enterprise", coded, Some(town.alliance)).await;
        assert!(merge::merge(app, actor, other, town.member, "像").await.is_err());
        let bare = organization(&town.test, "天津无码演示公司", "enterprise", None, Some(town.alliance)).await;
        assert!(merge::merge(app, actor, town.alliance, bare, "像").await.is_err());
        assert!(merge::merge(app, actor, bare, bare, "像").await.is_err());
        assert!(merge::merge(app, actor, bare, town.member, " ").await.is_err());
        assert!(merge::merge(app, &town.stranger.actor, bare, town.member, "像").await.is_err());
        assert!(merge::merge(app, &town.enterprise.actor, bare, town.member, "像").await.is_err());
    })
    .await;
}

#[tokio::test]
async fn the_later_joining_is_undone_first_and_a_file_goes_once() {
    each_town(async |town| {
        let (app, actor) = (&town.test.app, &town.secretariat.actor);
        let mut ids = Vec::new();
        for at in 0..3 {
            let name = format!("天津链{at}演示公司");
            ids.push(organization(&town.test, &name, "enterprise", None, Some(town.alliance)).await);
        }
        let first = merge::merge(app, actor, ids[0], ids[1], "同").await.unwrap();
        assert!(merge::merge(app, actor, ids[0], ids[2], "同").await.is_err());
        let second = merge::merge(app, actor, ids[1], ids[2], "同").await.unwrap();
        assert!(merge::undo(app, actor, first).await.is_err());
        merge::undo(app, actor, second).await.unwrap();
        merge::undo(app, actor, first).await.unwrap();
        assert!(merge::undo(app, actor, first).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn two_files_are_joined_from_the_page_after_a_look_at_both() {
    each_town(async |town| {
        let name = "天津数聚演示科技";
        let double = organization(&town.test, name, "enterprise", None, Some(town.alliance)).await;
        let path = format!("/work/organizations/{double}/merge");
        let page = town.secretariat.get(&path).await.text();
        assert!(page.contains("天津数聚演示科技有限公司"), "the likely one is offered: {page}");
        assert_eq!(town.secretariat.get(&format!("{path}?other=没有这家")).await.status, 422);
        let compared = town.secretariat.get(&format!("{path}?other=91350100M000100Y43")).await.text();
        assert!(compared.contains("保留哪一份") && compared.contains("91350100M000100Y43"));
        let member = town.member.text();
        let sent = [("other", member.as_str()), ("keep", member.as_str()), ("reason", "")];
        assert_eq!(town.secretariat.form(&path, &sent).await.status, 422);
        let sent = [("other", member.as_str()), ("keep", member.as_str()), ("reason", "营业执照一致")];
        let done = town.secretariat.form(&path, &sent).await;
        assert_eq!(done.location(), format!("/work/organizations/{member}"), "{}", done.text());
        let file = town.secretariat.get(&done.location()).await.text();
        assert!(file.contains("已并入") && file.contains("营业执照一致"));
        let listed: Value = town.secretariat.get("/api/v1/organizations?q=数聚").await.json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        let undo = file.split("/merges/").nth(1).unwrap().split('/').next().unwrap();
        let undo = format!("/work/organizations/{member}/merges/{undo}/undo");
        assert_eq!(town.stranger.form(&undo, &[]).await.status, 404);
        assert_eq!(town.secretariat.form(&undo, &[]).await.location(), format!("/work/organizations/{double}"));
    })
    .await;
}
