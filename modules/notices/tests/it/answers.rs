use axum::http::Method;
use jinmen_core::{Matter, Matters, PageRequest, Role};
use serde_json::{Value, json};

use crate::town::{SYSTEM, each_town};

#[tokio::test]
async fn of_two_hundred_half_answer_at_once_every_answer_counts_once_and_the_rest_is_reminded() {
    each_town(200, async |town| {
        let questions = json!([{ "label": "是否参加", "kind": "choice", "options": "参加/请假" }, { "label": "几人", "kind": "number" }]);
        let id = town.send(json!({ "asks": "answers", "questions": questions, "days": "5" })).await;
        let path = format!("/api/v1/notices/{id}/answer");
        let answers: Vec<_> = town.members[..100]
            .iter()
            .enumerate()
            .map(|(at, (_, admin))| {
                let (admin, path) = (admin.clone(), path.clone());
                let choice = if at % 4 == 0 { "请假" } else { "参加" };
                let body = json!({ "answers": { "q1": choice, "q2": "2" }, "version": 0 });
                // Everybody taps twice, as people do.
                tokio::spawn(async move {
                    let (a, b) = tokio::join!(
                        admin.json(Method::POST, &path, &body, &[]),
                        admin.json(Method::POST, &path, &body, &[])
                    );
                    [a.status.as_u16(), b.status.as_u16()]
                })
            })
            .collect();
        for answer in answers {
            let mut both = answer.await.unwrap();
            both.sort_unstable();
            assert_eq!(both, [204, 412]);
        }
        assert_eq!(town.counts(&id).await, json!({ "recipients": 200, "untold": 0, "read": 100, "answered": 100 }));
        let page = town.desk.get(&format!("/work/circulars/{id}")).await.text();
        assert!(page.contains("参加 75，请假 25"), "{page}");
        assert!(page.contains("100 家填写，合计 200"));
        town.test.app.clock.advance_seconds(3_700);
        let reminded = town.desk.json(Method::POST, &format!("/api/v1/circulars/{id}/reminders"), &json!({}), &[]).await;
        assert_eq!(reminded.json(), json!({ "organizations": 100, "people": 100 }));
        assert_eq!(town.unread(&town.members[0].1).await, 1);
        assert_eq!(town.unread(&town.members[150].1).await, 2);
        let waiting = cases::count_for(&town.test.app.db, &town.members[0].1.actor).await.unwrap();
        let missing = cases::count_for(&town.test.app.db, &town.members[150].1.actor).await.unwrap();
        assert_eq!((waiting, missing), (0, 1));
        let again = town.desk.json(Method::POST, &format!("/api/v1/circulars/{id}/reminders"), &json!({}), &[]).await;
        assert_eq!(again.status, 409);
    })
    .await;
}

#[tokio::test]
async fn opening_is_reading_and_is_kept_once() {
    each_town(2, async |town| {
        let id = town.send(json!({ "asks": "reading" })).await;
        let (_, admin) = &town.members[0];
        for _ in 0..3 {
            assert_eq!(admin.get(&format!("/work/notices/{id}")).await.status, 200);
        }
        assert_eq!(town.counts(&id).await["read"], 1);
        let object = jinmen_core::Object::from(town.members[0].0);
        let history = record::history(&town.test.app.db, &object, &PageRequest::default()).await.unwrap();
        let read = history.items.iter().filter(|entry| entry.action == "notices.circular.read").count();
        assert_eq!(read, 1);
        assert_eq!(admin.form(&format!("/work/notices/{id}"), &[("version", "0")]).await.status, 409);
    })
    .await;
}

