//! An office with its supervisor, firms that entered a competition, judges, and others who must not see what is theirs.

use jinmen_core::{Actor, OrganizationId, Role, Text2};
use module::testing::{Client, Page, TestApp, each_app};
use registry::model::NewOrganization;
use registry::ops::create_organization;
use serde_json::json;

pub const SYSTEM: Actor = Actor::System("test");
/// Firms that entered.
pub const FIRMS: usize = 4;

pub struct Town {
    pub test: TestApp,
    pub office: OrganizationId,
    pub officer: Client,
    pub second: Client,
    pub supervisor: Client,
    pub other_officer: Client,
    pub other_supervisor: Client,
    pub auditor: Client,
    pub firms: Vec<(OrganizationId, Client)>,
    pub judges: Vec<Client>,
    pub other_judge: Client,
    pub call: String,
    pub applications: Vec<String>,
}

pub async fn each_town(body: impl AsyncFn(Town)) {
    let modules = [registry::module(), payments::module(), calls::module(), review::module()];
    each_app(&modules, async |test| body(build(test).await).await).await;
}

async fn build(test: TestApp) -> Town {
    let office = organization(&test, "河西区演示局", "government").await;
    let other = organization(&test, "河东区演示局", "government").await;
    let person = async |name: &str, role, organization| test.person(name, role, organization).await;
    let mut firms = Vec::new();
    for at in 1..=FIRMS {
        let firm = organization(&test, &format!("天津第{at}演示科技有限公司"), "enterprise").await;
        let client = person(&format!("qiye{at}"), Role::EnterpriseAdmin, Some(firm)).await;
        firms.push((firm, client));
    }
    let mut judges = Vec::new();
    for at in 1..=5 {
        judges.push(person(&format!("pingwei{at}"), Role::Judge, None).await);
    }
    let mut town = Town {
        officer: person("guanyuan", Role::DistrictOfficer, Some(office)).await,
        second: person("fuhe", Role::DistrictOfficer, Some(office)).await,
        supervisor: person("jiandu", Role::Supervisor, Some(office)).await,
        other_officer: person("tachu", Role::DistrictOfficer, Some(other)).await,
        other_supervisor: person("tajiandu", Role::Supervisor, Some(other)).await,
        auditor: person("shenji", Role::AuditAdmin, None).await,
        other_judge: person("tapingwei", Role::Judge, None).await,
        test,
        office,
        firms,
        judges,
        call: String::new(),
        applications: Vec::new(),
    };
    town.call = town.published(&[]).await;
    for at in 0..FIRMS {
        let one = town.entered(&town.call, at, &[]).await;
        town.applications.push(one);
    }
    town
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

fn schema() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": {
            "name_zh": { "x-fact": "name_zh" },
            "project_name": { "type": "string", "title": "项目名称", "maxLength": 100 },
            "summary": { "type": "string", "title": "项目简介", "x-lines": true, "maxLength": 500 },
            "members": { "type": "array", "title": "团队成员", "maxItems": 5, "items": { "type": "object",
                "required": ["name"], "x-order": ["name"], "properties": {
                    "name": { "type": "string", "title": "姓名", "maxLength": 30 } } } },
            "plan": { "type": "array", "title": "商业计划书", "maxItems": 2, "x-file": { "accept": ".pdf,.jpg", "most_mb": 1 } }
        },
        "required": ["name_zh", "project_name", "summary"],
        "x-sections": [
            { "key": "entrant", "title": "参赛主体", "fields": ["name_zh"] },
            { "key": "project", "title": "项目", "fields": ["project_name", "summary", "members", "plan"] }
        ]
    })
}

