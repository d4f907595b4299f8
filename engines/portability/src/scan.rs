//! What one text file holds: hits of the tables, directives, and the signs that no table of words can hold.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::build::Mention;
use crate::classify::{Class, Role, Syntax, by_first_line, classify};
use crate::guards::{Directive, directives};
use crate::java::Load;
use crate::mask::{Part, parts, without_comments};
use crate::rules::{Place, RULES, Rule};
use crate::target::{Target, Targets};
use crate::{
    build, container, crypto, dotnet, functions, golang, java, pages, refusal, rustlang, rustnames, script, signs, sql,
    windows,
};

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
    /// The whole name that was found, where the tree may define it itself.
    pub name: Box<str>,
}

/// What a file says that matters to other files.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// Build files: what they add, and words that may be macros they set.
    pub mentions: Vec<Mention>,
    pub macros: Vec<Box<str>>,
    /// C: functions it defines and calls, where the tree has conditions on the machine.
    pub functions: functions::Functions,
    /// Names of classes and functions that are given passwords.
    pub secured: Vec<Box<str>>,
    /// C: names that speak of pages, in a file that maps memory.
    pub pages: Vec<Box<str>>,
    /// C#: functions of Windows' libraries it declares, and names it calls.
    pub externs: Vec<u64>,
    pub calls: Vec<(u64, u32)>,
    /// Hits whose purpose only the callers tell.
    pub pending: Vec<Pending>,
}

/// A digest of unknown purpose.
#[derive(Debug)]
pub(crate) struct Pending {
    pub line: u32,
    /// The function it stands in.
    pub within: Box<str>,
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
    pub go: Option<golang::GoFile>,
    /// Rust: names it declares and uses.
    pub names: Option<Box<rustnames::Names>>,
    /// Rust: the whole crate stands under a `cfg`.
    pub whole: bool,
    /// C: it maps or protects memory.
    pub maps: bool,
    /// Machine code in assembly for x86.
    pub assembly: bool,
    /// Names of native libraries it loads.
    pub loads: Vec<Load>,
    /// Addons and files that a script of Node requires, with the line.
    pub addons: Vec<(u32, String)>,
    pub requires: Vec<(u32, String)>,
    pub links: Links,
}

impl Facts {
    /// Whether anything in it can matter to the report.
    pub(crate) fn matters(&self) -> bool {
        !self.hits.is_empty()
            || !self.directives.is_empty()
            || self.assembly
            || self.go.is_some()
            || self.names.is_some()
            || !self.loads.is_empty()
            || !self.modules.is_empty()
            || !self.addons.is_empty()
            || !self.requires.is_empty()
            || !self.links.mentions.is_empty()
            || !self.links.macros.is_empty()
            || !self.links.secured.is_empty()
            || matches!(self.class.language, "c" | "dotnet")
    }
}

/// Text in UTF-16 or GB18030 as UTF-8, everything else as it is. Lines stay lines.
pub(crate) fn readable(bytes: &[u8]) -> Cow<'_, [u8]> {
    let little = match bytes {
        [0xff, 0xfe, ..] => true,
        [0xfe, 0xff, ..] => false,
        _ => return chinese(bytes),
    };
    let units = bytes[2..].chunks_exact(2).map(|pair| match pair {
        [one, two] if little => u16::from_le_bytes([*one, *two]),
        [one, two] => u16::from_be_bytes([*one, *two]),
        _ => 0,
    });
    Cow::from(char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{fffd}')).collect::<String>().into_bytes())
}

/// What is no UTF-8 but GB18030 throughout: the second byte of a letter may look like a quote or a backslash.
fn chinese(bytes: &[u8]) -> Cow<'_, [u8]> {
    if std::str::from_utf8(bytes).is_ok() || memchr::memchr(0, &bytes[..bytes.len().min(8192)]).is_some() {
        return Cow::from(bytes);
    }
    match encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Cow::from(text.into_owned().into_bytes()),
        None => Cow::from(bytes),
    }
}

