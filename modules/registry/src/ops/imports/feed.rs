//! Reads a table on a thread of its own and hands its rows on in batches, so that reading never
//! blocks the runtime and memory holds a few batches at most.

use std::io::Write;

use files::FileId;
use jinmen_core::{Error, Fault, Result};
use module::App;
use tempfile::NamedTempFile;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;

use crate::import::{CheckOptions, Outcome, Summary, run};
use crate::model::Import;
use crate::table;

/// Rows handed on together.
const BATCH: usize = 100;

/// What the reading thread says.
pub(super) enum Fed {
    /// Some rows.
    Rows(Vec<Outcome>),
    /// The end, with the figures; or why the table cannot be read to its end.
    End(Result<Summary, Fault>),
}

/// Copies stored bytes to a file that the table readers can seek in.
pub(super) async fn local_copy(app: &App, digest: &str) -> Result<NamedTempFile> {
    let mut reader = app.files.blobs().open(digest).await?;
    let mut copy = NamedTempFile::new()?;
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let read = reader.read(&mut buffer).await?;
        if read == 0 {
            break;
        }
        copy.write_all(&buffer[..read])?;
    }
    copy.flush()?;
    Ok(copy)
}

/// The table of an import, as a file that can be seeked in.
pub(super) async fn copy_of(app: &App, import: &Import) -> Result<NamedTempFile> {
    let file = app.files.get(&app.db, import.file.parse::<FileId>()?).await?;
    local_copy(app, &file.digest).await
}

/// Begins to read.
pub(super) async fn read(app: &App, import: &Import) -> Result<mpsc::Receiver<Fed>> {
    let copy = copy_of(app, import).await?;
    let (sender, receiver) = mpsc::channel(4);
    let (mapping, name) = (import.mapping.clone(), import.file_name.clone());
    let options = CheckOptions { today: app.clock.today(), require_uscc: false };
    tokio::task::spawn_blocking(move || {
        let gone = || Fault::new("core.already_done");
        let mut batch = Vec::with_capacity(BATCH);
        let ended = table::open(copy.path(), &name).and_then(|mut source| {
            run(source.as_mut(), &mapping, options, &mut |outcome| {
                batch.push(outcome);
                if batch.len() == BATCH {
                    let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                    sender.blocking_send(Fed::Rows(full)).map_err(|_| gone())?;
                }
                Ok(())
            })
        });
        // Whoever listened may have gone; then nobody needs the rest.
        if !batch.is_empty() && sender.blocking_send(Fed::Rows(batch)).is_err() {
            return;
        }
        sender.blocking_send(Fed::End(ended)).ok();
    });
    Ok(receiver)
}

/// The fault of a reading thread that died.
pub(super) fn died() -> Error {
    Error::internal("the reading thread ended without a word")
}
