//! The inbox and what people want in it.

use jinmen_core::{Error, OrganizationId, PageRequest, PersonId};
use notify::{
    Notice, NoticeId, Preference, UNREAD_CAP, mark_all_read, mark_read, preferences, set_preference, unread_count,
};
use serde_json::json;
use store::testing::each_db;

use crate::{DECIDED, IMPORTED, NOW, SETS, inbox, tell};

#[tokio::test]
async fn a_notice_reaches_each_person_once_with_its_values() {
    each_db(&SETS, async |db| {
        let (one, other) = (PersonId::new(), PersonId::new());
        let about = OrganizationId::new();
        let mut tx = db.begin().await.unwrap();
        let notice = Notice::new(IMPORTED, json!({ "rows": 42 })).link("/imports/1").about(about);
        notify::send(&mut tx, NOW, &[one, other, one], notice).await.unwrap();
        notify::send(&mut tx, NOW, &[], Notice::new(IMPORTED, json!({}))).await.unwrap();
        tx.commit().await.unwrap();
        let received = inbox(&db, one).await;
        assert_eq!(received.len(), 1);
        let notice = &received[0];
        assert_eq!(notice.kind, "test.import_finished");
        assert_eq!(notice.message_key, "notice-test-import-finished-text");
        assert_eq!(notice.args, json!({ "rows": 42 }));
        assert_eq!(notice.link.as_deref(), Some("/imports/1"));
        assert_eq!(notice.object, Some(about.into()));
        assert_eq!((notice.created_at, notice.read_at), (NOW, None));
        assert_eq!(inbox(&db, other).await.len(), 1);
        assert!(inbox(&db, PersonId::new()).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_notice_of_a_change_that_is_rolled_back_never_was() {
    each_db(&SETS, async |db| {
        let person = PersonId::new();
        let mut tx = db.begin().await.unwrap();
        notify::send(&mut tx, NOW, &[person], Notice::new(DECIDED, json!({}))).await.unwrap();
        drop(tx);
        assert!(inbox(&db, person).await.is_empty());
        let mut tx = db.begin().await.unwrap();
        let wrong = notify::send(&mut tx, NOW, &[person], Notice::new(DECIDED, json!("text"))).await;
        assert!(matches!(wrong, Err(Error::Internal(_))));
    })
    .await;
}

#[tokio::test]
async fn what_is_read_is_read_by_its_owner_only() {
    each_db(&SETS, async |db| {
        let (one, other) = (PersonId::new(), PersonId::new());
        for _ in 0..3 {
            tell(&db, &[one, other], IMPORTED).await;
        }
        let first = inbox(&db, one).await[0].id;
        assert!(matches!(mark_read(&db, other, first, NOW).await, Err(Error::NotFound)));
        assert!(matches!(mark_read(&db, one, NoticeId::new(), NOW).await, Err(Error::NotFound)));
        assert_eq!(unread_count(&db, one).await.unwrap(), 3);
        mark_read(&db, one, first, NOW.plus_seconds(1)).await.unwrap();
        mark_read(&db, one, first, NOW.plus_seconds(9)).await.unwrap();
        assert_eq!(unread_count(&db, one).await.unwrap(), 2);
        let read = notify::get(&db, one, first).await.unwrap();
        assert_eq!(read.read_at, Some(NOW.plus_seconds(1)), "the first time counts");
        let unread = notify::inbox(&db, one, true, &PageRequest::default()).await.unwrap();
        assert_eq!(unread.items.len(), 2);
        // What arrives after the page was read is not read.
        assert_eq!(mark_all_read(&db, one, NOW.plus_seconds(-1)).await.unwrap(), 0);
        assert_eq!(mark_all_read(&db, one, NOW.plus_seconds(1)).await.unwrap(), 2);
        assert_eq!(unread_count(&db, one).await.unwrap(), 0);
        assert_eq!(unread_count(&db, other).await.unwrap(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_inbox_pages_from_the_newest_and_counting_stops() {
    each_db(&SETS, async |db| {
        let person = PersonId::new();
        let mut tx = db.begin().await.unwrap();
        for n in 0..120 {
            let notice = Notice::new(IMPORTED, json!({ "n": n }));
            notify::send(&mut tx, NOW, &[person], notice).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(unread_count(&db, person).await.unwrap(), UNREAD_CAP);
        let (mut seen, mut request) = (Vec::new(), PageRequest { after: None, limit: Some(50) });
        loop {
            let page = notify::inbox(&db, person, false, &request).await.unwrap();
            seen.extend(page.items.iter().map(|notice| notice.args["n"].as_i64().unwrap()));
            request.after = page.next;
            if request.after.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..120).rev().collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_person_decides_what_they_are_told() {
    each_db(&SETS, async |db| {
        let person = PersonId::new();
        let wanted = async || {
            let all = preferences(&db, person, &[IMPORTED, DECIDED]).await.unwrap();
            all.iter().map(|one| (one.inbox, one.email)).collect::<Vec<_>>()
        };
        assert_eq!(wanted().await, [(true, false), (true, true)]);
        for (inbox, email) in [(false, true), (false, false)] {
            let decided = Preference { kind: IMPORTED, inbox, email };
            set_preference(&db, person, decided).await.unwrap();
        }
        assert_eq!(wanted().await, [(false, false), (true, true)]);
        tell(&db, &[person], IMPORTED).await;
        assert!(inbox(&db, person).await.is_empty());
        tell(&db, &[person], DECIDED).await;
        assert_eq!(inbox(&db, person).await.len(), 1);
        let mail_only = Preference { kind: DECIDED, inbox: false, email: true };
        set_preference(&db, person, mail_only).await.unwrap();
        tell(&db, &[person], DECIDED).await;
        assert_eq!((inbox(&db, person).await.len(), unread_count(&db, person).await.unwrap()), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn two_thousand_people_are_told_at_once() {
    each_db(&SETS, async |db| {
        let people: Vec<PersonId> = (0..2_000).map(|_| PersonId::new()).collect();
        let refuses = Preference { kind: IMPORTED, inbox: false, email: false };
        set_preference(&db, people[1_999], refuses).await.unwrap();
        let before = db.statements();
        tell(&db, &people, IMPORTED).await;
        assert!(db.statements() - before < 20, "not a statement a person");
        assert_eq!(unread_count(&db, people[0]).await.unwrap(), 1);
        assert_eq!(unread_count(&db, people[1_999]).await.unwrap(), 0);
    })
    .await;
}
