//! Bytes by their digest.

use std::path::{Path, PathBuf};
use std::pin::Pin;

use async_trait::async_trait;
use futures::stream::{BoxStream, StreamExt};
use jinmen_core::{Error, Result};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncWriteExt};

/// Bytes being read.
pub type Reader = Pin<Box<dyn AsyncRead + Send>>;

/// The first bytes kept for finding out the media type.
const HEAD: usize = 512;

/// Bytes that were stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stored {
    /// SHA-256 in 64 hexadecimal digits.
    pub digest: String,
    /// How many.
    pub size: i64,
    /// The first of them, at most 512.
    pub head: Vec<u8>,
}

/// A store of bytes by digest.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Stores a stream of at most `most` bytes; when this returns they are on the disk. A stream that
    /// breaks off or is too long leaves nothing behind.
    async fn put(&self, bytes: BoxStream<'_, std::io::Result<Vec<u8>>>, most: u64) -> Result<Stored>;
    /// Opens stored bytes.
    async fn open(&self, digest: &str) -> Result<Reader>;
    /// Forgets stored bytes; those that are not there are forgotten already.
    async fn remove(&self, digest: &str) -> Result<()>;
}

impl dyn Blobs + '_ {
    /// Stores bytes that are in memory already.
    pub async fn put_bytes(&self, bytes: &[u8]) -> Result<Stored> {
        let owned = bytes.to_vec();
        self.put(futures::stream::once(async move { Ok(owned) }).boxed(), u64::MAX).await
    }
}

/// A folder on this machine: `ab/cdef…` by digest, `tmp/` for what is being written.
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Uses (and makes) a folder.
    pub fn new(root: &Path) -> Result<Self> {
        std::fs::create_dir_all(root.join("tmp"))?;
        Ok(Self { root: root.to_owned() })
    }

    fn path(&self, digest: &str) -> Result<PathBuf> {
        // Only a digest becomes a path, so nothing typed by a person can lead out of the folder.
        if digest.len() != 64 || !digest.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()) {
            return Err(Error::NotFound);
        }
        Ok(self.root.join(&digest[..2]).join(&digest[2..]))
    }

    async fn write(
        &self,
        temporary: &Path,
        mut bytes: BoxStream<'_, std::io::Result<Vec<u8>>>,
        most: u64,
    ) -> Result<Stored> {
        let mut file = tokio::fs::File::create(temporary).await?;
        let (mut hash, mut size, mut head) = (Sha256::new(), 0_u64, Vec::new());
        while let Some(chunk) = bytes.next().await {
            let chunk = chunk?;
            size += chunk.len() as u64;
            if size > most {
                return Err(Error::TooLarge(most));
            }
            hash.update(&chunk);
            head.extend_from_slice(&chunk[..chunk.len().min(HEAD - head.len())]);
            file.write_all(&chunk).await?;
        }
        file.sync_all().await?;
        let digest = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Stored { digest, size: size as i64, head })
    }

    async fn keep(&self, temporary: &Path, stored: &Stored) -> Result<()> {
        let target = self.path(&stored.digest)?;
        let folder = target.parent().ok_or(Error::NotFound)?;
        tokio::fs::create_dir_all(folder).await?;
        tokio::fs::rename(temporary, &target).await?;
        // The name is on the disk only once its folder is.
        let folder = folder.to_owned();
        tokio::task::spawn_blocking(move || std::fs::File::open(folder)?.sync_all())
            .await
            .map_err(Error::internal)??;
        Ok(())
    }
}

#[async_trait]
impl Blobs for Folder {
    async fn put(&self, bytes: BoxStream<'_, std::io::Result<Vec<u8>>>, most: u64) -> Result<Stored> {
        let name: [u8; 16] = rand::random();
        let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        let temporary = self.root.join("tmp").join(name);
        let result = match self.write(&temporary, bytes, most).await {
            Ok(stored) => self.keep(&temporary, &stored).await.map(|()| stored),
            Err(error) => Err(error),
        };
        if result.is_err() {
            tokio::fs::remove_file(&temporary).await.ok();
        }
        result
    }

    async fn open(&self, digest: &str) -> Result<Reader> {
        match tokio::fs::File::open(self.path(digest)?).await {
            Ok(file) => Ok(Box::pin(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Error::NotFound),
            Err(error) => Err(error.into()),
        }
    }

    async fn remove(&self, digest: &str) -> Result<()> {
        match tokio::fs::remove_file(self.path(digest)?).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}
