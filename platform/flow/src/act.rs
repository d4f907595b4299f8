//! Doing a step, and what follows from it.

use jinmen_core::{Actor, Date, Error, Fault, Instant, OrganizationId, PersonId, Result, SignedIn};
use serde_json::{Value, json};
use store::{Db, Tx};

use crate::plan::{Days, Kind, Otherwise, Step};
use crate::progress::{Ballot, Outcome, Verdict, verdict};
use crate::start::{dedup, open_stage};
use crate::view::{StepDone, StepState};
use crate::{Flow, FlowId, OPINION_MOST, State, TASK, When, over, sql};

/// What somebody does with a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It is done; of an opinion: agreed.
    Done,
    /// Not agreed.
    Disagree,
    /// Back to a stage.
    Return(String),
    /// Refused.
    Reject,
    /// The vote came to this.
    Vote(Ballot),
    /// The notice begins and ends with the day; the shortest the plan allows where none is named.
    Begin(Option<Date>),
}

/// A step to be done.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    /// The step's name.
    pub step: &'a str,
    /// What is done.
    pub doing: Doing,
    /// In words.
    pub opinion: &'a str,
    /// The version of the case that the actor saw; nothing where it does not matter.
    pub seen: Option<i64>,
    /// Who could do it besides the actor: an office of one person does it alone, and the step says so.
    pub colleagues: &'a [PersonId],
}

impl<'a> Deed<'a> {
    /// A step done, with words.
    pub fn done(step: &'a str, opinion: &'a str) -> Self {
        Self { step, doing: Doing::Done, opinion, seen: None, colleagues: &[] }
    }
}

/// What a step led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// Others of the stage are still open.
    Waits,
    /// The next stage is open: its place.
    On(usize),
    /// Back at a stage: its place.
    Back(usize),
    /// The case has ended.
    Ended(State),
}

/// Does a step within the transaction of the use case, which acts upon what it led to.
///
/// # Errors
/// `Stale` when the case has changed since it was seen; conflicts `flow.not_open`, `flow.not_yours`,
/// `flow.second_person`; faults of `opinion`, `to`, `until` and the numbers of a vote.
pub async fn act(tx: &mut Tx, actor: &Actor, when: When<'_>, id: FlowId, deed: Deed<'_>) -> Result<(Flow, Moved)> {
    let now = when.now;
    let mut flow = sql::flow(&mut *tx, id).await?;
    if deed.seen.is_some_and(|seen| seen != flow.version) {
        return Err(Error::Stale);
    }
    let stage = flow.open_stage().cloned().ok_or_else(|| Error::conflict("flow.not_open"))?;
    let step = stage.steps.iter().find(|step| step.key == deed.step);
    let step = step.ok_or_else(|| Error::conflict("flow.not_open"))?;
    let done = sql::steps(&mut *tx, id).await?;
    let row = done.iter().find(|row| row.is_at(flow.stage, flow.round, &step.key));
    let row = row.ok_or_else(|| Error::conflict("flow.not_open"))?;
    turn(actor, step, flow.owner)?;
    let opinion = words(step, &deed)?;
    let alone = second(actor, step, &done, deed.colleagues)?;
    let settled = settle(step, row, &deed.doing, when)?;
    take_turn(tx, &mut flow).await?;
    let by = actor.signed_in().ok();
    if let Settled::Begins { ends_on } = settled {
        sql::begin_notice(tx, row.id, ends_on, opinion, by).await?;
        let data = json!({ "flow": id.text(), "step": step.key, "until": ends_on.to_string() });
        record::append(tx, actor, now, "flow.notice.begun", flow.object.clone(), data).await?;
        cases::close_task_of(tx, actor, now, TASK, &flow.object, &dedup(&flow, &step.key)).await?;
        return Ok((flow, Moved::Waits));
    }
    let Settled::Ends { outcome, details } = settled else {
        return Err(Error::internal("flow: a step without an end"));
    };
    let closing = sql::Closing { outcome, opinion, details: &details, by, alone };
    sql::close_step(tx, row.id, closing, now).await?;
    cases::close_task_of(tx, actor, now, TASK, &flow.object, &dedup(&flow, &step.key)).await?;
    let data =
        json!({ "flow": id.text(), "step": step.key, "outcome": outcome.code(), "round": flow.round, "alone": alone });
    record::append(tx, actor, now, "flow.step.done", flow.object.clone(), data).await?;
    let moved = match &deed.doing {
        Doing::Return(to) => back(tx, actor, when, &mut flow, to).await?,
        Doing::Reject => end(tx, actor, when, &mut flow, State::Rejected).await?,
        _ if outcome == Outcome::NoQuorum => again(tx, actor, when, &mut flow).await?,
        _ => go_on(tx, actor, when, &mut flow).await?,
    };
    Ok((flow, moved))
}

/// The notices of flows of a name whose last day is over: the flow and the step, the earliest first. A module looks for
/// them every second and does each step in a transaction of its own, so that what follows from it commits with it.
pub async fn notices_over(db: &Db, now: Instant, name: &str, most: u32) -> Result<Vec<(FlowId, String)>> {
    Ok(sql::over(db, name, now.date(), most).await?)
}

