//! Messages to other programs, signed as the Standard Webhooks specification says
//! (github.com/standard-webhooks/standard-webhooks): `webhook-id`, `webhook-timestamp`, and `webhook-signature` with
//! `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, one for each secret that counts.
//!
//! Addresses are given by people, so that a message may not be led into the operator's own network: a name is resolved
//! once, every address of it must be one of the public internet, and the connection goes to those addresses. Redirects are
//! not followed.

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jinmen_core::{Error, Fault, Instant, Result};
use sha2::Sha256;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer that are kept.
const ANSWER_MOST: u64 = 2_000;
/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// The longest address.
const ADDRESS_MOST: usize = 500;

/// What was answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answered {
    /// A status, and the beginning of the text.
    Status(u16, String),
    /// Nothing, and why.
    Nothing(Silence),
}

/// Why nothing was answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Silence {
    /// There is no host of that name.
    Unresolved,
    /// The host is not one of the public internet.
    Inside,
    /// No connection came about, or it broke.
    Unreachable,
    /// The certificate is not one to trust, or no encryption came about.
    Untrusted,
    /// It took too long.
    Late,
}

impl Silence {
    /// The word it is kept as.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unresolved => "unresolved",
            Self::Inside => "inside",
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::Late => "late",
        }
    }

    fn of(error: &ureq::Error) -> Self {
        match error {
            ureq::Error::HostNotFound => Self::Unresolved,
            ureq::Error::Other(inner) if inner.is::<NotPublic>() => Self::Inside,
            ureq::Error::Timeout(_) => Self::Late,
            ureq::Error::Rustls(_) | ureq::Error::Tls(_) => Self::Untrusted,
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => Self::Late,
            // The handshake's faults come as faulty data of the connection.
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => Self::Untrusted,
            _ => Self::Unreachable,
        }
    }
}

impl Answered {
    /// Whether it was taken.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Status(200..=299, _))
    }
}

/// Hands messages over.
#[derive(Debug)]
pub struct Webhooks {
    agent: ureq::Agent,
    inside: bool,
}

impl Webhooks {
    /// `inside` lets messages go to addresses that are not public, and over http: for the operator's own network.
    pub fn new(inside: bool) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .build();
        let resolver = Public { inside, names: DefaultResolver::default() };
        Self { agent: ureq::Agent::with_parts(config, DefaultConnector::default(), resolver), inside }
    }

    /// Checks an address as it is typed.
    pub fn address(&self, typed: &str) -> Result<String, Fault> {
        let wrong = |code| Fault::at("url", code);
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(wrong("core.required"));
        }
        let uri: ureq::http::Uri = typed.parse().map_err(|_| wrong("notify.webhook_address"))?;
        let scheme = uri.scheme_str().unwrap_or_default();
        let host = uri.host().unwrap_or_default();
        let plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        if typed.len() > ADDRESS_MOST
            || !plain
            || host.is_empty()
            || !(scheme == "https" || scheme == "http" && self.inside)
        {
            return Err(wrong("notify.webhook_address"));
        }
        let numeric: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
        if !self.inside && numeric.is_some_and(|ip| !is_public(ip)) {
            return Err(wrong("notify.webhook_inside"));
        }
        Ok(typed.to_owned())
    }

    /// Hands a message over, signed with every secret that counts.
    pub async fn post(&self, url: &str, id: &str, body: String, secrets: &[String], now: Instant) -> Result<Answered> {
        let timestamp = now.0.div_euclid(1_000_000);
        let signatures: Vec<String> =
            secrets.iter().map(|secret| sign(secret, id, timestamp, &body)).collect::<Result<_>>()?;
        let request = self
            .agent
            .post(url)
            .header("content-type", "application/json")
            .header("user-agent", "Jinmen-Webhooks/1")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signatures.join(" "));
        let asked = tokio::task::spawn_blocking(move || {
            let mut answer = request.send(body)?;
            let status = answer.status().as_u16();
            let mut text = Vec::new();
            // Whatever of the answer comes is kept; only its status counts.
            answer.body_mut().as_reader().take(ANSWER_MOST).read_to_end(&mut text).ok();
            Ok::<_, ureq::Error>((status, String::from_utf8_lossy(&text).into_owned()))
        });
        Ok(match asked.await.map_err(Error::internal)? {
            Ok((status, text)) => Answered::Status(status, text),
            Err(error) => Answered::Nothing(Silence::of(&error)),
        })
    }
}

