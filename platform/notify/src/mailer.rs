//! Handing a mail to a mail server, to a folder, or to nobody.

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use jinmen_core::{Error, Instant, Result};
use lettre::message::{Mailbox, Message, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde::Deserialize;

/// Characters of a subject.
const SUBJECT: usize = 200;
/// A job's claim holds for a minute: what takes longer is given up before.
const PATIENCE: Duration = Duration::from_secs(45);

/// A mail to one person. Its header is made by [`Mail::new`] only, which lets nothing in that could
/// begin another header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mail {
    id: String,
    address: String,
    subject: String,
    text: String,
    at: Instant,
}

impl Mail {
    /// A mail; `id` becomes part of the `Message-ID`, the same at every attempt, and is an identifier.
    pub fn new(id: &str, address: String, subject: &str, text: String, at: Instant) -> Self {
        let one_line = |text: &str, most: usize| -> String {
            let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let words: Vec<&str> = plain.split_whitespace().collect();
            words.join(" ").chars().take(most).collect()
        };
        Self {
            id: id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(64).collect(),
            address,
            subject: one_line(subject, SUBJECT),
            text: text.replace('\0', ""),
            at,
        }
    }

    /// The address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The subject, one line.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The message as it travels; `None` if the address is none.
    fn message(&self, from: &Mailbox) -> Result<Option<Message>> {
        let Ok(address) = self.address.trim().parse::<Address>() else {
            return Ok(None);
        };
        let date = UNIX_EPOCH + Duration::from_micros(u64::try_from(self.at.0).unwrap_or_default());
        Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, address))
            .subject(self.subject.clone())
            .date(date)
            .message_id(Some(format!("<{}@{}>", self.id, from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(self.text.clone())
            .map(Some)
            .map_err(Error::internal)
    }
}

/// What became of a mail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Delivery {
    /// The mail server took it.
    Sent,
    /// It will never be taken, such as for an address that does not exist; why, for the log.
    Refused(String),
    /// This instance sends no mail.
    Off,
}

/// Hands over mails. An error means: try again later.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands over one mail.
    async fn send(&self, mail: &Mail) -> Result<Delivery>;
}

/// For an instance that sends no mail: people read their inbox on the page.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMailer;

#[async_trait]
impl Mailer for NoMailer {
    async fn send(&self, _mail: &Mail) -> Result<Delivery> {
        Ok(Delivery::Off)
    }
}

/// Puts mails into a folder as `.eml` files, for the demonstration and for tests. A mail sent again
/// replaces itself.
#[derive(Clone, Debug)]
pub struct FolderMailer {
    folder: PathBuf,
    from: Mailbox,
}

impl FolderMailer {
    /// Uses (and makes) a folder; `from` is the sender as in [`SmtpSettings::from`].
    pub fn new(folder: &Path, from: &str) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned(), from: sender(from)? })
    }
}

#[async_trait]
impl Mailer for FolderMailer {
    async fn send(&self, mail: &Mail) -> Result<Delivery> {
        let Some(message) = mail.message(&self.from)? else {
            return Ok(not_an_address());
        };
        let path = self.folder.join(format!("{}.eml", mail.id));
        tokio::fs::write(path, message.formatted()).await?;
        Ok(Delivery::Sent)
    }
}

/// How the way to the mail server is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte, usually port 465.
    #[default]
    Tls,
    /// Plain at first, then TLS before anything is said, usually port 587.
    StartTls,
    /// None: only for a mail server on this machine.
    None,
}

/// How mail leaves.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct SmtpSettings {
    /// The mail server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whom to sign in as, if the server asks.
    #[serde(default)]
    pub username: Option<String>,
    /// The password for it.
    #[serde(default)]
    pub password: Option<String>,
    /// The sender, such as `津门 <notice@example.cn>`.
    pub from: String,
    /// How the way is protected.
    #[serde(default)]
    pub security: Security,
}

impl std::fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the password.
        write!(f, "SmtpSettings({}:{}, {:?})", self.host, self.port, self.security)
    }
}

/// Hands mails to a mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// Checks the settings; connects with the first mail.
    pub fn new(settings: &SmtpSettings) -> Result<Self> {
        let parameters = || TlsParameters::new(settings.host.clone()).map_err(Error::internal);
        let tls = match settings.security {
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::StartTls => Tls::Required(parameters()?),
            Security::None if is_this_machine(&settings.host) => Tls::None,
            Security::None => return Err(Error::field("security", "notify.mail_unprotected")),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.clone())
            .port(settings.port)
            .timeout(Some(Duration::from_secs(20)))
            .tls(tls);
        if let (Some(username), Some(password)) = (&settings.username, &settings.password) {
            builder = builder.credentials(Credentials::new(username.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), from: sender(&settings.from)? })
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<Delivery> {
        let Some(message) = mail.message(&self.from)? else {
            return Ok(not_an_address());
        };
        let sent = tokio::time::timeout(PATIENCE, self.transport.send(message)).await;
        match sent.map_err(Error::internal)? {
            Ok(_) => Ok(Delivery::Sent),
            Err(error) if is_no_mailbox(&error) => Ok(Delivery::Refused(error.to_string())),
            Err(error) => Err(Error::internal(error)),
        }
    }
}

/// Whether the server says that this recipient cannot be reached. Other permanent answers (sign-in
/// refused, sender not allowed) are mistakes of ours that an operator mends, so the mail waits.
fn is_no_mailbox(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 511 | 521 | 550 | 551 | 553 | 556))
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn sender(from: &str) -> Result<Mailbox> {
    from.parse().map_err(|_| Error::field("from", "notify.mail_from"))
}

fn not_an_address() -> Delivery {
    Delivery::Refused("not an address".to_owned())
}
