//! The same use cases for programs.

mod codes;
mod inbox;
mod jobs;
mod me;
mod record;
mod session;
mod tasks;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jinmen_core::{Fault, PageRequest};
use module::{App, Problem, Routes, Visit, sentence};
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};
use utoipa_axum::routes;

use crate::permissions::{OWN_ACCESS, PORTAL, RECORD, SIGN_IN, WORK};

/// Adds the operations.
pub fn routes(routes: Routes) -> Routes {
    routes
        .api(&SIGN_IN, routes!(session::work_sign_in))
        .api(&SIGN_IN, routes!(session::work_sign_out))
        .api(&SIGN_IN, routes!(session::work_ask_code))
        .api(&SIGN_IN, routes!(session::work_enter_by_code))
        .api(&SIGN_IN, routes!(session::work_enter_by_second))
        .api(&WORK, routes!(me::work_me))
        .api(&OWN_ACCESS, routes!(me::work_change_hat))
        .api(&WORK, routes!(tasks::work_tasks))
        .api(&WORK, routes!(inbox::work_inbox))
        .api(&WORK, routes!(inbox::work_read_notice))
        .api(&PORTAL, routes!(codes::work_code_lists))
        .api(&PORTAL, routes!(codes::work_code_list))
        .api(&RECORD, routes!(record::work_record))
        .api(&WORK, routes!(jobs::work_job))
}

/// Which page of a list.
#[derive(Deserialize, IntoParams)]
pub struct Paging {
    /// The `next` of the page before.
    after: Option<String>,
    /// Rows wanted, 1 to 200; 50 unless given.
    limit: Option<u32>,
}

impl Paging {
    fn request(self) -> PageRequest {
        PageRequest { after: self.after, limit: self.limit }
    }
}

/// What an operation for people who signed in may refuse with.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub enum Refusals {
    /// Nobody is signed in.
    #[response(status = 401, content_type = "application/problem+json")]
    SignIn(Problem),
    /// There is no such thing, or not for this role.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The input is wrong; `faults` says where.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// Name and password do not fit: a problem of its own, since nobody is signed in yet.
fn wrong_password(app: &App, visit: &Visit) -> Response {
    let t = app.words(visit.locale);
    let code = "access.sign_in";
    let problem = Problem {
        kind: format!("/docs/problems#{code}"),
        title: t.of("problem-core-sign-in"),
        status: StatusCode::UNAUTHORIZED.as_u16(),
        detail: sentence(&t, &Fault::new(code)),
        code: code.to_owned(),
        instance: visit.request_id.clone(),
        faults: Vec::new(),
    };
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (StatusCode::UNAUTHORIZED, kind, axum::Json(&problem).into_response().into_body()).into_response()
}
