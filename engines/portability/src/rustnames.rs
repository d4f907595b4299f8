//! Names of Rust across files: what is declared under a `cfg` only, and who names it where nothing declares it.

use std::collections::{HashMap, HashSet};

use crate::mask::Part;
use crate::scan::Lines;
use crate::signs::letter;
use crate::target::Targets;

/// A name, its line, and where the line is compiled.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub name: Box<str>,
    /// Whether a path can go through it: a module or a type.
    pub holds: bool,
    pub line: u32,
    pub targets: Targets,
    /// For what a public `use` gives on: the first part of its path.
    pub from: Option<Box<str>>,
}

/// What a file declares, and what it names by a path.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub declared: Vec<Named>,
    /// Modules in files of their own.
    pub modules: Vec<Named>,
    /// The first part of each path stands before the name.
    pub used: Vec<(Box<str>, Named)>,
}

const KINDS: [&[u8]; 9] = [b"fn", b"mod", b"struct", b"const", b"static", b"type", b"enum", b"trait", b"union"];
/// Names of one file; a file of more is generated.
const MOST: usize = 20_000;

/// Reads a file; `at` says where an offset is compiled.
pub(crate) fn read(source: &[u8], parts: &[Part], at: &dyn Fn(usize) -> Targets) -> Names {
    let mut names = Names::default();
    declarations(source, parts, at, &mut names);
    paths(source, parts, at, &mut names);
    names
}

fn word(source: &[u8], from: usize) -> &[u8] {
    let rest = source.get(from..).unwrap_or_default();
    &rest[..rest.iter().position(|byte| !letter(*byte)).unwrap_or(rest.len())]
}

fn boxed(name: &[u8]) -> Box<str> {
    String::from_utf8_lossy(name).into()
}

fn declarations(source: &[u8], parts: &[Part], at: &dyn Fn(usize) -> Targets, names: &mut Names) {
    for kind in KINDS {
        let mut lines = Lines::new(source);
        for start in crate::signs::words(source, parts, kind) {
            let after = start + kind.len();
            let gap = source[after..].len() - source[after..].trim_ascii_start().len();
            let name = word(source, after + gap);
            if kind == b"mod" && gap > 0 && source.get(after + gap + name.len()) == Some(&b';') {
                let named =
                    Named { name: boxed(name), holds: true, line: lines.of(start), targets: at(start), from: None };
                names.modules.push(named);
            }
            if gap > 0 && !name.is_empty() && names.declared.len() < MOST {
                names.declared.push(Named {
                    name: boxed(name),
                    holds: !matches!(kind, b"fn" | b"const" | b"static"),
                    line: lines.of(start),
                    targets: at(start),
                    from: None,
                });
            }
        }
    }
    let mut lines = Lines::new(source);
    for start in memchr::memmem::find_iter(source, b"macro_rules!") {
        let name = word(source, start + 12 + usize::from(source.get(start + 12) == Some(&b' ')));
        if parts.get(start) == Some(&Part::Code) && !name.is_empty() {
            names.declared.push(Named {
                name: boxed(name),
                holds: false,
                line: lines.of(start),
                targets: at(start),
                from: None,
            });
        }
    }
}

