//! The server killed at random moments.

use std::time::Instant;

use serde_json::json;
use store::testing::Throwaway;

use crate::writers::{Instance, Writers, import, no_half_import, nothing_lost, table};
use crate::{long, moment, report};

const ROWS: usize = 150;

/// Kills a server so many times. Every fourth time an import runs and is killed, too.
async fn kill(scenario: &str, instance: &Instance, times: usize) {
    let began = Instant::now();
    let writers = Writers::start(&[instance.address()], 4, "杀停");
    let (mut imports, mut waited) = (Vec::new(), Vec::new());
    for time in 0..times {
        let running = instance.serve();
        let importing = (time % 4 == 1).then(|| {
            let name = format!("导入{time}次");
            let path = table(&instance.folder, &name, ROWS);
            imports.push(name);
            import(instance, &path)
        });
        // An import takes a while to be taken on.
        let wait = if importing.is_some() { moment(1_000, 4_000) } else { moment(30, 900) };
        tokio::time::sleep(wait).await;
        waited.push(wait);
        running.kill();
        if let Some(mut importing) = importing {
            importing.kill().unwrap();
            importing.wait().unwrap();
        }
        // A claim of a dead process holds for a minute, in which a server does much. Here the next process that lives
        // for a while finds it expired, and those before it find it held.
        if time % 4 == 0 {
            instance.expire_claims().await;
        }
        let so_far = writers.acknowledged.lock().unwrap().clone();
        nothing_lost(instance, &so_far).await;
    }
    instance.expire_claims().await;
    let running = instance.serve();
    writers.wait_for(8);
    let (acknowledged, _) = writers.stop();
    let whole = no_half_import(instance, &imports, i64::try_from(ROWS).unwrap()).await;
    assert_eq!(running.stop(), Some(0));
    nothing_lost(instance, &acknowledged).await;
    let entries = instance.record_is_whole();
    let counts = json!({
        "kills": times, "acknowledged": acknowledged.len(), "lost": 0, "twice": 0, "imports": imports.len(),
        "imports_whole": whole, "record_entries": entries, "seconds": began.elapsed().as_secs(),
    });
    report(scenario, counts);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_on_sqlite_it_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let instance = Instance::new(&folder.path().join("instance"), None);
    kill("kill -9 on SQLite", &instance, if long() { 200 } else { 7 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_on_postgresql_it_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Throwaway::postgres(&[]).await;
    let instance = Instance::new(&folder.path().join("instance"), Some(&server.url()));
    kill("kill -9 on PostgreSQL", &instance, if long() { 100 } else { 4 }).await;
    server.drop_now().await;
}
