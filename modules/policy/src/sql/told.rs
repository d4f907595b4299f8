//! Statements on whom an office told of a policy.

use jinmen_core::{Instant, OrganizationId};
use store::{Db, DbError, Tx, args};

use crate::model::{PolicyId, Reply};

/// Writes down who is told; those who were not told before.
pub(crate) async fn insert(
    tx: &mut Tx,
    policy: PolicyId,
    organizations: &[OrganizationId],
    by: &str,
    now: Instant,
) -> Result<Vec<OrganizationId>, DbError> {
    let rows: Vec<(String,)> =
        tx.list("SELECT organization_id FROM policy_told WHERE policy_id = $1", args![policy]).await?;
    let known: std::collections::HashSet<OrganizationId> =
        rows.into_iter().filter_map(|(id,)| id.parse().ok()).collect();
    let new: Vec<OrganizationId> = organizations.iter().copied().filter(|id| !known.contains(id)).collect();
    let rows = new.iter().map(|id| args![policy, *id, now, by, "", ""]).collect();
    tx.insert_many(
        "INSERT INTO policy_told (policy_id, organization_id, told_at, told_name, reply_note, replied_name)",
        rows,
        "ON CONFLICT (policy_id, organization_id) DO NOTHING",
    )
    .await?;
    Ok(new)
}

pub(crate) async fn reply(
    tx: &mut Tx,
    policy: PolicyId,
    organization: OrganizationId,
    reply: Reply,
    note: &str,
    by: &str,
    now: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE policy_told SET reply = $3, reply_note = $4, replied_name = $5, replied_at = $6
         WHERE policy_id = $1 AND organization_id = $2",
        args![policy, organization, reply.code(), note, by, now],
    )
    .await
}

/// Whether an enterprise was told, and what it replied.
pub(crate) async fn of(
    db: &Db,
    policy: PolicyId,
    organization: OrganizationId,
) -> Result<Option<Option<Reply>>, DbError> {
    let row: Option<(Option<String>,)> = db
        .maybe(
            "SELECT reply FROM policy_told WHERE policy_id = $1 AND organization_id = $2",
            args![policy, organization],
        )
        .await?;
    Ok(row.map(|(reply,)| reply.as_deref().and_then(Reply::from_code)))
}

/// How many were told, how many apply, do not now, want help, and have not replied.
pub(crate) async fn counts(db: &Db, policy: PolicyId) -> Result<[i64; 5], DbError> {
    let (all, applies, not_now, help): (i64, i64, i64, i64) = db
        .one(
            "SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(*) FILTER (WHERE reply = 'applies') AS BIGINT),
               CAST(COUNT(*) FILTER (WHERE reply = 'not_now') AS BIGINT),
               CAST(COUNT(*) FILTER (WHERE reply = 'help') AS BIGINT) FROM policy_told WHERE policy_id = $1",
            args![policy],
        )
        .await?;
    Ok([all, applies, not_now, help, all - applies - not_now - help])
}
