//! Opening a file for an organisation.

use jinmen_core::{Actor, Error, OrganizationId, Result, Scope};
use module::App;
use serde_json::json;
use store::Tx;

use super::{refresh, taken};
use crate::model::{NewOrganization, OrganizationDraft};
use crate::{permissions, sql};

/// Opens a file. The organisation one acts for keeps it.
pub async fn create_organization(app: &App, actor: &Actor, draft: &OrganizationDraft) -> Result<OrganizationId> {
    let keeper = actor.organization();
    let scope = keeper.map(Scope::owned_by).unwrap_or_default();
    actor.may(&permissions::CREATE_ORGANIZATION, &scope)?;
    let new = draft.parse()?;
    let mut tx = app.db.begin().await?;
    let id = insert(app, &mut tx, actor, new, keeper, false).await?;
    tx.commit().await?;
    Ok(id)
}

/// Opens a file within a transaction; for the demonstration's maker and for wiring.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    new: NewOrganization,
    keeper: Option<OrganizationId>,
    listed: bool,
) -> Result<OrganizationId> {
    let id = OrganizationId::new();
    let now = app.clock.now();
    if new.uscc.is_none() && !sql::organization::by_name(&mut *tx, &new.name.zh).await?.is_empty() {
        return Err(Error::field("name_zh", "registry.name_taken"));
    }
    let data = json!({ "name": new.name.zh, "uscc": new.uscc.map(|code| code.to_string()) });
    let opened = sql::organization::Opened { id, new, keeper, listed, today: None };
    sql::organization::insert(tx, vec![opened], None, now).await.map_err(taken)?;
    refresh::organizations(app, tx, &[id]).await?;
    record::append(tx, actor, now, "registry.organization.created", id, data).await?;
    Ok(id)
}
