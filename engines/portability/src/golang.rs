//! Go: which files of a package are built on which target, and what is missing there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::condition::{Names, evaluate};
use crate::mask::Part;
use crate::target::{Target, Targets};

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
    /// Functions it declares (not methods), with line and body.
    pub functions: Vec<(Box<str>, u32, Body)>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// Written in assembly.
    None,
    /// Nothing but an error or a panic, in this line.
    Refuses(u32),
    Whole,
}

/// Go's names of CPUs and systems that a file name can end in (`go/src/internal/syslist`).
const CPUS: &[&str] = &[
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64",
    "s390x", "sparc64", "wasm", "sw64",
];
const SYSTEMS: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "js",
    "linux",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];

struct Tags(Target);

impl Names for Tags {
    fn defined(&self, name: &str) -> Option<bool> {
        self.value(name, 0).map(|value| value != 0)
    }

    fn value(&self, name: &str, _: u8) -> Option<i64> {
        if name == "i386" || CPUS.contains(&name) {
            return Some(i64::from(self.0.goarch() == name));
        }
        if SYSTEMS.contains(&name) {
            return Some(i64::from(name == "linux"));
        }
        match name {
            "unix" | "gc" | "cgo" => Some(1),
            "gccgo" | "ignore" | "appengine" | "purego" | "noasm" | "nounsafe" | "tinygo" => Some(0),
            _ if name.starts_with("go1") => Some(1),
            // A tag that nobody names on the command line does not hold.
            _ => Some(0),
        }
    }
}

/// Where a file of this name, with this build constraint, is built.
pub(crate) fn built(path: &str, constraint: Option<&str>) -> Targets {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = stem.strip_suffix("_test").unwrap_or(stem);
    let words: Vec<&str> = stem.split('_').skip(1).collect();
    Target::ALL
        .into_iter()
        .filter(|target| {
            let last = words.last().copied().unwrap_or_default();
            let cpu = !CPUS.contains(&last) || last == target.goarch();
            let system =
                if CPUS.contains(&last) { words.iter().rev().nth(1).copied().unwrap_or_default() } else { last };
            let system = !SYSTEMS.contains(&system) || system == "linux";
            // A name that is all digits would be read as a number.
            let plain = constraint.map(|text| text.replace("go1.", "go1").replace("386", "i386"));
            cpu && system && plain.is_none_or(|text| evaluate(&text, &Tags(*target), 0) != Some(0))
        })
        .collect()
}

fn old_style(line: &str) -> Option<&str> {
    line.strip_prefix("// +build ").or_else(|| line.strip_prefix("//+build "))
}

fn names_cpu(path: &str, constraint: Option<&str>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let by_name = stem.split('_').skip(1).last().is_some_and(|last| CPUS.contains(&last));
    let mut words = constraint.unwrap_or_default().split(|letter: char| !letter.is_ascii_alphanumeric());
    by_name || words.any(|word| CPUS.contains(&word))
}

/// `// +build linux,amd64 darwin` as an expression: a blank is "or", a comma is "and".
fn old_constraint(text: &str) -> String {
    let arms = text.split_whitespace().map(|arm| format!("({})", arm.split(',').collect::<Vec<_>>().join("&&")));
    format!("({})", arms.collect::<Vec<_>>().join("||"))
}

/// Reads a file's constraint, what it declares and what it uses.
pub(crate) fn read(path: &str, source: &[u8], parts: &[Part]) -> GoFile {
    let text = String::from_utf8_lossy(source);
    let lines: Vec<&str> = text.lines().collect();
    let (mut tag, mut constraint, mut old) = (0, None, Vec::new());
    let (mut functions, mut others, mut imports) = (Vec::new(), Vec::new(), Vec::new());
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
            let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            let linked =
                index > 0 && lines[..index].iter().rev().take(3).any(|before| before.starts_with("//go:linkname"));
            if !name.is_empty() && name != "init" && name != "main" && !linked {
                functions.push((name.into(), number, body(line, &lines[index + 1..], number)));
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
        imports.push((path.into(), called.into(), line));
        return;
    }
    for name in rest.split(['=', ' ', '\t', '[']).next().unwrap_or_default().split(',') {
        if !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') && name != "_" {
            others.push(name.into());
        }
    }
}

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

/// Types in braces that a declaration may name.
fn without_types(line: &str) -> String {
    line.split("//").next().unwrap_or(line).replace("interface{}", "any").replace("struct{}", "none")
}

/// Whether what is returned last is an error that is made here or has a name.
fn error(returned: &str) -> bool {
    let last = returned.rsplit(", ").next().unwrap_or(returned).trim();
    let named = |start: &str| {
        last.strip_prefix(start)
            .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_uppercase()) && !rest.contains('('))
    };
    returned.contains("errors.New(") || returned.contains("fmt.Errorf(") || named("Err") || named("err")
}

