//! A disk of 64 MB that is full: a file system in memory, in a mount namespace of its own.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::program::get;
use crate::report;
use crate::writers::{Instance, Writers, nothing_lost};

/// Runs a shell line in a new mount namespace, as root of it.
fn apart(line: &str) -> Command {
    let root = String::from_utf8_lossy(&Command::new("id").arg("-u").output().unwrap().stdout).trim() == "0";
    let mut command = Command::new("unshare");
    command.args(if root { &["--mount"][..] } else { &["--map-root-user", "--mount"] }).args(["sh", "-c", line]);
    command.stdin(Stdio::null());
    command
}

fn within(pid: u32, line: &str) -> String {
    let root = String::from_utf8_lossy(&Command::new("id").arg("-u").output().unwrap().stdout).trim() == "0";
    let mut command = Command::new("nsenter");
    command.args(["--target", &pid.to_string(), "--mount"]);
    if !root {
        command.args(["--user", "--preserve-credentials"]);
    }
    let out = command.args(["sh", "-c", line]).output().unwrap();
    String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_loses_none_and_is_forgotten_once_there_is_room() {
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let instance = Instance::new(&folder.path().join("instance"), None);
    let outside = folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    let (dir, keep) = (instance.folder.display(), outside.display());
    // The instance is copied onto the small disk, served from there, and copied back at the end.
    let line = format!(
        "set -e; cp -a {dir}/. {keep}/; mount -t tmpfs -o size=64m jinmen {dir}; cp -a {keep}/. {dir}/; \
         exec {} serve --dir {dir} --port {}",
        env!("CARGO_BIN_EXE_jinmen"),
        instance.port
    );
    let mut server = apart(&line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("unshare");
    let address = instance.address();
    for _ in 0..200 {
        if std::net::TcpStream::connect(("127.0.0.1", instance.port)).is_ok() {
            break;
        }
        assert!(
            server.try_wait().unwrap().is_none(),
            "this test mounts a file system in a namespace of its own, which this machine must allow"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let pid = server.id();
    let writers = Writers::start(std::slice::from_ref(&address), 4, "满盘");
    writers.wait_for(20);
    within(pid, &format!("dd if=/dev/zero of={dir}/ballast bs=64k 2>&1; true"));
    let full = within(pid, &format!("df --output=avail {dir} | tail -1"));
    assert_eq!(full.trim(), "0", "the disk is full");
    // Pages go on to be read. What was written fits for a while: SQLite writes into room that it has.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(get(&address, "/").starts_with("HTTP/1.1 200"), "reading goes on");
    let while_full = writers.count();
    within(pid, &format!("rm {dir}/ballast"));
    writers.wait_for(20);
    let (acknowledged, refused) = writers.stop();
    assert!(refused > 0, "the full disk was felt");
    Command::new("kill").args(["-STOP", &pid.to_string()]).status().unwrap();
    let copied = within(pid, &format!("rm -rf {keep}/*; cp -a {dir}/. {keep}/ && echo copied"));
    Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
    server.wait().unwrap();
    assert!(copied.contains("copied"), "{copied}");
    let after =
        Instance { folder: outside.clone(), place: crate::program::where_to(None, &outside), port: instance.port };
    // Stopped by force, so that entries may wait for their place: one start gives it to them.
    assert_eq!(after.serve().stop(), Some(0));
    nothing_lost(&after, &acknowledged).await;
    let entries = after.record_is_whole();
    report(
        "disk of 64 MB full",
        json!({ "acknowledged": acknowledged.len(), "before_there_was_room": while_full, "refused": refused, "lost": 0, "twice": 0,
                "record_entries": entries, "seconds": began.elapsed().as_secs() }),
    );
}
