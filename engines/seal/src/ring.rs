//! The keys of an instance as it publishes them: which it signs with, since when, until when, and which
//! earlier key vouches for a later one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::key::Algorithm;
use crate::note::{NoteError, Verifier};
use crate::signer::{SignError, Signer};

/// A published key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Published {
    /// The key with its name, as notes know it (`name+identifier+base64`).
    pub verifier: String,
    /// How it signs.
    pub algorithm: Algorithm,
    /// The key in PEM, for `openssl`.
    pub pem: String,
    /// From when it signs, RFC 3339.
    pub since: String,
    /// Until when it signed; absent for a key in use.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<String>,
    /// What earlier keys sign of it, so that whoever knew them can believe it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub vouched: Vec<Voucher>,
}

/// An earlier key's word for a later one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Voucher {
    /// The earlier key's verifier.
    pub by: String,
    /// Its signature over [`statement`], base64.
    pub signature: String,
}

/// The keys of an instance, oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Ring {
    /// The name under which the record is signed.
    pub origin: String,
    /// The keys.
    pub keys: Vec<Published>,
}

/// Why a ring of keys is not believed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RingError {
    /// A key is none.
    #[error("key {0} cannot be read")]
    Key(usize),
    /// A key is under another name than the ring.
    #[error("key {0} is under another name")]
    Name(usize),
}

/// What an earlier key signs of a later one.
pub fn statement(later: &Verifier) -> String {
    format!("jinmen key 1\n{later}\n")
}

/// An earlier key's word for a later one.
pub fn vouch(earlier: &dyn Signer, name: &str, later: &Verifier) -> Result<Voucher, SignError> {
    let refused = |error: NoteError| SignError::Refused(error.to_string());
    let by = Verifier::new(name, earlier.public().clone()).map_err(refused)?;
    let signature = STANDARD.encode(earlier.sign(statement(later).as_bytes())?);
    Ok(Voucher { by: by.to_string(), signature })
}

impl Ring {
    /// Its keys; every one must be readable and under the ring's name.
    pub fn verifiers(&self) -> Result<Vec<Verifier>, RingError> {
        let read = |(at, key): (usize, &Published)| {
            let verifier = Verifier::parse(&key.verifier).map_err(|_| RingError::Key(at))?;
            if verifier.name() == self.origin { Ok(verifier) } else { Err(RingError::Name(at)) }
        };
        self.keys.iter().enumerate().map(read).collect()
    }

    /// The keys that one who believes `known` may believe: those themselves, and what they vouch for, and so
    /// on. A ring never takes a key away from somebody who knows it.
    pub fn believed(&self, known: &[Verifier]) -> Result<Vec<Verifier>, RingError> {
        let mut believed = known.to_vec();
        let verifiers = self.verifiers()?;
        loop {
            let next = self.keys.iter().zip(&verifiers).find(|(key, verifier)| {
                !believed.contains(verifier) && key.vouched.iter().any(|voucher| holds(voucher, verifier, &believed))
            });
            match next {
                Some((_, verifier)) => believed.push(verifier.clone()),
                None => return Ok(believed),
            }
        }
    }
}

fn holds(voucher: &Voucher, later: &Verifier, believed: &[Verifier]) -> bool {
    let Some(earlier) = believed.iter().find(|key| key.to_string() == voucher.by) else { return false };
    let Ok(signature) = STANDARD.decode(&voucher.signature) else { return false };
    earlier.key().verify(statement(later).as_bytes(), &signature).is_ok()
}
