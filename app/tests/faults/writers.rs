//! Writers that go on while things break. Each write carries a key; one whose answer never came is sent again with
//! the same key until it is acknowledged.
#![allow(clippy::disallowed_methods, reason = "writers are threads of their own, which wait")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use store::{Db, args};

use crate::program::{Running, command, json as parsed, on, words};

pub const PASSWORD: &str = "a long password of mine";

/// An instance with an alliance and somebody who writes for it.
pub struct Instance {
    pub folder: PathBuf,
    pub place: Vec<String>,
    pub port: u16,
}

impl Instance {
    pub fn new(folder: &Path, database: Option<&str>) -> Self {
        let place = crate::program::where_to(database, folder);
        std::fs::create_dir_all(folder).unwrap();
        let secret = folder.join("secret");
        std::fs::write(&secret, PASSWORD).unwrap();
        let add = [
            "user",
            "add",
            "wang",
            "--name",
            "王芳",
            "--role",
            "secretariat",
            "--organization",
            "天津演示联盟",
            "--password-stdin",
        ];
        let arguments: Vec<&str> = add.into_iter().chain(place.iter().map(String::as_str)).collect();
        let added = command(&arguments).stdin(std::fs::File::open(&secret).unwrap()).output().unwrap();
        assert_eq!(added.status.code(), Some(0), "{}", words(&added));
        std::fs::remove_file(secret).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { folder: folder.to_owned(), place, port }
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Serves until killed.
    pub fn serve(&self) -> Running {
        Running::serve_at(&self.arguments()).0
    }

    pub fn arguments(&self) -> Vec<String> {
        [self.place.as_slice(), &["--port".to_owned(), self.port.to_string()]].concat()
    }

    pub async fn database(&self) -> Db {
        match self.place.get(3) {
            Some(url) => Db::open(url).await.unwrap(),
            None => Db::open_file(&self.folder.join("jinmen.db")).await.unwrap(),
        }
    }

    /// Claims of dead processes expire after a minute; nobody is alive, so nobody waits for it.
    pub async fn expire_claims(&self) {
        let db = self.database().await;
        db.run("UPDATE job SET locked_until = 0 WHERE state = 'running'", args![]).await.unwrap();
        db.close().await;
    }

    pub fn record_is_whole(&self) -> u64 {
        let checked = on(&self.place, &["record", "check", "--format", "json"]);
        assert_eq!(checked.status.code(), Some(0), "{}", words(&checked));
        let audit = &parsed(&checked)["audit"];
        assert_eq!(audit["waiting"], 0, "every entry has its place");
        audit["entries"].as_u64().unwrap()
    }
}

/// What was acknowledged: names, with the identifier that was told. One that was killed between its commit and its
/// answer is told "done already", without an identifier.
pub type Acknowledged = Arc<Mutex<BTreeMap<String, Option<String>>>>;

/// Writers at work.
pub struct Writers {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<u64>>,
    pub acknowledged: Acknowledged,
}

pub fn agent() -> ureq::Agent {
    let config =
        ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(20))).http_status_as_error(false);
    config.build().new_agent()
}

/// The cookie of a session.
pub fn sign_in(agent: &ureq::Agent, address: &str) -> Option<String> {
    let answer = agent
        .post(format!("{address}/api/v1/session"))
        .content_type("application/json")
        .send(json!({ "account": "wang", "password": PASSWORD }).to_string())
        .ok()?;
    let cookie = answer.headers().get("set-cookie")?.to_str().ok()?;
    Some(cookie.split(';').next()?.to_owned())
}

/// One write that happens once; its identifier once it is acknowledged.
fn create_once(agent: &ureq::Agent, address: &str, cookie: &str, name: &str) -> Option<Result<Option<String>, u16>> {
    let key: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    create(agent, address, cookie, name, &[("idempotency-key", &key)])
}

/// One write; its identifier once it is acknowledged.
pub fn create(
    agent: &ureq::Agent,
    address: &str,
    cookie: &str,
    name: &str,
    headers: &[(&str, &str)],
) -> Option<Result<Option<String>, u16>> {
    let body = json!({ "uscc": "", "name_zh": name, "name_en": "", "kind": "enterprise", "society_level": "", "intro_zh": "", "intro_en": "" });
    let request = agent.post(format!("{address}/api/v1/organizations")).header("cookie", cookie);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let mut answer = request.content_type("application/json").send(body.to_string()).ok()?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string().ok()?;
    let body: Value = serde_json::from_str(&text).ok()?;
    match (status, body["code"].as_str()) {
        (201, _) => Some(Ok(Some(body["id"].as_str()?.to_owned()))),
        (409, Some("core.already_done")) => Some(Ok(None)),
        _ => Some(Err(status)),
    }
}

