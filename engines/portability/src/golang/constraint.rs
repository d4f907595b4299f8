//! Where a file is built: by its name, by `//go:build` and by the older `// +build`.

use crate::condition::{Names, evaluate};
use crate::target::{Target, Targets};

/// Go's names of CPUs and systems that a file name can end in (`go/src/internal/syslist`).
pub(super) const CPUS: &[&str] = &[
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64",
    "s390x", "sparc64", "wasm", "sw64",
];
pub(super) const SYSTEMS: &[&str] = &[
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

pub(super) fn old_style(line: &str) -> Option<&str> {
    line.strip_prefix("// +build ").or_else(|| line.strip_prefix("//+build "))
}

pub(super) fn names_cpu(path: &str, constraint: Option<&str>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let by_name = stem.split('_').skip(1).last().is_some_and(|last| CPUS.contains(&last));
    let mut words = constraint.unwrap_or_default().split(|letter: char| !letter.is_ascii_alphanumeric());
    by_name || words.any(|word| CPUS.contains(&word))
}

/// `// +build linux,amd64 darwin` as an expression: a blank is "or", a comma is "and".
pub(super) fn old_constraint(text: &str) -> String {
    let arms = text.split_whitespace().map(|arm| format!("({})", arm.split(',').collect::<Vec<_>>().join("&&")));
    format!("({})", arms.collect::<Vec<_>>().join("||"))
}
