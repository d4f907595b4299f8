//! Rules that no compiler checks, held against the tree as it is. Each rule that has exceptions keeps them in a text
//! file beside this one, so that a new exception is a visible change.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bill;
mod floors;
mod licences;
mod manifests;
mod migrations;
mod security;
mod text;
mod tree;
