//! How a use case's error reaches a person or a program: one mapping to a status, a page or an
//! RFC 9457 problem document. Handlers return [`Answer`]; the layer around them draws the error in
//! the reader's language.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jinmen_core::{Error, Fault};
use serde::Serialize;
use ui::Words;
use utoipa::ToSchema;

/// What a handler returns.
pub type Answer<T = Response> = Result<T, Failure>;

/// A use case's error on its way out.
#[derive(Debug)]
pub struct Failure(pub Error);

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// The error, carried by the response until the layer draws it.
#[derive(Clone)]
pub(crate) struct Carried(pub(crate) Arc<Error>);

/// After how long somebody may try again when the database is away.
const UNAVAILABLE_SECONDS: i64 = 5;

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status(&self.0);
        let wait = match &self.0 {
            Error::TooMany(seconds) => Some(*seconds),
            Error::Unavailable(_) => Some(UNAVAILABLE_SECONDS),
            _ => None,
        };
        if let Some(value) = wait.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok()) {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response.extensions_mut().insert(Carried(Arc::new(self.0)));
        response
    }
}

/// The status of an error on a page. Whoever is not signed in is told "not here" as well; on the API
/// the layer turns that into 401.
pub(crate) fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound | Error::SignIn => StatusCode::NOT_FOUND,
        Error::Token => StatusCode::UNAUTHORIZED,
        Error::TokenScope(_) => StatusCode::FORBIDDEN,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Stale => StatusCode::PRECONDITION_FAILED,
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A stable word for an error.
pub(crate) fn code(error: &Error) -> &str {
    match error {
        Error::NotFound => "core.not_found",
        Error::SignIn => "core.sign_in",
        Error::Token => "core.token",
        Error::TokenScope(_) => "core.token_scope",
        Error::Invalid(_) => "core.invalid",
        Error::Conflict(fault) => &fault.code,
        Error::Stale => "core.stale",
        Error::TooMany(_) => "core.too_many",
        Error::TooLarge(_) => "core.too_large",
        Error::Unavailable(_) => "core.unavailable",
        Error::Internal(_) => "core.internal",
    }
}

/// An RFC 9457 problem document.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A URI reference that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "/docs/problems#core.invalid")]
    pub kind: String,
    /// The kind in words.
    #[schema(example = "填写有误")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// What is wrong here and what to do.
    pub detail: String,
    /// The stable code.
    #[schema(example = "core.invalid")]
    pub code: String,
    /// The request's number, to quote to the operator.
    pub instance: String,
    /// Each thing that is wrong with the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<ProblemFault>,
}

/// One thing that is wrong with the input.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProblemFault {
    /// The field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "uscc")]
    pub field: Option<String>,
    /// The stable code.
    #[schema(example = "uscc.check")]
    pub code: String,
    /// The sentence.
    pub message: String,
}

/// A fault as a sentence.
pub fn sentence(t: &Words, fault: &Fault) -> String {
    let args: Vec<(&str, ui::Arg)> =
        fault.args.iter().map(|(name, value)| (name.as_str(), value.as_str().into())).collect();
    t.with(&fault.message_key(), &args)
}

/// The values of a message that were kept as a JSON object, for [`Words::with`].
pub fn message_args(args: &serde_json::Value) -> Vec<(&str, ui::Arg)> {
    let value = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => ui::Arg::Text(text.clone()),
        serde_json::Value::Number(number) => number.as_i64().map_or_else(|| number.to_string().into(), ui::Arg::Number),
        serde_json::Value::Null => ui::Arg::Text(String::new()),
        other => ui::Arg::Text(other.to_string()),
    };
    args.as_object().into_iter().flatten().map(|(name, one)| (name.as_str(), value(one))).collect()
}

impl Problem {
    pub(crate) fn of(error: &Error, status: StatusCode, t: &Words, request: &str) -> Self {
        let code = code(error);
        let key = code.replace(['.', '_'], "-");
        let (title, detail) = match error {
            Error::Conflict(fault) => (t.of("problem-conflict"), sentence(t, fault)),
            Error::TooLarge(most) => (
                t.of("problem-core-too-large"),
                t.with("problem-too-large-detail", &[("mb", ((*most / 1_048_576) as i64).into())]),
            ),
            Error::TokenScope(scope) => (
                t.of("problem-core-token-scope"),
                t.with("problem-core-token-scope-detail", &[("scope", scope.as_str().into())]),
            ),
            Error::TooMany(seconds) => (
                t.of("problem-core-too-many"),
                t.with("problem-too-many-detail", &[("minutes", (seconds / 60 + 1).into())]),
            ),
            _ => (t.of(&format!("problem-{key}")), t.of(&format!("problem-{key}-detail"))),
        };
        let faults = match error {
            Error::Invalid(faults) => faults
                .iter()
                .map(|fault| ProblemFault {
                    field: fault.field.clone(),
                    code: fault.code.clone(),
                    message: sentence(t, fault),
                })
                .collect(),
            _ => Vec::new(),
        };
        Self {
            kind: format!("/docs/problems#{code}"),
            title,
            status: status.as_u16(),
            detail,
            code: code.to_owned(),
            instance: request.to_owned(),
            faults,
        }
    }
}
