//! Roles held: (person, role, organisation, period), for all business or some of it, one's own or as a deputy.

use jinmen_core::{
    Actor, Date, Error, GrantId, Instant, Matter, Matters, Object, OrganizationId, PersonId, Result, Role,
};
use serde_json::json;
use store::{Conn, Tx};

use crate::{Access, sql};

/// A colleague stands in for at most so many days; longer needs a role of their own.
const DEPUTY_DAYS: i64 = 92;
/// Characters of the reason for which somebody stands in.
const REASON_MOST: usize = 200;

/// A role held.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Grant {
    /// Its identifier.
    pub id: GrantId,
    /// Who holds it.
    pub person: PersonId,
    /// Which role.
    pub role: Role,
    /// For which organisation; `None` for the instance or for oneself.
    pub organization: Option<OrganizationId>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// For which kinds of business.
    #[serde(skip)]
    pub matters: Matters,
    /// The grant of somebody else that this one stands in for. What ends that one ends this one.
    pub deputy_of: Option<GrantId>,
    /// The person for whom one stands in.
    pub deputy_for: Option<PersonId>,
    /// Why one stands in, or on which authorisation a handler acts.
    pub reason: Option<String>,
    /// When it was given.
    pub created_at: Instant,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
}

impl Grant {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.revoked_at.is_none()
            && self.from.is_none_or(|from| from <= day)
            && self.until.is_none_or(|until| day <= until)
    }

    /// The hat it gives.
    pub(crate) fn into_hat(self) -> jinmen_core::Hat {
        jinmen_core::Hat {
            matters: self.matters,
            deputy_for: self.deputy_for,
            ..jinmen_core::Hat::new(self.id, self.role, self.organization)
        }
    }

    /// Whether it holds on a day or will.
    fn holds_from(&self, day: Date) -> bool {
        self.revoked_at.is_none() && self.until.is_none_or(|until| day <= until)
    }
}

/// A role to be given.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// To whom.
    pub person: PersonId,
    /// Which role.
    pub role: Role,
    /// For which organisation.
    pub organization: Option<OrganizationId>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// For which kinds of business.
    pub matters: Matters,
    /// On which authorisation.
    pub reason: Option<String>,
    /// The grant of somebody else that it stands in for; [`appoint_deputy`] sets it.
    pub(crate) deputy_of: Option<GrantId>,
}

impl NewGrant {
    /// For all business, from now on, without an end.
    pub fn new(person: PersonId, role: Role, organization: Option<OrganizationId>) -> Self {
        Self {
            person,
            role,
            organization,
            from: None,
            until: None,
            matters: Matters::ALL,
            reason: None,
            deputy_of: None,
        }
    }

    /// For a period.
    #[must_use]
    pub fn during(self, from: Option<Date>, until: Option<Date>) -> Self {
        Self { from, until, ..self }
    }

    /// For some kinds of business.
    #[must_use]
    pub fn limited(self, matters: Matters) -> Self {
        Self { matters, ..self }
    }

    /// On an authorisation.
    #[must_use]
    pub fn because(self, reason: Option<String>) -> Self {
        Self { reason, ..self }
    }
}

/// Gives a role within a transaction. The caller has checked that the actor may.
///
/// # Errors
/// Nobody gives a role to themselves; nobody holds two of the three administrators' roles.
pub async fn grant_role(access: &Access, tx: &mut Tx, actor: &Actor, new: NewGrant) -> Result<GrantId> {
    if let (Some(from), Some(until)) = (new.from, new.until)
        && until < from
    {
        return Err(Error::field("until", "core.period"));
    }
    if actor.person() == Some(new.person) {
        return Err(Error::conflict("access.role_to_oneself"));
    }
    if new.role.is_separated() {
        let today = access.clock.today();
        let held = sql::grants_of_person(&mut *tx, new.person).await?;
        let other = |grant: &Grant| grant.role != new.role && grant.role.is_separated() && grant.holds_from(today);
        if held.iter().any(other) {
            return Err(Error::field("role", "access.roles_separated"));
        }
    }
    insert(access, tx, actor, new, "access.role.granted").await
}

