//! Sending a claim in, and taking it back.

use jinmen_core::{Actor, Error, Fault, Object, Result, Role};
use module::App;
use serde_json::json;
use store::Tx;

use super::{AUTHORISATION, LICENSE, NOTICE, TASK, TASK_DUPLICATE, TASK_MEND, checkers, desk_page, object, own};
use crate::model::{CheckedClaim, Claim, ClaimDraft, ClaimId, ClaimKind, ClaimState, Organization};
use crate::ops::{find, refresh};
use crate::sql;

/// Sends a claim in to be checked.
///
/// # Errors
/// Every fault of the form at once; `registry.claim_other_code` where the file has another social credit code, and
/// `registry.claim_other_file` where the code belongs to another file: then whoever keeps both gets a task to join them.
pub async fn submit(app: &App, actor: &Actor, id: ClaimId, draft: &ClaimDraft) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let claim = own(&mut tx, actor, id).await?;
    if !claim.state.is_with_claimant() {
        return Err(Error::conflict("registry.claim_closed"));
    }
    let papers = app.files.of(&mut tx, &object(id)).await?;
    let has = |purpose: &str| papers.iter().any(|file| file.purpose == purpose);
    let mut faults = jinmen_core::Faults::new();
    if !has(LICENSE) {
        faults.push(Fault::at(LICENSE, "registry.claim_license"));
    }
    if draft.role != "representative" && !has(AUTHORISATION) {
        faults.push(Fault::at(AUTHORISATION, "registry.claim_authorisation"));
    }
    let checked = match draft.parse(app.clock.today()) {
        Ok(checked) => Some(checked),
        Err(Error::Invalid(wrong)) => {
            wrong.into_iter().for_each(|fault| faults.push(fault));
            None
        }
        Err(other) => return Err(other),
    };
    faults.check()?;
    let checked = checked.ok_or(Error::NotFound)?;
    let file = sql::organization::get(&mut tx, claim.organization).await?;
    if let Err(error) = same_body(&mut tx, &file, &checked).await {
        // That a code belongs elsewhere is worth knowing even though the claim is refused.
        if let Error::Invalid(faults) = &error
            && faults.iter().any(|fault| fault.code == "registry.claim_other_file")
        {
            ask_to_join(app, &mut tx, &claim, &checked).await?;
            tx.commit().await?;
        }
        return Err(error);
    }
    send(app, &mut tx, actor, &claim, &file, &checked, &draft.kind).await?;
    tx.commit().await?;
    Ok(())
}

/// The code that was typed must be the file's; a file without one may take it, unless it is another's.
async fn same_body(tx: &mut Tx, file: &Organization, checked: &CheckedClaim) -> Result<()> {
    match file.uscc {
        Some(code) if code == checked.uscc => Ok(()),
        Some(_) => Err(Error::field("uscc", "registry.claim_other_code")),
        None => match sql::organization::by_uscc(tx, &checked.uscc).await? {
            Some(other) => {
                Err(Fault::at("uscc", "registry.claim_other_file").with("name", other.name.zh.clone()).into())
            }
            None => Ok(()),
        },
    }
}

async fn ask_to_join(app: &App, tx: &mut Tx, claim: &Claim, checked: &CheckedClaim) -> Result<()> {
    let other = find::organization(&mut *tx, checked.uscc.as_str()).await?;
    let link = format!(
        "/work/organizations/{}/merge?other={}",
        claim.organization,
        other.map(|id| id.text()).unwrap_or_default()
    );
    let args = json!({ "name": claim.organization_name.zh, "uscc": checked.uscc.as_str() });
    let task = cases::NewTask::new(TASK_DUPLICATE, claim.organization, checkers(claim), link, args);
    cases::open_task(tx, app.clock.now(), task).await?;
    Ok(())
}

async fn send(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    claim: &Claim,
    file: &Organization,
    checked: &CheckedClaim,
    wanted: &str,
) -> Result<()> {
    let now = app.clock.now();
    let kind = match (file.claimed_at, wanted) {
        (None, _) => ClaimKind::TakeOver,
        (Some(_), "representative") => ClaimKind::Representative,
        (Some(_), _) if claim.kind == ClaimKind::Representative && wanted.is_empty() => ClaimKind::Representative,
        (Some(_), _) => ClaimKind::Transfer,
    };
    if sql::claim::submit(tx, claim.id, kind, checked, now).await? == 0 {
        return Err(Error::Stale);
    }
    name_claimant(app, tx, actor, claim, &checked.name).await?;
    let args = json!({ "name": claim.organization_name.zh, "claimant": checked.name });
    let task = cases::NewTask::new(TASK, object(claim.id), checkers(claim), desk_page(claim.id), args.clone());
    cases::open_task(tx, now, task).await?;
    cases::close_task(tx, actor, now, TASK_MEND, &object(claim.id)).await?;
    if kind.ends_others() {
        warn_holders(app, tx, claim, &args).await?;
    }
    let data = json!({ "number": claim.number, "kind": kind.code() });
    record::append(tx, actor, now, "registry.claim.submitted", object(claim.id), data.clone()).await?;
    record::append(tx, actor, now, "registry.claim.submitted", Object::from(claim.organization), data).await?;
    Ok(())
}

/// Somebody who came in by a letter says their name here for the first time.
async fn name_claimant(app: &App, tx: &mut Tx, actor: &Actor, claim: &Claim, name: &str) -> Result<()> {
    let person = sql::person::get(&mut *tx, claim.person).await?;
    if person.name.zh != "—" {
        return Ok(());
    }
    let now = app.clock.now();
    sql::person::set_name(tx, claim.person, name, now).await?;
    access::set_display_name(tx, claim.account, name).await?;
    refresh::subject(app, tx, &claim.person.into()).await?;
    record::append(tx, actor, now, "registry.person.edited", claim.person, json!({})).await?;
    Ok(())
}

/// Those who act for the organisation hear that somebody else claims it, before anything is decided.
async fn warn_holders(app: &App, tx: &mut Tx, claim: &Claim, args: &serde_json::Value) -> Result<()> {
    let roles = [Role::EnterpriseAdmin];
    let acting = access::acting_for(&mut *tx, &[claim.organization], &roles, None, app.clock.today()).await?;
    let people: Vec<_> = acting.into_iter().map(|(_, person)| person).filter(|one| *one != claim.person).collect();
    let mut notice = notify::Notice::new(NOTICE, args.clone())
        .link(format!("/work/organizations/{}/handlers", claim.organization))
        .about(object(claim.id));
    notice.message_key = "notice-registry-claim-contested".into();
    notify::send(tx, app.clock.now(), &people, notice).await
}

/// Takes a claim back.
pub async fn withdraw(app: &App, actor: &Actor, id: ClaimId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let claim = own(&mut tx, actor, id).await?;
    let now = app.clock.now();
    let open = [ClaimState::Draft, ClaimState::Submitted, ClaimState::Returned];
    let name = actor.signed_in()?.name.clone();
    if sql::claim::advance(&mut tx, id, &open, ClaimState::Withdrawn, "", &name, now).await? == 0 {
        return Err(Error::conflict("registry.claim_closed"));
    }
    cases::close_tasks_on(&mut tx, actor, now, &object(id)).await?;
    let data = json!({ "number": claim.number });
    record::append(&mut tx, actor, now, "registry.claim.withdrawn", object(id), data).await?;
    tx.commit().await?;
    Ok(())
}
