//! A policy opens its call: the clause judges, everybody finds it at the policy, and nobody else opens one.

use policy::model::PolicyId;

use crate::town::{TEXT, Town, each_town, revenue};

async fn opened(town: &Town, id: PolicyId, clause: &str) -> String {
    let page = town.officer.form(&format!("/work/policies/{id}/calls"), &[("clause", clause)]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    page.location().rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_policy_opens_its_call_and_only_the_clause_that_is_called_for_judges() {
    each_town(async |mut town| {
        revenue(&town.test, town.firm, "1000").await;
        let id = town.published(TEXT).await;
        let desk = town.officer.get(&format!("/work/policies/{id}")).await.text();
        assert!(desk.contains("发起申报") && desk.contains("A 营收奖励") && desk.contains("B 房租补贴"), "{desk}");
        let call = opened(&town, id, "A").await;
        let setup = town.officer.get(&format!("/work/calls/{call}/setup")).await.text();
        for wanted in
            ["数字经济演示办法", "name=\"clause\"", "value=\"A\"", "演示〔2026〕1号", "value=\"数字经济演示办法/A\""]
        {
            assert!(setup.contains(wanted), "{wanted} in {setup}");
        }
        let public = format!("/policies/{id}");
        assert!(!town.enterprise.get(&public).await.text().contains("营收奖励申报"), "a draft is the office's");
        let out = town.officer.form(&format!("/work/calls/{call}/publish"), &[]).await;
        assert_eq!(out.status, 303, "{}", out.text());
        for path in [public.clone(), format!("/work/own-policies/{id}")] {
            let page = town.enterprise.get(&path).await.text();
            assert!(page.contains("营收奖励申报") && page.contains(&format!("/calls/{call}")), "{path}: {page}");
        }
        let page = town.test.nobody().get(&format!("/calls/{call}")).await.text();
        assert!(page.contains("政策依据") && page.contains(&format!("href=\"{public}\"")), "{page}");

        // Nobody knows the area that clause B asks for; clause A is met by the file.
        let begun = town.enterprise.form("/work/own-applications", &[("call", &call)]).await;
        assert_eq!(begun.status, 303, "{}", begun.text());
        let one = begun.location().split('/').nth(3).unwrap().to_owned();
        let said = town.enterprise.get(&format!("/api/v1/own-applications/{one}")).await.json();
        assert_eq!(said["eligibility"], "eligible", "{said}");
        let clauses: Vec<&str> = said["proof"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
        assert_eq!(clauses, ["A"]);
    })
    .await;
}

#[tokio::test]
async fn a_call_is_opened_once_for_one_form_under_a_policy_that_holds_and_by_its_office_alone() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        let path = format!("/api/v1/own-policies/{id}/calls");
        let post = async |who: &module::testing::Client, clause: &str| {
            who.json(axum::http::Method::POST, &path, &serde_json::json!({ "clause": clause }), &[]).await
        };
        assert_eq!(post(&town.other_officer, "A").await.status, 404);
        assert_eq!(post(&town.enterprise, "A").await.status, 404);
        let wrong = post(&town.officer, "Z").await;
        assert!(wrong.status == 409 && wrong.text().contains("policy.call_clause"), "{}", wrong.text());
        let made = post(&town.officer, "B").await;
        assert_eq!(made.status, 201, "{}", made.text());
        let draft = town.drafted(TEXT).await;
        let early = town.officer.form(&format!("/work/policies/{draft}/calls"), &[("clause", "A")]).await;
        assert!(early.text().contains("已印发且在有效期内"), "{}", early.text());
        assert!(!early.text().contains("按哪一条申报"), "a draft has no button");
        let row: (i64,) = town.test.app.db.one("SELECT COUNT(*) FROM call", Vec::new()).await.unwrap();
        assert_eq!(row.0, 1);
    })
    .await;
}
