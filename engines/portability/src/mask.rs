//! Tells code, comments and strings apart, byte by byte.

use crate::classify::Syntax;

/// What a byte is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Code,
    Comment,
    Text,
}

/// The part of every byte; as long as the source.
pub(crate) fn parts(source: &[u8], syntax: Syntax) -> Vec<Part> {
    let mut parts = vec![Part::Code; source.len()];
    let mut at = 0;
    while at < source.len() {
        let (part, end) = next(source, at, syntax);
        if part != Part::Code {
            parts[at..end].fill(part);
        }
        at = end.max(at + 1);
    }
    parts
}

/// The source with comments as blanks; line ends stay.
pub(crate) fn without_comments(source: &[u8], parts: &[Part]) -> Vec<u8> {
    let blank = |(byte, part): (&u8, &Part)| if *part == Part::Comment && *byte != b'\n' { b' ' } else { *byte };
    source.iter().zip(parts).map(blank).collect()
}

fn next(source: &[u8], at: usize, syntax: Syntax) -> (Part, usize) {
    let rest = &source[at..];
    let until = |from: usize, end: &[u8]| {
        memchr::memmem::find(rest.get(from..).unwrap_or_default(), end)
            .map_or(source.len(), |found| at + from + found + end.len())
    };
    let line = || memchr::memchr(b'\n', rest).map_or(source.len(), |end| at + end);
    match (syntax, rest) {
        (Syntax::C | Syntax::Sharp | Syntax::Rust | Syntax::Go | Syntax::Script, [b'/', b'/', ..]) => {
            (Part::Comment, line())
        }
        (
            Syntax::C | Syntax::Sharp | Syntax::Rust | Syntax::Go | Syntax::Script | Syntax::Sql | Syntax::Style,
            [b'/', b'*', ..],
        ) => (Part::Comment, until(2, b"*/")),
        (Syntax::Sql, [b'-', b'-', ..]) => (Part::Comment, line()),
        (Syntax::Markup, [b'<', b'!', b'-', b'-', b'[', ..]) => (Part::Code, at + 1),
        // What old pages put around a script to hide it hides nothing.
        (Syntax::Markup, [b'<', b'!', b'-', b'-', ..]) if after_script(source, at) => (Part::Code, at + 4),
        (Syntax::Markup, [b'<', b'!', b'-', b'-', ..]) => (Part::Comment, until(4, b"-->")),
        (Syntax::Markup, [b'<', b'%', b'-', b'-', ..]) => (Part::Comment, until(4, b"--%>")),
        // Scripts within pages: a comment is told at the beginning of a line, for `//` is in every address.
        (Syntax::Markup, [b'/', b'/', ..]) if begins_line(source, at) => (Part::Comment, line()),
        (Syntax::Markup, [b'/', b'*', ..]) if begins_line(source, at) => (Part::Comment, until(2, b"*/")),
        (Syntax::Python, [b'"', b'"', b'"', ..]) => (Part::Comment, until(3, b"\"\"\"")),
        (Syntax::Python, [b'\'', b'\'', b'\'', ..]) => (Part::Comment, until(3, b"'''")),
        (Syntax::Python | Syntax::Hash, [b'#', ..]) if at == 0 || !matches!(source[at - 1], b'$' | b'\\' | b'{') => {
            (Part::Comment, line())
        }
        // Text blocks of Java, verbatim strings of C#.
        (Syntax::C, [b'"', b'"', b'"', ..]) => (Part::Text, until(3, b"\"\"\"")),
        (Syntax::Sharp, [b'@', b'"', ..]) => (Part::Text, verbatim(source, at)),
        (Syntax::Go | Syntax::Script, [b'`', ..]) => (Part::Text, until(1, b"`")),
        (Syntax::Rust, [b'r', b'#', b'"', ..]) => (Part::Text, until(3, b"\"#")),
        (Syntax::Rust, [b'\'', _, b'\'', ..]) => (Part::Text, at + 3),
        (Syntax::Rust, [b'\'', ..]) => (Part::Code, at + 1),
        (
            Syntax::C | Syntax::Sharp | Syntax::Rust | Syntax::Go | Syntax::Script | Syntax::Python,
            [quote @ (b'"' | b'\''), ..],
        ) => (Part::Text, quoted(source, at, *quote, syntax)),
        _ => (Part::Code, at + 1),
    }
}

/// Whether a script or a style sheet has just been opened.
fn after_script(source: &[u8], at: usize) -> bool {
    let before = source[..at].trim_ascii_end();
    let Some(start) = memchr::memrchr(b'<', before) else { return false };
    let tag = &before[start..];
    before.ends_with(b">")
        && tag.len() > 6
        && (tag[1..7].eq_ignore_ascii_case(b"script") || tag[1..6].eq_ignore_ascii_case(b"style"))
}

/// The end of `@"…"`, in which two quotes stand for one.
fn verbatim(source: &[u8], at: usize) -> usize {
    let mut end = at + 2;
    while let Some(found) = source.get(end..).and_then(|rest| memchr::memchr(b'"', rest)) {
        end += found + 1;
        if source.get(end) != Some(&b'"') {
            return end;
        }
        end += 1;
    }
    source.len()
}

fn begins_line(source: &[u8], at: usize) -> bool {
    let low = at.saturating_sub(200);
    source[low..at].iter().rev().take_while(|byte| **byte != b'\n').all(u8::is_ascii_whitespace)
}

/// The end of a quoted string: its closing quote, or the line's end where strings may not cross lines.
fn quoted(source: &[u8], at: usize, quote: u8, syntax: Syntax) -> usize {
    let mut end = at + 1;
    while let Some(byte) = source.get(end) {
        match byte {
            b'\\' => end += 1,
            b'\n' if syntax != Syntax::Rust => return end,
            byte if *byte == quote => return end + 1,
            _ => {}
        }
        end += 1;
    }
    end.min(source.len())
}
