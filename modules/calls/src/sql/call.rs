//! Statements on calls and their forms.

use jinmen_core::{Date, Instant, Object, OrganizationId, Role, Text2};
use serde_json::Value;
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::model::{Call, CallFilter, CallForm, CallId, CallKind, CallState, Setup};

const COLUMNS: &str = "SELECT c.id, c.number, c.owner_id, c.role, c.kind, c.title_zh, c.title_en, c.state, c.opens_at,
    c.closes_at, c.setup, c.form_version, c.version, c.cloned_from, c.published_at, c.updated_at FROM call c WHERE ";

#[derive(store::FromRow)]
struct Row {
    id: String,
    number: String,
    owner_id: String,
    role: String,
    kind: String,
    title_zh: String,
    title_en: Option<String>,
    state: String,
    opens_at: Option<i64>,
    closes_at: Option<i64>,
    setup: Value,
    form_version: i64,
    version: i64,
    cloned_from: Option<String>,
    published_at: Option<i64>,
    updated_at: i64,
}

impl TryFrom<Row> for Call {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            number: row.number,
            owner: row.owner_id.parse().map_err(|_| DbError::NoRow)?,
            role: row.role.parse().map_err(|_| DbError::NoRow)?,
            kind: CallKind::from_code(&row.kind).ok_or(DbError::NoRow)?,
            title: Text2::new(row.title_zh, row.title_en),
            state: CallState::from_code(&row.state).ok_or(DbError::NoRow)?,
            opens_at: row.opens_at.map(Instant),
            closes_at: row.closes_at.map(Instant),
            setup: serde_json::from_value(row.setup).map_err(|_| DbError::NoRow)?,
            form_version: row.form_version,
            version: row.version,
            cloned_from: row.cloned_from.and_then(|id| id.parse().ok()),
            published_at: row.published_at.map(Instant),
            updated_at: Instant(row.updated_at),
        })
    }
}

fn json(setup: &Setup) -> Result<Value, DbError> {
    serde_json::to_value(setup).map_err(|_| DbError::NoRow)
}

/// A call to be written.
pub(crate) struct New<'a> {
    pub id: CallId,
    pub number: &'a str,
    pub owner: OrganizationId,
    pub role: Role,
    pub kind: CallKind,
    pub title: &'a Text2,
    pub setup: &'a Setup,
    pub cloned_from: Option<CallId>,
}

pub(crate) async fn insert(tx: &mut Tx, new: &New<'_>, now: Instant) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO call (id, number, owner_id, role, kind, title_zh, title_en, state, setup, form_version, version,
           cloned_from, basis, submissions, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, 1, 1, $9, $10, 0, $11, $11)",
        args![
            new.id,
            new.number,
            new.owner,
            new.role.code(),
            new.kind.code(),
            &new.title.zh,
            new.title.en.clone(),
            json(new.setup)?,
            new.cloned_from,
            new.setup.basis.as_ref().map(|basis| basis.object.to_string()),
            now
        ],
    )
    .await
    .map(drop)
}

/// Writes everything of a call that may be changed; nothing when somebody changed it since `seen`.
pub(crate) async fn update(tx: &mut Tx, call: &Call, seen: i64, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE call SET title_zh = $2, title_en = $3, opens_at = $4, closes_at = $5, setup = $6, form_version = $7,
           state = $8, published_at = $9, version = version + 1, updated_at = $10 WHERE id = $1 AND version = $11",
        args![
            call.id,
            &call.title.zh,
            call.title.en.clone(),
            call.opens_at,
            call.closes_at,
            json(&call.setup)?,
            call.form_version,
            call.state.code(),
            call.published_at,
            now,
            seen
        ],
    )
    .await
}