/// Reads a text file. Never fails: what is not understood holds nothing.
pub(crate) fn scan(path: &str, source: &[u8]) -> Facts {
    let mut class = classify(path);
    if class.language == "other"
        && let Some((language, syntax)) = by_first_line(source)
    {
        (class.language, class.syntax) = (language, syntax);
    }
    if matches!(class.language, "script" | "style") && class.role == Role::Product && made(source) {
        class.role = Role::Vendored;
    }
    let mut facts = Facts {
        path: path.to_owned(),
        class,
        hits: Vec::new(),
        directives: Vec::new(),
        modules: Vec::new(),
        go: None,
        names: None,
        whole: false,
        maps: false,
        assembly: false,
        loads: Vec::new(),
        addons: Vec::new(),
        requires: Vec::new(),
        links: Links::default(),
    };
    if matches!(class.language, "other" | "data") {
        return facts;
    }
    let parts = parts(source, class.syntax);
    words(source, &parts, class, &mut facts);
    by_language(source, &parts, class, &mut facts);
    if matches!(
        class.language,
        "java" | "xml" | "sql" | "php" | "python" | "dotnet" | "markup" | "go" | "script" | "basic"
    ) {
        sql::limits(source, &mut facts.hits);
        sql::tops(source, &parts, class.language, &mut facts.hits);
        sql::brackets(source, &parts, class.language, &mut facts.hits);
    }
    facts.hits.sort_by(|one, other| (one.line, one.kind, !one.blocker).cmp(&(other.line, other.kind, !other.blocker)));
    facts.hits.dedup_by(|next, kept| next.line == kept.line && next.kind == kept.kind && next.targets == kept.targets);
    facts
}

/// A script that a tool made: nobody writes lines of thousands of letters.
fn made(source: &[u8]) -> bool {
    let mut start = 0;
    memchr::memchr_iter(b'\n', source).chain(std::iter::once(source.len())).any(|end| {
        let long = end - start > 3000;
        start = end + 1;
        long
    })
}

