//! No longer holding a fact: it stays readable as known before.

use jinmen_core::{Actor, Error, Object, Result};
use module::App;
use serde_json::json;

use super::{organization_for, person_for, refresh};
use crate::model::{FactId, NOTE_MOST, required};
use crate::{permissions, sql};

/// Withdraws a fact with a reason.
pub async fn withdraw_fact(app: &App, actor: &Actor, subject: &Object, fact: FactId, reason: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    match subject.kind.as_str() {
        "organization" => {
            organization_for(&mut tx, actor, &permissions::EDIT_ORGANIZATION, subject.id.parse()?).await?;
        }
        _ => {
            person_for(&mut tx, actor, &permissions::EDIT_PERSON, subject.id.parse()?).await?;
        }
    }
    let reason = required("reason", reason, NOTE_MOST)?;
    let now = app.clock.now();
    if sql::fact::withdraw(&mut tx, fact, subject, actor.account(), &reason, now).await? == 0 {
        return Err(Error::NotFound);
    }
    refresh::subject(app, &mut tx, subject).await?;
    let data = json!({ "fact": fact.text(), "reason": reason });
    record::append(&mut tx, actor, now, "registry.fact.withdrawn", subject.clone(), data).await?;
    tx.commit().await?;
    Ok(())
}
