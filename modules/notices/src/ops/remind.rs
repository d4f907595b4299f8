//! Reminding those who have not done what a circular asks, and closing it.

use jinmen_core::{Actor, Error, Matter, PersonId, Result};
use module::App;
use serde_json::json;

use super::{deliver, object, of_office, send};
use crate::model::CircularId;
use crate::{permissions, sql};

/// Between two reminders, and after sending.
pub const PAUSE_SECONDS: i64 = 3_600;

/// Whom a reminder reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminded {
    /// Organisations that have not done what is asked.
    pub organizations: usize,
    /// People told.
    pub people: usize,
}

/// Reminds everybody who has not read it, or where it wants an answer, has not answered.
///
/// # Errors
/// `notices.reminded` within an hour of the last time, `notices.nobody_missing`.
pub async fn remind(app: &App, actor: &Actor, id: CircularId) -> Result<Reminded> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let circular = of_office(&mut tx, actor, &permissions::SEND, id).await?;
    let missing = sql::missing(&mut tx, id, circular.asks).await?;
    if missing.is_empty() {
        return Err(Error::conflict("notices.nobody_missing"));
    }
    if sql::set_reminded(&mut tx, id, now, now.plus_seconds(-PAUSE_SECONDS)).await? == 0 {
        let closed = circular.closed_at.is_some();
        return Err(Error::conflict(if closed { "notices.closed" } else { "notices.reminded" }));
    }
    let today = app.clock.today();
    let acting = access::acting_for(&mut tx, &missing, &send::ROLES, Some(Matter::Reply), today).await?;
    let people: Vec<PersonId> = acting.into_iter().map(|(_, person)| person).collect();
    sql::count_reminders(&mut tx, id, &missing).await?;
    let message = "notice-notices-circular-reminder";
    send::tell(&mut tx, app, id, &circular.title, circular.by_mail, message, &people).await?;
    if circular.by_sms && !people.is_empty() {
        jobs::enqueue(&mut tx, deliver::job(id, &people, true), now).await?;
    }
    let data = json!({ "organizations": missing.len(), "people": people.len() });
    record::append(&mut tx, actor, now, "notices.circular.reminded", object(id), data).await?;
    tx.commit().await?;
    Ok(Reminded { organizations: missing.len(), people: people.len() })
}

/// Takes no more answers.
pub async fn close(app: &App, actor: &Actor, id: CircularId) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    of_office(&mut tx, actor, &permissions::SEND, id).await?;
    if sql::close(&mut tx, id, now).await? == 0 {
        return Err(Error::conflict("notices.closed"));
    }
    cases::close_tasks_on(&mut tx, actor, now, &object(id)).await?;
    record::append(&mut tx, actor, now, "notices.circular.closed", object(id), json!({})).await?;
    tx.commit().await?;
    Ok(())
}