fn by_language(source: &[u8], parts: &[Part], class: Class, facts: &mut Facts) {
    let path = facts.path.clone();
    match class.language {
        "c" => {
            facts.directives = directives(&without_comments(source, parts));
            signs::c(source, parts, &mut facts.hits);
            windows::read(source, parts, &mut facts.hits);
            facts.maps = pages::maps(source);
            if facts.maps {
                pages::names(source, &mut facts.links.pages);
            }
            facts.links.functions = functions::read(source, parts);
            if facts.path.ends_with(".in") {
                build::macros(&path, source, &mut facts.links.macros);
            }
        }
        "asm" => {
            facts.directives = directives(&without_comments(source, parts));
            facts.go = golang::assembly(&path, source);
            facts.assembly = facts.go.is_none() && signs::x86_assembly(source);
            if facts.go.is_none() {
                facts.links.functions = functions::of_assembly(&without_comments(source, parts));
            }
        }
        "go" => {
            facts.go = Some(golang::read(&path, source, parts));
            golang::cgo_flags(source, &mut facts.hits);
            golang::within_comments(source, parts, &mut facts.hits);
            signs::machine_code(source, parts, &mut facts.hits);
            pages::read(source, parts, &mut facts.hits);
            facts.maps = pages::maps(source);
            refusal::read(source, parts, &mut facts.hits);
        }
        "rust" => {
            pages::read(source, parts, &mut facts.hits);
            facts.maps = pages::maps(source);
            rustlang::guard(source, parts, facts);
            refusal::read(source, parts, &mut facts.hits);
        }
        "build" | "setup" | "config" | "python" => {
            build::read(source, class.language, &mut facts.hits, &mut facts.links.mentions);
            if class.language != "python" {
                build::macros(&path, source, &mut facts.links.macros);
            }
            container::images(source, class.language, &mut facts.hits);
            build::lists_of_machines(&path, source, &mut facts.hits);
        }
        "container" => container::images(source, class.language, &mut facts.hits),
        "xml" if path.ends_with("proj") => {
            dotnet::frameworks(source, &mut facts.hits);
            build::read(source, "build", &mut Vec::new(), &mut facts.links.mentions);
        }
        "java" => {
            facts.loads = java::loads(source, parts);
            refusal::read(source, parts, &mut facts.hits);
        }
        "dotnet" => {
            dotnet::read(source, parts, facts);
            refusal::read(source, parts, &mut facts.hits);
        }
        "script" | "markup" => {
            script::read(source, parts, facts);
            refusal::read(source, parts, &mut facts.hits);
        }
        _ => {}
    }
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
    let mut beside: HashMap<usize, bool> = HashMap::new();
    let quiet = crypto::of_protocol(&facts.path);
    let Some(finder) = rules.finder(class.language) else { return };
    // Matches come in the order of their ends, and words are short.
    let mut found: Vec<(usize, usize, usize)> = finder
        .automaton
        .find_overlapping_iter(source)
        .filter_map(|hit| {
            let (rule, word) = finder.patterns.get(hit.pattern().as_usize()).copied()?;
            let row = &rules.rules[rule];
            fits(row, &row.words[word], source, hit.start(), hit.end(), parts, class).then_some((
                hit.start(),
                rule,
                word,
            ))
        })
        .collect();
    found.sort_unstable();
    for (index, (start, rule, _)) in found.iter().copied().enumerate() {
        let row = &rules.rules[rule];
        let line = lines.of(start);
        // Settings that list many words of one table are a table themselves.
        if class.language == "config" && (listed(source, &found, index) || array(source, start)) {
            continue;
        }
        if row.kind == "password" {
            crypto::secured(line_around(source, start), &mut facts.links.secured);
            continue;
        }
        if row.once && facts.hits.iter().any(|hit| std::ptr::eq(hit.message, row.message.as_str())) {
            continue;
        }
        let plain = row.beside.is_empty() && row.apart.is_empty();
        if !plain && !*beside.entry(rule).or_insert_with(|| row.stands(source)) {
            continue;
        }
        // Where a program writes for several databases, a branch for one of them is no fault.
        let code = matches!(class.language, "java" | "dotnet" | "python" | "php" | "go" | "markup" | "script");
        if row.profile == "database" && code && of_several(source, start) {
            continue;
        }
        if row.kind == "ie-only" && asked_for_explorer(source, start) {
            continue;
        }
        let same = |last: &&Hit| last.line == line && last.kind == row.kind && last.targets == row.targets();
        if facts.hits.last().filter(same).is_some_and(|last| last.blocker || !row.blocker) {
            continue;
        }
        let blocker = row.blocker
            && match (row.purpose, row.protocol) {
                (false, false) => true,
                _ if quiet || crypto::protocol(source, start) => false,
                (false, true) => true,
                (true, _) => {
                    let secure = crypto::for_security(source, start);
                    if !secure {
                        facts.links.pending.push(Pending { line, within: crypto::function(source, start) });
                    }
                    secure
                }
            };
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
            name: if class.language == "c" { name_at(source, start) } else { Box::default() },
        });
    }
}

fn fits(row: &Rule, word: &str, source: &[u8], start: usize, end: usize, parts: &[Part], class: Class) -> bool {
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
        && !(class.syntax == Syntax::Hash && !row.edges || row.with.iter().any(|with| with == "include"))
    {
        return false;
    }
    if !row.loose
        && (letter(source.get(end)) || (word.starts_with('-') && matches!(source.get(end), Some(b'-' | b'.' | b'='))))
    {
        return false;
    }
    // A method of a program is no function of SQL.
    if row.kind == "sql-dialect"
        && row.any_case
        && begins
        && start.checked_sub(1).is_some_and(|before| source[before] == b'.')
    {
        return false;
    }
    // A class follows its mark at once; a blank makes it a word of a sentence.
    if word.ends_with("clsid:") && source.get(end).is_none_or(u8::is_ascii_whitespace) {
        return false;
    }
    // An ending in a list of endings names no film.
    if word.starts_with(".swf")
        && !start
            .checked_sub(1)
            .and_then(|before| source.get(before))
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_}>%)".contains(byte))
    {
        return false;
    }
    if row.with.is_empty() && row.unless.is_empty() {
        return true;
    }
    let line = line_around(source, start);
    let lower = row.any_case.then(|| line.to_ascii_lowercase());
    let has = |text: &String| match &lower {
        Some(lower) => memchr::memmem::find(lower, text.to_ascii_lowercase().as_bytes()).is_some(),
        None => memchr::memmem::find(line, text.as_bytes()).is_some(),
    };
    let strip = |text: &String| has(text) && !word.contains(text.as_str());
    (row.with.is_empty() || row.with.iter().any(has)) && !row.unless.iter().any(strip)
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
    Hit {
        line,
        kind,
        profile: "cpu",
        blocker,
        targets,
        message,
        days: [0.5, 0.1],
        found,
        guard: None,
        name: Box::default(),
    }
}

