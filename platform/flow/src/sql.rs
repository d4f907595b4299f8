//! Statements on flows and their steps.

use jinmen_core::{Date, Instant, Object, OrganizationId, SignedIn};
use serde_json::{Value, json};
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::plan::Stage;
use crate::view::{StepDone, StepState};
use crate::{Flow, FlowId, Outcome, State, StepId};

#[derive(store::FromRow)]
struct FlowRow {
    id: String,
    name: String,
    object_kind: String,
    object_id: String,
    owner_id: String,
    title: String,
    link: String,
    plan: Value,
    state: String,
    stage: i64,
    round: i64,
    version: i64,
    started_at: i64,
    ended_at: Option<i64>,
}

impl TryFrom<FlowRow> for Flow {
    type Error = DbError;
    fn try_from(row: FlowRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            name: row.name,
            object: Object { kind: row.object_kind, id: row.object_id },
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            title: row.title,
            link: row.link,
            plan: serde_json::from_value(row.plan).map_err(|_| DbError::NoRow)?,
            state: State::ALL.into_iter().find(|one| one.code() == row.state).ok_or(DbError::NoRow)?,
            stage: usize::try_from(row.stage).map_err(|_| DbError::NoRow)?,
            round: row.round,
            version: row.version,
            started_at: Instant(row.started_at),
            ended_at: row.ended_at.map(Instant),
        })
    }
}

#[derive(store::FromRow)]
struct StepRow {
    id: String,
    stage: i64,
    round: i64,
    step: String,
    state: String,
    outcome: Option<String>,
    opinion: String,
    details: Value,
    account_id: Option<String>,
    name: String,
    alone: bool,
    opened_at: i64,
    due_on: Option<String>,
    ends_on: Option<String>,
    closed_at: Option<i64>,
}

impl TryFrom<StepRow> for StepDone {
    type Error = DbError;
    fn try_from(row: StepRow) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            stage: usize::try_from(row.stage).map_err(|_| DbError::NoRow)?,
            round: row.round,
            step: row.step,
            state: StepState::ALL.into_iter().find(|one| one.code() == row.state).ok_or(DbError::NoRow)?,
            outcome: row.outcome.as_deref().and_then(Outcome::from_code),
            opinion: row.opinion,
            details: row.details,
            account: row.account_id.and_then(|id| id.parse().ok()),
            name: row.name,
            alone: row.alone,
            opened_at: Instant(row.opened_at),
            due_on: day(row.due_on),
            ends_on: day(row.ends_on),
            closed_at: row.closed_at.map(Instant),
        })
    }
}

fn day(text: Option<String>) -> Option<Date> {
    text.and_then(|text| Date::from_iso(&text).ok())
}

/// Whether it was begun: not while another of the name runs.
pub(crate) async fn insert(tx: &mut Tx, flow: &Flow) -> Result<bool, DbError> {
    let plan = serde_json::to_value(&flow.plan).unwrap_or_default();
    let rows = tx
        .run(
            "INSERT INTO flow (id, name, object_kind, object_id, owner_id, title, link, plan, state, stage, round, version,
               started_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'running', $9, $10, $11, $12)
             ON CONFLICT (object_kind, object_id, name) WHERE state = 'running' DO NOTHING",
            args![
                flow.id,
                &flow.name,
                &flow.object.kind,
                &flow.object.id,
                flow.owner,
                &flow.title,
                &flow.link,
                plan,
                flow.stage as i64,
                flow.round,
                flow.version,
                flow.started_at
            ],
        )
        .await?;
    Ok(rows == 1)
}

pub(crate) async fn flow<'a>(conn: impl Into<Conn<'a>>, id: FlowId) -> Result<Flow, DbError> {
    let row: FlowRow = conn
        .into()
        .one(
            "SELECT id, name, object_kind, object_id, owner_id, title, link, plan, state, stage, round, version, started_at,
               ended_at FROM flow WHERE id = $1",
            args![id],
        )
        .await?;
    row.try_into()
}

pub(crate) async fn latest<'a>(
    conn: impl Into<Conn<'a>>,
    object: &Object,
    name: &str,
) -> Result<Option<Flow>, DbError> {
    let row: Option<FlowRow> = conn
        .into()
        .maybe(
            "SELECT id, name, object_kind, object_id, owner_id, title, link, plan, state, stage, round, version, started_at,
               ended_at FROM flow WHERE object_kind = $1 AND object_id = $2 AND name = $3 ORDER BY id DESC LIMIT 1",
            args![&object.kind, &object.id, name],
        )
        .await?;
    row.map(TryInto::try_into).transpose()
}

