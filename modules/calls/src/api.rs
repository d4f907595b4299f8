//! The same use cases for programs.

mod auto_grant;
mod notice;

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use flow::{Ballot, Doing};
use jinmen_core::{Date, Error, Fault, Instant, Money};
use module::api::{PageOut, Paging, Refusals};
use module::{Answer, App, Json, Path, Query, Routes, Visit};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::form::Form;
use crate::model::{
    Application, ApplicationFilter, ApplicationId, ApplicationState, Call, CallDraft, CallFilter, CallId, CallKind,
    Phase,
};
use crate::ops::desk::{self, Act};
use crate::ops::loaded::Eligibility;
use crate::ops::{apply, archive, edit, read, submit, talk, withdraw};
use crate::permissions as may;

/// Adds the operations.
pub(crate) fn routes(routes: Routes) -> Routes {
    notice::routes(auto_grant::routes(routes))
        .api(&may::PUBLIC, routes!(calls_calls))
        .api(&may::PUBLIC, routes!(calls_call))
        .api(&may::PUBLIC, routes!(calls_form))
        .api(&may::READ, routes!(calls_own_calls))
        .api(&may::WRITE, routes!(calls_begin_call))
        .api(&may::WRITE, routes!(calls_publish))
        .api(&may::OWN, routes!(calls_own_applications))
        .api(&may::APPLY, routes!(calls_begin))
        .api(&may::OWN, routes!(calls_own_application))
        .api(&may::APPLY, routes!(calls_answer))
        .api(&may::APPLY, routes!(calls_submit))
        .api(&may::APPLY, routes!(calls_withdraw))
        .api(&may::READ, routes!(calls_applications))
        .api(&may::READ, routes!(calls_application))
        .api(&may::PROCESS, routes!(calls_act))
        .api(&may::PROCESS, routes!(calls_return))
        .api(&may::PROCESS, routes!(calls_message))
        .api(&may::EXPORT, routes!(calls_archive, calls_make_archive))
}

/// A call.
#[derive(Serialize, ToSchema)]
pub struct CallOut {
    /// Its identifier.
    id: String,
    /// Its readable number.
    #[schema(example = "TZ-2026-0001")]
    number: String,
    /// What is called for.
    kind: CallKind,
    /// What it is called.
    title: String,
    /// The same in English.
    title_en: Option<String>,
    /// Where it stands now.
    phase: Phase,
    /// From when on one may apply, RFC 3339.
    opens_at: Option<String>,
    /// Up to when: what comes at this instant comes too late.
    closes_at: Option<String>,
    /// The organisation that calls.
    owner: String,
}

fn call_out(call: Call, now: Instant) -> CallOut {
    CallOut {
        phase: call.phase(now),
        id: call.id.text(),
        number: call.number,
        kind: call.kind,
        title: call.title.zh,
        title_en: call.title.en,
        opens_at: call.opens_at.map(Instant::to_rfc3339),
        closes_at: call.closes_at.map(Instant::to_rfc3339),
        owner: call.owner.text(),
    }
}

/// The calls that are out.
#[utoipa::path(get, path = "/calls", tag = "calls", params(CallFilter, Paging),
    responses((status = 200, body = PageOut<CallOut>, description = "Newest first"), Refusals))]
async fn calls_calls(
    State(app): State<App>,
    Query(filter): Query<CallFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<CallOut>>> {
    let now = app.clock.now();
    let page = read::public(&app, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, |call| call_out(call, now))))
}

/// A call with its texts.
#[derive(Serialize, ToSchema)]
pub struct CallText {
    /// The call.
    #[serde(flatten)]
    call: CallOut,
    /// In a sentence.
    summary: String,
    /// The text of the notice.
    body: String,
    /// Who is eligible, in words.
    eligibility: String,
    /// The names of its stages.
    stages: Vec<String>,
    /// The version of its form that counts.
    form_version: i64,
}

