//! Taking an application back.

use flow::When;
use jinmen_core::{Actor, Error, Result};
use module::App;
use serde_json::json;

use super::{CASE, auto_grant, for_applicant, object};
use crate::model::{Application, ApplicationId, ApplicationState, needed};
use crate::{permissions, sql};

/// Takes back an application that is not decided; another may be begun in its place.
///
/// # Errors
/// `calls.decided`; a fault of `reason` for one that was handed in.
pub async fn withdraw(app: &App, actor: &Actor, id: ApplicationId, reason: &str) -> Result<()> {
    let before = for_applicant(&app.db, actor, &permissions::APPLY, id).await?;
    if before.state.is_final() {
        return Err(Error::conflict("calls.decided"));
    }
    let reason = match before.state {
        ApplicationState::Draft => String::new(),
        _ => needed("reason", reason, 500)?,
    };
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if let Some(case) = flow::running(&mut tx, &object(id), CASE).await? {
        flow::withdraw(&mut tx, actor, When { now, calendar: app.calendar() }, case.id).await?;
    }
    cases::close_tasks_on(&mut tx, actor, now, &object(id)).await?;
    let one = Application { state: ApplicationState::Withdrawn, reason: reason.clone(), returned: None, ..before };
    if sql::application::stand(&mut tx, &one, now).await? == 0 {
        return Err(Error::Stale);
    }
    auto_grant::given_up(&mut tx, id, &reason).await?;
    record::append(&mut tx, actor, now, "calls.application.withdrawn", object(id), json!({ "reason": reason })).await?;
    tx.commit().await?;
    Ok(())
}
