//! The record as others check it: keys, signed state, tiles, proofs. The paths are those of C2SP
//! tlog-tiles below `/record`.

use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jinmen_core::Error;
use module::{Answer, App, Query, Visit};
use record::seal::tile::{self, Address};
use serde::Deserialize;

use crate::ops;

/// What never changes may be kept for ever, the signed state for a moment only.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const A_MOMENT: &str = "public, max-age=1";

fn answer(kind: &'static str, cache: &'static str, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    // Whoever checks may do so from a page of their own.
    headers.insert(HeaderName::from_static("access-control-allow-origin"), HeaderValue::from_static("*"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    response
}

/// The keys of the instance.
pub async fn keys(State(app): State<App>) -> Answer {
    let ring = record::ring(&app.db).await?;
    let text = serde_json::to_string_pretty(&ring).map_err(Error::internal)?;
    Ok(answer("application/json", A_MOMENT, text))
}

/// The signed state.
pub async fn checkpoint(State(app): State<App>) -> Answer {
    let signed = record::checkpoint(&app.db).await?.ok_or(Error::NotFound)?;
    Ok(answer("text/plain; charset=utf-8", A_MOMENT, signed))
}

/// A tile, or a bundle of entries.
pub async fn tiles(State(app): State<App>, Path(path): Path<String>) -> Answer {
    let bytes = match path.strip_prefix("entries/") {
        Some(rest) => {
            let (index, width) = tile::read_index_path(rest).map_err(|_| Error::NotFound)?;
            record::bundle(&app.db, index, width).await?
        }
        None => {
            let address: Address = path.parse().map_err(|_| Error::NotFound)?;
            record::tile(&app.db, address).await?
        }
    };
    Ok(answer("application/octet-stream", FOR_EVER, bytes))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    from: Option<u64>,
}

/// The proof of an entry, as a file to keep.
pub async fn proof(
    State(app): State<App>,
    visit: Visit,
    Path(number): Path<u64>,
    Query(asked): Query<Asked>,
) -> Answer {
    let proof = ops::proof::prove(&app, &visit, number, asked.from).await?;
    let text = serde_json::to_string_pretty(&proof).map_err(Error::internal)?;
    let mut response = answer("application/json", "no-store", text);
    let name = format!("inline; filename=\"record-{number}.json\"");
    let name = HeaderValue::from_str(&name).map_err(Error::internal)?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    // With the entry in it, it is for this visitor alone.
    response.headers_mut().remove("access-control-allow-origin");
    Ok(response)
}
