//! Every route × everybody, as `matrix.txt` says: pages, API, sheets, archives; and what mail and files tell.

use std::collections::BTreeSet;
use std::io::Read;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use module::RouteKind;
use module::testing::{Client, Page};

use crate::town::{PDF, Town, each_town};

/// Stands in what applicant and office keep to themselves.
const SECRETS: [&str; 3] = ["演示项目简介之密", "内部批注之密", "异议内容之密"];
/// The account as it was typed; it is sealed and shown masked.
const ACCOUNT: &str = "6222020000001234";
const STAGES: &str = "check | check | 受理 | Check | 5\nnotice | notice | 公示 | Public notice | 5";

struct Row {
    method: Method,
    path: &'static str,
    cells: Vec<bool>,
}

fn rows() -> Vec<Row> {
    let lines = include_str!("matrix.txt").lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        let mut words = line.split_whitespace();
        let (method, path) = (words.next().unwrap().parse().unwrap(), words.next().unwrap());
        Row { method, path, cells: words.map(|word| word == "+").collect() }
    };
    lines.map(row).collect()
}

/// What the places of addresses stand for.
struct Things {
    call: String,
    template: String,
    application: String,
    notice: String,
    objection: String,
    file: String,
    call_file: String,
    evidence: String,
    /// An application that is decided and archived.
    archived: String,
    /// A run of a list, and the line of the applicant in it, which was asked.
    run: String,
    line: String,
}

impl Things {
    /// An address of a route with what belongs into its places.
    fn fill(&self, path: &str) -> String {
        let own = match path {
            _ if path.starts_with("/call-files") || path.starts_with("/work/call-files") => &self.call_file,
            _ if path.contains("application-files") => &self.file,
            _ if path.contains("objection-files") => &self.evidence,
            _ if path.contains("/objections/{id}") => &self.objection,
            _ if path.contains("public-notices") => &self.notice,
            _ if path.contains("calls/{id}") => &self.call,
            _ if path.contains("/archive") => &self.archived,
            _ if path.contains("own-auto-grants") => &self.line,
            _ if path.contains("auto-grants/{id}") => &self.run,
            _ => &self.application,
        };
        // In the designer a field is a question; in an upload it is one for files.
        let field = if path.contains("own-applications") { "plan" } else { "summary" };
        path.replace("{id}", own)
            .replace("{line}", &self.line)
            .replace("{template}", &self.template)
            .replace("{application}", &self.application)
            .replace("{step}", "notice")
            .replace("{field}", field)
    }
}

/// A call with a sample; an application with a file, a note, a member of its team, under a notice with an objection; its
/// archive.
async fn furnish(town: &Town) -> Things {
    let call = town.published(&[("stages", STAGES)]).await;
    let done = |page: &Page| assert!(page.status.is_redirection() || page.status.is_success(), "{}", page.text());
    let sample = [("purpose", "attachment")];
    done(&town.officer.multipart(&format!("/work/calls/{call}/files"), &sample, &[("file", "样表.pdf", PDF)]).await);
    let application = town.filled(&call).await;
    done(&town.save(&town.enterprise, &application, serde_json::json!({ "summary": SECRETS[0] })).await);
    let own = format!("/work/own-applications/{application}");
    done(&town.enterprise.multipart(&format!("{own}/files/plan"), &[], &[("file", "方案.pdf", PDF)]).await);
    for member in ["rencai", "jingban"] {
        done(&town.enterprise.form(&format!("{own}/team"), &[("account", member), ("part", "member")]).await);
    }
    done(&town.submit(&town.enterprise, &application).await);
    let note = [("text", SECRETS[1]), ("audience", "internal")];
    done(&town.officer.form(&format!("/work/applications/{application}/say"), &note).await);
    done(&town.step(&town.officer, &application, "check", &[]).await);
    let fields = [("title", "公示名单"), ("basis", "规则"), ("id", &*application)];
    let begun = town.officer.form(&format!("/work/calls/{call}/notice"), &fields).await;
    done(&begun);
    let notice = begun.location().rsplit('/').next().unwrap().to_owned();
    let fields =
        [("application", &*application), ("name", "李实名"), ("telephone", "022-11112222"), ("text", SECRETS[2])];
    let path = format!("/public-notices/{notice}/objections");
    done(&town.other_talent.multipart(&path, &fields, &[("file", "证据.pdf", PDF)]).await);
    let other = town.published(&[]).await;
    let archived = town.handed_in(&other).await;
    done(&town.step(&town.officer, &archived, "check", &[("doing", "reject"), ("opinion", "不在范围内")]).await);
    done(&town.officer.form(&format!("/work/applications/{archived}/archive"), &[]).await);
    let (_, run, line) = crate::granting::asked(town).await;
    let one = async |sql: &'static str| -> String {
        let row: (String,) = town.test.app.db.one(sql, Vec::new()).await.unwrap();
        row.0
    };
    Things {
        objection: one("SELECT id FROM call_objection").await,
        file: one("SELECT id FROM file WHERE object_kind = 'call_application' AND purpose = 'plan'").await,
        call_file: one("SELECT id FROM file WHERE object_kind = 'call'").await,
        evidence: one("SELECT id FROM file WHERE object_kind = 'call_objection'").await,
        template: "plain".into(),
        archived,
        run,
        line,
        call,
        application,
        notice,
    }
}

