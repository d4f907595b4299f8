//! What waits for somebody.

use axum::extract::State;
use module::{Answer, App, Query, Visit};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Paging, Refusals};
use crate::{ops, say};

/// A page of tasks.
#[derive(Serialize, ToSchema)]
pub struct Tasks {
    /// Soonest due first, then those without a day, oldest first.
    items: Vec<TaskOut>,
    /// Send it as `after` to read on; absent on the last page.
    next: Option<String>,
}

/// Something that waits.
#[derive(Serialize, ToSchema)]
pub struct TaskOut {
    /// Its identifier.
    id: String,
    /// Its kind.
    #[schema(example = "calls.check")]
    kind: String,
    /// What is to be done, in words.
    #[schema(example = "审核入会申请")]
    title: String,
    /// The page where it is done.
    link: String,
    /// The day by which.
    #[schema(example = "2026-05-20")]
    due_on: Option<String>,
    /// Since when it waits.
    #[schema(example = "2026-05-18T09:30:00+08:00")]
    created_at: String,
}

/// My tasks.
#[utoipa::path(get, path = "/tasks", tag = "work", params(Paging), responses((status = 200, body = Tasks, description = "What waits for me in the hat worn now"), Refusals))]
pub async fn work_tasks(
    State(app): State<App>,
    visit: Visit,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<Tasks>> {
    let t = app.words(visit.locale);
    let page = ops::home::tasks(&app, &visit, &paging.request()).await?;
    let out = |task: cases::Task| TaskOut {
        id: task.id.text(),
        title: say::message(&t, &task.title_key, &task.args, &task.kind),
        kind: task.kind,
        link: task.link,
        due_on: task.due_on.map(|day| day.to_string()),
        created_at: task.created_at.to_rfc3339(),
    };
    Ok(axum::Json(Tasks { items: page.items.into_iter().map(out).collect(), next: page.next }))
}
