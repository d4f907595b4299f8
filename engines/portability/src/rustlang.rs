//! Rust: `cfg` on items, files and modules.

use crate::condition::{Names, evaluate};
use crate::mask::Part;
use crate::scan::{Facts, sign};
use crate::target::{Target, Targets};

struct Cfg;

impl Names for Cfg {
    fn defined(&self, name: &str) -> Option<bool> {
        self.value(name, 0).map(|value| value != 0)
    }

    fn value(&self, name: &str, _: u8) -> Option<i64> {
        match name {
            "unix" => Some(1),
            "windows" | "test" | "miri" => Some(0),
            // What the build sets for x86 alone has its name from x86.
            _ if crate::target::foreign_words(name) => Some(0),
            _ => None,
        }
    }
}

/// Where a `cfg` predicate may hold.
pub(crate) fn holds(predicate: &str) -> Targets {
    Target::ALL.into_iter().filter(|target| evaluate(&translate(predicate, *target, 0), &Cfg, 0) != Some(0)).collect()
}

/// `all(a, not(b))` as an expression of the preprocessor.
fn translate(predicate: &str, target: Target, depth: u8) -> String {
    let predicate = predicate.trim();
    if depth > 20 {
        return "unknown".to_owned();
    }
    if let Some((name, inner)) =
        predicate.split_once('(').and_then(|(name, rest)| Some((name.trim(), rest.strip_suffix(')')?)))
    {
        let parts: Vec<String> =
            split(inner).into_iter().map(|part| format!("({})", translate(part, target, depth + 1))).collect();
        return match name {
            "all" if parts.is_empty() => "1".to_owned(),
            "any" if parts.is_empty() => "0".to_owned(),
            "all" => parts.join("&&"),
            "any" => parts.join("||"),
            "not" => format!("!{}", parts.concat()),
            _ => "unknown".to_owned(),
        };
    }
    let Some((key, value)) = predicate.split_once('=') else {
        return predicate.to_owned();
    };
    let value = value.trim().trim_matches('"');
    let same = match key.trim() {
        "target_arch" => value == target.rust_arch(),
        "target_os" => value == "linux",
        "target_family" => value == "unix",
        "target_pointer_width" => value == "64",
        "target_endian" => value == "little",
        "target_env" => value == "gnu",
        "target_feature"
            if ["sse", "ssse", "avx", "aes", "pclmul", "bmi", "popcnt", "sha", "fma"]
                .iter()
                .any(|feature| value.starts_with(feature)) =>
        {
            false
        }
        _ => return "unknown".to_owned(),
    };
    u8::from(same).to_string()
}

