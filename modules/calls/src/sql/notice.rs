//! Statements on public notices, their lines and objections.

use jinmen_core::{AccountId, Date, Instant, OrganizationId, PersonId};
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::model::{
    ApplicationId, CallId, Line, LineState, Notice, NoticeId, NoticeState, Objection, ObjectionId, ObjectionState,
};

const COLUMNS: &str = "SELECT n.id, n.number, n.call_id, n.owner_id, n.title, n.basis, n.body, n.office, n.address,
    n.telephone, n.supervision, n.begins_on, n.ends_on, n.hidden_on, n.state, n.created_name, n.created_at
    FROM call_notice n WHERE ";

#[derive(store::FromRow)]
struct Row {
    id: String,
    number: String,
    call_id: String,
    owner_id: String,
    title: String,
    basis: String,
    body: String,
    office: String,
    address: String,
    telephone: String,
    supervision: String,
    begins_on: String,
    ends_on: String,
    hidden_on: String,
    state: String,
    created_name: String,
    created_at: i64,
}

fn day(text: &str) -> Result<Date, DbError> {
    Date::from_iso(text).map_err(|_| DbError::NoRow)
}

impl TryFrom<Row> for Notice {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number,
            call: row.call_id.parse().map_err(|_| DbError::NoRow)?,
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            title: row.title,
            basis: row.basis,
            body: row.body,
            office: row.office,
            address: row.address,
            telephone: row.telephone,
            supervision: row.supervision,
            begins_on: day(&row.begins_on)?,
            ends_on: day(&row.ends_on)?,
            hidden_on: day(&row.hidden_on)?,
            state: NoticeState::from_code(&row.state).ok_or(DbError::NoRow)?,
            created_name: row.created_name,
            created_at: Instant(row.created_at),
        })
    }
}

