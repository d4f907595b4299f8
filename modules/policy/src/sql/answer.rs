//! Statements on what enterprises answered, and on what they allowed to be seen.

use jinmen_core::{AccountId, Instant, OrganizationId};
use serde_json::{Map, Value};
use store::{Conn, Db, DbError, Query, Tx, args};

use crate::model::PolicyId;

/// The answers of an enterprise for some policies, by the program's names.
pub(crate) async fn of<'a>(
    conn: impl Into<Conn<'a>>,
    organization: OrganizationId,
    policies: &[PolicyId],
) -> Result<Vec<(PolicyId, Map<String, Value>)>, DbError> {
    if policies.is_empty() {
        return Ok(Vec::new());
    }
    let mut query =
        Query::new("SELECT policy_id, name, value FROM policy_answer WHERE organization_id = ?", args![organization]);
    query.within(" AND policy_id IN", policies.to_vec(), " ORDER BY policy_id");
    let rows: Vec<(String, String, Value)> = query.list(conn).await?;
    let mut found: Vec<(PolicyId, Map<String, Value>)> = Vec::new();
    for (policy, name, value) in rows {
        let policy: PolicyId = policy.parse().map_err(|_| DbError::NoRow)?;
        if found.last().is_none_or(|(last, _)| *last != policy) {
            found.push((policy, Map::new()));
        }
        if let (Some((_, answers)), Some(value)) = (found.last_mut(), value.get("v")) {
            answers.insert(name, value.clone());
        }
    }
    Ok(found)
}

/// Every answer to one policy in one statement, as it comes: the organisation, the program's name, what was answered.
pub(crate) async fn to(db: &Db, policy: PolicyId, take: impl FnMut((String, String, Value))) -> Result<(), DbError> {
    let query = Query::new("SELECT organization_id, name, value FROM policy_answer WHERE policy_id = ?", args![policy]);
    query.each(db, take).await
}

pub(crate) async fn put(
    tx: &mut Tx,
    policy: PolicyId,
    organization: OrganizationId,
    answers: Vec<(String, Value)>,
    by: (Option<AccountId>, &str),
    now: Instant,
) -> Result<(), DbError> {
    let rows = answers
        .into_iter()
        .map(|(name, value)| {
            args![policy, organization, name, serde_json::json!({ "v": value }), now, by.0, by.1.to_owned()]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO policy_answer (policy_id, organization_id, name, value, answered_at, answered_by, answered_name)",
        rows,
        "ON CONFLICT (policy_id, organization_id, name) DO UPDATE SET value = excluded.value,
           answered_at = excluded.answered_at, answered_by = excluded.answered_by, answered_name = excluded.answered_name",
    )
    .await
    .map(drop)
}

pub(crate) async fn authorize(
    tx: &mut Tx,
    policy: PolicyId,
    organization: OrganizationId,
    by: Option<AccountId>,
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO policy_authorization (policy_id, organization_id, given_at, given_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (policy_id, organization_id) DO UPDATE SET given_at = excluded.given_at, given_by = excluded.given_by,
           withdrawn_at = NULL",
        args![policy, organization, now, by],
    )
    .await
    .map(drop)
}

pub(crate) async fn withdraw(
    tx: &mut Tx,
    policy: PolicyId,
    organization: OrganizationId,
    now: Instant,
) -> Result<u64, DbError> {
    tx.run(
        "UPDATE policy_authorization SET withdrawn_at = $3
         WHERE policy_id = $1 AND organization_id = $2 AND withdrawn_at IS NULL",
        args![policy, organization, now],
    )
    .await
}

/// Of these organisations, those that allow the office to see what they get.
pub(crate) async fn authorized(
    db: &Db,
    policy: PolicyId,
    organizations: &[OrganizationId],
) -> Result<Vec<OrganizationId>, DbError> {
    if organizations.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new(
        "SELECT organization_id FROM policy_authorization WHERE withdrawn_at IS NULL AND policy_id = ?",
        args![policy],
    );
    query.within(" AND organization_id IN", organizations.to_vec(), "");
    let rows: Vec<(String,)> = query.list(db).await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(|_| DbError::NoRow)).collect()
}