/// Asks for an address with a body of which little comes: what is there says what is wrong with it.
async fn ask(who: &Client, row: &Row, kind: RouteKind, path: &str, call: &str) -> Page {
    let kind = match kind {
        RouteKind::Api => "application/json",
        RouteKind::Page if path.contains("/files") || path.ends_with("/objections") => {
            "multipart/form-data; boundary=x"
        }
        RouteKind::Page if row.method == Method::PUT => "application/json",
        RouteKind::Page => "application/x-www-form-urlencoded",
    };
    let body = match kind {
        _ if row.method == Method::PUT => serde_json::json!({ "summary": "x" }).to_string(),
        "application/json" => {
            serde_json::json!({ "answers": {}, "text": "x", "reason": "", "fields": ["summary"], "lines": [],
            "doing": "done", "call": call, "template": "none", "title_zh": "x", "applications": [], "title": "",
            "basis": "", "keep": true, "upheld": false, "findings": "", "answer": "", "application": "", "name": "",
            "telephone": "" })
            .to_string()
        }
        _ => format!("call={call}"),
    };
    let request = Request::builder().method(row.method.clone()).uri(path).header(header::CONTENT_TYPE, kind);
    who.send(request.body(Body::from(body)).unwrap()).await
}

/// All the text of an answer, also what is packed in a workbook or an archive, names and comments among it.
fn unpacked(page: &Page) -> String {
    let mut text = page.text();
    let Ok(mut book) = zip::ZipArchive::new(std::io::Cursor::new(&page.bytes)) else { return text };
    text.push_str(&String::from_utf8_lossy(book.comment()));
    for at in 0..book.len() {
        let mut part = Vec::new();
        let mut entry = book.by_index(at).unwrap();
        text.push_str(&entry.name().unwrap());
        if entry.read_to_end(&mut part).is_ok() {
            text.push_str(&String::from_utf8_lossy(&part));
        }
    }
    text
}

