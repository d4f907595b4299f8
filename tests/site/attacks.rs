//! Attacks that need no account, or only one's own: sessions, forms of elsewhere, addresses, headers, paths, time.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jinmen_core::Role;
use module::RouteKind;
use module::testing::Client;

use super::scene::{Scene, between, each_scene};

const PASSWORD: &str = "a long sentence of one's own";

impl Scene {
    /// Gives somebody a password.
    async fn with_password(&self, who: &Client) -> String {
        let id = who.actor.account().unwrap();
        access::set_password(&self.test.app.access, &who.actor, id, PASSWORD, None).await.unwrap();
        access::find_account(&self.test.app.db, &id.text()).await.unwrap().name
    }
}

/// The value of the session's cookie that an answer set.
fn session_of(page: &module::testing::Page) -> Option<String> {
    let set = page.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookie = set.filter_map(|cookie| cookie.strip_prefix("jinmen=")).next();
    cookie.map(|cookie| cookie.split(';').next().unwrap_or_default().to_owned())
}

async fn with_cookie(scene: &Scene, path: &str, cookie: &str) -> StatusCode {
    let request = Request::get(path).header(header::COOKIE, format!("jinmen={cookie}")).body(Body::empty());
    scene.test.nobody().send(request.unwrap()).await.status
}

