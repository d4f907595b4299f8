//! The second proof at sign-in: set up, renewed, taken away.

use access::{Offered, Second};
use jinmen_core::{Error, Object, Result, Scope};
use module::{App, Visit, settings};
use serde_json::json;

use crate::permissions;

/// What one sees of one's own second proof.
pub struct Own {
    /// How it stands, if it counts.
    pub second: Option<Second>,
    /// The secret to take into an app, if it does not yet.
    pub offered: Option<Offered>,
    /// Whether the password is asked for.
    pub has_password: bool,
}

/// Reads it; without one, a secret is made that counts once a code of it was typed.
pub async fn read(app: &App, visit: &Visit) -> Result<Own> {
    visit.actor.may_somewhere(&permissions::OWN_ACCESS)?;
    let id = visit.session()?.person.account;
    let second = access::second_of(&app.access, id).await?;
    let offered = match second {
        Some(_) => None,
        None => Some(access::offer_second(&app.access, &app.vault, id, &issuer(app)).await?),
    };
    let account = access::find_account(&app.db, &id.text()).await?;
    Ok(Own { second, offered, has_password: account.has_password })
}

/// How apps name this instance in their lists.
fn issuer(app: &App) -> String {
    let name = app.settings().name;
    let english = name.en.filter(|name| !name.is_empty());
    Some(name.zh).filter(|name| !name.is_empty()).or(english).unwrap_or_else(|| "Jinmen".to_owned())
}

/// Makes it count; the recovery codes are handed out once.
pub async fn set(app: &App, visit: &Visit, old: &str, code: &str) -> Result<Vec<String>> {
    visit.actor.may_somewhere(&permissions::OWN_ACCESS)?;
    let session = visit.session()?;
    access::prove_again(&app.access, session, old, &visit.address).await?;
    access::confirm_second(&app.access, &app.vault, session, code).await
}

/// New recovery codes in place of the old.
pub async fn renew(app: &App, visit: &Visit, old: &str, code: &str) -> Result<Vec<String>> {
    visit.actor.may_somewhere(&permissions::OWN_ACCESS)?;
    let session = visit.session()?;
    access::prove_again(&app.access, session, old, &visit.address).await?;
    access::renew_codes(&app.access, &app.vault, session, code).await
}

/// Asks for it no more.
pub async fn remove(app: &App, visit: &Visit, old: &str, code: &str) -> Result<()> {
    visit.actor.may_somewhere(&permissions::OWN_ACCESS)?;
    let session = visit.session()?;
    access::prove_again(&app.access, session, old, &visit.address).await?;
    access::remove_second(&app.access, &app.vault, session, code).await
}

/// Takes it from somebody who lost it, and tells them; nobody does that to themselves.
pub async fn reset(app: &App, visit: &Visit, id: &str) -> Result<()> {
    visit.actor.may(&permissions::ACCOUNT_EDIT, &Scope::instance())?;
    let account = super::accounts::by_id(app, id).await?;
    if visit.actor.account() == Some(account.id) {
        return Err(Error::conflict("work.own_account"));
    }
    let mut tx = app.db.begin().await?;
    access::reset_second(&app.access, &mut tx, &visit.actor, account.id).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether administrators' roles take a second proof here.
pub fn demanded(app: &App, visit: &Visit) -> Result<bool> {
    visit.actor.may(&permissions::SECURITY, &Scope::instance())?;
    Ok(app.settings().second_factor)
}

/// Says whether they do. Only who has one demands it: nobody shuts themselves out.
pub async fn demand(app: &App, visit: &Visit, wanted: bool) -> Result<()> {
    visit.actor.may(&permissions::SECURITY, &Scope::instance())?;
    if wanted && !visit.session()?.second {
        return Err(Error::field("second_factor", "work.second_first"));
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let mut kept = settings::load(&mut tx).await?;
    if kept.second_factor == wanted {
        return Ok(());
    }
    kept.second_factor = wanted;
    settings::save(&mut tx, &kept, now).await?;
    let data = json!({ "second_factor": wanted });
    record::append(&mut tx, &visit.actor, now, "module.security.changed", Object::instance(), data).await?;
    tx.commit().await?;
    app.set_settings(kept);
    Ok(())
}
