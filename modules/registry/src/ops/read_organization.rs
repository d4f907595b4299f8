//! Reading organisations: the list, the file, the public page.

use jinmen_core::{Actor, Count, Error, Object, OrganizationId, Page, PageRequest, Result};
use module::App;

use super::{audience, organization_for, organization_with_scope, read_person};
use crate::dictionary::Sensitivity;
use crate::model::{
    Affiliation, AsOf, ContactPoint, Fact, Organization, OrganizationFilter, RelationSide, SubjectFile,
};
use crate::sql::organization::Audience;
use crate::{permissions, sql};

/// Relations shown on a page.
const RELATIONS: u32 = 60;

/// Organisations that the actor may read, in the order of their names.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &OrganizationFilter,
    page: &PageRequest,
) -> Result<Page<Organization>> {
    read_page(app, filter, audience(actor, &permissions::READ_ORGANIZATION)?, page).await
}

/// How many there are.
pub async fn count(app: &App, actor: &Actor, filter: &OrganizationFilter) -> Result<Count> {
    Ok(sql::organization::count(&app.db, filter, audience(actor, &permissions::READ_ORGANIZATION)?).await?)
}

/// A page of a list with the number of all in it.
pub async fn list_and_count(
    app: &App,
    actor: &Actor,
    filter: &OrganizationFilter,
    page: &PageRequest,
) -> Result<(Page<Organization>, Count)> {
    page_and_count(app, filter, audience(actor, &permissions::READ_ORGANIZATION)?, page).await
}

/// A page of those that agreed to be shown to the public, with the number of all.
pub async fn directory_and_count(
    app: &App,
    filter: &OrganizationFilter,
    page: &PageRequest,
) -> Result<(Page<Organization>, Count)> {
    page_and_count(app, &public_part(filter), Audience::Public, page).await
}

/// Counts are kept: where there is none, the list is not read, which would be read to its end.
async fn page_and_count(
    app: &App,
    filter: &OrganizationFilter,
    audience: Audience,
    page: &PageRequest,
) -> Result<(Page<Organization>, Count)> {
    page.cursor(2)?;
    let count = sql::organization::count(&app.db, filter, audience).await?;
    let rows = if count.number == 0 { Page::default() } else { read_page(app, filter, audience, page).await? };
    Ok((rows, count))
}

/// Organisations that agreed to be shown to the public.
pub async fn directory(app: &App, filter: &OrganizationFilter, page: &PageRequest) -> Result<Page<Organization>> {
    read_page(app, &public_part(filter), Audience::Public, page).await
}

/// The filters that the public may use.
fn public_part(filter: &OrganizationFilter) -> OrganizationFilter {
    OrganizationFilter { tag: None, listed: None, claimed: None, below: None, ..filter.clone() }
}

/// Some organisations that match what was typed: of those that the actor may read, or else of those shown to the public.
/// Of words that thousands have, the newest.
pub async fn some(app: &App, actor: &Actor, typed: &str, limit: u32) -> Result<Vec<Organization>> {
    let audience = match actor.may_somewhere(&permissions::READ_ORGANIZATION) {
        Ok(()) => audience(actor, &permissions::READ_ORGANIZATION)?,
        Err(_) => Audience::Public,
    };
    let mut rows = sql::organization::some(&app.db, typed, audience, limit).await?;
    rows.truncate(limit as usize);
    Ok(rows.into_iter().map(|row| row.organization).collect())
}

pub(crate) async fn read_page(
    app: &App,
    filter: &OrganizationFilter,
    audience: Audience,
    page: &PageRequest,
) -> Result<Page<Organization>> {
    let after = page.cursor(2)?.map(|cursor| cursor.0);
    let rows = sql::organization::list(&app.db, filter, audience, after, page.limit()).await?;
    let page = Page::from_rows(rows, page.limit(), |row| vec![row.sort_key.clone(), row.organization.id.text()]);
    Ok(page.map(|row| row.organization))
}

/// One organisation, if the actor may read it.
pub async fn get(app: &App, actor: &Actor, id: OrganizationId) -> Result<Organization> {
    organization_for(&app.db, actor, &permissions::READ_ORGANIZATION, id).await
}

/// A file as one actor may see it.
pub struct OrganizationFile {
    /// What identifies the organisation.
    pub organization: Organization,
    /// What is known about it.
    pub facts: SubjectFile,
    /// Ways to reach it, masked where sealed.
    pub contacts: Vec<ContactPoint>,
    /// How it stands to others.
    pub relations: Vec<RelationSide>,
    /// Who is what there.
    pub people: Vec<Affiliation>,
    /// Whether the actor may see figures whose owner is the enterprise.
    pub sees_restricted: bool,
    /// Whether the actor may change the file.
    pub may_edit: bool,
    /// Whether the actor keeps the file.
    pub may_keep: bool,
    /// Whether the actor may add facts as verified.
    pub may_verify: bool,
    /// Whether the actor may join the file with another.
    pub may_join: bool,
    /// Both times of the question.
    pub as_of: AsOf,
}

