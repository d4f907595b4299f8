//! What the owner of an account and the auditor are told of its sign-ins: in the transaction of what happened, or not at all.

use std::net::IpAddr;

use jinmen_core::{AccountId, Actor, Instant, Object, Result};
use notify::{Notice, NoticeKind};
use serde_json::{Value, json};
use store::Tx;

use crate::sql;

/// Something happened to how one signs in.
pub const SECURITY_NOTICE: NoticeKind = NoticeKind::mailed("work.security");

/// Sessions looked back on for a device: half a year.
const KNOWN_SECONDS: i64 = 180 * 86_400;

/// Tells the owner of an account, in words of the locales: `notice-work-security-{what}-text`.
pub(crate) async fn owner(tx: &mut Tx, account: AccountId, now: Instant, what: &str, args: Value) -> Result<()> {
    let person = sql::find_account(&mut *tx, &account.text()).await?.person;
    let page = if matches!(what, "password" | "device") { "/account" } else { "/account/second-factor" };
    let notice = Notice::new(SECURITY_NOTICE, args).link(page);
    let notice = Notice { message_key: format!("notice-work-security-{what}-text"), ..notice };
    notify::send(tx, now, &[person], notice).await
}

/// Tells the owner of a sign-in from where they have not been for half a year: another browser or system, or another
/// network. Asked before the session is made; the first sign-in of an account is nothing new.
pub(crate) async fn of_new_device(
    tx: &mut Tx,
    account: AccountId,
    device: &str,
    address: &str,
    now: Instant,
) -> Result<()> {
    if sql::has_sessions(tx, account).await? {
        let known = sql::places(tx, account, now.plus_seconds(-KNOWN_SECONDS)).await?;
        let network = network(address);
        if !known.iter().any(|(name, from)| name == device && self::network(from) == network) {
            owner(tx, account, now, "device", json!({ "device": device, "address": address })).await?;
        }
    }
    Ok(())
}

/// The network that an address is of, as far as telephones and offices keep theirs: 16 bits of IPv4, 32 of IPv6.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V4(v4)) => format!("{:?}", &v4.octets()[..2]),
        Ok(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => format!("{:?}", &v4.octets()[..2]),
            None => format!("{:x?}", &v6.segments()[..2]),
        },
        Err(_) => address.to_owned(),
    }
}

/// Writes down for the auditor that somebody did not get in, with the address they came from. A name that no account has
/// is not written: it may be a password in the wrong field.
pub(crate) async fn failed(
    tx: &mut Tx,
    actor: &Actor,
    account: Option<AccountId>,
    action: &str,
    from: Value,
    now: Instant,
) -> Result<()> {
    let object = account.map_or_else(Object::instance, Object::from);
    record::append(tx, actor, now, action, object, from).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn an_address_of_the_same_network_is_no_new_one() {
        assert_eq!(network("10.1.2.3"), network("10.1.200.7"));
        assert_eq!(network("::ffff:10.1.2.3"), network("10.1.200.7"));
        assert_ne!(network("10.1.2.3"), network("10.2.2.3"));
        assert_eq!(network("2408:8206:18c0::1"), network("2408:8206:1::9"));
        assert_ne!(network("2408:8206::1"), network("2408:8207::1"));
        assert_eq!(network("unknown"), "unknown");
    }
}
