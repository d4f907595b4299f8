//! Statements that hand rows over from one object to another.

use jinmen_core::{AccountId, Instant, Object, OrganizationId, PersonId};
use store::{DbError, Query, Tx, args};

fn ids(rows: Vec<(String,)>) -> Vec<String> {
    rows.into_iter().map(|(id,)| id).collect()
}

/// Closes open tasks of the one that goes which the other has, too: only one may be open.
pub(crate) async fn close_doubles(
    tx: &mut Tx,
    from: &Object,
    to: &Object,
    now: Instant,
) -> Result<Vec<String>, DbError> {
    tx.list(
        "UPDATE task SET done_at = $4 WHERE object_kind = $1 AND object_id = $2 AND done_at IS NULL AND EXISTS
           (SELECT 1 FROM task other WHERE other.object_kind = $1 AND other.object_id = $3 AND other.done_at IS NULL
              AND other.kind = task.kind AND other.dedup = task.dedup) RETURNING id",
        args![&from.kind, &from.id, &to.id, now],
    )
    .await
    .map(ids)
}

/// Closes the open tasks of a kind on either of two objects.
pub(crate) async fn close_kind(
    tx: &mut Tx,
    kind: &str,
    one: &Object,
    two: &Object,
    by: Option<AccountId>,
    now: Instant,
) -> Result<Vec<String>, DbError> {
    tx.list(
        "UPDATE task SET done_at = $5, done_by = $6 WHERE kind = $1 AND object_kind = $2 AND object_id IN ($3, $4)
           AND done_at IS NULL RETURNING id",
        args![kind, &one.kind, &one.id, &two.id, now, by],
    )
    .await
    .map(ids)
}

pub(crate) async fn tasks(tx: &mut Tx, from: &Object, to: &Object) -> Result<Vec<String>, DbError> {
    tx.list(
        "UPDATE task SET object_id = $3 WHERE object_kind = $1 AND object_id = $2 RETURNING id",
        args![&from.kind, &from.id, &to.id],
    )
    .await
    .map(ids)
}

pub(crate) async fn waiting(tx: &mut Tx, from: OrganizationId, to: OrganizationId) -> Result<Vec<String>, DbError> {
    tx.list("UPDATE task SET for_organization = $2 WHERE for_organization = $1 RETURNING id", args![from, to])
        .await
        .map(ids)
}

pub(crate) async fn waiting_person(tx: &mut Tx, from: PersonId, to: PersonId) -> Result<Vec<String>, DbError> {
    tx.list("UPDATE task SET for_person = $2 WHERE for_person = $1 RETURNING id", args![from, to]).await.map(ids)
}

pub(crate) async fn return_waiting_person(tx: &mut Tx, rows: &[String], to: PersonId) -> Result<(), DbError> {
    for some in rows.chunks(1_000) {
        let mut query = Query::new("UPDATE task SET for_person = ? WHERE", args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}

pub(crate) async fn comments(tx: &mut Tx, from: &Object, to: &Object) -> Result<Vec<String>, DbError> {
    tx.list(
        "UPDATE comment SET object_id = $3 WHERE object_kind = $1 AND object_id = $2 RETURNING id",
        args![&from.kind, &from.id, &to.id],
    )
    .await
    .map(ids)
}

/// Signatures; one that is open stays where the other object has an open one of its kind.
pub(crate) async fn sign_offs(tx: &mut Tx, from: &Object, to: &Object) -> Result<Vec<String>, DbError> {
    tx.list(
        "UPDATE sign_off SET object_id = $3 WHERE object_kind = $1 AND object_id = $2 AND (closed_at IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM sign_off other WHERE other.object_kind = $1 AND other.object_id = $3
             AND other.kind = sign_off.kind AND other.closed_at IS NULL)) RETURNING id",
        args![&from.kind, &from.id, &to.id],
    )
    .await
    .map(ids)
}

/// Tags that the other object does not carry.
pub(crate) async fn tags(tx: &mut Tx, from: &Object, to: &Object) -> Result<Vec<(String, String)>, DbError> {
    tx.list(
        "UPDATE tag SET object_id = $3 WHERE object_kind = $1 AND object_id = $2 AND NOT EXISTS
           (SELECT 1 FROM tag other WHERE other.object_kind = $1 AND other.object_id = $3
              AND other.owner_id = tag.owner_id AND other.tag = tag.tag) RETURNING owner_id, tag",
        args![&from.kind, &from.id, &to.id],
    )
    .await
}

/// A table whose rows hang on objects.
#[derive(Clone, Copy)]
pub(crate) enum Table {
    Task,
    Comment,
    SignOff,
}

pub(crate) async fn return_rows(tx: &mut Tx, table: Table, rows: &[String], to: &Object) -> Result<(), DbError> {
    let text = match table {
        Table::Task => "UPDATE task SET object_id = ? WHERE",
        Table::Comment => "UPDATE comment SET object_id = ? WHERE",
        Table::SignOff => "UPDATE sign_off SET object_id = ? WHERE",
    };
    for some in rows.chunks(1_000) {
        let mut query = Query::new(text, args![&to.id]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}

pub(crate) async fn return_waiting(tx: &mut Tx, rows: &[String], to: OrganizationId) -> Result<(), DbError> {
    for some in rows.chunks(1_000) {
        let mut query = Query::new("UPDATE task SET for_organization = ? WHERE", args![to]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}

pub(crate) async fn reopen(tx: &mut Tx, rows: &[String]) -> Result<(), DbError> {
    for some in rows.chunks(1_000) {
        let mut query = Query::new("UPDATE task SET done_at = NULL, done_by = NULL WHERE", args![]);
        query.within(" id IN", some.to_vec(), "");
        query.run(tx).await?;
    }
    Ok(())
}

pub(crate) async fn return_tags(
    tx: &mut Tx,
    rows: &[(String, String)],
    from: &Object,
    to: &Object,
) -> Result<(), DbError> {
    // An object carries fifty tags of an office at most.
    for (owner, tag) in rows {
        tx.run(
            "UPDATE tag SET object_id = $5 WHERE object_kind = $1 AND object_id = $2 AND owner_id = $3 AND tag = $4",
            args![&from.kind, &from.id, owner, tag, &to.id],
        )
        .await?;
    }
    Ok(())
}
