//! From a path to a report.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::binary::{self, Binary};
use crate::classify::{Role, classify, without_machine};
use crate::golang;
use crate::guards::{Kept, Unit, What, evaluate_all};
use crate::report::{Examined, Finding, Group, NotExamined, Report, Verdict};
use crate::scan::{Facts, Hit, scan, sign, stops};
use crate::target::{Target, Targets};
use crate::walk::{self, LARGEST, Visit};

/// What to assess for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The CPUs.
    pub targets: Vec<Target>,
    /// Of cpu, os, database, crypto.
    pub profiles: Vec<String>,
    /// Threads that read; at least one.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            targets: Target::ALL.to_vec(),
            profiles: ["cpu", "os", "database", "crypto"].map(str::to_owned).to_vec(),
            threads: 2,
        }
    }
}

/// The largest file that is asked for, in bytes.
pub const LARGEST_FILE: u64 = LARGEST * 4;

/// What is assessed: files by name, each read when its turn comes. The engine itself touches no disk.
pub trait Tree: Sync {
    /// Relative paths with `/` between folders, in their order.
    fn names(&self) -> &[String];

    /// The whole content of the file in this place, asked for once, from any thread.
    ///
    /// # Errors
    /// Why it cannot be read; the report lists it.
    fn read(&self, place: usize) -> Result<Cow<'_, [u8]>, NotExamined>;
}

/// Files that are in memory already.
#[derive(Debug, Clone, Default)]
pub struct InMemory {
    names: Vec<String>,
    contents: Vec<Vec<u8>>,
}

impl<N: Into<String>, B: Into<Vec<u8>>> FromIterator<(N, B)> for InMemory {
    fn from_iter<I: IntoIterator<Item = (N, B)>>(files: I) -> Self {
        let mut files: Vec<(String, Vec<u8>)> =
            files.into_iter().map(|(name, bytes)| (name.into(), bytes.into())).collect();
        files.sort();
        let (names, contents) = files.into_iter().unzip();
        Self { names, contents }
    }
}

impl Tree for InMemory {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn read(&self, place: usize) -> Result<Cow<'_, [u8]>, NotExamined> {
        self.contents
            .get(place)
            .map(|bytes| Cow::from(bytes.as_slice()))
            .ok_or_else(|| NotExamined::new("", "unreadable", ""))
    }
}

/// Everything read, before guards and siblings are known.
#[derive(Default)]
struct Read {
    texts: Vec<Facts>,
    binaries: Vec<(String, Binary)>,
    skipped: Vec<NotExamined>,
    examined: Examined,
}

impl Visit for Read {
    fn file(&mut self, path: &str, bytes: &[u8]) {
        self.examined.files += 1;
        self.examined.bytes += bytes.len() as u64;
        if let Some(read) = binary::read(bytes) {
            match read {
                Ok(binary) => self.binaries.push((path.to_owned(), binary)),
                Err(error) => self.skipped(path, "damaged", &error),
            }
            return;
        }
        let language = classify(path).language;
        if memchr::memchr(0, &bytes[..bytes.len().min(8192)]).is_some() {
            if language != "data" {
                self.skipped(path, "binary", "data of a kind without a reader");
            }
            return;
        }
        let facts = scan(path, bytes);
        if language == "other" && !bytes.is_empty() {
            self.skipped(path, "language", "a language without a reader");
        }
        if !facts.hits.is_empty()
            || !facts.directives.is_empty()
            || facts.assembly
            || facts.go.is_some()
            || !facts.loads.is_empty()
            || !facts.modules.is_empty()
        {
            self.texts.push(facts);
        }
    }

    fn skipped(&mut self, path: &str, reason: &'static str, detail: &str) {
        self.skipped.push(NotExamined::new(path, reason, detail));
    }
}

