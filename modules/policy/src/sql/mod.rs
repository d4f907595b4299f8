//! Every statement on the tables of policies: one function a statement.

pub(crate) mod answer;
pub(crate) mod moves;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod told;
