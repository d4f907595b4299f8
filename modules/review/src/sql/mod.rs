//! One function a statement; nobody else touches these tables.

pub(crate) mod draw;
pub(crate) mod entry;
pub(crate) mod expert;
pub(crate) mod landing;
pub(crate) mod moves;
pub(crate) mod pair;
pub(crate) mod round;
pub(crate) mod score;
pub(crate) mod seat;

use std::str::FromStr;

use jinmen_core::{Date, Text2};
use store::DbError;

/// An identifier or another word that the database holds.
fn id<T: FromStr>(text: &str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::NoRow)
}

fn maybe_id<T: FromStr>(text: Option<String>) -> Option<T> {
    text.and_then(|text| text.parse().ok())
}

fn day(text: Option<String>) -> Option<Date> {
    text.and_then(|text| Date::from_iso(&text).ok())
}

fn text2(zh: String, en: Option<String>) -> Text2 {
    Text2::new(zh, en)
}
