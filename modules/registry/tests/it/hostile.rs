//! Script, SQL, direction marks, emoji, NUL and rare characters in every field: shown harmlessly or
//! refused with a clear message, never a 500.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::town::each_town;

const HOSTILE: [&str; 10] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'; DROP TABLE organization; --",
    "\u{202e}gnp.exe",
    "🚀🇨🇳👩‍🔬",
    "a\0b",
    "䶮堃喆𠮷",
    "{{ 7*7 }}${7*7}%s%n",
    "../../etc/passwd",
    "=HYPERLINK(\"http://x\",\"y\")",
];

#[tokio::test]
async fn hostile_text_in_every_field_of_an_organisation_does_no_harm() {
    each_town(async |town| {
        for text in HOSTILE {
            let fields =
                [("name_zh", text), ("name_en", text), ("kind", "enterprise"), ("intro_zh", text), ("intro_en", text)];
            let sent = town.secretariat.form("/work/organizations", &fields).await;
            assert!(
                [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY].contains(&sent.status),
                "{text:?} {}",
                sent.status
            );
            if sent.status == StatusCode::SEE_OTHER {
                let page = town.secretariat.get(&sent.location()).await;
                assert_eq!(page.status, StatusCode::OK, "{text:?}");
                let html = page.text();
                assert!(
                    !html.contains("<script>alert") && !html.contains("<img src=x") && !html.contains('\u{202e}'),
                    "{text:?}"
                );
                let base = sent.location();
                for (path, fields) in [
                    ("tags", vec![("tag", text)]),
                    ("comments", vec![("text", text), ("audience", "shared")]),
                    ("contacts", vec![("kind", "phone"), ("label", text), ("value", text)]),
                    ("relations", vec![("to", text), ("kind", text), ("note", text)]),
                    ("facts?group=business", vec![("main_business", text), ("source_note", text)]),
                ] {
                    let sent = town.secretariat.form(&format!("{base}/{path}"), &fields).await;
                    assert!(!sent.status.is_server_error(), "{path} {text:?} {}", sent.text());
                }
                assert!(!town.secretariat.get(&base).await.text().contains("<script>alert"));
                assert!(!town.secretariat.get(&format!("{base}?tab=documents")).await.text().contains("<script>alert"));
            }
            for path in [
                "/work/organizations?q=",
                "/organizations?q=",
                "/work/people?q=",
                "/work/organizations?region=",
                "/work/organizations?tag=",
                "/work/organizations?after=",
            ] {
                let encoded: String = text.bytes().map(|b| format!("%{b:02X}")).collect();
                let page = town.secretariat.get(&format!("{path}{encoded}")).await;
                assert!(!page.status.is_server_error(), "{path} {text:?}");
                assert!(!page.text().contains("<script>alert"), "{path} {text:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn hostile_json_is_refused_by_a_problem_document() {
    each_town(async |town| {
        for body in [
            json!(null),
            json!([]),
            json!({"name_zh": 5}),
            json!({"name_zh": {"$gt": ""}}),
            json!({"name_zh": "x".repeat(100_000), "kind": "enterprise"}),
        ] {
            let page = town.secretariat.json(Method::POST, "/api/v1/organizations", &body, &[]).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
            assert_eq!(page.header("content-type"), "application/problem+json");
            assert!(page.json()["faults"].as_array().is_some_and(|faults| !faults.is_empty()), "{}", page.text());
        }
        let facts = format!("/api/v1/organizations/{}/facts", town.member);
        for value in HOSTILE {
            for key in
                ["annual_revenue", "founded_on", "industry", "is_hnte", "high_tech_income_ratio", "headcount", value]
            {
                let page = town
                    .secretariat
                    .json(Method::POST, &facts, &json!([{ "key": key, "value": value, "year": 2025 }]), &[])
                    .await;
                assert!(page.status.is_client_error(), "{key} {value:?} {}", page.status);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_document_is_handed_out_so_that_it_can_run_nothing() {
    each_town(async |town| {
        let base = format!("/work/organizations/{}", town.member);
        let sent = town
            .secretariat
            .upload(&format!("{base}/documents"), "../../\u{202e}a.html", b"<script>alert(1)</script>")
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        let page = town.secretariat.get(&format!("{base}?tab=documents")).await.text();
        let link = page
            .split("href=\"")
            .find(|part| part.starts_with("/work/files/"))
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let file = town.secretariat.get(&link).await;
        assert_eq!(file.header("content-type"), "text/plain");
        assert!(file.header("content-disposition").starts_with("attachment"));
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert!(file.header("content-security-policy").contains("sandbox"));
        assert_eq!(town.stranger.get(&link).await.status, StatusCode::NOT_FOUND);
        assert_eq!(town.test.nobody().get(&link).await.status, StatusCode::NOT_FOUND);
        let empty = town.secretariat.upload(&format!("{base}/documents"), "a.pdf", b"").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}
