//! Robots of group chats (群机器人): WeCom, DingTalk and Feishu, by the protocols these publish.
//!
//! | | address | signature | limit |
//! | --- | --- | --- | --- |
//! | WeCom (企业微信 群机器人) | `qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…` | none, the key is the secret | 20 a minute, 2048 bytes |
//! | DingTalk (钉钉 自定义机器人) | `oapi.dingtalk.com/robot/send?access_token=…` | `sign` in the address: HMAC-SHA256 of `timestamp\nsecret` with the secret, milliseconds | 20 a minute |
//! | Feishu (飞书 自定义机器人) | `open.feishu.cn/open-apis/bot/v2/hook/…` | `sign` in the body: HMAC-SHA256 of nothing with `timestamp\nsecret` as key, seconds | 100 a minute, 5 a second |
//!
//! Addresses of other hosts are refused, so that nobody makes this program ask a machine of theirs. An operator with an
//! installation of their own names its host in the options.

use std::collections::BTreeMap;
use std::sync::RwLock;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jinmen_core::{Error, Fault, Instant, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;

/// Longer than any of the three takes; a job's claim holds for a minute.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read.
const ANSWER_MOST: u64 = 65_536;

/// Whose robot it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RobotKind {
    /// WeCom.
    WeCom,
    /// DingTalk.
    DingTalk,
    /// Feishu.
    Feishu,
}

impl RobotKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::WeCom, Self::DingTalk, Self::Feishu];

    /// The word in the database and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::WeCom => "wecom",
            Self::DingTalk => "dingtalk",
            Self::Feishu => "feishu",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The host its addresses have, and the beginning of their path.
    pub fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::WeCom => ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send?key="),
            Self::DingTalk => ("oapi.dingtalk.com", "/robot/send?access_token="),
            Self::Feishu => ("open.feishu.cn", "/open-apis/bot/v2/hook/"),
        }
    }

    /// Messages that one robot takes in a minute.
    pub fn a_minute(self) -> i64 {
        match self {
            Self::WeCom | Self::DingTalk => 20,
            Self::Feishu => 100,
        }
    }

    /// Bytes that a text may have.
    fn bytes_most(self) -> usize {
        match self {
            Self::WeCom => 2_048,
            Self::DingTalk | Self::Feishu => 15_000,
        }
    }
}

/// A robot of one group.
#[derive(Clone)]
pub struct Robot {
    /// Whose it is.
    pub kind: RobotKind,
    /// The path of its address with the query, which is a secret.
    path: String,
    /// The secret that it signs with, where it was given one.
    secret: Option<String>,
}

impl Robot {
    /// A robot at the address that was copied out of the group's settings.
    ///
    /// # Errors
    /// A fault at `address` that is not one of this kind, or at `secret`.
    pub fn new(kind: RobotKind, address: &str, secret: &str) -> Result<Self, Fault> {
        let (host, start) = kind.place();
        let wrong = || Fault::at("address", "notify.robot_address").with("start", format!("https://{host}{start}"));
        let address = address.trim();
        let path = address.strip_prefix("https://").and_then(|rest| rest.strip_prefix(host)).ok_or_else(wrong)?;
        let key = path.strip_prefix(start).ok_or_else(wrong)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if !(8..=200).contains(&key.len()) || !key.chars().all(plain) {
            return Err(wrong());
        }
        let secret = Some(secret.trim()).filter(|secret| !secret.is_empty());
        match secret {
            Some(_) if kind == RobotKind::WeCom => Err(Fault::at("secret", "notify.robot_no_secret")),
            Some(secret) if secret.len() > 200 || !secret.chars().all(|c| c.is_ascii_graphic()) => {
                Err(Fault::at("secret", "notify.robot_secret"))
            }
            secret => Ok(Self { kind, path: path.to_owned(), secret: secret.map(str::to_owned) }),
        }
    }

    /// The address in full, to be sealed.
    pub fn address(&self) -> String {
        format!("https://{}{}", self.kind.place().0, self.path)
    }

