//! Attacks on acting for others: handlers beyond their scope and time, deputies, two signatures, administrators.

use access::NewGrant;
use jinmen_core::{Error, Role};
use module::testing::Client;

use super::scene::{SYSTEM, Scene, between, each_scene, each_scene_of};

const ADMIN: &str = "13912345678";
const HANDLER: &str = "13712345678";

impl Scene {
    fn handlers(&self) -> String {
        format!("/work/organizations/{}/handlers", self.member)
    }

    async fn appoint(&self, by: &Client, mobile: &str, matter: &str, until: &str) -> u16 {
        let fields = [("name", "周经办"), ("mobile", mobile), ("matters", matter), ("until", until)];
        by.form(&self.handlers(), &fields).await.status.as_u16()
    }

    async fn declare(&self, by: &Client) -> u16 {
        let path = format!("/work/organizations/{}/facts", self.member);
        let page =
            by.form(&path, &[("key", "main_business"), ("value", "数据治理"), ("source", "self_declared")]).await;
        page.status.as_u16()
    }

    async fn deputy(&self, by: &Client, colleague: &str, from: &str, until: &str) -> u16 {
        let fields = [("colleague", colleague), ("from", from), ("until", until), ("reason", "出差，单位授权")];
        by.form("/account/deputies", &fields).await.status.as_u16()
    }
}

#[tokio::test]
async fn a_handler_for_one_kind_of_business_keeps_to_it() {
    each_scene(async |scene| {
        let admin = scene.administrator(ADMIN).await;
        assert_eq!(scene.appoint(&admin, HANDLER, "reply", "2026-12-31").await, 303);
        let handler = scene.sign_in(HANDLER).await.unwrap();
        assert_eq!(handler.get(&format!("/work/organizations/{}", scene.member)).await.status, 200);
        assert!(!scene.acts(&handler).await);
        assert_eq!(scene.appoint(&handler, "13612345678", "file", "2026-12-31").await, 404);
    })
    .await;
}

