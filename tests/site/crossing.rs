//! Identifiers swapped between organisations: whatever somebody puts into the address of whatever route, they read
//! nothing of, and change nothing in, what others keep.

use std::collections::BTreeSet;
use std::io::Read;

use axum::body::Body;
use axum::http::{Method, Request, header};
use jinmen_core::{OrganizationId, PageRequest, Role};
use module::testing::{Client, Page};
use module::{RouteInfo, RouteKind};
use serde_json::json;

use super::scene::{Scene, each_scene, organization};

/// Stands in everything that others keep, and nowhere else.
const SECRET: &str = "甲盟密件";
const MOBILE: &str = "13912345678";

/// Everything with an identifier that two alliances keep, asked for as it lies in the database.
const KEPT: [&str; 23] = [
    "SELECT id FROM organization ORDER BY id DESC LIMIT 2",
    "SELECT id FROM person ORDER BY id DESC LIMIT 2",
    "SELECT id FROM fact ORDER BY id DESC LIMIT 2",
    "SELECT id FROM relation ORDER BY id DESC LIMIT 2",
    "SELECT id FROM contact_point ORDER BY id DESC LIMIT 2",
    "SELECT id FROM file ORDER BY id DESC LIMIT 2",
    "SELECT id FROM claim ORDER BY id DESC LIMIT 2",
    "SELECT id FROM claim_letter ORDER BY id DESC LIMIT 2",
    "SELECT id FROM circular ORDER BY id DESC LIMIT 2",
    "SELECT id FROM policy ORDER BY id DESC LIMIT 2",
    "SELECT id FROM plan ORDER BY id DESC LIMIT 2",
    "SELECT id FROM plan_indicator ORDER BY id DESC LIMIT 2",
    "SELECT id FROM plan_task ORDER BY id DESC LIMIT 2",
    "SELECT id FROM payment_item ORDER BY id DESC LIMIT 2",
    "SELECT id FROM payment ORDER BY id DESC LIMIT 2",
    "SELECT id FROM comment ORDER BY id DESC LIMIT 2",
    "SELECT id FROM account ORDER BY id DESC LIMIT 2",
    "SELECT id FROM saved_view ORDER BY id DESC LIMIT 2",
    "SELECT id FROM import ORDER BY id DESC LIMIT 2",
    "SELECT id FROM task ORDER BY id DESC LIMIT 2",
    "SELECT id FROM notice ORDER BY id DESC LIMIT 2",
    "SELECT id FROM job ORDER BY id DESC LIMIT 2",
    "SELECT id FROM role_grant ORDER BY id DESC LIMIT 2",
];

impl Scene {
    async fn identifiers(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for sql in KEPT {
            let rows: Vec<(String,)> = self.test.app.db.list(sql, Vec::new()).await.unwrap();
            assert!(!rows.is_empty(), "there is none to try: {sql}");
            all.extend(rows.into_iter().map(|row| row.0));
        }
        all
    }

