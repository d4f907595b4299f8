//! From a path to a report.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::binary::{self, Binary};
use crate::build::Mention;
use crate::classify::{Role, classify};
use crate::report::{Component, Examined, Finding, Group, NotExamined, Report, Verdict};
use crate::scan::{Facts, Hit, readable, scan, sign, stops};
use crate::target::{Target, Targets};
use crate::walk::{self, LARGEST, Visit};
use crate::{class, deps, dotnet, family, natives, systems};

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
pub(crate) struct Read {
    pub texts: Vec<Facts>,
    pub binaries: Vec<(String, Binary)>,
    /// What build files add, with the folder of each build file.
    pub mentions: Vec<(String, Vec<Mention>)>,
    /// Archives that are drivers of foreign databases by their names.
    drivers: Vec<(String, &'static str)>,
    /// What manifests and lock files name.
    named: Vec<(String, Vec<deps::Named>)>,
    skipped: Vec<NotExamined>,
    examined: Examined,
}

/// Drivers of databases as they are copied into trees, by the beginnings of their files' names.
const DRIVERS: [(&str, &str); 16] = [
    ("mysql-connector", "MySQL"),
    ("ojdbc", "Oracle"),
    ("classes12", "Oracle"),
    ("orai18n", "Oracle"),
    ("sqljdbc", "SQL Server"),
    ("mssql-jdbc", "SQL Server"),
    ("jtds", "SQL Server"),
    ("msbase", "SQL Server"),
    ("mssqlserver", "SQL Server"),
    ("db2jcc", "DB2"),
    ("mariadb-java-client", "MariaDB"),
    ("jconn", "Sybase"),
    ("ifxjdbc", "Informix"),
    ("mysql.data", "MySQL"),
    ("oracle.dataaccess", "Oracle"),
    ("oracle.manageddataaccess", "Oracle"),
];

/// Which foreign database a library by this name is for.
fn driver(path: &str) -> Option<&'static str> {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path).to_ascii_lowercase();
    let library = [".jar", ".dll"].iter().any(|end| name.ends_with(end));
    DRIVERS.iter().find(|(start, _)| library && name.starts_with(start)).map(|(_, named)| *named)
}

/// Drivers of foreign databases that lie in the tree as libraries.
fn drivers(read: &Read, places: &mut Vec<Place>) {
    let binaries = read.binaries.iter().filter_map(|(path, _)| driver(path).map(|named| (path.clone(), named)));
    for (path, named) in read.drivers.iter().cloned().chain(binaries) {
        // What configures it is the place; the library beside it is exchanged with it.
        let mut hit = sign(0, "db-driver", false, Targets::ALL, DRIVER, named.as_bytes());
        hit.profile = "database";
        places.push(Place { path, hit, blocked: Targets::NONE });
    }
}

const DRIVER: &str = "driver of a foreign database; DM, KingbaseES and openGauss have their own";

impl Read {
    /// A class file: what its constants say, at the file as a whole.
    fn class(&mut self, path: &str, bytes: &[u8]) {
        let shipped = classify(path).role == Role::Product;
        let loads = || {
            [b"loadLibrary".as_slice(), b"com/sun/jna/Native"]
                .iter()
                .any(|word| memchr::memmem::find(bytes, word).is_some())
        };
        // Of a library's classes those matter that load machine code.
        if !shipped && !loads() {
            return;
        }
        let text = match class::as_java(bytes) {
            Ok(text) => text,
            Err(error) => return self.skipped(path, "damaged", &error),
        };
        let source = format!("{}.java", path.strip_suffix(".class").unwrap_or(path));
        let mut facts = scan(&source, text.as_bytes());
        path.clone_into(&mut facts.path);
        // A class tells what is used, not what for.
        facts.hits.retain(|hit| hit.blocker && hit.kind != "foreign-crypto");
        facts.links = crate::scan::Links::default();
        facts.hits.iter_mut().for_each(|hit| hit.line = 0);
        facts.hits.sort_by(|one, other| (one.kind, one.message).cmp(&(other.kind, other.message)));
        facts.hits.dedup_by(|next, kept| next.kind == kept.kind && std::ptr::eq(next.message, kept.message));
        facts.loads.iter_mut().for_each(|load| load.line = 0);
        if !facts.hits.is_empty() || !facts.loads.is_empty() {
            self.texts.push(facts);
        }
    }
}

