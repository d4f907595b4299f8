//! Every page in both languages, and text meant to harm.

use axum::http::Method;
use jinmen_core::Role;
use module::RouteKind;

use crate::site::Site;
use crate::{client, demo, each_site, plain};

#[test]
fn both_languages_say_the_same_things() {
    ui::catalog::check_sources(&[workplace::MESSAGES]).unwrap();
}

/// Pages without parameters, as the routes name them.
fn pages(site: &Site) -> Vec<String> {
    let pages = site.app.routes.iter().filter(|route| route.method == Method::GET && route.kind == RouteKind::Page);
    // What programs read has no language.
    let files = ["/work/record.", "/api/", "/.well-known/", "/record/checkpoint"];
    let plain =
        pages.filter(|route| !route.path.contains('{') && !files.iter().any(|start| route.path.starts_with(start)));
    plain.map(|route| route.path.clone()).collect()
}

#[tokio::test]
async fn every_page_answers_in_both_languages_without_a_missing_text() {
    each_site(demo, async |site| {
        let roles = [(Role::SystemAdmin, None), (Role::AuditAdmin, None), (Role::SecurityAdmin, None)];
        for (at, role) in roles.into_iter().enumerate() {
            site.account(&format!("user{at}"), "王芳", &[role]).await;
        }
        let mut seen = 0;
        for tag in ["zh-CN", "en"] {
            for account in [None, Some("user0"), Some("user1"), Some("user2")] {
                let mut client = client(&site);
                client.get(&format!("/language/{tag}")).await.is(303);
                if let Some(account) = account {
                    client.sign_in(account).await;
                    client.get(&format!("/language/{tag}")).await.is(303);
                }
                for path in pages(&site) {
                    let reply = client.get(&path).await;
                    let expected = if reply.status == 404 || reply.status == 303 { reply.status.as_u16() } else { 200 };
                    reply.is(expected);
                    if expected == 303 {
                        continue;
                    }
                    seen += usize::from(expected == 200);
                    reply.shows(&format!("<html lang=\"{tag}\""));
                    for mark in ["[work-", "[ui-", "[module-", "[fault-", "[problem-", "[town-"] {
                        assert!(
                            !reply.has(mark),
                            "{path}: {}",
                            reply.body.split(mark).nth(1).unwrap_or_default().split(']').next().unwrap()
                        );
                    }
                    assert_eq!(reply.body.matches("<h1").count(), 1, "{path}");
                }
            }
        }
        assert!(seen > 60, "{seen}");
    })
    .await;
}

const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' OR 1=1 --",
    "%_\\{{7*7}}${7*7}",
    "\u{202e}evil\u{0}\u{7f}\n\r\t",
    "𠀀👩‍👩‍👧\u{feff}",
];

#[tokio::test]
async fn hostile_text_harms_nothing_in_any_field() {
    each_site(plain, async |site| {
        site.account("root", "管理员", &[(Role::SystemAdmin, None)]).await;
        let mut client = client(&site);
        client.sign_in("root").await;
        let token = client.token().await;
        for text in HOSTILE {
            let query = crate::client::encoded(text);
            for path in [
                "/search?q=",
                "/inbox?view=",
                "/work/tasks?after=",
                "/work/queue?state=",
                "/work/accounts?q=",
                "/work/accounts?after=",
                "/sign-in?next=",
                "/api/v1/code-lists/region?q=",
                "/api/v1/inbox?after=",
            ] {
                let reply = client.get(&format!("{path}{query}")).await;
                assert!(reply.status.as_u16() < 500, "{path} {text:?}");
                assert!(!reply.has("<script>alert") && !reply.has("<img src=x"), "{path}");
            }
            for path in [
                "/work/jobs/",
                "/work/accounts/",
                "/invitation/",
                "/language/",
                "/type-size/",
                "/api/v1/code-lists/",
                "/api/v1/jobs/",
            ] {
                client.get(&format!("{path}{query}")).await.is(404);
            }
            let every = [
                "account",
                "name",
                "email",
                "role",
                "organization",
                "from",
                "until",
                "password",
                "again",
                "old",
                "next",
                "hat",
                "state",
                "open",
                "inbox",
                "telephone",
                "operator_zh",
                "icp",
            ];
            let fields: Vec<(&str, &str)> =
                every.iter().map(|name| (*name, text)).chain([("form_token", token.as_str())]).collect();
            for path in [
                "/sign-in",
                "/hat",
                "/work/accounts/new",
                "/account/password",
                "/inbox/preferences",
                "/work/settings",
                "/demo/enter",
                "/inbox/x/read",
            ] {
                let mut other = client.clone();
                let reply = other.post(path, &fields).await;
                assert!(reply.status.as_u16() < 500, "{path} {text:?}: {}", reply.body);
                assert!(!reply.has("<script>alert") && !reply.has("<img src=x"), "{path}");
            }
            client.json("PUT", "/work/drafts/x", serde_json::json!({ text: text })).await.is(200);
            let mut other = client.clone();
            let reply =
                other.json("POST", "/api/v1/session", serde_json::json!({ "account": text, "password": text })).await;
            assert!([401, 429].contains(&reply.status.as_u16()), "{}", reply.body);
        }
        client.get("/").await.is(200);
        let body = client.get("/work").await.is(200).body.clone();
        assert!(!body.contains("<script>alert"));
        let long = "x".repeat(9 << 20);
        client.post("/work/settings", &[("icp", &long), ("form_token", &token)]).await.is(413);
    })
    .await;
}

#[tokio::test]
async fn the_portal_tells_the_story_or_welcomes_plainly() {
    each_site(demo, async |site| {
        let mut client = client(&site);
        let page = client.get("/").await;
        page.is(200)
            .shows("津门")
            .shows("数聚河西 智汇津门")
            .shows("一次大会，九件事")
            .shows("/search?q=%E6%B4%A5%E9%97%A8");
        assert!(page.body.find("204").unwrap() < page.body.find("1,280").unwrap(), "the members stand first");
        client.get("/search?q=%E6%B5%B7%E6%B2%B3").await.shows("海河智算科技有限公司").shows("共找到 1 条");
        client.get("/search?q=%E6%B2%A1%E6%9C%89").await.shows("没有找到“没有”");
        client.get("/search").await.is(200).shows("想找什么");
    })
    .await;
    each_site(plain, async |site| {
        client(&site).get("/").await.is(200).shows("在这里可以做什么");
    })
    .await;
}

#[tokio::test]
async fn the_api_document_is_whole_and_its_page_shows_every_operation() {
    each_site(plain, async |site| {
        let mut client = client(&site);
        let document = client.get("/api/v1/openapi.json").await.is(200).value();
        let page = client.get("/docs/api").await;
        let paths = document["paths"].as_object().unwrap();
        assert!(paths.len() >= 10);
        for (path, item) in paths {
            page.shows(path);
            for operation in item.as_object().unwrap().values() {
                assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{path}");
                let id = operation["operationId"].as_str().unwrap();
                page.shows(&format!("id=\"{id}\""));
            }
        }
        page.shows("curl");
        client.get("/docs/problems").await.shows("id=\"core.invalid\"").shows("access.sign_in");
    })
    .await;
}
