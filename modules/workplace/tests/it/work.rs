//! Tasks, inbox, account, drafts, jobs.

use cases::{NewTask, WaitsFor};
use jinmen_core::{Actor, Object, Role};
use serde_json::json;

use crate::site::{PASSWORD, Site, TOLD};
use crate::{client, each_site, plain};

async fn task(site: &Site, person: jinmen_core::PersonId, name: &str, days: Option<i64>) {
    let due = days.map(|days| site.app.clock.today().add_days(days).unwrap());
    let new = NewTask::new(
        "town.check",
        Object::new("application", name),
        WaitsFor::Person(person),
        "/work/tasks",
        json!({ "name": name }),
    )
    .due(due);
    let mut tx = site.app.db.begin().await.unwrap();
    cases::open_task(&mut tx, site.app.clock.now(), new).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn home_shows_what_waits_first_then_what_to_do_then_numbers() {
    each_site(plain, async |site| {
        let (_, person) = site.account("wang.fang", "王芳", &[(Role::Secretariat, Some(0))]).await;
        let mut client = client(&site);
        client.sign_in("wang.fang").await;
        let empty = client.get("/work").await;
        empty.is(200).shows("现在没有待办").shows("核对本单位档案").shows("检查我的账号").shows("今天是").shows("204");
        task(&site, person, "甲公司", Some(-3)).await;
        task(&site, person, "乙公司", Some(0)).await;
        task(&site, person, "丙公司", None).await;
        let page = client.get("/work").await;
        page.shows("3 件待办").shows("审核甲公司的入会申请").shows("已逾期 3 天").shows("今天到期").shows("不限期");
        let at = |text: &str| page.body.find(text).unwrap();
        assert!(
            at("甲公司") < at("乙公司") && at("丙公司") < at("接下来可以做") && at("接下来可以做") < at("数字一览")
        );
        client.get("/work/tasks").await.is(200).shows("丙公司");
        let api = client.get("/api/v1/tasks?limit=1").await.is(200).value();
        assert_eq!(api["items"][0]["title"], "审核甲公司的入会申请");
        let next = api["next"].as_str().unwrap().to_owned();
        assert_eq!(
            client.get(&format!("/api/v1/tasks?limit=1&after={next}")).await.value()["items"][0]["title"],
            "审核乙公司的入会申请"
        );
        client.get("/work/tasks?after=nonsense").await.is(422);
    })
    .await;
}

#[tokio::test]
async fn notices_are_read_one_by_one_or_all_and_only_ones_own() {
    each_site(plain, async |site| {
        let (_, person) = site.account("wang.fang", "王芳", &[]).await;
        let (_, other) = site.account("li.lei", "李雷", &[]).await;
        let now = site.app.clock.now();
        let mut tx = site.app.db.begin().await.unwrap();
        for name in ["甲公司", "乙公司", "丙公司"] {
            notify::send(
                &mut tx,
                now,
                &[person],
                notify::Notice::new(TOLD, json!({ "name": name })).link("/work/tasks"),
            )
            .await
            .unwrap();
        }
        notify::send(
            &mut tx,
            now,
            &[other],
            notify::Notice::new(TOLD, json!({ "name": "丁公司" })).link("//evil.example"),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let mut client = client(&site);
        client.sign_in("wang.fang").await;
        let inbox = client.get("/inbox").await;
        inbox.is(200).shows("甲公司的入会申请已通过").shows("审核结果");
        assert!(!inbox.has("丁公司"));
        let items = client.get("/api/v1/inbox?unread=true").await.value()["items"].clone();
        let id = |at: usize| items[at]["id"].as_str().unwrap().to_owned();
        let opened = client.post(&format!("/inbox/{}/read", id(0)), &[("open", "yes")]).await;
        assert_eq!(opened.is(303).location(), "/work/tasks");
        client.json("POST", &format!("/api/v1/inbox/{}/read", id(1)), json!({})).await.is(204);
        assert_eq!(client.get("/api/v1/inbox?unread=true").await.value()["items"].as_array().unwrap().len(), 1);
        client.post("/inbox/read-all", &[]).await.is(303);
        client.get("/inbox").await.shows("乙公司");
        client.get("/inbox?view=unread").await.shows("没有未读消息");
        let foreign = notify::inbox(&site.app.db, other, false, &Default::default()).await.unwrap().items[0].id;
        client.post(&format!("/inbox/{foreign}/read"), &[]).await.is(404);
        client.post("/inbox/nonsense/read", &[]).await.is(404);
        // A link that another module kept wrongly leads nowhere else.
        let mut their = crate::client(&site);
        their.sign_in("li.lei").await;
        assert_eq!(their.post(&format!("/inbox/{foreign}/read"), &[("open", "yes")]).await.is(303).location(), "/work");
    })
    .await;
}

#[tokio::test]
async fn what_one_wants_to_be_told_is_kept() {
    each_site(plain, async |site| {
        site.account("wang.fang", "王芳", &[]).await;
        let mut client = client(&site);
        client.sign_in("wang.fang").await;
        client
            .get("/inbox/preferences")
            .await
            .shows("name=\"inbox\" value=\"town.told\" checked")
            .shows("wang.fang@example.cn");
        client.post("/inbox/preferences", &[("email", "town.told"), ("email", "nonsense")]).await.is(303);
        let page = client.get("/inbox/preferences").await;
        page.shows("name=\"email\" value=\"town.told\" checked").shows("已保存");
        assert!(!page.has("name=\"inbox\" value=\"town.told\" checked"));
    })
    .await;
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_the_old_one() {
    each_site(plain, async |site| {
        site.account("wang.fang", "王芳", &[(Role::Judge, None)]).await;
        let (mut here, mut there) = (client(&site), client(&site));
        here.sign_in("wang.fang").await;
        there.sign_in("wang.fang").await;
        let token = here.token().await;
        let send = |old: &'static str, new: &'static str, again: &'static str| {
            [("old", old), ("password", new), ("again", again)]
        };
        here.post("/account/password", &send(PASSWORD, "a whole new sentence", "a whole new sentence")).await.is(409);
        for (fields, said) in [
            (send("wrong", "a whole new sentence", "a whole new sentence"), "原密码不对"),
            (send(PASSWORD, "a whole new sentence", "another sentence"), "两次输入的密码不一致"),
            (send(PASSWORD, "short", "short"), "密码至少"),
        ] {
            let fields: Vec<_> = fields.into_iter().chain([("form_token", token.as_str())]).collect();
            here.post("/account/password", &fields).await.is(422).shows(said);
        }
        let fields = [
            ("old", PASSWORD),
            ("password", "a whole new sentence"),
            ("again", "a whole new sentence"),
            ("form_token", &token),
        ];
        assert_eq!(here.post("/account/password", &fields).await.is(303).location(), "/account");
        here.get("/account").await.is(200).shows("密码已修改").shows("评委");
        there.get("/account").await.is(404);
        there.post("/sign-in", &[("account", "wang.fang"), ("password", PASSWORD)]).await.is(422);
    })
    .await;
}

#[tokio::test]
async fn another_device_is_signed_out_from_here() {
    each_site(plain, async |site| {
        let (account, _) = site.account("wang.fang", "王芳", &[]).await;
        site.account("li.lei", "李雷", &[]).await;
        let (mut here, mut there, mut foreign) = (client(&site), client(&site), client(&site));
        there.sign_in("wang.fang").await;
        let session = access::devices(&site.app.access, account).await.unwrap()[0].id.clone();
        here.sign_in("wang.fang").await;
        foreign.sign_in("li.lei").await;
        let path = format!("/account/devices/{session}/revoke");
        let token = foreign.token().await;
        foreign.post(&path, &[("form_token", &token)]).await.is(404);
        there.get("/work").await.is(200);
        let token = here.token().await;
        here.post(&path, &[("form_token", "forged")]).await.is(409);
        here.post(&path, &[("form_token", &token)]).await.is(303);
        there.get("/work").await.is(404);
        here.get("/work").await.is(200);
    })
    .await;
}

#[tokio::test]
async fn drafts_are_kept_field_by_field_for_their_owner_only() {
    each_site(plain, async |site| {
        let (account, _) = site.account("wang.fang", "王芳", &[]).await;
        let (other, _) = site.account("li.lei", "李雷", &[]).await;
        let mut client = client(&site);
        let path = "/work/drafts/registry.organization%2F1";
        client.json("PUT", path, json!({ "name": "x" })).await.is(404);
        client.sign_in("wang.fang").await;
        let saved =
            client.json("PUT", path, json!({ "name": "海河\u{0}<script>", "tags": ["a", "b"] })).await.is(200).value();
        assert!(saved["saved_at"].as_str().unwrap().ends_with("+08:00"), "{saved}");
        client
            .json("PUT", "/work/drafts/registry.organization/1", json!({ "tags": null, "city": "天津" }))
            .await
            .is(200);
        let draft = cases::load_draft(&site.app.db, account, "registry.organization/1").await.unwrap().unwrap();
        assert_eq!(draft.fields["city"], "天津");
        assert!(draft.fields["name"].as_str().unwrap().starts_with("海河") && !draft.fields.contains_key("tags"));
        assert!(cases::load_draft(&site.app.db, other, "registry.organization/1").await.unwrap().is_none());
        client.json("PUT", path, json!(["a"])).await.is(422);
        client.send("PUT", path, "application/json", "{".into(), &[]).await.is(422);
        client.json("PUT", path, json!({ "a": "x".repeat(70_000) })).await.is(413);
        client.json("PUT", &format!("/work/drafts/{}", "k".repeat(300)), json!({})).await.is(404);
    })
    .await;
}

#[tokio::test]
async fn a_job_is_followed_by_its_owner_until_it_ends() {
    each_site(plain, async |site| {
        let (owner, _) = site.account("wang.fang", "王芳", &[]).await;
        site.account("li.lei", "李雷", &[]).await;
        site.account("root", "管理员", &[(Role::SystemAdmin, None)]).await;
        let now = site.app.clock.now();
        let mut tx = site.app.db.begin().await.unwrap();
        let id = jobs::enqueue(&mut tx, jobs::NewJob::new("town.import", json!({})).owned_by(Some(owner)), now)
            .await
            .unwrap()
            .unwrap();
        let second = jobs::enqueue(&mut tx, jobs::NewJob::new("town.import", json!({})).owned_by(Some(owner)), now)
            .await
            .unwrap()
            .unwrap();
        tx.commit().await.unwrap();
        let (mut own, mut other, mut root) = (client(&site), client(&site), client(&site));
        own.sign_in("wang.fang").await;
        other.sign_in("li.lei").await;
        root.sign_in("root").await;
        let path = format!("/work/jobs/{id}");
        own.get(&path).await.is(200).shows(&format!("data-progress=\"{path}/events\"")).shows("正在排队");
        for denied in [path.clone(), format!("{path}/events"), "/work/jobs/nonsense".into()] {
            other.get(&denied).await.is(404);
        }
        root.get(&path).await.is(200);
        assert_eq!(own.get(&format!("/api/v1/jobs/{id}")).await.value()["state"], "waiting");
        other.get(&format!("/api/v1/jobs/{id}")).await.is(404);
        // Stopping it while somebody follows: the events end by themselves.
        let token = own.token().await;
        let mut follower = own.clone();
        let events = format!("{path}/events");
        let (followed, stopped) = tokio::join!(follower.get(&events), async {
            tokio::time::sleep(std::time::Duration::from_millis(700)).await;
            own.post(&format!("{path}/cancel"), &[("form_token", "forged")]).await.is(409);
            own.post(&format!("{path}/cancel"), &[("form_token", &token)]).await
        });
        stopped.is(303);
        assert_eq!(followed.headers["content-type"], "text/event-stream");
        followed.shows("\"state\":\"running\"").shows("\"state\":\"failed\"");
        // One that ended says where its result is, and only that.
        let mut runner = jobs::Runner::new(site.app.db.clone(), site.app.clock.clone());
        runner.register("town.import", std::sync::Arc::new(Done));
        runner.run_due().await.unwrap();
        let ended = own.get(&format!("/work/jobs/{second}/events")).await;
        ended.shows("\"state\":\"done\"").shows("\"href\":\"/organizations\"");
        assert_eq!(ended.body.matches("data:").count(), 1);
        own.get(&format!("/work/jobs/{second}")).await.shows("href=\"/organizations\"");
    })
    .await;
}

struct Done;

#[async_trait::async_trait]
impl jobs::Handler for Done {
    async fn run(&self, _: &jobs::Context, _: serde_json::Value) -> jinmen_core::Result<serde_json::Value> {
        Ok(json!({ "link": "/organizations" }))
    }
}

#[tokio::test]
async fn code_lists_answer_what_the_combobox_asks() {
    each_site(plain, async |site| {
        let mut client = client(&site);
        let lists = client.get("/api/v1/code-lists").await.is(200).value();
        assert!(lists.as_array().unwrap().iter().any(|list| list["name"] == "industry"));
        let found = client.get("/api/v1/code-lists/region?q=%E6%B2%B3%E8%A5%BF").await.is(200).value();
        assert_eq!(found[0]["code"], "120103");
        assert_eq!(found[0]["label"]["zh"], "天津市河西区");
        let below = client.get("/api/v1/code-lists/industry?parent=I65&limit=3").await.value();
        assert_eq!(below.as_array().unwrap().len(), 3);
        assert!(!client.get("/api/v1/code-lists/industry").await.value().as_array().unwrap().is_empty());
        client.get("/api/v1/code-lists/nonsense").await.is(404);
        client.get("/api/v1/code-lists/region?limit=x").await.is(422);
        let _ = Actor::Nobody;
    })
    .await;
}
