//! What happened, in order.

use askama::Template;

use crate::html::Html;
use crate::tone::Tone;
use crate::words::Words;

/// Something that happened or will.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// When, as shown.
    pub when: String,
    /// What.
    pub title: String,
    /// Who.
    pub who: String,
    /// More: an opinion, a reason.
    pub text: String,
    /// Where it is described.
    pub href: String,
    /// How it is meant.
    pub tone: Tone,
    /// An icon; that of the tone where empty.
    pub icon: String,
}

/// A history, newest first or last as the page wants it.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// What happened.
    pub moments: Vec<Moment>,
}

impl Timeline {
    /// Draws it.
    pub fn show(&self, t: &Words) -> Html {
        Html::of(&TimelineView { t, moments: &self.moments })
    }
}

impl Moment {
    fn mark(&self) -> Html {
        crate::icon(if self.icon.is_empty() { self.tone.icon() } else { &self.icon })
    }
}

#[derive(Template)]
#[template(path = "parts/timeline.html")]
struct TimelineView<'a> {
    t: &'a Words,
    moments: &'a [Moment],
}