/// A call that is out, with its texts.
#[utoipa::path(get, path = "/calls/{id}", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, body = CallText), Refusals))]
async fn calls_call(State(app): State<App>, Path(id): Path<CallId>) -> Answer<axum::Json<CallText>> {
    let call = read::read_public(&app, id).await?.call;
    let setup = &call.setup;
    Ok(axum::Json(CallText {
        summary: setup.summary.zh.clone(),
        body: setup.body.zh.clone(),
        eligibility: setup.eligibility.zh.clone(),
        stages: setup.stages.iter().map(|stage| stage.title.zh.clone()).collect(),
        form_version: call.form_version,
        call: call_out(call, app.clock.now()),
    }))
}

/// A form: as it is kept, and for every validator.
#[derive(Serialize, ToSchema)]
pub struct FormOut {
    /// Its version.
    version: i64,
    /// SHA-256 of its canonical text.
    digest: String,
    /// The schema as it is kept, with layout, conditions and bindings.
    #[schema(value_type = Object)]
    schema: Value,
    /// The same as a JSON Schema of the answers as one document, without extensions.
    #[schema(value_type = Object)]
    standard: Value,
}

/// The form of a call that is out.
#[utoipa::path(get, path = "/calls/{id}/form", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, body = FormOut), Refusals))]
async fn calls_form(State(app): State<App>, Path(id): Path<CallId>) -> Answer<axum::Json<FormOut>> {
    let form = read::read_public(&app, id).await?.form;
    let standard = Form::load(&form.schema)?.standard();
    Ok(axum::Json(FormOut { version: form.version, digest: form.digest, schema: form.schema, standard }))
}

/// The calls of one's office, and those it runs for others.
#[utoipa::path(get, path = "/own-calls", tag = "calls", params(CallFilter, Paging),
    responses((status = 200, body = PageOut<CallOut>, description = "Newest first, drafts among them"), Refusals))]
async fn calls_own_calls(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<CallFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<CallOut>>> {
    let now = app.clock.now();
    let page = read::of_own_office(&app, &visit.actor, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, |call| call_out(call, now))))
}

/// A call to be begun.
#[derive(Deserialize, ToSchema)]
pub struct NewCallIn {
    /// The name of a template.
    #[schema(example = "membership")]
    template: String,
    /// Title, window and texts.
    #[serde(flatten)]
    draft: CallDraft,
}

/// An identifier.
#[derive(Serialize, ToSchema)]
pub struct Made {
    /// Of what was made.
    id: String,
}

fn made(id: String) -> Response {
    (StatusCode::CREATED, axum::Json(Made { id })).into_response()
}

/// Begins a call of one's office from a template.
#[utoipa::path(post, path = "/own-calls", tag = "calls", request_body = NewCallIn,
    responses((status = 201, body = Made), Refusals))]
async fn calls_begin_call(State(app): State<App>, visit: Visit, Json(input): Json<NewCallIn>) -> Answer<Response> {
    let id = edit::begin(&app, &visit.actor, &input.template, &input.draft).await?;
    Ok(made(id.text()))
}

/// Publishes a call of one's office.
#[utoipa::path(post, path = "/own-calls/{id}/publish", tag = "calls", params(("id" = String, Path)),
    responses((status = 204), Refusals))]
async fn calls_publish(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer<StatusCode> {
    edit::publish(&app, &visit.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An application.
#[derive(Serialize, ToSchema)]
pub struct ApplicationOut {
    /// Its identifier.
    id: String,
    /// What it answers.
    call: String,
    /// Its number; none while it is a draft.
    #[schema(example = "SB-2026-0042")]
    number: Option<String>,
    /// Who applies.
    applicant: String,
    /// Where it stands.
    state: ApplicationState,
    /// The key of the stage that is open.
    stage: Option<String>,
    /// When it was handed in first, RFC 3339.
    submitted_at: Option<String>,
    /// SHA-256 over what was handed in last.
    digest: Option<String>,
    /// When something was last typed.
    saved_at: String,
}

impl From<Application> for ApplicationOut {
    fn from(one: Application) -> Self {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            id: one.id.text(),
            call: one.call.text(),
            number: some(one.number),
            applicant: one.applicant_name,
            state: one.state,
            stage: some(one.stage),
            submitted_at: one.submitted_at.map(Instant::to_rfc3339),
            digest: some(one.digest),
            saved_at: one.saved_at.to_rfc3339(),
        }
    }
}

/// The applications of whoever one acts for.
#[utoipa::path(get, path = "/own-applications", tag = "calls", params(ApplicationFilter, Paging),
    responses((status = 200, body = PageOut<ApplicationOut>, description = "Newest first"), Refusals))]
