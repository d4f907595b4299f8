//! Every statement on the tables of circulars: one function a statement.

pub(crate) mod robot;

use jinmen_core::{AccountId, Date, Instant, OrganizationId};
use serde_json::{Map, Value};
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::model::{Asks, Circular, CircularId, CircularState, Counts, NewCircular, OwnCircular, Recipient, Which};

const COLUMNS: &str = "c.id, c.number, c.owner_id, c.title, c.body, c.asks, c.questions, c.due_on, c.by_sms, c.by_mail,
    c.audience, c.state, c.sent_at, c.sent_name, c.reminded_at, c.closed_at";

#[derive(store::FromRow)]
struct Row {
    id: String,
    number: String,
    owner_id: String,
    title: String,
    body: String,
    asks: String,
    questions: Value,
    due_on: Option<String>,
    by_sms: bool,
    by_mail: bool,
    audience: String,
    state: String,
    sent_at: i64,
    sent_name: String,
    reminded_at: Option<i64>,
    closed_at: Option<i64>,
    recipients: i64,
    untold: i64,
    read: i64,
    answered: i64,
}

impl TryFrom<Row> for Circular {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number,
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            title: row.title,
            body: row.body,
            asks: Asks::from_code(&row.asks).unwrap_or_default(),
            questions: serde_json::from_value(row.questions).map_err(|_| DbError::NoRow)?,
            due_on: row.due_on.and_then(|day| Date::from_iso(&day).ok()),
            by_sms: row.by_sms,
            by_mail: row.by_mail,
            audience: row.audience,
            state: if row.state == "closed" { CircularState::Closed } else { CircularState::Sent },
            sent_at: Instant(row.sent_at),
            sent_name: row.sent_name,
            reminded_at: row.reminded_at.map(Instant),
            closed_at: row.closed_at.map(Instant),
            counts: Counts { recipients: row.recipients, untold: row.untold, read: row.read, answered: row.answered },
        })
    }
}

/// What goes with a circular's row when it is written.
pub(crate) struct Sent<'a> {
    pub id: CircularId,
    pub number: &'a str,
    pub owner: OrganizationId,
    pub audience: &'a str,
    pub by: Option<AccountId>,
    pub name: &'a str,
    pub at: Instant,
}

pub(crate) async fn insert(tx: &mut Tx, new: &NewCircular, sent: &Sent<'_>) -> Result<(), DbError> {
    let questions = serde_json::to_value(&new.questions).map_err(|_| DbError::NoRow)?;
    tx.run(
        "INSERT INTO circular (id, number, owner_id, title, body, asks, questions, due_on, by_sms, by_mail, audience,
           state, created_by, sent_at, sent_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'sent', $12, $13, $14)",
        args![
            sent.id,
            sent.number,
            sent.owner,
            &new.title,
            &new.body,
            new.asks.code(),
            questions,
            new.due_on,
            new.by_sms,
            new.by_mail,
            sent.audience,
            sent.by,
            sent.at,
            sent.name
        ],
    )
    .await
    .map(drop)
}

/// An organisation that a circular goes to, and how many people are told there.
pub(crate) struct Told {
    pub organization: OrganizationId,
    pub name: String,
    pub told: i64,
}

