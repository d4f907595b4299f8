//! Archives of `tar`, with names as GNU and POSIX extend them. Nothing of them is held but one name and one file.

use std::io::Read;

use super::{Bounds, Visit, entry, inner, within};

/// The longest name or set of attributes that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// Hands over the files of an archive.
pub(super) fn files(
    path: &str,
    source: &mut dyn Read,
    depth: u8,
    bounds: &mut Bounds,
    visit: &mut dyn Visit,
) -> Result<(), String> {
    let mut archive = tar::Archive::new(source);
    let mut longer: Option<Vec<u8>> = None;
    // Raw: extended names of any length would otherwise be held whole.
    for member in archive.entries().map_err(|error| error.to_string())?.raw(true) {
        let mut member = member.map_err(|error| error.to_string())?;
        bounds.count()?;
        let kind = member.header().entry_type();
        if kind.is_gnu_longname() {
            longer = Some(extension(&mut member)?);
            continue;
        }
        if kind.is_pax_local_extensions() {
            longer = named(&extension(&mut member)?).or(longer);
            continue;
        }
        if kind.is_gnu_longlink() || kind.is_pax_global_extensions() {
            continue;
        }
        let name = longer.take().unwrap_or_else(|| member.header().path_bytes().into_owned());
        let name = inner(path, String::from_utf8_lossy(&name).trim_end_matches('\0'));
        if kind.is_symlink() || kind.is_hard_link() {
            visit.skipped(&name, "symlink", "");
        } else if kind.is_gnu_sparse() {
            return Err("no reader for files with holes".to_owned());
        } else if (kind.is_file() || kind.is_contiguous())
            && let Some(bytes) = entry(&name, &mut member, bounds, visit)
        {
            within(&name, &bytes, depth + 1, bounds, visit);
        }
    }
    Ok(())
}

fn extension(source: &mut dyn Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    source.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LONGEST { Err("a name longer than any".to_owned()) } else { Ok(bytes) }
}

/// The path among attributes.
fn named(attributes: &[u8]) -> Option<Vec<u8>> {
    let mut found = tar::PaxExtensions::new(attributes).filter_map(Result::ok);
    found.find(|one| one.key_bytes() == b"path").map(|one| one.value_bytes().to_vec())
}