async fn calls_own_applications(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<ApplicationFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<ApplicationOut>>> {
    let page = apply::mine(&app, &visit.actor, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// An application to be begun.
#[derive(Deserialize, ToSchema)]
pub struct NewApplicationIn {
    /// The call's identifier.
    call: String,
}

/// Begins an application to a call that is open, or gives the draft that is there.
#[utoipa::path(post, path = "/own-applications", tag = "calls", request_body = NewApplicationIn,
    responses((status = 201, body = Made), Refusals))]
async fn calls_begin(State(app): State<App>, visit: Visit, Json(input): Json<NewApplicationIn>) -> Answer<Response> {
    let call: CallId = input.call.parse().map_err(|_| Error::NotFound)?;
    let id = apply::begin(&app, &visit.actor, call).await?;
    Ok(made(id.text()))
}

/// An application with what is said about it.
#[derive(Serialize, ToSchema)]
pub struct ApplicationText {
    /// The application.
    #[serde(flatten)]
    application: ApplicationOut,
    /// The answers as one document; secret ones masked.
    #[schema(value_type = Object)]
    answers: Value,
    /// Questions that the file answers.
    from_file: Vec<String>,
    /// What stands against handing it in.
    #[schema(value_type = Vec<Object>)]
    faults: Vec<Fault>,
    /// What the rule says today: `eligible`, `needs_people`, `unknown`, `not_eligible`; none where the call has no rule.
    eligibility: Option<String>,
    /// Every clause of the rule with its proof.
    #[schema(value_type = Vec<Object>)]
    proof: Vec<Value>,
    /// What is to be corrected, while it is returned.
    #[schema(value_type = Option<Object>)]
    returned: Option<Value>,
}

fn whole(app: &App, loaded: crate::ops::loaded::Loaded) -> jinmen_core::Result<ApplicationText> {
    let now = app.clock.now();
    let said = loaded.eligibility(registry::model::AsOf { day: now.date(), known: now })?;
    let (eligibility, proof) = match said {
        Eligibility::Open => (None, Vec::new()),
        Eligibility::Said { outcome, clauses } => (Some(outcome), clauses),
    };
    Ok(ApplicationText {
        answers: submit::masked(&loaded),
        from_file: loaded.reading.filled.iter().cloned().collect(),
        faults: submit::faults_of(&loaded),
        eligibility,
        proof,
        returned: loaded.application.returned.as_ref().and_then(|returned| serde_json::to_value(returned).ok()),
        application: loaded.application.into(),
    })
}

/// One's own application.
#[utoipa::path(get, path = "/own-applications/{id}", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, body = ApplicationText), Refusals))]
async fn calls_own_application(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
) -> Answer<axum::Json<ApplicationText>> {
    let loaded = apply::read(&app, &visit.actor, id).await?;
    Ok(axum::Json(whole(&app, loaded)?))
}

/// Answers by the names of their questions (`group.0.name` in a row): texts as people type them, whole numbers, true and
/// false, or lists where several may be chosen; `null` empties one. Those left out stay as they are.
#[derive(Deserialize, ToSchema)]
pub struct AnswersIn {
    /// The answers.
    #[schema(value_type = Object, example = json!({"project_name": "演示项目", "headcount": 120, "commitment": true}))]
    answers: Map<String, Value>,
}

/// When something was kept.
#[derive(Serialize, ToSchema)]
pub struct Saved {
    /// RFC 3339.
    saved_at: String,
}

/// Keeps answers of one's own draft, as they are typed: also those that cannot be read yet.
#[utoipa::path(patch, path = "/own-applications/{id}", tag = "calls", params(("id" = String, Path)), request_body = AnswersIn,
    responses((status = 200, body = Saved), Refusals))]
