//! Entries of a round, conflicts of interest, who judges what.

use calls::model::ApplicationId;
use jinmen_core::{Instant, PersonId, id, words};
use payments::Subject;

use super::{PanelId, Points, RoundId, SeatId};

id!(
    /// An entry of a round.
    EntryId
);
store::arg_id!(EntryId);

words!(
    /// Where an entry stands in its round.
    EntryState, "review-entry-" {
        /// Its turn has not come.
        Waiting = "waiting",
        /// On the stage, or being scored.
        Stage = "stage",
        /// Every judge has locked a score.
        Scored = "scored",
        /// The result was computed and checked.
        Tallied = "tallied",
        /// The supervisor confirmed the result.
        Confirmed = "confirmed",
        /// Did not come, which counts as giving up (弃权).
        Absent = "absent",
    }
);

/// An entry: an application in a round.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Its identifier.
    pub id: EntryId,
    /// Of which round.
    pub round: RoundId,
    /// Judged by which panel.
    pub panel: PanelId,
    /// The application.
    pub application: ApplicationId,
    /// What judges call it, such as `A07`.
    pub code: String,
    /// The project.
    pub title: String,
    /// Who applies.
    pub applicant: Subject,
    /// Their name.
    pub applicant_name: String,
    /// The track.
    pub track: String,
    /// The group.
    pub group: String,
    /// The place in the order of pitches, from 1.
    pub pitch: Option<i64>,
    /// Where it stands.
    pub state: EntryState,
    /// Its result.
    pub score: Option<Points>,
    /// Its rank in its track and group.
    pub rank: Option<i64>,
    /// Votes of the panel between equals.
    pub votes: Option<i64>,
    /// It goes on.
    pub promoted: bool,
    /// Who checked the tally.
    pub tallied_name: String,
    /// Who confirmed the result.
    pub confirmed_name: String,
    /// When.
    pub confirmed_at: Option<Instant>,
    /// Goes up with every change.
    pub version: i64,
}

impl Entry {
    /// With whom it is ranked: the entries of its track and group.
    pub fn class(&self) -> (&str, &str) {
        (&self.track, &self.group)
    }
}

words!(
    /// Why a judge does not judge an entry.
    ConflictKind, "review-conflict-" {
        /// It is their own, or they are in its team.
        Own = "own",
        /// They are, or were, at the applicant's organisation.
        Organization = "organization",
        /// Their organisation holds the applicant's, or the other way round.
        Related = "related",
        /// They and somebody of the team are, or were, at one organisation.
        Shared = "shared",
        /// They said so.
        Declared = "declared",
        /// The office said so.
        Office = "office",
    }
);

/// A conflict of interest.
#[derive(Clone, PartialEq, Debug)]
pub struct Conflict {
    /// Of which round.
    pub round: RoundId,
    /// Who.
    pub person: PersonId,
    /// With which application.
    pub application: ApplicationId,
    /// Why.
    pub kind: ConflictKind,
    /// In words: at which organisation, with whom.
    pub detail: String,
    /// Who said so; empty where it was found.
    pub by_name: String,
    /// When.
    pub at: Instant,
}

words!(
    /// How a judge came to an entry.
    PairBy, "review-pair-" {
        /// By the panel or by the engine.
        Rule = "rule",
        /// By hand; it is kept when the engine runs again.
        Hand = "hand",
        /// Taken off by hand; the engine does not give it again.
        Barred = "barred",
    }
);

/// A judge on an entry.
#[derive(Clone, PartialEq, Debug)]
pub struct Pair {
    /// The entry.
    pub entry: EntryId,
    /// The judge.
    pub seat: SeatId,
    /// How they came to it.
    pub by: PairBy,
}
