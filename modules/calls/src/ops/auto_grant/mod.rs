//! Applying without applying (免申即享): the system computes who is certainly eligible, the office checks the list, the firm
//! confirms wish and account, and an application stands that begins at the public notice.
//!
//! Money is owed as for every other application, under the application's key. That a firm is asked once, holds
//! [`crate::model::GrantLine::holds`]: of a firm one line to a call stands, and a firm with an application has none.

mod answer;
mod ask;
mod check;
mod compute;
mod offer;
mod pay;

use std::collections::HashMap;

use jinmen_core::{
    Actor, Date, Error, Fault, Instant, Object, OrganizationId, Page, PageRequest, Permission, Result, Role, Scope,
};
use module::App;
use payments::{Receipt, Subject};
use registry::model::AsOf;
use registry::ops::decide;
use registry::ops::for_form::for_form;
use rules::Policy as Rule;
use serde_json::Value;
use store::{Conn, Tx};

use super::loaded::{self, Loaded};
use super::of_office;
use crate::model::{
    Applicants, ApplicationId, ApplicationState, Call, CallId, CallState, GrantLine, GrantLineId, GrantLineState,
    OutcomeKind, Run, RunId, RunState, StageKind,
};
use crate::{permissions, sql};

pub use answer::{Answered, accept, decline};
pub use ask::{NOTICE, ask};
pub use check::{close, remove};
pub use compute::{handlers, perform, start};
pub use offer::{Offer, mine, offer};
pub use pay::{List, Pay, payments};

/// The kind of the task of an office that has a list to check.
pub const CHECK: &str = "calls.grant_check";
/// The kind of the task of a firm that is asked.
pub const OFFER: &str = "calls.grant_offer";
/// For what accounts are sealed.
pub(crate) const SECRET: &str = "calls.account";
/// Those who answer for an enterprise.
const ROLES: [Role; 2] = [Role::EnterpriseAdmin, Role::EnterpriseHandler];

/// A run as records and tasks name it.
pub fn run_object(id: RunId) -> Object {
    Object::new("call_auto_grant", id)
}

/// A line as decisions and tasks name it.
pub fn line_object(id: GrantLineId) -> Object {
    Object::new("call_auto_grant_line", id)
}

/// Where the office checks a run.
pub fn run_page(id: RunId) -> String {
    format!("/work/auto-grants/{id}")
}

/// Where the office sees one line of a run.
pub fn line_page(run: RunId, line: GrantLineId) -> String {
    format!("/work/auto-grants/{run}/lines/{line}")
}

/// Where a firm answers.
pub fn offer_page(id: GrantLineId) -> String {
    format!("/work/own-auto-grants/{id}")
}

/// Everything that stands against computing who is eligible for a call.
pub fn obstacles(call: &Call) -> Vec<Fault> {
    let setup = &call.setup;
    let rule = loaded::rule(&setup.rule);
    let against = [
        (call.state != CallState::Published, "calls.grant_state"),
        (setup.applicants == Applicants::People, "calls.grant_applicants"),
        (!matches!(setup.outcome.kind, OutcomeKind::Benefit | OutcomeKind::Award), "calls.grant_outcome"),
        (setup.stages.iter().all(|stage| stage.kind != StageKind::Notice), "calls.grant_notice"),
        (!matches!(rule, Ok(Some(_))), "calls.grant_rule"),
        (matches!(&rule, Ok(Some(rule)) if rule.needs_cohort()), "calls.grant_cohort"),
        (matches!(&rule, Ok(Some(rule)) if limited(rule, &setup.clause)), "calls.grant_limits"),
    ];
    against.into_iter().filter(|(so, _)| *so).map(|(_, code)| Fault::new(code)).collect()
}

/// Whether what the one clause that counts comes to depends on what is claimed under others.
fn limited(rule: &Rule, clause: &str) -> bool {
    let at = rule.clauses.iter().position(|one| one.id == clause);
    at.is_some_and(|at| rule.limits.iter().any(|limit| limit.clauses.contains(&at)))
}

/// A run of the actor's office, with its call.
async fn of_own_office<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: RunId,
) -> Result<(Run, Call)> {
    actor.may_somewhere(permission)?;
    let mut conn = conn.into();
    let run = sql::auto_grant::get(conn.again(), id).await?;
    actor.may(permission, &Scope::owned_by(run.owner))?;
    let call = sql::call::get(conn, run.call).await?;
    Ok((run, call))
}

