//! A firm confirms what is due to it with one tap, or does not want it.

use flow::When;
use jinmen_core::{Actor, Date, Error, Instant, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::super::{CASE, loaded, name, object, submit};
use super::offer::{asks_bank, known, own};
use super::{OFFER, SECRET, line_object, run_object, settle, stop, stopped_by};
use crate::form::{Form, Format, Kind};
use crate::model::{
    Account, Application, ApplicationId, ApplicationState, Call, CallState, GrantLine, GrantLineId, GrantLineState,
    Submission, short,
};
use crate::sql::answer::Answer;
use crate::{permissions, sql};

/// What came of confirming.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answered {
    /// There is an application now, with its number.
    Accepted(ApplicationId, String),
    /// Something changed since the firm was asked: it does not go on, for this reason.
    Stopped(String),
}

/// Confirms an offer: the rule is asked again, and an application stands that begins at the public notice. Bank and number
/// are those that the firm gave before where none are given.
///
/// # Errors
/// Not found for the offers of others; `calls.grant_accepted`, `calls.grant_declined`, `calls.grant_expired`,
/// `calls.grant_stopped`, `calls.grant_gone` for one that is not open; `calls.not_open` once the call is ended; faults of
/// `bank` and `account`.
pub async fn accept(app: &App, actor: &Actor, id: GrantLineId, bank: &str, number: &str) -> Result<Answered> {
    let seen = own(&app.db, actor, &permissions::APPLY, id).await?;
    let mut tx = app.db.begin().await?;
    // The call's row first: two colleagues, or an application by hand at the same moment, come one after the other.
    sql::call::take(&mut tx, seen.call).await?;
    let now = tx.now(&app.clock).await?;
    let call = sql::call::get(&mut tx, seen.call).await?;
    let line = own(&mut tx, actor, &permissions::APPLY, id).await?;
    is_open(&line, now.date())?;
    if call.state != CallState::Published {
        return Err(Error::conflict("calls.not_open"));
    }
    let known = known(app, &mut tx, line.organization).await?;
    let account = Account::read(bank, number, &known)?;
    let receipts = payments::receipts(&mut tx, line.organization.into()).await?;
    let done = match stopped_by(&mut tx, &call, &line, &receipts, now).await? {
        Some(why) => Answered::Stopped(stop(app, &mut tx, actor, &line, why, now).await?),
        None => apply(app, &mut tx, actor, &call, &line, &account, now).await?,
    };
    settle(&mut tx, actor, now, line.run).await?;
    tx.commit().await?;
    Ok(done)
}

/// Whether a line can be answered.
fn is_open(line: &GrantLine, today: Date) -> Result<()> {
    Err(Error::conflict(match line.state {
        GrantLineState::Asked if line.due_on.is_none_or(|due| today <= due) => return Ok(()),
        GrantLineState::Asked | GrantLineState::Expired => "calls.grant_expired",
        GrantLineState::Accepted => "calls.grant_accepted",
        GrantLineState::Declined => "calls.grant_declined",
        GrantLineState::Stopped => "calls.grant_stopped",
        GrantLineState::Found | GrantLineState::Removed => "calls.grant_gone",
    }))
}

/// Makes the application, with what the file and the offer answer of its form.
async fn apply(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    call: &Call,
    line: &GrantLine,
    account: &Account,
    now: Instant,
) -> Result<Answered> {
    close_drafts(app, tx, actor, call, line, now).await?;
    let id = insert(app, tx, actor, call, line, account, now).await?;
    let mut one = sql::application::get(&mut *tx, id).await?;
    one.granted = Some(line.amount);
    let loaded = loaded::load(app, &mut *tx, one, call.clone()).await?;
    let decision = submit::decided(tx, actor, now, &loaded).await?;
    let run = sql::auto_grant::get(&mut *tx, line.run).await?;
    let basis = json!({ "run": run.number, "line": line.id.text(), "amount": line.amount, "decision": line.decision });
    let by = name(actor);
    let document = submit::document(&loaded, decision.as_deref(), 1, now, &by, Some(basis))?;
    let digest = registry::ops::decide::digest(&document);
    let kept = Submission { round: 1, document, digest: digest.clone(), at: now, by: by.clone() };
    sql::application::keep_submission(tx, id, &kept).await?;
    let plan = call.setup.plan_from_notice(call.role).ok_or_else(|| Error::conflict("calls.grant_notice"))?;
    let number = submit::stand(app, tx, actor, &loaded, &digest, now, plan).await?;
    let sealed = app.vault.seal(SECRET, &serde_json::to_string(account)?)?;
    let accepted = GrantLine {
        state: GrantLineState::Accepted,
        application: Some(id),
        account: Some(sealed.bytes),
        uscc: loaded.subject.uscc.as_ref().map(|uscc| uscc.as_str().to_owned()).unwrap_or_default(),
        answered_name: by,
        answered_at: Some(now),
        ..line.clone()
    };
    if !sql::auto_grant::stand(tx, &accepted, line.state).await? {
        return Err(Error::Stale);
    }
    cases::close_task(tx, actor, now, OFFER, &line_object(line.id)).await?;
    let data = json!({ "run": run.number, "amount": jinmen_core::Money::from_fen(line.amount).to_grouped_string() });
    record::append(tx, actor, now, "calls.application.auto_granted", object(id), data).await?;
    let data = json!({ "name": line.name, "number": number });
    record::append(tx, actor, now, "calls.grant.accepted", run_object(line.run), data).await?;
    Ok(Answered::Accepted(id, number))
}

