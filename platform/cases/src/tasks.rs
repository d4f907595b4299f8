//! Tasks (待办): what waits for somebody, of all modules in one list. A use case opens a task in the
//! transaction that makes somebody's turn, and closes it in the one that takes it.

use jinmen_core::{Actor, Date, Error, Instant, Object, OrganizationId, Page, PageRequest, PersonId, Result, Role, id};
use serde_json::Value;
use store::{Conn, Db, Tx};

use crate::sql::tasks as sql;

id!(
    /// A task.
    TaskId
);
store::arg_id!(TaskId);

/// Tasks are counted no further than this; the page then shows `99+`.
pub const COUNT_CAP: i64 = 100;

/// Whom a task waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// One person, under whatever hat.
    Person(PersonId),
    /// Whoever wears the role for the organisation.
    Role(Role, OrganizationId),
    /// Whoever wears the role, for whichever organisation or none: for those who run the instance.
    AnyOf(Role),
    /// Whoever acts for the organisation.
    Organization(OrganizationId),
}

/// A task to be opened.
#[derive(Clone, PartialEq, Debug)]
pub struct NewTask {
    /// Its kind, such as `calls.check`.
    pub kind: &'static str,
    /// The object on which something is to be done.
    pub object: Object,
    /// Tells tasks of one kind on one object apart, such as a judge's identifier; usually empty.
    pub dedup: String,
    /// What is to be done, a key of the locales.
    pub title_key: String,
    /// Values for the title: a JSON object.
    pub args: Value,
    /// The path where it is done.
    pub link: String,
    /// Whom it waits for.
    pub waits_for: WaitsFor,
    /// The day by which it should be done.
    pub due_on: Option<Date>,
}

impl NewTask {
    /// A task whose title is named like its kind (`task-calls-check`), without a day.
    pub fn new(
        kind: &'static str,
        object: impl Into<Object>,
        waits_for: WaitsFor,
        link: impl Into<String>,
        args: Value,
    ) -> Self {
        Self {
            kind,
            object: object.into(),
            dedup: String::new(),
            title_key: format!("task-{}", kind.replace(['.', '_'], "-")),
            args,
            link: link.into(),
            waits_for,
            due_on: None,
        }
    }

    /// One of several of its kind on the object.
    #[must_use]
    pub fn dedup(mut self, key: impl Into<String>) -> Self {
        self.dedup = key.into();
        self
    }

    /// To be done by a day.
    #[must_use]
    pub fn due(mut self, day: Option<Date>) -> Self {
        self.due_on = day;
        self
    }
}

/// A task as it is read.
#[derive(Clone, PartialEq, Debug, serde::Serialize)]
pub struct Task {
    /// Its identifier.
    pub id: TaskId,
    /// Its kind.
    pub kind: String,
    /// The object on which something is to be done.
    pub object: Object,
    /// What is to be done, a key of the locales.
    pub title_key: String,
    /// Values for the title, an object.
    pub args: Value,
    /// The path where it is done.
    pub link: String,
    /// Whom it waits for.
    pub waits_for: WaitsFor,
    /// The day by which it should be done.
    pub due_on: Option<Date>,
    /// Since when it waits.
    pub created_at: Instant,
    /// When it was done.
    pub done_at: Option<Instant>,
}

/// Opens a task. One of this kind on this object with this `dedup` that is open already is brought
/// up to date instead and keeps its identifier.
pub async fn open_task(tx: &mut Tx, now: Instant, new: NewTask) -> Result<TaskId> {
    if !new.args.is_object() {
        return Err(Error::internal(format!("{}: args must be an object", new.kind)));
    }
    Ok(sql::open(tx, TaskId::new(), &new, now).await?)
}

/// Opens many tasks in few statements. Where one of its kind, object and `dedup` is open already, that one stays as it is.
pub async fn open_tasks(tx: &mut Tx, now: Instant, tasks: Vec<NewTask>) -> Result<u64> {
    if let Some(wrong) = tasks.iter().find(|task| !task.args.is_object()) {
        return Err(Error::internal(format!("{}: args must be an object", wrong.kind)));
    }
    Ok(sql::open_many(tx, tasks, now).await?)
}

/// Closes the open tasks of a kind on an object; how many there were.
pub async fn close_task(tx: &mut Tx, actor: &Actor, now: Instant, kind: &str, object: &Object) -> Result<u64> {
    Ok(sql::close(tx, actor.account(), now, object, Some(kind), None).await?)
}

/// Closes one of several tasks of a kind on an object; whether it was open.
pub async fn close_task_of(
    tx: &mut Tx,
    actor: &Actor,
    now: Instant,
    kind: &str,
    object: &Object,
    dedup: &str,
) -> Result<bool> {
    Ok(sql::close(tx, actor.account(), now, object, Some(kind), Some(dedup)).await? > 0)
}

/// Closes everything open on an object, as when it is withdrawn; how many there were.
pub async fn close_tasks_on(tx: &mut Tx, actor: &Actor, now: Instant, object: &Object) -> Result<u64> {
    Ok(sql::close(tx, actor.account(), now, object, None, None).await?)
}

/// What waits for the actor: for the person, and for the hat worn now. Soonest due first, then those
/// without a day, oldest first.
pub async fn tasks_for(db: &Db, actor: &Actor, page: &PageRequest) -> Result<Page<Task>> {
    actor.signed_in()?;
    let after = page.cursor(2)?.map(|cursor| cursor.0);
    let rows = sql::list_for(db, actor, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |task| vec![sql::due_key(task.due_on), task.id.text()]))
}

/// How much waits for the actor, no more than [`COUNT_CAP`]; nothing for a visitor.
pub async fn count_for(db: &Db, actor: &Actor) -> Result<i64> {
    if actor.signed_in().is_err() {
        return Ok(0);
    }
    Ok(sql::count_for(db, actor, COUNT_CAP).await?)
}

/// What waits for the actor, no more than [`COUNT_CAP`], to be counted with other things by [`store::count_each`].
pub fn open_for(actor: &Actor) -> store::Query {
    sql::open_for(actor, COUNT_CAP)
}

/// What is open on an object, oldest first, at most 200.
pub async fn tasks_on<'a>(conn: impl Into<Conn<'a>>, object: &Object) -> Result<Vec<Task>> {
    Ok(sql::list_on(conn, object).await?)
}
