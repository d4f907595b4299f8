//! A backup cut in the middle, and one that was made under load.

use std::time::Instant;

use serde_json::json;

use crate::program::{command, json as parsed, on, run, words};
use crate::writers::{Instance, Writers, nothing_lost};
use crate::{long, moment, report};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_cut_in_the_middle_leaves_the_last_one_and_a_whole_one_holds_all_that_was_acknowledged_before() {
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let instance = Instance::new(&folder.path().join("instance"), None);
    let running = instance.serve();
    let writers = Writers::start(&[instance.address()], 4, "备份");
    writers.wait_for(200);
    let out = folder.path().join("a.backup").display().to_string();
    let before = writers.acknowledged.lock().unwrap().clone();
    let made = on(&instance.place, &["backup", &out]);
    assert_eq!(made.status.code(), Some(0), "{}", words(&made));
    let good = std::fs::read(&out).unwrap();
    let times = if long() { 40 } else { 5 };
    let mut cut = 0;
    for _ in 0..times {
        let arguments: Vec<&str> =
            ["backup", &out].into_iter().chain(instance.place.iter().map(String::as_str)).collect();
        let mut backup = command(&arguments)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(moment(5, 400)).await;
        let finished = backup.try_wait().unwrap().is_some();
        backup.kill().ok();
        backup.wait().unwrap();
        cut += usize::from(!finished);
        let checked = run(&["restore", &out, "--check", "--format", "json"]);
        assert_eq!(checked.status.code(), Some(0), "what is at the place is whole: {}", words(&checked));
        let part = format!("{out}.part");
        if std::path::Path::new(&part).exists() {
            let refused = run(&["restore", &part, "--check"]);
            let whole = refused.status.code() == Some(0);
            assert!(whole || refused.status.code() == Some(2), "{}", words(&refused));
        }
    }
    writers.wait_for(4);
    let (acknowledged, _) = writers.stop();
    assert_eq!(running.stop(), Some(0));
    nothing_lost(&instance, &acknowledged).await;
    instance.record_is_whole();

    std::fs::write(&out, good).unwrap();
    let target = Instance {
        folder: folder.path().join("target"),
        place: crate::program::where_to(None, &folder.path().join("target")),
        port: 0,
    };
    let keys = instance.folder.join("master.key").display().to_string();
    let restored = on(&target.place, &["restore", &out, "--keys", &keys, "--format", "json"]);
    assert_eq!(restored.status.code(), Some(0), "{}", words(&restored));
    assert!(parsed(&restored)["more"]["record"]["faults"].as_array().unwrap().is_empty());
    nothing_lost(&target, &before).await;
    report(
        "backup cut in the middle",
        json!({ "started": times, "cut": cut, "acknowledged": acknowledged.len(), "restored_of_before": before.len(),
                "seconds": began.elapsed().as_secs() }),
    );
}
