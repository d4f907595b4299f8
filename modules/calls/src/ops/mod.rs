//! The use cases of calls and applications.

pub mod apply;
pub mod archive;
pub mod auto_grant;
pub mod desk;
pub mod edit;
pub mod export;
pub mod judged;
pub mod loaded;
pub mod notice;
pub mod objection;
pub mod outcome;
pub mod papers;
pub mod read;
pub mod submit;
pub mod talk;
pub mod team;
pub mod tell;
pub mod withdraw;

use jinmen_core::{Actor, Date, Error, Object, OrganizationId, Permission, Reach, Result, Scope};
use payments::Subject;
use store::Conn;

use crate::model::{Application, ApplicationId, ApplicationState, Call, CallId};
use crate::sql;

/// The name of the flow that an application goes through.
pub const CASE: &str = "calls.case";

/// A call as records, files and searches name it.
pub fn call_object(id: CallId) -> Object {
    Object::new("call", id)
}

/// What kind of object an application is.
pub(crate) const OBJECT: &str = "call_application";

/// An application as records, flows, tasks and files name it.
pub fn object(id: ApplicationId) -> Object {
    Object::new(OBJECT, id)
}

/// Where an office works on an application.
pub fn desk_page(id: ApplicationId) -> String {
    format!("/work/applications/{id}")
}

/// Where its applicant sees it.
pub fn own_page(id: ApplicationId) -> String {
    format!("/work/own-applications/{id}")
}

/// The actor's name, for rows that say who.
pub(crate) fn name(actor: &Actor) -> String {
    match actor {
        Actor::Person(person) => person.name.clone(),
        Actor::System(part) => (*part).to_owned(),
        Actor::Nobody => String::new(),
    }
}

/// A call of the actor's office.
pub(crate) async fn of_office<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: CallId,
) -> Result<Call> {
    actor.may_somewhere(permission)?;
    let call = sql::call::get(conn, id).await?;
    actor.may(permission, &Scope::owned_by(call.owner))?;
    Ok(call)
}

/// A call that the actor's office has, or runs for another today.
pub(crate) async fn within_office<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: CallId,
    today: Date,
) -> Result<Call> {
    actor.may_somewhere(permission)?;
    let mut conn = conn.into();
    let call = sql::call::get(conn.again(), id).await?;
    if actor.may(permission, &Scope::owned_by(call.owner)).is_err() {
        let owners = sql::call::operators(conn, id, today).await?;
        actor.may(permission, &Scope { owners, ..Scope::default() })?;
    }
    Ok(call)
}

/// On which side of an application's office the actor stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The office that called.
    Owner,
    /// A body that runs the call for it.
    Operator,
    /// An office that is asked in one of its steps, and does nothing else.
    Asked,
}

/// An application that was handed in, as the actor's office sees it.
///
/// # Errors
/// Not found for drafts, and for whoever has no part in it.
pub(crate) async fn for_office<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: ApplicationId,
    today: Date,
) -> Result<(Application, Side)> {
    actor.may_somewhere(permission)?;
    let mut conn = conn.into();
    let application = sql::application::get(conn.again(), id).await?;
    if application.state == ApplicationState::Draft {
        return Err(Error::NotFound);
    }
    if actor.may(permission, &Scope::owned_by(application.owner)).is_ok() {
        return Ok((application, Side::Owner));
    }
    let owners = sql::call::operators(conn.again(), application.call, today).await?;
    if actor.may(permission, &Scope { owners, ..Scope::default() }).is_ok() {
        return Ok((application, Side::Operator));
    }
    let asked = asked(conn, &application).await?;
    actor.may(permission, &Scope { owners: asked, ..Scope::default() })?;
    Ok((application, Side::Asked))
}

/// The offices that were asked about an application in a step so far.
async fn asked<'a>(conn: impl Into<Conn<'a>>, application: &Application) -> Result<Vec<OrganizationId>> {
    let mut conn = conn.into();
    let Some(case) = flow::latest(conn.again(), &object(application.id), CASE).await? else { return Ok(Vec::new()) };
    let steps = flow::steps(conn, case.id).await?;
    let seat = |step: &flow::StepDone| case.plan.step(&step.step).and_then(|step| step.by.organization);
    Ok(steps.iter().filter_map(seat).collect())
}

/// Whom the actor applies for: the hat's organisation, or themselves.
pub(crate) fn own_subject(actor: &Actor, permission: &Permission) -> Result<Subject> {
    actor.may_somewhere(permission)?;
    let subject = match actor.reach(permission) {
        Some(Reach::Subject) => actor.organization().map(Subject::from),
        _ => actor.person().map(Subject::from),
    };
    let subject = subject.ok_or(Error::NotFound)?;
    actor.may(permission, &scope_of(subject))?;
    Ok(subject)
}

fn scope_of(subject: Subject) -> Scope {
    match subject {
        Subject::Organization(id) => Scope::about(id, Vec::new()),
        Subject::Person(id) => Scope { person: Some(id), ..Scope::default() },
    }
}

/// An application as its applicant and its team see it.
pub(crate) async fn for_applicant<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: ApplicationId,
) -> Result<Application> {
    actor.may_somewhere(permission)?;
    let mut conn = conn.into();
    let application = sql::application::get(conn.again(), id).await?;
    if actor.may(permission, &scope_of(application.applicant)).is_ok() {
        return Ok(application);
    }
    // Somebody of the team sees it as a person, under the hat of one.
    let own = actor.person().ok_or(Error::NotFound)?;
    let members = sql::application::members(conn, id).await?;
    let person = members.iter().any(|member| member.person == own).then_some(own);
    actor.may(permission, &Scope { person, ..Scope::default() })?;
    Ok(application)
}
