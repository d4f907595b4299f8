//! Statements on plans.

use jinmen_core::{Date, Instant, OrganizationId, Text2};
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::model::{Indicator, IndicatorId, Light, NewPlan, Plan, PlanId, PlanTask, PlanTaskId, Quarter};

#[derive(store::FromRow)]
struct Row {
    id: String,
    number: String,
    owner_id: String,
    title_zh: String,
    title_en: Option<String>,
    year_from: i64,
    year_to: i64,
    summary: String,
    note: String,
    published_at: Option<i64>,
}

const COLUMNS: &str = "SELECT id, number, owner_id, title_zh, title_en, year_from, year_to, summary, note, published_at
    FROM plan WHERE ";

impl TryFrom<Row> for Plan {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number,
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            title: Text2::new(row.title_zh, row.title_en),
            years: (row.year_from, row.year_to),
            summary: row.summary,
            note: row.note,
            published_at: row.published_at.map(Instant),
        })
    }
}

pub(crate) async fn insert(
    tx: &mut Tx,
    id: PlanId,
    number: &str,
    owner: OrganizationId,
    new: &NewPlan,
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO plan (id, number, owner_id, title_zh, title_en, year_from, year_to, summary, note, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        args![
            id,
            number,
            owner,
            &new.title.zh,
            new.title.en.clone(),
            new.years.0,
            new.years.1,
            &new.summary,
            &new.note,
            now
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: PlanId) -> Result<Plan, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("id = ?", args![id]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// The plans of an office, or those that everybody may read, newest first.
pub(crate) async fn list(
    db: &Db,
    owner: Option<OrganizationId>,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Plan>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    match owner {
        Some(owner) => query.push("owner_id = ?", args![owner]),
        None => query.push("published_at IS NOT NULL", args![]),
    };
    query.when(after, " AND id < ?");
    query.push(" ORDER BY id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn publish(tx: &mut Tx, id: PlanId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE plan SET published_at = $2, updated_at = $2 WHERE id = $1 AND published_at IS NULL", args![id, now])
        .await
}

pub(crate) async fn add_indicator(
    tx: &mut Tx,
    plan: PlanId,
    name: &str,
    unit: &str,
    base: &str,
    target: &str,
) -> Result<IndicatorId, DbError> {
    let id = IndicatorId::new();
    tx.run(
        "INSERT INTO plan_indicator (id, plan_id, name, unit, base, target) VALUES ($1, $2, $3, $4, $5, $6)",
        args![id, plan, name, unit, base, target],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn add_task(
    tx: &mut Tx,
    plan: PlanId,
    goal: &str,
    title: &str,
    lead: &str,
    partners: &str,
    due_on: Option<Date>,
) -> Result<PlanTaskId, DbError> {
    let id = PlanTaskId::new();
    tx.run(
        "INSERT INTO plan_task (id, plan_id, goal, title, lead, partners, due_on) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![id, plan, goal, title, lead, partners, due_on],
    )
    .await?;
    Ok(id)
}

/// The plan that an indicator belongs to.
pub(crate) async fn plan_of_indicator<'a>(conn: impl Into<Conn<'a>>, id: IndicatorId) -> Result<PlanId, DbError> {
    let (plan,): (String,) = conn.into().one("SELECT plan_id FROM plan_indicator WHERE id = $1", args![id]).await?;
    plan.parse().map_err(|_| DbError::NoRow)
}

/// The plan that a task belongs to.
pub(crate) async fn plan_of_task<'a>(conn: impl Into<Conn<'a>>, id: PlanTaskId) -> Result<PlanId, DbError> {
    let (plan,): (String,) = conn.into().one("SELECT plan_id FROM plan_task WHERE id = $1", args![id]).await?;
    plan.parse().map_err(|_| DbError::NoRow)
}

pub(crate) async fn note_value(
    tx: &mut Tx,
    id: IndicatorId,
    year: i64,
    value: &str,
    by: &str,
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO plan_value (indicator_id, year, value, noted_at, noted_name) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (indicator_id, year) DO UPDATE SET value = excluded.value, noted_at = excluded.noted_at,
           noted_name = excluded.noted_name",
        args![id, year, value, now, by],
    )
    .await
    .map(drop)
}

pub(crate) async fn note_progress(
    tx: &mut Tx,
    id: PlanTaskId,
    quarter: Quarter,
    light: Light,
    words: &str,
    by: &str,
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO plan_progress (task_id, quarter, light, words, noted_at, noted_name) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (task_id, quarter) DO UPDATE SET light = excluded.light, words = excluded.words,
           noted_at = excluded.noted_at, noted_name = excluded.noted_name",
        args![id, quarter.0, light.code(), words, now, by],
    )
    .await
    .map(drop)
}

/// The indicators of a plan with their values, in the order in which they were added.
pub(crate) async fn indicators(db: &Db, plan: PlanId) -> Result<Vec<Indicator>, DbError> {
    type Row = (String, String, String, String, String, Option<i64>, Option<String>);
    let rows: Vec<Row> = db
        .list(
            "SELECT i.id, i.name, i.unit, i.base, i.target, v.year, v.value FROM plan_indicator i
             LEFT JOIN plan_value v ON v.indicator_id = i.id WHERE i.plan_id = $1 ORDER BY i.id, v.year LIMIT 2000",
            args![plan],
        )
        .await?;
    let mut found: Vec<Indicator> = Vec::new();
    for (id, name, unit, base, target, year, value) in rows {
        let id: IndicatorId = id.parse().map_err(|_| DbError::NoRow)?;
        if found.last().is_none_or(|last| last.id != id) {
            found.push(Indicator { id, name, unit, base, target, values: Vec::new() });
        }
        if let (Some(last), Some(year), Some(value)) = (found.last_mut(), year, value) {
            last.values.push((year, value));
        }
    }
    Ok(found)
}

#[derive(store::FromRow)]
struct TaskRow {
    id: String,
    goal: String,
    title: String,
    lead: String,
    partners: String,
    due_on: Option<String>,
    quarter: Option<i64>,
    light: Option<String>,
    words: Option<String>,
    noted_name: Option<String>,
}

/// The tasks of a plan with their progress, in the order in which they were added.
pub(crate) async fn tasks(db: &Db, plan: PlanId) -> Result<Vec<PlanTask>, DbError> {
    let rows: Vec<TaskRow> = db
        .list(
            "SELECT t.id, t.goal, t.title, t.lead, t.partners, t.due_on, p.quarter, p.light, p.words, p.noted_name
             FROM plan_task t LEFT JOIN plan_progress p ON p.task_id = t.id WHERE t.plan_id = $1
             ORDER BY t.id, p.quarter LIMIT 2000",
            args![plan],
        )
        .await?;
    let mut found: Vec<PlanTask> = Vec::new();
    for row in rows {
        let id: PlanTaskId = row.id.parse().map_err(|_| DbError::NoRow)?;
        if found.last().is_none_or(|last| last.id != id) {
            let due_on = row.due_on.and_then(|day| Date::from_iso(&day).ok());
            let (goal, title, lead, partners) = (row.goal, row.title, row.lead, row.partners);
            found.push(PlanTask { id, goal, title, lead, partners, due_on, progress: Vec::new() });
        }
        let light = row.light.as_deref().and_then(Light::from_code);
        if let (Some(last), Some(quarter), Some(light)) = (found.last_mut(), row.quarter, light) {
            let (words, by) = (row.words.unwrap_or_default(), row.noted_name.unwrap_or_default());
            last.progress.push((Quarter(quarter), light, words, by));
        }
    }
    Ok(found)
}
