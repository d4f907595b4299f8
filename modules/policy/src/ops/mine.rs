//! My policies: what an enterprise is entitled to by every policy in force, what is missing, and what it comes to.

use std::collections::HashMap;

use jinmen_core::{Actor, Date, Error, OrganizationId, PageRequest, Result, Scope};
use module::App;
use payments::ops::receipts::{RECEIPTS, for_rules};
use payments::{Receipt, Subject};
use registry::known::Known;
use registry::model::{AsOf, RuleDecision, SubjectFile};
use registry::ops::decide;
use rules::{Policy as Compiled, Value};
use serde_json::{Map, Value as Json};

use super::{object, own_enterprise, program};
use crate::model::{Body, Policy, PolicyId};
use crate::{permissions, sql};

/// Policies in force that one page regards.
const MOST: u32 = 400;

/// How a clause stands for an enterprise.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// It is due.
    Eligible,
    /// People decide about it.
    NeedsPeople,
    /// One condition fails, and by how much is known.
    Nearly,
    /// Some questions settle it.
    Asks,
    /// Not.
    Not,
}

/// One clause for one enterprise.
#[derive(Clone, Debug)]
pub struct ClauseStanding {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How it stands.
    pub standing: Standing,
    /// In fen: not less and not more; no upper end where none is known.
    pub low: i64,
    /// Upper end.
    pub high: Option<i64>,
    /// The answer with its proof.
    pub proof: Json,
}

/// One policy for one enterprise.
#[derive(Clone, Debug)]
pub struct PolicyStanding {
    /// The policy.
    pub policy: Policy,
    /// Its clauses.
    pub clauses: Vec<ClauseStanding>,
    /// What is granted together, under the policy's limits, in fen.
    pub total_low: i64,
    /// At most.
    pub total_high: Option<i64>,
}

impl PolicyStanding {
    /// How the policy stands: as its best clause.
    pub fn standing(&self) -> Standing {
        self.clauses.iter().map(|one| one.standing).min().unwrap_or(Standing::Not)
    }
}

/// Everything for one enterprise.
#[derive(Clone, Debug, Default)]
pub struct Mine {
    /// Those with something in them first.
    pub policies: Vec<PolicyStanding>,
    /// What is due together for certain, in fen: the highest lawful combination under each policy's limits.
    pub total_low: i64,
    /// Policies whose text could not be read or whose facts are of another type.
    pub unread: usize,
}

/// What the actor's enterprise is entitled to today, or was on another day by what is known now.
///
/// # Errors
/// `policy.as_of` for what is no day.
pub async fn mine(app: &App, actor: &Actor, day: Option<&str>) -> Result<Mine> {
    let own = own_enterprise(actor, &permissions::MINE)?;
    of(app, own, asked_on(app, day)?).await
}

/// The day that somebody asks about, today where they name none.
pub fn asked_on(app: &App, day: Option<&str>) -> Result<AsOf> {
    let day = match day.map(str::trim).filter(|day| !day.is_empty()) {
        Some(text) => Date::parse(text).map_err(|_| Error::field("as_of", "policy.as_of"))?,
        None => app.clock.today(),
    };
    Ok(AsOf { day, known: app.clock.now() })
}

async fn of(app: &App, organization: OrganizationId, as_of: AsOf) -> Result<Mine> {
    let policies = sql::policy::in_force(&app.db, as_of.day, MOST).await?;
    let policies: Vec<Policy> = policies.into_iter().filter(|policy| policy.holds(as_of.day)).collect();
    let all = policies.len();
    let programs = programs(app, policies).await?;
    let compiled: Vec<&Compiled> = programs.iter().map(|(_, program)| program.as_ref()).collect();
    let subject = organization.into();
    let file = decide::file_of(&app.db, &compiled, &subject).await?;
    let ids: Vec<PolicyId> = programs.iter().map(|(policy, _)| policy.id).collect();
    let answers: HashMap<PolicyId, Map<String, Json>> =
        sql::answer::of(&app.db, organization, &ids).await?.into_iter().collect();
    let receipts = receipts(app, organization).await?;
    let mut mine = Mine { unread: all - programs.len(), ..Mine::default() };
    for (policy, program) in programs {
        let given = given(&policy, &program, answers.get(&policy.id), &receipts);
        match standing(policy, &program, &file, &given, as_of) {
            Ok(one) => mine.policies.push(one),
            Err(_) => mine.unread += 1,
        }
    }
    mine.policies.sort_by_key(|one| (one.standing(), std::cmp::Reverse(one.total_low)));
    mine.total_low = mine.policies.iter().map(|one| one.total_low).sum();
    Ok(mine)
}

