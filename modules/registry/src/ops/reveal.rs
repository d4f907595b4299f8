//! Seeing a masked value in full. Every look is recorded, with the reason given.

use jinmen_core::{Actor, Error, Object, PersonId, Result};
use module::App;
use serde_json::json;

use super::{organization_for, person_for};
use crate::model::ContactId;
use crate::{permissions, sql};

/// The full value of a contact point.
pub async fn contact(app: &App, actor: &Actor, subject: &Object, id: ContactId) -> Result<String> {
    let mut tx = app.db.begin().await?;
    match subject.kind.as_str() {
        "organization" => {
            organization_for(&mut tx, actor, &permissions::REVEAL, subject.id.parse()?).await?;
        }
        _ => {
            person_for(&mut tx, actor, &permissions::REVEAL, subject.id.parse()?).await?;
        }
    }
    let (known, sealed, value) = sql::contact::sealed(&mut tx, id).await?;
    if known.subject != *subject {
        return Err(Error::NotFound);
    }
    let value = match sealed {
        Some(bytes) => app.vault.open(&format!("contact.{}", known.kind), &bytes)?,
        None => value.unwrap_or_default(),
    };
    let data = json!({ "what": known.kind });
    record::append(&mut tx, actor, app.clock.now(), "registry.value.revealed", subject.clone(), data).await?;
    tx.commit().await?;
    Ok(value)
}

/// The full identity number of a person.
pub async fn resident_id(app: &App, actor: &Actor, id: PersonId) -> Result<String> {
    let mut tx = app.db.begin().await?;
    person_for(&mut tx, actor, &permissions::REVEAL, id).await?;
    let bytes = sql::person::resident_sealed(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let value = app.vault.open("resident_id", &bytes)?;
    let data = json!({ "what": "resident_id" });
    record::append(&mut tx, actor, app.clock.now(), "registry.value.revealed", id, data).await?;
    tx.commit().await?;
    Ok(value)
}
