//! Computing who is certainly eligible, over the whole register, as a job: it survives whoever leaves the page.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use ::jobs::{Context, Handler, NewJob};
use async_trait::async_trait;
use jinmen_core::{Actor, Date, Error, GrantId, Hat, OrganizationId, Result, Role, SignedIn};
use module::App;
use payments::Receipt;
use payments::ops::receipts::{RECEIPTS, receipts_of_all};
use registry::known::{Given, Reader};
use registry::ops::decide::{self, Sheet};
use rules::{Answers, BLOCK, Outcome, Policy as Rule, Register};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use super::super::{loaded, name, of_office};
use super::{CHECK, as_of, barred, obstacles, or_fixed, run_object, run_page};
use crate::model::{
    ApplicationState, Call, CallId, GrantLine, GrantLineId, GrantLineState, RUN_MOST, Run, RunCounts, RunId, RunState,
    Setup,
};
use crate::{permissions, sql};

/// The kind of the job that computes.
const COMPUTE: &str = "calls.auto_grant";
/// The kind of body that is looked at.
const KIND: &str = "enterprise";
/// How often is told how far it is.
const BEAT: Duration = Duration::from_millis(500);

/// What the job works on: the run, and as whom the register is read.
#[derive(Serialize, Deserialize)]
struct Payload {
    run: RunId,
    account: jinmen_core::AccountId,
    name: String,
    role: Role,
    organization: Option<OrganizationId>,
}

impl Payload {
    /// Whoever started it, in the hat worn then: the register is read no further than they see it.
    fn actor(&self) -> Actor {
        let hat = Hat::new(GrantId::new(), self.role, self.organization);
        Actor::Person(Box::new(SignedIn {
            account: self.account,
            person: None,
            name: self.name.clone(),
            locale: None,
            hats: vec![hat.clone()],
            hat: Some(hat),
        }))
    }
}

/// Starts computing who is certainly eligible for a call of the actor's office.
///
/// # Errors
/// `calls.grant_register` for one who does not read the register; `calls.grant_busy` while a list of the call is computed or
/// checked; what [`obstacles`] says of the call.
pub async fn start(app: &App, actor: &Actor, call: CallId) -> Result<RunId> {
    let call = of_office(&app.db, actor, &permissions::PROCESS, call).await?;
    if actor.may_somewhere(&registry::permissions::READ_ORGANIZATION).is_err() {
        return Err(Error::conflict("calls.grant_register"));
    }
    if let Some(fault) = obstacles(&call).into_iter().next() {
        return Err(Error::Conflict(fault));
    }
    let hat = actor.hat().ok_or(Error::NotFound)?;
    let (mut tx, now, id) = (app.db.begin().await?, app.clock.now(), RunId::new());
    sql::call::take(&mut tx, call.id).await?;
    if sql::auto_grant::is_busy(&mut tx, call.id).await? {
        return Err(Error::conflict("calls.grant_busy"));
    }
    let payload = Payload {
        run: id,
        account: actor.account().ok_or(Error::SignIn)?,
        name: name(actor),
        role: hat.role,
        organization: hat.organization,
    };
    let job = NewJob::new(COMPUTE, serde_json::to_value(&payload)?).dedup(id.text()).owned_by(actor.account());
    let job = ::jobs::enqueue(&mut tx, job, now).await?;
    let mut run = Run {
        id,
        number: String::new(),
        call: call.id,
        owner: call.owner,
        state: RunState::Computing,
        as_of: now.date(),
        counts: RunCounts::default(),
        job: job.map(|job| job.text()),
        started_name: name(actor),
        started_at: now,
        asked_name: String::new(),
        asked_at: None,
    };
    run.number = cases::next_number(&mut tx, "MS", now.date().year()).await?;
    sql::auto_grant::insert(&mut tx, &run).await?;
    let data = json!({ "number": run.number, "call": call.number });
    record::append(&mut tx, actor, now, "calls.grant.started", run_object(id), data).await?;
    tx.commit().await?;
    Ok(id)
}

/// What the module does later.
pub fn handlers(app: &App) -> Vec<(&'static str, Arc<dyn Handler>)> {
    vec![
        (COMPUTE, Arc::new(Compute { app: app.clone() }) as Arc<dyn Handler>),
        (super::ask::MESSAGES, super::ask::messenger(app)),
    ]
}

struct Compute {
    app: App,
}

#[async_trait]
impl Handler for Compute {
    async fn run(&self, context: &Context, payload: Value) -> Result<Value> {
        let payload: Payload = serde_json::from_value(payload)?;
        match perform(&self.app, &payload.actor(), payload.run, Some(context)).await? {
            true => Ok(json!({ "link": run_page(payload.run) })),
            false => Ok(json!({})),
        }
    }
}

