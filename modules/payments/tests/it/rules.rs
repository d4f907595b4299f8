use axum::http::Method;
use payments::{Subject, receipts, receipts_of_many};
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
