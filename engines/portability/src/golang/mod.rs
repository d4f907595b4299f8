//! Go: which files of a package are built on which target, and what is missing there.

mod body;
mod cgo;
mod constraint;
mod package;

use std::collections::{BTreeMap, HashSet};

pub(crate) use body::Body;
use body::body;
pub(crate) use cgo::{cgo_flags, within_comments};
pub(crate) use constraint::built;
use constraint::{names_cpu, old_constraint, old_style};
pub(crate) use package::{Package, lacks};

use crate::mask::Part;
use crate::target::Targets;

/// A Go file as the build sees it, or an assembly file of a Go package.
#[derive(Debug)]
pub(crate) struct GoFile {
    /// Where it is built.
    pub built: Targets,
    /// Whether a CPU, not a system, decides that.
    pub cpu: bool,
    /// The name of its package.
    pub package: Box<str>,
    /// The line of its `//go:build`, 0 where its name decides.
    pub tag: u32,
    /// Functions it declares, with line and body.
    pub functions: Vec<(Box<str>, u32, Body)>,
    /// Its methods, as `Type.Method`, with line and body.
    pub methods: Vec<(Box<str>, u32, Body)>,
    /// The line in which its `init` refuses to go on; 0 where none does.
    pub stops: u32,
    /// Constants, variables and types it declares.
    pub others: Vec<Box<str>>,
    /// Names it uses, with their lines; `package.Name` for those of other packages.
    pub uses: Vec<(Box<str>, u32)>,
    /// Paths of the packages it imports, with the name each is called by and the line.
    pub imports: Vec<(Box<str>, Box<str>, u32)>,
    /// Whether it is assembly.
    pub assembly: bool,
    /// Whether C is compiled with it.
    pub cgo: bool,
}

fn word(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// The name of a function behind `func`; `None` for methods, and for what runs by itself.
fn function(rest: &str) -> Option<String> {
    let name = word(rest);
    (!name.is_empty() && name != "init" && name != "main").then_some(name)
}

/// `(d *Decoder) Read(` as `Decoder.Read`.
fn method(rest: &str) -> Option<String> {
    let (receiver, rest) = rest.strip_prefix('(')?.split_once(')')?;
    let owner = word(receiver.split_whitespace().next_back()?.trim_start_matches('*'));
    let name = word(rest.trim_start());
    (!owner.is_empty() && !name.is_empty()).then(|| format!("{owner}.{name}"))
}

/// Reads a file's constraint, what it declares and what it uses.
pub(crate) fn read(path: &str, source: &[u8], parts: &[Part]) -> GoFile {
    let text = String::from_utf8_lossy(source);
    let lines: Vec<&str> = text.lines().collect();
    let (mut tag, mut constraint, mut old) = (0, None, Vec::new());
    let (mut functions, mut others, mut imports) = (Vec::new(), Vec::new(), Vec::new());
    let (mut methods, mut stops) = (Vec::new(), 0);
    // `//go:linkname name other`: the body is in another package.
    let links = lines.iter().filter_map(|line| line.strip_prefix("//go:linkname ")?.split_whitespace().next());
    let linked: HashSet<&str> = links.collect();
    // Within `const (`, `var (`, `type (` or `import (`.
    let mut block = "";
    for (index, line) in lines.iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        if let Some(expression) = line.strip_prefix("//go:build ") {
            (tag, constraint) = (number, Some(expression.trim().to_owned()));
        } else if let Some(expression) = old_style(line).filter(|_| functions.is_empty()) {
            tag = if tag == 0 { number } else { tag };
            old.push(old_constraint(expression));
        }
        if line.starts_with(')') {
            block = "";
        }
        if let Some(rest) = line.strip_prefix("func ") {
            if let Some(name) = function(rest).filter(|name| !linked.contains(name.as_str())) {
                functions.push((name.into(), number, body(line, &lines[index + 1..], number)));
            } else if let Some(name) = method(rest) {
                let body = body(line, &lines[index + 1..], number);
                methods.extend(matches!(body, Body::Refuses(_) | Body::Whole).then(|| (name.into(), number, body)));
            } else if rest.starts_with("init()")
                && let Body::Refuses(line) = body(line, &lines[index + 1..], number)
            {
                stops = line;
            }
        } else if let Some(word) =
            ["const", "var", "type", "import"].into_iter().find(|word| line.starts_with(&format!("{word} ")))
        {
            let rest = line[word.len()..].trim_start();
            if rest.starts_with('(') {
                block = word;
            } else {
                declare(word, rest, number, &mut others, &mut imports);
            }
        } else if !block.is_empty() && line.starts_with('\t') && !line.starts_with("\t\t") {
            declare(block, line.trim(), number, &mut others, &mut imports);
        }
    }
    let package = lines.iter().find_map(|line| line.strip_prefix("package ")).unwrap_or_default();
    let package = package.split_whitespace().next().unwrap_or_default().into();
    let constraint = constraint.or_else(|| (!old.is_empty()).then(|| old.join("&&")));
    let cgo = imports.iter().any(|(import, ..): &(Box<str>, Box<str>, u32)| &**import == "C");
    GoFile {
        built: built(path, constraint.as_deref()),
        cpu: names_cpu(path, constraint.as_deref()),
        package,
        assembly: false,
        tag,
        functions,
        methods,
        stops,
        others,
        uses: uses(source, parts),
        imports,
        cgo,
    }
}

