//! Who sees what: every route by everybody who must not.

use axum::http::Method;
use serde_json::json;

use crate::town::each_town;

#[tokio::test]
async fn rounds_are_their_offices_and_packets_their_judges() {
    each_town(async |town| {
        let id = town.opened("desk", &[("blind", "yes")]).await;
        let (_, entry) = town.entries(&id).await.remove(0);
        let draws = format!("/work/reviews/{id}?tab=draws");
        let desk = [
            format!("/work/reviews/{id}"),
            format!("/work/reviews/{id}?tab=judges"),
            draws,
            format!("/work/reviews/{id}/scores.csv"),
            format!("/work/reviews/{id}/scores.xlsx"),
            format!("/work/reviews/{id}/scores.json"),
            format!("/api/v1/reviews/{id}"),
            format!("/api/v1/reviews/{id}/entries"),
            format!("/api/v1/reviews/{id}/ranking"),
        ];
        let firm = &town.firms[0].1;
        for path in &desk {
            for who in [&town.other_officer, &town.other_supervisor, &town.judges[0], firm, &town.auditor] {
                assert_eq!(who.get(path).await.status, 404, "{path}");
            }
            let nobody = town.test.nobody().get(path).await.status;
            assert!(matches!(nobody.as_u16(), 401 | 404), "{path}: {nobody}");
        }
        let judging = [
            format!("/work/judging/{id}"),
            format!("/work/judging/{id}/{entry}"),
            format!("/api/v1/judging/{id}/entries"),
        ];
        for path in &judging {
            for who in [&town.officer, &town.supervisor, &town.other_judge, firm, &town.auditor] {
                assert_eq!(who.get(path).await.status, 404, "{path}");
            }
        }
        let body = json!({ "marks": { "technology": "1", "market": "1" }, "lock": true, "key": "x" });
        for who in [&town.officer, &town.other_judge, firm] {
            let path = format!("/api/v1/judging/{id}/entries/{entry}/score");
            assert_eq!(who.json(Method::PUT, &path, &body, &[]).await.status, 404);
        }
        for what in ["open", "close", "publish", "hand-over", "invite", "remind", "conflicts/find"] {
            for who in [&town.other_officer, &town.supervisor, &town.judges[0], firm] {
                let page = who.form(&format!("/work/reviews/{id}/{what}"), &[]).await;
                assert_eq!(page.status, 404, "{what}");
            }
        }
        // Names of blind judges are nothing that an entrant sees, on any page of theirs.
        for path in [
            "/work/own-applications".to_owned(),
            format!("/work/own-applications/{}", town.applications[0]),
            format!("/api/v1/own-applications/{}", town.applications[0]),
        ] {
            let page = firm.get(&path).await.text();
            assert!(!page.contains("评委1") && !page.contains("第1演示大学"), "{path}: {page}");
        }
    })
    .await;
}

#[tokio::test]
async fn how_far_judges_are_apart_is_for_the_chair_and_the_supervisor() {
    each_town(async |town| {
        let id = town.opened("desk", &[]).await;
        let (_, entry) = town.entries(&id).await.remove(0);
        for (judge, technology) in [(0, "60"), (1, "20"), (2, "50")] {
            town.lock(judge, &id, &entry, (technology, "30")).await;
        }
        let shown = town.supervisor.get(&format!("/work/reviews/{id}?tab=results")).await.text();
        assert!(shown.contains("建议复议") && shown.contains("50.00 – 90.00"), "{shown}");
        let office = town.officer.get(&format!("/work/reviews/{id}?tab=results")).await.text();
        assert!(!office.contains("建议复议") && !office.contains("90.00"), "{office}");
        let seats = town.officer.get(&format!("/api/v1/reviews/{id}")).await.json();
        let seat = seats["judges"].as_array().unwrap().iter().find(|one| one["name"] == "评委1").unwrap()["id"].clone();
        town.desk(&id, "seats", &[("seat", seat.as_str().unwrap()), ("what", "lead")]).await;
        let chair = town.judges[0].get(&format!("/work/judging/{id}")).await.text();
        assert!(chair.contains("建议复议"), "{chair}");
        let other = town.judges[1].get(&format!("/work/judging/{id}")).await.text();
        assert!(!other.contains("建议复议"), "{other}");
    })
    .await;
}

#[tokio::test]
async fn joining_files_takes_rounds_along_and_back() {
    each_town(async |town| {
        town.round("desk", &[]).await;
        let other = crate::town::organization(&town.test, "河北区演示局", "government").await;
        let db = &town.test.app.db;
        let owners = async || {
            let rounds: Vec<(String,)> = db.list("SELECT owner_id FROM review_round", Vec::new()).await.unwrap();
            let experts: Vec<(String,)> =
                db.list("SELECT owner_id FROM review_expert ORDER BY id", Vec::new()).await.unwrap();
            let entries: Vec<(String,)> =
                db.list("SELECT applicant_id FROM review_entry ORDER BY id", Vec::new()).await.unwrap();
            (rounds, experts, entries)
        };
        let before = owners().await;
        let module = review::module();
        for (from, to) in [(town.office, other), (town.firms[0].0, town.firms[1].0)] {
            let mut tx = db.begin().await.unwrap();
            let moved = module.move_organization(&town.test.app, &mut tx, from, to).await.unwrap();
            tx.commit().await.unwrap();
            assert_ne!(owners().await, before);
            let mut tx = db.begin().await.unwrap();
            module.return_organization(&town.test.app, &mut tx, from, to, &moved).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(owners().await, before);
        }
    })
    .await;
}

#[tokio::test]
async fn pages_of_a_judge_cost_the_same_statements_however_much_there_is_to_judge() {
    each_town(async |town| {
        let id = town.opened("desk", &[("blind", "yes")]).await;
        let entries = town.entries(&id).await;
        let judge = &town.judges[0];
        let paths = [
            "/work/judging".to_owned(),
            format!("/work/judging/{id}"),
            format!("/work/judging/{id}/{}", entries[0].1),
            format!("/api/v1/judging/{id}/entries"),
        ];
        let cost = async || {
            let mut costs = Vec::new();
            for path in &paths {
                let before = town.test.app.db.statements();
                assert_eq!(judge.get(path).await.status, 200, "{path}");
                costs.push(town.test.app.db.statements() - before);
            }
            costs
        };
        let few = cost().await;
        // The judge has everything to show, and a second round.
        for (_, entry) in &entries {
            town.lock(0, &id, entry, ("50", "30")).await;
        }
        town.opened("desk", &[]).await;
        let many = cost().await;
        assert!(many.iter().zip(&few).all(|(many, few)| many <= few), "{few:?}, then {many:?}");
        assert!(few.iter().all(|cost| *cost <= 20), "{few:?}");
    })
    .await;
}
