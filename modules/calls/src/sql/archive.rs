//! Statements on archives.

use jinmen_core::Instant;
use store::{Db, DbError, Tx, args};

use crate::model::ApplicationId;

/// An archive as it is kept.
pub(crate) struct Archive {
    pub digest: String,
    pub index: String,
    pub page: String,
}

pub(crate) async fn insert(
    tx: &mut Tx,
    id: ApplicationId,
    number: &str,
    one: &Archive,
    by: &str,
    now: Instant,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO call_archive (application_id, digest, number, index_text, page, made_at, made_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![id, &one.digest, number, &one.index, &one.page, now, by],
    )
    .await
    .map(drop)
}

/// The newest archive of an application.
pub(crate) async fn last(db: &Db, id: ApplicationId) -> Result<Option<Archive>, DbError> {
    let row: Option<(String, String, String)> = db
        .maybe(
            "SELECT digest, index_text, page FROM call_archive WHERE application_id = $1 ORDER BY made_at DESC LIMIT 1",
            args![id],
        )
        .await?;
    Ok(row.map(|(digest, index, page)| Archive { digest, index, page }))
}
