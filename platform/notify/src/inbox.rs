//! Reading what one was told.

use jinmen_core::{Instant, Object, Page, PageRequest, PersonId, Result};
use serde_json::Value;
use store::{Conn, Db};

use crate::{NoticeId, sql};

/// Unread notices are counted no further than this; the page then shows `99+`.
pub const UNREAD_CAP: i64 = 100;

/// A notice as one person got it.
#[derive(Clone, PartialEq, Debug, serde::Serialize)]
pub struct Received {
    /// Its identifier.
    pub id: NoticeId,
    /// To whom.
    #[serde(skip)]
    pub person: PersonId,
    /// The code of its kind.
    pub kind: String,
    /// The message, a key of the locales.
    pub message_key: String,
    /// Values for the message, an object.
    pub args: Value,
    /// The path of the page that it is about.
    pub link: Option<String>,
    /// The object that it is about.
    pub object: Option<Object>,
    /// When.
    pub created_at: Instant,
    /// When it was read.
    pub read_at: Option<Instant>,
}

/// The inbox of a person, newest first.
pub async fn inbox(db: &Db, person: PersonId, unread_only: bool, page: &PageRequest) -> Result<Page<Received>> {
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::inbox(db, person, unread_only, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |notice| vec![notice.id.text()]))
}

/// One notice of a person; somebody else's is not there.
pub async fn get<'a>(conn: impl Into<Conn<'a>>, person: PersonId, id: NoticeId) -> Result<Received> {
    Ok(sql::get(conn, person, id).await?)
}

/// How many notices a person has not read, no more than [`UNREAD_CAP`].
pub async fn unread_count(db: &Db, person: PersonId) -> Result<i64> {
    Ok(sql::unread_count(db, person, UNREAD_CAP).await?)
}

/// What a person has not read, no more than [`UNREAD_CAP`], to be counted with other things by [`store::count_each`].
pub fn unread(person: PersonId) -> store::Query {
    sql::unread(person, UNREAD_CAP)
}

/// Notes that a person read a notice; the first time counts.
pub async fn mark_read(db: &Db, person: PersonId, id: NoticeId, now: Instant) -> Result<()> {
    get(db, person, id).await?;
    Ok(sql::mark_read(db, person, id, now).await?)
}

/// Notes that a person read everything that arrived until now; how many notices that were.
pub async fn mark_all_read(db: &Db, person: PersonId, now: Instant) -> Result<u64> {
    Ok(sql::mark_all_read(db, person, now).await?)
}

/// Hands the inbox of one person over to another; which notices these were. Preferences stay with each.
pub async fn move_person(tx: &mut store::Tx, from: PersonId, to: PersonId) -> Result<Vec<String>> {
    Ok(sql::move_person(tx, from, to).await?)
}

/// Hands some notices back.
pub async fn return_person(tx: &mut store::Tx, ids: &[String], to: PersonId) -> Result<()> {
    Ok(sql::return_person(tx, ids, to).await?)
}
