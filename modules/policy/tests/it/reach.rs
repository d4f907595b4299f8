//! Reach and sandbox: the same as one file after the other, and amounts only of those that allow it.

use serde_json::json;

use crate::town::{SYSTEM, TEXT, Town, each_town, organization, revenue};

/// Grants something under a clause.
pub async fn granted(town: &Town, clause: &str, fen: i64) {
    let (today, now) = (town.test.app.clock.today(), town.test.app.clock.now());
    let direction = payments::model::Direction::Out;
    let mut terms = payments::model::Terms::new(direction, "补贴", jinmen_core::Money::from_fen(fen), today);
    terms.benefit = Some(clause.to_owned());
    let new = payments::model::NewItem::new(town.office, town.firm, "天津数聚演示科技有限公司", terms);
    let mut tx = town.test.app.db.begin().await.unwrap();
    payments::ops::owe::owe(&mut tx, &SYSTEM, now, new).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_sandbox_tells_the_difference_of_two_full_evaluations() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        for at in 0..30 {
            let firm = organization(&town.test, &format!("演示{at}公司"), "enterprise").await;
            revenue(&town.test, firm, &format!("{}", 700 + at * 20)).await;
        }
        let reach = town.officer.get(&format!("/api/v1/own-policies/{id}/reach")).await.json();
        assert_eq!((&reach["organizations"], &reach["clauses"][0]["eligible"]), (&json!(32), &json!(15)), "{reach}");
        assert_eq!(reach["fen"], 15 * 10_000_000);
        let path = format!("/api/v1/own-policies/{id}/sandbox");
        let set = json!({ "set": { "threshold": "wan(800)", "award": "wan(8)" } });
        let told = town.officer.json(axum::http::Method::POST, &path, &set, &[]).await.json();
        assert_eq!(told["after"]["clauses"][0]["eligible"], 25, "{told}");
        assert_eq!(told["difference_fen"], 25 * 8_000_000 - 15 * 10_000_000);
        assert_eq!((&told["gainers"], &told["losers"]), (&json!(10), &json!(15)));
        let page = town.officer.get(&format!("/work/policies/{id}/sandbox?set.threshold=wan(800)")).await;
        assert!(page.status == 200 && page.text().contains("+100 万元"), "{}", page.text());
        let wrong = town.officer.get(&format!("/work/policies/{id}/sandbox?set.threshold=many")).await;
        assert_eq!(wrong.status, 422);
    })
    .await;
}

#[tokio::test]
async fn the_office_sees_who_is_reached_and_amounts_only_where_the_enterprise_allows_it() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        revenue(&town.test, town.firm, "1200").await;
        let page = town.officer.get(&format!("/work/policies/{id}/reach")).await.text();
        assert!(page.contains("天津数聚演示科技有限公司") && page.contains("未授权"), "{page}");
        assert_eq!(
            town.enterprise.form(&format!("/work/own-policies/{id}/allow"), &[("allowed", "yes")]).await.status,
            303
        );
        let allowed = town.officer.get(&format!("/work/policies/{id}/reach")).await.text();
        assert!(!allowed.contains("未授权"), "{allowed}");
        town.enterprise.form(&format!("/work/own-policies/{id}/allow"), &[("allowed", "no")]).await;
        assert!(town.officer.get(&format!("/work/policies/{id}/reach")).await.text().contains("未授权"));
    })
    .await;
}

#[tokio::test]
async fn what_was_granted_before_counts_in_the_question_to_everybody() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        let answers = format!("/work/own-policies/{id}/answers");
        assert_eq!(town.enterprise.form(&answers, &[("area", "150")]).await.status, 303);
        let reach = format!("/api/v1/own-policies/{id}/reach");
        let before = town.officer.get(&reach).await.json();
        assert_eq!(before["clauses"][1]["eligible"], 1, "nothing granted is known to be nothing: {before}");
        granted(&town, "河西区另一办法/B", 500_000).await;
        let other = town.officer.get(&reach).await.json();
        assert_eq!(other["clauses"][1]["eligible"], 1, "a clause of another policy: {other}");
        granted(&town, "演示〔2026〕1号/B", 500_000).await;
        let after = town.officer.get(&reach).await.json();
        assert_eq!(after["clauses"][1]["eligible"], 0, "it is granted once: {after}");
    })
    .await;
}

/// Above the mean of those above a floor.
const MEAN: &str = "policy: 高于平均演示办法
facts:
  revenue: {registry: annual_revenue}
