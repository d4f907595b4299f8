//! Long work, followed while it runs.

use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, StreamExt};
use jobs::{Job, State as JobState};
use module::{Answer, App, Form, Path, Visit};
use serde::Serialize;
use ui::{Badge, Frame, Progress, Tone, Words};

use super::Token;
use super::tasks::home_crumb;
use crate::{ops, say};

/// How often the queue is asked.
const BEAT: Duration = Duration::from_millis(500);
/// An answer ends after this many beats: a program that is stopping waits for open answers, and the
/// browser asks again by itself.
const BEATS: u32 = 50;

#[derive(Template)]
#[template(path = "home/job.html")]
struct JobPage {
    frame: Frame,
    progress: Progress,
    badge: Badge,
    asked: String,
    ended: Option<String>,
    failed: bool,
    running: bool,
}

/// The progress of a job.
pub async fn show(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Answer {
    let t = app.words(visit.locale);
    let job = ops::job::watch(&app, &visit, &id).await?;
    let news = News::of(&t, &job);
    let path = format!("/work/jobs/{}", job.id);
    let title = say::job_kind(&t, &job.kind);
    let mut frame = app.work_frame(&visit, title.clone()).await?;
    frame.crumbs = vec![home_crumb(&t)];
    let progress = Progress {
        events: format!("{path}/events"),
        title,
        text: news.text,
        done: news.done,
        total: news.total,
        finished: job.state.is_final(),
        result: Some(ui::Link::new(news.label, news.href.clone())).filter(|_| !news.href.is_empty()),
        cancel: Some((format!("{path}/cancel"), visit.form_token.clone())),
        page: path,
    };
    let page = JobPage {
        badge: badge(&t, job.state),
        asked: t.with("work-job-asked", &[("when", t.instant(job.created_at).into())]),
        ended: job.finished_at.map(|at| t.with("work-job-ended", &[("when", t.instant(at).into())])),
        failed: job.state == JobState::Dead,
        running: !job.state.is_final(),
        frame,
        progress,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// What changes, as it changes, until nothing more will.
pub async fn events(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Answer {
    let job = ops::job::watch(&app, &visit, &id).await?;
    let start = Some(Follow { app, visit, id, first: Some(job), last: None, beats: 0 });
    let events = stream::unfold(start, |follow| async move { follow?.next().await }).map(Ok::<_, Infallible>);
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)));
    // A proxy that collects answers would hold the news back.
    Ok(([("x-accel-buffering", "no")], events).into_response())
}

/// Asks it to stop.
pub async fn cancel(State(app): State<App>, visit: Visit, Path(id): Path<String>, Form(input): Form<Token>) -> Answer {
    visit.check_form_token(&input.form_token)?;
    ops::job::cancel(&app, &visit, &id).await?;
    Ok(visit.done(&format!("/work/jobs/{id}"), "work-flash-cancel"))
}

struct Follow {
    app: App,
    visit: Visit,
    id: String,
    first: Option<Job>,
    last: Option<News>,
    beats: u32,
}

impl Follow {
    /// The next event and where to go on; nothing once the job has ended or may no longer be seen.
    async fn next(mut self) -> Option<(Event, Option<Self>)> {
        let t = self.app.words(self.visit.locale);
        while self.beats < BEATS {
            let job = match self.first.take() {
                Some(job) => job,
                None => {
                    tokio::time::sleep(BEAT).await;
                    self.beats += 1;
                    ops::job::watch(&self.app, &self.visit, &self.id).await.ok()?
                }
            };
            let news = News::of(&t, &job);
            if self.last.as_ref() != Some(&news) {
                let event = Event::default().json_data(&news).ok()?;
                self.last = Some(news);
                return Some((event, (!job.state.is_final()).then_some(self)));
            }
        }
        None
    }
}

/// A job as the page's script reads it.
#[derive(Clone, PartialEq, Serialize)]
pub struct News {
    done: u64,
    total: u64,
    text: String,
    state: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    href: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
}

impl News {
    fn of(t: &Words, job: &Job) -> Self {
        let count = |steps: i64| u64::try_from(steps).unwrap_or_default();
        let state = match job.state {
            JobState::Waiting | JobState::Running => "running",
            JobState::Done => "done",
            JobState::Dead | JobState::Cancelled => "failed",
        };
        // The kind of work says in its outcome where the result is.
        let link =
            job.outcome.as_ref().and_then(|outcome| outcome["link"].as_str()).filter(|link| link.starts_with('/'));
        let href = link.map(super::local).unwrap_or_default();
        let label = if href.is_empty() { String::new() } else { t.of("work-job-result") };
        Self { done: count(job.done_steps), total: count(job.all_steps), text: text(t, job), state, href, label }
    }
}

/// How a job stands, in a sentence.
pub fn news(t: &Words, job: &Job) -> String {
    text(t, job)
}

fn text(t: &Words, job: &Job) -> String {
    let note = if !job.note.is_empty() && t.has(&job.note) { t.of(&job.note) } else { String::new() };
    let state = match job.state {
        JobState::Waiting if job.attempts > 0 => t.of("work-job-again"),
        JobState::Running if !note.is_empty() => note,
        state => t.of(&format!("work-job-is-{}", state.code())),
    };
    if job.all_steps <= 0 || job.state.is_final() {
        return state;
    }
    let (done, all) = (t.number(job.done_steps), t.number(job.all_steps));
    t.with("work-job-steps", &[("text", state.into()), ("done", done.into()), ("all", all.into())])
}

/// A job's state in a word.
pub fn badge(t: &Words, state: JobState) -> Badge {
    let tone = match state {
        JobState::Waiting => Tone::Neutral,
        JobState::Running => Tone::Info,
        JobState::Done => Tone::Good,
        JobState::Dead => Tone::Bad,
        JobState::Cancelled => Tone::Warning,
    };
    Badge::new(tone, t.of(&format!("work-job-state-{}", state.code())))
}
