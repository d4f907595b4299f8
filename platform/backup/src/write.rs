//! Making a backup.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use files::Blobs;
use jinmen_core::Instant;
use serde_json::Value;
use store::Db;
use store::dump::{self, Snapshot, Table};
use tokio::io::AsyncReadExt;

use crate::Step;
use crate::archive::{self, Writing, file_name, table_name};
use crate::error::{BackupError, at};
use crate::manifest::{FORMAT, FilePart, Manifest, TablePart, VERSION};

/// Bytes handed to the writing thread at a time.
const CHUNK: usize = 64 * 1024;

/// An instance that is backed up.
pub struct Source<'a> {
    /// Its database.
    pub db: &'a Db,
    /// Its attachments.
    pub blobs: &'a dyn Blobs,
    /// A mark by which its master key is known again.
    pub key_mark: String,
    /// The program's version.
    pub program: String,
    /// Now.
    pub now: Instant,
}

/// Writes a backup and reads it again; the file is at its place once it was found whole.
pub async fn write(source: &Source<'_>, out: &Path, mut heard: impl FnMut(Step)) -> Result<Manifest, BackupError> {
    let beside = beside(out);
    let written = write_beside(source, &beside, &mut heard).await;
    let manifest = match written {
        Ok(manifest) => manifest,
        Err(error) => {
            std::fs::remove_file(&beside).ok();
            return Err(error);
        }
    };
    heard(Step::Checking);
    let again = {
        let beside = beside.clone();
        tokio::task::spawn_blocking(move || archive::check(&beside)).await
    };
    let again = again.map_err(|error| BackupError::Damaged(error.to_string()))??;
    if again.manifest != manifest {
        return Err(BackupError::Damaged("the file on the disk is not what was written".to_owned()));
    }
    std::fs::rename(&beside, out).map_err(at(out))?;
    sync_folder(out)?;
    Ok(manifest)
}

/// `name.part`, in the same folder.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn sync_folder(path: &Path) -> Result<(), BackupError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}

async fn write_beside(
    source: &Source<'_>,
    beside: &Path,
    heard: &mut impl FnMut(Step),
) -> Result<Manifest, BackupError> {
    let writing = Writing::begin(beside)?;
    match parts(source, &writing, heard).await {
        Ok(manifest) => {
            writing.finish(Some(&manifest)).await?;
            Ok(manifest)
        }
        // The thread knows better why writing stopped.
        Err(error) => Err(writing.finish(None).await.err().unwrap_or(error)),
    }
}

async fn parts(source: &Source<'_>, writing: &Writing, heard: &mut impl FnMut(Step)) -> Result<Manifest, BackupError> {
    let tables = dump::tables(source.db).await?;
    let migrations = dump::migrations(source.db).await?;
    let mut snapshot = Snapshot::take(source.db).await?;
    let (mut written, mut files, mut checkpoint) = (Vec::new(), BTreeMap::new(), None);
    for table in tables {
        heard(Step::Table(table.name.clone()));
        let part = table_part(&mut snapshot, &table, writing, |row| match table.name.as_str() {
            "file" => note_file(&table, row, &mut files),
            "record_log" => checkpoint = cell(&table, row, "checkpoint").and_then(Value::as_str).map(str::to_owned),
            _ => {}
        });
        written.push(part.await?);
    }
    drop(snapshot);
    let files = attachments(source, writing, files, heard).await?;
    Ok(Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        program: source.program.clone(),
        made_at: source.now.to_rfc3339(),
        database: format!("{:?}", source.db.dialect()).to_lowercase(),
        migrations,
        key_mark: source.key_mark.clone(),
        checkpoint,
        tables: written,
        files,
    })
}

fn cell<'r>(table: &Table, row: &'r [Value], name: &str) -> Option<&'r Value> {
    table.columns.iter().position(|column| column.name == name).and_then(|at| row.get(at))
}

/// Attachments that were taken off an object may have lost their bytes; all others must be there.
fn note_file(table: &Table, row: &[Value], files: &mut BTreeMap<String, bool>) {
    let Some(digest) = cell(table, row, "digest").and_then(Value::as_str) else { return };
    let needed = cell(table, row, "removed_at").is_none_or(Value::is_null);
    *files.entry(digest.to_owned()).or_default() |= needed;
}

async fn table_part(
    snapshot: &mut Snapshot,
    table: &Table,
    writing: &Writing,
    mut see: impl FnMut(&[Value]),
) -> Result<TablePart, BackupError> {
    writing.part(table_name(&table.name), true).await?;
    let mut buffer = Vec::with_capacity(CHUNK * 2);
    let rows = snapshot
        .rows::<BackupError>(table, async |row| {
            see(&row);
            serde_json::to_writer(&mut buffer, &row).map_err(|error| BackupError::Damaged(error.to_string()))?;
            buffer.push(b'\n');
            if buffer.len() >= CHUNK {
                writing.bytes(std::mem::take(&mut buffer)).await?;
            }
            Ok(())
        })
        .await?;
    writing.bytes(buffer).await?;
    let part = writing.end().await?;
    Ok(TablePart { table: table.clone(), rows, sha256: part.sha256 })
}

async fn attachments(
    source: &Source<'_>,
    writing: &Writing,
    files: BTreeMap<String, bool>,
    heard: &mut impl FnMut(Step),
) -> Result<Vec<FilePart>, BackupError> {
    let all = files.len() as u64;
    let mut written = Vec::new();
    for (done, (digest, needed)) in files.into_iter().enumerate() {
        heard(Step::Files(done as u64, all));
        let mut reader = match source.blobs.open(&digest).await {
            Ok(reader) => reader,
            Err(jinmen_core::Error::NotFound) if !needed => continue,
            Err(jinmen_core::Error::NotFound) => {
                return Err(BackupError::Damaged(format!("the attachment {digest} is not in the instance's folder")));
            }
            Err(other) => return Err(other.into()),
        };
        writing.part(file_name(&digest), false).await?;
        loop {
            let mut chunk = vec![0; CHUNK];
            let read = reader.read(&mut chunk).await.map_err(at(Path::new(&digest)))?;
            if read == 0 {
                break;
            }
            chunk.truncate(read);
            writing.bytes(chunk).await?;
        }
        let part = writing.end().await?;
        if part.sha256 != digest {
            return Err(BackupError::Damaged(format!("the attachment {digest} was altered in the instance's folder")));
        }
        written.push(FilePart { sha256: digest, size: part.bytes });
    }
    Ok(written)
}
