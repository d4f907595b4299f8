//! The library: what everybody may read, and the office's own list.

use jinmen_core::{Actor, Date, Error, Page, PageRequest, Result, Scope};
use module::App;
use rules::Origins;
use serde_json::{Map, Value as Json};

use super::{of_office, program};
use crate::model::{Policy, PolicyFilter, PolicyId, Review, Version};
use crate::sql::policy::For;
use crate::{permissions, sql};

/// What is published, newest first.
pub async fn public(app: &App, filter: &PolicyFilter, page: &PageRequest) -> Result<Page<Policy>> {
    list(app, For::Public, filter, page).await
}

/// The actor's office's, drafts among them, newest first.
pub async fn of_own_office(
    app: &App,
    actor: &Actor,
    filter: &PolicyFilter,
    page: &PageRequest,
) -> Result<Page<Policy>> {
    let owner = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::READ, &Scope::owned_by(owner))?;
    list(app, For::Office(owner), filter, page).await
}

async fn list(app: &App, whose: For, filter: &PolicyFilter, page: &PageRequest) -> Result<Page<Policy>> {
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::policy::list(&app.db, whose, filter, app.clock.today(), after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// The issuers that the library's filter offers.
pub async fn issuers(app: &App) -> Result<Vec<String>> {
    Ok(sql::policy::issuers(&app.db).await?)
}

/// A policy with the version that counts.
pub struct Read {
    /// The policy.
    pub policy: Policy,
    /// Its text; none before the first was kept.
    pub version: Option<Version>,
    /// Of a draft that the public is asked about: the last day.
    pub until: Option<Date>,
    /// The published policy that took its place.
    pub replacement: Option<Policy>,
}

/// A published policy, or a draft that the public is asked about.
pub async fn read_public(app: &App, id: PolicyId) -> Result<Read> {
    let policy = sql::policy::get(&app.db, id).await?;
    let until = if policy.is_public() { None } else { super::life::open_comment(app, id).await? };
    if !policy.is_public() && until.is_none() {
        return Err(Error::NotFound);
    }
    Ok(Read { until, ..with_version(app, policy).await? })
}

/// A policy of the actor's office.
pub async fn read(app: &App, actor: &Actor, id: PolicyId) -> Result<Read> {
    let policy = of_office(&app.db, actor, &permissions::READ, id).await?;
    with_version(app, policy).await
}

async fn with_version(app: &App, policy: Policy) -> Result<Read> {
    let version = match policy.version {
        0 => None,
        version => Some(sql::policy::version(&app.db, policy.id, version).await?),
    };
    let replacement = match policy.replaced_by {
        Some(other) => Some(sql::policy::get(&app.db, other).await?).filter(Policy::is_public),
        None => None,
    };
    Ok(Read { policy, version, until: None, replacement })
}

/// The review of fair competition of the version that counts.
pub async fn review(app: &App, actor: &Actor, id: PolicyId) -> Result<Option<Review>> {
    let policy = of_office(&app.db, actor, &permissions::READ, id).await?;
    Ok(sql::policy::review(&app.db, id, policy.version).await?)
}

/// What a published policy says to facts that somebody types, of which nothing is kept.
///
/// # Errors
/// `registry.rule_fact` for a fact of another type than declared.
pub async fn calculate(app: &App, id: PolicyId, typed: &Map<String, Json>, day: Date) -> Result<(Read, Json)> {
    let read = read_public(app, id).await?;
    let version = read.version.as_ref().ok_or(Error::NotFound)?;
    let program = program::known(&version.text)?;
    let answer = registry::ops::decide::answer(&program, typed, &Origins::new(), day)?;
    Ok((read, answer))
}
