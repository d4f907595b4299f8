//! Handing what hangs on one object over to another: when two files turn out to be of the same thing. What was moved is
//! given back as a list, so that it can be undone to the row.

use jinmen_core::{Actor, Instant, Object, OrganizationId, PersonId, Result};
use serde::{Deserialize, Serialize};
use store::Tx;

use crate::sql::moves as sql;

/// What was moved: identifiers of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Moved {
    /// Tasks on the object.
    pub tasks: Vec<String>,
    /// Tasks that wait for the organisation.
    pub waiting: Vec<String>,
    /// Open tasks that were closed: settled by this, or had by both.
    pub closed: Vec<String>,
    /// Comments.
    pub comments: Vec<String>,
    /// Signatures under decisions.
    pub sign_offs: Vec<String>,
    /// Tags that the other had not: owner and tag.
    pub tags: Vec<(String, String)>,
    /// Attachments.
    pub files: Vec<String>,
}

/// Moves what hangs on an organisation's file. Tasks of the kind `settled`, on either file, are done with it.
pub async fn move_organization(
    tx: &mut Tx,
    actor: &Actor,
    now: Instant,
    from: OrganizationId,
    to: OrganizationId,
    settled: &str,
) -> Result<Moved> {
    let (old, new) = (Object::from(from), Object::from(to));
    let mut closed = sql::close_kind(tx, settled, &old, &new, actor.account(), now).await?;
    closed.extend(sql::close_doubles(tx, &old, &new, now).await?);
    Ok(Moved {
        tasks: sql::tasks(tx, &old, &new).await?,
        waiting: sql::waiting(tx, from, to).await?,
        closed,
        comments: sql::comments(tx, &old, &new).await?,
        sign_offs: sql::sign_offs(tx, &old, &new).await?,
        tags: sql::tags(tx, &old, &new).await?,
        files: files::move_object(tx, &old, &new).await?,
    })
}

/// Moves what hangs on a person's file, and what waits for them.
pub async fn move_person(tx: &mut Tx, now: Instant, from: PersonId, to: PersonId) -> Result<Moved> {
    let (old, new) = (Object::from(from), Object::from(to));
    let closed = sql::close_doubles(tx, &old, &new, now).await?;
    Ok(Moved {
        tasks: sql::tasks(tx, &old, &new).await?,
        waiting: sql::waiting_person(tx, from, to).await?,
        closed,
        comments: sql::comments(tx, &old, &new).await?,
        sign_offs: sql::sign_offs(tx, &old, &new).await?,
        tags: sql::tags(tx, &old, &new).await?,
        files: files::move_object(tx, &old, &new).await?,
    })
}

/// Moves it back to `to`.
pub async fn return_person(tx: &mut Tx, to: PersonId, from: PersonId, moved: &Moved) -> Result<()> {
    sql::return_waiting_person(tx, &moved.waiting, to).await?;
    return_object(tx, &Object::from(to), &Object::from(from), moved).await
}

/// Moves it back to `to`.
pub async fn return_organization(tx: &mut Tx, to: OrganizationId, from: OrganizationId, moved: &Moved) -> Result<()> {
    sql::return_waiting(tx, &moved.waiting, to).await?;
    return_object(tx, &Object::from(to), &Object::from(from), moved).await
}

async fn return_object(tx: &mut Tx, new: &Object, old: &Object, moved: &Moved) -> Result<()> {
    sql::return_rows(tx, sql::Table::Task, &moved.tasks, new).await?;
    sql::reopen(tx, &moved.closed).await?;
    sql::return_rows(tx, sql::Table::Comment, &moved.comments, new).await?;
    sql::return_rows(tx, sql::Table::SignOff, &moved.sign_offs, new).await?;
    sql::return_tags(tx, &moved.tags, old, new).await?;
    files::return_object(tx, &moved.files, new).await?;
    Ok(())
}