    /// What one alliance keeps: a member with facts, contacts, a document, comments; a person; an import; a claim; a
    /// circular with an answer asked for; dues of which something is paid, with a paper.
    async fn furnish(&self) {
        let (desk, member) = (&self.desk, self.member);
        let path = format!("/work/organizations/{member}");
        let done = |page: Page| assert!(page.status.is_redirection(), "{}: {}", page.status, page.text());
        let facts = json!([{ "key": "main_business", "value": SECRET }]);
        let api = format!("/api/v1/organizations/{member}/facts");
        assert_eq!(desk.json(Method::POST, &api, &facts, &[]).await.status, 201);
        let contact = [("kind", "phone"), ("value", "022-12345678"), ("label", SECRET)];
        done(desk.form(&format!("{path}/contacts"), &contact).await);
        done(desk.form(&format!("{path}/comments"), &[("text", SECRET), ("audience", "internal")]).await);
        done(desk.form(&format!("{path}/tags"), &[("tag", SECRET)]).await);
        let pdf: &[u8] = b"%PDF-1.7 jia";
        let files = [("file", "甲盟密件.pdf", pdf)];
        done(desk.multipart(&format!("{path}/documents"), &[("purpose", "license")], &files).await);
        let person = json!({ "name_zh": SECRET, "resident_id": "11010519491231002X" });
        let person = desk.json(Method::POST, "/api/v1/people", &person, &[]).await;
        assert_eq!(person.status, 201, "{}", person.text());
        let employed = [("organization", "天津数聚演示科技有限公司"), ("kind", "employee"), ("title", SECRET)];
        let person = person.json()["id"].as_str().unwrap().to_owned();
        desk.form(&format!("/work/people/{person}/affiliations"), &employed).await;
        done(desk.upload("/work/imports", "甲盟密件.csv", "单位名称\n甲盟密件导入公司\n".as_bytes()).await);
        done(desk.form("/work/organizations/views", &[("name", SECRET), ("query", "grade=council")]).await);
        self.administrator(MOBILE).await;
        let circular = json!({ "title": SECRET, "body": SECRET, "asks": "receipt" });
        let sent = desk.json(Method::POST, "/api/v1/circulars", &circular, &[]).await;
        assert_eq!(sent.status, 201, "{}", sent.text());
        self.draft().await;
        let dues =
            json!({ "direction": "in", "subject": member.text(), "title": SECRET, "amount": 200, "note": SECRET });
        let owed = desk.json(Method::POST, "/api/v1/payments", &dues, &[]).await;
        assert_eq!(owed.status, 201, "{}", owed.text());
        let owed = format!("/work/payments/{}/payments", owed.json()["id"].as_str().unwrap());
        let paid = [("paid_on", "2026-06-18"), ("amount", "1"), ("payer", SECRET)];
        done(desk.multipart(&owed, &paid, &files).await);
        self.test.run_jobs().await;
    }
}

impl Scene {
    /// A draft of a policy with its words, and a plan.
    async fn draft(&self) {
        let desk = &self.desk;
        let policy = [("title_zh", SECRET), ("issuer", SECRET), ("level", "park"), ("topic", "other")];
        let begun = desk.form("/work/policies", &policy).await;
        assert!(begun.status.is_redirection(), "{}", begun.text());
        let text = [("clause_id", "A"), ("clause_zh", SECRET), ("clause_en", ""), ("text", SECRET), ("seen", "0")];
        assert!(desk.form(&begun.location(), &text).await.status.is_redirection());
        let plan = [("title_zh", SECRET), ("year_from", "2026"), ("year_to", "2030"), ("summary", SECRET)];
        let begun = desk.form("/work/plans", &plan).await;
        assert!(begun.status.is_redirection(), "{}", begun.text());
        let indicator = [("name", SECRET), ("unit", ""), ("base", "1"), ("target", "2")];
        assert!(desk.form(&format!("{}/indicators", begun.location()), &indicator).await.status.is_redirection());
        let task = [("title", SECRET), ("lead", SECRET)];
        assert!(desk.form(&format!("{}/tasks", begun.location()), &task).await.status.is_redirection());
    }
}

