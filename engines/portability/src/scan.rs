//! What one text file holds: hits of the tables, directives, and the signs that no table of words can hold.

use crate::classify::{Class, Role, Syntax, classify};
use crate::guards::{Directive, directives};
use crate::mask::{Part, parts, without_comments};
use crate::rules::{Place, RULES, Rule};
use crate::target::{Target, Targets};
use crate::{build, signs};

/// Something found in a file, before guards are known.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub line: u32,
    pub kind: &'static str,
    pub profile: &'static str,
    pub blocker: bool,
    pub targets: Targets,
    pub message: &'static str,
    pub days: [f32; 2],
    /// The words that were found.
    pub found: Box<str>,
    /// A guard that is no preprocessor's: a branch of a build file, a `cfg` of Rust.
    pub guard: Option<Box<str>>,
}

/// A text file as read.
#[derive(Debug)]
pub(crate) struct Facts {
    pub path: String,
    pub class: Class,
    pub hits: Vec<Hit>,
    pub directives: Vec<Directive>,
    /// Rust: modules declared under a `cfg`, and where that holds. Go: what the file declares and where it is built.
    pub modules: Vec<(String, Targets)>,
    pub go: Option<crate::golang::GoFile>,
    /// Machine code in assembly for x86.
    pub assembly: bool,
    /// Names of native libraries it loads, with the line.
    pub loads: Vec<(u32, String)>,
}

/// Reads a text file. Never fails: what is not understood holds nothing.
pub(crate) fn scan(path: &str, source: &[u8]) -> Facts {
    let class = classify(path);
    let mut facts = Facts {
        path: path.to_owned(),
        class,
        hits: Vec::new(),
        directives: Vec::new(),
        modules: Vec::new(),
        go: None,
        assembly: false,
        loads: Vec::new(),
    };
    if matches!(class.language, "other" | "data" | "document") {
        return facts;
    }
    let parts = parts(source, class.syntax);
    words(source, &parts, class, &mut facts);
    match class.language {
        "c" => {
            facts.directives = directives(&without_comments(source, &parts));
            signs::c(source, &parts, &mut facts.hits);
        }
        "asm" => {
            facts.directives = directives(&without_comments(source, &parts));
            facts.assembly = signs::x86_assembly(source);
        }
        "go" => facts.go = Some(crate::golang::read(path, source, &parts)),
        "rust" => crate::rustlang::guard(source, &parts, &mut facts),
        "build" | "setup" | "config" | "container" => build::guard(source, class, &mut facts.hits),
        "java" => facts.loads = signs::loads(source, &parts),
        _ => {}
    }
    facts.hits.sort_by(|one, other| (one.line, one.kind).cmp(&(other.line, other.kind)));
    facts.hits.dedup_by(|next, kept| next.line == kept.line && next.kind == kept.kind && next.targets == kept.targets);
    facts
}

/// Lines are counted as the search goes on.
pub(crate) struct Lines<'a> {
    source: &'a [u8],
    at: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(source: &'a [u8]) -> Self {
        Lines { source, at: 0, line: 1 }
    }

    /// The line of an offset, which must not be before the last one asked for.
    pub(crate) fn of(&mut self, offset: usize) -> u32 {
        if let Some(between) = self.source.get(self.at..offset) {
            self.line += u32::try_from(memchr::memchr_iter(b'\n', between).count()).unwrap_or(u32::MAX);
            self.at = offset;
        }
        self.line
    }
}

/// The line around an offset; of a very long one only what is near.
pub(crate) fn line_around(source: &[u8], offset: usize) -> &[u8] {
    let low = offset.saturating_sub(500);
    let high = (offset + 500).min(source.len());
    let start = memchr::memrchr(b'\n', &source[low..offset]).map_or(low, |end| low + end + 1);
    let end = memchr::memchr(b'\n', &source[offset..high]).map_or(high, |end| offset + end);
    &source[start..end]
}

