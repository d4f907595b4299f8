//! Archive bundles (归档包): a whole case in one ZIP file that anybody can check without a network and without this program's
//! database.
//!
//! | part | is |
//! | --- | --- |
//! | `index.json` | what the bundle holds: the case as data, and every other part with size and SHA-256; canonical JSON |
//! | `proof.json` | a proof of the record that an entry names the digest of `index.json` |
//! | everything else | files, and a page for people |
//!
//! Whoever holds the bundle computes the digests of its parts, compares them with the index, the index's with the entry, and
//! checks that the entry is in the signed record. A part that was changed, added or taken out is named.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use files::{File, Files};
use jinmen_core::{Actor, Error, Instant, Object, PageRequest, Result};
use record::proof::{self, Held, Proof};
use record::seal::report::{Kind, Report};
use record::seal::{canonical, hex, sha256};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Db, Tx};

use crate::zip::{Entry, Text};

/// The kind in the index.
pub const KIND: &str = "archive";
/// The version of the index.
const VERSION: u32 = 1;
/// The index's place.
pub const INDEX: &str = "index.json";
/// The proof's place.
pub const PROOF: &str = "proof.json";
/// What the record calls it.
pub const ACTION: &str = "documents.archived";
/// Bytes of an index or a proof that are read.
const JSON_MOST: u64 = 64 * 1024 * 1024;
/// Parts of one bundle.
const PARTS_MOST: usize = 20_000;

/// A part of a bundle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Its place in the ZIP file.
    pub path: String,
    /// What it is.
    pub what: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 digest of its bytes.
    pub sha256: String,
}

/// What a bundle holds.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Index {
    /// [`KIND`].
    pub kind: String,
    /// 1.
    pub version: u32,
    /// What it is the archive of.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Whose archive it is.
    pub owner: String,
    /// When it was made, microseconds UTC.
    pub made_at: i64,
    /// By whom.
    pub made_by: String,
    /// The case as data: what was handed in, every step, opinions.
    pub case: Value,
    /// Every part besides the index and the proof.
    pub parts: Vec<Part>,
}

/// A bundle to be made.
pub struct Draft {
    /// What it is the archive of.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Whose archive it is.
    pub owner: String,
    /// The case as data.
    pub case: Value,
    /// Texts that stand in no file: place, what it is, media type, text.
    pub texts: Vec<(String, String, String, String)>,
    /// Files with their places and what each is.
    pub files: Vec<(String, String, File)>,
}

/// A bundle whose index is in the record, or about to be.
pub struct Bundle {
    /// The index as it stands in the bundle, canonical.
    pub index: String,
    /// Its SHA-256 digest.
    pub digest: String,
    /// Texts by place.
    pub texts: Vec<(String, String)>,
    /// Files by place.
    pub files: Vec<(String, File)>,
}

/// Makes the index of a bundle.
///
/// # Errors
/// `Internal` where the case holds numbers with decimals, which the canonical form does not have.
pub fn bundle(draft: Draft, made_at: Instant, made_by: &str) -> Result<Bundle> {
    let texts = draft.texts.iter().map(|(path, what, media_type, text)| Part {
        path: path.clone(),
        what: what.clone(),
        media_type: media_type.clone(),
        size: text.len() as u64,
        sha256: hex(&sha256(text.as_bytes())),
    });
    let files = draft.files.iter().map(|(path, what, file)| Part {
        path: path.clone(),
        what: what.clone(),
        media_type: file.media_type.clone(),
        size: u64::try_from(file.size).unwrap_or_default(),
        sha256: file.digest.clone(),
    });
    let index = Index {
        kind: KIND.to_owned(),
        version: VERSION,
        title: draft.title.clone(),
        number: draft.number.clone(),
        owner: draft.owner.clone(),
        made_at: made_at.0,
        made_by: made_by.to_owned(),
        case: draft.case.clone(),
        parts: texts.chain(files).collect(),
    };
    let index = canonical::encode(&serde_json::to_value(&index)?).map_err(Error::internal)?;
    Ok(Bundle {
        digest: hex(&sha256(index.as_bytes())),
        index,
        texts: draft.texts.into_iter().map(|(path, _, _, text)| (path, text)).collect(),
        files: draft.files.into_iter().map(|(path, _, file)| (path, file)).collect(),
    })
}