impl Visit for Read {
    fn file(&mut self, path: &str, bytes: &[u8]) {
        self.examined.files += 1;
        self.examined.bytes += bytes.len() as u64;
        if let Some(read) = binary::read(bytes) {
            match read {
                Ok(mut binary) => {
                    // Android and the BSDs use the same format for other systems.
                    if path
                        .to_ascii_lowercase()
                        .split(['/', '-', '_', '!'])
                        .any(|word| matches!(word, "android" | "openbsd" | "freebsd" | "sunos"))
                    {
                        binary.runs = Targets::NONE;
                        binary.linux = false;
                    }
                    self.binaries.push((path.to_owned(), binary));
                }
                Err(error) => self.skipped(path, "damaged", &error),
            }
            return;
        }
        if let Some(binary) = binary::installer(path, bytes) {
            self.binaries.push((path.to_owned(), binary));
            return;
        }
        if class::is(bytes) {
            self.class(path, bytes);
            return;
        }
        if path.contains(".lib!/")
            && let Some(binary) = binary::coff(bytes)
        {
            self.binaries.push((path.to_owned(), binary));
            return;
        }
        let text = readable(bytes);
        let named = deps::read(path, &text);
        let manifest = !named.is_empty();
        if manifest {
            self.named.push((path.to_owned(), named));
        }
        if memchr::memchr(0, &text[..text.len().min(8192)]).is_some() {
            if classify(path).language != "data" {
                self.skipped(path, "binary", "data of a kind without a reader");
            }
            return;
        }
        let mut facts = scan(path, &text);
        if facts.class.language == "other" && !bytes.is_empty() && !manifest {
            self.skipped(path, "language", "a language without a reader");
        }
        if !facts.links.mentions.is_empty() || facts.class.language == "build" {
            self.mentions.push((path.to_owned(), std::mem::take(&mut facts.links.mentions)));
        }
        if facts.matters() {
            self.texts.push(facts);
        }
    }

