//! Robots of group chats against stand-ins of the three platforms.

use jinmen_core::Role;
use notify::RobotKind;
use serde_json::json;

use crate::standin::{KEY, SECRET, Standin};
use crate::town::{Town, each_town, organization};

impl Town {
    fn standin(&self, kind: RobotKind) -> Standin {
        let standin = Standin::start(kind, self.test.app.clock.now().0 / 1_000_000);
        self.test.app.robots.send_elsewhere(kind.place().0, &standin.base);
        standin
    }

    async fn robot(&self, kind: RobotKind, key: &str, secret: &str) -> String {
        let (host, start) = kind.place();
        let address = format!("https://{host}{start}{key}");
        let fields = [("kind", kind.code()), ("name", "会员群"), ("address", &address), ("secret", secret)];
        let added = self.desk.form("/work/robots", &fields).await;
        assert_eq!(added.status, 303, "{}", added.text());
        added.location()
    }

    async fn to_group(&self, circular: &str, robot: &str) {
        let robot = robot.rsplit('/').next().unwrap();
        let sent = self.desk.form(&format!("/work/circulars/{circular}/robots/{robot}"), &[]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
    }
}

fn secret(kind: RobotKind) -> &'static str {
    if kind == RobotKind::WeCom { "" } else { SECRET }
}

#[tokio::test]
async fn the_test_button_says_what_each_platform_answered() {
    each_town(1, async |town| {
        for kind in RobotKind::ALL {
            let standin = town.standin(kind);
            let robot = town.robot(kind, KEY, secret(kind)).await;
            let page = town.desk.form(&format!("{robot}/test"), &[]).await.text();
            assert!(page.contains("已送达，请到群里查看"), "{kind:?}: {page}");
            assert!(standin.texts.lock().unwrap()[0].contains("天津演示联盟的测试消息"));
            assert!(!page.contains(KEY) && !page.contains(SECRET), "{kind:?}");
            assert_eq!(town.desk.form(&format!("{robot}/remove"), &[]).await.status, 303);
        }
    })
    .await;
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_signature_are_refused_and_said() {
    each_town(1, async |town| {
        for (kind, key, secret, said) in [
            (RobotKind::WeCom, "wrong-key-0123", "", "93000"),
            (RobotKind::DingTalk, KEY, "SECother", "310000"),
            (RobotKind::DingTalk, KEY, "", "310000"),
            (RobotKind::Feishu, KEY, "other", "19021"),
        ] {
            let standin = town.standin(kind);
            let robot = town.robot(kind, key, secret).await;
            let page = town.desk.form(&format!("{robot}/test"), &[]).await.text();
            assert!(page.contains("被拒绝") && page.contains(said), "{kind:?}: {page}");
            assert!(standin.texts.lock().unwrap().is_empty());
            town.desk.form(&format!("{robot}/remove"), &[]).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_circular_goes_to_the_group_with_its_link_and_stands_in_the_log() {
    each_town(1, async |town| {
        let standin = town.standin(RobotKind::DingTalk);
        let robot = town.robot(RobotKind::DingTalk, KEY, SECRET).await;
        let id = town.send(json!({ "days": "5" })).await;
        town.to_group(&id, &robot).await;
        town.test.run_jobs().await;
        let texts = standin.texts.lock().unwrap().clone();
        assert_eq!(texts.len(), 1);
        assert!(texts[0].starts_with("【通知】年中会议通知") && texts[0].contains(&format!("/work/notices/{id}")));
        let log = town.desk.get(&robot).await.text();
        assert!(log.contains("已送达") && log.contains("mishu"), "{log}");
    })
    .await;
}

#[tokio::test]
async fn a_busy_platform_is_tried_again_later_and_not_for_ever() {
    each_town(1, async |town| {
        for kind in RobotKind::ALL {
            let standin = town.standin(kind);
            let robot = town.robot(kind, KEY, secret(kind)).await;
            *standin.busy.lock().unwrap() = 2;
            let id = town.send(json!({})).await;
            town.to_group(&id, &robot).await;
            for _ in 0..3 {
                town.test.run_jobs().await;
                town.test.app.clock.advance_seconds(300);
            }
            assert_eq!(standin.texts.lock().unwrap().len(), 1, "{kind:?}");
            *standin.busy.lock().unwrap() = 100;
            town.to_group(&id, &robot).await;
            for _ in 0..12 {
                town.test.run_jobs().await;
                town.test.app.clock.advance_seconds(300);
            }
            assert_eq!(*standin.busy.lock().unwrap(), 94, "{kind:?}");
            assert!(town.desk.get(&robot).await.text().contains("未送达"));
            town.desk.form(&format!("{robot}/remove"), &[]).await;
        }
    })
    .await;
}

#[tokio::test]
async fn no_more_than_the_limit_goes_out_in_a_minute_and_nothing_is_lost() {
    each_town(1, async |town| {
        let standin = town.standin(RobotKind::WeCom);
        let robot = town.robot(RobotKind::WeCom, KEY, "").await;
        let id = town.send(json!({})).await;
        for _ in 0..30 {
            town.to_group(&id, &robot).await;
        }
        town.test.run_jobs().await;
        assert_eq!(standin.texts.lock().unwrap().len(), 20);
        town.test.app.clock.advance_seconds(62);
        town.test.run_jobs().await;
        assert_eq!(standin.texts.lock().unwrap().len(), 30);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_there_and_the_address_is_not_told() {
    each_town(1, async |town| {
        town.test.app.robots.send_elsewhere(RobotKind::WeCom.place().0, "http://127.0.0.1:1");
        let robot = town.robot(RobotKind::WeCom, KEY, "").await;
        let page = town.desk.form(&format!("{robot}/test"), &[]).await.text();
        assert!(page.contains("稍后会自动重试") && !page.contains(KEY), "{page}");
    })
    .await;
}

#[tokio::test]
async fn only_addresses_of_the_three_are_taken_and_only_the_offices_own_are_seen() {
    each_town(1, async |town| {
        for address in [
            "http://127.0.0.1:8080/",
            "https://169.254.169.254/latest/meta-data",
            "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=0123456789",
            "file:///etc/passwd",
        ] {
            let fields = [("kind", "wecom"), ("name", "群"), ("address", address)];
            assert_eq!(town.desk.form("/work/robots", &fields).await.status, 422, "{address}");
        }
        let robot = town.robot(RobotKind::WeCom, KEY, "").await;
        let twice = town.desk.form(
            "/work/robots",
            &[
                ("kind", "wecom"),
                ("name", "会员群"),
                ("address", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789"),
            ],
        );
        assert_eq!(twice.await.status, 422);
        let foreign = organization(&town.test, "河北演示联盟", "alliance", None).await;
        let stranger = town.test.person("hebei", Role::Secretariat, Some(foreign)).await;
        assert_eq!(stranger.get(&robot).await.status, 404);
        assert_eq!(stranger.form(&format!("{robot}/test"), &[]).await.status, 404);
        assert_eq!(town.members[0].1.get("/work/robots").await.status, 404);
    })
    .await;
}
