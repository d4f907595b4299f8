//! Statements on comments.

use jinmen_core::{Instant, Object};
use store::{Conn, DbError, Query, Tx, args};

use crate::{Audience, Comment, CommentId};

#[derive(store::FromRow)]
struct Row {
    id: String,
    object_kind: String,
    object_id: String,
    author_account: Option<String>,
    author_person: Option<String>,
    author_organization: Option<String>,
    author_name: String,
    audience: String,
    text: String,
    created_at: i64,
}

impl TryFrom<Row> for Comment {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            object: Object { kind: row.object_kind, id: row.object_id },
            author_account: row.author_account.and_then(|id| id.parse().ok()),
            author_person: row.author_person.and_then(|id| id.parse().ok()),
            author_organization: row.author_organization.and_then(|id| id.parse().ok()),
            author_name: row.author_name,
            // The narrower audience, should the word ever be another.
            audience: match row.audience.as_str() {
                "shared" => Audience::Shared,
                _ => Audience::Internal,
            },
            text: row.text,
            created_at: Instant(row.created_at),
        })
    }
}

pub(crate) async fn insert(tx: &mut Tx, comment: &Comment) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO comment (id, object_kind, object_id, author_account, author_person, author_organization,
           author_name, audience, text, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            comment.id,
            &comment.object.kind,
            &comment.object.id,
            comment.author_account,
            comment.author_person,
            comment.author_organization,
            &comment.author_name,
            comment.audience.code(),
            &comment.text,
            comment.created_at
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn get<'a>(conn: impl Into<Conn<'a>>, id: CommentId) -> Result<Comment, DbError> {
    let row: Row = conn
        .into()
        .one(
            "SELECT id, object_kind, object_id, author_account, author_person, author_organization, author_name,
               audience, text, created_at
             FROM comment WHERE id = $1 AND removed_at IS NULL",
            args![id],
        )
        .await?;
    row.try_into()
}

pub(crate) async fn list<'a>(
    conn: impl Into<Conn<'a>>,
    object: &Object,
    audiences: &[Audience],
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Comment>, DbError> {
    let mut query = Query::new(
        "SELECT id, object_kind, object_id, author_account, author_person, author_organization, author_name,
           audience, text, created_at
         FROM comment WHERE object_kind = ? AND object_id = ? AND removed_at IS NULL",
        args![&object.kind, &object.id],
    );
    let codes: Vec<&str> = audiences.iter().map(|audience| audience.code()).collect();
    query.within(" AND audience IN", codes, "");
    query.when(after, " AND id < ?");
    query.push(" ORDER BY id DESC LIMIT ?", args![limit + 1]);
    let rows: Vec<Row> = query.list(conn).await?;
    rows.into_iter().map(Comment::try_from).collect()
}

pub(crate) async fn remove(tx: &mut Tx, id: CommentId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE comment SET removed_at = $1, text = '' WHERE id = $2 AND removed_at IS NULL", args![now, id]).await
}
