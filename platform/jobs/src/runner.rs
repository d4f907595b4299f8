//! Runs what is in the queue.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jinmen_core::{Clock, Error, Result};
use serde_json::Value;
use store::{Db, Tx};
use tokio::sync::watch;

use crate::{JobId, State, sql};

/// How long a claim holds without a sign of life.
const CLAIM_SECONDS: i64 = 60;
/// Jobs of one process that run side by side.
const AT_ONCE: u32 = 2;
const IDLE: Duration = Duration::from_millis(500);

/// Does one kind of work. It may be run again after a crash and must bear that.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Runs one job; what it returns is kept as the outcome.
    async fn run(&self, context: &Context, payload: Value) -> Result<Value>;
}

/// What a running job can say and ask.
pub struct Context {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    id: JobId,
    worker: String,
}

impl Context {
    /// The job's identifier.
    pub fn id(&self) -> JobId {
        self.id
    }

    /// Notes how far the work is and keeps the claim. Answers whether to go on: `false` when a person
    /// asked to stop, or when another worker took over because this one seemed dead.
    pub async fn progress(&self, done: i64, all: i64, note: &str) -> Result<bool> {
        let until = self.clock.now().plus_seconds(CLAIM_SECONDS);
        let wanted = sql::progress(&self.db, self.id, &self.worker, (done, all), note, until).await?;
        Ok(wanted == Some(false))
    }

    /// The same within a transaction, so that a step and its progress are one: after a crash the job
    /// resumes exactly behind the last committed step.
    pub async fn progress_in(&self, tx: &mut Tx, done: i64, all: i64, note: &str) -> Result<bool> {
        let until = self.clock.now().plus_seconds(CLAIM_SECONDS);
        let wanted = sql::progress(&mut *tx, self.id, &self.worker, (done, all), note, until).await?;
        Ok(wanted == Some(false))
    }
}

/// The workers of one process.
pub struct Runner {
    db: Db,
    clock: Clock,
    handlers: HashMap<String, Arc<dyn Handler>>,
}

impl Runner {
    /// A runner that knows no kind of work yet.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, handlers: HashMap::new() }
    }

    /// Teaches it a kind of work.
    pub fn register(&mut self, kind: &str, handler: Arc<dyn Handler>) -> &mut Self {
        self.handlers.insert(kind.to_owned(), handler);
        self
    }

    /// Runs until `stop` becomes true; jobs under way are finished first.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let worker = format!("{}-{}", std::process::id(), uuid::Uuid::new_v4().simple());
        while !*stop.borrow() {
            match self.round(&worker).await {
                Ok(0) => {
                    tokio::select! { _ = tokio::time::sleep(IDLE) => {}, _ = stop.changed() => {} }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(error = ?error, "The queue cannot be read; trying again in 5 s");
                    tokio::select! { _ = tokio::time::sleep(Duration::from_secs(5)) => {}, _ = stop.changed() => {} }
                }
            }
        }
    }

    /// Runs everything that is due now, for tests and for the command line.
    pub async fn run_due(&self) -> Result<usize> {
        let worker = format!("once-{}", uuid::Uuid::new_v4().simple());
        let mut done = 0;
        loop {
            match self.round(&worker).await? {
                0 => return Ok(done),
                count => done += count,
            }
        }
    }

    async fn round(&self, worker: &str) -> Result<usize> {
        let now = self.clock.now();
        if !sql::due(&self.db, now).await? {
            return Ok(0);
        }
        let claimed = sql::claim(&self.db, worker, now, now.plus_seconds(CLAIM_SECONDS), AT_ONCE).await?;
        let count = claimed.len();
        let running = claimed.into_iter().map(|job| self.run_one(worker, job));
        futures::future::join_all(running).await;
        Ok(count)
    }

    async fn run_one(&self, worker: &str, (id, kind, payload, attempts, max): (JobId, String, Value, i64, i64)) {
        let context = Context { db: self.db.clone(), clock: self.clock.clone(), id, worker: worker.to_owned() };
        let result = match self.handlers.get(&kind) {
            Some(handler) => handler.run(&context, payload).await,
            None => Err(Error::internal(format!("no handler for {kind}"))),
        };
        let now = self.clock.now();
        let kept = match result {
            Ok(outcome) => {
                let state = match outcome.get("cancelled").and_then(Value::as_bool) {
                    Some(true) => State::Cancelled,
                    _ => State::Done,
                };
                let outcome = if outcome.is_object() { Some(outcome) } else { None };
                sql::finish(&self.db, id, worker, state, outcome, now).await
            }
            Err(error) => {
                let again =
                    (attempts < max).then(|| now.plus_seconds(2_i64.saturating_pow(attempts.clamp(1, 12) as u32)));
                tracing::warn!(job.id = %id, job.kind = kind, attempts, error = ?error, "Job {id} failed");
                sql::fail(&self.db, id, worker, &format!("{error:?}"), again, now).await
            }
        };
        if let Err(error) = kept {
            tracing::error!(job.id = %id, error = ?error, "The end of job {id} could not be kept; it will run again");
        }
    }
}