/// Takes a case back: open steps are void.
pub async fn withdraw(tx: &mut Tx, actor: &Actor, when: When<'_>, id: FlowId) -> Result<Flow> {
    let mut flow = sql::flow(&mut *tx, id).await?;
    if flow.state != State::Running {
        return Err(Error::conflict("flow.not_open"));
    }
    take_turn(tx, &mut flow).await?;
    end(tx, actor, when, &mut flow, State::Withdrawn).await?;
    Ok(flow)
}

/// How a step comes out of what was done.
enum Settled {
    Ends { outcome: Outcome, details: Value },
    Begins { ends_on: Date },
}

/// Whether it is the actor's turn: the program's own is any.
fn turn(actor: &Actor, step: &Step, owner: OrganizationId) -> Result<()> {
    if matches!(actor, Actor::System(_)) {
        return Ok(());
    }
    let hat = actor.signed_in()?.hat.as_ref();
    let whose = step.by.organization.unwrap_or(owner);
    let his = hat.is_some_and(|hat| hat.role == step.by.role && hat.organization == Some(whose));
    if his { Ok(()) } else { Err(Error::conflict("flow.not_yours")) }
}

fn words<'a>(step: &Step, deed: &Deed<'a>) -> Result<&'a str> {
    let opinion = deed.opinion.trim();
    let wanted = step.needs_opinion || matches!(deed.doing, Doing::Disagree | Doing::Return(_) | Doing::Reject);
    if wanted && opinion.is_empty() {
        return Err(Fault::at("opinion", "flow.opinion").into());
    }
    if opinion.chars().count() > OPINION_MOST {
        return Err(Fault::at("opinion", "core.too_long").with("most", OPINION_MOST).into());
    }
    Ok(opinion)
}

/// Whether the actor did a step that somebody else must have done; true when there is nobody else.
fn second(actor: &Actor, step: &Step, done: &[StepDone], colleagues: &[PersonId]) -> Result<bool> {
    let Ok(SignedIn { account, person, .. }) = actor.signed_in() else { return Ok(false) };
    let own = step.not_by.iter().any(|key| {
        let last = done.iter().rfind(|row| row.step == *key && row.state == StepState::Done);
        last.is_some_and(|row| row.account == Some(*account))
    });
    let others = colleagues.iter().any(|one| Some(*one) != *person);
    if own && (others || colleagues.is_empty()) {
        return Err(Error::conflict("flow.second_person"));
    }
    Ok(own)
}

fn settle(step: &Step, row: &StepDone, doing: &Doing, when: When<'_>) -> Result<Settled> {
    let state = row.state;
    let ends = |outcome, details| Ok(Settled::Ends { outcome, details });
    if !matches!(state, StepState::Open | StepState::Running) {
        return Err(Error::conflict("flow.not_open"));
    }
    match (step.kind, doing) {
        (_, Doing::Reject) if step.may_reject => ends(Outcome::Rejected, json!({})),
        (_, Doing::Return(to)) if step.back_to.contains(to) => ends(Outcome::Returned, json!({ "to": to })),
        (_, Doing::Return(_)) => Err(Fault::at("to", "flow.return_to").into()),
        (Kind::Act, Doing::Done) => ends(Outcome::Done, json!({})),
        (Kind::Opinion, Doing::Done) => ends(Outcome::Agreed, json!({})),
        (Kind::Opinion, Doing::Disagree) => ends(Outcome::Disagreed, json!({})),
        (Kind::Vote { .. }, Doing::Vote(ballot)) => vote(step, ballot),
        (Kind::Notice { days, count }, Doing::Begin(until)) if state == StepState::Open => {
            Ok(Settled::Begins { ends_on: ends_on(when, days, count, *until)? })
        }
        (Kind::Notice { .. }, Doing::Done) if state == StepState::Running => {
            if !row.ends_on.is_some_and(|day| over(day, when.now.date())) {
                return Err(Error::conflict("flow.notice_runs"));
            }
            ends(Outcome::Ended, json!({}))
        }
        _ => Err(Error::conflict("flow.not_so")),
    }
}

fn vote(step: &Step, ballot: &Ballot) -> Result<Settled> {
    if let Some((field, code)) = ballot.wrong() {
        return Err(Fault::at(field, code).into());
    }
    let outcome = ballot.outcome(step).ok_or_else(|| Error::conflict("flow.not_so"))?;
    Ok(Settled::Ends { outcome, details: json!({ "ballot": ballot }) })
}

/// The first day after a notice that begins today.
fn ends_on(when: When<'_>, days: u16, count: Days, until: Option<Date>) -> Result<Date> {
    let today = when.now.date();
    let least = match count {
        Days::Working => when.calendar.add(today, u32::from(days)).ok().map(|due| due.date),
        Days::Calendar => today.add_days(i64::from(days)).ok(),
    };
    let least = least.ok_or_else(|| Error::from(Fault::at("until", "flow.no_calendar")))?;
    let last = until.unwrap_or(least);
    if last < least {
        return Err(Fault::at("until", "flow.too_short").with("least", least).into());
    }
    last.tomorrow().ok_or_else(|| Fault::at("until", "flow.no_calendar").into())
}

