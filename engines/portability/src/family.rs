//! Files of languages that are compiled: which of their lines reach which target.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::assess::{Place, Read};
use crate::build::Mention;
use crate::classify::Role;
use crate::functions::{Names, digest};
use crate::golang;
use crate::guards::{Kept, Unit, What, Words, evaluate_all};
use crate::scan::{Facts, Hit, sign, stops};
use crate::target::Targets;

/// Where the build compiles files, by what build files add.
struct Builds<'a> {
    /// By the last part of the name, and by the stem of objects.
    files: HashMap<&'a str, Vec<&'a Mention>>,
    /// Folders with the targets they are added for.
    folders: HashMap<String, Targets>,
    /// The same for projects of Visual Studio.
    windows: HashSet<&'a str>,
    /// Whether other builds list what the product is made of, so that what they leave out is for Windows.
    others: bool,
    /// Whether files of other machines than x86 lie in the tree.
    many: bool,
    /// Folders of Go packages that compile C, with where they are built.
    cgo: HashMap<&'a str, Targets>,
}

impl<'a> Builds<'a> {
    fn new(read: &'a Read) -> Self {
        let mut builds = Builds {
            files: HashMap::new(),
            folders: HashMap::new(),
            windows: HashSet::new(),
            others: false,
            many: false,
            cgo: HashMap::new(),
        };
        builds.many = read
            .texts
            .iter()
            .filter(|facts| matches!(facts.class.language, "c" | "asm") && facts.class.role == Role::Product)
            .any(|facts| {
                let lower = facts.path.to_ascii_lowercase();
                lower.split(['/', '_', '-', '.']).any(|word| {
                    matches!(
                        word,
                        "arm"
                            | "arm64"
                            | "aarch64"
                            | "neon"
                            | "ppc"
                            | "powerpc"
                            | "mips"
                            | "riscv"
                            | "generic"
                            | "scalar"
                            | "portable"
                            | "win32"
                            | "win"
                            | "windows"
                            | "unix"
                            | "posix"
                            | "linux"
                            | "macos"
                            | "darwin"
                    )
                })
            });
        for (path, mentions) in &read.mentions {
            let project = path.ends_with("proj");
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            for mention in mentions {
                if let Some(name) = mention.name.strip_suffix('/') {
                    let entry = builds.folders.entry(crate::natives::resolve(folder, name)).or_default();
                    *entry = entry.or(if mention.probed { Targets::NONE } else { mention.targets });
                } else if project {
                    builds.windows.insert(&mention.name);
                } else {
                    let name: &str = &mention.name;
                    let object = [".o", ".lo", ".obj"].iter().find_map(|end| name.strip_suffix(end));
                    builds.files.entry(object.unwrap_or(name)).or_default().push(mention);
                }
            }
        }
        let listed = |name: &&&str| {
            let stem = name.rsplit_once('.').map_or("", |(stem, _)| stem);
            builds.files.contains_key(**name) || builds.files.contains_key(stem)
        };
        let alone = builds.windows.iter().filter(|name| !listed(name)).count();
        builds.others = !builds.files.contains_key("*") && builds.files.len() * 2 >= alone;
        for facts in &read.texts {
            if let Some(file) = facts.go.as_ref().filter(|file| file.cgo) {
                let folder = facts.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let entry = builds.cgo.entry(folder).or_default();
                *entry = entry.or(file.built);
            }
        }
        builds
    }

    /// Where a file is compiled.
    fn place(&self, facts: &Facts) -> Targets {
        let (folder, name) = facts.path.rsplit_once('/').unwrap_or(("", &facts.path));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let mut around = Targets::ALL;
        for (at, _) in facts.path.match_indices('/') {
            if let Some(targets) = self.folders.get(&facts.path[..at]) {
                around = around.and(*targets);
            }
        }
        if let Some(targets) = self.cgo.get(folder) {
            return targets.and(golang::built(name, None));
        }
        let mentions: Vec<&&Mention> =
            [name, stem].into_iter().filter_map(|key| self.files.get(key)).flatten().collect();
        if mentions.is_empty() {
            // Where other builds list their sources, a file that only Visual Studio lists is for Windows.
            let windows = self.windows.contains(name) && self.others;
            return if windows { Targets::NONE } else { facts.class.place.and(around) };
        }
        let listed = mentions
            .iter()
            .filter(|mention| !mention.probed)
            .fold(Targets::NONE, |sum, mention| sum.or(mention.targets));
        // A list that holds files of many machines is chosen from later; where all are x86's, it is what is built.
        let listed = if self.many { listed.and(facts.class.place) } else { listed };
        let around = if around.is_empty()
            && facts.class.place == Targets::ALL
            && !listed.is_empty()
            && self.folders.is_empty()
        {
            Targets::ALL
        } else {
            around
        };
        listed.and(around)
    }
}

