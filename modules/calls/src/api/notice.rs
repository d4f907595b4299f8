//! Public notices and objections, for programs: what everybody reads, what one objects, what the office answers.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jinmen_core::{Date, Instant};
use module::api::{PageOut, Paging, Refusals};
use module::{Answer, App, Json, Path, Query, Routes, Visit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::made;
use crate::model::{
    ApplicationId, CallId, Line, LineState, Notice, NoticeId, NoticeState, Objection, ObjectionId, ObjectionState,
};
use crate::ops::notice::{self as noticing, NoticeDraft};
use crate::ops::objection::{self as objecting, ObjectionDraft};
use crate::permissions as may;

/// Adds the operations.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .api(&may::PUBLIC, routes!(calls_public_notices))
        .api(&may::PUBLIC, routes!(calls_public_notice))
        .api(&may::OBJECT, routes!(calls_own_objections))
        .api(&may::OBJECT, routes!(calls_object))
        .api(&may::READ, routes!(calls_own_notices))
        .api(&may::PROCESS, routes!(calls_begin_notice))
        .api(&may::PROCESS, routes!(calls_decide_line))
        .api(&may::READ, routes!(calls_objections))
        .api(&may::PROCESS, routes!(calls_answer_objection))
}

/// A public notice.
#[derive(Serialize, ToSchema)]
pub struct PublicNoticeOut {
    /// Its identifier.
    id: String,
    /// Its number.
    #[schema(example = "GS-2026-0001")]
    number: String,
    /// Of which call.
    call: String,
    /// What it is called.
    title: String,
    /// On what it rests.
    basis: String,
    /// What it says.
    body: String,
    /// The office that takes objections.
    office: String,
    /// Where that is.
    address: String,
    /// Its telephone.
    telephone: String,
    /// The first day.
    begins_on: String,
    /// The last day.
    ends_on: String,
    /// Whether it runs.
    state: NoticeState,
}

impl From<Notice> for PublicNoticeOut {
    fn from(one: Notice) -> Self {
        Self {
            id: one.id.text(),
            number: one.number,
            call: one.call.text(),
            title: one.title,
            basis: one.basis,
            body: one.body,
            office: one.office,
            address: one.address,
            telephone: one.telephone,
            begins_on: one.begins_on.to_string(),
            ends_on: one.ends_on.to_string(),
            state: one.state,
        }
    }
}

/// One line of a notice.
#[derive(Serialize, ToSchema)]
pub struct PublicNoticeLineOut {
    /// The identifier of the application; one objects to it.
    application: String,
    /// Its place in the list.
    place: i64,
    /// The full name; of a person only until the day that was set.
    name: String,
    /// What the project is called.
    project: String,
    /// What is to be granted, in fen.
    amount: Option<i64>,
    /// Where it stands.
    state: LineState,
}

/// A notice with its list.
#[derive(Serialize, ToSchema)]
pub struct PublicNoticeWhole {
    /// The notice.
    notice: PublicNoticeOut,
    /// Its list.
    lines: Vec<PublicNoticeLineOut>,
}

fn whole(shown: noticing::Shown, today: Date, removed: bool) -> PublicNoticeWhole {
    let line = |one: &Line| PublicNoticeLineOut {
        application: one.application.text(),
        place: one.place,
        name: one.shown(&shown.notice, today),
        project: one.project.clone(),
        amount: one.amount,
        state: one.state,
    };
    let lines = shown.lines.iter().filter(|one| removed || one.state != LineState::Removed).map(line).collect();
    PublicNoticeWhole { notice: shown.notice.into(), lines }
}

/// Which notices.
#[derive(Deserialize, Default, IntoParams)]
#[serde(default)]
struct OfCall {
    /// Only those of this call.
    call: Option<String>,
}

/// Public notices.
#[utoipa::path(get, path = "/public-notices", tag = "calls", params(OfCall, Paging),
    responses((status = 200, body = PageOut<PublicNoticeOut>, description = "Newest first"), Refusals))]
