//! Statements on entries.

use jinmen_core::{Instant, Object};
use serde_json::Value;
use store::{Arg, Conn, Db, DbError, Query, Tx, args};

use crate::{Entry, EntryId, Filter, RecordedActor};

#[derive(store::FromRow)]
struct Row {
    id: String,
    version: i64,
    at: i64,
    actor_kind: String,
    actor_account: Option<String>,
    actor_person: Option<String>,
    actor_organization: Option<String>,
    actor_role: Option<String>,
    actor_name: String,
    action: String,
    object_kind: String,
    object_id: String,
    data: Option<Value>,
    number: Option<i64>,
}

impl TryFrom<Row> for Entry {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            version: row.version,
            at: Instant(row.at),
            actor: RecordedActor {
                kind: row.actor_kind,
                account: row.actor_account,
                person: row.actor_person,
                organization: row.actor_organization,
                role: row.actor_role,
                name: row.actor_name,
            },
            action: row.action,
            object: Object { kind: row.object_kind, id: row.object_id },
            data: row.data,
            number: row.number,
        })
    }
}

pub(crate) fn row(entry: Entry, salt: Vec<u8>, digest: Vec<u8>) -> Vec<Arg> {
    args![
        entry.id,
        entry.version,
        entry.at,
        entry.actor.kind,
        entry.actor.account,
        entry.actor.person,
        entry.actor.organization,
        entry.actor.role,
        entry.actor.name,
        entry.action,
        entry.object.kind,
        entry.object.id,
        entry.data,
        salt,
        digest,
    ]
}

pub(crate) async fn insert(tx: &mut Tx, rows: Vec<Vec<Arg>>) -> Result<u64, DbError> {
    tx.insert_many(
        "INSERT INTO record_entry (id, version, at, actor_kind, actor_account, actor_person, actor_organization,
           actor_role, actor_name, action, object_kind, object_id, data, salt, digest)",
        rows,
        "",
    )
    .await
}

const COLUMNS: &str = "SELECT id, version, at, actor_kind, actor_account, actor_person, actor_organization,
   actor_role, actor_name, action, object_kind, object_id, data, number FROM record_entry WHERE TRUE";

pub(crate) async fn list(db: &Db, filter: &Filter, after: Option<String>, limit: u32) -> Result<Vec<Entry>, DbError> {
    let mut query = Query::new(COLUMNS, args![]);
    if let Some(object) = &filter.object {
        query.push(" AND object_kind = ? AND object_id = ?", args![&object.kind, &object.id]);
    }
    if let Some(action) = &filter.action {
        // A prefix as a range, which both databases answer from the index.
        query.push(" AND action >= ? AND action < ?", args![action, format!("{action}\u{10ffff}")]);
    }
    query.when(filter.account.clone(), " AND actor_account = ?");
    query.when(filter.since, " AND at >= ?");
    query.when(filter.before, " AND at < ?");
    query.when(after, " AND id < ?");
    query.push(" ORDER BY id DESC LIMIT ?", args![limit + 1]);
    let rows: Vec<Row> = query.list(db).await?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// An entry with what its digest was made with.
pub(crate) struct Sealed {
    pub entry: Entry,
    pub number: Option<i64>,
    pub salt: Option<Vec<u8>>,
    pub digest: Vec<u8>,
}

#[derive(store::FromRow)]
struct SealedRow {
    #[sqlx(flatten)]
    row: Row,
    salt: Option<Vec<u8>>,
    digest: Vec<u8>,
}

impl TryFrom<SealedRow> for Sealed {
    type Error = DbError;
    fn try_from(row: SealedRow) -> Result<Self, DbError> {
        let number = row.row.number;
        Ok(Self { entry: row.row.try_into()?, number, salt: row.salt, digest: row.digest })
    }
}

pub(crate) async fn sealed<'a>(conn: impl Into<Conn<'a>>, id: EntryId) -> Result<Sealed, DbError> {
    let row: SealedRow = conn
        .into()
        .one(
            "SELECT id, version, at, actor_kind, actor_account, actor_person, actor_organization, actor_role, actor_name,
               action, object_kind, object_id, data, number, salt, digest FROM record_entry WHERE id = $1",
            args![id],
        )
        .await?;
    row.try_into()
}

pub(crate) async fn numbered(db: &Db, number: i64) -> Result<Option<Sealed>, DbError> {
    Ok(numbered_from(db, number, 1).await?.into_iter().next())
}

/// The entries whose numbers are `first` and up to `most` after it, in order; a missing one is left out.
pub(crate) async fn numbered_from(db: &Db, first: i64, most: i64) -> Result<Vec<Sealed>, DbError> {
    let rows: Vec<SealedRow> = db
        .list(
            "SELECT id, version, at, actor_kind, actor_account, actor_person, actor_organization, actor_role, actor_name,
               action, object_kind, object_id, data, number, salt, digest FROM record_entry
             WHERE number >= $1 AND number < $2 ORDER BY number",
            args![first, first.saturating_add(most)],
        )
        .await?;
    rows.into_iter().map(Sealed::try_from).collect()
}

/// Entries without a place, in the order of their identifiers.
pub(crate) async fn waiting_after(db: &Db, after: &str, most: i64) -> Result<Vec<Sealed>, DbError> {
    let rows: Vec<SealedRow> = db
        .list(
            "SELECT id, version, at, actor_kind, actor_account, actor_person, actor_organization, actor_role, actor_name,
               action, object_kind, object_id, data, number, salt, digest FROM record_entry
             WHERE number IS NULL AND id > $1 ORDER BY id LIMIT $2",
            args![after, most],
        )
        .await?;
    rows.into_iter().map(Sealed::try_from).collect()
}

pub(crate) async fn forget(tx: &mut Tx, object: &Object) -> Result<u64, DbError> {
    let emptied = tx
        .run(
            "UPDATE record_entry SET data = NULL, salt = NULL WHERE object_kind = $1 AND object_id = $2",
            args![&object.kind, &object.id],
        )
        .await?;
    Ok(emptied)
}
