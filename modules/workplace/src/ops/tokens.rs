//! Tokens with which programs act in one's place.

use std::collections::BTreeMap;

use access::{ApiSecret, ApiToken, NewApiToken};
use jinmen_core::{Area, Areas, Fault, GrantId, Hat, Result, Text2, areas};
use module::{App, RouteKind, Visit};

use crate::permissions;

/// The lives to choose from, in days.
pub const LIVES: [i64; 5] = [7, 30, access::TOKEN_DAYS, 180, access::MOST_TOKEN_DAYS];

/// What one sees of one's tokens.
pub struct Own {
    /// In force, the newest first.
    pub tokens: Vec<ApiToken>,
    /// The hats that a token may wear, with the names of their organisations.
    pub hats: Vec<(Hat, Option<Text2>)>,
    /// What it may be made for.
    pub areas: Vec<Area>,
    /// Whether the password is asked for.
    pub has_password: bool,
}

/// A token as it was typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct TypedToken {
    /// What it is for.
    pub name: String,
    /// The hat, by its grant.
    pub hat: String,
    /// The areas.
    pub scopes: Vec<String>,
    /// How long it lives, in days.
    pub days: String,
    /// The password once more.
    pub old: String,
    /// The token of the form.
    pub form_token: String,
}

/// Reads them.
pub async fn read(app: &App, visit: &Visit) -> Result<Own> {
    visit.actor.may_somewhere(&permissions::OWN_ACCESS)?;
    let person = visit.actor.signed_in()?;
    let account = access::find_account(&app.db, &person.account.text()).await?;
    let ids: Vec<_> = person.hats.iter().filter_map(|hat| hat.organization).collect();
    let names = match app.directory() {
        Some(directory) if !ids.is_empty() => directory.organizations(app, &ids).await?,
        _ => Vec::new(),
    };
    let named = |hat: &Hat| {
        let name = names.iter().find(|(id, _)| Some(*id) == hat.organization).map(|(_, name)| name.clone());
        (hat.clone(), name)
    };
    Ok(Own {
        tokens: access::tokens_of(&app.access, person.account).await?,
        areas: areas_of(app, &person.hats),
        hats: person.hats.iter().map(named).collect(),
        has_password: account.has_password,
    })
}

/// What a program can do under any of some hats: reading everything, and each area of the API, as its routes have it.
fn areas_of(app: &App, hats: &[Hat]) -> Vec<Area> {
    let mut writes: BTreeMap<&str, bool> = BTreeMap::new();
    for route in app.routes.iter().filter(|route| route.kind == RouteKind::Api && !route.permission.in_person) {
        let open = route.permission.public || route.permission.signed_in;
        if open || hats.iter().any(|hat| route.permission.reach_of(hat.role).is_some()) {
            *writes.entry(route.permission.area()).or_default() |= !route.reads();
        }
    }
    let every = Area { name: areas::EVERY.to_owned(), write: false };
    let each = writes.into_iter().flat_map(|(name, writes)| {
        let area = |write| Area { name: name.to_owned(), write };
        [Some(area(false)), writes.then(|| area(true))].into_iter().flatten()
    });
    std::iter::once(every).chain(each).collect()
}

/// Makes one, after the password was given again.
pub async fn make(app: &App, visit: &Visit, typed: &TypedToken) -> Result<ApiSecret> {
    visit.actor.may_somewhere(&permissions::OWN_ACCESS)?;
    let session = visit.session()?;
    let offered = areas_of(app, &session.person.hats);
    let wanted: Vec<Area> = offered.into_iter().filter(|area| typed.scopes.contains(&area.to_string())).collect();
    if wanted.len() != typed.scopes.len() {
        return Err(Fault::at("scopes", "core.choice").into());
    }
    let days = typed.days.parse().ok().filter(|days| LIVES.contains(days));
    let new = NewApiToken {
        name: typed.name.clone(),
        grant: typed.hat.parse::<GrantId>().map_err(|_| Fault::at("hat", "core.choice"))?,
        areas: Areas::Only(wanted),
        days: days.ok_or_else(|| Fault::at("days", "core.choice"))?,
    };
    access::prove_again(&app.access, session, &typed.old, &visit.address).await?;
    access::make_token(&app.access, &visit.actor, new).await
}

/// Ends one.
pub async fn revoke(app: &App, visit: &Visit, id: &str) -> Result<()> {
    visit.actor.may_somewhere(&permissions::OWN_ACCESS)?;
    access::revoke_token(&app.access, &visit.actor, id).await
}
