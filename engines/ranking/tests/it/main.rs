//! One test binary: what the crate promises, against slow and obvious references.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod calibrated;
mod decimal;
mod henderson;
mod mean;
mod pairwise;
