//! Opening a file for a person.

use jinmen_core::{Actor, OrganizationId, PersonId, Result, Scope};
use module::App;
use serde_json::json;
use store::Tx;

use super::{refresh, taken};
use crate::model::{NewPerson, PersonDraft};
use crate::{permissions, sql};

/// Opens a file. The organisation one acts for keeps it.
pub async fn create_person(app: &App, actor: &Actor, draft: &PersonDraft) -> Result<PersonId> {
    let keeper = actor.organization();
    actor.may(&permissions::EDIT_PERSON, &keeper.map(Scope::owned_by).unwrap_or_default())?;
    let new = draft.parse(app.clock.today())?;
    let mut tx = app.db.begin().await?;
    let id = insert(app, &mut tx, actor, new, keeper).await?;
    tx.commit().await?;
    Ok(id)
}

/// Opens a file within a transaction.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    new: NewPerson,
    keeper: Option<OrganizationId>,
) -> Result<PersonId> {
    let (id, now) = (PersonId::new(), app.clock.now());
    let sealed = match &new.resident_id {
        Some(number) => Some(app.vault.seal("resident_id", number.expose())?),
        None => None,
    };
    sql::person::insert(tx, id, &new, sealed, keeper, now).await.map_err(taken)?;
    refresh::subject(app, tx, &id.into()).await?;
    record::append(tx, actor, now, "registry.person.created", id, json!({})).await?;
    Ok(id)
}
