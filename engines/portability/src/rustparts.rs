//! Rust: parts of functions under a `cfg`, with nothing in their place on other CPUs: a body of such blocks alone, a variable,
//! a method.

use crate::mask::Part;
use crate::rustlang::Span;
use crate::scan::{Facts, line_around, sign};
use crate::signs::{letter, words};
use crate::target::Targets;

const NOTHING: &str = "nothing stands here on this CPU";
const GONE: &str = "uses what no cfg leaves in on this CPU";
/// How far a variable is looked for behind its declaration, in bytes.
const NEAR: usize = 4000;
/// Names of one file that are looked for.
const MOST: usize = 200;

/// Looks at the parts of one file.
pub(crate) fn read(source: &[u8], parts: &[Part], spans: &[Span], line_of: &dyn Fn(usize) -> u32, facts: &mut Facts) {
    let machine: Vec<&Span> = spans
        .iter()
        .filter(|span| {
            span.start > 0 && span.predicate.contains("target_arch") && source[span.start..].starts_with(b"cfg(")
        })
        .collect();
    let mut found = bodies(source, parts, &machine);
    found.extend(variables(source, parts, spans, &machine));
    found.extend(methods(source, parts, spans, &machine));
    found.extend(imports(source, parts, spans));
    for (at, targets, message) in found {
        let line = line_of(at);
        let known = facts.hits.iter().any(|hit| hit.kind == "rust-cfg" && hit.line == line);
        if !known && !targets.is_empty() {
            facts.hits.push(sign(line, "rust-cfg", true, targets, message, line_around(source, at)));
        }
    }
}

type Found = Vec<(usize, Targets, &'static str)>;

/// Where nothing of these is compiled.
fn lacking<'a>(spans: impl Iterator<Item = &'a &'a Span>) -> Targets {
    Targets::ALL.without(spans.fold(Targets::NONE, |sum, span| sum.or(span.targets)))
}

/// What stands before an attribute whose `cfg(` is here, and after an item.
fn before<'a>(source: &'a [u8], span: &Span) -> &'a [u8] {
    let rest = source[..span.start].trim_ascii_end();
    rest.strip_suffix(b"#[").unwrap_or(rest).trim_ascii_end()
}

/// Bodies of functions that give something and are made of such parts alone.
fn bodies(source: &[u8], parts: &[Part], machine: &[&Span]) -> Found {
    let mut found = Found::new();
    let mut index = 0;
    while let Some(first) = machine.get(index) {
        let head = before(source, first);
        let mut last = index;
        while let Some(next) = machine.get(last + 1) {
            if before(source, next).len() > machine[last].end.max(head.len()) {
                break;
            }
            last += 1;
        }
        let chain = &machine[index..=last];
        index = last + 1;
        let end = chain.iter().map(|span| span.end).max().unwrap_or_default();
        let closed = source.get(end..).unwrap_or_default().trim_ascii_start().starts_with(b"}");
        let opened = head.last() == Some(&b'{') && parts.get(head.len() - 1) == Some(&Part::Code);
        if opened && closed && gives(&head[..head.len() - 1]) {
            found.push((first.start, lacking(chain.iter()), NOTHING));
        }
    }
    found
}

/// Whether this is the head of a function that gives something.
fn gives(head: &[u8]) -> bool {
    let near = &head[head.len().saturating_sub(600)..];
    let Some(at) = memchr::memmem::rfind(near, b"fn ") else { return false };
    let text = &near[at..];
    !text.iter().any(|byte| matches!(byte, b'{' | b'}' | b';')) && memchr::memmem::find(text, b"->").is_some()
}

/// The name that is declared behind an attribute, by one of these words.
fn named<'a>(source: &'a [u8], span: &Span, kinds: &[&[u8]]) -> Option<&'a [u8]> {
    let text = &source[span.start..span.end.min(span.start + 400)];
    let mut rest = text.get(memchr::memmem::find(text, b")]")? + 2..)?.trim_ascii_start();
    while let Some(after) = rest.strip_prefix(b"#[") {
        rest = after.get(memchr::memchr(b']', after)? + 1..)?.trim_ascii_start();
    }
    let head = &rest
        [..rest.iter().position(|byte| matches!(byte, b'(' | b'=' | b':' | b'{' | b';' | b'<')).unwrap_or(rest.len())];
    let mut words = head.trim_ascii_end().rsplit(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty());
    let name = words.next()?;
    let kind = words.find(|word| *word != b"mut")?;
    let plain = name.len() >= 3 && name.iter().all(|byte| letter(*byte));
    (plain && kinds.contains(&kind)).then_some(name)
}

fn outside(spans: &[Span], at: usize) -> bool {
    !spans.iter().any(|span| (span.start..span.end).contains(&at))
}