#[tokio::test]
async fn a_receipt_is_one_tap_and_closes_the_task() {
    each_town(1, async |town| {
        let id = town.send(json!({})).await;
        let (_, admin) = &town.members[0];
        assert_eq!(cases::count_for(&town.test.app.db, &admin.actor).await.unwrap(), 1);
        assert_eq!(admin.form(&format!("/work/notices/{id}"), &[("version", "0")]).await.status, 303);
        assert_eq!(cases::count_for(&town.test.app.db, &admin.actor).await.unwrap(), 0);
        assert_eq!(town.counts(&id).await["answered"], 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_reported_becomes_facts_with_the_circular_as_their_source() {
    each_town(1, async |town| {
        let facts = json!(["annual_revenue", "headcount"]);
        let id = town.send(json!({ "asks": "facts", "facts": facts, "year": "2025", "days": "3" })).await;
        let (organization, admin) = &town.members[0];
        let page = format!("/work/notices/{id}");
        let form = admin.get(&page).await.text();
        assert!(form.contains("2025 年") && form.contains("name=\"annual_revenue\""), "{form}");
        let bare = admin.form(&page, &[("annual_revenue", "一千万"), ("version", "0")]).await;
        assert_eq!(bare.status, 422);
        let sent = admin.form(&page, &[("annual_revenue", "1200.5"), ("headcount", "86"), ("version", "0")]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let facts = admin.get(&format!("/api/v1/organizations/{organization}/facts")).await.json();
        let of = |key: &str| facts.as_array().unwrap().iter().find(|fact| fact["key"] == key).unwrap().clone();
        assert_eq!(of("annual_revenue")["value"], json!({ "v": 1_200_500_000_i64 }));
        assert_eq!(of("annual_revenue")["true_from"], "2025-01-01");
        assert_eq!(of("annual_revenue")["source_note"], "TZ-2026-0001");
        assert_eq!(of("headcount")["source"], "self_declared");
        let again = admin.form(&page, &[("annual_revenue", "1300"), ("headcount", "86"), ("version", "1")]).await;
        assert_eq!(again.status, 303);
        let answers = town.desk.get(&format!("/work/circulars/{id}/recipients/{organization}")).await.text();
        assert!(answers.contains("1,300"), "{answers}");
    })
    .await;
}

#[tokio::test]
async fn of_two_colleagues_the_later_one_is_told() {
    each_town(1, async |town| {
        let id = town.send(json!({})).await;
        let (organization, admin) = &town.members[0];
        let other = town.test.person("other", Role::EnterpriseAdmin, Some(*organization)).await;
        let page = format!("/work/notices/{id}");
        assert_eq!(admin.form(&page, &[("version", "0")]).await.status, 303);
        let late = other.form(&page, &[("version", "0")]).await;
        assert_eq!(late.status, 412);
        assert!(late.text().contains("您的同事刚刚已经回复"));
    })
    .await;
}

#[tokio::test]
async fn a_closed_circular_takes_no_answer_and_its_tasks_are_gone() {
    each_town(2, async |town| {
        let id = town.send(json!({})).await;
        assert_eq!(town.desk.form(&format!("/work/circulars/{id}/close"), &[]).await.status, 303);
        let (_, admin) = &town.members[0];
        assert_eq!(admin.form(&format!("/work/notices/{id}"), &[("version", "0")]).await.status, 409);
        assert_eq!(cases::count_for(&town.test.app.db, &admin.actor).await.unwrap(), 0);
        town.test.app.clock.advance_seconds(3_700);
        for path in ["remind", "close"] {
            assert_eq!(town.desk.form(&format!("/work/circulars/{id}/{path}"), &[]).await.status, 409);
        }
    })
    .await;
}

#[tokio::test]
async fn the_office_writes_down_what_was_said_by_telephone() {
    each_town(1, async |town| {
        let questions = json!([{ "label": "几人", "kind": "number" }]);
        let id = town.send(json!({ "asks": "answers", "questions": questions })).await;
        let (organization, admin) = &town.members[0];
        let path = format!("/work/circulars/{id}/recipients/{organization}");
        assert_eq!(town.desk.form(&path, &[("q1", "两人"), ("version", "0")]).await.status, 422);
        assert_eq!(town.desk.form(&path, &[("q1", "2"), ("version", "0")]).await.status, 303);
        assert_eq!(admin.form(&path, &[("q1", "9"), ("version", "1")]).await.status, 404);
        let rows = town.desk.get(&format!("/work/circulars/{id}")).await.text();
        assert!(rows.contains("mishu 代录"), "{rows}");
        let own: Value = admin.get(&format!("/api/v1/notices/{id}")).await.json();
        assert_eq!(own["own"]["answers"], json!({ "q1": 2 }));
        assert!(own["circular"].get("counts").is_none());
    })
    .await;
}

#[tokio::test]
async fn a_handler_whose_business_is_something_else_is_not_told_and_does_not_answer() {
    each_town(1, async |town| {
        let (organization, _) = &town.members[0];
        let handler = town.test.person("handler", Role::EnterpriseHandler, None).await;
        let mut tx = town.test.app.db.begin().await.unwrap();
        let new = access::NewGrant::new(handler.person.unwrap(), Role::EnterpriseHandler, Some(*organization));
        let new = new.limited(Matters::of([Matter::File]));
        access::grant_role(&town.test.app.access, &mut tx, &SYSTEM, new).await.unwrap();
        tx.commit().await.unwrap();
        let id = town.send(json!({})).await;
        assert_eq!(town.unread(&handler).await, 0);
        assert!(handler.form(&format!("/work/notices/{id}"), &[("version", "0")]).await.status.is_client_error());
        assert_eq!(town.counts(&id).await["answered"], 0);
    })
    .await;
}
