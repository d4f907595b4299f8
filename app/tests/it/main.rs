//! The program as the terminal knows it: its arguments, its exit status, what it prints, and what is left when it is
//! killed.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod assessing;
mod assigning;
mod backup;
mod corpus;
mod hostile;
mod import;
mod keys;
#[path = "../../../modules/registry/src/import/tests/generator.rs"]
mod office;
mod policy;
mod policy_parquet;
mod policy_together;
#[allow(dead_code, reason = "shared with the tests of faults")]
mod program;
mod record;
mod serving;

/// What the office's workbook asks of the crate that it is compiled into.
mod table {
    pub use registry::table::letter;
}