/// A secret as it is shown: `whsec_` and the base64 of its bytes.
pub fn secret_of(bytes: &[u8; 32]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(bytes))
}

/// The signature of a message.
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> Result<String> {
    let key = secret.strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok());
    let key = key.ok_or_else(|| Error::internal("a webhook's secret is damaged"))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(Error::internal)?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[derive(Debug)]
struct NotPublic;

impl std::fmt::Display for NotPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the host is not one of the public internet")
    }
}

impl std::error::Error for NotPublic {}

/// Resolves names to addresses of the public internet only.
#[derive(Debug)]
struct Public {
    inside: bool,
    names: DefaultResolver,
}

impl Resolver for Public {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> std::result::Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout).map_err(|error| match error {
            // What the system says of a name it does not know is a sentence of its own.
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })?;
        if !self.inside && !found.iter().all(|address| is_public(address.ip())) {
            return Err(ureq::Error::Other(Box::new(NotPublic)));
        }
        Ok(found)
    }
}

/// Whether an address is one that anybody may own (RFC 6890 and its registries).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match inner_v4(v6) {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !special
}

/// Global unicast only, without what is set aside in it.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    let global = parts[0] & 0xe000 == 0x2000;
    let special = match parts[0] {
        0x2001 => parts[1] < 0x200 || parts[1] == 0x0db8,
        first => first == 0x3fff,
    };
    global && !special
}

/// The IPv4 address that an IPv6 address stands for: mapped, translated (NAT64), 6to4.
fn inner_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let parts = ip.segments();
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match parts {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] if high != 0 || low > 1 => Some(of(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(of(high, low)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example_of_the_specification_comes_out() {
        let signature = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(signature.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(sign("MfKQ", "a", 1, "").is_err());
    }

    #[test]
    fn addresses_of_ones_own_network_are_not_public_in_whatever_form() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "::10.0.0.1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for public in ["1.1.1.1", "223.5.5.5", "2400:3200::1", "2606:4700:4700::1111", "::ffff:8.8.8.8"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn only_an_address_over_https_to_somewhere_else_is_taken() {
        let hooks = Webhooks::new(false);
        assert!(hooks.address(" https://hooks.example.cn/jinmen?x=1 ").is_ok());
        for bad in [
            "",
            "hooks.example.cn",
            "http://hooks.example.cn/",
            "ftp://hooks.example.cn/",
            "https://",
            "https://user:pass@example.cn/",
            "https://127.0.0.1/",
            "https://[::1]:8443/",
            "https://192.168.0.1/x",
            "file:///etc/passwd",
            "https://exa mple.cn/",
        ] {
            assert!(hooks.address(bad).is_err(), "{bad}");
        }
        assert!(hooks.address(&format!("https://example.cn/{}", "a".repeat(600))).is_err());
        assert!(Webhooks::new(true).address("http://127.0.0.1:9/x").is_ok());
    }

    #[tokio::test]
    async fn why_nothing_was_answered_is_told_apart() {
        let ask = async |hooks: &Webhooks, url: &str| hooks.post(url, "m", "{}".into(), &[], Instant(0)).await.unwrap();
        let (public, inside) = (Webhooks::new(false), Webhooks::new(true));
        assert_eq!(ask(&public, "https://localhost/").await, Answered::Nothing(Silence::Inside));
        assert_eq!(ask(&public, "https://nobody.invalid/").await, Answered::Nothing(Silence::Unresolved));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let greeter = std::thread::spawn(move || {
            let (mut link, _) = listener.accept().unwrap();
            std::io::Write::write_all(&mut link, b"220 hello, this is no TLS\r\n").unwrap();
        });
        assert_eq!(ask(&inside, &format!("https://127.0.0.1:{port}/")).await, Answered::Nothing(Silence::Untrusted));
        greeter.join().unwrap();
        assert_eq!(ask(&inside, &format!("http://127.0.0.1:{port}/")).await, Answered::Nothing(Silence::Unreachable));
    }
}
