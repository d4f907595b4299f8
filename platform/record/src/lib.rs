//! The append-only record of what was done here. Every use case that changes something appends an
//! entry in the same transaction: who, under which hat, did what to which object, with which data,
//! when.
//!
//! # Encoding, version 1 (frozen)
//!
//! The digest of an entry is `SHA-256(salt ‖ canonical)`, with a salt of 16 random bytes and
//! `canonical` the UTF-8 text of a JSON object in canonical form: keys sorted by code point, no
//! white space, strings escaped as RFC 8785 says, numbers integers only. Its keys are
//! `action`, `actor` (an object of `account`, `kind`, `name`, `organization`, `person`, `role`; absent
//! values left out), `at` (microseconds UTC), `data`, `id`, `object` (`id`, `kind`), `version` (1).
//! Whoever holds salt and data can check the digest; when personal data must be deleted, salt and
//! data go and the digest stays.
//!
//! The digests are the leaves of a Merkle tree (RFC 9162), published as tiles (C2SP tlog-tiles) with a signed
//! state, so that anybody who holds an earlier state notices a change, a removal or another order. See
//! [`Sequencer`], [`proof`] and [`audit()`].
//!
//! A change of this encoding is a new version number; entries keep the one they were written with.

mod audit;
mod keys;
mod log;
pub mod proof;
mod sql;

pub use audit::{Audit, audit};
pub use keys::{KeyId, WrappingKey, ring, rotate, wrap_again};
pub use log::{Sequencer, bundle, checkpoint, placed, progress, tile};
pub use seal;

use jinmen_core::{Actor, Cursor, Error, Fault, Instant, Object, Page, PageRequest, Result, id};
use seal::canonical;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use store::{Conn, Db, MigrationSet, Tx, migrations};

/// The record's tables.
pub const MIGRATIONS: MigrationSet = migrations!("record", 1 "0001_record", 2 "0002_log");

/// The version of the encoding that new entries get.
pub const VERSION: i64 = 1;

id!(
    /// An entry of the record.
    EntryId
);
store::arg_id!(EntryId);

/// Who did it, as the record keeps it: names as they were then.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct RecordedActor {
    /// `person`, `system` or `nobody`.
    pub kind: String,
    /// The account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The organisation acted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The role worn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The account's name, or the name of the part of the program.
    pub name: String,
}

impl From<&Actor> for RecordedActor {
    fn from(actor: &Actor) -> Self {
        let empty = Self {
            kind: String::new(),
            account: None,
            person: None,
            organization: None,
            role: None,
            name: String::new(),
        };
        match actor {
            Actor::Nobody => Self { kind: "nobody".into(), ..empty },
            Actor::System(part) => Self { kind: "system".into(), name: (*part).to_owned(), ..empty },
            Actor::Person(person) => Self {
                kind: "person".into(),
                account: Some(person.account.text()),
                person: person.person.map(|id| id.text()),
                organization: actor.organization().map(|id| id.text()),
                role: actor.hat().map(|hat| hat.role.code().to_owned()),
                name: person.name.clone(),
            },
        }
    }
}

/// An entry as it is read.
#[derive(Clone, PartialEq, Debug, serde::Serialize)]
pub struct Entry {
    /// Its identifier, in order of time.
    pub id: EntryId,
    /// The encoding it was written with.
    pub version: i64,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: RecordedActor,
    /// What, as a stable code such as `registry.organization.created`.
    pub action: String,
    /// To what.
    pub object: Object,
    /// With which data; `None` once it was deleted.
    pub data: Option<Value>,
    /// Its place in the record, from 0; `None` for the moment until the sequencer gives it one. Not part of
    /// the digest: the place in the tree says it.
    pub number: Option<i64>,
}

impl Entry {
    /// The key under which the locales say this action in words.
    pub fn message_key(&self) -> String {
        format!("record-{}", self.action.replace(['.', '_'], "-"))
    }

    /// The entry as the object whose canonical form the digest is over.
    pub(crate) fn value(&self) -> Value {
        json!({
            "action": self.action,
            "actor": self.actor,
            "at": self.at.0,
            "data": self.data,
            "id": self.id.text(),
            "object": self.object,
            "version": self.version,
        })
    }