#[tokio::test]
async fn a_handler_for_the_file_keeps_it_until_the_last_day() {
    each_scene(async |scene| {
        let admin = scene.administrator(ADMIN).await;
        assert_eq!(scene.appoint(&admin, HANDLER, "file", "2026-06-20").await, 303);
        let handler = scene.sign_in(HANDLER).await.unwrap();
        assert!(scene.acts(&handler).await);
        scene.wait(3 * 86_400);
        let later = scene.sign_in(HANDLER).await.unwrap();
        assert!(!scene.acts(&later).await);
        assert_eq!(later.get(&format!("/work/organizations/{}", scene.member)).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_handler_does_not_name_another_and_does_not_stay_for_years() {
    each_scene(async |scene| {
        let admin = scene.administrator(ADMIN).await;
        assert_eq!(scene.appoint(&admin, HANDLER, "file", "2030-01-01").await, 422);
        assert_eq!(scene.appoint(&admin, HANDLER, "file", "2026-06-17").await, 422);
        assert_eq!(scene.appoint(&admin, HANDLER, "everything", "2026-12-31").await, 422);
        assert_eq!(scene.appoint(&admin, HANDLER, "file", "2026-12-31").await, 303);
        let handler = scene.sign_in(HANDLER).await.unwrap();
        assert_eq!(scene.appoint(&handler, "13612345678", "file", "2026-12-31").await, 404);
    })
    .await;
}

#[tokio::test]
async fn a_slip_in_the_number_hands_the_file_to_nobody() {
    each_scene(async |scene| {
        let admin = scene.administrator(ADMIN).await;
        let fields = [("name", "吴别人"), ("mobile", ADMIN), ("matters", "file"), ("until", "2026-12-31")];
        assert_eq!(admin.form(&scene.handlers(), &fields).await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_removed_while_acting_is_refused_at_the_next_step() {
    each_scene(async |scene| {
        let admin = scene.administrator(ADMIN).await;
        assert!(scene.acts(&admin).await);
        let page = scene.desk.get(&scene.handlers()).await.text();
        let grant = between(&page, &format!("{}/", scene.handlers()), "/dismiss").to_owned();
        let dismissed = scene.desk.form(&format!("{}/{grant}/dismiss", scene.handlers()), &[]).await;
        assert_eq!(dismissed.status, 303, "{}", dismissed.text());
        assert!(!scene.acts(&admin).await);
        assert_eq!(scene.declare(&admin).await, 404);
        assert_eq!(scene.appoint(&admin, HANDLER, "file", "2026-12-31").await, 404);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_does_not_dismiss_another_and_strangers_dismiss_nobody() {
    each_scene(async |scene| {
        let admin = scene.administrator(ADMIN).await;
        let page = scene.desk.get(&scene.handlers()).await.text();
        let grant = between(&page, &format!("{}/", scene.handlers()), "/dismiss").to_owned();
        let path = format!("{}/{grant}/dismiss", scene.handlers());
        assert_eq!(admin.form(&path, &[]).await.status, 409);
        let stranger = scene.test.person("stranger", Role::Talent, None).await;
        assert_eq!(stranger.form(&path, &[]).await.status, 404);
        assert!(scene.acts(&admin).await);
    })
    .await;
}

#[tokio::test]
async fn a_deputy_acts_only_in_the_days_and_only_with_a_reason() {
    each_scene(async |scene| {
        assert_eq!(scene.deputy(&scene.desk, "tongshi", "2026-06-20", "2026-12-31").await, 422);
        assert_eq!(scene.deputy(&scene.desk, "tongshi", "2026-06-20", "2026-06-19").await, 422);
        assert_eq!(scene.deputy(&scene.desk, "mishu", "2026-06-18", "2026-06-20").await, 422);
        let bare = [("colleague", "tongshi"), ("from", "2026-06-18"), ("until", "2026-06-20"), ("reason", " ")];
        assert_eq!(scene.desk.form("/account/deputies", &bare).await.status, 422);
        assert_eq!(scene.deputy(&scene.desk, "tongshi", "2026-06-18", "2026-06-20").await, 303);
        assert_eq!(scene.deputy(&scene.desk, "tongshi", "2026-06-18", "2026-06-20").await, 422);
        assert_eq!(scene.recorded("access.deputy.appointed").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_stranger_is_no_deputy_and_is_answered_like_nobody() {
    each_scene(async |scene| {
        scene.test.person("stranger", Role::Talent, None).await;
        for colleague in ["stranger", "nobody-at-all", "13512345678"] {
            let fields =
                [("colleague", colleague), ("from", "2026-06-18"), ("until", "2026-06-20"), ("reason", "出差")];
            let page = scene.desk.form("/account/deputies", &fields).await;
            assert_eq!(page.status, 422);
            assert_eq!(page.text().matches("class=\"jm-error\"").count(), 1, "{colleague}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_deputy_names_no_deputy_and_goes_when_the_principal_goes() {
    each_scene(async |scene| {
        assert_eq!(scene.deputy(&scene.desk, "tongshi", "2026-06-18", "2026-06-30").await, 303);
        let access = &scene.test.app.access;
        let mut tx = scene.test.app.db.begin().await.unwrap();
        let held = access::grants_of_person(&mut tx, scene.colleague.person.unwrap()).await.unwrap();
        let deputy = held.iter().find(|grant| grant.deputy_of.is_some()).unwrap().clone();
        drop(tx);
        let today = scene.test.app.clock.today();
        let mut actor = scene.colleague.actor.signed_in().unwrap().clone();
        let mut hat = actor.hat.clone().unwrap();
        (hat.grant, hat.deputy_for) = (deputy.id, scene.desk.person);
        actor.hat = Some(hat);
        let actor = jinmen_core::Actor::Person(Box::new(actor));
        let third = scene.test.person("third", Role::Secretariat, Some(scene.alliance)).await;
        let again =
            access::appoint_deputy(access, &actor, third.person.unwrap(), today, today, "转委托").await.unwrap_err();
        assert!(matches!(again, Error::Conflict { .. }), "{again:?}");
        let principal = scene.desk.actor.hat().unwrap().grant;
        access::revoke_role(access, &SYSTEM, principal).await.unwrap();
        let held = access::grants_of_person(&scene.test.app.db, scene.colleague.person.unwrap()).await.unwrap();
        assert!(held.iter().filter(|grant| grant.deputy_of.is_some()).all(|grant| grant.revoked_at.is_some()));
    })
    .await;
}

#[tokio::test]
async fn a_deputy_is_dismissed_by_the_one_who_appointed_and_by_no_other() {
    each_scene(async |scene| {
        assert_eq!(scene.deputy(&scene.desk, "tongshi", "2026-06-18", "2026-06-30").await, 303);
        let page = scene.desk.get("/account/deputies").await.text();
        let path = format!("/account/deputies/{}/dismiss", between(&page, "/account/deputies/", "/dismiss"));
        let third = scene.test.person("third", Role::Secretariat, Some(scene.alliance)).await;
        assert!(third.form(&path, &[]).await.status.is_client_error());
        assert_eq!(scene.desk.form(&path, &[]).await.status, 303);
        assert_eq!(scene.recorded("access.role.revoked").await, 1);
    })
    .await;
}

#[tokio::test]
async fn one_signature_of_two_is_not_enough_and_nobody_signs_twice() {
    each_scene_of(true, async |scene| {
        let (phone, claim) = scene.claimed(ADMIN).await;
        assert_eq!(scene.decide(&scene.desk, &claim, "approve").await.status, 303);
        assert_eq!(scene.state(&claim).await, "submitted");
        assert!(!scene.acts(&phone).await);
        assert_eq!(scene.decide(&scene.desk, &claim, "approve").await.status, 409);
        assert_eq!(scene.state(&claim).await, "submitted");
        assert_eq!(scene.decide(&scene.colleague, &claim, "approve").await.status, 303);
        assert_eq!(scene.state(&claim).await, "approved");
        assert!(scene.acts(&phone).await);
    })
    .await;
}

#[tokio::test]
async fn two_who_disagree_decide_nothing() {
    each_scene_of(true, async |scene| {
        let (phone, claim) = scene.claimed(ADMIN).await;
        assert_eq!(scene.decide(&scene.desk, &claim, "approve").await.status, 303);
        assert_eq!(scene.decide(&scene.colleague, &claim, "reject").await.status, 303);
        assert_eq!(scene.state(&claim).await, "submitted");
        assert!(!scene.acts(&phone).await);
        assert_eq!(scene.decide(&scene.desk, &claim, "reject").await.status, 303);
        assert_eq!(scene.state(&claim).await, "rejected");
    })
    .await;
}

#[tokio::test]
async fn the_same_person_as_deputy_of_the_other_is_still_one_person() {
    each_scene_of(true, async |scene| {
        assert_eq!(scene.deputy(&scene.colleague, "mishu", "2026-06-18", "2026-06-30").await, 303);
        let (_, claim) = scene.claimed(ADMIN).await;
        assert_eq!(scene.decide(&scene.desk, &claim, "approve").await.status, 303);
        let page = scene.desk.get("/work").await.text();
        let hat = between(&page, "name=\"hat\"", "</form>");
        let hats: Vec<&str> = hat.split("value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        for hat in hats {
            scene.desk.form("/hat", &[("hat", hat)]).await;
            assert!(scene.decide(&scene.desk, &claim, "approve").await.status.is_client_error());
        }
        assert_eq!(scene.state(&claim).await, "submitted");
    })
    .await;
}

#[tokio::test]
async fn an_office_of_one_decides_marked_and_before_the_supervisors_eyes() {
    each_scene_of(true, async |scene| {
        let grant = scene.colleague.actor.hat().unwrap().grant;
        access::revoke_role(&scene.test.app.access, &SYSTEM, grant).await.unwrap();
        let supervisor = scene.test.person("jiandu", Role::Supervisor, Some(scene.alliance)).await;
        let (phone, claim) = scene.claimed(ADMIN).await;
        assert_eq!(scene.decide(&scene.desk, &claim, "approve").await.status, 303);
        assert!(scene.acts(&phone).await);
        assert_eq!(scene.desk.get(&format!("/api/v1/claims/{claim}")).await.json()["alone"], true);
        assert!(supervisor.get("/work/tasks").await.text().contains("数聚演示"));
        assert_eq!(scene.decide(&supervisor, &claim, "reject").await.status, 404);
        assert_eq!(scene.desk.form(&format!("/work/claims/{claim}/seen"), &[]).await.status, 404);
        assert_eq!(supervisor.form(&format!("/work/claims/{claim}/seen"), &[]).await.status, 303);
        assert_eq!(scene.recorded("cases.decision.seen").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_three_administrators_are_three_people_and_nobody_promotes_themselves() {
    each_scene(async |scene| {
        let access = &scene.test.app.access;
        let root = scene.test.person("root", Role::SystemAdmin, None).await;
        let mut tx = scene.test.app.db.begin().await.unwrap();
        for role in [Role::AuditAdmin, Role::SecurityAdmin] {
            let both = NewGrant::new(root.person.unwrap(), role, None);
            assert!(access::grant_role(access, &mut tx, &SYSTEM, both).await.is_err(), "{role}");
        }
        let own = NewGrant::new(root.person.unwrap(), Role::Secretariat, Some(scene.alliance));
        assert!(access::grant_role(access, &mut tx, &root.actor, own).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_system_administrator_names_no_administrator() {
    each_scene(async |scene| {
        let root = scene.test.person("root", Role::SystemAdmin, None).await;
        let guard = scene.test.person("guard", Role::SecurityAdmin, None).await;
        let other = scene.test.person("other", Role::Talent, None).await;
        let account = other.actor.account().unwrap();
        let path = format!("/work/accounts/{account}/roles");
        let token = async |who: &Client| {
            let page = who.get(&format!("/work/accounts/{account}")).await.text();
            between(between(&page, "name=\"form_token\"", ">"), "value=\"", "\"").to_owned()
        };
        let (roots, guards) = (token(&root).await, token(&guard).await);
        for role in ["system_admin", "security_admin", "audit_admin"] {
            let refused = root.form(&path, &[("role", role), ("form_token", &roots)]).await.status;
            assert!(refused.is_client_error(), "{role}: {refused}");
        }
        let given = guard.form(&path, &[("role", "audit_admin"), ("form_token", &guards)]).await;
        assert_eq!(given.status, 303, "{}", given.text());
    })
    .await;
}
