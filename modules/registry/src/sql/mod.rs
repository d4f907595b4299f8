//! Every statement on the registry's tables: one function a statement, nobody else touches them.

pub(crate) mod affiliation;
pub(crate) mod claim;
pub(crate) mod consent;
pub(crate) mod contact;
pub(crate) mod decision;
pub(crate) mod fact;
pub(crate) mod import;
pub(crate) mod known;
pub(crate) mod merge;
pub(crate) mod merge_person;
pub(crate) mod organization;
pub(crate) mod person;
pub(crate) mod relation;
pub(crate) mod report;
pub(crate) mod sealed;
pub(crate) mod view;

use jinmen_core::Date;

/// A date column; a text that is no date, which only a foreign hand can have put there, reads as none.
pub(crate) fn date(text: Option<String>) -> Option<Date> {
    text.and_then(|text| Date::from_iso(&text).ok())
}
