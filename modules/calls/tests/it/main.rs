//! Calls and applications through the front door, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod applying;
mod calls;
mod designing;
mod desk;
mod granting;
mod matrix;
mod moving;
mod noticing;
mod sight;
mod texts;
mod town;
