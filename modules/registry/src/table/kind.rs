//! What a file is, by its first bytes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use jinmen_core::Fault;

use super::{MOST_BYTES, encoding, fault};

/// What can be read.
pub(super) enum Kind {
    Workbook,
    Text,
}

/// Compound files: old workbooks, and new ones behind a password.
const COMPOUND: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

pub(super) fn look(path: &Path, name: &str) -> Result<Kind, Fault> {
    let mut file = File::open(path).map_err(|_| fault("unreadable"))?;
    let length = file.metadata().map_err(|_| fault("unreadable"))?.len();
    match length {
        0 => return Err(fault("empty")),
        length if length > MOST_BYTES => return Err(fault("too_large").with("most", MOST_BYTES >> 20)),
        _ => {}
    }
    let mut head = vec![0; 4_096];
    let read = encoding::fill(&mut file, &mut head).map_err(|_| fault("unreadable"))?;
    head.truncate(read);
    if head.starts_with(b"PK\x03\x04") {
        return zipped(path);
    }
    if head.starts_with(&COMPOUND) {
        return Err(fault(if is_encrypted(&mut file) { "encrypted" } else { "old_excel" }));
    }
    let known =
        [&b"%PDF"[..], b"PK\x05\x06", b"Rar!", b"7z\xBC\xAF", b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"\x1F\x8B"];
    if known.iter().any(|magic| head.starts_with(magic)) {
        return Err(fault("not_a_table"));
    }
    if is_markup(&head) {
        return Err(fault("html"));
    }
    let utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    let binary = head.iter().any(|byte| *byte < 0x09 || (0x0E..0x1A).contains(byte));
    let named_workbook = [".xls", ".xlsx", ".et", ".ods"].iter().any(|end| name.to_lowercase().ends_with(end));
    match binary && !utf16 {
        true if named_workbook => Err(fault("damaged")),
        true => Err(fault("not_a_table")),
        false => Ok(Kind::Text),
    }
}

/// A workbook among the kinds of file that are zip archives.
fn zipped(path: &Path) -> Result<Kind, Fault> {
    let file = File::open(path).map_err(|_| fault("unreadable"))?;
    let archive = zip::ZipArchive::new(std::io::BufReader::new(file)).map_err(|_| fault("damaged"))?;
    let has = |end: &str| archive.file_names().flatten().any(|name| name.to_lowercase().ends_with(end));
    match () {
        () if has("workbook.bin") => Err(fault("binary_workbook")),
        () if has("workbook.xml") || has("/sheet1.xml") => Ok(Kind::Workbook),
        () if has("content.xml") => Err(fault("open_document")),
        () => Err(fault("not_a_table")),
    }
}

/// A new workbook with a password is a compound file with a stream of this name (UTF-16).
fn is_encrypted(file: &mut File) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut buffer = vec![0; 1 << 16];
    let mut kept = 0;
    if file.seek(SeekFrom::Start(0)).is_err() {
        return false;
    }
    while let Ok(read @ 1..) = file.read(&mut buffer[kept..]) {
        let end = kept + read;
        if buffer[..end].windows(name.len()).any(|window| window == name) {
            return true;
        }
        let from = end.saturating_sub(name.len());
        buffer.copy_within(from..end, 0);
        kept = end - from;
    }
    false
}

/// A web page or an XML spreadsheet that some systems hand out as `.xls`.
fn is_markup(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_lowercase();
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    text.starts_with('<')
        && ["<html", "<!doctype", "<table", "<?xml", "<meta", "<head", "<body", "<style"]
            .iter()
            .any(|tag| text.contains(tag))
}
