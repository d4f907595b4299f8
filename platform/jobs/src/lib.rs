//! A durable queue in the instance's own database. A job is put into the same transaction as the
//! change that wants it; it runs at least once, so a handler must bear running twice. Several
//! processes may claim from one queue.
//!
//! A job that fails is tried again after a pause that doubles; after its last attempt it is `dead`
//! and stays to be looked at. A worker that dies leaves its claim to expire.

mod runner;
mod sql;

use jinmen_core::{AccountId, Instant, Page, PageRequest, Result, id};
use serde_json::Value;
use store::{Conn, Db, MigrationSet, Tx, migrations};

pub use runner::{Context, Handler, Runner};

/// The queue's table.
pub const MIGRATIONS: MigrationSet = migrations!("jobs", 1 "0001_job", 2 "0002_best", 3 "0003_dead");

id!(
    /// A job.
    JobId
);
store::arg_id!(JobId);

/// How a job stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// To be run.
    Waiting,
    /// Claimed by a worker.
    Running,
    /// Finished.
    Done,
    /// Given up after its last attempt.
    Dead,
    /// Stopped by a person.
    Cancelled,
}

impl State {
    /// The word in the database and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    fn from_code(code: &str) -> Self {
        match code {
            "waiting" => Self::Waiting,
            "running" => Self::Running,
            "done" => Self::Done,
            "cancelled" => Self::Cancelled,
            _ => Self::Dead,
        }
    }

    /// Whether nothing more will happen to it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Dead | Self::Cancelled)
    }
}

/// A job as it is read.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Job {
    /// Its identifier.
    pub id: JobId,
    /// What kind of work, such as `registry.import`.
    pub kind: String,
    /// What it works on.
    #[serde(skip)]
    pub payload: Value,
    /// The account that may watch and cancel it.
    #[serde(skip)]
    pub owner: Option<AccountId>,
    /// How it stands.
    pub state: State,
    /// Attempts so far.
    pub attempts: i64,
    /// Steps done, of [`Job::all_steps`]; 0 of 0 while unknown.
    pub done_steps: i64,
    /// Steps in all.
    pub all_steps: i64,
    /// A short note on what is being done, a message key.
    pub note: String,
    /// What came out.
    pub outcome: Option<Value>,
    /// Why the last attempt failed; for logs and administrators.
    #[serde(skip)]
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: Instant,
    /// When it ended.
    pub finished_at: Option<Instant>,
}

/// A job to be put into the queue.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// What kind of work.
    pub kind: &'static str,
    /// What it works on.
    pub payload: Value,
    /// While a job of this kind with this key is open, another one is not added.
    pub dedup: Option<String>,
    /// The account that may watch and cancel it.
    pub owner: Option<AccountId>,
    /// Higher runs first; 0 is usual.
    pub priority: i64,
    /// Not before this instant; `None` for at once.
    pub run_at: Option<Instant>,
    /// Attempts before it is given up.
    pub max_attempts: i64,
}

impl NewJob {
    /// A job to be run at once, eight times at most.
    pub fn new(kind: &'static str, payload: Value) -> Self {
        Self { kind, payload, dedup: None, owner: None, priority: 0, run_at: None, max_attempts: 8 }
    }

    /// Not twice at a time for the same thing.
    #[must_use]
    pub fn dedup(mut self, key: impl Into<String>) -> Self {
        self.dedup = Some(key.into());
        self
    }

    /// Watched by an account.
    #[must_use]
    pub fn owned_by(mut self, owner: Option<AccountId>) -> Self {
        self.owner = owner;
        self
    }

    /// Not before.
    #[must_use]
    pub fn at(mut self, instant: Instant) -> Self {
        self.run_at = Some(instant);
        self
    }
}

/// Puts a job into the queue within the transaction that wants it; `None` if one with the same
/// key is open already.
pub async fn enqueue(tx: &mut Tx, job: NewJob, now: Instant) -> Result<Option<JobId>> {
    let id = JobId::new();
    Ok((sql::insert(tx, vec![(id, job)], now).await? == 1).then_some(id))
}

/// Puts many jobs into the queue, as [`enqueue`] does one.
pub async fn enqueue_many(tx: &mut Tx, jobs: Vec<NewJob>, now: Instant) -> Result<()> {
    let new = jobs.into_iter().map(|job| (JobId::new(), job)).collect();
    Ok(sql::insert(tx, new, now).await.map(drop)?)
}

/// One job.
pub async fn get<'a>(conn: impl Into<Conn<'a>>, id: JobId) -> Result<Job> {
    Ok(sql::get(conn, id).await?)
}

/// Jobs, newest first.
pub async fn list(db: &Db, state: Option<State>, page: &PageRequest) -> Result<Page<Job>> {
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::list(db, state, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |job| vec![job.id.text()]))
}

/// Asks for a job to stop. One that waits stops now; one that runs stops when its handler next
/// looks.
pub async fn cancel(db: &Db, id: JobId, now: Instant) -> Result<()> {
    Ok(sql::cancel(db, id, now).await?)
}

/// Gives a dead job another round of attempts.
pub async fn retry(db: &Db, id: JobId, now: Instant) -> Result<()> {
    Ok(sql::retry(db, id, now).await?)
}

/// How many jobs of a kind are in a state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Depth {
    /// The kind.
    pub kind: String,
    /// The state.
    pub state: State,
    /// How many.
    pub count: i64,
    /// When the one that is due first is due.
    pub oldest_due: Instant,
}

/// How deep the queue is: jobs that wait, run or were given up.
pub async fn depths(db: &Db) -> Result<Vec<Depth>> {
    Ok(sql::depths(db).await?)
}
