//! The use cases: authorise, check, write, record, in one transaction.

pub mod add_contact;
pub mod affiliate;
pub mod alliance;
pub mod attach_document;
pub mod bulk;
pub mod claims;
pub mod consent;
pub mod create_organization;
pub mod create_person;
pub mod decide;
pub mod edit_organization;
pub mod edit_person;
pub mod erase_person;
pub mod export_person;
pub mod find;
pub mod for_form;
pub mod handlers;
pub mod imports;
pub mod list_publicly;
pub mod merge;
pub mod merge_person;
pub mod posts;
pub mod read_organization;
pub mod read_person;
pub mod record_activity;
pub mod record_facts;
pub(crate) mod refresh;
pub mod relate;
pub mod report;
pub mod reveal;
pub mod views;
pub mod withdraw_fact;

use jinmen_core::{Actor, Error, Object, OrganizationId, Permission, PersonId, Reach, Result, Scope};
use store::Conn;

use crate::model::{Organization, Person};
use crate::{permissions, sql};

/// Who owns an organisation's file and whose it is: its keeper, and the alliances it is a member of.
pub(crate) async fn scope_of<'a>(conn: impl Into<Conn<'a>>, organization: &Organization) -> Result<Scope> {
    Ok(scope_within(organization, sql::relation::alliances_of(conn, organization.id).await?))
}

/// The same where the alliances it is a member of are known.
pub(crate) fn scope_within(organization: &Organization, alliances: Vec<OrganizationId>) -> Scope {
    let mut owners = alliances;
    owners.extend(organization.keeper);
    // An organisation that keeps others keeps itself.
    owners.push(organization.id);
    Scope::about(organization.id, owners)
}

/// An organisation, if the actor may do this to it.
pub(crate) async fn organization_for<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: OrganizationId,
) -> Result<Organization> {
    let (organization, scope) = organization_with_scope(conn, actor, id).await?;
    actor.may(permission, &scope)?;
    Ok(organization)
}

/// An organisation with what says who may do what to its file; asking is the caller's.
pub(crate) async fn organization_with_scope<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    id: OrganizationId,
) -> Result<(Organization, Scope)> {
    let mut conn = conn.into();
    let organization = sql::organization::get(conn.again(), id).await.map_err(|error| hidden(actor, error))?;
    let scope = scope_of(conn, &organization).await?;
    Ok((organization, scope))
}

/// A person, if the actor may do this to their file.
pub(crate) async fn person_for<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: PersonId,
) -> Result<Person> {
    let mut conn = conn.into();
    let person = sql::person::get(conn.again(), id).await.map_err(|error| hidden(actor, error))?;
    if !person.active {
        return Err(Error::NotFound);
    }
    if is_own(actor, id, permission) {
        return Ok(person);
    }
    let affiliations = sql::affiliation::of_person(conn.again(), person.id).await?;
    actor.may(permission, &scope_of_person(conn, actor, &person, &affiliations).await?)?;
    Ok(person)
}

/// A person with what says who may do what to their file.
pub(crate) struct PersonSight {
    pub(crate) person: Person,
    pub(crate) affiliations: Vec<crate::model::Affiliation>,
    scope: Scope,
}

impl PersonSight {
    /// Whether the actor may do this to the file.
    pub(crate) fn may(&self, actor: &Actor, permission: &Permission) -> Result<()> {
        if is_own(actor, self.person.id, permission) { Ok(()) } else { actor.may(permission, &self.scope) }
    }
}

/// Reads a person for several questions of what the actor may do; asking is the caller's.
pub(crate) async fn sight_of<'a>(conn: impl Into<Conn<'a>>, actor: &Actor, id: PersonId) -> Result<PersonSight> {
    let mut conn = conn.into();
    let person = sql::person::get(conn.again(), id).await.map_err(|error| hidden(actor, error))?;
    if !person.active {
        return Err(Error::NotFound);
    }
    let affiliations = sql::affiliation::of_person(conn.again(), person.id).await?;
    let scope = scope_of_person(conn, actor, &person, &affiliations).await?;
    Ok(PersonSight { person, affiliations, scope })
}

/// Everybody reaches their own file, whatever the hat.
fn is_own(actor: &Actor, id: PersonId, permission: &Permission) -> bool {
    actor.person() == Some(id)
        && [&permissions::READ_PERSON, &permissions::EDIT_PERSON, &permissions::REVEAL].contains(&permission)
}

/// Who owns a person's file: its keeper, and the keepers of the organisations where the person is
/// something. Of those organisations the actor's own is the subject.
async fn scope_of_person<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    person: &Person,
    affiliations: &[crate::model::Affiliation],
) -> Result<Scope> {
    let places: Vec<OrganizationId> =
        affiliations.iter().filter(|one| one.ended_at.is_none()).map(|one| one.organization).collect();
    let mut owners: Vec<OrganizationId> = person.keeper.into_iter().collect();
    owners.extend(sql::organization::keepers(conn, &places).await?);
    owners.extend(&places);
    let subject = actor.organization().filter(|own| places.contains(own));
    Ok(Scope { owners, subject, person: Some(person.id) })
}

/// For whom a list of organisations is drawn.
pub(crate) fn audience(actor: &Actor, permission: &Permission) -> Result<sql::organization::Audience> {
    actor.may_somewhere(permission)?;
    let reach = actor.reach(permission).unwrap_or(Reach::Own);
    Ok(sql::organization::Audience::Reach(reach, actor.organization()))
}

/// A visitor is asked to sign in before learning that something is not there.
fn hidden(actor: &Actor, error: store::DbError) -> Error {
    match (actor, Error::from(error)) {
        (Actor::Nobody, Error::NotFound) => Error::SignIn,
        (_, other) => other,
    }
}

/// The words a unique index of the registry is refused with.
pub(crate) fn taken(error: store::DbError) -> Error {
    match error {
        error if error.is_unique("organization_uscc") => Error::field("uscc", "registry.uscc_taken"),
        error if error.is_unique("person_resident_blind") => Error::field("resident_id", "registry.resident_id_taken"),
        error if error.is_unique("relation_open") => Error::field("to", "registry.relation_there"),
        other => other.into(),
    }
}

/// An organisation or a person by the words of an address.
pub fn subject(kind: &str, id: &str) -> Result<Object> {
    match kind {
        "organization" => Ok(id.parse::<OrganizationId>()?.into()),
        "person" => Ok(id.parse::<PersonId>()?.into()),
        _ => Err(Error::NotFound),
    }
}
