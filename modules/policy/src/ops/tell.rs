//! Telling enterprises what they are entitled to, and what they reply.

use jinmen_core::{Actor, Error, Fault, Matter, OrganizationId, PersonId, Result, Role};
use module::App;
use serde_json::json;

use super::{name, object, of_office, own_enterprise, reach};
use crate::model::{PolicyId, Reply, short};
use crate::{permissions, sql};

/// What the inbox of an enterprise's people says.
pub const NOTICE: notify::NoticeKind = notify::NoticeKind::inbox("policy.told");
/// Those who answer for an enterprise.
const ROLES: [Role; 2] = [Role::EnterpriseAdmin, Role::EnterpriseHandler];
/// Organisations told in one go.
const MOST: usize = 20_000;

/// Tells every enterprise that a published policy grants something for certain and that was not told yet; how many, and how
/// many people. What each gets stays between it and its file.
///
/// # Errors
/// `policy.not_published`; `policy.nobody_new`.
pub async fn tell(app: &App, actor: &Actor, id: PolicyId) -> Result<(usize, usize)> {
    let asked = reach::asked(app, actor, id).await?;
    if !asked.policy.is_public() {
        return Err(Error::conflict("policy.not_published"));
    }
    let reached = reach::who(app, actor, &asked, MOST).await?;
    let all: Vec<OrganizationId> = reached.into_iter().map(|one| one.organization).collect();
    let (now, by) = (app.clock.now(), name(actor));
    let mut tx = app.db.begin().await?;
    let told = sql::told::insert(&mut tx, id, &all, &by, now).await?;
    if told.is_empty() {
        return Err(Error::conflict("policy.nobody_new"));
    }
    let acting = access::acting_for(&mut tx, &told, &ROLES, Some(Matter::Apply), app.clock.today()).await?;
    let people: Vec<PersonId> =
        acting.into_iter().map(|(_, person)| person).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let notice = notify::Notice::new(NOTICE, json!({ "title": asked.policy.title.zh }));
    let mut notice = notice.link(format!("/work/own-policies/{id}")).about(object(id));
    notice.message_key = "notice-policy-told-text".to_owned();
    notify::send(&mut tx, now, &people, notice).await?;
    let data = json!({ "organizations": told.len(), "people": people.len() });
    record::append(&mut tx, actor, now, "policy.told", object(id), data).await?;
    tx.commit().await?;
    Ok((told.len(), people.len()))
}

/// What the actor's enterprise replies to having been told.
///
/// # Errors
/// `policy.reply`, `core.too_long`; not found for one that was not told.
pub async fn reply(app: &App, actor: &Actor, id: PolicyId, reply: &str, note: &str) -> Result<()> {
    let own = own_enterprise(actor, &permissions::ANSWER)?;
    let reply = Reply::from_code(reply).ok_or_else(|| Fault::at("reply", "policy.reply"))?;
    let note = short("note", note, 500)?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::told::reply(&mut tx, id, own, reply, &note, &name(actor), now).await? == 0 {
        return Err(Error::NotFound);
    }
    record::append(&mut tx, actor, now, "policy.replied", object(id), json!({ "reply": reply.code() })).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the actor's enterprise was told, and what it replied.
pub async fn own(app: &App, actor: &Actor, id: PolicyId) -> Result<Option<Option<Reply>>> {
    let own = own_enterprise(actor, &permissions::MINE)?;
    Ok(sql::told::of(&app.db, id, own).await?)
}

/// How many were told, and what they replied: applies, not now, wants help, nothing yet.
pub async fn replies(app: &App, actor: &Actor, id: PolicyId) -> Result<[i64; 5]> {
    of_office(&app.db, actor, &permissions::REACH, id).await?;
    Ok(sql::told::counts(&app.db, id).await?)
}
