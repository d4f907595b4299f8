//! What the operations of every module's API have in common.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jinmen_core::{Error, Fault, PageRequest, Permission, Result};
use serde::{Deserialize, Serialize};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, OpenApi};
use utoipa::{IntoParams, IntoResponses, ToSchema};

use crate::{Problem, RouteInfo, RouteKind};

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Rows wanted, 1 to 200; 50 unless given.
    pub limit: Option<u32>,
}

impl Paging {
    /// As the use cases take it.
    pub fn request(&self) -> PageRequest {
        PageRequest { after: self.after.clone(), limit: self.limit }
    }
}

/// What an operation for people who signed in may refuse with.
#[derive(IntoResponses)]
#[allow(dead_code)] // read by the macro only
pub enum Refusals {
    /// Nobody is signed in.
    #[response(status = 401, content_type = "application/problem+json")]
    SignIn(Problem),
    /// There is no such thing, or not for this role.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The state of things forbids it.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// The input is wrong; `faults` says where.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// What a change guarded by `If-Match` may refuse with besides [`Refusals`].
#[derive(IntoResponses)]
#[allow(dead_code)] // read by the macro only
pub enum Guarded {
    /// Somebody else changed it meanwhile: read again, then decide.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Problem),
}

/// An answer with the entity tag of a version.
pub fn tagged(version: i64, body: impl Serialize) -> Response {
    let mut response = axum::Json(body).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// The version that a change is meant for, from `If-Match`. A change without one is refused, because
/// it could undo what somebody else just did.
pub fn version(headers: &HeaderMap) -> Result<i64> {
    let text = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    text.and_then(|text| text.trim().trim_start_matches("W/").trim_matches('"').parse().ok())
        .ok_or_else(|| Error::Invalid(vec![Fault::at("If-Match", "core.version")]))
}

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub struct PageOut<T> {
    /// The rows.
    items: Vec<T>,
    /// Give this as `after` for the next page; nothing on the last one.
    next: Option<String>,
}

impl<T> PageOut<T> {
    /// The rows of a page, each as it is shown.
    pub fn of<U>(page: jinmen_core::Page<U>, f: impl FnMut(U) -> T) -> Self {
        let page = page.map(f);
        Self { items: page.items, next: page.next }
    }
}

/// Says in the document how one proves who one is: by a token or by the session's cookie, with the scope that an
/// operation takes.
pub(crate) fn secure(document: &mut OpenApi, routes: &[RouteInfo]) {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("jmt_")
        .description(Some("A personal token, made on the account page. It wears one role, as far as its scopes go."))
        .build();
    let cookie = ApiKey::Cookie(ApiKeyValue::with_description("jinmen", "The session that POST /session opens."));
    let components = document.components.get_or_insert_with(Components::default);
    components.add_security_scheme("token", SecurityScheme::Http(token));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    for route in routes.iter().filter(|route| route.kind == RouteKind::Api) {
        let item = document.paths.paths.get_mut(&route.path);
        if let Some(operation) = item.and_then(|item| operation(item, &route.method)) {
            operation.security = Some(requirements(route.permission, route.reads()));
        }
    }
}

fn operation<'a>(item: &'a mut PathItem, method: &axum::http::Method) -> Option<&'a mut Operation> {
    match method.as_str() {
        "GET" => item.get.as_mut(),
        "POST" => item.post.as_mut(),
        "PUT" => item.put.as_mut(),
        "PATCH" => item.patch.as_mut(),
        "DELETE" => item.delete.as_mut(),
        _ => None,
    }
}

/// Any one of these is enough.
fn requirements(permission: &Permission, reads: bool) -> Vec<SecurityRequirement> {
    let mut any = Vec::new();
    if permission.public {
        any.push(SecurityRequirement::default());
    }
    if !permission.in_person {
        let scope = format!("{}:{}", permission.area(), if reads { "read" } else { "write" });
        any.push(SecurityRequirement::new("token", [scope]));
    }
    any.push(SecurityRequirement::new("session", Vec::<String>::new()));
    any
}
