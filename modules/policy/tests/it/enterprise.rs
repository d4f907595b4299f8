//! The enterprise: what it is entitled to, questions, kept results, and the calculator of the public page.

use jinmen_core::Object;

use crate::town::{TEXT, each_town, revenue};

#[tokio::test]
async fn an_enterprise_sees_what_it_gets_what_is_missing_and_what_it_lacks() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        revenue(&town.test, town.firm, "1200").await;
        revenue(&town.test, town.other_firm, "999.9").await;
        let page = town.enterprise.get("/work/own-policies").await.text();
        assert!(page.contains("数字经济演示办法") && page.contains("10 万元"), "{page}");
        let one = town.enterprise.get(&format!("/work/own-policies/{id}")).await.text();
        assert!(one.contains("租用面积") && one.contains("已核验") && one.contains("threshold"), "{one}");
        let other = town.other_enterprise.get(&format!("/work/own-policies/{id}")).await.text();
        assert!(other.contains("差一点") && other.contains("差 1,000.00 元"), "{other}");

        let answered = town.enterprise.form(&format!("/work/own-policies/{id}/answers"), &[("area", "120")]).await;
        assert_eq!(answered.status, 303, "{}", answered.text());
        let now = town.enterprise.get(&format!("/work/own-policies/{id}")).await.text();
        assert!(now.contains("10.5 万元"), "{now}");
        let wrong = town.enterprise.form(&format!("/work/own-policies/{id}/answers"), &[("area", "many")]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text());
        let before = town.enterprise.get("/api/v1/my-policies?as_of=2026-06-01").await;
        assert_eq!(before.json(), serde_json::json!([]), "the policy did not hold yet");
        assert_eq!(town.enterprise.get("/api/v1/my-policies?as_of=never").await.status, 422);
        let mine = town.enterprise.get("/api/v1/my-policies").await;
        assert_eq!(mine.json()[0]["total_min_fen"], 10_500_000, "{}", mine.text());
    })
    .await;
}

#[tokio::test]
async fn a_result_that_was_kept_is_recomputed_to_the_byte_after_the_policy_and_the_file_have_changed() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        revenue(&town.test, town.firm, "1200").await;
        assert_eq!(town.enterprise.form(&format!("/work/own-policies/{id}/keep"), &[]).await.status, 303);
        revenue(&town.test, town.firm, "1").await;
        let (firm, object) = (Object::from(town.firm), Object::new("policy", id));
        let all = Default::default();
        let page = registry::ops::decide::decisions(&town.test.app, &firm, Some(&object), &all);
        let kept = page.await.unwrap().items.remove(0);
        let (_, again) = registry::ops::decide::again(&town.test.app.db, kept.id).await.unwrap();
        assert_eq!(again, kept.answer);
        assert!(again.contains("\"eligible\""), "{again}");
    })
    .await;
}

#[tokio::test]
async fn the_calculator_asks_only_what_matters_and_keeps_nothing() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        let visitor = town.test.nobody();
        let path = format!("/policies/{id}");
        let page = visitor.get(&path).await.text();
        assert!(page.contains("name=\"revenue\"") && page.contains("name=\"area\""), "{page}");
        let said = visitor.form(&path, &[("revenue", "1200"), ("area", "")]).await.text();
        assert!(said.contains("10 万元") && said.contains("name=\"area\""), "{said}");
        let wrong = visitor.form(&path, &[("revenue", "lots")]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text());
        let answers: (i64,) = town.test.app.db.one("SELECT COUNT(*) FROM policy_answer", Vec::new()).await.unwrap();
        assert_eq!(answers.0, 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_granted_before_counts_for_what_is_granted_once() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        town.enterprise.form(&format!("/work/own-policies/{id}/answers"), &[("area", "120")]).await;
        let before = town.enterprise.get("/api/v1/my-policies").await.json();
        assert_eq!(before[0]["clauses"][1]["outcome"], "eligible");
        crate::reach::granted(&town, "河西区另一办法/B", 500_000).await;
        let other = town.enterprise.get("/api/v1/my-policies").await.json();
        assert_eq!(other[0]["clauses"][1]["outcome"], "eligible", "a clause of another policy: {other}");
        crate::reach::granted(&town, "数字经济演示办法/B", 500_000).await;
        let after = town.enterprise.get("/api/v1/my-policies").await.json();
        assert_eq!(after[0]["clauses"][1]["outcome"], "not_eligible");
    })
    .await;
}
