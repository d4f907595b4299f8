//! Files of organisations.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::town::{each_town, organization};

#[tokio::test]
async fn a_secretariat_opens_a_file_and_finds_it_by_characters_and_pinyin() {
    each_town(async |town| {
        let sent = town
            .secretariat
            .form(
                "/work/organizations",
                &[("name_zh", "天津信创适配（演示）中心"), ("uscc", ""), ("kind", "institution")],
            )
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        assert_eq!(town.secretariat.get(&sent.location()).await.status, StatusCode::OK);
        for typed in ["%E4%BF%A1%E5%88%9B", "xinchuang", "xcsp", "%28%E6%BC%94%E7%A4%BA%29"] {
            let page = town.secretariat.get(&format!("/work/organizations?q={typed}")).await;
            assert!(page.text().contains("天津信创适配（演示）中心"), "{typed}");
            assert!(!page.text().contains("天津数聚演示科技有限公司</"), "{typed}");
        }
    })
    .await;
}

#[tokio::test]
async fn all_faults_of_a_form_are_shown_together_and_nothing_is_written() {
    each_town(async |town| {
        let long = "长".repeat(1_000);
        let page = town
            .secretariat
            .form("/work/organizations", &[("name_zh", &long), ("uscc", "91350100M000100Y44"), ("kind", "castle")])
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = page.text();
        assert!(
            text.contains("最多 200 个字") && text.contains("末位应为 3") && text.contains("请从列表中选择"),
            "{text}"
        );
        assert!(town.secretariat.get("/work/organizations").await.text().contains("1"));
    })
    .await;
}

#[tokio::test]
async fn a_credit_code_belongs_to_one_organisation() {
    each_town(async |town| {
        let fields = [("name_zh", "另一家"), ("uscc", "91350100M000100Y43"), ("kind", "enterprise")];
        let page = town.secretariat.form("/work/organizations", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains("已有单位使用这个统一社会信用代码"));
    })
    .await;
}

#[tokio::test]
async fn another_alliance_sees_neither_the_file_nor_that_there_is_one() {
    each_town(async |town| {
        let path = format!("/work/organizations/{}", town.member);
        assert_eq!(town.stranger.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            town.stranger.get("/work/organizations/01890000-0000-7000-8000-000000000000").await.status,
            StatusCode::NOT_FOUND
        );
        assert!(!town.stranger.get("/work/organizations").await.text().contains("天津数聚演示科技有限公司"));
        let api = format!("/api/v1/organizations/{}", town.member);
        assert_eq!(town.stranger.get(&api).await.status, StatusCode::NOT_FOUND);
        assert_eq!(town.test.nobody().get(&api).await.status, StatusCode::UNAUTHORIZED);
        let csv = town.stranger.get("/work/organizations.csv").await;
        assert!(!csv.text().contains("天津数聚演示科技有限公司"));
    })
    .await;
}

