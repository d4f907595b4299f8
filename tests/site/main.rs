//! The whole application through its router.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod acting;
mod attacks;
mod claiming;
mod crossing;
mod entering;
mod metrics;
mod scene;
mod second;
mod statements;
mod tokens;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jinmen_core::{Permission, Role};
use module::testing::{TestApp, migrations};
use module::{Module, RouteInfo, RouteKind, Settings};
use store::testing::Throwaway;

fn modules() -> Vec<Arc<dyn Module>> {
    vec![
        workplace::module(),
        registry::module(),
        payments::module(),
        calls::module(),
        review::module(),
        policy::module(),
        notices::module(),
        webhooks::module(),
    ]
}

async fn site() -> (TestApp, Throwaway) {
    let throwaway = Throwaway::sqlite(&migrations(&modules())).await;
    (TestApp::over(throwaway.db.clone(), modules(), Settings::default()), throwaway)
}

/// The routes that are known, a line each: method, path, permission.
const KNOWN: &str = include_str!("routes.txt");

fn line(route: &RouteInfo) -> String {
    format!("{} {} {}", route.method, route.path, route.permission.code)
}

#[tokio::test]
async fn every_route_is_listed_with_its_permission() {
    let (test, throwaway) = site().await;
    let mut routes: Vec<String> = test.app.routes.iter().map(line).collect();
    routes.sort();
    let known: Vec<&str> = KNOWN.lines().filter(|line| !line.is_empty()).collect();
    let new: Vec<&String> = routes.iter().filter(|route| !known.contains(&route.as_str())).collect();
    let gone: Vec<&&str> = known.iter().filter(|line| !routes.iter().any(|route| route == *line)).collect();
    assert!(new.is_empty() && gone.is_empty(), "add to tests/site/routes.txt: {new:#?}\nremove: {gone:#?}");
    throwaway.drop_now().await;
}

#[tokio::test]
async fn what_has_no_room_among_the_five_entries_of_the_menu_stands_on_the_page_of_everything() {
    scene::each_scene(async |scene| {
        let page = scene.desk.get("/work/more").await.text();
        let (menu, main) = page.split_once("<main").unwrap();
        let menu = menu.split_once("<nav class=\"jm-side\"").unwrap().1;
        assert_eq!(menu.matches("<li>").count(), 5, "{menu}");
        assert_eq!(menu.matches("aria-current").count(), 1, "{menu}");
        assert!(menu.contains("href=\"/work/more\"") && !menu.contains("href=\"/work/payments\""), "{menu}");
        for path in ["/work", "/work/organizations", "/work/policies", "/work/plans", "/work/payments"] {
            assert!(main.contains(&format!("<a href=\"{path}\">")), "{path}: {main}");
        }
    })
    .await;
}

fn concrete(path: &str) -> String {
    let mut out = String::new();
    for part in path.split('/').skip(1) {
        out.push('/');
        out.push_str(if part.starts_with('{') { "01890000-0000-7000-8000-000000000000" } else { part });
    }
    out
}

fn request(route: &RouteInfo) -> Request<Body> {
    let builder = Request::builder().method(route.method.clone()).uri(concrete(&route.path));
    let (kind, body) = match route.kind {
        RouteKind::Api => ("application/json", "{}"),
        RouteKind::Page => ("application/x-www-form-urlencoded", ""),
    };
    builder.header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap()
}

fn holds(permission: &Permission, role: Role) -> bool {
    permission.public || permission.signed_in || permission.reach_of(role).is_some()
}

#[tokio::test]
async fn nobody_and_the_wrong_role_get_in_nowhere() {
    let (test, throwaway) = site().await;
    let nobody = test.nobody();
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push((role, test.person(role.code(), role, None).await));
    }
    for route in &test.app.routes {
        let name = line(route);
        if !route.permission.public {
            let answer = nobody.send(request(route)).await;
            let expected = if route.kind == RouteKind::Api { StatusCode::UNAUTHORIZED } else { StatusCode::NOT_FOUND };
            assert_eq!(answer.status, expected, "nobody: {name}");
        }
        // Whoever goes out or changes the hat is somebody else afterwards.
        if ["/sign-out", "/api/v1/session", "/hat", "/api/v1/me/hat"].contains(&route.path.as_str()) {
            continue;
        }
        for (role, person) in &people {
            let answer = person.send(request(route)).await;
            assert!(!answer.status.is_server_error(), "{role}: {name}: {}", answer.text());
            if !holds(route.permission, *role) {
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{role}: {name}");
            }
        }
    }
    throwaway.drop_now().await;
}

#[tokio::test]
async fn every_text_of_every_module_is_there_in_both_languages() {
    let mut sources = vec![ui::MESSAGES];
    sources.extend(modules().iter().map(|module| module.messages()));
    ui::catalog::check_sources(&sources).unwrap();
}

#[tokio::test]
async fn the_api_document_names_every_operation_and_refusal() {
    let (test, throwaway) = site().await;
    let document: serde_json::Value = serde_json::from_str(&test.app.openapi).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for route in test.app.routes.iter().filter(|route| route.kind == RouteKind::Api) {
        let operation = &document["paths"][&route.path][route.method.as_str().to_lowercase()];
        assert!(operation["operationId"].is_string(), "{}", line(route));
        assert!(operation["responses"].as_object().is_some_and(|answers| !answers.is_empty()), "{}", line(route));
    }
    throwaway.drop_now().await;
}

#[tokio::test]
async fn every_answer_carries_the_strict_headers() {
    let (test, throwaway) = site().await;
    for path in ["/", "/no-such-page", "/api/v1/me", "/healthz", "/sign-in"] {
        let page = test.nobody().get(path).await;
        assert!(page.header("content-security-policy").contains("default-src 'self'"), "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
    }
    let foreign =
        Request::post("/sign-in").header("sec-fetch-site", "cross-site").header("origin", "https://evil.example");
    let answer = test.nobody().send(foreign.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    throwaway.drop_now().await;
}