#[tokio::test]
async fn a_session_put_into_a_browser_beforehand_is_not_the_one_that_opens() {
    each_scene(async |scene| {
        let account = scene.with_password(&scene.desk).await;
        let planted = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let body = format!("account={account}&password={}", PASSWORD.replace(' ', "+"));
        let request = Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, format!("jinmen={planted}"));
        let inside = scene.test.nobody().send(request.body(Body::from(body.clone())).unwrap()).await;
        let first = session_of(&inside).unwrap();
        assert_ne!(first, planted);
        assert_eq!(with_cookie(&scene, "/work", planted).await, StatusCode::NOT_FOUND);
        // Signing in again in the same browser makes another, and the one before is over.
        let request = Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, format!("jinmen={first}"));
        let again = scene.test.nobody().send(request.body(Body::from(body)).unwrap()).await;
        let second = session_of(&again).unwrap();
        assert_ne!(first, second);
        assert_eq!(with_cookie(&scene, "/work", &first).await, StatusCode::NOT_FOUND);
        assert_eq!(with_cookie(&scene, "/work", &second).await, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_was_left_is_worth_nothing_when_played_again() {
    each_scene(async |scene| {
        let account = scene.with_password(&scene.desk).await;
        let enter = async || {
            let page = scene.test.nobody().form("/sign-in", &[("account", &account), ("password", PASSWORD)]).await;
            session_of(&page).unwrap()
        };
        let (left, other) = (enter().await, enter().await);
        let out = Request::post("/sign-out").header(header::COOKIE, format!("jinmen={left}")).body(Body::empty());
        let out = scene.test.nobody().send(out.unwrap()).await;
        assert!(out.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
        assert_eq!(with_cookie(&scene, "/work", &left).await, StatusCode::NOT_FOUND);
        assert_eq!(with_cookie(&scene, "/api/v1/me", &left).await, StatusCode::UNAUTHORIZED);
        assert_eq!(with_cookie(&scene, "/work", &other).await, StatusCode::OK);
        // A new password ends what somebody else may have opened with the old one.
        let id = scene.desk.actor.account().unwrap();
        access::set_password(&scene.test.app.access, &scene.desk.actor, id, "another long sentence", None)
            .await
            .unwrap();
        assert_eq!(with_cookie(&scene, "/work", &other).await, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_session_s_cookie_is_kept_from_scripts_and_over_https_from_everything_else() {
    each_scene(async |scene| {
        let account = scene.with_password(&scene.desk).await;
        let set = async |test: &module::testing::TestApp| {
            let page = test.nobody().form("/sign-in", &[("account", &account), ("password", PASSWORD)]).await;
            page.headers[header::SET_COOKIE].to_str().unwrap().to_owned()
        };
        let plain = set(&scene.test).await;
        assert!(plain.contains("HttpOnly") && plain.contains("SameSite=Lax") && plain.contains("Path=/"), "{plain}");
        let secure = set(&scene.test.over_with(|config| config.public_url = "https://jinmen.example.cn".into())).await;
        assert!(secure.starts_with("__Host-jinmen=") && secure.contains("Secure"), "{secure}");
        assert!(secure.contains("HttpOnly") && !secure.contains("Domain"), "{secure}");
    })
    .await;
}

#[tokio::test]
async fn a_page_of_elsewhere_sends_no_form_anywhere() {
    each_scene(async |scene| {
        let before = scene.recorded("").await;
        for route in scene.test.app.routes.iter().filter(|route| !route.reads()) {
            let id = "01890000-0000-7000-8000-000000000000";
            let path: Vec<&str> =
                route.path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect();
            for (name, value) in [
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
                ("origin", "https://evil.example"),
                ("origin", "null"),
            ] {
                let kind =
                    if route.kind == RouteKind::Api { "text/plain" } else { "application/x-www-form-urlencoded" };
                let request = Request::builder()
                    .method(route.method.clone())
                    .uri(path.join("/"))
                    .header(header::CONTENT_TYPE, kind)
                    .header(header::HOST, "localhost")
                    .header(name, value);
                let page = scene.desk.send(request.body(Body::from("{}")).unwrap()).await;
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{} {} {name}: {value}", route.method, route.path);
            }
        }
        assert_eq!(scene.recorded("").await, before);
    })
    .await;
}

#[tokio::test]
async fn no_address_leads_to_another_site() {
    each_scene(async |scene| {
        let account = scene.with_password(&scene.colleague).await;
        let hat = scene.desk.actor.hat().unwrap().grant.text();
        for (at, next) in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "https:evil.example",
            "/%0d%0aSet-Cookie:%20x=y",
            "/\r\nSet-Cookie: x=y",
            "@evil.example",
        ]
        .into_iter()
        .enumerate()
        {
            let encoded: String = next.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let person = scene.test.person(&format!("talent{at}"), Role::Talent, None).await;
            let pages = [
                scene
                    .test
                    .nobody()
                    .form("/sign-in", &[("account", &account), ("password", PASSWORD), ("next", next)])
                    .await,
                person.get(&format!("/sign-in?next={encoded}")).await,
                scene.desk.form("/hat", &[("hat", &hat), ("next", next)]).await,
                scene.test.nobody().get(&format!("/language/en?next={encoded}")).await,
                scene.test.nobody().get(&format!("/type-size/large?next={encoded}")).await,
            ];
            for page in pages {
                assert!(page.status.is_redirection(), "{next}: {}", page.status);
                let to = page.location();
                assert!(to.starts_with('/') && !to.starts_with("//") && !to.contains('\\'), "{next} led to {to}");
                assert!(!page.headers.get_all(header::SET_COOKIE).iter().any(|set| set == "x=y"), "{next}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_client_says_of_itself_makes_no_header_no_link_and_no_line() {
    each_scene(async |scene| {
        let account = scene.with_password(&scene.desk).await;
        let root = scene.test.person("root", Role::SystemAdmin, None).await;
        let request = Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-for", "127.0.0.1\t<script>")
            .header("x-request-id", "chosen-by-me")
            .header(header::USER_AGENT, "<script>alert(1)</script>\u{e9}");
        let body = format!("account={account}&password={}", PASSWORD.replace(' ', "+"));
        let inside = scene.test.nobody().send(request.body(Body::from(body)).unwrap()).await;
        assert!(inside.location().starts_with('/'));
        assert_ne!(inside.header("x-request-id"), "chosen-by-me");
        let cookie = session_of(&inside).unwrap();
        let page = Request::get("/account").header(header::COOKIE, format!("jinmen={cookie}")).body(Body::empty());
        let page = scene.test.nobody().send(page.unwrap()).await.text();
        assert!(!page.contains("alert(1)") && !page.contains("evil.example"));
        // A link that is sent to somebody is built from the operator's address.
        let id = scene.desk.actor.account().unwrap();
        let path = format!("/work/accounts/{id}");
        let token = root.form_token(&path).await;
        let made = root.form(&format!("{path}/invitation"), &[("form_token", &token)]).await;
        let cookie = made.headers.get_all(header::SET_COOKIE).iter().find_map(|set| {
            set.to_str()
                .unwrap()
                .strip_prefix("jinmen_invitation=")
                .map(|rest| rest.split(';').next().unwrap().to_owned())
        });
        let mut request = Request::get(&path).header(header::HOST, "evil.example").body(Body::empty()).unwrap();
        request.headers_mut().insert(header::ACCEPT_LANGUAGE, "zh-CN".parse().unwrap());
        let shown = root.also(&format!("jinmen_invitation={}", cookie.unwrap())).send(request).await.text();
        assert!(shown.contains("http://localhost/invitation/") && !shown.contains("evil.example"));
        // Bytes that would begin a new line in a header do not come through the server's door at all.
        for name in ["a\r\nb", "a\nb", "a\u{85}b", "\u{202e}gpj.exe", "a\0b"] {
            let page = scene.test.nobody().form("/sign-in", &[("account", name), ("password", "x")]).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.headers.values().all(|value| !value.as_bytes().contains(&b'\n')));
        }
    })
    .await;
}

#[tokio::test]
async fn no_path_and_no_name_of_a_file_leaves_its_folder() {
    each_scene(async |scene| {
        for path in [
            "/assets/../jinmen.toml",
            "/assets/..%2f..%2fetc%2fpasswd",
            "/assets/%2e%2e/%2e%2e/etc/passwd",
            "/assets/....//....//etc/passwd",
            "/assets//etc/passwd",
            "/work/files/..%2f..%2fmaster.key",
            "/claims/papers/..%2fmaster.key",
            "/assets/app.css%00.png",
        ] {
            let page = scene.desk.get(path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
            assert!(!page.text().contains("root:"), "{path}");
        }
        let folder = scene.test.app.config.dir.clone();
        let outside = folder.parent().unwrap().join("jinmen-escaped.pdf");
        let documents = format!("/work/organizations/{}/documents", scene.member);
        let bytes: &[u8] = b"%PDF-1.4\n% escaped\n";
        for name in [
            "../jinmen-escaped.pdf",
            "..\\jinmen-escaped.pdf",
            "/tmp/jinmen-escaped.pdf",
            "a/../../jinmen-escaped.pdf",
            "CON.pdf",
            "x.pdf%0d%0aSet-Cookie: x=y",
        ] {
            scene.desk.multipart(&documents, &[("kind", "other")], &[("file", name, bytes)]).await;
            assert!(!outside.exists(), "{name}");
        }
        let page = scene.desk.get(&format!("/work/organizations/{}?tab=documents", scene.member)).await.text();
        let mut rest = page.as_str();
        let mut read = 0;
        while let Some((_, after)) = rest.split_once("/work/files/") {
            let id = after.split('"').next().unwrap();
            rest = after;
            if id.contains('/') {
                continue;
            }
            let file = scene.desk.get(&format!("/work/files/{id}")).await;
            assert_eq!(file.status, StatusCode::OK, "{id}");
            let named = file.header("content-disposition");
            assert!(!named.contains("..") && !named.contains('\\') && !named.contains('\n'), "{named}");
            assert!(file.headers.get(header::SET_COOKIE).is_none(), "{named}");
            read += 1;
        }
        assert!(read > 0, "no document was taken: {page}");
    })
    .await;
}

#[tokio::test]
async fn signing_in_takes_as_long_for_nobody_as_for_somebody() {
    each_scene(async |scene| {
        let account = scene.with_password(&scene.desk).await;
        let stopped = scene.with_password(&scene.colleague).await;
        let id = scene.colleague.actor.account().unwrap();
        access::disable_account(&scene.test.app.access, &scene.desk.actor, id, true).await.unwrap();
        scene.test.person("without-password", Role::Talent, None).await;
        let mut times = Vec::new();
        for name in [account.as_str(), &stopped, "nobody-at-all", "without-password"] {
            let mut best = std::time::Duration::MAX;
            for _ in 0..4 {
                let begun = std::time::Instant::now();
                let page = scene.test.nobody().form("/sign-in", &[("account", name), ("password", "wrong")]).await;
                best = best.min(begun.elapsed());
                assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            }
            times.push((name.to_owned(), best));
        }
        // A hash takes some 40 ms, what else differs a fraction of one: four times is far from either.
        let (least, most) =
            (times.iter().map(|one| one.1).min().unwrap(), times.iter().map(|one| one.1).max().unwrap());
        assert!(most < least * 4, "{times:?}");
    })
    .await;
}

#[tokio::test]
async fn nothing_behind_the_door_is_kept_by_a_browser_or_a_proxy() {
    each_scene(async |scene| {
        for path in ["/work", "/account", "/account/tokens", "/inbox", "/work/organizations", "/no-such-page"] {
            let page = scene.desk.get(path).await;
            assert_eq!(page.header("cache-control"), "no-store", "{path}");
        }
        for path in ["/api/v1/me", "/api/v1/organizations", "/work/organizations.csv", "/work/organizations.xlsx"] {
            let page = scene.desk.get(path).await;
            if page.status == StatusCode::OK {
                assert_eq!(page.header("cache-control"), "no-store", "{path}");
            }
        }
        let secret = between(&scene.desk.get("/account").await.text(), "name=\"form_token\"", ">").to_owned();
        assert!(!scene.colleague.get("/account").await.text().contains(&secret), "forms are each session's own");
    })
    .await;
}

#[tokio::test]
async fn a_password_of_the_names_that_everybody_here_knows_is_refused() {
    each_scene(async |scene| {
        let account = scene.with_password(&scene.desk).await;
        let mut desk = scene.test.nobody();
        let inside = desk.form("/sign-in", &[("account", &account), ("password", PASSWORD)]).await;
        desk.keep(&inside);
        let token = desk.form_token("/account").await;
        let change = async |new: &str| {
            let fields = [("old", PASSWORD), ("password", new), ("again", new), ("form_token", &token)];
            desk.form("/account/password", &fields).await
        };
        for easy in ["Tianjin-Yanshi1", "tjyslm20210618", "YANSHILIANMENG@123", "P@ssw0rd-P@ssw0rd"] {
            let page = change(easy).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{easy}");
            assert!(page.text().contains("太容易被猜到"), "{easy}: {}", page.text());
        }
        assert_eq!(change("whoever reads this sits too close").await.status, StatusCode::SEE_OTHER);
        assert!(desk.get("/inbox").await.text().contains("您的密码已修改"));
    })
    .await;
}

#[tokio::test]
async fn the_auditor_reads_who_failed_to_sign_in_and_from_where() {
    each_scene(async |scene| {
        let account = scene.with_password(&scene.desk).await;
        let auditor = scene.test.person("shenji", Role::AuditAdmin, None).await;
        let body = format!("account={account}&password=guessed+by+somebody");
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let request = |body: String| {
            Request::post("/sign-in")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::USER_AGENT, agent)
                .header("x-forwarded-for", "203.0.113.7")
                .body(Body::from(body))
                .unwrap()
        };
        let proxied = scene.test.over_with(|config| config.behind_proxy = true);
        let refused = proxied.nobody().send(request(body)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = auditor.get("/work/record?action=access.sign_in").await.text();
        assert!(
            page.contains("登录失败") && page.contains("Firefox") && page.contains("网络地址：203.0.113.7"),
            "{page}"
        );
        // The owner is told when somebody who knows the password comes from a new device.
        let body = format!("account={account}&password={}", PASSWORD.replace(' ', "+"));
        let mut owner = proxied.nobody();
        let inside = owner.send(request(body)).await;
        assert_eq!(inside.status, StatusCode::SEE_OTHER);
        owner.keep(&inside);
        let inbox = owner.get("/inbox").await.text();
        assert!(inbox.contains("新的设备或新的网络上登录：Firefox · Linux，203.0.113.7"), "{inbox}");
    })
    .await;
}
