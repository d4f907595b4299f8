//! Those who act for an organisation: its administrators, who came by a claim, and the handlers (经办人) whom an
//! administrator names, each for some kinds of business and a period.

use access::{Grant, NewAccount, NewGrant};
use jinmen_core::codes::MobileNumber;
use jinmen_core::{
    Actor, Date, Error, Fault, Faults, GrantId, Matter, Matters, OrganizationId, PersonId, Result, Role, Text2,
};
use module::App;
use serde::Deserialize;

use super::{create_person, organization_for, organization_with_scope};
use crate::model::{NOTE_MOST, NewPerson, Organization, line, required};
use crate::{permissions, sql};

/// A handler's role lasts so many days at most; then it is given anew.
const LONGEST_DAYS: i64 = 366;
/// Handlers of one organisation.
const MOST: usize = 30;

/// Somebody who acts for an organisation.
pub struct Acting {
    /// The role, its period and what it is for.
    pub grant: Grant,
    /// The person's name.
    pub name: Text2,
    /// For whom they stand in, if they do.
    pub deputy_for: Option<Text2>,
}

/// Those who act for an organisation, and what the actor may do about it.
pub struct Handlers {
    /// The organisation.
    pub organization: Organization,
    /// Administrators first, those in force before those who were.
    pub acting: Vec<Acting>,
    /// Whether the actor may name and dismiss them.
    pub may_name: bool,
}

/// Reads them.
pub async fn read(app: &App, actor: &Actor, id: OrganizationId) -> Result<Handlers> {
    let (organization, scope) = organization_with_scope(&app.db, actor, id).await?;
    actor.may(&permissions::READ_ORGANIZATION, &scope)?;
    let may_name = actor.may(&permissions::NAME_HANDLERS, &scope).is_ok();
    let today = app.clock.today();
    let mut grants = access::grants_of_organization(&app.db, id).await?;
    grants.retain(|grant| matches!(grant.role, Role::EnterpriseAdmin | Role::EnterpriseHandler));
    grants.sort_by_key(|grant| (!grant.holds_on(today), grant.role, std::cmp::Reverse(grant.created_at)));
    let mut people: Vec<PersonId> = grants.iter().map(|grant| grant.person).collect();
    people.extend(grants.iter().filter_map(|grant| grant.deputy_for));
    let names = sql::person::names(&app.db, &people).await?;
    let name = |id: PersonId| names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
    let acting = grants
        .into_iter()
        .map(|grant| Acting {
            name: name(grant.person).unwrap_or_default(),
            deputy_for: grant.deputy_for.and_then(name),
            grant,
        })
        .collect();
    Ok(Handlers { organization, acting, may_name })
}

/// A handler as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct HandlerDraft {
    /// The handler's name.
    pub name: String,
    /// The handler's mobile number.
    pub mobile: String,
    /// The kinds of business: codes of [`Matter`].
    pub matters: Vec<String>,
    /// The last day.
    pub until: String,
    /// On which authorisation.
    pub reason: String,
}

