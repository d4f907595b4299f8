//! What a package lacks on a target, and who uses it from other packages.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::GoFile;
use super::body::Body;
use crate::target::Targets;

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

/// What the files of a package declare together, by name: looked up for every use, so that many names cost no more than each.
#[derive(Default)]
struct Index<'a> {
    /// Where a function has a body, and where it is declared without one.
    bodies: HashMap<&'a str, Targets>,
    bodiless: HashMap<&'a str, Targets>,
    /// Where files are built that have a function, or a method, which does not only refuse; each of these sets once.
    whole: HashMap<&'a str, Vec<Targets>>,
    methods: HashMap<&'a str, Vec<Targets>>,
    /// Places in the package of the files that declare a name.
    owners: HashMap<&'a str, Vec<usize>>,
}

fn once<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

impl<'a> Index<'a> {
    fn new(files: &Package<'a>) -> Self {
        let mut index = Index::default();
        for (place, (_, file)) in files.iter().enumerate() {
            for (name, _, body) in &file.functions {
                let known = if *body == Body::None { &mut index.bodiless } else { &mut index.bodies };
                let entry = known.entry(name).or_default();
                *entry = entry.or(file.built);
                if !matches!(body, Body::Refuses(_)) {
                    once(index.whole.entry(name).or_default(), file.built);
                }
            }
            for (name, ..) in file.methods.iter().filter(|(.., body)| *body == Body::Whole) {
                once(index.methods.entry(name).or_default(), file.built);
            }
            for name in file.functions.iter().map(|(name, ..)| name).chain(&file.others) {
                let owners = index.owners.entry(name).or_default();
                // Files come one after the other.
                if owners.last() != Some(&place) {
                    owners.push(place);
                }
            }
        }
        index
    }

    fn bodies(&self, name: &str) -> Targets {
        self.bodies.get(name).copied().unwrap_or_default()
    }

    fn declares(&self, place: usize, name: &str) -> bool {
        self.owners.get(name).is_some_and(|owners| owners.binary_search(&place).is_ok())
    }

    /// Where a file calls a function of its package that is declared without a body and has no assembly.
    fn bodiless(&self, place: usize, file: &GoFile, name: &str) -> Targets {
        match self.bodiless.get(name) {
            Some(without) if !self.declares(place, name) => file.built.and(*without).without(self.bodies(name)),
            _ => Targets::NONE,
        }
    }

    /// Where each name is declared.
    fn existing(&self, files: &Package<'a>) -> HashMap<&'a str, Targets> {
        let mut found: HashMap<&str, Targets> = HashMap::new();
        for (_, file) in files {
            for (name, _, body) in &file.functions {
                // A declaration without a body is there where some file has the body.
                let bodies = if *body == Body::None { self.bodies(name) } else { Targets::ALL };
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
}

/// Whether a file that is built elsewhere than this one has something whole.
fn twin(whole: &HashMap<&str, Vec<Targets>>, file: &GoFile, name: &str) -> bool {
    whole.get(name).is_some_and(|built| built.iter().any(|built| *built != file.built))
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
        packages.iter().map(|(folder, files)| (*folder, Index::new(files).existing(files))).collect();
    for (folder, files) in packages {
        let Some(there) = there.get(folder) else { continue };
        let names = Index::new(files);
        for (place, (index, file)) in files.iter().enumerate() {
            for (name, line, body) in &file.functions {
                match body {
                    Body::None => {
                        note(*index, *line, file.built.without(names.bodies(name)), "go-stub", name);
                    }
                    Body::Refuses(line) if file.cpu && twin(&names.whole, file, name) => {
                        note(*index, *line, file.built, "go-stub", name)
                    }
                    _ => {}
                }
            }
            for (name, _, body) in &file.methods {
                if let Body::Refuses(line) = body
                    && file.cpu
                    && twin(&names.methods, file, name)
                {
                    note(*index, *line, file.built, "go-stub", name);
                }
            }
            // A file for other CPUs whose `init` refuses stops every program that has the package.
            if file.stops > 0 && file.cpu && files.iter().any(|(_, other)| other.built != file.built) {
                note(*index, file.stops, file.built, "go-stub", "init");
            }
            for (name, line) in &file.uses {
                let bodiless = names.bodiless(place, file, name);
                note(*index, *line, bodiless, "go-stub", name);
                let lacking = there.get(&**name).map_or(Targets::NONE, |there| file.built.without(*there));
                if lacking.is_empty() || names.declares(place, name) {
                    continue;
                }
                note(*index, *line, lacking, "go-build-tag", name);
                // The file that has it for one CPU alone is the root.
                let owners = names.owners.get(&**name).into_iter().flatten().filter_map(|owner| files.get(*owner));
                for (other, owner) in owners.filter(|(_, owner)| owner.built != Targets::ALL) {
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

/// The name that a package mostly has whose repository is called so: `github.com/a/go-b`, `github.com/a/b-go`, `gopkg.in/a/b.v2`,
/// `github.com/a/b/v2`.
fn bare(import: &str) -> &str {
    let version =
        |text: &str| text.strip_prefix('v').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let import = import.rsplit_once('/').filter(|(_, last)| version(last)).map_or(import, |(before, _)| before);
    let name = import.rsplit('/').next().unwrap_or(import);
    let name = name.rsplit_once(".v").map_or(name, |(before, _)| before);
    let name = name.strip_prefix("go-").or_else(|| name.strip_prefix("go.")).unwrap_or(name);
    name.strip_suffix("-go").or_else(|| name.strip_suffix(".go")).unwrap_or(name)
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
            let Some(folders) =
                by_name.get(import.rsplit('/').next().unwrap_or(import)).or_else(|| by_name.get(bare(import)))
            else {
                continue;
            };
            let meant = folders.iter().filter(|folder| {
                let (one, other) = (format!("/{import}"), format!("/{folder}"));
                if folder.is_empty() {
                    let parts = import.matches('/').count();
                    return import.contains('.')
                        && (parts == 2 || parts == 3 && bare(import) != import.rsplit('/').next().unwrap_or(import));
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
