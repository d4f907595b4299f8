//! Identity and telephone numbers at rest: sealed with AES-256-GCM, found again by a keyed blind
//! index. The master key comes from a file or the environment; it is never in the database and
//! never in a backup.
//!
//! A sealed value is `version (1 byte) ‖ nonce (12) ‖ ciphertext and tag`; the purpose (such as
//! `resident_id`) is authenticated with it, so that a value cannot be moved to another column. The
//! blind index is HMAC-SHA256 over `purpose ‖ 0 ‖ value` under a key derived for it, in hex.

use record::seal::hex;
use std::path::Path;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

const VERSION: u8 = 1;
const NONCE: usize = 12;

/// Why the vault cannot be opened or a value cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key is not 64 hexadecimal digits.
    #[error("the master key must be 64 hexadecimal digits")]
    Key,
    /// The key file cannot be read or made.
    #[error("the master key file {0} cannot be read or made")]
    File(String, #[source] std::io::Error),
    /// The value was sealed with another key, for another purpose, or was altered.
    #[error("a sealed value cannot be opened: other key, other purpose, or altered")]
    Open,
}

impl From<VaultError> for jinmen_core::Error {
    fn from(error: VaultError) -> Self {
        Self::internal(error)
    }
}

/// A sealed value with the index by which an equal one is found.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The sealed bytes.
    pub bytes: Vec<u8>,
    /// The blind index, 64 hexadecimal digits.
    pub blind: String,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// Seals and opens.
#[derive(Clone)]
pub struct Vault {
    cipher: Aes256Gcm,
    index_key: [u8; 32],
    form_key: [u8; 32],
    wrap_key: [u8; 32],
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// From the master key.
    pub fn new(master: &[u8; 32]) -> Self {
        let seal_key = derive(master, b"jinmen seal 1");
        Self {
            cipher: Aes256Gcm::new(&Key::<Aes256Gcm>::from(seal_key)),
            index_key: derive(master, b"jinmen blind index 1"),
            form_key: derive(master, b"jinmen form token 1"),
            wrap_key: derive(master, b"jinmen wrap key 1"),
        }
    }

    /// From 64 hexadecimal digits, as the environment gives it.
    pub fn from_hex(hex: &str) -> Result<Self, VaultError> {
        let hex = hex.trim();
        if hex.len() != 64 || !hex.is_ascii() {
            return Err(VaultError::Key);
        }
        let mut key = [0_u8; 32];
        for (index, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[index * 2..index * 2 + 2], 16).map_err(|_| VaultError::Key)?;
        }
        Ok(Self::new(&key))
    }

    /// From a file, which is made with a random key, readable by its owner only, if it is absent.
    pub fn from_file(path: &Path) -> Result<Self, VaultError> {
        let failed = |error| VaultError::File(path.display().to_string(), error);
        match std::fs::read_to_string(path) {
            Ok(text) => Self::from_hex(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let hex = new_master_key();
                write_key_file(path, &hex).map_err(failed)?;
                Self::from_hex(&hex)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Seals a normalised value for a purpose.
    pub fn seal(&self, purpose: &str, value: &str) -> Result<Sealed, VaultError> {
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload { msg: value.as_bytes(), aad: purpose.as_bytes() };
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| VaultError::Open)?;
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(Sealed { bytes, blind: self.blind(purpose, value) })
    }

    /// Opens what was sealed for the same purpose. Whoever shows the value to a person records that.
    pub fn open(&self, purpose: &str, bytes: &[u8]) -> Result<String, VaultError> {
        let (version, rest) = bytes.split_first().ok_or(VaultError::Open)?;
        if *version != VERSION || rest.len() < NONCE {
            return Err(VaultError::Open);
        }
        let (nonce, sealed) = rest.split_at(NONCE);
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| VaultError::Open)?;
        let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
        let plain = self.cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| VaultError::Open)?;
        String::from_utf8(plain).map_err(|_| VaultError::Open)
    }

    /// The index under which an equal value would be found.
    pub fn blind(&self, purpose: &str, value: &str) -> String {
        hex(&mac(&self.index_key, &[purpose.as_bytes(), &[0], value.as_bytes()]))
    }

    /// The key under which the record's signing keys are wrapped.
    pub fn wrapping_key(&self) -> record::WrappingKey {
        record::WrappingKey::new(self.wrap_key)
    }

    /// A mark by which the master key is known again, for backups; it says nothing about the key.
    pub fn mark(&self) -> String {
        self.blind("backup", "master key")
    }

    /// A token that ties an irreversible form to a session.
    pub fn form_token(&self, session: &str) -> String {
        hex(&mac(&self.form_key, &[session.as_bytes()])[..16])
    }
}

/// A random master key, 64 hexadecimal digits.
pub fn new_master_key() -> String {
    let key: [u8; 32] = rand::random();
    hex(&key)
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes a key of any length; the error arm cannot be reached.
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else {
        return vec![0; 32];
    };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

fn derive(master: &[u8; 32], label: &[u8]) -> [u8; 32] {
    let mut key = [0_u8; 32];
    key.copy_from_slice(&mac(master, &[label]));
    key
}

/// Writes a master key into a file that is not there yet, readable by its owner only.
///
/// # Errors
/// When the file is there, or cannot be written.
#[cfg(unix)]
pub fn write_key_file(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Writes a master key into a file.
#[cfg(not(unix))]
pub fn write_key_file(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_value_sealed_for_one_purpose_opens_for_no_other() {
        let vault = Vault::new(&[7; 32]);
        let sealed = vault.seal("mobile", "13800000000").unwrap();
        assert_eq!(vault.open("mobile", &sealed.bytes).unwrap(), "13800000000");
        assert!(vault.open("resident_id", &sealed.bytes).is_err());
        assert!(Vault::new(&[8; 32]).open("mobile", &sealed.bytes).is_err());
    }

    #[test]
    fn equal_values_meet_in_the_blind_index_and_differ_in_the_sealed_bytes() {
        let vault = Vault::new(&[7; 32]);
        let (a, b) = (vault.seal("mobile", "1").unwrap(), vault.seal("mobile", "1").unwrap());
        assert_eq!(a.blind, b.blind);
        assert_ne!(a.bytes, b.bytes);
        assert_ne!(a.blind, vault.blind("resident_id", "1"));
    }

    #[test]
    fn a_key_file_is_made_once_and_readable_by_its_owner_only() {
        let path = std::env::temp_dir().join(format!("jinmen-vault-{}", std::process::id()));
        let first = Vault::from_file(&path).unwrap().blind("x", "y");
        assert_eq!(Vault::from_file(&path).unwrap().blind("x", "y"), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::remove_file(path).unwrap();
        assert!(Vault::from_hex("zz").is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_altered_does_not_open(value in ".{0,40}", at in 0_usize..100, flip in 1_u8..=255) {
            let vault = Vault::new(&[7; 32]);
            let mut sealed = vault.seal("x", &value).unwrap().bytes;
            prop_assert_eq!(vault.open("x", &sealed).unwrap(), value);
            let at = at % sealed.len();
            sealed[at] ^= flip;
            prop_assert!(vault.open("x", &sealed).is_err());
        }
    }
}
