//! A link in a message opens something for the holder of one number, once. It says whom it is for before it does
//! anything, and it does nothing without a code that comes to that number: forwarded, it is worth nothing.

use jinmen_core::codes::MobileNumber;
use jinmen_core::{AccountId, Actor, Instant, Object, Result, Text2};
use serde_json::json;
use store::Tx;

use crate::{Access, Token, Vault, codes, sql};

/// A link lives two weeks.
const LIVES_SECONDS: i64 = 14 * 86_400;

/// A link that may still be used.
pub struct Link {
    pub(crate) id: String,
    /// The number it is for.
    pub mobile: MobileNumber,
    /// Whom it is for and what it opens.
    pub label: Text2,
    /// The path it leads to.
    pub target: String,
    /// Until when.
    pub expires_at: Instant,
    /// The account that has the number, if one has.
    pub account: Option<AccountId>,
}

/// Makes a link within a transaction; the token goes into a message and nowhere else.
pub async fn make_link(
    access: &Access,
    vault: &Vault,
    tx: &mut Tx,
    actor: &Actor,
    mobile: &MobileNumber,
    label: Text2,
    target: &str,
) -> Result<Token> {
    let now = access.clock.now();
    let token = Token::random();
    let row = sql::NewLinkRow {
        token: token.digest(),
        sealed: vault.seal(codes::PURPOSE, mobile.expose())?,
        label,
        target: target.to_owned(),
        by: actor.account(),
        now,
        expires_at: now.plus_seconds(LIVES_SECONDS),
    };
    sql::insert_link(tx, row).await?;
    record::append(tx, actor, now, "access.link.made", Object::instance(), json!({ "target": target })).await?;
    Ok(token)
}

/// The link behind a token; [`jinmen_core::Error::NotFound`] if it was used, has ended or never was.
pub async fn find_link(access: &Access, vault: &Vault, token: &Token) -> Result<Link> {
    let row = sql::find_link(&access.db, &token.digest(), access.clock.now()).await?;
    let number = vault.open(codes::PURPOSE, &row.mobile)?;
    let account = sql::account_of_mobile(&access.db, &row.mobile_blind).await?.map(|holder| holder.account);
    Ok(Link {
        id: row.id,
        mobile: MobileNumber::parse(&number).map_err(|fault| jinmen_core::Fault::of("mobile", &fault))?,
        label: Text2::new(row.label_zh, row.label_en),
        target: row.target,
        expires_at: Instant(row.expires_at),
        account,
    })
}