/// Of two who act on one case at once, the second is told to look again.
async fn take_turn(tx: &mut Tx, flow: &mut Flow) -> Result<()> {
    if !sql::take_turn(tx, flow.id, flow.version).await? {
        return Err(Error::Stale);
    }
    flow.version += 1;
    Ok(())
}

/// After a step that ended: the next stage, a failed one's fate, or nothing yet.
async fn go_on(tx: &mut Tx, actor: &Actor, when: When<'_>, flow: &mut Flow) -> Result<Moved> {
    let Some(stage) = flow.open_stage().cloned() else { return Err(Error::internal("flow: no open stage")) };
    let rows = sql::steps(&mut *tx, flow.id).await?;
    let here = rows.iter().filter(|row| row.stage == flow.stage && row.round == flow.round);
    let closed: Vec<Outcome> = here.filter_map(|row| row.outcome).collect();
    match (verdict(&stage, &closed), &stage.otherwise) {
        (Verdict::Waits, _) => Ok(Moved::Waits),
        (Verdict::Passed, _) | (Verdict::Failed, Otherwise::GoOn) => next(tx, actor, when, flow).await,
        (Verdict::Failed, Otherwise::Return(to)) => back(tx, actor, when, flow, to).await,
        (Verdict::Failed, Otherwise::Reject) => end(tx, actor, when, flow, State::Rejected).await,
    }
}

async fn next(tx: &mut Tx, actor: &Actor, when: When<'_>, flow: &mut Flow) -> Result<Moved> {
    void_open(tx, actor, when.now, flow).await?;
    if flow.stage + 1 == flow.plan.stages.len() {
        return end(tx, actor, when, flow, State::Done).await;
    }
    flow.stage += 1;
    sql::stand(tx, flow).await?;
    open_stage(tx, when, flow).await?;
    Ok(Moved::On(flow.stage))
}

async fn back(tx: &mut Tx, actor: &Actor, when: When<'_>, flow: &mut Flow, to: &str) -> Result<Moved> {
    let place = flow.plan.place(to).ok_or_else(|| Error::internal("flow: a return to nowhere"))?;
    void_open(tx, actor, when.now, flow).await?;
    flow.stage = place;
    flow.round += 1;
    sql::stand(tx, flow).await?;
    let data = json!({ "flow": flow.id.text(), "to": to, "round": flow.round });
    record::append(tx, actor, when.now, "flow.returned", flow.object.clone(), data).await?;
    open_stage(tx, when, flow).await?;
    Ok(Moved::Back(place))
}

/// The stage once more: too few were there for a vote.
async fn again(tx: &mut Tx, actor: &Actor, when: When<'_>, flow: &mut Flow) -> Result<Moved> {
    void_open(tx, actor, when.now, flow).await?;
    flow.round += 1;
    sql::stand(tx, flow).await?;
    open_stage(tx, when, flow).await?;
    Ok(Moved::Back(flow.stage))
}

async fn end(tx: &mut Tx, actor: &Actor, when: When<'_>, flow: &mut Flow, state: State) -> Result<Moved> {
    void_open(tx, actor, when.now, flow).await?;
    flow.state = state;
    flow.ended_at = Some(when.now);
    sql::stand(tx, flow).await?;
    let data = json!({ "flow": flow.id.text(), "name": flow.name, "state": state.code() });
    record::append(tx, actor, when.now, "flow.ended", flow.object.clone(), data).await?;
    Ok(Moved::Ended(state))
}

async fn void_open(tx: &mut Tx, actor: &Actor, now: Instant, flow: &Flow) -> Result<()> {
    for step in sql::void_open(tx, flow.id, now).await? {
        cases::close_task_of(tx, actor, now, TASK, &flow.object, &dedup(flow, &step)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jinmen_core::codes::working_days::Calendar;

    #[test]
    fn a_notice_of_five_working_days_steps_over_the_holiday() {
        let day = |text| Date::from_iso(text).unwrap_or(Date::MIN);
        let when = When { now: Instant::start_of(day("2021-09-29")), calendar: Calendar::builtin() };
        // National day 2021: 1 to 7 October off, Saturday 9 worked.
        let ends = ends_on(when, 5, Days::Working, None);
        assert_eq!(ends.ok(), Some(day("2021-10-13")));
        assert!(ends_on(when, 5, Days::Working, Some(day("2021-10-11"))).is_err());
        assert_eq!(ends_on(when, 30, Days::Calendar, None).ok(), Some(day("2021-10-30")));
    }

    #[test]
    fn a_notice_is_over_on_the_day_after_its_last() {
        let day = |text| Date::from_iso(text).unwrap_or(Date::MIN);
        assert!(!over(day("2021-10-13"), day("2021-10-12")));
        assert!(over(day("2021-10-13"), day("2021-10-13")));
    }
}