pub(crate) fn c(read: &Read, places: &mut Vec<Place>) {
    let family: Vec<&Facts> = read.texts.iter().filter(|facts| matches!(facts.class.language, "c" | "asm")).collect();
    let header = |path: &str| {
        !matches!(
            path.rsplit('.').next(),
            Some("c" | "cc" | "cpp" | "cxx" | "c++" | "m" | "mm" | "S" | "s" | "asm" | "rc" | "cu")
        )
    };
    let words: Words = read.texts.iter().flat_map(|facts| facts.links.macros.iter().cloned()).collect();
    let signed = words.contains("-fsigned-char");
    let builds = Builds::new(read);
    let units: Vec<Unit<'_>> = family
        .iter()
        .map(|facts| {
            let header = header(&facts.path);
            let place = if header { facts.class.place } else { builds.place(facts) };
            Unit { path: &facts.path, directives: &facts.directives, header, place }
        })
        .collect();
    let (kept, includers) = evaluate_all(&units, &words);
    let windows = crate::windows::seen(&units, &kept, &includers);
    let defined = own_names(&family, &kept);
    let names = Names::new(&family, &kept);
    // A page's size matters where something maps memory: in the file, or, for a header, where a file that maps uses the name.
    let paged: HashSet<&str> = family
        .iter()
        .filter(|facts| stops(facts.class, "cpu"))
        .flat_map(|facts| facts.links.pages.iter().map(AsRef::as_ref))
        .collect();
    for ((facts, kept), windows) in family.iter().zip(&kept).zip(&windows) {
        let foreign = |hit: &&Hit| {
            let own = matches!(hit.kind, "intrinsics" | "windows-api" | "windows-registry" | "com" | "cpu-detection")
                && !hit.name.is_empty()
                && !hit.name.ends_with("Main");
            let pages = facts.maps
                || std::ptr::eq(hit.message, crate::pages::STOPS)
                || (header(&facts.path) && paged.contains(&*hit.name));
            (*windows || !std::ptr::eq(hit.message, crate::windows::NAMED))
                && (hit.kind != "page-size" || pages)
                && !(signed && hit.kind == "char-sign")
                && !(own && defined.contains(&digest(hit.name.as_bytes())))
        };
        for hit in facts.hits.iter().filter(foreign) {
            place_c(facts, kept, hit, places);
        }
        refusals(facts, kept, places);
        if facts.assembly {
            assembly(facts, kept, &names, places);
        }
    }
    for (index, line, targets) in crate::functions::missing(&family, &kept, &names) {
        let hit = sign(
            line,
            "arch-ifdef",
            true,
            targets,
            "functions that exist on other CPUs only are called on this one",
            b"",
        );
        let Some(facts) = family.get(index) else { continue };
        let blocked = if stops(facts.class, "cpu") { targets } else { Targets::NONE };
        places.push(Place { path: facts.path.clone(), hit, blocked });
    }
    taken_for_x86(&family, &kept, places);
}

/// Names that the tree defines for itself somewhere, as a function or as a macro that some target sees.
fn own_names(family: &[&Facts], kept: &[Kept]) -> HashSet<u64> {
    let mut names = HashSet::new();
    for (facts, kept) in family.iter().zip(kept) {
        names.extend(facts.links.functions.defined.iter().map(|(name, _)| *name));
        names.extend(facts.links.functions.hidden.iter().copied());
        for directive in &facts.directives {
            if let What::Define { name, .. } = &directive.what
                && !kept.at(directive.line).usual.is_empty()
            {
                names.insert(digest(name.as_bytes()));
            }
        }
    }
    names
}

/// `#error` that a target meets.
fn refusals(facts: &Facts, kept: &Kept, places: &mut Vec<Place>) {
    for directive in &facts.directives {
        let What::Error(text) = &directive.what else { continue };
        let standing = kept.at(directive.line);
        let elsewhere = standing.guard.and_then(|guard| guard.rsplit(" > ").next()).is_some_and(other_system);
        if !standing.machine || standing.may.is_empty() || elsewhere {
            continue;
        }
        let mut hit =
            sign(directive.line, "arch-error", true, standing.may, "the source refuses this CPU", text.as_bytes());
        hit.guard = standing.guard.map(Into::into);
        let blocked = if stops(facts.class, "cpu") { standing.must } else { Targets::NONE };
        places.push(Place { path: facts.path.clone(), hit, blocked });
    }
}

