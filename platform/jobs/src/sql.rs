//! Statements on the queue.

use jinmen_core::Instant;
use serde_json::Value;
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::{Depth, Job, JobId, NewJob, State};

#[derive(store::FromRow)]
struct Row {
    id: String,
    kind: String,
    payload: Value,
    owner_account: Option<String>,
    state: String,
    attempts: i64,
    done_steps: i64,
    all_steps: i64,
    note: String,
    outcome: Option<Value>,
    last_error: Option<String>,
    created_at: i64,
    finished_at: Option<i64>,
}

impl TryFrom<Row> for Job {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            kind: row.kind,
            payload: row.payload,
            owner: row.owner_account.and_then(|id| id.parse().ok()),
            state: State::from_code(&row.state),
            attempts: row.attempts,
            done_steps: row.done_steps,
            all_steps: row.all_steps,
            note: row.note,
            outcome: row.outcome,
            last_error: row.last_error,
            created_at: Instant(row.created_at),
            finished_at: row.finished_at.map(Instant),
        })
    }
}

/// Puts jobs into the queue; how many, without those that wait or run already under their key.
pub(crate) async fn insert(tx: &mut Tx, new: Vec<(JobId, NewJob)>, now: Instant) -> Result<u64, DbError> {
    let row = |(id, job): (JobId, NewJob)| {
        let run_at = job.run_at.unwrap_or(now);
        args![
            id,
            job.kind,
            job.dedup,
            job.payload,
            job.owner,
            job.priority,
            "waiting",
            run_at,
            0_i64,
            job.max_attempts,
            false,
            0_i64,
            0_i64,
            "",
            now
        ]
    };
    tx.insert_many(
        "INSERT INTO job (id, kind, dedup, payload, owner_account, priority, state, run_at, attempts, max_attempts,
           cancel_wanted, done_steps, all_steps, note, created_at)",
        new.into_iter().map(row).collect(),
        "ON CONFLICT (kind, dedup) WHERE state IN ('waiting', 'running') AND dedup IS NOT NULL DO NOTHING",
    )
    .await
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: JobId) -> Result<Job, DbError> {
    let row: Row = conn
        .into()
        .one(
            "SELECT id, kind, payload, owner_account, state, attempts, done_steps, all_steps, note, outcome, last_error,
               created_at, finished_at FROM job WHERE id = $1",
            args![id],
        )
        .await?;
    row.try_into()
}

pub(crate) async fn list(
    db: &Db,
    state: Option<State>,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Job>, DbError> {
    let mut query = Query::new(
        "SELECT id, kind, payload, owner_account, state, attempts, done_steps, all_steps, note, outcome, last_error,
           created_at, finished_at FROM job WHERE TRUE",
        args![],
    );
    query.when(state.map(State::code), " AND state = ?");
    query.when(after, " AND id < ?");
    query.push(" ORDER BY id DESC LIMIT ?", args![limit + 1]);
    let rows: Vec<Row> = query.list(db).await?;
    rows.into_iter().map(Job::try_from).collect()
}

/// Claims what is due, at most `limit` jobs. The guard repeated in the outer WHERE makes two claimers
/// safe without SKIP LOCKED.
pub(crate) async fn claim(
    db: &Db,
    worker: &str,
    now: Instant,
    until: Instant,
    limit: u32,
) -> Result<Vec<(JobId, String, Value, i64, i64)>, DbError> {
    let mut tx = db.begin().await?;
    give_up(&mut tx, now).await?;
    let rows: Vec<(String, String, Value, i64, i64)> = tx
        .list(
            "UPDATE job SET state = 'running', locked_until = $1, worker = $2, attempts = attempts + 1
             WHERE id IN (SELECT id FROM job WHERE state IN ('waiting', 'running') AND run_at <= $3
                            AND (locked_until IS NULL OR locked_until < $3)
                          ORDER BY priority DESC, run_at LIMIT $4)
               AND state IN ('waiting', 'running') AND (locked_until IS NULL OR locked_until < $3)
             RETURNING id, kind, payload, attempts, max_attempts",
            args![until, worker, now, limit],
        )
        .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|(id, kind, payload, attempts, max)| {
            Ok((id.parse().map_err(|_| DbError::NoRow)?, kind, payload, attempts, max))
        })
        .collect()
}

/// Gives up jobs whose worker died in their last attempt: one that brings its process down does so
/// no more often than it may fail.
async fn give_up(tx: &mut Tx, now: Instant) -> Result<(), DbError> {
    tx.run(
        "UPDATE job SET state = 'dead', last_error = 'the worker ended', locked_until = NULL, finished_at = $1
         WHERE state = 'running' AND locked_until < $1 AND attempts >= max_attempts",
        args![now],
    )
    .await
    .map(drop)
}

