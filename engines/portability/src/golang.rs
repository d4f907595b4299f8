//! Go: which files of a package are built on which target, and what is missing there.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::condition::{Names, evaluate};
use crate::mask::Part;
use crate::target::{Target, Targets};

/// A Go file as the build sees it.
#[derive(Debug)]
pub(crate) struct GoFile {
    /// Where it is built.
    pub built: Targets,
    /// The line of its `//go:build`, 0 where its name decides.
    pub tag: u32,
    /// Functions it declares (not methods), with line and whether they have a body.
    pub functions: Vec<(String, u32, Body)>,
    /// Names it calls.
    pub calls: HashSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// Written in assembly.
    None,
    /// Nothing but an error or a panic.
    Refuses,
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
        if CPUS.contains(&name) {
            return Some(i64::from(self.0.goarch() == name));
        }
        if SYSTEMS.contains(&name) {
            return Some(i64::from(name == "linux"));
        }
        match name {
            "unix" | "gc" | "cgo" => Some(1),
            "gccgo" | "ignore" | "appengine" | "purego" | "noasm" | "nounsafe" | "tinygo" => Some(0),
            _ if name.starts_with("go1") => Some(1),
            _ => None,
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
            let plain = constraint.map(|text| text.replace("go1.", "go1"));
            cpu && system && plain.is_none_or(|text| evaluate(&text, &Tags(*target), 0) != Some(0))
        })
        .collect()
}

/// Reads a file's constraint and its functions.
pub(crate) fn read(path: &str, source: &[u8], parts: &[Part]) -> GoFile {
    let text = String::from_utf8_lossy(source);
    let mut tag = 0;
    let mut constraint = None;
    let mut functions = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        if let Some(expression) = line.strip_prefix("//go:build ") {
            tag = number;
            constraint = Some(expression.trim().to_owned());
        }
        let Some(rest) = line.strip_prefix("func ") else { continue };
        let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        if name.is_empty() || name == "init" || name == "main" {
            continue;
        }
        functions.push((name, number, body(line, &lines[index + 1..])));
    }
    let mut calls = HashSet::new();
    for at in memchr::memchr_iter(b'(', source) {
        let start = source[..at]
            .iter()
            .rposition(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
            .map_or(0, |before| before + 1);
        let declares = source[..start].ends_with(b"func ") || source[..start].ends_with(b".");
        if start < at && !declares && parts.get(start) == Some(&Part::Code) {
            calls.insert(String::from_utf8_lossy(&source[start..at]).into_owned());
        }
    }
    GoFile { built: built(path, constraint.as_deref()), tag, functions, calls }
}

fn body(line: &str, after: &[&str]) -> Body {
    if !line.contains('{') {
        // Parameters may go on over lines; without a bracket at the line's end the declaration is over.
        return if line.trim_end().ends_with(['(', ',']) { Body::Whole } else { Body::None };
    }
    let inner: Vec<&str> = after
        .iter()
        .take_while(|line| !line.starts_with('}'))
        .map(|line| line.trim())
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .collect();
    let refuses = |line: &&str| {
        line.contains("nsupported")
            || line.contains("ot implemented")
            || (line.starts_with("return") && line.contains("errors.New("))
    };
    if line.trim_end().ends_with('{') && inner.len() == 1 && inner.first().is_some_and(refuses) {
        Body::Refuses
    } else {
        Body::Whole
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

/// Looks at the files of one folder together.
pub(crate) fn lacks(files: &[(usize, &GoFile)]) -> Vec<Lack> {
    let mut declared: HashMap<&str, Targets> = HashMap::new();
    for (_, file) in files {
        for (name, ..) in &file.functions {
            let entry = declared.entry(name).or_default();
            *entry = entry.or(file.built);
        }
    }
    let mut found: BTreeMap<(usize, u32), Lack> = BTreeMap::new();
    for (index, file) in files {
        for (name, line, body) in &file.functions {
            let called = files
                .iter()
                .filter(|(_, other)| other.calls.contains(name))
                .fold(Targets::NONE, |sum, (_, other)| sum.or(other.built));
            let missing = called.without(declared.get(name.as_str()).copied().unwrap_or_default());
            let (kind, line, targets) = match body {
                Body::Refuses
                    if !file.built.is_empty()
                        && files.iter().any(|(_, other)| {
                            other.built != file.built && other.functions.iter().any(|(same, _, _)| same == name)
                        }) =>
                {
                    ("go-stub", *line, file.built)
                }
                Body::Refuses => continue,
                _ if missing.is_empty() || file.built == Targets::ALL => continue,
                _ => ("go-build-tag", file.tag, missing.without(file.built)),
            };
            if !targets.is_empty() {
                found.entry((*index, line)).or_insert(Lack { file: *index, line, targets, kind, found: name.clone() });
            }
        }
    }
    found.into_values().collect()
}