/// What the firm began to fill in by hand is closed: the offer stands in its place.
async fn close_drafts(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    call: &Call,
    line: &GrantLine,
    now: Instant,
) -> Result<()> {
    for draft in sql::application::of_applicant(&mut *tx, call.id, line.organization.into()).await? {
        let reason = app.words(jinmen_core::Locale::ZhCn).of("calls-grant-draft-closed");
        let id = draft.id;
        if let Some(case) = flow::running(&mut *tx, &object(id), CASE).await? {
            flow::withdraw(tx, actor, When { now, calendar: app.calendar() }, case.id).await?;
        }
        cases::close_tasks_on(tx, actor, now, &object(id)).await?;
        let one = Application { state: ApplicationState::Withdrawn, reason: reason.clone(), ..draft };
        if sql::application::stand(tx, &one, now).await? == 0 {
            return Err(Error::Stale);
        }
        record::append(tx, actor, now, "calls.application.withdrawn", object(id), json!({ "reason": reason })).await?;
    }
    Ok(())
}

/// Begins the application and answers what the offer answers.
async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    call: &Call,
    line: &GrantLine,
    account: &Account,
    now: Instant,
) -> Result<ApplicationId> {
    let (id, by) = (ApplicationId::new(), name(actor));
    sql::call::use_form(tx, call.id, call.form_version).await?;
    let new = sql::application::New {
        id,
        call,
        applicant: line.organization.into(),
        name: &line.name,
        place: 1,
        by: (actor.account(), &by),
    };
    if !sql::application::insert(tx, &new, now).await? {
        return Err(Error::Stale);
    }
    let form = loaded::form(&mut *tx, call.id, call.form_version).await?;
    sql::answer::put(tx, id, answers(app, &form, account)?, &by, now).await?;
    Ok(id)
}

/// Where the form asks for account, bank and commitments: what the firm confirmed.
fn answers(app: &App, form: &Form, account: &Account) -> Result<Vec<Answer>> {
    let mut answers = Vec::new();
    for field in &form.fields {
        let text = match &field.kind {
            Kind::Text { format: Some(Format::Account), .. } => account.number.as_str(),
            Kind::Text { .. } if asks_bank(field) => account.bank.as_str(),
            Kind::Yes if field.required => "yes",
            _ => continue,
        };
        let path = field.name.clone();
        answers.push(match field.sensitive {
            true => Answer { path, typed: Vec::new(), sealed: Some(app.vault.seal(loaded::SECRET, text)?.bytes) },
            false => Answer { path, typed: vec![text.to_owned()], sealed: None },
        });
    }
    Ok(answers)
}

/// Does not want what is offered; a reason is kept if one is given.
///
/// # Errors
/// As of [`accept`]; a fault of `reason` that is too long.
pub async fn decline(app: &App, actor: &Actor, id: GrantLineId, reason: &str) -> Result<()> {
    let seen = own(&app.db, actor, &permissions::APPLY, id).await?;
    let reason = short("reason", reason, 500)?;
    let mut tx = app.db.begin().await?;
    sql::call::take(&mut tx, seen.call).await?;
    let now = tx.now(&app.clock).await?;
    let line = own(&mut tx, actor, &permissions::APPLY, id).await?;
    is_open(&line, now.date())?;
    let declined = GrantLine {
        state: GrantLineState::Declined,
        reason: reason.clone(),
        holds: false,
        answered_name: name(actor),
        answered_at: Some(now),
        ..line.clone()
    };
    if !sql::auto_grant::stand(&mut tx, &declined, line.state).await? {
        return Err(Error::Stale);
    }
    cases::close_task(&mut tx, actor, now, OFFER, &line_object(id)).await?;
    let data = json!({ "name": line.name, "reason": reason });
    record::append(&mut tx, actor, now, "calls.grant.declined", run_object(line.run), data).await?;
    settle(&mut tx, actor, now, line.run).await?;
    tx.commit().await?;
    Ok(())
}
