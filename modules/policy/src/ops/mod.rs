//! The use cases of policies.

pub mod abolish;
pub mod answer;
pub mod call;
pub mod comment;
pub mod edit;
pub mod library;
pub mod life;
pub mod mine;
pub mod plans;
pub mod program;
pub mod reach;
pub mod tell;

use jinmen_core::{Actor, Error, Object, Permission, Result, Scope};
use store::Conn;

use crate::model::{Policy, PolicyId};
use crate::sql;

/// A policy as records, flows, tasks and files name it.
pub fn object(id: PolicyId) -> Object {
    Object::new("policy", id)
}

/// Where the office works on a policy.
pub(crate) fn desk_page(id: PolicyId) -> String {
    format!("/work/policies/{id}")
}

/// A policy of the actor's office.
pub(crate) async fn of_office<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: PolicyId,
) -> Result<Policy> {
    actor.may_somewhere(permission)?;
    let policy = sql::policy::get(conn, id).await?;
    actor.may(permission, &Scope::owned_by(policy.owner))?;
    Ok(policy)
}

/// The actor's name, for rows that say who.
pub(crate) fn name(actor: &Actor) -> String {
    match actor {
        Actor::Person(person) => person.name.clone(),
        Actor::System(part) => (*part).to_owned(),
        Actor::Nobody => String::new(),
    }
}

/// The organisation that the actor's enterprise is.
pub(crate) fn own_enterprise(actor: &Actor, permission: &Permission) -> Result<jinmen_core::OrganizationId> {
    actor.may_somewhere(permission)?;
    let own = actor.organization().ok_or(Error::NotFound)?;
    actor.may(permission, &Scope::about(own, Vec::new()))?;
    Ok(own)
}