    /// The last signs of the address, by which people tell robots apart.
    pub fn hint(&self) -> String {
        let tail: String = self.path.chars().rev().take(4).collect();
        format!("…{}", tail.chars().rev().collect::<String>())
    }

    /// What is sent: the path with its query, and the body.
    fn message(&self, text: &str, now: Instant) -> (String, Value) {
        let text = shortened(text, self.kind.bytes_most());
        match self.kind {
            RobotKind::WeCom => (self.path.clone(), json!({ "msgtype": "text", "text": { "content": text } })),
            RobotKind::DingTalk => {
                let body = json!({ "msgtype": "text", "text": { "content": text } });
                let Some(secret) = &self.secret else { return (self.path.clone(), body) };
                let timestamp = (now.0 / 1_000).to_string();
                let sign = sign(secret, &format!("{timestamp}\n{secret}"));
                (format!("{}&timestamp={timestamp}&sign={}", self.path, escaped(&sign)), body)
            }
            RobotKind::Feishu => {
                let mut body = json!({ "msg_type": "text", "content": { "text": text } });
                if let Some(secret) = &self.secret {
                    let timestamp = (now.0 / 1_000_000).to_string();
                    body["sign"] = json!(sign(&format!("{timestamp}\n{secret}"), ""));
                    body["timestamp"] = json!(timestamp);
                }
                (self.path.clone(), body)
            }
        }
    }

    /// What an answer means.
    fn read(&self, status: u16, answer: &Value) -> Posted {
        if status == 408 || status == 429 || status >= 500 {
            return Posted::Later(format!("HTTP {status}"));
        }
        let (code, message) = match self.kind {
            RobotKind::WeCom | RobotKind::DingTalk => (&answer["errcode"], &answer["errmsg"]),
            RobotKind::Feishu => (&answer["code"], &answer["msg"]),
        };
        let Some(code) = code.as_i64() else { return Posted::Refused(format!("HTTP {status}")) };
        let said = format!("{code} {}", message.as_str().unwrap_or_default().chars().take(200).collect::<String>());
        match (self.kind, code) {
            (_, 0) => Posted::Taken,
            // Busy, or faster than the limit.
            (RobotKind::WeCom, -1 | 45_009 | 45_033) => Posted::Later(said),
            (RobotKind::DingTalk, -1 | 130_101 | 410_100) => Posted::Later(said),
            (RobotKind::Feishu, 11_232 | 11_233) => Posted::Later(said),
            _ => Posted::Refused(said),
        }
    }
}

/// What became of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Posted {
    /// It is in the group.
    Taken,
    /// Not now; with what was answered.
    Later(String),
    /// Not like this: a wrong address, signature or keyword; with what was answered.
    Refused(String),
}

/// Hands messages to robots.
pub struct Robots {
    agent: ureq::Agent,
    /// Hosts that are somewhere else here: an installation of the operator's own, a stand-in in tests.
    elsewhere: RwLock<BTreeMap<String, String>>,
}

impl Robots {
    /// Over the hosts that are somewhere else: the published host, and `https://` with the one that is asked instead.
    pub fn new(elsewhere: BTreeMap<String, String>) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        Self { agent: config.into(), elsewhere: RwLock::new(elsewhere) }
    }

    /// Asks another host in the place of a published one from now on.
    pub fn send_elsewhere(&self, host: &str, base: &str) {
        if let Ok(mut elsewhere) = self.elsewhere.write() {
            elsewhere.insert(host.to_owned(), base.to_owned());
        }
    }

    /// Hands a text to a robot. A connection that fails is [`Posted::Later`].
    pub async fn post(&self, robot: &Robot, text: &str, now: Instant) -> Result<Posted> {
        let host = robot.kind.place().0;
        let base = self.elsewhere.read().ok().and_then(|known| known.get(host).cloned());
        let base = base.unwrap_or_else(|| format!("https://{host}"));
        let (path, body) = robot.message(text, now);
        let request =
            self.agent.post(format!("{base}{path}")).header("Content-Type", "application/json; charset=utf-8");
        let body = serde_json::to_vec(&body)?;
        let asked = tokio::task::spawn_blocking(move || {
            let mut answer = request.send(&body[..])?;
            let status = answer.status().as_u16();
            let text = answer.body_mut().with_config().limit(ANSWER_MOST).read_to_string()?;
            Ok::<_, ureq::Error>((status, text))
        });
        match asked.await.map_err(Error::internal)? {
            Ok((status, text)) => Ok(robot.read(status, &serde_json::from_str(&text).unwrap_or_default())),
            // The address is a secret: the error may name it.
            Err(error) => Ok(Posted::Later(error.to_string().replace(&robot.path, "…"))),
        }
    }
}