/// Whether a function that takes arguments may not do nothing: hints and questions may.
fn does_nothing(head: &str) -> bool {
    let name = head.trim_start_matches("func ").split('(').next().unwrap_or_default().to_ascii_lowercase();
    let harmless = [
        "prefetch", "pause", "yield", "fence", "barrier", "hint", "nop", "has", "is", "can", "supp", "use", "avail",
        "detect", "enable", "cpuid", "init", "xgetbv", "check", "free", "close", "register", "log", "debug", "flush",
    ];
    let arguments = head.split('(').nth(1).is_some_and(|rest| !rest.trim_start().starts_with(')'));
    let answers = head.trim_end_matches([' ', '{']).ends_with("bool");
    arguments && !answers && !harmless.iter().any(|word| name.contains(word))
}

/// `return 0` and its like.
fn constant(line: &str) -> bool {
    line.strip_prefix("return ")
        .is_some_and(|value| value.split(", ").all(|one| matches!(one, "0" | "-1" | "nil" | "\"\"" | "0.0" | "false")))
}

/// A panic, but none that guards a place which nobody reaches.
fn stops_at_once(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    line.starts_with("panic(")
        && !["unreachable", "unexpected", "never", "should not"].iter().any(|word| lower.contains(word))
}

fn body(line: &str, after: &[&str], number: u32) -> Body {
    let mut head = without_types(line);
    let mut after = after;
    // Parameters may go on over lines; the line that closes the bracket says whether a body follows.
    while head.matches('(').count() > head.matches(')').count() && !head.contains('{') {
        let Some((next, rest)) = after.split_first().filter(|_| head.len() < 4000) else { return Body::Whole };
        head.push_str(&without_types(next));
        after = rest;
    }
    if !head.contains('{') {
        return Body::None;
    }
    let line = head.as_str();
    let says = |line: &str| {
        let lower = line.to_ascii_lowercase();
        let words = [
            "unsupport",
            "not support",
            "only support",
            "supported only",
            "not implemented",
            "unimplemented",
            "not available",
            "unavailable",
            "no assembly",
            "no implementation",
            "amd64 only",
            "only amd64",
            "requires amd64",
        ];
        words.iter().any(|word| lower.contains(word))
            && (line.contains("rr") || line.contains("panic(") || line.contains("Fatal"))
    };
    if !line.trim_end().ends_with('{') {
        return if says(line) { Body::Refuses(number) } else { Body::Whole };
    }
    let inner: Vec<(usize, &str)> = after
        .iter()
        .take_while(|line| !line.starts_with('}'))
        .enumerate()
        .map(|(index, line)| (index, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with("//"))
        .collect();
    let only_error = |line: &str| line.strip_prefix("return ").is_some_and(error);
    let found = inner.iter().find(|(index, line)| {
        says(line) || (inner.len() == 1 && only_error(line)) || (*index == 0 && inner.len() <= 2 && stops_at_once(line))
    });
    match found {
        None if inner.is_empty() && does_nothing(line) => Body::Refuses(number),
        None if inner.len() == 1 && does_nothing(line) && constant(inner[0].1) => {
            Body::Refuses(number + 1 + u32::try_from(inner[0].0).unwrap_or(0))
        }
        Some((index, _)) if inner.len() <= 10 => Body::Refuses(number + 1 + u32::try_from(*index).unwrap_or(0)),
        _ => Body::Whole,
    }
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
        others: Vec::new(),
        uses: Vec::new(),
        imports: Vec::new(),
        cgo: false,
    })
}

/// `#cgo CFLAGS: -mavx2`, with no CPU named before the flags.
pub(crate) fn cgo_flags(source: &[u8], hits: &mut Vec<crate::scan::Hit>) {
    if memchr::memmem::find(source, b"#cgo ").is_none() {
        return;
    }
    for (number, line) in (1_u32..).zip(source.split(|byte| *byte == b'\n')) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim().trim_start_matches("// ").trim_start_matches("//");
        let Some((head, flags)) = text.strip_prefix("#cgo ").and_then(|rest| rest.split_once(':')) else { continue };
        let named =
            head.split([' ', ',', '!']).any(|word| CPUS.contains(&word) || SYSTEMS.contains(&word) && word != "linux");
        let x86 = [
            "-msse",
            "-mavx",
            "-mssse",
            "-mfma",
            "-mbmi",
            "-maes",
            "-mpclmul",
            "-m64",
            "-m32",
            "-march=x86",
            "-march=haswell",
            "-march=core",
            "-mpopcnt",
            "-march=skylake",
        ];
        if !named && flags.split_whitespace().any(|flag| x86.iter().any(|start| flag.starts_with(start))) {
            hits.push(crate::scan::sign(
                number,
                "compile-flag",
                true,
                Targets::ALL,
                "compiler flag that other CPUs refuse",
                line,
            ));
        }
    }
}

