//! Secret keys at rest: sealed under a key that is kept elsewhere.
//!
//! A wrapped key is `version (1) ‖ suite (1) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`; the purpose is
//! authenticated with it, so that a key cannot be moved to another place.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, AesGcm, Key, Nonce};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE: usize = 12;

/// SM4 in Galois/Counter mode (RFC 8998, with nonces of 12 bytes).
type Sm4Gcm = AesGcm<::sm4::Sm4, aes_gcm::aead::consts::U12>;

/// How a key is wrapped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Suite {
    /// AES-256-GCM.
    Aes256Gcm,
    /// SM4-GCM (GB/T 32907, RFC 8998), for sites that may use commercial cryptography of China only.
    Sm4Gcm,
}

/// Why a key does not come out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WrapError {
    /// Written by a later version, or not a wrapped key at all.
    #[error("this is not a wrapped key of a kind known here")]
    Form,
    /// Another wrapping key, another purpose, or altered.
    #[error("the wrapped key cannot be opened: other master key, other purpose, or altered")]
    Open,
}

/// Wraps a secret. `nonce` is random and never used twice under the same key.
pub fn wrap_key(
    suite: Suite,
    key: &[u8; 32],
    nonce: [u8; 12],
    purpose: &str,
    secret: &[u8],
) -> Result<Vec<u8>, WrapError> {
    let payload = Payload { msg: secret, aad: purpose.as_bytes() };
    let sealed = match suite {
        Suite::Aes256Gcm => aes(key).encrypt(&Nonce::from(nonce), payload),
        Suite::Sm4Gcm => sm4(key).encrypt(&Nonce::from(nonce), payload),
    };
    let mut out = vec![VERSION, suite as u8];
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed.map_err(|_| WrapError::Open)?);
    Ok(out)
}

/// Opens what was wrapped under the same key for the same purpose.
pub fn unwrap_key(key: &[u8; 32], purpose: &str, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, WrapError> {
    let (head, rest) = wrapped.split_first_chunk::<2>().ok_or(WrapError::Form)?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(WrapError::Form)?;
    let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
    let opened = match head {
        [VERSION, 0] => aes(key).decrypt(&Nonce::from(*nonce), payload),
        [VERSION, 1] => sm4(key).decrypt(&Nonce::from(*nonce), payload),
        _ => return Err(WrapError::Form),
    };
    opened.map(Zeroizing::new).map_err(|_| WrapError::Open)
}

fn aes(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key))
}

/// SM4 takes 128 bits: the first half of a digest of the key, so that neither suite's key says the other's.
fn sm4(key: &[u8; 32]) -> Sm4Gcm {
    let digest: [u8; 32] = Sha256::new().chain_update(b"jinmen wrap sm4 1").chain_update(key).finalize().into();
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    Sm4Gcm::new(&half.into())
}
