//! Opening an account: a person's file, the account and its first role, in one transaction.

use access::{NewAccount, Token};
use jinmen_core::codes::MobileNumber;
use jinmen_core::{AccountId, Error, Fault, Faults, PersonId, Result, Scope};
use module::{App, Visit};

use super::roles::{self, TypedRole};
use crate::permissions;

/// The longest name of a person.
const LONGEST_NAME: usize = 60;
/// The longest mail address there can be.
const LONGEST_MAIL: usize = 254;

/// An account as it was typed.
#[derive(Clone, Debug, Default)]
pub struct TypedAccount {
    /// The name for signing in.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// Where they may be mailed, or nothing.
    pub email: String,
    /// The mobile number by which they may sign in, or nothing.
    pub mobile: String,
    /// The first role.
    pub role: TypedRole,
}

/// Opens it; the invitation sets its password.
pub async fn open(app: &App, visit: &Visit, typed: &TypedAccount) -> Result<(AccountId, Token)> {
    visit.actor.may(&permissions::ACCOUNT_EDIT, &Scope::instance())?;
    let mut faults = Faults::new();
    let name = faults.take(name(&typed.name));
    let email = faults.take(email(&typed.email));
    let mobile = faults.take(mobile(&typed.mobile));
    check_account_name(app, &typed.account, &mut faults).await?;
    let role = roles::check(app, &typed.role, &mut faults).await?;
    faults.check()?;
    let (Some(name), Some(email), Some(mobile), Some(role)) = (name, email, mobile, role) else {
        return Err(Error::NotFound);
    };
    roles::may_give(visit, role.role())?;
    let mut tx = app.db.begin().await?;
    let person = match app.directory() {
        Some(directory) => directory.new_person(app, &mut tx, &visit.actor, &name, role.organization()).await?,
        None => PersonId::new(),
    };
    let new = NewAccount { person, name: typed.account.trim().to_owned(), display_name: name, password: None, email };
    let account = access::create_account(&app.access, &mut tx, &visit.actor, new).await?;
    if let Some(mobile) = mobile {
        access::set_mobile(&app.access, &app.vault, &mut tx, &visit.actor, account, &mobile).await?;
    }
    access::grant_role(&app.access, &mut tx, &visit.actor, role.to(person)).await?;
    tx.commit().await?;
    let token = access::invite(&app.access, &visit.actor, account).await?;
    Ok((account, token))
}

fn name(typed: &str) -> Result<String, Fault> {
    let name = typed.trim();
    match name.chars().count() {
        0 => Err(Fault::at("name", "core.required")),
        _ if name.chars().any(char::is_control) => Err(Fault::at("name", "core.text")),
        1..=LONGEST_NAME => Ok(name.to_owned()),
        _ => Err(Fault::at("name", "core.too_long").with("most", LONGEST_NAME)),
    }
}

fn mobile(typed: &str) -> Result<Option<MobileNumber>, Fault> {
    match typed.trim() {
        "" => Ok(None),
        typed => MobileNumber::parse(typed).map(Some).map_err(|fault| Fault::of("mobile", &fault)),
    }
}

fn email(typed: &str) -> Result<Option<String>, Fault> {
    let email = typed.trim();
    if email.is_empty() {
        return Ok(None);
    }
    let parts = email.split_once('@');
    let fits = parts.is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && !domain.contains('@'));
    let plain = email.chars().all(|c| c.is_ascii_graphic() && !"<>\"(),:;\\[]".contains(c));
    if !fits || !plain || email.len() > LONGEST_MAIL {
        return Err(Fault::at("email", "core.email"));
    }
    Ok(Some(email.to_owned()))
}

/// So that a name that is taken shows beside everything else that is wrong. The index decides in the end.
async fn check_account_name(app: &App, typed: &str, faults: &mut Faults) -> Result<()> {
    let typed = typed.trim();
    if typed.is_empty() {
        faults.push(Fault::at("account", "core.required"));
        return Ok(());
    }
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    if !(2..=64).contains(&typed.chars().count()) || !typed.chars().all(fits) {
        faults.push(Fault::at("account", "access.account_name"));
        return Ok(());
    }
    match access::find_account(&app.db, typed).await {
        Ok(_) => faults.push(Fault::at("account", "access.account_taken")),
        Err(Error::NotFound) => {}
        Err(other) => return Err(other),
    }
    Ok(())
}