pub(crate) async fn insert_recipients(tx: &mut Tx, circular: CircularId, told: Vec<Told>) -> Result<u64, DbError> {
    let empty = Value::Object(Map::new());
    let rows = told
        .into_iter()
        .map(|one| {
            let key = store::text::name_key(&one.name);
            args![circular, one.organization, one.name, key, one.told, "", "", false, empty.clone(), 0_i64, 0_i64]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO circular_recipient (circular_id, organization_id, name, name_key, told, read_name, answered_name,
           by_office, answers, version, reminders)",
        rows,
        "",
    )
    .await
}

fn select(condition: &'static str, args: Vec<store::Arg>) -> Query {
    let mut query = Query::new("SELECT ", args![]);
    query.push(COLUMNS, args![]);
    query.push(
        ", CAST(COUNT(r.organization_id) AS BIGINT) AS recipients,
         CAST(COUNT(*) FILTER (WHERE r.told = 0) AS BIGINT) AS untold,
         CAST(COUNT(r.read_at) AS BIGINT) AS read, CAST(COUNT(r.answered_at) AS BIGINT) AS answered
         FROM circular c LEFT JOIN circular_recipient r ON r.circular_id = c.id WHERE ",
        args![],
    );
    query.push(condition, args);
    query
}

fn grouped(query: &mut Query) {
    query.push(" GROUP BY ", args![]);
    query.push(COLUMNS, args![]);
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: CircularId) -> Result<Circular, DbError> {
    let mut query = select("c.id = ?", args![id]);
    grouped(&mut query);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// The circulars of an office, newest first.
pub(crate) async fn of_owner(
    db: &Db,
    owner: OrganizationId,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Circular>, DbError> {
    let mut query = select("c.owner_id = ?", args![owner]);
    query.when(after, " AND c.id < ?");
    grouped(&mut query);
    query.push(" ORDER BY c.id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

#[derive(store::FromRow)]
struct RecipientRow {
    organization_id: String,
    name: String,
    told: i64,
    read_at: Option<i64>,
    read_name: String,
    answered_at: Option<i64>,
    answered_by: Option<String>,
    answered_name: String,
    by_office: bool,
    answers: Value,
    version: i64,
    reminders: i64,
}

const RECIPIENT: &str =
    "SELECT organization_id, name, told, read_at, read_name, answered_at, answered_by, answered_name,
    by_office, answers, version, reminders FROM circular_recipient WHERE ";

impl TryFrom<RecipientRow> for Recipient {
    type Error = DbError;
    fn try_from(row: RecipientRow) -> Result<Self, DbError> {
        Ok(Self {
            organization: row.organization_id.parse().map_err(|_| DbError::NoRow)?,
            name: row.name,
            told: row.told,
            read_at: row.read_at.map(Instant),
            read_name: row.read_name,
            answered_at: row.answered_at.map(Instant),
            answered_by: row.answered_by.and_then(|id| id.parse().ok()),
            answered_name: row.answered_name,
            by_office: row.by_office,
            answers: row.answers.as_object().cloned().unwrap_or_default(),
            version: row.version,
            reminders: row.reminders,
        })
    }
}

fn which(query: &mut Query, which: Which, asks: Asks) {
    let condition = match which {
        Which::All => "",
        Which::Missing if asks.wants_answer() => " AND answered_at IS NULL",
        Which::Missing => " AND read_at IS NULL",
        Which::Read if asks.wants_answer() => " AND read_at IS NOT NULL AND answered_at IS NULL",
        Which::Read => " AND read_at IS NOT NULL",
        Which::Answered => " AND answered_at IS NOT NULL",
        Which::Untold => " AND told = 0",
    };
    query.push(condition, args![]);
}

/// Recipients by name, a page of them.
pub(crate) async fn recipients(
    db: &Db,
    circular: CircularId,
    asked: Which,
    asks: Asks,
    after: Option<(String, String)>,
    limit: u32,
) -> Result<Vec<Recipient>, DbError> {
    let mut query = Query::new(RECIPIENT, args![]);
    query.push("circular_id = ?", args![circular]);
    which(&mut query, asked, asks);
    if let Some((key, id)) = after {
        query.push(" AND (name_key, organization_id) > (?, ?)", args![key, id]);
    }
    query.push(" ORDER BY name_key, organization_id LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<RecipientRow>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// The organisations that have not done what is asked.
pub(crate) async fn missing(tx: &mut Tx, circular: CircularId, asks: Asks) -> Result<Vec<OrganizationId>, DbError> {
    let mut query = Query::new("SELECT organization_id FROM circular_recipient WHERE circular_id = ?", args![circular]);
    which(&mut query, Which::Missing, asks);
    let rows: Vec<(String,)> = query.list(&mut *tx).await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(|_| DbError::NoRow)).collect()
}

pub(crate) async fn recipient<'a>(
    conn: impl Into<Conn<'a>>,
    circular: CircularId,
    organization: OrganizationId,
) -> Result<Recipient, DbError> {
    let mut query = Query::new(RECIPIENT, args![]);
    query.push("circular_id = ? AND organization_id = ?", args![circular, organization]);
    query.maybe::<RecipientRow>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// Says that somebody has opened it, for the first time.
pub(crate) async fn set_read(
    tx: &mut Tx,
    circular: CircularId,
    organization: OrganizationId,
    name: &str,
    now: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE circular_recipient SET read_at = $3, read_name = $4
         WHERE circular_id = $1 AND organization_id = $2 AND read_at IS NULL",
        args![circular, organization, now, name],
    )
    .await
}

/// Who answers.
pub(crate) struct Answerer<'a> {
    pub account: Option<AccountId>,
    pub name: &'a str,
    pub by_office: bool,
}

/// Keeps an answer, if nobody answered since version `seen` was read and the circular is open.
pub(crate) async fn answer(
    tx: &mut Tx,
    circular: CircularId,
    organization: OrganizationId,
    answers: Map<String, Value>,
    by: &Answerer<'_>,
    seen: i64,
    now: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE circular_recipient SET answered_at = $3, answered_by = $4, answered_name = $5, by_office = $6,
           answers = $7, version = version + 1, read_at = COALESCE(read_at, $3),
           read_name = CASE WHEN read_at IS NULL THEN $5 ELSE read_name END
         WHERE circular_id = $1 AND organization_id = $2 AND version = $8
           AND EXISTS (SELECT 1 FROM circular WHERE id = $1 AND state = 'sent')",
        args![circular, organization, now, by.account, by.name, by.by_office, Value::Object(answers), seen],
    )
    .await
}

/// Says when it was reminded of, unless that was after `before`.
pub(crate) async fn set_reminded(
    tx: &mut Tx,
    circular: CircularId,
    now: Instant,
    before: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE circular SET reminded_at = $2
         WHERE id = $1 AND state = 'sent' AND sent_at <= $3 AND (reminded_at IS NULL OR reminded_at <= $3)",
        args![circular, now, before],
    )
    .await
}

/// Counts a reminder at organisations, and how many people were told this time.
pub(crate) async fn count_reminders(
    tx: &mut Tx,
    circular: CircularId,
    organizations: &[OrganizationId],
) -> Result<(), DbError> {
    for some in organizations.chunks(1_000) {
        let mut query = Query::new(
            "UPDATE circular_recipient SET reminders = reminders + 1 WHERE circular_id = ?",
            args![circular],
        );
        query.within(" AND organization_id IN", some.iter().map(|id| id.text()).collect(), "");
        query.run(tx).await?;
    }
    Ok(())
}

pub(crate) async fn close(tx: &mut Tx, circular: CircularId, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE circular SET state = 'closed', closed_at = $2 WHERE id = $1 AND state = 'sent'",
        args![circular, now],
    )
    .await
}

#[derive(store::FromRow)]
struct OwnRow {
    id: String,
    number: String,
    owner_id: String,
    title: String,
    asks: String,
    due_on: Option<String>,
    state: String,
    sent_at: i64,
    read_at: Option<i64>,
    answered_at: Option<i64>,
}

impl TryFrom<OwnRow> for OwnCircular {
    type Error = DbError;
    fn try_from(row: OwnRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number,
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            title: row.title,
            asks: Asks::from_code(&row.asks).unwrap_or_default(),
            due_on: row.due_on.and_then(|day| Date::from_iso(&day).ok()),
            state: if row.state == "closed" { CircularState::Closed } else { CircularState::Sent },
            sent_at: Instant(row.sent_at),
            read_at: row.read_at.map(Instant),
            answered_at: row.answered_at.map(Instant),
        })
    }
}

