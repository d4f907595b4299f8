//! Statements on notices, preferences and mails.

use std::collections::HashMap;

use jinmen_core::{Instant, Object, PersonId};
use serde_json::Value;
use store::{Arg, Conn, Db, DbError, Query, Tx, args};

use crate::job::MailState;
use crate::{MailId, Notice, NoticeId, Preference, Received};

#[derive(store::FromRow)]
struct Row {
    id: String,
    person_id: String,
    kind: String,
    message_key: String,
    args: Value,
    link: Option<String>,
    object_kind: Option<String>,
    object_id: Option<String>,
    created_at: i64,
    read_at: Option<i64>,
}

impl TryFrom<Row> for Received {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        let object = row.object_kind.zip(row.object_id);
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            person: row.person_id.parse().map_err(|_| DbError::NoRow)?,
            kind: row.kind,
            message_key: row.message_key,
            args: row.args,
            link: row.link,
            object: object.map(|(kind, id)| Object { kind, id }),
            created_at: Instant(row.created_at),
            read_at: row.read_at.map(Instant),
        })
    }
}

pub(crate) fn notice_row(id: NoticeId, person: PersonId, notice: &Notice, inbox: bool, now: Instant) -> Vec<Arg> {
    let object = notice.object.as_ref();
    args![
        id,
        person,
        notice.kind.code,
        &notice.message_key,
        notice.args.clone(),
        notice.link.clone(),
        object.map(|object| object.kind.clone()),
        object.map(|object| object.id.clone()),
        inbox,
        now,
    ]
}

pub(crate) async fn insert_notices(tx: &mut Tx, rows: Vec<Vec<Arg>>) -> Result<u64, DbError> {
    tx.insert_many(
        "INSERT INTO notice (id, person_id, kind, message_key, args, link, object_kind, object_id, in_inbox, created_at)",
        rows,
        "",
    )
    .await
}

pub(crate) async fn insert_mails(tx: &mut Tx, mails: &[(MailId, NoticeId)], now: Instant) -> Result<u64, DbError> {
    let rows = mails.iter().map(|(id, notice)| args![*id, *notice, MailState::Waiting.code(), now]).collect();
    tx.insert_many("INSERT INTO mail (id, notice_id, state, created_at)", rows, "").await
}

pub(crate) async fn inbox(
    db: &Db,
    person: PersonId,
    unread_only: bool,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Received>, DbError> {
    let mut query = Query::new(
        "SELECT id, person_id, kind, message_key, args, link, object_kind, object_id, created_at, read_at
         FROM notice WHERE person_id = ? AND in_inbox",
        args![person],
    );
    if unread_only {
        query.push(" AND read_at IS NULL", args![]);
    }
    query.when(after, " AND id < ?");
    query.push(" ORDER BY id DESC LIMIT ?", args![limit + 1]);
    let rows: Vec<Row> = query.list(db).await?;
    rows.into_iter().map(Received::try_from).collect()
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, person: PersonId, id: NoticeId) -> Result<Received, DbError> {
    let row: Row = conn
        .into()
        .one(
            "SELECT id, person_id, kind, message_key, args, link, object_kind, object_id, created_at, read_at
             FROM notice WHERE id = $1 AND person_id = $2 AND in_inbox",
            args![id, person],
        )
        .await?;
    row.try_into()
}

pub(crate) async fn unread_count(db: &Db, person: PersonId, cap: i64) -> Result<i64, DbError> {
    Ok(store::count_each(db, vec![unread(person, cap)]).await?.into_iter().sum())
}

/// What a person has not read, no more than `cap`.
pub(crate) fn unread(person: PersonId, cap: i64) -> Query {
    Query::new("SELECT id FROM notice WHERE person_id = ? AND in_inbox AND read_at IS NULL LIMIT ?", args![person, cap])
}

pub(crate) async fn mark_read(db: &Db, person: PersonId, id: NoticeId, now: Instant) -> Result<(), DbError> {
    db.run(
        "UPDATE notice SET read_at = $1 WHERE id = $2 AND person_id = $3 AND read_at IS NULL",
        args![now, id, person],
    )
    .await
    .map(drop)
}

pub(crate) async fn mark_all_read(db: &Db, person: PersonId, now: Instant) -> Result<u64, DbError> {
    db.run(
        "UPDATE notice SET read_at = $1 WHERE person_id = $2 AND in_inbox AND read_at IS NULL AND created_at <= $1",
        args![now, person],
    )
    .await
}

/// What these people decided about one kind: inbox and mail.
pub(crate) async fn preferences_of_kind(
    tx: &mut Tx,
    people: &[PersonId],
    kind: &str,
) -> Result<HashMap<PersonId, (bool, bool)>, DbError> {
    /// People asked about in one statement.
    const AT_ONCE: usize = 1_000;
    let mut decided = HashMap::new();
    for some in people.chunks(AT_ONCE) {
        let mut query = Query::new("SELECT person_id, inbox, email FROM notice_preference WHERE kind = ?", args![kind]);
        query.within(" AND person_id IN", some.to_vec(), "");
        let rows: Vec<(String, bool, bool)> = query.list(&mut *tx).await?;
        for (person, inbox, email) in rows {
            decided.insert(person.parse().map_err(|_| DbError::NoRow)?, (inbox, email));
        }
    }
    Ok(decided)
}

pub(crate) async fn preferences<'a>(
    conn: impl Into<Conn<'a>>,
    person: PersonId,
) -> Result<Vec<(String, bool, bool)>, DbError> {
    conn.into()
        .list("SELECT kind, inbox, email FROM notice_preference WHERE person_id = $1 ORDER BY kind", args![person])
        .await
}

pub(crate) async fn set_preference(db: &Db, person: PersonId, preference: Preference) -> Result<(), DbError> {
    db.run(
        "INSERT INTO notice_preference (person_id, kind, inbox, email) VALUES ($1, $2, $3, $4)
         ON CONFLICT (person_id, kind) DO UPDATE SET inbox = excluded.inbox, email = excluded.email",
        args![person, preference.kind.code, preference.inbox, preference.email],
    )
    .await
    .map(drop)
}

/// The notice of a mail, while the mail is still to be sent.
pub(crate) async fn waiting_mail(db: &Db, mail: MailId) -> Result<Option<Received>, DbError> {
    let row: Option<Row> = db
        .maybe(
            "SELECT n.id, n.person_id, n.kind, n.message_key, n.args, n.link, n.object_kind, n.object_id, n.created_at,
               n.read_at
             FROM mail m JOIN notice n ON n.id = m.notice_id WHERE m.id = $1 AND m.state = 'waiting'",
            args![mail],
        )
        .await?;
    row.map(Received::try_from).transpose()
}

pub(crate) async fn end_mail(db: &Db, mail: MailId, state: MailState, now: Instant) -> Result<(), DbError> {
    let sent_at = (state == MailState::Sent).then_some(now);
    db.run(
        "UPDATE mail SET state = $1, sent_at = $2 WHERE id = $3 AND state = 'waiting'",
        args![state.code(), sent_at, mail],
    )
    .await
    .map(drop)
}

pub(crate) async fn move_person(tx: &mut Tx, from: PersonId, to: PersonId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> =
        tx.list("UPDATE notice SET person_id = $2 WHERE person_id = $1 RETURNING id", args![from, to]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(crate) async fn return_person(tx: &mut Tx, ids: &[String], to: PersonId) -> Result<(), DbError> {
    for some in ids.chunks(1_000) {
        let mut query = Query::new("UPDATE notice SET person_id = ? WHERE", args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}
