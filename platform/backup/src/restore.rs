//! Making an instance from a backup.

use std::path::{Path, PathBuf};

use files::Blobs;
use futures::StreamExt;
use jinmen_core::Instant;
use record::Audit;
use serde_json::Value;
use store::dump::{self, Table};
use store::{Db, MigrationSet, migrate};
use tokio::sync::mpsc;

use crate::Step;
use crate::archive::{Reading, Whole, file_name, table_name};
use crate::error::BackupError;
use crate::manifest::Manifest;

/// Rows handed from the reading thread at a time.
const ROWS: usize = 500;
/// The longest row that is read: longer than any that an instance takes in.
const LONGEST_ROW: usize = 256 * 1024 * 1024;

/// Where an instance is made.
pub struct Target<'a> {
    /// Its database, which is empty.
    pub db: &'a Db,
    /// Its attachments.
    pub blobs: &'a dyn Blobs,
    /// The program's migrations.
    pub sets: &'a [MigrationSet],
    /// The mark of its master key.
    pub key_mark: String,
    /// Now.
    pub now: Instant,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The record, read as a whole.
    pub audit: Audit,
    /// Migrations that were applied after.
    pub upgraded: usize,
}

/// Fills an empty instance. The rows come in one transaction; at the end the whole record is read.
pub async fn restore(whole: &Whole, target: &Target<'_>, mut heard: impl FnMut(Step)) -> Result<Restored, BackupError> {
    let Whole { path, manifest } = whole;
    if manifest.key_mark != target.key_mark {
        return Err(BackupError::Key);
    }
    known(manifest, target.sets)?;
    let listed = |module: &str, number: i64| manifest.migrations.iter().any(|(m, n, _)| m == module && *n == number);
    migrate::migrate_only(target.db, target.sets, target.now, listed).await?;
    if !dump::is_empty(target.db).await? {
        return Err(BackupError::NotEmpty);
    }
    let ours = dump::tables(target.db).await?;
    for part in &manifest.tables {
        if !ours.contains(&part.table) {
            return Err(BackupError::Damaged(format!("the table {} is not that of its migrations", part.table.name)));
        }
    }
    attachments(path, manifest, target, &mut heard).await?;
    tables(path, manifest, target, &mut heard).await?;
    let upgraded = migrate::migrate(target.db, target.sets, target.now).await?;
    let audit = record::audit(target.db, |entries| heard(Step::Record(entries))).await?;
    Ok(Restored { audit, upgraded })
}

/// A backup with migrations that this program does not have was made by a later one.
fn known(manifest: &Manifest, sets: &[MigrationSet]) -> Result<(), BackupError> {
    for (module, number, name) in &manifest.migrations {
        let ours = sets.iter().any(|set| {
            set.module == module && set.files.iter().any(|file| file.number == *number && file.name == name)
        });
        if !ours {
            return Err(BackupError::Later(format!("{}, {module} {name}", manifest.program)));
        }
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| BackupError::Damaged(error.to_string()))?
}

async fn attachments(
    path: &Path,
    manifest: &Manifest,
    target: &Target<'_>,
    heard: &mut impl FnMut(Step),
) -> Result<(), BackupError> {
    let all = manifest.files.len() as u64;
    for (done, part) in manifest.files.iter().enumerate() {
        heard(Step::Files(done as u64, all));
        let (send, receive) = mpsc::channel::<Vec<u8>>(4);
        let reading = {
            let (path, part) = (path.to_owned(), part.clone());
            blocking(move || {
                Reading::open(&path)?.part(&file_name(&part.sha256), part.size, |chunk| {
                    send.blocking_send(chunk.to_vec()).map_err(|_| BackupError::Damaged("the disk refused".to_owned()))
                })
            })
        };
        let bytes = futures::stream::unfold(receive, |mut receive| async {
            receive.recv().await.map(|chunk| (Ok(chunk), receive))
        });
        let (read, stored) = futures::join!(reading, target.blobs.put(bytes.boxed(), part.size));
        let stored = stored?;
        read?;
        if stored.digest != part.sha256 {
            return Err(BackupError::Damaged(format!("the attachment {} is damaged", part.sha256)));
        }
    }
    Ok(())
}

async fn tables(
    path: &Path,
    manifest: &Manifest,
    target: &Target<'_>,
    heard: &mut impl FnMut(Step),
) -> Result<(), BackupError> {
    let mut tx = target.db.begin().await?;
    dump::relax(&mut tx).await?;
    for part in &manifest.tables {
        heard(Step::Table(part.table.name.clone()));
        let (send, mut receive) = mpsc::channel(2);
        let reading = tokio::spawn(blocking({
            let (path, table) = (path.to_owned(), part.table.clone());
            move || read_rows(path, &table, &send)
        }));
        while let Some(rows) = receive.recv().await {
            dump::load(&mut tx, &part.table, rows).await?;
        }
        let rows = reading.await.map_err(|error| BackupError::Damaged(error.to_string()))??;
        if rows != part.rows {
            return Err(BackupError::Damaged(format!("{} has {rows} rows, not {}", part.table.name, part.rows)));
        }
    }
    dump::settle(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Reads the rows of a table and hands them over in batches; how many there were.
fn read_rows(path: PathBuf, table: &Table, send: &mpsc::Sender<Vec<Vec<Value>>>) -> Result<u64, BackupError> {
    let name = table_name(&table.name);
    let (mut line, mut batch, mut count) = (Vec::new(), Vec::with_capacity(ROWS), 0);
    let gone = |_| BackupError::Damaged("the database stopped".to_owned());
    Reading::open(&path)?.part(&name, u64::MAX, |chunk| {
        for piece in chunk.split_inclusive(|byte| *byte == b'\n') {
            line.extend_from_slice(piece);
            if line.len() > LONGEST_ROW {
                return Err(BackupError::Damaged(format!("a row of {name} is too long")));
            }
            if !line.ends_with(b"\n") {
                continue;
            }
            let row =
                serde_json::from_slice(&line).map_err(|error| BackupError::Damaged(format!("{name}: {error}")))?;
            line.clear();
            count += 1;
            batch.push(row);
            if batch.len() == ROWS {
                send.blocking_send(std::mem::take(&mut batch)).map_err(gone)?;
            }
        }
        Ok(())
    })?;
    if !batch.is_empty() {
        send.blocking_send(batch).map_err(gone)?;
    }
    Ok(count)
}