/// What was sent to an organisation, newest first, with how it stands there.
pub(crate) async fn to_organization(
    db: &Db,
    organization: OrganizationId,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<OwnCircular>, DbError> {
    let mut query = Query::new(
        "SELECT c.id, c.number, c.owner_id, c.title, c.asks, c.due_on, c.state, c.sent_at, r.read_at, r.answered_at
         FROM circular_recipient r JOIN circular c ON c.id = r.circular_id WHERE r.organization_id = ?",
        args![organization],
    );
    query.when(after, " AND r.circular_id < ?");
    query.push(" ORDER BY r.circular_id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<OwnRow>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// How many circulars an organisation has not done what they ask.
pub(crate) async fn waiting(db: &Db, organization: OrganizationId) -> Result<i64, DbError> {
    let (count,): (i64,) = db
        .one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM circular_recipient r JOIN circular c ON c.id = r.circular_id
             WHERE r.organization_id = $1 AND c.state = 'sent' AND r.answered_at IS NULL
               AND (c.asks <> 'reading' OR r.read_at IS NULL)",
            args![organization],
        )
        .await?;
    Ok(count)
}

/// How many circulars of an office are open, and how many organisations have not done what these ask.
pub(crate) async fn open_of(db: &Db, owner: OrganizationId) -> Result<i64, DbError> {
    let (count,): (i64,) = db
        .one("SELECT CAST(COUNT(*) AS BIGINT) FROM circular WHERE owner_id = $1 AND state = 'sent'", args![owner])
        .await?;
    Ok(count)
}

/// Hands what one organisation received over to another, where that one did not receive the same; what was moved.
pub(crate) async fn move_recipient(
    tx: &mut Tx,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<Vec<String>, DbError> {
    let query = Query::new(
        "UPDATE circular_recipient SET organization_id = ?
         WHERE organization_id = ? AND circular_id NOT IN
           (SELECT circular_id FROM circular_recipient WHERE organization_id = ?) RETURNING circular_id",
        args![to, from, to],
    );
    let rows: Vec<(String,)> = query.list(&mut *tx).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Hands it back from one to the other.
pub(crate) async fn return_recipient(
    tx: &mut Tx,
    circulars: &[String],
    to: OrganizationId,
    from: OrganizationId,
) -> Result<u64, DbError> {
    let mut done = 0;
    for some in circulars.chunks(1_000) {
        let mut query =
            Query::new("UPDATE circular_recipient SET organization_id = ? WHERE organization_id = ?", args![to, from]);
        query.within(" AND circular_id IN", some.to_vec(), "");
        done += query.run(tx).await?;
    }
    Ok(done)
}
