//! Applying without applying, for programs: the office's lists, the firm's offers.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jinmen_core::{Instant, Locale};
use module::api::{PageOut, Paging, Refusals};
use module::{Answer, App, Json, Path, Query, Routes, Visit};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::Made;
use crate::model::{
    ANSWER_DAYS, Call, CallId, GrantLine, GrantLineId, GrantLineState, Run, RunCounts, RunId, RunState,
};
use crate::ops::auto_grant::{self as granting, Answered};
use crate::permissions as may;

/// Adds the operations.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .api(&may::READ, routes!(calls_auto_grants))
        .api(&may::PROCESS, routes!(calls_start_auto_grant))
        .api(&may::READ, routes!(calls_auto_grant))
        .api(&may::READ, routes!(calls_auto_grant_lines))
        .api(&may::PROCESS, routes!(calls_remove_from_auto_grant))
        .api(&may::PROCESS, routes!(calls_ask_auto_grant))
        .api(&may::PROCESS, routes!(calls_close_auto_grant))
        .api(&may::OWN, routes!(calls_offers))
        .api(&may::OWN, routes!(calls_offer))
        .api(&may::APPLY, routes!(calls_accept_offer))
        .api(&may::APPLY, routes!(calls_decline_offer))
}

/// A list of firms that are certainly eligible.
#[derive(Serialize, ToSchema)]
pub struct RunOut {
    /// Its identifier.
    id: String,
    /// Its number.
    #[schema(example = "MS-2026-0001")]
    number: String,
    /// Of which call.
    call: String,
    /// Where it stands.
    state: RunState,
    /// The day that the rule was asked about.
    as_of: String,
    /// What it counted.
    counts: RunCounts,
    /// When it was started, RFC 3339.
    started_at: String,
    /// When the firms were asked.
    asked_at: Option<String>,
}

impl From<Run> for RunOut {
    fn from(run: Run) -> Self {
        Self {
            id: run.id.text(),
            number: run.number,
            call: run.call.text(),
            state: run.state,
            as_of: run.as_of.to_string(),
            counts: run.counts,
            started_at: run.started_at.to_rfc3339(),
            asked_at: run.asked_at.map(Instant::to_rfc3339),
        }
    }
}

/// One firm of a list.
#[derive(Serialize, ToSchema)]
pub struct GrantLineOut {
    /// Its identifier.
    id: String,
    /// Its place in the list.
    place: i64,
    /// The firm.
    organization: String,
    /// Its name.
    name: String,
    /// What is due, in fen.
    amount: i64,
    /// Where it stands.
    state: GrantLineState,
    /// Why it is removed, declined or stopped.
    reason: String,
    /// The firm has begun to fill in the form by hand.
    has_draft: bool,
    /// How often it was asked.
    asked: i64,
    /// The last day for an answer.
    due_on: Option<String>,
    /// The decision of the rules that was kept when it was asked.
    decision: Option<String>,
    /// The application that came of it.
    application: Option<String>,
}

impl From<GrantLine> for GrantLineOut {
    fn from(line: GrantLine) -> Self {
        Self {
            id: line.id.text(),
            place: line.place,
            organization: line.organization.text(),
            name: line.name,
            amount: line.amount,
            state: line.state,
            reason: line.reason,
            has_draft: line.has_draft,
            asked: line.asked,
            due_on: line.due_on.map(|day| day.to_string()),
            decision: line.decision,
            application: line.application.map(|id| id.text()),
        }
    }
}

/// A list with how many of its lines stand where.
#[derive(Serialize, ToSchema)]
pub struct RunFileOut {
    /// The list.
    #[serde(flatten)]
    run: RunOut,
    /// By state: how many, and what they come to.
    lines: Vec<LineCountOut>,
}

/// How many lines stand in a state.
#[derive(Serialize, ToSchema)]
pub struct LineCountOut {
    /// The state.
    state: GrantLineState,
    /// How many.
    count: i64,
    /// What they come to, in fen.
    amount: i64,
}

/// The lists of a call of one's office.
#[utoipa::path(get, path = "/own-calls/{id}/auto-grants", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, body = Vec<RunOut>, description = "Newest first"), Refusals))]
async fn calls_auto_grants(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CallId>,
) -> Answer<axum::Json<Vec<RunOut>>> {
    let (_, runs) = granting::runs(&app, &visit.actor, id).await?;
    Ok(axum::Json(runs.into_iter().map(Into::into).collect()))
}

