//! From a package to its files: archives within archives, everything bounded, nothing written to disk.

mod rpm;
mod tar;
mod unpack;

use std::io::Read;

use unpack::{Coding, Metered, said};

/// Archives deeper than this are listed, not opened.
const DEPTH: u8 = 3;
/// The largest file read, in bytes.
pub(crate) const LARGEST: u64 = 64 << 20;
/// How much one archive on disk may unpack to, all levels together.
const UNPACKED: u64 = 1 << 30;
/// Entries in one archive on disk, all levels together.
const ENTRIES: usize = 500_000;

/// What is left of the bounds of one archive on disk.
struct Bounds {
    bytes: u64,
    entries: usize,
}

impl Bounds {
    /// One entry more.
    fn count(&mut self) -> Result<(), String> {
        self.entries = self.entries.checked_sub(1).ok_or("too many entries")?;
        Ok(())
    }
}

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
    Ar,
    Cpio,
    Rpm,
    Packed(Coding),
    Unread(&'static str),
}

fn kind(path: &str, bytes: &[u8]) -> Option<Kind> {
    if let Some(coding) = Coding::of(path, bytes) {
        return Some(Kind::Packed(coding));
    }
    match bytes {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Kind::Zip),
        [b'7', b'z', 0xbc, 0xaf, ..] => Some(Kind::Unread("7z")),
        [0xed, 0xab, 0xee, 0xdb, ..] => Some(Kind::Rpm),
        [b'R', b'a', b'r', b'!', ..] => Some(Kind::Unread("rar")),
        _ if bytes.starts_with(b"!<arch>\n") => Some(Kind::Ar),
        _ if rpm::is_cpio(bytes) => Some(Kind::Cpio),
        _ if bytes.starts_with(b"07070X") => Some(Kind::Unread("cpio without names")),
        _ if bytes.get(257..262) == Some(b"ustar") => Some(Kind::Tar),
        _ => None,
    }
}

/// Hands over a file, or, where it is an archive, what is in it.
pub(crate) fn open(path: &str, bytes: &[u8], visit: &mut dyn Visit) {
    let mut bounds = Bounds { bytes: UNPACKED, entries: ENTRIES };
    within(path, bytes, 0, &mut bounds, visit);
}

