//! What is decided about a call besides its title and window: bodies, text, eligibility, stages, notice, outcome.

use flow::{Days, Doer, Kind, Of, Otherwise, Plan, Share, Stage, Step};
use jinmen_core::{Date, Fault, Faults, Money, Object, OrganizationId, Result, Role, Text2};
use serde::{Deserialize, Serialize};

use super::words;

/// Characters of the notice's text.
pub const BODY_MOST: usize = 40_000;
/// Characters of a name, an office, an address.
pub const SHORT_MOST: usize = 200;
/// Bytes of a rule.
const RULE_MOST: usize = 64 * 1024;

words!(
    /// What a body is to a call.
    BodyPart, "calls-body-" {
        /// 指导单位.
        Guide = "guide",
        /// 主办单位.
        Host = "host",
        /// 承办单位.
        Organizer = "organizer",
        /// 协办单位.
        Helper = "helper",
        /// 支持单位.
        Supporter = "supporter",
    }
);

words!(
    /// Who may apply.
    Applicants, "calls-applicants-" {
        /// Organisations, through those who act for them.
        Organizations = "organizations",
        /// People for themselves.
        People = "people",
        /// Both.
        Either = "either",
    }
);

words!(
    /// The kinds of stage.
    StageKind, "calls-stage-kind-" {
        /// Formal check (受理、形式审查).
        Check = "check",
        /// Preliminary review with an opinion (初审).
        Review = "review",
        /// Several offices side by side (联审).
        Consult = "consult",
        /// Experts (专家评审).
        Experts = "experts",
        /// Collective decision by vote (集体审议).
        Decision = "decision",
        /// Public notice (公示).
        Notice = "notice",
        /// Official reply with its number (批复).
        Reply = "reply",
    }
);

words!(
    /// What comes of an application that passed.
    OutcomeKind, "calls-outcome-" {
        /// Nothing but the result.
        Nothing = "nothing",
        /// The applicant becomes a member of the calling organisation.
        Membership = "membership",
        /// A prize, in instalments.
        Award = "award",
        /// Support under a clause of a policy.
        Benefit = "benefit",
    }
);

/// A body of a call. One that is in the registry may run it with limited, expiring rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// What it is to the call.
    pub part: BodyPart,
    /// Its name.
    pub name: String,
    /// Its file, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// It may work on applications up to this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// A track or a group of a competition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// Its name in the database.
    pub key: String,
    /// What it is called.
    pub title: Text2,
}

/// Who has a part in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The role.
    pub role: Role,
    /// The organisation.
    pub organization: OrganizationId,
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageSetup {
    /// Its name, unique within the call.
    pub key: String,
    /// What is done in it.
    pub kind: StageKind,
    /// What it is called.
    pub title: Text2,
    /// Working days it may take; of a notice, how long it runs.
    #[serde(default)]
    pub days: u16,
    /// Of a consultation, who is asked; of any other stage the call's own office where nobody is named.
    #[serde(default)]
    pub seats: Vec<Seat>,
    /// Of a consultation, whether one that disagrees stops the case.
    #[serde(default)]
    pub binding: bool,
    /// Not by whoever did this earlier stage (双人复核).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub not_by: String,
    /// Of a decision, the share of those entitled who must be there; more than half where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<Share>,
    /// Of a decision, the share of those present that must be in favour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub majority: Option<Share>,
}

/// On what a call rests: a policy, or what else another module keeps and publishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// What it is.
    pub object: Object,
    /// What it is called.
    pub title: Text2,
    /// Its number (文号); empty where it has none.
    pub number: String,
    /// Where everybody reads it.
    pub link: String,
}

/// How results are published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoticeSetup {
    /// On what it rests.
    pub basis: String,
    /// How many days after its end names of people are taken down; the record is kept.
    pub keep_days: u16,
    /// The question whose answer names the project in the list; empty for none.
    pub project: String,
}

impl Default for NoticeSetup {
    fn default() -> Self {
        Self { basis: String::new(), keep_days: 30, project: String::new() }
    }
}

