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