/// Starts computing who is certainly eligible for a call of one's office; it goes on as a job.
#[utoipa::path(post, path = "/own-calls/{id}/auto-grants", tag = "calls", params(("id" = String, Path)),
    responses((status = 201, body = Made), Refusals))]
async fn calls_start_auto_grant(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer<Response> {
    let run = granting::start(&app, &visit.actor, id).await?;
    Ok(super::made(run.text()))
}

/// A list.
#[utoipa::path(get, path = "/auto-grants/{id}", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, body = RunFileOut), Refusals))]
async fn calls_auto_grant(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RunId>,
) -> Answer<axum::Json<RunFileOut>> {
    let shown = granting::read(&app, &visit.actor, id, None, None, 1).await?;
    let count = |(state, count, amount)| LineCountOut { state, count, amount };
    Ok(axum::Json(RunFileOut { run: shown.run.into(), lines: shown.counts.into_iter().map(count).collect() }))
}

/// Which lines of a list are shown.
#[derive(Deserialize, Default, IntoParams)]
#[serde(default)]
struct LineFilter {
    /// Where they stand.
    state: Option<GrantLineState>,
}

/// The firms of a list.
#[utoipa::path(get, path = "/auto-grants/{id}/lines", tag = "calls", params(("id" = String, Path), LineFilter, Paging),
    responses((status = 200, body = PageOut<GrantLineOut>, description = "In their order"), Refusals))]
async fn calls_auto_grant_lines(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RunId>,
    Query(filter): Query<LineFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<GrantLineOut>>> {
    let page = granting::page(&app, &visit.actor, id, filter.state, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// Which firms are taken out of a list, and why.
#[derive(Deserialize, ToSchema)]
pub struct RemoveIn {
    /// Identifiers of lines.
    lines: Vec<String>,
    /// Why.
    reason: String,
}

/// Takes firms out of a list before they confirmed: all of them, or none.
#[utoipa::path(post, path = "/auto-grants/{id}/remove", tag = "calls", params(("id" = String, Path)),
    request_body = RemoveIn, responses((status = 204), Refusals))]
async fn calls_remove_from_auto_grant(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RunId>,
    Json(input): Json<RemoveIn>,
) -> Answer<StatusCode> {
    let lines: Result<Vec<GrantLineId>, _> = input.lines.iter().map(|id| id.parse()).collect();
    let lines = lines.map_err(|_| jinmen_core::Error::NotFound)?;
    granting::remove(&app, &visit.actor, id, &lines, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How long firms have for an answer.
#[derive(Deserialize, ToSchema)]
pub struct AskIn {
    /// Working days.
    #[serde(default = "days")]
    #[schema(example = 5)]
    days: u16,
}

fn days() -> u16 {
    ANSWER_DAYS
}

/// What came of asking.
#[derive(Serialize, ToSchema)]
pub struct AskedOut {
    /// Firms that were asked.
    asked: usize,
    /// Firms about whom something has changed.
    stopped: usize,
}

/// Asks the firms of a list that was checked, or once more those who did not answer.
#[utoipa::path(post, path = "/auto-grants/{id}/ask", tag = "calls", params(("id" = String, Path)), request_body = AskIn,
    responses((status = 200, body = AskedOut), Refusals))]
async fn calls_ask_auto_grant(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<RunId>,
    Json(input): Json<AskIn>,
) -> Answer<axum::Json<AskedOut>> {
    let (asked, stopped) = granting::ask(&app, &visit.actor, id, input.days).await?;
    Ok(axum::Json(AskedOut { asked, stopped }))
}

/// Gives up a list that was not asked about yet.
#[utoipa::path(post, path = "/auto-grants/{id}/close", tag = "calls", params(("id" = String, Path)),
    responses((status = 204), Refusals))]
