//! A request with an `Idempotency-Key` (programs) or a `once` parameter (forms) happens once; a retry
//! gets the first answer again.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jinmen_core::{Error, Fault};
use serde_json::{Map, Value};
use store::once;

use crate::{App, Failure, Visit};

/// Answers larger than this are not kept; a retry is then told that it was done.
const KEPT_BYTES: usize = 1_048_576;
/// Headers worth repeating.
const KEPT_HEADERS: [HeaderName; 3] = [header::LOCATION, header::CONTENT_TYPE, header::ETAG];

pub(crate) async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let key = match key(&app, &request) {
        Ok(Some(key)) => key,
        Ok(None) => return next.run(request).await,
        Err(error) => return Failure(error).into_response(),
    };
    match once::find(&app.db, &key).await {
        Ok(Some(Some(answer))) => return repeated(answer),
        Ok(Some(None)) => return Failure(Error::conflict("core.already_done")).into_response(),
        Ok(None) => {}
        Err(error) => return Failure::from(error).into_response(),
    }
    let response = once::scope(key.clone(), app.clock.now(), next.run(request)).await;
    kept(&app, &key, response).await
}

fn key(app: &App, request: &Request) -> Result<Option<String>, Error> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(None);
    }
    let given = match request.headers().get("idempotency-key") {
        Some(value) => Some(value.to_str().unwrap_or_default().to_owned()),
        None => query_value(request.uri().query().unwrap_or_default()),
    };
    let Some(given) = given else { return Ok(None) };
    if given.is_empty() || given.len() > 128 || !given.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Fault::at("Idempotency-Key", "core.idempotency_key").into());
    }
    let visit = request.extensions().get::<Visit>();
    let who = visit.and_then(|visit| visit.actor.account()).map(|id| id.text()).unwrap_or_default();
    // One key is one thing: the same key by somebody else, or for another address, is another thing.
    let full = format!("{who}\n{}\n{}\n{given}", request.method(), request.uri().path());
    Ok(Some(app.vault.blind("once", &full)))
}

fn query_value(query: &str) -> Option<String> {
    query.split('&').find_map(|pair| pair.strip_prefix("once=")).map(str::to_owned)
}

async fn kept(app: &App, key: &str, response: Response) -> Response {
    if response.status().is_server_error() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, KEPT_BYTES).await else {
        return Failure(Error::internal("an answer too large to keep")).into_response();
    };
    let failed = parts.extensions.get::<crate::failure::Carried>().is_some();
    if !failed {
        let answer =
            once::Answer { status: parts.status.as_u16(), headers: kept_headers(&parts.headers), body: bytes.to_vec() };
        if let Err(error) = once::keep(&app.db, key, answer).await {
            tracing::error!(error = ?error, "The answer of a key could not be kept");
        }
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn kept_headers(headers: &HeaderMap) -> Value {
    let pairs =
        KEPT_HEADERS.iter().filter_map(|name| Some((name.to_string(), Value::from(headers.get(name)?.to_str().ok()?))));
    Value::Object(pairs.collect::<Map<String, Value>>())
}

fn repeated(answer: once::Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    for (name, value) in answer.headers.as_object().into_iter().flatten() {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_str(value.as_str().unwrap_or_default());
        if let (Ok(name), Ok(value)) = (name, value) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}
