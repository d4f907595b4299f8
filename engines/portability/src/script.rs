//! Signs in the scripts of pages and of Node that no table of words can hold.

use crate::mask::Part;
use crate::scan::{Facts, Hit, Lines, line_around};
use crate::signs::words;
use crate::target::Targets;

pub(crate) fn read(source: &[u8], parts: &[Part], facts: &mut Facts) {
    explorer(source, parts, &mut facts.hits);
    requires(source, parts, facts);
}

/// A hit of the system's profile.
fn of_system(line: u32, blocker: bool, message: &'static str, found: &[u8]) -> Hit {
    let found = String::from_utf8_lossy(found).trim().chars().take(120).collect::<String>().into();
    Hit {
        line,
        kind: "ie-only",
        profile: "os",
        blocker,
        targets: Targets::ALL,
        message,
        days: [0.5, 0.1],
        found,
        guard: None,
        name: Box::default(),
    }
}

/// `if (window.ActiveXObject) { … }` with no other branch, and `attachEvent` in a file that knows nothing else.
fn explorer(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    let mut lines = Lines::new(source);
    for at in memchr::memmem::find_iter(source, b"window.ActiveXObject") {
        let line = line_around(source, at);
        let code = matches!(parts.get(at), Some(Part::Code));
        if code && line.len() < 400 && only_branch(source, parts, at) {
            hits.push(of_system(lines.of(at), true, "done in Internet Explorer alone", line));
        }
    }
    let standard = memchr::memmem::find(source, b"addEventListener").is_some()
        || memchr::memmem::find(source, b"jQuery").is_some();
    let mut lines = Lines::new(source);
    for at in words(source, parts, b"attachEvent") {
        let line = line_around(source, at);
        if source.get(at + 11) == Some(&b'(') && line.len() < 400 && !standard {
            hits.push(of_system(lines.of(at), true, "events of Internet Explorer alone", line));
        }
    }
}

/// Whether the `if` at hand is positive and has no other way: no `else` on either side, no way out of the function.
fn only_branch(source: &[u8], parts: &[Part], at: usize) -> bool {
    let before = &source[at.saturating_sub(80)..at];
    let Some(start) = memchr::memmem::rfind(before, b"if") else { return false };
    let condition = before[start + 2..].trim_ascii();
    if condition != b"(" || before[..start].trim_ascii_end().ends_with(b"else") {
        return false;
    }
    if !source[at + 20..].trim_ascii_start().starts_with(b")") {
        return false;
    }
    let Some(open) = memchr::memchr(b'{', &source[at..(at + 60).min(source.len())]).map(|open| at + open) else {
        return false;
    };
    let mut depth = 0;
    let mut end = None;
    for index in open..source.len().min(open + 6000) {
        match source[index] {
            _ if parts[index] != Part::Code => {}
            b'{' => depth += 1,
            b'}' if depth == 1 => {
                end = Some(index);
                break;
            }
            b'}' => depth -= 1,
            _ => {}
        }
    }
    let Some(end) = end else { return false };
    let inner = &source[open..end];
    let has = |word: &[u8]| memchr::memmem::find(inner, word).is_some();
    let else_follows = source[end + 1..].trim_ascii_start().starts_with(b"else");
    !else_follows && !has(b"XMLHTTP") && !has(b"XMLDOM") && !has(b"return")
}

/// Names that `require` and `import` take, and whether the file goes on where they are missing.
fn requires(source: &[u8], parts: &[Part], facts: &mut Facts) {
    let mut lines = Lines::new(source);
    for at in memchr::memmem::find_iter(source, b"require(") {
        if parts.get(at) != Some(&Part::Code) {
            continue;
        }
        let rest = &source[at + 8..(at + 160).min(source.len())];
        let Some(quote) = rest.first().copied().filter(|quote| matches!(quote, b'"' | b'\'' | b'`')) else { continue };
        let Some(end) = memchr::memchr(quote, &rest[1..]) else { continue };
        let wanted = String::from_utf8_lossy(&rest[1..=end]).into_owned();
        let line = lines.of(at);
        if !wanted.starts_with('.') || caught(source, at) {
            continue;
        }
        if wanted.ends_with(".node") {
            facts.addons.push((line, wanted));
        } else {
            facts.requires.push((line, wanted));
        }
    }
}

/// Within a `try` whose `catch` does not throw.
fn caught(source: &[u8], at: usize) -> bool {
    let before = &source[at.saturating_sub(300)..at];
    let Some(start) = memchr::memmem::rfind(before, b"try") else { return false };
    let between = &before[start..];
    let open = memchr::memchr_iter(b'{', between).count();
    let closed = memchr::memchr_iter(b'}', between).count();
    if open <= closed {
        return false;
    }
    let after = &source[at..(at + 600).min(source.len())];
    let Some(handler) = memchr::memmem::find(after, b"catch") else { return false };
    let handler = &after[handler..];
    let body = memchr::memchr(b'}', handler).map_or(handler, |end| &handler[..end]);
    memchr::memmem::find(body, b"throw").is_none()
}
