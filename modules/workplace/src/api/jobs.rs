//! Long work, asked after by programs.

use axum::extract::State;
use module::{Answer, App, Path, Visit};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Refusals;
use crate::ops;

/// A job.
#[derive(Serialize, ToSchema)]
pub struct JobOut {
    /// Its identifier.
    id: String,
    /// What kind of work.
    #[schema(example = "registry.import")]
    kind: String,
    /// `waiting`, `running`, `done`, `dead` or `cancelled`.
    #[schema(example = "running")]
    state: String,
    /// Steps done.
    #[schema(example = 40)]
    done: i64,
    /// Steps in all; 0 while unknown.
    #[schema(example = 204)]
    total: i64,
    /// How it stands, in words.
    text: String,
    /// What came out.
    #[schema(value_type = Option<Object>)]
    outcome: Option<Value>,
    /// When it was asked for.
    created_at: String,
    /// When it ended.
    finished_at: Option<String>,
}

/// How a job stands.
#[utoipa::path(get, path = "/jobs/{id}", tag = "work", params(("id" = String, Path, description = "The job")), responses((status = 200, body = JobOut, description = "The job, for whoever asked for it"), Refusals))]
pub async fn work_job(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Answer<axum::Json<JobOut>> {
    let t = app.words(visit.locale);
    let job = ops::job::watch(&app, &visit, &id).await?;
    Ok(axum::Json(JobOut {
        id: job.id.text(),
        text: crate::pages::news(&t, &job),
        state: job.state.code().to_owned(),
        done: job.done_steps,
        total: job.all_steps,
        outcome: job.outcome,
        created_at: job.created_at.to_rfc3339(),
        finished_at: job.finished_at.map(jinmen_core::Instant::to_rfc3339),
        kind: job.kind,
    }))
}
