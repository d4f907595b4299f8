//! Statements on the record's tables.

pub(crate) mod entry;
pub(crate) mod key;
pub(crate) mod log;
