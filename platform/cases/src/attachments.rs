//! Attachments of an object, with their entry in the record.

use files::{File, FileId, Files, Stored};
use jinmen_core::{Actor, Instant, Object, Result};
use serde_json::json;
use store::Tx;

/// Stored bytes to be attached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewAttachment {
    /// What they hang on.
    pub object: Object,
    /// What they are for, such as `license`.
    pub purpose: String,
    /// Their name, as the person who uploaded them had it.
    pub name: String,
    /// The bytes, stored before the transaction began.
    pub stored: Stored,
}

/// Attaches stored bytes to an object. The caller has checked that the actor may.
pub async fn attach(files: &Files, tx: &mut Tx, actor: &Actor, now: Instant, new: NewAttachment) -> Result<File> {
    let NewAttachment { object, purpose, name, stored } = new;
    let file = files.attach(tx, actor, now, object, &purpose, &name, &stored).await?;
    let data = json!({
        "file": file.id.text(), "name": file.name, "purpose": file.purpose,
        "size": file.size, "digest": file.digest,
    });
    record::append(tx, actor, now, "cases.file.attached", file.object.clone(), data).await?;
    Ok(file)
}

/// Takes an attachment off its object. The caller has checked that the actor may.
pub async fn detach(files: &Files, tx: &mut Tx, actor: &Actor, now: Instant, id: FileId) -> Result<File> {
    let file = files.get(&mut *tx, id).await?;
    files.detach(tx, id, now).await?;
    let data = json!({ "file": id.text(), "purpose": file.purpose });
    record::append(tx, actor, now, "cases.file.detached", file.object.clone(), data).await?;
    Ok(file)
}