impl Town {
    /// A call that is out; `more` is said of it too.
    pub async fn published(&self, more: &[(&str, &str)]) -> String {
        let fields = [("title_zh", "2026年演示大赛"), ("closes_on", "2026-06-30"), ("telephone", "022-00000000")];
        let page = self.officer.form("/work/calls/new/plain", &fields).await;
        assert_eq!(page.status, 303, "{}", page.text());
        let id = page.location().rsplit('/').next().unwrap().to_owned();
        let seen = async |part: &str| {
            let page = self.officer.get(&format!("/work/calls/{id}/setup")).await.text();
            let version = page.split("/setup?seen=").nth(1).unwrap().split(['&', '"']).next().unwrap().to_owned();
            format!("/work/calls/{id}/{part}?seen={version}")
        };
        let kept = self.officer.form(&seen("form").await, &[("schema", &schema().to_string())]).await;
        assert_eq!(kept.status, 303, "{}", kept.text());
        let stages = "check | check | 资格审查 | Check | 5\nexperts | experts | 专家评审 | Experts | 15\n\
                      notice | notice | 公示 | Notice | 5";
        let setup = [
            ("applicants", "either"),
            ("most", "1"),
            ("correction_days", "5"),
            ("stages", stages),
            ("project", "project_name"),
            ("outcome", "award"),
            ("amount", "10"),
        ];
        let set = self.officer.form(&seen("setup").await, &[&setup, more].concat()).await;
        assert_eq!(set.status, 303, "{}", set.text());
        let out = self.officer.form(&format!("/work/calls/{id}/publish"), &[]).await;
        assert_eq!(out.status, 303, "{}", out.text());
        id
    }

