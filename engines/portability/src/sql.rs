//! Signs of one database's SQL that no table of words can hold.

use crate::classify::Language;
use crate::mask::Part;
use crate::scan::{Hit, Lines, line_around};
use crate::target::Targets;

/// `limit a, b`: the order is MySQL's own.
pub(crate) fn limits(source: &[u8], hits: &mut Vec<Hit>) {
    let mut lines = Lines::new(source);
    let mut places: Vec<usize> =
        memchr::memmem::find_iter(source, b"imit").chain(memchr::memmem::find_iter(source, b"IMIT")).collect();
    places.sort_unstable();
    for at in places {
        let begins = matches!(at.checked_sub(1).and_then(|before| source.get(before)), Some(b'l' | b'L'));
        let apart = at < 2
            || !source[at - 2].is_ascii_alphanumeric() && !matches!(source[at - 2], b'_' | b'.' | b'$' | b'<' | b'-');
        if !begins || !apart {
            continue;
        }
        let line = line_around(source, at);
        let rest = &source[at + 4..(at + 104).min(source.len())];
        let rest = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if two(rest) {
            if line.starts_with(b"--")
                || line.trim_ascii_start().starts_with(b"//")
                || line.trim_ascii_start().starts_with(b"*")
            {
                continue;
            }
            hits.push(of_database(lines.of(at), "limit with two numbers, which is MySQL's own", line));
        }
    }
}

fn of_database(line: u32, message: &'static str, found: &[u8]) -> Hit {
    Hit {
        line,
        kind: "sql-dialect",
        profile: "database",
        blocker: true,
        targets: Targets::ALL,
        message,
        days: [0.25, 0.02],
        found: String::from_utf8_lossy(found).trim().chars().take(120).collect::<String>().into(),
        guard: None,
        name: Box::default(),
    }
}

/// Words before a name in brackets: `from [User]`.
const BEFORE: [&[u8]; 21] = [
    b"from",
    b"into",
    b"table",
    b"update",
    b"join",
    b"select",
    b"by",
    b"and",
    b"where",
    b"set",
    b"exists",
    b"on",
    b"as",
    b"or",
    b"distinct",
    b"when",
    b"then",
    b"index",
    b"view",
    b"procedure",
    b"references",
];

/// Names in brackets, which are SQL Server's own.
pub(crate) fn brackets(source: &[u8], parts: &[Part], language: Language, hits: &mut Vec<Hit>) {
    let sql = language == "sql";
    if !sql && !matches!(language, "dotnet" | "java" | "xml" | "markup" | "php") {
        return;
    }
    let mut lines = Lines::new(source);
    let mut last = 0;
    for at in memchr::memchr_iter(b'[', source) {
        let text = matches!(parts.get(at), Some(Part::Text))
            || (matches!(language, "xml" | "markup" | "sql") && parts.get(at) == Some(&Part::Code));
        let rest = &source[at + 1..(at + 60).min(source.len())];
        let Some(end) = memchr::memchr(b']', rest).filter(|end| *end > 0 && text) else { continue };
        let named = rest[..end].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80)
            && rest.first().is_some_and(|first| first.is_ascii_alphabetic() || *first >= 0x80);
        let before = source[at.saturating_sub(24)..at].trim_ascii_end();
        let word = before.rsplit(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').next().unwrap_or_default();
        // A name stands apart; `table[index]` is no SQL.
        let apart = at > 0 && source[at - 1].is_ascii_whitespace();
        let keyword = apart && BEFORE.iter().any(|known| word.eq_ignore_ascii_case(known));
        let listed = matches!(before.last(), Some(b',' | b'(' | b'.') | None);
        // A message puts names in brackets as well.
        let message = !sql && said(line_around(source, at));
        if !named || message || !(keyword || (listed && (sql || (text && statement(line_around(source, at)))))) {
            continue;
        }
        let line = lines.of(at);
        if line != last {
            last = line;
            hits.push(of_database(line, "names in brackets, which are SQL Server's own", line_around(source, at)));
        }
    }
}

/// Whether a line is a message for people.
fn said(line: &[u8]) -> bool {
    [b"xception".as_slice(), b"log", b"Log", b"format(", b"print", b"rror(", b"ssert"]
        .iter()
        .any(|word| memchr::memmem::find(line, word).is_some())
}

