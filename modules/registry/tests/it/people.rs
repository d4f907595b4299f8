//! Files of people and their rights over them.

use axum::http::{Method, StatusCode};
use jinmen_core::Role;
use serde_json::json;

use crate::town::each_town;

#[tokio::test]
async fn a_person_reads_exports_and_asks_for_the_deletion_of_their_own_file_only() {
    each_town(async |town| {
        let person = town.test.person("geren", Role::Talent, None).await;
        let id = person.person.unwrap();
        let base = format!("/work/people/{id}");
        assert_eq!(person.get(&base).await.status, StatusCode::OK);
        let export = person.get(&format!("{base}/export.json")).await;
        assert_eq!(export.json()["person"]["name"]["zh"], "geren");
        let other = town.secretariat.person.unwrap();
        assert_eq!(person.get(&format!("/work/people/{other}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(person.get(&format!("/work/people/{other}/export.json")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            person.form("/work/me/consent", &[("purpose", "matching"), ("given", "yes")]).await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(person.form("/work/me/erasure", &[]).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn an_identity_number_is_sealed_and_found_to_be_taken() {
    each_town(async |town| {
        let draft = json!({ "name_zh": "演示甲", "resident_id": "11010519491231002X" });
        let made = town.secretariat.json(Method::POST, "/api/v1/people", &draft, &[]).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let id = made.json()["id"].as_str().unwrap().to_owned();
        assert!(!town.secretariat.get(&format!("/work/people/{id}")).await.text().contains("11010519491231002X"));
        let shown = town.secretariat.form(&format!("/work/people/{id}/resident-id"), &[]).await;
        assert!(shown.text().contains("11010519491231002X"));
        let again = json!({ "name_zh": "演示乙", "resident_id": "11010519491231002x" });
        let refused = town.secretariat.json(Method::POST, "/api/v1/people", &again, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["faults"][0]["code"], "registry.resident_id_taken");
        assert!(!refused.text().contains("110105"));
    })
    .await;
}

#[tokio::test]
async fn deleting_a_person_empties_the_file_and_keeps_the_record_lawful() {
    each_town(async |town| {
        let made = town.secretariat.json(Method::POST, "/api/v1/people", &json!({ "name_zh": "将被删除" }), &[]).await;
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let facts = json!([{ "key": "expertise", "value": "数据治理" }]);
        assert_eq!(
            town.secretariat.json(Method::POST, &format!("/api/v1/people/{id}/facts"), &facts, &[]).await.status,
            StatusCode::CREATED
        );
        let page = town.secretariat.get(&format!("/work/people/{id}")).await.text();
        let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let wrong = town.secretariat.form(&format!("/work/people/{id}/erase"), &[("form_token", "x")]).await;
        assert_eq!(wrong.status, StatusCode::CONFLICT);
        let done = town.secretariat.form(&format!("/work/people/{id}/erase"), &[("form_token", &token)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert_eq!(town.secretariat.get(&format!("/work/people/{id}")).await.status, StatusCode::NOT_FOUND);
        assert!(!town.secretariat.get("/work/people?q=jiangbei").await.text().contains("将被删除"));
        let history = record::history(&town.test.app.db, &jinmen_core::Object::new("person", &id), &Default::default())
            .await
            .unwrap();
        assert_eq!(history.items[0].action, "registry.person.erased");
        assert!(history.items[1..].iter().all(|entry| entry.data.is_none()));
    })
    .await;
}
