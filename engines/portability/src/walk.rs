//! From a package to its files: archives within archives, everything bounded, nothing written to disk.

use std::io::Read;

/// Archives deeper than this are listed, not opened.
const DEPTH: u8 = 3;
/// The largest file read, in bytes.
pub(crate) const LARGEST: u64 = 64 << 20;
/// How much one archive on disk may unpack to, all levels together.
const UNPACKED: u64 = 1 << 30;
/// Entries in one archive.
const ENTRIES: usize = 200_000;

/// What an archive's files are handed to.
pub(crate) trait Visit {
    fn file(&mut self, path: &str, bytes: &[u8]);
    fn skipped(&mut self, path: &str, reason: &'static str, detail: &str);
    /// An archive, before what is in it.
    fn archive(&mut self, path: &str);
}

/// Which archive these bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Zip,
    Tar,
    Gzip,
    Ar,
    Unread(&'static str),
}

fn kind(path: &str, bytes: &[u8]) -> Option<Kind> {
    match bytes {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Kind::Zip),
        [0x1f, 0x8b, ..] => Some(Kind::Gzip),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Kind::Unread("xz")),
        [b'7', b'z', 0xbc, 0xaf, ..] => Some(Kind::Unread("7z")),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Kind::Unread("zstd")),
        [0xed, 0xab, 0xee, 0xdb, ..] => Some(Kind::Unread("rpm")),
        [b'B', b'Z', b'h', ..] if path.ends_with("bz2") => Some(Kind::Unread("bzip2")),
        [b'R', b'a', b'r', b'!', ..] => Some(Kind::Unread("rar")),
        _ if bytes.starts_with(b"!<arch>\n") => Some(Kind::Ar),
        _ if bytes.get(257..262) == Some(b"ustar") => Some(Kind::Tar),
        _ => None,
    }
}

/// Hands over a file, or, where it is an archive, what is in it.
pub(crate) fn open(path: &str, bytes: &[u8], visit: &mut dyn Visit) {
    let mut left = UNPACKED;
    within(path, bytes, 0, &mut left, visit);
}

fn within(path: &str, bytes: &[u8], depth: u8, left: &mut u64, visit: &mut dyn Visit) {
    let Some(kind) = kind(path, bytes) else { return visit.file(path, bytes) };
    if depth >= DEPTH {
        return visit.skipped(path, "nested-too-deep", "");
    }
    visit.archive(path);
    let outcome = match kind {
        Kind::Zip => zip(path, bytes, depth, left, visit),
        Kind::Tar => tar(path, bytes, depth, left, visit),
        Kind::Ar => ar(path, bytes, depth, left, visit),
        Kind::Gzip => gzip(path, bytes, depth, left, visit),
        Kind::Unread(name) => Err(format!("no reader for {name}")),
    };
    if let Err(error) = outcome {
        visit.skipped(path, "archive", &error);
    }
}

/// A name within an archive as a path: nothing absolute, nothing upwards. Nothing is ever written, so this keeps reports clear.
fn inner(archive: &str, name: &str) -> String {
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect();
    format!("{archive}!/{}", parts.join("/"))
}

/// Reads one entry within the bounds.
fn entry(path: &str, source: &mut dyn Read, left: &mut u64, visit: &mut dyn Visit) -> Option<Vec<u8>> {
    let bound = LARGEST.min(*left);
    let mut bytes = Vec::new();
    match source.take(bound + 1).read_to_end(&mut bytes) {
        Err(error) => visit.skipped(path, "damaged", &error.to_string()),
        Ok(_) if bytes.len() as u64 > bound => {
            *left = left.saturating_sub(bound);
            visit.skipped(path, "too-large", "");
        }
        Ok(_) => {
            *left -= bytes.len() as u64;
            return Some(bytes);
        }
    }
    None
}

fn zip(path: &str, bytes: &[u8], depth: u8, left: &mut u64, visit: &mut dyn Visit) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|error| error.to_string())?;
    if archive.len() > ENTRIES {
        return Err("too many entries".to_owned());
    }
    for index in 0..archive.len() {
        let mut member = match archive.by_index(index) {
            Ok(member) => member,
            Err(error) => {
                visit.skipped(&format!("{path}!/#{index}"), "damaged", &error.to_string());
                continue;
            }
        };
        let name = inner(path, member.name().map_err(|error| error.to_string())?.as_ref());
        if member.is_dir() {
            continue;
        }
        if member.is_symlink() {
            visit.skipped(&name, "symlink", "");
            continue;
        }
        if let Some(bytes) = entry(&name, &mut member, left, visit) {
            within(&name, &bytes, depth + 1, left, visit);
        }
    }
    Ok(())
}

fn tar(path: &str, bytes: &[u8], depth: u8, left: &mut u64, visit: &mut dyn Visit) -> Result<(), String> {
    let mut archive = tar::Archive::new(bytes);
    for (count, member) in archive.entries().map_err(|error| error.to_string())?.enumerate() {
        if count > ENTRIES {
            return Err("too many entries".to_owned());
        }
        let mut member = member.map_err(|error| error.to_string())?;
        let name = inner(path, &String::from_utf8_lossy(&member.path_bytes()));
        let kind = member.header().entry_type();
        if kind.is_symlink() || kind.is_hard_link() {
            visit.skipped(&name, "symlink", "");
        } else if kind.is_file()
            && let Some(bytes) = entry(&name, &mut member, left, visit)
        {
            within(&name, &bytes, depth + 1, left, visit);
        }
    }
    Ok(())
}

/// A compressed tar counts as one level: its own name stands for what is in it.
fn gzip(path: &str, bytes: &[u8], depth: u8, left: &mut u64, visit: &mut dyn Visit) -> Result<(), String> {
    let mut unpacked = Vec::new();
    let bound = (4 * LARGEST).min(*left);
    flate2::read::MultiGzDecoder::new(bytes)
        .take(bound + 1)
        .read_to_end(&mut unpacked)
        .map_err(|error| error.to_string())?;
    if unpacked.len() as u64 > bound {
        *left = 0;
        return Err("too large".to_owned());
    }
    *left -= unpacked.len() as u64;
    if kind(path, &unpacked) == Some(Kind::Tar) {
        return tar(path, &unpacked, depth, left, visit);
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = format!("{path}!/{}", name.strip_suffix(".gz").unwrap_or(name));
    within(&name, &unpacked, depth + 1, left, visit);
    Ok(())
}

/// `ar`: static libraries and Debian packages.
fn ar(path: &str, bytes: &[u8], depth: u8, left: &mut u64, visit: &mut dyn Visit) -> Result<(), String> {
    let mut at = 8_usize;
    while let Some(header) = bytes.get(at..at + 60) {
        let name = String::from_utf8_lossy(&header[..16]).trim_end_matches([' ', '/']).to_owned();
        let size: usize =
            String::from_utf8_lossy(&header[48..58]).trim().parse().map_err(|_| "damaged header".to_owned())?;
        let start = at + 60;
        let member = bytes.get(start..start.saturating_add(size)).ok_or("cut short")?;
        // Tables of symbols and of long names have no name.
        if !name.is_empty() && member.len() as u64 > *left {
            visit.skipped(&inner(path, &name), "too-large", "");
        } else if !name.is_empty() {
            *left -= member.len() as u64;
            within(&inner(path, &name), member, depth + 1, left, visit);
        }
        at = start.saturating_add(size).saturating_add(size % 2);
    }
    if at < bytes.len() { Err("cut short".to_owned()) } else { Ok(()) }
}
