//! The second proof through the front door: set up, asked for on every way in, demanded of administrators.

use access::totp;
use axum::http::Method;
use jinmen_core::Role;
use module::testing::{Client, Page};
use serde_json::json;

use super::scene::{Scene, between, each_scene, shown};

const MOBILE: &str = "13912345678";
const PATH: &str = "/account/second-factor";

impl Scene {
    fn code(&self, secret: &str) -> String {
        totp::shown(secret, self.test.app.clock.now().0 / 1_000_000).unwrap()
    }

    /// Somebody sets it up: the app's secret and the recovery codes.
    async fn secure(&self, who: &Client) -> (String, Vec<String>) {
        let page = who.get(PATH).await.text();
        let secret = between(&page, "secret=", "&").to_owned();
        let token = who.form_token(PATH).await;
        let set = who.form(PATH, &[("code", &self.code(&secret)), ("form_token", &token)]).await;
        assert_eq!(set.status, 303, "{}", set.text());
        let cookie = set.headers.get_all("set-cookie").iter().find_map(|value| {
            let value = value.to_str().unwrap();
            value.strip_prefix("jinmen_recovery=").map(|rest| rest.split(';').next().unwrap().to_owned())
        });
        (secret, cookie.unwrap().split('.').map(str::to_owned).collect())
    }
}

fn step(page: &Page) -> String {
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    between(between(&text, "name=\"step\"", ">"), "value=\"", "\"").to_owned()
}

fn set_a_session(page: &Page) -> bool {
    page.headers.get_all("set-cookie").iter().any(|value| value.to_str().unwrap().starts_with("jinmen="))
}

#[tokio::test]
async fn a_code_by_telephone_lets_in_half_and_the_app_or_paper_the_rest() {
    each_scene(async |scene| {
        let admin = scene.administrator(MOBILE).await;
        let (secret, codes) = scene.secure(&admin).await;
        assert_eq!(codes.len(), 10);
        let mut phone = scene.test.nobody();
        scene.wait(90);
        let (challenge, code) = shown(&phone.form("/sign-in/code", &[("mobile", MOBILE)]).await);
        let half =
            phone.form("/sign-in/code/enter", &[("challenge", &challenge), ("code", &code), ("next", "/claims")]).await;
        assert!(!set_a_session(&half));
        let step = step(&half);
        let wrong = phone.form("/sign-in/second", &[("step", &step), ("code", "000000"), ("next", "/claims")]).await;
        assert!(wrong.status == 422 && !set_a_session(&wrong), "{}", wrong.status);
        let fields = [("step", step.as_str()), ("code", &scene.code(&secret)), ("next", "https://evil.example/")];
        let inside = phone.form("/sign-in/second", &fields).await;
        assert_eq!((inside.status.as_u16(), inside.location()), (303, "/work".to_owned()));
        phone.keep(&inside);
        assert_eq!(phone.get("/work").await.status, 200);
        // By paper, on the API; and its person is told.
        scene.wait(90);
        let (challenge, code) = shown(&scene.test.nobody().form("/sign-in/code", &[("mobile", MOBILE)]).await);
        let body = json!({ "challenge": challenge, "code": code });
        let half = scene.test.nobody().json(Method::PUT, "/api/v1/session/code", &body, &[]).await;
        assert_eq!((half.status.as_u16(), half.json()["seconds"].as_i64()), (202, Some(600)));
        assert!(!set_a_session(&half));
        let body = json!({ "step": half.json()["step"], "code": codes[3] });
        let inside = scene.test.nobody().json(Method::PUT, "/api/v1/session/second", &body, &[]).await;
        assert_eq!(inside.status, 200, "{}", inside.text());
        assert!(set_a_session(&inside));
        assert_eq!(scene.recorded("access.recovery_code.used").await, 1);
        assert!(phone.get("/inbox").await.text().contains("恢复码"));
    })
    .await;
}

#[tokio::test]
async fn the_codes_are_shown_once_and_the_page_is_one_s_own() {
    each_scene(async |scene| {
        let (secret, codes) = scene.secure(&scene.desk).await;
        let page = scene.desk.get(PATH).await.text();
        assert!(!page.contains(&codes[0]) && !page.contains(&secret), "nothing of it is shown again");
        assert!(page.contains("还有 10 个恢复码"));
        let token = scene.desk.form_token(PATH).await;
        let again = scene.desk.form(PATH, &[("code", "123456"), ("form_token", &token)]).await;
        assert_eq!(again.status, 409);
        let off = format!("{PATH}/off");
        scene.wait(30);
        assert_eq!(scene.desk.form(&off, &[("code", &scene.code(&secret))]).await.status, 409, "no form of ours");
        assert_eq!(scene.desk.form(&off, &[("code", "000000"), ("form_token", &token)]).await.status, 422);
        let code = scene.code(&secret);
        assert_eq!(scene.desk.form(&off, &[("code", &code), ("form_token", &token)]).await.status, 303);
        assert_eq!(scene.recorded("access.second_factor.removed").await, 1);
        assert!(scene.desk.get("/inbox").await.text().contains("两步验证已关闭"));
    })
    .await;
}

#[tokio::test]
async fn an_administrators_role_rests_until_the_second_proof_is_set_up() {
    each_scene(async |scene| {
        let root = scene.test.person("root", Role::SystemAdmin, None).await;
        let guard = scene.test.person("guard", Role::SecurityAdmin, None).await;
        let settings = "/work/settings/sign-in";
        let demand = async |token: &str| {
            guard.form(settings, &[("second_factor", "yes"), ("form_token", token)]).await.status.as_u16()
        };
        let token = guard.form_token(settings).await;
        assert_eq!(demand(&token).await, 422, "nobody shuts themselves out");
        scene.secure(&guard).await;
        assert_eq!(demand(&token).await, 303);
        assert_eq!(scene.recorded("module.security.changed").await, 1);
        assert_eq!(guard.get(settings).await.status, 200);

        let program = scene.token(&guard, &["*:read"]).await;
        assert_eq!(scene.test.nobody().bearing(&program).get("/api/v1/me").await.status, 200);
        assert_eq!(root.get("/work/accounts").await.status, 404);
        assert_eq!(root.get("/work").await.location(), PATH);
        let page = root.get(PATH).await;
        assert!(page.status == 200 && page.text().contains("管理身份已暂停"));
        assert_eq!(scene.desk.get("/work").await.status, 200, "others go on as before");
        scene.secure(&root).await;
        assert_eq!(root.get("/work/accounts").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn the_office_resets_it_for_others_and_they_are_told() {
    each_scene(async |scene| {
        let root = scene.test.person("root", Role::SystemAdmin, None).await;
        scene.secure(&scene.desk).await;
        let account = scene.desk.actor.account().unwrap();
        let path = format!("/work/accounts/{account}/second-factor/reset");
        let token = root.form_token(&format!("/work/accounts/{account}")).await;
        assert_eq!(scene.colleague.form(&path, &[]).await.status, 404);
        assert_eq!(root.form(&path, &[]).await.status, 409, "no form of ours");
        assert_eq!(root.form(&path, &[("form_token", &token)]).await.status, 303);
        assert_eq!(root.form(&path, &[("form_token", &token)]).await.status, 404);
        let own = format!("/work/accounts/{}/second-factor/reset", root.actor.account().unwrap());
        assert_eq!(root.form(&own, &[("form_token", &token)]).await.status, 409);
        assert!(scene.desk.get("/inbox").await.text().contains("重置了您的两步验证"));
        assert_eq!(scene.recorded("access.second_factor.reset").await, 1);
    })
    .await;
}
