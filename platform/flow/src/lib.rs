//! Cases that go through steps: in order or side by side, with opinions, return, a second person, deadlines in working
//! days, votes with quorum and minutes, public comment and notice. The steps are data ([`Plan`]); a case keeps the plan it
//! was begun with.
//!
//! Whose turn it is has a task (待办); every step that was done is in the record; all of it commits with whatever the
//! module does about it. The crate knows no module: a use case calls [`act`] in its transaction and looks at what
//! [`Moved`] says. Whether the actor may see and touch the object at all, the use case has asked before; whether it is
//! their turn, this crate asks.

mod act;
pub mod moves;
mod plan;
mod progress;
mod sql;
mod start;
mod view;

use codes::working_days::Calendar;
use jinmen_core::{Date, Instant, Object, OrganizationId, codes, id};
use store::{MigrationSet, migrations};

pub use act::{Deed, Doing, Moved, act, notices_over, withdraw};
pub use plan::{Days, Doer, Kind, Of, Otherwise, Plan, Share, Stage, Step};
pub use progress::{Ballot, Outcome};
pub use start::{New, start};
pub use view::{StepDone, StepState, flow, latest, running, running_notices, steps, waiting};

/// The tables of flows and their steps.
pub const MIGRATIONS: MigrationSet = migrations!("flow", 1 "0001_flow");

/// The kind of the task that waits for whoever does a step; its `dedup` is the name of flow and step.
pub const TASK: &str = "flow.step";
/// Characters of an opinion.
pub const OPINION_MOST: usize = 4_000;

id!(
    /// A case on its way through a plan.
    FlowId
);
store::arg_id!(FlowId);
id!(
    /// A step that was opened.
    StepId
);
store::arg_id!(StepId);

/// When something is done, and the calendar of working days that deadlines are counted by.
#[derive(Clone, Copy, Debug)]
pub struct When<'a> {
    /// Now.
    pub now: Instant,
    /// Working days, with those that the instance added.
    pub calendar: &'a Calendar,
}

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Steps are open.
    Running,
    /// The last stage was passed.
    Done,
    /// Refused, or a stage failed.
    Rejected,
    /// Taken back by whoever began it.
    Withdrawn,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Running, Self::Done, Self::Rejected, Self::Withdrawn];

    /// The word in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A case on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Its identifier.
    pub id: FlowId,
    /// Which of several flows of the object.
    pub name: String,
    /// What goes through it.
    pub object: Object,
    /// Whose case it is.
    pub owner: OrganizationId,
    /// What tasks call it.
    pub title: String,
    /// Where it is worked on.
    pub link: String,
    /// The plan it was begun with.
    pub plan: Plan,
    /// Where it stands.
    pub state: State,
    /// The place of the stage that is open, or that was when it ended.
    pub stage: usize,
    /// How often it was sent back.
    pub round: i64,
    /// Goes up with every change.
    pub version: i64,
    /// When it was begun.
    pub started_at: Instant,
    /// When it ended.
    pub ended_at: Option<Instant>,
}

impl Flow {
    /// The stage that is open.
    pub fn open_stage(&self) -> Option<&Stage> {
        self.plan.stages.get(self.stage).filter(|_| self.state == State::Running)
    }
}

/// A day's beginning, for what ends with the day before.
fn over(ends_on: Date, today: Date) -> bool {
    ends_on <= today
}
