//! Attacks on signing in by number, link and letter.

use jinmen_core::codes::MobileNumber;
use jinmen_core::{Error, Role, Text2};

use super::scene::{SYSTEM, Scene, between, each_scene, shown};

const MOBILE: &str = "13912345678";

impl Scene {
    async fn link(&self, mobile: &str) -> String {
        let app = &self.test.app;
        let number = MobileNumber::parse(mobile).unwrap();
        let mut tx = app.db.begin().await.unwrap();
        let label = Text2::zh("通知：二〇二六年产值填报");
        let token =
            access::make_link(&app.access, &app.vault, &mut tx, &SYSTEM, &number, label, "/claims").await.unwrap();
        tx.commit().await.unwrap();
        format!("/l/{}", token.expose())
    }

    async fn ask_from(&self, mobile: &str, address: &str) -> jinmen_core::Result<access::Challenge> {
        let app = &self.test.app;
        let number = MobileNumber::parse(mobile).unwrap();
        access::ask_code(&app.access, &app.vault, &number, address, |_| Ok(None)).await
    }
}

#[tokio::test]
async fn codes_asked_for_ten_thousand_numbers_stop_at_forty_and_shut_nobody_out() {
    each_scene(async |scene| {
        scene.administrator(MOBILE).await;
        let mut sent = 0;
        for at in 0..10_000 {
            match scene.ask_from(&format!("150{at:08}"), "203.0.113.9").await {
                Ok(_) => sent += 1,
                Err(Error::TooMany(seconds)) => assert!(seconds <= 3_600),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(sent, 40);
        scene.wait(61);
        assert!(scene.ask_from(MOBILE, "198.51.100.7").await.unwrap().wanted);
        scene.wait(3_600);
        assert!(scene.ask_from(MOBILE, "203.0.113.9").await.unwrap().wanted);
    })
    .await;
}

#[tokio::test]
async fn a_letter_lets_a_number_in_no_oftener_than_any_other_way() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let phone = scene.test.nobody();
        let fields = |mobile: String| [("mobile", mobile), ("ticket", letter.clone())];
        let mut refused = 0;
        for at in 0..60 {
            let fields = fields(format!("151{at:08}"));
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            refused += usize::from(phone.form("/sign-in/code", &fields).await.status == 429);
        }
        assert_eq!(refused, 20);
    })
    .await;
}

