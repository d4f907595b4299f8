//! Agreeing to be shown to the public, or not any more.

use jinmen_core::{Actor, OrganizationId, Result};
use module::App;
use serde_json::json;

use super::organization_for;
use crate::{permissions, sql};

/// Shows an organisation in the public directory, or takes it out.
pub async fn list_publicly(app: &App, actor: &Actor, id: OrganizationId, listed: bool) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let before = organization_for(&mut tx, actor, &permissions::EDIT_ORGANIZATION, id).await?;
    if before.listed == listed {
        return Ok(());
    }
    let now = app.clock.now();
    sql::organization::set_listed(&mut tx, id, listed, now).await?;
    let action = if listed { "registry.organization.listed" } else { "registry.organization.unlisted" };
    record::append(&mut tx, actor, now, action, id, json!({})).await?;
    tx.commit().await?;
    Ok(())
}
