//! Signing in and out.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::CookieJar;
use jinmen_core::Error;
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
        (status = 401, body = Problem, content_type = "application/problem+json", description = "Name or password is wrong (`access.sign_in`)"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many tries; `Retry-After` says how long to wait"),
    )
)]
pub async fn work_sign_in(State(app): State<App>, visit: Visit, Json(input): Json<Credentials>) -> Answer {
    let (token, account) = match ops::session::sign_in(&app, &visit, &input.account, &input.password).await {
        Ok(opened) => opened,
        Err(Error::Invalid(_)) => return Ok(wrong_password(&app, &visit)),
        Err(other) => return Err(other.into()),
    };
    let account = access::find_account(&app.db, &account.text()).await?;
    let session = access::find_session(&app.access, &access::Presented { token: token.clone() }).await?;
    let role = session.and_then(|session| session.person.hat).map(|hat| hat.role.code().to_owned());
    let body = axum::Json(SignedIn { account: account.name, name: account.display_name, role });
    Ok((CookieJar::new().add(open_cookie(&app, &token)), body).into_response())
}

/// Sign out.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204, description = "Out, whether or not one was in")))]
pub async fn work_sign_out(State(app): State<App>, visit: Visit) -> Answer {
    ops::session::sign_out(&app, &visit).await?;
    Ok((CookieJar::new().add(close_cookie(&app)), StatusCode::NO_CONTENT).into_response())
}