async fn calls_close_auto_grant(State(app): State<App>, visit: Visit, Path(id): Path<RunId>) -> Answer<StatusCode> {
    granting::close(&app, &visit.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What one's firm is offered.
#[derive(Serialize, ToSchema)]
pub struct OfferOut {
    /// Its identifier.
    id: String,
    /// Of which call.
    call: String,
    /// What the call is called.
    title: String,
    /// What is due, in fen.
    amount: i64,
    /// Where it stands.
    state: GrantLineState,
    /// Why it is declined, stopped or withdrawn.
    reason: String,
    /// The last day for an answer.
    due_on: Option<String>,
    /// The application that came of it.
    application: Option<String>,
}

fn offer_out(line: GrantLine, call: &Call) -> OfferOut {
    OfferOut {
        id: line.id.text(),
        call: line.call.text(),
        title: call.title.show(Locale::ZhCn).to_owned(),
        amount: line.amount,
        state: line.state,
        reason: line.reason,
        due_on: line.due_on.map(|day| day.to_string()),
        application: line.application.map(|id| id.text()),
    }
}

/// The same with why, and what is known of the account.
#[derive(Serialize, ToSchema)]
pub struct OfferFileOut {
    /// The offer.
    #[serde(flatten)]
    offer: OfferOut,
    /// What the rule said when the firm was asked, with its proof.
    #[schema(value_type = Object)]
    proof: Value,
    /// The bank that is used where none is given; empty where none is known.
    bank: String,
    /// The account number that is used where none is given, masked.
    account: String,
}

/// What one's firm is offered without an application, and was.
#[utoipa::path(get, path = "/own-auto-grants", tag = "calls",
    responses((status = 200, body = Vec<OfferOut>, description = "Newest first"), Refusals))]
async fn calls_offers(State(app): State<App>, visit: Visit) -> Answer<axum::Json<Vec<OfferOut>>> {
    let offers = granting::mine(&app, &visit.actor).await?;
    Ok(axum::Json(offers.into_iter().map(|(line, call)| offer_out(line, &call)).collect()))
}

/// One offer.
#[utoipa::path(get, path = "/own-auto-grants/{id}", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, body = OfferFileOut), Refusals))]
async fn calls_offer(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<GrantLineId>,
) -> Answer<axum::Json<OfferFileOut>> {
    let offer = granting::offer(&app, &visit.actor, id).await?;
    Ok(axum::Json(OfferFileOut {
        bank: offer.account.bank.clone(),
        account: crate::form::mask(&offer.account.number),
        proof: offer.proof,
        offer: offer_out(offer.line, &offer.call),
    }))
}

/// Where the money goes.
#[derive(Deserialize, Default, ToSchema)]
#[serde(default)]
pub struct AcceptIn {
    /// The bank with its branch; the one that is known where none is given.
    bank: String,
    /// The account number; the one that is known where none is given.
    account: String,
}

/// What came of confirming.
#[derive(Serialize, ToSchema)]
pub struct AcceptedOut {
    /// The application.
    application: String,
    /// Its number.
    number: String,
}

/// Why an offer did not go on.
#[derive(Serialize, ToSchema)]
pub struct StoppedOut {
    /// In words.
    stopped: String,
}

/// Confirms an offer. Where something has changed since the firm was asked, it stops, and the answer says why.
#[utoipa::path(post, path = "/own-auto-grants/{id}/accept", tag = "calls", params(("id" = String, Path)),
    request_body = AcceptIn, responses((status = 200, body = AcceptedOut),
        (status = 202, body = StoppedOut, description = "It stopped: there is no application"), Refusals))]
async fn calls_accept_offer(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<GrantLineId>,
    Json(input): Json<AcceptIn>,
) -> Answer<Response> {
    Ok(match granting::accept(&app, &visit.actor, id, &input.bank, &input.account).await? {
        Answered::Accepted(application, number) => {
            axum::Json(AcceptedOut { application: application.text(), number }).into_response()
        }
        Answered::Stopped(stopped) => (StatusCode::ACCEPTED, axum::Json(StoppedOut { stopped })).into_response(),
    })
}

/// Why an offer is not wanted.
#[derive(Deserialize, Default, ToSchema)]
#[serde(default)]
pub struct DeclineIn {
    /// Why; may be empty.
    reason: String,
}

/// Declines an offer.
#[utoipa::path(post, path = "/own-auto-grants/{id}/decline", tag = "calls", params(("id" = String, Path)),
    request_body = DeclineIn, responses((status = 204), Refusals))]
async fn calls_decline_offer(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<GrantLineId>,
    Json(input): Json<DeclineIn>,
) -> Answer<StatusCode> {
    granting::decline(&app, &visit.actor, id, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
