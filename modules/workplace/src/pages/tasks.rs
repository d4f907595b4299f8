//! What waits for somebody, the whole list.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use cases::Task;
use module::{Answer, App, Query, Visit};
use ui::{Badge, Cell, Column, Empty, Frame, Link, Pager, Row, Table, Words};

use super::{After, pager, request};
use crate::{ops, say};

#[derive(Template)]
#[template(path = "home/list.html")]
struct TasksPage {
    frame: Frame,
    lead: String,
    table: Table,
    pager: Pager,
}

/// The list.
pub async fn show(State(app): State<App>, visit: Visit, Query(query): Query<After>) -> Answer {
    let t = app.words(visit.locale);
    let tasks = ops::home::tasks(&app, &visit, &request(&query.after)).await?;
    let mut frame = app.work_frame(&visit, t.of("work-tasks")).await?;
    frame.crumbs = vec![home_crumb(&t)];
    let table = table(&app, &t, &tasks.items);
    let pager = pager("/work/tasks", &[], &query.after, tasks.next.as_deref());
    Ok(ui::page(StatusCode::OK, &TasksPage { lead: t.of("work-tasks-lead"), frame, table, pager }))
}

/// The way back to the first page.
pub fn home_crumb(t: &Words) -> ui::Crumb {
    ui::Crumb { label: t.of("ui-workplace"), href: "/work".to_owned() }
}

/// Tasks as rows: what, by when, since when.
pub fn table(app: &App, t: &Words, tasks: &[Task]) -> Table {
    let (today, now) = (app.clock.today(), app.clock.now());
    let row = |task: &Task| {
        let (tone, due) = say::due(t, today, task.due_on);
        let due = match task.due_on {
            Some(_) => Cell::Badge(Badge::new(tone, due)),
            None => Cell::Text(due),
        };
        let title = say::message(t, &task.title_key, &task.args, &task.kind);
        Row::link(super::local(&task.link), vec![title.into(), due, t.ago(task.created_at, now).into()])
    };
    Table {
        caption: t.of("work-tasks"),
        columns: ["work-task", "work-task-due", "work-task-since"].map(|key| Column::text(t.of(key))).into(),
        rows: tasks.iter().map(row).collect(),
        empty: Empty {
            title: t.of("work-tasks-empty"),
            text: t.of("work-tasks-empty-text"),
            steps: vec![Link::new(t.of("work-to-inbox"), "/inbox").icon("bell")],
        },
        ..Table::default()
    }
}
