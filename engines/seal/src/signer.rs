//! Whoever signs: a key in memory today, a hardware module or a signing service tomorrow.

use ed25519_dalek::pkcs8::DecodePrivateKey;
use p256::ecdsa::signature::Signer as _;
use zeroize::Zeroizing;

use crate::key::{Algorithm, KeyError, PublicKey, SM2_USER};

/// Why nothing was signed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SignError {
    /// The key or its keeper refuses: a revoked key, a locked module.
    #[error("the key does not sign: {0}")]
    Refused(String),
    /// The keeper cannot be reached now; asking again later may help.
    #[error("the keeper of the key does not answer: {0}")]
    Unavailable(String),
}

/// Signs whole messages. An implementation may talk to a module or a service and block for as long as
/// that takes, so callers on an async runtime ask from a thread that may block.
pub trait Signer: Send + Sync {
    /// The key that checks what this signs.
    fn public(&self) -> &PublicKey;
    /// A signature in the form that [`PublicKey::verify`] takes.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
}

enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    EcdsaP256(p256::ecdsa::SigningKey),
    Sm2(sm2::dsa::SigningKey),
}

/// A key in this process's memory. Its nonces are derived from key and message (RFC 8032, RFC 6979),
/// so that no weak source of randomness can give it away.
pub struct SoftwareKey {
    secret: Secret,
    public: PublicKey,
}

impl std::fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SoftwareKey({})", self.public.algorithm().code())
    }
}

impl SoftwareKey {
    /// From 32 secret bytes: the seed of an Ed25519 key, the scalar of another. A scalar of 0 or not
    /// below the order of the curve is refused; of random bytes that is one in 2^32.
    pub fn new(algorithm: Algorithm, secret: &[u8; 32]) -> Result<Self, KeyError> {
        let wrong = KeyError::Key(algorithm);
        let secret = match algorithm {
            Algorithm::Ed25519 => Secret::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(secret))),
            Algorithm::EcdsaP256 => Secret::EcdsaP256(p256::ecdsa::SigningKey::from_slice(secret).map_err(|_| wrong)?),
            Algorithm::Sm2 => Secret::Sm2(sm2::dsa::SigningKey::from_slice(SM2_USER, secret).map_err(|_| wrong)?),
        };
        Self::of(secret)
    }

    /// From PEM (`BEGIN PRIVATE KEY`, PKCS #8 without a pass phrase), as `openssl genpkey` writes it.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_pem(pem) {
            return Self::of(Secret::Ed25519(Box::new(key)));
        }
        if let Ok(key) = p256::SecretKey::from_pkcs8_pem(pem) {
            return Self::of(Secret::EcdsaP256(p256::ecdsa::SigningKey::from(key)));
        }
        let key = sm2::SecretKey::from_pkcs8_pem(pem).map_err(|_| KeyError::Unknown)?;
        Self::of(Secret::Sm2(sm2::dsa::SigningKey::new(SM2_USER, &key).map_err(|_| KeyError::Unknown)?))
    }

    /// The 32 secret bytes, to be wrapped at once; they are wiped when dropped.
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(match &self.secret {
            Secret::Ed25519(key) => key.to_bytes(),
            Secret::EcdsaP256(key) => key.to_bytes().into(),
            Secret::Sm2(key) => key.to_bytes().into(),
        })
    }

    fn of(secret: Secret) -> Result<Self, KeyError> {
        let public = match &secret {
            Secret::Ed25519(key) => PublicKey::new(Algorithm::Ed25519, key.verifying_key().as_bytes()),
            Secret::EcdsaP256(key) => {
                PublicKey::new(Algorithm::EcdsaP256, key.verifying_key().to_sec1_point(false).as_bytes())
            }
            Secret::Sm2(key) => PublicKey::new(Algorithm::Sm2, &key.verifying_key().to_sec1_bytes()),
        }?;
        Ok(Self { secret, public })
    }
}

impl Signer for SoftwareKey {
    fn public(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let refused = |_| SignError::Refused("no signature for this message".to_owned());
        Ok(match &self.secret {
            Secret::Ed25519(key) => key.try_sign(message).map_err(refused)?.to_bytes().to_vec(),
            Secret::EcdsaP256(key) => {
                let signature: p256::ecdsa::Signature = key.try_sign(message).map_err(refused)?;
                signature.to_der().as_bytes().to_vec()
            }
            Secret::Sm2(key) => {
                let signature: sm2::dsa::Signature = key.try_sign(message).map_err(refused)?;
                signature.to_der().as_bytes().to_vec()
            }
        })
    }
}
