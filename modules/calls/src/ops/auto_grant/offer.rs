//! What a firm is offered, as its people see it.

use jinmen_core::{Actor, Error, OrganizationId, Permission, Result, Scope};
use module::App;
use serde_json::Value;
use store::Conn;

use super::super::{loaded, own_subject};
use super::{SECRET, proof};
use crate::form::{Form, Format, Kind};
use crate::model::{Account, Application, Call, GrantLine, GrantLineId};
use crate::{permissions, sql};

/// What a firm is offered.
pub struct Offer {
    /// The line.
    pub line: GrantLine,
    /// Its call.
    pub call: Call,
    /// What the rule said of the firm when it was asked, with its proof.
    pub proof: Value,
    /// What is known of the firm's account, or what it gave.
    pub account: Account,
    /// What came of it.
    pub application: Option<Application>,
}

/// A line of whoever the actor acts for that it was asked about.
///
/// # Errors
/// Not found for those of others, and for what the office still checks.
pub(super) async fn own<'a>(
    conn: impl Into<Conn<'a>>,
    actor: &Actor,
    permission: &Permission,
    id: GrantLineId,
) -> Result<GrantLine> {
    actor.may_somewhere(permission)?;
    let line = sql::auto_grant::line(conn, id).await?;
    actor.may(permission, &Scope::about(line.organization, Vec::new()))?;
    if line.asked == 0 {
        return Err(Error::NotFound);
    }
    Ok(line)
}

/// What a firm is offered, for those who act for it.
pub async fn offer(app: &App, actor: &Actor, id: GrantLineId) -> Result<Offer> {
    let line = own(&app.db, actor, &permissions::OWN, id).await?;
    let call = sql::call::get(&app.db, line.call).await?;
    let proof = proof(app, &call, &line).await?;
    let account = match &line.account {
        Some(sealed) => opened(app, sealed)?,
        None => known(app, &app.db, line.organization).await?,
    };
    let application = match line.application {
        Some(id) => Some(sql::application::get(&app.db, id).await?),
        None => None,
    };
    Ok(Offer { line, call, proof, account, application })
}

/// What the firm of the actor is and was offered, newest first, each with its call; nothing for whoever acts for none.
pub async fn mine(app: &App, actor: &Actor) -> Result<Vec<(GrantLine, Call)>> {
    let payments::Subject::Organization(own) = own_subject(actor, &permissions::OWN)? else { return Ok(Vec::new()) };
    let lines = sql::auto_grant::of_organization(&app.db, own).await?;
    let mut ids: Vec<_> = lines.iter().map(|line| line.call).collect();
    ids.sort_unstable();
    ids.dedup();
    let calls = sql::call::many(&app.db, &ids).await?;
    let with = |line: GrantLine| {
        let call = calls.iter().find(|call| call.id == line.call)?.clone();
        Some((line, call))
    };
    Ok(lines.into_iter().filter_map(with).collect())
}

pub(super) fn opened(app: &App, sealed: &[u8]) -> Result<Account> {
    Ok(serde_json::from_str(&app.vault.open(SECRET, sealed)?)?)
}

/// The account that a firm gave last: confirming an offer, else in an application.
pub(super) async fn known<'a>(app: &App, conn: impl Into<Conn<'a>>, firm: OrganizationId) -> Result<Account> {
    let mut conn = conn.into();
    if let Some(sealed) = sql::auto_grant::last_account(conn.again(), firm).await? {
        return opened(app, &sealed);
    }
    /// Applications that are looked through, the newest first.
    const SOME: i64 = 3;
    for (id, call, version) in sql::auto_grant::last_applications(conn.again(), firm, SOME).await? {
        let form = loaded::form(conn.again(), call, version).await?;
        let account = of_answers(app, &form, sql::answer::of(conn.again(), id).await?)?;
        if !account.number.is_empty() {
            return Ok(account);
        }
    }
    Ok(Account::default())
}

/// What was answered to the questions for an account.
fn of_answers(app: &App, form: &Form, answers: Vec<sql::answer::Answer>) -> Result<Account> {
    let mut account = Account::default();
    for answer in answers {
        let Some(field) = form.field(&answer.path) else { continue };
        let text = match answer.sealed {
            Some(bytes) => app.vault.open(super::super::loaded::SECRET, &bytes)?,
            None => answer.typed.into_iter().next().unwrap_or_default(),
        };
        match (&field.kind, asks_bank(field)) {
            (Kind::Text { format: Some(Format::Account), .. }, _) => {
                account.number = crate::form::account(&text).unwrap_or_default();
            }
            (Kind::Text { .. }, true) => account.bank = text.trim().to_owned(),
            _ => {}
        }
    }
    Ok(account)
}

/// Whether a question asks for the bank of an account.
pub(super) fn asks_bank(field: &crate::form::Field) -> bool {
    field.name == "bank" || field.title.zh.contains("开户")
}
