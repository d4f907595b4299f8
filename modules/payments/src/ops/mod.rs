//! The use cases: authorise, check, write, record, in one transaction.

pub mod cancel;
pub mod create;
pub mod export;
pub mod owe;
pub mod pay;
pub mod pay_list;
pub mod proof;
pub mod read;
pub mod receipts;
pub mod reverse;
mod tell;

use jinmen_core::{Actor, Error, Object, OrganizationId, Permission, Reach, Result, Scope};
use store::Conn;

use crate::model::{Item, ItemId, PaymentId, Subject};
use crate::sql::{self, Sight};

/// The kind of the task of whoever keeps the books.
pub const TASK: &str = "payments.due";
/// The kind of the task of whoever owes.
pub const TASK_OWED: &str = "payments.owed";

/// An item as an object of tasks and of the record.
pub fn object(id: ItemId) -> Object {
    Object { kind: sql::KIND.into(), id: id.text() }
}

/// A payment as an object of attachments.
pub fn payment_object(id: PaymentId) -> Object {
    Object { kind: "payment".into(), id: id.text() }
}

/// The office's page.
pub fn page(id: ItemId) -> String {
    format!("/work/payments/{id}")
}

/// The page of whoever owes or gets it.
pub fn own_page(id: ItemId) -> String {
    format!("/work/own-payments/{id}")
}

/// An item in the books of the actor's office.
pub(crate) async fn of_office<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: ItemId,
) -> Result<Item> {
    let item = sql::get(conn, id).await?;
    actor.may(permission, &Scope::owned_by(item.owner))?;
    Ok(item)
}

/// The organisation whose books the actor keeps or reads.
pub(crate) fn own_books(actor: &Actor, permission: &Permission) -> Result<OrganizationId> {
    let own = actor.organization().ok_or(Error::NotFound)?;
    actor.may(permission, &Scope::owned_by(own))?;
    Ok(own)
}

/// Whose items the actor may see in the books.
pub(crate) fn sight(actor: &Actor, permission: &Permission) -> Result<Sight> {
    actor.may_somewhere(permission)?;
    match actor.reach(permission) {
        Some(Reach::All) => Ok(Sight::All),
        _ => own_books(actor, permission).map(Sight::Owner),
    }
}

/// Whoever the actor acts for as one that owes and gets: the hat's organisation, or oneself.
pub(crate) fn own_subject(actor: &Actor, permission: &Permission) -> Result<Subject> {
    actor.may_somewhere(permission)?;
    let organization = actor.organization().map(Subject::from);
    let subject = match actor.reach(permission) {
        Some(Reach::Subject) => organization,
        _ => actor.person().map(Subject::from),
    };
    let subject = subject.ok_or(Error::NotFound)?;
    actor.may(permission, &scope(subject))?;
    Ok(subject)
}

fn scope(subject: Subject) -> Scope {
    match subject {
        Subject::Organization(id) => Scope::about(id, Vec::new()),
        Subject::Person(id) => Scope { person: Some(id), ..Scope::default() },
    }
}

/// The name that is kept with what somebody does.
pub(crate) fn name(actor: &Actor) -> String {
    actor.signed_in().map(|person| person.name.clone()).unwrap_or_default()
}
