//! .NET: frameworks of a project, functions of Windows that C# declares, and who calls them.

use std::collections::HashSet;

use crate::assess::Place;
use crate::functions::digest;
use crate::mask::Part;
use crate::scan::{Facts, Hit, Lines, line_around, stops};
use crate::signs::letter;
use crate::target::Targets;

fn of_system(line: u32, kind: &'static str, message: &'static str, days: [f32; 2], found: &[u8]) -> Hit {
    Hit {
        line,
        kind,
        profile: "os",
        blocker: true,
        targets: Targets::ALL,
        message,
        days,
        found: String::from_utf8_lossy(found).trim().chars().take(120).collect::<String>().into(),
        guard: None,
        name: Box::default(),
    }
}

/// Whether a framework's moniker is one that Linux runs.
fn runs_on_linux(moniker: &str) -> bool {
    let moniker = moniker.trim().to_ascii_lowercase();
    if moniker.contains("-windows")
        || moniker.contains("-ios")
        || moniker.contains("-android")
        || moniker.contains("-mac")
    {
        return false;
    }
    moniker.starts_with("netstandard")
        || moniker.starts_with("netcoreapp")
        || moniker.contains('$')
        || moniker.strip_prefix("net").is_some_and(|rest| {
            rest.contains('.') && rest.starts_with(|digit: char| ('5'..='9').contains(&digit) || digit == '1')
        })
}

/// `<TargetFramework>` and `<TargetFrameworks>`: a stop where none of the named ones runs on Linux.
pub(crate) fn frameworks(source: &[u8], hits: &mut Vec<Hit>) {
    let mut lines = Lines::new(source);
    for at in memchr::memmem::find_iter(source, b"<TargetFramework") {
        let rest = &source[at + 16..(at + 400).min(source.len())];
        let line = lines.of(at);
        let Some(open) = memchr::memchr(b'>', rest).filter(|open| *open < 120) else { continue };
        // `<TargetFrameworkVersion>` is the old form, which the table of words has.
        if !matches!(rest.first(), Some(b'>' | b's' | b' ')) {
            continue;
        }
        let value = rest[open + 1..].split(|byte| *byte == b'<').next().unwrap_or_default();
        let value = String::from_utf8_lossy(value).into_owned();
        let known = value.split(';').any(|moniker| moniker.trim().to_ascii_lowercase().starts_with("net"));
        hits.retain(|hit| !(hit.line == line && hit.kind == "dotnet-framework"));
        if known && !value.split(';').any(runs_on_linux) {
            hits.push(of_system(
                line,
                "dotnet-framework",
                ".NET Framework or a desktop of Windows: there is none on Linux",
                [15.0, 1.0],
                line_around(source, at),
            ));
        }
    }
}

/// Libraries that are not Windows'.
const OTHERS: [&str; 14] = [
    "libc",
    "libdl",
    "libx11",
    "__internal",
    "libgtk",
    "libgdk",
    "\"c\"",
    ".so",
    ".dylib",
    "libm\"",
    "librt",
    "libpthread",
    "libsystem",
    "objc",
];

/// Functions of Windows that are declared, and all calls by name.
pub(crate) fn read(source: &[u8], parts: &[Part], facts: &mut Facts) {
    // A program that asks for the system knows another way.
    let asks = [b"IsOSPlatform".as_slice(), b"OperatingSystem.Is", b"SupportedOSPlatform", b"PlatformID.Unix"]
        .iter()
        .any(|word| memchr::memmem::find(source, word).is_some());
    if asks {
        for hit in facts.hits.iter_mut().filter(|hit| hit.kind == "windows-api" || hit.kind == "windows-registry") {
            hit.blocker = false;
        }
        return;
    }
    let mut lines = Lines::new(source);
    for at in memchr::memmem::find_iter(source, b"DllImport") {
        let rest = &source[at..(at + 1200).min(source.len())];
        let Some(end) = memchr::memmem::find(rest, b"extern ") else { continue };
        let head = String::from_utf8_lossy(&rest[..end]).to_ascii_lowercase();
        if parts.get(at) != Some(&Part::Code)
            || head.matches("dllimport").count() > 1
            || OTHERS.iter().any(|word| head.contains(word))
        {
            continue;
        }
        let after = &rest[end..];
        let Some(open) = memchr::memchr(b'(', after) else { continue };
        let name = after[..open].trim_ascii_end();
        let start = name.iter().rposition(|byte| !letter(*byte)).map_or(0, |at| at + 1);
        facts.links.externs.push(digest(&name[start..]));
        let line = lines.of(at + end);
        facts.hits.push(of_system(
            line,
            "windows-api",
            "function of a Windows library",
            [1.0, 0.2],
            line_around(source, at + end),
        ));
    }
    let mut lines = Lines::new(source);
    for open in memchr::memchr_iter(b'(', source) {
        if parts.get(open) != Some(&Part::Code) || facts.links.calls.len() > 20_000 {
            continue;
        }
        let name_end = source[..open].trim_ascii_end().len();
        let start = source[..name_end].iter().rposition(|byte| !letter(*byte)).map_or(0, |at| at + 1);
        let name = &source[start..name_end];
        if name.len() < 4 || !name[0].is_ascii_uppercase() {
            continue;
        }
        // A declaration has a type before the name.
        let before = source[..start].trim_ascii_end();
        let declares = before.last().is_some_and(|byte| letter(*byte) || matches!(byte, b'>' | b']'))
            && !before.ends_with(b"return")
            && !before.ends_with(b"await");
        if !declares {
            facts.links.calls.push((digest(name), lines.of(open)));
        }
    }
}

/// Calls of functions that some file of the tree declares as Windows'.
pub(crate) fn calls(texts: &[Facts], places: &mut Vec<Place>) {
    let externs: HashSet<u64> = texts.iter().flat_map(|facts| facts.links.externs.iter().copied()).collect();
    if externs.is_empty() {
        return;
    }
    for facts in texts.iter().filter(|facts| !facts.links.calls.is_empty()) {
        let stop = stops(facts.class, "os");
        let mut last = 0;
        for (name, line) in &facts.links.calls {
            let known = facts.hits.iter().any(|hit| hit.line == *line && hit.kind == "windows-api");
            if *line == last || known || !externs.contains(name) {
                continue;
            }
            last = *line;
            let hit = of_system(*line, "windows-api", "calls a function of a Windows library", [0.5, 0.05], b"");
            places.push(Place {
                path: facts.path.clone(),
                hit,
                blocked: if stop { Targets::ALL } else { Targets::NONE },
            });
        }
    }
}
