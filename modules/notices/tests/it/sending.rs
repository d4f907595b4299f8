use axum::http::Method;
use jinmen_core::Role;
use serde_json::json;

use crate::town::{each_town, member, organization};

#[tokio::test]
async fn a_circular_reaches_those_who_act_and_says_where_nobody_does() {
    each_town(3, async |town| {
        member(&town.test, town.alliance, "天津无人演示有限公司").await;
        let id = town.send(json!({ "days": "5" })).await;
        assert_eq!(town.counts(&id).await, json!({ "recipients": 4, "untold": 1, "read": 0, "answered": 0 }));
        for (_, admin) in &town.members {
            assert_eq!(town.unread(admin).await, 1);
            assert!(admin.get("/work/notices").await.text().contains("年中会议通知"));
        }
        let known = town.desk.get(&format!("/api/v1/circulars/{id}")).await.json();
        // Five working days after Thursday 18 June 2026; the 19th is the Dragon Boat Festival.
        assert_eq!(known["due_on"], "2026-06-26");
        let page = town.desk.get(&format!("/work/circulars/{id}?which=untold")).await.text();
        assert!(page.contains("天津无人演示有限公司") && !page.contains("天津第000演示"));
    })
    .await;
}

#[tokio::test]
async fn nothing_goes_out_before_one_has_seen_whom_it_reaches() {
    each_town(2, async |town| {
        let fields = |confirm: &'static str| {
            [
                ("title", "停电通知"),
                ("body", "周六停电"),
                ("audience", "members"),
                ("asks", "reading"),
                ("confirm", confirm),
            ]
        };
        let looked = town.desk.form("/work/circulars", &fields("")).await;
        assert_eq!(looked.status, 200);
        assert!(looked.text().contains("确认发送给 2 家单位"), "{}", looked.text());
        assert_eq!(town.unread(&town.members[0].1).await, 0);
        let sent = town.desk.form("/work/circulars", &fields("yes")).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        assert_eq!(town.unread(&town.members[0].1).await, 1);
        assert_eq!(town.desk.get(&sent.location()).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn every_fault_is_said_and_nothing_is_half_sent() {
    each_town(1, async |town| {
        let wrong = json!({ "title": "", "body": "x", "asks": "answers", "days": "0" });
        let answer = town.desk.json(Method::POST, "/api/v1/circulars", &wrong, &[]).await;
        assert_eq!(answer.status, 422);
        let fields: Vec<String> = answer.json()["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["field"].as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(fields, ["title", "days", "q1_label"]);
        let long = json!({ "title": "长".repeat(81), "body": "x".repeat(5_001) });
        assert_eq!(town.desk.json(Method::POST, "/api/v1/circulars", &long, &[]).await.status, 422);
        assert!(town.desk.get("/api/v1/circulars").await.json()["items"].as_array().unwrap().is_empty());
        assert_eq!(town.unread(&town.members[0].1).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_saved_view_and_a_filter_say_who_is_meant() {
    each_town(3, async |town| {
        let (id, _) = &town.members[1];
        let tagged = town.desk.form(&format!("/work/organizations/{id}/tags"), &[("tag", "重点")]).await;
        assert_eq!(tagged.status, 303, "{}", tagged.text());
        let saved = town.desk.form("/work/organizations/views", &[("name", "重点企业"), ("query", "tag=重点")]).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let form = town.desk.get("/work/circulars/new").await.text();
        let view = form.split("value=\"view:").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let by_view = town.send(json!({ "view": view })).await;
        assert_eq!(town.counts(&by_view).await["recipients"], 1);
        let by_filter = town.send(json!({ "filter": { "tag": "重点" } })).await;
        assert_eq!(town.counts(&by_filter).await["recipients"], 1);
        let nobody = json!({ "title": "x", "body": "x", "filter": { "tag": "没有" } });
        assert_eq!(town.desk.json(Method::POST, "/api/v1/circulars", &nobody, &[]).await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn another_office_sees_and_does_nothing() {
    each_town(1, async |town| {
        let id = town.send(json!({})).await;
        let foreign = organization(&town.test, "河北演示联盟", "alliance", None).await;
        let stranger = town.test.person("hebei", Role::Secretariat, Some(foreign)).await;
        for path in ["", "/answers.csv", "/answers.xlsx"] {
            assert_eq!(stranger.get(&format!("/work/circulars/{id}{path}")).await.status, 404, "{path}");
        }
        for path in ["remind", "close"] {
            assert_eq!(stranger.form(&format!("/work/circulars/{id}/{path}"), &[]).await.status, 404, "{path}");
        }
        let other = organization(&town.test, "天津外人演示有限公司", "enterprise", None).await;
        let outsider = town.test.person("outsider", Role::EnterpriseAdmin, Some(other)).await;
        assert_eq!(outsider.get(&format!("/work/notices/{id}")).await.status, 404);
        assert_eq!(outsider.form(&format!("/work/notices/{id}"), &[("version", "0")]).await.status, 404);
        assert_eq!(town.counts(&id).await["read"], 0);
    })
    .await;
}

#[tokio::test]
async fn a_text_for_the_group_names_title_day_and_place_to_answer() {
    each_town(1, async |town| {
        let id = town.send(json!({ "days": "2", "title": "填报<b>提醒</b>" })).await;
        let page = town.desk.get(&format!("/work/circulars/{id}")).await.text();
        let text = page.split("<textarea").nth(1).unwrap().split("</textarea>").next().unwrap();
        assert!(text.contains("【通知】填报") && !text.contains("<b>"), "{text}");
        assert!(text.contains(&format!("http://localhost/work/notices/{id}")), "{text}");
        assert!(text.contains("天津演示联盟"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn the_list_of_answers_is_taken_out_as_a_file() {
    each_town(2, async |town| {
        let questions = json!([{ "label": "参加人数", "kind": "number" }]);
        let id = town.send(json!({ "asks": "answers", "questions": questions })).await;
        let answer = json!({ "answers": { "q1": "=2+3" }, "version": 0 });
        let path = format!("/api/v1/notices/{id}/answer");
        assert_eq!(town.members[0].1.json(Method::POST, &path, &answer, &[]).await.status, 422);
        let answer = json!({ "answers": { "q1": "3" }, "version": 0 });
        assert_eq!(town.members[0].1.json(Method::POST, &path, &answer, &[]).await.status, 204);
        let csv = town.desk.get(&format!("/work/circulars/{id}/answers.csv")).await;
        assert!(csv.text().contains("参加人数") && csv.text().contains("天津第000演示有限公司"), "{}", csv.text());
        let xlsx = town.desk.get(&format!("/work/circulars/{id}/answers.xlsx")).await;
        assert!(xlsx.bytes.starts_with(b"PK"));
    })
    .await;
}
