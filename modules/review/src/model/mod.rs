//! The types of judging; no input or output.

mod draw;
mod entry;
mod judge;
mod landing;
mod points;
pub mod rank;
mod round;
mod score;
mod setup;
pub mod statement;

pub use draw::{Draw, DrawId, DrawKind, DrawMethod, commitment, drawn};
pub use entry::{Conflict, ConflictKind, Entry, EntryId, EntryState, Pair, PairBy};
pub use judge::{Expert, ExpertDraft, ExpertFilter, ExpertId, ExpertKind, NewExpert, Seat, SeatId, SeatState};
pub use landing::{Landing, LandingDraft, LandingState};
pub use points::Points;
pub use round::{
    NewRound, Panel, PanelId, Phase, Round, RoundDraft, RoundFilter, RoundId, RoundKind, RoundState, Timer,
};
pub use score::{Change, Score, ScoreBy, ScoreDraft, ScoreId, Slip};
pub use setup::{CRITERIA_MOST, Criterion, Giving, Method, PanelsBy, Prize, RoundSetup, Tie, Trim};

use jinmen_core::{Fault, Result};
pub(crate) use registry::model::required as needed;

/// A line of at most so many characters, or nothing.
pub(crate) fn short(field: &str, typed: &str, most: usize) -> Result<String, Fault> {
    registry::model::line(field, typed, most).map(Option::unwrap_or_default)
}
