//! One's own account: roles, devices, password.

use access::{Account, Device, Grant};
use jinmen_core::codes::MobileNumber;
use jinmen_core::{Fault, OrganizationId, Result, Text2};
use module::{App, Visit};

use crate::permissions;

/// What one sees of one's own account.
pub struct Own {
    /// The account.
    pub account: Account,
    /// The number that opens it.
    pub mobile: Option<MobileNumber>,
    /// Roles, past and present, with the names of their organisations.
    pub roles: Vec<(Grant, Option<Text2>)>,
    /// Where one is signed in.
    pub devices: Vec<Device>,
}

/// Reads it.
pub async fn read(app: &App, visit: &Visit) -> Result<Own> {
    visit.actor.may_somewhere(&permissions::WORK)?;
    let id = visit.actor.signed_in()?.account;
    let account = access::find_account(&app.db, &id.text()).await?;
    let grants = access::grants_of_person(&app.db, account.person).await?;
    Ok(Own {
        roles: named(app, grants).await?,
        devices: access::devices(&app.access, id).await?,
        mobile: access::mobile_of(&app.access, &app.vault, id).await?,
        account,
    })
}

/// Roles with the names of their organisations, those in force first.
pub async fn named(app: &App, mut grants: Vec<Grant>) -> Result<Vec<(Grant, Option<Text2>)>> {
    let today = app.clock.today();
    grants.sort_by_key(|grant| !grant.holds_on(today));
    let ids: Vec<OrganizationId> = grants.iter().filter_map(|grant| grant.organization).collect();
    let names = match app.directory() {
        Some(directory) if !ids.is_empty() => directory.organizations(app, &ids).await?,
        _ => Vec::new(),
    };
    let name = |id: OrganizationId| {
        let known = names.iter().find(|(known, _)| *known == id);
        known.map_or_else(|| Text2::zh(id.text()), |(_, name)| name.clone())
    };
    Ok(grants
        .into_iter()
        .map(|grant| {
            let of = grant.organization.map(name);
            (grant, of)
        })
        .collect())
}

/// Ends the session of another device.
pub async fn revoke_device(app: &App, visit: &Visit, session: &str) -> Result<()> {
    access::revoke_device(&app.access, &visit.actor, session).await
}

/// Changes the password of whoever knows the old one; other devices are signed out.
pub async fn change_password(app: &App, visit: &Visit, old: &str, new: &str, again: &str) -> Result<()> {
    let session = visit.session()?;
    let account = session.person.account;
    access::check_password(&app.access, account, old, &visit.address).await?;
    if new != again {
        return Err(Fault::at("again", "access.password_again").into());
    }
    refuse_names(app, &access::find_account(&app.db, &account.text()).await?, new).await?;
    access::set_password(&app.access, &visit.actor, account, new, Some(&session.id)).await
}

/// Refuses a password made of names that everybody here knows: the person's, their organisations', the platform's.
pub async fn refuse_names(app: &App, account: &Account, password: &str) -> Result<()> {
    let grants = access::grants_of_person(&app.db, account.person).await?;
    let organizations = named(app, grants).await?;
    let settings = app.settings();
    let mut names = vec![account.name.as_str(), account.display_name.as_str()];
    for name in organizations.iter().filter_map(|(_, name)| name.as_ref()).chain([&settings.name, &settings.operator]) {
        names.push(&name.zh);
        names.extend(name.en.as_deref());
    }
    Ok(access::refuse_names(password, &names)?)
}
