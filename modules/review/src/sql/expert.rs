//! Statements on pools of experts.

use jinmen_core::{Instant, OrganizationId, PersonId};
use serde_json::{Value, json};
use store::{Conn, Db, DbError, Query, Tx, args};

use super::{id, maybe_id};
use crate::model::{Expert, ExpertFilter, ExpertId, ExpertKind};

const COLUMNS: &str = "SELECT e.id, e.owner_id, e.person_id, e.name, e.institution, e.institution_id, e.post, e.kind,
    e.fields, e.senior, e.active, e.updated_at FROM review_expert e WHERE ";

#[derive(store::FromRow)]
struct Row {
    id: String,
    owner_id: String,
    person_id: String,
    name: String,
    institution: String,
    institution_id: Option<String>,
    post: String,
    kind: String,
    fields: Value,
    senior: bool,
    active: bool,
    updated_at: i64,
}

impl TryFrom<Row> for Expert {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: id(&row.id)?,
            owner: id(&row.owner_id)?,
            person: id(&row.person_id)?,
            name: row.name,
            institution: row.institution,
            institution_id: maybe_id(row.institution_id),
            post: row.post,
            kind: ExpertKind::from_code(&row.kind).ok_or(DbError::NoRow)?,
            fields: serde_json::from_value(row.fields).unwrap_or_default(),
            senior: row.senior,
            active: row.active,
            updated_at: Instant(row.updated_at),
        })
    }
}

pub(crate) async fn insert(tx: &mut Tx, one: &Expert) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO review_expert (id, owner_id, person_id, name, institution, institution_id, post, kind, fields, senior,
           active, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
        args![
            one.id,
            one.owner,
            one.person,
            &one.name,
            &one.institution,
            one.institution_id,
            &one.post,
            one.kind.code(),
            json!(one.fields),
            one.senior,
            one.active,
            one.updated_at
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn update(tx: &mut Tx, one: &Expert) -> Result<u64, DbError> {
    tx.run(
        "UPDATE review_expert SET name = $2, institution = $3, institution_id = $4, post = $5, kind = $6, fields = $7,
           senior = $8, active = $9, updated_at = $10 WHERE id = $1",
        args![
            one.id,
            &one.name,
            &one.institution,
            one.institution_id,
            &one.post,
            one.kind.code(),
            json!(one.fields),
            one.senior,
            one.active,
            one.updated_at
        ],
    )
    .await
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, one: ExpertId) -> Result<Expert, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("e.id = ?", args![one]);
    query.maybe::<Row>(conn).await?.ok_or(DbError::NoRow)?.try_into()
}

/// Experts of a pool, newest first.
pub(crate) async fn list(
    db: &Db,
    owner: OrganizationId,
    filter: &ExpertFilter,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Expert>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("e.owner_id = ?", args![owner]);
    let given = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
    if let Some(typed) = given(&filter.q) {
        let typed = format!("%{}%", typed.trim().replace(['%', '_', '\\'], ""));
        query.push(" AND (e.name LIKE ? OR e.institution LIKE ?)", args![&typed, &typed]);
    }
    query.when(given(&filter.kind), " AND e.kind = ?");
    query.when(after, " AND e.id < ?");
    query.push(" ORDER BY e.id DESC LIMIT ?", args![i64::from(limit) + 1]);
    query.list::<Row>(db).await?.into_iter().map(TryInto::try_into).collect()
}

/// Everybody of a pool who may be asked, in a fixed order.
pub(crate) async fn active<'a>(conn: impl Into<Conn<'a>>, owner: OrganizationId) -> Result<Vec<Expert>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    query.push("e.owner_id = ? AND e.active ORDER BY e.id LIMIT 10000", args![owner]);
    query.list::<Row>(conn).await?.into_iter().map(TryInto::try_into).collect()
}

/// Whether somebody is in a pool.
pub(crate) async fn has(tx: &mut Tx, owner: OrganizationId, person: PersonId) -> Result<bool, DbError> {
    let row: Option<(String,)> =
        tx.maybe("SELECT id FROM review_expert WHERE owner_id = $1 AND person_id = $2", args![owner, person]).await?;
    Ok(row.is_some())
}
