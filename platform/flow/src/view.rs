//! Cases and their steps as they are read.

use jinmen_core::{AccountId, Date, Instant, Object, Result};
use serde_json::Value;
use store::{Conn, Db};

use crate::{Ballot, Flow, FlowId, Outcome, StepId, sql};

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Somebody's turn.
    Open,
    /// A notice that runs.
    Running,
    /// Done.
    Done,
    /// Not needed any more.
    Void,
}

impl StepState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Open, Self::Running, Self::Done, Self::Void];

    /// The word in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Running => "running",
            Self::Done => "done",
            Self::Void => "void",
        }
    }
}

/// A step that was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct StepDone {
    /// Its identifier.
    pub id: StepId,
    /// The place of its stage.
    pub stage: usize,
    /// In which round.
    pub round: i64,
    /// Its name in the plan.
    pub step: String,
    /// Where it stands.
    pub state: StepState,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// In words.
    pub opinion: String,
    /// Of a vote the ballot, of a return where to.
    pub details: Value,
    /// The account that did it.
    pub account: Option<AccountId>,
    /// Their name then; empty for what ended by itself.
    pub name: String,
    /// Nobody else could have done it, though the plan wants another person.
    pub alone: bool,
    /// When it was opened.
    pub opened_at: Instant,
    /// By when it should be done.
    pub due_on: Option<Date>,
    /// The first day after a notice.
    pub ends_on: Option<Date>,
    /// When it was done.
    pub closed_at: Option<Instant>,
}

impl StepDone {
    pub(crate) fn is_at(&self, stage: usize, round: i64, step: &str) -> bool {
        self.stage == stage && self.round == round && self.step == step
    }

    /// What a vote came to.
    pub fn ballot(&self) -> Option<Ballot> {
        self.details.get("ballot").and_then(|ballot| serde_json::from_value(ballot.clone()).ok())
    }

    /// The last day of a notice.
    pub fn until(&self) -> Option<Date> {
        self.ends_on.and_then(Date::yesterday)
    }
}

/// A case.
pub async fn flow<'a>(conn: impl Into<Conn<'a>>, id: FlowId) -> Result<Flow> {
    Ok(sql::flow(conn, id).await?)
}

/// The case of a name that an object is going through now.
pub async fn running<'a>(conn: impl Into<Conn<'a>>, object: &Object, name: &str) -> Result<Option<Flow>> {
    Ok(sql::latest(conn, object, name).await?.filter(|flow| flow.state == crate::State::Running))
}

/// The case of a name that an object went through last, or is going through.
pub async fn latest<'a>(conn: impl Into<Conn<'a>>, object: &Object, name: &str) -> Result<Option<Flow>> {
    Ok(sql::latest(conn, object, name).await?)
}

/// Every step of a case that was opened, oldest first; a thousand at most.
pub async fn steps<'a>(conn: impl Into<Conn<'a>>, id: FlowId) -> Result<Vec<StepDone>> {
    Ok(sql::steps(conn, id).await?)
}

/// Those of some objects of a kind whose running flow of a name waits for somebody to do a step, in one statement; others
/// have none, or a notice that runs.
pub async fn waiting(db: &Db, kind: &str, name: &str, ids: Vec<String>) -> Result<Vec<String>> {
    Ok(sql::waiting(db, kind, name, ids).await?)
}

/// The notices of a step that run, of all flows of a name: what each is about and its last day, the soonest to end first.
pub async fn running_notices(db: &Db, name: &str, step: &str, most: u32) -> Result<Vec<(Object, Option<Date>)>> {
    let rows = sql::running_notices(db, name, step, most).await?;
    Ok(rows.into_iter().map(|(object, ends)| (object, ends.and_then(Date::yesterday))).collect())
}
