//! Progress, and stopping.

use std::ops::ControlFlow;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Choosing the pairs that come into question.
    Choosing,
    /// Moving load along shortest paths.
    Balancing,
    /// Looking through all pairs for better ones.
    Pricing,
    /// Raising the worst entry.
    Levelling,
    /// Solving for probabilities.
    Spreading,
    /// Looking for the cause of infeasibility.
    Explaining,
}

/// How far a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Steps done.
    pub done: usize,
    /// Steps in all, as far as known.
    pub all: usize,
}

/// Is told how far the work is, some ten times a second at most on large problems, and may stop it.
pub trait Watch: Sync {
    /// `Break` stops the work; the caller gets [`crate::Failure::Cancelled`].
    fn note(&self, progress: Progress) -> ControlFlow<()>;
}

/// Nobody watches.
impl Watch for () {
    fn note(&self, _: Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: Fn(Progress) -> ControlFlow<()> + Sync> Watch for F {
    fn note(&self, progress: Progress) -> ControlFlow<()> {
        self(progress)
    }
}

/// The work was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stopped;

pub(crate) fn tell(watch: &dyn Watch, stage: Stage, done: usize, all: usize) -> Result<(), Stopped> {
    match watch.note(Progress { stage, done, all }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Stopped),
    }
}