/// The runs of a call of the actor's office, newest first.
pub async fn runs(app: &App, actor: &Actor, call: CallId) -> Result<(Call, Vec<Run>)> {
    let call = of_office(&app.db, actor, &permissions::READ, call).await?;
    let runs = sql::auto_grant::of_call(&app.db, call.id).await?;
    Ok((call, runs))
}

/// A run as the office sees it.
pub struct Shown {
    /// The run.
    pub run: Run,
    /// Its call.
    pub call: Call,
    /// How many lines stand where, and what they come to.
    pub counts: crate::model::LineCounts,
    /// Some lines, in order.
    pub lines: Vec<GrantLine>,
    /// The place behind which the next ones stand.
    pub next: Option<i64>,
}

/// A run of the actor's office with some of its lines: those of a state where one is named, behind a place.
pub async fn read(
    app: &App,
    actor: &Actor,
    id: RunId,
    state: Option<GrantLineState>,
    after: Option<i64>,
    limit: u32,
) -> Result<Shown> {
    let (run, call) = of_own_office(&app.db, actor, &permissions::READ, id).await?;
    let counts = sql::auto_grant::line_counts(&app.db, id).await?;
    let mut lines = sql::auto_grant::page(&app.db, id, state, after, limit).await?;
    let more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    let next = lines.last().filter(|_| more).map(|line| line.place);
    Ok(Shown { run, call, counts, lines, next })
}

/// The lines of a run of the actor's office, page by page.
pub async fn page(
    app: &App,
    actor: &Actor,
    id: RunId,
    state: Option<GrantLineState>,
    page: &PageRequest,
) -> Result<Page<GrantLine>> {
    of_own_office(&app.db, actor, &permissions::READ, id).await?;
    let after = page.cursor(1)?.and_then(|cursor| cursor.0.concat().parse().ok());
    let rows = sql::auto_grant::page(&app.db, id, state, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |line| vec![line.place.to_string()]))
}

/// Firms among some that nobody can answer for: no account acts for them yet.
pub async fn unclaimed(app: &App, lines: &[GrantLine]) -> Result<Vec<OrganizationId>> {
    let ids: Vec<OrganizationId> = lines.iter().map(|line| line.organization).collect();
    let today = app.clock.today();
    let acting = access::acting_for(&app.db, &ids, &ROLES, Some(jinmen_core::Matter::Apply), today).await?;
    Ok(ids.into_iter().filter(|id| acting.iter().all(|(of, _)| of != id)).collect())
}

/// A line of a run of the actor's office, with what the rule says: as it was kept when the firm was asked, else today.
pub async fn line(app: &App, actor: &Actor, run: RunId, id: GrantLineId) -> Result<(Run, Call, GrantLine, Value)> {
    let (run, call) = of_own_office(&app.db, actor, &permissions::READ, run).await?;
    let line = sql::auto_grant::line(&app.db, id).await?;
    if line.run != run.id {
        return Err(Error::NotFound);
    }
    let proof = proof(app, &call, &line).await?;
    Ok((run, call, line, proof))
}

/// What the rule said of a line's firm when it was asked; before that, what it says today.
async fn proof(app: &App, call: &Call, line: &GrantLine) -> Result<Value> {
    if let Some(decision) = line.decision.as_deref().and_then(|id| id.parse().ok()) {
        let (decision, _) = decide::again(&app.db, decision).await?;
        return Ok(serde_json::from_str(&decision.answer)?);
    }
    let receipts = payments::receipts(&app.db, Subject::Organization(line.organization)).await?;
    answer(&app.db, call, line.organization, &receipts, as_of(app.clock.now())).await
}

fn as_of(now: Instant) -> AsOf {
    AsOf { day: now.date(), known: now }
}

/// What the rule of a call says of a firm by its file.
async fn answer<'a>(
    conn: impl Into<Conn<'a>>,
    call: &Call,
    organization: OrganizationId,
    receipts: &[Receipt],
    as_of: AsOf,
) -> Result<Value> {
    let rule = loaded::rule(&call.setup.rule)?.ok_or_else(|| Error::conflict("calls.grant_rule"))?;
    let given = loaded::given_receipts(&call.setup, &rule, receipts);
    let subject: Object = organization.into();
    let known = decide::known_of(conn, &rule, &subject, &given, as_of).await?;
    decide::answer(&rule, &known.facts, &known.origins, as_of.day)
}