async fn calls_answer(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    Json(input): Json<AnswersIn>,
) -> Answer<axum::Json<Saved>> {
    let mut sent = Vec::with_capacity(input.answers.len());
    for (path, value) in input.answers {
        let texts = apply::texts(&path, &value)?;
        sent.push((path, texts));
    }
    let at = apply::save(&app, &visit.actor, id, sent).await?;
    Ok(axum::Json(Saved { saved_at: at.to_rfc3339() }))
}

/// What one holds who handed in.
#[derive(Serialize, ToSchema)]
pub struct Receipt {
    /// The number.
    number: String,
    /// The instant, RFC 3339.
    submitted_at: String,
    /// SHA-256 over what was handed in.
    digest: String,
}

/// Hands in: once, strictly before the end of the window; a returned one by the day that was set.
#[utoipa::path(post, path = "/own-applications/{id}/submit", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, body = Receipt), Refusals))]
async fn calls_submit(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
) -> Answer<axum::Json<Receipt>> {
    let done = submit::submit(&app, &visit.actor, id).await?;
    Ok(axum::Json(Receipt { number: done.number, submitted_at: done.at.to_rfc3339(), digest: done.digest }))
}

/// A reason.
#[derive(Deserialize, Default, ToSchema)]
#[serde(default)]
pub struct ReasonIn {
    /// In words; needed for one that was handed in.
    reason: String,
}

/// Takes one's own application back.
#[utoipa::path(post, path = "/own-applications/{id}/withdraw", tag = "calls", params(("id" = String, Path)),
    request_body = ReasonIn, responses((status = 204), Refusals))]
async fn calls_withdraw(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    Json(input): Json<ReasonIn>,
) -> Answer<StatusCode> {
    withdraw::withdraw(&app, &visit.actor, id, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The queue of one's office.
#[utoipa::path(get, path = "/applications", tag = "calls", params(ApplicationFilter, Paging),
    responses((status = 200, body = PageOut<ApplicationOut>, description = "Newest first, without drafts"), Refusals))]
async fn calls_applications(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<ApplicationFilter>,
    Query(paging): Query<Paging>,
) -> Answer<axum::Json<PageOut<ApplicationOut>>> {
    let page = desk::queue(&app, &visit.actor, &filter, &paging.request()).await?;
    Ok(axum::Json(PageOut::of(page, Into::into)))
}

/// An application in one's office.
#[utoipa::path(get, path = "/applications/{id}", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, body = ApplicationText), Refusals))]
async fn calls_application(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
) -> Answer<axum::Json<ApplicationText>> {
    let case = desk::read(&app, &visit.actor, id).await?;
    Ok(axum::Json(whole(&app, case.loaded)?))
}

/// A vote as the minutes have it.
#[derive(Deserialize, ToSchema)]
pub struct BallotIn {
    /// Those entitled to vote.
    entitled: u32,
    /// Those who were there.
    present: u32,
    /// In favour.
    for_it: u32,
    /// Against.
    against: u32,
    /// Neither.
    #[serde(default)]
    abstained: u32,
}

/// What is done with a step.
#[derive(Deserialize, ToSchema)]
pub struct ActIn {
    /// `done`, `disagree`, `reject`, `return`, `vote`, `begin_notice`.
    #[schema(example = "done")]
    doing: String,
    /// In words.
    #[serde(default)]
    opinion: String,
    /// Of a return, the key of the stage.
    #[serde(default)]
    to: String,
    /// Of a vote.
    ballot: Option<BallotIn>,
    /// Of a notice, its last day.
    until: Option<String>,
    /// What the decision grants, in fen.
    granted_fen: Option<i64>,
}

