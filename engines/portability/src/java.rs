//! What Java loads: native libraries by name, by path, and from within archives.

use crate::mask::Part;
use crate::scan::{Lines, line_around};

/// A library that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Load {
    pub line: u32,
    pub name: String,
    /// Named as a file of Windows, with no name for another system beside it.
    pub windows: bool,
    /// Loaded by a path that is put together: the name is a word of the file that may be the library's.
    pub composed: bool,
}

const CALLS: [&[u8]; 6] = [
    b"System.loadLibrary(",
    b"Native.loadLibrary(",
    b"Native.load(",
    b"Native.register(",
    b"System.load(",
    b"NativeLibrary.getInstance(",
];

/// Libraries that a file loads.
pub(crate) fn loads(source: &[u8], parts: &[Part]) -> Vec<Load> {
    let has = |word: &[u8]| memchr::memmem::find(source, word).is_some();
    let native = CALLS.iter().any(|call| has(call)) || has(b".dll\"") || has(b"getResource");
    if !native {
        return Vec::new();
    }
    let choice = has(b".so\"") || has(b"mapLibraryName") || has(b".dylib\"");
    let mut lines = Lines::new(source);
    let mut found: Vec<Load> = Vec::new();
    for at in memchr::memchr_iter(b'"', source) {
        // A literal begins where text begins.
        if parts.get(at) != Some(&Part::Text) || (at > 0 && parts.get(at - 1) == Some(&Part::Text)) {
            continue;
        }
        let rest = &source[at + 1..(at + 200).min(source.len())];
        let Some(end) = memchr::memchr(b'"', rest) else { continue };
        let name = String::from_utf8_lossy(&rest[..end]).into_owned();
        let before = source[..at].trim_ascii_end();
        let called = CALLS.iter().any(|call| before.ends_with(call));
        let windows = name.len() > 4
            && name.to_ascii_lowercase().ends_with(".dll")
            && !name.contains(' ')
            && !choice
            && !chooses(line_around(source, at));
        let folder = name.starts_with('/') && name.ends_with('/') && name.len() > 4;
        if (called && !name.is_empty()) || windows || folder {
            found.push(Load { line: lines.of(at), name, windows, composed: false });
        }
    }
    found.dedup_by(|next, kept| next.line == kept.line);
    composed(source, parts, &mut found);
    found
}

/// `System.load(path)` with no name in it: every short string of the file may be the library's.
fn composed(source: &[u8], parts: &[Part], found: &mut Vec<Load>) {
    let call = b"System.load(";
    let mut lines = Lines::new(source);
    let places: Vec<u32> = memchr::memmem::find_iter(source, call)
        .filter(|at| parts.get(*at) == Some(&Part::Code) && source.get(at + call.len()) != Some(&b'"'))
        .map(|at| lines.of(at))
        .collect();
    if places.is_empty() {
        return;
    }
    let mut names: Vec<String> = Vec::new();
    for start in memchr::memchr_iter(b'"', source) {
        if parts.get(start) != Some(&Part::Text)
            || (start > 0 && parts.get(start - 1) == Some(&Part::Text))
            || names.len() > 400
        {
            continue;
        }
        let rest = &source[start + 1..(start + 80).min(source.len())];
        let Some(end) = memchr::memchr(b'"', rest).filter(|end| (4..50).contains(end)) else { continue };
        if rest[..end].iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(byte)) {
            names.push(String::from_utf8_lossy(&rest[..end]).into_owned());
        }
    }
    names.sort_unstable();
    names.dedup();
    for line in places {
        found.extend(names.iter().map(|name| Load { line, name: name.clone(), windows: false, composed: true }));
    }
}

/// A name that is looked for or taken apart, not loaded.
fn chooses(line: &[u8]) -> bool {
    [b"endsWith(".as_slice(), b"equals(", b"indexOf(", b"contains(", b"replace("]
        .iter()
        .any(|word| memchr::memmem::find(line, word).is_some())
}
