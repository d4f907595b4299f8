//! Statements on attachments.

use jinmen_core::{AccountId, Instant, Object};
use store::{Conn, DbError, Tx, args};

use crate::{File, FileId};

#[derive(store::FromRow)]
struct Row {
    id: String,
    object_kind: String,
    object_id: String,
    purpose: String,
    name: String,
    media_type: String,
    size: i64,
    digest: String,
    created_at: i64,
}

impl TryFrom<Row> for File {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            object: Object { kind: row.object_kind, id: row.object_id },
            purpose: row.purpose,
            name: row.name,
            media_type: row.media_type,
            size: row.size,
            digest: row.digest,
            created_at: Instant(row.created_at),
        })
    }
}

pub(crate) async fn insert(tx: &mut Tx, file: &File, by: Option<AccountId>) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO file (id, object_kind, object_id, purpose, name, media_type, size, digest, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            file.id,
            &file.object.kind,
            &file.object.id,
            &file.purpose,
            &file.name,
            &file.media_type,
            file.size,
            &file.digest,
            file.created_at,
            by
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: FileId) -> Result<File, DbError> {
    let row: Row = conn
        .into()
        .one(
            "SELECT id, object_kind, object_id, purpose, name, media_type, size, digest, created_at
             FROM file WHERE id = $1 AND removed_at IS NULL",
            args![id],
        )
        .await?;
    row.try_into()
}

pub(crate) async fn of_object<'a>(conn: impl Into<Conn<'a>>, object: &Object) -> Result<Vec<File>, DbError> {
    let rows: Vec<Row> = conn
        .into()
        .list(
            "SELECT id, object_kind, object_id, purpose, name, media_type, size, digest, created_at
             FROM file WHERE object_kind = $1 AND object_id = $2 AND removed_at IS NULL ORDER BY id LIMIT 200",
            args![&object.kind, &object.id],
        )
        .await?;
    rows.into_iter().map(File::try_from).collect()
}

pub(crate) async fn of_objects<'a>(
    conn: impl Into<Conn<'a>>,
    kind: &str,
    ids: &[String],
) -> Result<Vec<File>, DbError> {
    let mut query = store::Query::new(
        "SELECT id, object_kind, object_id, purpose, name, media_type, size, digest, created_at
         FROM file WHERE object_kind = ? AND removed_at IS NULL",
        args![kind],
    );
    query.within(" AND object_id IN", ids.to_vec(), "ORDER BY id LIMIT 1000");
    query.list::<Row>(conn).await?.into_iter().map(File::try_from).collect()
}

pub(crate) async fn remove(tx: &mut Tx, id: FileId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE file SET removed_at = $1 WHERE id = $2 AND removed_at IS NULL", args![now, id]).await
}

pub(crate) async fn move_object(tx: &mut Tx, from: &Object, to: &Object) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx
        .list(
            "UPDATE file SET object_id = $3 WHERE object_kind = $1 AND object_id = $2 RETURNING id",
            args![&from.kind, &from.id, &to.id],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(crate) async fn return_object(tx: &mut Tx, ids: &[String], to: &Object) -> Result<(), DbError> {
    for some in ids.chunks(1_000) {
        let mut query = store::Query::new("UPDATE file SET object_id = ? WHERE", args![&to.id]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}
