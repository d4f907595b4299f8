//! Another master key: whatever was sealed under the one before is opened and sealed again, in one transaction.

use jinmen_core::{AccountId, Actor, Instant, Result};
use serde_json::json;
use store::{Tx, args};

use crate::{Sealed, Vault, sql, told};

/// A column of sealed values, as two statements of the crate that keeps it.
#[derive(Clone, Copy, Debug)]
pub struct SealedColumn {
    /// Gives identifier, purpose and sealed value of every row that has one.
    pub list: &'static str,
    /// Takes the identifier, the value sealed again and, where there is one, its blind index.
    pub set: &'static str,
    /// Whether there is a blind index beside it.
    pub blind: bool,
}

/// Opens under one master key and seals under another.
#[derive(Clone, Debug)]
pub struct Resealing {
    /// The key that goes.
    pub old: Vault,
    /// The key that comes.
    pub new: Vault,
}

impl Resealing {
    /// One value.
    ///
    /// # Errors
    /// Where the old key does not open it.
    pub fn value(&self, purpose: &str, bytes: &[u8]) -> Result<Sealed> {
        Ok(self.new.seal(purpose, &self.old.open(purpose, bytes)?)?)
    }

    /// Every value of some columns; how many there were.
    ///
    /// # Errors
    /// Where the old key does not open one; the caller then commits nothing.
    pub async fn columns(&self, tx: &mut Tx, columns: &[SealedColumn]) -> Result<u64> {
        let mut count = 0;
        for column in columns {
            let rows: Vec<(String, String, Vec<u8>)> = tx.list(column.list, args![]).await?;
            for (id, purpose, bytes) in rows {
                let sealed = self.value(&purpose, &bytes)?;
                let mut values = args![id, sealed.bytes];
                if column.blind {
                    values.extend(args![sealed.blind]);
                }
                count += tx.run(column.set, values).await?;
            }
        }
        Ok(count)
    }
}

/// Seals again what this crate keeps. Recovery codes are kept as digests under the old key that nothing turns back: they
/// end, and those who had some are told to make new ones. The answer: how many values, and how many accounts lost codes.
pub async fn seal_again(tx: &mut Tx, actor: &Actor, again: &Resealing, now: Instant) -> Result<(u64, u64)> {
    let count = again.columns(tx, sql::SEALED).await?;
    let owners: Vec<AccountId> = sql::with_recovery(tx).await?;
    for account in &owners {
        sql::delete_recovery(tx, *account).await?;
        record::append(tx, actor, now, "access.second_factor.codes_ended", *account, json!({})).await?;
        told::owner(tx, *account, now, "rekeyed", json!({})).await?;
    }
    Ok((count, owners.len() as u64))
}
