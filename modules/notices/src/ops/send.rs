//! Sending a circular.

use std::collections::HashMap;

use cases::{NewTask, WaitsFor};
use jinmen_core::{Actor, Error, Fault, Matter, OrganizationId, PersonId, Result, Role, Scope};
use module::App;
use serde_json::json;
use store::Tx;

use super::audience::{Audience, organizations};
use super::{NOTICE, NOTICE_MAILED, TASK, deliver, object, own_page};
use crate::model::{CircularDraft, CircularId, NewCircular};
use crate::sql::{Sent, Told};
use crate::{permissions, sql};

/// Those who answer for an organisation.
pub(crate) const ROLES: [Role; 2] = [Role::EnterpriseAdmin, Role::EnterpriseHandler];

/// Whom a circular would reach, before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Organisations.
    pub organizations: usize,
    /// Of these, those for which nobody acts.
    pub untold: usize,
    /// People.
    pub people: usize,
}

/// Checks a circular and its audience without sending it.
pub async fn check(app: &App, actor: &Actor, draft: &CircularDraft, audience: &Audience) -> Result<Reach> {
    let (_, told) = prepare(app, actor, draft, audience).await?;
    Ok(Reach {
        organizations: told.len(),
        untold: told.iter().filter(|(_, _, people)| people.is_empty()).count(),
        people: told.iter().flat_map(|(_, _, people)| people).collect::<std::collections::BTreeSet<_>>().len(),
    })
}

type ToTell = Vec<(OrganizationId, String, Vec<PersonId>)>;

async fn prepare(
    app: &App,
    actor: &Actor,
    draft: &CircularDraft,
    audience: &Audience,
) -> Result<(NewCircular, ToTell)> {
    let own = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::SEND, &Scope::owned_by(own))?;
    let today = app.clock.today();
    let deadline = |days| {
        let end = app.calendar().add(today, days);
        end.map(|end| end.date).map_err(|fault| Fault::of("days", &fault))
    };
    let new = draft.parse(today, deadline)?;
    let found = organizations(app, actor, audience).await?;
    if found.is_empty() {
        return Err(Error::field("audience", "notices.nobody"));
    }
    let ids: Vec<OrganizationId> = found.iter().map(|(id, _)| *id).collect();
    let mut acting: HashMap<OrganizationId, Vec<PersonId>> = HashMap::new();
    for (organization, person) in access::acting_for(&app.db, &ids, &ROLES, Some(Matter::Reply), today).await? {
        acting.entry(organization).or_default().push(person);
    }
    let told = found.into_iter().map(|(id, name)| (id, name, acting.remove(&id).unwrap_or_default())).collect();
    Ok((new, told))
}

/// Sends a circular: rows, tasks, inboxes and mails commit together; short messages follow in a job.
///
/// # Errors
/// Every fault of the form at once; `notices.nobody` for an audience of none.
pub async fn send(
    app: &App,
    actor: &Actor,
    draft: &CircularDraft,
    audience: &Audience,
    words: &str,
) -> Result<CircularId> {
    let (new, told) = prepare(app, actor, draft, audience).await?;
    let (owner, now, id) = (actor.organization().ok_or(Error::NotFound)?, app.clock.now(), CircularId::new());
    let mut tx = app.db.begin().await?;
    let number = cases::next_number(&mut tx, "TZ", app.clock.today().year()).await?;
    let name = super::name(actor);
    let sent = Sent { id, number: &number, owner, audience: words, by: actor.account(), name: &name, at: now };
    sql::insert(&mut tx, &new, &sent).await?;
    let rows = told
        .iter()
        .map(|(organization, name, people)| Told {
            organization: *organization,
            name: name.clone(),
            told: people.len() as i64,
        })
        .collect();
    sql::insert_recipients(&mut tx, id, rows).await?;
    let organizations: Vec<OrganizationId> = told.iter().map(|(id, ..)| *id).collect();
    if new.asks.wants_answer() {
        cases::open_tasks(&mut tx, now, tasks(id, &new, &organizations)).await?;
    }
    let people: Vec<PersonId> = told.into_iter().flat_map(|(_, _, people)| people).collect();
    tell(&mut tx, app, id, &new.title, new.by_mail, "notice-notices-circular-text", &people).await?;
    if new.by_sms {
        jobs::enqueue(&mut tx, deliver::job(id, &people, false), now).await?;
    }
    let data =
        json!({ "number": number, "title": new.title, "recipients": organizations.len(), "people": people.len() });
    record::append(&mut tx, actor, now, "notices.circular.sent", object(id), data).await?;
    tx.commit().await?;
    Ok(id)
}

fn tasks(id: CircularId, new: &NewCircular, organizations: &[OrganizationId]) -> Vec<NewTask> {
    let args = json!({ "title": new.title });
    let task = |organization: &OrganizationId| {
        NewTask::new(TASK, object(id), WaitsFor::Organization(*organization), own_page(id), args.clone())
            .dedup(organization.text())
            .due(new.due_on)
    };
    organizations.iter().map(task).collect()
}

/// Tells people in their inboxes, and by mail where it is to be.
pub(crate) async fn tell(
    tx: &mut Tx,
    app: &App,
    id: CircularId,
    title: &str,
    mailed: bool,
    message: &str,
    people: &[PersonId],
) -> Result<()> {
    let kind = if mailed { NOTICE_MAILED } else { NOTICE };
    let mut notice = notify::Notice::new(kind, json!({ "title": title })).link(own_page(id)).about(object(id));
    notice.message_key = message.to_owned();
    notify::send(tx, app.clock.now(), people, notice).await
}
