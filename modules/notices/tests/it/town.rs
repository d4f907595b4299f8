//! An alliance with a secretary and members, each with somebody who acts for it.

use axum::http::Method;
use jinmen_core::{Actor, OrganizationId, Role, Text2};
use module::testing::{Client, TestApp, each_app};
use registry::model::NewOrganization;
use registry::ops::{create_organization, relate};
use serde_json::{Value, json};

pub const SYSTEM: Actor = Actor::System("test");

pub struct Town {
    pub test: TestApp,
    pub alliance: OrganizationId,
    pub desk: Client,
    pub members: Vec<(OrganizationId, Client)>,
}

/// A town with so many members; the last of them has nobody who acts for it where `one_bare`.
pub async fn each_town(members: usize, body: impl AsyncFn(Town)) {
    let modules = [registry::module(), notices::module()];
    each_app(&modules, async |test| body(build(test, members).await).await).await;
}

async fn build(test: TestApp, members: usize) -> Town {
    let alliance = organization(&test, "天津演示联盟", "alliance", None).await;
    let desk = test.person("mishu", Role::Secretariat, Some(alliance)).await;
    let mut all = Vec::new();
    for at in 0..members {
        let id = member(&test, alliance, &format!("天津第{at:03}演示有限公司")).await;
        let admin = test.person(&format!("admin{at}"), Role::EnterpriseAdmin, Some(id)).await;
        all.push((id, admin));
    }
    Town { test, alliance, desk, members: all }
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

impl Town {
    /// Sends a circular to all members; its identifier.
    pub async fn send(&self, more: Value) -> String {
        let mut body = json!({ "title": "年中会议通知", "body": "请派一人参加。\n地点另告。", "asks": "receipt" });
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        let sent = self.desk.json(Method::POST, "/api/v1/circulars", &body, &[]).await;
        assert_eq!(sent.status, 201, "{}", sent.text());
        sent.json()["id"].as_str().unwrap().to_owned()
    }

    pub async fn counts(&self, id: &str) -> Value {
        self.desk.get(&format!("/api/v1/circulars/{id}")).await.json()["counts"].clone()
    }

    /// Unread notices in somebody's inbox.
    pub async fn unread(&self, client: &Client) -> i64 {
        notify::unread_count(&self.test.app.db, client.person.unwrap()).await.unwrap()
    }
}