impl Writers {
    /// Starts writers; names are `prefix writer number`. The first address that answers is written to.
    pub fn start(addresses: &[String], count: usize, prefix: &str) -> Self {
        let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Acknowledged::default());
        let threads = (0..count)
            .map(|writer| {
                let (stop, acknowledged) = (stop.clone(), acknowledged.clone());
                let (addresses, prefix) = (addresses.to_vec(), prefix.to_owned());
                std::thread::spawn(move || write(&addresses, &format!("{prefix}第{writer}组"), &stop, &acknowledged))
            })
            .collect();
        Self { stop, threads, acknowledged }
    }

    pub fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// Waits until so many writes more were acknowledged.
    pub fn wait_for(&self, more: usize) {
        let wanted = self.count() + more;
        for _ in 0..1_200 {
            if self.count() >= wanted {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("no {more} writes within a minute");
    }

    /// Stops them; how many answers were neither success nor silence (a full disk, a database that is away).
    pub fn stop(self) -> (BTreeMap<String, Option<String>>, u64) {
        self.stop.store(true, Ordering::Relaxed);
        let refused = self.threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        (self.acknowledged.lock().unwrap().clone(), refused)
    }
}

fn write(addresses: &[String], prefix: &str, stop: &AtomicBool, acknowledged: &Acknowledged) -> u64 {
    let agent = agent();
    let (mut cookie, mut number, mut refused, mut at) = (None, 0_u64, 0, 0);
    // A write under way is finished before the writer stops: its answer may be lost, but not forgotten.
    let mut open = false;
    while open || !stop.load(Ordering::Relaxed) {
        let address = &addresses[at % addresses.len()];
        let Some(session) = cookie.clone().or_else(|| sign_in(&agent, address)) else {
            at += 1;
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        cookie = Some(session.clone());
        let name = format!("{prefix}{number}号演示公司");
        open = true;
        match create_once(&agent, address, &session, &name) {
            Some(Ok(id)) => {
                acknowledged.lock().unwrap().insert(name, id);
                (number, open) = (number + 1, false);
            }
            Some(Err(status)) => {
                // Away for now is what a disk that is full and a database that is stopped mean, and nothing else.
                assert!(status == 503 || status == 409 || status == 401, "{name}: {status}");
                if status == 401 {
                    cookie = None;
                }
                refused += 1;
                std::thread::sleep(Duration::from_millis(50));
            }
            None => {
                at += 1;
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
    refused
}

/// Every acknowledged write is there, and no write is there twice, nor its entry in the record.
pub async fn nothing_lost(instance: &Instance, acknowledged: &BTreeMap<String, Option<String>>) {
    let db = instance.database().await;
    let rows: Vec<(String, String)> =
        db.list("SELECT id, name_zh FROM organization WHERE name_zh LIKE '%号演示公司'", args![]).await.unwrap();
    let there: BTreeMap<&str, &str> = rows.iter().map(|(id, name)| (name.as_str(), id.as_str())).collect();
    assert_eq!(there.len(), rows.len(), "a write happened twice");
    for (name, id) in acknowledged {
        let found = there.get(name.as_str()).unwrap_or_else(|| panic!("the acknowledged write {name} is lost"));
        assert!(id.as_ref().is_none_or(|id| id == found), "{name} is another than was told");
    }
    let entries: Vec<(String, i64)> = db
        .list(
            "SELECT object_id, CAST(COUNT(*) AS BIGINT) FROM record_entry
             WHERE action = 'registry.organization.created' GROUP BY object_id",
            args![],
        )
        .await
        .unwrap();
    let entries: BTreeMap<String, i64> = entries.into_iter().collect();
    for (id, name) in &rows {
        assert_eq!(entries.get(id), Some(&1), "{name} has one entry in the record");
    }
    db.close().await;
}

/// A table of organisations for an import.
pub fn table(folder: &Path, name: &str, rows: usize) -> PathBuf {
    let path = folder.join(format!("{name}.csv"));
    let lines: Vec<String> = (0..rows).map(|row| format!("{name}第{row}行演示协会")).collect();
    std::fs::write(&path, format!("单位名称\n{}\n", lines.join("\n"))).unwrap();
    path
}

/// Starts an import that goes on beside everything else.
pub fn import(instance: &Instance, path: &Path) -> std::process::Child {
    let mut arguments = vec!["import".to_owned(), "organizations".to_owned(), path.display().to_string()];
    arguments.extend(instance.place.iter().cloned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut import: Command = command(&arguments);
    import.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Every import is there as a whole or not at all, and no job is left; how many are there.
pub async fn no_half_import(instance: &Instance, imports: &[String], rows: i64) -> usize {
    let db = instance.database().await;
    for _ in 0..400 {
        let open: Vec<(i64,)> = db
            .list("SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state IN ('waiting', 'running')", args![])
            .await
            .unwrap();
        if open == [(0,)] {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let left: Vec<(String, String)> =
        db.list("SELECT kind, state FROM job WHERE state NOT IN ('done', 'cancelled')", args![]).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
    let mut whole = 0;
    for name in imports {
        let (count,): (i64,) = db
            .one("SELECT CAST(COUNT(*) AS BIGINT) FROM organization WHERE name_zh LIKE $1", args![format!("{name}第%")])
            .await
            .unwrap();
        assert!(count == 0 || count == rows, "{name}: {count} of {rows} rows");
        whole += usize::from(count == rows);
    }
    db.close().await;
    whole
}
