//! Joining two files and taking them apart again loses nothing.

use store::args;

use crate::town::{answers, each_town};

#[tokio::test]
async fn applications_and_calls_go_with_a_file_that_is_joined_and_come_back_as_they_were() {
    each_town(async |town| {
        let call = town.published(&[]).await;
        town.handed_in(&call).await;
        let other = town.begun(&town.other_enterprise, &call).await;
        town.save(&town.other_enterprise, &other, answers()).await;
        let db = &town.test.app.db;
        let all = async || {
            let rows: Vec<(String, String, String, Option<i64>)> = db
                .list("SELECT id, owner_id, applicant_id, place FROM call_application ORDER BY id", args![])
                .await
                .unwrap();
            let calls: Vec<(String, String)> =
                db.list("SELECT id, owner_id FROM call ORDER BY id", args![]).await.unwrap();
            (rows, calls)
        };
        let before = all().await;
        let module = calls::module();
        for (from, to) in [(town.other_firm, town.firm), (town.office, town.other_office)] {
            let mut tx = db.begin().await.unwrap();
            let moved = module.move_organization(&town.test.app, &mut tx, from, to).await.unwrap();
            tx.commit().await.unwrap();
            assert_ne!(all().await, before);
            let mut tx = db.begin().await.unwrap();
            module.return_organization(&town.test.app, &mut tx, from, to, &moved).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(all().await, before);
        }
    })
    .await;
}
