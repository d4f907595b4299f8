//! From a template to an answer.

use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html as HtmlBody, IntoResponse, Response};

/// The page with its status.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, [(header::CACHE_CONTROL, "no-store"), (header::VARY, "hx-request")], HtmlBody(text))
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "A page could not be drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The fragment for a request by a script that swaps part of a page, the full page otherwise (also when the
/// browser's history asks again, which needs the whole).
pub fn page_or_fragment(
    headers: &HeaderMap,
    status: StatusCode,
    full: &impl Template,
    fragment: &impl Template,
) -> Response {
    if wants_fragment(headers) { page(status, fragment) } else { page(status, full) }
}

/// Whether the request wants part of a page only.
pub fn wants_fragment(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|found| found == value);
    is("hx-request", "true")
        && !is("hx-history-restore-request", "true")
        && !is("hx-boosted", "true")
        && !is("hx-request-type", "full")
}