/// What is due for certain by an answer of the rules, in fen: where every clause that counts is certainly met, what they come
/// to under the rule's limits, else the sum that the call names.
fn due(call: &Call, answer: &Value) -> Option<i64> {
    let clauses = loaded::counting(&call.setup, answer);
    let certain = !clauses.is_empty() && clauses.iter().all(|clause| clause["outcome"] == "eligible");
    if !certain {
        return None;
    }
    let each = || clauses.iter().map(|clause| clause["amount_min_fen"].as_i64().unwrap_or(0)).sum();
    let sum: i64 = match &answer["together"] {
        // No limit is about the clause that counts alone; see `obstacles`.
        _ if !call.setup.clause.is_empty() => each(),
        Value::Null => each(),
        together => together["total_min_fen"].as_i64()?,
    };
    or_fixed(call, sum)
}

/// A sum, else what the call names.
fn or_fixed(call: &Call, sum: i64) -> Option<i64> {
    let fixed = || call.setup.outcome.amount.map(jinmen_core::Money::fen);
    Some(sum).filter(|sum| *sum > 0).or_else(fixed).filter(|sum| *sum > 0)
}

/// Whether what was granted before keeps a firm out: the same benefit in the call's year or later; in earlier years only
/// where the rule does not ask for it and judge itself.
fn barred(call: &Call, rule: &Rule, receipts: &[Receipt]) -> bool {
    let outcome = &call.setup.outcome;
    let judged = loaded::reads_receipts(rule);
    outcome.kind == OutcomeKind::Benefit
        && receipts.iter().any(|one| one.benefit == outcome.benefit && (!judged || one.on.year() >= call.year()))
}

/// What was granted to each of some firms before.
async fn receipts_of<'a>(
    conn: impl Into<Conn<'a>>,
    ids: impl IntoIterator<Item = OrganizationId>,
) -> Result<HashMap<OrganizationId, Vec<Receipt>>> {
    let subjects: Vec<Subject> = ids.into_iter().map(Subject::Organization).collect();
    let mut found: HashMap<OrganizationId, Vec<Receipt>> = HashMap::new();
    for (subject, receipt) in payments::receipts_of_many(conn, &subjects).await? {
        if let Subject::Organization(id) = subject {
            found.entry(id).or_default().push(receipt);
        }
    }
    Ok(found)
}

/// Why a line cannot go on, as a key of the texts; none where everything is as it was computed.
async fn stopped_by(
    tx: &mut Tx,
    call: &Call,
    line: &GrantLine,
    receipts: &[Receipt],
    now: Instant,
) -> Result<Option<&'static str>> {
    let firm: Object = line.organization.into();
    if !for_form(&mut *tx, &firm, &[]).await?.active {
        return Ok(Some("calls-grant-stop-gone"));
    }
    let there = sql::application::of_applicant(&mut *tx, call.id, line.organization.into()).await?;
    if there.iter().any(|one| one.state != ApplicationState::Draft) {
        return Ok(Some("calls-grant-stop-applied"));
    }
    let Some(rule) = loaded::rule(&call.setup.rule)? else { return Ok(Some("calls-grant-stop-changed")) };
    if barred(call, &rule, receipts) {
        return Ok(Some("calls-grant-stop-granted"));
    }
    let said = answer(&mut *tx, call, line.organization, receipts, as_of(now)).await?;
    Ok(match due(call, &said) {
        Some(sum) if sum == line.amount => None,
        Some(_) => Some("calls-grant-stop-amount"),
        None => Some("calls-grant-stop-changed"),
    })
}

/// Writes that a line does not go on, for a reason in the words of the record.
async fn stop(app: &App, tx: &mut Tx, actor: &Actor, line: &GrantLine, why: &str, now: Instant) -> Result<String> {
    let reason = app.words(jinmen_core::Locale::ZhCn).of(why);
    let one = GrantLine { state: GrantLineState::Stopped, reason: reason.clone(), holds: false, ..line.clone() };
    if !sql::auto_grant::stand(tx, &one, line.state).await? {
        return Err(Error::Stale);
    }
    cases::close_task(tx, actor, now, OFFER, &line_object(line.id)).await?;
    let data = serde_json::json!({ "name": line.name, "reason": reason });
    record::append(tx, actor, now, "calls.grant.stopped", run_object(line.run), data).await?;
    Ok(reason)
}

