//! Roles held: (person, role, organisation, period).

use jinmen_core::{Actor, Date, Error, GrantId, Instant, Object, OrganizationId, PersonId, Result, Role};
use serde_json::json;
use store::{Conn, Tx};

use crate::{Access, sql};

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
}

/// Gives a role within a transaction. The caller has checked that the actor may.
pub async fn grant_role(access: &Access, tx: &mut Tx, actor: &Actor, new: NewGrant) -> Result<GrantId> {
    if let (Some(from), Some(until)) = (new.from, new.until)
        && until < from
    {
        return Err(Error::field("until", "core.period"));
    }
    let id = GrantId::new();
    let now = access.clock.now();
    sql::insert_grant(tx, id, &new, actor.account(), now).await?;
    let data = json!({
        "role": new.role.code(),
        "organization": new.organization.map(|id| id.text()),
        "from": new.from.map(|day| day.to_string()),
        "until": new.until.map(|day| day.to_string()),
    });
    record::append(tx, actor, now, "access.role.granted", new.person, data).await?;
    Ok(id)
}

/// Takes a role back; sessions that wear it fall back to another hat at their next request.
pub async fn revoke_role(access: &Access, actor: &Actor, grant: GrantId) -> Result<()> {
    let now = access.clock.now();
    let mut tx = access.db.begin().await?;
    let known = sql::get_grant(&mut tx, grant).await?;
    if sql::revoke_grant(&mut tx, grant, now).await? == 0 {
        return Err(Error::conflict("access.role_revoked"));
    }
    let data = json!({ "role": known.role.code(), "organization": known.organization.map(|id| id.text()) });
    record::append(&mut tx, actor, now, "access.role.revoked", Object::from(known.person), data).await?;
    tx.commit().await?;
    Ok(())
}

/// Every role of a person, past and present.
pub async fn grants_of_person<'a>(conn: impl Into<Conn<'a>>, person: PersonId) -> Result<Vec<Grant>> {
    Ok(sql::grants_of_person(conn, person).await?)
}

/// Every role held for an organisation, past and present.
pub async fn grants_of_organization<'a>(conn: impl Into<Conn<'a>>, organization: OrganizationId) -> Result<Vec<Grant>> {
    Ok(sql::grants_of_organization(conn, organization).await?)
}
