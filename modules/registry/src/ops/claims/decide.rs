//! Checking a claim: granting it, sending it back, refusing it. Whoever made it does not check it; whether a second person
//! signs is a setting.

use access::NewGrant;
use cases::{Decision, Standing};
use jinmen_core::{Actor, Error, Object, Result, Role, Text2};
use module::App;
use serde::Deserialize;
use serde_json::json;
use store::Tx;

use super::{CHECK, DECISION, TASK, TASK_MEND, desk_page, object, own_page, tell_claimant, to_check};
use crate::model::{Claim, ClaimId, ClaimKind, ClaimState, NOTE_MOST, NewAffiliation, NewFact, required};
use crate::ops::{affiliate, record_facts, refresh};
use crate::sql;

/// What is decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The claimant acts for the organisation from now on.
    Approve,
    /// Something is to be mended.
    Return,
    /// No.
    Reject,
}

impl Outcome {
    fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Reject => "reject",
        }
    }

    fn state(self) -> ClaimState {
        match self {
            Self::Approve => ClaimState::Approved,
            Self::Return => ClaimState::Returned,
            Self::Reject => ClaimState::Rejected,
        }
    }
}

/// Decides a claim that was sent in. Returning and refusing say why. `seen` is what the claim was about when it was read:
/// where somebody else took the file over meanwhile, granting it would end their authorisation, and is refused.
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: ClaimId,
    seen: ClaimKind,
    outcome: Outcome,
    opinion: &str,
) -> Result<Standing> {
    let mut tx = app.db.begin().await?;
    let claim = to_check(&mut tx, actor, CHECK, id).await?;
    if claim.state != ClaimState::Submitted {
        return Err(Error::conflict("registry.claim_decided"));
    }
    if outcome == Outcome::Approve && seen != claim.kind {
        return Err(Error::conflict("registry.claim_meanwhile"));
    }
    let opinion = match outcome {
        Outcome::Approve => opinion.trim().to_owned(),
        _ => required("opinion", opinion, NOTE_MOST)?,
    };
    let colleagues = match claim.keeper {
        Some(keeper) => access::holders(&mut tx, Role::Secretariat, keeper, app.clock.today()).await?,
        None => Vec::new(),
    };
    let decision = Decision {
        kind: DECISION,
        // Sending something back is no decision on it.
        two: outcome != Outcome::Return && app.settings().takes_two(&DECISION),
        object: object(id),
        owner: claim.keeper,
        role: Role::Secretariat,
        outcome: outcome.code(),
        opinion: &opinion,
        prepared_by: &[claim.account],
        colleagues: &colleagues,
        link: desk_page(id),
        name: claim.organization_name.zh.clone(),
    };
    let standing = cases::sign(&mut tx, actor, app.clock.now(), decision).await?;
    if let Standing::Decided { alone } = standing {
        carry_out(app, &mut tx, actor, &claim, outcome, &opinion, alone).await?;
    }
    tx.commit().await?;
    Ok(standing)
}

async fn carry_out(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    claim: &Claim,
    outcome: Outcome,
    opinion: &str,
    alone: bool,
) -> Result<()> {
    let now = app.clock.now();
    let name = record_facts::name(actor);
    let from = [ClaimState::Submitted];
    if sql::claim::advance(tx, claim.id, &from, outcome.state(), opinion, &name, now).await? == 0 {
        return Err(Error::Stale);
    }
    cases::close_task(tx, actor, now, TASK, &object(claim.id)).await?;
    let message = match outcome {
        Outcome::Approve => {
            grant(app, tx, actor, claim, alone).await?;
            "notice-registry-claim-approved"
        }
        Outcome::Return => {
            let args = json!({ "name": claim.organization_name.zh });
            let waits = cases::WaitsFor::Person(claim.person);
            let task = cases::NewTask::new(TASK_MEND, object(claim.id), waits, own_page(claim.id), args);
            cases::open_task(tx, now, task).await?;
            "notice-registry-claim-returned"
        }
        Outcome::Reject => "notice-registry-claim-rejected",
    };
    tell_claimant(app, tx, claim, message, opinion).await?;
    let data = json!({ "number": claim.number, "outcome": outcome.code(), "opinion": opinion, "alone": alone });
    record::append(tx, actor, now, "registry.claim.decided", object(claim.id), data.clone()).await?;
    record::append(tx, actor, now, "registry.claim.decided", Object::from(claim.organization), data).await?;
    Ok(())
}