/// Ends a run of which nothing waits any more.
async fn settle(tx: &mut Tx, actor: &Actor, now: Instant, run: RunId) -> Result<()> {
    if sql::auto_grant::settle(tx, run).await? {
        record::append(tx, actor, now, "calls.grant.over", run_object(run), serde_json::json!({})).await?;
    }
    Ok(())
}

/// Whether an application came without being applied for; whoever calls has asked whether the actor may see it.
pub(crate) async fn came(app: &App, id: ApplicationId) -> Result<bool> {
    Ok(sql::auto_grant::of_application(&app.db, id).await?.is_some())
}

/// The same within a transaction.
pub(crate) async fn meets(tx: &mut Tx, one: &crate::model::Application) -> Result<bool> {
    Ok(sql::auto_grant::of_application(tx, one.id).await?.is_some())
}

/// Refuses a further application of a firm that confirmed what is due to it.
///
/// # Errors
/// `calls.grant_confirmed`.
pub(crate) async fn not_granted(tx: &mut Tx, call: CallId, applicant: Subject) -> Result<()> {
    let Subject::Organization(firm) = applicant else { return Ok(()) };
    match sql::auto_grant::standing(tx, call, firm).await? {
        Some(line) if line.state == GrantLineState::Accepted => Err(Error::conflict("calls.grant_confirmed")),
        _ => Ok(()),
    }
}

/// The application that came of a line was taken back: the line does not stand any more.
pub(crate) async fn given_up(tx: &mut Tx, id: ApplicationId, reason: &str) -> Result<()> {
    let Some(line) = sql::auto_grant::of_application(&mut *tx, id).await? else { return Ok(()) };
    let one = GrantLine { state: GrantLineState::Declined, reason: reason.to_owned(), holds: false, ..line.clone() };
    sql::auto_grant::stand(tx, &one, line.state).await?;
    Ok(())
}

/// Whether something about a firm that confirmed has changed while the notice ran.
pub(crate) async fn changed(tx: &mut Tx, line: &GrantLine, loaded: &Loaded, now: Instant) -> Result<bool> {
    let call = &loaded.call;
    let Some(rule) = loaded::rule(&call.setup.rule)? else { return Ok(true) };
    let receipts = payments::receipts(&mut *tx, loaded.application.applicant).await?;
    if !line.holds || !loaded.subject.active || barred(call, &rule, &receipts) {
        return Ok(true);
    }
    let answer = loaded.answer_of_file(as_of(now))?.unwrap_or_default();
    Ok(due(call, &answer) != Some(line.amount))
}

/// Ends what firms did not answer in time.
pub async fn expire(app: &App) -> Result<()> {
    /// At once.
    const SOME: u32 = 100;
    let today: Date = app.clock.today();
    let late = sql::auto_grant::late(&app.db, today, SOME).await?;
    if late.is_empty() {
        return Ok(());
    }
    let (mut tx, now, program) = (app.db.begin().await?, app.clock.now(), Actor::System("calls"));
    for id in late {
        let line = sql::auto_grant::line(&mut tx, id).await?;
        let one = GrantLine { state: GrantLineState::Expired, holds: false, ..line.clone() };
        // Answered, or ended by another process meanwhile.
        if line.state != GrantLineState::Asked || !sql::auto_grant::stand(&mut tx, &one, line.state).await? {
            continue;
        }
        cases::close_task(&mut tx, &program, now, OFFER, &line_object(id)).await?;
        let data = serde_json::json!({ "name": line.name });
        record::append(&mut tx, &program, now, "calls.grant.expired", run_object(line.run), data).await?;
        settle(&mut tx, &program, now, line.run).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Refuses what a run does not allow where it stands.
fn stands(run: &Run, allowed: &[RunState]) -> Result<()> {
    if allowed.contains(&run.state) { Ok(()) } else { Err(Error::conflict("calls.grant_run_state")) }
}
