//! Following long work and stopping it.

use jinmen_core::{Error, Result};
use jobs::{Job, JobId};
use module::{App, Visit};

use crate::permissions;

/// A job of whoever asked for it; those who run the instance see all.
pub async fn watch(app: &App, visit: &Visit, id: &str) -> Result<Job> {
    visit.actor.may_somewhere(&permissions::WORK)?;
    let job = jobs::get(&app.db, id.parse::<JobId>()?).await?;
    let own = job.owner.is_some() && job.owner == visit.actor.account();
    if own || visit.actor.may_somewhere(&permissions::QUEUE).is_ok() { Ok(job) } else { Err(Error::NotFound) }
}

/// Asks it to stop.
pub async fn cancel(app: &App, visit: &Visit, id: &str) -> Result<()> {
    let job = watch(app, visit, id).await?;
    jobs::cancel(&app.db, job.id, app.clock.now()).await
}
