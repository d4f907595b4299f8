//! Views of lists that an office saved under a name.

use jinmen_core::{Actor, Error, Object, OrganizationId, Result, Scope};
use module::App;
use serde_json::json;

use crate::model::{SavedView, ViewId};
use crate::{permissions, sql};

fn office(actor: &Actor) -> Result<OrganizationId> {
    let own = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::SAVE_VIEW, &Scope::owned_by(own))?;
    Ok(own)
}

/// The views of the actor's office; none for those who save none.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<SavedView>> {
    match office(actor) {
        Ok(own) => Ok(sql::view::of(&app.db, own).await?),
        Err(_) => Ok(Vec::new()),
    }
}

/// Saves a filter under a name; a view of that name is replaced.
///
/// # Errors
/// `registry.view_empty` for a filter that filters nothing, `registry.views_many`.
pub async fn save(app: &App, actor: &Actor, name: &str, pairs: &[(String, String)]) -> Result<ViewId> {
    let own = office(actor)?;
    let view = SavedView::new(name, pairs)?;
    if view.filter.is_empty() {
        return Err(Error::field("name", "registry.view_empty"));
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if sql::view::put(&mut tx, own, &view, actor.account(), now).await? == 0 {
        return Err(Error::conflict("registry.views_many"));
    }
    record::append(&mut tx, actor, now, "registry.view.saved", Object::from(own), json!({ "name": view.name })).await?;
    tx.commit().await?;
    Ok(view.id)
}

/// Removes a view.
pub async fn remove(app: &App, actor: &Actor, id: ViewId) -> Result<()> {
    let own = office(actor)?;
    let mut tx = app.db.begin().await?;
    if sql::view::remove(&mut tx, own, id).await? == 0 {
        return Err(Error::NotFound);
    }
    record::append(&mut tx, actor, app.clock.now(), "registry.view.removed", Object::from(own), json!({})).await?;
    tx.commit().await?;
    Ok(())
}
