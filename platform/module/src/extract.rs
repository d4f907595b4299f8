//! Extractors whose refusals are faults in the reader's language instead of framework text.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum_extra::extract::FormRejection;
use jinmen_core::{Error, Fault};
use serde::de::DeserializeOwned;

use crate::Failure;

/// The largest body where nothing else is said.
pub const BODY_LIMIT: usize = 8 * 1_048_576;

/// Names the limit of an upload route in its error.
#[derive(Clone, Copy, Debug)]
pub struct UploadLimit(pub u64);

/// Parameters of the path; one that cannot be read names nothing that exists.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(path) => Ok(Self(path.0)),
            Err(PathRejection::FailedToDeserializePathParams(_)) => Err(Failure(Error::NotFound)),
            Err(_) => Err(Failure(Error::NotFound)),
        }
    }
}

/// Parameters of the query.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        axum::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|query| Self(query.0))
            .map_err(|error: QueryRejection| unreadable("core.query", &error.body_text()))
    }
}

/// The fields of a form; a field sent several times is a list.
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        axum_extra::extract::Form::<T>::from_request(request, state).await.map(|form| Self(form.0)).map_err(
            |error: FormRejection| match error.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => Failure(Error::TooLarge(BODY_LIMIT as u64)),
                _ => Failure(Fault::new("core.form").into()),
            },
        )
    }
}

/// A JSON body.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(json) => Ok(Self(json.0)),
            Err(JsonRejection::BytesRejection(_)) => Err(Failure(Error::TooLarge(BODY_LIMIT as u64))),
            Err(error) => Err(unreadable("core.json", &error.body_text())),
        }
    }
}

/// A fault that quotes where reading stopped, without the framework's first words.
fn unreadable(code: &str, text: &str) -> Failure {
    let reason = text.split_once(": ").map_or(text, |(_, reason)| reason);
    let reason: String = reason.chars().filter(|c| !c.is_control()).take(200).collect();
    Failure(Fault::new(code).with("reason", reason).into())
}
