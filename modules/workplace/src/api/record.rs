//! The record of what was done, for those who audit.

use axum::extract::State;
use module::{Answer, App, Query, Visit};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Refusals;
use crate::ops;
use crate::ops::record::Typed;

/// Which entries.
#[derive(Deserialize, IntoParams)]
pub struct Asked {
    /// Actions that begin with this.
    #[serde(default)]
    #[param(example = "access.role")]
    action: String,
    /// From this day on.
    #[serde(default)]
    #[param(example = "2026-01-01")]
    since: String,
    /// To this day, that day included.
    #[serde(default)]
    until: String,
    /// An account's name or identifier.
    #[serde(default)]
    account: String,
    /// The `next` of the page before.
    after: Option<String>,
    /// Rows wanted, 1 to 200; 50 unless given.
    limit: Option<u32>,
}

/// A page of entries.
#[derive(Serialize, ToSchema)]
pub struct Entries {
    /// Newest first.
    items: Vec<EntryOut>,
    /// Send it as `after` to read on; absent on the last page.
    next: Option<String>,
}

/// Something that was done.
#[derive(Serialize, ToSchema)]
pub struct EntryOut {
    /// Its identifier, in order of time.
    id: String,
    /// When.
    #[schema(example = "2026-05-18T09:30:00+08:00")]
    at: String,
    /// What, as a stable code.
    #[schema(example = "access.role.granted")]
    action: String,
    /// What, in words.
    text: String,
    /// `person`, `system` or `nobody`.
    #[schema(example = "person")]
    actor_kind: String,
    /// Who, as they were called then.
    #[schema(example = "王芳")]
    actor: String,
    /// The account.
    account: Option<String>,
    /// The role worn.
    #[schema(example = "system_admin")]
    role: Option<String>,
    /// The kind of thing it was done to.
    #[schema(example = "person")]
    object_kind: String,
    /// Which.
    object_id: String,
    /// With which data; absent once it was deleted.
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
    /// Its place in the record, from 0, as `/record/proof/{number}` takes it; absent for the moment until it has one.
    #[schema(example = 1042)]
    number: Option<i64>,
}

/// What was done.
#[utoipa::path(get, path = "/record", tag = "work", params(Asked), responses((status = 200, body = Entries, description = "Entries of the record"), Refusals))]
pub async fn work_record(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Answer<axum::Json<Entries>> {
    let t = app.words(visit.locale);
    let typed = Typed { action: asked.action, since: asked.since, until: asked.until, account: asked.account };
    let filter = ops::record::filter(&app, &typed).await?;
    let request = jinmen_core::PageRequest { after: asked.after, limit: asked.limit };
    let page = ops::record::list(&app, &visit, &filter, &request).await?;
    let out = |entry: record::Entry| EntryOut {
        id: entry.id.text(),
        at: entry.at.to_rfc3339(),
        text: crate::pages::what(&t, &entry),
        action: entry.action,
        actor_kind: entry.actor.kind,
        actor: entry.actor.name,
        account: entry.actor.account,
        role: entry.actor.role,
        object_kind: entry.object.kind,
        object_id: entry.object.id,
        number: entry.number,
        data: entry.data,
    };
    Ok(axum::Json(Entries { items: page.items.into_iter().map(out).collect(), next: page.next }))
}
