//! An alliance, a district office, two firms, a person, and the others who must not see what is theirs.

use jinmen_core::{Actor, OrganizationId, Period, Role, Text2};
use module::testing::{Client, Page, TestApp, each_app};
use registry::dictionary::dictionary;
use registry::model::{NewFact, NewOrganization, Source};
use registry::ops::{create_organization, record_facts};

pub const SYSTEM: Actor = Actor::System("test");
pub const USCC: &str = "91350100M000100Y43";

pub struct Town {
    pub test: TestApp,
    pub office: OrganizationId,
    pub firm: OrganizationId,
    pub officer: Client,
    pub second: Client,
    pub supervisor: Client,
    pub other_office: OrganizationId,
    pub other_officer: Client,
    pub enterprise: Client,
    pub handler: Client,
    pub other_firm: OrganizationId,
    pub other_enterprise: Client,
    pub talent: Client,
    pub other_talent: Client,
    pub auditor: Client,
}

pub async fn each_town(body: impl AsyncFn(Town)) {
    let modules = [registry::module(), payments::module(), calls::module()];
    each_app(&modules, async |test| body(build(test).await).await).await;
}

async fn build(test: TestApp) -> Town {
    let office = organization(&test, "河西区演示局", "government", None).await;
    let other_office = organization(&test, "河东区演示局", "government", None).await;
    let firm = organization(&test, "天津数聚演示科技有限公司", "enterprise", Some(USCC)).await;
    let other_firm = organization(&test, "天津云帆演示科技有限公司", "enterprise", None).await;
    let person = async |name: &str, role, organization| test.person(name, role, organization).await;
    Town {
        officer: person("guanyuan", Role::DistrictOfficer, Some(office)).await,
        second: person("fuhe", Role::DistrictOfficer, Some(office)).await,
        supervisor: person("jiandu", Role::Supervisor, Some(office)).await,
        other_officer: person("tachu", Role::DistrictOfficer, Some(other_office)).await,
        enterprise: person("qiye", Role::EnterpriseAdmin, Some(firm)).await,
        handler: person("jingban", Role::EnterpriseHandler, Some(firm)).await,
        other_enterprise: person("taqi", Role::EnterpriseAdmin, Some(other_firm)).await,
        talent: person("rencai", Role::Talent, None).await,
        other_talent: person("taren", Role::Talent, None).await,
        auditor: person("shenji", Role::AuditAdmin, None).await,
        test,
        office,
        firm,
        other_office,
        other_firm,
    }
}

