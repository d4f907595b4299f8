use axum::http::Method;
use jinmen_core::Money;
use payments::ops::receipts::{for_rules, policy_of, qualified};
use payments::{Receipt, Subject, receipts, receipts_of_many};
use serde_json::json;

use crate::town::{API, each_town};

#[tokio::test]
async fn what_was_granted_under_a_clause_is_a_receipt_until_it_is_cancelled() {
    each_town(async |town| {
        let grant = |benefit: &str, day: &str, amount: i64| {
            json!({ "direction": "out", "benefit": benefit, "granted_on": day, "amount": amount })
        };
        let second = town.owe(grant("信创十条/第三条", "2026-05-20", 600_000)).await;
        town.owe(grant("信创十条/第一条", "2025-03-01", 400_000)).await;
        town.owe(json!({ "direction": "out" })).await;
        town.owe(json!({ "benefit": "信创十条/第三条" })).await;
        let mut other = grant("信创十条/第一条", "2026-01-01", 100_000);
        other["subject"] = json!(town.other.text());
        town.owe(other).await;
        let own = receipts(&town.test.app.db, Subject::from(town.member)).await.unwrap();
        let shown: Vec<(&str, String, i64)> =
            own.iter().map(|one| (one.benefit.as_str(), one.on.to_string(), one.amount.fen())).collect();
        let expected = [
            ("信创十条/第一条", "2025-03-01".to_owned(), 400_000),
            ("信创十条/第三条", "2026-05-20".to_owned(), 600_000),
        ];
        assert_eq!(shown, expected);
        let cancel = format!("{API}/{second}/cancel");
        let cancelled = town.desk.json(Method::POST, &cancel, &json!({ "why": "不符" }), &[]).await;
        assert_eq!(cancelled.status, 204);
        let before = town.test.app.db.statements();
        let subjects = [Subject::from(town.member), town.other.into(), town.alliance.into()];
        let many = receipts_of_many(&town.test.app.db, &subjects).await.unwrap();
        assert_eq!(town.test.app.db.statements() - before, 1);
        let shown: Vec<(Subject, i64)> = many.iter().map(|(subject, one)| (*subject, one.amount.fen())).collect();
        assert_eq!(shown, [(subjects[0], 400_000), (subjects[1], 100_000)]);
        assert!(receipts_of_many(&town.test.app.db, &[]).await.unwrap().is_empty());
        // Within the transaction that grants.
        let mut tx = town.test.app.db.begin().await.unwrap();
        assert_eq!(receipts(&mut tx, subjects[0]).await.unwrap().len(), 1);
        tx.rollback().await.unwrap();
    })
    .await;
}

#[test]
fn a_clause_of_another_policy_with_the_same_id_is_not_the_policys_own() {
    let receipt = |benefit: &str| Receipt {
        benefit: benefit.into(),
        on: "2026-01-05".parse().unwrap(),
        amount: Money::from_fen(15_000),
    };
    let receipts = ["信创十条/A", "津信创〔2026〕3号/A", "租金补贴办法/A", "信创十条补充/A", "A"].map(receipt);
    let read = for_rules(&receipts, &["信创十条", "津信创〔2026〕3号"]);
    let clauses: Vec<&str> = read.as_array().unwrap().iter().map(|one| one["clause"].as_str().unwrap()).collect();
    assert_eq!(clauses, ["A", "A", "租金补贴办法/A", "信创十条补充/A", "A"]);
    assert_eq!(read[0], json!({ "clause": "A", "on": "2026-01-05", "amount": 150 }));
    assert_eq!(policy_of(&qualified("租金补贴办法", "A")), Some("租金补贴办法"));
    assert_eq!(policy_of("A"), None);
}