/// Computes a run at once, in place of its work in the queue, which finds nothing to do then; whether there was anything to
/// do. `context` is told how far it is.
pub async fn perform(app: &App, actor: &Actor, id: RunId, context: Option<&Context>) -> Result<bool> {
    let run = sql::auto_grant::get(&app.db, id).await?;
    if run.state != RunState::Computing {
        return Ok(false);
    }
    let call = sql::call::get(&app.db, run.call).await?;
    let found = match obstacles(&call).is_empty() {
        true => look(app, context, actor, &call, run.as_of).await?,
        false => None,
    };
    match found {
        Some(found) => keep(app, actor, &run, &call, found).await?,
        // The call was ended or its rule changed since, or somebody asked to stop.
        None => fail(app, &run).await?,
    }
    Ok(true)
}

async fn fail(app: &App, run: &Run) -> Result<()> {
    let counts = RunCounts { failed: true, ..RunCounts::default() };
    let mut tx = app.db.begin().await?;
    sql::auto_grant::computed(&mut tx, run.id, RunState::Over, &counts).await?;
    tx.commit().await?;
    Ok(())
}

/// Everybody who is certainly eligible.
#[derive(Default)]
struct Found {
    organizations: u64,
    unread: u64,
    /// By identifier, with what the rule grants in fen.
    eligible: Vec<(OrganizationId, i64)>,
    receipts: HashMap<OrganizationId, Vec<Receipt>>,
}

/// Reads the register while it tells how far it is; nothing where somebody asked to stop.
async fn look(app: &App, context: Option<&Context>, actor: &Actor, call: &Call, day: Date) -> Result<Option<Found>> {
    let rule = loaded::rule(&call.setup.rule)?.ok_or_else(|| Error::conflict("calls.grant_rule"))?;
    let total = i64::try_from(decide::count(app, actor, KIND).await?).unwrap_or(i64::MAX);
    // One statement for everybody costs less than one for each thousand of those who turn out to be eligible.
    let receipts = receipts_of_all(&app.db).await?;
    let given = given(&call.setup, &rule, &receipts);
    let (told, seen) = watch::channel(0_u64);
    let counted: Vec<usize> = (0..rule.clauses.len())
        .filter(|at| call.setup.clause.is_empty() || rule.clauses[*at].id == call.setup.clause)
        .collect();
    let mut work = Box::pin(scan(app, actor, rule, counted, given, day, told));
    loop {
        tokio::select! {
            biased;
            made = &mut work => return made.map(|found| Some(Found { receipts, ..found })),
            () = tokio::time::sleep(BEAT) => {
                let done = i64::try_from(*seen.borrow()).unwrap_or(total).min(total);
                let Some(context) = context else { continue };
                if !context.progress(done, total, "calls-grant-progress").await? {
                    return Ok(None);
                }
            }
        }
    }
}

/// What was granted before, where the rule asks for it.
fn given(setup: &Setup, rule: &Rule, receipts: &HashMap<OrganizationId, Vec<Receipt>>) -> Given {
    let mut given = Given::default();
    if loaded::reads_receipts(rule) {
        for (organization, list) in receipts {
            let list = loaded::receipts_for(setup, rule, list).to_string();
            given.each.entry(*organization).or_default().insert(RECEIPTS.to_owned(), list);
        }
        given.otherwise.insert(RECEIPTS.to_owned(), "[]".to_owned());
    }
    given
}

/// Reads the register in pages and evaluates them on a thread of its own.
async fn scan(
    app: &App,
    actor: &Actor,
    rule: Arc<Rule>,
    counted: Vec<usize>,
    given: Given,
    day: Date,
    told: watch::Sender<u64>,
) -> Result<Found> {
    let (listener, sheets) = mpsc::channel(8);
    let worker = tokio::task::spawn_blocking(move || over(&rule, &counted, &given, day, sheets, &told));
    decide::sheets(app, actor, KIND, listener).await?;
    worker.await.map_err(Error::internal)
}

fn over(
    rule: &Rule,
    counted: &[usize],
    given: &Given,
    day: Date,
    mut sheets: mpsc::Receiver<Sheet>,
    told: &watch::Sender<u64>,
) -> Found {
    let register = Register::new(std::slice::from_ref(rule), day);
    let mut reader = Reader::new(&register, day);
    let mut found = Found::default();
    while let Some(sheet) = sheets.blocking_recv() {
        let rows = sheet.rows();
        for some in rows.chunks(BLOCK) {
            reader.take(some, given);
            let answers: Vec<Answers> =
                counted.iter().map(|clause| register.evaluate(*clause, &reader.block)).collect();
            for (row, id) in reader.ids.iter().enumerate() {
                let certain = !answers.is_empty() && answers.iter().all(|one| one.outcomes[row] == Outcome::Eligible);
                if let Some(sum) = certain.then(|| granted(rule, &register, &reader, &answers, row, day)).flatten() {
                    found.eligible.push((*id, sum));
                }
            }
        }
        found.organizations += rows.len() as u64;
        told.send_replace(found.organizations);
    }
    found.unread = reader.unread as u64;
    found
}

