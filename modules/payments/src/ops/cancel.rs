//! Cancelling an item of which nothing is paid.

use jinmen_core::{Actor, Error, Result};
use module::App;
use serde_json::json;

use super::{object, of_office, tell::tell};
use crate::model::{Item, ItemId, ItemState, why};
use crate::{permissions, sql};

/// Cancels an item, with a reason that its subject sees, too.
///
/// # Errors
/// `core.required` without a reason; `payments.something_paid`, `payments.all_paid`, `payments.is_cancelled`.
pub async fn cancel(app: &App, actor: &Actor, id: ItemId, typed: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    of_office(&mut tx, actor, &permissions::KEEP, id).await?;
    let why = why(typed)?;
    let cancelled = sql::cancel(&mut tx, id, &why).await?;
    // As it stands now, whoever else was at it.
    let item = sql::get(&mut tx, id).await?;
    if cancelled == 0 {
        return Err(refused(&item));
    }
    tell(&mut tx, actor, now, &item).await?;
    let data = json!({ "number": item.number, "title": item.title, "why": why });
    record::append(&mut tx, actor, now, "payments.cancelled", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}

fn refused(item: &Item) -> Error {
    Error::conflict(match item.state {
        ItemState::Cancelled => "payments.is_cancelled",
        ItemState::Paid => "payments.all_paid",
        ItemState::Open => "payments.something_paid",
    })
}
