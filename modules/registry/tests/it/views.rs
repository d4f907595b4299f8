//! Saved views, and one change to many.

use serde_json::json;

use crate::town::{each_town, organization};

#[tokio::test]
async fn a_filter_saved_under_a_name_is_there_for_the_office_and_for_nobody_else() {
    each_town(async |town| {
        let saved = town
            .secretariat
            .form("/work/organizations/views", &[("name", "重点走访"), ("query", "grade=council&after=xx&evil=1")])
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(saved.location(), "/work/organizations?grade=council");
        let page = town.secretariat.get("/work/organizations").await.text();
        assert!(page.contains("重点走访") && page.contains("/work/organizations?grade=council"));
        assert!(!town.stranger.get("/work/organizations").await.text().contains("重点走访"));
        let id = page.split("重点走访").next().unwrap();
        assert!(!id.contains("/remove"), "only the view that is open can be removed");
        let open = town.secretariat.get("/work/organizations?grade=council").await.text();
        let remove = open.split("/work/organizations/views/").nth(1).unwrap().split('/').next().unwrap();
        let remove = format!("/work/organizations/views/{remove}/remove");
        assert_eq!(town.stranger.form(&remove, &[]).await.status, 404);
        assert_eq!(town.secretariat.form(&remove, &[]).await.status, 303);
        assert!(!town.secretariat.get("/work/organizations").await.text().contains("重点走访"));
        for (name, query) in [("", "grade=council"), ("空", ""), ("名".repeat(41).as_str(), "grade=council")] {
            let refused = town.secretariat.form("/work/organizations/views", &[("name", name), ("query", query)]).await;
            assert_eq!(refused.status, 422, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_change_reaches_exactly_what_the_list_showed() {
    each_town(async |town| {
        for at in 0..5 {
            organization(&town.test, &format!("天津批量{at}演示公司"), "enterprise", None, Some(town.alliance)).await;
        }
        let page = town.secretariat.get("/work/organizations/bulk?q=批量").await.text();
        assert!(page.contains("将修改 5 家单位"), "{page}");
        let path = "/work/organizations/bulk";
        let change =
            |count: &'static str| [("what", "tag"), ("tag", "２０２６走访"), ("query", "q=批量"), ("count", count)];
        assert_eq!(town.secretariat.form(path, &change("4")).await.status, 412);
        assert_eq!(town.secretariat.form(path, &change("5")).await.status, 303);
        let tagged = town.secretariat.get("/api/v1/organizations?tag=2026走访").await.json();
        assert_eq!(tagged["items"].as_array().unwrap().len(), 5);
        let fact = [
            ("what", "fact"),
            ("key", "annual_revenue"),
            ("year", "2025"),
            ("value", "1200"),
            ("query", "q=批量"),
            ("count", "5"),
        ];
        assert_eq!(town.secretariat.form(path, &fact).await.status, 303);
        let one = tagged["items"][0]["id"].as_str().unwrap();
        let facts = town.secretariat.get(&format!("/api/v1/organizations/{one}/facts")).await.json();
        let revenue = facts.as_array().unwrap().iter().find(|fact| fact["key"] == "annual_revenue").unwrap();
        assert_eq!((&revenue["value"], &revenue["source"]), (&json!({ "v": 1_200_000_000 }), &json!("verified")));
        for wrong in [
            [("what", "fact"), ("key", "annual_revenue"), ("value", "很多"), ("query", "q=批量"), ("count", "5")],
            [("what", "fact"), ("key", "nothing"), ("value", "1"), ("query", "q=批量"), ("count", "5")],
            [("what", "tag"), ("tag", ""), ("key", ""), ("query", "q=批量"), ("count", "5")],
        ] {
            assert_eq!(town.secretariat.form(path, &wrong).await.status, 422);
        }
        assert_eq!(town.enterprise.form(path, &change("5")).await.status, 404);
        let none = town.stranger.get("/work/organizations/bulk?q=批量").await;
        assert_eq!(none.status, 422);
    })
    .await;
}
