//! Public keys and what they say of a signature.

use p256::ecdsa::signature::Verifier;
use p256::pkcs8::der::Document;
use p256::pkcs8::{DecodePublicKey, EncodePublicKey, LineEnding};

/// How something is signed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub enum Algorithm {
    /// RFC 8032; signatures of 64 bytes.
    #[serde(rename = "ed25519")]
    Ed25519,
    /// ECDSA over P-256 with SHA-256; signatures in DER.
    #[serde(rename = "ecdsa-p256")]
    EcdsaP256,
    /// SM2 over SM3 with the default user identifier (GB/T 32918.2, GM/T 0009); signatures in DER, as
    /// OpenSSL writes them.
    #[serde(rename = "sm2-sm3")]
    Sm2,
}

/// The user identifier that SM2 signatures are made under unless parties agree on another
/// (GM/T 0009-2012, 10).
pub const SM2_USER: &str = "1234567812345678";

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ed25519, Self::EcdsaP256, Self::Sm2];

    /// Its name in files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::EcdsaP256 => "ecdsa-p256",
            Self::Sm2 => "sm2-sm3",
        }
    }

    /// By its name in files.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.code() == code)
    }
}

/// Why something is no key, or a signature not one of this key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyError {
    /// Not a point on the curve, or not in the form that is expected.
    #[error("this is no {} key", .0.code())]
    Key(Algorithm),
    /// Neither an Ed25519, a P-256 nor an SM2 key.
    #[error("this is no key of a kind known here, in PEM or DER")]
    Unknown,
    /// The signature is not one of this key over this message.
    #[error("the signature does not fit")]
    Signature,
}

/// A public key. Ed25519: 32 bytes. P-256 and SM2: the uncompressed point, `04 ‖ x ‖ y`, 65 bytes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct PublicKey {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

impl PublicKey {
    /// From its bytes, which are checked to be a point on the curve.
    pub fn new(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, KeyError> {
        let wrong = KeyError::Key(algorithm);
        let bytes = match algorithm {
            Algorithm::Ed25519 => {
                let bytes = bytes.try_into().map_err(|_| wrong)?;
                let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| wrong)?;
                if key.is_weak() || !is_canonical(&bytes) {
                    return Err(wrong);
                }
                bytes.to_vec()
            }
            Algorithm::EcdsaP256 => {
                let key = p256::PublicKey::from_sec1_bytes(bytes).map_err(|_| wrong)?;
                p256::ecdsa::VerifyingKey::from(key).to_sec1_point(false).as_bytes().to_vec()
            }
            Algorithm::Sm2 => {
                let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_USER, bytes).map_err(|_| wrong)?;
                key.to_sec1_bytes().into_vec()
            }
        };
        Ok(Self { algorithm, bytes })
    }

    /// From PEM (`BEGIN PUBLIC KEY`), as `openssl pkey -pubout` writes it.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        match Document::from_pem(pem) {
            Ok(("PUBLIC KEY", der)) => Self::from_der(der.as_bytes()),
            _ => Err(KeyError::Unknown),
        }
    }

    /// From DER (SubjectPublicKeyInfo, RFC 5280); the algorithm stands in it.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        if let Ok(key) = ed25519_dalek::VerifyingKey::from_public_key_der(der) {
            return Self::new(Algorithm::Ed25519, key.as_bytes());
        }
        if let Ok(key) = p256::ecdsa::VerifyingKey::from_public_key_der(der) {
            return Self::new(Algorithm::EcdsaP256, key.to_sec1_point(false).as_bytes());
        }
        let key = sm2::PublicKey::from_public_key_der(der).map_err(|_| KeyError::Unknown)?;
        Self::new(Algorithm::Sm2, &key.to_sec1_bytes())
    }

    /// As DER (SubjectPublicKeyInfo, RFC 5280).
    pub fn to_der(&self) -> Result<Vec<u8>, KeyError> {
        Ok(self.document()?.into_vec())
    }

    fn document(&self) -> Result<Document, KeyError> {
        let wrong = KeyError::Key(self.algorithm);
        Ok(match self.algorithm {
            Algorithm::Ed25519 => self.ed25519()?.to_public_key_der().map_err(|_| wrong)?,
            Algorithm::EcdsaP256 => self.p256()?.to_public_key_der().map_err(|_| wrong)?,
            Algorithm::Sm2 => sm2::PublicKey::from_sec1_bytes(&self.bytes)
                .map_err(|_| wrong)?
                .to_public_key_der()
                .map_err(|_| wrong)?,
        })
    }

    /// As PEM, which `openssl` reads.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let wrong = |_| KeyError::Key(self.algorithm);
        self.document()?.to_pem("PUBLIC KEY", LineEnding::LF).map_err(wrong)
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its bytes, as [`PublicKey::new`] takes them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Checks a signature over a message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), KeyError> {
        let wrong = KeyError::Signature;
        match self.algorithm {
            Algorithm::Ed25519 => {
                let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| wrong)?;
                self.ed25519()?.verify_strict(message, &signature).map_err(|_| wrong)
            }
            Algorithm::EcdsaP256 => {
                let signature = p256::ecdsa::Signature::from_der(signature).map_err(|_| wrong)?;
                self.p256()?.verify(message, &signature).map_err(|_| wrong)
            }
            Algorithm::Sm2 => {
                let signature = sm2::dsa::Signature::from_der(signature).map_err(|_| wrong)?;
                let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_USER, &self.bytes).map_err(|_| wrong)?;
                key.verify(message, &signature).map_err(|_| wrong)
            }
        }
    }

    fn ed25519(&self) -> Result<ed25519_dalek::VerifyingKey, KeyError> {
        let wrong = KeyError::Key(self.algorithm);
        let bytes = self.bytes.as_slice().try_into().map_err(|_| wrong)?;
        ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| wrong)
    }

    fn p256(&self) -> Result<p256::ecdsa::VerifyingKey, KeyError> {
        p256::ecdsa::VerifyingKey::from_sec1_bytes(&self.bytes).map_err(|_| KeyError::Key(self.algorithm))
    }
}

/// Whether the coordinate is below the prime 2^255 - 19, so that one key has one encoding.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let high = bytes[31] & 0x7f == 0x7f && bytes[1..31].iter().all(|byte| *byte == 0xff);
    !high || bytes[0] < 0xed
}