/// Whether anything is due; asked outside a transaction so that an idle queue never takes the writer.
pub(crate) async fn due(db: &Db, now: Instant) -> Result<bool, DbError> {
    let row: Option<(i64,)> = db
        .maybe(
            "SELECT CAST(1 AS BIGINT) FROM job WHERE state IN ('waiting', 'running') AND run_at <= $1
               AND (locked_until IS NULL OR locked_until < $1) LIMIT 1",
            args![now],
        )
        .await?;
    Ok(row.is_some())
}

/// Notes progress and keeps the claim, and counts attempts anew for a job that comes further than ever before; whether cancelling was asked for, `None` if the claim was lost.
pub(crate) async fn progress<'a>(
    conn: impl Into<Conn<'a>>,
    id: JobId,
    worker: &str,
    steps: (i64, i64),
    note: &str,
    until: Instant,
) -> Result<Option<bool>, DbError> {
    let mut conn = conn.into();
    let touched = conn
        .again()
        .run(
            "UPDATE job SET done_steps = $1, all_steps = $2, note = $3, locked_until = $4,
               attempts = CASE WHEN $1 > best_steps THEN 1 ELSE attempts END,
               best_steps = CASE WHEN $1 > best_steps THEN $1 ELSE best_steps END
             WHERE id = $5 AND worker = $6 AND state = 'running'",
            args![steps.0, steps.1, note, until, id, worker],
        )
        .await?;
    if touched == 0 {
        return Ok(None);
    }
    let row: Option<(bool,)> = conn.maybe("SELECT cancel_wanted FROM job WHERE id = $1", args![id]).await?;
    Ok(row.map(|row| row.0))
}

pub(crate) async fn finish(
    db: &Db,
    id: JobId,
    worker: &str,
    state: State,
    outcome: Option<Value>,
    now: Instant,
) -> Result<u64, DbError> {
    db.run(
        "UPDATE job SET state = $1, outcome = $2, finished_at = $3, locked_until = NULL, last_error = NULL
         WHERE id = $4 AND worker = $5 AND state = 'running'",
        args![state.code(), outcome, now, id, worker],
    )
    .await
}

pub(crate) async fn fail(
    db: &Db,
    id: JobId,
    worker: &str,
    error: &str,
    again_at: Option<Instant>,
    now: Instant,
) -> Result<u64, DbError> {
    let state = if again_at.is_some() { State::Waiting } else { State::Dead };
    db.run(
        "UPDATE job SET state = $1, run_at = $2, last_error = $3, locked_until = NULL, finished_at = $4
         WHERE id = $5 AND worker = $6 AND state = 'running'",
        args![state.code(), again_at.unwrap_or(now), error, again_at.is_none().then_some(now), id, worker],
    )
    .await
}

pub(crate) async fn cancel(db: &Db, id: JobId, now: Instant) -> Result<(), DbError> {
    let mut tx = db.begin().await?;
    tx.run("UPDATE job SET state = 'cancelled', finished_at = $1 WHERE id = $2 AND state = 'waiting'", args![now, id])
        .await?;
    tx.run("UPDATE job SET cancel_wanted = TRUE WHERE id = $1 AND state = 'running'", args![id]).await?;
    tx.commit().await
}

pub(crate) async fn retry(db: &Db, id: JobId, now: Instant) -> Result<(), DbError> {
    db.run(
        "UPDATE job SET state = 'waiting', attempts = 0, run_at = $1, finished_at = NULL, cancel_wanted = FALSE
         WHERE id = $2 AND state IN ('dead', 'cancelled')",
        args![now, id],
    )
    .await
    .map(drop)
}

/// Jobs that wait, run or were given up, by kind and state. Each half reads its own partial index.
pub(crate) async fn depths(db: &Db) -> Result<Vec<Depth>, DbError> {
    let rows: Vec<(String, String, i64, i64)> = db
        .list(
            "SELECT kind, state, CAST(COUNT(*) AS BIGINT), MIN(run_at) FROM job
             WHERE state IN ('waiting', 'running') GROUP BY kind, state
             UNION ALL
             SELECT kind, state, CAST(COUNT(*) AS BIGINT), MIN(run_at) FROM job
             WHERE state = 'dead' GROUP BY kind, state
             ORDER BY 1, 2",
            args![],
        )
        .await?;
    let depth = |(kind, state, count, oldest): (String, String, i64, i64)| Depth {
        kind,
        state: State::from_code(&state),
        count,
        oldest_due: Instant(oldest),
    };
    Ok(rows.into_iter().map(depth).collect())
}
