//! What is kept for an organisation goes with its file when that is joined to another's, and comes back.

use store::testing::rows;

use crate::reach::granted;
use crate::town::{TEXT, Town, each_town, revenue};

const TABLES: [&str; 5] = ["policy", "plan", "policy_answer", "policy_authorization", "policy_told"];

async fn everything(town: &Town) -> Vec<impl PartialEq + std::fmt::Debug + use<>> {
    let mut found = Vec::new();
    for table in TABLES {
        found.push(rows(&town.test.app.db, table, &[], "TRUE").await);
    }
    found
}

#[tokio::test]
async fn joining_two_files_moves_policies_answers_and_leave_and_undoing_is_exact() {
    each_town(async |mut town| {
        let id = town.published(TEXT).await;
        revenue(&town.test, town.firm, "1200").await;
        granted(&town, "A", 500_000).await;
        let answers = format!("/work/own-policies/{id}/answers");
        let allow = format!("/work/own-policies/{id}/allow");
        assert_eq!(town.enterprise.form(&answers, &[("area", "150")]).await.status, 303);
        assert_eq!(town.enterprise.form(&allow, &[("allowed", "yes")]).await.status, 303);
        assert_eq!(town.other_enterprise.form(&answers, &[("area", "90")]).await.status, 303);
        let before = everything(&town).await;
        let db = &town.test.app.db;
        let module = policy::module();
        let mut moved = Vec::new();
        for (from, to) in [(town.firm, town.other_firm), (town.office, town.firm)] {
            let mut tx = db.begin().await.unwrap();
            let list = module.move_organization(&town.test.app, &mut tx, from, to).await.unwrap();
            tx.commit().await.unwrap();
            moved.push((from, to, list));
        }
        assert_ne!(everything(&town).await, before);
        let other: Vec<(String, String)> = db
            .list(
                "SELECT organization_id, CAST(value AS TEXT) FROM policy_answer WHERE organization_id = $1",
                store::args![town.other_firm],
            )
            .await
            .unwrap();
        assert!(other.len() == 1 && other[0].1.contains("90"), "its own answer counts: {other:?}");
        let allowed: Vec<(String,)> =
            db.list("SELECT organization_id FROM policy_authorization", store::args![]).await.unwrap();
        assert_eq!(allowed, [(town.other_firm.text(),)]);
        for (from, to, list) in moved.into_iter().rev() {
            let mut tx = db.begin().await.unwrap();
            module.return_organization(&town.test.app, &mut tx, from, to, &list).await.unwrap();
            tx.commit().await.unwrap();
        }
        assert_eq!(everything(&town).await, before);
    })
    .await;
}
