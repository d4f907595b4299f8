//! The end of a policy: abolished, or replaced by another (废止, 修订).

use jinmen_core::{Actor, Date, Error, Faults, Result};
use module::App;
use serde_json::json;

use super::{object, of_office};
use crate::model::{PolicyId, needed};
use crate::{permissions, sql};

/// Ends a policy on a day, with the reason, and what takes its place.
///
/// # Errors
/// Faults of the fields; `policy.not_issued` for one that does not hold.
pub async fn abolish(
    app: &App,
    actor: &Actor,
    id: PolicyId,
    on: &str,
    note: &str,
    replaced_by: Option<PolicyId>,
) -> Result<()> {
    let policy = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let mut faults = Faults::new();
    let day = Date::parse(on.trim()).map_err(|fault| jinmen_core::Fault::of("on", &fault));
    let (day, note) = (faults.take(day), faults.take(needed("note", note, 1_000)));
    faults.check()?;
    let (Some(day), Some(note)) = (day, note) else { return Err(Error::conflict("core.required")) };
    if let Some(other) = replaced_by {
        // One of the same office.
        let other = of_office(&app.db, actor, &permissions::READ, other).await;
        let other = other.map_err(|_| Error::field("replaced_by", "policy.replaced_by"))?;
        if other.id == policy.id {
            return Err(Error::field("replaced_by", "policy.replaced_by"));
        }
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::policy::abolish(&mut tx, id, day, &note, replaced_by, now).await? == 0 {
        return Err(Error::conflict("policy.not_issued"));
    }
    let data = json!({ "on": day.to_string(), "replaced_by": replaced_by.map(PolicyId::text) });
    record::append(&mut tx, actor, now, "policy.abolished", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}
