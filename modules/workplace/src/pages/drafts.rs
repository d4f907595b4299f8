//! What somebody types, kept field by field while they type.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jinmen_core::Fault;
use module::{Answer, App, Json, Path, Visit};
use serde_json::{Value, json};

/// Keeps the fields that were sent.
pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Json(fields): Json<Value>,
) -> Answer<Response> {
    let account = visit.actor.signed_in()?.account;
    let Value::Object(fields) = fields else {
        return Err(Fault::new("work.draft_object").into());
    };
    let draft = cases::save_fields(&app.db, account, &key, fields, app.clock.now()).await?;
    Ok(axum::Json(json!({ "saved_at": draft.updated_at.to_rfc3339() })).into_response())
}
