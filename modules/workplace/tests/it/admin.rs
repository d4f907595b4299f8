//! Accounts, roles, settings, queue, record.

use jinmen_core::Role;
use serde_json::json;

use crate::client::Client;
use crate::site::Site;
use crate::{client, each_site, plain};

async fn root(site: &Site) -> (Client, String) {
    site.account("root", "管理员", &[(Role::SystemAdmin, None)]).await;
    let mut client = client(site);
    client.sign_in("root").await;
    let token = client.token().await;
    (client, token)
}

#[tokio::test]
async fn an_account_is_opened_with_person_and_role_and_its_link_is_shown_once() {
    each_site(plain, async |site| {
        let (mut root, token) = root(&site).await;
        let fields = [
            ("account", "zhao.min"),
            ("name", "赵敏"),
            ("email", "zhao.min@example.cn"),
            ("role", "secretariat"),
            ("organization", "津门人才双创联盟"),
            ("from", "2021-05-20"),
            ("form_token", &token),
        ];
        let opened = root.post("/work/accounts/new?once=abc", &fields).await;
        let path = opened.is(303).location().to_owned();
        let page = root.get(&path).await;
        page.is(200).shows("赵敏").shows("津门人才双创联盟").shows("2021年5月20日起");
        let link =
            page.body.split("http://127.0.0.1:4600/invitation/").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(!root.get(&path).await.has("/invitation/A"), "shown once");
        assert!(!root.get(&path).await.has(&link));
        // Sent twice, done once; the secret is not kept for the repeat.
        let again = root.post("/work/accounts/new?once=abc", &fields).await;
        assert_eq!(again.is(303).location(), path);
        assert_eq!(again.headers["idempotency-replayed"], "true");
        assert!(again.headers.get("set-cookie").is_none_or(|value| !value.to_str().unwrap().contains("invitation")));
        let mut theirs = client(&site);
        theirs.get(&format!("/invitation/{link}")).await.is(200).shows("赵敏");
        let password = [("password", "a whole new sentence"), ("again", "a whole new sentence")];
        theirs.post(&format!("/invitation/{link}"), &password).await.is(303);
        theirs.get("/work").await.shows("津门人才双创联盟 · 联盟秘书处");
    })
    .await;
}

#[tokio::test]
async fn everything_wrong_with_a_new_account_is_said_at_once() {
    each_site(plain, async |site| {
        let (mut root, token) = root(&site).await;
        let fields = [
            ("account", "ROOT"),
            ("name", " "),
            ("email", "nonsense"),
            ("role", "secretariat"),
            ("organization", "没有的单位"),
            ("from", "2021-13-01"),
            ("form_token", &token),
        ];
        let page = root.post("/work/accounts/new", &fields).await;
        page.is(422).shows("有 5 处需要修改").shows("没有找到这个单位").shows("value=\"没有的单位\"");
        let several = [
            ("account", "zhao"),
            ("name", "赵敏"),
            ("role", "secretariat"),
            ("organization", "区"),
            ("form_token", &token),
        ];
        root.post("/work/accounts/new", &several).await.is(303);
        let several = [
            ("account", "qian"),
            ("name", "钱"),
            ("role", "secretariat"),
            ("organization", "有限"),
            ("form_token", &token),
        ];
        root.post("/work/accounts/new", &several).await.is(303);
        let none =
            [("account", "sun"), ("name", "孙"), ("role", "judge"), ("organization", "河西"), ("form_token", &token)];
        root.post("/work/accounts/new", &none).await.is(422).shows("不属于任何单位");
        let needed = [("account", "sun"), ("name", "孙"), ("role", "partner"), ("form_token", &token)];
        root.post("/work/accounts/new", &needed).await.is(422).shows("须选单位");
        let many =
            [("account", "sun"), ("name", "孙"), ("role", "partner"), ("organization", "河"), ("form_token", &token)];
        root.post("/work/accounts/new", &many).await.is(422).shows("有多个单位符合");
        root.post("/work/accounts/new", &[("account", "li"), ("form_token", "forged")]).await.is(409);
    })
    .await;
}

