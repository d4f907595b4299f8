//! Using an invitation: the password is set, and one is in.

use access::{Entry, Invitation, Token};
use jinmen_core::{Error, Fault, Result};
use module::{App, Visit};

/// The invitation behind a link; it says whom it is for before anything is done.
pub async fn read(app: &App, token: &str) -> Result<Invitation> {
    let token = Token::presented(token).ok_or(Error::NotFound)?;
    access::invited(&app.access, &token).await
}

/// Sets the password and opens a session, or asks for the second proof.
pub async fn accept(app: &App, visit: &Visit, token: &str, password: &str, again: &str) -> Result<Entry> {
    let presented = Token::presented(token).ok_or(Error::NotFound)?;
    let invitation = read(app, token).await?;
    if password != again {
        return Err(Fault::at("again", "access.password_again").into());
    }
    super::account::refuse_names(app, &invitation.account, password).await?;
    let entry = access::accept_invitation(&app.access, &presented, password, &visit.device, &visit.address).await?;
    super::session::sign_out(app, visit).await?;
    Ok(entry)
}
