//! Items and payments through the front door, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod books;
mod input;
mod life;
mod listing;
mod moving;
mod rules;
mod sight;
mod texts;
mod town;