#[tokio::test]
async fn every_route_is_there_for_those_whom_the_matrix_names_and_for_nobody_else() {
    each_town(async |town| {
        let things = furnish(&town).await;
        let nobody = town.test.nobody();
        let people: [(&str, &Client); 8] = [
            ("nobody", &nobody),
            ("the applicant", &town.enterprise),
            ("another applicant", &town.other_enterprise),
            ("somebody of the team", &town.talent),
            ("the office", &town.officer),
            ("another office", &town.other_officer),
            ("the supervisor", &town.supervisor),
            ("the audit administrator", &town.auditor),
        ];
        let rows = rows();
        let known: BTreeSet<(String, String)> =
            rows.iter().map(|row| (row.method.to_string(), row.path.to_owned())).collect();
        let routes = town.test.app.routes.iter().filter(|route| route.permission.code.starts_with("calls."));
        let routes: Vec<_> = routes.collect();
        let there: BTreeSet<(String, String)> =
            routes.iter().map(|route| (route.method.to_string(), route.path.clone())).collect();
        assert_eq!(known, there, "the matrix has every route of the module");

        // What is refused comes first: nothing may have changed before what is allowed is tried.
        let mut wrong = Vec::new();
        for allowed in [false, true] {
            // What changes something comes after reading, and leaving the team after all of it.
            let mut order: Vec<&Row> = rows.iter().collect();
            order.sort_by_key(|row| (row.method != Method::GET, row.path.contains("{person}")));
            for row in order {
                let route = routes.iter().find(|one| one.method == row.method && one.path == row.path).unwrap();
                let path = things.fill(row.path);
                for ((who, client), _) in people.iter().zip(&row.cells).filter(|(_, cell)| **cell == allowed) {
                    // The applicant takes out one of the team, another leaves by themselves.
                    let member = if *who == "the applicant" { &town.handler } else { &town.talent };
                    let path = path.replace("{person}", &member.person.unwrap().text());
                    let page = ask(client, row, route.kind, &path, &things.call).await;
                    let is_there = page.status != StatusCode::NOT_FOUND && page.status != StatusCode::UNAUTHORIZED;
                    if is_there != allowed || page.status.is_server_error() {
                        wrong.push(format!("{who}: {} {} answers {}", row.method, row.path, page.status));
                    }
                    let text = unpacked(&page);
                    let secrets = SECRETS.iter().filter(|secret| !allowed && text.contains(**secret));
                    wrong.extend(secrets.map(|secret| format!("{who}: {} {} tells {secret}", row.method, row.path)));
                    if text.contains(ACCOUNT) {
                        wrong.push(format!("{who}: {} {} shows the account", row.method, row.path));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn what_is_public_or_the_applicants_tells_nothing_of_the_office_or_of_who_objected() {
    each_town(async |town| {
        let things = furnish(&town).await;
        let nobody = town.test.nobody();
        for row in rows().iter().filter(|row| row.method == Method::GET && row.cells[0]) {
            let text = unpacked(&nobody.get(&things.fill(row.path)).await);
            for secret in [SECRETS[0], SECRETS[1], SECRETS[2], "李实名", "022-11112222", "李明", "13812345678"] {
                assert!(!text.contains(secret), "{} tells {secret}", row.path);
            }
        }
        for row in rows().iter().filter(|row| row.method == Method::GET && row.cells[1] && !row.cells[0]) {
            for who in [&town.enterprise, &town.talent] {
                let text = unpacked(&who.get(&things.fill(row.path)).await);
                for secret in [SECRETS[1], SECRETS[2], "李实名", "022-11112222"] {
                    assert!(!text.contains(secret), "{} tells {secret}", row.path);
                }
            }
        }
        for row in rows().iter().filter(|row| row.method == Method::GET && row.cells[4]) {
            let text = unpacked(&town.officer.get(&things.fill(row.path)).await);
            for secret in ["李实名", "022-11112222"] {
                assert!(!text.contains(secret), "{} tells the office who objected", row.path);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn mail_goes_to_the_applicants_people_alone_and_repeats_nothing_that_was_typed() {
    each_town(async |town| {
        let things = furnish(&town).await;
        let path = format!("/work/applications/{}/say", things.application);
        let said = [("text", "请补充说明"), ("audience", "shared")];
        assert!(town.officer.form(&path, &said).await.status.is_redirection());
        let sql = "SELECT person_id, CAST(args AS TEXT) FROM notice WHERE message_key LIKE 'notice-calls-%'";
        let told: Vec<(String, String)> = town.test.app.db.list(sql, Vec::new()).await.unwrap();
        let own: BTreeSet<String> =
            [&town.enterprise, &town.handler, &town.talent].map(|who| who.person.unwrap().text()).into();
        assert!(!told.is_empty());
        for (person, args) in &told {
            assert!(own.contains(person), "{args} went to somebody else");
            for secret in SECRETS.iter().chain(&[ACCOUNT, "李实名", "13812345678"]) {
                assert!(!args.contains(secret), "{args}");
            }
        }
    })
    .await;
}
