//! That an entry is in the record, for somebody who trusts nobody here: a file that says where the entry
//! stands, which nodes lead from it to the root, and who signed the root. With the entry itself and its
//! salt, for those who may read it, the file also shows what was recorded.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jinmen_core::{Error, Result};
use seal::checkpoint::Checkpoint;
use seal::note::{self, Verifier};
use seal::report::{Kind, Report};
use seal::ring::Ring;
use seal::{Hash, canonical, merkle, tile};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::Db;

use crate::{Entry, keys, log, sql};

/// The kind of the file.
pub const KIND: &str = "record_proof";
const VERSION: u32 = 1;

/// The file, as `/record/proof/<number>` serves it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Proof {
    /// `record_proof`.
    pub kind: String,
    /// 1.
    pub version: u32,
    /// Where the entry stands in the record, from 0.
    pub number: u64,
    /// The digest of entry and salt, base64: the leaf's content.
    pub digest: String,
    /// The entry, for those who may read it; absent for others and once it was deleted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entry: Option<Value>,
    /// Its salt, base64; present with the entry.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub salt: Option<String>,
    /// The nodes from the entry to the root, nearest first, base64.
    pub path: Vec<String>,
    /// That the record begins with an earlier one, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub consistency: Option<Consistency>,
    /// The signed state of the record.
    pub checkpoint: String,
    /// The keys as the issuer publishes them.
    pub keys: Ring,
}

/// That the record begins with an earlier one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Consistency {
    /// The earlier size.
    pub from: u64,
    /// The nodes, base64.
    pub path: Vec<String>,
}

/// Makes the proof of an entry. `show` decides whether the entry itself goes in; `from` asks for the way
/// from an earlier size.
pub async fn of(db: &Db, number: u64, from: Option<u64>, show: impl FnOnce(&Entry) -> bool) -> Result<Proof> {
    let at = i64::try_from(number).map_err(|_| Error::NotFound)?;
    let (checkpoint, signed) = log::state(db).await?;
    if number >= checkpoint.size {
        return Err(Error::NotFound);
    }
    let size = checkpoint.size;
    let from = from.map(|from| log::within(from, size)).transpose()?;
    let sealed = sql::entry::numbered(db, at).await?.ok_or(Error::NotFound)?;
    let wanted = tile::wanted(|wanted| {
        merkle::inclusion(number, size, wanted).ok();
        from.map(|from| merkle::consistency(from, size, wanted).ok());
    });
    let mut tiles = log::tiles(db, &wanted).await?;
    let path = merkle::inclusion(number, size, &mut tiles).map_err(Error::internal)?;
    let consistency = match from {
        Some(from) => {
            let path = merkle::consistency(from, size, &mut tiles).map_err(Error::internal)?;
            Some(Consistency { from, path: texts(&path) })
        }
        None => None,
    };
    let shown = sealed.salt.filter(|_| sealed.entry.data.is_some() && show(&sealed.entry));
    Ok(Proof {
        kind: KIND.to_owned(),
        version: VERSION,
        number,
        digest: STANDARD.encode(&sealed.digest),
        entry: shown.as_ref().map(|_| sealed.entry.value()),
        salt: shown.map(|salt| STANDARD.encode(salt)),
        path: texts(&path),
        consistency,
        checkpoint: signed,
        keys: keys::ring(db).await?,
    })
}

fn texts(path: &[Hash]) -> Vec<String> {
    path.iter().map(|hash| STANDARD.encode(hash)).collect()
}

/// What somebody who checks a proof has besides it.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Keys that are believed.
    pub keys: Option<Ring>,
    /// An earlier or equal state of the record, a signed note.
    pub checkpoint: Option<String>,
}

type Found = std::result::Result<String, String>;

/// Checks a proof, without a network.
pub fn verify(proof: &Proof, held: &Held) -> Report {
    let mut report = Report::new(Kind::RecordProof);
    report.check("form", form(proof));
    report.check("entry", entry(proof));
    report.time =
        proof.entry.as_ref().and_then(|entry| entry["at"].as_i64()).map(|at| jinmen_core::Instant(at).to_rfc3339());
    let state = state(&proof.checkpoint);
    report.check("inclusion", state.as_ref().map_err(Clone::clone).and_then(|(state, _)| inclusion(proof, state)));
    let signature = state.as_ref().map_err(Clone::clone).and_then(|(state, note)| signature(proof, held, state, note));
    let (found, signer) = match signature {
        Ok((found, signer)) => (Ok(found), Some(signer)),
        Err(wrong) => (Err(wrong), None),
    };
    report.check("signature", found);
    report.signer = signer;
    if let Some(earlier) = &held.checkpoint {
        report.check("checkpoint", state.and_then(|(state, _)| checkpoint(proof, held, &state, earlier)));
    }
    report
}

