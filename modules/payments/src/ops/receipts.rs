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

/// What was granted, as the policy language reads it: clause, day and amount in yuan of each.
pub fn for_rules(receipts: &[Receipt]) -> Json {
    let one = |receipt: &Receipt| {
        let amount = known::plain(&Value::Money(receipt.amount));
        json!({ "clause": receipt.benefit, "on": receipt.on.to_string(), "amount": amount })
    };
    receipts.iter().map(one).collect()
}
