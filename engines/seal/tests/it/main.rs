//! The engine against published vectors, slow references and `openssl`.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod checkpoints;
mod keys;
mod notes;
mod openssl;
mod trees;
mod vectors;
