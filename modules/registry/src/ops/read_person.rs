//! Reading people: the list and the file.

use jinmen_core::{Actor, Count, Object, Page, PageRequest, PersonId, Reach, Result};
use module::App;

use super::{person_for, sight_of};
use crate::model::{Affiliation, AsOf, Consent, ContactPoint, Person, PersonFilter, SubjectFile};
use crate::sql::person::Audience;
use crate::{permissions, sql};

pub(crate) fn audience(actor: &Actor) -> Result<Audience> {
    actor.may_somewhere(&permissions::READ_PERSON)?;
    let reach = actor.reach(&permissions::READ_PERSON).unwrap_or(Reach::Own);
    Ok(Audience { reach, own: actor.organization(), me: actor.person() })
}

/// One person, if the actor may read their file.
pub async fn get(app: &App, actor: &Actor, id: PersonId) -> Result<Person> {
    person_for(&app.db, actor, &permissions::READ_PERSON, id).await
}

/// People whose files the actor may read, in the order of their names.
pub async fn list(app: &App, actor: &Actor, filter: &PersonFilter, page: &PageRequest) -> Result<Page<Person>> {
    let after = page.cursor(2)?.map(|cursor| cursor.0);
    let rows = sql::person::list(&app.db, filter, audience(actor)?, after, page.limit()).await?;
    let page = Page::from_rows(rows, page.limit(), |row| vec![row.sort_key.clone(), row.person.id.text()]);
    Ok(page.map(|row| row.person))
}

/// How many there are.
pub async fn count(app: &App, actor: &Actor, filter: &PersonFilter) -> Result<Count> {
    Ok(sql::person::count(&app.db, filter, audience(actor)?).await?)
}

/// A file as one actor may see it.
pub struct PersonFile {
    /// What identifies the person.
    pub person: Person,
    /// What is known about them.
    pub facts: SubjectFile,
    /// Ways to reach them, masked.
    pub contacts: Vec<ContactPoint>,
    /// What they are where.
    pub affiliations: Vec<Affiliation>,
    /// What they consented to.
    pub consents: Vec<Consent>,
    /// Whether the actor may change the file.
    pub may_edit: bool,
    /// Whether the actor may see sealed values, which is recorded.
    pub may_reveal: bool,
    /// Whether the actor may delete the file.
    pub may_erase: bool,
    /// Whether the actor may join the file with another.
    pub may_join: bool,
    /// Both times of the question.
    pub as_of: AsOf,
}

/// A file, as of two times.
pub async fn file(app: &App, actor: &Actor, id: PersonId, as_of: AsOf) -> Result<PersonFile> {
    let sight = sight_of(&app.db, actor, id).await?;
    sight.may(actor, &permissions::READ_PERSON)?;
    let may = |permission| sight.may(actor, permission).is_ok();
    let subject = Object::from(id);
    Ok(PersonFile {
        may_edit: may(&permissions::EDIT_PERSON),
        may_reveal: may(&permissions::REVEAL),
        may_erase: may(&permissions::DELETE_PERSON),
        may_join: may(&permissions::MERGE_PERSON),
        facts: SubjectFile::new(sql::fact::of(&app.db, &subject).await?),
        contacts: sql::contact::of(&app.db, &subject).await?,
        consents: sql::consent::of(&app.db, id).await?,
        affiliations: sight.affiliations,
        person: sight.person,
        as_of,
    })
}

/// The history of a file, newest first.
pub async fn history(app: &App, actor: &Actor, id: PersonId, page: &PageRequest) -> Result<Page<record::Entry>> {
    person_for(&app.db, actor, &permissions::READ_PERSON, id).await?;
    record::history(&app.db, &id.into(), page).await
}
