//! Flows of an organisation whose file is joined to another's.

use jinmen_core::{OrganizationId, Result};
use store::Tx;

use crate::sql;

/// Hands the flows that one organisation keeps over to another; which they were.
pub async fn move_owner(tx: &mut Tx, from: OrganizationId, to: OrganizationId) -> Result<Vec<String>> {
    Ok(sql::move_owner(tx, from, to).await?)
}

/// Hands them back.
pub async fn return_owner(tx: &mut Tx, flows: &[String], to: OrganizationId) -> Result<()> {
    Ok(sql::return_owner(tx, flows, to).await?)
}
