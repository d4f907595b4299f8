//! The file itself: written by a thread of its own, read part by part.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use record::seal::hex;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::error::{BackupError, at};
use crate::manifest::{FORMAT, Manifest, VERSION};

/// The name of the manifest in the archive.
const MANIFEST: &str = "manifest.json";
/// The longest manifest that is read: a million attachments.
const LONGEST_MANIFEST: u64 = 256 * 1024 * 1024;
/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;

/// What the writing thread is told.
enum Told {
    Begin { name: String, packed: bool },
    Bytes(Vec<u8>),
    End(tokio::sync::oneshot::Sender<Part>),
}

/// What a part came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Part {
    pub sha256: String,
    pub bytes: u64,
}

/// Writes an archive from async code.
pub(crate) struct Writing {
    tell: mpsc::Sender<Told>,
    thread: tokio::task::JoinHandle<Result<(), BackupError>>,
}

impl Writing {
    pub fn begin(path: &Path) -> Result<Self, BackupError> {
        let file = File::create(path).map_err(at(path))?;
        let (tell, told) = mpsc::channel(16);
        let name = path.to_owned();
        let thread = tokio::task::spawn_blocking(move || write_all(file, &name, told));
        Ok(Self { tell, thread })
    }

    /// Begins a part; `packed` compresses it.
    pub async fn part(&self, name: String, packed: bool) -> Result<(), BackupError> {
        self.say(Told::Begin { name, packed }).await
    }

    pub async fn bytes(&self, bytes: Vec<u8>) -> Result<(), BackupError> {
        self.say(Told::Bytes(bytes)).await
    }

    pub async fn end(&self) -> Result<Part, BackupError> {
        let (send, receive) = tokio::sync::oneshot::channel();
        self.say(Told::End(send)).await?;
        receive.await.map_err(|_| stopped())
    }

    async fn say(&self, told: Told) -> Result<(), BackupError> {
        self.tell.send(told).await.map_err(|_| stopped())
    }

    /// Writes the manifest and syncs; or the reason why writing stopped before.
    pub async fn finish(self, manifest: Option<&Manifest>) -> Result<(), BackupError> {
        if let Some(manifest) = manifest {
            let text = serde_json::to_vec_pretty(manifest).map_err(|error| BackupError::Damaged(error.to_string()))?;
            self.part(MANIFEST.to_owned(), true).await.ok();
            self.bytes(text).await.ok();
        }
        drop(self.tell);
        self.thread.await.map_err(|_| stopped())?
    }
}

fn stopped() -> BackupError {
    BackupError::Damaged("writing stopped".to_owned())
}

fn write_all(file: File, path: &Path, mut told: mpsc::Receiver<Told>) -> Result<(), BackupError> {
    let mut zip = ZipWriter::new(BufWriter::with_capacity(CHUNK, file));
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    while let Some(next) = told.blocking_recv() {
        match next {
            Told::Begin { name, packed } => {
                let method = if packed { CompressionMethod::Deflated } else { CompressionMethod::Stored };
                let options = SimpleFileOptions::default().compression_method(method).large_file(true);
                zip.start_file(name, options).map_err(|error| io(path, error))?;
                (hash, bytes) = (Sha256::new(), 0);
            }
            Told::Bytes(chunk) => {
                hash.update(&chunk);
                bytes += chunk.len() as u64;
                zip.write_all(&chunk).map_err(at(path))?;
            }
            Told::End(send) => {
                send.send(Part { sha256: hex(&std::mem::take(&mut hash).finalize()), bytes }).ok();
            }
        }
    }
    let mut buffered = zip.finish().map_err(|error| io(path, error))?;
    buffered.flush().map_err(at(path))?;
    buffered.get_ref().sync_all().map_err(at(path))
}

fn io(path: &Path, error: zip::result::ZipError) -> BackupError {
    match error {
        zip::result::ZipError::Io(error) => at(path)(error),
        other => other.into(),
    }
}