    /// The digest under a salt.
    pub fn digest(&self, salt: &[u8]) -> Result<Vec<u8>> {
        let mut hash = Sha256::new();
        hash.update(salt);
        hash.update(canonical::encode(&self.value()).map_err(Error::internal)?.as_bytes());
        Ok(hash.finalize().to_vec())
    }
}

/// Appends an entry within the transaction that makes the change. `data` is a JSON object without
/// fractional numbers; identity and telephone numbers never go in.
pub async fn append(
    tx: &mut Tx,
    actor: &Actor,
    at: Instant,
    action: &str,
    object: impl Into<Object>,
    data: Value,
) -> Result<EntryId> {
    let ids = append_many(tx, actor, at, action, vec![(object.into(), data)]).await?;
    ids.first().copied().ok_or_else(|| Error::internal("record: nothing appended"))
}

/// Appends the same action for many objects in few statements.
pub async fn append_many(
    tx: &mut Tx,
    actor: &Actor,
    at: Instant,
    action: &str,
    items: Vec<(Object, Value)>,
) -> Result<Vec<EntryId>> {
    // Whoever stands in for somebody is named by the entry, and whom they stand in for by its data.
    let deputy_for = actor.hat().and_then(|hat| hat.deputy_for);
    let actor = RecordedActor::from(actor);
    let mut rows = Vec::with_capacity(items.len());
    let mut ids = Vec::with_capacity(items.len());
    for (object, data) in items {
        // As the database keeps it, or the digest would not fit what is read back.
        let mut data = if data.is_null() { Value::Object(Map::new()) } else { store::without_nul(data) };
        if let (Some(person), Some(data)) = (deputy_for, data.as_object_mut()) {
            data.insert("deputy_for".into(), Value::String(person.text()));
        }
        let entry = Entry {
            id: EntryId::new(),
            version: VERSION,
            at,
            actor: actor.clone(),
            action: action.to_owned(),
            object,
            data: Some(data),
            number: None,
        };
        let salt: [u8; 16] = rand::random();
        let digest = entry.digest(&salt)?;
        ids.push(entry.id);
        rows.push(sql::entry::row(entry, salt.to_vec(), digest));
    }
    sql::entry::insert(tx, rows).await?;
    Ok(ids)
}

/// What the entries are wanted of.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// One object.
    pub object: Option<Object>,
    /// Actions that begin with this.
    pub action: Option<String>,
    /// One account.
    pub account: Option<String>,
    /// At or after.
    pub since: Option<Instant>,
    /// Before.
    pub before: Option<Instant>,
}

/// Entries, newest first.
pub async fn list(db: &Db, filter: &Filter, page: &PageRequest) -> Result<Page<Entry>> {
    let after = page.cursor(1)?.map(|Cursor(values)| values.concat());
    let rows = sql::entry::list(db, filter, after, page.limit()).await?;
    Ok(Page::from_rows(rows, page.limit(), |entry| vec![entry.id.text()]))
}

/// The history of one object, newest first.
pub async fn history(db: &Db, object: &Object, page: &PageRequest) -> Result<Page<Entry>> {
    list(db, &Filter { object: Some(object.clone()), ..Filter::default() }, page).await
}

/// Deletes the meaning of everything recorded of an object, as the deletion of personal data asks:
/// data and salt. The digests stay, and so does who acted: that is evidence.
pub async fn forget(tx: &mut Tx, object: &Object) -> Result<u64> {
    Ok(sql::entry::forget(tx, object).await?)
}

/// Whether an entry still matches its digest: `Some(true)` if so, `None` if its meaning was deleted.
pub async fn verify<'a>(conn: impl Into<Conn<'a>>, id: EntryId) -> Result<Option<bool>> {
    let sealed = sql::entry::sealed(conn, id).await?;
    match (&sealed.entry.data, sealed.salt) {
        (Some(_), Some(salt)) => Ok(Some(sealed.entry.digest(&salt)? == sealed.digest)),
        (None, None) => Ok(None),
        _ => Err(Error::Conflict(Fault::new("record.half_forgotten"))),
    }
}
