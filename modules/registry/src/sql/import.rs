//! Statements on imports, and on everything that came from one.

use jinmen_core::{AccountId, Fault, Instant, OrganizationId, PersonId, Text2};
use jobs::JobId;
use serde_json::{Value, json};
use store::{Arg, Conn, Db, DbError, Query, Tx, args};

use crate::import::RowFault;
use crate::model::{AffiliationId, Import, ImportId, ImportState};

#[derive(store::FromRow)]
struct Row {
    id: String,
    keeper_id: Option<String>,
    file_id: String,
    file_name: String,
    mapping: Value,
    state: String,
    job_id: Option<String>,
    rows_read: i64,
    accepted: i64,
    duplicates: i64,
    faulty: i64,
    last_row: i64,
    problem: Option<Value>,
    created_name: String,
    created_at: i64,
    finished_at: Option<i64>,
}

impl TryFrom<Row> for Import {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            keeper: row.keeper_id.and_then(|id| id.parse().ok()),
            file: row.file_id,
            file_name: row.file_name,
            mapping: serde_json::from_value(row.mapping).map_err(|_| DbError::NoRow)?,
            state: ImportState::from_code(&row.state).ok_or(DbError::NoRow)?,
            job: row.job_id.and_then(|id| id.parse().ok()),
            rows: row.rows_read,
            accepted: row.accepted,
            duplicates: row.duplicates,
            faulty: row.faulty,
            last_row: row.last_row,
            problem: row.problem.map(|value| fault(&value)),
            created_name: row.created_name,
            created_at: Instant(row.created_at),
            finished_at: row.finished_at.map(Instant),
        })
    }
}

fn fault(value: &Value) -> Fault {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Fault { field: None, code: text("code"), args: pairs(value.get("args")) }
}

fn pairs(value: Option<&Value>) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    value.and_then(Value::as_object).into_iter().flatten().map(|(name, one)| (name.clone(), text(one))).collect()
}

fn object(args: &[(String, String)]) -> Value {
    Value::Object(args.iter().map(|(name, value)| (name.clone(), json!(value))).collect())
}

macro_rules! columns {
    () => {
        "SELECT id, keeper_id, file_id, file_name, mapping, state, job_id, rows_read, accepted, duplicates, faulty,
           last_row, problem, created_name, created_at, finished_at FROM import "
    };
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: ImportId) -> Result<Import, DbError> {
    let row: Row = conn.into().one(concat!(columns!(), "WHERE id = $1"), args![id]).await?;
    row.try_into()
}

pub(crate) async fn list(
    db: &Db,
    keeper: Option<OrganizationId>,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Import>, DbError> {
    let mut query = Query::new(columns!(), args![]);
    query.push("WHERE TRUE", args![]);
    query.when(keeper, " AND keeper_id = ?");
    query.when(after, " AND id < ?");
    query.push(" ORDER BY id DESC LIMIT ?", args![limit + 1]);
    let rows: Vec<Row> = query.list(db).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn insert(tx: &mut Tx, import: &Import, by: Option<AccountId>) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO import (id, keeper_id, file_id, file_name, mapping, state, rows_read, accepted, duplicates, faulty,
           last_row, created_by, created_name, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, 0, 0, $7, $8, $9)",
        args![
            import.id,
            import.keeper,
            &import.file,
            &import.file_name,
            mapping(import),
            import.state.code(),
            by,
            &import.created_name,
            import.created_at
        ],
    )
    .await
    .map(drop)
}

fn mapping(import: &Import) -> Value {
    serde_json::to_value(&import.mapping).unwrap_or_else(|_| json!({}))
}

/// Goes from one of some states to another; how many rows changed (0: it was in none of them).
pub(crate) async fn go(
    tx: &mut Tx,
    id: ImportId,
    from: &[ImportState],
    to: ImportState,
    job: Option<JobId>,
) -> Result<u64, DbError> {
    let mut query = Query::new("UPDATE import SET state = ?, job_id = COALESCE(?, job_id)", args![to.code(), job]);
    query.push(" WHERE id = ?", args![id]);
    query.within(" AND state IN", from.iter().map(|state| state.code()).collect(), "");
    query.run(tx).await
}

pub(crate) async fn set_mapping(tx: &mut Tx, import: &Import) -> Result<(), DbError> {
    tx.run("UPDATE import SET mapping = $1 WHERE id = $2", args![mapping(import), import.id]).await.map(drop)
}