fn words(source: &[u8], parts: &[Part], class: Class, facts: &mut Facts) {
    let rules = &*RULES;
    let mut lines = Lines::new(source);
    // Matches come in the order of their ends, and words are short.
    let mut found: Vec<(usize, usize, usize)> = rules
        .automaton
        .find_overlapping_iter(source)
        .filter_map(|hit| {
            let (rule, word) = rules.patterns.get(hit.pattern().as_usize()).copied()?;
            let row = &rules.rules[rule];
            fits(row, &row.words[word], source, hit.start(), hit.end(), parts, class).then_some((
                hit.start(),
                rule,
                word,
            ))
        })
        .collect();
    found.sort_unstable();
    for (start, rule, _) in found {
        let row = &rules.rules[rule];
        let line = lines.of(start);
        if facts
            .hits
            .last()
            .is_some_and(|last| last.line == line && last.kind == row.kind && last.targets == row.targets())
        {
            continue;
        }
        let blocker = row.blocker && (!row.purpose || for_security(source, start));
        facts.hits.push(Hit {
            line,
            kind: &row.kind,
            profile: &row.profile,
            blocker,
            targets: row.targets(),
            message: &row.message,
            days: row.days,
            found: shown(source, start),
            guard: None,
        });
    }
}

fn fits(row: &Rule, word: &str, source: &[u8], start: usize, end: usize, parts: &[Part], class: Class) -> bool {
    if !row.languages.iter().any(|language| language == class.language) {
        return false;
    }
    let here = parts.get(start).copied().unwrap_or(Part::Code);
    let place = match row.place {
        Place::Code => here == Part::Code,
        Place::Text => here == Part::Text,
        Place::Any => here != Part::Comment,
    };
    if !place || (!row.any_case && &source[start..end] != word.as_bytes()) {
        return false;
    }
    let letter = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let begins = word.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) || word.starts_with('_');
    // A loose word still begins where a name begins, unless what is before it is no name: `simde_mm_add` is not `_mm_add`.
    if begins
        && letter(start.checked_sub(1).and_then(|before| source.get(before)))
        && class.language != "xml"
        && !(class.syntax == Syntax::Hash || row.with.iter().any(|with| with == "include"))
    {
        return false;
    }
    if !row.loose
        && (letter(source.get(end)) || (word.starts_with('-') && matches!(source.get(end), Some(b'-' | b'.' | b'='))))
    {
        return false;
    }
    if row.with.is_empty() && row.unless.is_empty() {
        return true;
    }
    let line = line_around(source, start);
    let has = |text: &String| memchr::memmem::find(line, text.as_bytes()).is_some();
    let strip = |text: &String| has(text) && !word.contains(text.as_str());
    (row.with.is_empty() || row.with.iter().any(has)) && !row.unless.iter().any(strip)
}

/// Whether the lines around speak of passwords, signatures or tokens rather than of caches and checks.
fn for_security(source: &[u8], offset: usize) -> bool {
    let low = offset.saturating_sub(600);
    let high = (offset + 300).min(source.len());
    let around = String::from_utf8_lossy(&source[low..high]).to_ascii_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| around.contains(word));
    any(&[
        "passw",
        "pwd",
        "signature",
        "sign(",
        "signed",
        "secret",
        "token",
        "salt",
        "credential",
        "encrypt",
        "apikey",
        "api_key",
        "login",
    ]) && !any(&["etag", "cache", "gravatar", "checksum", "websocket", "dedup", "hash ring", "filemd5", "file_md5"])
}

fn shown(source: &[u8], start: usize) -> Box<str> {
    let line = line_around(source, start);
    String::from_utf8_lossy(line).trim().chars().take(120).collect::<String>().into()
}

/// A hit of a sign that stands in the program, not in a table.
pub(crate) fn sign(
    line: u32,
    kind: &'static str,
    blocker: bool,
    targets: Targets,
    message: &'static str,
    found: &[u8],
) -> Hit {
    let found = String::from_utf8_lossy(found).trim().chars().take(120).collect::<String>().into();
    Hit { line, kind, profile: "cpu", blocker, targets, message, days: [0.5, 0.1], found, guard: None }
}

/// Whether findings in files of this role can stop a product.
pub(crate) fn stops(role: Role) -> bool {
    role == Role::Product
}

/// Where plain `char` has no sign: aarch64 and riscv64 (their procedure call standards).
pub(crate) fn unsigned_char() -> Targets {
    Targets::NONE.with(Target::Aarch64).with(Target::Riscv64)
}
