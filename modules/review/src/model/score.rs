//! Scores, and what became of them.

use jinmen_core::{Instant, id, words};
use serde::{Deserialize, Serialize};

use super::{EntryId, Points, RoundId, SeatId};

id!(
    /// A score.
    ScoreId
);
store::arg_id!(ScoreId);

words!(
    /// How a score came.
    ScoreBy, "review-score-by-" {
        /// Typed by the judge.
        Screen = "screen",
        /// From a slip of paper that two people typed.
        Paper = "paper",
    }
);

/// A judge's score of an entry.
#[derive(Clone, PartialEq, Debug)]
pub struct Score {
    /// Its identifier.
    pub id: ScoreId,
    /// Of which round.
    pub round: RoundId,
    /// Of which entry.
    pub entry: EntryId,
    /// By which judge.
    pub seat: SeatId,
    /// A mark for each criterion; none where it is open.
    pub marks: Vec<Option<Points>>,
    /// What they come to, once it is locked.
    pub total: Option<Points>,
    /// Nobody changes it any more.
    pub locked: bool,
    /// How it came.
    pub by: ScoreBy,
    /// For the office and the panel.
    pub comment: String,
    /// For the judge alone.
    pub note: String,
    /// What makes sending it twice one score: chosen by the page that sent it.
    pub key: String,
    /// Goes up with every change.
    pub version: i64,
    /// When it was last saved.
    pub saved_at: Instant,
    /// When it was locked.
    pub locked_at: Option<Instant>,
}

/// A score as a page or a program sends it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ScoreDraft {
    /// By key of the criterion: the mark as it was typed.
    pub marks: std::collections::BTreeMap<String, String>,
    /// For the office and the panel.
    pub comment: String,
    /// For the judge alone.
    pub note: String,
    /// It is final.
    pub lock: bool,
    /// What makes sending it twice one score.
    pub key: String,
}

/// What became of a score that was locked.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// Of which entry.
    pub entry: EntryId,
    /// By which judge it was.
    pub seat: SeatId,
    /// What it was.
    pub before: Points,
    /// Why it was opened again.
    pub reason: String,
    /// By whom.
    pub by_name: String,
    /// When.
    pub at: Instant,
}

/// The first of two typings of a slip of paper.
#[derive(Clone, PartialEq, Debug)]
pub struct Slip {
    /// Of which entry.
    pub entry: EntryId,
    /// By which judge.
    pub seat: SeatId,
    /// The marks as typed.
    pub marks: Vec<Points>,
    /// Who typed them.
    pub account: Option<jinmen_core::AccountId>,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: Instant,
}
