//! The pool of experts (专家库).

use jinmen_core::{Actor, Error, Fault, OrganizationId, Page, PageRequest, Result, Scope, Text2};
use module::App;
use registry::model::NewPerson;
use registry::ops::{create_person, find};
use serde_json::json;

use crate::model::{Expert, ExpertDraft, ExpertFilter, ExpertId, NewExpert};
use crate::{permissions, sql};

/// The organisation whose pool the actor keeps.
fn own_pool(actor: &Actor, permission: &jinmen_core::Permission) -> Result<OrganizationId> {
    let owner = actor.organization().ok_or(Error::NotFound)?;
    actor.may(permission, &Scope::owned_by(owner))?;
    Ok(owner)
}

/// The pool, newest first.
pub async fn list(app: &App, actor: &Actor, filter: &ExpertFilter, page: &PageRequest) -> Result<Page<Expert>> {
    let owner = own_pool(actor, &permissions::READ)?;
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::expert::list(&app.db, owner, filter, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// Everybody of the pool who may be asked.
pub async fn active(app: &App, actor: &Actor) -> Result<Vec<Expert>> {
    let owner = own_pool(actor, &permissions::READ)?;
    Ok(sql::expert::active(&app.db, owner).await?)
}

/// One of the pool.
pub async fn read(app: &App, actor: &Actor, id: ExpertId) -> Result<Expert> {
    actor.may_somewhere(&permissions::READ)?;
    let one = sql::expert::get(&app.db, id).await?;
    actor.may(&permissions::READ, &Scope::owned_by(one.owner))?;
    Ok(one)
}

/// Takes somebody into the pool: somebody of the registry, or somebody new, who gets a file there.
///
/// # Errors
/// `review.expert_there` for somebody who is in it; every fault of the draft.
pub async fn add(app: &App, actor: &Actor, draft: &ExpertDraft) -> Result<ExpertId> {
    let owner = own_pool(actor, &permissions::WRITE)?;
    let new = draft.parse()?;
    let institution_id = find::organization(&app.db, &new.institution).await?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let person = match new.person {
        Some(person) => person,
        None => {
            let file = NewPerson {
                name: Text2::zh(new.name.clone()),
                headline: Text2::zh(new.post.clone()),
                resident_id: None,
            };
            create_person::insert(app, &mut tx, actor, file, Some(owner)).await?
        }
    };
    if sql::expert::has(&mut tx, owner, person).await? {
        return Err(Error::field("person", "review.expert_there"));
    }
    let one = one(ExpertId::new(), owner, person, &new, institution_id, now);
    sql::expert::insert(&mut tx, &one).await?;
    let data = json!({ "expert": one.id.text(), "name": one.name, "institution": one.institution });
    record::append(&mut tx, actor, now, "review.expert.added", person, data).await?;
    tx.commit().await?;
    Ok(one.id)
}

fn one(
    id: ExpertId,
    owner: OrganizationId,
    person: jinmen_core::PersonId,
    new: &NewExpert,
    institution_id: Option<OrganizationId>,
    now: jinmen_core::Instant,
) -> Expert {
    Expert {
        id,
        owner,
        person,
        name: new.name.clone(),
        institution: new.institution.clone(),
        institution_id,
        post: new.post.clone(),
        kind: new.kind,
        fields: new.fields.clone(),
        senior: new.senior,
        active: new.active,
        updated_at: now,
    }
}

/// Writes what changed about somebody of the pool.
pub async fn change(app: &App, actor: &Actor, id: ExpertId, draft: &ExpertDraft) -> Result<()> {
    actor.may_somewhere(&permissions::WRITE)?;
    let before = sql::expert::get(&app.db, id).await?;
    actor.may(&permissions::WRITE, &Scope::owned_by(before.owner))?;
    let new = draft.parse()?;
    if new.person.is_some_and(|person| person != before.person) {
        return Err(Fault::at("person", "core.choice").into());
    }
    let institution_id = find::organization(&app.db, &new.institution).await?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let one = one(id, before.owner, before.person, &new, institution_id, now);
    sql::expert::update(&mut tx, &one).await?;
    let data = json!({ "expert": id.text(), "name": one.name, "active": one.active });
    record::append(&mut tx, actor, now, "review.expert.changed", before.person, data).await?;
    tx.commit().await?;
    Ok(())
}