fn within(path: &str, bytes: &[u8], depth: u8, bounds: &mut Bounds, visit: &mut dyn Visit) {
    let Some(kind) = kind(path, bytes) else { return visit.file(path, bytes) };
    if depth >= DEPTH {
        return visit.skipped(path, "nested-too-deep", "");
    }
    visit.archive(path);
    let mut source = bytes;
    let outcome = match kind {
        Kind::Zip => zip(path, bytes, depth, bounds, visit),
        Kind::Tar => tar::files(path, &mut source, depth, bounds, visit),
        Kind::Ar => ar(path, bytes, depth, bounds, visit),
        Kind::Cpio => rpm::cpio(path, &mut source, depth, bounds, visit),
        Kind::Rpm => rpm::payload(bytes).and_then(|payload| package(path, payload, depth, bounds, visit)),
        Kind::Packed(coding) => packed(path, coding, bytes, depth, bounds, visit),
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
fn entry(path: &str, source: &mut dyn Read, bounds: &mut Bounds, visit: &mut dyn Visit) -> Option<Vec<u8>> {
    let bound = LARGEST.min(bounds.bytes);
    let mut bytes = Vec::new();
    match source.take(bound + 1).read_to_end(&mut bytes) {
        Err(error) => visit.skipped(path, "damaged", &said(&error)),
        Ok(_) if bytes.len() as u64 > bound => {
            bounds.bytes = bounds.bytes.saturating_sub(bound);
            visit.skipped(path, "too-large", "");
        }
        Ok(_) => {
            bounds.bytes -= bytes.len() as u64;
            return Some(bytes);
        }
    }
    None
}

/// How many entries a zip archive says it has, in its last record or the one that stands in for it where there are many; the
/// reader makes room for as many.
fn entries(bytes: &[u8]) -> u64 {
    let from = bytes.len().saturating_sub(22 + 65_535);
    let Some(at) = memchr::memmem::rfind(&bytes[from..], b"PK\x05\x06").map(|at| from + at) else { return 0 };
    let short = bytes.get(at + 10..at + 12).and_then(|pair| pair.try_into().ok()).map_or(0, u16::from_le_bytes);
    if short < u16::MAX {
        return short.into();
    }
    let long = memchr::memmem::rfind(&bytes[..at], b"PK\x06\x06")
        .and_then(|at| bytes.get(at + 32..at + 40)?.try_into().ok())
        .map_or(0, u64::from_le_bytes);
    long.max(short.into())
}

fn zip(path: &str, bytes: &[u8], depth: u8, bounds: &mut Bounds, visit: &mut dyn Visit) -> Result<(), String> {
    if entries(bytes) > bounds.entries as u64 {
        return Err("too many entries".to_owned());
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|error| error.to_string())?;
    for index in 0..archive.len() {
        bounds.count()?;
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
        if let Some(bytes) = entry(&name, &mut member, bounds, visit) {
            within(&name, &bytes, depth + 1, bounds, visit);
        }
    }
    Ok(())
}

/// What an RPM package holds: an archive, packed or not.
fn package(path: &str, bytes: &[u8], depth: u8, bounds: &mut Bounds, visit: &mut dyn Visit) -> Result<(), String> {
    // The packages of old that were packed with LZMA say so in the header alone; nothing else begins so.
    let named = if bytes.starts_with(&[0x5d, 0, 0]) { "payload.lzma" } else { path };
    match kind(named, bytes) {
        Some(Kind::Cpio) => rpm::cpio(path, &mut &*bytes, depth, bounds, visit),
        Some(Kind::Packed(coding)) => packed(path, coding, bytes, depth, bounds, visit),
        Some(Kind::Unread(name)) => Err(format!("no reader for {name}")),
        _ => Err("no archive in the package".to_owned()),
    }
}

/// A packed tar or cpio counts as one level: its own name stands for what is in it.
fn packed(
    path: &str,
    coding: Coding,
    bytes: &[u8],
    depth: u8,
    bounds: &mut Bounds,
    visit: &mut dyn Visit,
) -> Result<(), String> {
    let before = bounds.bytes;
    let mut source = Metered::new(coding.reader(bytes).map_err(|error| said(&error))?, before);
    let outcome = unpacked(path, coding, &mut source, depth, bounds, visit);
    // What was unpacked and read by nobody counts too.
    bounds.bytes = bounds.bytes.min(source.left);
    outcome
}

fn unpacked(
    path: &str,
    coding: Coding,
    source: &mut Metered<'_>,
    depth: u8,
    bounds: &mut Bounds,
    visit: &mut dyn Visit,
) -> Result<(), String> {
    let mut head = Vec::new();
    source.take(512).read_to_end(&mut head).map_err(|error| said(&error))?;
    let found = kind(path, &head);
    let mut whole = head.chain(source);
    match found {
        Some(Kind::Tar) => return tar::files(path, &mut whole, depth, bounds, visit),
        Some(Kind::Cpio) => return rpm::cpio(path, &mut whole, depth, bounds, visit),
        _ => {}
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = format!("{path}!/{}", name.strip_suffix(coding.end()).unwrap_or(name));
    if let Some(bytes) = entry(&name, &mut whole, bounds, visit) {
        within(&name, &bytes, depth + 1, bounds, visit);
    }
    Ok(())
}

/// `ar`: static libraries and Debian packages.
fn ar(path: &str, bytes: &[u8], depth: u8, bounds: &mut Bounds, visit: &mut dyn Visit) -> Result<(), String> {
    let mut at = 8_usize;
    while let Some(header) = bytes.get(at..at + 60) {
        let name = String::from_utf8_lossy(&header[..16]).trim_end_matches([' ', '/']).to_owned();
        let size: usize =
            String::from_utf8_lossy(&header[48..58]).trim().parse().map_err(|_| "damaged header".to_owned())?;
        let start = at + 60;
        let member = bytes.get(start..start.saturating_add(size)).ok_or("cut short")?;
        bounds.count()?;
        // Tables of symbols and of long names have no name.
        if !name.is_empty() && member.len() as u64 > bounds.bytes {
            visit.skipped(&inner(path, &name), "too-large", "");
        } else if !name.is_empty() {
            bounds.bytes -= member.len() as u64;
            within(&inner(path, &name), member, depth + 1, bounds, visit);
        }
        at = start.saturating_add(size).saturating_add(size % 2);
    }
    if at < bytes.len() { Err("cut short".to_owned()) } else { Ok(()) }
}
