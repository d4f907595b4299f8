//! What the one search field finds in the registry.

use jinmen_core::{PageRequest, Result};
use module::{App, Found, Visit};

use crate::dictionary::dictionary;
use crate::model::{Organization, PersonFilter};
use crate::ops::{read_organization, read_person};
use crate::permissions;

/// Lines of each kind.
const LINES: u32 = 20;

/// Organisations and people that match: those the actor may read, or those listed publicly.
pub(crate) async fn found(app: &App, visit: &Visit, typed: &str) -> Result<Vec<Found>> {
    let page = PageRequest { after: None, limit: Some(LINES) };
    let hint = |one: &Organization| dictionary().label("organization_kind", &one.kind, visit.locale);
    let inside = visit.actor.may_somewhere(&permissions::READ_ORGANIZATION).is_ok();
    let organizations = read_organization::some(app, &visit.actor, typed, LINES).await?;
    let base = if inside { "/work/organizations" } else { "/organizations" };
    let mut found: Vec<Found> = organizations
        .iter()
        .map(|one| Found {
            kind_key: "registry-organizations".into(),
            title: one.name.clone(),
            hint: hint(one),
            href: format!("{base}/{}", one.id),
        })
        .collect();
    if visit.actor.may_somewhere(&permissions::READ_PERSON).is_ok() {
        let filter = PersonFilter { q: Some(typed.to_owned()), ..PersonFilter::default() };
        let people = read_person::list(app, &visit.actor, &filter, &page).await?;
        found.extend(people.items.into_iter().map(|one| Found {
            kind_key: "registry-people".into(),
            hint: one.headline.show(visit.locale).to_owned(),
            href: format!("/work/people/{}", one.id),
            title: one.name,
        }));
    }
    Ok(found)
}
