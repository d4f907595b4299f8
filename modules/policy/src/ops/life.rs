//! The steps of a policy's life, each with what it takes: reviews, a vote, a number, publication.

use flow::{Deed, Doing, Flow, Moved, StepDone, When};
use jinmen_core::{Actor, Date, Error, Fault, Faults, PageRequest, PersonId, Result};
use module::App;
use serde_json::json;
use store::Tx;

use super::{name, object, of_office, program};
use crate::model::{Body, Disclosure, LIFE, Policy, PolicyId, Review, ReviewResult, needed, short, step};
use crate::{permissions, sql};

/// A step with what was typed for it.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The step's name.
    pub step: String,
    /// What is done.
    pub doing: Doing,
    /// In words.
    pub opinion: String,
    /// The version of the case that the actor saw.
    pub seen: Option<i64>,
    /// For the review of fair competition.
    pub review: Option<TypedReview>,
    /// For the issue.
    pub issue: Option<TypedIssue>,
    /// For the interpretation.
    pub interpretation: Option<String>,
}

/// The review of fair competition as it is typed.
#[derive(Clone, Debug, Default)]
pub struct TypedReview {
    /// On what it rests.
    pub basis: String,
    /// `clean` or `exception`.
    pub result: String,
    /// Which exception, and why.
    pub exception: String,
    /// Until when.
    pub ends_on: String,
}

/// What a policy becomes when it is issued, as it is typed.
#[derive(Clone, Debug, Default)]
pub struct TypedIssue {
    /// Document number.
    pub doc_no: String,
    /// When.
    pub on: String,
    /// From when on it holds.
    pub from: String,
    /// Up to when; empty for no end.
    pub to: String,
    /// `published`, `on_request` or `withheld`.
    pub disclosure: String,
}

/// Does a step of the actor's office.
///
/// # Errors
/// Faults of what the step takes; `policy.no_text`, `policy.findings`, `policy.cases` when the text is not fit to go on;
/// `policy.no_review` for an issue without a review of this version; what [`flow::act`] refuses.
pub async fn act(app: &App, actor: &Actor, id: PolicyId, typed: Typed) -> Result<Moved> {
    let policy = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let case = flow::running(&app.db, &object(id), LIFE).await?.ok_or_else(|| Error::conflict("flow.not_open"))?;
    let role = case.open_stage().and_then(|stage| stage.steps.first()).map(|step| step.by.role);
    let colleagues: Vec<PersonId> = match role {
        Some(role) => access::holders(&app.db, role, policy.owner, app.clock.today()).await?,
        None => Vec::new(),
    };
    let mut tx = app.db.begin().await?;
    let moved = act_within(app, &mut tx, actor, &policy, &case, typed, &colleagues).await?;
    tx.commit().await?;
    Ok(moved)
}

/// The same within a transaction.
pub async fn act_within(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    policy: &Policy,
    case: &Flow,
    typed: Typed,
    colleagues: &[PersonId],
) -> Result<Moved> {
    let forward = !matches!(typed.doing, Doing::Return(_) | Doing::Reject | Doing::Disagree);
    if forward {
        prepare(app, tx, actor, policy, &typed).await?;
    }
    let deed =
        Deed { step: &typed.step, doing: typed.doing.clone(), opinion: &typed.opinion, seen: typed.seen, colleagues };
    let when = When { now: app.clock.now(), calendar: app.calendar() };
    let (_, moved) = flow::act(tx, actor, when, case.id, deed).await?;
    if matches!(moved, Moved::Ended(flow::State::Rejected)) {
        sql::policy::refuse(tx, policy.id, when.now).await?;
    }
    Ok(moved)
}

/// What a step does besides being done.
async fn prepare(app: &App, tx: &mut Tx, actor: &Actor, policy: &Policy, typed: &Typed) -> Result<()> {
    match typed.step.as_str() {
        step::DRAFT => ready(tx, policy, &typed.opinion).await,
        step::FAIRNESS => review(app, tx, actor, policy, typed.review.as_ref()).await,
        step::ISSUE => issue(app, tx, actor, policy, typed.issue.as_ref()).await,
        step::PUBLISH => publish(app, tx, actor, policy).await,
        step::INTERPRET => interpret(app, tx, actor, policy, typed.interpretation.as_deref()).await,
        _ => Ok(()),
    }
}

