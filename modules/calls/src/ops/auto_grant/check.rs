//! The office looks through a list: takes firms out with a reason, or gives the whole up.

use jinmen_core::{Actor, Error, Fault, Result};
use module::App;
use serde_json::json;

use super::{CHECK, OFFER, line_object, of_own_office, run_object, settle, stands};
use crate::model::{GrantLine, GrantLineId, GrantLineState, RUN_MOST, RunId, RunState, needed};
use crate::{permissions, sql};

/// Takes firms out of a list, before they confirmed.
///
/// # Errors
/// `calls.bulk_none`; a fault of `reason`; `calls.grant_line_state` for one that confirmed or does not stand any more. Then
/// none is taken out.
pub async fn remove(app: &App, actor: &Actor, id: RunId, lines: &[GrantLineId], reason: &str) -> Result<()> {
    of_own_office(&app.db, actor, &permissions::PROCESS, id).await?;
    let reason = needed("reason", reason, 500)?;
    if lines.is_empty() {
        return Err(Fault::new("calls.bulk_none").into());
    }
    if lines.len() > RUN_MOST {
        return Err(Fault::new("calls.bulk_many").with("most", RUN_MOST).into());
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    sql::auto_grant::take(&mut tx, id).await?;
    let (run, _) = of_own_office(&mut tx, actor, &permissions::PROCESS, id).await?;
    stands(&run, &[RunState::Checking, RunState::Asking])?;
    let known = sql::auto_grant::lines(&mut tx, id).await?;
    for wanted in lines {
        let line = known.iter().find(|line| line.id == *wanted).ok_or(Error::NotFound)?;
        if !matches!(line.state, GrantLineState::Found | GrantLineState::Asked) {
            return Err(Error::Conflict(Fault::new("calls.grant_line_state").with("name", &line.name)));
        }
        take_out(&mut tx, actor, line, &reason, now).await?;
    }
    settle(&mut tx, actor, now, id).await?;
    tx.commit().await?;
    Ok(())
}

async fn take_out(
    tx: &mut store::Tx,
    actor: &Actor,
    line: &GrantLine,
    reason: &str,
    now: jinmen_core::Instant,
) -> Result<()> {
    let one = GrantLine { state: GrantLineState::Removed, reason: reason.to_owned(), holds: false, ..line.clone() };
    if !sql::auto_grant::stand(tx, &one, line.state).await? {
        return Err(Error::Stale);
    }
    cases::close_task(tx, actor, now, OFFER, &line_object(line.id)).await?;
    let data = json!({ "name": line.name, "reason": reason });
    record::append(tx, actor, now, "calls.grant.removed", run_object(line.run), data).await?;
    Ok(())
}

/// Gives a list up that was not asked about yet: a new one may be computed.
///
/// # Errors
/// `calls.grant_run_state`.
pub async fn close(app: &App, actor: &Actor, id: RunId) -> Result<()> {
    of_own_office(&app.db, actor, &permissions::PROCESS, id).await?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    sql::auto_grant::take(&mut tx, id).await?;
    let (run, _) = of_own_office(&mut tx, actor, &permissions::PROCESS, id).await?;
    stands(&run, &[RunState::Computing, RunState::Checking])?;
    // Taken out without standing in the way of the next list.
    let reason = app.words(jinmen_core::Locale::ZhCn).of("calls-grant-given-up");
    sql::auto_grant::forget(&mut tx, id, &reason).await?;
    sql::auto_grant::go(&mut tx, id, run.state, RunState::Over).await?;
    cases::close_task(&mut tx, actor, now, CHECK, &run_object(id)).await?;
    record::append(&mut tx, actor, now, "calls.grant.given_up", run_object(id), json!({ "number": run.number }))
        .await?;
    tx.commit().await?;
    Ok(())
}
