//! Circulars through the front door, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod answers;
mod robots;
mod sending;
mod standin;
mod texts;
mod town;