#[tokio::test]
async fn roles_are_given_and_taken_back_and_nobody_locks_themselves_out() {
    each_site(plain, async |site| {
        let (mut root, token) = root(&site).await;
        let (account, person) = site.account("wang.fang", "王芳", &[]).await;
        let path = format!("/work/accounts/{account}");
        let give = [("role", "enterprise_admin"), ("organization", "海河智算"), ("form_token", token.as_str())];
        root.post(&format!("{path}/roles"), &give).await.is(303);
        root.post(&format!("{path}/roles"), &give).await.is(422).shows("已有同样的身份");
        let period =
            [("role", "judge"), ("from", "2026-02-01"), ("until", "2026-01-01"), ("form_token", token.as_str())];
        root.post(&format!("{path}/roles"), &period).await.is(422);
        let mut theirs = client(&site);
        theirs.sign_in("wang.fang").await;
        theirs.get("/work").await.shows("海河智算科技有限公司 · 企业管理员");
        let grant = access::grants_of_person(&site.app.db, person).await.unwrap()[0].id;
        root.post(&format!("{path}/roles/{grant}/revoke"), &[("form_token", "forged")]).await.is(409);
        root.post(&format!("{path}/roles/{grant}/revoke"), &[("form_token", &token)]).await.is(303);
        root.post(&format!("{path}/roles/{grant}/revoke"), &[("form_token", &token)]).await.is(409);
        theirs.get("/work").await.shows("尚无身份");
        // Nobody takes the role they use, or stops the account they use.
        let own = access::find_account(&site.app.db, "root").await.unwrap();
        let worn = access::grants_of_person(&site.app.db, own.person).await.unwrap()[0].id;
        root.post(&format!("/work/accounts/{}/roles/{worn}/revoke", own.id), &[("form_token", &token)]).await.is(409);
        root.post(&format!("/work/accounts/{}/state", own.id), &[("state", "disabled"), ("form_token", &token)])
            .await
            .is(409);
        root.post(&format!("{path}/roles/{worn}/revoke"), &[("form_token", &token)]).await.is(404);
        root.post(&format!("{path}/state"), &[("state", "disabled"), ("form_token", &token)]).await.is(303);
        theirs.get("/work").await.is(404);
        root.get(&path).await.shows("已停用");
        root.post(&format!("{path}/invitation"), &[("form_token", &token)]).await.is(409);
        root.post(&format!("{path}/state"), &[("state", "nonsense"), ("form_token", &token)]).await.is(422);
        root.post(&format!("{path}/state"), &[("state", "active"), ("form_token", &token)]).await.is(303);
        root.post(&format!("{path}/invitation"), &[("form_token", &token)]).await.is(303);
        root.get(&path).await.shows("http://127.0.0.1:4600/invitation/");
        root.get("/work/accounts?q=%E7%8E%8B").await.shows("wang.fang");
        root.get("/work/accounts/wang.fang").await.is(404);
    })
    .await;
}

#[tokio::test]
async fn administration_is_not_there_for_others() {
    each_site(plain, async |site| {
        site.account("wang.fang", "王芳", &[(Role::Secretariat, Some(0))]).await;
        let mut clerk = client(&site);
        clerk.sign_in("wang.fang").await;
        let mut nobody = client(&site);
        for path in [
            "/work/accounts",
            "/work/accounts/new",
            "/work/settings",
            "/work/queue",
            "/work/record",
            "/work/record.csv",
        ] {
            clerk.get(path).await.is(404);
            nobody.get(path).await.is(404);
        }
        for path in ["/work/accounts/new", "/work/settings", "/work/queue/x/retry", "/work/accounts/x/roles"] {
            clerk.post(path, &[("account", "x")]).await.is(404);
        }
        clerk.get("/api/v1/record").await.is(404);
        nobody.get("/api/v1/record").await.is(401);
    })
    .await;
}

