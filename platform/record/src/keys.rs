//! The keys that the record is signed with: an Ed25519 key, and an SM2 key beside it. Secrets are in the
//! database, wrapped under a key that is derived from the master key, so that every process of an
//! instance signs with the same ones and a copy of the database signs with none.

use std::sync::Arc;

use jinmen_core::{Actor, Error, Fault, Instant, Object, Result, id};
use seal::note::Verifier;
use seal::ring::{Published, Ring, Voucher, vouch};
use seal::{Algorithm, PublicKey, Signer, SoftwareKey, Suite, unwrap_key, wrap_key};
use serde_json::json;
use store::{Conn, Db, Tx};
use zeroize::Zeroizing;

use crate::sql::key::{self, KeyRow};

id!(
    /// A key that signs.
    KeyId
);

/// What a wrapped key is for; it is authenticated with the wrapped bytes.
const PURPOSE: &str = "record key";

/// The algorithms that sign, in the order of their lines.
const SIGNING: [Algorithm; 2] = [Algorithm::Ed25519, Algorithm::Sm2];

/// The key that secrets are wrapped under.
#[derive(Clone)]
pub struct WrappingKey(Arc<Zeroizing<[u8; 32]>>);

impl std::fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WrappingKey(…)")
    }
}

impl WrappingKey {
    /// From 32 bytes that are kept apart from the database.
    pub fn new(key: [u8; 32]) -> Self {
        Self(Arc::new(Zeroizing::new(key)))
    }
}

/// Makes the keys that are missing.
pub(crate) async fn complete(tx: &mut Tx, wrapping: &WrappingKey, name: &str, now: Instant) -> Result<()> {
    for algorithm in SIGNING {
        let rows = key::list(&mut *tx).await?;
        if !rows.iter().any(|row| row.algorithm == algorithm.code() && row.until.is_none()) {
            add(tx, wrapping, name, algorithm, now, &rows).await?;
        }
    }
    Ok(())
}

/// Ends the key of an algorithm and makes the next one, for which every key in use vouches.
pub async fn rotate(
    db: &Db,
    actor: &Actor,
    wrapping: &WrappingKey,
    algorithm: Algorithm,
    now: Instant,
) -> Result<String> {
    if !SIGNING.contains(&algorithm) {
        return Err(Error::Conflict(Fault::new("record.key_unused").with("algorithm", algorithm.code())));
    }
    let mut tx = db.begin().await?;
    let log = crate::sql::log::take(&mut tx).await?.ok_or_else(not_open)?;
    let rows = key::list(&mut tx).await?;
    key::end(&mut tx, algorithm.code(), now.0).await?;
    let id = add(&mut tx, wrapping, &log.origin, algorithm, now, &rows).await?;
    let data = json!({ "algorithm": algorithm.code(), "key": id });
    crate::append(&mut tx, actor, now, "record.key.rotated", Object::instance(), data).await?;
    tx.commit().await?;
    Ok(id)
}

pub(crate) fn not_open() -> Error {
    Error::Conflict(Fault::new("record.not_open"))
}

async fn add(
    tx: &mut Tx,
    wrapping: &WrappingKey,
    name: &str,
    algorithm: Algorithm,
    now: Instant,
    earlier: &[KeyRow],
) -> Result<String> {
    let signer = random_key(algorithm)?;
    let verifier = Verifier::new(name, signer.public().clone()).map_err(Error::internal)?;
    let in_use = earlier.iter().filter(|row| row.until.is_none());
    let vouched: Vec<Voucher> = in_use
        .map(|row| vouch(&open(row, wrapping)?, name, &verifier).map_err(Error::internal))
        .collect::<Result<_>>()?;
    let secret = wrap_key(Suite::Aes256Gcm, &wrapping.0, rand::random(), PURPOSE, &*signer.secret());
    let row = KeyRow {
        id: KeyId::new().text(),
        algorithm: algorithm.code().to_owned(),
        public: signer.public().bytes().to_vec(),
        secret: secret.map_err(Error::internal)?,
        since: now.0,
        until: None,
        vouched: json!(vouched),
    };
    key::insert(tx, row).await?;
    Ok(verifier.id())
}