/// `!defined(__APPLE__)`: a file that only another system's build takes says so.
fn other_system(condition: &str) -> bool {
    let tight: String = condition.chars().filter(|letter| !letter.is_whitespace()).collect();
    let name = tight.trim_start_matches("!defined").trim_matches(['(', ')']);
    tight.starts_with("!defined")
        && [
            "__APPLE__",
            "_MSC_VER",
            "_WIN32",
            "WIN32",
            "_WIN64",
            "__MINGW32__",
            "__CYGWIN__",
            "__FreeBSD__",
            "__ANDROID__",
            "__NetBSD__",
            "__OpenBSD__",
            "__sun",
            "_AIX",
            "__MACH__",
        ]
        .contains(&name)
}

/// Assembly of x86: it stops where it is assembled, and where what it gives is missing and called.
fn assembly(facts: &Facts, kept: &Kept, names: &Names, places: &mut Vec<Place>) {
    let functions = &facts.links.functions;
    let whole = kept.at(u32::MAX).may;
    let assembled = functions.x86.iter().fold(Targets::NONE, |sum, line| sum.or(kept.at(*line).usual));
    let missing = functions.defined.iter().fold(Targets::NONE, |sum, (name, _)| {
        let called = names.called.get(name).copied().unwrap_or_default();
        let there = names.elsewhere.get(name).copied().unwrap_or_default();
        sum.or(called.without(there))
    });
    let stopped = assembled.or(missing);
    let concerned = if stopped.is_empty() { Targets::ALL } else { stopped };
    let found = if whole.is_empty() { "for x86, without another version" } else { "" };
    let hit = sign(0, "asm-source", true, concerned, "assembly of x86 as a whole file", found.as_bytes());
    let blocked = if stops(facts.class, "cpu") { stopped } else { Targets::NONE };
    places.push(Place { path: facts.path.clone(), hit, blocked });
}

fn place_c(facts: &Facts, kept: &Kept, hit: &Hit, places: &mut Vec<Place>) {
    let standing = kept.at(hit.line);
    let mut hit = hit.clone();
    hit.guard = standing.guard.map(Into::into);
    let stopped = if hit.blocker && stops(facts.class, hit.profile) { hit.targets } else { Targets::NONE };
    // A guard that tells machines apart and is not certain is a feature's branch: it has another way.
    let firm = if standing.machine { standing.must } else { standing.usual };
    places.push(Place { path: facts.path.clone(), blocked: stopped.and(firm), hit });
}

/// `#define BUILD_FOR_X64 1` on a CPU that is none, chosen by a condition that asks for something else.
fn taken_for_x86(family: &[&Facts], kept: &[Kept], places: &mut Vec<Place>) {
    for (facts, kept) in family.iter().zip(kept) {
        for directive in &facts.directives {
            let What::Define { name, body: Some(body) } = &directive.what else { continue };
            let says = name.split('_').any(|word| matches!(word, "X64" | "X86" | "AMD64" | "I386" | "IA32" | "X8664"));
            let standing = kept.at(directive.line);
            let on = matches!(&**body, "1" | "(1)" | "true");
            if !says
                || !on
                || standing.opened == 0
                || standing.must.is_empty()
                || standing.guard.is_some_and(|guard| guard.replace(' ', "").contains(&format!("!defined({name})")))
            {
                continue;
            }
            let hit =
                sign(standing.opened, "arch-ifdef", true, standing.must, "takes this CPU for x86", name.as_bytes());
            let blocked = if stops(facts.class, "cpu") { standing.must } else { Targets::NONE };
            places.push(Place { path: facts.path.clone(), hit, blocked });
        }
    }
}

