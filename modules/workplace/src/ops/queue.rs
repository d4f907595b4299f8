//! The queue, as those who run the instance see it.

use jinmen_core::{Object, Page, PageRequest, Result, Scope};
use jobs::{Job, JobId, State};
use module::{App, Visit};
use serde_json::json;

use crate::permissions;

/// The states there are, in the order in which they are shown.
pub const STATES: [State; 5] = [State::Waiting, State::Running, State::Dead, State::Done, State::Cancelled];

/// Jobs in a state, or all.
pub async fn list(app: &App, visit: &Visit, state: &str, page: &PageRequest) -> Result<Page<Job>> {
    visit.actor.may(&permissions::QUEUE, &Scope::instance())?;
    let state = STATES.into_iter().find(|known| known.code() == state);
    jobs::list(&app.db, state, page).await
}

/// Gives a job that was given up another round.
pub async fn retry(app: &App, visit: &Visit, id: &str) -> Result<()> {
    visit.actor.may(&permissions::QUEUE, &Scope::instance())?;
    let job = jobs::get(&app.db, id.parse::<JobId>()?).await?;
    let now = app.clock.now();
    // Recorded before: the queue has a transaction of its own, and a wish that failed was a wish.
    let mut tx = app.db.begin().await?;
    record::append(
        &mut tx,
        &visit.actor,
        now,
        "work.job.retried",
        Object::new("job", job.id),
        json!({ "kind": job.kind }),
    )
    .await?;
    tx.commit().await?;
    jobs::retry(&app.db, job.id, now).await
}
