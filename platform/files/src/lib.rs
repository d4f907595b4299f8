//! Attachments. The bytes are kept by their SHA-256 digest behind [`Blobs`] (a folder now, an object
//! store by the same trait); the database says what a file is called and which object it hangs on.
//! Who may see the object may see its files: this crate checks nothing, the use case that hands out
//! a file has asked about the object first.
//!
//! A blob is written and synced before the row that names it is committed; a blob without a row is
//! an orphan and harmless.

mod blobs;
mod media;
mod sql;

use std::sync::Arc;

use jinmen_core::{Actor, Error, Fault, Instant, Object, Result, id};
use store::{Conn, MigrationSet, Tx, migrations};

pub use blobs::{Blobs, Folder, Reader, Stored};
pub use media::{check_name, media_type};

/// The table of attachments.
pub const MIGRATIONS: MigrationSet = migrations!("files", 1 "0001_file");

id!(
    /// An attachment.
    FileId
);
store::arg_id!(FileId);

/// An attachment as it is read.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct File {
    /// Its identifier.
    pub id: FileId,
    /// What it hangs on.
    pub object: Object,
    /// What it is for, such as `license`.
    pub purpose: String,
    /// Its name, as the person who uploaded it had it.
    pub name: String,
    /// Its media type, found from its first bytes and its name.
    pub media_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// The SHA-256 digest of its bytes, 64 hexadecimal digits.
    pub digest: String,
    /// When it was attached.
    pub created_at: Instant,
}

/// Hangs everything that hangs on one object on another of its kind; which attachments these were.
pub async fn move_object(tx: &mut Tx, from: &Object, to: &Object) -> Result<Vec<String>> {
    Ok(sql::move_object(tx, from, to).await?)
}

/// Hangs some attachments back on an object.
pub async fn return_object(tx: &mut Tx, ids: &[String], to: &Object) -> Result<()> {
    Ok(sql::return_object(tx, ids, to).await?)
}

/// The files of an instance.
#[derive(Clone)]
pub struct Files {
    blobs: Arc<dyn Blobs>,
}

impl Files {
    /// Over a blob store.
    pub fn new(blobs: Arc<dyn Blobs>) -> Self {
        Self { blobs }
    }

    /// The bytes, to be streamed.
    pub fn blobs(&self) -> &dyn Blobs {
        self.blobs.as_ref()
    }

    /// Attaches stored bytes to an object, within the transaction that wants them.
    #[allow(clippy::too_many_arguments)] // one value a column
    pub async fn attach(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        now: Instant,
        object: Object,
        purpose: &str,
        name: &str,
        stored: &Stored,
    ) -> Result<File> {
        let name = check_name(name)?;
        let file = File {
            id: FileId::new(),
            object,
            purpose: purpose.to_owned(),
            media_type: media_type(&name, &stored.head).to_owned(),
            name,
            size: stored.size,
            digest: stored.digest.clone(),
            created_at: now,
        };
        sql::insert(tx, &file, actor.account()).await?;
        Ok(file)
    }

    /// One attachment.
    pub async fn get<'a>(&self, conn: impl Into<Conn<'a>>, id: FileId) -> Result<File> {
        Ok(sql::get(conn, id).await?)
    }

    /// The attachments of an object, oldest first, at most 200.
    pub async fn of<'a>(&self, conn: impl Into<Conn<'a>>, object: &Object) -> Result<Vec<File>> {
        Ok(sql::of_object(conn, object).await?)
    }

    /// The attachments of several objects of one kind, oldest first, at most 1,000, in one statement.
    pub async fn of_many<'a>(&self, conn: impl Into<Conn<'a>>, kind: &str, ids: &[String]) -> Result<Vec<File>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        Ok(sql::of_objects(conn, kind, ids).await?)
    }

    /// Takes an attachment off its object. The bytes go with the last attachment that names them.
    pub async fn detach(&self, tx: &mut Tx, id: FileId, now: Instant) -> Result<()> {
        if sql::remove(tx, id, now).await? == 0 {
            return Err(Error::NotFound);
        }
        Ok(())
    }

    /// Opens the bytes of an attachment.
    pub async fn open(&self, file: &File) -> Result<Reader> {
        self.blobs.open(&file.digest).await
    }

    /// The whole of a file that is known to be small.
    pub async fn bytes(&self, file: &File, most: u64) -> Result<Vec<u8>> {
        use tokio::io::AsyncReadExt;
        if file.size as u64 > most {
            return Err(Error::TooLarge(most));
        }
        let mut bytes = Vec::with_capacity(file.size as usize);
        let reader = self.open(file).await?;
        reader.take(most).read_to_end(&mut bytes).await?;
        Ok(bytes)
    }
}

/// The fault of a file without a usable name.
pub(crate) fn name_fault() -> Fault {
    Fault::at("file", "files.name")
}