impl ActIn {
    fn parse(self, step: String) -> jinmen_core::Result<Act> {
        let doing = match self.doing.as_str() {
            "done" => Doing::Done,
            "disagree" => Doing::Disagree,
            "reject" => Doing::Reject,
            "return" => Doing::Return(self.to),
            "vote" => {
                let ballot = self.ballot.ok_or_else(|| Fault::at("ballot", "core.required"))?;
                let BallotIn { entitled, present, for_it, against, abstained } = ballot;
                Doing::Vote(Ballot { entitled, present, for_it, against, abstained })
            }
            "begin_notice" => {
                let day = |text: String| Date::parse(&text).map_err(|fault| Fault::of("until", &fault));
                Doing::Begin(self.until.map(day).transpose()?)
            }
            _ => return Err(Error::field("doing", "core.choice")),
        };
        let granted = self.granted_fen.map(Money::from_fen);
        Ok(Act { step: Some(step), doing, opinion: self.opinion, granted, seen: None })
    }
}

/// Does a step of one's own.
#[utoipa::path(post, path = "/applications/{id}/steps/{step}", tag = "calls",
    params(("id" = String, Path), ("step" = String, Path)), request_body = ActIn, responses((status = 204), Refusals))]
async fn calls_act(
    State(app): State<App>,
    visit: Visit,
    Path((id, step)): Path<(ApplicationId, String)>,
    Json(input): Json<ActIn>,
) -> Answer<StatusCode> {
    desk::act(&app, &visit.actor, id, input.parse(step)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is to be corrected.
#[derive(Deserialize, ToSchema)]
pub struct ReturnIn {
    /// The names of the questions.
    fields: Vec<String>,
    /// Why.
    reason: String,
}

/// Sends an application back for correction of the named questions only.
#[utoipa::path(post, path = "/applications/{id}/return", tag = "calls", params(("id" = String, Path)), request_body = ReturnIn,
    responses((status = 204), Refusals))]
async fn calls_return(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    Json(input): Json<ReturnIn>,
) -> Answer<StatusCode> {
    desk::send_back(&app, &visit.actor, id, input.fields, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A message.
#[derive(Deserialize, ToSchema)]
pub struct MessageIn {
    /// What it says.
    text: String,
    /// For the office only.
    #[serde(default)]
    internal: bool,
}

/// Says something to the applicant, or notes it for the office.
#[utoipa::path(post, path = "/applications/{id}/messages", tag = "calls", params(("id" = String, Path)),
    request_body = MessageIn, responses((status = 204), Refusals))]
async fn calls_message(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
    Json(input): Json<MessageIn>,
) -> Answer<StatusCode> {
    let audience = if input.internal { cases::Audience::Internal } else { cases::Audience::Shared };
    talk::answer(&app, &visit.actor, id, audience, &input.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes the archive bundle of a decided application.
#[utoipa::path(post, path = "/applications/{id}/archive", tag = "calls", params(("id" = String, Path)),
    responses((status = 201, body = Archived), Refusals))]
async fn calls_make_archive(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<ApplicationId>,
) -> Answer<(StatusCode, axum::Json<Archived>)> {
    let digest = archive::make(&app, &visit.actor, id).await?;
    Ok((StatusCode::CREATED, axum::Json(Archived { digest })))
}

/// What was archived.
#[derive(Serialize, ToSchema)]
pub struct Archived {
    /// The digest of the bundle's index, which the record keeps.
    digest: String,
}

/// The archive bundle that was made last, once the record has taken it up: `jinmen verify` accepts it offline.
#[utoipa::path(get, path = "/applications/{id}/archive", tag = "calls", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/zip", body = [u8]), Refusals))]
async fn calls_archive(State(app): State<App>, visit: Visit, Path(id): Path<ApplicationId>) -> Answer<Response> {
    let (number, stream) = archive::take(&app, &visit.actor, id).await?;
    Ok(crate::pages::taken::attached(Body::from_stream(stream), "application/zip", &format!("{number}.zip")))
}
