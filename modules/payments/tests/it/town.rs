//! An alliance with a secretary and two members, each with somebody who acts for it; a district with an officer.

use axum::http::Method;
use jinmen_core::{Actor, OrganizationId, Role, Text2};
use module::testing::{Client, Page, TestApp, each_app};
use registry::model::NewOrganization;
use registry::ops::{create_organization, relate};
use serde_json::{Value, json};

pub const SYSTEM: Actor = Actor::System("test");
pub const API: &str = "/api/v1/payments";

pub struct Town {
    pub test: TestApp,
    pub alliance: OrganizationId,
    pub district: OrganizationId,
    pub desk: Client,
    pub officer: Client,
    pub member: OrganizationId,
    pub admin: Client,
    pub other: OrganizationId,
    pub other_admin: Client,
}

pub async fn each_town(body: impl AsyncFn(Town)) {
    each_app(&[registry::module(), payments::module()], async |test| body(build(test).await).await).await;
}

async fn build(test: TestApp) -> Town {
    let alliance = organization(&test, "天津演示联盟", "alliance", None).await;
    let district = organization(&test, "演示区大数据管理局", "government", None).await;
    let desk = test.person("mishu", Role::Secretariat, Some(alliance)).await;
    let officer = test.person("quban", Role::DistrictOfficer, Some(district)).await;
    let member = member(&test, alliance, "天津数聚演示科技有限公司").await;
    let admin = test.person("shuju", Role::EnterpriseAdmin, Some(member)).await;
    let other = self::member(&test, alliance, "天津另一演示有限公司").await;
    let other_admin = test.person("lingyi", Role::EnterpriseAdmin, Some(other)).await;
    Town { test, alliance, district, desk, officer, member, admin, other, other_admin }
}

pub async fn member(test: &TestApp, alliance: OrganizationId, name: &str) -> OrganizationId {
    let id = organization(test, name, "enterprise", Some(alliance)).await;
    let mut tx = test.app.db.begin().await.unwrap();
    let new = relate::NewRelation { kind: "member_of".into(), grade: "member".into(), ..Default::default() };
    relate::insert(&test.app, &mut tx, &SYSTEM, id, alliance, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn organization(test: &TestApp, name: &str, kind: &str, keeper: Option<OrganizationId>) -> OrganizationId {
    let new = NewOrganization {
        uscc: None,
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

/// The faults of an answer: field and code.
pub fn faults(page: &Page) -> Vec<String> {
    assert_eq!(page.status, 422, "{}", page.text());
    let known = page.json()["faults"].clone();
    known
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["field"].as_str().unwrap_or_default(), one["code"].as_str().unwrap()))
        .collect()
}

impl Town {
    /// Asks for an item; what it says.
    pub async fn ask(&self, who: &Client, more: Value) -> Page {
        let mut body = json!({
            "direction": "in", "subject": self.member.text(), "title": "2026 年度会费", "amount": 500_000,
            "granted_on": "2026-01-10",
        });
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        who.json(Method::POST, API, &body, &[]).await
    }

    /// Owes something by the office; its identifier.
    pub async fn owe(&self, more: Value) -> String {
        let page = self.ask(&self.desk, more).await;
        assert_eq!(page.status, 201, "{}", page.text());
        page.json()["id"].as_str().unwrap().to_owned()
    }

    pub async fn pay(&self, id: &str, amount: i64) -> Page {
        let body = json!({ "amount": amount, "payer": "天津数聚演示科技有限公司" });
        self.desk.json(Method::POST, &format!("{API}/{id}/payments"), &body, &[]).await
    }

    pub async fn item(&self, id: &str) -> Value {
        let page = self.desk.get(&format!("{API}/{id}")).await;
        assert_eq!(page.status, 200, "{}", page.text());
        page.json()
    }

    /// The identifier of the last payment of an item.
    pub async fn last_payment(&self, id: &str) -> String {
        self.item(id).await["payments"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Titles of what waits for somebody, with the days.
    pub async fn waiting(&self, who: &Client) -> Vec<(String, Option<String>)> {
        let page = jinmen_core::PageRequest::default();
        let tasks = cases::tasks_for(&self.test.app.db, &who.actor, &page).await.unwrap();
        tasks.items.into_iter().map(|task| (task.kind, task.due_on.map(|day| day.to_string()))).collect()
    }

    pub async fn recorded(&self, action: &str) -> usize {
        let filter = record::Filter { action: Some(action.into()), ..Default::default() };
        record::list(&self.test.app.db, &filter, &Default::default()).await.unwrap().items.len()
    }
}
