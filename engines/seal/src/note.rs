//! Signed notes (C2SP signed-note): a text that people read, and below it one line a signature.
//!
//! ```text
//! example.com/record
//! 1042
//! wQ0h…=
//!
//! — example.com/record base64(key identifier ‖ signature)
//! ```

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::key::{Algorithm, PublicKey};
use crate::signer::{SignError, Signer};
use crate::{hex, sha256};

/// The longest note that is read, in bytes.
pub const LONGEST: usize = 64 * 1024;
/// The most signatures that are read.
const MOST: usize = 64;
/// What follows the byte `0xff` (no assigned type) in the identifier of an SM2 key.
const SM2_TYPE: &[u8] = b"jinmen sm2-sm3 1";

/// Why a note is not believed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoteError {
    /// Longer than [`LONGEST`], control characters, no empty line before the signatures, or a line that
    /// is no signature.
    #[error("this is no signed note: {0}")]
    Form(&'static str),
    /// A name with spaces or plus signs, or none.
    #[error("a key's name has neither spaces nor plus signs, and is not empty")]
    Name,
    /// No signature is by a key that is known.
    #[error("no signature is by a key that is known")]
    Nobody,
    /// A known key's signature does not fit the text.
    #[error("the signature by {0} does not fit the text")]
    Wrong(String),
    /// Not a verifier key.
    #[error("this is no verifier key")]
    Key,
}

/// A public key under a name, as notes know it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verifier {
    name: String,
    id: [u8; 4],
    key: PublicKey,
}

/// A signature line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The key's name.
    pub name: String,
    /// The key's identifier.
    pub id: [u8; 4],
    /// The signature.
    pub signature: Vec<u8>,
}

/// A note that was read; nothing is believed yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The text with its last newline: what is signed.
    pub text: String,
    /// The signatures.
    pub lines: Vec<Line>,
}

impl Verifier {
    /// A key under a name.
    pub fn new(name: &str, key: PublicKey) -> Result<Self, NoteError> {
        let id = identifier(name, &key)?;
        Ok(Self { name: name.to_owned(), id, key })
    }

    /// Reads `name+identifier+base64(type ‖ key)`.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.trim_end().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        let bytes = STANDARD.decode(key).map_err(|_| NoteError::Key)?;
        let key = read_typed(&bytes).ok_or(NoteError::Key)?;
        let verifier = Self::new(name, key)?;
        if id.eq_ignore_ascii_case(&hex(&verifier.id)) { Ok(verifier) } else { Err(NoteError::Key) }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The identifier in notes, 8 hexadecimal digits.
    pub fn id(&self) -> String {
        hex(&self.id)
    }
}

impl std::fmt::Display for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut typed = kind(self.key.algorithm()).to_vec();
        // What an ECDSA key is known by is its DER; `new` has shown that it has one.
        typed.extend(material(&self.key).unwrap_or_default());
        write!(f, "{}+{}+{}", self.name, hex(&self.id), STANDARD.encode(typed))
    }
}

/// The bytes that say how a key signs.
fn kind(algorithm: Algorithm) -> Vec<u8> {
    match algorithm {
        Algorithm::Ed25519 => vec![0x01],
        Algorithm::EcdsaP256 => vec![0x02],
        Algorithm::Sm2 => [&[0xff], SM2_TYPE].concat(),
    }
}

fn material(key: &PublicKey) -> Result<Vec<u8>, NoteError> {
    match key.algorithm() {
        Algorithm::EcdsaP256 => key.to_der().map_err(|_| NoteError::Key),
        Algorithm::Ed25519 | Algorithm::Sm2 => Ok(key.bytes().to_vec()),
    }
}

fn read_typed(bytes: &[u8]) -> Option<PublicKey> {
    match bytes.split_first()? {
        (0x01, key) => PublicKey::new(Algorithm::Ed25519, key).ok(),
        (0x02, key) => PublicKey::from_der(key).ok().filter(|key| key.algorithm() == Algorithm::EcdsaP256),
        (0xff, rest) => PublicKey::new(Algorithm::Sm2, rest.strip_prefix(SM2_TYPE)?).ok(),
        _ => None,
    }
}

