//! One test binary: what the crate promises, against slow and obvious references.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod brute;
mod fair;
mod groups;
mod infeasible;
mod input;
mod lottery;
mod optimum;
mod relaxing;
