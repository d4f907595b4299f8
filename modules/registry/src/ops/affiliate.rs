//! What people are at organisations.

use jinmen_core::{Actor, Error, OrganizationId, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::{organization_for, person_for};
use crate::model::{AffiliationId, NewAffiliation};
use crate::{permissions, sql};

/// Says what a person is at an organisation. Whoever says so keeps the person's file and may change
/// the organisation's.
pub async fn affiliate(app: &App, actor: &Actor, new: &NewAffiliation) -> Result<AffiliationId> {
    let mut tx = app.db.begin().await?;
    person_for(&mut tx, actor, &permissions::EDIT_PERSON, new.person).await?;
    organization_for(&mut tx, actor, &permissions::EDIT_ORGANIZATION, new.organization)
        .await
        .map_err(|_| Error::field("organization", "registry.organization_unknown"))?;
    let id = insert(app, &mut tx, actor, new, "self_declared").await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    new: &NewAffiliation,
    source: &str,
) -> Result<AffiliationId> {
    new.check()?;
    let (id, now) = (AffiliationId::new(), app.clock.now());
    sql::affiliation::insert(tx, id, new, source, now).await?;
    if new.kind == "expert" {
        sql::person::set_expert(tx, new.person, true, now).await?;
    }
    let data = json!({ "kind": new.kind, "organization": new.organization.text(), "letter": new.letter });
    record::append(tx, actor, now, "registry.affiliation.added", new.person, data).await?;
    Ok(id)
}

/// Ends an affiliation.
pub async fn end(app: &App, actor: &Actor, id: AffiliationId) -> Result<OrganizationId> {
    let mut tx = app.db.begin().await?;
    let known = sql::affiliation::get(&mut tx, id).await?;
    if person_for(&mut tx, actor, &permissions::EDIT_PERSON, known.person).await.is_err() {
        organization_for(&mut tx, actor, &permissions::EDIT_ORGANIZATION, known.organization).await?;
    }
    let now = app.clock.now();
    if sql::affiliation::end(&mut tx, id, now).await? == 0 {
        return Err(Error::NotFound);
    }
    let others = sql::affiliation::of_person(&mut tx, known.person).await?;
    let expert = others.iter().any(|one| one.kind == "expert" && one.ended_at.is_none());
    sql::person::set_expert(&mut tx, known.person, expert, now).await?;
    let data = json!({ "kind": known.kind, "organization": known.organization.text() });
    record::append(&mut tx, actor, now, "registry.affiliation.ended", known.person, data).await?;
    tx.commit().await?;
    Ok(known.organization)
}
