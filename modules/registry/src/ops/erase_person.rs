//! Deleting a person's data at their wish. What must stay by law stays without them: the record keeps
//! that something was done and by whom it was decided, but no longer what was known.

use jinmen_core::{Actor, Error, Object, PersonId, Result, Role};
use module::App;
use serde_json::json;

use super::person_for;
use crate::{permissions, sql};

/// Working days within which an answer is due.
const ANSWER_WORKING_DAYS: u32 = 15;

/// What a deleted person is called from then on.
const ERASED: &str = "—";

/// A person asks that their data be deleted; the secretariat that keeps the file gets a task.
pub async fn ask(app: &App, actor: &Actor) -> Result<()> {
    let id = actor.person().ok_or(Error::SignIn)?;
    let mut tx = app.db.begin().await?;
    let person = sql::person::get(&mut tx, id).await?;
    let now = app.clock.now();
    let waits_for = match person.keeper {
        Some(organization) => cases::WaitsFor::Role(Role::Secretariat, organization),
        None => cases::WaitsFor::AnyOf(Role::SystemAdmin),
    };
    let link = format!("/work/people/{id}");
    let due = app.calendar().add(app.clock.today(), ANSWER_WORKING_DAYS).ok().map(|deadline| deadline.date);
    let args = json!({ "name": person.name.zh });
    let task = cases::NewTask::new("registry.erase_person", id, waits_for, link, args).due(due);
    cases::open_task(&mut tx, now, task).await?;
    record::append(&mut tx, actor, now, "registry.person.erasure_asked", id, json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes everything known about a person.
pub async fn erase_person(app: &App, actor: &Actor, id: PersonId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    person_for(&mut tx, actor, &permissions::DELETE_PERSON, id).await?;
    let subject = Object::from(id);
    let now = app.clock.now();
    sql::fact::erase(&mut tx, &subject).await?;
    sql::contact::erase(&mut tx, &subject).await?;
    sql::affiliation::end_of_person(&mut tx, id, now).await?;
    sql::consent::withdraw_all(&mut tx, id, now).await?;
    for file in app.files.of(&mut tx, &subject).await? {
        app.files.detach(&mut tx, file.id, now).await?;
    }
    if sql::person::erase(&mut tx, id, ERASED, now).await? == 0 {
        return Err(Error::NotFound);
    }
    for joined in sql::merge_person::of(&mut tx, id).await? {
        record::forget(&mut tx, &joined.from.into()).await?;
    }
    sql::merge_person::forget(&mut tx, id, ERASED, now).await?;
    store::search::remove(&mut tx, &subject).await?;
    cases::close_tasks_on(&mut tx, actor, now, &subject).await?;
    record::forget(&mut tx, &subject).await?;
    record::append(&mut tx, actor, now, "registry.person.erased", subject, json!({})).await?;
    tx.commit().await?;
    Ok(())
}
