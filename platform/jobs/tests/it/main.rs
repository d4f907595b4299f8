//! The queue through its public face, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jinmen_core::{AccountId, Clock, Error, Instant, PageRequest, Result};
use jobs::{Context, Handler, JobId, MIGRATIONS, NewJob, Runner, State, cancel, enqueue, get, list, retry};
use serde_json::{Value, json};
use store::Db;
use store::testing::{assert_same_schema, each_db};
use tokio::sync::Notify;

const START: Instant = Instant(1_623_996_189_000_000);

fn runner(db: &Db, clock: &Clock, handler: impl Handler + 'static) -> Runner {
    let mut runner = Runner::new(db.clone(), clock.clone());
    runner.register("test.work", Arc::new(handler));
    runner
}

async fn add(db: &Db, clock: &Clock, job: NewJob) -> Option<JobId> {
    let mut tx = db.begin().await.unwrap();
    let id = enqueue(&mut tx, job, clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn work() -> NewJob {
    NewJob::new("test.work", json!({ "n": 1 }))
}

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Value>>>);

#[async_trait]
impl Handler for Seen {
    async fn run(&self, _context: &Context, payload: Value) -> Result<Value> {
        self.0.lock().unwrap().push(payload.clone());
        tokio::task::yield_now().await;
        Ok(json!({ "did": payload }))
    }
}

#[derive(Clone, Default)]
struct Fails(Arc<AtomicUsize>);

#[async_trait]
impl Handler for Fails {
    async fn run(&self, _context: &Context, _payload: Value) -> Result<Value> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(Error::internal("on purpose"))
    }
}

/// Begins and never ends, as a worker that dies.
struct Hangs(Arc<Notify>);

#[async_trait]
impl Handler for Hangs {
    async fn run(&self, _context: &Context, _payload: Value) -> Result<Value> {
        self.0.notify_one();
        std::future::pending().await
    }
}