/// An archive that is read.
pub(crate) struct Reading {
    zip: ZipArchive<BufReader<File>>,
    pub manifest: Manifest,
}

impl Reading {
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let file = File::open(path).map_err(at(path))?;
        let mut zip = ZipArchive::new(BufReader::with_capacity(CHUNK, file))?;
        let part = zip.by_name(MANIFEST).map_err(|_| BackupError::Damaged("this zip archive is no backup".into()))?;
        let mut text = Vec::new();
        part.take(LONGEST_MANIFEST).read_to_end(&mut text).map_err(at(path))?;
        let head: serde_json::Value = serde_json::from_slice(&text).map_err(|error| damaged(&error))?;
        if head["format"] != FORMAT {
            return Err(BackupError::Damaged("this archive is no backup".to_owned()));
        }
        if head["version"] != VERSION {
            return Err(BackupError::Later(format!("format {}", head["version"])));
        }
        let manifest = serde_json::from_value(head).map_err(|error| damaged(&error))?;
        Ok(Self { zip, manifest })
    }

    /// Reads a part in chunks; its digest and how many bytes it had. More than `most` bytes are refused, so that no
    /// archive unpacks into more than its manifest says.
    pub fn part(
        &mut self,
        name: &str,
        most: u64,
        mut heard: impl FnMut(&[u8]) -> Result<(), BackupError>,
    ) -> Result<Part, BackupError> {
        let cut = |error: std::io::Error| BackupError::Damaged(format!("{name} is damaged: {error}"));
        let part = self.zip.by_name(name).map_err(|_| BackupError::Damaged(format!("{name} is missing")))?;
        let mut part = part.take(most.saturating_add(1));
        let (mut hash, mut bytes, mut chunk) = (Sha256::new(), 0_u64, vec![0; CHUNK]);
        loop {
            let read = part.read(&mut chunk).map_err(cut)?;
            if read == 0 {
                break;
            }
            bytes += read as u64;
            if bytes > most {
                return Err(BackupError::Damaged(format!("{name} is longer than the manifest says")));
            }
            hash.update(&chunk[..read]);
            heard(&chunk[..read])?;
        }
        Ok(Part { sha256: hex(&hash.finalize()), bytes })
    }
}

fn damaged(error: &serde_json::Error) -> BackupError {
    BackupError::Damaged(format!("the manifest cannot be read: {error}"))
}

/// The name of a table's part.
pub(crate) fn table_name(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

/// The name of an attachment's part.
pub(crate) fn file_name(sha256: &str) -> String {
    format!("files/{sha256}")
}

/// A backup that was read from end to end and found whole.
#[derive(Clone, PartialEq, Debug)]
pub struct Whole {
    pub(crate) path: PathBuf,
    /// What is in it.
    pub manifest: Manifest,
}

/// Reads a whole backup: every part against the digest that the manifest gives.
pub fn check(path: &Path) -> Result<Whole, BackupError> {
    let mut reading = Reading::open(path)?;
    let manifest = reading.manifest.clone();
    for part in &manifest.tables {
        let name = table_name(&part.table.name);
        let mut lines = 0;
        let found = reading.part(&name, u64::MAX, |chunk| {
            lines += chunk.iter().filter(|byte| **byte == b'\n').count() as u64;
            Ok(())
        })?;
        if found.sha256 != part.sha256 || lines != part.rows {
            return Err(BackupError::Damaged(format!("{name} is not what the manifest says")));
        }
    }
    for part in &manifest.files {
        let name = file_name(&part.sha256);
        let found = reading.part(&name, part.size, |_| Ok(()))?;
        if found.sha256 != part.sha256 || found.bytes != part.size {
            return Err(BackupError::Damaged(format!("{name} is not what the manifest says")));
        }
    }
    Ok(Whole { path: path.to_owned(), manifest })
}
