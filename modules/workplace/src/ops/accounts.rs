//! Accounts, as those who run the instance see and stop them.

use access::{Account, Grant, Token};
use jinmen_core::{Error, Page, PageRequest, Result, Scope, Text2};
use module::{App, Visit};

use crate::permissions;

/// Accounts by what was typed of their names.
pub async fn list(app: &App, visit: &Visit, typed: &str, page: &PageRequest) -> Result<Page<Account>> {
    visit.actor.may(&permissions::ACCOUNTS, &Scope::instance())?;
    access::list_accounts(&app.access, &super::search::cleaned(typed), page).await
}

/// One account with its roles.
pub async fn read(app: &App, visit: &Visit, id: &str) -> Result<(Account, Vec<(Grant, Option<Text2>)>)> {
    visit.actor.may(&permissions::ACCOUNTS, &Scope::instance())?;
    let account = by_id(app, id).await?;
    let grants = access::grants_of_person(&app.db, account.person).await?;
    Ok((account, super::account::named(app, grants).await?))
}

/// Stops an account or lets it in again; nobody locks themselves out.
pub async fn disable(app: &App, visit: &Visit, id: &str, disabled: bool) -> Result<()> {
    visit.actor.may(&permissions::ACCOUNT_EDIT, &Scope::instance())?;
    let account = by_id(app, id).await?;
    if disabled && visit.actor.account() == Some(account.id) {
        return Err(Error::conflict("work.own_account"));
    }
    access::disable_account(&app.access, &visit.actor, account.id, disabled).await
}

/// Makes a new invitation; earlier ones end.
pub async fn invite(app: &App, visit: &Visit, id: &str) -> Result<Token> {
    visit.actor.may(&permissions::ACCOUNT_EDIT, &Scope::instance())?;
    let account = by_id(app, id).await?;
    if !account.active {
        return Err(Error::conflict("work.account_stopped"));
    }
    access::invite(&app.access, &visit.actor, account.id).await
}

/// An account by its identifier only: names are no addresses.
pub async fn by_id(app: &App, id: &str) -> Result<Account> {
    let id: jinmen_core::AccountId = id.parse()?;
    access::find_account(&app.db, &id.text()).await
}