#[tokio::test]
async fn a_forwarded_link_says_whom_it_is_for_and_does_nothing_without_that_telephone() {
    each_scene(async |scene| {
        let link = scene.link(MOBILE).await;
        let finder = scene.test.nobody();
        let page = finder.get(&link).await.text();
        assert!(page.contains("139****5678") && page.contains("产值填报") && !page.contains(MOBILE), "{page}");
        let (challenge, code) = shown(&finder.form(&link, &[("means", "text")]).await);
        let guess = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
        let entered = finder.form("/sign-in/code/enter", &[("challenge", &challenge), ("code", &guess)]).await;
        assert_eq!(entered.status, 422);
        assert_eq!(finder.get("/claims").await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn the_finder_of_a_link_cannot_turn_it_to_another_number() {
    each_scene(async |scene| {
        let link = scene.link(MOBILE).await;
        let finder = scene.test.nobody();
        let asked = finder.form(&link, &[("means", "text"), ("mobile", "13812345678")]).await;
        assert!(asked.text().contains("139****5678") && !asked.text().contains("138****5678"));
    })
    .await;
}

#[tokio::test]
async fn a_link_opens_once() {
    each_scene(async |scene| {
        let link = scene.link(MOBILE).await;
        let mut phone = scene.test.nobody();
        let (challenge, code) = shown(&phone.form(&link, &[("means", "text")]).await);
        let entered = phone.form("/sign-in/code/enter", &[("challenge", &challenge), ("code", &code)]).await;
        assert_eq!(entered.status, 303);
        phone.keep(&entered);
        assert_eq!(phone.get("/claims").await.status, 200);
        assert_eq!(scene.test.nobody().get(&link).await.status, 404);
        assert_eq!(scene.test.nobody().form(&link, &[("means", "text")]).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn of_two_telephones_that_answer_one_link_one_comes_in() {
    each_scene(async |scene| {
        let link = scene.link(MOBILE).await;
        let (one, two) = (scene.test.nobody(), scene.test.nobody());
        let first = shown(&one.form(&link, &[("means", "text")]).await);
        scene.wait(61);
        let second = shown(&two.form(&link, &[("means", "text")]).await);
        let fields = |(challenge, code): &(String, String)| {
            [("challenge".to_owned(), challenge.clone()), ("code".to_owned(), code.clone())]
        };
        let (first, second) = (fields(&first), fields(&second));
        let plain = |fields: &'_ [(String, String)]| {
            fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect::<Vec<_>>()
        };
        let (first, second) = (plain(&first), plain(&second));
        let send = async |client: &module::testing::Client, fields: &[(String, String)]| {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            client.form("/sign-in/code/enter", &fields).await.status
        };
        let (a, b) = tokio::join!(send(&one, &first), send(&two, &second));
        assert_eq!([a, b].iter().filter(|status| status.as_u16() == 303).count(), 1, "{a} {b}");
    })
    .await;
}

#[tokio::test]
async fn a_link_ends_after_two_weeks() {
    each_scene(async |scene| {
        let link = scene.link(MOBILE).await;
        scene.wait(14 * 86_400 + 1);
        let page = scene.test.nobody().get(&link).await;
        assert_eq!(page.status, 404);
        assert!(!page.text().contains("139****5678"));
    })
    .await;
}

#[tokio::test]
async fn a_guessed_link_is_none() {
    each_scene(async |scene| {
        scene.link(MOBILE).await;
        for guess in ["", "x", "0000000000000000000000000000000000000000000", "%00", "../work"] {
            assert_eq!(scene.test.nobody().get(&format!("/l/{guess}")).await.status, 404, "{guess}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_is_signed_in_as_another_is_not_carried_through_a_link() {
    each_scene(async |scene| {
        let link = scene.link(MOBILE).await;
        let page = scene.desk.get(&link).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("139****5678"));
    })
    .await;
}

#[tokio::test]
async fn a_code_that_came_by_a_letter_is_worth_nothing_twice() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        let phone = scene.test.nobody();
        let asked = phone.form("/sign-in/code", &[("mobile", MOBILE), ("ticket", &letter)]).await;
        let (challenge, code) = shown(&asked);
        let fields = [("challenge", challenge.as_str()), ("code", code.as_str())];
        assert_eq!(phone.form("/sign-in/code/enter", &fields).await.status, 303);
        assert_eq!(phone.form("/sign-in/code/enter", &fields).await.status, 422);
        assert_eq!(scene.test.nobody().form("/sign-in/code/enter", &fields).await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn a_made_up_ticket_opens_no_account() {
    each_scene(async |scene| {
        for ticket in ["", "0000-0000-0000", "'; DROP TABLE account; --", "ÄÖÜ"] {
            assert!(scene.try_join(ticket, MOBILE).await.is_none(), "{ticket}");
            scene.wait(61);
        }
        assert_eq!(scene.recorded("access.mobile.bound").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_letter_does_not_open_an_account_that_was_stopped() {
    each_scene(async |scene| {
        scene.administrator(MOBILE).await;
        let (app, number) = (&scene.test.app, MobileNumber::parse(MOBILE).unwrap());
        let account = access::account_by_mobile(&app.access, &app.vault, &number).await.unwrap().unwrap().id;
        access::disable_account(&scene.test.app.access, &SYSTEM, account, true).await.unwrap();
        scene.wait(61);
        let body =
            super::scene::organization(&scene.test, "天津另一演示公司", "enterprise", None, Some(scene.alliance));
        let letter = scene.letter(body.await).await;
        assert!(scene.try_join(&letter, MOBILE).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_number_that_changed_hands_brings_none_of_the_old_roles() {
    each_scene(async |scene| {
        let before = scene.administrator(MOBILE).await;
        assert!(scene.acts(&before).await);
        scene.wait(401 * 86_400);
        assert!(scene.sign_in(MOBILE).await.is_none());
        let body =
            super::scene::organization(&scene.test, "天津另一演示公司", "enterprise", None, Some(scene.alliance));
        let body = body.await;
        let clerk = scene.test.person("new-desk", Role::Secretariat, Some(scene.alliance)).await;
        let made = clerk.form(&format!("/work/organizations/{body}/letter"), &[]).await.location();
        let letter = between(&clerk.get(&made).await.text(), "/claim/", "\"").to_owned();
        scene.wait(61);
        let heir = scene.join(&letter, MOBILE).await;
        assert_eq!(scene.recorded("access.mobile.lost").await, 1);
        assert!(!scene.acts(&heir).await);
        assert!(!heir.get("/claims").await.text().contains("数聚演示"));
    })
    .await;
}

#[tokio::test]
async fn what_follows_after_signing_in_stays_on_this_site() {
    each_scene(async |scene| {
        let letter = scene.letter(scene.member).await;
        for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
            let phone = scene.test.nobody();
            let fields = [("mobile", MOBILE), ("ticket", letter.as_str()), ("next", next)];
            let (challenge, code) = shown(&phone.form("/sign-in/code", &fields).await);
            let fields = [("challenge", challenge.as_str()), ("code", code.as_str()), ("next", next)];
            let entered = phone.form("/sign-in/code/enter", &fields).await;
            assert_eq!(entered.location(), "/work", "{next}");
            scene.wait(61);
        }
    })
    .await;
}
