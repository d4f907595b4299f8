//! A district with two officers, an enterprise, another office and another enterprise.

use jinmen_core::{Actor, OrganizationId, Period, Role, Text2};
use module::testing::{Client, TestApp, each_app};
use policy::model::PolicyId;
use registry::dictionary::dictionary;
use registry::model::{NewFact, NewOrganization, Source};
use registry::ops::{create_organization, record_facts};

pub const SYSTEM: Actor = Actor::System("test");

/// A policy of two clauses, one with a threshold, one with a question that no file answers.
pub const TEXT: &str = "policy: 数字经济演示办法
facts:
  revenue: {registry: annual_revenue}
  area: {type: int, min: 0, zh: 租用面积, en: area rented}
  receipts: {type: receipts, unit: yuan}
parameters:
  threshold: {values: [{from: 2021-01-01, value: wan(1000)}]}
  award: {values: [{from: 2021-01-01, value: wan(10)}]}
clauses:
- id: A
  title: 营收奖励
  conditions:
  - {zh: 上年营收不低于门槛, en: revenue at or above the threshold, when: 'revenue[last_year] >= threshold'}
  amount: award
  cases:
  - {as_of: 2026-06-30, facts: {revenue: {2025: 10000000}}, eligible: true, amount: 100000}
  - {as_of: 2026-06-30, facts: {revenue: {2025: 9999999}}, eligible: false}
- id: B
  title: 房租补贴
  once: {zh: 一次性, en: once}
  conditions:
  - {zh: 租用面积超过100平方米, en: more than 100 square metres, when: area > 100}
  amount: yuan(5000)
  cases:
  - {as_of: 2026-06-30, facts: {area: 101, receipts: []}, eligible: true, amount: 5000}
";

pub struct Town {
    pub test: TestApp,
    pub office: OrganizationId,
    pub firm: OrganizationId,
    pub officer: Client,
    pub second: Client,
    pub enterprise: Client,
    pub other_officer: Client,
    pub other_enterprise: Client,
    pub other_firm: OrganizationId,
}

pub async fn each_town(body: impl AsyncFn(Town)) {
    let modules = [registry::module(), payments::module(), calls::module(), policy::module()];
    each_app(&modules, async |test| body(build(test).await).await).await;
}

async fn build(test: TestApp) -> Town {
    let office = organization(&test, "河西区演示局", "government").await;
    let other_office = organization(&test, "河东区演示局", "government").await;
    let firm = organization(&test, "天津数聚演示科技有限公司", "enterprise").await;
    let other_firm = organization(&test, "天津云帆演示科技有限公司", "enterprise").await;
    let officer = test.person("guanyuan", Role::DistrictOfficer, Some(office)).await;
    let second = test.person("fuhe", Role::DistrictOfficer, Some(office)).await;
    let other_officer = test.person("tachu", Role::DistrictOfficer, Some(other_office)).await;
    let enterprise = test.person("qiye", Role::EnterpriseAdmin, Some(firm)).await;
    let other_enterprise = test.person("taqi", Role::EnterpriseAdmin, Some(other_firm)).await;
    Town { test, office, firm, officer, second, enterprise, other_officer, other_enterprise, other_firm }
}

pub async fn organization(test: &TestApp, name: &str, kind: &str) -> OrganizationId {
    let new = NewOrganization {
        uscc: None,
        name: Text2::zh(name),
        kind: kind.into(),
        society_level: None,
        intro: Text2::default(),
    };
    let mut tx = test.app.db.begin().await.unwrap();
    let id = create_organization::insert(&test.app, &mut tx, &SYSTEM, new, None, false).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Writes the revenue of 2025, in units of ten thousand yuan.
pub async fn revenue(test: &TestApp, id: OrganizationId, wan: &str) {
    let key = dictionary().get("annual_revenue").unwrap();
    let fact = NewFact {
        value: registry::forms::value_from(key, wan, test.app.clock.today()).unwrap(),
        key,
        period: Period::year(2025).unwrap(),
        source: Source::Verified,
        source_note: String::new(),
        source_object: None,
    };
    let mut tx = test.app.db.begin().await.unwrap();
    record_facts::insert(&test.app, &mut tx, &SYSTEM, &id.into(), vec![fact]).await.unwrap();
    tx.commit().await.unwrap();
}

impl Town {
    /// Begins a policy and keeps a text.
    pub async fn drafted(&self, text: &str) -> PolicyId {
        let fields =
            [("title_zh", "数字经济演示办法"), ("issuer", "河西区演示局"), ("level", "district"), ("topic", "digital")];
        let page = self.officer.form("/work/policies", &fields).await;
        assert_eq!(page.status, 303, "{}", page.text());
        let place = page.location();
        let id: PolicyId = place.split('/').nth(3).unwrap().parse().unwrap();
        let kept = self.keep(id, "0", text, "上年营收达到1000万元的企业，给予10万元奖励。").await;
        assert_eq!(kept.status, 303, "{}", kept.text());
        id
    }

    pub async fn keep(&self, id: PolicyId, seen: &str, text: &str, sentence: &str) -> module::testing::Page {
        let fields = [
            ("clause_id", "A"),
            ("clause_zh", sentence),
            ("clause_en", ""),
            ("clause_id", "B"),
            ("clause_zh", "租用园区房屋超过100平方米的，一次性补贴5000元。"),
            ("clause_en", ""),
            ("text", text),
            ("seen", seen),
        ];
        self.officer.form(&format!("/work/policies/{id}/text"), &fields).await
    }

    pub async fn step(&self, who: &Client, id: PolicyId, step: &str, fields: &[(&str, &str)]) -> module::testing::Page {
        who.form(&format!("/work/policies/{id}/steps/{step}"), fields).await
    }

    /// A month passes: comments end, and everybody signs in anew.
    pub async fn month(&mut self) {
        self.test.app.clock.advance_seconds(31 * 86_400);
        policy::ops::life::end_comments(&self.test.app).await.unwrap();
        let test = self.test.clone();
        for client in [
            &mut self.officer,
            &mut self.second,
            &mut self.enterprise,
            &mut self.other_officer,
            &mut self.other_enterprise,
        ] {
            *client = test.again(client).await;
        }
    }

    /// Takes a draft to its publication.
    pub async fn published(&mut self, text: &str) -> PolicyId {
        let id = self.drafted(text).await;
        let took = |page: module::testing::Page| assert_eq!(page.status, 303, "{}", page.text());
        took(self.step(&self.officer, id, "draft", &[]).await);
        took(self.step(&self.officer, id, "comment", &[("until", "2026-07-18")]).await);
        self.month().await;
        took(self.step(&self.officer, id, "summary", &[("opinion", "未收到意见")]).await);
        let review = [("basis", "第八条至第十条"), ("result", "clean"), ("opinion", "无")];
        took(self.step(&self.second, id, "fairness", &review).await);
        took(self.step(&self.second, id, "legality", &[("opinion", "合法")]).await);
        let vote = [("entitled", "9"), ("present", "7"), ("for_it", "6"), ("against", "0"), ("abstained", "1")];
        took(self.step(&self.officer, id, "decision", &vote).await);
        let issue = [
            ("doc_no", "演示〔2026〕1号"),
            ("on", "2026-07-20"),
            ("from", "2026-07-01"),
            ("to", "2028-12-31"),
            ("disclosure", "published"),
        ];
        took(self.step(&self.officer, id, "issue", &issue).await);
        took(self.step(&self.officer, id, "publish", &[]).await);
        id
    }
}
