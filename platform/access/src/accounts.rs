//! Accounts.

use jinmen_core::{
    AccountId, Actor, Error, Fault, Faults, Instant, Locale, Object, Page, PageRequest, PersonId, Result,
};
use serde_json::json;
use store::{Conn, Tx};

use crate::{Access, password, sql, told};

/// An account as it is read; never with its password.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// The person behind it.
    pub person: PersonId,
    /// The name for signing in.
    pub name: String,
    /// The person's name for display.
    pub display_name: String,
    /// The language chosen.
    pub locale: Option<Locale>,
    /// Whether large type was chosen.
    pub large_type: bool,
    /// Where notices may be mailed.
    #[serde(skip)]
    pub email: Option<String>,
    /// Whether it may sign in.
    pub active: bool,
    /// Whether a password was set.
    pub has_password: bool,
    /// When it was made.
    pub created_at: Instant,
}

/// What an account is made of.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The person behind it.
    pub person: PersonId,
    /// 2 to 64 letters, digits, `.`, `_`, `-`, `@`, or Chinese characters; equal whatever its case.
    pub name: String,
    /// The person's name.
    pub display_name: String,
    /// A password, or none yet: then an invitation sets it.
    pub password: Option<String>,
    /// Where notices may be mailed.
    pub email: Option<String>,
}

/// The form under which account names are compared.
pub(crate) fn name_key(name: &str) -> String {
    store::text::fold(name)
}

fn check_name(name: &str) -> Result<(), Fault> {
    let length = name.chars().count();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    if !(2..=64).contains(&length) || !name.chars().all(fits) {
        return Err(Fault::at("account", "access.account_name"));
    }
    Ok(())
}

/// Makes an account within a transaction. The caller has checked that the actor may. The password
/// is hashed before: pass what [`crate::Passwords`] would, through [`Access`].
pub async fn create_account(access: &Access, tx: &mut Tx, actor: &Actor, new: NewAccount) -> Result<AccountId> {
    let mut faults = Faults::new();
    faults.take(check_name(&new.name));
    if let Some(password) = &new.password {
        faults.take(password::check(password, &new.name));
    }
    faults.check()?;
    let hash = match &new.password {
        Some(password) => Some(access.passwords.hash(password).await?),
        None => None,
    };
    let now = access.clock.now();
    let id = AccountId::new();
    sql::insert_account(tx, id, &new, hash, now).await.map_err(|error| match error {
        error if error.is_unique("account_name_key") => Error::field("account", "access.account_taken"),
        other => other.into(),
    })?;
    record::append(
        tx,
        actor,
        now,
        "access.account.created",
        id,
        json!({ "account": new.name, "person": new.person.text() }),
    )
    .await?;
    Ok(id)
}

/// The active accounts of people, and whether each has a way in: a password or a mobile number.
pub async fn accounts_of<'a>(
    conn: impl Into<Conn<'a>>,
    people: &[PersonId],
) -> Result<Vec<(PersonId, AccountId, bool)>> {
    Ok(sql::accounts_of(conn, people).await?)
}

/// An account by its name or by its identifier.
pub async fn find_account<'a>(conn: impl Into<Conn<'a>>, name_or_id: &str) -> Result<Account> {
    Ok(sql::find_account(conn, &name_key(name_or_id)).await?)
}

/// Accounts in the order of their names.
pub async fn list_accounts(access: &Access, typed: &str, page: &PageRequest) -> Result<Page<Account>> {
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::list_accounts(&access.db, &name_key(typed), after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |account| vec![name_key(&account.name)]))
}

/// Sets a password; every session of the account ends, but for the one named, and every token. Its owner is told.
pub async fn set_password(
    access: &Access,
    actor: &Actor,
    account: AccountId,
    password: &str,
    keep: Option<&str>,
) -> Result<()> {
    let known = sql::find_account(&access.db, &account.text()).await?;
    password::check(password, &known.name)?;
    let hash = access.passwords.hash(password).await?;
    let now = access.clock.now();
    let mut tx = access.db.begin().await?;
    sql::set_password(&mut tx, account, &hash, now).await?;
    sql::revoke_sessions(&mut tx, account, keep, now).await?;
    crate::api_tokens::end_tokens(access, &mut tx, actor, account, now).await?;
    record::append(&mut tx, actor, now, "access.password.changed", account, json!({})).await?;
    told::owner(&mut tx, account, now, "password", json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Stops an account from signing in and ends its sessions, or lets it in again.
pub async fn disable_account(access: &Access, actor: &Actor, account: AccountId, disabled: bool) -> Result<()> {
    let now = access.clock.now();
    let mut tx = access.db.begin().await?;
    sql::set_account_state(&mut tx, account, if disabled { "disabled" } else { "active" }).await?;
    if disabled {
        sql::revoke_sessions(&mut tx, account, None, now).await?;
        crate::api_tokens::end_tokens(access, &mut tx, actor, account, now).await?;
    }
    let action = if disabled { "access.account.disabled" } else { "access.account.enabled" };
    record::append(&mut tx, actor, now, action, Object::from(account), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Remembers the language of a person.
pub async fn set_locale(access: &Access, account: AccountId, locale: Locale) -> Result<()> {
    Ok(sql::set_locale(&access.db, account, locale).await?)
}

/// Remembers whether a person wants large type.
pub async fn set_large_type(access: &Access, account: AccountId, large: bool) -> Result<()> {
    Ok(sql::set_large_type(&access.db, account, large).await?)
}

/// The account that has a mobile number, if one has.
pub async fn account_by_mobile(
    access: &Access,
    vault: &crate::Vault,
    mobile: &jinmen_core::codes::MobileNumber,
) -> Result<Option<Account>> {
    let blind = vault.seal(crate::codes::PURPOSE, mobile.expose())?.blind;
    match sql::account_of_mobile(&access.db, &blind).await? {
        Some(holder) => Ok(Some(sql::find_account(&access.db, &holder.account.text()).await?)),
        None => Ok(None),
    }
}

/// Gives an account the name under which its person is shown, within a transaction.
pub async fn set_display_name(tx: &mut Tx, account: AccountId, name: &str) -> Result<()> {
    Ok(sql::set_display_name(tx, account, name).await?)
}

/// The numbers to which short messages to some people may go: of active accounts, with the language of each.
pub async fn mobiles_of(
    access: &Access,
    vault: &crate::Vault,
    people: &[PersonId],
) -> Result<Vec<(PersonId, jinmen_core::codes::MobileNumber, Locale)>> {
    let rows = sql::sealed_mobiles(&access.db, people).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(person, sealed, locale)| {
            let number = vault.open(crate::codes::PURPOSE, &sealed).ok()?;
            Some((person, jinmen_core::codes::MobileNumber::parse(&number).ok()?, locale))
        })
        .collect())
}

/// Where notices to a person may be mailed, and in which language.
pub async fn email_of<'a>(conn: impl Into<Conn<'a>>, person: PersonId) -> Result<Option<(String, Locale)>> {
    Ok(sql::email_of(conn, person).await?)
}
