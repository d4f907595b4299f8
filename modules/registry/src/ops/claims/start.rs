//! Beginning a claim.

use jinmen_core::codes::Uscc;
use jinmen_core::{Actor, Error, Fault, Object, OrganizationId, Result, Role};
use module::App;
use serde_json::json;

use super::{letters, object};
use crate::model::{Claim, ClaimId, ClaimKind, ClaimState, LetterId};
use crate::sql;

/// Claims that one account may have open.
const OPEN_MOST: usize = 5;

/// Begins a claim with a letter, or goes on with the one that is there.
pub async fn by_letter(app: &App, actor: &Actor, address: &str, code: &str) -> Result<ClaimId> {
    actor.signed_in()?;
    let letter = letters::presented(app, address, code).await?;
    begin(app, actor, letter.organization, Some(letter.id)).await
}

/// Begins a claim without a letter, by the organisation's code. Whether there is a file is no secret: it can be seen on
/// the public register; who acts for it is not said.
pub async fn by_uscc(app: &App, actor: &Actor, typed: &str) -> Result<ClaimId> {
    actor.signed_in()?;
    let code = Uscc::parse(typed).map_err(|fault| Fault::of("uscc", &fault))?;
    let known = sql::organization::by_uscc(&app.db, &code).await?.filter(|known| known.active);
    let known = known.ok_or_else(|| Error::field("uscc", "registry.claim_no_file"))?;
    begin(app, actor, known.id, None).await
}

async fn begin(app: &App, actor: &Actor, organization: OrganizationId, letter: Option<LetterId>) -> Result<ClaimId> {
    let me = actor.signed_in()?.clone();
    let person = me.person.ok_or(Error::SignIn)?;
    let mut tx = app.db.begin().await?;
    if let Some(open) = sql::claim::open_of(&mut tx, organization, me.account).await? {
        return Ok(open.id);
    }
    let held = access::grants_of_person(&mut tx, person).await?;
    let today = app.clock.today();
    let acts = held.iter().any(|grant| {
        grant.organization == Some(organization) && grant.role == Role::EnterpriseAdmin && grant.holds_on(today)
    });
    let known = sql::organization::get(&mut tx, organization).await?;
    // Whoever acts for it may still say that the legal representative changed.
    let kind = match known.claimed_at {
        None => ClaimKind::TakeOver,
        Some(_) if acts => ClaimKind::Representative,
        Some(_) => ClaimKind::Transfer,
    };
    let open = sql::claim::of_account(&app.db, me.account).await?;
    if open.iter().filter(|claim| claim.state.is_open()).count() >= OPEN_MOST {
        return Err(Error::conflict("registry.claims_open"));
    }
    let now = app.clock.now();
    let id = ClaimId::new();
    let name = sql::person::get(&mut tx, person).await.map(|person| person.name.zh).unwrap_or_default();
    let claim = Claim {
        id,
        number: cases::next_number(&mut tx, "RL", today.year()).await?,
        organization,
        organization_name: known.name.clone(),
        keeper: known.keeper,
        by_letter: letter.is_some(),
        kind,
        account: me.account,
        person,
        claimant_name: name,
        claimant_role: String::new(),
        uscc: String::new(),
        representative: String::new(),
        valid_until: None,
        note: String::new(),
        state: ClaimState::Draft,
        opinion: String::new(),
        alone: false,
        grant: None,
        created_at: now,
        submitted_at: None,
        decided_at: None,
        decided_name: String::new(),
    };
    sql::claim::insert(&mut tx, &claim, letter).await.map_err(|error| match error {
        error if error.is_unique("claim_organization_id_account_id") => Error::conflict("registry.claim_there"),
        other => other.into(),
    })?;
    let data = json!({ "number": claim.number, "organization": organization.text(), "letter": letter.is_some() });
    record::append(&mut tx, actor, now, "registry.claim.begun", object(id), data.clone()).await?;
    record::append(&mut tx, actor, now, "registry.claim.begun", Object::from(organization), data).await?;
    tx.commit().await?;
    Ok(id)
}
