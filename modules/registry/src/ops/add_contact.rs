//! Ways to reach a subject: added, removed.

use jinmen_core::{Actor, Error, Object, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::{organization_for, person_for};
use crate::model::{ContactId, NewContact};
use crate::sql::contact::Ready;
use crate::{permissions, sql};

/// A way to reach a subject, as it is typed.
#[derive(Clone, Debug, Default)]
pub struct ContactDraft {
    /// A code of the list `contact_kind`.
    pub kind: String,
    /// Whom one reaches there.
    pub label: String,
    /// Number or address.
    pub value: String,
    /// Whether the public sees it; numbers of people never.
    pub shown: bool,
}

/// Adds a way to reach a subject.
pub async fn add_contact(app: &App, actor: &Actor, subject: &Object, draft: &ContactDraft) -> Result<ContactId> {
    let mut tx = app.db.begin().await?;
    authorise(&mut tx, actor, subject).await?;
    let id = insert(app, &mut tx, actor, subject, draft).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    subject: &Object,
    draft: &ContactDraft,
) -> Result<ContactId> {
    let new = NewContact::parse(&draft.kind, &draft.label, &draft.value, draft.shown, subject.kind == "person")?;
    let (kind, now) = (new.kind.clone(), app.clock.now());
    let ready = sealed(app, subject.clone(), new)?;
    let id = ready.0;
    sql::contact::insert(tx, vec![ready], "self_declared", None, now).await?;
    record::append(tx, actor, now, "registry.contact.added", subject.clone(), json!({ "kind": kind })).await?;
    Ok(id)
}

/// Seals what must be sealed.
pub(crate) fn sealed(app: &App, subject: Object, new: NewContact) -> Result<Ready> {
    let sealed = if new.sealed { Some(app.vault.seal(&format!("contact.{}", new.kind), &new.value)?) } else { None };
    Ok((ContactId::new(), subject, new, sealed))
}

/// Removes a way to reach a subject.
pub async fn remove(app: &App, actor: &Actor, subject: &Object, id: ContactId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    authorise(&mut tx, actor, subject).await?;
    let (known, ..) = sql::contact::sealed(&mut tx, id).await?;
    let now = app.clock.now();
    if known.subject != *subject || sql::contact::end(&mut tx, id, now).await? == 0 {
        return Err(Error::NotFound);
    }
    record::append(&mut tx, actor, now, "registry.contact.removed", subject.clone(), json!({ "kind": known.kind }))
        .await?;
    tx.commit().await?;
    Ok(())
}

async fn authorise(tx: &mut Tx, actor: &Actor, subject: &Object) -> Result<()> {
    match subject.kind.as_str() {
        "organization" => {
            organization_for(&mut *tx, actor, &permissions::EDIT_ORGANIZATION, subject.id.parse()?).await?;
        }
        "person" => {
            person_for(&mut *tx, actor, &permissions::EDIT_PERSON, subject.id.parse()?).await?;
        }
        _ => return Err(Error::NotFound),
    }
    Ok(())
}