/// Variables that are declared under a `cfg` and used behind it without one.
fn variables(source: &[u8], parts: &[Part], spans: &[Span], machine: &[&Span]) -> Found {
    let mut found = Found::new();
    let lets: Vec<(&[u8], &Span)> =
        machine.iter().filter_map(|span| Some((named(source, span, &[b"let"])?, *span))).take(MOST).collect();
    for (name, span) in &lets {
        let near = |other: &&(&[u8], &Span)| other.0 == *name && other.1.start.abs_diff(span.start) < NEAR;
        let own: Vec<&Span> = lets.iter().filter(near).map(|(_, span)| *span).collect();
        if own.iter().any(|other| other.start < span.start) {
            continue;
        }
        let lack = Targets::ALL.without(own.iter().fold(Targets::NONE, |sum, span| sum.or(span.targets)));
        let from = span.start.saturating_sub(NEAR);
        let window = from..(span.end + NEAR).min(source.len());
        let mut uses =
            words(&source[window.clone()], &parts[window], name).map(|at| from + at).filter(|at| outside(spans, *at));
        // Another declaration, a parameter or a field makes it another variable.
        let (mut first, mut other) = (None, false);
        for at in uses.by_ref() {
            let (head, tail) = (source[..at].trim_ascii_end(), source[at + name.len()..].trim_ascii_start());
            let declared = head.ends_with(b"let") || head.ends_with(b"mut") || head.ends_with(b"|");
            other |= declared || at < span.start || tail.starts_with(b":") && !tail.starts_with(b"::");
            first = first.or((!head.ends_with(b".") && at > span.end).then_some(at));
        }
        let ended = |at: usize| memchr::memmem::find(&source[span.end..at], b"\n}").is_some();
        if let Some(at) = first.filter(|at| !other && !ended(*at)) {
            found.push((at, lack, GONE));
        }
    }
    found
}

/// Methods all of whose declarations stand under a `cfg`, and that are called without one.
fn methods(source: &[u8], parts: &[Part], spans: &[Span], machine: &[&Span]) -> Found {
    let mut found = Found::new();
    let declared: Vec<(&[u8], &Span)> =
        machine.iter().filter_map(|span| Some((named(source, span, &[b"fn"])?, *span))).take(MOST).collect();
    for (index, (name, _)) in declared.iter().enumerate() {
        if declared[..index].iter().any(|(known, _)| known == name) {
            continue;
        }
        let there = declared.iter().filter(|(other, _)| other == name);
        let lack = Targets::ALL.without(there.fold(Targets::NONE, |sum, (_, span)| sum.or(span.targets)));
        if lack.is_empty() {
            continue;
        }
        let mut first = None;
        let mut whole = false;
        for at in words(source, parts, name).filter(|at| outside(spans, *at)) {
            let head = source[..at].trim_ascii_end();
            whole |= head.ends_with(b"fn");
            let called = source[at + name.len()..].starts_with(b"(");
            let own = head.ends_with(b"self.") || head.ends_with(b"Self::");
            first = first.or((called && own).then_some(at));
        }
        if let Some(at) = first.filter(|_| !whole) {
            found.push((at, lack, GONE));
        }
    }
    found
}

/// Names that are imported under a `cfg` alone, and called or named as a type without one.
fn imports(source: &[u8], parts: &[Part], spans: &[Span]) -> Found {
    let mut imported: Vec<(String, Targets)> = Vec::new();
    let mut plain: Vec<String> = Vec::new();
    for start in words(source, parts, b"use").take(5000) {
        let Some(end) = memchr::memchr(b';', &source[start..(start + 4000).min(source.len())]) else { continue };
        let around: Vec<&Span> = spans.iter().filter(|span| (span.start..span.end).contains(&start)).collect();
        let text = String::from_utf8_lossy(&source[start + 3..start + end]).into_owned();
        let machine = around.iter().any(|span| span.predicate.contains("target_arch"));
        let targets = around.iter().fold(Targets::ALL, |sum, span| sum.and(span.targets));
        for (_, _, alias) in crate::rustnames::leaves(&text) {
            if machine && imported.len() < MOST && alias.len() >= 3 {
                imported.push((alias, targets));
            } else {
                plain.push(alias);
            }
        }
        // What a glob brings has no names here.
        if text.contains('*') && around.is_empty() {
            return Found::new();
        }
    }
    let mut found = Found::new();
    for (index, (name, _)) in imported.iter().enumerate() {
        if plain.contains(name) || imported[..index].iter().any(|(known, _)| known == name) {
            continue;
        }
        let there = imported.iter().filter(|(other, _)| other == name);
        let lack = Targets::ALL.without(there.fold(Targets::NONE, |sum, (_, targets)| sum.or(*targets)));
        if lack.is_empty() {
            continue;
        }
        let (mut first, mut declared) = (None, false);
        for at in words(source, parts, name.as_bytes()) {
            let (head, tail) = (source[..at].trim_ascii_end(), &source[at + name.len()..]);
            declared |=
                [b"fn".as_slice(), b"struct", b"type", b"mod", b"enum", b"const", b"static", b"let", b"mut", b"trait"]
                    .iter()
                    .any(|word| head.ends_with(word));
            let called = tail.starts_with(b"(") || tail.starts_with(b"::");
            let typed = name.starts_with(|letter: char| letter.is_ascii_uppercase())
                && (head.ends_with(b":") && !head.ends_with(b"::") || head.ends_with(b"->") || head.ends_with(b"&"));
            let free = !head.ends_with(b".") && !head.ends_with(b"::");
            first = first.or((free && (called || typed) && outside(spans, at)).then_some(at));
        }
        if let Some(at) = first.filter(|_| !declared) {
            found.push((at, lack, GONE));
        }
    }
    found
}
