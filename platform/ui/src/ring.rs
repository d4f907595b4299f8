//! How complete something is, as a ring.

use askama::Template;

use crate::html::Html;
use crate::words::Words;

const LENGTH: f64 = 2.0 * std::f64::consts::PI * 42.0;

/// A share of a hundred as a ring with the figure inside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ring {
    /// From 0 to 100.
    pub percent: u8,
}

impl Ring {
    /// Draws it.
    pub fn show(&self, t: &Words) -> Html {
        let percent = self.percent.min(100);
        let label = t.with("ui-complete", &[("percent", i64::from(percent).into())]);
        Html::of(&RingView {
            percent,
            label,
            drawn: format!("{:.1}", LENGTH * f64::from(percent) / 100.0),
            length: format!("{LENGTH:.1}"),
        })
    }
}

#[derive(Template)]
#[template(path = "parts/ring.html")]
struct RingView {
    percent: u8,
    label: String,
    drawn: String,
    length: String,
}
