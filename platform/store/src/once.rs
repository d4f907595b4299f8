//! Doing a thing once however often it is asked. A request with an idempotency key runs inside
//! [`scope`]; the first transaction it begins inserts the key, so that key and change commit together.
//! A second request with the same key fails on it, before or after the first one's answer is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jinmen_core::Instant;
use serde_json::Value;

use crate::{Db, DbError, Tx, args};

/// A key under way.
#[derive(Clone, Debug)]
pub struct Once {
    key: String,
    at: Instant,
    used: Arc<AtomicBool>,
}

tokio::task_local! {
    static CURRENT: Once;
}

/// The name under which a second use of a key is refused.
pub const INDEX: &str = "once_key_key";

/// The answer that a key got.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers worth repeating, as an object.
    pub headers: Value,
    /// The body.
    pub body: Vec<u8>,
}

/// Runs a request under a key.
pub async fn scope<F: Future>(key: String, at: Instant, work: F) -> F::Output {
    CURRENT.scope(Once { key, at, used: Arc::default() }, work).await
}

/// Called by every transaction as it begins.
pub(crate) async fn claim(tx: &mut Tx) -> Result<(), DbError> {
    let Ok(once) = CURRENT.try_with(Clone::clone) else {
        return Ok(());
    };
    if once.used.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let inserted = tx
        .run("INSERT INTO once_key (key, at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING", args![&once.key, once.at])
        .await?;
    if inserted == 0 { Err(DbError::Unique(INDEX.to_owned())) } else { Ok(()) }
}

/// Whether a key was used, and its answer if it was kept.
pub async fn find(db: &Db, key: &str) -> Result<Option<Option<Answer>>, DbError> {
    type Kept = (Option<i64>, Option<Value>, Option<Vec<u8>>);
    let row: Option<Kept> = db.maybe("SELECT status, headers, body FROM once_key WHERE key = $1", args![key]).await?;
    Ok(row.map(|(status, headers, body)| {
        let status = u16::try_from(status?).ok()?;
        Some(Answer { status, headers: headers.unwrap_or_default(), body: body.unwrap_or_default() })
    }))
}

/// Keeps the answer of a key whose change was committed; without a change there is nothing to keep.
pub async fn keep(db: &Db, key: &str, answer: Answer) -> Result<(), DbError> {
    db.run(
        "UPDATE once_key SET status = $1, headers = $2, body = $3 WHERE key = $4",
        args![i64::from(answer.status), answer.headers, answer.body, key],
    )
    .await
    .map(drop)
}

/// Forgets keys older than an instant.
pub async fn forget_before(db: &Db, before: Instant) -> Result<u64, DbError> {
    db.run("DELETE FROM once_key WHERE at < $1", args![before]).await
}
