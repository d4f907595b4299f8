//! Signing in and out, and changing hats.

use access::{SignIn, Token};
use jinmen_core::{AccountId, Error, GrantId, Result};
use module::{App, Visit};

/// No account name or password is longer; what is gets the same answer as a wrong one, sooner.
const LONGEST: usize = 512;

/// Opens a session for whoever knows the password. An earlier session of the same browser ends.
pub async fn sign_in(app: &App, visit: &Visit, account: &str, password: &str) -> Result<(Token, AccountId)> {
    let cut = |text: &str| text.chars().take(LONGEST).collect::<String>();
    let ask = SignIn {
        account: cut(account.trim()),
        password: cut(password),
        device: visit.device.clone(),
        address: visit.address.clone(),
    };
    let opened = access::sign_in(&app.access, &ask).await?;
    if let Some(old) = &visit.session {
        ended(access::sign_out(&app.access, old).await)?;
    }
    Ok(opened)
}

/// Ends the session of this browser; without one there is nothing to end.
pub async fn sign_out(app: &App, visit: &Visit) -> Result<()> {
    match &visit.session {
        Some(session) => ended(access::sign_out(&app.access, session).await),
        None => Ok(()),
    }
}

/// Puts on another hat for the rest of the session.
pub async fn change_hat(app: &App, visit: &Visit, hat: &str) -> Result<()> {
    let grant: GrantId = hat.parse()?;
    access::change_hat(&app.access, visit.session()?, grant).await
}

/// A session that ended meanwhile is ended, which is what was wanted.
fn ended(result: Result<()>) -> Result<()> {
    match result {
        Err(Error::NotFound) => Ok(()),
        other => other,
    }
}
