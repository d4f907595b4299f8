//! Statements, by table.

pub(crate) mod comments;
pub(crate) mod drafts;
pub(crate) mod moves;
pub(crate) mod numbers;
pub(crate) mod sign_offs;
pub(crate) mod tags;
pub(crate) mod tasks;
