//! What packs one stream of bytes: gzip, xz, LZMA, Zstandard, bzip2. Read while it is unpacked, with a bound on what it unpacks to
//! and on the memory that the packed bytes may ask for.

use std::io::{Error, ErrorKind, Read, Result};

/// The largest window or dictionary, in bytes: what `zstd --ultra -22` and twice what `xz -9` asks for.
const WINDOW: u32 = 128 << 20;

/// How bytes are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Xz,
    Lzma,
    Zstd,
    Bzip2,
}

impl Coding {
    /// By the first bytes. LZMA has no signature: its usual beginning counts where the name says so.
    pub fn of(path: &str, bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, ..] => Some(Self::Bzip2),
            [0x5d, 0, 0, ..] if path.ends_with(".lzma") => Some(Self::Lzma),
            _ => None,
        }
    }

    /// What reads them.
    ///
    /// # Errors
    /// A window that is larger than is taken, a damaged header.
    pub fn reader<'a>(self, bytes: &'a [u8]) -> Result<Box<dyn Read + 'a>> {
        Ok(match self {
            Self::Gzip => Box::new(flate2::read::MultiGzDecoder::new(bytes)),
            Self::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(bytes, true, kilobytes())),
            Self::Lzma => Box::new(lzma_rust2::LzmaReader::new_mem_limit(bytes, kilobytes(), None)?),
            Self::Zstd => {
                let mut reader = zstd::stream::read::Decoder::with_buffer(bytes)?;
                reader.window_log_max(WINDOW.ilog2())?;
                Box::new(reader)
            }
            Self::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(bytes)),
        })
    }

    /// The end of names of files that are packed so.
    pub fn end(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
            Self::Xz => ".xz",
            Self::Lzma => ".lzma",
            Self::Zstd => ".zst",
            Self::Bzip2 => ".bz2",
        }
    }
}

/// The bound as the reader of xz takes it: the dictionary and its own part of it.
fn kilobytes() -> u32 {
    WINDOW / 1024 + 1024
}

/// Why something could not be unpacked, in words.
pub(super) fn said(error: &Error) -> String {
    let text = error.to_string();
    // Zstandard has no kind of error for it.
    if error.kind() == ErrorKind::OutOfMemory || text.contains("too much memory") {
        return format!("needs a window of more than {} MiB", WINDOW >> 20);
    }
    text
}

/// Counts what is unpacked, and stops at a bound.
pub(super) struct Metered<'a> {
    inner: Box<dyn Read + 'a>,
    pub left: u64,
}

impl<'a> Metered<'a> {
    pub fn new(inner: Box<dyn Read + 'a>, left: u64) -> Self {
        Self { inner, left }
    }
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => {
                self.left = 0;
                return Err(Error::other("unpacks to more than is taken"));
            }
        }
        Ok(count)
    }
}
