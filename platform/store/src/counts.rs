//! Counts that are kept until something was written. A list counts its rows on every page; between two writes the answer
//! is the same.
//!
//! What this process writes is noticed at once. What another process writes is noticed by the database's own mark of its
//! state, asked once a second.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jinmen_core::page::Count;

/// How often other processes are looked for.
const LOOK: Duration = Duration::from_secs(1);
/// Counts kept; when there are more, all are forgotten.
const MOST: usize = 1_000;
/// Questions that are counted at once.
const TURNS: usize = 16;

/// The state of the database that a count is of: this process's commits, and the last mark seen of all processes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct State {
    own: u64,
    mark: String,
}

/// The counts of one handle.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    own: AtomicU64,
    kept: Mutex<Kept>,
    turns: [tokio::sync::Mutex<()>; TURNS],
}

#[derive(Debug, Default)]
struct Kept {
    counts: HashMap<String, (State, Count)>,
    mark: String,
    looked: Option<Instant>,
}

impl Counts {
    /// Something was committed.
    pub(crate) fn written(&self) {
        self.own.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether the database's mark should be asked for.
    pub(crate) fn should_look(&self) -> bool {
        self.locked(|kept| kept.looked.is_none_or(|at| at.elapsed() >= LOOK))
    }

    /// The mark that the database has now.
    pub(crate) fn seen(&self, mark: String) {
        self.locked(|kept| {
            kept.mark = mark;
            kept.looked = Some(Instant::now());
        });
    }

    /// The state now: to be taken before counting.
    pub(crate) fn state(&self) -> State {
        let own = self.own.load(Ordering::Acquire);
        self.locked(|kept| State { own, mark: kept.mark.clone() })
    }

    /// The count kept for a question, if nothing was written since.
    pub(crate) fn find(&self, question: &str, state: &State) -> Option<Count> {
        self.locked(|kept| kept.counts.get(question).filter(|(of, _)| of == state).map(|(_, count)| *count))
    }

    /// Keeps a count that was taken in a state.
    pub(crate) fn keep(&self, question: String, state: State, count: Count) {
        self.locked(|kept| {
            if kept.counts.len() >= MOST {
                kept.counts.clear();
            }
            kept.counts.insert(question, (state, count));
        });
    }

    /// Waits while somebody else counts the same.
    pub(crate) async fn turn(&self, questions: &[String]) -> tokio::sync::MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        questions.hash(&mut hasher);
        self.turns[hasher.finish() as usize % TURNS].lock().await
    }

    fn locked<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        // Nothing that happens under the lock can panic half way.
        work(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
