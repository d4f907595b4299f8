//! The style sheet, scripts and icons, built into the program and served under an address that contains their hash,
//! so that browsers may keep them for ever.

use std::borrow::Cow;
use std::io::Read as _;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::Response;
use flate2::read::GzDecoder;

/// One file in two encodings. Who takes neither is given the first unpacked: no browser, so it need not be quick, and the
/// program is smaller by the whole of every file.
struct Asset {
    name: &'static str,
    url: &'static str,
    mime: &'static str,
    gzip: &'static [u8],
    brotli: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A year, the longest that caches honour.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The address of an asset by its plain name (`app.css`); the empty text for one that does not exist.
pub fn url(name: &str) -> &'static str {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    debug_assert!(found.is_some(), "there is no asset {name}");
    found.map_or("", |asset| asset.url)
}

/// The content of an asset by its plain name, for pages that must stand alone (exports, samples).
pub fn content(name: &str) -> Option<Vec<u8>> {
    ASSETS.iter().find(|asset| asset.name == name).map(Asset::unpacked)
}

impl Asset {
    fn unpacked(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // What the build packed unpacks; a test reads every asset.
        let read = GzDecoder::new(self.gzip).read_to_end(&mut bytes);
        debug_assert!(read.is_ok(), "{}", self.name);
        bytes
    }
}

/// Every asset's plain name, for tests and for warming caches.
pub fn names() -> impl Iterator<Item = &'static str> {
    ASSETS.iter().map(|asset| asset.name)
}

/// The answer to a request for `path` (`/assets/app.….css`, with or without the folder), in the best encoding that
/// the `Accept-Encoding` header allows; nothing for an address that is not an asset's.
pub fn serve(path: &str, accept_encoding: &str) -> Option<Response> {
    let file = path.trim_start_matches('/').trim_start_matches("assets/");
    let asset = ASSETS.iter().find(|asset| asset.url.strip_prefix("/assets/") == Some(file))?;
    let (bytes, encoding) = if accepts(accept_encoding, "br") {
        (Cow::Borrowed(asset.brotli), Some("br"))
    } else if accepts(accept_encoding, "gzip") {
        (Cow::Borrowed(asset.gzip), Some("gzip"))
    } else {
        (Cow::Owned(asset.unpacked()), None)
    };
    let mut answer = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, asset.mime)
        .header(header::CACHE_CONTROL, FOR_EVER)
        .header(header::VARY, "accept-encoding")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_LENGTH, bytes.len());
    if let Some(encoding) = encoding {
        answer = answer.header(header::CONTENT_ENCODING, encoding);
    }
    let body = match bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    answer.body(body).ok()
}

/// Whether the header names an encoding without refusing it (`q=0`).
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let named = pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused = pieces.any(|piece| matches!(piece.strip_prefix("q=").map(str::parse::<f32>), Some(Ok(0.0))));
        named && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::accepts;

    #[test]
    fn an_encoding_with_weight_nought_is_refused() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("", "gzip"));
    }
}