async fn calls_public_notices(
    State(app): State<App>,
    Query(of): Query<OfCall>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<PublicNoticeOut>>> {
    let call = of.call.map(|id| id.parse::<CallId>()).transpose()?;
    let page = noticing::public(&app, call, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// A public notice with its list.
#[utoipa::path(get, path = "/public-notices/{id}", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, body = PublicNoticeWhole), Refusals))]
async fn calls_public_notice(
    State(app): State<App>,
    Path(id): Path<NoticeId>,
) -> Answer<axum::Json<PublicNoticeWhole>> {
    let shown = noticing::read_public(&app, id).await?;
    Ok(axum::Json(whole(shown, app.clock.today(), false)))
}

/// An objection; who filed it is not in it.
#[derive(Serialize, ToSchema)]
pub struct ObjectionOut {
    /// Its identifier.
    id: String,
    /// Its number.
    number: String,
    /// The application it is to.
    application: String,
    /// What it says.
    text: String,
    /// Where it stands.
    state: ObjectionState,
    /// What was found: only for the office.
    findings: Option<String>,
    /// What was answered.
    answer: String,
    /// When it was filed, RFC 3339.
    filed_at: String,
    /// When it was answered.
    answered_at: Option<String>,
}

impl ObjectionOut {
    fn of(one: Objection, office: bool) -> Self {
        Self {
            id: one.id.text(),
            number: one.number,
            application: one.application.text(),
            text: one.text,
            state: one.state,
            findings: office.then_some(one.findings),
            answer: one.answer,
            filed_at: one.filed_at.to_rfc3339(),
            answered_at: one.answered_at.map(Instant::to_rfc3339),
        }
    }
}

/// One's own objections to a notice, with their answers.
#[utoipa::path(get, path = "/public-notices/{id}/own-objections", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, body = Vec<ObjectionOut>), Refusals))]
async fn calls_own_objections(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<NoticeId>,
) -> Answer<axum::Json<Vec<ObjectionOut>>> {
    noticing::read_public(&app, id).await?;
    let mine = objecting::mine(&app, &visit.actor, id).await?;
    Ok(axum::Json(mine.into_iter().map(|one| ObjectionOut::of(one, false)).collect()))
}

/// What is objected, by real name. Evidence is attached on the page of the notice.
#[derive(Deserialize, ToSchema)]
pub struct ObjectionIn {
    /// The application it is to.
    application: String,
    /// The real name; kept secret.
    #[schema(example = "王某某")]
    name: String,
    /// A telephone; kept secret.
    #[schema(example = "022-00000000")]
    telephone: String,
    /// What is wrong, with facts.
    text: String,
}

/// The number of what was filed.
#[derive(Serialize, ToSchema)]
pub struct ObjectionFiled {
    /// Its number.
    number: String,
}

/// Files an objection to a line of a notice that runs: the line stands still until it is answered.
#[utoipa::path(post, path = "/public-notices/{id}/objections", tag = "calls", params(("id" = String, Path)),
    request_body = ObjectionIn, responses((status = 201, body = ObjectionFiled), Refusals))]
async fn calls_object(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<NoticeId>,
    Json(input): Json<ObjectionIn>,
) -> Answer<(StatusCode, axum::Json<ObjectionFiled>)> {
    let ObjectionIn { application, name, telephone, text } = input;
    let draft = ObjectionDraft { application, name, telephone, text, ..ObjectionDraft::default() };
    let number = objecting::file(&app, &visit.actor, id, draft).await?;
    Ok((StatusCode::CREATED, axum::Json(ObjectionFiled { number })))
}

/// The notices of one's office.
#[utoipa::path(get, path = "/own-notices", tag = "calls", params(Paging),
    responses((status = 200, body = PageOut<PublicNoticeOut>, description = "Newest first"), Refusals))]
async fn calls_own_notices(
    State(app): State<App>,
    visit: Visit,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<PublicNoticeOut>>> {
    let page = noticing::own(&app, &visit.actor, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// A notice to be begun.
#[derive(Deserialize, ToSchema)]
pub struct PublicNoticeIn {
    /// The applications that are listed: those that wait for a notice.
    applications: Vec<String>,
    /// What it is called.
    title: String,
    /// On what it rests.
    basis: String,
    /// What it says.
    #[serde(default)]
    body: String,
    /// The last day, `YYYY-MM-DD`; the shortest that is allowed where none is named.
    #[serde(default)]
    until: String,
}

/// Puts applications of a call of one's office under public notice.
#[utoipa::path(post, path = "/own-calls/{id}/notices", tag = "calls", params(("id" = String, Path)),
    request_body = PublicNoticeIn, responses((status = 201, body = super::Made), Refusals))]
async fn calls_begin_notice(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<CallId>,
    Json(input): Json<PublicNoticeIn>,
) -> Answer<Response> {
    let PublicNoticeIn { applications, title, basis, body, until } = input;
    let listed = applications.iter().map(|id| id.parse()).collect::<Result<Vec<ApplicationId>, _>>()?;
    let draft = NoticeDraft { title, basis, body, until };
    let notice = noticing::begin(&app, &visit.actor, id, &listed, &draft).await?;
    Ok(made(notice.text()))
}

/// What becomes of a line that stands still.
#[derive(Deserialize, ToSchema)]
pub struct PublicNoticeLineIn {
    /// It goes on; else it is taken out, and the application has not passed.
    keep: bool,
    /// Why.
    reason: String,
}

/// Lets a line that stands still go on, or takes it out.
#[utoipa::path(post, path = "/public-notices/{id}/lines/{application}", tag = "calls",
    params(("id" = String, Path), ("application" = String, Path)), request_body = PublicNoticeLineIn,
    responses((status = 200, body = PublicNoticeWhole), Refusals))]
async fn calls_decide_line(
    State(app): State<App>,
    visit: Visit,
    Path((id, application)): Path<(NoticeId, ApplicationId)>,
    Json(input): Json<PublicNoticeLineIn>,
) -> Answer<axum::Json<PublicNoticeWhole>> {
    noticing::decide(&app, &visit.actor, id, application, input.keep, &input.reason).await?;
    let shown = noticing::of_own_office(&app, &visit.actor, id).await?;
    Ok(axum::Json(whole(shown, app.clock.today(), true)))
}

/// The objections to a notice of one's office, without those who filed them.
#[utoipa::path(get, path = "/public-notices/{id}/objections", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, body = Vec<ObjectionOut>), Refusals))]
async fn calls_objections(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<NoticeId>,
) -> Answer<axum::Json<Vec<ObjectionOut>>> {
    let all = objecting::of_notice(&app, &visit.actor, id).await?;
    Ok(axum::Json(all.into_iter().map(|one| ObjectionOut::of(one, true)).collect()))
}

/// What was found, and what is answered.
#[derive(Deserialize, ToSchema)]
pub struct ObjectionAnswer {
    /// It was right: the line is taken out.
    upheld: bool,
    /// What was found; for the file.
    findings: String,
    /// What whoever filed it reads.
    answer: String,
}

/// Answers an objection.
#[utoipa::path(post, path = "/objections/{id}/answer", tag = "calls", params(("id" = String, Path)),
    request_body = ObjectionAnswer, responses((status = 204), Refusals))]
async fn calls_answer_objection(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ObjectionId>,
    Json(input): Json<ObjectionAnswer>,
) -> Answer<StatusCode> {
    objecting::answer(&app, &visit.actor, id, input.upheld, &input.findings, &input.answer).await?;
    Ok(StatusCode::NO_CONTENT)
}
