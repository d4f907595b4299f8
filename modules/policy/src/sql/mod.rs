//! Every statement on the tables of policies: one function a statement.

pub(crate) mod answer;
pub(crate) mod policy;
