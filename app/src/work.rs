//! Work of the queue that a command waits for. It runs in this process; where that is killed, the server or the next
//! command goes on with it, so that nothing stays half done.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use jobs::{Job, JobId, State};
use tokio::sync::watch;

use crate::instance::Open;
use crate::server;

const LOOK: Duration = Duration::from_millis(50);

/// Works on the queue until a job has ended or failed once; `heard` gets the steps done and the steps in all.
pub async fn until_done(open: &Open, id: JobId, heard: impl Fn(i64, i64)) -> Result<Job> {
    let (stop, stopped) = watch::channel(false);
    let runner = Arc::new(server::runner(&open.app, open.file.mail.as_ref())?);
    let working = tokio::spawn(runner.run(stopped));
    let ended = loop {
        match jobs::get(&open.app.db, id).await {
            Ok(job) if is_open(&job) => heard(job.done_steps, job.all_steps),
            other => break other,
        }
        tokio::time::sleep(LOOK).await;
    };
    stop.send(true).ok();
    working.await?;
    Ok(ended?)
}

/// Whether there is something to wait for; one that failed is tried again after a pause, by whoever runs then.
fn is_open(job: &Job) -> bool {
    match job.state {
        State::Waiting => job.attempts == 0,
        state => !state.is_final(),
    }
}
