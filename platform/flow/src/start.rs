//! Beginning a case, and opening the steps of a stage.

use cases::{NewTask, WaitsFor, open_task};
use jinmen_core::{Actor, Date, Error, Object, OrganizationId, Result};
use serde_json::json;
use store::Tx;

use crate::plan::{Plan, Step};
use crate::{Flow, FlowId, State, TASK, When, sql};

/// A case to be begun.
#[derive(Clone, Debug)]
pub struct New {
    /// Which of several flows of the object, such as `policy.life`.
    pub name: &'static str,
    /// What goes through it.
    pub object: Object,
    /// Whose case it is.
    pub owner: OrganizationId,
    /// What tasks call it.
    pub title: String,
    /// Where it is worked on.
    pub link: String,
    /// The stages.
    pub plan: Plan,
}

/// Begins a case: its first stage is open.
///
/// # Errors
/// What is wrong with the plan; `flow.running` when the object is on its way through a flow of this name already.
pub async fn start(tx: &mut Tx, actor: &Actor, when: When<'_>, new: New) -> Result<Flow> {
    new.plan.check()?;
    let now = when.now;
    let flow = Flow {
        id: FlowId::new(),
        name: new.name.to_owned(),
        object: new.object,
        owner: new.owner,
        title: new.title,
        link: new.link,
        plan: new.plan,
        state: State::Running,
        stage: 0,
        round: 1,
        version: 1,
        started_at: now,
        ended_at: None,
    };
    if !sql::insert(tx, &flow).await? {
        return Err(Error::conflict("flow.running"));
    }
    let data = json!({ "flow": flow.id.text(), "name": flow.name });
    record::append(tx, actor, now, "flow.started", flow.object.clone(), data).await?;
    open_stage(tx, when, &flow).await?;
    Ok(flow)
}

/// Opens the steps of the stage at which a case stands, each with its task.
pub(crate) async fn open_stage(tx: &mut Tx, when: When<'_>, flow: &Flow) -> Result<()> {
    let Some(stage) = flow.open_stage() else { return Ok(()) };
    let due: Vec<Option<Date>> = stage.steps.iter().map(|step| due_on(step, when)).collect();
    sql::open_steps(tx, flow, stage, &due, when.now).await?;
    for (step, due) in stage.steps.iter().zip(due) {
        open_task(tx, when.now, task(flow, step).due(due)).await?;
    }
    Ok(())
}

/// The task of whoever does a step.
pub(crate) fn task(flow: &Flow, step: &Step) -> NewTask {
    let waits_for = WaitsFor::Role(step.by.role, step.by.organization.unwrap_or(flow.owner));
    let zh = &step.title.zh;
    let args = json!({ "name": flow.title, "step": zh, "step_en": step.title.en.as_ref().unwrap_or(zh) });
    NewTask::new(TASK, flow.object.clone(), waits_for, flow.link.clone(), args).dedup(dedup(flow, &step.key))
}

/// Tells the task of a step from others on the object.
pub(crate) fn dedup(flow: &Flow, step: &str) -> String {
    format!("{}/{step}", flow.name)
}

/// By when a step should be done. Years before the calendar's have no working days and so no day.
fn due_on(step: &Step, when: When<'_>) -> Option<Date> {
    let days = u32::from(step.within?);
    when.calendar.add(when.now.date(), days).ok().map(|due| due.date)
}
