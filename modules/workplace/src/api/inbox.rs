//! What one was told.

use axum::extract::State;
use axum::http::StatusCode;
use module::{Answer, App, Path, Query, Visit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Refusals;
use crate::{ops, say};

/// Which notices.
#[derive(Deserialize, IntoParams)]
pub struct Asked {
    /// Only what is unread.
    #[serde(default)]
    unread: bool,
    /// The `next` of the page before.
    after: Option<String>,
    /// Rows wanted, 1 to 200; 50 unless given.
    limit: Option<u32>,
}

/// A page of notices.
#[derive(Serialize, ToSchema)]
pub struct Notices {
    /// Newest first.
    items: Vec<NoticeOut>,
    /// Send it as `after` to read on; absent on the last page.
    next: Option<String>,
}

/// Something one was told.
#[derive(Serialize, ToSchema)]
pub struct NoticeOut {
    /// Its identifier.
    id: String,
    /// Its kind.
    #[schema(example = "registry.import_finished")]
    kind: String,
    /// What it says, in words.
    text: String,
    /// The page that it is about.
    link: Option<String>,
    /// When it came.
    created_at: String,
    /// When it was read.
    read_at: Option<String>,
}

/// My inbox.
#[utoipa::path(get, path = "/inbox", tag = "work", params(Asked), responses((status = 200, body = Notices, description = "Notices"), Refusals))]
pub async fn work_inbox(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Answer<axum::Json<Notices>> {
    let t = app.words(visit.locale);
    let request = jinmen_core::PageRequest { after: asked.after, limit: asked.limit };
    let page = ops::inbox::list(&app, &visit, asked.unread, &request).await?;
    let out = |notice: notify::Received| NoticeOut {
        id: notice.id.text(),
        text: say::message(&t, &notice.message_key, &notice.args, &notice.kind),
        kind: notice.kind,
        link: notice.link,
        created_at: notice.created_at.to_rfc3339(),
        read_at: notice.read_at.map(jinmen_core::Instant::to_rfc3339),
    };
    Ok(axum::Json(Notices { items: page.items.into_iter().map(out).collect(), next: page.next }))
}

/// Mark a notice as read.
#[utoipa::path(post, path = "/inbox/{id}/read", tag = "work", params(("id" = String, Path, description = "The notice")), responses((status = 204, description = "Read; the first time counts"), Refusals))]
pub async fn work_read_notice(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Answer<StatusCode> {
    ops::inbox::read(&app, &visit, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
