//! PostgreSQL stopped and started under load.

use std::time::Instant;

use serde_json::json;

use crate::cluster::Cluster;
use crate::program::get;
use crate::writers::{Instance, Writers, nothing_lost};
use crate::{long, moment, report};

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_stopped_under_load_is_waited_for_and_nothing_is_lost() {
    let began = Instant::now();
    let cluster = Cluster::start();
    let folder = tempfile::tempdir().unwrap();
    let instance = Instance::new(folder.path(), Some(&cluster.url()));
    let running = instance.serve();
    let writers = Writers::start(&[instance.address()], 4, "停库");
    let times = if long() { 20 } else { 2 };
    for time in 0..times {
        writers.wait_for(4);
        tokio::time::sleep(moment(20, 400)).await;
        cluster.down(if time % 2 == 0 { "immediate" } else { "fast" });
        tokio::time::sleep(moment(100, 1_000)).await;
        // It says so to whoever asks, and does not go down with its database.
        let ready = get(&instance.address(), "/readyz");
        assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
        assert!(get(&instance.address(), "/healthz").starts_with("HTTP/1.1 200"));
        cluster.up();
        writers.wait_for(4);
    }
    let (acknowledged, refused) = writers.stop();
    assert_eq!(running.stop(), Some(0));
    nothing_lost(&instance, &acknowledged).await;
    let entries = instance.record_is_whole();
    report(
        "PostgreSQL stopped under load",
        json!({ "stops": times, "acknowledged": acknowledged.len(), "refused_meanwhile": refused, "lost": 0, "twice": 0,
                "record_entries": entries, "seconds": began.elapsed().as_secs() }),
    );
}
