//! Where a case stands after a step: pure computing on a plan and on what was done.

use serde::{Deserialize, Serialize};

use crate::plan::{Kind, Of, Stage, Step};

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Done,
    /// Agreed.
    Agreed,
    /// Not agreed.
    Disagreed,
    /// The vote was won.
    Adopted,
    /// The vote was lost.
    Lost,
    /// Too few were there: the vote is to be held again.
    NoQuorum,
    /// The notice ran to its end.
    Ended,
    /// Sent back.
    Returned,
    /// Refused.
    Rejected,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 9] = [
        Self::Done,
        Self::Agreed,
        Self::Disagreed,
        Self::Adopted,
        Self::Lost,
        Self::NoQuorum,
        Self::Ended,
        Self::Returned,
        Self::Rejected,
    ];

    /// The word in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Agreed => "agreed",
            Self::Disagreed => "disagreed",
            Self::Adopted => "adopted",
            Self::Lost => "lost",
            Self::NoQuorum => "no_quorum",
            Self::Ended => "ended",
            Self::Returned => "returned",
            Self::Rejected => "rejected",
        }
    }

    /// By its word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// The key of its name in the locales.
    pub fn message_key(self) -> String {
        format!("flow-outcome-{}", self.code().replace('_', "-"))
    }

    /// Whether it counts for the stage.
    pub fn is_good(self) -> bool {
        matches!(self, Self::Done | Self::Agreed | Self::Adopted | Self::Ended)
    }
}

/// What a vote came to, as the minutes have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// Those entitled to vote.
    pub entitled: u32,
    /// Those who were there.
    pub present: u32,
    /// In favour.
    pub for_it: u32,
    /// Against.
    pub against: u32,
    /// Neither.
    pub abstained: u32,
}

impl Ballot {
    /// Why it cannot be: the field and the code.
    pub fn wrong(&self) -> Option<(&'static str, &'static str)> {
        let voted = u64::from(self.for_it) + u64::from(self.against) + u64::from(self.abstained);
        if self.entitled == 0 {
            return Some(("entitled", "flow.vote_nobody"));
        }
        if self.present > self.entitled {
            return Some(("present", "flow.vote_present"));
        }
        (voted != u64::from(self.present)).then_some(("for_it", "flow.vote_sum"))
    }

    /// How it ended under the step's quorum and majority; `None` for a step that is no vote.
    pub fn outcome(&self, step: &Step) -> Option<Outcome> {
        let Kind::Vote { quorum, majority, of } = step.kind else { return None };
        if self.present == 0 || !quorum.reached(self.present, self.entitled) {
            return Some(Outcome::NoQuorum);
        }
        let whole = if of == Of::Present { self.present } else { self.entitled };
        Some(if majority.reached(self.for_it, whole) { Outcome::Adopted } else { Outcome::Lost })
    }
}

/// Where a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Steps are still to be done.
    Waits,
    /// Enough ended well.
    Passed,
    /// Enough cannot be reached any more.
    Failed,
}

/// Where a stage stands when its closed steps ended so. A disagreement is final for the step, but as long as others are
/// asked all the same, everybody is heard before a stage fails.
pub(crate) fn verdict(stage: &Stage, closed: &[Outcome]) -> Verdict {
    let all = stage.steps.len();
    let good = closed.iter().filter(|outcome| outcome.is_good()).count();
    let open = all - closed.len().min(all);
    let enough = stage.enough.map_or(all, usize::from);
    if good >= enough {
        return Verdict::Passed;
    }
    if open > 0 { Verdict::Waits } else { Verdict::Failed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Doer, Share};
    use jinmen_core::{Role, Text2};

    fn vote(of: Of) -> Step {
        let kind = Kind::Vote { quorum: Share::TWO_THIRDS, majority: Share::MORE_THAN_HALF, of };
        Step::new("v", Text2::zh("表决"), kind, Doer::owner(Role::Secretariat))
    }

    #[test]
    fn a_vote_needs_its_quorum_and_more_than_half_of_those_present() {
        let ballot =
            |entitled, present, for_it| Ballot { entitled, present, for_it, against: present - for_it, abstained: 0 };
        assert_eq!(ballot(9, 6, 4).outcome(&vote(Of::Present)), Some(Outcome::Adopted));
        assert_eq!(ballot(9, 6, 3).outcome(&vote(Of::Present)), Some(Outcome::Lost), "half is not more than half");
        assert_eq!(ballot(9, 5, 5).outcome(&vote(Of::Present)), Some(Outcome::NoQuorum));
        assert_eq!(ballot(9, 6, 4).outcome(&vote(Of::Entitled)), Some(Outcome::Lost), "four of nine");
        assert_eq!(ballot(9, 6, 5).outcome(&vote(Of::Entitled)), Some(Outcome::Adopted));
    }

    #[test]
    fn a_ballot_must_add_up() {
        let right = Ballot { entitled: 9, present: 7, for_it: 5, against: 1, abstained: 1 };
        assert_eq!(right.wrong(), None);
        assert_eq!(Ballot { present: 10, ..right }.wrong(), Some(("present", "flow.vote_present")));
        assert_eq!(Ballot { for_it: 6, ..right }.wrong(), Some(("for_it", "flow.vote_sum")));
        assert_eq!(Ballot::default().wrong(), Some(("entitled", "flow.vote_nobody")));
        assert!(Ballot { for_it: u32::MAX, against: u32::MAX, ..right }.wrong().is_some());
    }
}
