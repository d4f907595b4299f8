//! Consent, purpose by purpose. Only the person gives it; withdrawing is as easy as giving.

use jinmen_core::{Actor, Error, PersonId, Result};
use module::App;
use serde_json::json;

use crate::model::{Consent, choice};
use crate::sql;

/// The version of the wording that people agree to now.
pub const WORDING: i64 = 1;

/// Gives or withdraws one's own consent for a purpose.
pub async fn set_consent(app: &App, actor: &Actor, purpose: &str, given: bool) -> Result<()> {
    let person = actor.person().ok_or(Error::SignIn)?;
    let purpose = choice("purpose", "consent_purpose", purpose)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let changed = if given {
        sql::consent::give(&mut tx, person, &purpose, WORDING, now).await?
    } else {
        sql::consent::withdraw(&mut tx, person, &purpose, now).await?
    };
    if changed > 0 {
        let action = if given { "registry.consent.given" } else { "registry.consent.withdrawn" };
        record::append(&mut tx, actor, now, action, person, json!({ "purpose": purpose, "wording": WORDING })).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The consents of a person, past and present. The caller has asked about the person.
pub async fn consents(app: &App, person: PersonId) -> Result<Vec<Consent>> {
    Ok(sql::consent::of(&app.db, person).await?)
}