/// What comes of an application that passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutcomeSetup {
    /// What kind of thing.
    pub kind: OutcomeKind,
    /// Of a membership, the grade.
    pub grade: String,
    /// Of a membership, a year's dues; of an award, the prize; of a benefit, a fixed sum. None: what was decided.
    pub amount: Option<Money>,
    /// Of an award, the parts in percent with the condition of each; all at once where there are none.
    pub parts: Vec<Part>,
    /// Of a benefit, the clause under which it is a receipt.
    pub benefit: String,
}

/// A part of an award.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    /// How much of it, in percent.
    pub percent: u8,
    /// What has to happen first.
    pub condition: String,
}

impl Default for OutcomeSetup {
    fn default() -> Self {
        Self {
            kind: OutcomeKind::Nothing,
            grade: String::new(),
            amount: None,
            parts: Vec::new(),
            benefit: String::new(),
        }
    }
}

/// Everything that is decided about a call besides its title and its window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Setup {
    /// The call in a sentence.
    pub summary: Text2,
    /// The text of the notice.
    pub body: Text2,
    /// The bodies in the order in which they are named; it is never sorted.
    pub bodies: Vec<Body>,
    /// Who may apply.
    pub applicants: Applicants,
    /// Tracks.
    pub tracks: Vec<Track>,
    /// Groups.
    pub groups: Vec<Track>,
    /// Who is eligible, in words.
    pub eligibility: Text2,
    /// The same as a rule: a text of the policy language, of which every clause must hold; empty for none.
    pub rule: String,
    /// Which clause of the rule counts, by its id; every one where this is empty.
    pub clause: String,
    /// On what the call rests, where that is kept here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Whoever is certainly not eligible cannot hand in.
    pub strict: bool,
    /// Applications of one applicant.
    pub most: u16,
    /// Places to be given; none where nobody counts.
    pub quota: Option<u32>,
    /// Working days for a correction.
    pub correction_days: u16,
    /// The stages.
    pub stages: Vec<StageSetup>,
    /// How results are published.
    pub notice: NoticeSetup,
    /// What comes of it.
    pub outcome: OutcomeSetup,
    /// The office that receives it.
    pub office: String,
    /// Where that is.
    pub address: String,
    /// A human's telephone.
    pub telephone: String,
    /// Of its supervision.
    pub supervision: String,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            summary: Text2::default(),
            body: Text2::default(),
            bodies: Vec::new(),
            applicants: Applicants::Organizations,
            tracks: Vec::new(),
            groups: Vec::new(),
            eligibility: Text2::default(),
            rule: String::new(),
            clause: String::new(),
            basis: None,
            strict: false,
            most: 1,
            quota: None,
            correction_days: 5,
            stages: Vec::new(),
            notice: NoticeSetup::default(),
            outcome: OutcomeSetup::default(),
            office: String::new(),
            address: String::new(),
            telephone: String::new(),
            supervision: String::new(),
        }
    }
}

impl Setup {
    /// Everything that is wrong with it, each with its field.
    ///
    /// # Errors
    /// Faults of `stages`, `parts`, `body_zh`, `rule`, `most` and so on.
    pub fn check(&self, role: Role) -> Result<()> {
        let mut faults = Faults::new();
        let long = |field: &str, text: &str, most: usize| {
            (text.chars().count() > most).then(|| Fault::at(field, "core.too_long").with("most", most))
        };
        let texts = [
            long("body_zh", &self.body.zh, BODY_MOST),
            long("eligibility_zh", &self.eligibility.zh, BODY_MOST),
            (self.rule.len() > RULE_MOST).then(|| Fault::at("rule", "core.too_long").with("most", RULE_MOST)),
            (self.most == 0 || self.most > 20).then(|| Fault::at("most", "calls.most")),
        ];
        texts.into_iter().flatten().for_each(|fault| faults.push(fault));
        for (field, tracks) in [("tracks", &self.tracks), ("groups", &self.groups)] {
            let mut keys: Vec<&str> = tracks.iter().map(|track| track.key.as_str()).collect();
            keys.sort_unstable();
            keys.dedup();
            if keys.len() != tracks.len()
                || tracks.iter().any(|track| track.key.is_empty() || track.title.zh.is_empty())
            {
                faults.push(Fault::at(field, "calls.tracks"));
            }
        }
        let outcome = &self.outcome;
        let whole: u32 = outcome.parts.iter().map(|part| u32::from(part.percent)).sum();
        if !outcome.parts.is_empty() && whole != 100 {
            faults.push(Fault::at("parts", "calls.parts_sum").with("sum", whole));
        }
        if outcome.kind == OutcomeKind::Award && outcome.amount.is_none() {
            faults.push(Fault::at("amount", "core.required"));
        }
        if outcome.kind == OutcomeKind::Benefit && outcome.benefit.trim().is_empty() {
            faults.push(Fault::at("benefit", "core.required"));
        }
        match self.plan(role).check() {
            Ok(()) => {}
            Err(jinmen_core::Error::Invalid(found)) => {
                found.into_iter().for_each(|fault| faults.push(Fault { field: Some("stages".into()), ..fault }));
            }
            Err(other) => return Err(other),
        }
        for stage in self.stages.iter().filter(|stage| stage.kind == StageKind::Consult && stage.seats.is_empty()) {
            faults.push(Fault::at("stages", "calls.no_seats").with("name", &stage.title.zh));
        }
        faults.check()
    }

