//! A call: what is called for, by whom, when, and what is asked.

use jinmen_core::{Instant, OrganizationId, Role, Text2, id};
use serde::{Deserialize, Serialize};

use super::{Setup, words};

id!(
    /// A call.
    CallId
);
store::arg_id!(CallId);

words!(
    /// What is called for; each kind has its own words on screens (入会申请, 大赛报名, 政策申报 …).
    CallKind, "calls-kind-" {
        /// Joining an alliance.
        Membership = "membership",
        /// Entering a competition.
        Competition = "competition",
        /// Support under a policy.
        Policy = "policy",
        /// Settling into a park.
        Space = "space",
        /// Joining a class.
        Course = "course",
        /// A technical need or a team that meets one.
        Need = "need",
        /// A project.
        Project = "project",
        /// Recognition of a talent.
        Talent = "talent",
        /// An honour.
        Award = "award",
        /// Anything else.
        Other = "other",
    }
);

impl CallKind {
    /// The letters before the numbers of its applications.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Membership => "RH",
            Self::Competition => "DS",
            Self::Policy => "SB",
            Self::Space => "RZ",
            Self::Course => "BC",
            Self::Need => "XQ",
            Self::Project => "XM",
            Self::Talent => "RC",
            Self::Award => "PX",
            Self::Other => "SQ",
        }
    }
}

words!(
    /// Whether a call is out.
    CallState, "calls-state-" {
        /// Being written.
        Draft = "draft",
        /// Everybody can read it.
        Published = "published",
        /// Ended before its time, or put away.
        Closed = "closed",
    }
);

words!(
    /// Where a call stands at an instant.
    Phase, "calls-phase-" {
        /// Being written.
        Draft = "draft",
        /// Out, and not open yet.
        Soon = "soon",
        /// One may apply.
        Open = "open",
        /// Its window is over.
        Over = "over",
        /// Ended before its time.
        Closed = "closed",
    }
);

/// A call.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// Its identifier.
    pub id: CallId,
    /// Its readable number.
    pub number: String,
    /// The organisation that calls.
    pub owner: OrganizationId,
    /// The role in which its office works.
    pub role: Role,
    /// What is called for.
    pub kind: CallKind,
    /// What it is called.
    pub title: Text2,
    /// Whether it is out.
    pub state: CallState,
    /// From when on one may apply; at once where none is named.
    pub opens_at: Option<Instant>,
    /// Up to when: what comes at this instant comes too late. Open without an end where none is named.
    pub closes_at: Option<Instant>,
    /// Everything else that is decided about it.
    pub setup: Setup,
    /// The version of its form that counts.
    pub form_version: i64,
    /// Goes up with every change.
    pub version: i64,
    /// The call that it was cloned from.
    pub cloned_from: Option<CallId>,
    /// When it was published.
    pub published_at: Option<Instant>,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Call {
    /// Where it stands.
    pub fn phase(&self, now: Instant) -> Phase {
        match self.state {
            CallState::Draft => Phase::Draft,
            CallState::Closed => Phase::Closed,
            CallState::Published if self.opens_at.is_some_and(|opens| now < opens) => Phase::Soon,
            CallState::Published if self.closes_at.is_some_and(|closes| now >= closes) => Phase::Over,
            CallState::Published => Phase::Open,
        }
    }

    /// The year that series of facts are counted from: that in which it opens, else in which it was published.
    pub fn year(&self) -> i16 {
        self.opens_at.or(self.published_at).unwrap_or(self.updated_at).date().year()
    }
}

/// One version of a call's form.
#[derive(Clone, PartialEq, Debug)]
pub struct CallForm {
    /// Its number, from 1.
    pub version: i64,
    /// The schema.
    pub schema: serde_json::Value,
    /// SHA-256 of the schema's canonical form.
    pub digest: String,
    /// Somebody has begun an application with it: it is never changed any more.
    pub used: bool,
    /// When it was made.
    pub made_at: Instant,
    /// By whom.
    pub made_name: String,
}

/// Which calls a list shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(default)]
pub struct CallFilter {
    /// Words of the title, or the number.
    pub q: Option<String>,
    /// What is called for.
    pub kind: Option<String>,
    /// `soon`, `open`, `over`, and for offices `draft` and `closed`.
    pub phase: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(opens: Option<i64>, closes: Option<i64>) -> Call {
        Call {
            id: CallId::new(),
            number: String::new(),
            owner: OrganizationId::new(),
            role: Role::Secretariat,
            kind: CallKind::Other,
            title: Text2::zh("x"),
            state: CallState::Published,
            opens_at: opens.map(Instant),
            closes_at: closes.map(Instant),
            setup: Setup::default(),
            form_version: 1,
            version: 1,
            cloned_from: None,
            published_at: None,
            updated_at: Instant(0),
        }
    }

    #[test]
    fn the_end_of_a_window_is_not_within_it() {
        let one = call(Some(10), Some(20));
        let at = |instant| one.phase(Instant(instant));
        assert_eq!([at(9), at(10), at(19), at(20)], [Phase::Soon, Phase::Open, Phase::Open, Phase::Over]);
        assert_eq!(call(None, None).phase(Instant(i64::MAX)), Phase::Open);
    }
}