/// Whether a line is an array of three texts or more: a table of a program, not its settings.
fn array(source: &[u8], start: usize) -> bool {
    let low = memchr::memrchr(b'\n', &source[..start]).map_or(0, |end| end + 1);
    let high = memchr::memchr(b'\n', &source[start..]).map_or(source.len(), |end| start + end);
    let line = &source[low..high];
    memchr::memmem::find(line, b"= [").is_some() && memchr::memmem::find_iter(line, b"\", \"").take(2).count() == 2
}

/// Whether a line holds four different words of one rule or more.
fn listed(source: &[u8], found: &[(usize, usize, usize)], index: usize) -> bool {
    let (start, rule, _) = found[index];
    let low = memchr::memrchr(b'\n', &source[..start]).map_or(0, |end| end + 1);
    let high = memchr::memchr(b'\n', &source[start..]).map_or(source.len(), |end| start + end);
    let first = found.partition_point(|(at, ..)| *at < low);
    let here = found[first..].iter().take(64).take_while(|(at, ..)| *at < high);
    let words: std::collections::BTreeSet<usize> =
        here.filter(|(_, other, _)| *other == rule).map(|(.., word)| *word).collect();
    words.len() >= 4
}

/// Whether the lines just before ask for Internet Explorer, so that there is another branch.
fn asked_for_explorer(source: &[u8], start: usize) -> bool {
    let text = String::from_utf8_lossy(&source[start.saturating_sub(160)..start]).to_ascii_lowercase();
    ["isie(", "isie)", "msie", "is_ie", "browser.ie"].iter().any(|word| text.contains(word))
}

/// Whether the lines before choose between databases by their names.
fn of_several(source: &[u8], start: usize) -> bool {
    let low = start.saturating_sub(260);
    let text = String::from_utf8_lossy(&source[low..start]).to_ascii_lowercase();
    text.lines().rev().skip(1).take(4).any(|line| {
        let names = ["sqlserver", "mssql", "oracle", "postgres", "mysql", "sqlite", "db2"]
            .iter()
            .any(|name| line.contains(name));
        names
            && (line.contains("case ")
                || line.contains("if (")
                || line.contains("if(")
                || line.contains("equals")
                || line.contains("switch"))
    })
}

fn name_at(source: &[u8], start: usize) -> Box<str> {
    let rest = &source[start..(start + 80).min(source.len())];
    let end = rest.iter().position(|byte| !signs::letter(*byte)).unwrap_or(rest.len());
    String::from_utf8_lossy(&rest[..end]).into()
}

/// Whether findings in files of this class can stop a product.
pub(crate) fn stops(class: Class, profile: &str) -> bool {
    match class.role {
        Role::Product => true,
        // What is compiled from foreign code is the product's as well; pages and settings of components are not.
        Role::Vendored => profile == "cpu" && matches!(class.language, "c" | "asm" | "rust" | "go"),
        Role::Test | Role::Bench | Role::Document | Role::Sample => false,
    }
}

/// Where plain `char` has no sign: aarch64 and riscv64 (their procedure call standards).
pub(crate) fn unsigned_char() -> Targets {
    Targets::NONE.with(Target::Aarch64).with(Target::Riscv64)
}
