//! Drafts: what somebody has typed into a form is kept field by field, so that nothing typed is lost.

use jinmen_core::{AccountId, Error, Fault, Instant, Result};
use serde_json::{Map, Value};
use store::{Conn, Db, Tx};

use crate::sql::drafts as sql;

/// Fields of one draft.
pub const MOST_FIELDS: usize = 200;
/// Bytes of one draft, as JSON.
pub const MOST_BYTES: usize = 64 * 1024;
/// Characters of a draft's key.
const MOST_KEY: usize = 200;

/// A draft.
#[derive(Clone, PartialEq, Debug, serde::Serialize)]
pub struct Draft {
    /// What was typed, by field.
    pub fields: Map<String, Value>,
    /// When it was last saved.
    pub updated_at: Instant,
}

/// Keeps fields of a form, each in place of what was kept for it before; `null` forgets a field. The
/// key names the form and what it is about, such as `registry.organization/0190…`.
pub async fn save_fields(
    db: &Db,
    account: AccountId,
    key: &str,
    fields: Map<String, Value>,
    now: Instant,
) -> Result<Draft> {
    if key.is_empty() || key.chars().count() > MOST_KEY {
        return Err(Error::NotFound);
    }
    let mut tx = db.begin().await?;
    // Taking the row first makes two savers of one draft follow each other.
    let mut kept = sql::take(&mut tx, account, key, now).await?;
    for (name, value) in fields {
        let name = name.replace('\0', "");
        if value.is_null() {
            kept.remove(&name);
        } else {
            kept.insert(name, store::without_nul(value));
        }
    }
    check(&kept)?;
    sql::write(&mut tx, account, key, &kept).await?;
    tx.commit().await?;
    Ok(Draft { fields: kept, updated_at: now })
}

fn check(fields: &Map<String, Value>) -> Result<()> {
    if fields.len() > MOST_FIELDS {
        return Err(Fault::new("cases.draft_fields").with("most", MOST_FIELDS).into());
    }
    if serde_json::to_vec(fields)?.len() > MOST_BYTES {
        return Err(Error::TooLarge(MOST_BYTES as u64));
    }
    Ok(())
}

/// The draft of an account under a key.
pub async fn load_draft<'a>(conn: impl Into<Conn<'a>>, account: AccountId, key: &str) -> Result<Option<Draft>> {
    Ok(sql::find(conn, account, key).await?)
}

/// Forgets a draft, within the transaction that does what it was for.
pub async fn discard_draft(tx: &mut Tx, account: AccountId, key: &str) -> Result<()> {
    Ok(sql::delete(tx, account, key).await?)
}

/// Forgets drafts that nobody touched since an instant; how many there were.
pub async fn forget_drafts(db: &Db, before: Instant) -> Result<u64> {
    Ok(sql::delete_before(db, before).await?)
}
