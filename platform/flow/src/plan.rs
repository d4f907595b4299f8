//! A plan: stages one after another, in each of which steps are done side by side. It is plain data that is written in
//! code, kept in a database or made on a page; [`Plan::check`] says what is wrong with it.

use jinmen_core::{Fault, Faults, OrganizationId, Role, Text2};
use serde::{Deserialize, Serialize};

/// Stages of a plan.
pub const STAGES_MOST: usize = 40;
/// Steps of a stage.
pub const STEPS_MOST: usize = 40;
/// Days that a step or a notice may take.
pub const DAYS_MOST: u16 = 366;

/// The stages a case goes through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The stages in order.
    pub stages: Vec<Stage>,
}

/// One stage: its steps are open at the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Its name within the plan.
    pub key: String,
    /// What people call it.
    pub title: Text2,
    /// What is done in it.
    pub steps: Vec<Step>,
    /// How many steps must end well; all of them where nothing is said. Those still open then are void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enough: Option<u16>,
    /// What happens when that cannot be reached any more.
    #[serde(default)]
    pub otherwise: Otherwise,
}

/// What happens when a stage fails: too many disagreed, or a vote was lost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// The case is rejected.
    #[default]
    Reject,
    /// It goes on all the same: opinions are advice.
    GoOn,
    /// It goes back to a stage.
    Return(String),
}

/// Something that somebody does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its name, unique within the plan.
    pub key: String,
    /// What people call it.
    pub title: Text2,
    /// What kind of thing it is.
    pub kind: Kind,
    /// Who does it.
    pub by: Doer,
    /// Working days it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<u16>,
    /// Steps whose doer may not do this one (双人复核).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_by: Vec<String>,
    /// Stages to which it may send the case back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub back_to: Vec<String>,
    /// Whether it may reject the case.
    #[serde(default)]
    pub may_reject: bool,
    /// Whether it takes words, not a tap alone.
    #[serde(default)]
    pub needs_opinion: bool,
}

/// The kinds of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Done, or not yet.
    Act,
    /// Agreed or not (会签).
    Opinion,
    /// A vote that somebody takes the minutes of (集体审议).
    Vote {
        /// The share of those entitled who must be there.
        quorum: Share,
        /// The share that must be in favour.
        majority: Share,
        /// Of whom.
        of: Of,
    },
    /// Open to the public or to those concerned for a number of days (征求意见, 公示); it ends by itself.
    Notice {
        /// At least so many days, the day it begins not counted.
        days: u16,
        /// Which days count.
        count: Days,
    },
}

/// Which days count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Days {
    /// Working days of the public calendar.
    Working,
    /// Every day.
    Calendar,
}

/// Of whom a majority is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Those who are there.
    Present,
    /// Those entitled to vote.
    Entitled,
}

/// A share of people, compared exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Above the line.
    pub top: u16,
    /// Below the line.
    pub bottom: u16,
    /// More than that share, or that share at least.
    pub more: bool,
}

impl Share {
    /// More than half (过半数).
    pub const MORE_THAN_HALF: Self = Self { top: 1, bottom: 2, more: true };
    /// Two thirds at least (三分之二以上).
    pub const TWO_THIRDS: Self = Self { top: 2, bottom: 3, more: false };

    /// Whether so many of so many are enough.
    pub fn reached(self, part: u32, whole: u32) -> bool {
        let (part, whole) = (u64::from(part) * u64::from(self.bottom), u64::from(whole) * u64::from(self.top));
        if self.more { part > whole } else { part >= whole }
    }

    fn is_sound(self) -> bool {
        self.bottom > 0 && self.top <= self.bottom && !(self.more && self.top == self.bottom)
    }
}

/// Who does a step: whoever wears the role for the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doer {
    /// The role.
    pub role: Role,
    /// For which organisation; the owner of the case where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
}

impl Doer {
    /// Whoever wears the role for the owner of the case.
    pub const fn owner(role: Role) -> Self {
        Self { role, organization: None }
    }

    /// Whoever wears the role for an organisation.
    pub const fn of(role: Role, organization: OrganizationId) -> Self {
        Self { role, organization: Some(organization) }
    }
}

impl Step {
    /// A step of a kind, done by somebody, without more to it.
    pub fn new(key: &str, title: Text2, kind: Kind, by: Doer) -> Self {
        Self {
            key: key.to_owned(),
            title,
            kind,
            by,
            within: None,
            not_by: Vec::new(),
            back_to: Vec::new(),
            may_reject: false,
            needs_opinion: false,
        }
    }

