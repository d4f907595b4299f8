//! The same use cases for programs.

use axum::extract::State;
use axum::http::StatusCode;
use jinmen_core::Error;
use module::api::{PageOut, Paging, Refusals};
use module::{Answer, App, Json, Path, Query, Routes, Visit};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::model::{Body, Policy, PolicyFilter, PolicyId};
use crate::ops::{call, library, mine, reach};
use crate::permissions as may;

/// Adds the operations.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .api(&may::LIBRARY, routes!(policy_policies))
        .api(&may::LIBRARY, routes!(policy_policy))
        .api(&may::LIBRARY, routes!(policy_calculate))
        .api(&may::MINE, routes!(policy_mine))
        .api(&may::READ, routes!(policy_own))
        .api(&may::WRITE, routes!(policy_open_call))
        .api(&may::REACH, routes!(policy_reach))
        .api(&may::REACH, routes!(policy_sandbox))
}

/// A policy.
#[derive(Serialize, ToSchema)]
pub struct PolicyOut {
    /// Its identifier.
    id: String,
    /// Its readable number.
    #[schema(example = "ZC-2026-0001")]
    number: String,
    /// What it is called.
    title: String,
    /// The same in English.
    title_en: Option<String>,
    /// Who issues it.
    issuer: String,
    /// The number of the document.
    doc_no: String,
    /// Of which level the issuer is.
    level: crate::model::Level,
    /// What it is about.
    topic: String,
    /// Where it stands.
    status: crate::model::Status,
    /// From when on it holds.
    effective_from: Option<String>,
    /// Up to when.
    effective_to: Option<String>,
}

impl From<Policy> for PolicyOut {
    fn from(one: Policy) -> Self {
        Self {
            id: one.id.text(),
            number: one.number,
            title: one.title.zh,
            title_en: one.title.en,
            issuer: one.issuer,
            doc_no: one.doc_no,
            level: one.level,
            topic: one.topic,
            status: one.status,
            effective_from: one.effective_from.map(|day| day.to_string()),
            effective_to: one.effective_to.map(|day| day.to_string()),
        }
    }
}

/// The published policies.
#[utoipa::path(get, path = "/policies", tag = "policies", params(PolicyFilter, Paging),
    responses((status = 200, body = PageOut<PolicyOut>, description = "Newest first"), Refusals))]
async fn policy_policies(
    State(app): State<App>,
    Query(filter): Query<PolicyFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<PolicyOut>>> {
    let page = library::public(&app, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// The policies of one's office.
#[utoipa::path(get, path = "/own-policies", tag = "policies", params(PolicyFilter, Paging),
    responses((status = 200, body = PageOut<PolicyOut>, description = "Newest first, drafts among them"), Refusals))]
async fn policy_own(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<PolicyFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<PolicyOut>>> {
    let page = library::of_own_office(&app, &visit.actor, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// Under which clause a call is opened.
#[derive(Deserialize, ToSchema)]
pub struct CallIn {
    /// The clause's id in the policy.
    #[schema(example = "A")]
    clause: String,
}

/// The call that was begun.
#[derive(Serialize, ToSchema)]
pub struct CallBegun {
    /// Its identifier.
    id: String,
}

/// Begins a call under a clause of a policy of one's office: a draft, to be looked through and published.
#[utoipa::path(post, path = "/own-policies/{id}/calls", tag = "policies", params(("id" = String, Path)),
    request_body = CallIn, responses((status = 201, body = CallBegun), Refusals))]
async fn policy_open_call(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    Json(input): Json<CallIn>,
) -> Answer<(StatusCode, axum::Json<CallBegun>)> {
    let call = call::open_call(&app, &visit.actor, id, &input.clause).await?;
    Ok((StatusCode::CREATED, axum::Json(CallBegun { id: call.text() })))
}

/// A policy with its text.
#[derive(Serialize, ToSchema)]
pub struct PolicyText {
    /// The policy.
    #[serde(flatten)]
    policy: PolicyOut,
    /// The program, a document of the policy language.
    text: String,
    /// Sentences, guide, interpretation.
    body: Body,
}

/// A published policy with its text.
#[utoipa::path(get, path = "/policies/{id}", tag = "policies", params(("id" = String, Path)),
    responses((status = 200, body = PolicyText), Refusals))]
async fn policy_policy(State(app): State<App>, Path(id): Path<PolicyId>) -> Answer<axum::Json<PolicyText>> {
    let read = library::read_public(&app, id).await?;
    let version = read.version.ok_or(Error::NotFound)?;
    Ok(axum::Json(PolicyText { policy: read.policy.into(), text: version.text, body: version.body }))
}

/// Facts by the policy's names, as its cases write them.
#[derive(Deserialize, ToSchema)]
pub struct Facts {
    /// The facts; those left out are unknown.
    #[schema(value_type = Object, example = json!({"revenue": {"2025": 12000000}}))]
    facts: Map<String, Value>,
}

/// What a published policy says to facts; nothing is kept.
#[utoipa::path(post, path = "/policies/{id}/calculate", tag = "policies", params(("id" = String, Path)), request_body = Facts,
    responses((status = 200, body = Object, description = "Every clause with its proof, as `jinmen policy explain` prints it"), Refusals))]
async fn policy_calculate(
    State(app): State<App>,
    Path(id): Path<PolicyId>,
    Json(input): Json<Facts>,
) -> Answer<axum::Json<Value>> {
    let (_, said) = library::calculate(&app, id, &input.facts, app.clock.today()).await?;
    Ok(axum::Json(said))
}

