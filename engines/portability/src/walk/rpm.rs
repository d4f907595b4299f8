//! Packages of RPM and what is packed in them: a lead, two headers, and an archive of `cpio -H newc`
//! (RPM's `docs/manual/format_v4.md`, the kernel's `buffer-format.rst`).

use std::io::Read;

use super::{Bounds, Visit, entry, inner, within};

/// Whether bytes are such an archive's.
pub(super) fn is_cpio(bytes: &[u8]) -> bool {
    bytes.starts_with(b"070701") || bytes.starts_with(b"070702")
}

/// Where a header that begins here ends.
fn header(bytes: &[u8], at: usize) -> Option<usize> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize);
    if bytes.get(at..at + 4)? != [0x8e, 0xad, 0xe8, 1] {
        return None;
    }
    let (entries, size) = (number(at + 8)?, number(at + 12)?);
    (at + 16).checked_add(entries.checked_mul(16)?)?.checked_add(size).filter(|end| *end <= bytes.len())
}

/// What is packed in a package, behind its lead, its signatures and its header.
///
/// # Errors
/// A damaged package.
pub(super) fn payload(bytes: &[u8]) -> Result<&[u8], String> {
    let end = header(bytes, 96).and_then(|end| header(bytes, end.next_multiple_of(8))).ok_or("damaged header")?;
    Ok(bytes.get(end..).unwrap_or_default())
}

/// One number of a header: eight hexadecimal digits.
fn number(header: &[u8; 110], place: usize) -> Result<u64, String> {
    let digits = std::str::from_utf8(&header[6 + place * 8..14 + place * 8]).unwrap_or_default();
    u64::from_str_radix(digits, 16).map_err(|_| "damaged header".to_owned())
}

/// Reads over what fills up to a multiple of four.
fn fill(source: &mut dyn Read, length: u64) -> Result<(), String> {
    let mut rest = [0; 3];
    let count = (length.next_multiple_of(4) - length) as usize;
    source.read_exact(&mut rest[..count]).map_err(|error| error.to_string())
}

/// Hands over the files of an archive.
pub(super) fn cpio(
    path: &str,
    source: &mut dyn Read,
    depth: u8,
    bounds: &mut Bounds,
    visit: &mut dyn Visit,
) -> Result<(), String> {
    loop {
        let mut header = [0; 110];
        source.read_exact(&mut header).map_err(|error| error.to_string())?;
        if !is_cpio(&header) {
            return Err("damaged header".to_owned());
        }
        let (mode, size, length) = (number(&header, 1)?, number(&header, 6)?, number(&header, 11)?);
        if !(1..=4096).contains(&length) {
            return Err("damaged header".to_owned());
        }
        let mut name = vec![0; length as usize];
        source.read_exact(&mut name).map_err(|error| error.to_string())?;
        fill(source, 110 + length)?;
        name.pop();
        if name == b"TRAILER!!!" {
            return end(source);
        }
        bounds.count()?;
        let name = inner(path, &String::from_utf8_lossy(&name));
        let mut body = source.take(size);
        match mode & 0o170_000 {
            0o100_000 => {
                if let Some(bytes) = entry(&name, &mut body, bounds, visit) {
                    within(&name, &bytes, depth + 1, bounds, visit);
                }
            }
            0o120_000 => visit.skipped(&name, "symlink", ""),
            _ => {}
        }
        std::io::copy(&mut body, &mut std::io::sink()).map_err(|error| error.to_string())?;
        if body.limit() > 0 {
            return Err("cut short".to_owned());
        }
        fill(source, size)?;
    }
}

/// Behind the end stand zeros or nothing; more would be read by nobody.
fn end(source: &mut dyn Read) -> Result<(), String> {
    let mut rest = [0; 4096];
    loop {
        match source.read(&mut rest).map_err(|error| error.to_string())? {
            0 => return Ok(()),
            count if rest[..count].iter().any(|byte| *byte != 0) => return Err("more behind its end".to_owned()),
            _ => {}
        }
    }
}