/// Takes the row of a call before somebody hands in: those who hand in to one call follow each other, and a deadline is
/// moved between two of them, never during one.
pub(crate) async fn take(tx: &mut Tx, id: CallId) -> Result<(), DbError> {
    let rows = tx.run("UPDATE call SET submissions = submissions + 1 WHERE id = $1", args![id]).await?;
    if rows == 1 { Ok(()) } else { Err(DbError::NoRow) }
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: CallId) -> Result<Call, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("c.id = ?", args![id]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// Some calls by their identifiers.
pub(crate) async fn many(db: &Db, ids: &[CallId]) -> Result<Vec<Call>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new(COLUMNS, args![]);
    query.push("TRUE", args![]);
    query.within(" AND c.id IN", ids.to_vec(), "");
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// What is out and rests on an object, newest first: at most so many.
pub(crate) async fn resting_on(db: &Db, basis: &Object, most: u32) -> Result<Vec<Call>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("c.basis = ? AND c.state <> 'draft'", args![basis.to_string()]);
    query.push(" ORDER BY c.id DESC LIMIT ?", args![i64::from(most)]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// For whom a list is.
#[derive(Clone, Copy)]
pub(crate) enum For {
    /// The public: what is out.
    Public,
    /// An office: its own, and those it runs for others today.
    Office(OrganizationId, Date),
}

/// A page of a list, newest first.
pub(crate) async fn list(
    db: &Db,
    whose: For,
    filter: &CallFilter,
    now: Instant,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Call>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    match whose {
        For::Public => query.push("c.state = 'published'", args![]),
        For::Office(owner, today) => query.push(
            "(c.owner_id = ? OR c.id IN (SELECT o.call_id FROM call_operator o
               WHERE o.organization_id = ? AND o.until_on >= ?))",
            args![owner, owner, today],
        ),
    };
    let given = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
    if let Some(typed) = given(&filter.q) {
        match store::search::Typed::new("call", &typed) {
            Some(typed) => query.embed(" AND (", typed.holds(db.dialect(), "c.id"), ")"),
            None => query.push(" AND FALSE", args![]),
        };
    }
    query.when(given(&filter.kind), " AND c.kind = ?");
    match given(&filter.phase).as_deref() {
        Some("soon") => drop(query.push(" AND c.state = 'published' AND c.opens_at > ?", args![now])),
        Some("open") => drop(query.push(
            " AND c.state = 'published' AND (c.opens_at IS NULL OR c.opens_at <= ?) AND (c.closes_at IS NULL OR c.closes_at > ?)",
            args![now, now],
        )),
        Some("over") => drop(query.push(" AND c.state = 'published' AND c.closes_at <= ?", args![now])),
        Some(state) => drop(query.push(" AND c.state = ?", args![state])),
        None => {}
    }
    query.when(after, " AND c.id < ?");
    query.push(" ORDER BY c.id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

#[derive(store::FromRow)]
struct FormRow {
    version: i64,
    schema: Value,
    digest: String,
    used: bool,
    made_at: i64,
    made_name: String,
}

impl From<FormRow> for CallForm {
    fn from(row: FormRow) -> Self {
        Self {
            version: row.version,
            schema: row.schema,
            digest: row.digest,
            used: row.used,
            made_at: Instant(row.made_at),
            made_name: row.made_name,
        }
    }
}

pub(crate) async fn form<'a>(conn: impl Into<Conn<'a>>, id: CallId, version: i64) -> Result<CallForm, DbError> {
    let row: FormRow = conn
        .into()
        .one(
            "SELECT version, schema, digest, used, made_at, made_name FROM call_form WHERE call_id = $1 AND version = $2",
            args![id, version],
        )
        .await?;
    Ok(row.into())
}

/// Writes a version, or writes over one that nobody has used; whether it was written.
pub(crate) async fn put_form(tx: &mut Tx, id: CallId, form: &CallForm) -> Result<bool, DbError> {
    let rows = tx
        .run(
            "INSERT INTO call_form (call_id, version, schema, digest, used, made_at, made_name)
             VALUES ($1, $2, $3, $4, FALSE, $5, $6)
             ON CONFLICT (call_id, version) DO UPDATE SET schema = excluded.schema, digest = excluded.digest,
               made_at = excluded.made_at, made_name = excluded.made_name WHERE NOT call_form.used",
            args![id, form.version, form.schema.clone(), &form.digest, form.made_at, &form.made_name],
        )
        .await?;
    Ok(rows == 1)
}

/// Freezes a version.
pub(crate) async fn use_form(tx: &mut Tx, id: CallId, version: i64) -> Result<(), DbError> {
    tx.run("UPDATE call_form SET used = TRUE WHERE call_id = $1 AND version = $2 AND NOT used", args![id, version])
        .await
        .map(drop)
}

/// Writes who besides the owner may work on the applications.
pub(crate) async fn put_operators(
    tx: &mut Tx,
    id: CallId,
    operators: &[(OrganizationId, Date)],
) -> Result<(), DbError> {
    tx.run("DELETE FROM call_operator WHERE call_id = $1", args![id]).await?;
    let rows = operators.iter().map(|(organization, until)| args![id, *organization, *until]).collect();
    tx.insert_many(
        "INSERT INTO call_operator (call_id, organization_id, until_on)",
        rows,
        "ON CONFLICT (call_id, organization_id) DO NOTHING",
    )
    .await
    .map(drop)
}

/// Those besides the owner who may work on the applications of a call today.
pub(crate) async fn operators<'a>(
    conn: impl Into<Conn<'a>>,
    id: CallId,
    today: Date,
) -> Result<Vec<OrganizationId>, DbError> {
    let rows: Vec<(String,)> = conn
        .into()
        .list(
            "SELECT organization_id FROM call_operator WHERE call_id = $1 AND until_on >= $2 ORDER BY organization_id",
            args![id, today],
        )
        .await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(|_| DbError::NoRow)).collect()
}

/// How many applications of a call stand where: by state and stage.
pub(crate) async fn counts(db: &Db, id: CallId) -> Result<Vec<(String, String, i64)>, DbError> {
    db.list(
        "SELECT state, stage, CAST(COUNT(*) AS BIGINT) FROM call_application WHERE call_id = $1
         GROUP BY state, stage ORDER BY state, stage",
        args![id],
    )
    .await
}