/// Names a handler. Somebody new gets an account that opens with a code to the number.
pub async fn appoint(app: &App, actor: &Actor, id: OrganizationId, draft: &HandlerDraft) -> Result<GrantId> {
    let organization = organization_for(&app.db, actor, &permissions::NAME_HANDLERS, id).await?;
    let today = app.clock.today();
    let mut faults = Faults::new();
    let name = faults.take(required("name", &draft.name, 60));
    let mobile = faults.take(MobileNumber::parse(&draft.mobile).map_err(|fault| Fault::of("mobile", &fault)));
    let until = faults.take(until(&draft.until, today));
    let reason = faults.take(line("reason", &draft.reason, NOTE_MOST)).flatten();
    let matters: Vec<Matter> =
        Matter::ALL.into_iter().filter(|matter| draft.matters.iter().any(|code| code == matter.code())).collect();
    if matters.is_empty() {
        faults.push(Fault::at("matters", "core.required"));
    }
    faults.check()?;
    let (Some(name), Some(mobile), Some(until)) = (name, mobile, until) else { return Err(Error::NotFound) };
    let known = access::account_by_mobile(&app.access, &app.vault, &mobile).await?;
    let held = access::grants_of_organization(&app.db, id).await?;
    let in_force = |grant: &&Grant| grant.deputy_of.is_none() && grant.holds_on(today);
    if held.iter().filter(in_force).count() >= MOST {
        return Err(Error::conflict("registry.handlers_many"));
    }
    if let Some(account) = &known {
        // A slip in the number must not hand the file to somebody else.
        if account.display_name != name || !account.active {
            return Err(Error::field("mobile", "registry.handler_other"));
        }
        if held.iter().filter(in_force).any(|grant| grant.person == account.person) {
            return Err(Error::field("mobile", "registry.handler_there"));
        }
    }
    let mut tx = app.db.begin().await?;
    let person = match known {
        Some(account) => account.person,
        None => new_account(app, &mut tx, actor, &name, &mobile, organization.keeper).await?,
    };
    let new = NewGrant::new(person, Role::EnterpriseHandler, Some(id))
        .during(None, Some(until))
        .limited(Matters::of(matters))
        .because(reason);
    let grant = access::grant_role(&app.access, &mut tx, actor, new).await?;
    tx.commit().await?;
    Ok(grant)
}

async fn new_account(
    app: &App,
    tx: &mut store::Tx,
    actor: &Actor,
    name: &str,
    mobile: &MobileNumber,
    keeper: Option<OrganizationId>,
) -> Result<PersonId> {
    let new = NewPerson { name: Text2::zh(name.to_owned()), headline: Text2::default(), resident_id: None };
    let person = create_person::insert(app, tx, actor, new, keeper).await?;
    let account = NewAccount {
        person,
        name: format!("m-{}", &jinmen_core::id::RawId::new_v4().simple().to_string()[..12]),
        display_name: name.to_owned(),
        password: None,
        email: None,
    };
    let account = access::create_account(&app.access, tx, actor, account).await?;
    access::set_mobile(&app.access, &app.vault, tx, actor, account, mobile).await?;
    Ok(person)
}

fn until(typed: &str, today: Date) -> Result<Date, Fault> {
    if typed.trim().is_empty() {
        return Err(Fault::at("until", "core.required"));
    }
    let until = Date::parse(typed).map_err(|fault| Fault::of("until", &fault))?;
    match today.days_until(until) {
        0..=LONGEST_DAYS => Ok(until),
        days if days < 0 => Err(Fault::at("until", "registry.claim_until_past")),
        _ => Err(Fault::at("until", "registry.handler_until_far")),
    }
}

/// Dismisses a handler, or whoever acts for the organisation and left. Nobody dismisses themselves, and the enterprise's
/// own administrator does not dismiss another one: that is a claim.
pub async fn dismiss(app: &App, actor: &Actor, id: OrganizationId, grant: GrantId) -> Result<()> {
    organization_for(&app.db, actor, &permissions::NAME_HANDLERS, id).await?;
    let mut tx = app.db.begin().await?;
    let known = access::grant(&mut tx, grant).await?;
    let acts = matches!(known.role, Role::EnterpriseAdmin | Role::EnterpriseHandler);
    if known.organization != Some(id) || !acts {
        return Err(Error::NotFound);
    }
    if known.role == Role::EnterpriseAdmin && (actor.is(Role::EnterpriseAdmin) || known.deputy_of.is_some()) {
        return Err(Error::conflict("registry.handler_admin"));
    }
    access::revoke_within(&app.access, &mut tx, actor, &known).await?;
    if known.role == Role::EnterpriseAdmin {
        let left = access::holders(&mut tx, Role::EnterpriseAdmin, id, app.clock.today()).await?;
        if left.is_empty() {
            sql::claim::set_claimed(&mut tx, id, None, true).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