/// An address of a route with identifiers put in, the first into the first place.
fn filled(route: &RouteInfo, first: &str, second: &str) -> String {
    let mut places = [first, second].into_iter();
    let part = |part: &str| match part.starts_with('{') {
        true => places.next().unwrap_or(second).to_owned(),
        false => part.to_owned(),
    };
    route.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

async fn ask(who: &Client, route: &RouteInfo, path: &str) -> Page {
    let (kind, body) = match route.kind {
        RouteKind::Api => ("application/json", "{}"),
        RouteKind::Page => ("application/x-www-form-urlencoded", "opinion=x&text=x&outcome=approve&state=disabled"),
    };
    let request = Request::builder().method(route.method.clone()).uri(path).header(header::CONTENT_TYPE, kind);
    who.send(request.body(Body::from(body)).unwrap()).await
}

/// All the text of an answer, also what is packed in a workbook.
fn unpacked(page: &Page) -> String {
    let Ok(mut book) = zip::ZipArchive::new(std::io::Cursor::new(&page.bytes)) else { return page.text() };
    let mut text = String::new();
    for at in 0..book.len() {
        let mut part = String::new();
        if book.by_index(at).unwrap().read_to_string(&mut part).is_ok() {
            text.push_str(&part);
        }
    }
    text
}

/// Those who try: the office of another alliance, an enterprise of that alliance, somebody with nothing.
async fn strangers(scene: &Scene) -> (OrganizationId, Vec<Client>) {
    let foreign = organization(&scene.test, "河北演示联盟", "alliance", None, None).await;
    let firm = organization(&scene.test, "河北演示公司", "enterprise", None, Some(foreign)).await;
    let office = scene.test.person("hebei", Role::Secretariat, Some(foreign)).await;
    let admin = scene.test.person("hebei-gongsi", Role::EnterpriseAdmin, Some(firm)).await;
    (firm, vec![office, admin, scene.test.person("talent", Role::Talent, None).await])
}

/// What somebody did according to the record, but for coming in and what is their own.
async fn deeds(scene: &Scene, of: &Client, others: &BTreeSet<String>) -> Vec<String> {
    let account = of.actor.account().unwrap().text();
    let filter = record::Filter { account: Some(account), ..Default::default() };
    let page = PageRequest { after: None, limit: Some(200) };
    let entries = record::list(&scene.test.app.db, &filter, &page).await.unwrap().items;
    let about = entries.into_iter().filter(|entry| others.contains(&entry.object.id.to_string()));
    about.map(|entry| format!("{} {:?}", entry.action, entry.object)).collect()
}

#[tokio::test]
async fn no_identifier_of_others_opens_anything_on_any_route() {
    each_scene(async |scene| {
        scene.furnish().await;
        let others = scene.identifiers().await;
        let (own, people) = strangers(&scene).await;
        let own = own.text();
        assert!(others.len() > 12, "{others:?}");
        // Who may see what is decided above the database: on the second one half of them is enough.
        let step = if scene.test.app.db.dialect() == store::Dialect::Postgres { 2 } else { 1 };
        let mut seen_by_the_desk = BTreeSet::new();
        for route in scene.test.app.routes.iter().filter(|route| route.path.contains('{')) {
            for id in others.iter().filter(|_| route.reads()) {
                if unpacked(&ask(&scene.desk, route, &filled(route, id, id)).await).contains(SECRET) {
                    seen_by_the_desk.insert(&route.path);
                }
            }
            let two = route.path.matches('{').count() > 1;
            for who in &people {
                for id in others.iter().step_by(step) {
                    // The other's thing under the other's name, and under one's own.
                    let mut paths = vec![filled(route, id, id)];
                    if two {
                        paths.extend([filled(route, &own, id), filled(route, &scene.member.text(), id)]);
                    }
                    for path in paths {
                        let page = ask(who, route, &path).await;
                        let name = format!(
                            "{} {path} by {:?}: {}",
                            route.method,
                            who.actor.hat().map(|hat| hat.role),
                            page.status
                        );
                        assert!(!page.status.is_server_error(), "{name}");
                        assert!(!unpacked(&page).contains(SECRET), "{name}");
                    }
                }
            }
        }
        assert!(seen_by_the_desk.len() >= 5, "those who keep it see it: {seen_by_the_desk:?}");
        for who in &people {
            let deeds = deeds(&scene, who, &others).await;
            assert!(deeds.is_empty(), "{deeds:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn no_list_and_no_export_shows_what_others_keep() {
    each_scene(async |scene| {
        scene.furnish().await;
        let (_, people) = strangers(&scene).await;
        let lists = scene.test.app.routes.iter().filter(|route| route.reads() && !route.path.contains('{'));
        let mut seen_by_the_desk = 0;
        for route in lists {
            let ours = ask(&scene.desk, route, &route.path).await;
            seen_by_the_desk += usize::from(unpacked(&ours).contains(SECRET));
            // A part of it is looked for, so that what one typed oneself and is shown again is not it.
            for query in
                ["", "?q=%E7%94%B2%E7%9B%9F", "?q=%E7%94%B2%E7%9B%9F&state=all&keeper=all&listed=all&limit=200"]
            {
                let path = format!("{}{query}", route.path);
                for who in people.iter().chain([&scene.test.nobody()]) {
                    let page = ask(who, route, &path).await;
                    assert!(!page.status.is_server_error(), "{path}: {}", page.status);
                    assert!(!unpacked(&page).contains(SECRET), "{path} shows it to {:?}", who.actor.hat());
                }
            }
        }
        assert!(seen_by_the_desk >= 3, "the secret stands in lists of those who keep it: {seen_by_the_desk}");
    })
    .await;
}
