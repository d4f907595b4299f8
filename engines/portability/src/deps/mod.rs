//! Dependencies by what manifests and lock files name, and what a catalogue knows of them.

mod catalogue;
mod java;
mod others;
mod python;
mod script;
mod version;

use std::collections::{BTreeMap, HashMap};

pub(crate) use catalogue::lacking;

use crate::classify::{Role, classify};
use crate::report::{Component, Seen};

/// Where packages come from; the name is the type of a package URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ecosystem {
    Cargo,
    Conan,
    Golang,
    Maven,
    Npm,
    Nuget,
    Pypi,
}

impl Ecosystem {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Ecosystem::Cargo => "cargo",
            Ecosystem::Conan => "conan",
            Ecosystem::Golang => "golang",
            Ecosystem::Maven => "maven",
            Ecosystem::Npm => "npm",
            Ecosystem::Nuget => "nuget",
            Ecosystem::Pypi => "pypi",
        }
    }
}

/// A dependency where a file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub ecosystem: Ecosystem,
    /// As the ecosystem writes it; `group:artifact` of Maven.
    pub name: String,
    /// Exact, or empty where the file leaves it open.
    pub version: String,
    /// From 1.
    pub line: u32,
    /// For development or tests only.
    pub development: bool,
}

impl Named {
    pub(crate) fn new(ecosystem: Ecosystem, name: &str, version: &str, line: u32) -> Self {
        Named { ecosystem, name: name.trim().to_owned(), version: version.trim().to_owned(), line, development: false }
    }
}

/// The largest manifest that is read, in bytes.
const LARGEST: usize = 32 << 20;
/// Dependencies of one file.
const MOST: usize = 100_000;

/// What a manifest or lock file names; nothing for other files.
pub(crate) fn read(path: &str, bytes: &[u8]) -> Vec<Named> {
    let class = classify(path);
    if bytes.len() > LARGEST
        || matches!(class.role, Role::Test | Role::Bench)
        || (class.role == Role::Document && class.language != "document")
        || path.split('/').any(|part| part == "node_modules")
    {
        return Vec::new();
    }
    let name = path.rsplit(['/', '!']).next().unwrap_or(path);
    let text = String::from_utf8_lossy(bytes);
    let mut found = match name {
        "pom.properties" if path.contains("META-INF/maven/") => java::identity(&text),
        "pom.xml" if !path.contains("META-INF/") => java::pom(&text),
        "build.gradle" | "build.gradle.kts" => java::gradle(&text),
        "gradle.lockfile" => java::gradle_lock(&text),
        "libs.versions.toml" => java::versions(&text),
        "Pipfile.lock" => python::pipfile_lock(&text),
        "poetry.lock" | "uv.lock" | "pdm.lock" | "pylock.toml" => python::lock(&text),
        "pyproject.toml" => python::project(&text),
        "METADATA" if path.contains(".dist-info/") => python::identity(&text),
        "package-lock.json" | "npm-shrinkwrap.json" => script::package_lock(&text),
        "package.json" => script::package(&text),
        "yarn.lock" => script::yarn(&text),
        "pnpm-lock.yaml" => script::pnpm(&text),
        "go.mod" => others::go(&text),
        "Cargo.lock" => others::cargo_lock(&text),
        "Cargo.toml" => others::cargo(&text),
        "conanfile.txt" => others::conan(&text),
        "conanfile.py" => others::conan_program(&text),
        "conan.lock" => others::conan_lock(&text),
        "packages.config" => others::packages_config(&text),
        "packages.lock.json" => others::nuget_lock(&text),
        "Directory.Packages.props" => others::references(&text),
        _ if name.ends_with("proj") && class.language == "xml" => others::references(&text),
        _ if name.starts_with("requirements") && name.ends_with(".txt") => python::requirements(&text),
        _ if path.split('/').any(|part| part == "requirements") && name.ends_with(".txt") => {
            python::requirements(&text)
        }
        _ => Vec::new(),
    };
    found.retain(|named| plain(&named.name));
    found.truncate(MOST);
    for named in &mut found {
        if !exact(&named.version) {
            named.version.clear();
        }
    }
    found
}

/// Names are data of strangers: what no ecosystem allows in a name is none.
fn plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 214
        && name.chars().any(|letter| letter.is_ascii_alphanumeric())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-@/:+~".contains(letter))
}