/// Whether the text may leave the drafter's desk: no finding, every case passes, a sentence for each clause, and words about
/// each red line in them.
async fn ready(tx: &mut Tx, policy: &Policy, opinion: &str) -> Result<()> {
    if policy.version == 0 {
        return Err(Error::conflict("policy.no_text"));
    }
    let version = sql::policy::version(&mut *tx, policy.id, policy.version).await?;
    let checked = program::check(&version.text)?;
    let Some(program) = &checked.program else { return Err(Error::conflict("policy.findings")) };
    if !checked.is_good() {
        return Err(Error::conflict("policy.cases"));
    }
    let silent =
        program.clauses.iter().find(|clause| version.body.sentence(&clause.id, false).is_none_or(str::is_empty));
    if let Some(clause) = silent {
        return Err(Error::Conflict(Fault::new("policy.no_sentence").with("clause", &clause.id)));
    }
    let lines = red_lines(&version.body);
    if lines > 0 && opinion.trim().is_empty() {
        return Err(Fault::at("opinion", "policy.red_lines").with("n", lines).into());
    }
    Ok(())
}

/// How many red lines the sentences of a version have.
fn red_lines(body: &Body) -> usize {
    body.clauses.iter().map(|clause| crate::red_lines::marks(&clause.zh).len()).sum()
}

async fn review(app: &App, tx: &mut Tx, actor: &Actor, policy: &Policy, typed: Option<&TypedReview>) -> Result<()> {
    let typed = typed.cloned().unwrap_or_default();
    let mut faults = Faults::new();
    let basis = faults.take(needed("basis", &typed.basis, 2_000));
    let result =
        faults.take(ReviewResult::from_code(&typed.result).ok_or_else(|| Fault::at("result", "core.required")));
    let excepted = result == Some(ReviewResult::Exception);
    let body = sql::policy::version(&mut *tx, policy.id, policy.version).await?.body;
    let lines = if excepted { 0 } else { red_lines(&body) };
    if lines > 0 {
        faults.push(Fault::at("result", "policy.red_lines_clean").with("n", lines));
    }
    let exception = if excepted { needed("exception", &typed.exception, 2_000) } else { Ok(String::new()) };
    let exception = faults.take(exception);
    let ends_on = match typed.ends_on.trim() {
        // An exception of Article 12 needs a set end.
        "" if excepted => Err(Fault::at("ends_on", "policy.exception_end")),
        "" => Ok(None),
        text => Date::parse(text).map(Some).map_err(|fault| Fault::of("ends_on", &fault)),
    };
    let ends_on = faults.take(ends_on);
    let parts = (basis, result, exception, ends_on);
    faults.check()?;
    let (Some(basis), Some(result), Some(exception), Some(ends_on)) = parts else {
        return Err(Fault::new("core.required").into());
    };
    let now = app.clock.now();
    let review = Review {
        version: policy.version,
        basis,
        result,
        exception,
        ends_on,
        reviewed_at: now,
        reviewed_name: name(actor),
    };
    sql::policy::put_review(tx, policy.id, &review, actor.account()).await?;
    let data = json!({ "version": policy.version, "result": result.code() });
    record::append(tx, actor, now, "policy.reviewed", object(policy.id), data).await?;
    Ok(())
}

