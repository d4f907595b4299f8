//! Statements of the report.

use jinmen_core::{Date, Instant, OrganizationId};
use store::{Db, DbError, args};

/// A membership with the organisation's own row.
#[derive(Clone, Debug)]
pub(crate) struct Membership {
    pub organization: OrganizationId,
    pub name: String,
    pub grade: Option<String>,
    pub digital_class: Option<String>,
    pub size_class: Option<String>,
    pub claimed_at: Option<Instant>,
    pub from: Date,
    pub ended_at: Option<Instant>,
}

#[derive(store::FromRow)]
struct Row {
    id: String,
    name_zh: String,
    grade: Option<String>,
    digital_class: Option<String>,
    size_class: Option<String>,
    claimed_at: Option<i64>,
    valid_from: Option<String>,
    created_at: i64,
    ended_at: Option<i64>,
}

/// Every membership there was, by name, as many as an alliance may have.
pub(crate) async fn memberships(db: &Db, alliance: OrganizationId, most: u32) -> Result<Vec<Membership>, DbError> {
    let rows: Vec<Row> = db
        .list(
            "SELECT o.id, o.name_zh, r.grade, o.digital_class, o.size_class, o.claimed_at, r.valid_from, r.created_at,
               r.ended_at FROM relation r JOIN organization o ON o.id = r.from_id
             WHERE r.to_id = $1 AND r.kind = 'member_of' AND o.merged_into IS NULL ORDER BY o.sort_key, o.id, r.id LIMIT $2",
            args![alliance, i64::from(most)],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let created = Instant(row.created_at).date();
            Ok(Membership {
                organization: row.id.parse().map_err(|_| DbError::NoRow)?,
                name: row.name_zh,
                grade: row.grade,
                digital_class: row.digital_class,
                size_class: row.size_class,
                claimed_at: row.claimed_at.map(Instant),
                from: super::date(row.valid_from).unwrap_or(created),
                ended_at: row.ended_at.map(Instant),
            })
        })
        .collect()
}
