//! The same change to every organisation that a list shows: all of them, or none.

use jinmen_core::{Actor, Error, Object, OrganizationId, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::{audience, record_facts, refresh};
use crate::model::{FactId, NewFact, OrganizationFilter};
use crate::sql::fact::Recorder;
use crate::{permissions, sql};

/// Organisations changed at once.
pub const MOST: usize = 1_000;

/// What is changed.
#[derive(Clone, Debug)]
pub enum Change {
    /// A tag of the actor's office is put on them, or taken off.
    Tag(String, bool),
    /// They are shown to the public, or not any more.
    Listed(bool),
    /// A fact is added to each file.
    Fact(Box<NewFact>),
}

/// The organisations that a change would reach.
///
/// # Errors
/// `registry.bulk_none`, `registry.bulk_many`.
pub async fn reached(app: &App, actor: &Actor, filter: &OrganizationFilter) -> Result<Vec<(OrganizationId, String)>> {
    let who = audience(actor, &permissions::KEEP_ORGANIZATION)?;
    let rows = sql::organization::list(&app.db, filter, who, None, MOST as u32).await?;
    if rows.len() > MOST {
        return Err(jinmen_core::Fault::new("registry.bulk_many").with("most", MOST).into());
    }
    if rows.is_empty() {
        return Err(jinmen_core::Fault::new("registry.bulk_none").into());
    }
    Ok(rows.into_iter().map(|row| (row.organization.id, row.organization.name.zh)).collect())
}

/// Changes them; how many there were. `expected` is how many the actor was shown: a list that changed meanwhile is shown
/// again instead.
pub async fn change(
    app: &App,
    actor: &Actor,
    filter: &OrganizationFilter,
    change: Change,
    expected: usize,
) -> Result<usize> {
    let ids: Vec<OrganizationId> = reached(app, actor, filter).await?.into_iter().map(|(id, _)| id).collect();
    if ids.len() != expected {
        return Err(Error::Stale);
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let data = match change {
        Change::Tag(label, on) => {
            let own = actor.organization().ok_or(Error::NotFound)?;
            let objects: Vec<String> = ids.iter().map(|id| id.text()).collect();
            cases::tag_many(&mut tx, now, "organization", &objects, own, &label, on).await?;
            json!({ "tag": label.trim(), "on": on })
        }
        Change::Listed(listed) => {
            actor.may_somewhere(&permissions::EDIT_ORGANIZATION)?;
            sql::organization::set_listed_many(&mut tx, &ids, listed, now).await?;
            json!({ "listed": listed })
        }
        Change::Fact(fact) => facts(app, &mut tx, actor, &ids, *fact).await?,
    };
    let entries = ids.iter().map(|id| (Object::from(*id), data.clone())).collect();
    record::append_many(&mut tx, actor, now, "registry.organization.bulk", entries).await?;
    tx.commit().await?;
    Ok(ids.len())
}

async fn facts(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    ids: &[OrganizationId],
    fact: NewFact,
) -> Result<serde_json::Value> {
    let permission = match fact.source {
        crate::model::Source::Verified => &permissions::VERIFY_FACT,
        _ => &permissions::EDIT_ORGANIZATION,
    };
    actor.may_somewhere(permission)?;
    let data = json!({ "facts": [{ "key": fact.key.key, "source": fact.source.code() }] });
    let name = record_facts::name(actor);
    let by = Recorder { account: actor.account(), name: &name, at: app.clock.now(), import: None };
    let rows = ids.iter().map(|id| (id.text(), FactId::new(), fact.clone())).collect();
    sql::fact::insert(tx, "organization", rows, &by).await?;
    refresh::organizations(app, tx, ids).await?;
    Ok(data)
}