fn form(proof: &Proof) -> Found {
    match (proof.kind.as_str(), proof.version) {
        (KIND, VERSION) => Ok(format!("a proof of entry {} of a record", proof.number)),
        (kind, version) => Err(format!("{kind} of version {version} is not known here")),
    }
}

/// Whether entry and salt have the digest that the proof is about.
fn entry(proof: &Proof) -> Found {
    let digest = digest(proof)?;
    match (&proof.entry, &proof.salt) {
        (Some(entry), Some(salt)) => {
            let salt = STANDARD.decode(salt).map_err(|_| "the salt is not base64".to_owned())?;
            let text = canonical::encode(entry).map_err(|error| error.to_string())?;
            let found: [u8; 32] = Sha256::new().chain_update(salt).chain_update(text).finalize().into();
            let action = entry["action"].as_str().unwrap_or_default();
            if found == digest {
                Ok(format!("the entry has the digest that is proved: {action}"))
            } else {
                Err("the entry was altered: its digest is another".to_owned())
            }
        }
        (None, None) => Ok("the entry itself is not shown; its digest is proved".to_owned()),
        _ => Err("entry and salt come together or not at all".to_owned()),
    }
}

fn digest(proof: &Proof) -> std::result::Result<[u8; 32], String> {
    hash(&proof.digest)
}

fn hash(text: &str) -> std::result::Result<Hash, String> {
    STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| "a digest is not 32 bytes in base64".to_owned())
}

fn hashes(texts: &[String]) -> std::result::Result<Vec<Hash>, String> {
    texts.iter().map(|text| hash(text)).collect()
}

fn state(text: &str) -> std::result::Result<(Checkpoint, note::Note), String> {
    let note = note::parse(text).map_err(|error| error.to_string())?;
    let checkpoint = note.text.parse::<Checkpoint>().map_err(|error| error.to_string())?;
    Ok((checkpoint, note))
}

fn inclusion(proof: &Proof, state: &Checkpoint) -> Found {
    let leaf = merkle::leaf(&digest(proof)?);
    merkle::check_inclusion(proof.number, state.size, &leaf, &hashes(&proof.path)?, &state.root)
        .map_err(|error| error.to_string())?;
    Ok(format!("entry {} is among the {} entries of {}", proof.number, state.size, state.origin))
}

/// The keys to believe: those given, and what they vouch for; or the file's own, with a warning.
fn keys_for(proof: &Proof, held: &Held) -> std::result::Result<Vec<Verifier>, String> {
    match &held.keys {
        Some(ring) => {
            let known = ring.verifiers().map_err(|error| error.to_string())?;
            proof.keys.believed(&known).map_err(|error| error.to_string())
        }
        None => proof.keys.verifiers().map_err(|error| error.to_string()),
    }
}

fn signature(
    proof: &Proof,
    held: &Held,
    state: &Checkpoint,
    note: &note::Note,
) -> std::result::Result<(String, String), String> {
    let keys = keys_for(proof, held)?;
    let fitting = note.verify(&keys).map_err(|error| error.to_string())?;
    let names: Vec<String> =
        fitting.iter().map(|key| format!("{} {}", key.key().algorithm().code(), key.id())).collect();
    let signer = format!("{} ({})", state.origin, names.join(", "));
    let whose = match held.keys {
        Some(_) => "by keys that were given",
        None => "by the keys in the file itself: compare them with those that the issuer publishes, or give --keys",
    };
    Ok((format!("{} signatures fit, {whose}", fitting.len()), signer))
}

/// Whether the record of the proof goes on from the state that somebody holds.
fn checkpoint(proof: &Proof, held: &Held, state: &Checkpoint, earlier: &str) -> Found {
    let (earlier, note) = self::state(earlier)?;
    note.verify(&keys_for(proof, held)?).map_err(|error| format!("the checkpoint that was given: {error}"))?;
    if earlier.origin != state.origin {
        return Err(format!("the checkpoint that was given is of {}, the proof of {}", earlier.origin, state.origin));
    }
    if earlier.size == state.size {
        return match earlier.root == state.root {
            true => Ok("the checkpoint that was given is that of the proof".to_owned()),
            false => Err("the record has another root than the checkpoint that was given".to_owned()),
        };
    }
    let path = proof.consistency.as_ref().filter(|found| found.from == earlier.size).ok_or_else(|| {
        format!(
            "the proof does not lead from the checkpoint that was given; ask for it with /record/proof/{}?from={}",
            proof.number, earlier.size
        )
    })?;
    merkle::check_consistency(earlier.size, state.size, &hashes(&path.path)?, &earlier.root, &state.root)
        .map_err(|error| format!("the record is not that of the checkpoint that was given: {error}"))?;
    Ok(format!("the record goes on from the checkpoint of {} entries that was given", earlier.size))
}
