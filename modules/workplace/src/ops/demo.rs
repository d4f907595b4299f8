//! Entering the demonstration under a role, without a password.

use access::Token;
use jinmen_core::{Error, Result, Role};
use module::{App, Visit, frame::DEMO_ROLES};

/// Opens a session of the demonstration's account of a role. There is no such thing anywhere else.
pub async fn enter(app: &App, visit: &Visit, role: &str) -> Result<Token> {
    let role: Role = role.parse().map_err(|_| Error::NotFound)?;
    if !app.settings().demo || !DEMO_ROLES.contains(&role) {
        return Err(Error::NotFound);
    }
    let account = access::find_account(&app.db, &format!("demo-{}", role.code())).await?;
    if !account.active {
        return Err(Error::NotFound);
    }
    super::session::sign_out(app, visit).await?;
    access::enter(&app.access, account.id, &visit.device, &visit.address).await
}
