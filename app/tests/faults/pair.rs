//! Two processes on one PostgreSQL, one of them killed.

use std::time::Instant;

use serde_json::json;
use store::testing::Throwaway;

use crate::writers::{Instance, Writers, no_half_import, nothing_lost, table};
use crate::{long, moment, report};

const ROWS: usize = 150;

#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_on_one_database_either_may_be_killed() {
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let server = Throwaway::postgres(&[]).await;
    let first = Instance::new(&folder.path().join("shared"), Some(&server.url()));
    // The second shares folder and key, as processes of one installation do.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let second = Instance { folder: first.folder.clone(), place: first.place.clone(), port };
    let addresses = [first.address(), second.address()];
    let mut running = [Some(first.serve()), Some(second.serve())];
    let writers =
        [Writers::start(&addresses, 2, "甲"), Writers::start(&[addresses[1].clone(), addresses[0].clone()], 2, "乙")];
    let times = if long() { 40 } else { 3 };
    let mut imports = Vec::new();
    for time in 0..times {
        writers.iter().for_each(|some| some.wait_for(3));
        let name = format!("双机导入{time}次");
        let mut importing = crate::writers::import(&first, &table(&first.folder, &name, ROWS));
        imports.push(name);
        tokio::time::sleep(moment(200, 1_500)).await;
        let victim = time % 2;
        running[victim].take().unwrap().kill();
        importing.kill().unwrap();
        importing.wait().unwrap();
        // The other goes on alone.
        writers.iter().for_each(|some| some.wait_for(3));
        running[victim] = Some(if victim == 0 { first.serve() } else { second.serve() });
    }
    // What the dead had claimed is taken over once its claim has expired.
    first.expire_claims().await;
    let whole = no_half_import(&first, &imports, i64::try_from(ROWS).unwrap()).await;
    let mut acknowledged = std::collections::BTreeMap::new();
    for some in writers {
        acknowledged.extend(some.stop().0);
    }
    for one in running {
        assert_eq!(one.unwrap().stop(), Some(0));
    }
    nothing_lost(&first, &acknowledged).await;
    let entries = first.record_is_whole();
    report(
        "two processes, one killed",
        json!({ "kills": times, "acknowledged": acknowledged.len(), "lost": 0, "twice": 0, "imports": imports.len(),
                "imports_whole": whole, "record_entries": entries, "seconds": began.elapsed().as_secs() }),
    );
    server.drop_now().await;
}
