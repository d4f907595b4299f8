//! Reading calls: what is out, and an office's own.

use jinmen_core::{Actor, Error, Instant, Object, OrganizationId, Page, PageRequest, Result, Scope, Text2};
use module::App;

use super::{call_object, within_office};
use crate::model::{Call, CallFilter, CallForm, CallId, CallState};
use crate::sql::call::For;
use crate::{permissions, sql};

/// What is out, newest first.
pub async fn public(app: &App, filter: &CallFilter, page: &PageRequest) -> Result<Page<Call>> {
    // What is not out is not there, whatever is asked for.
    let phase = filter.phase.clone().filter(|phase| matches!(phase.as_str(), "soon" | "open" | "over"));
    list(app, For::Public, &CallFilter { phase, ..filter.clone() }, page).await
}

/// What rests on an object of another module and is out, or was: newest first, at most twenty.
pub async fn resting_on(app: &App, basis: &Object) -> Result<Vec<Call>> {
    Ok(sql::call::resting_on(&app.db, basis, 20).await?)
}

/// The actor's office's, drafts among them, newest first.
pub async fn of_own_office(app: &App, actor: &Actor, filter: &CallFilter, page: &PageRequest) -> Result<Page<Call>> {
    let owner = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::READ, &Scope::owned_by(owner))?;
    list(app, For::Office(owner, app.clock.today()), filter, page).await
}

async fn list(app: &App, whose: For, filter: &CallFilter, page: &PageRequest) -> Result<Page<Call>> {
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::call::list(&app.db, whose, filter, app.clock.now(), after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// A call with its form, its files, and the name of whoever calls.
pub struct Read {
    /// The call.
    pub call: Call,
    /// The version of the form that counts.
    pub form: CallForm,
    /// Samples and attachments; the purpose of a sample is the name of its question.
    pub files: Vec<files::File>,
    /// The organisation that calls.
    pub owner: Text2,
}

/// A call that is out, or was.
pub async fn read_public(app: &App, id: CallId) -> Result<Read> {
    let call = sql::call::get(&app.db, id).await?;
    if call.state == CallState::Draft || call.published_at.is_none() {
        return Err(Error::NotFound);
    }
    whole(app, call).await
}

/// A call of the actor's office.
pub async fn read(app: &App, actor: &Actor, id: CallId) -> Result<Read> {
    let call = within_office(&app.db, actor, &permissions::READ, id, app.clock.today()).await?;
    whole(app, call).await
}

async fn whole(app: &App, call: Call) -> Result<Read> {
    let form = sql::call::form(&app.db, call.id, call.form_version).await?;
    let files = app.files.of(&app.db, &call_object(call.id)).await?;
    let owner = app.organization_name(call.owner).await;
    Ok(Read { call, form, files, owner })
}

/// How many applications of a call stand where: state, stage, number.
pub async fn counts(app: &App, actor: &Actor, id: CallId) -> Result<Vec<(String, String, i64)>> {
    within_office(&app.db, actor, &permissions::READ, id, app.clock.today()).await?;
    Ok(sql::call::counts(&app.db, id).await?)
}

/// What happened to a call, newest first.
pub async fn history(app: &App, actor: &Actor, id: CallId) -> Result<Vec<record::Entry>> {
    within_office(&app.db, actor, &permissions::READ, id, app.clock.today()).await?;
    Ok(record::history(&app.db, &call_object(id), &PageRequest::default()).await?.items)
}

/// Calls and the names of those who call, for lists of applications.
pub async fn titles(app: &App, ids: &[CallId]) -> Result<Vec<Call>> {
    Ok(sql::call::many(&app.db, ids).await?)
}

/// Names of organisations that call.
pub async fn owners(app: &App, calls: &[Call]) -> Result<Vec<(OrganizationId, Text2)>> {
    let mut ids: Vec<OrganizationId> = calls.iter().map(|call| call.owner).collect();
    ids.sort_unstable();
    ids.dedup();
    app.organization_names(&ids).await
}

/// How long until an instant, in whole seconds; none once it is past.
pub fn left(until: Option<Instant>, now: Instant) -> Option<i64> {
    until.map(|until| until.seconds_since(now)).filter(|seconds| *seconds > 0)
}
