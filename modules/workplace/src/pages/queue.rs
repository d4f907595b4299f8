//! The queue of jobs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use jobs::{Job, State as JobState};
use module::{Answer, App, Form, Path, Query, Visit};
use serde::Deserialize;
use ui::{Badge, Empty, Frame, Pager, Tab, Tabs, Words};

use super::tasks::home_crumb;
use super::{Token, jobs as pages, pager, request};
use crate::{address, ops, say};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    state: String,
    after: String,
}

#[derive(Template)]
#[template(path = "admin/queue.html")]
struct QueuePage {
    frame: Frame,
    tabs: Tabs,
    jobs: Vec<JobView>,
    empty: Empty,
    pager: Pager,
}

struct JobView {
    id: String,
    kind: String,
    code: String,
    text: String,
    badge: Badge,
    asked: String,
    attempts: String,
    error: String,
    dead: bool,
}

impl JobView {
    fn of(app: &App, t: &Words, job: Job) -> Self {
        Self {
            kind: say::job_kind(t, &job.kind),
            text: pages::news(t, &job),
            badge: pages::badge(t, job.state),
            asked: t.ago(job.created_at, app.clock.now()),
            attempts: t.with("work-job-attempts", &[("n", job.attempts.into())]),
            error: job.last_error.clone().unwrap_or_default(),
            dead: matches!(job.state, JobState::Dead | JobState::Cancelled),
            id: job.id.text(),
            code: job.kind,
        }
    }
}

/// The queue, newest first.
pub async fn show(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let t = app.words(visit.locale);
    let found = ops::queue::list(&app, &visit, &asked.state, &request(&asked.after)).await?;
    let mut frame = app.work_frame(&visit, t.of("work-queue")).await?;
    frame.crumbs = vec![home_crumb(&t)];
    let page = QueuePage {
        tabs: Tabs(tabs(&t, &asked.state)),
        jobs: found.items.into_iter().map(|job| JobView::of(&app, &t, job)).collect(),
        empty: Empty { title: t.of("work-queue-none"), text: t.of("work-queue-none-text"), steps: Vec::new() },
        pager: pager("/work/queue", &[("state", &asked.state)], &asked.after, found.next.as_deref()),
        frame,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

fn tabs(t: &Words, now: &str) -> Vec<Tab> {
    let known = ops::queue::STATES.iter().any(|state| state.code() == now);
    let all = Tab { label: t.of("work-queue-all"), href: "/work/queue".to_owned(), active: !known, count: None };
    let of = |state: &JobState| Tab {
        label: t.of(&format!("work-job-state-{}", state.code())),
        href: address::with_query("/work/queue", &[("state", state.code())]),
        active: state.code() == now,
        count: None,
    };
    std::iter::once(all).chain(ops::queue::STATES.iter().map(of)).collect()
}

/// Gives a job another round.
pub async fn retry(State(app): State<App>, visit: Visit, Path(id): Path<String>, Form(input): Form<Token>) -> Answer {
    visit.check_form_token(&input.form_token)?;
    ops::queue::retry(&app, &visit, &id).await?;
    Ok(visit.done("/work/queue", "work-flash-retry"))
}