/// Paths of `use`, and paths of calls and types.
fn paths(source: &[u8], parts: &[Part], at: &dyn Fn(usize) -> Targets, names: &mut Names) {
    let mut lines = Lines::new(source);
    let mut inside = 0;
    for start in crate::signs::words(source, parts, b"use").take(MOST / 4) {
        let Some(end) = memchr::memchr(b';', &source[start..(start + 4000).min(source.len())]) else { continue };
        let line = lines.of(start);
        let text = String::from_utf8_lossy(&source[start + 3..start + end]).into_owned();
        let before = source[..start].trim_ascii_end();
        let public = before.ends_with(b"pub")
            || before.ends_with(b")")
                && memchr::memmem::rfind(&before[before.len().saturating_sub(12)..], b"pub(").is_some();
        let head = text.trim().trim_start_matches("::").split("::").next().unwrap_or_default().trim().to_owned();
        let targets = at(start);
        // What a path goes through has to be there as well.
        let through = text
            .split("::")
            .map(|part| part.trim().trim_start_matches('{').trim())
            .filter(|part| part.chars().all(|letter| letter.is_alphanumeric() || letter == '_'));
        for part in through.skip(1).filter(|part| !part.is_empty()) {
            names
                .used
                .push((head.as_str().into(), Named { name: part.into(), holds: false, line, targets, from: None }));
        }
        for (offset, name, alias) in leaves(&text) {
            let line = line + u32::try_from(text[..offset].matches('\n').count()).unwrap_or(0);
            names.used.push((
                head.as_str().into(),
                Named { name: name.as_str().into(), holds: false, line, targets, from: None },
            ));
            if public || alias != name {
                let from = (alias == name).then(|| head.as_str().into());
                names.declared.push(Named { name: alias.as_str().into(), holds: false, line, targets, from });
            }
        }
        inside = inside.max(start + end);
    }
    let mut lines = Lines::new(source);
    for start in memchr::memmem::find_iter(source, b"::") {
        let name = word(source, start + 2);
        if parts.get(start) != Some(&Part::Code) || name.is_empty() || names.used.len() > MOST {
            continue;
        }
        // The last part only: what a path goes through is a module.
        if source.get(start + 2 + name.len()..start + 4 + name.len()) == Some(b"::") {
            continue;
        }
        let mut head = start;
        while head > 0 && (letter(source[head - 1]) || source[head - 1] == b':') {
            head -= 1;
        }
        let first = word(source, head);
        names.used.push((
            boxed(first),
            Named { name: boxed(name), holds: false, line: lines.of(start), targets: at(start), from: None },
        ));
    }
}

/// The names at the ends of a `use`, with their offset and what they are called here; globs and `self` are none.
pub(crate) fn leaves(text: &str) -> Vec<(usize, String, String)> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices().chain(std::iter::once((text.len(), ','))) {
        if !matches!(letter, ',' | '{' | '}') {
            continue;
        }
        let piece = &text[start..at];
        start = at + letter.len_utf8().min(text.len() - at);
        if letter == '{' {
            continue;
        }
        let (path, alias) = piece.split_once(" as ").map_or((piece, None), |(path, alias)| (path, Some(alias.trim())));
        let name = path.rsplit("::").next().unwrap_or(path).trim();
        if name.is_empty() || name == "self" || !name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        found.push((at.saturating_sub(piece.trim_start().len()), name.to_owned(), alias.unwrap_or(name).to_owned()));
    }
    found
}

/// Uses of names that are declared on other targets only: file, line, targets and name. `files` are names with where each
/// file is compiled.
pub(crate) fn missing(files: &[(&Names, Targets)]) -> Vec<(usize, u32, Targets, String)> {
    let all = || files.iter().flat_map(|(names, under)| names.declared.iter().map(move |named| (named, *under)));
    let heads: HashSet<&str> = all()
        .filter(|(named, _)| named.holds)
        .map(|(named, _)| &*named.name)
        .chain(["crate", "self", "super"])
        .collect();
    let mut there: HashMap<&str, Targets> = HashMap::new();
    for (named, under) in all().filter(|(named, _)| named.from.is_none()) {
        let entry = there.entry(&named.name).or_default();
        *entry = entry.or(named.targets.and(under));
    }
    // What is given on from the tree itself is there where it is; of other crates nothing is known.
    let given: Vec<(&str, Targets)> = all()
        .filter_map(|(named, under)| {
            let from = named.from.as_deref()?;
            let own = there.get(&*named.name).copied().filter(|_| heads.contains(from)).unwrap_or(Targets::ALL);
            Some((&*named.name, named.targets.and(under).and(own)))
        })
        .collect();
    for (name, targets) in given {
        let entry = there.entry(name).or_default();
        *entry = entry.or(targets);
    }
    let mut found = Vec::new();
    for (index, (names, under)) in files.iter().enumerate() {
        for (head, named) in &names.used {
            let Some(declared) = there.get(&*named.name).filter(|_| heads.contains(&**head)) else { continue };
            if *declared == Targets::ALL || matches!(&**head, "std" | "core" | "alloc" | "libc") {
                continue;
            }
            let lacking = named.targets.and(*under).without(*declared);
            if !lacking.is_empty() {
                found.push((index, named.line, lacking, named.name.to_string()));
            }
        }
    }
    found
}
