//! Statements on tasks.

use jinmen_core::{AccountId, Actor, Date, Instant, Object, OrganizationId, PersonId, Role};
use serde_json::Value;
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::{NewTask, Task, TaskId, WaitsFor};

#[derive(store::FromRow)]
struct Row {
    id: String,
    kind: String,
    object_kind: String,
    object_id: String,
    title_key: String,
    args: Value,
    link: String,
    for_person: Option<String>,
    for_role: Option<String>,
    for_organization: Option<String>,
    due_on: Option<String>,
    created_at: i64,
    done_at: Option<i64>,
}

impl TryFrom<Row> for Task {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        let waits_for = waits_for(row.for_person, row.for_role, row.for_organization).ok_or(DbError::NoRow)?;
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            kind: row.kind,
            object: Object { kind: row.object_kind, id: row.object_id },
            title_key: row.title_key,
            args: row.args,
            link: row.link,
            waits_for,
            due_on: row.due_on.and_then(|day| Date::from_iso(&day).ok()),
            created_at: Instant(row.created_at),
            done_at: row.done_at.map(Instant),
        })
    }
}

fn waits_for(person: Option<String>, role: Option<String>, organization: Option<String>) -> Option<WaitsFor> {
    let organization = organization.and_then(|id| id.parse::<OrganizationId>().ok());
    match (person, role, organization) {
        (Some(person), ..) => person.parse().ok().map(WaitsFor::Person),
        (None, Some(role), Some(organization)) => {
            let role = role.parse().ok()?;
            Some(WaitsFor::Role(role, organization))
        }
        (None, Some(role), None) => role.parse().ok().map(WaitsFor::AnyOf),
        (None, None, organization) => organization.map(WaitsFor::Organization),
    }
}

fn columns(waits_for: WaitsFor) -> (Option<PersonId>, Option<Role>, Option<OrganizationId>) {
    match waits_for {
        WaitsFor::Person(person) => (Some(person), None, None),
        WaitsFor::Role(role, organization) => (None, Some(role), Some(organization)),
        WaitsFor::AnyOf(role) => (None, Some(role), None),
        WaitsFor::Organization(organization) => (None, None, Some(organization)),
    }
}

pub(crate) async fn open(tx: &mut Tx, id: TaskId, new: &NewTask, now: Instant) -> Result<TaskId, DbError> {
    let (person, role, organization) = columns(new.waits_for);
    let (id,): (String,) = tx
        .one(
            "INSERT INTO task (id, kind, object_kind, object_id, dedup, title_key, args, link, for_person, for_role,
               for_organization, due_on, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (kind, object_kind, object_id, dedup) WHERE done_at IS NULL DO UPDATE SET
               title_key = excluded.title_key, args = excluded.args, link = excluded.link,
               for_person = excluded.for_person, for_role = excluded.for_role,
               for_organization = excluded.for_organization, due_on = excluded.due_on
             RETURNING id",
            args![
                id,
                new.kind,
                &new.object.kind,
                &new.object.id,
                &new.dedup,
                &new.title_key,
                new.args.clone(),
                &new.link,
                person,
                role.map(Role::code),
                organization,
                new.due_on,
                now
            ],
        )
        .await?;
    id.parse().map_err(|_| DbError::NoRow)
}

/// Opens many that are all new: an object that has one of this kind keeps it as it is.
pub(crate) async fn open_many(tx: &mut Tx, tasks: Vec<NewTask>, now: Instant) -> Result<u64, DbError> {
    let rows = tasks
        .into_iter()
        .map(|new| {
            let (person, role, organization) = columns(new.waits_for);
            let role = role.map(Role::code);
            args![
                TaskId::new(),
                new.kind,
                new.object.kind,
                new.object.id,
                new.dedup,
                new.title_key,
                new.args,
                new.link,
                person,
                role,
                organization,
                new.due_on,
                now
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO task (id, kind, object_kind, object_id, dedup, title_key, args, link, for_person, for_role,
           for_organization, due_on, created_at)",
        rows,
        "ON CONFLICT (kind, object_kind, object_id, dedup) WHERE done_at IS NULL DO NOTHING",
    )
    .await
}

pub(crate) async fn close(
    tx: &mut Tx,
    by: Option<AccountId>,
    now: Instant,
    object: &Object,
    kind: Option<&str>,
    dedup: Option<&str>,
) -> Result<u64, DbError> {
    let mut query = Query::new(
        "UPDATE task SET done_at = ?, done_by = ? WHERE object_kind = ? AND object_id = ? AND done_at IS NULL",
        args![now, by, &object.kind, &object.id],
    );
    query.when(kind, " AND kind = ?");
    query.when(dedup, " AND dedup = ?");
    query.run(tx).await
}

/// What waits for an actor, as a condition on `task`.
fn waiting(query: &mut Query, actor: &Actor) {
    query.push(" done_at IS NULL AND (FALSE", args![]);
    query.when(actor.person(), " OR for_person = ?");
    if let Some(hat) = actor.hat() {
        query.push(" OR (for_role = ? AND for_organization IS NULL AND for_person IS NULL)", args![hat.role.code()]);
        if let Some(organization) = hat.organization {
            query.push(
                " OR (for_organization = ? AND for_person IS NULL AND (for_role IS NULL OR for_role = ?))",
                args![organization, hat.role.code()],
            );
        }
    }
    query.push(")", args![]);
}

/// A day as it sorts; none sorts behind every other.
pub(crate) fn due_key(due_on: Option<Date>) -> String {
    due_on.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string())
}

pub(crate) async fn list_for(
    db: &Db,
    actor: &Actor,
    after: Option<Vec<String>>,
    limit: u32,
) -> Result<Vec<Task>, DbError> {
    let mut query = Query::new(
        "SELECT id, kind, object_kind, object_id, title_key, args, link, for_person, for_role, for_organization, due_on,
           created_at, done_at FROM task WHERE",
        args![],
    );
    waiting(&mut query, actor);
    if let Some([due, id]) = after.as_deref() {
        query.push(" AND (COALESCE(due_on, '9999-12-31'), id) > (?, ?)", args![due, id]);
    }
    query.push(" ORDER BY COALESCE(due_on, '9999-12-31'), id LIMIT ?", args![limit + 1]);
    let rows: Vec<Row> = query.list(db).await?;
    rows.into_iter().map(Task::try_from).collect()
}

pub(crate) async fn count_for(db: &Db, actor: &Actor, cap: i64) -> Result<i64, DbError> {
    Ok(store::count_each(db, vec![open_for(actor, cap)]).await?.into_iter().sum())
}

/// The tasks that wait for the actor, no more than `cap`.
pub(crate) fn open_for(actor: &Actor, cap: i64) -> Query {
    let mut query = Query::new("SELECT id FROM task WHERE", args![]);
    waiting(&mut query, actor);
    query.push(" LIMIT ?", args![cap]);
    query
}

pub(crate) async fn list_on<'a>(conn: impl Into<Conn<'a>>, object: &Object) -> Result<Vec<Task>, DbError> {
    let rows: Vec<Row> = conn
        .into()
        .list(
            "SELECT id, kind, object_kind, object_id, title_key, args, link, for_person, for_role, for_organization,
               due_on, created_at, done_at
             FROM task WHERE object_kind = $1 AND object_id = $2 AND done_at IS NULL ORDER BY id LIMIT 200",
            args![&object.kind, &object.id],
        )
        .await?;
    rows.into_iter().map(Task::try_from).collect()
}