async fn insert(access: &Access, tx: &mut Tx, actor: &Actor, new: NewGrant, action: &str) -> Result<GrantId> {
    let id = GrantId::new();
    let now = access.clock.now();
    sql::insert_grant(tx, id, &new, actor.account(), now).await?;
    let mut data = json!({
        "role": new.role.code(),
        "organization": new.organization.map(|id| id.text()),
        "from": new.from.map(|day| day.to_string()),
        "until": new.until.map(|day| day.to_string()),
    });
    if let Some(reason) = &new.reason {
        data["reason"] = json!(reason);
    }
    if new.matters != Matters::ALL {
        data["matters"] = json!(new.matters.to_string());
    }
    record::append(tx, actor, now, action, new.person, data).await?;
    Ok(id)
}

/// Lets a colleague stand in for the actor under the hat worn now, for some days and a reason. A deputy names no
/// deputy, and no administrator of the instance has one.
pub async fn appoint_deputy(
    access: &Access,
    actor: &Actor,
    deputy: PersonId,
    from: Date,
    until: Date,
    reason: &str,
) -> Result<GrantId> {
    let hat = actor.hat().ok_or(Error::NotFound)?;
    if hat.deputy_for.is_some() || hat.role.is_separated() {
        return Err(Error::conflict("access.deputy_of_deputy"));
    }
    if actor.person() == Some(deputy) {
        return Err(Error::field("colleague", "access.deputy_oneself"));
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MOST {
        return Err(Error::field("reason", "core.required"));
    }
    if until < from || until < access.clock.today() {
        return Err(Error::field("until", "core.period"));
    }
    let mut tx = access.db.begin().await?;
    let own = sql::get_grant(&mut tx, hat.grant).await?;
    if !own.holds_on(access.clock.today()) {
        return Err(Error::NotFound);
    }
    let last = own.until.map_or(until, |end| end.min(until));
    if last < from || from.days_until(last) > DEPUTY_DAYS {
        return Err(jinmen_core::Fault::at("until", "access.deputy_days").with("days", DEPUTY_DAYS).into());
    }
    let held = sql::grants_of_person(&mut tx, deputy).await?;
    if held.iter().any(|grant| grant.deputy_of == Some(own.id) && grant.holds_from(access.clock.today())) {
        return Err(Error::field("colleague", "access.deputy_there"));
    }
    let new = NewGrant { deputy_of: Some(own.id), ..NewGrant::new(deputy, own.role, own.organization) };
    let new = new.during(Some(from), Some(last)).limited(own.matters).because(Some(reason.to_owned()));
    let id = insert(access, &mut tx, actor, new, "access.deputy.appointed").await?;
    tx.commit().await?;
    Ok(id)
}

/// Those who stand in for a grant, past and present.
pub async fn deputies_of<'a>(conn: impl Into<Conn<'a>>, grant: GrantId) -> Result<Vec<Grant>> {
    Ok(sql::deputies_of(conn, grant).await?)
}

/// Ends a deputy's stand; only the one who appointed them does.
pub async fn dismiss_deputy(access: &Access, actor: &Actor, deputy: GrantId) -> Result<()> {
    let mut tx = access.db.begin().await?;
    let known = sql::get_grant(&mut tx, deputy).await?;
    if known.deputy_for.is_none() || known.deputy_for != actor.person() {
        return Err(Error::NotFound);
    }
    revoke_within(access, &mut tx, actor, &known).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a role back; sessions that wear it fall back to another hat at their next request, and so do its deputies'.
pub async fn revoke_role(access: &Access, actor: &Actor, grant: GrantId) -> Result<()> {
    let mut tx = access.db.begin().await?;
    let known = sql::get_grant(&mut tx, grant).await?;
    revoke_within(access, &mut tx, actor, &known).await?;
    tx.commit().await?;
    Ok(())
}

/// The same within a transaction.
pub async fn revoke_within(access: &Access, tx: &mut Tx, actor: &Actor, known: &Grant) -> Result<()> {
    let now = access.clock.now();
    if sql::revoke_grant(tx, known.id, now).await? == 0 {
        return Err(Error::conflict("access.role_revoked"));
    }
    let data = json!({ "role": known.role.code(), "organization": known.organization.map(|id| id.text()) });
    record::append(tx, actor, now, "access.role.revoked", Object::from(known.person), data).await?;
    Ok(())
}

/// One grant.
pub async fn grant<'a>(conn: impl Into<Conn<'a>>, id: GrantId) -> Result<Grant> {
    Ok(sql::get_grant(conn, id).await?)
}

