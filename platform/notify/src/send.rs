//! Telling people.

use std::collections::BTreeSet;

use jinmen_core::{Error, Instant, Object, PersonId, Result};
use jobs::NewJob;
use serde_json::{Value, json};
use store::Tx;

use crate::{KIND, MailId, NoticeId, sql};

/// A kind of notice: a constant of the module that sends it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoticeKind {
    /// Its stable code, such as `registry.import_finished`.
    pub code: &'static str,
    /// Whether people who never decided get it by mail, too.
    pub email_by_default: bool,
}

impl NoticeKind {
    /// A kind that is mailed only to those who ask for it.
    pub const fn inbox(code: &'static str) -> Self {
        Self { code, email_by_default: false }
    }

    /// A kind that is mailed to everybody who does not refuse it.
    pub const fn mailed(code: &'static str) -> Self {
        Self { code, email_by_default: true }
    }

    /// The key of its name in the locales.
    pub fn name_key(&self) -> String {
        format!("notice-{}", self.code.replace(['.', '_'], "-"))
    }
}

/// What is told.
#[derive(Clone, PartialEq, Debug)]
pub struct Notice {
    /// Its kind.
    pub kind: NoticeKind,
    /// The message, a key of the locales.
    pub message_key: String,
    /// Values for the message: a JSON object.
    pub args: Value,
    /// The path of the page that it is about, such as `/imports/0190…`.
    pub link: Option<String>,
    /// The object that it is about.
    pub object: Option<Object>,
}

impl Notice {
    /// A notice whose message is named like its kind (`notice-registry-import-finished-text`).
    pub fn new(kind: NoticeKind, args: Value) -> Self {
        Self { kind, message_key: format!("{}-text", kind.name_key()), args, link: None, object: None }
    }

    /// Leading to a page.
    #[must_use]
    pub fn link(mut self, path: impl Into<String>) -> Self {
        self.link = Some(path.into());
        self
    }

    /// About an object.
    #[must_use]
    pub fn about(mut self, object: impl Into<Object>) -> Self {
        self.object = Some(object.into());
        self
    }
}

/// Tells people something, within the transaction of what it is about: into their inboxes and by
/// mail, as each of them prefers. A person named twice is told once.
pub async fn send(tx: &mut Tx, now: Instant, people: &[PersonId], notice: Notice) -> Result<()> {
    if !notice.args.is_object() {
        return Err(Error::internal(format!("{}: args must be an object", notice.kind.code)));
    }
    let people: Vec<PersonId> = people.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let decided = sql::preferences_of_kind(tx, &people, notice.kind.code).await?;
    let (mut notices, mut mails) = (Vec::new(), Vec::new());
    for person in people {
        let (inbox, email) = decided.get(&person).copied().unwrap_or((true, notice.kind.email_by_default));
        if !inbox && !email {
            continue;
        }
        let id = NoticeId::new();
        notices.push(sql::notice_row(id, person, &notice, inbox, now));
        if email {
            mails.push((MailId::new(), id));
        }
    }
    sql::insert_notices(tx, notices).await?;
    sql::insert_mails(tx, &mails, now).await?;
    for (mail, _) in mails {
        let job = NewJob::new(KIND, json!({ "mail": mail.text() })).dedup(mail.text());
        jobs::enqueue(tx, job, now).await?;
    }
    Ok(())
}
