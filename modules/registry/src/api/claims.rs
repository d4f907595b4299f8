//! Claims to files, for programs.

use axum::extract::State;
use module::api::{PageOut, Paging, Refusals};
use module::{Answer, App, Json, Path, Query, Routes, Visit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::NameOut;
use crate::model::{Claim, ClaimId, ClaimKind, ClaimState};
use crate::ops::claims::decide::{Outcome, decide};
use crate::ops::claims::read;
use crate::permissions as may;

/// Adds the operations.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .api(&may::READ_CLAIM, routes!(registry_claims))
        .api(&may::READ_CLAIM, routes!(registry_claim_progress))
        .api(&may::READ_CLAIM, routes!(registry_claim))
        .api(&may::CHECK_CLAIM, routes!(registry_decide_claim))
}

/// A claim to a file.
#[derive(Serialize, ToSchema)]
pub struct ClaimOut {
    /// Its identifier.
    id: String,
    /// Its readable number.
    #[schema(example = "RL-2026-0001")]
    number: String,
    /// The organisation whose file is claimed.
    organization: String,
    /// Its name.
    organization_name: NameOut,
    /// What it is about.
    kind: ClaimKind,
    /// How it stands.
    state: ClaimState,
    /// Whether it was made with a letter.
    by_letter: bool,
    /// The claimant's name.
    claimant: String,
    /// The code the claimant typed.
    #[schema(example = "91120199MA0000001X")]
    uscc: String,
    /// The last day of the authorisation.
    valid_until: Option<String>,
    /// Why it was decided so.
    opinion: String,
    /// One person decided it because there is no other.
    alone: bool,
    /// When it was begun.
    created_at: String,
    /// When it was sent in.
    submitted_at: Option<String>,
    /// When it was decided.
    decided_at: Option<String>,
}

impl From<Claim> for ClaimOut {
    fn from(claim: Claim) -> Self {
        Self {
            id: claim.id.text(),
            number: claim.number,
            organization: claim.organization.text(),
            organization_name: claim.organization_name.into(),
            kind: claim.kind,
            state: claim.state,
            by_letter: claim.by_letter,
            claimant: claim.claimant_name,
            uscc: claim.uscc,
            valid_until: claim.valid_until.map(|day| day.to_string()),
            opinion: claim.opinion,
            alone: claim.alone,
            created_at: claim.created_at.to_rfc3339(),
            submitted_at: claim.submitted_at.map(|at| at.to_rfc3339()),
            decided_at: claim.decided_at.map(|at| at.to_rfc3339()),
        }
    }
}

/// Which claims.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ClaimsAsked {
    /// Only those of this state.
    #[param(example = "submitted")]
    state: Option<ClaimState>,
}

/// Claims that one's organisation checks.
#[utoipa::path(get, path = "/claims", tag = "claims", params(ClaimsAsked, Paging),
    responses((status = 200, body = PageOut<ClaimOut>, description = "Newest first"), Refusals))]
async fn registry_claims(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<ClaimsAsked>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<ClaimOut>>> {
    let page = read::list(&app, &visit.actor, asked.state, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// How far the members of an alliance have come.
#[derive(Serialize, ToSchema)]
pub struct ClaimProgressOut {
    /// Members whose relation is in force.
    #[schema(example = 204)]
    members: i64,
    /// Those of them whose file somebody of theirs has taken over.
    #[schema(example = 137)]
    claimed: i64,
    /// Claims waiting to be checked.
    waiting: i64,
    /// Claims that the claimant has not sent in.
    begun: i64,
    /// Members with a letter that is still good.
    invited: i64,
}

/// How far one's alliance has come.
#[utoipa::path(get, path = "/claims/progress", tag = "claims",
    responses((status = 200, body = ClaimProgressOut, description = "Counted now"), Refusals))]
async fn registry_claim_progress(State(app): State<App>, visit: Visit) -> Answer<axum::Json<ClaimProgressOut>> {
    let known = read::progress(&app, &visit.actor).await?;
    Ok(axum::Json(ClaimProgressOut {
        members: known.members,
        claimed: known.claimed,
        waiting: known.waiting,
        begun: known.begun,
        invited: known.invited,
    }))
}

/// One claim.
#[utoipa::path(get, path = "/claims/{id}", tag = "claims", params(("id" = String, Path, description = "Its identifier")),
    responses((status = 200, body = ClaimOut, description = "As it stands"), Refusals))]
async fn registry_claim(State(app): State<App>, visit: Visit, Path(id): Path<ClaimId>) -> Answer<axum::Json<ClaimOut>> {
    let case = read::case(&app, &visit.actor, id).await?;
    Ok(axum::Json(case.file.claim.into()))
}

/// A decision about a claim.
#[derive(Deserialize, ToSchema)]
pub struct DecisionIn {
    /// What is decided.
    outcome: Outcome,
    /// What the claim was about when it was read; `take_over` unless given. A claim that became another is not granted.
    #[serde(default)]
    kind: Option<ClaimKind>,
    /// Why; needed unless it is granted.
    #[serde(default)]
    opinion: String,
}

/// Decide a claim that was sent in. Where two people sign, the first signature leaves it `submitted`.
#[utoipa::path(post, path = "/claims/{id}/decision", tag = "claims", request_body = DecisionIn,
    params(("id" = String, Path, description = "Its identifier")),
    responses((status = 200, body = ClaimOut, description = "As it stands now"), Refusals))]
async fn registry_decide_claim(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ClaimId>,
    Json(input): Json<DecisionIn>,
) -> Answer<axum::Json<ClaimOut>> {
    let seen = input.kind.unwrap_or(ClaimKind::TakeOver);
    decide(&app, &visit.actor, id, seen, input.outcome, &input.opinion).await?;
    let case = read::case(&app, &visit.actor, id).await?;
    Ok(axum::Json(case.file.claim.into()))
}