/// The policies with their programs; texts are read of versions that were not read before.
async fn programs(app: &App, policies: Vec<Policy>) -> Result<Vec<(Policy, program::Program)>> {
    let unread: Vec<(PolicyId, i64)> = policies
        .iter()
        .map(|one| (one.id, one.version))
        .filter(|(id, version)| program::of_version(*id, *version).is_none())
        .collect();
    for (id, version) in sql::policy::texts(&app.db, &unread).await? {
        // One that cannot be read is counted as such.
        program::remember(id, version.version, &version.text).ok();
    }
    let known = |policy: Policy| program::of_version(policy.id, policy.version).map(|program| (policy, program));
    Ok(policies.into_iter().filter_map(known).collect())
}

/// What was granted before.
async fn receipts(app: &App, organization: OrganizationId) -> Result<Vec<Receipt>> {
    payments::receipts(&app.db, Subject::Organization(organization)).await
}

/// What the enterprise answered about a policy and was granted before, as the policy's rules read it.
fn given(
    policy: &Policy,
    program: &Compiled,
    answers: Option<&Map<String, Json>>,
    receipts: &[Receipt],
) -> Map<String, Json> {
    let mut given = answers.cloned().unwrap_or_default();
    given.insert(RECEIPTS.to_owned(), for_rules(receipts, &policy.names(&program.title)));
    given
}

fn standing(
    policy: Policy,
    program: &Compiled,
    file: &SubjectFile,
    given: &Map<String, Json>,
    as_of: AsOf,
) -> Result<PolicyStanding> {
    let known = decide::with(program, Known::of(program, file, as_of), given);
    let values = program.subject(&known.facts).map_err(|fault| Error::internal(fault.to_string()))?;
    let clause = |at: usize| clause_standing(program, at, &values, &known, as_of);
    let clauses: Vec<ClauseStanding> = (0..program.clauses.len()).map(clause).collect();
    let (total_low, total_high) = together(program, &values, as_of, &clauses);
    Ok(PolicyStanding { policy, clauses, total_low, total_high })
}

fn clause_standing(program: &Compiled, at: usize, values: &[Value], known: &Known, as_of: AsOf) -> ClauseStanding {
    let proof = program.explained(at, values, as_of.day, &known.origins);
    let fen = |key: &str| proof[key].as_i64();
    let clause = &program.clauses[at];
    ClauseStanding {
        id: clause.id.clone(),
        title: clause.title.clone(),
        standing: stands(&proof),
        low: fen("amount_min_fen").unwrap_or(0),
        high: fen("amount_max_fen"),
        proof,
    }
}

/// How a clause stands by its proof: nearly is one failing condition whose distance is known.
pub fn stands(proof: &Json) -> Standing {
    match proof["outcome"].as_str().unwrap_or_default() {
        "eligible" => Standing::Eligible,
        "needs_people" => Standing::NeedsPeople,
        "unknown" => Standing::Asks,
        _ => {
            let failing: Vec<&Json> =
                proof["conditions"].as_array().into_iter().flatten().filter(|one| one["result"] == "false").collect();
            match failing[..] {
                [one] if !one["distance"].is_null() || !one["first_date"].is_null() => Standing::Nearly,
                _ => Standing::Not,
            }
        }
    }
}

