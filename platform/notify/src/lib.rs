//! What people are told: an inbox on the page, and mail for those who want it.
//!
//! A use case [`send`]s a notice in its own transaction: the inbox and the jobs that mail it commit
//! with the change, or not at all. A notice is a message key with values, never finished text, so
//! that each person reads it in their language. Each kind is a constant of the module that sends it
//! ([`NoticeKind`]); per kind a person decides about inbox and mail.
//!
//! Mail goes out at least once: a process that dies between the mail server's acknowledgement and
//! ours sends it again, under the same `Message-ID`, by which mail programs show it once.

mod inbox;
mod job;
mod mailer;
mod preferences;
mod robot;
mod send;
mod sms;
mod sql;
pub mod webhook;

use jinmen_core::id;
use store::{MigrationSet, migrations};

pub use inbox::{
    Received, UNREAD_CAP, get, inbox, mark_all_read, mark_read, move_person, return_person, unread, unread_count,
};
pub use job::{Addresses, KIND, MailJob, Render};
pub use mailer::{Delivery, FolderMailer, Mail, Mailer, NoMailer, Security, Smtp, SmtpSettings};
pub use preferences::{Preference, preferences, set_preference};
pub use robot::{Posted, Robot, RobotKind, Robots};
pub use send::{Notice, NoticeKind, send};
pub use sms::{HttpSms, Means, ShortMessage, SmsProvider, SmsSettings};
pub use webhook::{Answered, Silence, Webhooks};

/// The tables of notices and mails.
pub const MIGRATIONS: MigrationSet = migrations!("notify", 1 "0001_notice");

id!(
    /// A notice to one person.
    NoticeId
);
id!(
    /// A mail on its way.
    MailId
);
store::arg_id!(NoticeId, MailId);
