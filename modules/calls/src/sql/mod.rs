//! The statements, a function each.

pub(crate) mod answer;
pub(crate) mod application;
pub(crate) mod archive;
pub(crate) mod auto_grant;
pub(crate) mod call;
pub(crate) mod judged;
pub(crate) mod notice;