/// C in the comment before `import "C"`: headers and intrinsics of x86 in it are compiled as they stand.
pub(crate) fn within_comments(source: &[u8], parts: &[Part], hits: &mut Vec<crate::scan::Hit>) {
    let Some(end) = memchr::memmem::find(source, b"import \"C\"") else { return };
    let (mut start, mut depth) = (0, 0_u32);
    for (number, line) in (1_u32..).zip(source[..end].split(|byte| *byte == b'\n')) {
        let comment = line
            .iter()
            .position(|byte| !byte.is_ascii_whitespace())
            .is_some_and(|at| parts.get(start + at) == Some(&Part::Comment));
        start += line.len() + 1;
        let text = String::from_utf8_lossy(line);
        let text = text.trim().trim_start_matches("//").trim();
        // What stands under a condition has another way, as far as a comment tells.
        depth += u32::from(text.starts_with("#if"));
        depth -= u32::from(text.starts_with("#endif") && depth > 0);
        if !comment || depth > 0 {
            continue;
        }
        let header = text.starts_with("#include")
            && ["mmintrin.h", "x86intrin.h", "cpuid.h"].iter().any(|name| text.contains(name));
        let intrinsic =
            text.contains("_mm_") || text.contains("_mm256_") || text.contains("__m128") || text.contains("__m256");
        if header || (intrinsic && !text.starts_with("#include")) {
            let kind = if header { "x86-header" } else { "intrinsics" };
            hits.push(crate::scan::sign(number, kind, true, Targets::ALL, "C of x86 within Go", line));
        }
    }
}

/// What a package lacks: place, targets, kind, words.
pub(crate) struct Lack {
    pub file: usize,
    pub line: u32,
    pub targets: Targets,
    pub kind: &'static str,
    pub found: String,
}

/// A folder's files, each with its index among all.
pub(crate) type Package<'a> = Vec<(usize, &'a GoFile)>;

/// Where a function of a package has a body.
fn bodies(files: &Package<'_>, name: &str) -> Targets {
    let twins = files.iter().flat_map(|(_, other)| other.functions.iter().map(move |one| (one, other)));
    twins
        .filter(|((same, _, body), _)| **same == *name && *body != Body::None)
        .fold(Targets::NONE, |sum, (_, other)| sum.or(other.built))
}

/// Where each name of a package is declared.
fn existing<'a>(files: &Package<'a>) -> HashMap<&'a str, Targets> {
    let mut found: HashMap<&str, Targets> = HashMap::new();
    for (_, file) in files {
        for (name, _, body) in &file.functions {
            // A declaration without a body is there where some file has the body.
            let bodies = if *body == Body::None { bodies(files, name) } else { Targets::ALL };
            let entry = found.entry(name).or_default();
            *entry = entry.or(file.built.and(bodies));
        }
        for name in &file.others {
            let entry = found.entry(name).or_default();
            *entry = entry.or(file.built);
        }
    }
    found
}

/// Looks at all packages together.
pub(crate) fn lacks(packages: &BTreeMap<&str, Package<'_>>) -> Vec<Lack> {
    let mut found: BTreeMap<(usize, u32), Lack> = BTreeMap::new();
    let mut note = |file: usize, line: u32, targets: Targets, kind: &'static str, name: &str| {
        if !targets.is_empty() {
            found.entry((file, line)).or_insert_with(|| Lack { file, line, targets, kind, found: name.to_owned() });
        }
    };
    let there: BTreeMap<&str, HashMap<&str, Targets>> =
        packages.iter().map(|(folder, files)| (*folder, existing(files))).collect();
    for (folder, files) in packages {
        let Some(there) = there.get(folder) else { continue };
        for (index, file) in files {
            for (name, line, body) in &file.functions {
                match body {
                    Body::None => {
                        note(*index, *line, file.built.without(bodies(files, name)), "go-stub", name);
                    }
                    Body::Refuses(line) if file.cpu && twin(files, file, name) => {
                        note(*index, *line, file.built, "go-stub", name)
                    }
                    _ => {}
                }
            }
            for (name, line) in &file.uses {
                let bodiless = bodiless(files, file, name);
                note(*index, *line, bodiless, "go-stub", name);
                let lacking = there.get(&**name).map_or(Targets::NONE, |there| file.built.without(*there));
                if lacking.is_empty() || declares(file, name) {
                    continue;
                }
                note(*index, *line, lacking, "go-build-tag", name);
                // The file that has it for one CPU alone is the root.
                for (other, owner) in
                    files.iter().filter(|(_, owner)| declares(owner, name) && owner.built != Targets::ALL)
                {
                    if owner.assembly {
                        continue;
                    }
                    note(*other, owner.tag, lacking.without(owner.built), "go-build-tag", name);
                }
            }
        }
    }
    for files in packages.values() {
        empty(files, &mut note);
    }
    abroad(packages, &there, &mut note);
    found.into_values().collect()
}