/// One policy for one's enterprise.
#[derive(Serialize, ToSchema)]
pub struct StandingOut {
    /// The policy.
    policy: PolicyOut,
    /// What is granted together for certain, in fen.
    total_min_fen: i64,
    /// At most; none where no bound is known.
    total_max_fen: Option<i64>,
    /// Every clause with its proof.
    #[schema(value_type = Vec<Object>)]
    clauses: Vec<Value>,
}

/// The day that is asked about.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct AskedOn {
    as_of: Option<String>,
}

/// What one's enterprise is entitled to by every policy in force.
#[utoipa::path(get, path = "/my-policies", tag = "policies", params(("as_of" = Option<String>, Query, description = "A day; today where none is named")),
    responses((status = 200, body = Vec<StandingOut>, description = "Those with something in them first"), Refusals))]
async fn policy_mine(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<AskedOn>,
) -> Answer<axum::Json<Vec<StandingOut>>> {
    let mine = mine::mine(&app, &visit.actor, asked.as_of.as_deref()).await?;
    let one = |one: mine::PolicyStanding| StandingOut {
        policy: one.policy.into(),
        total_min_fen: one.total_low,
        total_max_fen: one.total_high,
        clauses: one.clauses.into_iter().map(|clause| clause.proof).collect(),
    };
    Ok(axum::Json(mine.policies.into_iter().map(one).collect()))
}

/// Whom a policy reaches.
#[derive(Serialize, ToSchema)]
pub struct ReachOut {
    /// Organisations asked about.
    organizations: u64,
    /// Those that get something for certain.
    reached: u64,
    /// Those that may.
    open: u64,
    /// What it costs, under its limits, in fen.
    fen: Option<i64>,
    /// Clause by clause.
    clauses: Vec<ClauseOut>,
}

/// One clause over the register.
#[derive(Serialize, ToSchema)]
pub struct ClauseOut {
    /// Its id.
    id: String,
    /// Organisations that are eligible.
    eligible: u64,
    /// Those about whom people decide.
    needs_people: u64,
    /// Those of whom facts are missing.
    unknown: u64,
    /// Those that are not.
    not_eligible: u64,
    /// What is granted, in fen.
    fen: Option<i64>,
}

fn reach_out(reach: reach::Reach) -> ReachOut {
    let clause = |one: &reach::ClauseReach| ClauseOut {
        id: one.id.clone(),
        eligible: one.count(rules::Outcome::Eligible),
        needs_people: one.count(rules::Outcome::NeedsPeople),
        unknown: one.count(rules::Outcome::Unknown),
        not_eligible: one.count(rules::Outcome::NotEligible),
        fen: i64::try_from(one.granted.1).ok(),
    };
    ReachOut {
        organizations: reach.organizations,
        reached: reach.reached,
        open: reach.open,
        fen: i64::try_from(reach.fen).ok(),
        clauses: reach.clauses.iter().map(clause).collect(),
    }
}

/// Whom a policy of one's office reaches today.
#[utoipa::path(get, path = "/own-policies/{id}/reach", tag = "policies", params(("id" = String, Path)),
    responses((status = 200, body = ReachOut), Refusals))]
async fn policy_reach(State(app): State<App>, visit: Visit, Path(id): Path<PolicyId>) -> Answer<axum::Json<ReachOut>> {
    let asked = reach::asked(&app, &visit.actor, id).await?;
    let (reach, _) = reach::reach(&app, &visit.actor, &asked, reach::Listed::default(), None).await?;
    Ok(axum::Json(reach_out(reach)))
}

/// Other values of parameters, written as in the policy's text.
#[derive(Deserialize, ToSchema)]
pub struct Parameters {
    /// By name.
    #[schema(value_type = Object, example = json!({"threshold": "wan(800)"}))]
    set: std::collections::BTreeMap<String, String>,
}

/// What another value of a parameter would change.
#[derive(Serialize, ToSchema)]
pub struct DifferenceOut {
    /// Now.
    before: ReachOut,
    /// With the other values.
    after: ReachOut,
    /// Organisations that get more in all.
    gainers: usize,
    /// Organisations that get less.
    losers: usize,
    /// The difference in fen.
    difference_fen: Option<i64>,
}

/// What changes if parameters of a policy of one's office had other values; nothing is kept.
#[utoipa::path(post, path = "/own-policies/{id}/sandbox", tag = "policies", params(("id" = String, Path)),
    request_body = Parameters, responses((status = 200, body = DifferenceOut), Refusals))]
async fn policy_sandbox(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<PolicyId>,
    Json(input): Json<Parameters>,
) -> Answer<axum::Json<DifferenceOut>> {
    let set: Vec<(String, String)> = input.set.into_iter().collect();
    let asked = reach::asked(&app, &visit.actor, id).await?;
    let changed = reach::changed(&asked, &set)?;
    let difference = reach::sandbox(&app, &visit.actor, &asked, changed, None).await?;
    let change = difference.after.fen - difference.before.fen;
    Ok(axum::Json(DifferenceOut {
        gainers: difference.gainers.len(),
        losers: difference.losers.len(),
        difference_fen: i64::try_from(change).ok(),
        before: reach_out(difference.before),
        after: reach_out(difference.after),
    }))
}