/// A file, as of two times.
pub async fn file(app: &App, actor: &Actor, id: OrganizationId, as_of: AsOf) -> Result<OrganizationFile> {
    let organization = sql::organization::get(&app.db, id).await.map_err(|error| super::hidden(actor, error))?;
    let relations = sql::relation::of(&app.db, id, RELATIONS).await?;
    let scope = if relations.len() < RELATIONS as usize {
        let member_of = relations.iter().filter(|side| side.outgoing && side.relation.kind == "member_of");
        super::scope_within(&organization, member_of.map(|side| side.other).collect())
    } else {
        super::scope_of(&app.db, &organization).await?
    };
    actor.may(&permissions::READ_ORGANIZATION, &scope)?;
    let may = |permission| actor.may(permission, &scope).is_ok();
    let subject = Object::from(id);
    Ok(OrganizationFile {
        sees_restricted: may(&permissions::READ_RESTRICTED),
        may_edit: may(&permissions::EDIT_ORGANIZATION),
        may_keep: may(&permissions::KEEP_ORGANIZATION),
        may_verify: may(&permissions::VERIFY_FACT),
        may_join: may(&permissions::MERGE),
        facts: SubjectFile::new(sql::fact::of(&app.db, &subject).await?),
        contacts: sql::contact::of(&app.db, &subject).await?,
        relations,
        people: sql::affiliation::of_organization(&app.db, id).await?,
        organization,
        as_of,
    })
}

/// What is known of an organisation, and whether the actor may see figures whose owner is the enterprise.
pub async fn facts(app: &App, actor: &Actor, id: OrganizationId) -> Result<(SubjectFile, bool)> {
    let (_, scope) = organization_with_scope(&app.db, actor, id).await?;
    actor.may(&permissions::READ_ORGANIZATION, &scope)?;
    let facts = SubjectFile::new(sql::fact::of(&app.db, &Object::from(id)).await?);
    Ok((facts, actor.may(&permissions::READ_RESTRICTED, &scope).is_ok()))
}

/// The history of a file, newest first.
pub async fn history(app: &App, actor: &Actor, id: OrganizationId, page: &PageRequest) -> Result<Page<record::Entry>> {
    organization_for(&app.db, actor, &permissions::READ_ORGANIZATION, id).await?;
    record::history(&app.db, &id.into(), page).await
}

/// What the public sees of an organisation that agreed to be listed.
pub struct PublicOrganization {
    /// What identifies it.
    pub organization: Organization,
    /// Its facts of public sensitivity.
    pub facts: SubjectFile,
    /// Ways to reach it that it shows.
    pub contacts: Vec<ContactPoint>,
    /// How it stands to others that are listed.
    pub relations: Vec<RelationSide>,
}

/// The public page of an organisation.
pub async fn public(app: &App, id: OrganizationId) -> Result<PublicOrganization> {
    let organization = sql::organization::get(&app.db, id).await?;
    if !organization.listed || !organization.active {
        return Err(Error::NotFound);
    }
    let subject = Object::from(id);
    let facts: Vec<Fact> = sql::fact::of(&app.db, &subject)
        .await?
        .into_iter()
        .filter(|fact| fact.key.sensitivity == Sensitivity::Public)
        .collect();
    let mut contacts = sql::contact::of(&app.db, &subject).await?;
    contacts.retain(|contact| contact.shown);
    let mut relations = sql::relation::of_listed(&app.db, id, RELATIONS).await?;
    relations.retain(|side| side.outgoing || side.relation.kind != "member_of");
    Ok(PublicOrganization { organization, facts: SubjectFile::new(facts), contacts, relations })
}

/// The numbers of the first pages: those that the actor may see.
#[derive(Default)]
pub struct Numbers {
    /// Members of the instance's alliance: a number that the alliance itself publishes.
    pub members: Option<Count>,
    /// Organisations.
    pub organizations: Option<Count>,
    /// Organisations whose files are less than half complete.
    pub thin: Option<Count>,
    /// People.
    pub people: Option<Count>,
}

/// Counts them in one statement.
pub async fn numbers(app: &App, actor: &Actor, alliance: Option<OrganizationId>) -> Result<Numbers> {
    let any = Audience::Reach(jinmen_core::Reach::All, None);
    let counted = |filter: OrganizationFilter, audience| sql::organization::counted(&app.db, &filter, audience);
    let mut asked = Vec::new();
    if let Some(alliance) = alliance {
        asked.push(counted(OrganizationFilter { member_of: Some(alliance.text()), ..Default::default() }, any));
    }
    let own = audience(actor, &permissions::READ_ORGANIZATION).ok();
    if let Some(own) = own {
        asked.push(counted(OrganizationFilter::default(), own));
        asked.push(counted(OrganizationFilter { below: Some(50), ..Default::default() }, own));
    }
    // Who reads no organisations is not told how many people there are.
    let people = own.and_then(|_| read_person::audience(actor).ok());
    if let Some(people) = people {
        asked.push(sql::person::counted(&app.db, &Default::default(), people));
    }
    let mut counts = store::count_all_capped(&app.db, asked).await?.into_iter();
    let mut next = |there: bool| if there { counts.next() } else { None };
    Ok(Numbers {
        members: next(alliance.is_some()),
        organizations: next(own.is_some()),
        thin: next(own.is_some()),
        people: next(people.is_some()),
    })
}
