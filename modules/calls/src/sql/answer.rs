//! Statements on what was typed.

use jinmen_core::Instant;
use module::{Resealing, SealedColumn};
use serde_json::Value;
use store::{Conn, DbError, Tx, args};

use crate::model::ApplicationId;

/// What was typed for one question.
pub(crate) struct Answer {
    pub path: String,
    /// The texts; none of a secret one.
    pub typed: Vec<String>,
    /// A secret one, sealed.
    pub sealed: Option<Vec<u8>>,
}

/// Writes answers, each in place of what was typed before.
pub(crate) async fn put(
    tx: &mut Tx,
    id: ApplicationId,
    answers: Vec<Answer>,
    by: &str,
    now: Instant,
) -> Result<(), DbError> {
    let rows =
        answers.into_iter().map(|one| args![id, one.path, Value::from(one.typed), one.sealed, now, by]).collect();
    tx.insert_many(
        "INSERT INTO call_answer (application_id, path, typed, sealed, saved_at, saved_name)",
        rows,
        "ON CONFLICT (application_id, path) DO UPDATE SET typed = excluded.typed, sealed = excluded.sealed,
           saved_at = excluded.saved_at, saved_name = excluded.saved_name",
    )
    .await
    .map(drop)
}

/// Forgets the answers of a row of a group and those behind it; whoever calls writes the rest again.
pub(crate) async fn forget_group(tx: &mut Tx, id: ApplicationId, group: &str) -> Result<(), DbError> {
    tx.run(
        "DELETE FROM call_answer WHERE application_id = $1 AND substr(path, 1, length($2)) = $2",
        args![id, format!("{group}.")],
    )
    .await
    .map(drop)
}

/// Everything that was typed into an application.
pub(crate) async fn of<'a>(conn: impl Into<Conn<'a>>, id: ApplicationId) -> Result<Vec<Answer>, DbError> {
    let rows: Vec<(String, Value, Option<Vec<u8>>)> = conn
        .into()
        .list(
            "SELECT path, typed, sealed FROM call_answer WHERE application_id = $1 ORDER BY path LIMIT 25000",
            args![id],
        )
        .await?;
    let one = |(path, typed, sealed): (String, Value, Option<Vec<u8>>)| Answer {
        path,
        typed: serde_json::from_value(typed).unwrap_or_default(),
        sealed,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Where secret answers stand sealed, and who objected.
const SEALED: &[SealedColumn] = &[
    SealedColumn {
        list: "SELECT application_id || '/' || path, CAST('calls.answer' AS TEXT), sealed FROM call_answer
           WHERE sealed IS NOT NULL",
        set: "UPDATE call_answer SET sealed = $2 WHERE application_id || '/' || path = $1",
        blind: false,
    },
    SealedColumn {
        list: "SELECT id, CAST('calls.account' AS TEXT), account FROM call_auto_grant_line WHERE account IS NOT NULL",
        set: "UPDATE call_auto_grant_line SET account = $2 WHERE id = $1",
        blind: false,
    },
    SealedColumn {
        list: "SELECT id, CAST('calls.objector' AS TEXT), sealed FROM call_objection",
        set: "UPDATE call_objection SET sealed = $2 WHERE id = $1",
        blind: false,
    },
];

/// Seals every secret answer and every objector again under a new key; how many.
pub(crate) async fn seal_again(tx: &mut Tx, again: &Resealing) -> jinmen_core::Result<u64> {
    again.columns(tx, SEALED).await
}