/// Names the index of a bundle in the record.
pub async fn append(tx: &mut Tx, actor: &Actor, now: Instant, object: &Object, bundle: &Bundle) -> Result<()> {
    let data = json!({ "index": bundle.digest, "parts": bundle.texts.len() + bundle.files.len() });
    record::append(tx, actor, now, ACTION, object.clone(), data).await.map(drop)
}

/// The proof that the record names an index; nothing for the moment until the entry has its place.
pub async fn proof_of(db: &Db, object: &Object, digest: &str) -> Result<Option<Proof>> {
    let filter =
        record::Filter { object: Some(object.clone()), action: Some(ACTION.to_owned()), ..record::Filter::default() };
    let page = PageRequest { after: None, limit: Some(200) };
    let entries = record::list(db, &filter, &page).await?.items;
    let named = |entry: &&record::Entry| entry.data.as_ref().is_some_and(|data| data["index"] == digest);
    let Some(number) = entries.iter().find(named).and_then(|entry| entry.number) else { return Ok(None) };
    match proof::of(db, u64::try_from(number).unwrap_or_default(), None, |_| true).await {
        Ok(proof) => Ok(Some(proof)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The bundle as a ZIP file, as it grows.
///
/// # Errors
/// `Internal` where the proof cannot be written.
pub fn stream(
    bundle: Bundle,
    proof: &Proof,
    files: Files,
) -> Result<futures::stream::BoxStream<'static, Result<Vec<u8>>>> {
    let proof = serde_json::to_string_pretty(proof)?;
    let mut texts =
        vec![Text { path: INDEX.to_owned(), text: bundle.index }, Text { path: PROOF.to_owned(), text: proof }];
    texts.extend(bundle.texts.into_iter().map(|(path, text)| Text { path, text }));
    let entries = bundle.files.into_iter().map(|(path, file)| Entry { path, file }).collect();
    Ok(crate::zip::stream_with(texts, entries, files))
}

type Found = std::result::Result<String, String>;

/// Checks a bundle, without a network.
pub fn verify(reader: impl Read + Seek, held: &Held) -> Report {
    let mut report = Report::new(Kind::Archive);
    let mut zip = match ::zip::ZipArchive::new(reader) {
        Ok(zip) if zip.len() <= PARTS_MOST => zip,
        Ok(zip) => {
            report.check("form", Found::Err(format!("{} parts are more than a bundle has", zip.len())));
            return report;
        }
        Err(error) => {
            report.check("form", Found::Err(format!("this is no ZIP file: {error}")));
            return report;
        }
    };
    let index_text = json_part(&mut zip, INDEX);
    let index = index_text.as_ref().map_err(Clone::clone).and_then(|text| read_index(text));
    let form = index.as_ref().map_err(Clone::clone);
    report.check("form", form.map(|index| format!("an archive of {} {}: {}", index.number, index.owner, index.title)));
    report.check("parts", index.as_ref().map_err(Clone::clone).and_then(|index| parts(&mut zip, index)));
    let proof = json_part(&mut zip, PROOF)
        .and_then(|text| serde_json::from_str::<Proof>(&text).map_err(|error| format!("{PROOF} is no proof: {error}")));
    let entry = match (&index_text, &proof) {
        (Ok(text), Ok(proof)) => names_index(text, proof),
        (Err(wrong), _) | (_, Err(wrong)) => Err(wrong.clone()),
    };
    report.check("entry", entry);
    if let Ok(proof) = &proof {
        // What the record says of the entry is checked as every proof is.
        let checked = proof::verify(proof, held);
        report.valid &= checked.valid;
        report.signer = checked.signer;
        report.time = checked.time;
        report.checks.extend(checked.checks.into_iter().filter(|check| check.name != "form" && check.name != "entry"));
    }
    report
}

/// The keys that a bundle brings along, for whoever gives a key in a form that has no name of its own.
pub fn keys_of(reader: impl Read + Seek) -> Option<record::seal::ring::Ring> {
    let mut zip = ::zip::ZipArchive::new(reader).ok()?;
    let text = json_part(&mut zip, PROOF).ok()?;
    serde_json::from_str::<Proof>(&text).ok().map(|proof| proof.keys)
}

fn json_part<R: Read + Seek>(zip: &mut ::zip::ZipArchive<R>, path: &str) -> Found {
    let part = zip.by_name(path).map_err(|_| format!("{path} is missing"))?;
    if part.size() > JSON_MOST {
        return Err(format!("{path} is too long"));
    }
    let mut text = String::new();
    part.take(JSON_MOST).read_to_string(&mut text).map_err(|error| format!("{path}: {error}"))?;
    Ok(text)
}

fn read_index(text: &str) -> std::result::Result<Index, String> {
    let index: Index = serde_json::from_str(text).map_err(|error| format!("{INDEX}: {error}"))?;
    match (index.kind.as_str(), index.version) {
        (KIND, VERSION) => Ok(index),
        (kind, version) => Err(format!("{kind} of version {version} is not known here")),
    }
}

/// Whether every part is there with its digest, and nothing besides.
fn parts<R: Read + Seek>(zip: &mut ::zip::ZipArchive<R>, index: &Index) -> Found {
    let wanted: BTreeMap<&str, &Part> = index.parts.iter().map(|part| (part.path.as_str(), part)).collect();
    let names: std::result::Result<Vec<String>, _> =
        zip.file_names().map(|name| name.map(|name| name.into_owned())).collect();
    let names = names.map_err(|error| format!("a name of a part cannot be read: {error}"))?;
    if names.len() != zip.len() {
        return Err("a part stands in it twice".to_owned());
    }
    let extra: Vec<&String> = names
        .iter()
        .filter(|name| ![INDEX, PROOF].contains(&name.as_str()) && !wanted.contains_key(name.as_str()))
        .collect();
    if let Some(extra) = extra.first() {
        return Err(format!("{extra} is not in the index"));
    }
    for part in wanted.values() {
        let found = zip.by_name(&part.path).map_err(|_| format!("{} is missing", part.path))?;
        let (digest, size) = digest_of(found, part.size).map_err(|error| format!("{}: {error}", part.path))?;
        if digest != part.sha256 || size != part.size {
            return Err(format!("{} was altered: its digest is another", part.path));
        }
    }
    Ok(format!("{} parts have the digests of the index", wanted.len()))
}

/// Digest and size of a part; what is longer than the index says is read no further.
fn digest_of(reader: impl Read, most: u64) -> std::io::Result<(String, u64)> {
    let mut hash = record::seal::Sha256Stream::default();
    let mut reader = reader.take(most.saturating_add(1));
    let (mut piece, mut size) = (vec![0; 64 * 1024], 0);
    loop {
        let count = reader.read(&mut piece)?;
        if count == 0 {
            return Ok((hex(&hash.finish()), size));
        }
        hash.update(&piece[..count]);
        size += count as u64;
    }
}

/// Whether the entry that is proved names this index.
fn names_index(index: &str, proof: &Proof) -> Found {
    let digest = hex(&sha256(index.as_bytes()));
    let entry = proof.entry.as_ref().ok_or("the proof does not show its entry")?;
    if entry["action"] != ACTION {
        return Err("the entry that is proved is of something else".to_owned());
    }
    match entry["data"]["index"].as_str() {
        Some(named) if named == digest => Ok("the record names this index".to_owned()),
        _ => Err(format!("{INDEX} was altered: the record names another digest")),
    }
}
