//! Taking over a file (认领). An imported organisation is claimed by somebody of its own: with a letter or without, with
//! its social credit code, its licence and a stamped authorisation; somebody else checks. Until then what the claimant
//! writes is kept beside the file and published nowhere.

pub mod decide;
pub mod fill;
pub mod letters;
pub mod read;
pub mod release;
pub mod start;
pub mod submit;

use cases::DecisionKind;
use jinmen_core::{Actor, Error, Object, Result, Role, Scope};
use module::App;
use store::Conn;

use crate::model::{Claim, ClaimId};
use crate::{permissions, sql};

/// Whether to grant a claim.
pub const DECISION: DecisionKind = DecisionKind { code: "registry.claim", two_by_default: false };
/// The kind of task of whoever checks claims.
pub const TASK: &str = "registry.claim";
/// The kind of task of a claimant whose claim came back.
pub const TASK_MEND: &str = "registry.claim_mend";
/// The kind of task that two files may be of one body.
pub const TASK_DUPLICATE: &str = "registry.duplicate";
/// What became of a claim, and that somebody claims one's file.
pub const NOTICE: notify::NoticeKind = notify::NoticeKind::mailed("registry.claim");

/// The licence in the files of a claim.
pub const LICENSE: &str = "license";
/// The stamped authorisation in the files of a claim.
pub const AUTHORISATION: &str = "authorisation";

/// A claim as an object of tasks, files and the record.
pub(crate) fn object(id: ClaimId) -> Object {
    Object { kind: "claim".into(), id: id.text() }
}

/// The page of the one who checks.
pub(crate) fn desk_page(id: ClaimId) -> String {
    format!("/work/claims/{id}")
}

/// The page of the claimant.
pub(crate) fn own_page(id: ClaimId) -> String {
    format!("/claims/{id}")
}

/// A claim of the actor's own.
async fn own<'a>(conn: impl Into<Conn<'a>>, actor: &Actor, id: ClaimId) -> Result<Claim> {
    let account = actor.signed_in()?.account;
    let claim = sql::claim::get(conn, id).await?;
    if claim.account == account { Ok(claim) } else { Err(Error::NotFound) }
}

/// A claim that the actor may check.
async fn to_check<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &jinmen_core::Permission,
    id: ClaimId,
) -> Result<Claim> {
    let claim = sql::claim::get(conn, id).await.map_err(|error| super::hidden(actor, error))?;
    actor.may(permission, &scope(&claim))?;
    Ok(claim)
}

fn scope(claim: &Claim) -> Scope {
    claim.keeper.map(Scope::owned_by).unwrap_or_default()
}

/// Whom a claim waits for.
fn checkers(claim: &Claim) -> cases::WaitsFor {
    match claim.keeper {
        Some(keeper) => cases::WaitsFor::Role(Role::Secretariat, keeper),
        None => cases::WaitsFor::AnyOf(Role::SystemAdmin),
    }
}

/// Tells the claimant, in the inbox and by mail as they prefer.
async fn tell_claimant(app: &App, tx: &mut store::Tx, claim: &Claim, message: &str, text: &str) -> Result<()> {
    let now = app.clock.now();
    let args = serde_json::json!({ "name": claim.organization_name.zh, "text": text });
    let mut notice = notify::Notice::new(NOTICE, args).link(own_page(claim.id)).about(object(claim.id));
    notice.message_key = message.to_owned();
    notify::send(tx, now, &[claim.person], notice).await
}

/// The route's permission to check, for those who keep files.
pub(crate) const CHECK: &jinmen_core::Permission = &permissions::CHECK_CLAIM;
