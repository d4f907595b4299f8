//! What is acknowledged was synced: counted from outside, by `strace`.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::report;
use crate::writers::{Instance, agent, create, sign_in};

const WRITES: usize = 60;

fn syncs(trace: &str) -> usize {
    trace
        .lines()
        .filter(|line| line.contains("fsync(") || line.contains("fdatasync("))
        .filter(|line| !line.contains("resumed"))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_commit_is_synced_once() {
    let folder = tempfile::tempdir().unwrap();
    let instance = Instance::new(&folder.path().join("instance"), None);
    let running = instance.serve();
    let (agent, address) = (agent(), instance.address());
    let cookie = sign_in(&agent, &address).unwrap();
    create(&agent, &address, &cookie, "预热号演示公司", &[]).unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    let trace = folder.path().join("trace");
    let pid = running.id().to_string();
    let mut strace = Command::new("strace")
        .args(["-f", "-q", "-e", "trace=fsync,fdatasync", "-o", trace.to_str().unwrap(), "-p", &pid])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("strace: run ./test tools");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let read = || std::fs::read_to_string(&trace).unwrap_or_default();
    let (before, mut least) = (syncs(&read()), usize::MAX);
    for number in 0..WRITES {
        let earlier = syncs(&read());
        create(&agent, &address, &cookie, &format!("同步{number}号演示公司"), &[]).unwrap().unwrap();
        // By the time the answer is here the sync has been.
        least = least.min(syncs(&read()) - earlier);
    }
    let all = syncs(&read()) - before;
    Command::new("kill").args(["-INT", &strace.id().to_string()]).status().unwrap();
    strace.wait().unwrap();
    assert_eq!(running.stop(), Some(0));
    assert!(least >= 1, "an answer came before its sync");
    // One for each write; besides, the sequencer signs at most four times a second, and the log of SQLite is moved
    // into its file now and then.
    assert!(all <= WRITES + WRITES / 2 + 20, "{all} syncs for {WRITES} writes");
    report("syncs counted by strace", json!({ "writes": WRITES, "syncs": all, "fewest_before_an_answer": least }));
}