pub(crate) async fn insert(tx: &mut Tx, one: &Notice) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO call_notice (id, number, call_id, owner_id, title, basis, body, office, address, telephone,
           supervision, begins_on, ends_on, hidden_on, state, created_name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        args![
            one.id,
            &one.number,
            one.call,
            one.owner,
            &one.title,
            &one.basis,
            &one.body,
            &one.office,
            &one.address,
            &one.telephone,
            &one.supervision,
            one.begins_on,
            one.ends_on,
            one.hidden_on,
            one.state.code(),
            &one.created_name,
            one.created_at
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn insert_lines(tx: &mut Tx, id: NoticeId, lines: &[Line]) -> Result<(), DbError> {
    let rows = lines
        .iter()
        .map(|one| {
            let state = one.state.code();
            args![
                id,
                one.application,
                one.place,
                &one.name,
                one.is_person,
                &one.project,
                one.amount,
                state,
                &one.reason
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO call_notice_line (notice_id, application_id, place, name, is_person, project, amount, state, reason)",
        rows,
        "",
    )
    .await
    .map(drop)
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: NoticeId) -> Result<Notice, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("n.id = ?", args![id]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// For whom a list of notices is.
#[derive(Clone, Copy)]
pub(crate) enum For {
    /// Everybody.
    Public,
    /// An office: its own.
    Office(OrganizationId),
}

/// A page of notices, newest first.
pub(crate) async fn list(
    db: &Db,
    whose: For,
    call: Option<CallId>,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Notice>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    match whose {
        For::Public => query.push("TRUE", args![]),
        For::Office(owner) => query.push("n.owner_id = ?", args![owner]),
    };
    query.when(call, " AND n.call_id = ?");
    query.when(after, " AND n.id < ?");
    query.push(" ORDER BY n.id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

#[derive(store::FromRow)]
struct LineRow {
    application_id: String,
    place: i64,
    name: String,
    is_person: bool,
    project: String,
    amount: Option<i64>,
    state: String,
    reason: String,
}

impl TryFrom<LineRow> for Line {
    type Error = DbError;
    fn try_from(row: LineRow) -> Result<Self, DbError> {
        Ok(Self {
            application: row.application_id.parse().map_err(|_| DbError::NoRow)?,
            place: row.place,
            name: row.name,
            is_person: row.is_person,
            project: row.project,
            amount: row.amount,
            state: LineState::from_code(&row.state).ok_or(DbError::NoRow)?,
            reason: row.reason,
        })
    }
}

/// The lines of a notice in their order.
pub(crate) async fn lines<'a>(conn: impl Into<Conn<'a>>, id: NoticeId) -> Result<Vec<Line>, DbError> {
    let rows: Vec<LineRow> = conn
        .into()
        .list(
            "SELECT application_id, place, name, is_person, project, amount, state, reason FROM call_notice_line
             WHERE notice_id = $1 ORDER BY place LIMIT 1000",
            args![id],
        )
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Moves a line from one state to another; whether it stood there.
pub(crate) async fn set_line(
    tx: &mut Tx,
    id: NoticeId,
    application: ApplicationId,
    from: LineState,
    to: LineState,
    reason: &str,
) -> Result<bool, DbError> {
    let rows = tx
        .run(
            "UPDATE call_notice_line SET state = $4, reason = $5
             WHERE notice_id = $1 AND application_id = $2 AND state = $3",
            args![id, application, from.code(), to.code(), reason],
        )
        .await?;
    Ok(rows == 1)
}

/// Lines that are listed in notices whose last day is over, the oldest first.
pub(crate) async fn due(db: &Db, today: Date, most: u32) -> Result<Vec<(NoticeId, ApplicationId)>, DbError> {
    let rows: Vec<(String, String)> = db
        .list(
            "SELECT l.notice_id, l.application_id FROM call_notice_line l JOIN call_notice n ON n.id = l.notice_id
             WHERE n.state = 'running' AND n.ends_on < $1 AND l.state = 'listed'
             ORDER BY n.ends_on, l.notice_id, l.place LIMIT $2",
            args![today, i64::from(most)],
        )
        .await?;
    let one = |(notice, application): (String, String)| {
        Ok((notice.parse().map_err(|_| DbError::NoRow)?, application.parse().map_err(|_| DbError::NoRow)?))
    };
    rows.into_iter().map(one).collect()
}

/// Ends a notice of which every line is settled; whether it was.
pub(crate) async fn settle(tx: &mut Tx, id: NoticeId) -> Result<bool, DbError> {
    let rows = tx
        .run(
            "UPDATE call_notice SET state = 'over' WHERE id = $1 AND state = 'running' AND NOT EXISTS
               (SELECT 1 FROM call_notice_line l WHERE l.notice_id = $1 AND l.state IN ('listed', 'stopped'))",
            args![id],
        )
        .await?;
    Ok(rows == 1)
}

#[derive(store::FromRow)]
struct ObjectionRow {
    id: String,
    number: String,
    notice_id: String,
    application_id: String,
    text: String,
    state: String,
    findings: String,
    answer: String,
    filed_by: String,
    person_id: Option<String>,
    filed_at: i64,
    answered_name: String,
    answered_at: Option<i64>,
}

impl TryFrom<ObjectionRow> for Objection {
    type Error = DbError;
    fn try_from(row: ObjectionRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number,
            notice: row.notice_id.parse().map_err(|_| DbError::NoRow)?,
            application: row.application_id.parse().map_err(|_| DbError::NoRow)?,
            text: row.text,
            state: ObjectionState::from_code(&row.state).ok_or(DbError::NoRow)?,
            findings: row.findings,
            answer: row.answer,
            filed_by: row.filed_by.parse().map_err(|_| DbError::NoRow)?,
            person: row.person_id.and_then(|id| id.parse::<PersonId>().ok()),
            filed_at: Instant(row.filed_at),
            answered_name: row.answered_name,
            answered_at: row.answered_at.map(Instant),
        })
    }
}

const OBJECTION: &str = "SELECT o.id, o.number, o.notice_id, o.application_id, o.text, o.state, o.findings, o.answer,
    o.filed_by, o.person_id, o.filed_at, o.answered_name, o.answered_at FROM call_objection o WHERE ";

pub(crate) async fn insert_objection(tx: &mut Tx, one: &Objection, sealed: Vec<u8>) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO call_objection (id, number, notice_id, application_id, sealed, text, state, findings, answer, filed_by,
           person_id, filed_at, answered_name)
         VALUES ($1, $2, $3, $4, $5, $6, 'open', '', '', $7, $8, $9, '')",
        args![
            one.id,
            &one.number,
            one.notice,
            one.application,
            sealed,
            &one.text,
            one.filed_by,
            one.person,
            one.filed_at
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn objection<'a>(conn: impl Into<Conn<'a>>, id: ObjectionId) -> Result<Objection, DbError> {
    let mut query = Query::new(OBJECTION, args![]);
    query.push("o.id = ?", args![id]);
    query.maybe::<ObjectionRow>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// The objections to a notice, the first first.
pub(crate) async fn objections<'a>(conn: impl Into<Conn<'a>>, id: NoticeId) -> Result<Vec<Objection>, DbError> {
    let mut query = Query::new(OBJECTION, args![]);
    query.push("o.notice_id = ? ORDER BY o.id LIMIT 500", args![id]);
    query.list::<ObjectionRow>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// Those that an account filed to a notice, the first first.
pub(crate) async fn objections_by(db: &Db, id: NoticeId, account: AccountId) -> Result<Vec<Objection>, DbError> {
    let mut query = Query::new(OBJECTION, args![]);
    query.push("o.notice_id = ? AND o.filed_by = ? ORDER BY o.id LIMIT 100", args![id, account]);
    query.list::<ObjectionRow>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// Who filed an objection, sealed.
pub(crate) async fn sealed(db: &Db, id: ObjectionId) -> Result<Vec<u8>, DbError> {
    let (bytes,): (Vec<u8>,) = db.one("SELECT sealed FROM call_objection WHERE id = $1", args![id]).await?;
    Ok(bytes)
}

/// Answers an objection that is open; whether it was.
pub(crate) async fn answer(tx: &mut Tx, one: &Objection) -> Result<bool, DbError> {
    let rows = tx
        .run(
            "UPDATE call_objection SET state = $2, findings = $3, answer = $4, answered_name = $5, answered_at = $6
             WHERE id = $1 AND state = 'open'",
            args![one.id, one.state.code(), &one.findings, &one.answer, &one.answered_name, one.answered_at],
        )
        .await?;
    Ok(rows == 1)
}

/// Whether a line has an objection that is open.
pub(crate) async fn has_open(tx: &mut Tx, id: NoticeId, application: ApplicationId) -> Result<bool, DbError> {
    let row: Option<(i64,)> = tx
        .maybe(
            "SELECT CAST(1 AS BIGINT) FROM call_objection WHERE notice_id = $1 AND application_id = $2 AND state = 'open'
             LIMIT 1",
            args![id, application],
        )
        .await?;
    Ok(row.is_some())
}
