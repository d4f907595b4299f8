//! Taking the books out: who did so is recorded.

use jinmen_core::{Actor, Object, Result};
use module::App;
use module::pages::pairs;
use serde_json::json;

use super::sight;
use crate::model::ItemFilter;
use crate::permissions;

/// Records that the actor takes out the list that a filter shows; the rows are those of [`super::read::list`].
pub async fn export(app: &App, actor: &Actor, filter: &ItemFilter) -> Result<()> {
    sight(actor, &permissions::READ)?;
    filter.read()?;
    let mut tx = app.db.begin().await?;
    let data = json!({ "filter": pairs(filter) });
    record::append(&mut tx, actor, app.clock.now(), "payments.exported", Object::instance(), data).await?;
    tx.commit().await?;
    Ok(())
}
