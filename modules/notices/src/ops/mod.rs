//! The use cases: authorise, check, write, record, in one transaction.

pub mod answer;
pub mod audience;
pub mod deliver;
pub mod read;
pub mod remind;
pub mod robots;
pub mod send;

use jinmen_core::{Actor, Error, Object, OrganizationId, Permission, Result, Scope};
use store::Conn;

use crate::model::{Circular, CircularId};
use crate::sql;

/// A circular came, or is reminded of.
pub const NOTICE: notify::NoticeKind = notify::NoticeKind::inbox("notices.circular");
/// The same for circulars that are mailed, too.
pub const NOTICE_MAILED: notify::NoticeKind = notify::NoticeKind::mailed("notices.circular_mailed");
/// The task of whoever is to answer.
pub const TASK: &str = "notices.answer";

/// A circular as an object of tasks and of the record.
pub fn object(id: CircularId) -> Object {
    Object { kind: "circular".into(), id: id.text() }
}

/// The page of those who received it.
pub(crate) fn own_page(id: CircularId) -> String {
    format!("/work/notices/{id}")
}

/// A circular of the actor's office.
pub(crate) async fn of_office<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: CircularId,
) -> Result<Circular> {
    let circular = sql::get(conn, id).await?;
    actor.may(permission, &Scope::owned_by(circular.owner))?;
    Ok(circular)
}

/// The organisation that the actor acts for, if the permission reaches it.
pub(crate) fn own_organization(actor: &Actor, permission: &Permission) -> Result<OrganizationId> {
    let own = actor.organization().ok_or(Error::NotFound)?;
    actor.may(permission, &Scope::about(own, Vec::new()))?;
    Ok(own)
}

/// The name that is kept with what somebody does.
pub(crate) fn name(actor: &Actor) -> String {
    actor.signed_in().map(|person| person.name.clone()).unwrap_or_default()
}