/// Assesses files, archives among them. `root` is what the report calls them, `left_out` what was left out before.
/// `progress` is called with files done and all files, from any thread.
pub fn assess(
    root: &str,
    tree: &dyn Tree,
    left_out: Vec<NotExamined>,
    options: &Options,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Report {
    let mut all = Read { skipped: left_out, ..Read::default() };
    for part in read_all(tree, options.threads.max(1), progress) {
        all.texts.extend(part.texts);
        all.binaries.extend(part.binaries);
        all.skipped.extend(part.skipped);
        all.examined.files += part.examined.files;
        all.examined.bytes += part.examined.bytes;
    }
    all.texts.sort_by(|one, other| one.path.cmp(&other.path));
    all.binaries.sort_by(|one, other| one.0.cmp(&other.0));
    all.skipped.sort();
    judge(root.to_owned(), all, options)
}

fn read_all(tree: &dyn Tree, threads: usize, progress: &(dyn Fn(usize, usize) + Sync)) -> Vec<Read> {
    let names = tree.names();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut read = Read::default();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(name) = names.get(place) else { return read };
            match tree.read(place) {
                Ok(bytes) => walk::open(name, &bytes, &mut read),
                Err(problem) => read.skipped.push(problem),
            }
            if place.is_multiple_of(64) {
                progress(place, names.len());
            }
        }
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        // A thread that panicked took its files with it: the panic goes on rather than a report with a hole.
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// A finding with what verdicts need beside it.
struct Place {
    path: String,
    hit: Hit,
    blocked: Targets,
}

fn judge(name: String, read: Read, options: &Options) -> Report {
    let chosen: Targets = options.targets.iter().copied().collect();
    let mut places = Vec::new();
    c_family(&read.texts, &mut places);
    rust(&read.texts, &mut places);
    go(&read.texts, &mut places);
    others(&read.texts, &mut places);
    natives(&read, &mut places);
    places.retain_mut(|place| {
        place.hit.targets = place.hit.targets.and(chosen);
        place.blocked = place.blocked.and(chosen);
        !place.hit.targets.is_empty() && options.profiles.iter().any(|profile| profile == place.hit.profile)
    });
    places.sort_by(|one, other| {
        (&one.path, one.hit.line, one.hit.kind, one.hit.targets).cmp(&(
            &other.path,
            other.hit.line,
            other.hit.kind,
            other.hit.targets,
        ))
    });
    let native = read.texts.iter().any(|facts| matches!(facts.class.language, "c" | "asm" | "rust" | "go"))
        || !read.binaries.is_empty();
    let (findings, groups) = group(&places);
    let verdicts = options
        .targets
        .iter()
        .map(|target| (target.name().to_owned(), verdict(*target, &places, native, read.examined.files)))
        .collect();
    Report {
        root: name,
        targets: options.targets.iter().map(|target| target.name().to_owned()).collect(),
        findings,
        groups,
        verdicts,
        not_examined: read.skipped,
        examined: read.examined,
    }
}

/// Where a hit stops the product, by role, path and guard.
fn blocked(facts: &Facts, hit: &Hit) -> Targets {
    let quiet = !hit.blocker
        || !stops(facts.class.role)
        || hit.guard.is_some()
        || (facts.class.foreign && matches!(hit.profile, "cpu" | "os"));
    if quiet { Targets::NONE } else { hit.targets }
}

fn c_family(texts: &[Facts], places: &mut Vec<Place>) {
    let family: Vec<&Facts> = texts.iter().filter(|facts| matches!(facts.class.language, "c" | "asm")).collect();
    let header = |path: &str| {
        !matches!(path.rsplit('.').next(), Some("c" | "cc" | "cpp" | "cxx" | "m" | "mm" | "S" | "s" | "asm"))
    };
    let units: Vec<Unit<'_>> = family
        .iter()
        .map(|facts| Unit { path: &facts.path, directives: &facts.directives, header: header(&facts.path) })
        .collect();
    let kept = evaluate_all(&units);
    for (facts, kept) in family.iter().zip(&kept) {
        for hit in &facts.hits {
            place_c(facts, kept, hit, places);
        }
        for directive in &facts.directives {
            let What::Error(text) = &directive.what else { continue };
            let standing = kept.at(directive.line);
            if standing.machine && !standing.may.is_empty() {
                let mut hit = sign(
                    directive.line,
                    "arch-error",
                    true,
                    standing.may,
                    "the source refuses this CPU",
                    text.as_bytes(),
                );
                hit.guard = standing.guard.map(Into::into);
                let blocked =
                    if stops(facts.class.role) && !facts.class.foreign { standing.may } else { Targets::NONE };
                places.push(Place { path: facts.path.clone(), hit, blocked });
            }
        }
        let whole = kept.at(u32::MAX).may;
        if facts.assembly {
            let inner = facts
                .directives
                .iter()
                .map(|directive| kept.at(directive.line + 1))
                .find(|standing| standing.machine)
                .map_or(whole, |standing| standing.may);
            let hit = sign(0, "asm-source", true, whole, "assembly of x86 as a whole file", b"");
            let blocked = if stops(facts.class.role) && !facts.class.foreign { inner } else { Targets::NONE };
            places.push(Place { path: facts.path.clone(), hit, blocked });
        }
    }
}

fn place_c(facts: &Facts, kept: &Kept, hit: &Hit, places: &mut Vec<Place>) {
    let standing = kept.at(hit.line);
    let mut hit = hit.clone();
    hit.guard = standing.guard.map(Into::into);
    let reach = hit.targets.and(standing.may);
    let mut free = hit.clone();
    free.guard = None;
    // A guard that tells machines apart and is not certain is a feature's branch: it has another way.
    let firm = if standing.machine { standing.must } else { standing.may };
    let blocked = blocked(facts, &free).and(reach).and(firm);
    places.push(Place { path: facts.path.clone(), hit, blocked });
}

fn rust(texts: &[Facts], places: &mut Vec<Place>) {
    let files: Vec<&Facts> = texts.iter().filter(|facts| facts.class.language == "rust").collect();
    let mut guarded: Vec<(String, Targets)> = Vec::new();
    for facts in &files {
        let (folder, name) = facts.path.rsplit_once('/').unwrap_or(("", &facts.path));
        let stem = name.trim_end_matches(".rs");
        let base = if matches!(stem, "lib" | "main" | "mod") { folder.to_owned() } else { format!("{folder}/{stem}") };
        guarded.extend(
            facts
                .modules
                .iter()
                .map(|(module, targets)| (format!("{base}/{module}").trim_start_matches('/').to_owned(), *targets)),
        );
    }
    for facts in files {
        let under = guarded
            .iter()
            .filter(|(module, _)| {
                facts.path.strip_prefix(module.as_str()).is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
            })
            .fold(Targets::ALL, |sum, (_, targets)| sum.and(*targets));
        for hit in &facts.hits {
            let mut free = hit.clone();
            free.guard = None;
            let blocked = blocked(facts, &free).and(under);
            places.push(Place { path: facts.path.clone(), hit: hit.clone(), blocked });
        }
    }
}

fn go(texts: &[Facts], places: &mut Vec<Place>) {
    let mut folders: BTreeMap<&str, Vec<(usize, &golang::GoFile)>> = BTreeMap::new();
    for (index, facts) in texts.iter().enumerate() {
        if let Some(file) = facts.go.as_ref().filter(|_| !facts.path.ends_with("_test.go")) {
            folders
                .entry(facts.path.rsplit_once('/').map_or("", |(folder, _)| folder))
                .or_default()
                .push((index, file));
        }
    }
    for files in folders.values() {
        for lack in golang::lacks(files) {
            let Some(facts) = texts.get(lack.file) else { continue };
            let message = if lack.kind == "go-stub" {
                "the other way only answers with an error"
            } else {
                "no file of the package has this function on this CPU"
            };
            let hit = sign(lack.line, lack.kind, true, lack.targets, message, lack.found.as_bytes());
            let blocked = if facts.class.role == Role::Product { lack.targets } else { Targets::NONE };
            places.push(Place { path: facts.path.clone(), hit, blocked });
        }
    }
}

fn others(texts: &[Facts], places: &mut Vec<Place>) {
    for facts in texts.iter().filter(|facts| !matches!(facts.class.language, "c" | "asm" | "rust")) {
        for hit in &facts.hits {
            places.push(Place { path: facts.path.clone(), hit: hit.clone(), blocked: blocked(facts, hit) });
        }
    }
}

/// Sets of native libraries: what lacks a member for a target, and who loads it.
fn natives(read: &Read, places: &mut Vec<Place>) {
    let mut sets: BTreeMap<String, (Targets, Vec<usize>)> = BTreeMap::new();
    for (index, (path, binary)) in read.binaries.iter().enumerate() {
        let (_, name) = path.rsplit_once('/').unwrap_or(("", path));
        let set = sets.entry(without_machine(name)).or_default();
        set.0 = set.0.or(binary.runs);
        set.1.push(index);
    }
    let mut loaders: HashMap<String, (&Facts, u32)> = HashMap::new();
    for facts in &read.texts {
        facts.loads.iter().for_each(|(line, library)| {
            loaders.entry(without_machine(library)).or_insert((facts, *line));
        });
    }
    for (stem, (runs, members)) in &sets {
        let lacking = Targets::ALL.without(*runs);
        let loader = loaders.get(stem).filter(|(facts, _)| facts.class.role == Role::Product && !lacking.is_empty());
        if let Some((facts, line)) = loader {
            let hit = sign(
                *line,
                "jni",
                true,
                lacking,
                "loads a native library that is not there for this CPU",
                stem.as_bytes(),
            );
            places.push(Place { path: facts.path.clone(), hit, blocked: lacking });
        }
        for (path, binary) in members.iter().filter_map(|index| read.binaries.get(*index)) {
            let class = classify(path);
            let kind = if path.contains(".jar!") {
                "jar-native"
            } else if path.ends_with(".node") {
                "node-addon"
            } else if path.contains(".whl!") {
                "python-wheel"
            } else {
                "prebuilt-binary"
            };
            // Where the set has a member that runs somewhere, the siblings are no fault by themselves.
            let alone = loader.is_none() && runs.is_empty() && stops(class.role);
            let hit =
                sign(0, kind, alone, lacking, "machine code for another CPU or system", binary.machine.as_bytes());
            let blocked = if alone && (binary.linux || members.len() == 1) { lacking } else { Targets::NONE };
            places.push(Place { path: path.clone(), hit, blocked });
        }
    }
}

fn group(places: &[Place]) -> (Vec<Finding>, Vec<Group>) {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    let mut findings = Vec::new();
    for place in places {
        let folder = place.path.split("!/").next().unwrap_or(&place.path).split('/').rev().skip(1).last().unwrap_or("");
        let id = format!("{}:{}", place.hit.kind, folder);
        let blocker = !place.blocked.is_empty();
        let group = groups.entry(id.clone()).or_insert_with(|| Group {
            id: id.clone(),
            kind: place.hit.kind.to_owned(),
            message: place.hit.message.to_owned(),
            places: 0,
            blockers: 0,
            person_days: 0.0,
            effort: String::new(),
        });
        group.places += 1;
        if blocker {
            group.person_days += f64::from(if group.blockers == 0 { place.hit.days[0] } else { place.hit.days[1] });
            group.blockers += 1;
        }
        let guard = place.hit.guard.as_deref().map(|guard| format!(" [if {guard}]")).unwrap_or_default();
        let concerned = if blocker { place.blocked } else { place.hit.targets };
        findings.push(Finding {
            path: place.path.clone(),
            line: place.hit.line,
            kind: place.hit.kind.to_owned(),
            targets: concerned.iter().map(|target| target.name().to_owned()).collect(),
            blocker,
            message: place.hit.message.to_owned(),
            evidence: format!("{}{guard}", place.hit.found),
            group: id,
        });
    }
    let groups = groups.into_values().map(|mut group| {
        group.person_days = (group.person_days * 100.0).round() / 100.0;
        group.effort = if group.person_days < 0.5 {
            "small"
        } else if group.person_days < 5.0 {
            "medium"
        } else {
            "large"
        }
        .to_owned();
        group
    });
    (findings, groups.collect())
}

fn verdict(target: Target, places: &[Place], native: bool, files: u64) -> Verdict {
    let mut days = 0.0;
    let mut seen: HashMap<(&str, &str), u32> = HashMap::new();
    let mut replace = false;
    for place in places.iter().filter(|place| place.blocked.has(target)) {
        let count = seen.entry((place.hit.kind, place.path.split('/').next().unwrap_or_default())).or_default();
        days += f64::from(if *count == 0 { place.hit.days[0] } else { place.hit.days[1] });
        *count += 1;
        replace |= place.hit.message.starts_with(".NET Framework");
    }
    let verdict = match days {
        _ if files == 0 => "unknown",
        _ if replace => "replace",
        days if seen.is_empty() && days == 0.0 && !native => "works",
        _ if seen.is_empty() => "rebuild",
        days if days < 5.0 => "small change",
        _ => "large change",
    };
    Verdict { verdict: verdict.to_owned(), person_days: (days * 10.0).round() / 10.0 }
}
