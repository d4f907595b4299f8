//! An alliance with two secretaries, a member without anybody, and people with telephones.

use jinmen_core::{Actor, OrganizationId, Role, Text2};
use module::Settings;
use module::testing::{Client, Page, TestApp, each_app_with};
use registry::model::NewOrganization;
use registry::ops::{create_organization, relate};

use super::modules;

pub const SYSTEM: Actor = Actor::System("test");
pub const USCC: &str = "91350100M000100Y43";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

pub struct Scene {
    pub test: TestApp,
    pub alliance: OrganizationId,
    pub member: OrganizationId,
    pub desk: Client,
    pub colleague: Client,
}

/// The whole application on both databases; codes are shown because nobody brings them.
pub async fn each_scene(body: impl AsyncFn(Scene)) {
    each_scene_of(false, body).await;
}

/// The same; whether claims need two signatures.
pub async fn each_scene_of(two: bool, body: impl AsyncFn(Scene)) {
    let two_people = [(registry::ops::claims::DECISION.code.to_owned(), two)].into();
    let settings = Settings { demo: true, two_people, ..Settings::default() };
    each_app_with(&modules(), settings, async |test| body(build(test).await).await).await;
}

async fn build(test: TestApp) -> Scene {
    let alliance = organization(&test, "天津演示联盟", "alliance", None, None).await;
    let member = organization(&test, "天津数聚演示科技有限公司", "enterprise", Some(USCC), Some(alliance)).await;
    let mut tx = test.app.db.begin().await.unwrap();
    let new = relate::NewRelation { kind: "member_of".into(), grade: "member".into(), ..Default::default() };
    relate::insert(&test.app, &mut tx, &SYSTEM, member, alliance, &new).await.unwrap();
    tx.commit().await.unwrap();
    let desk = test.person("mishu", Role::Secretariat, Some(alliance)).await;
    let colleague = test.person("tongshi", Role::Secretariat, Some(alliance)).await;
    Scene { test, alliance, member, desk, colleague }
}

pub async fn organization(
    test: &TestApp,
    name: &str,
    kind: &str,
    uscc: Option<&str>,
    keeper: Option<OrganizationId>,
) -> OrganizationId {
    let new = NewOrganization {
        uscc: uscc.map(|code| code.parse().unwrap()),
        name: Text2::zh(name),
        kind: kind.into(),
        society_level: None,
        intro: Text2::default(),
    };
    let mut tx = test.app.db.begin().await.unwrap();
    let id = create_organization::insert(&test.app, &mut tx, &SYSTEM, new, keeper, false).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// The text between two others.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1;
    rest.split_once(after).map_or(rest, |found| found.0)
}

/// The browser's challenge and the code that a demonstration shows, of the page after one asked for a code.
pub fn shown(page: &Page) -> (String, String) {
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    let challenge = between(between(&text, "name=\"challenge\"", ">"), "value=\"", "\"").to_owned();
    (challenge, digits(&text).unwrap_or_default())
}

fn digits(text: &str) -> Option<String> {
    let alert = text.split_once("jm-alert")?.1;
    let code: Vec<&str> = alert.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 6).collect();
    code.first().map(|code| (*code).to_owned())
}

impl Scene {
    /// The code of a letter to an organisation.
    pub async fn letter(&self, organization: OrganizationId) -> String {
        let made = self.desk.form(&format!("/work/organizations/{organization}/letter"), &[]).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let page = self.desk.get(&made.location()).await.text();
        between(&page, "/claim/", "\"").to_owned()
    }

    /// Somebody who came in by a letter and a code to their number.
    pub async fn join(&self, ticket: &str, mobile: &str) -> Client {
        let phone = self.try_join(ticket, mobile).await;
        phone.unwrap_or_else(|| panic!("{mobile} did not come in with {ticket}"))
    }

    /// The same, where it may not work.
    pub async fn try_join(&self, ticket: &str, mobile: &str) -> Option<Client> {
        let mut phone = self.test.nobody();
        let fields = [("mobile", mobile), ("ticket", ticket), ("next", "/claims")];
        let (challenge, code) = shown(&phone.form("/sign-in/code", &fields).await);
        if code.is_empty() {
            return None;
        }
        let entered = phone.form("/sign-in/code/enter", &[("challenge", &challenge), ("code", &code)]).await;
        phone.keep(&entered);
        (entered.status == 303).then_some(phone)
    }

    /// A claim begun with a letter.
    pub async fn begin(&self, phone: &Client, letter: &str) -> String {
        let begun = phone.form(&format!("/claim/{letter}"), &[]).await;
        assert_eq!(begun.status, 303, "{}", begun.text());
        between(&begun.location(), "/claims/", "?").to_owned()
    }

    /// Sends a claim in with both papers.
    pub async fn send(&self, phone: &Client, claim: &str, change: &[(&str, &str)]) -> Page {
        let mut fields = vec![
            ("name", "赵明"),
            ("role", "authorised"),
            ("uscc", USCC),
            ("representative", "钱立"),
            ("valid_until", "2027-06-18"),
        ];
        for (name, value) in change {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        let files = [("license", "执照.png", PNG), ("authorisation", "授权.png", PNG)];
        phone.multipart(&format!("/claims/{claim}"), &fields, &files).await
    }

    /// The whole way of a claimant, up to the check.
    pub async fn claimed(&self, mobile: &str) -> (Client, String) {
        let letter = self.letter(self.member).await;
        let phone = self.join(&letter, mobile).await;
        let claim = self.begin(&phone, &letter).await;
        let sent = self.send(&phone, &claim, &[]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        (phone, claim)
    }

    pub async fn decide(&self, by: &Client, claim: &str, outcome: &str) -> Page {
        self.decide_as(by, claim, outcome, "take_over").await
    }

    pub async fn decide_as(&self, by: &Client, claim: &str, outcome: &str, kind: &str) -> Page {
        let fields = [("outcome", outcome), ("kind", kind), ("opinion", "核对无误")];
        by.form(&format!("/work/claims/{claim}/decide"), &fields).await
    }

    /// An administrator of the member who came by a claim.
    pub async fn administrator(&self, mobile: &str) -> Client {
        let (phone, claim) = self.claimed(mobile).await;
        let decided = self.decide(&self.desk, &claim, "approve").await;
        assert_eq!(decided.status, 303, "{}", decided.text());
        phone
    }

    /// Somebody who signs in with a number that has an account.
    pub async fn sign_in(&self, mobile: &str) -> Option<Client> {
        self.try_join("", mobile).await
    }

    /// Whether somebody acts for the member.
    pub async fn acts(&self, phone: &Client) -> bool {
        phone.get(&format!("/work/organizations/{}/edit", self.member)).await.status == 200
    }

    pub async fn state(&self, claim: &str) -> String {
        let page = self.desk.get(&format!("/api/v1/claims/{claim}")).await;
        page.json()["state"].as_str().unwrap().to_owned()
    }

    pub fn wait(&self, seconds: i64) {
        self.test.app.clock.advance_seconds(seconds);
    }

    /// How often an action stands in the record of an object.
    pub async fn recorded(&self, action: &str) -> usize {
        let filter = record::Filter { action: Some(action.into()), ..Default::default() };
        let page = jinmen_core::PageRequest { after: None, limit: Some(200) };
        record::list(&self.test.app.db, &filter, &page).await.unwrap().items.len()
    }
}
