//! `jinmen verify`: whether a document is what it says, without a network and without an instance.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use record::proof::{self, Held, Proof};
use record::seal::PublicKey;
use record::seal::note::Verifier;
use record::seal::report::Report;
use record::seal::ring::{Published, Ring};

use crate::cli::Format;

/// The longest file that is read: no document of these kinds comes near it.
const LONGEST: u64 = 64 * 1024 * 1024;

/// `jinmen verify`.
#[derive(Args, Debug)]
pub struct Verify {
    /// The document: a proof as /record/proof/NUMBER serves it, the archive bundle of a case (a ZIP file), or the result of
    /// a round of judging.
    pub file: PathBuf,
    /// Keys that you believe, as /.well-known/jinmen/keys serves them, or one key in PEM, or verifier keys one a line.
    /// Without them the keys in the document are used, and you compare them yourself.
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// A signed state of the record that you hold, as /record/checkpoint serves it: the document must go on from it.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// A signature over the whole file by one of the keys, raw or DER or base64.
    #[arg(long, value_name = "FILE")]
    pub signature: Option<PathBuf>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Answers with exit 0 for a document that holds, 1 for one that does not.
pub fn run(flags: &Verify) -> Result<ExitCode> {
    if is_zip(&flags.file)? {
        return archive(flags);
    }
    let bytes = read(&flags.file)?;
    let document: serde_json::Value = serde_json::from_slice(&bytes)
        .with_context(|| format!("{}: this is not JSON, nor any document known here", flags.file.display()))?;
    let kind = document["kind"].as_str().unwrap_or_default();
    if kind == review::model::statement::KIND {
        return result(flags, document);
    }
    if kind != proof::KIND {
        bail!("{}: a document of kind {kind:?} is not known to this version", flags.file.display());
    }
    let proof: Proof = serde_json::from_value(document)
        .with_context(|| format!("{}: this is no {}", flags.file.display(), proof::KIND))?;
    let held = Held {
        keys: flags.keys.as_deref().map(|path| keys(path, &proof.keys)).transpose()?,
        checkpoint: flags.checkpoint.as_deref().map(text).transpose()?,
    };
    let mut report = proof::verify(&proof, &held);
    if let Some(path) = &flags.signature {
        let ring = held.keys.as_ref().unwrap_or(&proof.keys);
        report.check("file_signature", over_file(ring, &bytes, &read(path)?));
    }
    print(&report, flags.format)?;
    Ok(ExitCode::from(u8::from(!report.valid)))
}

/// Whether a file begins as a ZIP file does.
fn is_zip(path: &Path) -> Result<bool> {
    use std::io::Read;
    let mut head = Vec::new();
    let file = std::fs::File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    file.take(4).read_to_end(&mut head).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(head == b"PK\x03\x04")
}

/// Checks an archive bundle of whatever size: it is read piece by piece.
fn archive(flags: &Verify) -> Result<ExitCode> {
    if flags.signature.is_some() {
        bail!("{}: an archive bundle is signed through the record, not over the file", flags.file.display());
    }
    let open = || std::fs::File::open(&flags.file).with_context(|| format!("{} cannot be read", flags.file.display()));
    let named = documents::archive::keys_of(std::io::BufReader::new(open()?)).unwrap_or_default();
    let held = Held {
        keys: flags.keys.as_deref().map(|path| keys(path, &named)).transpose()?,
        checkpoint: flags.checkpoint.as_deref().map(text).transpose()?,
    };
    let report = documents::archive::verify(std::io::BufReader::new(open()?), &held);
    print(&report, flags.format)?;
    Ok(ExitCode::from(u8::from(!report.valid)))
}

/// Checks the result of a round of judging: every score, the draws, the ranking, and that the record has it.
fn result(flags: &Verify, document: serde_json::Value) -> Result<ExitCode> {
    if flags.signature.is_some() {
        bail!("{}: a result is signed through the record, not over the file", flags.file.display());
    }
    let named: Ring = serde_json::from_value(document["proof"]["keys"].clone()).unwrap_or_default();
    let held = Held {
        keys: flags.keys.as_deref().map(|path| keys(path, &named)).transpose()?,
        checkpoint: flags.checkpoint.as_deref().map(text).transpose()?,
    };
    let report = review::model::statement::verify(document, &held)
        .map_err(|wrong| anyhow::anyhow!("{}: this is no result: {wrong}", flags.file.display()))?;
    print(&report, flags.format)?;
    Ok(ExitCode::from(u8::from(!report.valid)))
}

fn print(report: &Report, format: Format) -> Result<()> {
    if format == Format::Json {
        println!("{}", serde_json::to_string(report)?);
        return Ok(());
    }
    for check in &report.checks {
        println!("{} {}: {}", if check.ok { "ok   " } else { "WRONG" }, check.name, check.detail);
    }
    let time = report.time.as_deref().map(|time| format!(", {time}")).unwrap_or_default();
    match &report.signer {
        Some(signer) if report.valid => println!("valid: signed by {signer}{time}"),
        _ => println!("NOT VALID"),
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let size = std::fs::metadata(path).with_context(|| format!("{} cannot be read", path.display()))?.len();
    if size > LONGEST {
        bail!("{} has {size} bytes; documents have at most {LONGEST}", path.display());
    }
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).with_context(|| format!("{} is not UTF-8 text", path.display()))
}

/// Keys from a published ring, from PEM (under the name that the document gives), or from verifier keys.
fn keys(path: &Path, named: &Ring) -> Result<Ring> {
    let text = text(path)?;
    if let Ok(ring) = serde_json::from_str::<Ring>(&text) {
        return Ok(ring);
    }
    let wrong = || format!("{}: neither published keys, nor PEM, nor verifier keys", path.display());
    let verifiers: Vec<Verifier> = if text.contains("-----BEGIN") {
        let key = PublicKey::from_pem(&text).with_context(wrong)?;
        vec![Verifier::new(&named.origin, key).with_context(wrong)?]
    } else {
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .map(Verifier::parse)
            .collect::<Result<_, _>>()
            .with_context(wrong)?
    };
    let first = verifiers.first().with_context(wrong)?;
    let publish = |verifier: &Verifier| -> Result<Published> {
        Ok(Published {
            verifier: verifier.to_string(),
            algorithm: verifier.key().algorithm(),
            pem: verifier.key().to_pem()?,
            since: String::new(),
            until: None,
            vouched: Vec::new(),
        })
    };
    Ok(Ring { origin: first.name().to_owned(), keys: verifiers.iter().map(publish).collect::<Result<_>>()? })
}

fn over_file(ring: &Ring, bytes: &[u8], signature: &[u8]) -> Result<String> {
    use base64::Engine;
    let decoded = std::str::from_utf8(signature)
        .ok()
        .and_then(|text| base64::engine::general_purpose::STANDARD.decode(text.trim()).ok());
    let forms = [Some(signature.to_vec()), decoded];
    for verifier in ring.verifiers()? {
        if forms.iter().flatten().any(|form| verifier.key().verify(bytes, form).is_ok()) {
            return Ok(format!("the file is signed by {} {}", verifier.key().algorithm().code(), verifier.id()));
        }
    }
    bail!("the signature over the file is by none of the keys")
}