/// Every role of a person, past and present.
pub async fn grants_of_person<'a>(conn: impl Into<Conn<'a>>, person: PersonId) -> Result<Vec<Grant>> {
    Ok(sql::grants_of_person(conn, person).await?)
}

/// Every role held for an organisation, past and present.
pub async fn grants_of_organization<'a>(conn: impl Into<Conn<'a>>, organization: OrganizationId) -> Result<Vec<Grant>> {
    Ok(sql::grants_of_organization(conn, organization).await?)
}

/// The people who hold a role for an organisation today by their own right, each once.
pub async fn holders<'a>(
    conn: impl Into<Conn<'a>>,
    role: Role,
    organization: OrganizationId,
    today: Date,
) -> Result<Vec<PersonId>> {
    let mut people: Vec<PersonId> = sql::grants_of_organization(conn, organization)
        .await?
        .into_iter()
        .filter(|grant| grant.role == role && grant.deputy_of.is_none() && grant.holds_on(today))
        .map(|grant| grant.person)
        .collect();
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// The people who act for each of some organisations today, under any of some roles and for a kind of business: for those
/// who are to be told.
pub async fn acting_for<'a>(
    conn: impl Into<Conn<'a>>,
    organizations: &[OrganizationId],
    roles: &[Role],
    matter: Option<Matter>,
    today: Date,
) -> Result<Vec<(OrganizationId, PersonId)>> {
    Ok(sql::acting_for(conn, organizations, roles, matter, today).await?)
}

/// Hands what is held for one organisation over to another: when two files turn out to be of the same body. The
/// identifiers of the grants moved, so that it can be undone.
pub async fn move_grants(tx: &mut Tx, from: OrganizationId, to: OrganizationId) -> Result<Vec<String>> {
    Ok(sql::move_grants(tx, from, to).await?)
}

/// Hands some grants back.
pub async fn return_grants(tx: &mut Tx, ids: &[String], to: OrganizationId) -> Result<u64> {
    Ok(sql::return_grants(tx, ids, to).await?)
}

/// What was moved from one person to another: identifiers of accounts and of grants.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct MovedPerson {
    /// Accounts.
    pub accounts: Vec<String>,
    /// Grants.
    pub grants: Vec<String>,
}

/// Hands the accounts and roles of one person over to another: when two files turn out to be of the same human.
///
/// # Errors
/// `access.roles_separated` if together they would be two of the three administrators.
pub async fn move_person(access: &Access, tx: &mut Tx, from: PersonId, to: PersonId) -> Result<MovedPerson> {
    let today = access.clock.today();
    let mut separated: Vec<Role> = Vec::new();
    for person in [from, to] {
        let held = sql::grants_of_person(&mut *tx, person).await?;
        separated
            .extend(held.iter().filter(|one| one.role.is_separated() && one.holds_from(today)).map(|one| one.role));
    }
    separated.sort_unstable();
    separated.dedup();
    if separated.len() > 1 {
        return Err(Error::conflict("access.roles_separated"));
    }
    Ok(MovedPerson {
        accounts: sql::move_accounts(tx, from, to).await?,
        grants: sql::move_grants_of(tx, from, to).await?,
    })
}

/// Hands them back.
pub async fn return_person(tx: &mut Tx, moved: &MovedPerson, to: PersonId) -> Result<()> {
    sql::return_accounts(tx, &moved.accounts, to).await?;
    sql::return_grants_of(tx, &moved.grants, to).await?;
    Ok(())
}
