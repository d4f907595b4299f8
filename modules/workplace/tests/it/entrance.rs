//! Signing in and out, invitations, the demonstration, languages.

use jinmen_core::Role;
use serde_json::json;

use crate::site::PASSWORD;
use crate::{client, demo, each_site, plain};

#[tokio::test]
async fn the_right_password_lets_in_and_goes_on_to_where_one_wanted() {
    each_site(plain, async |site| {
        site.account("wang.fang", "王芳", &[(Role::Secretariat, Some(0))]).await;
        let mut client = client(&site);
        client.get("/work").await.is(404).shows("/sign-in?next=/work");
        let reply = client
            .post("/sign-in", &[("account", " WANG.FANG "), ("password", PASSWORD), ("next", "/inbox?view=all")])
            .await;
        assert_eq!(reply.is(303).location(), "/inbox?view=all");
        client.get("/work").await.is(200).shows("王芳，您好").shows("津门人才双创联盟 · 联盟秘书处");
        assert_eq!(client.get("/sign-in?next=/account").await.is(303).location(), "/account");
        assert_eq!(client.post("/sign-out", &[]).await.is(303).location(), "/");
        client.get("/work").await.is(404);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_an_unknown_name_and_a_stopped_account_get_one_answer() {
    each_site(plain, async |site| {
        let (stopped, _) = site.account("li.lei", "李雷", &[]).await;
        site.account("wang.fang", "王芳", &[]).await;
        access::disable_account(&site.app.access, &jinmen_core::Actor::System("test"), stopped, true).await.unwrap();
        let mut client = client(&site);
        for (account, password) in
            [("wang.fang", "wrong wrong wrong"), ("nobody", PASSWORD), ("li.lei", PASSWORD), ("", ""), ("a\0b", "c")]
        {
            let reply = client.post("/sign-in", &[("account", account), ("password", password)]).await;
            reply.is(422).shows("账号或密码不对");
            assert!(client.cookies.is_empty() && !reply.has(PASSWORD));
        }
    })
    .await;
}

#[tokio::test]
async fn after_too_many_failures_one_waits() {
    each_site(plain, async |site| {
        site.account("wang.fang", "王芳", &[]).await;
        let mut client = client(&site);
        for _ in 0..8 {
            client.post("/sign-in", &[("account", "wang.fang"), ("password", "wrong wrong wrong")]).await.is(422);
        }
        let locked = client.post("/sign-in", &[("account", "wang.fang"), ("password", PASSWORD)]).await;
        locked.is(429);
        assert_eq!(locked.headers["retry-after"], "900");
        let api = client.json("POST", "/api/v1/session", json!({ "account": "wang.fang", "password": PASSWORD })).await;
        assert_eq!(api.is(429).value()["code"], "core.too_many");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    each_site(plain, async |site| {
        site.account("wang.fang", "王芳", &[(Role::Judge, None)]).await;
        let evil = [
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            "",
            "evil.example",
        ];
        for next in evil {
            let mut client = client(&site);
            let query = crate::client::encoded(next);
            for path in [format!("/language/en?next={query}"), format!("/type-size/large?next={query}")] {
                assert_eq!(client.get(&path).await.is(303).location(), "/", "{next:?}");
            }
            let reply =
                client.post("/sign-in", &[("account", "wang.fang"), ("password", PASSWORD), ("next", next)]).await;
            assert_eq!(reply.is(303).location(), "/work", "{next:?}");
            assert_eq!(client.get(&format!("/sign-in?next={query}")).await.is(303).location(), "/work", "{next:?}");
            let hat = access::grants_of_person(
                &site.app.db,
                access::find_account(&site.app.db, "wang.fang").await.unwrap().person,
            )
            .await
            .unwrap()[0]
                .id;
            let reply = client.post("/hat", &[("hat", &hat.text()), ("next", next)]).await;
            assert_eq!(reply.is(303).location(), "/work", "{next:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_program_signs_in_asks_who_it_is_and_signs_out() {
    each_site(plain, async |site| {
        site.account("wang.fang", "王芳", &[(Role::Secretariat, Some(0)), (Role::Judge, None)]).await;
        let mut client = client(&site);
        assert_eq!(client.get("/api/v1/me").await.is(401).value()["code"], "core.sign_in");
        let wrong =
            client.json("POST", "/api/v1/session", json!({ "account": "wang.fang", "password": "wrong" })).await;
        assert_eq!(wrong.is(401).value()["code"], "access.sign_in");
        assert_eq!(wrong.headers["content-type"], "application/problem+json");
        let bad = client.json("POST", "/api/v1/session", json!({ "account": 1 })).await;
        assert_eq!(bad.is(422).value()["faults"][0]["code"], "core.json");
        let right =
            client.json("POST", "/api/v1/session", json!({ "account": "wang.fang", "password": PASSWORD })).await;
        assert_eq!(right.is(200).value(), json!({ "account": "wang.fang", "name": "王芳", "role": "secretariat" }));
        let me = client.get("/api/v1/me").await.is(200).value();
        assert_eq!(me["hat"]["organization_name"]["en"], "Jinmen Alliance");
        let judge = me["hats"].as_array().unwrap().iter().find(|hat| hat["role"] == "judge").unwrap()["id"].clone();
        client.json("PUT", "/api/v1/me/hat", json!({ "hat": judge })).await.is(204);
        assert_eq!(client.get("/api/v1/me").await.value()["hat"]["role"], "judge");
        client.json("PUT", "/api/v1/me/hat", json!({ "hat": "x" })).await.is(404);
        client.send("DELETE", "/api/v1/session", "", String::new(), &[]).await.is(204);
        client.get("/api/v1/me").await.is(401);
    })
    .await;
}

#[tokio::test]
async fn a_hat_is_changed_in_one_tap_and_somebody_elses_is_not_there() {
    each_site(plain, async |site| {
        let (_, person) = site.account("wang.fang", "王芳", &[(Role::Secretariat, Some(0)), (Role::Judge, None)]).await;
        let (_, other) = site.account("li.lei", "李雷", &[(Role::SystemAdmin, None)]).await;
        let mut client = client(&site);
        client.sign_in("wang.fang").await;
        let judge = access::grants_of_person(&site.app.db, person)
            .await
            .unwrap()
            .into_iter()
            .find(|grant| grant.role == Role::Judge)
            .unwrap();
        let reply = client.post("/hat", &[("hat", &judge.id.text()), ("next", "/inbox")]).await;
        assert_eq!(reply.is(303).location(), "/inbox");
        client.get("/inbox").await.shows("身份已切换").shows("<span class=\"jm-hat-name\">评委</span>");
        let foreign = access::grants_of_person(&site.app.db, other).await.unwrap()[0].id;
        client.post("/hat", &[("hat", &foreign.text())]).await.is(404);
        client.get("/work/accounts").await.is(404);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_says_for_whom_it_is_sets_the_password_once_and_signs_in() {
    each_site(plain, async |site| {
        let (account, _) = site.account("wang.fang", "王芳", &[(Role::Talent, None)]).await;
        let token = access::invite(&site.app.access, &jinmen_core::Actor::System("test"), account).await.unwrap();
        let path = format!("/invitation/{}", token.expose());
        let mut client = client(&site);
        client.get(&path).await.is(200).shows("这份邀请发给王芳，账号为 wang.fang");
        let unlike = [("password", "one long password"), ("again", "another password")];
        client.post(&path, &unlike).await.is(422).shows("两次输入的密码不一致");
        client.post(&path, &[("password", "short"), ("again", "short")]).await.is(422);
        client.post(&path, &[("password", "wang.fang-wang.fang"), ("again", "wang.fang-wang.fang")]).await.is(422);
        let right = [("password", "a whole new sentence"), ("again", "a whole new sentence")];
        assert_eq!(client.post(&path, &right).await.is(303).location(), "/work");
        client.get("/work").await.is(200).shows("密码已设置");
        for path in [path.as_str(), "/invitation/nonsense", "/invitation/%00"] {
            client.get(path).await.is(404).shows("邀请链接已失效");
            client.post(path, &right).await.is(404).shows("邀请链接已失效");
        }
    })
    .await;
}

#[tokio::test]
async fn only_a_demonstration_lets_anybody_in() {
    each_site(plain, async |site| {
        site.account("demo-secretariat", "王芳", &[(Role::Secretariat, Some(0))]).await;
        let mut client = client(&site);
        for role in ["secretariat", "public", "", "nonsense"] {
            client.post("/demo/enter", &[("role", role)]).await.is(404);
        }
        assert!(!client.get("/").await.has("/demo/enter"));
        client.get("/work").await.is(404);
    })
    .await;
    each_site(demo, async |site| {
        site.account("demo-secretariat", "王芳", &[(Role::Secretariat, Some(0))]).await;
        site.account("demo-park_operator", "李雷", &[(Role::ParkOperator, Some(0))]).await;
        let mut client = client(&site);
        client.get("/").await.shows("换个身份看看").shows("一次大会，九件事");
        // Only the roles of the demonstration, and only those that have an account.
        for role in ["park_operator", "system_admin", "demo-secretariat", ""] {
            client.post("/demo/enter", &[("role", role)]).await.is(404);
        }
        assert_eq!(client.post("/demo/enter", &[("role", "secretariat")]).await.is(303).location(), "/work");
        client.get("/work").await.is(200).shows("王芳，您好");
        assert_eq!(client.post("/demo/enter", &[("role", "public")]).await.is(303).location(), "/");
        client.get("/work").await.is(404);
    })
    .await;
}

#[tokio::test]
async fn language_and_type_size_are_remembered_by_visitors_and_by_accounts() {
    each_site(plain, async |site| {
        site.account("wang.fang", "王芳", &[]).await;
        let mut visitor = client(&site);
        visitor.get("/").await.shows("lang=\"zh-CN\"");
        assert_eq!(visitor.get("/language/en?next=/help").await.is(303).location(), "/help");
        assert_eq!(visitor.get("/type-size/large?next=/help").await.is(303).location(), "/help");
        visitor.get("/help").await.shows("<html lang=\"en\" class=\"large\">");
        visitor.get("/language/fr").await.is(404);
        visitor.get("/type-size/huge").await.is(404);
        let mut signed_in = client(&site);
        signed_in.sign_in("wang.fang").await;
        signed_in.get("/language/en?next=/work").await;
        signed_in.get("/type-size/large?next=/work").await;
        let mut elsewhere = client(&site);
        elsewhere.sign_in("wang.fang").await;
        elsewhere.get("/work").await.shows("<html lang=\"en\" class=\"large\">").shows("Hello, 王芳");
    })
    .await;
}

/// A challenge stands in the page on which the code is typed.
fn challenge(page: &str) -> String {
    page.split("name=\"challenge\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// What a demonstration shows instead of sending it.
fn shown(page: &str) -> String {
    page.split("验证码是 ").nth(1).unwrap().chars().take(6).collect()
}

async fn with_mobile(site: &crate::site::Site, name: &str, mobile: &str) {
    let (account, _) = site.account(name, "王芳", &[(Role::Secretariat, Some(0))]).await;
    let number = jinmen_core::codes::MobileNumber::parse(mobile).unwrap();
    let mut tx = site.app.db.begin().await.unwrap();
    let system = jinmen_core::Actor::System("test");
    access::set_mobile(&site.app.access, &site.app.vault, &mut tx, &system, account, &number).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_code_that_came_to_the_mobile_signs_in_and_goes_on_to_where_one_wanted() {
    each_site(demo, async |site| {
        with_mobile(&site, "wang.fang", "19900000001").await;
        let mut client = client(&site);
        client.get("/sign-in").await.is(200).shows("获取验证码").shows("账号密码登录");
        let asked = client.post("/sign-in/code", &[("mobile", "１９９ 0000-0001"), ("next", "/inbox")]).await;
        let page = asked.is(200).shows("199****0001").body.clone();
        let challenge = challenge(&page);
        let wrong = [("challenge", challenge.as_str()), ("code", "abc"), ("masked", "199****0001")];
        client.post("/sign-in/code/enter", &wrong).await.is(422).shows("验证码不对或已过期").shows("199****0001");
        let code = shown(&page);
        let sent = [("challenge", challenge.as_str()), ("code", code.as_str()), ("next", "/inbox")];
        assert_eq!(client.post("/sign-in/code/enter", &sent).await.is(303).location(), "/inbox");
        client.get("/account").await.is(200).shows("199****0001");
    })
    .await;
}

#[tokio::test]
async fn a_number_that_is_none_is_said_to_be_none_and_an_unknown_one_is_not_told_apart() {
    each_site(demo, async |site| {
        let mut client = client(&site);
        client.post("/sign-in/code", &[("mobile", "12345")]).await.is(422).shows("12345");
        let page = client.post("/sign-in/code", &[("mobile", "19900000009")]).await.is(200).body.clone();
        assert!(!page.contains("验证码是"));
        let sent = [("challenge", challenge(&page)), ("code", "123456".to_owned())];
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.post("/sign-in/code/enter", &sent).await.is(422).shows("验证码不对或已过期");
        client.post("/sign-in/code", &[("mobile", "19900000009")]).await.is(429);
    })
    .await;
}

#[tokio::test]
async fn without_somebody_who_brings_codes_there_is_only_the_password() {
    each_site(plain, async |site| {
        let mut client = client(&site);
        assert!(!client.get("/sign-in").await.is(200).has("获取验证码"));
        client.post("/sign-in/code", &[("mobile", "19900000001")]).await.is(404);
        client.json("POST", "/api/v1/session/code", json!({ "mobile": "19900000001" })).await.is(404);
    })
    .await;
}

#[tokio::test]
async fn a_number_becomes_ones_own_by_password_and_code() {
    each_site(demo, async |site| {
        site.account("wang.fang", "王芳", &[(Role::Secretariat, Some(0))]).await;
        let mut client = client(&site);
        client.post("/sign-in", &[("account", "wang.fang"), ("password", PASSWORD)]).await.is(303);
        let token = client.token().await;
        let ask = |password| [("form_token", token.as_str()), ("mobile", "19900000002"), ("password", password)];
        client.post("/account/mobile", &ask("not the password")).await.is(422).shows("原密码不对");
        let page = client.post("/account/mobile", &ask(PASSWORD)).await.is(200).body.clone();
        let (challenge, code) = (challenge(&page), shown(&page));
        let sent = [("form_token", token.as_str()), ("challenge", challenge.as_str()), ("code", code.as_str())];
        assert_eq!(client.post("/account/mobile/confirm", &sent).await.is(303).location(), "/account");
        client.get("/account").await.shows("199****0002");
    })
    .await;
}
