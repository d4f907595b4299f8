//! An invitation is a link that lets one person set the password of one account, once.

use jinmen_core::{AccountId, Actor, Error, Fault, Instant, Result};
use serde_json::json;

use crate::{Access, Account, Entry, Token, password, second, sql, told};

/// An invitation lives two weeks.
const LIVES_SECONDS: i64 = 14 * 86_400;

/// An invitation that may still be used.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its identifier.
    pub id: String,
    /// The account it is for.
    pub account: Account,
    /// Until when.
    pub expires_at: Instant,
}

/// Makes an invitation; earlier ones of the account end. The token is shown once.
pub async fn invite(access: &Access, actor: &Actor, account: AccountId) -> Result<Token> {
    let now = access.clock.now();
    let token = Token::random();
    let id = jinmen_core::id::RawId::now_v7().to_string();
    let mut tx = access.db.begin().await?;
    sql::close_invitations(&mut tx, account, now).await?;
    sql::insert_invitation(
        &mut tx,
        &id,
        &token.digest(),
        account,
        actor.account(),
        now,
        now.plus_seconds(LIVES_SECONDS),
    )
    .await?;
    record::append(&mut tx, actor, now, "access.account.invited", account, json!({})).await?;
    tx.commit().await?;
    Ok(token)
}

/// The invitation behind a token; [`Error::NotFound`] if it was used, has ended or never was.
pub async fn invited(access: &Access, token: &Token) -> Result<Invitation> {
    let now = access.clock.now();
    let (id, account, expires_at) = sql::find_invitation(&access.db, &token.digest(), now).await?;
    let account = sql::find_account(&access.db, &account).await?;
    Ok(Invitation { id, account, expires_at })
}

/// Uses an invitation: sets the password and lets its person in, or asks for the second proof. Of two who use it at
/// once, one is refused.
pub async fn accept_invitation(
    access: &Access,
    token: &Token,
    new_password: &str,
    device: &str,
    address: &str,
) -> Result<Entry> {
    let invitation = invited(access, token).await?;
    password::check(new_password, &invitation.account.name).map_err(|fault: Fault| Error::Invalid(vec![fault]))?;
    let hash = access.passwords.hash(new_password).await?;
    let now = access.clock.now();
    let account = invitation.account.id;
    let mut tx = access.db.begin().await?;
    if sql::use_invitation(&mut tx, &invitation.id, now).await? == 0 {
        return Err(Error::NotFound);
    }
    sql::set_password(&mut tx, account, &hash, now).await?;
    sql::revoke_sessions(&mut tx, account, None, now).await?;
    let actor = Actor::Person(Box::new(sql::bare_person(&mut tx, account).await?));
    crate::api_tokens::end_tokens(access, &mut tx, &actor, account, now).await?;
    record::append(&mut tx, &actor, now, "access.invitation.accepted", account, json!({})).await?;
    if invitation.account.has_password {
        told::owner(&mut tx, account, now, "password", json!({})).await?;
    }
    let entry = second::admit(access, &mut tx, account, device, address).await?;
    tx.commit().await?;
    Ok(entry)
}
