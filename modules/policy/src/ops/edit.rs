//! Drafting: a policy is begun with its life, and every change of its text is a version.

use jinmen_core::{Actor, Error, Fault, OrganizationId, Result, Role, Scope, Text2};
use module::App;
use serde_json::json;
use store::Tx;
use store::search::{self, Entry};

use super::{desk_page, name, object, of_office, program};
use crate::model::{
    Body, ClauseText, LIFE, NewPolicy, Policy, PolicyDraft, PolicyId, Status, Version, life_plan, step,
};
use crate::{permissions, sql};

/// Begins a policy with an empty text: its first step, drafting, is open.
///
/// # Errors
/// Every fault of the form at once.
pub async fn begin(app: &App, actor: &Actor, draft: &PolicyDraft) -> Result<PolicyId> {
    let owner = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::WRITE, &Scope::owned_by(owner))?;
    let new = draft.parse()?;
    let role = actor.hat().map_or(Role::DistrictOfficer, |hat| hat.role);
    let mut tx = app.db.begin().await?;
    let id = insert(app, &mut tx, actor, owner, role, &new).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction, for an office that acts in a role.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    owner: OrganizationId,
    role: Role,
    new: &NewPolicy,
) -> Result<PolicyId> {
    let (id, now) = (PolicyId::new(), app.clock.now());
    let number = cases::next_number(tx, "ZC", app.clock.today().year()).await?;
    sql::policy::insert(tx, id, &number, owner, new, now).await?;
    let data = json!({ "number": number, "title": new.title.zh });
    record::append(tx, actor, now, "policy.begun", object(id), data).await?;
    let words = |locale| app.words(locale);
    let (zh, en) = (words(jinmen_core::Locale::ZhCn), words(jinmen_core::Locale::En));
    let title = |key: &str| Text2::both(zh.of(&format!("policy-step-{key}")), en.of(&format!("policy-step-{key}")));
    let life = flow::New {
        name: LIFE,
        object: object(id),
        owner,
        title: new.title.zh.clone(),
        link: desk_page(id),
        plan: life_plan(role, title),
    };
    flow::start(tx, actor, flow::When { now, calendar: app.calendar() }, life).await?;
    put_search(tx, id, &new.title, &number, "", &Body::default()).await?;
    Ok(id)
}

/// Changes what a draft is called and where it belongs.
pub async fn rename(app: &App, actor: &Actor, id: PolicyId, draft: &PolicyDraft) -> Result<()> {
    let policy = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    let new = draft.parse()?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    if sql::policy::rename(&mut tx, id, &new, now).await? == 0 {
        return Err(Error::conflict("policy.no_draft"));
    }
    let body = match policy.version {
        0 => Body::default(),
        version => sql::policy::version(&mut tx, id, version).await?.body,
    };
    put_search(&mut tx, id, &new.title, &policy.number, &policy.doc_no, &body).await?;
    record::append(&mut tx, actor, now, "policy.renamed", object(id), json!({ "title": new.title.zh })).await?;
    tx.commit().await?;
    Ok(())
}

/// A policy that the actor may write on.
pub async fn to_write(app: &App, actor: &Actor, id: PolicyId) -> Result<Policy> {
    of_office(&app.db, actor, &permissions::WRITE, id).await
}

/// Keeps a new version of a draft. One with findings is kept too: drafting takes days; what is wrong is said beside it.
///
/// # Errors
/// `Stale` when somebody else kept a version since `seen`; `policy.no_draft`; `policy.text_long`, `policy.body_long`.
pub async fn keep(app: &App, actor: &Actor, id: PolicyId, seen: i64, text: &str, body: &Body) -> Result<i64> {
    let policy = of_office(&app.db, actor, &permissions::WRITE, id).await?;
    program::check(text)?;
    check_body(body)?;
    let mut tx = app.db.begin().await?;
    let version = keep_within(app, &mut tx, actor, &policy, seen, text, body).await?;
    tx.commit().await?;
    Ok(version)
}

/// The same within a transaction.
pub async fn keep_within(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    policy: &Policy,
    seen: i64,
    text: &str,
    body: &Body,
) -> Result<i64> {
    // Once it has left the drafter's desk it comes back by a return only: reviews are of the text that they saw.
    let case = flow::running(&mut *tx, &object(policy.id), LIFE).await?;
    let drafting = case.as_ref().and_then(flow::Flow::open_stage).is_some_and(|stage| stage.key == step::DRAFT);
    if policy.status != Status::Draft || !drafting {
        return Err(Error::conflict("policy.no_draft"));
    }
    let (now, by) = (app.clock.now(), name(actor));
    let added = sql::policy::add_version(tx, policy.id, seen, text, body, (actor.account(), &by), now).await?;
    if !added {
        return Err(Error::Stale);
    }
    put_search(tx, policy.id, &policy.title, &policy.number, &policy.doc_no, body).await?;
    let data = json!({ "version": seen + 1, "rule": registry::ops::decide::digest(text) });
    record::append(tx, actor, now, "policy.version.kept", object(policy.id), data).await?;
    Ok(seen + 1)
}

fn check_body(body: &Body) -> Result<()> {
    /// Characters of a clause or of the interpretation.
    const LONG: usize = 20_000;
    let long = |field: &str, text: &str| {
        (text.chars().count() > LONG).then(|| Fault::at(field, "core.too_long").with("most", LONG))
    };
    let clauses = body.clauses.iter().flat_map(|one: &ClauseText| [long("clauses", &one.zh), long("clauses", &one.en)]);
    let faults: Vec<Fault> = clauses
        .chain([long("interpretation", &body.interpretation), long("guide", &body.guide.office)])
        .flatten()
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// What a policy is found by: title, numbers, and the sentences of its clauses.
pub(crate) async fn put_search(
    tx: &mut Tx,
    id: PolicyId,
    title: &Text2,
    number: &str,
    doc_no: &str,
    body: &Body,
) -> Result<()> {
    let mut names = vec![title.zh.clone()];
    names.extend(title.en.clone());
    let mut texts = vec![number.to_owned(), doc_no.to_owned()];
    texts.extend(body.clauses.iter().flat_map(|one| [one.zh.clone(), one.en.clone()]));
    texts.retain(|text| !text.is_empty());
    Ok(search::put(tx, &object(id), &Entry { names, texts }).await?)
}

/// A version of a policy of the actor's office.
pub async fn version(app: &App, actor: &Actor, id: PolicyId, version: i64) -> Result<Version> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    Ok(sql::policy::version(&app.db, id, version).await?)
}

/// The versions of a policy, newest first: number, when, by whom.
pub async fn versions(app: &App, actor: &Actor, id: PolicyId) -> Result<Vec<(i64, jinmen_core::Instant, String)>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    Ok(sql::policy::versions(&app.db, id).await?)
}
