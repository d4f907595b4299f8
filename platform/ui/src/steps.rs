//! Where one stands in something that takes several steps.

use askama::Template;

use crate::html::Html;
use crate::words::Words;

/// How far a step is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Now.
    Current,
    /// Before us.
    #[default]
    Waiting,
    /// Ended here without success.
    Stopped,
}

/// A step.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// Where it is, for those one may go back to.
    pub href: Option<String>,
    /// How far it is.
    pub state: StepState,
    /// When or by whom, in a few words.
    pub note: String,
}

impl Step {
    /// A step.
    pub fn new(label: impl Into<String>, state: StepState) -> Self {
        Self { label: label.into(), state, ..Self::default() }
    }

    /// With a note.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn class(&self) -> &'static str {
        match self.state {
            StepState::Done => "done",
            StepState::Current => "current",
            StepState::Waiting => "waiting",
            StepState::Stopped => "stopped",
        }
    }

    fn said(&self, t: &Words) -> String {
        t.of(&format!("ui-step-{}", self.class()))
    }

    fn mark(&self, number: &usize) -> Html {
        match self.state {
            StepState::Done => crate::icon("check"),
            StepState::Stopped => crate::icon("x"),
            _ => Html::text(&number.to_string()),
        }
    }
}

/// The steps of a form in parts, or the stages of an application.
#[derive(Clone, Debug, Default)]
pub struct Steps(pub Vec<Step>);

impl Steps {
    /// Draws them; on a phone the current one with its number.
    pub fn show(&self, t: &Words) -> Html {
        let at = self.0.iter().position(|step| matches!(step.state, StepState::Current | StepState::Stopped));
        let place = at.map(|at| t.with("ui-step-of", &[("n", (at + 1).into()), ("total", self.0.len().into())]));
        Html::of(&StepsView { t, steps: &self.0, place: place.unwrap_or_default() })
    }
}

#[derive(Template)]
#[template(path = "parts/steps.html")]
struct StepsView<'a> {
    t: &'a Words,
    steps: &'a [Step],
    place: String,
}