async fn die_in(db: &Db, clock: &Clock) {
    let begun = Arc::new(Notify::new());
    let runner = runner(db, clock, Hangs(begun.clone()));
    let task = tokio::spawn(async move { runner.run_due().await });
    begun.notified().await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn a_job_runs_and_its_outcome_is_kept() {
    each_db(&[MIGRATIONS], async |db| {
        let (clock, seen, owner) = (Clock::at(START), Seen::default(), AccountId::new());
        let id = add(&db, &clock, work().owned_by(Some(owner))).await.unwrap();
        assert_eq!(get(&db, id).await.unwrap().state, State::Waiting);
        assert_eq!(runner(&db, &clock, seen.clone()).run_due().await.unwrap(), 1);
        let job = get(&db, id).await.unwrap();
        assert_eq!((job.state, job.attempts, job.owner), (State::Done, 1, Some(owner)));
        assert_eq!(job.outcome, Some(json!({ "did": { "n": 1 } })));
        assert_eq!(job.finished_at, Some(START));
        assert_eq!(runner(&db, &clock, seen).run_due().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_job_of_a_change_that_is_rolled_back_never_runs() {
    each_db(&[MIGRATIONS], async |db| {
        let mut tx = db.begin().await.unwrap();
        enqueue(&mut tx, work(), START).await.unwrap();
        drop(tx);
        assert_eq!(runner(&db, &Clock::at(START), Seen::default()).run_due().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_at_once_never_claim_one_job_twice() {
    each_db(&[MIGRATIONS], async |db| {
        let (clock, seen) = (Clock::at(START), Seen::default());
        let mut tx = db.begin().await.unwrap();
        for n in 0..400 {
            enqueue(&mut tx, NewJob::new("test.work", json!({ "n": n })), START).await.unwrap();
        }
        tx.commit().await.unwrap();
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let runner = runner(&db, &clock, seen.clone());
                tokio::spawn(async move { runner.run_due().await })
            })
            .collect();
        let mut done = 0;
        for worker in workers {
            done += worker.await.unwrap().unwrap();
        }
        let ran = seen.0.lock().unwrap().clone();
        let different: BTreeSet<i64> = ran.iter().map(|payload| payload["n"].as_i64().unwrap()).collect();
        assert_eq!((done, ran.len(), different.len()), (400, 400, 400));
    })
    .await;
}

#[tokio::test]
async fn a_failing_job_waits_twice_as_long_each_time_and_is_given_up() {
    each_db(&[MIGRATIONS], async |db| {
        let (clock, fails) = (Clock::at(START), Fails::default());
        let runner = runner(&db, &clock, fails.clone());
        let id = add(&db, &clock, NewJob { max_attempts: 5, ..work() }).await.unwrap();
        for pause in [2, 4, 8, 16] {
            assert_eq!(runner.run_due().await.unwrap(), 1);
            let job = get(&db, id).await.unwrap();
            assert_eq!(job.state, State::Waiting);
            assert!(job.last_error.unwrap().contains("on purpose"));
            clock.advance_seconds(pause - 1);
            assert_eq!(runner.run_due().await.unwrap(), 0, "too early after {pause} s");
            clock.advance_seconds(1);
        }
        assert_eq!(runner.run_due().await.unwrap(), 1);
        let job = get(&db, id).await.unwrap();
        assert_eq!((job.state, job.attempts), (State::Dead, 5));
        assert_eq!(job.finished_at, Some(clock.now()));
        clock.advance_seconds(86_400);
        assert_eq!(runner.run_due().await.unwrap(), 0);
        assert_eq!(fails.0.load(Ordering::SeqCst), 5);
        assert_eq!(list(&db, Some(State::Dead), &PageRequest::default()).await.unwrap().items.len(), 1);
        retry(&db, id, clock.now()).await.unwrap();
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!(get(&db, id).await.unwrap().attempts, 1);
    })
    .await;
}

#[tokio::test]
async fn a_kind_nobody_knows_is_kept_for_a_program_that_does() {
    each_db(&[MIGRATIONS], async |db| {
        let clock = Clock::at(START);
        let id = add(&db, &clock, NewJob::new("test.unknown", json!({}))).await.unwrap();
        runner(&db, &clock, Seen::default()).run_due().await.unwrap();
        assert_eq!(get(&db, id).await.unwrap().state, State::Waiting);
    })
    .await;
}

#[tokio::test]
async fn one_open_job_for_one_thing() {
    each_db(&[MIGRATIONS], async |db| {
        let clock = Clock::at(START);
        let first = add(&db, &clock, work().dedup("a")).await;
        assert!(first.is_some());
        assert!(add(&db, &clock, work().dedup("a")).await.is_none());
        assert!(add(&db, &clock, work().dedup("b")).await.is_some());
        assert!(add(&db, &clock, work()).await.is_some());
        assert!(add(&db, &clock, work()).await.is_some());
        assert_eq!(runner(&db, &clock, Seen::default()).run_due().await.unwrap(), 4);
        assert!(add(&db, &clock, work().dedup("a")).await.is_some(), "the first is done");
    })
    .await;
}

#[tokio::test]
async fn urgent_work_goes_first_and_none_before_its_time() {
    each_db(&[MIGRATIONS], async |db| {
        let (clock, seen) = (Clock::at(START), Seen::default());
        let job = |n: i64| NewJob::new("test.work", json!({ "n": n }));
        add(&db, &clock, job(3).at(START.plus_seconds(10))).await;
        add(&db, &clock, job(2)).await;
        add(&db, &clock, job(2)).await;
        add(&db, &clock, NewJob { priority: 5, ..job(1) }).await;
        add(&db, &clock, NewJob { priority: 5, ..job(1) }).await;
        let runner = runner(&db, &clock, seen.clone());
        assert_eq!(runner.run_due().await.unwrap(), 4);
        clock.advance_seconds(10);
        assert_eq!(runner.run_due().await.unwrap(), 1);
        let order: Vec<i64> = seen.0.lock().unwrap().iter().map(|p| p["n"].as_i64().unwrap()).collect();
        assert_eq!(order, [1, 1, 2, 2, 3]);
    })
    .await;
}

/// Does ten steps, stopping when it is told to; a person asks for that during the fourth.
struct Steps {
    stop_at: Option<i64>,
}

#[async_trait]
impl Handler for Steps {
    async fn run(&self, context: &Context, _payload: Value) -> Result<Value> {
        for step in 1..=10 {
            if self.stop_at == Some(step) {
                cancel(&context.db, context.id(), context.clock.now()).await?;
            }
            let mut tx = context.db.begin().await?;
            let go_on = context.progress_in(&mut tx, step, 10, "test-step").await?;
            tx.commit().await?;
            let job = get(&context.db, context.id()).await?;
            assert_eq!((job.done_steps, job.all_steps, job.note.as_str()), (step, 10, "test-step"));
            if !go_on {
                return Ok(json!({ "cancelled": true, "done": step }));
            }
        }
        assert!(context.progress(10, 10, "").await?);
        Ok(json!({ "done": 10 }))
    }
}

#[tokio::test]
async fn progress_shows_while_a_job_runs() {
    each_db(&[MIGRATIONS], async |db| {
        let clock = Clock::at(START);
        let id = add(&db, &clock, work()).await.unwrap();
        runner(&db, &clock, Steps { stop_at: None }).run_due().await.unwrap();
        let job = get(&db, id).await.unwrap();
        assert_eq!((job.state, job.done_steps), (State::Done, 10));
    })
    .await;
}

#[tokio::test]
async fn a_job_is_cancelled_while_it_waits_and_while_it_runs() {
    each_db(&[MIGRATIONS], async |db| {
        let clock = Clock::at(START);
        let waiting = add(&db, &clock, work()).await.unwrap();
        cancel(&db, waiting, clock.now()).await.unwrap();
        assert_eq!(get(&db, waiting).await.unwrap().state, State::Cancelled);
        let running = add(&db, &clock, work()).await.unwrap();
        let runner = runner(&db, &clock, Steps { stop_at: Some(4) });
        assert_eq!(runner.run_due().await.unwrap(), 1);
        let job = get(&db, running).await.unwrap();
        assert_eq!((job.state, job.done_steps), (State::Cancelled, 4));
        // What is over cannot be cancelled.
        cancel(&db, running, clock.now()).await.unwrap();
        assert!(matches!(get(&db, JobId::new()).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_dead_workers_claim_expires() {
    each_db(&[MIGRATIONS], async |db| {
        let (clock, seen) = (Clock::at(START), Seen::default());
        let id = add(&db, &clock, work()).await.unwrap();
        die_in(&db, &clock).await;
        let runner = runner(&db, &clock, seen.clone());
        assert_eq!(runner.run_due().await.unwrap(), 0, "it may still live");
        clock.advance_seconds(61);
        assert_eq!(runner.run_due().await.unwrap(), 1);
        let job = get(&db, id).await.unwrap();
        assert_eq!((job.state, job.attempts), (State::Done, 2));
        assert_eq!(seen.0.lock().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_kills_its_worker_is_given_up_too() {
    each_db(&[MIGRATIONS], async |db| {
        let (clock, seen) = (Clock::at(START), Seen::default());
        let id = add(&db, &clock, NewJob { max_attempts: 3, ..work() }).await.unwrap();
        for _ in 0..3 {
            die_in(&db, &clock).await;
            clock.advance_seconds(61);
        }
        runner(&db, &clock, seen.clone()).run_due().await.unwrap();
        let job = get(&db, id).await.unwrap();
        assert_eq!((job.state, job.attempts), (State::Dead, 3));
        assert!(seen.0.lock().unwrap().is_empty());
    })
    .await;
}

/// Comes one step further than the last time, and hangs.
struct Crawls(Arc<Notify>);

#[async_trait]
impl Handler for Crawls {
    async fn run(&self, context: &Context, _: Value) -> Result<Value> {
        let done = get(&context.db, context.id()).await?.done_steps;
        context.progress(done + 1, 20, "").await?;
        self.0.notify_one();
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_job_that_comes_further_each_time_is_not_given_up_however_often_its_process_ends() {
    each_db(&[MIGRATIONS], async |db| {
        let (clock, seen) = (Clock::at(START), Seen::default());
        let id = add(&db, &clock, NewJob { max_attempts: 3, ..work() }).await.unwrap();
        for _ in 0..10 {
            let begun = Arc::new(Notify::new());
            let runner = runner(&db, &clock, Crawls(begun.clone()));
            let task = tokio::spawn(async move { runner.run_due().await });
            begun.notified().await;
            task.abort();
            task.await.unwrap_err();
            clock.advance_seconds(61);
        }
        assert_eq!(get(&db, id).await.unwrap().done_steps, 10);
        runner(&db, &clock, seen).run_due().await.unwrap();
        assert_eq!(get(&db, id).await.unwrap().state, State::Done);
    })
    .await;
}

/// Loses its claim to another worker while it works.
struct Loses(Clock, Arc<Mutex<Option<bool>>>);

#[async_trait]
impl Handler for Loses {
    async fn run(&self, context: &Context, _payload: Value) -> Result<Value> {
        self.0.advance_seconds(61);
        let other = runner(&context.db, &self.0, Seen::default());
        other.run_due().await?;
        *self.1.lock().unwrap() = Some(context.progress(1, 2, "").await?);
        Ok(json!({ "late": true }))
    }
}

#[tokio::test]
async fn a_worker_that_was_thought_dead_is_told_to_stop_and_changes_nothing() {
    each_db(&[MIGRATIONS], async |db| {
        let (clock, told) = (Clock::at(START), Arc::new(Mutex::new(None)));
        let id = add(&db, &clock, work()).await.unwrap();
        runner(&db, &clock, Loses(clock.clone(), told.clone())).run_due().await.unwrap();
        assert_eq!(*told.lock().unwrap(), Some(false));
        let job = get(&db, id).await.unwrap();
        assert_eq!(job.outcome, Some(json!({ "did": { "n": 1 } })), "the other's outcome");
    })
    .await;
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    assert_same_schema(&[MIGRATIONS]).await;
}
