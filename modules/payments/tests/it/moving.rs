use serde_json::json;
use store::testing::rows;

use crate::town::each_town;

#[tokio::test]
async fn joining_two_files_moves_what_they_owe_and_keep_and_undoing_is_exact() {
    each_town(async |town| {
        town.owe(json!({ "dedup": "dues:2026" })).await;
        town.owe(json!({ "subject": town.other.text(), "direction": "out", "amount": 7 })).await;
        let elsewhere = json!({ "dedup": "dues:2026", "subject": town.other.text() });
        assert_eq!(town.ask(&town.officer, elsewhere).await.status, 201);
        let db = &town.test.app.db;
        let before = rows(db, "payment_item", &[], "TRUE").await;
        let module = payments::module();
        let mut moved = Vec::new();
        for (from, to) in [(town.other, town.member), (town.district, town.alliance)] {
            let mut tx = db.begin().await.unwrap();
            let list = module.move_organization(&town.test.app, &mut tx, from, to).await.unwrap();
            tx.commit().await.unwrap();
            moved.push((from, to, list));
        }
        let own = town.admin.get("/api/v1/own-payments").await.json();
        assert_eq!(own["items"].as_array().unwrap().len(), 3);
        assert_eq!(town.desk.get("/api/v1/payments").await.json()["items"].as_array().unwrap().len(), 3);
        assert_eq!(town.officer.get("/api/v1/payments").await.json()["items"], json!([]));
        for (from, to, list) in moved.into_iter().rev() {
            let mut tx = db.begin().await.unwrap();
            module.return_organization(&town.test.app, &mut tx, from, to, &list).await.unwrap();
            tx.commit().await.unwrap();
        }
        assert_eq!(rows(db, "payment_item", &[], "TRUE").await, before);
    })
    .await;
}
