//! Puts the routes of all modules together with the layers that every request passes, from the
//! outside in: panics caught, security headers, compression, body limit, time limit, foreign origins
//! refused, the visit read, requests that happen once.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jinmen_core::Error;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa::openapi::{ContactBuilder, InfoBuilder, LicenseBuilder, OpenApiBuilder};

use crate::extract::BODY_LIMIT;
use crate::metrics::{self, Metrics};
use crate::{App, Failure, Module, RouteInfo, Routes, once, visit};

/// What a page may load: everything from here, nothing inline, nothing from elsewhere.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      frame-ancestors 'none'; form-action 'self'";
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The routes of all modules, with the API's document; made before the application, which keeps both.
pub struct Mounted {
    pages: Router<App>,
    api: Router<App>,
    /// Every route with its permission.
    pub list: Vec<RouteInfo>,
    /// The OpenAPI document.
    pub openapi: String,
}

/// Collects the routes of the modules.
pub fn mount(modules: &[std::sync::Arc<dyn Module>]) -> Result<Mounted, Error> {
    let routes = modules.iter().fold(Routes::new(), |all, module| all.merge(module.routes()));
    let (api, mut document) = routes.api.split_for_parts();
    let info = InfoBuilder::new()
        .title("Jinmen API")
        .version("1")
        .description(Some(
            "Everything that the pages do, for programs. Send a personal token (`Authorization: Bearer jmt_…`), made on \
             the account page, or sign in with POST /session; send an Idempotency-Key with what must happen once; \
             lists are read with `after` and `limit`.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .contact(None::<ContactBuilder>.map(ContactBuilder::build))
        .build();
    let head = OpenApiBuilder::new().info(info).build();
    document.info = head.info;
    let prefixed = std::mem::take(&mut document.paths.paths);
    document.paths.paths = prefixed.into_iter().map(|(path, item)| (format!("/api/v1{path}"), item)).collect();
    crate::api::secure(&mut document, &routes.list);
    let openapi = document.to_json().map_err(Error::internal)?;
    Ok(Mounted { pages: routes.pages, api, list: routes.list, openapi })
}

/// The whole application as a service.
pub fn router(app: App, mounted: Mounted) -> Router {
    let numbers = Metrics::new(&mounted.list, app.clock.now());
    let pages = Router::new()
        .merge(mounted.pages)
        .nest("/api/v1", mounted.api)
        .route(
            "/metrics",
            get({
                let (app, numbers) = (app.clone(), numbers.clone());
                move |request| metrics::show(app.clone(), numbers.clone(), request)
            }),
        )
        .fallback(|| async { Failure(Error::NotFound) })
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(from_fn_with_state(app.clone(), once::layer))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIME_LIMIT))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(app.clone(), visit::layer))
        .layer(from_fn_with_state(numbers, metrics::layer))
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(NotForContentType::new("text/event-stream"))),
        );
    Router::new()
        .merge(pages)
        .route("/assets/{*path}", get(asset))
        .route("/healthz", get(|| async { "ok" }))
        .route(
            "/readyz",
            get({
                let app = app.clone();
                move || ready(app.clone())
            }),
        )
        .layer(from_fn(security_headers))
        .layer(SetResponseHeaderLayer::overriding(
            HeaderName::from_static("x-content-type-options"),
            HeaderValue::from_static("nosniff"),
        ))
        .layer(CatchPanicLayer::new())
        .with_state(app)
}

async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        // What may be kept says so itself.
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "geolocation=(), microphone=(), payment=()"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

async fn asset(Path(path): Path<String>, request: Request) -> Response {
    let accepted =
        request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ui::assets::serve(&path, accepted).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

/// Ready once the database answers.
async fn ready(app: App) -> Response {
    match app.db.maybe::<(i64,)>("SELECT CAST(1 AS BIGINT)", Vec::new()).await {
        Ok(_) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database").into_response(),
    }
}
