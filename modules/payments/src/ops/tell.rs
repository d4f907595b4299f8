//! Tasks of an item: whoever keeps the books sees that it falls due, and whoever owes that it is to be paid.

use cases::{NewTask, WaitsFor};
use jinmen_core::{Actor, Instant, Result};
use serde_json::json;
use store::Tx;

use super::{TASK, TASK_OWED, object, own_page, page};
use crate::model::{Direction, Item, ItemState, Subject};

/// Brings the tasks of an item in line with how it stands: none without a day, none once it is paid or cancelled.
pub(super) async fn tell(tx: &mut Tx, actor: &Actor, now: Instant, item: &Item) -> Result<()> {
    if item.state != ItemState::Open || item.due_on.is_none() {
        cases::close_tasks_on(tx, actor, now, &object(item.id)).await?;
        return Ok(());
    }
    cases::open_task(tx, now, office(item)).await?;
    if item.direction == Direction::In {
        cases::open_task(tx, now, owed(item)).await?;
    }
    Ok(())
}

fn office(item: &Item) -> NewTask {
    let args = json!({
        "title": item.title, "name": item.subject_name, "left": item.left().to_grouped_string(),
        "way": item.direction.code(),
    });
    let waits_for = WaitsFor::Role(item.keeper, item.owner);
    NewTask::new(TASK, object(item.id), waits_for, page(item.id), args).due(item.due_on)
}

fn owed(item: &Item) -> NewTask {
    let args = json!({ "title": item.title, "left": item.left().to_grouped_string() });
    let waits_for = match item.subject {
        Subject::Organization(id) => WaitsFor::Organization(id),
        Subject::Person(id) => WaitsFor::Person(id),
    };
    NewTask::new(TASK_OWED, object(item.id), waits_for, own_page(item.id), args).due(item.due_on)
}
