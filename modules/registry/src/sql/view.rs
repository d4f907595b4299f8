//! Statements on saved views.

use jinmen_core::{AccountId, Instant, OrganizationId};
use serde_json::Value;
use store::{Conn, DbError, Tx, args};

use crate::model::{SavedView, ViewId};

/// Views of one office.
const MOST: i64 = 50;

#[derive(store::FromRow)]
struct Row {
    id: String,
    name: String,
    filter: Value,
}

impl TryFrom<Row> for SavedView {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        let filter = row.filter.as_object().cloned().unwrap_or_default();
        Ok(Self { id: row.id.parse().map_err(|_| DbError::NoRow)?, name: row.name, filter })
    }
}

/// Keeps a view under its name, in the place of another of that name.
pub(crate) async fn put(
    tx: &mut Tx,
    owner: OrganizationId,
    view: &SavedView,
    by: Option<AccountId>,
    now: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "INSERT INTO saved_view (id, owner_id, name, filter, created_by, created_at)
         SELECT $1, $2, $3, $4, $5, $6
         WHERE (SELECT COUNT(*) FROM saved_view WHERE owner_id = $2) < $7
         ON CONFLICT (owner_id, name) DO UPDATE SET filter = excluded.filter",
        args![view.id, owner, &view.name, Value::Object(view.filter.clone()), by, now, MOST],
    )
    .await
}

/// The views of an office, by name.
pub(crate) async fn of<'a>(conn: impl Into<Conn<'a>>, owner: OrganizationId) -> Result<Vec<SavedView>, DbError> {
    let sql = "SELECT id, name, filter FROM saved_view WHERE owner_id = $1 ORDER BY name, id";
    conn.into().list::<Row>(sql, args![owner]).await?.into_iter().map(TryInto::try_into).collect()
}

/// Removes a view.
pub(crate) async fn remove(tx: &mut Tx, owner: OrganizationId, id: ViewId) -> Result<u64, DbError> {
    tx.run("DELETE FROM saved_view WHERE id = $1 AND owner_id = $2", args![id, owner]).await
}
