//! Changing what identifies an organisation.

use jinmen_core::{Actor, Error, OrganizationId, Result};
use module::App;
use serde_json::json;

use super::{organization_for, refresh, taken};
use crate::model::OrganizationDraft;
use crate::{permissions, sql};

/// Changes name, code, kind and introduction, if `version` is still the newest.
pub async fn edit_organization(
    app: &App,
    actor: &Actor,
    id: OrganizationId,
    version: i64,
    draft: &OrganizationDraft,
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let before = organization_for(&mut tx, actor, &permissions::EDIT_ORGANIZATION, id).await?;
    let new = draft.parse()?;
    let now = app.clock.now();
    if sql::organization::update(&mut tx, id, version, &new, now).await.map_err(taken)? == 0 {
        return Err(Error::Stale);
    }
    refresh::organizations(app, &mut tx, &[id]).await?;
    let data = json!({
        "before": { "name": before.name.zh, "uscc": before.uscc.map(|code| code.to_string()), "kind": before.kind },
        "name": new.name.zh,
        "uscc": new.uscc.map(|code| code.to_string()),
        "kind": new.kind,
    });
    record::append(&mut tx, actor, now, "registry.organization.edited", id, data).await?;
    tx.commit().await?;
    Ok(())
}