/// Random bytes are a key but for one in 2^32, which is drawn again.
fn random_key(algorithm: Algorithm) -> Result<SoftwareKey> {
    let mut last = None;
    for _ in 0..4 {
        let secret: Zeroizing<[u8; 32]> = Zeroizing::new(rand::random());
        match SoftwareKey::new(algorithm, &secret) {
            Ok(key) => return Ok(key),
            Err(error) => last = Some(error),
        }
    }
    Err(Error::internal(format!("{last:?}")))
}

fn open(row: &KeyRow, wrapping: &WrappingKey) -> Result<SoftwareKey> {
    let secret =
        unwrap_key(&wrapping.0, PURPOSE, &row.secret).map_err(|_| Error::Conflict(Fault::new("record.key_sealed")))?;
    let secret: Zeroizing<[u8; 32]> =
        Zeroizing::new(secret.as_slice().try_into().map_err(|_| Error::internal("a key is not 32 bytes"))?);
    SoftwareKey::new(algorithm(row)?, &secret).map_err(Error::internal)
}

fn algorithm(row: &KeyRow) -> Result<Algorithm> {
    Algorithm::from_code(&row.algorithm).ok_or_else(|| Error::internal(format!("key of {}", row.algorithm)))
}

/// The signers in use.
pub(crate) async fn signers(tx: &mut Tx, wrapping: &WrappingKey) -> Result<Vec<Box<dyn Signer>>> {
    let rows = key::list(tx).await?;
    let in_use = rows.iter().filter(|row| row.until.is_none());
    let mut signers: Vec<SoftwareKey> = in_use.map(|row| open(row, wrapping)).collect::<Result<_>>()?;
    signers.sort_by_key(|signer| SIGNING.iter().position(|algorithm| *algorithm == signer.public().algorithm()));
    Ok(signers.into_iter().map(|signer| Box::new(signer) as Box<dyn Signer>).collect())
}

/// The keys of the instance as it publishes them, oldest first; none while the log is not open.
pub async fn ring<'a>(conn: impl Into<Conn<'a>>) -> Result<Ring> {
    let mut conn = conn.into();
    let Some(log) = crate::sql::log::find(conn.again()).await? else { return Ok(Ring::default()) };
    let rows = key::list(conn).await?;
    let keys = rows.iter().map(|row| published(row, &log.origin)).collect::<Result<_>>()?;
    Ok(Ring { origin: log.origin, keys })
}

fn published(row: &KeyRow, name: &str) -> Result<Published> {
    let algorithm = algorithm(row)?;
    let public = PublicKey::new(algorithm, &row.public).map_err(Error::internal)?;
    Ok(Published {
        algorithm,
        pem: public.to_pem().map_err(Error::internal)?,
        verifier: Verifier::new(name, public).map_err(Error::internal)?.to_string(),
        since: Instant(row.since).to_rfc3339(),
        until: row.until.map(|until| Instant(until).to_rfc3339()),
        vouched: serde_json::from_value(row.vouched.clone()).map_err(Error::internal)?,
    })
}

/// Wraps every secret under another key, when the master key changes. Nothing is written unless all of them open.
pub async fn wrap_again(tx: &mut Tx, old: &WrappingKey, new: &WrappingKey) -> Result<()> {
    for row in key::list(&mut *tx).await? {
        let signer = open(&row, old)?;
        let secret = wrap_key(Suite::Aes256Gcm, &new.0, rand::random(), PURPOSE, &*signer.secret());
        key::wrap_again(tx, &row.id, secret.map_err(Error::internal)?).await?;
    }
    Ok(())
}