/// The claimant acts for the organisation; where the claim says so, those before do not any more.
async fn grant(app: &App, tx: &mut Tx, actor: &Actor, claim: &Claim, alone: bool) -> Result<()> {
    let now = app.clock.now();
    let ends_others = claim.kind.ends_others();
    if sql::claim::set_claimed(tx, claim.organization, Some(now), ends_others).await? == 0 {
        // Somebody else took over since this was read: now it is a claim against them.
        return Err(Error::conflict("registry.claim_meanwhile"));
    }
    if ends_others {
        end_authorisations(app, tx, actor, claim).await?;
    }
    let new = NewGrant::new(claim.person, Role::EnterpriseAdmin, Some(claim.organization))
        .during(None, claim.valid_until)
        .because(Some(claim.number.clone()));
    let given = access::grant_role(&app.access, tx, actor, new).await?;
    sql::claim::granted(tx, claim.id, given, alone).await?;
    sql::claim::set_uscc(tx, claim.organization, &claim.uscc).await.map_err(crate::ops::taken)?;
    sql::claim::end_letters(tx, &[claim.organization], now).await?;
    sql::claim::contest_others(tx, claim.organization, claim.id).await?;
    post(app, tx, actor, claim).await?;
    take_facts(app, tx, claim).await?;
    refresh::organizations(app, tx, &[claim.organization]).await
}

/// A new legal representative, or another administrator: what the former ones were given ends, and with it what their
/// deputies were.
async fn end_authorisations(app: &App, tx: &mut Tx, actor: &Actor, claim: &Claim) -> Result<()> {
    let roles = [Role::EnterpriseAdmin, Role::EnterpriseHandler];
    let held = access::grants_of_organization(&mut *tx, claim.organization).await?;
    let held = held.iter().filter(|grant| roles.contains(&grant.role) && grant.revoked_at.is_none());
    let mut people = Vec::new();
    for grant in held.filter(|grant| grant.deputy_of.is_none()) {
        access::revoke_within(&app.access, tx, actor, grant).await?;
        people.push(grant.person);
    }
    people.retain(|person| *person != claim.person);
    let args = json!({ "name": claim.organization_name.zh });
    let mut notice = notify::Notice::new(super::NOTICE, args).about(object(claim.id));
    notice.message_key = "notice-registry-claim-ended".into();
    notify::send(tx, app.clock.now(), &people, notice).await
}

/// The claimant is the organisation's contact, and its legal representative if the papers say so.
async fn post(app: &App, tx: &mut Tx, actor: &Actor, claim: &Claim) -> Result<()> {
    let kind = if claim.claimant_role == "representative" { "legal_representative" } else { "contact" };
    let there = sql::affiliation::of_organization(&mut *tx, claim.organization).await?;
    if kind == "legal_representative" {
        let others = there.iter().filter(|one| one.kind == kind && one.person != claim.person);
        for other in others {
            sql::affiliation::end(tx, other.id, app.clock.now()).await?;
        }
    }
    if there.iter().any(|one| one.kind == kind && one.person == claim.person) {
        return Ok(());
    }
    let new = NewAffiliation {
        person: claim.person,
        organization: claim.organization,
        kind: kind.into(),
        title: Text2::default(),
        letter: None,
        valid_from: None,
        valid_until: None,
    };
    affiliate::insert(app, tx, actor, &new, "verified").await.map(drop)
}

/// What the claimant wrote becomes facts, said by the claimant.
async fn take_facts(app: &App, tx: &mut Tx, claim: &Claim) -> Result<()> {
    let facts: Vec<NewFact> = sql::claim::facts(&mut *tx, claim.id)
        .await?
        .into_iter()
        .map(|(fact, _)| NewFact { source_note: claim.number.clone(), source_object: Some(object(claim.id)), ..fact })
        .collect();
    if facts.is_empty() {
        return Ok(());
    }
    let claimant = Actor::Person(Box::new(jinmen_core::SignedIn {
        account: claim.account,
        person: Some(claim.person),
        name: claim.claimant_name.clone(),
        locale: None,
        hats: Vec::new(),
        hat: None,
    }));
    record_facts::insert(app, tx, &claimant, &claim.organization.into(), facts).await.map(drop)
}