#[tokio::test]
async fn facts_have_two_times_and_verification_adds() {
    each_town(async |town| {
        let path = format!("/api/v1/organizations/{}/facts", town.member);
        let one = json!([{ "key": "annual_revenue", "value": "1250万元", "year": 2025, "source_note": "自报" }]);
        let sent = town.enterprise.json(Method::POST, &path, &one, &[]).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
        town.test.app.clock.advance_seconds(11 * 3_600); // the next day, the session still alive
        let two = json!([{ "key": "annual_revenue", "value": "1300万元", "year": 2025, "source": "verified" }]);
        assert_eq!(town.enterprise.json(Method::POST, &path, &two, &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(town.secretariat.json(Method::POST, &path, &two, &[]).await.status, StatusCode::CREATED);
        let now = town.secretariat.get(&path).await.json();
        let shown = now.as_array().unwrap().iter().find(|fact| fact["key"] == "annual_revenue").unwrap().clone();
        assert_eq!(shown["value"]["v"], 1_300_000_000_i64);
        assert_eq!(shown["source"], "verified");
        let before = town.secretariat.get(&format!("{path}?known=2026-06-18")).await.json();
        let held = before.as_array().unwrap().iter().find(|fact| fact["key"] == "annual_revenue").unwrap().clone();
        assert_eq!(held["value"]["v"], 1_250_000_000_i64);
        let all = town.secretariat.get(&format!("{path}?all=true")).await.json();
        assert_eq!(all.as_array().unwrap().iter().filter(|fact| fact["key"] == "annual_revenue").count(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_later_claim_replaces_an_earlier_one_but_stands_beside_what_is_verified() {
    each_town(async |town| {
        let path = format!("/api/v1/organizations/{}/facts", town.member);
        let claims = [("实验路 1 号", "self_declared"), ("实验路 2 号", "self_declared"), ("实验路 3 号", "verified")];
        for (value, source) in claims {
            let one = json!([{ "key": "registered_address", "value": value, "source": source }]);
            let sent = town.secretariat.json(Method::POST, &path, &one, &[]).await;
            assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
            let page = town.secretariat.get(&format!("/work/organizations/{}", town.member)).await.text();
            assert!(page.contains(value), "{value}");
            town.test.app.clock.advance_seconds(60);
        }
        let later = json!([{ "key": "registered_address", "value": "实验路 4 号" }]);
        assert_eq!(town.enterprise.json(Method::POST, &path, &later, &[]).await.status, StatusCode::CREATED);
        let page = town.secretariat.get(&format!("/work/organizations/{}", town.member)).await.text();
        assert!(page.contains("实验路 3 号（另有较新填报“实验路 4 号”，待核验）"));
        let shown = town.secretariat.get(&path).await.json();
        let held = shown.as_array().unwrap().iter().find(|fact| fact["key"] == "registered_address").unwrap().clone();
        assert_eq!(held["value"]["v"], "实验路 3 号");
    })
    .await;
}

#[tokio::test]
async fn the_size_class_is_computed_from_industry_and_figures() {
    each_town(async |town| {
        let path = format!("/api/v1/organizations/{}/facts", town.member);
        let facts = json!([
            { "key": "industry", "value": "6513" },
            { "key": "annual_revenue", "value": "1250万元", "year": 2025 },
            { "key": "headcount", "value": "120", "year": 2025 },
        ]);
        let sent = town.enterprise.json(Method::POST, &path, &facts, &[]).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
        let one = town.enterprise.get(&format!("/api/v1/organizations/{}", town.member)).await.json();
        assert_eq!(one["size"], "medium");
        assert!(
            town.secretariat
                .get("/work/organizations?size=medium&industry=65")
                .await
                .text()
                .contains("天津数聚演示科技有限公司")
        );
    })
    .await;
}

#[tokio::test]
async fn an_update_that_was_not_read_last_is_refused() {
    each_town(async |town| {
        let path = format!("/api/v1/organizations/{}", town.member);
        let read = town.secretariat.get(&path).await;
        let tag = read.header("etag");
        let draft =
            json!({ "name_zh": "天津数聚演示科技股份有限公司", "uscc": "91350100M000100Y43", "kind": "enterprise" });
        let without = town.secretariat.json(Method::PUT, &path, &draft, &[]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        let first = town.secretariat.json(Method::PUT, &path, &draft, &[("if-match", &tag)]).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text());
        let second = town.secretariat.json(Method::PUT, &path, &draft, &[("if-match", &tag)]).await;
        assert_eq!(second.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(second.header("content-type"), "application/problem+json");
    })
    .await;
}

#[tokio::test]
async fn the_same_key_opens_one_file_however_often_it_is_sent() {
    each_town(async |town| {
        let draft = json!({ "name_zh": "只开一次的演示公司", "kind": "enterprise" });
        let send = async || {
            town.secretariat.json(Method::POST, "/api/v1/organizations", &draft, &[("idempotency-key", "k-1")]).await
        };
        let (first, second) = (send().await, send().await);
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        assert_eq!(second.status, StatusCode::CREATED, "{}", second.text());
        assert_eq!(first.json()["id"], second.json()["id"]);
        let form = [("name_zh", "表单只提交一次"), ("kind", "enterprise")];
        let (first, second) = (
            town.secretariat.form("/work/organizations?once=abc", &form).await,
            town.secretariat.form("/work/organizations?once=abc", &form).await,
        );
        assert_eq!((first.status, first.location()), (second.status, second.location()));
        let found = town.secretariat.get("/api/v1/organizations?q=%E5%8F%AA").await.json();
        assert_eq!(found["items"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_public_sees_only_who_agreed_and_only_public_facts() {
    each_town(async |town| {
        let page = format!("/organizations/{}", town.member);
        assert_eq!(town.test.nobody().get(&page).await.status, StatusCode::NOT_FOUND);
        let facts = json!([
            { "key": "main_business", "value": "数据治理" },
            { "key": "tax_paid", "value": "88万元", "year": 2025 },
        ]);
        town.enterprise.json(Method::POST, &format!("/api/v1/organizations/{}/facts", town.member), &facts, &[]).await;
        let listed =
            town.enterprise.form(&format!("/work/organizations/{}/listed", town.member), &[("listed", "yes")]).await;
        assert_eq!(listed.status, StatusCode::SEE_OTHER);
        let shown = town.test.nobody().get(&page).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.text().contains("数据治理"));
        assert!(!shown.text().contains("88 万元"));
        assert!(town.test.nobody().get("/organizations?q=shuju").await.text().contains("天津数聚演示科技有限公司"));
    })
    .await;
}

#[tokio::test]
async fn pages_by_cursor_show_every_organisation_once() {
    each_town(async |town| {
        for number in 0..25 {
            organization(&town.test, &format!("翻页演示{number:02}公司"), "enterprise", None, Some(town.alliance))
                .await;
        }
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = town.secretariat.get(&format!("/api/v1/organizations?limit=7&after={after}")).await.json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => break,
            }
        }
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((all, seen.len()), (27, 27), "25, the member and the alliance itself");
    })
    .await;
}

#[tokio::test]
async fn an_export_is_the_filtered_list_and_is_recorded() {
    each_town(async |town| {
        for (ending, kind) in [("csv", "text/csv"), ("json", "application/json"), ("xlsx", "application/vnd")] {
            let file = town.secretariat.get(&format!("/work/organizations.{ending}?kind=enterprise")).await;
            assert_eq!(file.status, StatusCode::OK, "{ending}");
            assert!(file.header("content-type").starts_with(kind), "{ending}");
        }
        let csv = town.secretariat.get("/work/organizations.csv?kind=enterprise").await.text();
        assert!(
            csv.starts_with('\u{feff}') && csv.contains("天津数聚演示科技有限公司") && !csv.contains("天津演示联盟")
        );
        let filter = record::Filter { action: Some("registry.organizations.exported".into()), ..Default::default() };
        let entries = record::list(&town.test.app.db, &filter, &Default::default()).await.unwrap();
        assert_eq!(entries.items.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_list_costs_the_same_statements_whatever_its_length() {
    each_town(async |town| {
        let cost = async || {
            let before = town.test.app.db.statements();
            town.secretariat.get("/work/organizations").await;
            town.test.app.db.statements() - before
        };
        let few = cost().await;
        for number in 0..40 {
            organization(&town.test, &format!("许多演示{number}公司"), "enterprise", None, Some(town.alliance)).await;
        }
        assert_eq!(cost().await, few);
        assert!(few <= 12, "{few} statements");
    })
    .await;
}

#[tokio::test]
async fn a_masked_number_is_shown_to_the_keeper_and_the_look_is_recorded() {
    each_town(async |town| {
        let base = format!("/work/organizations/{}", town.member);
        let sent = town
            .secretariat
            .form(
                &format!("{base}/contacts"),
                &[("kind", "mobile"), ("label", "办公室"), ("value", "13800138000"), ("shown", "on")],
            )
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        let page = town.secretariat.get(&base).await.text();
        assert!(page.contains("138****8000") && !page.contains("13800138000"));
        let action = page
            .split("action=\"")
            .find(|part| part.contains("/reveal"))
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        assert_eq!(town.stranger.form(&action, &[]).await.status, StatusCode::NOT_FOUND);
        assert!(town.secretariat.form(&action, &[]).await.text().contains("13800138000"));
        let filter = record::Filter { action: Some("registry.value.revealed".into()), ..Default::default() };
        assert_eq!(record::list(&town.test.app.db, &filter, &Default::default()).await.unwrap().items.len(), 1);
    })
    .await;
}
