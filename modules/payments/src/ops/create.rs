//! Writing down by hand what is owed or granted.

use jinmen_core::{Actor, Error, Locale, OrganizationId, PageRequest, PersonId, Result};
use module::App;
use registry::model::PersonFilter;
use registry::ops::{find, read_organization, read_person};

use super::{owe::owe, own_books};
use crate::model::{ItemWanted, NewItem, Owed, Subject};
use crate::permissions;

/// Writes down something in the books of the actor's office.
///
/// # Errors
/// Every fault of the terms at once; `payments.subject_unknown`, `payments.subject_ambiguous`.
pub async fn create(app: &App, actor: &Actor, wanted: ItemWanted) -> Result<Owed> {
    let owner = own_books(actor, &permissions::KEEP)?;
    let terms = wanted.terms.checked()?;
    let (subject, subject_name) = subject(app, actor, &wanted.subject).await?;
    let mut tx = app.db.begin().await?;
    let owed = owe(&mut tx, actor, app.clock.now(), NewItem::new(owner, subject, subject_name, terms)).await?;
    tx.commit().await?;
    Ok(owed)
}

/// Whoever is meant: by an identifier of a file that the actor may read, by a social credit code, by an exact name.
async fn subject(app: &App, actor: &Actor, typed: &str) -> Result<(Subject, String)> {
    let typed = typed.trim();
    if let Ok(id) = typed.parse::<OrganizationId>() {
        return by_identifier(app, actor, id).await;
    }
    let found = find::organization(&app.db, typed).await.map_err(|error| match error {
        Error::Invalid(_) => Error::field("subject", "payments.subject_ambiguous"),
        other => other,
    })?;
    match found {
        Some(id) => Ok((id.into(), app.organization_name(id).await.zh)),
        None => person(app, actor, typed).await,
    }
}

async fn by_identifier(app: &App, actor: &Actor, id: OrganizationId) -> Result<(Subject, String)> {
    match read_organization::get(app, actor, id).await {
        Ok(known) => return Ok((known.id.into(), known.name.show(Locale::ZhCn).to_owned())),
        Err(Error::NotFound) => {}
        Err(other) => return Err(other),
    }
    let person: PersonId = id.text().parse()?;
    match read_person::get(app, actor, person).await {
        Ok(known) => Ok((known.id.into(), known.name.show(Locale::ZhCn).to_owned())),
        Err(Error::NotFound) => Err(unknown()),
        Err(other) => Err(other),
    }
}

/// A person of exactly this name among those whose files the actor may read.
async fn person(app: &App, actor: &Actor, typed: &str) -> Result<(Subject, String)> {
    let filter = PersonFilter { q: Some(typed.to_owned()), ..PersonFilter::default() };
    let page = PageRequest { after: None, limit: Some(50) };
    let known = match read_person::list(app, actor, &filter, &page).await {
        Ok(known) => known.items,
        Err(Error::NotFound) => return Err(unknown()),
        Err(other) => return Err(other),
    };
    let mut named = known.into_iter().filter(|one| one.name.zh == typed || one.name.en.as_deref() == Some(typed));
    match (named.next(), named.next()) {
        (Some(one), None) => Ok((one.id.into(), one.name.show(Locale::ZhCn).to_owned())),
        (Some(_), Some(_)) => Err(Error::field("subject", "payments.subject_ambiguous")),
        _ => Err(unknown()),
    }
}

fn unknown() -> Error {
    Error::field("subject", "payments.subject_unknown")
}