    fn archive(&mut self, path: &str) {
        if let Some(named) = driver(path) {
            self.drivers.push((path.to_owned(), named));
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
        all.mentions.extend(part.mentions);
        all.drivers.extend(part.drivers);
        all.named.extend(part.named);
        all.skipped.extend(part.skipped);
        all.examined.files += part.examined.files;
        all.examined.bytes += part.examined.bytes;
    }
    let sources: HashSet<&str> = tree
        .names()
        .iter()
        .filter_map(|name| {
            name.rsplit('/').next()?.strip_suffix(".java").or_else(|| name.rsplit('/').next()?.strip_suffix(".kt"))
        })
        .collect();
    // A class whose source is read says nothing more.
    all.texts.retain(|facts| {
        let name = facts.path.rsplit('/').next().and_then(|name| name.strip_suffix(".class"));
        name.is_none_or(|name| !sources.contains(name.split('$').next().unwrap_or(name)))
    });
    all.texts.sort_by(|one, other| one.path.cmp(&other.path));
    all.binaries.sort_by(|one, other| one.0.cmp(&other.0));
    all.mentions.sort_by(|one, other| one.0.cmp(&other.0));
    all.drivers.sort();
    all.named.sort_by(|one, other| one.0.cmp(&other.0));
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
pub(crate) struct Place {
    pub path: String,
    pub hit: Hit,
    pub blocked: Targets,
}

fn judge(name: String, mut read: Read, options: &Options) -> Report {
    let chosen: Targets = options.targets.iter().copied().collect();
    let mut places = Vec::new();
    samples(&mut read);
    paged(&mut read.texts);
    purposes(&mut read.texts);
    family::c(&read, &mut places);
    family::rust(&read.texts, &mut places);
    family::go(&read.texts, &mut places);
    others(&read.texts, &mut places);
    dotnet::calls(&read.texts, &mut places);
    windows_builds(&read, &mut places);
    natives::find(&read, &mut places);
    drivers(&read, &mut places);
    systems::find(&read, &mut places);
    let components = deps::components(&read.named);
    let portless = without_port(&read, &mut places).and(chosen);
    dependencies(&components, &mut places);
    requirers(&read.texts, &mut places);
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
        .map(|target| {
            let files = if portless.has(*target) { 0 } else { read.examined.files };
            (target.name().to_owned(), verdict(*target, &places, native, files))
        })
        .collect();
    Report {
        root: name,
        targets: options.targets.iter().map(|target| target.name().to_owned()).collect(),
        findings,
        groups,
        verdicts,
        not_examined: read.skipped,
        examined: read.examined,
        components,
    }
}

/// Languages of the product that are published for no old world of Loongson and no Sunway: nobody can say how much work is left.
fn without_port(read: &Read, places: &mut Vec<Place>) -> Targets {
    let none = Targets::NONE.with(Target::Loongarch64Abi1).with(Target::Sw64);
    let mut found = Targets::NONE;
    for (language, manifest, kind, message) in [
        ("rust", "Cargo.toml", "rust-cfg", "no Rust target exists for this CPU"),
        ("go", "go.mod", "go-build-tag", "Go has no port to this CPU"),
    ] {
        let mut own =
            read.texts.iter().filter(|facts| facts.class.language == language && facts.class.role == Role::Product);
        let Some(first) = own.next() else { continue };
        let named = read.named.iter().map(|(path, _)| path).filter(|path| path.rsplit('/').next() == Some(manifest));
        let path = named.min_by_key(|path| (path.matches('/').count(), path.len())).unwrap_or(&first.path).clone();
        let hit = sign(0, kind, false, none, message, b"");
        places.push(Place { path, hit, blocked: Targets::NONE });
        found = none;
    }
    found
}

/// Packages that the catalogue knows to lack a CPU, at the lines that name them.
fn dependencies(components: &[Component], places: &mut Vec<Place>) {
    for component in components {
        let Some(lack) = deps::lacking(component) else { continue };
        for seen in &component.places {
            let stop = !lack.optional && !component.development && stops(classify(&seen.path), "os");
            let mut hit = sign(seen.line, lack.kind, stop, lack.targets, lack.advice, b"");
            hit.found = lack.evidence.as_str().into();
            let blocked = if stop && !lack.targets.unpublished() { lack.targets } else { Targets::NONE };
            places.push(Place { path: seen.path.clone(), hit, blocked });
        }
    }
}

/// Samples that the build of what surrounds them makes are the product's own, and so is everything where nothing else is.
fn samples(read: &mut Read) {
    let code =
        |facts: &&Facts| !matches!(facts.class.language, "document" | "config" | "data" | "build" | "markup" | "style");
    let (mut product, mut sample) = (0_usize, 0_usize);
    for facts in read.texts.iter().filter(code) {
        match facts.class.role {
            Role::Product => product += 1,
            Role::Sample => sample += 1,
            _ => {}
        }
    }
    let alone = product * 10 < sample;
    // Folders that build files outside of them add, in no branch.
    let mut made: HashSet<String> = HashSet::new();
    for (path, mentions) in &read.mentions {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for mention in mentions.iter().filter(|mention| mention.targets == Targets::ALL && !mention.probed) {
            if let Some(name) = mention.name.strip_suffix('/') {
                made.insert(natives::resolve(folder, name));
            }
        }
    }
    for facts in read.texts.iter_mut().filter(|facts| facts.class.role == Role::Sample) {
        let built = facts.path.match_indices('/').any(|(at, _)| made.contains(&facts.path[..at]));
        if alone || (built && matches!(facts.class.language, "c" | "asm")) {
            facts.class.role = Role::Product;
        }
    }
}

/// A page's size matters in packages of Go and crates of Rust that map memory.
fn paged(texts: &mut [Facts]) {
    let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let maps: HashSet<String> = texts.iter().filter(|facts| facts.maps).map(|facts| folder(&facts.path)).collect();
    for facts in texts.iter_mut().filter(|facts| matches!(facts.class.language, "go" | "rust")) {
        if !maps.contains(&folder(&facts.path)) {
            facts.hits.retain(|hit| hit.kind != "page-size");
        }
    }
}

/// Digests whose purpose stands in other files: they guard where a caller gives them passwords.
fn purposes(texts: &mut [Facts]) {
    let secured: HashSet<Box<str>> = texts
        .iter()
        .filter(|facts| stops(facts.class, "crypto"))
        .flat_map(|facts| facts.links.secured.iter().cloned())
        .collect();
    for facts in texts.iter_mut().filter(|facts| !facts.links.pending.is_empty()) {
        let name = facts.path.rsplit('/').next().unwrap_or(&facts.path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let whole = secured.contains(stem) && matches!(facts.class.language, "java" | "dotnet" | "php");
        for pending in &facts.links.pending {
            if whole || secured.contains(&pending.within) {
                facts
                    .hits
                    .iter_mut()
                    .filter(|hit| hit.line == pending.line && hit.kind == "foreign-crypto")
                    .for_each(|hit| hit.blocker = true);
            }
        }
    }
}

/// Where a hit stops the product, by role, path and guard.
pub(crate) fn blocked(facts: &Facts, hit: &Hit) -> Targets {
    if !hit.blocker || !stops(facts.class, hit.profile) {
        return Targets::NONE;
    }
    // A path that names a machine says where the file is used; programs of .NET and Java are one for all machines.
    if facts.class.language == "go" {
        return hit.targets;
    }
    let lower = facts.path.to_ascii_lowercase();
    if hit.profile == "os"
        && facts.class.language == "java"
        && lower.split('/').any(|part| matches!(part, "win32" | "win64"))
    {
        return Targets::NONE;
    }
    let bound = hit.profile == "cpu"
        || (hit.profile == "os" && !matches!(facts.class.language, "dotnet" | "java" | "xml" | "markup" | "script"));
    if bound { hit.targets.and(facts.class.place) } else { hit.targets }
}

fn others(texts: &[Facts], places: &mut Vec<Place>) {
    for facts in texts.iter().filter(|facts| !matches!(facts.class.language, "c" | "asm" | "rust")) {
        let built = facts.go.as_ref().map_or(Targets::ALL, |file| file.built);
        for hit in &facts.hits {
            places.push(Place { path: facts.path.clone(), hit: hit.clone(), blocked: blocked(facts, hit).and(built) });
        }
    }
}

/// Scripts that require, without another way, a file that loads an addon which is missing somewhere.
fn requirers(texts: &[Facts], places: &mut Vec<Place>) {
    let loading: HashMap<String, Targets> = places
        .iter()
        .filter(|place| place.hit.kind == "node-addon" && place.hit.line > 0 && !place.blocked.is_empty())
        .map(|place| (place.path.clone(), place.blocked))
        .collect();
    for facts in texts.iter().filter(|facts| stops(facts.class, "os")) {
        let folder = facts.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (line, wanted) in &facts.requires {
            let path = natives::resolve(folder, wanted);
            let found = [path.clone(), format!("{path}.js"), format!("{path}/index.js")]
                .into_iter()
                .find_map(|path| loading.get(&path).copied());
            if let Some(targets) = found {
                let hit = sign(
                    *line,
                    "node-addon",
                    true,
                    targets,
                    "requires an addon that is not there for this CPU, without another way",
                    wanted.as_bytes(),
                );
                places.push(Place { path: facts.path.clone(), hit, blocked: targets });
            }
        }
    }
}

/// Projects of Visual C++ in a tree that has no other build.
fn windows_builds(read: &Read, places: &mut Vec<Place>) {
    let portable = read.mentions.iter().any(|(path, _)| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let class = classify(path);
        class.language == "build"
            && !path.contains("!/")
            && !matches!(class.role, Role::Vendored | Role::Test)
            && (name.starts_with("CMakeLists")
                || name.to_ascii_lowercase().starts_with("makefile")
                || name.starts_with("GNUmakefile")
                || name.starts_with("configure")
                || name.starts_with("meson")
                || name.starts_with("BUILD")
                || name.starts_with("SCons")
                || [".pro", ".am", ".mk", ".gyp", ".cmake"].iter().any(|end| name.ends_with(end)))
    });
    if portable {
        return;
    }
    for facts in read.texts.iter().filter(|facts| stops(facts.class, "os")) {
        for hit in facts
            .hits
            .iter()
            .filter(|hit| hit.kind == "build-tool" && facts.class.language == "xml" && hit.profile == "os")
            .take(1)
        {
            places.push(Place { path: facts.path.clone(), hit: hit.clone(), blocked: Targets::ALL });
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