pub(crate) async fn steps<'a>(conn: impl Into<Conn<'a>>, id: FlowId) -> Result<Vec<StepDone>, DbError> {
    let rows: Vec<StepRow> = conn
        .into()
        .list(
            "SELECT id, stage, round, step, state, outcome, opinion, details, account_id, name, alone, opened_at, due_on,
               ends_on, closed_at FROM flow_step WHERE flow_id = $1 ORDER BY id LIMIT 1000",
            args![id],
        )
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Whether nobody came before: one of several who saw the same version.
pub(crate) async fn take_turn(tx: &mut Tx, id: FlowId, version: i64) -> Result<bool, DbError> {
    let rows = tx
        .run(
            "UPDATE flow SET version = version + 1 WHERE id = $1 AND version = $2 AND state = 'running'",
            args![id, version],
        )
        .await?;
    Ok(rows == 1)
}

pub(crate) async fn stand(tx: &mut Tx, flow: &Flow) -> Result<(), DbError> {
    tx.run(
        "UPDATE flow SET state = $2, stage = $3, round = $4, ended_at = $5 WHERE id = $1",
        args![flow.id, flow.state.code(), flow.stage as i64, flow.round, flow.ended_at],
    )
    .await
    .map(drop)
}

pub(crate) async fn open_steps(
    tx: &mut Tx,
    flow: &Flow,
    stage: &Stage,
    due: &[Option<Date>],
    now: Instant,
) -> Result<(), DbError> {
    let rows = stage.steps.iter().zip(due).map(|(step, due)| {
        let place = flow.stage as i64;
        args![StepId::new(), flow.id, place, flow.round, &step.key, "open", "", json!({}), "", false, now, *due]
    });
    tx.insert_many(
        "INSERT INTO flow_step (id, flow_id, stage, round, step, state, opinion, details, name, alone, opened_at, due_on)",
        rows.collect(),
        "",
    )
    .await
    .map(drop)
}

/// How a step is closed.
pub(crate) struct Closing<'a> {
    pub outcome: Outcome,
    pub opinion: &'a str,
    pub details: &'a Value,
    pub by: Option<&'a SignedIn>,
    pub alone: bool,
}

pub(crate) async fn close_step(tx: &mut Tx, id: StepId, closing: Closing<'_>, now: Instant) -> Result<(), DbError> {
    // What was said when a notice began stays when it ends by itself.
    tx.run(
        "UPDATE flow_step SET state = 'done', outcome = $2,
           opinion = CASE WHEN $3 = '' THEN opinion ELSE $3 END, details = $4,
           account_id = COALESCE($5, account_id), name = CASE WHEN $6 = '' THEN name ELSE $6 END, alone = $7, closed_at = $8
         WHERE id = $1",
        args![
            id,
            closing.outcome.code(),
            closing.opinion,
            closing.details.clone(),
            closing.by.map(|by| by.account),
            closing.by.map_or("", |by| by.name.as_str()),
            closing.alone,
            now
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn begin_notice(
    tx: &mut Tx,
    id: StepId,
    ends_on: Date,
    opinion: &str,
    by: Option<&SignedIn>,
) -> Result<(), DbError> {
    tx.run(
        "UPDATE flow_step SET state = 'running', ends_on = $2, opinion = $3, account_id = $4, name = $5 WHERE id = $1",
        args![id, ends_on, opinion, by.map(|by| by.account), by.map_or("", |by| by.name.as_str())],
    )
    .await
    .map(drop)
}

/// Makes what is open void; the names of the steps.
pub(crate) async fn void_open(tx: &mut Tx, id: FlowId, now: Instant) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx
        .list(
            "UPDATE flow_step SET state = 'void', closed_at = $2 WHERE flow_id = $1 AND state IN ('open', 'running')
             RETURNING step",
            args![id, now],
        )
        .await?;
    Ok(rows.into_iter().map(|(step,)| step).collect())
}

pub(crate) async fn over(db: &Db, name: &str, today: Date, most: u32) -> Result<Vec<(FlowId, String)>, DbError> {
    let rows: Vec<(String, String)> = db
        .list(
            "SELECT flow.id, flow_step.step FROM flow_step JOIN flow ON flow.id = flow_step.flow_id
             WHERE flow_step.state = 'running' AND flow_step.ends_on <= $1 AND flow.name = $2
             ORDER BY flow_step.ends_on, flow_step.id LIMIT $3",
            args![today, name, i64::from(most)],
        )
        .await?;
    rows.into_iter().map(|(id, step)| Ok((id.parse().map_err(|_| DbError::NoRow)?, step))).collect()
}

/// Those of some objects whose running flow has a step open that waits for somebody.
pub(crate) async fn waiting(db: &Db, kind: &str, name: &str, ids: Vec<String>) -> Result<Vec<String>, DbError> {
    let mut query = Query::new(
        "SELECT DISTINCT flow.object_id FROM flow JOIN flow_step ON flow_step.flow_id = flow.id
           AND flow_step.round = flow.round AND flow_step.stage = flow.stage AND flow_step.state = 'open'
         WHERE flow.state = 'running'",
        args![],
    );
    query.push(" AND flow.object_kind = ? AND flow.name = ?", args![kind, name]);
    query.within(" AND flow.object_id IN", ids, "");
    let rows: Vec<(String,)> = query.list(db).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The notices of a step that run: what they are about, and the first day after them.
pub(crate) async fn running_notices(
    db: &Db,
    name: &str,
    step: &str,
    most: u32,
) -> Result<Vec<(Object, Option<Date>)>, DbError> {
    let rows: Vec<(String, String, Option<String>)> = db
        .list(
            "SELECT flow.object_kind, flow.object_id, flow_step.ends_on FROM flow_step
             JOIN flow ON flow.id = flow_step.flow_id
             WHERE flow_step.state = 'running' AND flow.name = $1 AND flow_step.step = $2
             ORDER BY flow_step.ends_on, flow_step.id LIMIT $3",
            args![name, step, i64::from(most)],
        )
        .await?;
    Ok(rows.into_iter().map(|(kind, id, ends)| (Object { kind, id }, day(ends))).collect())
}

pub(crate) async fn move_owner(tx: &mut Tx, from: OrganizationId, to: OrganizationId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> =
        tx.list("UPDATE flow SET owner_id = $2 WHERE owner_id = $1 RETURNING id", args![from, to]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(crate) async fn return_owner(tx: &mut Tx, ids: &[String], to: OrganizationId) -> Result<(), DbError> {
    for some in ids.chunks(1_000) {
        let mut query = Query::new("UPDATE flow SET owner_id = ? WHERE", args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}