    /// The stages as a plan of steps, done by an office in a role where no seat is named.
    pub fn plan(&self, role: Role) -> Plan {
        let mut earlier: Vec<&str> = Vec::new();
        let mut stages = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            stages.push(stage.of_plan(role, &earlier));
            earlier.push(&stage.key);
        }
        Plan { stages }
    }

    /// The same from the first public notice on: for applications that come checked (免申即享). Returns to stages before it
    /// and second persons of them fall away. None where there is no notice.
    pub fn plan_from_notice(&self, role: Role) -> Option<Plan> {
        let first = self.stages.iter().position(|stage| stage.kind == StageKind::Notice)?;
        let mut plan = self.plan(role);
        plan.stages.drain(..first);
        let stages: Vec<String> = plan.stages.iter().map(|stage| stage.key.clone()).collect();
        let steps: Vec<String> =
            plan.stages.iter().flat_map(|stage| &stage.steps).map(|step| step.key.clone()).collect();
        for step in plan.stages.iter_mut().flat_map(|stage| &mut stage.steps) {
            step.back_to.retain(|key| stages.contains(key));
            step.not_by.retain(|key| steps.contains(key));
        }
        Some(plan)
    }

    /// A stage by its name.
    pub fn stage(&self, key: &str) -> Option<&StageSetup> {
        self.stages.iter().find(|stage| stage.key == key)
    }
}

impl StageSetup {
    fn of_plan(&self, role: Role, earlier: &[&str]) -> Stage {
        let kind = match self.kind {
            StageKind::Check | StageKind::Experts | StageKind::Reply => Kind::Act,
            StageKind::Review | StageKind::Consult => Kind::Opinion,
            StageKind::Decision => Kind::Vote {
                quorum: self.quorum.unwrap_or(Share::MORE_THAN_HALF),
                majority: self.majority.unwrap_or(Share::MORE_THAN_HALF),
                of: Of::Present,
            },
            StageKind::Notice => Kind::Notice { days: self.days.max(1), count: Days::Working },
        };
        let seats: Vec<Doer> = match self.seats.as_slice() {
            [] => vec![Doer::owner(role)],
            seats => seats.iter().map(|seat| Doer::of(seat.role, seat.organization)).collect(),
        };
        let several = seats.len() > 1;
        let steps = seats.into_iter().enumerate().map(|(at, by)| {
            let key = if several { format!("{}_{}", self.key, at + 1) } else { self.key.clone() };
            let mut step = Step::new(&key, self.title.clone(), kind, by);
            step.within = (self.days > 0 && self.kind != StageKind::Notice).then_some(self.days);
            step.may_reject = self.kind != StageKind::Consult;
            step.needs_opinion = matches!(self.kind, StageKind::Review | StageKind::Experts | StageKind::Reply);
            step.back_to = match self.kind {
                StageKind::Consult | StageKind::Notice => Vec::new(),
                _ => earlier.iter().map(|key| (*key).to_owned()).collect(),
            };
            step.not_by = Some(self.not_by.clone()).filter(|key| !key.is_empty()).into_iter().collect();
            step
        });
        let advice = self.kind == StageKind::Consult && !self.binding;
        Stage {
            key: self.key.clone(),
            title: self.title.clone(),
            steps: steps.collect(),
            enough: None,
            otherwise: if advice { Otherwise::GoOn } else { Otherwise::Reject },
        }
    }
}
