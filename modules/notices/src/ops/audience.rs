//! To whom a circular goes: members, a saved view, or what a list shows.

use jinmen_core::{Actor, Error, OrganizationId, PageRequest, Result};
use module::App;
use registry::model::{OrganizationFilter, SavedView, ViewId};
use registry::ops::{read_organization, views};

/// Organisations one circular goes to.
pub const MOST: usize = 5_000;

/// To whom.
#[derive(Clone, Debug)]
pub enum Audience {
    /// Every member in force of the actor's alliance.
    Members,
    /// What a saved view shows today.
    View(ViewId),
    /// What a filter of the list shows today.
    Filter(Box<OrganizationFilter>),
}

/// The organisations of an audience, with their names.
pub async fn organizations(app: &App, actor: &Actor, audience: &Audience) -> Result<Vec<(OrganizationId, String)>> {
    let own = actor.organization().ok_or(Error::NotFound)?;
    let filter = match audience {
        Audience::Members => OrganizationFilter { member_of: Some(own.text()), ..OrganizationFilter::default() },
        Audience::View(id) => view(app, actor, *id).await?.organizations(),
        Audience::Filter(filter) => (**filter).clone(),
    };
    let mut found = Vec::new();
    let mut page = PageRequest { after: None, limit: Some(200) };
    loop {
        let rows = read_organization::list(app, actor, &filter, &page).await?;
        found.extend(rows.items.into_iter().filter(|one| one.id != own).map(|one| (one.id, one.name.zh)));
        if found.len() > MOST {
            return Err(jinmen_core::Fault::at("audience", "notices.too_many").with("most", MOST).into());
        }
        match rows.next {
            Some(next) => page.after = Some(next),
            None => return Ok(found),
        }
    }
}

async fn view(app: &App, actor: &Actor, id: ViewId) -> Result<SavedView> {
    let known = views::list(app, actor).await?;
    known.into_iter().find(|view| view.id == id).ok_or_else(|| Error::field("audience", "notices.view_gone"))
}
