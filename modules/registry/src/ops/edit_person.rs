//! Changing what identifies a person.

use jinmen_core::{Actor, Error, PersonId, Result};
use module::App;
use serde_json::json;

use super::{person_for, refresh, taken};
use crate::model::PersonDraft;
use crate::{permissions, sql};

/// Changes name, headline and, where one is given, the identity number, if `version` is the newest.
pub async fn edit_person(app: &App, actor: &Actor, id: PersonId, version: i64, draft: &PersonDraft) -> Result<()> {
    let mut tx = app.db.begin().await?;
    person_for(&mut tx, actor, &permissions::EDIT_PERSON, id).await?;
    let new = draft.parse(app.clock.today())?;
    let sealed = match &new.resident_id {
        Some(number) => Some(app.vault.seal("resident_id", number.expose())?),
        None => None,
    };
    let now = app.clock.now();
    let with_number = sealed.is_some();
    if sql::person::update(&mut tx, id, version, &new, sealed, now).await.map_err(taken)? == 0 {
        return Err(Error::Stale);
    }
    refresh::subject(app, &mut tx, &id.into()).await?;
    record::append(&mut tx, actor, now, "registry.person.edited", id, json!({ "resident_id": with_number })).await?;
    tx.commit().await?;
    Ok(())
}