/// Cut to so many bytes between two characters.
fn shortened(text: &str, most: usize) -> String {
    const DOTS: &str = "……";
    if text.len() <= most {
        return text.to_owned();
    }
    let mut end = most - DOTS.len();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{DOTS}", &text[..end])
}

fn sign(key: &str, message: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    mac.update(message.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Base64 as a value in an address.
fn escaped(base64: &str) -> String {
    base64.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn robot(kind: RobotKind, secret: &str) -> Robot {
        let (host, start) = kind.place();
        Robot::new(kind, &format!(" https://{host}{start}0123456789abcdef "), secret).unwrap()
    }

    #[test]
    fn only_an_address_of_its_own_kind_is_taken() {
        for wrong in [
            "",
            "https://evil.example/cgi-bin/webhook/send?key=0123456789",
            "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=0123456789",
            "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789",
            "https://qyapi.weixin.qq.com/cgi-bin/other?key=0123456789",
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789&x=1",
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
            "https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key=0123456789",
        ] {
            assert!(Robot::new(RobotKind::WeCom, wrong, "").is_err(), "{wrong}");
        }
        assert_eq!(robot(RobotKind::WeCom, "").hint(), "…cdef");
        assert!(Robot::new(RobotKind::WeCom, &robot(RobotKind::WeCom, "").address(), "SEC").is_err());
    }

    #[test]
    fn signatures_are_what_any_other_program_computes() {
        // printf '1700000000000\nSECabc' | openssl dgst -sha256 -hmac SECabc -binary | base64
        let now = Instant(1_700_000_000_000_000);
        let (path, _) = robot(RobotKind::DingTalk, "SECabc").message("x", now);
        let sign = "jcUpW0QmtKduN03n4JqQ0PBosVjqnM8gU7fIIvsDmCM=";
        assert!(path.ends_with(&format!("&timestamp=1700000000000&sign={}", escaped(sign))), "{path}");
        let (_, body) = robot(RobotKind::Feishu, "abc").message("x", now);
        assert_eq!(body["timestamp"], "1700000000");
        // printf '' | openssl dgst -sha256 -hmac $'1700000000\nabc' -binary | base64
        assert_eq!(body["sign"], "VIS10b0EBvzzSdFnuk4tznEmK5wHaruvf/WnViv2yR4=");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        let text = "通知".repeat(1_000);
        let cut = shortened(&text, 2_048);
        assert!(cut.len() <= 2_048 && cut.ends_with("……"), "{}", cut.len());
        assert_eq!(shortened("短", 2_048), "短");
    }

    #[test]
    fn an_answer_says_whether_to_try_again() {
        let wecom = robot(RobotKind::WeCom, "");
        assert_eq!(wecom.read(200, &json!({ "errcode": 0, "errmsg": "ok" })), Posted::Taken);
        assert!(matches!(wecom.read(200, &json!({ "errcode": 45009, "errmsg": "limit" })), Posted::Later(_)));
        assert!(matches!(wecom.read(200, &json!({ "errcode": 93000, "errmsg": "invalid" })), Posted::Refused(_)));
        assert!(matches!(wecom.read(502, &Value::Null), Posted::Later(_)));
        let feishu = robot(RobotKind::Feishu, "abc");
        assert_eq!(feishu.read(200, &json!({ "code": 0, "msg": "success", "data": {} })), Posted::Taken);
        assert!(matches!(feishu.read(400, &json!({ "code": 19021, "msg": "sign match fail" })), Posted::Refused(_)));
        assert!(matches!(feishu.read(200, &json!("<html>")), Posted::Refused(_)));
    }
}
