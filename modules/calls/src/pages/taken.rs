//! Taking applications out: sheets, files, archives of whole cases.

use std::str::FromStr;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use module::export::{self, Format};
use module::{Answer, App, Path, Visit};

use super::queue::refused;
use crate::model::{ApplicationId, CallId};
use crate::ops::{archive as archiving, desk_page, export as taking};

/// Makes the archive of a case.
pub(crate) async fn archive(State(app): State<App>, visit: Visit, Path(id): Path<ApplicationId>) -> Answer {
    match archiving::make(&app, &visit.actor, id).await {
        Ok(_) => Ok(visit.done(&desk_page(id), "calls-flash-archived")),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

/// Hands out the newest archive of a case.
pub(crate) async fn bundle(State(app): State<App>, visit: Visit, Path(id): Path<ApplicationId>) -> Answer {
    match archiving::take(&app, &visit.actor, id).await {
        Ok((number, stream)) => Ok(attached(Body::from_stream(stream), "application/zip", &format!("{number}.zip"))),
        Err(error) => refused(&app, &visit, id, "", error).await,
    }
}

async fn sheet(app: &App, visit: &Visit, id: CallId, ending: &str) -> Answer {
    let t = app.words(visit.locale);
    let (sheet, rows) = taking::sheet(app, &visit.actor, id, &t).await?;
    export::respond(Format::from_str(ending)?, sheet, rows).await
}

/// The sheet as CSV.
pub(crate) async fn csv(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    sheet(&app, &visit, id, "csv").await
}

/// The sheet as a workbook.
pub(crate) async fn xlsx(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    sheet(&app, &visit, id, "xlsx").await
}

/// The sheet as JSON.
pub(crate) async fn json(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    sheet(&app, &visit, id, "json").await
}

/// The files of a call's applications.
pub(crate) async fn zip(State(app): State<App>, visit: Visit, Path(id): Path<CallId>) -> Answer {
    let body = taking::archive(&app, &visit.actor, id).await?;
    Ok(attached(body, "application/zip", &format!("{id}.zip")))
}

pub(crate) fn attached(body: Body, kind: &'static str, name: &str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
