//! The same use cases for programs.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jinmen_core::Fault;
use module::api::{PageOut, Paging, Refusals};
use module::{Answer, App, Json, Path, Query, Routes, Visit};
use registry::model::{OrganizationFilter, ViewId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::model::{
    Asks, Circular, CircularDraft, CircularId, CircularState, Counts, OwnCircular, Question, Recipient, Typed, Which,
};
use crate::ops::audience::Audience;
use crate::ops::{answer, read, remind, send};
use crate::permissions as may;

/// Adds the operations.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .api(&may::READ, routes!(notices_circulars))
        .api(&may::SEND, routes!(notices_send))
        .api(&may::READ, routes!(notices_circular))
        .api(&may::READ, routes!(notices_recipients))
        .api(&may::SEND, routes!(notices_remind))
        .api(&may::SEND, routes!(notices_close))
        .api(&may::OWN, routes!(notices_mine))
        .api(&may::OWN, routes!(notices_open))
        .api(&may::ANSWER, routes!(notices_answer))
}

/// A circular.
#[derive(Serialize, ToSchema)]
pub struct CircularOut {
    /// Its identifier.
    id: String,
    /// Its readable number.
    #[schema(example = "TZ-2026-0001")]
    number: String,
    /// The office that sent it.
    owner: String,
    /// What it is about.
    title: String,
    /// Its text.
    body: String,
    /// What it asks.
    asks: Asks,
    /// Its questions.
    questions: Vec<Question>,
    /// The last day for an answer.
    #[schema(example = "2026-06-25")]
    due_on: Option<String>,
    /// To whom, in words.
    audience: String,
    /// How it stands.
    state: CircularState,
    /// When it was sent.
    sent_at: String,
    /// When it was last reminded of.
    reminded_at: Option<String>,
    /// Who has done what; only for the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Counts>,
}

impl From<Circular> for CircularOut {
    fn from(one: Circular) -> Self {
        Self {
            id: one.id.text(),
            number: one.number,
            owner: one.owner.text(),
            title: one.title,
            body: one.body,
            asks: one.asks,
            questions: one.questions,
            due_on: one.due_on.map(|day| day.to_string()),
            audience: one.audience,
            state: one.state,
            sent_at: one.sent_at.to_rfc3339(),
            reminded_at: one.reminded_at.map(|at| at.to_rfc3339()),
            counts: Some(one.counts),
        }
    }
}

/// Circulars of one's office.
#[utoipa::path(get, path = "/circulars", tag = "circulars", params(Paging),
    responses((status = 200, body = PageOut<CircularOut>, description = "Newest first"), Refusals))]
async fn notices_circulars(
    State(app): State<App>,
    visit: Visit,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<CircularOut>>> {
    let page = read::list(&app, &visit.actor, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// A circular to be sent, and to whom: all members, unless a view or a filter is named.
#[derive(Deserialize, ToSchema)]
pub struct CircularIn {
    /// What is sent.
    #[serde(flatten)]
    draft: CircularDraft,
    /// The identifier of a saved view.
    #[serde(default)]
    view: Option<String>,
    /// A filter of the list of organisations, its fields as in the list's address.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({"grade": "council"}))]
    filter: Option<OrganizationFilter>,
}

/// Send a circular.
#[utoipa::path(post, path = "/circulars", tag = "circulars", request_body = CircularIn,
    responses((status = 201, body = CircularOut, description = "Sent; Location says where", headers(("location" = String))), Refusals))]
async fn notices_send(State(app): State<App>, visit: Visit, Json(input): Json<CircularIn>) -> Answer<Response> {
    let t = app.words(visit.locale);
    let (audience, words) = match (input.view, input.filter) {
        (Some(view), _) => {
            let id: ViewId = view.parse().map_err(|_| Fault::at("view", "notices.view_gone"))?;
            (Audience::View(id), t.of("notices-audience-filter"))
        }
        (None, Some(filter)) => (Audience::Filter(Box::new(filter)), t.of("notices-audience-filter")),
        (None, None) => (Audience::Members, t.of("notices-audience-members")),
    };
    let id = send::send(&app, &visit.actor, &input.draft, &audience, &words).await?;
    let circular = CircularOut::from(read::circular(&app, &visit.actor, id).await?);
    let location = [(header::LOCATION, format!("/api/v1/circulars/{id}"))];
    Ok((StatusCode::CREATED, location, axum::Json(circular)).into_response())
}

/// One circular of one's office.
#[utoipa::path(get, path = "/circulars/{id}", tag = "circulars", params(("id" = String, Path, description = "Its identifier")),
    responses((status = 200, body = CircularOut, description = "With who has done what"), Refusals))]
async fn notices_circular(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CircularId>,
) -> Answer<axum::Json<CircularOut>> {
    Ok(axum::Json(read::circular(&app, &visit.actor, id).await?.into()))
}

/// A recipient.
#[derive(Serialize, ToSchema)]
pub struct RecipientOut {
    /// The organisation.
    organization: String,
    /// Its name on the day it was sent.
    name: String,
    /// How many people were told.
    told: i64,
    /// When it was first opened.
    read_at: Option<String>,
    /// When it was answered last.
    answered_at: Option<String>,
    /// By whom.
    answered_name: String,
    /// The answers by the questions' keys.
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    /// Counts the answers; to be sent back with the next one.
    version: i64,
    /// How often it was reminded.
    reminders: i64,
}

