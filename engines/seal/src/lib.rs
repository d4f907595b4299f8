//! What makes a document checkable by somebody who trusts nobody here: digests, signatures, keys at
//! rest, Merkle logs and signed notes. No I/O, no clock, no randomness of its own: whoever needs a
//! random key or nonce hands it in.
//!
//! | part | standard |
//! | --- | --- |
//! | [`Algorithm::Sm2`], [`sm3`], [`sm4`] | GB/T 32918, GB/T 32905, GB/T 32907 |
//! | [`Algorithm::Ed25519`] | RFC 8032 |
//! | [`Algorithm::EcdsaP256`] | FIPS 186-5 with SHA-256, deterministic nonces of RFC 6979 |
//! | [`merkle`], [`tile`] | RFC 9162 section 2.1; C2SP tlog-tiles |
//! | [`note`], [`checkpoint`] | C2SP signed-note, tlog-checkpoint |
//! | [`canonical`] | RFC 8785, integers only |
//!
//! The crates for SM2, SM3 and SM4 were never certified: what they sign is checkable by anybody, and
//! is no claim of certified commercial cryptography (密评). A site that needs certified cryptography
//! puts its own module behind [`Signer`].

pub mod canonical;
pub mod checkpoint;
mod key;
pub mod merkle;
pub mod note;
pub mod report;
pub mod ring;
mod signer;
pub mod sm4;
pub mod tile;
mod wrap;

pub use key::{Algorithm, KeyError, PublicKey};
pub use merkle::Hash;
pub use signer::{SignError, Signer, SoftwareKey};
pub use wrap::{Suite, WrapError, unwrap_key, wrap_key};

use sha2::Digest;

/// The SHA-256 digest (FIPS 180-4).
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

/// The SHA-256 digest of bytes that come piece by piece.
#[derive(Clone, Default)]
pub struct Sha256Stream(sha2::Sha256);

impl Sha256Stream {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all of them.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The SM3 digest (GB/T 32905-2016), 32 bytes.
pub fn sm3(bytes: &[u8]) -> [u8; 32] {
    sm3::Sm3::digest(bytes).into()
}

/// Bytes as small hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
