//! The demonstration: invented data that goes through the modules' use cases, from a fixed seed.

use anyhow::Result;
use jinmen_core::Role;
use module::App;

/// Somebody one may sign in as.
pub struct SignIn {
    /// The role.
    pub role: Role,
    /// The account's name.
    pub account: String,
    /// The password.
    pub password: String,
}

/// Fills an empty instance; `say` hears what is being done.
pub async fn fill(_app: &App, _say: &(dyn Fn(&str) + Sync)) -> Result<()> {
    Ok(())
}

/// One sign-in for each role.
pub async fn sign_ins(_app: &App) -> Result<Vec<SignIn>> {
    Ok(Vec::new())
}