impl From<Recipient> for RecipientOut {
    fn from(one: Recipient) -> Self {
        Self {
            organization: one.organization.text(),
            name: one.name,
            told: one.told,
            read_at: one.read_at.map(|at| at.to_rfc3339()),
            answered_at: one.answered_at.map(|at| at.to_rfc3339()),
            answered_name: one.answered_name,
            answers: one.answers,
            version: one.version,
            reminders: one.reminders,
        }
    }
}

/// Which recipients.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct RecipientsAsked {
    /// All, unless given.
    #[param(inline)]
    which: Which,
}

/// Who received a circular and has done what.
#[utoipa::path(get, path = "/circulars/{id}/recipients", tag = "circulars",
    params(("id" = String, Path, description = "Its identifier"), RecipientsAsked, Paging),
    responses((status = 200, body = PageOut<RecipientOut>, description = "By name"), Refusals))]
async fn notices_recipients(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CircularId>,
    Query(asked): Query<RecipientsAsked>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<RecipientOut>>> {
    let page = read::recipients(&app, &visit.actor, id, asked.which, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// Whom a reminder reached.
#[derive(Serialize, ToSchema)]
pub struct RemindedOut {
    /// Organisations that have not done what is asked.
    organizations: usize,
    /// People told.
    people: usize,
}

/// Remind everybody who has not done what is asked; once an hour.
#[utoipa::path(post, path = "/circulars/{id}/reminders", tag = "circulars", params(("id" = String, Path, description = "Its identifier")),
    responses((status = 200, body = RemindedOut, description = "Reminded"), Refusals))]
async fn notices_remind(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CircularId>,
) -> Answer<axum::Json<RemindedOut>> {
    let done = remind::remind(&app, &visit.actor, id).await?;
    Ok(axum::Json(RemindedOut { organizations: done.organizations, people: done.people }))
}

/// Take no more answers.
#[utoipa::path(post, path = "/circulars/{id}/close", tag = "circulars", params(("id" = String, Path, description = "Its identifier")),
    responses((status = 204, description = "Closed"), Refusals))]
async fn notices_close(State(app): State<App>, visit: Visit, Path(id): Path<CircularId>) -> Answer<StatusCode> {
    remind::close(&app, &visit.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A circular in the list of one of its recipients.
#[derive(Serialize, ToSchema)]
pub struct OwnOut {
    /// Its identifier.
    id: String,
    /// Its readable number.
    number: String,
    /// What it is about.
    title: String,
    /// What it asks.
    asks: Asks,
    /// The last day for an answer.
    due_on: Option<String>,
    /// How it stands.
    state: CircularState,
    /// When it was sent.
    sent_at: String,
    /// When it was first opened.
    read_at: Option<String>,
    /// When it was answered.
    answered_at: Option<String>,
}

impl From<OwnCircular> for OwnOut {
    fn from(one: OwnCircular) -> Self {
        Self {
            id: one.id.text(),
            number: one.number,
            title: one.title,
            asks: one.asks,
            due_on: one.due_on.map(|day| day.to_string()),
            state: one.state,
            sent_at: one.sent_at.to_rfc3339(),
            read_at: one.read_at.map(|at| at.to_rfc3339()),
            answered_at: one.answered_at.map(|at| at.to_rfc3339()),
        }
    }
}

/// Circulars that were sent to one's organisation.
#[utoipa::path(get, path = "/notices", tag = "circulars", params(Paging),
    responses((status = 200, body = PageOut<OwnOut>, description = "Newest first"), Refusals))]
async fn notices_mine(
    State(app): State<App>,
    visit: Visit,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<OwnOut>>> {
    let page = read::mine(&app, &visit.actor, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// A circular with what one's organisation did.
#[derive(Serialize, ToSchema)]
pub struct OpenedOut {
    /// The circular.
    circular: CircularOut,
    /// What one's organisation did.
    own: RecipientOut,
}

/// Open a circular that was sent to one's organisation; that it was opened is kept.
#[utoipa::path(get, path = "/notices/{id}", tag = "circulars", params(("id" = String, Path, description = "Its identifier")),
    responses((status = 200, body = OpenedOut, description = "Opened"), Refusals))]
async fn notices_open(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CircularId>,
) -> Answer<axum::Json<OpenedOut>> {
    let (circular, own) = read::open(&app, &visit.actor, id).await?;
    let circular = CircularOut { counts: None, ..circular.into() };
    Ok(axum::Json(OpenedOut { circular, own: own.into() }))
}

/// An answer.
#[derive(Deserialize, ToSchema)]
pub struct AnswerIn {
    /// The answers by the questions' keys, as one types them.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"q1": "参加", "annual_revenue": "1200"}))]
    answers: Typed,
    /// The version that was read.
    version: i64,
}

/// Answer for one's organisation. Answers 412 where somebody else answered since the version that was read.
#[utoipa::path(post, path = "/notices/{id}/answer", tag = "circulars", request_body = AnswerIn,
    params(("id" = String, Path, description = "Its identifier")),
    responses((status = 204, description = "Kept"), Refusals))]
async fn notices_answer(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CircularId>,
    Json(input): Json<AnswerIn>,
) -> Answer<StatusCode> {
    answer::answer(&app, &visit.actor, id, &input.answers, input.version).await?;
    Ok(StatusCode::NO_CONTENT)
}