async fn issue(app: &App, tx: &mut Tx, actor: &Actor, policy: &Policy, typed: Option<&TypedIssue>) -> Result<()> {
    let review = sql::policy::review(&mut *tx, policy.id, policy.version).await?;
    let review = review.ok_or_else(|| Error::conflict("policy.no_review"))?;
    let typed = typed.cloned().unwrap_or_default();
    let mut faults = Faults::new();
    let day = |field: &str, text: &str| Date::parse(text.trim()).map_err(|fault| Fault::of(field, &fault));
    let doc_no = faults.take(needed("doc_no", &typed.doc_no, 100));
    let on = faults.take(day("on", &typed.on));
    let from = faults.take(day("from", &typed.from));
    let to = faults.take(if typed.to.trim().is_empty() { Ok(None) } else { day("to", &typed.to).map(Some) });
    let disclosure = Disclosure::from_code(&typed.disclosure).ok_or_else(|| Fault::at("disclosure", "core.required"));
    let disclosure = faults.take(disclosure);
    if let (Some(from), Some(Some(to))) = (from, to)
        && to < from
    {
        faults.push(Fault::at("to", "core.period"));
    }
    if let (Some(ends), Some(to)) = (review.ends_on, to)
        && to.is_none_or(|to| to > ends)
    {
        faults.push(Fault::at("to", "policy.beyond_exception").with("ends", ends));
    }
    let parts = (doc_no, on, from, to, disclosure);
    faults.check()?;
    let (Some(doc_no), Some(on), Some(from), Some(to), Some(disclosure)) = parts else {
        return Err(Fault::new("core.required").into());
    };
    let now = app.clock.now();
    let issued = sql::policy::Issued { doc_no: &doc_no, on, from, to, disclosure };
    if sql::policy::issue(tx, policy.id, &issued, now).await? == 0 {
        return Err(Error::conflict("policy.no_draft"));
    }
    let version = sql::policy::version(&mut *tx, policy.id, policy.version).await?;
    super::edit::put_search(tx, policy.id, &policy.title, &policy.number, &doc_no, &version.body).await?;
    let data =
        json!({ "doc_no": doc_no, "version": policy.version, "rule": registry::ops::decide::digest(&version.text) });
    record::append(tx, actor, now, "policy.issued", object(policy.id), data).await?;
    Ok(())
}

async fn publish(app: &App, tx: &mut Tx, actor: &Actor, policy: &Policy) -> Result<()> {
    let now = app.clock.now();
    if sql::policy::publish(tx, policy.id, now).await? == 0 {
        return Err(Error::conflict("policy.not_issued"));
    }
    let data = json!({ "disclosure": policy.disclosure.code() });
    record::append(tx, actor, now, "policy.published", object(policy.id), data).await?;
    Ok(())
}

async fn interpret(app: &App, tx: &mut Tx, actor: &Actor, policy: &Policy, typed: Option<&str>) -> Result<()> {
    let text = needed("interpretation", typed.unwrap_or_default(), 20_000)?;
    let mut version = sql::policy::version(&mut *tx, policy.id, policy.version).await?;
    version.body.interpretation = short("interpretation", &text, 20_000)?;
    sql::policy::set_body(tx, policy.id, policy.version, &version.body).await?;
    record::append(tx, actor, app.clock.now(), "policy.interpreted", object(policy.id), json!({})).await?;
    Ok(())
}

/// The case of a policy of the actor's office with its steps.
pub async fn case(app: &App, actor: &Actor, id: PolicyId) -> Result<Option<(Flow, Vec<StepDone>)>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    let Some(case) = flow::latest(&app.db, &object(id), LIFE).await? else { return Ok(None) };
    let steps = flow::steps(&app.db, case.id).await?;
    Ok(Some((case, steps)))
}

/// What happened to a policy, newest first.
pub async fn history(app: &App, actor: &Actor, id: PolicyId) -> Result<Vec<record::Entry>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    Ok(record::history(&app.db, &object(id), &PageRequest::default()).await?.items)
}

/// Ends public comments whose last day is over.
pub async fn end_comments(app: &App) -> Result<()> {
    /// At once.
    const SOME: u32 = 20;
    let program = Actor::System("policy");
    for (case, step) in flow::notices_over(&app.db, app.clock.now(), LIFE, SOME).await? {
        let mut tx = app.db.begin().await?;
        match flow::act(
            &mut tx,
            &program,
            When { now: app.clock.now(), calendar: app.calendar() },
            case,
            Deed::done(&step, ""),
        )
        .await
        {
            Ok(_) => tx.commit().await?,
            // Another process was first.
            Err(Error::Stale | Error::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A public comment that is open: the last day on which one may speak.
pub async fn open_comment(app: &App, id: PolicyId) -> Result<Option<Date>> {
    let Some(case) = flow::running(&app.db, &object(id), LIFE).await? else { return Ok(None) };
    let steps = flow::steps(&app.db, case.id).await?;
    Ok(steps
        .iter()
        .rfind(|one| one.step == step::COMMENT && one.state == flow::StepState::Running)
        .and_then(StepDone::until))
}
