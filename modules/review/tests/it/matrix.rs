//! Every route × everybody, as `matrix.txt` says: pages, API, sheets, files; and what they tell, besides.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use module::RouteKind;
use module::testing::{Client, Page};

use crate::town::{Town, each_town};

/// Who judges, which an entrant never reads.
const JUDGES: [&str; 2] = ["评委1", "第1演示大学"];
/// Who entered, which nobody reads in a blind packet.
const ENTRANTS: [&str; 2] = ["天津第1演示科技有限公司", "王小1"];

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
    /// A blind round that is judged, an entry of it and its file.
    round: String,
    entry: String,
    file: String,
    /// A final with its panel, and a draw that waits for the supervisor.
    stage: String,
    panel: String,
    draw: String,
    /// A round whose result is out.
    out: String,
    expert: String,
}

impl Things {
    /// An address of a route with what belongs into its places.
    fn fill(&self, path: &str, call: &str) -> String {
        let own = match path {
            _ if path.starts_with("/work/experts") => &self.expert,
            _ if path.starts_with("/work/review-draws") => &self.draw,
            _ if path.starts_with("/results") => &self.out,
            _ if path.contains("/live") => &self.stage,
            _ => &self.round,
        };
        let path = path
            .replace("{id}", own)
            .replace("{panel}", &self.panel)
            .replace("{entry}", &self.entry)
            .replace("{file}", &self.file);
        if path == "/work/reviews/new" { format!("{path}?call={call}&kind=desk") } else { path }
    }
}

async fn furnish(town: &Town) -> Things {
    let out = town.opened("desk", &[]).await;
    for (at, (_, entry)) in town.entries(&out).await.iter().enumerate() {
        for judge in 0..5 {
            let technology = (40 + at).to_string();
            assert_eq!(town.lock(judge, &out, entry, (&technology, "30")).await.status, 200);
        }
    }
    town.desk(&out, "close", &[]).await;
    assert_eq!(town.supervisor.form(&format!("/work/reviews/{out}/confirm"), &[]).await.status, 303);
    town.desk(&out, "publish", &[]).await;
    crate::desk::sequence(town).await;
    let stage = town.opened("live", &[("guests", "yes")]).await;
    let panel = town.panels(&stage).await.remove(0);
    town.desk(&stage, "draws", &[("kind", "order"), ("panel", &panel)]).await;
    let round = town.opened("desk", &[("blind", "yes")]).await;
    let (_, entry) = town.entries(&round).await.remove(0);
    let packet = town.judges[0].get(&format!("/work/judging/{round}/{entry}")).await.text();
    let one = async |sql: &'static str| -> String {
        let row: (String,) = town.test.app.db.one(sql, Vec::new()).await.unwrap();
        row.0
    };
    Things {
        file: packet.split("/files/").nth(1).unwrap().split('"').next().unwrap().to_owned(),
        draw: one("SELECT id FROM review_draw").await,
        expert: town.pool().await.remove(0),
        round,
        entry,
        stage,
        panel,
        out,
    }
}

/// Asks for an address with a body of which little comes: what is there says what is wrong with it.
async fn ask(who: &Client, row: &Row, kind: RouteKind, path: &str) -> Page {
    let (kind, body) = match kind {
        RouteKind::Page if row.method == Method::POST => ("application/x-www-form-urlencoded", String::new()),
        _ => ("application/json", "{}".to_owned()),
    };
    let request = Request::builder().method(row.method.clone()).uri(path).header(header::CONTENT_TYPE, kind);
    who.send(request.body(Body::from(body)).unwrap()).await
}

/// What is there ends with this: a judge who declines or steps back sees no more of it.
fn ends(path: &str) -> bool {
    ["/decline", "/recuse"].iter().any(|end| path.ends_with(end))
}

