//! What a claimant writes before the claim is checked: kept beside the file, published nowhere, facts only once the claim
//! is granted.

use files::{FileId, Stored};
use jinmen_core::{Actor, Error, Result};
use module::App;
use serde_json::json;

use super::{AUTHORISATION, LICENSE, object, own};
use crate::dictionary::Sensitivity;
use crate::model::{ClaimId, NewFact};
use crate::sql;

/// Keys that a claimant may fill in at once: what one knows by heart, nothing that belongs to a person.
pub const KEYS: [&str; 8] = [
    "main_business",
    "main_products",
    "office_address",
    "headcount",
    "tech_fields",
    "needs_summary",
    "offers_summary",
    "founded_on",
];

/// Says something about the organisation, before one may act for it.
pub async fn declare(app: &App, actor: &Actor, id: ClaimId, facts: Vec<NewFact>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let claim = own(&mut tx, actor, id).await?;
    if !claim.state.is_open() {
        return Err(Error::conflict("registry.claim_closed"));
    }
    let personal = |fact: &NewFact| matches!(fact.key.sensitivity, Sensitivity::Personal | Sensitivity::Sensitive);
    if facts.iter().any(|fact| !KEYS.contains(&fact.key.key.as_str()) || personal(fact)) {
        return Err(Error::field("key", "registry.fact_key"));
    }
    let now = app.clock.now();
    for fact in &facts {
        sql::claim::put_fact(&mut tx, id, fact, now).await?;
    }
    let keys: Vec<&str> = facts.iter().map(|fact| fact.key.key.as_str()).collect();
    record::append(&mut tx, actor, now, "registry.claim.filled", object(id), json!({ "keys": keys })).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds a paper to a claim; a newer one of the same purpose takes the place of the older.
pub async fn attach(
    app: &App,
    actor: &Actor,
    id: ClaimId,
    purpose: &'static str,
    name: &str,
    stored: Stored,
) -> Result<FileId> {
    let mut tx = app.db.begin().await?;
    let claim = own(&mut tx, actor, id).await?;
    if !claim.state.is_with_claimant() {
        return Err(Error::conflict("registry.claim_closed"));
    }
    let now = app.clock.now();
    let before = app.files.of(&mut tx, &object(id)).await?;
    for old in before.iter().filter(|file| file.purpose == purpose) {
        cases::detach(&app.files, &mut tx, actor, now, old.id).await?;
    }
    let new = cases::NewAttachment { object: object(id), purpose: purpose.into(), name: name.to_owned(), stored };
    let file = cases::attach(&app.files, &mut tx, actor, now, new).await?;
    if !file.media_type.starts_with("image/") && file.media_type != "application/pdf" {
        return Err(Error::field(purpose, "registry.claim_paper_kind"));
    }
    tx.commit().await?;
    Ok(file.id)
}

/// The purpose of a paper by the name of its field.
pub fn purpose(field: &str) -> Option<&'static str> {
    [LICENSE, AUTHORISATION].into_iter().find(|purpose| *purpose == field)
}