/// Keeps the figures and the last row written.
pub(crate) async fn set_figures(tx: &mut Tx, import: &Import) -> Result<(), DbError> {
    tx.run(
        "UPDATE import SET rows_read = $1, accepted = $2, duplicates = $3, faulty = $4, last_row = $5, problem = $6,
           finished_at = $7 WHERE id = $8",
        args![
            import.rows,
            import.accepted,
            import.duplicates,
            import.faulty,
            import.last_row,
            import.problem.as_ref().map(|fault| json!({ "code": fault.code, "args": object(&fault.args) })),
            import.finished_at,
            import.id
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn clear_faults(tx: &mut Tx, id: ImportId) -> Result<(), DbError> {
    tx.run("DELETE FROM import_fault WHERE import_id = $1", args![id]).await.map(drop)
}

pub(crate) async fn insert_faults(tx: &mut Tx, id: ImportId, faults: &[RowFault]) -> Result<(), DbError> {
    let rows = faults
        .iter()
        .enumerate()
        .map(|(at, one)| args![id, one.row, at as i64, &one.column, &one.field, &one.code, object(&one.args)])
        .collect();
    tx.insert_many(
        "INSERT INTO import_fault (import_id, row_number, position, column_letter, field, code, args)",
        rows,
        "",
    )
    .await
    .map(drop)
}

pub(crate) async fn faults<'a>(conn: impl Into<Conn<'a>>, id: ImportId, limit: u32) -> Result<Vec<RowFault>, DbError> {
    let rows: Vec<(i64, String, String, String, Value)> = conn
        .into()
        .list(
            "SELECT row_number, column_letter, field, code, args FROM import_fault WHERE import_id = $1
             ORDER BY row_number, position LIMIT $2",
            args![id, limit],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(row, column, field, code, args)| RowFault {
            row: u32::try_from(row).unwrap_or_default(),
            column,
            field,
            code,
            args: pairs(Some(&args)),
        })
        .collect())
}

/// A person named in a row: identifier, name, the organisation, kind of affiliation, post.
pub(crate) type Named = (PersonId, String, OrganizationId, &'static str, String);

pub(crate) async fn insert_people(
    tx: &mut Tx,
    people: &[Named],
    keeper: Option<OrganizationId>,
    import: ImportId,
    now: Instant,
) -> Result<(), DbError> {
    let rows: Vec<Vec<Arg>> = people
        .iter()
        .map(|(id, name, ..)| {
            let name = Text2::zh(name.clone());
            args![
                *id,
                &name.zh,
                store::text::name_key(&name.zh),
                store::text::sort_key(&name.zh),
                "",
                keeper,
                false,
                "active",
                0_i64,
                1_i64,
                now,
                now,
                import
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO person (id, name_zh, name_key, sort_key, headline_zh, keeper_id, expert, state, completeness,
           version, created_at, updated_at, import_id)",
        rows,
        "",
    )
    .await?;
    let rows = people
        .iter()
        .map(|(person, _, organization, kind, title)| {
            args![AffiliationId::new(), *person, *organization, *kind, title, "imported", now, import]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO affiliation (id, person_id, organization_id, kind, title_zh, source, created_at, import_id)",
        rows,
        "",
    )
    .await
    .map(drop)
}

/// The first organisation of an import that somebody worked on since, or that others refer to.
pub(crate) async fn used<'a>(conn: impl Into<Conn<'a>>, id: ImportId) -> Result<Option<String>, DbError> {
    let row: Option<(String,)> = conn
        .into()
        .maybe(
            "SELECT o.name_zh FROM organization o WHERE o.import_id = $1 AND (o.version > 2
                OR EXISTS (SELECT 1 FROM relation r WHERE (r.from_id = o.id OR r.to_id = o.id)
                           AND (r.import_id IS NULL OR r.import_id <> $1))
                OR EXISTS (SELECT 1 FROM affiliation a WHERE a.organization_id = o.id
                           AND (a.import_id IS NULL OR a.import_id <> $1))
                OR EXISTS (SELECT 1 FROM organization k WHERE k.keeper_id = o.id))
             ORDER BY o.sort_key LIMIT 1",
            args![id],
        )
        .await?;
    Ok(row.map(|row| row.0))
}

/// Some organisations of an import that are still there.
pub(crate) async fn some_of(tx: &mut Tx, id: ImportId, limit: u32) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> =
        tx.list("SELECT id FROM organization WHERE import_id = $1 ORDER BY id LIMIT $2", args![id, limit]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Removes organisations with everything that came with them.
pub(crate) async fn remove(tx: &mut Tx, organizations: Vec<String>) -> Result<(), DbError> {
    let ids = || organizations.clone();
    let people: Vec<(String,)> = {
        let mut query = Query::new("SELECT person_id FROM affiliation WHERE import_id IS NOT NULL", args![]);
        query.within(" AND organization_id IN", ids(), "");
        query.list(&mut *tx).await?
    };
    let people: Vec<String> = people.into_iter().map(|row| row.0).collect();
    store::search::remove_many(tx, "person", &people).await?;
    store::search::remove_many(tx, "organization", &organizations).await?;
    for (head, ids) in [
        ("DELETE FROM affiliation WHERE organization_id IN", ids()),
        ("DELETE FROM person WHERE import_id IS NOT NULL AND id IN", people),
        ("DELETE FROM relation WHERE from_id IN", ids()),
        ("DELETE FROM contact_point WHERE subject_kind = 'organization' AND subject_id IN", ids()),
        ("DELETE FROM fact WHERE subject_kind = 'organization' AND subject_id IN", ids()),
        ("DELETE FROM organization_known WHERE organization_id IN", ids()),
        ("DELETE FROM organization WHERE id IN", ids()),
    ] {
        let mut query = Query::default();
        query.within(head, ids, "");
        query.run(tx).await?;
    }
    Ok(())
}