/// What a policy grants together: under its limits where it has any, else the sum.
fn together(program: &Compiled, values: &[Value], as_of: AsOf, clauses: &[ClauseStanding]) -> (i64, Option<i64>) {
    if program.spans()
        && let Ok(settled) = program.settle(values, as_of.day)
    {
        return (settled.total.low, (settled.total.high < i64::MAX).then_some(settled.total.high));
    }
    let due = |one: &&ClauseStanding| one.standing == Standing::Eligible;
    let low = clauses.iter().filter(due).map(|one| one.low).sum();
    let open = |one: &&ClauseStanding| one.standing != Standing::Not && one.standing != Standing::Nearly;
    let high = clauses.iter().filter(open).map(|one| one.high).try_fold(0_i64, |sum, high| sum.checked_add(high?));
    (low, high)
}

/// One policy in force for the actor's enterprise, with its text.
pub async fn one(app: &App, actor: &Actor, id: PolicyId, day: Option<&str>) -> Result<(PolicyStanding, Body, bool)> {
    let own = own_enterprise(actor, &permissions::MINE)?;
    let as_of = asked_on(app, day)?;
    let policy = sql::policy::get(&app.db, id).await?;
    if !policy.is_public() || !policy.holds(as_of.day) {
        return Err(Error::NotFound);
    }
    let version = sql::policy::version(&app.db, id, policy.version).await?;
    let program = program::known(&version.text)?;
    let file = decide::file_of(&app.db, &[&program], &own.into()).await?;
    let answers = sql::answer::of(&app.db, own, &[id]).await?;
    let given = given(&policy, &program, answers.first().map(|(_, answers)| answers), &receipts(app, own).await?);
    let allowed = !sql::answer::authorized(&app.db, id, &[own]).await?.is_empty();
    Ok((standing(policy, &program, &file, &given, as_of)?, version.body, allowed))
}

/// Decides a policy for the actor's enterprise and keeps it, with the proof: a certificate of what the rules said today.
pub async fn keep(app: &App, actor: &Actor, id: PolicyId) -> Result<RuleDecision> {
    let own = own_enterprise(actor, &permissions::ANSWER)?;
    let (now, day) = (app.clock.now(), app.clock.today());
    let policy = sql::policy::get(&app.db, id).await?;
    if !policy.is_public() || !policy.holds(day) {
        return Err(Error::NotFound);
    }
    let version = sql::policy::version(&app.db, id, policy.version).await?;
    let program = program::known(&version.text)?;
    let receipts = receipts(app, own).await?;
    let answers = sql::answer::of(&app.db, own, &[id]).await?;
    let mut tx = app.db.begin().await?;
    let question = decide::Question {
        subject: own.into(),
        object: object(id),
        text: &version.text,
        given: given(&policy, &program, answers.first().map(|(_, answers)| answers), &receipts),
        as_of: AsOf { day, known: now },
    };
    let decision = decide::decide(&mut tx, actor, now, question).await?;
    tx.commit().await?;
    Ok(decision)
}

/// The decisions that were kept for the actor's enterprise about a policy, newest first.
pub async fn kept(app: &App, actor: &Actor, id: PolicyId) -> Result<Vec<RuleDecision>> {
    let own = own_enterprise(actor, &permissions::MINE)?;
    let page = PageRequest { after: None, limit: Some(10) };
    Ok(decide::decisions(app, &own.into(), Some(&object(id)), &page).await?.items)
}

/// Whether the office of a policy may see what an enterprise gets: only where it allowed it.
pub async fn allow(app: &App, actor: &Actor, id: PolicyId, allowed: bool) -> Result<()> {
    let own = own_enterprise(actor, &permissions::ANSWER)?;
    actor.may(&permissions::ANSWER, &Scope::about(own, Vec::new()))?;
    let policy = sql::policy::get(&app.db, id).await?;
    if !policy.is_public() {
        return Err(Error::NotFound);
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let action = if allowed {
        sql::answer::authorize(&mut tx, id, own, actor.account(), now).await?;
        "policy.allowed"
    } else {
        sql::answer::withdraw(&mut tx, id, own, now).await?;
        "policy.allowed_no_more"
    };
    let data = serde_json::json!({ "policy": id.text() });
    record::append(&mut tx, actor, now, action, own, data).await?;
    tx.commit().await?;
    Ok(())
}