/// Whether a line is a statement of SQL within a program.
fn statement(line: &[u8]) -> bool {
    let lower = line[..line.len().min(2000)].to_ascii_lowercase();
    [b"insert into ".as_slice(), b"select ", b"update ", b"delete from "]
        .iter()
        .any(|word| memchr::memmem::find(&lower, word).is_some())
}

/// `select top 10`, `select distinct top (@n)`: SQL Server's own.
pub(crate) fn tops(source: &[u8], parts: &[Part], language: Language, hits: &mut Vec<Hit>) {
    let mut lines = Lines::new(source);
    let mut places: Vec<usize> =
        [b"top".as_slice(), b"TOP", b"Top"].iter().flat_map(|word| memchr::memmem::find_iter(source, word)).collect();
    places.sort_unstable();
    for at in places {
        let apart = at > 0 && source[at - 1].is_ascii_whitespace();
        let after = source[at + 3..].trim_ascii_start();
        let spaced = matches!(source.get(at + 3), Some(b' ' | b'(' | b'"' | b'\t'));
        let counted =
            matches!(after.first(), Some(b'0'..=b'9' | b'(' | b'@' | b'"' | b'\'' | b'{' | b'%' | b'#' | b'?'));
        let before = source[at.saturating_sub(40)..at].trim_ascii_end();
        let word = before.rsplit(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').next().unwrap_or_default();
        let chosen = [b"select".as_slice(), b"distinct", b"all"].iter().any(|known| word.eq_ignore_ascii_case(known));
        let place = matches!(parts.get(at), Some(Part::Text))
            || (matches!(language, "xml" | "markup" | "sql") && parts.get(at) == Some(&Part::Code));
        if apart && spaced && counted && chosen && place {
            hits.push(of_database(lines.of(at), "select top, which is SQL Server's own", line_around(source, at)));
        }
    }
}

/// A value, a comma, and another value: numbers, placeholders, or what a program puts between strings.
fn two(rest: &[u8]) -> bool {
    if !rest.first().is_some_and(|first| first.is_ascii_whitespace() || *first == b'"') {
        return false;
    }
    if memchr::memmem::find(rest, b"append(\",\")").is_some() {
        return true;
    }
    let Some((rest, plain)) = value(rest) else { return false };
    let rest = rest.trim_ascii_start();
    let joined = strip_joints(rest);
    let Some(after) = joined.strip_prefix(b",") else { return false };
    value(after).is_some_and(|(_, second)| !(plain && second) || joined.len() == rest.len())
}

fn strip_joints(mut rest: &[u8]) -> &[u8] {
    while let [b' ' | b'+' | b'"' | b'\'' | b'.' | b'&', more @ ..] = rest {
        rest = more;
    }
    rest
}

/// A value at the beginning; whether it is a plain number.
fn value(rest: &[u8]) -> Option<(&[u8], bool)> {
    let start = rest.trim_ascii_start();
    if let [b'#' | b'$', b'{', inner @ ..] = start {
        let end = memchr::memchr(b'}', inner)?;
        return Some((&inner[end + 1..], false));
    }
    match start {
        [b'?', more @ ..] => return Some((more, false)),
        [b'%', b'd' | b's' | b'v', more @ ..] => return Some((more, false)),
        [b':' | b'@', more @ ..] if more.first().is_some_and(u8::is_ascii_alphabetic) => {
            return Some((name(more), false));
        }
        [b'{', inner @ ..] => {
            let end = memchr::memchr(b'}', inner).filter(|end| *end < 40)?;
            return Some((&inner[end + 1..], false));
        }
        [first, ..] if first.is_ascii_digit() => {
            let end = start.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(start.len());
            return Some((&start[end..], true));
        }
        _ => {}
    }
    // Between strings: `" + start + "`.
    let inner = strip_joints(start);
    let quoted =
        inner.len() < start.len() && start[..start.len() - inner.len()].iter().any(|byte| matches!(byte, b'"' | b'\''));
    if quoted && inner.first().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, b'(' | b'$' | b'_')) {
        let end =
            inner.iter().position(|byte| matches!(byte, b'+' | b'"' | b'\'' | b',' | b';')).unwrap_or(inner.len());
        return Some((&inner[end..], false));
    }
    None
}

fn name(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(rest.len());
    &rest[end..]
}
