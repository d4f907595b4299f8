//! Webhooks through the front door, on both databases, against a program that listens.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod listener;

use jinmen_core::{Actor, Object, OrganizationId, Role};
use listener::Listener;
use module::testing::{Client, TestApp, each_app};
use serde_json::json;
use webhooks::ops::follow;

struct Place {
    test: TestApp,
    admin: Client,
    listener: Listener,
    sequencer: record::Sequencer,
}

async fn each_place(body: impl AsyncFn(Place)) {
    each_app(&[webhooks::module()], async |test| {
        let admin = test.person("root", Role::SystemAdmin, None).await;
        let app = &test.app;
        let sequencer =
            record::Sequencer::open(app.db.clone(), app.clock.clone(), app.vault.wrapping_key(), "a.example/record");
        let sequencer = sequencer.await.unwrap();
        sequencer.catch_up().await.unwrap();
        body(Place { listener: Listener::start(), admin, sequencer, test }).await;
    })
    .await;
}

impl Place {
    /// Adds a webhook on the page; its path and its secret.
    async fn add(&self, name: &str, actions: &str) -> (String, String) {
        let url = self.listener.url.clone();
        let page = self.admin.form("/work/webhooks", &[("name", name), ("url", &url), ("actions", actions)]).await;
        assert_eq!(page.status.as_u16(), 200, "{}", page.text());
        let secret = page.text().split("whsec_").nth(1).unwrap().split('<').next().unwrap().trim().to_owned();
        let list = self.admin.get("/work/webhooks").await.text();
        let at = list.find(name).unwrap();
        let id = list[..at].rsplit("/work/webhooks/").next().unwrap().split('"').next().unwrap().to_owned();
        (format!("/work/webhooks/{id}"), format!("whsec_{secret}"))
    }

    async fn happens(&self, action: &'static str, count: usize) {
        let mut tx = self.test.app.db.begin().await.unwrap();
        let items = (0..count).map(|_| (Object::from(OrganizationId::new()), json!({ "name": "某人" }))).collect();
        record::append_many(&mut tx, &Actor::System("test"), self.test.app.clock.now(), action, items).await.unwrap();
        tx.commit().await.unwrap();
        self.sequencer.catch_up().await.unwrap();
    }

