//! Letting a colleague stand in (代办): under the hat worn now, for some days, for a reason that is recorded.

use access::Grant;
use jinmen_core::codes::MobileNumber;
use jinmen_core::{Date, Error, Fault, Faults, GrantId, PersonId, Result};
use module::{App, Visit};

/// A deputy as it was typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct TypedDeputy {
    /// The colleague's account name or mobile number.
    pub colleague: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// Why.
    pub reason: String,
}

/// Those who stand in for the hat worn now, with their names.
pub async fn read(app: &App, visit: &Visit) -> Result<Vec<(Grant, String)>> {
    let Some(hat) = visit.actor.hat() else { return Ok(Vec::new()) };
    let grants = access::deputies_of(&app.db, hat.grant).await?;
    let people: Vec<PersonId> = grants.iter().map(|grant| grant.person).collect();
    let names = match app.directory() {
        Some(directory) => directory.people(app, &people).await?,
        None => Vec::new(),
    };
    let name = |id: PersonId| names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.zh.clone());
    Ok(grants.into_iter().map(|grant| (grant.clone(), name(grant.person).unwrap_or_default())).collect())
}

/// Appoints one: somebody who holds a role in the same organisation by their own right.
pub async fn appoint(app: &App, visit: &Visit, typed: &TypedDeputy) -> Result<()> {
    let hat = visit.actor.hat().ok_or(Error::NotFound)?;
    let mut faults = Faults::new();
    let from = faults.take(day("from", &typed.from));
    let until = faults.take(day("until", &typed.until));
    let colleague = colleague(app, &typed.colleague).await?;
    if colleague.is_none() {
        faults.push(Fault::at("colleague", "work.colleague_unknown"));
    }
    if typed.reason.trim().is_empty() {
        faults.push(Fault::at("reason", "core.required"));
    }
    faults.check()?;
    let (Some(from), Some(until), Some(colleague)) = (from, until, colleague) else { return Err(Error::NotFound) };
    let today = app.clock.today();
    let held = access::grants_of_person(&app.db, colleague).await?;
    let works_here = held
        .iter()
        .any(|grant| grant.deputy_of.is_none() && grant.organization == hat.organization && grant.holds_on(today));
    // Who is no colleague gets the same answer as who does not exist.
    if !works_here {
        return Err(Error::field("colleague", "work.colleague_unknown"));
    }
    access::appoint_deputy(&app.access, &visit.actor, colleague, from, until, &typed.reason).await?;
    Ok(())
}

fn day(field: &str, typed: &str) -> Result<Date, Fault> {
    match typed.trim() {
        "" => Err(Fault::at(field, "core.required")),
        typed => Date::parse(typed).map_err(|fault| Fault::of(field, &fault)),
    }
}

async fn colleague(app: &App, typed: &str) -> Result<Option<PersonId>> {
    let typed = typed.trim();
    let found = match MobileNumber::parse(typed) {
        Ok(number) => access::account_by_mobile(&app.access, &app.vault, &number).await?,
        Err(_) => match access::find_account(&app.db, typed).await {
            Ok(account) => Some(account),
            Err(Error::NotFound) => None,
            Err(other) => return Err(other),
        },
    };
    Ok(found.filter(|account| account.active).map(|account| account.person))
}

/// Ends a deputy's stand.
pub async fn dismiss(app: &App, visit: &Visit, grant: &str) -> Result<()> {
    let grant: GrantId = grant.parse()?;
    access::dismiss_deputy(&app.access, &visit.actor, grant).await
}