#[tokio::test]
async fn settings_are_saved_recorded_and_shown() {
    each_site(plain, async |site| {
        let (mut root, token) = root(&site).await;
        let fields = [
            ("operator_zh", "联盟秘书处"),
            ("operator_en", "The Secretariat"),
            ("telephone", "022-12345678"),
            ("form_token", &token),
        ];
        root.post("/work/settings?once=a", &fields).await.is(303);
        root.get("/work/settings").await.shows("平台设置已保存").shows("value=\"联盟秘书处\"");
        root.get("/privacy").await.shows("个人信息处理者是联盟秘书处，联系电话 022-12345678");
        let kept = module::settings::load(&site.app.db).await.unwrap();
        assert_eq!(kept.operator.en.as_deref(), Some("The Secretariat"));
        let wrong = [("telephone", "javascript:alert(1)"), ("icp", &"x".repeat(200)), ("form_token", &token)];
        root.post("/work/settings", &wrong).await.is(422).shows("有 2 处需要修改");
        site.account("audit", "审计", &[(Role::AuditAdmin, None)]).await;
        let mut audit = client(&site);
        audit.sign_in("audit").await;
        audit.get("/work/record?action=module.settings").await.is(200).shows("修改平台信息").shows("022-12345678");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_was_given_up_gets_another_round() {
    each_site(plain, async |site| {
        let (mut root, token) = root(&site).await;
        let mut tx = site.app.db.begin().await.unwrap();
        let mut job = jobs::NewJob::new("town.unknown", json!({}));
        job.max_attempts = 1;
        let id = jobs::enqueue(&mut tx, job, site.app.clock.now()).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        jobs::Runner::new(site.app.db.clone(), site.app.clock.clone()).run_due().await.unwrap();
        root.get("/work/queue?state=dead").await.is(200).shows("no handler for town.unknown").shows("未成功");
        root.get("/work/queue?state=done").await.shows("这里没有任务");
        root.post(&format!("/work/queue/{id}/retry"), &[("form_token", "forged")]).await.is(409);
        root.post(&format!("/work/queue/{id}/retry"), &[("form_token", &token)]).await.is(303);
        assert_eq!(jobs::get(&site.app.db, id).await.unwrap().state, jobs::State::Waiting);
    })
    .await;
}

#[tokio::test]
async fn the_record_is_read_in_words_filtered_and_exported() {
    each_site(plain, async |site| {
        site.account("audit", "审计", &[(Role::AuditAdmin, None)]).await;
        site.account("wang.fang", "王芳", &[(Role::Secretariat, Some(0))]).await;
        let mut audit = client(&site);
        audit.sign_in("audit").await;
        audit.get("/work/record").await.is(200).shows("开通账号").shows("津门人才双创联盟").shows("系统（test）");
        let only = audit.get("/work/record?account=audit&action=access.session").await;
        only.is(200).shows("登录");
        assert!(!only.has("access.role.granted"));
        audit.get("/work/record?account=nobody").await.shows("没有符合条件的记录");
        audit.get("/work/record?since=2026-02-30").await.is(422);
        audit.get("/work/record?since=2026-02-02&until=2026-02-01").await.is(422);
        audit.get("/work/record?since=2001-01-01&until=2001-01-02").await.shows("没有符合条件的记录");
        let csv = audit.get("/work/record.csv?action=access.role").await;
        csv.is(200).shows("access.role.granted");
        assert!(csv.headers["content-disposition"].to_str().unwrap().contains(".csv"));
        let rows = audit.get("/work/record.json").await.is(200).value();
        assert!(rows.as_array().unwrap().iter().any(|row| row["action"] == "work.record.exported"));
        assert!(audit.get("/work/record.xlsx").await.is(200).body.starts_with("PK"));
        let api = audit.get("/api/v1/record?action=access.role&limit=1").await.is(200).value();
        assert_eq!(api["items"][0]["action"], "access.role.granted");
        assert!(api["next"].is_string());
    })
    .await;
}
