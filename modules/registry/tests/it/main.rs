//! The registry through the front door, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod deciding;
mod hostile;
mod imports;
mod merging;
mod merging_people;
mod organizations;
mod people;
mod report;
mod texts;
mod town;
mod views;