fn split(text: &str) -> Vec<&str> {
    let (mut open, mut start, mut parts) = (0_i32, 0, Vec::new());
    for (index, letter) in text.char_indices() {
        match letter {
            '(' => open += 1,
            ')' => open -= 1,
            ',' if open == 0 => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// An item, or the whole file, under a `cfg`.
pub(crate) struct Span {
    pub start: usize,
    pub end: usize,
    pub targets: Targets,
    pub predicate: String,
}

/// Items under a `cfg` in one file, and bytes in which the end of one is looked for: a file of more is generated.
const MOST: usize = 4000;
const LONGEST: usize = 1 << 18;
/// Branches whose ends are looked for.
const FEW: usize = 500;
/// Bytes of all items together that are looked through.
const ALL: usize = 64 << 20;

/// Finds the items under a `cfg`, takes targets from hits within, and looks for what refuses a CPU or is missing on it.
pub(crate) fn guard(source: &[u8], parts: &[Part], facts: &mut Facts) {
    let mut spans: Vec<Span> = Vec::new();
    let mut named: Vec<(String, Targets)> = Vec::new();
    let mut whole = Vec::new();
    let mut starts: Vec<usize> = vec![0];
    starts.extend(memchr::memchr_iter(b'\n', source).map(|end| end + 1));
    let line_of = |at: usize| u32::try_from(starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX);
    let mut looked = 0;
    for at in memchr::memmem::find_iter(source, b"cfg(") {
        if parts.get(at) != Some(&Part::Code) {
            continue;
        }
        if spans.len() >= MOST || looked > ALL {
            break;
        }
        let Some(end) = closing(source, parts, at + 3) else { continue };
        let predicate = String::from_utf8_lossy(&source[at + 4..end]).into_owned();
        let before = source[..at].trim_ascii_end();
        let targets = holds(&predicate);
        if before.strip_suffix(b"#[").is_some_and(|rest| rest.trim_ascii_end().ends_with(b"if")) {
            // A branch of `cfg_if!`, which `choices` reads.
        } else if before.ends_with(b"#![") {
            whole.push((predicate.clone(), targets, line_of(at)));
            spans.push(Span { start: 0, end: source.len(), targets, predicate });
        } else if before.ends_with(b"#[") {
            let item = item_end(source, parts, end + 2);
            looked += item.saturating_sub(at);
            let text = &source[(end + 2).min(item)..item];
            if let Some(name) = module(text) {
                facts.modules.push((name, targets));
            }
            let top = at < 2 || matches!(source.get(at.wrapping_sub(3)), None | Some(b'\n'));
            if top
                && predicate.contains("target_arch")
                && let Some(name) = item_name(text)
            {
                named.push((name, targets));
            }
            spans.push(Span { start: at, end: item, targets, predicate });
        }
    }
    choices(source, parts, &mut spans);
    within_blocks(source, parts, &spans, facts);
    facts.names = Some(Box::new(crate::rustnames::read(source, parts, &|at| {
        let around = spans.iter().filter(|span| (span.start..span.end).contains(&at));
        around.fold(Targets::ALL, |sum, span| sum.and(span.targets))
    })));
    chosen_by_path(source, parts, &line_of, facts);
    refusals(source, parts, &spans, &line_of, facts);
    assembly(source, parts, &line_of, facts);
    for hit in &mut facts.hits {
        let at = starts.get(hit.line as usize - 1).copied().unwrap_or(0);
        let next = starts.get(hit.line as usize).copied().unwrap_or(source.len());
        for span in spans.iter().filter(|span| span.start < next && span.end > at) {
            hit.targets = hit.targets.and(span.targets);
            hit.guard = Some(span.predicate.chars().take(160).collect::<String>().into());
        }
    }
    for (predicate, targets, line) in whole {
        whole_file(&predicate, targets, line, facts);
    }
    root(source, parts, &spans, &line_of, facts);
    without_another_way(source, parts, &line_of, facts);
    missing(source, parts, &spans, &named, &line_of, facts);
    crate::rustparts::read(source, parts, &spans, &line_of, facts);
    facts.hits.retain(|hit| !hit.targets.is_empty());
}

/// Where a `cfg` predicate holds for certain.
fn certain(predicate: &str) -> Targets {
    Target::ALL
        .into_iter()
        .filter(|target| evaluate(&translate(predicate, *target, 0), &Cfg, 0).is_some_and(|value| value != 0))
        .collect()
}

/// `if #[cfg(…)] { … } else if #[cfg(…)] { … } else { … }` within `cfg_if!`: each branch is compiled where no branch before
/// it was taken.
fn choices(source: &[u8], parts: &[Part], spans: &mut Vec<Span>) {
    // What is left after the branch that ends at an offset.
    let mut after: Vec<(usize, Targets)> = Vec::new();
    for at in memchr::memmem::find_iter(source, b"if #[cfg(").take(FEW) {
        if parts.get(at) != Some(&Part::Code) {
            continue;
        }
        let Some(end) = closing(source, parts, at + 8) else { continue };
        let predicate = String::from_utf8_lossy(&source[at + 9..end]).into_owned();
        let Some(open) = memchr::memchr(b'{', &source[end..(end + 40).min(source.len())]).map(|open| end + open) else {
            continue;
        };
        let close = item_end(source, parts, open);
        let before = source[..at].trim_ascii_end();
        let chained = before.strip_suffix(b"else").map(|rest| rest.trim_ascii_end().len());
        let left = chained
            .and_then(|end| after.iter().rev().find(|(other, _)| *other == end))
            .map_or(Targets::ALL, |(_, left)| *left);
        spans.push(Span {
            start: open,
            end: close,
            targets: holds(&predicate).and(left),
            predicate: predicate.clone(),
        });
        let left = left.without(certain(&predicate));
        after.push((close, left));
        let rest = source.get(close..).unwrap_or_default().trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b"else").map(<[u8]>::trim_ascii_start).filter(|rest| rest.starts_with(b"{"))
        else {
            continue;
        };
        let open = source.len() - rest.len();
        let predicate = format!("else of {predicate}");
        spans.push(Span { start: open, end: item_end(source, parts, open), targets: left, predicate });
    }
}

/// Modules that are declared within a block under a `cfg`, as `cfg_if!` has them.
fn within_blocks(source: &[u8], parts: &[Part], spans: &[Span], facts: &mut Facts) {
    for at in crate::signs::words(source, parts, b"mod") {
        let rest = &source[at + 3..(at + 80).min(source.len())];
        let Some(end) = memchr::memchr(b';', rest) else { continue };
        let name = String::from_utf8_lossy(&rest[..end]).trim().to_owned();
        if name.is_empty() || !name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let around = spans.iter().filter(|span| span.start > 0 && (span.start..span.end).contains(&at));
        let targets = around.fold(Targets::ALL, |sum, span| sum.and(span.targets));
        if targets != Targets::ALL && !facts.modules.iter().any(|(known, _)| *known == name) {
            facts.modules.push((name, targets));
        }
    }
}

/// `#[cfg_attr(target_arch = "x86", path = "x86.rs")] mod imp;`: a CPU that no attribute names has no file.
fn chosen_by_path(source: &[u8], parts: &[Part], line_of: &dyn Fn(usize) -> u32, facts: &mut Facts) {
    let (mut there, mut end) = (Targets::NONE, 0);
    for at in memchr::memmem::find_iter(source, b"cfg_attr(").take(MOST) {
        if parts.get(at) != Some(&Part::Code) {
            continue;
        }
        let Some(close) = closing(source, parts, at + 8) else { continue };
        let inner = String::from_utf8_lossy(&source[at + 9..close]).into_owned();
        let Some((predicate, path)) = inner
            .rsplit_once(',')
            .filter(|(predicate, path)| predicate.contains("target_arch") && path.trim().starts_with("path"))
        else {
            continue;
        };
        // Attributes of one module stand together.
        if at > end + 200 {
            there = Targets::NONE;
        }
        let targets = holds(predicate);
        there = there.or(targets);
        end = close;
        if let Some(path) = path.split('"').nth(1).and_then(|path| path.strip_suffix(".rs")) {
            facts.modules.push((format!("={path}"), targets));
        }
        let rest = &source[close..(close + 200).min(source.len())];
        let Some(next) = memchr::memmem::find(rest, b"mod ") else { continue };
        let between = &rest[..next];
        let lacking = Targets::ALL.without(there);
        // The module is there where a file is.
        let name = String::from_utf8_lossy(&rest[next + 4..]).split(';').next().unwrap_or_default().trim().to_owned();
        let last = memchr::memmem::find(between, b"cfg_attr").is_none();
        let declared = facts.names.iter_mut().flat_map(|names| names.declared.iter_mut());
        for named in declared.filter(|named| last && *named.name == *name) {
            named.targets = named.targets.and(there);
        }
        if memchr::memmem::find(between, b"cfg_attr").is_none() && !lacking.is_empty() {
            let place = close + next;
            facts.hits.push(sign(
                line_of(place),
                "rust-cfg",
                true,
                lacking,
                "no file is named for this CPU",
                crate::scan::line_around(source, place),
            ));
        }
    }
}

/// Whether a file is where a crate begins.
fn begins_crate(path: &str) -> bool {
    path == "src/lib.rs" || path.ends_with("/src/lib.rs") || path == "lib.rs" || path.ends_with("src/main.rs")
}

/// A crate all of whose public items stand under a `cfg` for other CPUs: each of them is a place.
fn root(source: &[u8], parts: &[Part], spans: &[Span], line_of: &dyn Fn(usize) -> u32, facts: &mut Facts) {
    if !begins_crate(&facts.path) || facts.whole || facts.path.ends_with("main.rs") {
        return;
    }
    let (mut there, mut items) = (Targets::NONE, 0);
    for at in crate::signs::words(source, parts, b"pub") {
        let around: Vec<&Span> = spans.iter().filter(|span| (span.start..span.end).contains(&at)).collect();
        // Members of blocks and implementations are no items of the crate.
        let top = at == 0 || source[at - 1] == b'\n';
        if !top && around.is_empty() {
            continue;
        }
        items += 1;
        there = there.or(around.iter().fold(Targets::ALL, |sum, span| sum.and(span.targets)));
    }
    let exports = memchr::memmem::find(source, b"#[macro_export]").is_some();
    let lacking = Targets::ALL.without(there);
    if items == 0 || exports || lacking.is_empty() {
        return;
    }
    for span in spans.iter().filter(|span| span.start > 0 && span.predicate.contains("target_arch")) {
        let line = line_of(span.start);
        if memchr::memmem::find(&source[span.start..span.end], b"pub ").is_some() {
            facts.hits.push(sign(
                line,
                "rust-cfg",
                true,
                lacking,
                "all that the crate gives is left out on this CPU",
                crate::scan::line_around(source, span.start),
            ));
        }
    }
}

/// `if cfg!(target_arch = "x86_64") { … } else { panic!(…) }`.
fn without_another_way(source: &[u8], parts: &[Part], line_of: &dyn Fn(usize) -> u32, facts: &mut Facts) {
    for at in memchr::memmem::find_iter(source, b"cfg!(").take(FEW) {
        let Some(end) = closing(source, parts, at + 4).filter(|_| parts.get(at) == Some(&Part::Code)) else { continue };
        let predicate = String::from_utf8_lossy(&source[at + 5..end]).into_owned();
        if !predicate.contains("target_arch") && !predicate.contains("target_feature") {
            continue;
        }
        let denied = source[..at].ends_with(b"!");
        let Some(open) = memchr::memchr(b'{', &source[end..(end + 40).min(source.len())]).map(|open| end + open) else {
            continue;
        };
        let close = item_end(source, parts, open);
        let (start, stop, targets) = if denied {
            (open, close, Targets::ALL.without(certain(&predicate)))
        } else {
            let rest = source.get(close..).unwrap_or_default().trim_ascii_start();
            let Some(rest) =
                rest.strip_prefix(b"else").map(<[u8]>::trim_ascii_start).filter(|rest| rest.starts_with(b"{"))
            else {
                continue;
            };
            let open = source.len() - rest.len();
            (open, item_end(source, parts, open), Targets::ALL.without(certain(&predicate)))
        };
        let block = &source[start..stop.min(start + 600)];
        let found =
            [b"panic!(".as_slice(), b"unimplemented!(", b"unreachable!(", b"todo!(", b"process::exit(", b"Err("]
                .iter()
                .filter_map(|word| memchr::memmem::find(block, word))
                .min();
        if let Some(found) = found.filter(|_| !targets.is_empty()) {
            let place = start + found;
            facts.hits.push(sign(
                line_of(place),
                "rust-cfg",
                true,
                targets,
                "gives up on this CPU",
                crate::scan::line_around(source, place),
            ));
        }
    }
}

/// A crate that is empty on a CPU fails whoever uses it.
fn whole_file(predicate: &str, targets: Targets, line: u32, facts: &mut Facts) {
    let root = begins_crate(&facts.path);
    let lacking = Targets::ALL.without(targets);
    if root && predicate.contains("target_arch") && !lacking.is_empty() {
        facts.hits.push(sign(
            line,
            "rust-cfg",
            true,
            lacking,
            "the whole crate is left out on this CPU",
            predicate.as_bytes(),
        ));
        facts.whole = true;
    }
}

fn refusals(source: &[u8], parts: &[Part], spans: &[Span], line_of: &dyn Fn(usize) -> u32, facts: &mut Facts) {
    for at in memchr::memmem::find_iter(source, b"compile_error!").take(MOST) {
        let guarded = spans.iter().any(|span| {
            (span.start..span.end).contains(&at)
                && ["target_arch", "target_feature", "target_pointer_width", "target_endian"]
                    .iter()
                    .any(|key| span.predicate.contains(key))
        });
        if parts.get(at) == Some(&Part::Code) && guarded {
            facts.hits.push(sign(
                line_of(at),
                "rust-cfg",
                true,
                Targets::ALL,
                "the crate refuses to be built for this CPU",
                crate::scan::line_around(source, at),
            ));
        }
    }
}

/// `asm!("rdtsc")`: instructions and registers of x86.
fn assembly(source: &[u8], parts: &[Part], line_of: &dyn Fn(usize) -> u32, facts: &mut Facts) {
    for at in memchr::memmem::find_iter(source, b"asm!").take(MOST) {
        if parts.get(at) != Some(&Part::Code) {
            continue;
        }
        let end = closing(source, parts, at + 4).unwrap_or_else(|| (at + 400).min(source.len()));
        let text: Vec<u8> = source[at..end]
            .iter()
            .zip(&parts[at..end])
            .filter(|(_, part)| **part != Part::Comment)
            .map(|(byte, _)| byte.to_ascii_lowercase())
            .collect();
        let text = String::from_utf8_lossy(&text);
        if crate::signs::speaks_x86(&text)
            || [
                "\"eax\"", "\"rax\"", "\"ecx\"", "\"rdi\"", "\"rsi\"", "\"rcx\"", "\"rdx\"", "\"edx\"", "{rax}",
                "{eax}",
            ]
            .iter()
            .any(|register| text.contains(register))
        {
            facts.hits.push(sign(
                line_of(at),
                "inline-asm",
                true,
                Targets::ALL,
                "assembly of x86 within Rust",
                crate::scan::line_around(source, at),
            ));
        }
    }
}

/// Uses, outside any `cfg`, of top items that exist on some CPUs only.
fn missing(
    source: &[u8],
    parts: &[Part],
    spans: &[Span],
    named: &[(String, Targets)],
    line_of: &dyn Fn(usize) -> u32,
    facts: &mut Facts,
) {
    let mut names: Vec<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.truncate(200);
    for name in names {
        let there =
            named.iter().filter(|(other, _)| other == name).fold(Targets::NONE, |sum, (_, targets)| sum.or(*targets));
        let lacking = Targets::ALL.without(there);
        if lacking.is_empty() || name.len() < 3 {
            continue;
        }
        let mut uses = crate::signs::words(source, parts, name.as_bytes()).filter(|at| {
            !spans.iter().any(|span| (span.start..span.end).contains(at)) && free_use(source, *at, name.len())
        });
        let Some(at) = uses.next() else { continue };
        // A second definition outside any `cfg` is the other way.
        let defined = std::iter::once(at).chain(uses).any(|at| declares(&source[..at]));
        if !defined {
            facts.hits.push(sign(
                line_of(at),
                "rust-cfg",
                true,
                lacking,
                "uses what no cfg leaves in on this CPU",
                crate::scan::line_around(source, at),
            ));
        }
    }
}

fn declares(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    [b"fn".as_slice(), b"mod", b"struct", b"const", b"static", b"type", b"enum", b"trait", b"union"].iter().any(
        |word| {
            before.strip_suffix(*word).is_some_and(|rest| !rest.last().is_some_and(|byte| crate::signs::letter(*byte)))
        },
    )
}

/// A name at the head of a path: not a field, a method, a key or the tail of another path.
fn free_use(source: &[u8], at: usize, length: usize) -> bool {
    let before = source[..at].trim_ascii_end();
    let after = source.get(at + length..).unwrap_or_default();
    let own = before.strip_suffix(b"::").map(<[u8]>::trim_ascii_end);
    let head = own.is_none_or(|rest| rest.ends_with(b"self") || rest.ends_with(b"crate"));
    let name = &source[at..at + length];
    // A constant stands by itself, a type behind what only stands before types.
    let constant =
        length > 3 && name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
    let typed = name[0].is_ascii_uppercase()
        && [b"->".as_slice(), b" for", b": &", b"= &"].iter().any(|mark| before.ends_with(mark));
    let used = after.starts_with(b"::") || after.starts_with(b"(") || constant || typed;
    head && !before.ends_with(b".") && (used || declares(before))
}

/// The name of a function, module or type.
fn item_name(item: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&item[..item.len().min(400)]);
    let mut rest = text.trim();
    while let Some(after) = rest.strip_prefix("#[") {
        rest = after.split_once(']')?.1.trim_start();
    }
    let head = rest.split(['(', '{', ';', '=', ':', '<']).next()?;
    let mut words = head.split_whitespace().rev();
    let name = words.next()?;
    let kind = words.next()?;
    (matches!(kind, "fn" | "mod" | "struct" | "const" | "static" | "type" | "enum")
        && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_'))
    .then(|| name.to_owned())
}

/// The bracket that closes the one at `open`.
fn closing(source: &[u8], parts: &[Part], open: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for at in open..source.len().min(open + 4000) {
        match source[at] {
            _ if parts[at] != Part::Code => {}
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The end of the item after an attribute: its closing brace, or its semicolon or comma.
fn item_end(source: &[u8], parts: &[Part], from: usize) -> usize {
    let (mut braces, mut round) = (0_i32, 0_i32);
    // A comma ends a field, a variant or an argument; in an item it stands between parameters of a type.
    let item = begins_item(source.get(from..).unwrap_or_default());
    let end = source.len().min(from.saturating_add(LONGEST));
    for at in from..end {
        if parts[at] != Part::Code {
            continue;
        }
        match source[at] {
            b',' if item => {}
            b'{' => braces += 1,
            b'}' if braces <= 1 && round <= 0 => return at + 1,
            b'}' => braces -= 1,
            b'(' | b'[' => round += 1,
            b')' | b']' => round -= 1,
            b';' | b',' if braces == 0 && round <= 0 => return at + 1,
            _ => {}
        }
        if round < 0 {
            return at;
        }
    }
    end
}

/// Whether what follows, after more attributes, is an item or a statement.
fn begins_item(mut rest: &[u8]) -> bool {
    loop {
        rest = rest.trim_ascii_start();
        if let Some(attribute) = rest.strip_prefix(b"#[") {
            let Some(end) = memchr::memchr(b'\n', attribute) else { return false };
            rest = &attribute[end..];
        } else if rest.starts_with(b"//") {
            let Some(end) = memchr::memchr(b'\n', rest) else { return false };
            rest = &rest[end..];
        } else {
            break;
        }
    }
    let word = rest.split(|byte| !crate::signs::letter(*byte)).next().unwrap_or_default();
    let items: [&[u8]; 18] = [
        b"pub", b"fn", b"unsafe", b"async", b"const", b"static", b"struct", b"enum", b"impl", b"mod", b"use",
        b"extern", b"type", b"trait", b"union", b"let", b"if", b"match",
    ];
    // A field of a structure may be public, too.
    let field = word == b"pub"
        && rest
            .iter()
            .take(80)
            .position(|byte| *byte == b':')
            .is_some_and(|at| rest.get(at + 1) != Some(&b':') && !rest[..at].contains(&b'('));
    items.contains(&word) && !field
}

/// The file of a module that is declared with a semicolon; `#[path]` names it.
fn module(item: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&item[..item.len().min(300)]);
    let text = text.trim().strip_suffix(';')?;
    let name = text.rsplit(']').next()?.trim().rsplit("mod ").next()?.trim();
    if !text.contains("mod ") || !name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
        return None;
    }
    let path =
        text.split_once("path").and_then(|(_, rest)| rest.split('"').nth(1)).and_then(|path| path.strip_suffix(".rs"));
    Some(path.map_or_else(|| name.to_owned(), |path| format!("={path}")))
}
