//! Statements on tags.

use std::collections::HashMap;

use jinmen_core::{Instant, Object, OrganizationId};
use store::{Conn, DbError, Query, Tx, args};

use crate::{Tag, TagCount};

fn tag((owner, tag, label): (String, String, String)) -> Result<Tag, DbError> {
    let owner = owner.parse().map_err(|_| DbError::NoRow)?;
    Ok(Tag { tag, label, owner })
}

pub(crate) async fn insert(
    tx: &mut Tx,
    object: &Object,
    owner: OrganizationId,
    tag: &str,
    label: &str,
    now: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "INSERT INTO tag (object_kind, object_id, owner_id, tag, label, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (object_kind, object_id, owner_id, tag) DO NOTHING",
        args![&object.kind, &object.id, owner, tag, label, now],
    )
    .await
}

pub(crate) async fn insert_many(
    tx: &mut Tx,
    kind: &str,
    objects: &[String],
    owner: OrganizationId,
    tag: &str,
    label: &str,
    now: Instant,
) -> Result<u64, DbError> {
    let rows = objects.iter().map(|id| args![kind, id, owner, tag, label, now]).collect();
    tx.insert_many(
        "INSERT INTO tag (object_kind, object_id, owner_id, tag, label, created_at)",
        rows,
        "ON CONFLICT (object_kind, object_id, owner_id, tag) DO NOTHING",
    )
    .await
}

pub(crate) async fn delete_many(
    tx: &mut Tx,
    kind: &str,
    objects: &[String],
    owner: OrganizationId,
    tag: &str,
) -> Result<u64, DbError> {
    let mut done = 0;
    for some in objects.chunks(1_000) {
        let mut query =
            Query::new("DELETE FROM tag WHERE object_kind = ? AND owner_id = ? AND tag = ?", args![kind, owner, tag]);
        query.within(" AND object_id IN", some.to_vec(), "");
        done += query.run(tx).await?;
    }
    Ok(done)
}

pub(crate) async fn delete(tx: &mut Tx, object: &Object, owner: OrganizationId, tag: &str) -> Result<u64, DbError> {
    tx.run(
        "DELETE FROM tag WHERE object_kind = $1 AND object_id = $2 AND owner_id = $3 AND tag = $4",
        args![&object.kind, &object.id, owner, tag],
    )
    .await
}

pub(crate) async fn of_object<'a>(
    conn: impl Into<Conn<'a>>,
    object: &Object,
    owner: Option<OrganizationId>,
) -> Result<Vec<Tag>, DbError> {
    let mut query = Query::new(
        "SELECT owner_id, tag, label FROM tag WHERE object_kind = ? AND object_id = ?",
        args![&object.kind, &object.id],
    );
    query.when(owner, " AND owner_id = ?");
    query.push(" ORDER BY tag, owner_id LIMIT 1000", args![]);
    let rows: Vec<(String, String, String)> = query.list(conn).await?;
    rows.into_iter().map(tag).collect()
}

pub(crate) async fn of_objects<'a>(
    conn: impl Into<Conn<'a>>,
    kind: &str,
    ids: &[String],
    owner: Option<OrganizationId>,
) -> Result<HashMap<String, Vec<Tag>>, DbError> {
    let mut query = Query::new("SELECT object_id, owner_id, tag, label FROM tag WHERE object_kind = ?", args![kind]);
    query.within(" AND object_id IN", ids.iter().collect::<Vec<_>>(), "");
    query.when(owner, " AND owner_id = ?");
    query.push(" ORDER BY object_id, tag, owner_id", args![]);
    let rows: Vec<(String, String, String, String)> = query.list(conn).await?;
    let mut tags: HashMap<String, Vec<Tag>> = HashMap::new();
    for (object, owner, name, label) in rows {
        tags.entry(object).or_default().push(tag((owner, name, label))?);
    }
    Ok(tags)
}

pub(crate) async fn counts<'a>(
    conn: impl Into<Conn<'a>>,
    kind: &str,
    owner: Option<OrganizationId>,
) -> Result<Vec<TagCount>, DbError> {
    let mut query = Query::new(
        "SELECT tag, MIN(label), CAST(COUNT(DISTINCT object_id) AS BIGINT) FROM tag WHERE object_kind = ?",
        args![kind],
    );
    query.when(owner, " AND owner_id = ?");
    query.push(" GROUP BY tag ORDER BY 3 DESC, tag LIMIT 200", args![]);
    let rows: Vec<(String, String, i64)> = query.list(conn).await?;
    let count = |(tag, label, objects)| TagCount { tag, label, objects };
    Ok(rows.into_iter().map(count).collect())
}

pub(crate) fn tagged(kind: &str, owner: Option<OrganizationId>, tag: &str) -> Query {
    let mut query = Query::new("SELECT object_id FROM tag WHERE object_kind = ? AND tag = ?", args![kind, tag]);
    query.when(owner, " AND owner_id = ?");
    query
}