/// What the clauses come to for one organisation, under the limits of the rule.
fn granted(
    rule: &Rule,
    register: &Register<'_>,
    reader: &Reader<'_, '_>,
    answers: &[Answers],
    row: usize,
    day: Date,
) -> Option<i64> {
    // Where one clause of several counts, no limit is about it; see `obstacles`.
    if !rule.spans() || answers.len() < rule.clauses.len() {
        return answers.iter().try_fold(0_i64, |sum, one| sum.checked_add(one.least[row]));
    }
    let settled = rule.settle(&register.subject(0, &reader.block, row), day).ok()?;
    Some(settled.total.low)
}

/// Those that are left when whoever has it already, or had it, is taken away; with what was counted.
struct Left {
    counts: RunCounts,
    /// With the sum, and whether there is a draft.
    lines: Vec<(OrganizationId, i64, bool)>,
}

async fn left(app: &App, call: &Call, found: Found) -> Result<Left> {
    let rule = loaded::rule(&call.setup.rule)?.ok_or_else(|| Error::conflict("calls.grant_rule"))?;
    let (mut drafts, mut applied): (HashSet<String>, HashSet<String>) = Default::default();
    for (id, state) in sql::auto_grant::applicants(&app.db, call.id).await? {
        let draft = state == ApplicationState::Draft.code();
        if draft {
            drafts.insert(id)
        } else {
            applied.insert(id)
        };
    }
    let before: HashSet<String> = sql::auto_grant::listed(&app.db, call.id).await?.into_iter().collect();
    let mut counts = RunCounts {
        organizations: found.organizations,
        unread: found.unread,
        eligible: found.eligible.len() as u64,
        ..RunCounts::default()
    };
    let mut lines = Vec::new();
    for (id, sum) in found.eligible {
        let key = id.text();
        let had = found.receipts.get(&id).is_some_and(|receipts| barred(call, &rule, receipts));
        match or_fixed(call, sum) {
            _ if applied.contains(&key) => counts.applied += 1,
            _ if before.contains(&key) => counts.before += 1,
            _ if had => counts.granted += 1,
            None => counts.without_sum += 1,
            Some(_) if lines.len() >= RUN_MOST => counts.more += 1,
            Some(sum) => lines.push((id, sum, drafts.contains(&key))),
        }
    }
    Ok(Left { counts, lines })
}

/// Writes the list; running twice writes it once.
async fn keep(app: &App, actor: &Actor, run: &Run, call: &Call, found: Found) -> Result<()> {
    let Left { mut counts, lines } = left(app, call, found).await?;
    let ids: Vec<OrganizationId> = lines.iter().map(|(id, ..)| *id).collect();
    let names: HashMap<OrganizationId, jinmen_core::Text2> = app.organization_names(&ids).await?.into_iter().collect();
    let line = |(at, (organization, amount, has_draft)): (usize, &(OrganizationId, i64, bool))| GrantLine {
        id: GrantLineId::new(),
        run: run.id,
        call: call.id,
        owner: call.owner,
        place: at as i64 + 1,
        organization: *organization,
        name: names.get(organization).map(|name| name.zh.clone()).unwrap_or_default(),
        uscc: String::new(),
        amount: *amount,
        state: GrantLineState::Found,
        reason: String::new(),
        holds: true,
        has_draft: *has_draft,
        asked: 0,
        due_on: None,
        decision: None,
        application: None,
        account: None,
        answered_name: String::new(),
        answered_at: None,
    };
    let lines: Vec<GrantLine> = lines.iter().enumerate().map(line).collect();
    let (mut tx, now) = (app.db.begin().await?, as_of(app.clock.now()).known);
    counts.listed = sql::auto_grant::insert_lines(&mut tx, &lines).await?;
    let state = if counts.listed == 0 { RunState::Over } else { RunState::Checking };
    if !sql::auto_grant::computed(&mut tx, run.id, state, &counts).await? {
        // Ended by the office, or computed by another process meanwhile.
        tx.rollback().await?;
        return Ok(());
    }
    if state == RunState::Checking {
        let waits_for = cases::WaitsFor::Role(call.role, call.owner);
        let args = json!({ "title": call.title.zh, "number": run.number, "n": counts.listed });
        cases::open_task(
            &mut tx,
            now,
            cases::NewTask::new(CHECK, run_object(run.id), waits_for, run_page(run.id), args),
        )
        .await?;
    }
    let data =
        json!({ "number": run.number, "listed": counts.listed, "eligible": counts.eligible, "more": counts.more });
    record::append(&mut tx, &system(actor), now, "calls.grant.computed", run_object(run.id), data).await?;
    tx.commit().await?;
    Ok(())
}

/// Computing is the program's doing, whoever asked for it.
fn system(_: &Actor) -> Actor {
    Actor::System("calls")
}
