//! Giving roles and taking them back.

use access::NewGrant;
use jinmen_core::{Date, Error, Fault, Faults, GrantId, OrganizationId, Result, Role, Scope};
use module::{App, Visit};

use crate::permissions;

/// A role as it was typed.
#[derive(Clone, Debug, Default)]
pub struct TypedRole {
    /// Its code.
    pub role: String,
    /// The organisation: its identifier, social credit code or name.
    pub organization: String,
    /// The first day, or nothing.
    pub from: String,
    /// The last day, or nothing.
    pub until: String,
}

/// A role that can be given.
pub struct CheckedRole {
    role: Role,
    organization: Option<OrganizationId>,
    from: Option<Date>,
    until: Option<Date>,
}

impl CheckedRole {
    /// The grant that gives it to a person.
    pub fn to(self, person: jinmen_core::PersonId) -> NewGrant {
        NewGrant::new(person, self.role, self.organization).during(self.from, self.until)
    }

    /// The role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The organisation it is for.
    pub fn organization(&self) -> Option<OrganizationId> {
        self.organization
    }
}

/// Whether a role is held for an organisation.
pub fn needs_organization(role: Role) -> bool {
    use Role::{DistrictOfficer, EnterpriseAdmin, EnterpriseHandler, ParkOperator, Partner, Secretariat, Supervisor};
    matches!(
        role,
        Secretariat | ParkOperator | DistrictOfficer | EnterpriseAdmin | EnterpriseHandler | Partner | Supervisor
    )
}

/// Reads what was typed; every fault goes to `faults`.
pub async fn check(app: &App, typed: &TypedRole, faults: &mut Faults) -> Result<Option<CheckedRole>> {
    let wrong = if typed.role.is_empty() { "core.required" } else { "core.role" };
    let role = faults.take(typed.role.parse::<Role>().map_err(|_| Fault::at("role", wrong)));
    let from = day("from", &typed.from, faults);
    let until = day("until", &typed.until, faults);
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        faults.push(Fault::at("until", "core.period"));
    }
    let Some(role) = role else { return Ok(None) };
    let organization = organization(app, role, typed.organization.trim(), faults).await?;
    Ok(Some(CheckedRole { role, organization, from, until }))
}

fn day(field: &str, typed: &str, faults: &mut Faults) -> Option<Date> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    faults.take(Date::parse(typed).map_err(|fault| Fault::of(field, &fault)))
}

async fn organization(app: &App, role: Role, typed: &str, faults: &mut Faults) -> Result<Option<OrganizationId>> {
    if typed.is_empty() {
        if needs_organization(role) {
            faults.push(Fault::at("organization", "work.organization_needed"));
        }
        return Ok(None);
    }
    if !needs_organization(role) {
        faults.push(Fault::at("organization", "work.organization_unwanted"));
        return Ok(None);
    }
    match named(app, typed).await? {
        Ok(id) => Ok(Some(id)),
        Err(fault) => {
            faults.push(fault);
            Ok(None)
        }
    }
}

/// The one organisation that somebody means; several that fit are named, so that one can say which.
async fn named(app: &App, typed: &str) -> Result<Result<OrganizationId, Fault>> {
    let unknown = Fault::at("organization", "work.organization_unknown");
    let directory = app.directory();
    if let Ok(id) = typed.parse::<OrganizationId>() {
        let known = match &directory {
            Some(directory) => !directory.organizations(app, &[id]).await?.is_empty(),
            None => true,
        };
        return Ok(if known { Ok(id) } else { Err(unknown) });
    }
    let Some(directory) = directory else {
        return Ok(Err(unknown));
    };
    let found = directory.find_organizations(app, &super::search::cleaned(typed)).await?;
    let same: Vec<_> = found.iter().filter(|(_, name)| name.zh == typed || name.en.as_deref() == Some(typed)).collect();
    Ok(match (same.as_slice(), found.as_slice()) {
        ([(id, _)], _) | (_, [(id, _)]) => Ok(*id),
        (_, []) => Err(unknown),
        (_, several) => {
            let names: Vec<&str> = several.iter().take(5).map(|(_, name)| name.zh.as_str()).collect();
            Err(Fault::at("organization", "work.organization_several").with("names", names.join(" / ")))
        }
    })
}

/// The three administrators are named by the one who gives the rights, not by the one who runs the system.
pub fn may_give(visit: &Visit, role: Role) -> Result<()> {
    match role.is_separated() && !visit.actor.is(Role::SecurityAdmin) {
        true => Err(Error::field("role", "work.role_of_security")),
        false => Ok(()),
    }
}

/// Gives a role to the person of an account.
pub async fn give(app: &App, visit: &Visit, account: &str, typed: &TypedRole) -> Result<()> {
    visit.actor.may(&permissions::ROLES, &Scope::instance())?;
    let account = super::accounts::by_id(app, account).await?;
    let mut faults = Faults::new();
    let checked = check(app, typed, &mut faults).await?;
    faults.check()?;
    let checked = checked.ok_or(Error::NotFound)?;
    may_give(visit, checked.role)?;
    let held = access::grants_of_person(&app.db, account.person).await?;
    let today = app.clock.today();
    let twice = |grant: &&access::Grant| {
        grant.role == checked.role && grant.organization == checked.organization && grant.holds_on(today)
    };
    if held.iter().find(twice).is_some() {
        return Err(Error::field("role", "work.role_held"));
    }
    let mut tx = app.db.begin().await?;
    access::grant_role(&app.access, &mut tx, &visit.actor, checked.to(account.person)).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a role back; nobody takes their own hat off their head.
pub async fn revoke(app: &App, visit: &Visit, account: &str, grant: &str) -> Result<()> {
    visit.actor.may(&permissions::ROLES, &Scope::instance())?;
    let account = super::accounts::by_id(app, account).await?;
    let grant: GrantId = grant.parse()?;
    let held = access::grants_of_person(&app.db, account.person).await?;
    if !held.iter().any(|known| known.id == grant) {
        return Err(Error::NotFound);
    }
    if visit.actor.hat().is_some_and(|hat| hat.grant == grant) {
        return Err(Error::conflict("work.own_role"));
    }
    access::revoke_role(&app.access, &visit.actor, grant).await
}
