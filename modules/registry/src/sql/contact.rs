//! Statements on ways to reach a subject.

use access::Sealed;
use jinmen_core::{Instant, Object};
use store::{Conn, DbError, Tx, args};

use crate::model::{ContactId, ContactPoint, NewContact};

#[derive(store::FromRow)]
struct Row {
    id: String,
    subject_kind: String,
    subject_id: String,
    kind: String,
    label: String,
    masked: String,
    is_sealed: bool,
    shown: bool,
    source: String,
}

impl TryFrom<Row> for ContactPoint {
    type Error = DbError;
    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id.parse().map_err(|_| DbError::NoRow)?,
            subject: Object { kind: row.subject_kind, id: row.subject_id },
            kind: row.kind,
            label: row.label,
            masked: row.masked,
            sealed: row.is_sealed,
            shown: row.shown,
            source: row.source,
        })
    }
}

pub(crate) async fn of<'a>(conn: impl Into<Conn<'a>>, subject: &Object) -> Result<Vec<ContactPoint>, DbError> {
    let rows: Vec<Row> = conn
        .into()
        .list(
            "SELECT id, subject_kind, subject_id, kind, label, masked, sealed IS NOT NULL AS is_sealed, shown, source
             FROM contact_point WHERE subject_kind = $1 AND subject_id = $2 AND ended_at IS NULL ORDER BY kind, id LIMIT 100",
            args![&subject.kind, &subject.id],
        )
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// One way to reach a subject, with what is sealed.
pub(crate) async fn sealed<'a>(
    conn: impl Into<Conn<'a>>,
    id: ContactId,
) -> Result<(ContactPoint, Option<Vec<u8>>, Option<String>), DbError> {
    let mut conn = conn.into();
    let row: Row = conn
        .again()
        .one(
            "SELECT id, subject_kind, subject_id, kind, label, masked, sealed IS NOT NULL AS is_sealed, shown, source
             FROM contact_point WHERE id = $1 AND ended_at IS NULL",
            args![id],
        )
        .await?;
    let (sealed, value): (Option<Vec<u8>>, Option<String>) =
        conn.one("SELECT sealed, value FROM contact_point WHERE id = $1", args![id]).await?;
    Ok((row.try_into()?, sealed, value))
}

/// A way to reach a subject, with its sealed form where it has one.
pub(crate) type Ready = (ContactId, Object, NewContact, Option<Sealed>);

pub(crate) async fn insert(
    tx: &mut Tx,
    contacts: Vec<Ready>,
    source: &str,
    import: Option<&str>,
    now: Instant,
) -> Result<(), DbError> {
    let rows = contacts
        .into_iter()
        .map(|(id, subject, new, sealed)| {
            let value = if sealed.is_some() { None } else { Some(new.value) };
            let (bytes, blind) = sealed.map(|sealed| (sealed.bytes, sealed.blind)).unzip();
            args![
                id,
                subject.kind,
                subject.id,
                new.kind,
                new.label,
                value,
                bytes,
                blind,
                new.masked,
                new.shown,
                source,
                import,
                now
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO contact_point (id, subject_kind, subject_id, kind, label, value, sealed, blind, masked, shown,
           source, import_id, created_at)",
        rows,
        "",
    )
    .await
    .map(drop)
}

pub(crate) async fn end(tx: &mut Tx, id: ContactId, now: Instant) -> Result<u64, DbError> {
    tx.run("UPDATE contact_point SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL", args![now, id]).await
}

/// Removes what could reach a subject, for good.
pub(crate) async fn erase(tx: &mut Tx, subject: &Object) -> Result<u64, DbError> {
    tx.run("DELETE FROM contact_point WHERE subject_kind = $1 AND subject_id = $2", args![&subject.kind, &subject.id])
        .await
}