/// A package with no file at all on some CPU: each of its files for other CPUs is a place.
fn empty(files: &Package<'_>, note: &mut dyn FnMut(usize, u32, Targets, &'static str, &str)) {
    let mut own = files.iter().filter(|(_, file)| !file.assembly);
    let there = own.clone().fold(Targets::NONE, |sum, (_, file)| sum.or(file.built));
    let lacking = Targets::ALL.without(there);
    if lacking.is_empty() || !own.all(|(_, file)| file.cpu) {
        return;
    }
    for (index, file) in files {
        let (kind, line) = if file.assembly { ("asm-source", 0) } else { ("go-build-tag", file.tag) };
        note(*index, line, lacking, kind, "the whole package is left out on this CPU");
    }
}

/// Where a file calls a function of its package that is declared without a body and has no assembly.
fn bodiless(files: &Package<'_>, file: &GoFile, name: &str) -> Targets {
    let twins = || files.iter().flat_map(|(_, other)| other.functions.iter().map(move |one| (one, *other)));
    let named = |own: &(Box<str>, u32, Body)| *own.0 == *name;
    if declares(file, name) {
        return Targets::NONE;
    }
    let built = |without: bool| {
        let fits = twins().filter(|(own, _)| named(own) && (own.2 == Body::None) == without);
        fits.fold(Targets::NONE, |sum, (_, other)| sum.or(other.built))
    };
    file.built.and(built(true)).without(built(false))
}

/// Whether another file of the package has the function whole where this one is not built.
fn twin(files: &Package<'_>, file: &GoFile, name: &str) -> bool {
    files.iter().any(|(_, other)| {
        other.built != file.built
            && other.functions.iter().any(|(same, _, body)| **same == *name && !matches!(body, Body::Refuses(_)))
    })
}

fn declares(file: &GoFile, name: &str) -> bool {
    file.functions.iter().any(|(own, ..)| **own == *name) || file.others.iter().any(|own| **own == *name)
}

/// Uses of names that another package of the tree has on some CPUs only.
fn abroad(
    packages: &BTreeMap<&str, Package<'_>>,
    there: &BTreeMap<&str, HashMap<&str, Targets>>,
    note: &mut dyn FnMut(usize, u32, Targets, &'static str, &str),
) {
    // Folders by their last part, to find what an import means.
    let mut by_name: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for (folder, files) in packages {
        // What lies at the top is imported by the name of the repository, which is mostly the package's.
        let top = files.iter().map(|(_, file)| &*file.package).find(|package| !package.is_empty()).unwrap_or_default();
        let name = if folder.is_empty() { top } else { folder.rsplit('/').next().unwrap_or(folder) };
        by_name.entry(name).or_default().insert(folder);
    }
    for file in packages.values().flatten() {
        let (index, file) = file;
        for (import, called, line) in &file.imports {
            let Some(folders) = by_name.get(import.rsplit('/').next().unwrap_or(import)) else { continue };
            let meant = folders.iter().filter(|folder| {
                let (one, other) = (format!("/{import}"), format!("/{folder}"));
                if folder.is_empty() {
                    return import.contains('.') && import.matches('/').count() == 2;
                }
                one.ends_with(&other) && (folder.contains('/') || import.matches('/').count() <= 3)
            });
            let Some(folder) = meant.max_by_key(|folder| folder.len()) else { continue };
            let Some(there) = there.get(folder) else { continue };
            if let Some(files) = packages.get(folder) {
                // A package that has no file there stops whoever imports it.
                let own = files.iter().filter(|(_, file)| !file.assembly);
                let kept = own.clone().fold(Targets::NONE, |sum, (_, file)| sum.or(file.built));
                if own.clone().all(|(_, file)| file.cpu) {
                    note(*index, *line, file.built.without(kept), "go-build-tag", import);
                }
            }
            for (name, line) in &file.uses {
                let Some(symbol) = name.strip_prefix(&**called).and_then(|rest| rest.strip_prefix('.')) else {
                    continue;
                };
                let lacking = there.get(symbol).map_or(Targets::NONE, |there| file.built.without(*there));
                note(*index, *line, lacking, "go-stub", name);
            }
        }
    }
}
