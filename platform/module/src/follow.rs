//! Work that a page waits for: how far it is while it goes on, then what it found, as one answer of server-sent events.
//!
//! The work is done by the answer itself: whoever leaves the page stops it.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use futures::stream;
use jinmen_core::Result;
use serde_json::{Value, json};
use tokio::sync::watch;
use ui::Html;

/// How often is told how far it is.
const BEAT: Duration = Duration::from_millis(100);

type Work = Pin<Box<dyn Future<Output = Result<Html>> + Send>>;

struct Follow<S> {
    work: Work,
    seen: watch::Receiver<u64>,
    total: u64,
    say: S,
}

/// Tells `say(done, total)` while the work goes on, and at last what it made, which takes the place of the progress on the
/// page; or `failed` where it fails.
pub fn follow(
    work: impl Future<Output = Result<Html>> + Send + 'static,
    (seen, total): (watch::Receiver<u64>, u64),
    say: impl Fn(u64, u64) -> String + Send + 'static,
    failed: String,
) -> Response {
    let start = Follow { work: Box::pin(work), seen, total, say };
    let news = stream::unfold(Some((start, failed)), |state| async move {
        let (mut follow, failed) = state?;
        match follow.beat().await {
            None => Some((follow.so_far(), Some((follow, failed)))),
            Some(Ok(html)) => Some((json!({ "state": "done", "html": html.as_str() }), None)),
            Some(Err(error)) => {
                tracing::warn!(%error, "work that a page waited for failed");
                Some((json!({ "state": "failed", "text": failed }), None))
            }
        }
    });
    let events = news.filter_map(async |news: Value| Event::default().json_data(&news).ok().map(Ok::<_, Infallible>));
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)));
    // A proxy that collects answers would hold the news back.
    ([("x-accel-buffering", "no")], events).into_response()
}

impl<S: Fn(u64, u64) -> String> Follow<S> {
    /// Works for a while; what was made once it is done.
    async fn beat(&mut self) -> Option<Result<Html>> {
        tokio::select! {
            biased;
            made = &mut self.work => Some(made),
            () = tokio::time::sleep(BEAT) => None,
        }
    }

    fn so_far(&self) -> Value {
        let done = (*self.seen.borrow()).min(self.total);
        json!({ "state": "running", "done": done, "total": self.total, "text": (self.say)(done, self.total) })
    }
}