#[tokio::test]
async fn every_route_is_there_for_those_whom_the_matrix_names_and_for_nobody_else() {
    each_town(async |town| {
        let things = furnish(&town).await;
        let nobody = town.test.nobody();
        let people: [(&str, &Client); 9] = [
            ("nobody", &nobody),
            ("an entrant", &town.firms[0].1),
            ("a judge", &town.judges[0]),
            ("another judge", &town.other_judge),
            ("the office", &town.officer),
            ("another office", &town.other_officer),
            ("the supervisor", &town.supervisor),
            ("another supervisor", &town.other_supervisor),
            ("the audit administrator", &town.auditor),
        ];
        let rows = rows();
        let known: BTreeSet<(String, String)> =
            rows.iter().map(|row| (row.method.to_string(), row.path.to_owned())).collect();
        let routes: Vec<_> =
            town.test.app.routes.iter().filter(|route| route.permission.code.starts_with("review.")).collect();
        let there: BTreeSet<(String, String)> =
            routes.iter().map(|route| (route.method.to_string(), route.path.clone())).collect();
        assert_eq!(known, there, "the matrix has every route of the module");

        // What is refused comes first: nothing may have changed before what is allowed is tried.
        let mut wrong = Vec::new();
        for allowed in [false, true] {
            let mut order: Vec<&Row> = rows.iter().collect();
            order.sort_by_key(|row| (row.method != Method::GET, ends(row.path)));
            for row in order {
                let route = routes.iter().find(|one| one.method == row.method && one.path == row.path).unwrap();
                let path = things.fill(row.path, &town.call);
                for ((who, client), _) in people.iter().zip(&row.cells).filter(|(_, cell)| **cell == allowed) {
                    let page = ask(client, row, route.kind, &path).await;
                    let is_there = page.status != StatusCode::NOT_FOUND && page.status != StatusCode::UNAUTHORIZED;
                    if is_there != allowed || page.status.is_server_error() {
                        wrong.push(format!("{who}: {} {} answers {}", row.method, row.path, page.status));
                    }
                    let text = page.text();
                    let secrets = JUDGES.iter().chain(&ENTRANTS).filter(|secret| !allowed && text.contains(**secret));
                    wrong.extend(secrets.map(|secret| format!("{who}: {} {} tells {secret}", row.method, row.path)));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn entrants_and_visitors_never_read_who_judges_and_judges_never_read_who_entered_blind() {
    each_town(async |town| {
        let things = furnish(&town).await;
        let nobody = town.test.nobody();
        let mut wrong = Vec::new();
        for row in rows().iter().filter(|row| row.method == Method::GET && row.cells[0]) {
            let path = things.fill(row.path, &town.call);
            for who in [&nobody, &town.firms[0].1] {
                let text = who.get(&path).await.text();
                wrong.extend(JUDGES.iter().filter(|name| text.contains(**name)).map(|name| format!("{path}: {name}")));
            }
        }
        let blind = [
            format!("/work/judging/{}", things.round),
            format!("/work/judging/{}/{}", things.round, things.entry),
            format!("/work/judging/{}/{}/files/{}", things.round, things.entry, things.file),
            format!("/api/v1/judging/{}/entries", things.round),
        ];
        for path in blind {
            let page = town.judges[0].get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            let told = format!("{} {}", page.text(), page.header("content-disposition"));
            wrong.extend(ENTRANTS.iter().filter(|name| told.contains(**name)).map(|name| format!("{path}: {name}")));
        }
        // Mail says no more than pages do.
        let firms: Vec<String> = town.firms.iter().map(|(_, firm)| firm.person.unwrap().text()).collect();
        let sql = "SELECT person_id, CAST(args AS TEXT) FROM notice WHERE message_key LIKE 'notice-review-%'";
        let told: Vec<(String, String)> = town.test.app.db.list(sql, Vec::new()).await.unwrap();
        assert!(told.iter().any(|(person, _)| firms.contains(person)), "entrants hear that the result is out");
        for (person, args) in &told {
            let secrets = if firms.contains(person) { JUDGES } else { ENTRANTS };
            wrong.extend(secrets.iter().filter(|name| args.contains(**name)).map(|name| format!("{args}: {name}")));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}
