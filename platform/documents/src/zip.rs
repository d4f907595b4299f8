//! ZIP archives of attachments, written while they are sent: whatever their size, no more than a few pieces are in memory
//! and nothing is on the disk. Files are stored, not compressed: what people attach is compressed already.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use ::zip::write::SimpleFileOptions;
use ::zip::{CompressionMethod, ZipWriter};
use files::{File, Files};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use jinmen_core::{Error, Result};
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;

/// Bytes read at once.
const PIECE: usize = 64 * 1024;
/// Characters of one part of a path.
const PART_MOST: usize = 120;
/// From this size on a file needs the long form of sizes.
const LARGE: i64 = 0xFFFF_0000;

/// A file with its place in the archive.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The place, made by [`path`].
    pub path: String,
    /// The file.
    pub file: File,
}

/// A text with its place in the archive.
#[derive(Clone, Debug)]
pub struct Text {
    /// The place.
    pub path: String,
    /// The text.
    pub text: String,
}

/// A place in an archive: its parts cleaned of what paths mean, so that no name leads out of the folder it is unpacked to.
pub fn path(parts: &[&str]) -> String {
    let clean = |part: &&str| {
        let bad = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
        let text: String = part.chars().map(|c| if bad(c) { '_' } else { c }).take(PART_MOST).collect();
        let text = text.trim().trim_matches('.').trim().to_owned();
        if text.is_empty() { "_".to_owned() } else { text }
    };
    parts.iter().map(clean).collect::<Vec<_>>().join("/")
}

/// Gives every place once: the second of a name gets `(2)` before its ending.
fn unlike(entries: Vec<Entry>) -> Vec<Entry> {
    let mut seen = std::collections::HashSet::new();
    let mut unlike = Vec::with_capacity(entries.len());
    for mut entry in entries {
        let mut number = 1;
        // Systems that do not tell small from capital letters would write one file over the other.
        while !seen.insert(entry.path.to_lowercase()) {
            number += 1;
            entry.path = numbered(&entry.path, number);
        }
        unlike.push(entry);
    }
    unlike
}

fn numbered(path: &str, number: u32) -> String {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let (stem, ending) = name.rsplit_once('.').map_or((name, String::new()), |(stem, end)| (stem, format!(".{end}")));
    let stem = stem.rsplit_once(" (").filter(|(_, end)| end.ends_with(')')).map_or(stem, |(stem, _)| stem);
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}{stem} ({number}){ending}")
}

/// The archive as it grows. A failure breaks it off, which whoever unpacks it notices.
pub fn stream(entries: Vec<Entry>, files: Files) -> BoxStream<'static, Result<Vec<u8>>> {
    stream_with(Vec::new(), unlike(entries), files)
}

/// The same with texts first; places are taken as they are.
pub(crate) fn stream_with(texts: Vec<Text>, entries: Vec<Entry>, files: Files) -> BoxStream<'static, Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(async move {
        if let Err(error) = write(texts, entries, &files, &sender).await {
            tracing::warn!(error = ?error, "An archive broke off");
            sender.send(Err(error)).await.ok();
        }
    });
    // Whoever compresses what is sent asks once more after the end.
    stream::unfold(receiver, |mut receiver| async move { Some((receiver.recv().await?, receiver)) }).fuse().boxed()
}

/// Where the archive is written to until it is sent.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whoever listened has gone.
fn gone<T>(_: T) -> Error {
    Error::internal("nobody listens to the archive any more")
}

async fn write(
    texts: Vec<Text>,
    entries: Vec<Entry>,
    files: &Files,
    sender: &mpsc::Sender<Result<Vec<u8>>>,
) -> Result<()> {
    let buffer = Buffer::default();
    let mut zip = ZipWriter::new_stream(buffer.clone());
    let mut piece = vec![0; PIECE];
    for text in texts {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(text.path.as_str(), options).map_err(Error::internal)?;
        zip.write_all(text.text.as_bytes())?;
        sender.send(Ok(buffer.take())).await.map_err(gone)?;
    }
    for entry in entries {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(entry.file.size >= LARGE);
        zip.start_file(entry.path.as_str(), options).map_err(Error::internal)?;
        let mut reader = files.open(&entry.file).await?;
        loop {
            let count = reader.read(&mut piece).await?;
            if count == 0 {
                break;
            }
            zip.write_all(&piece[..count])?;
            sender.send(Ok(buffer.take())).await.map_err(gone)?;
        }
    }
    zip.finish().map_err(Error::internal)?;
    sender.send(Ok(buffer.take())).await.map_err(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_never_leads_out_of_its_folder() {
        assert_eq!(path(&["RH-2026-0001 某公司", "../..", "a/b\\c.pdf"]), "RH-2026-0001 某公司/_/a_b_c.pdf");
        assert_eq!(path(&["", " . ", "..x.."]), "_/_/x");
    }

    #[test]
    fn the_second_of_a_name_gets_a_number_before_its_ending() {
        assert_eq!(numbered("a/b.pdf", 2), "a/b (2).pdf");
        assert_eq!(numbered("a/b (2).pdf", 3), "a/b (3).pdf");
        assert_eq!(numbered("b", 2), "b (2)");
    }
}
