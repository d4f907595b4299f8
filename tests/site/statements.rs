//! How many statements a page costs: few, and as many with a thousand organisations as with ten.

use std::collections::BTreeMap;

use jinmen_core::codes::Uscc;
use jinmen_core::{OrganizationId, Role};
use module::RouteKind;
use module::testing::{Client, TestApp};

use crate::holds;
use crate::scene::{Scene, each_scene};

/// Statements of a public page, and of a list of the API.
const PUBLIC: u64 = 6;
/// Statements of a page of the workplace.
const WORKPLACE: u64 = 12;

/// Narrowed lists, and pages about one thing: `ORGANIZATION` and `PERSON` stand for one of the table.
const FURTHER: [&str; 24] = [
    "/organizations?kind=enterprise&grade=member",
    "/organizations?q=%E7%A7%91%E6%8A%80",
    "/organizations/ORGANIZATION",
    "/search?q=%E7%A7%91%E6%8A%80",
    "/search?q=keji",
    "/search?q=%E7%AC%AC7%E7%A7%91%E6%8A%80",
    "/claim?q=%E7%A7%91%E6%8A%80",
    "/api/v1/directory?q=%E7%A7%91%E6%8A%80&limit=50",
    "/api/v1/organizations?region=120103&industry=6513&limit=50",
    "/api/v1/organizations?q=%E7%A7%91%E6%8A%80&limit=5",
    "/api/v1/people?q=%E7%8E%8B&limit=5",
    "/api/v1/organizations/ORGANIZATION",
    "/api/v1/organizations/ORGANIZATION/facts",
    "/work/organizations?region=120103&industry=6513&kind=enterprise&listed=yes",
    "/work/organizations?q=%E7%A7%91%E6%8A%80",
    "/work/organizations/bulk?q=%E7%AC%AC7%E7%A7%91%E6%8A%80",
    "/work/organizations/ORGANIZATION",
    "/work/organizations/ORGANIZATION/edit",
    "/work/organizations/ORGANIZATION/facts",
    "/work/organizations/ORGANIZATION/handlers",
    "/work/payments?state=overdue&q=%E7%A7%91%E6%8A%80",
    "/work/people?q=%E7%8E%8B",
    "/work/people/PERSON",
    "/work/record?object=ORGANIZATION",
];

/// A table of members with a representative each.
fn table(rows: usize) -> Vec<u8> {
    let mut text = String::from("单位名称,统一社会信用代码,法定代表人,所在区域,行业代码,2025年营业收入,从业人数\r\n");
    for number in 0..rows {
        let code = Uscc::compose('9', '1', "120199", &format!("MA{number:06}")).unwrap();
        text.push_str(&format!(
            "天津演示第{number}科技有限公司,{code},王{number},120103,6513,{number}000,{number}\r\n"
        ));
    }
    text.into_bytes()
}

async fn fill(scene: &Scene, rows: usize) {
    let sent = scene.desk.upload("/work/imports", "members.csv", &table(rows)).await;
    let page = sent.location();
    scene.desk.form(&format!("{page}/check"), &[]).await;
    scene.test.run_jobs().await;
    scene.desk.form(&format!("{page}/run"), &[]).await;
    scene.test.run_jobs().await;
    let db = &scene.test.app.db;
    let (found,): (i64,) =
        db.one("SELECT COUNT(*) FROM organization WHERE import_id IS NOT NULL", vec![]).await.unwrap();
    assert_eq!(found, rows as i64);
    db.run("UPDATE organization SET listed = TRUE", vec![]).await.unwrap();
}

/// The statements of one answer, with nothing kept from the one before.
async fn cost(test: &TestApp, who: &Client, path: &str) -> u64 {
    test.app.db.begin().await.unwrap().commit().await.unwrap();
    let before = test.app.db.statements();
    let answer = who.get(path).await;
    // Nothing signs the record here, so that it has no checkpoint yet.
    let answered = answer.status.is_success() || answer.status.is_redirection() || path == "/record/checkpoint";
    assert!(answered, "{path}: {}", answer.status);
    test.app.db.statements() - before
}

/// The statements of every page and list.
async fn costs(scene: &Scene) -> BTreeMap<String, u64> {
    let test = &scene.test;
    let nobody = test.nobody();
    let mut people = vec![(Role::Secretariat, scene.desk.clone())];
    for role in [Role::DistrictOfficer, Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin] {
        people.push((role, test.person(role.code(), role, None).await));
    }
    people.push((Role::EnterpriseAdmin, test.person("qiye", Role::EnterpriseAdmin, Some(scene.member)).await));
    people.push((Role::Judge, test.person("pingwei", Role::Judge, None).await));
    let (mut found, mut too_many) = (BTreeMap::new(), Vec::new());
    for route in &test.app.routes {
        // One thing's pages are named below; an export reads all there is, page by page; so many are not changed at once.
        if route.method != "GET" || route.path.contains(['{', '.']) || route.path.ends_with("/bulk") {
            continue;
        }
        let who = match people.iter().find(|(role, _)| holds(route.permission, *role)) {
            _ if route.permission.public => &nobody,
            Some((_, who)) => who,
            None => panic!("nobody reads {}", route.path),
        };
        let most = if route.permission.public || route.kind == RouteKind::Api { PUBLIC } else { WORKPLACE };
        let cost = cost(test, who, &route.path).await;
        too_many.extend((cost > most).then(|| format!("{}: {cost}", route.path)));
        found.insert(route.path.clone(), cost);
    }
    let (organization, person): (String, String) = test
        .app
        .db
        .one(
            "SELECT organization_id, person_id FROM affiliation WHERE import_id IS NOT NULL ORDER BY id LIMIT 1",
            vec![],
        )
        .await
        .unwrap();
    assert!(organization.parse::<OrganizationId>().is_ok());
    for pattern in FURTHER {
        let path = pattern.replace("ORGANIZATION", &organization).replace("PERSON", &person);
        let inside = path.starts_with("/work/")
            || path.starts_with("/api/v1/organizations")
            || path.starts_with("/api/v1/people");
        let who = if path.starts_with("/work/record") {
            &people[4].1
        } else if inside {
            &scene.desk
        } else {
            &nobody
        };
        let most = if path.starts_with("/work/") { WORKPLACE } else { PUBLIC };
        let cost = cost(test, who, &path).await;
        too_many.extend((cost > most).then(|| format!("{path}: {cost}")));
        found.insert(pattern.to_owned(), cost);
    }
    assert!(too_many.is_empty(), "statements: {too_many:#?}");
    found
}

#[tokio::test]
async fn pages_cost_few_statements_and_as_many_with_ten_organisations_as_with_a_thousand() {
    let found = std::sync::Mutex::new(Vec::new());
    for rows in [10, 1_000] {
        each_scene(async |scene| {
            fill(&scene, rows).await;
            let cost = costs(&scene).await;
            found.lock().unwrap().push(cost);
        })
        .await;
    }
    let found = found.into_inner().unwrap();
    // SQLite and PostgreSQL with ten, SQLite and PostgreSQL with a thousand.
    assert_eq!(found[0], found[2]);
    assert_eq!(found[1], found[3]);
}