    async fn runs(&self) {
        follow::follow(&self.test.app).await.unwrap();
        self.test.run_jobs().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_told_once_signed_and_without_anybodys_data() {
    each_place(async |place| {
        place.happens("test.before", 1).await;
        let (path, secret) = place.add("台账系统", "test.made\ntest.changed").await;
        place.happens("test.made", 3).await;
        place.happens("test.other", 2).await;
        place.happens("test.changed", 1).await;
        place.runs().await;
        place.runs().await;
        let heard = place.listener.heard();
        assert_eq!(heard.len(), 4, "{heard:?}");
        for one in &heard {
            assert!(one.is_signed_by(&secret), "{one:?}");
            assert!(!one.body.contains("某人"));
            let number = one.json()["data"]["number"].as_i64().unwrap();
            let entry = &record::placed(&place.test.app.db, number, 1).await.unwrap()[0];
            assert_eq!(one.json()["type"], entry.action);
            assert_eq!(one.json()["data"]["object"]["id"], entry.object.id);
        }
        let ids: std::collections::BTreeSet<_> = heard.iter().map(|one| one.header("webhook-id")).collect();
        assert_eq!(ids.len(), 4);
        let page = place.admin.get(&path).await.text();
        assert!(page.contains("已送达") && !page.contains("whsec_"), "the secret is shown once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_handed_over_is_forgotten_after_thirty_days_and_what_waits_is_not() {
    each_place(async |place| {
        let (path, _) = place.add("台账系统", "test.").await;
        place.listener.answers(&[200, 500]);
        place.happens("test.taken", 1).await;
        place.runs().await;
        place.happens("test.waiting", 1).await;
        place.runs().await;
        for (name, days, kept) in [("one", 29, true), ("two", 2, false)] {
            place.test.app.clock.advance_seconds(days * 86_400);
            for module in &place.test.app.modules {
                module.every_hour(&place.test.app).await.unwrap();
            }
            let again = place.test.person(name, Role::SystemAdmin, None).await;
            let page = again.get(&path).await.text();
            assert_eq!(page.contains("test.taken"), kept);
            assert!(page.contains("test.waiting"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_follow_at_once_queue_every_entry_once() {
    each_place(async |place| {
        place.add("台账系统", "test.").await;
        place.happens("test.made", 700).await;
        let app = &place.test.app;
        let (a, b, c) = tokio::join!(follow::follow(app), follow::follow(app), follow::follow(app));
        assert_eq!(a.unwrap() + b.unwrap() + c.unwrap(), 700);
        let rows: Vec<(i64, i64)> = app
            .db
            .list(
                "SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(DISTINCT number) AS BIGINT) FROM webhook_delivery",
                vec![],
            )
            .await
            .unwrap();
        assert_eq!(rows, [(700, 700)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_down_gets_it_later_with_the_same_number_and_one_that_is_gone_is_left_alone() {
    each_place(async |place| {
        let (path, _) = place.add("台账系统", "test.").await;
        place.listener.answers(&[500, 302, 200]);
        place.happens("test.made", 1).await;
        place.runs().await;
        assert_eq!(place.listener.heard().len(), 1);
        for wait in [6, 301] {
            place.test.run_jobs().await;
            place.test.app.clock.advance_seconds(wait);
            place.test.run_jobs().await;
        }
        let heard = place.listener.heard();
        assert_eq!(heard.len(), 3);
        assert_eq!(heard[0].header("webhook-id"), heard[2].header("webhook-id"));
        assert_ne!(heard[0].header("webhook-timestamp"), heard[2].header("webhook-timestamp"));
        assert!(place.admin.get(&path).await.text().contains("已送达"));
        place.listener.answers(&[410]);
        place.happens("test.made", 1).await;
        place.runs().await;
        assert!(place.admin.get(&path).await.text().contains("已暂停"));
        place.happens("test.made", 1).await;
        place.runs().await;
        assert_eq!(place.listener.heard().len(), 4, "told nothing while it rests");
        place.listener.answers(&[200]);
        place.admin.form(&format!("{path}/resume"), &[]).await;
        place.runs().await;
        assert!(place.listener.heard().len() > 4, "and goes on from where it stood");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_signs_beside_the_old_one_for_a_day() {
    each_place(async |place| {
        let (path, old) = place.add("台账系统", "test.").await;
        let page = place.admin.form(&format!("{path}/secret"), &[("confirm", "on")]).await.text();
        let new = format!("whsec_{}", page.split("whsec_").nth(1).unwrap().split('<').next().unwrap().trim());
        assert_ne!(old, new);
        place.admin.form(&format!("{path}/test"), &[]).await;
        let heard = place.listener.heard();
        assert!(heard[0].is_signed_by(&old) && heard[0].is_signed_by(&new));
        place.test.app.clock.advance_seconds(86_401);
        let admin = place.test.person("root2", Role::SystemAdmin, None).await;
        admin.form(&format!("{path}/test"), &[]).await;
        let heard = place.listener.heard();
        assert!(!heard[1].is_signed_by(&old) && heard[1].is_signed_by(&new));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_form_says_what_is_wrong_and_nobody_else_sees_webhooks() {
    each_place(async |place| {
        let long = "a".repeat(61);
        let wrong = [
            ("", "https://example.cn/", ""),
            ("x", "example.cn", ""),
            ("x", "", ""),
            ("x", "https://u:p@example.cn/", ""),
            ("x", "https://example.cn/", "Registry.*"),
            ("x", "https://example.cn/", long.as_str()),
        ];
        for (name, url, actions) in wrong {
            let page = place.admin.form("/work/webhooks", &[("name", name), ("url", url), ("actions", actions)]).await;
            assert_eq!(page.status.as_u16(), 422, "{name} {url} {actions}");
        }
        let (path, _) = place.add("台账系统", "").await;
        let twice = [("name", "台账系统"), ("url", place.listener.url.as_str()), ("actions", "")];
        assert_eq!(place.admin.form("/work/webhooks", &twice).await.status.as_u16(), 422);
        let auditor = place.test.person("audit", Role::AuditAdmin, None).await;
        assert_eq!(auditor.get(&path).await.status.as_u16(), 404);
        assert_eq!(auditor.form(&format!("{path}/test"), &[]).await.status.as_u16(), 404);
        place.admin.form(&format!("{path}/remove"), &[("confirm", "on")]).await;
        assert_eq!(place.admin.get(&path).await.status.as_u16(), 404);
    })
    .await;
}

#[test]
fn both_languages_say_the_same_things() {
    ui::catalog::check_sources(&[webhooks::MESSAGES]).unwrap();
}
