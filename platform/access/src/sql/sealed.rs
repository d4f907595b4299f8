//! Where this crate keeps sealed values.

use jinmen_core::AccountId;
use store::{DbError, Tx, args};

use crate::SealedColumn;

pub(crate) const SEALED: &[SealedColumn] = &[
    SealedColumn {
        list: "SELECT id, CAST('account_mobile' AS TEXT), mobile FROM account WHERE mobile IS NOT NULL",
        set: "UPDATE account SET mobile = $2, mobile_blind = $3 WHERE id = $1",
        blind: true,
    },
    SealedColumn {
        list: "SELECT id, CAST('account_mobile' AS TEXT), mobile FROM mobile_code",
        set: "UPDATE mobile_code SET mobile = $2, mobile_blind = $3 WHERE id = $1",
        blind: true,
    },
    SealedColumn {
        list: "SELECT id, CAST('account_mobile' AS TEXT), mobile FROM mobile_link",
        set: "UPDATE mobile_link SET mobile = $2, mobile_blind = $3 WHERE id = $1",
        blind: true,
    },
    SealedColumn {
        list: "SELECT account_id, CAST('totp' AS TEXT), secret FROM second_factor",
        set: "UPDATE second_factor SET secret = $2 WHERE account_id = $1",
        blind: false,
    },
];

/// Accounts with recovery codes.
pub(crate) async fn with_recovery(tx: &mut Tx) -> Result<Vec<AccountId>, DbError> {
    let rows: Vec<(String,)> =
        tx.list("SELECT DISTINCT account_id FROM recovery_code ORDER BY account_id", args![]).await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(|_| DbError::NoRow)).collect()
}
