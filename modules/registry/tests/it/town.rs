//! A small town: an alliance with its secretariat, a member with its administrator, another alliance.

use jinmen_core::{Actor, OrganizationId, Role, Text2};
use module::testing::{Client, TestApp, each_app};
use registry::model::NewOrganization;
use registry::ops::{create_organization, relate};

pub const SYSTEM: Actor = Actor::System("test");

pub struct Town {
    pub test: TestApp,
    pub alliance: OrganizationId,
    pub member: OrganizationId,
    pub secretariat: Client,
    pub enterprise: Client,
    pub stranger: Client,
}

pub async fn each_town(body: impl AsyncFn(Town)) {
    each_app(&[registry::module()], async |test| body(build(test).await).await).await;
}

async fn build(test: TestApp) -> Town {
    let alliance = organization(&test, "天津演示联盟", "alliance", None, None).await;
    let other_alliance = organization(&test, "河北演示联盟", "alliance", None, None).await;
    let member =
        organization(&test, "天津数聚演示科技有限公司", "enterprise", Some("91350100M000100Y43"), Some(alliance)).await;
    let mut tx = test.app.db.begin().await.unwrap();
    let new = relate::NewRelation { kind: "member_of".into(), grade: "council".into(), ..Default::default() };
    relate::insert(&test.app, &mut tx, &SYSTEM, member, alliance, &new).await.unwrap();
    tx.commit().await.unwrap();
    let secretariat = test.person("mishu", Role::Secretariat, Some(alliance)).await;
    let enterprise = test.person("qiye", Role::EnterpriseAdmin, Some(member)).await;
    let stranger = test.person("moshengren", Role::Secretariat, Some(other_alliance)).await;
    Town { test, alliance, member, secretariat, enterprise, stranger }
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
