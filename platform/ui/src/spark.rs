//! A small drawing of a few numbers, for tiles and tables; on paper and without scripts too.

use std::fmt::Write as _;

use askama::Template;

use crate::html::Html;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 32.0;
const EDGE: f64 = 3.0;

/// How the numbers are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SparkKind {
    /// A line, its end marked.
    #[default]
    Line,
    /// Bars.
    Bars,
}

/// A few numbers in order.
#[derive(Clone, Debug, Default)]
pub struct Spark {
    /// How they are drawn.
    pub kind: SparkKind,
    /// The numbers; what is not finite is left out.
    pub values: Vec<f64>,
    /// What a person who cannot see it is told (`近 6 个月：12、14、…`).
    pub label: String,
}

impl Spark {
    /// Draws it; nothing for fewer than two numbers.
    pub fn show(&self) -> Html {
        let values: Vec<f64> = self.values.iter().copied().filter(|value| value.is_finite()).collect();
        if values.len() < 2 {
            return Html::default();
        }
        let view = match self.kind {
            SparkKind::Line => self.line(&values),
            SparkKind::Bars => self.bars(&values),
        };
        Html::of(&view)
    }

    fn line(&self, values: &[f64]) -> SparkView<'_> {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let span = if high > low { high - low } else { 1.0 };
        let step = (WIDTH - 2.0 * EDGE) / (values.len() - 1) as f64;
        let mut points = String::new();
        let mut end = (EDGE, HEIGHT / 2.0);
        for (at, value) in values.iter().enumerate() {
            end = (EDGE + step * at as f64, HEIGHT - EDGE - (value - low) / span * (HEIGHT - 2.0 * EDGE));
            let _ = write!(points, "{:.1},{:.1} ", end.0, end.1);
        }
        SparkView {
            label: &self.label,
            points: points.trim_end().to_owned(),
            end: Some((format!("{:.1}", end.0), format!("{:.1}", end.1))),
            bars: Vec::new(),
        }
    }

    fn bars(&self, values: &[f64]) -> SparkView<'_> {
        let high = values.iter().copied().fold(0.0, f64::max);
        let scale = if high > 0.0 { HEIGHT / high } else { 0.0 };
        let step = WIDTH / values.len() as f64;
        let bar = |(at, value): (usize, &f64)| {
            let height = (value.max(0.0) * scale).max(1.0);
            [step * at as f64 + step * 0.15, HEIGHT - height, step * 0.7, height].map(|number| format!("{number:.1}"))
        };
        SparkView {
            label: &self.label,
            points: String::new(),
            end: None,
            bars: values.iter().enumerate().map(bar).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "parts/spark.html")]
struct SparkView<'a> {
    label: &'a str,
    points: String,
    end: Option<(String, String)>,
    bars: Vec<[String; 4]>,
}
