//! Long work, followed while it runs.

use askama::Template;

use crate::html::Html;
use crate::words::Words;

/// Work that is under way or has ended. While it runs the script follows `events`, an address that answers with
/// server-sent events whose data is `{"done", "total", "text", "state": "running|done|failed", "href", "label"}`;
/// without scripts the page is loaded again by the person (a link is offered).
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// The events' address.
    pub events: String,
    /// What is being done.
    pub title: String,
    /// How far it is, in words.
    pub text: String,
    /// How much is done.
    pub done: u64,
    /// Of how much; nought while that is not known.
    pub total: u64,
    /// It has ended.
    pub finished: bool,
    /// Where the result is, once it is there.
    pub result: Option<crate::Link>,
    /// Where a request to stop is posted, and the session's token.
    pub cancel: Option<(String, String)>,
    /// This page, to be loaded again.
    pub page: String,
}

impl Progress {
    /// Draws it.
    pub fn show(&self, t: &Words) -> Html {
        Html::of(&ProgressView { t, one: self })
    }
}

#[derive(Template)]
#[template(path = "parts/progress.html")]
struct ProgressView<'a> {
    t: &'a Words,
    one: &'a Progress,
}