type Imports = Vec<(Box<str>, Box<str>, u32)>;

fn declare(word: &str, rest: &str, line: u32, others: &mut Vec<Box<str>>, imports: &mut Imports) {
    if word == "import" {
        let Some(path) = rest.split('"').nth(1) else { return };
        let called = rest.split('"').next().unwrap_or_default().trim();
        let called = if called.is_empty() { path.rsplit('/').next().unwrap_or(path) } else { called };
        if imports.len() < IMPORTS {
            imports.push((path.into(), called.into(), line));
        }
        return;
    }
    for name in rest.split(['=', ' ', '\t', '[']).next().unwrap_or_default().split(',') {
        if !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') && name != "_" {
            others.push(name.into());
        }
    }
}

/// Imports of one file; one of more is generated.
const IMPORTS: usize = 1000;
/// How many lines of a file that use one name are places.
const USES: usize = 12;

/// The words of code, each with the lines that use it.
fn uses(source: &[u8], parts: &[Part]) -> Vec<(Box<str>, u32)> {
    let mut first: BTreeMap<&[u8], Vec<u32>> = BTreeMap::new();
    let (mut at, mut line) = (0, 1_u32);
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    while at < source.len() {
        if source[at] == b'\n' {
            line += 1;
        }
        if !letter(source[at]) || source[at].is_ascii_digit() || parts.get(at) != Some(&Part::Code) {
            at += 1;
            continue;
        }
        let start = at;
        while at < source.len() && letter(source[at]) {
            at += 1;
        }
        // `package.Name` counts whole; what follows a dot otherwise is a field or a method.
        let member = start > 0 && source[start - 1] == b'.';
        if source.get(at) == Some(&b'.') && source.get(at + 1).is_some_and(u8::is_ascii_uppercase) && !member {
            at += 1;
            while at < source.len() && letter(source[at]) {
                at += 1;
            }
        } else if member
            || source[..start].ends_with(b"func ")
            || source.get(at) == Some(&b':') && source.get(at + 1) != Some(&b'=')
        {
            continue;
        }
        let local = source[at..].trim_ascii_start().starts_with(b":=");
        let entry = first.entry(&source[start..at]).or_default();
        if local {
            // A name that is declared within a function is not the package's.
            entry.insert(0, 0);
        } else if entry.len() < USES && entry.last() != Some(&line) {
            entry.push(line);
        }
    }
    first
        .into_iter()
        .filter(|(_, lines)| lines.first() != Some(&0))
        .flat_map(|(name, lines)| {
            let name: Box<str> = String::from_utf8_lossy(name).into();
            lines.into_iter().map(move |line| (name.clone(), line))
        })
        .collect()
}

/// An assembly file of a Go package: `TEXT ·name(SB)`. Where its name decides nothing, its registers do.
pub(crate) fn assembly(path: &str, source: &[u8]) -> Option<GoFile> {
    let text = String::from_utf8_lossy(&source[..source.len().min(4 << 20)]);
    let mut functions = Vec::new();
    let mut old = Vec::new();
    let mut constraint = None;
    for (number, line) in (1_u32..).zip(text.lines()) {
        if let Some(expression) = line.strip_prefix("//go:build ") {
            constraint = Some(expression.trim().to_owned());
        } else if let Some(expression) = old_style(line) {
            old.push(old_constraint(expression));
        }
        let Some(rest) = line.strip_prefix("TEXT") else { continue };
        let Some((_, rest)) = rest.split_once('·') else { continue };
        let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        functions.push((name.into(), number, Body::Whole));
    }
    if functions.is_empty() {
        return None;
    }
    let constraint = constraint.or_else(|| (!old.is_empty()).then(|| old.join("&&")));
    let mut built = built(path, constraint.as_deref());
    if built == Targets::ALL && ["MOVQ", "XMM", ", AX", ", DI", " X0,"].iter().any(|word| text.contains(word)) {
        built = Targets::NONE;
    }
    Some(GoFile {
        built,
        cpu: true,
        package: "".into(),
        assembly: true,
        tag: 0,
        functions,
        methods: Vec::new(),
        stops: 0,
        others: Vec::new(),
        uses: Vec::new(),
        imports: Vec::new(),
        cgo: false,
    })
}
