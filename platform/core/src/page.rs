//! Keyset pages: a cursor is the sort values of the last row seen, so that page 1,000 costs what
//! page 1 costs and rows added meanwhile shift nothing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::{Error, Fault, Result};

/// The rows a page shows unless asked otherwise.
pub const DEFAULT_LIMIT: u32 = 50;
/// The most rows one page may hold.
pub const MAX_LIMIT: u32 = 200;
/// Counting stops here; a larger count reads "over 10,000".
pub const COUNT_CAP: i64 = 10_000;

/// Where a page begins: the sort values of the row before it, opaque to callers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor(pub Vec<String>);

impl Cursor {
    /// The cursor as it stands in an address.
    pub fn encode(&self) -> String {
        let json = serde_json::to_vec(&self.0).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(json)
    }

    /// Reads a cursor of exactly `parts` values.
    pub fn decode(text: &str, parts: usize) -> Result<Self> {
        let invalid = || Error::from(Fault::at("after", "core.cursor"));
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
        let values: Vec<String> = serde_json::from_slice(&json).map_err(|_| invalid())?;
        if values.len() != parts || values.iter().any(|value| value.contains('\0')) {
            return Err(invalid());
        }
        Ok(Self(values))
    }
}

/// Which page is wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct PageRequest {
    /// The cursor of the page before, as text.
    #[serde(default)]
    pub after: Option<String>,
    /// Rows wanted, 1 to 200.
    #[serde(default)]
    pub limit: Option<u32>,
}

impl PageRequest {
    /// The rows to fetch, within bounds.
    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT)
    }

    /// The cursor, if one was given; an empty one counts as none.
    pub fn cursor(&self, parts: usize) -> Result<Option<Cursor>> {
        match self.after.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => Cursor::decode(text, parts).map(Some),
            None => Ok(None),
        }
    }
}

/// How many there are, counted no further than [`COUNT_CAP`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Count {
    /// The number counted.
    pub number: i64,
    /// Whether there are more than that.
    pub capped: bool,
}

impl Count {
    /// From a count that was stopped one past the cap.
    pub fn from_capped(counted: i64) -> Self {
        Self { number: counted.min(COUNT_CAP), capped: counted > COUNT_CAP }
    }
}

/// One page of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None }
    }
}

impl<T> Page<T> {
    /// Makes a page of rows fetched with `limit + 1`: the one too many shows that there is a next.
    pub fn from_rows(mut rows: Vec<T>, limit: u32, key: impl Fn(&T) -> Vec<String>) -> Self {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(|row| Cursor(key(row)).encode());
        Self { items: rows, next }
    }

    /// The same page of other things.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_refuses_others() {
        let cursor = Cursor(vec!["tianjin".into(), "0190".into()]);
        assert_eq!(Cursor::decode(&cursor.encode(), 2).ok(), Some(cursor.clone()));
        assert!(Cursor::decode(&cursor.encode(), 1).is_err());
        for text in ["%%", "AAAA", "bnVsbA", ""] {
            assert!(Cursor::decode(text, 1).is_err(), "{text}");
        }
    }

    #[test]
    fn only_a_page_with_more_behind_it_has_a_next() {
        let page = Page::from_rows(vec![1, 2, 3], 2, |row| vec![row.to_string()]);
        assert_eq!(page.items, [1, 2]);
        assert!(page.next.is_some());
        assert!(Page::from_rows(vec![1, 2], 2, |row| vec![row.to_string()]).next.is_none());
    }
}
