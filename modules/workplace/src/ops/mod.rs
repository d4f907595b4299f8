//! The use cases, one verb a file.

pub mod account;
pub mod accounts;
pub mod code;
pub mod demo;
pub mod deputies;
pub mod home;
pub mod inbox;
pub mod invitation;
pub mod job;
pub mod open_account;
pub mod proof;
pub mod queue;
pub mod record;
pub mod remember;
pub mod roles;
pub mod search;
pub mod second;
pub mod session;
pub mod settings;
pub mod tokens;
