//! Statements on relations between organisations.

use jinmen_core::{Instant, OrganizationId, Text2};
use store::{Conn, DbError, Query, Tx, args};

use super::date;
use crate::model::{Relation, RelationId, RelationSide};

#[derive(store::FromRow)]
struct Row {
    id: String,
    from_id: String,
    to_id: String,
    kind: String,
    grade: Option<String>,
    number: Option<String>,
    valid_from: Option<String>,
    valid_until: Option<String>,
    note: String,
    source: String,
    other_zh: String,
    other_en: Option<String>,
}

impl Row {
    fn side(self, of: OrganizationId) -> Result<RelationSide, DbError> {
        let relation = Relation {
            id: self.id.parse().map_err(|_| DbError::NoRow)?,
            from: self.from_id.parse().map_err(|_| DbError::NoRow)?,
            to: self.to_id.parse().map_err(|_| DbError::NoRow)?,
            kind: self.kind,
            grade: self.grade,
            number: self.number,
            valid_from: date(self.valid_from),
            valid_until: date(self.valid_until),
            note: self.note,
            source: self.source,
        };
        let outgoing = relation.from == of;
        let other = if outgoing { relation.to } else { relation.from };
        Ok(RelationSide { relation, other, other_name: Text2::new(self.other_zh, self.other_en), outgoing })
    }
}

/// Relations of an organisation in both directions that are in force, at most `limit`.
pub(crate) async fn of<'a>(
    conn: impl Into<Conn<'a>>,
    id: OrganizationId,
    limit: u32,
) -> Result<Vec<RelationSide>, DbError> {
    let rows: Vec<Row> = conn
        .into()
        .list(
            "SELECT r.id, r.from_id, r.to_id, r.kind, r.grade, r.number, r.valid_from, r.valid_until, r.note, r.source,
               o.name_zh AS other_zh, o.name_en AS other_en
             FROM relation r JOIN organization o ON o.id = CASE WHEN r.from_id = $1 THEN r.to_id ELSE r.from_id END
             WHERE (r.from_id = $1 OR r.to_id = $1) AND r.ended_at IS NULL
             ORDER BY CASE WHEN r.from_id = $1 THEN 0 ELSE 1 END, r.kind, o.sort_key LIMIT $2",
            args![id, limit],
        )
        .await?;
    rows.into_iter().map(|row| row.side(id)).collect()
}

/// The same with those only that agreed to be listed.
pub(crate) async fn of_listed<'a>(
    conn: impl Into<Conn<'a>>,
    id: OrganizationId,
    limit: u32,
) -> Result<Vec<RelationSide>, DbError> {
    let rows: Vec<Row> = conn
        .into()
        .list(
            "SELECT r.id, r.from_id, r.to_id, r.kind, r.grade, r.number, r.valid_from, r.valid_until, r.note, r.source,
               o.name_zh AS other_zh, o.name_en AS other_en
             FROM relation r JOIN organization o ON o.id = CASE WHEN r.from_id = $1 THEN r.to_id ELSE r.from_id END
             WHERE (r.from_id = $1 OR r.to_id = $1) AND r.ended_at IS NULL AND o.listed AND o.state = 'active'
             ORDER BY CASE WHEN r.from_id = $1 THEN 0 ELSE 1 END, r.kind, o.sort_key LIMIT $2",
            args![id, limit],
        )
        .await?;
    rows.into_iter().map(|row| row.side(id)).collect()
}

/// The organisations of which this one is a member now.
pub(crate) async fn alliances_of<'a>(
    conn: impl Into<Conn<'a>>,
    id: OrganizationId,
) -> Result<Vec<OrganizationId>, DbError> {
    let rows: Vec<(String,)> = conn
        .into()
        .list(
            "SELECT to_id FROM relation WHERE from_id = $1 AND kind = 'member_of' AND ended_at IS NULL LIMIT 100",
            args![id],
        )
        .await?;
    Ok(rows.into_iter().filter_map(|row| row.0.parse().ok()).collect())
}

pub(crate) async fn insert(
    tx: &mut Tx,
    relations: Vec<Relation>,
    import: Option<&str>,
    now: Instant,
) -> Result<(), DbError> {
    let rows = relations
        .into_iter()
        .map(|r| {
            args![
                r.id,
                r.from,
                r.to,
                r.kind,
                r.grade,
                r.number,
                r.valid_from,
                r.valid_until,
                r.note,
                r.source,
                import,
                now
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO relation (id, from_id, to_id, kind, grade, number, valid_from, valid_until, note, source,
           import_id, created_at)",
        rows,
        "",
    )
    .await
    .map(drop)
}

pub(crate) async fn end(tx: &mut Tx, id: RelationId, of: OrganizationId, now: Instant) -> Result<u64, DbError> {
    tx.run(
        "UPDATE relation SET ended_at = $1 WHERE id = $2 AND (from_id = $3 OR to_id = $3) AND ended_at IS NULL",
        args![now, id, of],
    )
    .await
}

/// Which organisations some of these hold, or are held by, by relations of some kinds that are in force.
pub(crate) async fn held<'a>(
    conn: impl Into<Conn<'a>>,
    some: &[OrganizationId],
    kinds: &[&'static str],
) -> Result<Vec<(OrganizationId, OrganizationId)>, DbError> {
    let mut query = Query::new("SELECT r.from_id, r.to_id FROM relation r WHERE r.ended_at IS NULL", args![]);
    query.within(" AND r.kind IN", kinds.to_vec(), "");
    query.within("AND r.from_id IN", some.to_vec(), "ORDER BY r.from_id, r.to_id");
    let rows: Vec<(String, String)> = query.list(conn).await?;
    let id = |text: String| text.parse().map_err(|_| DbError::NoRow);
    rows.into_iter().map(|(from, to)| Ok((id(from)?, id(to)?))).collect()
}
