//! Taking back a claim that was granted by mistake: the file is nobody's again, and what the wrong person declared is no
//! longer held.

use jinmen_core::{Actor, Error, Object, Result};
use module::App;
use serde_json::json;

use super::{CHECK, object, tell_claimant, to_check};
use crate::model::{ClaimId, ClaimState, NOTE_MOST, required};
use crate::ops::{record_facts, refresh};
use crate::sql;

/// Releases a file from a claim.
pub async fn release(app: &App, actor: &Actor, id: ClaimId, reason: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let claim = to_check(&mut tx, actor, CHECK, id).await?;
    let reason = required("opinion", reason, NOTE_MOST)?;
    if actor.account() == Some(claim.account) {
        return Err(Error::conflict("cases.own_work"));
    }
    let now = app.clock.now();
    let name = record_facts::name(actor);
    let from = [ClaimState::Approved];
    if sql::claim::advance(&mut tx, id, &from, ClaimState::Released, &reason, &name, now).await? == 0 {
        return Err(Error::conflict("registry.claim_not_granted"));
    }
    let given = match claim.grant {
        Some(grant) => Some(access::grant(&mut tx, grant).await?),
        None => None,
    };
    if let Some(given) = given.filter(|grant| grant.revoked_at.is_none()) {
        access::revoke_within(&app.access, &mut tx, actor, &given).await?;
    }
    let today = app.clock.today();
    let others = access::holders(&mut tx, jinmen_core::Role::EnterpriseAdmin, claim.organization, today).await?;
    if others.is_empty() {
        sql::claim::set_claimed(&mut tx, claim.organization, None, true).await?;
    }
    let since = claim.decided_at.or(claim.submitted_at).unwrap_or(claim.created_at);
    let withdrawn = sql::fact::withdraw_declared(
        &mut tx,
        &claim.organization.into(),
        claim.account,
        since,
        actor.account(),
        &reason,
        now,
    )
    .await?;
    let posts = sql::affiliation::of_organization(&mut tx, claim.organization).await?;
    for post in posts.iter().filter(|post| post.person == claim.person && post.source == "verified") {
        sql::affiliation::end(&mut tx, post.id, now).await?;
    }
    refresh::organizations(app, &mut tx, &[claim.organization]).await?;
    tell_claimant(app, &mut tx, &claim, "notice-registry-claim-released", &reason).await?;
    let data = json!({ "number": claim.number, "reason": reason, "facts_withdrawn": withdrawn });
    record::append(&mut tx, actor, now, "registry.claim.released", object(id), data.clone()).await?;
    record::append(&mut tx, actor, now, "registry.claim.released", Object::from(claim.organization), data).await?;
    tx.commit().await?;
    Ok(())
}
