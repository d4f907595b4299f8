//! The office's work: queues, steps, corrections, who has what in hand; one at a time and many at once.

use flow::{Ballot, Deed, Doing, Flow, Moved, StepDone, When};
use jinmen_core::{Actor, Error, Fault, Instant, Locale, Money, Page, PageRequest, PersonId, Result, Scope};
use module::App;
use payments::Subject;
use serde_json::json;
use store::Tx;

use super::loaded::{self, Loaded};
use super::submit::{CORRECT, stage_title};
use super::{CASE, Side, auto_grant, for_office, name, object, outcome, own_page, tell};
use crate::model::{Application, ApplicationFilter, ApplicationId, ApplicationState, Call, Return, Submission, needed};
use crate::{permissions, sql};

/// Applications that are worked on in one go.
pub const BULK_MOST: usize = 200;

/// The queue of the actor's office, newest first: its own applications and those it runs for others.
pub async fn queue(
    app: &App,
    actor: &Actor,
    filter: &ApplicationFilter,
    page: &PageRequest,
) -> Result<Page<Application>> {
    let owner = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::READ, &Scope::owned_by(owner))?;
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let whose = sql::application::For::Office(owner, app.clock.today(), actor.person());
    let rows = sql::application::list(&app.db, whose, filter, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// An application as the office sees it.
pub struct Case {
    /// With everything that is said about it.
    pub loaded: Loaded,
    /// On which side the actor stands.
    pub side: Side,
    /// The case and its steps.
    pub flow: Option<(Flow, Vec<StepDone>)>,
    /// It came without being applied for (免申即享).
    pub granted: bool,
}

/// Reads an application that was handed in.
pub async fn read(app: &App, actor: &Actor, id: ApplicationId) -> Result<Case> {
    let (application, side) = for_office(&app.db, actor, &permissions::READ, id, app.clock.today()).await?;
    let call = sql::call::get(&app.db, application.call).await?;
    let loaded = loaded::load(app, &app.db, application, call).await?;
    Ok(Case { loaded, side, flow: case_of(app, id).await?, granted: auto_grant::came(app, id).await? })
}

/// The case of an application with its steps, for whoever may see the application.
pub(crate) async fn case_of(app: &App, id: ApplicationId) -> Result<Option<(Flow, Vec<StepDone>)>> {
    let Some(case) = flow::latest(&app.db, &object(id), CASE).await? else { return Ok(None) };
    let steps = flow::steps(&app.db, case.id).await?;
    Ok(Some((case, steps)))
}

/// What was handed in each time, for the office.
pub async fn submissions(app: &App, actor: &Actor, id: ApplicationId) -> Result<Vec<Submission>> {
    for_office(&app.db, actor, &permissions::READ, id, app.clock.today()).await?;
    Ok(sql::application::submissions(&app.db, id).await?)
}

/// What happened to an application, newest first, for the office.
pub async fn history(app: &App, actor: &Actor, id: ApplicationId) -> Result<Vec<record::Entry>> {
    for_office(&app.db, actor, &permissions::READ, id, app.clock.today()).await?;
    let page = PageRequest { after: None, limit: Some(200) };
    Ok(record::history(&app.db, &object(id), &page).await?.items)
}

/// A step to be done.
#[derive(Clone, Debug)]
pub struct Act {
    /// The step; the actor's own of the open stage where none is named.
    pub step: Option<String>,
    /// What is done.
    pub doing: Doing,
    /// In words.
    pub opinion: String,
    /// What the decision grants.
    pub granted: Option<Money>,
    /// The version of the case that the actor saw.
    pub seen: Option<i64>,
}

impl Act {
    /// Done, with words.
    pub fn done(opinion: &str) -> Self {
        Self { step: None, doing: Doing::Done, opinion: opinion.to_owned(), granted: None, seen: None }
    }

    /// Refused, with a reason.
    pub fn reject(reason: &str) -> Self {
        Self { doing: Doing::Reject, ..Self::done(reason) }
    }

    /// A vote came to this.
    pub fn vote(ballot: Ballot, minutes: &str) -> Self {
        Self { doing: Doing::Vote(ballot), ..Self::done(minutes) }
    }
}

/// Does a step of the actor's.
///
/// # Errors
/// `calls.returned` while it is with the applicant; what [`flow::act`] refuses; what the outcome takes.
pub async fn act(app: &App, actor: &Actor, id: ApplicationId, act: Act) -> Result<Moved> {
    let (application, _) = for_office(&app.db, actor, &permissions::PROCESS, id, app.clock.today()).await?;
    let colleagues = colleagues(app, actor, &application).await?;
    let mut tx = app.db.begin().await?;
    let moved = act_within(app, &mut tx, actor, application, act, &colleagues).await?;
    tx.commit().await?;
    Ok(moved)
}

/// Who could do a step besides the actor.
async fn colleagues(app: &App, actor: &Actor, application: &Application) -> Result<Vec<PersonId>> {
    let Some(hat) = actor.hat() else { return Ok(Vec::new()) };
    let whose = hat.organization.unwrap_or(application.owner);
    access::holders(&app.db, hat.role, whose, app.clock.today()).await
}

/// The same within a transaction.
pub(crate) async fn act_within(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    application: Application,
    act: Act,
    colleagues: &[PersonId],
) -> Result<Moved> {
    if application.state == ApplicationState::Returned {
        return Err(Error::conflict("calls.returned"));
    }
    let case = flow::running(&mut *tx, &object(application.id), CASE).await?;
    let case = case.ok_or_else(|| Error::conflict("flow.not_open"))?;
    let step = act.step.clone().or_else(|| own_step(&case, actor)).ok_or_else(|| Error::conflict("flow.not_yours"))?;
    let when = When { now: app.clock.now(), calendar: app.calendar() };
    let deed = Deed { step: &step, doing: act.doing.clone(), opinion: &act.opinion, seen: act.seen, colleagues };
    let (case, moved) = flow::act(tx, actor, when, case.id, deed).await?;
    follow(app, tx, actor, application, &case, moved, &act).await?;
    Ok(moved)
}

/// The step of the open stage that is the actor's.
pub(crate) fn own_step(case: &Flow, actor: &Actor) -> Option<String> {
    let hat = actor.hat()?;
    let his = |step: &&flow::Step| {
        step.by.role == hat.role && hat.organization == Some(step.by.organization.unwrap_or(case.owner))
    };
    case.open_stage()?.steps.iter().find(his).map(|step| step.key.clone())
}

/// What a step that was done means for the application.
async fn follow(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    before: Application,
    case: &Flow,
    moved: Moved,
    act: &Act,
) -> Result<()> {
    let now = app.clock.now();
    let call = sql::call::get(&mut *tx, before.call).await?;
    let granted = act.granted.map(Money::fen).or(before.granted);
    let from = stage_title(&call, &before.stage);
    let mut one = Application { granted, ..before.clone() };
    let (action, data, told) = match moved {
        Moved::Waits if granted == before.granted => return Ok(()),
        Moved::Waits => {
            write(tx, &one, now).await?;
            return Ok(());
        }
        Moved::On(place) | Moved::Back(place) => {
            one.stage = case.plan.stages.get(place).map(|stage| stage.key.clone()).unwrap_or_default();
            let to = stage_title(&call, &one.stage);
            let action = match moved {
                Moved::On(_) => "calls.application.advanced",
                _ => "calls.application.sent_back",
            };
            (action, json!({ "from": from, "stage": to }), None)
        }
        Moved::Ended(flow::State::Done) => {
            one.state = ApplicationState::Approved;
            ("calls.application.approved", json!({ "from": from, "granted": granted }), Some("approved"))
        }
        Moved::Ended(flow::State::Rejected) => {
            one.state = ApplicationState::Rejected;
            one.reason = reason(app, act);
            ("calls.application.rejected", json!({ "from": from, "reason": one.reason }), Some("rejected"))
        }
        Moved::Ended(_) => return Err(Error::internal("calls: a case that ended in no way")),
    };
    write(tx, &one, now).await?;
    one.version += 1;
    record::append(tx, actor, now, action, object(one.id), data).await?;
    if let Some(what) = told {
        tell::tell(app, tx, &call, &one, what, now).await?;
    }
    if one.state == ApplicationState::Approved {
        outcome::follow(app, tx, actor, outcome::Passed { call: &call, application: &one, now }).await?;
    }
    Ok(())
}

async fn write(tx: &mut Tx, one: &Application, now: Instant) -> Result<()> {
    if sql::application::stand(tx, one, now).await? == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// Why an application did not pass: what was said, else that the vote was lost.
fn reason(app: &App, act: &Act) -> String {
    let said = act.opinion.trim();
    if said.is_empty() { app.words(Locale::ZhCn).of("calls-vote-lost") } else { said.to_owned() }
}

/// Sends an application back for correction: only the named questions are open, until a day in working days.
///
/// # Errors
/// `calls.asked_only` for an office that is asked in one step; `calls.returned`, `calls.decided`; faults of `fields` and
/// `reason`.
pub async fn send_back(
    app: &App,
    actor: &Actor,
    id: ApplicationId,
    fields: Vec<String>,
    reason: &str,
) -> Result<Return> {
    let before = own(app, actor, id).await?;
    if before.state != ApplicationState::Submitted {
        let code = if before.state == ApplicationState::Returned { "calls.returned" } else { "calls.decided" };
        return Err(Error::conflict(code));
    }
    let reason = needed("reason", reason, 2_000)?;
    let form = loaded::form(&app.db, before.call, before.form_version).await?;
    let known = |field: &String| form.field(field).is_some();
    if fields.is_empty() || !fields.iter().all(known) {
        return Err(Error::field("fields", "calls.correct_fields"));
    }
    let mut tx = app.db.begin().await?;
    let call = sql::call::get(&mut tx, before.call).await?;
    let now = app.clock.now();
    let due = app.calendar().add(now.date(), u32::from(call.setup.correction_days));
    let due_on = due.map_err(|fault| Fault::of("reason", &fault))?.date;
    let returned = Return { fields, reason: reason.clone(), due_on, at: now, by: name(actor) };
    let one = Application {
        state: ApplicationState::Returned,
        returned: Some(returned.clone()),
        reason: reason.clone(),
        ..before
    };
    write(&mut tx, &one, now).await?;
    cases::open_task(&mut tx, now, task(&one, &call).due(Some(due_on))).await?;
    let data = json!({ "fields": returned.fields, "reason": reason, "due": due_on.to_string() });
    record::append(&mut tx, actor, now, "calls.application.returned", object(id), data).await?;
    tell::tell(app, &mut tx, &call, &one, "returned", now).await?;
    tx.commit().await?;
    Ok(returned)
}

/// The task of an applicant who is to correct something.
fn task(one: &Application, call: &Call) -> cases::NewTask {
    let waits_for = match one.applicant {
        Subject::Organization(id) => cases::WaitsFor::Organization(id),
        Subject::Person(id) => cases::WaitsFor::Person(id),
    };
    let args = json!({ "title": call.title.zh, "title_en": call.title.show(Locale::En), "number": one.number });
    cases::NewTask::new(CORRECT, object(one.id), waits_for, own_page(one.id), args)
}

/// An application that the actor's office has in its own hands.
async fn own(app: &App, actor: &Actor, id: ApplicationId) -> Result<Application> {
    let (application, side) = for_office(&app.db, actor, &permissions::PROCESS, id, app.clock.today()).await?;
    if side == Side::Asked {
        return Err(Error::conflict("calls.asked_only"));
    }
    Ok(application)
}

/// Takes an application in hand, or lays it down.
pub async fn hand_to(app: &App, actor: &Actor, id: ApplicationId, mine: bool) -> Result<()> {
    own(app, actor, id).await?;
    let person = if mine { actor.person() } else { None };
    let held = if mine { name(actor) } else { String::new() };
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    sql::application::hand_to(&mut tx, id, person, &held).await?;
    record::append(&mut tx, actor, now, "calls.application.in_hand", object(id), json!({ "name": held })).await?;
    tx.commit().await?;
    Ok(())
}

/// What is done with many applications at once.
#[derive(Clone, Debug)]
pub enum Bulk {
    /// A step of the actor's.
    Act(Act),
    /// Back for correction.
    SendBack(Vec<String>, String),
    /// A message to each applicant.
    Say(String),
    /// Taken in hand.
    Take,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// How many it was done with.
    pub done: usize,
    /// Those it was not done with: which, as far as the actor may know, and why.
    pub refused: Vec<(String, Fault)>,
}

/// Does something with many applications, each for itself: one that is refused keeps none of the others from it.
///
/// # Errors
/// `calls.bulk_none`, `calls.bulk_many`; what is not the fault of one application.
pub async fn bulk(app: &App, actor: &Actor, ids: &[ApplicationId], what: &Bulk) -> Result<Done> {
    if ids.is_empty() {
        return Err(Fault::new("calls.bulk_none").into());
    }
    if ids.len() > BULK_MOST {
        return Err(Fault::new("calls.bulk_many").with("most", BULK_MOST).into());
    }
    let mut done = Done::default();
    for id in ids {
        let one = match what {
            Bulk::Act(deed) => act(app, actor, *id, deed.clone()).await.map(drop),
            Bulk::SendBack(fields, reason) => send_back(app, actor, *id, fields.clone(), reason).await.map(drop),
            Bulk::Say(text) => super::talk::answer(app, actor, *id, cases::Audience::Shared, text).await,
            Bulk::Take => hand_to(app, actor, *id, true).await,
        };
        let fault = match one {
            Ok(()) => {
                done.done += 1;
                continue;
            }
            Err(Error::Conflict(fault)) => fault,
            Err(Error::Invalid(faults)) => faults.into_iter().next().unwrap_or_else(|| Fault::new("core.required")),
            Err(Error::NotFound) => Fault::new("calls.not_there"),
            Err(Error::Stale) => Fault::new("calls.stale"),
            Err(other) => return Err(other),
        };
        done.refused.push((label(app, actor, *id).await, fault));
    }
    Ok(done)
}

/// What an application is called for somebody who may see it; nothing for others.
async fn label(app: &App, actor: &Actor, id: ApplicationId) -> String {
    let seen = for_office(&app.db, actor, &permissions::PROCESS, id, app.clock.today()).await;
    seen.map(|(one, _)| format!("{} {}", one.number, one.applicant_name)).unwrap_or_default()
}
