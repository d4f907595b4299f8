//! Values with their sources: a definition list whose every line says where the value comes from, by shape, colour
//! and word.

use askama::Template;

use crate::html::Html;
use crate::list::Link;
use crate::words::Words;

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Source {
    /// The subject said so.
    #[default]
    Declared,
    /// It came with a list or from another system.
    Imported,
    /// The platform worked it out.
    Computed,
    /// Somebody with the right to do so checked it.
    Verified,
    /// There is no value yet.
    Missing,
}

impl Source {
    const ALL: [Self; 5] = [Self::Verified, Self::Computed, Self::Imported, Self::Declared, Self::Missing];

    fn name(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Imported => "imported",
            Self::Computed => "computed",
            Self::Verified => "verified",
            Self::Missing => "none",
        }
    }

    /// The source in the reader's language.
    pub fn label(self, t: &Words) -> String {
        t.of(&format!("ui-source-{}", self.name()))
    }
}

/// The mark of a source: a filled disc with a tick (verified), a diamond (computed), a square (imported), a ring
/// (self-declared), a broken ring (missing).
#[derive(Clone, Debug, Default)]
pub struct SourceDot {
    /// Which.
    pub source: Source,
    /// More about it, for the title: by whom, when.
    pub detail: String,
}

impl SourceDot {
    /// A mark with a detail (`区市场监管局，2021年5月20日`).
    pub fn new(source: Source, detail: impl Into<String>) -> Self {
        Self { source, detail: detail.into() }
    }

    /// Draws it.
    pub fn show(&self, t: &Words) -> Html {
        let label = self.source.label(t);
        let text = if self.detail.is_empty() { label } else { format!("{label} · {}", self.detail) };
        Html::of(&DotView { name: self.source.name(), text })
    }

    /// The legend of all marks, once a page.
    pub fn legend(t: &Words) -> Html {
        let marks = Source::ALL.map(|source| (source.name(), source.label(t)));
        Html::of(&LegendView { t, marks })
    }
}

/// One line.
#[derive(Clone, Debug, Default)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The value, as shown; empty where it is missing.
    pub value: String,
    /// Its source; none where the question does not arise.
    pub dot: Option<SourceDot>,
    /// What one may do: complete, correct, see the history.
    pub action: Option<Link>,
    /// The value stands out (a figure one came for).
    pub strong: bool,
}

impl Fact {
    /// A value without a source.
    pub fn plain(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), ..Self::default() }
    }

    /// A value with its source.
    pub fn from(label: impl Into<String>, value: impl Into<String>, source: Source, detail: impl Into<String>) -> Self {
        Self { dot: Some(SourceDot::new(source, detail)), ..Self::plain(label, value) }
    }

    /// A value that is missing, and where to complete it.
    pub fn missing(label: impl Into<String>, action: Option<Link>) -> Self {
        Self { dot: Some(SourceDot::new(Source::Missing, "")), action, ..Self::plain(label, "") }
    }

    /// With something one may do.
    pub fn action(mut self, link: Link) -> Self {
        self.action = Some(link);
        self
    }
}

/// A list of values.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its lines.
    pub lines: Vec<Fact>,
    /// Show what the marks mean below.
    pub legend: bool,
}

impl Facts {
    /// Draws it.
    pub fn show(&self, t: &Words) -> Html {
        let lines = self
            .lines
            .iter()
            .map(|fact| (fact, fact.dot.as_ref().map(|dot| dot.show(t)).unwrap_or_default()))
            .collect();
        let legend = if self.legend { SourceDot::legend(t) } else { Html::default() };
        Html::of(&FactsView { t, lines, legend })
    }
}

#[derive(Template)]
#[template(
    source = "<span class=\"jm-dot jm-dot-{{ name }}\" title=\"{{ text }}\"><span class=\"visually-hidden\">{{ text }}</span></span>",
    ext = "html"
)]
struct DotView {
    name: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "parts/legend.html")]
struct LegendView<'a> {
    t: &'a Words,
    marks: [(&'static str, String); 5],
}

#[derive(Template)]
#[template(path = "parts/facts.html")]
struct FactsView<'a> {
    t: &'a Words,
    lines: Vec<(&'a Fact, Html)>,
    legend: Html,
}