pub async fn organization(test: &TestApp, name: &str, kind: &str, uscc: Option<&str>) -> OrganizationId {
    let new = NewOrganization {
        uscc: uscc.map(|code| code.parse().unwrap()),
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

/// Writes a fact of a firm; of the year 2025 where the key has years.
pub async fn fact(test: &TestApp, id: OrganizationId, key: &str, text: &str) {
    let key = dictionary().get(key).unwrap();
    let fact = NewFact {
        value: registry::forms::value_from(key, text, test.app.clock.today()).unwrap(),
        key,
        period: if key.by_year { Period::year(2025).unwrap() } else { Period::ALWAYS },
        source: Source::Verified,
        source_note: String::new(),
        source_object: None,
    };
    let mut tx = test.app.db.begin().await.unwrap();
    record_facts::insert(&test.app, &mut tx, &SYSTEM, &id.into(), vec![fact]).await.unwrap();
    tx.commit().await.unwrap();
}

/// A small form: two bound questions, one that hangs on another, rows, a file, a secret, a commitment.
pub fn schema() -> serde_json::Value {
    serde_json::json!({
        "type": "object",
        "properties": {
            "name_zh": { "x-fact": "name_zh" },
            "headcount": { "x-fact": "headcount" },
            "revenue": { "x-fact": "annual_revenue" },
            "kind": { "type": "string", "title": "项目类别", "oneOf": [
                { "const": "new", "title": "新项目" }, { "const": "old", "title": "续建项目" } ] },
            "last": { "type": "string", "title": "上年项目编号", "x-when": { "field": "kind", "is": "old" } },
            "summary": { "type": "string", "title": "项目简介", "x-lines": true, "maxLength": 500 },
            "team": { "type": "array", "title": "团队成员", "maxItems": 5, "items": { "type": "object",
                "required": ["name"], "x-order": ["name", "mobile"], "properties": {
                    "name": { "type": "string", "title": "姓名", "maxLength": 30 },
                    "mobile": { "type": "string", "title": "手机", "format": "mobile" } } } },
            "account": { "type": "string", "title": "收款账号", "format": "account" },
            "plan": { "type": "array", "title": "项目方案", "maxItems": 2, "x-file": { "accept": ".pdf", "most_mb": 1 } },
            "sure": { "type": "boolean", "title": "承诺属实" }
        },
        "required": ["name_zh", "headcount", "revenue", "kind", "last", "summary", "account", "sure"],
        "x-sections": [
            { "key": "unit", "title": "申请单位", "fields": ["name_zh", "headcount", "revenue"] },
            { "key": "project", "title": "项目", "fields": ["kind", "last", "summary", "team", "plan"] },
            { "key": "end", "title": "其他", "fields": ["account", "sure"] }
        ]
    })
}

pub const PDF: &[u8] = b"%PDF-1.7 demonstration";

/// Stages of a call as its set-up form has them.
pub const STAGES: &str = "check | check | 受理 | Check | 5\nreview | first | 初审 | Review | 10 | not_by=check\n\
                          decision | council | 集体审议 | Decision | 20";

impl Town {
    /// Begins a call of a template and gives it the small form and stages; it is not out yet.
    pub async fn drafted(&self, change: &[(&str, &str)]) -> String {
        let fields = [("title_zh", "2026年演示项目申报"), ("closes_on", "2026-06-30"), ("telephone", "022-00000000")];
        let page = self.officer.form("/work/calls/new/plain", &fields).await;
        assert_eq!(page.status, 303, "{}", page.text());
        let id = page.location().rsplit('/').next().unwrap().to_owned();
        let kept = self.keep_form(&id, &schema()).await;
        assert_eq!(kept.status, 303, "{}", kept.text());
        let set = self.arrange(&id, change).await;
        assert_eq!(set.status, 303, "{}", set.text());
        id
    }

    pub async fn keep_form(&self, id: &str, schema: &serde_json::Value) -> Page {
        let version = self.version(id).await;
        let text = schema.to_string();
        self.officer.form(&format!("/work/calls/{id}/form?seen={version}"), &[("schema", &text)]).await
    }

    pub async fn arrange(&self, id: &str, change: &[(&str, &str)]) -> Page {
        let mut fields = vec![
            ("applicants", "either"),
            ("most", "1"),
            ("correction_days", "5"),
            ("stages", STAGES),
            ("outcome", "nothing"),
        ];
        for (name, value) in change {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        let version = self.version(id).await;
        self.officer.form(&format!("/work/calls/{id}/setup?seen={version}"), &fields).await
    }

    /// The version of a call, as the forms of the office carry it.
    pub async fn version(&self, id: &str) -> String {
        let page = self.officer.get(&format!("/work/calls/{id}/setup")).await.text();
        let rest = page.split("/setup?seen=").nth(1).unwrap_or_else(|| panic!("no version in {page}"));
        rest.split(['&', '"']).next().unwrap().to_owned()
    }

    /// A call that is out.
    pub async fn published(&self, change: &[(&str, &str)]) -> String {
        let id = self.drafted(change).await;
        let out = self.officer.form(&format!("/work/calls/{id}/publish"), &[]).await;
        assert_eq!(out.status, 303, "{}", out.text());
        id
    }

    /// The same by somebody else, as after the clock went on.
    pub async fn published_as(&self, officer: &Client, change: &[(&str, &str)]) -> String {
        let fields = [("title_zh", "2026年第二次演示项目申报"), ("telephone", "022-00000000")];
        let page = officer.form("/work/calls/new/plain", &fields).await;
        assert_eq!(page.status, 303, "{}", page.text());
        let id = page.location().rsplit('/').next().unwrap().to_owned();
        let mut all = vec![("most", "1"), ("correction_days", "5")];
        all.extend_from_slice(change);
        let version = officer.get(&format!("/work/calls/{id}/setup")).await.text();
        let version = version.split("/setup?seen=").nth(1).unwrap().split(['&', '"']).next().unwrap().to_owned();
        let set = officer.form(&format!("/work/calls/{id}/setup?seen={version}"), &all).await;
        assert_eq!(set.status, 303, "{}", set.text());
        let out = officer.form(&format!("/work/calls/{id}/publish"), &[]).await;
        assert_eq!(out.status, 303, "{}", out.text());
        id
    }

    /// Begins an application; its identifier.
    pub async fn begun(&self, who: &Client, call: &str) -> String {
        let page = who.form("/work/own-applications", &[("call", call)]).await;
        assert_eq!(page.status, 303, "{}", page.text());
        page.location().split('/').nth(3).unwrap().to_owned()
    }

    pub async fn save(&self, who: &Client, id: &str, fields: serde_json::Value) -> Page {
        let path = format!("/work/own-applications/{id}/answers");
        who.json(axum::http::Method::PUT, &path, &fields, &[]).await
    }

    pub async fn submit(&self, who: &Client, id: &str) -> Page {
        who.form(&format!("/work/own-applications/{id}/submit"), &[]).await
    }

    /// An application of the firm with everything answered, not handed in.
    pub async fn filled(&self, call: &str) -> String {
        let id = self.begun(&self.enterprise, call).await;
        let saved = self.save(&self.enterprise, &id, answers()).await;
        assert_eq!(saved.status, 200, "{}", saved.text());
        id
    }

    /// The same, handed in.
    pub async fn handed_in(&self, call: &str) -> String {
        let id = self.filled(call).await;
        let page = self.submit(&self.enterprise, &id).await;
        assert_eq!(page.status, 303, "{}", page.text());
        id
    }

    /// What waits for somebody: kinds of task with their values.
    pub async fn tasks(&self, who: &Client) -> String {
        let page = cases::tasks_for(&self.test.app.db, &who.actor, &Default::default()).await.unwrap();
        page.items.iter().map(|task| format!("{} {}\n", task.kind, task.args)).collect()
    }

    /// What somebody was told, newest first.
    pub async fn told(&self, who: &Client) -> Vec<String> {
        let page = notify::inbox(&self.test.app.db, who.person.unwrap(), false, &Default::default()).await.unwrap();
        page.items.into_iter().map(|notice| notice.message_key).collect()
    }

    pub async fn step(&self, who: &Client, id: &str, step: &str, fields: &[(&str, &str)]) -> Page {
        who.form(&format!("/work/applications/{id}/steps/{step}"), fields).await
    }
}

pub fn answers() -> serde_json::Value {
    serde_json::json!({
        "headcount": "120", "revenue": "1200", "kind": "new", "summary": "演示项目", "account": "6222 0200 0000 1234",
        "sure": "yes", "team.0.name": "王明", "team.0.mobile": "13812345678",
    })
}
