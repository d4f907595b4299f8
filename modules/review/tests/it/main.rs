//! Judging through the front door, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod assigning;
mod desk;
mod live;
mod matrix;
mod sight;
mod town;
mod tracks;