    /// An entry of a firm that passed the check and waits for experts.
    pub async fn entered(&self, call: &str, at: usize, more: &[(&str, &str)]) -> String {
        let (_, firm) = &self.firms[at];
        let begun = firm.form("/work/own-applications", &[("call", call)]).await;
        assert_eq!(begun.status, 303, "{}", begun.text());
        let id = begun.location().split('/').nth(3).unwrap().to_owned();
        let number = at + 1;
        let mut answers = json!({
            "project_name": format!("演示项目{number}"),
            "summary": format!("天津第{number}演示科技有限公司自主研发，由王小{number}主持。"),
            "members.0.name": format!("王小{number}"),
        });
        for (name, value) in more {
            answers[*name] = (*value).into();
        }
        let path = format!("/work/own-applications/{id}/answers");
        let saved = firm.json(axum::http::Method::PUT, &path, &answers, &[]).await;
        assert_eq!(saved.status, 200, "{}", saved.text());
        let file = crate::desk::signed_jpeg(&format!("王小{number}"));
        let path = format!("/work/own-applications/{id}/files/plan");
        let up = firm.multipart(&path, &[], &[("file", "王小的照片.jpg", &file)]).await;
        assert_eq!(up.status, 303, "{}", up.text());
        let sent = firm.form(&format!("/work/own-applications/{id}/submit"), &[]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let fields = [("doing", "done"), ("opinion", "符合")];
        let step = self.officer.form(&format!("/work/applications/{id}/steps/check"), &fields).await;
        assert_eq!(step.status, 303, "{}", step.text());
        id
    }

    /// Takes all judges into the pool, once; their identifiers there.
    pub async fn pool(&self) -> Vec<String> {
        let known = self.experts().await;
        if !known.is_empty() {
            return known;
        }
        for (at, judge) in self.judges.iter().enumerate() {
            let person = judge.person.unwrap().text();
            let institution = format!("天津第{}演示大学", at + 1);
            let name = format!("评委{}", at + 1);
            let fields = [
                ("person", person.as_str()),
                ("name", &name),
                ("institution", &institution),
                ("kind", "technology"),
                ("fields", "ai、数据"),
                ("senior", "yes"),
            ];
            let page = self.officer.form("/work/experts/new", &fields).await;
            assert_eq!(page.status, 303, "{}", page.text());
        }
        self.experts().await
    }

    async fn experts(&self) -> Vec<String> {
        let page = self.officer.get("/api/v1/experts?limit=50").await.json();
        let mut all: Vec<(String, String)> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["name"].as_str().unwrap().to_owned(), one["id"].as_str().unwrap().to_owned()))
            .collect();
        all.sort();
        all.into_iter().map(|(_, id)| id).collect()
    }

    /// A round with its entries taken in and all judges seated, not asked yet.
    pub async fn round(&self, kind: &str, change: &[(&str, &str)]) -> String {
        let mut fields = vec![
            ("title_zh", "决赛"),
            ("due_on", "2026-06-20"),
            ("criteria", "technology | 技术 | Technology | 60\nmarket | 市场 | Market | 40"),
            ("trim", "one"),
            ("digits", "2"),
            ("ties", "revote"),
            ("giving", "panel"),
            ("prizes", "1 | 一等奖 | 100000\n2 | 二等奖 | 50000"),
        ];
        for (name, value) in change {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        let id = self.begun(&self.call, kind, &fields).await;
        let experts = self.pool().await;
        let panel = self.panels(&id).await.remove(0);
        let mut seats = vec![("panel", panel.as_str())];
        seats.extend(experts.iter().map(|id| ("expert", id.as_str())));
        self.desk(&id, "choose", &seats).await;
        id
    }

    /// A round of a call with its entries taken in.
    pub async fn begun(&self, call: &str, kind: &str, fields: &[(&str, &str)]) -> String {
        let begun = self.officer.form(&format!("/work/reviews/new?call={call}&kind={kind}"), fields).await;
        assert_eq!(begun.status, 303, "{}", begun.text());
        let id = begun.location().rsplit('/').next().unwrap().to_owned();
        self.desk(&id, "entries", &[]).await;
        id
    }

    /// The same, with every judge asked and come, and opened.
    pub async fn opened(&self, kind: &str, change: &[(&str, &str)]) -> String {
        let id = self.round(kind, change).await;
        self.come(&id).await;
        id
    }

    /// Every judge of a round is asked and comes; it is opened.
    pub async fn come(&self, id: &str) {
        let asked = self.officer.form(&format!("/work/reviews/{id}/invite"), &[]).await;
        assert_eq!(asked.status, 200, "{}", asked.text());
        for judge in &self.judges {
            let came = judge.form(&format!("/work/judging/{id}/accept"), &[("signed", "yes")]).await;
            assert_eq!(came.status, 303, "{}", came.text());
        }
        self.desk(id, "open", &[]).await;
        self.test.run_jobs().await;
    }

    /// Something that the office does with a round, and that works.
    pub async fn desk(&self, id: &str, what: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.officer.form(&format!("/work/reviews/{id}/{what}"), fields).await;
        assert_eq!(page.status, 303, "{what}: {}", page.text());
        page
    }

    pub async fn panels(&self, id: &str) -> Vec<String> {
        let round = self.officer.get(&format!("/api/v1/reviews/{id}")).await.json();
        round["panels"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Identifiers of the entries of a round by their codes.
    pub async fn entries(&self, id: &str) -> Vec<(String, String)> {
        let page = self.officer.get(&format!("/api/v1/reviews/{id}/entries?limit=200")).await.json();
        let one = |one: &serde_json::Value| {
            (one["code"].as_str().unwrap().to_owned(), one["id"].as_str().unwrap().to_owned())
        };
        page["items"].as_array().unwrap().iter().map(one).collect()
    }

    /// Locks a score of a judge.
    pub async fn lock(&self, judge: usize, round: &str, entry: &str, marks: (&str, &str)) -> Page {
        let body = json!({ "marks": { "technology": marks.0, "market": marks.1 }, "lock": true, "key": format!("{judge}-{entry}"),
                           "comment": format!("评语{judge}") });
        self.put(&self.judges[judge], round, entry, &body).await
    }

    pub async fn put(&self, who: &Client, round: &str, entry: &str, body: &serde_json::Value) -> Page {
        who.json(axum::http::Method::PUT, &format!("/api/v1/judging/{round}/entries/{entry}/score"), body, &[]).await
    }
}
