//! What subjects were granted under clauses of policies, for rules that say "once" or "so much in three years".

use std::collections::HashMap;

use jinmen_core::{OrganizationId, Result};
use registry::dictionary::Value;
use registry::known;
use serde_json::{Value as Json, json};
use store::{Conn, Db};

use crate::model::{Receipt, Subject};
use crate::sql;

/// The fact under which rules read what was granted before.
pub const RECEIPTS: &str = "receipts";
/// Subjects asked about in one statement.
const AT_ONCE: usize = 1_000;

/// The receipts of one subject, oldest first: items that the office grants, under a clause, not cancelled. They count
/// from the day they were granted, paid or not.
pub async fn receipts<'a>(conn: impl Into<Conn<'a>>, subject: Subject) -> Result<Vec<Receipt>> {
    let found = sql::receipts(&mut conn.into(), &[subject]).await?;
    Ok(found.into_iter().filter(|(known, _)| *known == subject).map(|(_, receipt)| receipt).collect())
}

/// The receipts of many subjects, oldest first for each.
pub async fn receipts_of_many<'a>(conn: impl Into<Conn<'a>>, subjects: &[Subject]) -> Result<Vec<(Subject, Receipt)>> {
    let mut conn = conn.into();
    let mut found = Vec::new();
    for some in subjects.chunks(AT_ONCE) {
        found.extend(sql::receipts(&mut conn, some).await?);
    }
    Ok(found)
}

/// The receipts of every organisation that has any, oldest first for each: for a question to a whole register.
pub async fn receipts_of_all(db: &Db) -> Result<HashMap<OrganizationId, Vec<Receipt>>> {
    let mut found: HashMap<OrganizationId, Vec<Receipt>> = HashMap::new();
    sql::receipts_of_organizations(db, |organization, receipt| found.entry(organization).or_default().push(receipt))
        .await?;
    found.values_mut().for_each(|receipts| receipts.sort_by_key(|one| one.on));
    Ok(found)
}

/// The name of a clause among the clauses of all policies: clauses of two policies may have the same id.
pub fn qualified(policy: &str, clause: &str) -> String {
    format!("{policy}/{clause}")
}

/// The policy of a clause that is named with it.
pub fn policy_of(benefit: &str) -> Option<&str> {
    benefit.rsplit_once('/').map(|(policy, _)| policy)
}

/// What was granted, as the rules of a policy read it: clause, day and amount in yuan of each. Clauses of the policy, which
/// has any of the names `own`, go by their ids alone; those of others by [`qualified`] names, so that an `A` of another
/// policy does not count as this one's `A`. A name without policy stays as it is.
pub fn for_rules(receipts: &[Receipt], own: &[&str]) -> Json {
    let clause = |benefit: &str| -> Option<String> {
        let clause = own.iter().find_map(|policy| benefit.strip_prefix(policy)?.strip_prefix('/'))?;
        Some(clause.to_owned())
    };
    let one = |receipt: &Receipt| {
        let amount = known::plain(&Value::Money(receipt.amount));
        let clause = clause(&receipt.benefit).unwrap_or_else(|| receipt.benefit.clone());
        json!({ "clause": clause, "on": receipt.on.to_string(), "amount": amount })
    };
    receipts.iter().map(one).collect()
}
