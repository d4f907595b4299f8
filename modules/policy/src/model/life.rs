//! The life of a policy as steps: drafting, public comment, review of fair competition, review of legality, collective
//! decision, issue, publication, interpretation (domain: 优化营商环境条例 Art. 62, 公平竞争审查条例, 政府信息公开条例 Art. 26).

use flow::{Days, Doer, Kind, Of, Otherwise, Plan, Share, Stage, Step};
use jinmen_core::{Date, Instant, Role, Text2};

/// The name of the flow.
pub const LIFE: &str = "policy.life";

/// The names of the steps.
pub mod step {
    /// The text is written.
    pub const DRAFT: &str = "draft";
    /// The public is asked, 30 days at least.
    pub const COMMENT: &str = "comment";
    /// What the public said is answered.
    pub const SUMMARY: &str = "summary";
    /// Review of fair competition.
    pub const FAIRNESS: &str = "fairness";
    /// Review of legality.
    pub const LEGALITY: &str = "legality";
    /// Collective decision.
    pub const DECISION: &str = "decision";
    /// Document number and days.
    pub const ISSUE: &str = "issue";
    /// Published, within 20 working days.
    pub const PUBLISH: &str = "publish";
    /// Interpretation, within 3 working days.
    pub const INTERPRET: &str = "interpret";
}

/// Days of public comment on documents that touch enterprises.
const COMMENT_DAYS: u16 = 30;

/// The plan of a policy whose office acts in a role. Titles come from `name`, by the name of the step.
pub fn life_plan(role: Role, name: impl Fn(&str) -> Text2) -> Plan {
    let by = Doer::owner(role);
    let one = |key: &str, kind: Kind| Step::new(key, name(key), kind, by);
    let vote = Kind::Vote { quorum: Share::MORE_THAN_HALF, majority: Share::MORE_THAN_HALF, of: Of::Present };
    let back = || Otherwise::Return(step::DRAFT.to_owned());
    let stages = vec![
        Stage::one(one(step::DRAFT, Kind::Act)),
        Stage::one(one(step::COMMENT, Kind::Notice { days: COMMENT_DAYS, count: Days::Calendar })),
        Stage::one(one(step::SUMMARY, Kind::Act).needs_opinion().back_to(step::DRAFT).within(10)),
        Stage::one(one(step::FAIRNESS, Kind::Opinion).needs_opinion().not_by(step::DRAFT).within(10)).otherwise(back()),
        Stage::one(one(step::LEGALITY, Kind::Opinion).needs_opinion().not_by(step::DRAFT).within(10)).otherwise(back()),
        Stage::one(one(step::DECISION, vote).within(20)).otherwise(back()),
        Stage::one(one(step::ISSUE, Kind::Act).within(10)),
        Stage::one(one(step::PUBLISH, Kind::Act).within(20)),
        Stage::one(one(step::INTERPRET, Kind::Act).within(3)),
    ];
    Plan { stages }
}

/// What the review of fair competition came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReviewResult {
    /// Nothing stands against it.
    Clean,
    /// An exception of Article 12 is used, until a day.
    Exception,
}

impl ReviewResult {
    /// The word in the database and on forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Exception => "exception",
        }
    }

    /// By its word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Clean, Self::Exception].into_iter().find(|one| one.code() == code)
    }
}

/// The review of fair competition of one version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Review {
    /// Of which version.
    pub version: i64,
    /// On what it rests.
    pub basis: String,
    /// What it came to.
    pub result: ReviewResult,
    /// Which exception, and why.
    pub exception: String,
    /// Until when the exception is used.
    pub ends_on: Option<Date>,
    /// When it was reviewed.
    pub reviewed_at: Instant,
    /// By whom.
    pub reviewed_name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_of_a_policy_is_a_plan_without_faults() {
        let plan = life_plan(Role::DistrictOfficer, |key| Text2::zh(key));
        assert!(plan.check().is_ok(), "{:?}", plan.check());
        assert_eq!(plan.stages.len(), 9);
    }
}