    /// To be done within working days.
    #[must_use]
    pub fn within(mut self, days: u16) -> Self {
        self.within = Some(days);
        self
    }

    /// Not by whoever did this step.
    #[must_use]
    pub fn not_by(mut self, step: &str) -> Self {
        self.not_by.push(step.to_owned());
        self
    }

    /// May send the case back to this stage.
    #[must_use]
    pub fn back_to(mut self, stage: &str) -> Self {
        self.back_to.push(stage.to_owned());
        self
    }

    /// May reject the case.
    #[must_use]
    pub fn may_reject(mut self) -> Self {
        self.may_reject = true;
        self
    }

    /// Takes words.
    #[must_use]
    pub fn needs_opinion(mut self) -> Self {
        self.needs_opinion = true;
        self
    }
}

impl Stage {
    /// A stage of one step, named like it.
    pub fn one(step: Step) -> Self {
        Self {
            key: step.key.clone(),
            title: step.title.clone(),
            steps: vec![step],
            enough: None,
            otherwise: Otherwise::Reject,
        }
    }

    /// When it fails.
    #[must_use]
    pub fn otherwise(mut self, otherwise: Otherwise) -> Self {
        self.otherwise = otherwise;
        self
    }
}

impl Plan {
    /// The place of a stage.
    pub fn place(&self, stage: &str) -> Option<usize> {
        self.stages.iter().position(|one| one.key == stage)
    }

    /// A step by its name.
    pub fn step(&self, key: &str) -> Option<&Step> {
        self.stages.iter().flat_map(|stage| &stage.steps).find(|step| step.key == key)
    }

    /// Everything that is wrong with it: nothing in it, names twice, shares above one, days out of bounds, and a second
    /// person or a return that names what does not come before.
    ///
    /// # Errors
    /// One fault of the field `plan` for each, with the stage or the step.
    pub fn check(&self) -> jinmen_core::Result<()> {
        let mut faults = Faults::new();
        if self.stages.is_empty() || self.stages.len() > STAGES_MOST {
            faults.push(Fault::at("plan", "flow.stages").with("most", STAGES_MOST));
        }
        for (at, stage) in self.stages.iter().enumerate() {
            self.check_stage(at, stage, &mut faults);
        }
        faults.check()
    }

    fn check_stage(&self, at: usize, stage: &Stage, faults: &mut Faults) {
        let mut push = |code: &str, name: &str| faults.push(Fault::at("plan", code).with("name", name));
        if self.place(&stage.key) != Some(at) || stage.key.is_empty() {
            push("flow.stage_name", &stage.key);
        }
        if stage.steps.is_empty() || stage.steps.len() > STEPS_MOST {
            push("flow.steps", &stage.key);
        }
        if stage.enough.is_some_and(|enough| enough == 0 || usize::from(enough) > stage.steps.len()) {
            push("flow.enough", &stage.key);
        }
        if let Otherwise::Return(to) = &stage.otherwise
            && self.place(to).is_none_or(|place| place > at)
        {
            push("flow.return_later", &stage.key);
        }
        for step in &stage.steps {
            let first =
                self.stages.iter().enumerate().flat_map(|(at, one)| one.steps.iter().map(move |step| (at, step)));
            let mut same = first.filter(|(_, other)| other.key == step.key);
            if step.key.is_empty() || same.next().map(|(at, _)| at) != Some(at) || same.next().is_some() {
                push("flow.step_name", &step.key);
            }
            let earlier =
                |key: &String| self.stages[..at].iter().any(|stage| stage.steps.iter().any(|one| one.key == *key));
            if !step.not_by.iter().all(earlier) {
                push("flow.second_later", &step.key);
            }
            if step.back_to.iter().any(|to| self.place(to).is_none_or(|place| place >= at)) {
                push("flow.return_later", &step.key);
            }
            let sound = match step.kind {
                Kind::Act | Kind::Opinion => true,
                Kind::Vote { quorum, majority, .. } => quorum.is_sound() && majority.is_sound(),
                Kind::Notice { days, .. } => days > 0 && days <= DAYS_MOST,
            };
            if !sound || step.within.is_some_and(|days| days == 0 || days > DAYS_MOST) {
                push("flow.bounds", &step.key);
            }
        }
    }
}
