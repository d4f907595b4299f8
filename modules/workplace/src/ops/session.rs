//! Signing in and out, and changing hats.

use access::{Entry, SignIn, Token};
use jinmen_core::{AccountId, Error, GrantId, Result};
use module::{App, Visit};

/// No account name or password is longer; what is gets the same answer as a wrong one, sooner.
const LONGEST: usize = 512;

/// Opens a session for whoever knows the password, or asks for the second proof. An earlier session of the same browser
/// ends.
pub async fn sign_in(app: &App, visit: &Visit, account: &str, password: &str) -> Result<(Entry, AccountId)> {
    let cut = |text: &str| text.chars().take(LONGEST).collect::<String>();
    let ask = SignIn {
        account: cut(account.trim()),
        password: cut(password),
        device: visit.device.clone(),
        address: visit.address.clone(),
    };
    let opened = access::sign_in(&app.access, &ask).await?;
    sign_out(app, visit).await?;
    Ok(opened)
}

/// Opens a session for whoever gives the second proof after the first.
pub async fn second(app: &App, visit: &Visit, step: &str, code: &str) -> Result<(Token, AccountId)> {
    let step = Token::presented(step).ok_or_else(|| Error::field("code", "access.second_gone"))?;
    let (device, address) = (&visit.device, &visit.address);
    let (token, account) = access::enter_by_second(&app.access, &app.vault, &step, code, device, address).await?;
    sign_out(app, visit).await?;
    Ok((token, account))
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
