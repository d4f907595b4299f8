//! Programs with tokens: what they may, and attacks on and by them.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use jinmen_core::Role;
use module::testing::Client;
use serde_json::json;

use super::scene::{Scene, between, each_scene};

impl Scene {
    /// A token of somebody, for some scopes.
    pub async fn token(&self, of: &Client, scopes: &[&str]) -> String {
        let hat = of.actor.hat().unwrap().grant.text();
        let form_token = of.form_token("/account/tokens").await;
        let mut fields =
            vec![("name", "夜间同步"), ("hat", hat.as_str()), ("days", "90"), ("form_token", form_token.as_str())];
        fields.extend(scopes.iter().map(|scope| ("scopes", *scope)));
        let made = of.form("/account/tokens", &fields).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let set = made.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
        let cookie = set.into_iter().find(|cookie| cookie.starts_with("jinmen_token=")).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        between(&cookie, "jinmen_token=", ";").to_owned()
    }

    fn program(&self, token: &str) -> Client {
        self.test.nobody().bearing(token)
    }
}

#[tokio::test]
async fn a_token_reads_and_writes_only_where_its_scopes_say() {
    each_scene(async |scene| {
        let token = scene.token(&scene.desk, &["registry:read"]).await;
        let program = scene.program(&token);
        let path = format!("/api/v1/organizations/{}", scene.member);
        let read = program.get(&path).await;
        assert_eq!(read.status, 200, "{}", read.text());
        let new = json!({ "name_zh": "天津新设演示公司", "kind": "enterprise" });
        let refused = program.json(Method::POST, "/api/v1/organizations", &new, &[]).await;
        assert_eq!((refused.status.as_u16(), refused.json()["code"].as_str()), (403, Some("core.token_scope")));
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert!(refused.header("www-authenticate").contains("scope=\"registry:write\""));
        let elsewhere = program.get("/api/v1/circulars").await;
        assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
        assert!(elsewhere.header("www-authenticate").contains("scope=\"notices:read\""));
        // What the role itself may not do is not there, as for its person.
        let every = scene.program(&scene.token(&scene.desk, &["*:read"]).await);
        assert_eq!(every.get("/api/v1/record").await.status, StatusCode::NOT_FOUND);
        assert_eq!(every.get("/api/v1/circulars").await.status, StatusCode::OK);
        let me = every.get("/api/v1/me").await.json();
        assert_eq!(me["hats"].as_array().unwrap().len(), 1);
        let writes = scene.program(&scene.token(&scene.desk, &["registry:write"]).await);
        let made = writes.json(Method::POST, "/api/v1/organizations", &new, &[]).await;
        assert!(made.status.is_success(), "{}", made.text());
        assert_eq!(scene.recorded("access.token.made").await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_worthless_token_is_refused_everywhere_and_a_cookie_does_not_help() {
    each_scene(async |scene| {
        let token = scene.token(&scene.desk, &["registry:read"]).await;
        let slip = format!("{}{}", &token[..39], if token.ends_with('0') { '1' } else { '0' });
        for wrong in ["", "jmt_", "x", &slip, &token.to_lowercase(), "jmt_000000000000000000000000000000000000"] {
            for path in ["/api/v1/me", "/api/v1/dictionary"] {
                let refused = scene.desk.bearing(wrong).get(path).await;
                assert_eq!(
                    (refused.status.as_u16(), refused.json()["code"].as_str()),
                    (401, Some("core.token")),
                    "{wrong}"
                );
                assert!(refused.header("www-authenticate").contains("invalid_token"));
            }
        }
        // With a good token the cookie of somebody who may more adds nothing.
        let root = scene.test.person("root", Role::SystemAdmin, None).await;
        let both = root.bearing(&token);
        assert_eq!(both.get("/api/v1/me").await.status, 403);
        let asks = scene.test.nobody().get("/api/v1/me").await;
        assert_eq!(
            (asks.status.as_u16(), asks.header("www-authenticate")),
            (401, "Bearer realm=\"jinmen\"".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn a_token_opens_no_page_and_neither_signs_in_nor_changes_the_hat() {
    each_scene(async |scene| {
        let scopes = ["*:read", "work:write", "registry:write", "notices:write"];
        let program = scene.program(&scene.token(&scene.desk, &scopes).await);
        for path in ["/work", "/account", "/account/tokens", "/work/organizations"] {
            assert_eq!(program.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(!program.get("/").await.text().contains("mishu"));
        let hat = scene.desk.actor.hat().unwrap().grant.text();
        let tries = [
            (Method::POST, "/api/v1/session", json!({ "account": "mishu", "password": "x" })),
            (Method::DELETE, "/api/v1/session", json!({})),
            (Method::POST, "/api/v1/session/code", json!({ "mobile": "13800138000" })),
            (Method::PUT, "/api/v1/me/hat", json!({ "hat": hat })),
        ];
        for (method, path, body) in tries {
            let refused = program.json(method.clone(), path, &body, &[]).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{method} {path}: {}", refused.text());
        }
        let fields = [("name", "x"), ("hat", &hat), ("days", "90"), ("scopes", "*:read")];
        assert_eq!(program.form("/account/tokens", &fields).await.status, StatusCode::NOT_FOUND);
        assert_eq!(scene.recorded("access.token.made").await, 1);
    })
    .await;
}

#[tokio::test]
async fn every_route_of_the_api_refuses_a_token_without_its_area() {
    each_scene(async |scene| {
        let program = scene.program(&scene.token(&scene.desk, &["notices:read"]).await);
        for route in scene.test.app.routes.iter().filter(|route| route.path.starts_with("/api/v1/")) {
            let id = "01890000-0000-7000-8000-000000000000";
            let path: Vec<&str> =
                route.path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect();
            let request = Request::builder().method(route.method.clone()).uri(path.join("/"));
            let request = request.header("content-type", "application/json").body(Body::from("{}")).unwrap();
            let answer = program.send(request).await;
            let covered = route.permission.public || route.permission.area() == "notices";
            if route.reads() && covered && !route.permission.in_person {
                assert!(answer.status != 403 && answer.status != 401, "{} {}", route.path, answer.text());
            } else {
                assert!(
                    matches!(answer.status.as_u16(), 403 | 404),
                    "{} {}: {}",
                    route.method,
                    route.path,
                    answer.status
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_secret_is_shown_once_and_stands_nowhere_in_the_database() {
    each_scene(async |scene| {
        let hat = scene.desk.actor.hat().unwrap().grant.text();
        let form_token = scene.desk.form_token("/account/tokens").await;
        let fields =
            [("name", "备份"), ("hat", &hat), ("days", "30"), ("scopes", "*:read"), ("form_token", &form_token)];
        // Sent with a key, so that the answer is kept for a repeat.
        let made = scene.desk.form("/account/tokens?once=abc", &fields).await;
        assert!(!made.text().contains("jmt_"));
        let again = scene.desk.form("/account/tokens?once=abc", &fields).await;
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert!(!again.headers.get_all("set-cookie").iter().any(|value| value.to_str().unwrap().contains("jmt_")));
        let page = scene.desk.get("/account/tokens").await.text();
        assert!(page.contains("备份") && page.contains("未使用"));
        assert!(!page.contains("jmt_0") && page.matches("jmt_").count() == 1, "only the example");
    })
    .await;
}

#[tokio::test]
async fn a_token_is_made_only_by_whoever_proves_themselves_and_asks_for_what_there_is() {
    each_scene(async |scene| {
        let hat = scene.desk.actor.hat().unwrap().grant.text();
        let form_token = scene.desk.form_token("/account/tokens").await;
        let make = async |scope: &str, days: &str, token: &str| {
            let fields = [("name", "x"), ("hat", &*hat), ("days", days), ("scopes", scope), ("form_token", token)];
            scene.desk.form("/account/tokens", &fields).await.status.as_u16()
        };
        assert_eq!(make("*:read", "90", "").await, 409, "a form of elsewhere");
        for (scope, days) in
            [("*:write", "90"), ("nonsense:read", "90"), ("", "90"), ("*:read", "3650"), ("*:read", "")]
        {
            assert_eq!(make(scope, days, &form_token).await, 422, "{scope} {days}");
        }
        assert_eq!(make("*:read", "90", &form_token).await, 303);
        // Without a password: having come in a moment ago is the proof, and that passes.
        scene.wait(16 * 60);
        assert_eq!(make("*:read", "90", &form_token).await, 422);
    })
    .await;
}

#[tokio::test]
async fn a_revoked_token_is_worth_nothing_at_once() {
    each_scene(async |scene| {
        let program = scene.program(&scene.token(&scene.desk, &["*:read"]).await);
        assert_eq!(program.get("/api/v1/me").await.status, 200);
        let page = scene.desk.get("/account/tokens").await.text();
        let path = format!("/account/tokens/{}/revoke", between(&page, "/account/tokens/", "/revoke"));
        let form_token = scene.desk.form_token("/account/tokens").await;
        let foreign = scene.colleague.form_token("/account/tokens").await;
        assert_eq!(scene.colleague.form(&path, &[("form_token", &foreign)]).await.status, 404);
        assert_eq!(scene.desk.form(&path, &[("form_token", &form_token)]).await.status, 303);
        assert_eq!(program.get("/api/v1/me").await.status, 401);
        assert_eq!(scene.recorded("access.token.revoked").await, 1);
    })
    .await;
}

#[tokio::test]
async fn every_area_of_the_api_has_a_name_in_both_languages_and_the_document_names_the_token() {
    each_scene(async |scene| {
        let app = &scene.test.app;
        let areas =
            app.routes.iter().filter(|route| route.path.starts_with("/api/")).map(|route| route.permission.area());
        for area in areas {
            for locale in [jinmen_core::Locale::ZhCn, jinmen_core::Locale::En] {
                assert!(app.words(locale).has(&format!("{area}-area")), "{area}");
            }
        }
        let document: serde_json::Value = serde_json::from_str(&app.openapi).unwrap();
        assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
        let security = |path: &str, method: &str| document["paths"][path][method]["security"].to_string();
        assert_eq!(security("/api/v1/circulars", "post"), r#"[{"token":["notices:write"]},{"session":[]}]"#);
        assert_eq!(security("/api/v1/me/hat", "put"), r#"[{"session":[]}]"#);
        assert_eq!(security("/api/v1/session", "post"), r#"[{},{"session":[]}]"#);
    })
    .await;
}
