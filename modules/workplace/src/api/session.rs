//! Signing in and out.

use access::Entry;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::CookieJar;
use jinmen_core::{AccountId, Error};
use module::visit::{close_cookie, open_cookie};
use module::{Answer, App, Json, Problem, Visit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wrong_password;
use crate::ops;

/// Name and password.
#[derive(Deserialize, ToSchema)]
pub struct Credentials {
    /// The account's name.
    #[schema(example = "wang.fang")]
    account: String,
    /// Its password.
    #[schema(example = "correct horse battery")]
    password: String,
}

/// Who is in.
#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    /// The account's name.
    #[schema(example = "wang.fang")]
    account: String,
    /// The person's name.
    #[schema(example = "王芳")]
    name: String,
    /// The role worn now.
    #[schema(example = "secretariat")]
    role: Option<String>,
}

/// Sign in.
///
/// Answers with the session as a cookie; send it with every further request. The language of answers is
/// the account's, or that of `Accept-Language`.
#[utoipa::path(
    post, path = "/session", tag = "session", request_body = Credentials,
    responses(
        (status = 200, body = SignedIn, description = "In; the cookie is set"),
        (status = 202, body = SecondWanted, description = "Right so far; the account asks for a second proof"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "Name or password is wrong (`access.sign_in`)"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    )
)]
pub async fn work_sign_in(State(app): State<App>, visit: Visit, Json(input): Json<Credentials>) -> Answer {
    let (entry, account) = match ops::session::sign_in(&app, &visit, &input.account, &input.password).await {
        Ok(opened) => opened,
        Err(Error::Invalid(_)) => return Ok(wrong_password(&app, &visit)),
        Err(other) => return Err(other.into()),
    };
    go_on(&app, entry, account).await
}

/// In, or on to the second proof.
async fn go_on(app: &App, entry: Entry, account: AccountId) -> Answer {
    match entry {
        Entry::In(token) => welcome(app, &token, account).await,
        Entry::Second(step) => {
            let body = SecondWanted { step: step.expose().to_owned(), seconds: access::SECOND_SECONDS };
            Ok((StatusCode::ACCEPTED, axum::Json(body)).into_response())
        }
    }
}

/// The answer to whoever came in, with the cookie.
async fn welcome(app: &App, token: &access::Token, account: AccountId) -> Answer {
    let account = access::find_account(&app.db, &account.text()).await?;
    let session = access::find_session(&app.access, &access::Presented { token: token.clone() }).await?;
    let role = session.and_then(|session| session.person.hat).map(|hat| hat.role.code().to_owned());
    let body = axum::Json(SignedIn { account: account.name, name: account.display_name, role });
    Ok((CookieJar::new().add(open_cookie(app, token)), body).into_response())
}

/// A mobile number to which a code is to come.
#[derive(Deserialize, ToSchema)]
pub struct CodeWanted {
    /// The number.
    #[schema(example = "13800138000")]
    mobile: String,
    /// `text` (also when left out) or `voice`.
    #[schema(example = "text")]
    #[serde(default)]
    means: String,
}

/// A code is on its way.
#[derive(Serialize, ToSchema)]
pub struct CodeSent {
    /// To be sent back with the code; without it the code is worth nothing.
    #[schema(example = "q1b0Yk2m8f2o0m1Yw3Jr5b7c9d1e3f5g7h9i1j3k5l7")]
    challenge: String,
    /// Seconds for which the code is good.
    #[schema(example = 300)]
    seconds: i64,
}

/// Send a code to a mobile number.
///
/// A number that no account has gets the same answer. One number is sent a code once a minute at most.
#[utoipa::path(
    post, path = "/session/code", tag = "session", request_body = CodeWanted,
    responses(
        (status = 202, body = CodeSent, description = "A code is on its way, if the number has an account"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "This instance sends no codes"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "That is no mobile number"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many codes; `Retry-After` says how long to wait"),
    )
)]
pub async fn work_ask_code(State(app): State<App>, visit: Visit, Json(input): Json<CodeWanted>) -> Answer {
    let ask = ops::code::Ask { mobile: input.mobile, means: input.means, ..Default::default() };
    let sent = ops::code::ask_to_enter(&app, &visit, &ask).await?;
    let body = CodeSent { challenge: sent.challenge.expose().to_owned(), seconds: access::CODE_SECONDS };
    Ok((StatusCode::ACCEPTED, axum::Json(body)).into_response())
}

/// A code and the challenge it was made for.
#[derive(Deserialize, ToSchema)]
pub struct CodeTyped {
    /// From the answer of the request for the code.
    #[schema(example = "q1b0Yk2m8f2o0m1Yw3Jr5b7c9d1e3f5g7h9i1j3k5l7")]
    challenge: String,
    /// Six digits.
    #[schema(example = "123456")]
    code: String,
}

/// Sign in by a code.
///
/// Five tries, five minutes, once.
#[utoipa::path(
    put, path = "/session/code", tag = "session", request_body = CodeTyped,
    responses(
        (status = 200, body = SignedIn, description = "In; the cookie is set"),
        (status = 202, body = SecondWanted, description = "Right so far; the account asks for a second proof"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "The code is wrong or too old, or no account has the number (`access.code`)"),
    )
)]
pub async fn work_enter_by_code(State(app): State<App>, visit: Visit, Json(input): Json<CodeTyped>) -> Answer {
    let (entry, account) = ops::code::enter(&app, &visit, &input.challenge, &input.code).await?;
    go_on(&app, entry, account).await
}

/// A second proof is wanted: a code of the authenticator app, or a recovery code.
#[derive(Serialize, ToSchema)]
pub struct SecondWanted {
    /// To be sent back with the code.
    #[schema(example = "q1b0Yk2m8f2o0m1Yw3Jr5b7c9d1e3f5g7h9i1j3k5l7")]
    step: String,
    /// Seconds for which it is good.
    #[schema(example = 600)]
    seconds: i64,
}

/// The second proof.
#[derive(Deserialize, ToSchema)]
pub struct SecondTyped {
    /// From the answer to the first proof.
    #[schema(example = "q1b0Yk2m8f2o0m1Yw3Jr5b7c9d1e3f5g7h9i1j3k5l7")]
    step: String,
    /// Six digits of the app, or a recovery code.
    #[schema(example = "123456")]
    code: String,
}

/// Give the second proof.
///
/// Five tries, ten minutes; no code works twice.
#[utoipa::path(
    put, path = "/session/second", tag = "session", request_body = SecondTyped,
    responses(
        (status = 200, body = SignedIn, description = "In; the cookie is set"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "The code is wrong or was used, or it is too late (`access.second_code`, `access.second_gone`)"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    )
)]
pub async fn work_enter_by_second(State(app): State<App>, visit: Visit, Json(input): Json<SecondTyped>) -> Answer {
    let (token, account) = ops::session::second(&app, &visit, &input.step, &input.code).await?;
    welcome(&app, &token, account).await
}

/// Sign out.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204, description = "Out, whether or not one was in")))]
pub async fn work_sign_out(State(app): State<App>, visit: Visit) -> Answer {
    ops::session::sign_out(&app, &visit).await?;
    Ok((CookieJar::new().add(close_cookie(&app)), StatusCode::NO_CONTENT).into_response())
}