parameters:
  floor: {values: [{from: 2021-01-01, value: wan(0)}]}
cohort:
  usual: {mean: 'revenue[last_year]', where: 'revenue[last_year] >= floor', zh: 平均营收, en: mean revenue}
clauses:
- id: A
  title: 高于平均
  conditions:
  - {zh: 营收不低于平均, en: revenue at or above the mean, when: 'revenue[last_year] >= usual'}
  amount: wan(1)
  cases:
  - {as_of: 2026-06-30, facts: {revenue: {2025: 5}, usual: 5}, eligible: true, amount: 10000}
cohort_cases:
- {as_of: 2026-06-30, members: [{revenue: {2025: 5}}, {revenue: {2025: 7}}], granted: [{}, {A: 10000}]}
";

#[tokio::test]
async fn means_over_everybody_are_found_before_everybody_is_asked_and_again_for_other_parameters() {
    each_town(async |mut town| {
        let id = town.published(MEAN).await;
        revenue(&town.test, town.firm, "100").await;
        revenue(&town.test, town.other_firm, "200").await;
        for at in 3..5 {
            let firm = organization(&town.test, &format!("演示{at}公司"), "enterprise").await;
            revenue(&town.test, firm, &format!("{at}00")).await;
        }
        let reach = town.officer.get(&format!("/api/v1/own-policies/{id}/reach")).await.json();
        assert_eq!(reach["clauses"][0]["eligible"], 2, "300 and 400 are above 250: {reach}");
        let set = json!({ "set": { "floor": "wan(300)" } });
        let path = format!("/api/v1/own-policies/{id}/sandbox");
        let told = town.officer.json(axum::http::Method::POST, &path, &set, &[]).await.json();
        let counts = (&told["before"]["clauses"][0]["eligible"], &told["after"]["clauses"][0]["eligible"]);
        assert_eq!(counts, (&json!(2), &json!(1)), "400 is above 350: {told}");
        assert_eq!((&told["gainers"], &told["losers"]), (&json!(0), &json!(1)));
    })
    .await;
}

#[tokio::test]
async fn figures_come_by_events_with_how_far_they_are() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        revenue(&town.test, town.firm, "1200").await;
        for (path, shown) in [
            (format!("/work/policies/{id}/reach/events"), "天津数聚演示科技有限公司"),
            (format!("/work/policies/{id}/sandbox/events?set.award=wan(20)"), "+10 万元"),
        ] {
            let answer = town.officer.get(&path).await;
            assert_eq!(answer.status, 200, "{path}");
            assert!(answer.header("content-type").starts_with("text/event-stream"), "{path}");
            let text = answer.text();
            let last = text.lines().rev().find_map(|line| line.strip_prefix("data: ")).expect("an event");
            let news: serde_json::Value = serde_json::from_str(last).unwrap();
            assert_eq!(news["state"], "done", "{news}");
            assert!(news["html"].as_str().is_some_and(|html| html.contains(shown)), "{news}");
        }
        let wrong = town.officer.get(&format!("/work/policies/{id}/sandbox/events?set.award=many")).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(town.other_officer.get(&format!("/work/policies/{id}/reach/events")).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_text_is_checked_while_it_is_written_and_nothing_is_kept() {
    each_town(async |town| {
        let id = town.drafted(TEXT).await;
        revenue(&town.test, town.firm, "1200").await;
        let path = format!("/work/policies/{id}/check");
        let sent = [("clause_id", "A"), ("clause_zh", "在本区注册满一年且不得迁出的企业"), ("clause_en", "")];
        let told = town.officer.form(&path, &[&sent[..], &[("text", TEXT)]].concat()).await;
        assert_eq!(told.status, 200);
        let told = told.text();
        assert!(told.contains("公平竞争审查条例") && told.contains("2 家企业中 1 家确定可享"), "{told}");
        assert!(!told.contains("<html"), "a part of the page: {told}");
        let wrong = town.officer.form(&path, &[("text", "policy: 演示\nclauses:\n- id: A\n  when: nothing(")]).await;
        assert!(wrong.status == 200 && wrong.text().contains("第"), "{}", wrong.text());
        let kept = town.officer.get(&format!("/work/policies/{id}/text")).await.text();
        assert!(!kept.contains("不得迁出") && !kept.contains("nothing("), "{kept}");
        assert_eq!(town.other_officer.form(&path, &[("text", TEXT)]).await.status, 404);
    })
    .await;
}