/// The first four bytes of a digest over name and key; an ECDSA key is known by its DER alone.
fn identifier(name: &str, key: &PublicKey) -> Result<[u8; 4], NoteError> {
    if name.is_empty() || name.contains(|c: char| c == '+' || c.is_whitespace()) {
        return Err(NoteError::Name);
    }
    let material = material(key)?;
    let digest = match key.algorithm() {
        Algorithm::EcdsaP256 => sha256(&material),
        other => sha256(&[name.as_bytes(), b"\n", &kind(other), &material].concat()),
    };
    Ok([digest[0], digest[1], digest[2], digest[3]])
}

/// Signs a text, which ends with a newline, under a name, by each signer in turn.
pub fn sign(text: &str, name: &str, signers: &[&dyn Signer]) -> Result<String, SignError> {
    let refused = |why: &str| SignError::Refused(why.to_owned());
    if !text.ends_with('\n') || text.contains("\n\n") || unreadable(text) {
        return Err(refused("a note is lines of readable text without empty ones"));
    }
    let mut note = format!("{text}\n");
    for signer in signers {
        let id = identifier(name, signer.public()).map_err(|error| refused(&error.to_string()))?;
        let signature = signer.sign(text.as_bytes())?;
        note.push_str(&format!("— {name} {}\n", STANDARD.encode([&id[..], &signature].concat())));
    }
    Ok(note)
}

fn unreadable(text: &str) -> bool {
    text.chars().any(|c| c < ' ' && c != '\n')
}

/// Reads a note.
pub fn parse(note: &str) -> Result<Note, NoteError> {
    if note.len() > LONGEST {
        return Err(NoteError::Form("it is too long"));
    }
    if unreadable(note) {
        return Err(NoteError::Form("it has control characters"));
    }
    let at = note.rfind("\n\n").ok_or(NoteError::Form("no empty line before the signatures"))?;
    let (text, signatures) = (&note[..=at], &note[at + 2..]);
    if !signatures.ends_with('\n') {
        return Err(NoteError::Form("it does not end with a signature line"));
    }
    let lines: Vec<Line> = signatures.lines().map(line).collect::<Result<_, _>>()?;
    match lines.len() {
        0 => Err(NoteError::Form("it has no signature")),
        1..=MOST => Ok(Note { text: text.to_owned(), lines }),
        _ => Err(NoteError::Form("it has too many signatures")),
    }
}

fn line(line: &str) -> Result<Line, NoteError> {
    let wrong = NoteError::Form("a line below the text is no signature");
    let (name, data) = line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or(wrong.clone())?;
    let bytes = STANDARD.decode(data).map_err(|_| wrong.clone())?;
    let (id, signature) = bytes.split_first_chunk::<4>().ok_or(wrong.clone())?;
    if name.is_empty() || name.contains('+') || signature.is_empty() {
        return Err(wrong);
    }
    Ok(Line { name: name.to_owned(), id: *id, signature: signature.to_vec() })
}

impl Note {
    /// The keys whose signatures fit, of those given. Signatures by others are passed over; one of a given
    /// key that does not fit spoils the note, and so does none at all.
    pub fn verify<'a>(&self, keys: &'a [Verifier]) -> Result<Vec<&'a Verifier>, NoteError> {
        let mut fitting = Vec::new();
        for line in &self.lines {
            let Some(key) = keys.iter().find(|key| key.id == line.id && key.name == line.name) else { continue };
            key.key.verify(self.text.as_bytes(), &line.signature).map_err(|_| NoteError::Wrong(key.name.clone()))?;
            fitting.push(key);
        }
        if fitting.is_empty() { Err(NoteError::Nobody) } else { Ok(fitting) }
    }
}