fn exact(version: &str) -> bool {
    version.len() <= 100
        && version.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && version.chars().any(|letter| letter.is_ascii_digit())
        && version.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-+~:".contains(letter))
}

/// The line of each offset that is asked for in rising order.
pub(crate) struct LineCount<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl<'a> LineCount<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        LineCount { text, at: 0, line: 1 }
    }

    pub(crate) fn of(&mut self, offset: usize) -> u32 {
        if let Some(between) = self.text.as_bytes().get(self.at..offset) {
            self.line += u32::try_from(memchr::memchr_iter(b'\n', between).count()).unwrap_or(u32::MAX);
            self.at = offset;
        }
        self.line
    }
}

/// Lines of names in a document whose parser gives no places: where a text in quotes, or a key, first stands.
pub(crate) struct Places<'a>(HashMap<&'a str, u32>);

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut first = HashMap::new();
        for (number, line) in (1_u32..).zip(text.lines()) {
            for quoted in line.split('"').skip(1).step_by(2).take(64) {
                first.entry(quoted).or_insert(number);
            }
            if let Some((key, _)) = line.split_once('=') {
                first.entry(key.trim()).or_insert(number);
            }
        }
        Places(first)
    }

    /// The line, or 0 where the name stands in another form.
    pub(crate) fn of(&self, name: &str) -> u32 {
        self.0.get(name).copied().unwrap_or(0)
    }
}

/// One component for each package and version, with all its places, in the order of package URLs. A manifest without a version
/// joins what a lock file beside or above it says.
pub(crate) fn components(named: &[(String, Vec<Named>)]) -> Vec<Component> {
    let mut versions: BTreeMap<(Ecosystem, String), Vec<(&str, &str)>> = BTreeMap::new();
    let folder = |path: &str| path.rsplit_once('/').map_or(0, |(folder, _)| folder.len());
    for (path, found) in named {
        for one in found.iter().filter(|one| !one.version.is_empty()) {
            versions.entry((one.ecosystem, key(one))).or_default().push((&path[..folder(path)], &one.version));
        }
    }
    let mut found: BTreeMap<String, Component> = BTreeMap::new();
    for (path, all) in named {
        for one in all {
            let mut version = one.version.clone();
            if version.is_empty() {
                let known = versions.get(&(one.ecosystem, key(one)));
                let near = known
                    .into_iter()
                    .flatten()
                    .filter(|(above, _)| path.starts_with(above))
                    .max_by_key(|(above, _)| above.len());
                near.map_or("", |(_, version)| *version).clone_into(&mut version);
            }
            let purl = purl(one.ecosystem, &one.name, &version);
            let component = found.entry(purl.clone()).or_insert_with(|| Component {
                purl,
                ecosystem: one.ecosystem.name().to_owned(),
                name: one.name.clone(),
                version,
                development: true,
                places: Vec::new(),
            });
            component.development &= one.development;
            let seen = Seen { path: path.clone(), line: one.line };
            if !component.places.contains(&seen) && component.places.len() < 1000 {
                component.places.push(seen);
            }
        }
    }
    found.into_values().collect()
}

/// A name as its ecosystem compares it.
fn key(named: &Named) -> String {
    match named.ecosystem {
        Ecosystem::Pypi => named.name.to_ascii_lowercase().replace(['_', '.'], "-"),
        Ecosystem::Nuget => named.name.to_ascii_lowercase(),
        _ => named.name.clone(),
    }
}

/// The package URL (`purl-spec`), percent-encoded where its grammar asks for it.
fn purl(ecosystem: Ecosystem, name: &str, version: &str) -> String {
    let path = match ecosystem {
        Ecosystem::Maven => name.replacen(':', "/", 1),
        Ecosystem::Pypi => name.to_ascii_lowercase().replace(['_', '.'], "-"),
        _ => name.to_owned(),
    };
    let path: Vec<String> = path.split('/').map(encoded).collect();
    let version = if version.is_empty() { String::new() } else { format!("@{}", encoded(version)) };
    format!("pkg:{}/{}{version}", ecosystem.name(), path.join("/"))
}

fn encoded(part: &str) -> String {
    part.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    })
}
