//! How organisations stand to each other.

use jinmen_core::{Actor, Date, Error, Fault, OrganizationId, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::{organization_for, taken};
use crate::model::{NOTE_MOST, Relation, RelationId, choice, line};
use crate::{permissions, sql};

/// A relation to be written.
#[derive(Clone, Debug, Default)]
pub struct NewRelation {
    /// The organisation at the other end.
    pub to: String,
    /// A code of the list `relation_kind`.
    pub kind: String,
    /// For members, a code of the list `member_grade`.
    pub grade: String,
    /// A number such as that of the membership certificate.
    pub number: String,
    /// The first day.
    pub valid_from: Option<Date>,
    /// A note.
    pub note: String,
}

/// Says how one organisation stands to another: member of, branch of, hosted by.
pub async fn relate(app: &App, actor: &Actor, from: OrganizationId, new: &NewRelation) -> Result<RelationId> {
    let mut tx = app.db.begin().await?;
    organization_for(&mut tx, actor, &permissions::KEEP_ORGANIZATION, from).await?;
    let to: OrganizationId = new.to.parse().map_err(|_| Error::field("to", "registry.organization_unknown"))?;
    let known = sql::organization::get(&mut tx, to).await;
    known.map_err(|_| Error::field("to", "registry.organization_unknown"))?;
    let id = insert(app, &mut tx, actor, from, to, new).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction, between organisations that are known to be there.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    from: OrganizationId,
    to: OrganizationId,
    new: &NewRelation,
) -> Result<RelationId> {
    if from == to {
        return Err(Error::field("to", "registry.relation_self"));
    }
    let kind = choice("kind", "relation_kind", &new.kind)?;
    let grade = match new.grade.as_str() {
        "" => None,
        _ if kind != "member_of" => return Err(Fault::at("grade", "registry.grade_of_member").into()),
        grade => Some(choice("grade", "member_grade", grade)?),
    };
    let relation = Relation {
        id: RelationId::new(),
        from,
        to,
        kind: kind.clone(),
        grade: grade.clone(),
        number: line("number", &new.number, 60)?,
        valid_from: new.valid_from,
        valid_until: None,
        note: line("note", &new.note, NOTE_MOST)?.unwrap_or_default(),
        source: "self_declared".into(),
    };
    let (id, now) = (relation.id, app.clock.now());
    sql::relation::insert(tx, vec![relation], None, now).await.map_err(taken)?;
    let data = json!({ "kind": kind, "to": to.text(), "grade": grade });
    record::append(tx, actor, now, "registry.relation.added", from, data).await?;
    Ok(id)
}

/// Ends a relation.
pub async fn end(app: &App, actor: &Actor, organization: OrganizationId, relation: RelationId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    organization_for(&mut tx, actor, &permissions::KEEP_ORGANIZATION, organization).await?;
    let now = app.clock.now();
    if sql::relation::end(&mut tx, relation, organization, now).await? == 0 {
        return Err(Error::NotFound);
    }
    record::append(
        &mut tx,
        actor,
        now,
        "registry.relation.ended",
        organization,
        json!({ "relation": relation.text() }),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}