pub(crate) fn rust(texts: &[Facts], places: &mut Vec<Place>) {
    let files: Vec<&Facts> = texts.iter().filter(|facts| facts.class.language == "rust").collect();
    let mut guarded: Vec<(String, Targets)> = Vec::new();
    let mut crates: Vec<&str> = Vec::new();
    for facts in &files {
        let (folder, name) = facts.path.rsplit_once('/').unwrap_or(("", &facts.path));
        let stem = name.trim_end_matches(".rs");
        let own = matches!(stem, "lib" | "main" | "mod");
        let base = if own { folder.to_owned() } else { format!("{folder}/{stem}") };
        if facts.whole {
            crates.push(folder);
        }
        for (module, targets) in &facts.modules {
            let path = match module.strip_prefix('=') {
                Some(path) => crate::natives::resolve(folder, path),
                None => format!("{base}/{module}").trim_start_matches('/').to_owned(),
            };
            guarded.push((path, *targets));
        }
    }
    let mut named: Vec<(&crate::rustnames::Names, Targets)> = Vec::new();
    let mut owners: Vec<&Facts> = Vec::new();
    for facts in files {
        // The same file may be declared for several machines; a module within another is there where both are.
        let mut levels: BTreeMap<&str, Targets> = BTreeMap::new();
        for (module, targets) in &guarded {
            let fits =
                facts.path.strip_prefix(module.as_str()).is_some_and(|rest| rest.starts_with('/') || rest == ".rs");
            if fits {
                let entry = levels.entry(module).or_default();
                *entry = entry.or(*targets);
            }
        }
        let mut under = levels.into_values().fold(Targets::ALL, Targets::and);
        if !facts.whole
            && crates.iter().any(|folder| facts.path.strip_prefix(*folder).is_some_and(|rest| rest.starts_with('/')))
        {
            under = Targets::NONE;
        }
        if let Some(names) =
            facts.names.as_deref().filter(|_| matches!(facts.class.role, Role::Product | Role::Vendored))
        {
            named.push((names, under.and(facts.class.place)));
            owners.push(facts);
        }
        for hit in &facts.hits {
            // A module is compiled where it is declared, whatever its file is called.
            let stopped = if hit.blocker && stops(facts.class, hit.profile) { hit.targets } else { Targets::NONE };
            let plain = stopped.and(under);
            let plain = if hit.kind == "rust-cfg" && plain.unpublished() { Targets::NONE } else { plain };
            places.push(Place { path: facts.path.clone(), hit: hit.clone(), blocked: plain });
        }
    }
    unguarded(&owners, places);
    let mut last = (usize::MAX, 0);
    let mut missing = crate::rustnames::missing(&named);
    missing.sort_by_key(|(index, line, ..)| (*index, *line));
    for (index, line, targets, name) in missing {
        let Some(facts) = owners.get(index) else { continue };
        let known = facts.hits.iter().any(|hit| hit.line == line && hit.kind == "rust-cfg");
        if known || last == (index, line) {
            continue;
        }
        last = (index, line);
        let hit = sign(line, "rust-cfg", true, targets, "names what no cfg leaves in on this CPU", name.as_bytes());
        let blocked = if targets.unpublished() { Targets::NONE } else { targets };
        places.push(Place { path: facts.path.clone(), hit, blocked });
    }
}

/// Lines that declare, for every CPU, a module whose file is named for x86 and holds what x86 alone has.
fn unguarded(owners: &[&Facts], places: &mut Vec<Place>) {
    let mut found = Vec::new();
    for facts in owners {
        let (folder, name) = facts.path.rsplit_once('/').unwrap_or(("", &facts.path));
        let stem = name.trim_end_matches(".rs");
        let base = if matches!(stem, "lib" | "main" | "mod") { folder.to_owned() } else { format!("{folder}/{stem}") };
        for module in facts.names.iter().flat_map(|names| &names.modules) {
            let lower = module.name.to_ascii_lowercase();
            let named = ["avx", "sse", "x86", "simd", "amd64"].iter().any(|word| lower.contains(word));
            let file = format!("{base}/{}", module.name).trim_start_matches('/').to_owned();
            let stopped = places
                .iter()
                .filter(|place| matches!(place.hit.kind, "rust-intrinsics" | "inline-asm"))
                .filter(|place| place.path.strip_prefix(&file).is_some_and(|rest| matches!(rest, ".rs" | "/mod.rs")))
                .fold(Targets::NONE, |sum, place| sum.or(place.blocked));
            let targets = stopped.and(module.targets);
            if named && !targets.is_empty() {
                found.push((facts.path.clone(), module.line, targets, module.name.clone()));
            }
        }
    }
    for (path, line, targets, name) in found {
        let hit = sign(line, "rust-cfg", true, targets, "declares a module of x86 for every CPU", name.as_bytes());
        places.push(Place { path, hit, blocked: targets });
    }
}

pub(crate) fn go(texts: &[Facts], places: &mut Vec<Place>) {
    let mut packages: BTreeMap<&str, golang::Package<'_>> = BTreeMap::new();
    for (index, facts) in texts.iter().enumerate() {
        if let Some(file) = facts.go.as_ref().filter(|_| !facts.path.ends_with("_test.go")) {
            let folder = facts.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            packages.entry(folder).or_default().push((index, file));
        }
    }
    packages.retain(|_, files| {
        files.iter().any(|(index, _)| texts.get(*index).is_some_and(|facts| facts.class.language == "go"))
    });
    for lack in golang::lacks(&packages) {
        let Some(facts) = texts.get(lack.file) else { continue };
        let message = if lack.kind == "go-stub" {
            "what other CPUs get has no body or only answers with an error"
        } else {
            "no file of the package has this on this CPU"
        };
        let hit = sign(lack.line, lack.kind, true, lack.targets, message, lack.found.as_bytes());
        let counts = matches!(facts.class.role, Role::Product | Role::Vendored) && !lack.targets.unpublished();
        let blocked = if counts { lack.targets } else { Targets::NONE };
        places.push(Place { path: facts.path.clone(), hit, blocked });
    }
}
