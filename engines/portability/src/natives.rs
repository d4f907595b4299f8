//! Sets of native libraries: what lacks a member for a target, who holds it, and who loads it.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::assess::{Place, Read};
use crate::binary::Binary;
use crate::classify::{Role, classify, names_machine, without_machine};
use crate::scan::{Facts, sign};
use crate::target::Targets;

const MESSAGE: &str = "machine code for another CPU or system";

/// Archives that are shipped as one thing: what is missing is missing in the archive.
const HOLDERS: [&str; 10] = ["jar", "war", "ear", "whl", "aar", "egg", "nupkg", "apk", "a", "lib"];

/// Libraries for Java that go on without their native part.
const OPTIONAL: [&str; 12] = [
    "netty",
    "jansi",
    "jline",
    "lz4-java",
    "hawtjni",
    "tcnative",
    "transport-native",
    "wildfly_openssl",
    "conscrypt",
    "snappy_pure",
    "aircompressor",
    "brotli4j",
];

/// The innermost archive that is shipped as one thing.
fn holder(path: &str) -> Option<&str> {
    path.rmatch_indices("!/").map(|(at, _)| &path[..at]).find(|archive| {
        archive.rsplit_once('.').is_some_and(|(_, end)| HOLDERS.contains(&end.to_ascii_lowercase().as_str()))
    })
}

fn stem(path: &str) -> String {
    without_machine(path.rsplit('/').next().unwrap_or(path))
}

/// Whether a product's own or its libraries' binaries lie here.
fn shipped(path: &str) -> bool {
    matches!(classify(path).role, Role::Product | Role::Vendored)
}

pub(crate) fn find(read: &Read, places: &mut Vec<Place>) {
    let mut held: BTreeMap<&str, Vec<&(String, Binary)>> = BTreeMap::new();
    let mut loose: BTreeMap<String, Vec<&(String, Binary)>> = BTreeMap::new();
    for binary in read.binaries.iter().filter(|(_, binary)| !binary.managed) {
        match holder(&binary.0) {
            Some(holder) => held.entry(holder).or_default().push(binary),
            None => loose.entry(stem(&binary.0)).or_default().push(binary),
        }
    }
    holders(&held, places);
    let loaded = loaders(read, &held, &loose, places);
    let builds_addons = read.mentions.iter().any(|(path, _)| path.ends_with("binding.gyp"));
    for (stem, members) in &loose {
        set(members, loaded.contains(stem), builds_addons, places);
    }
}

fn runs(members: &[&(String, Binary)]) -> Targets {
    members.iter().fold(Targets::NONE, |sum, (_, binary)| sum.or(binary.runs))
}

/// Where a holder's libraries are missing: each library by itself, those left out that are optional.
fn lacking(members: &[&(String, Binary)]) -> Targets {
    let mut sets: BTreeMap<String, Targets> = BTreeMap::new();
    for (path, binary) in members
        .iter()
        .filter(|(path, _)| !OPTIONAL.iter().any(|word| path.rsplit('/').next().unwrap_or(path).contains(word)))
    {
        let entry = sets.entry(stem(path)).or_default();
        *entry = entry.or(binary.runs);
    }
    // A second library that only Windows needs is no lack beside one for Linux.
    let linux: Vec<Targets> = sets
        .iter()
        .filter(|(name, _)| members.iter().any(|(path, binary)| binary.linux && stem(path) == **name))
        .map(|(_, runs)| *runs)
        .collect();
    let counted: Vec<Targets> = if linux.is_empty() { sets.into_values().collect() } else { linux };
    counted.into_iter().fold(Targets::NONE, |sum, runs| sum.or(Targets::ALL.without(runs)))
}

fn holders(held: &BTreeMap<&str, Vec<&(String, Binary)>>, places: &mut Vec<Place>) {
    // Archives that are siblings by their names: `x-linux-aarch64.jar` beside `x-linux-x86_64.jar`.
    let mut siblings: HashMap<(String, String), Targets> = HashMap::new();
    let key = |holder: &str| {
        let (folder, name) = holder.rsplit_once('/').unwrap_or(("", holder));
        (folder.to_owned(), without_machine(name))
    };
    for (holder, members) in held {
        let entry = siblings.entry(key(holder)).or_default();
        *entry = entry.or(runs(members));
    }
    for (holder, members) in held {
        let name = holder.rsplit('/').next().unwrap_or(holder);
        let (kind, android) = kind(holder);
        let machines: Vec<String> = members
            .iter()
            .map(|(path, binary)| format!("{} ({})", path.rsplit('/').next().unwrap_or(path), binary.machine))
            .collect();
        let together = siblings.get(&key(holder)).copied().unwrap_or_default();
        let lacks = lacking(members);
        let sibling = names_machine(name) && !together.is_empty();
        let quiet = sibling || android || lacks.is_empty() || !shipped(holder);
        let mut evidence = machines.join(", ");
        evidence.truncate(evidence.char_indices().nth(200).map_or(evidence.len(), |(at, _)| at));
        let concerned = if lacks.is_empty() { Targets::ALL.without(runs(members)) } else { lacks };
        let mut hit = sign(0, kind, !quiet, concerned, MESSAGE, b"");
        hit.found = evidence.into();
        places.push(Place { path: (*holder).to_owned(), hit, blocked: if quiet { Targets::NONE } else { lacks } });
    }
}

/// The kind of a holder, and whether it is for Android alone.
fn kind(holder: &str) -> (&'static str, bool) {
    let end = holder.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match end.as_str() {
        "whl" | "egg" => ("python-wheel", false),
        "aar" | "apk" => ("nested-archive", true),
        "a" | "lib" => ("prebuilt-binary", false),
        _ if holder.contains("!/") => ("nested-archive", false),
        _ => ("jar-native", false),
    }
}

/// Lines that load a library that is there for other machines only; the sets that have one.
fn loaders(
    read: &Read,
    held: &BTreeMap<&str, Vec<&(String, Binary)>>,
    loose: &BTreeMap<String, Vec<&(String, Binary)>>,
    places: &mut Vec<Place>,
) -> HashSet<String> {
    let mut loaded = HashSet::new();
    let mut sets: HashMap<String, Targets> = HashMap::new();
    for (path, binary) in read.binaries.iter().filter(|(_, binary)| !binary.managed) {
        let entry = sets.entry(stem(path)).or_default();
        *entry = entry.or(binary.runs);
    }
    for facts in &read.texts {
        for load in &facts.loads {
            let name = without_machine(load.name.rsplit(['/', '\\']).next().unwrap_or(&load.name));
            // A string that is no call's argument counts where a set for several machines has its name.
            if load.composed && loose.get(&name).is_none_or(|members| members.len() < 3 || name.len() < 4) {
                continue;
            }
            let folder = load.name.ends_with('/');
            let lacks = match sets.get(&name).filter(|_| !folder && !name.is_empty()) {
                Some(runs) => Targets::ALL.without(*runs),
                None if load.windows => Targets::ALL,
                None if !folder => Targets::NONE,
                None => resources(&load.name, held),
            };
            if lacks.is_empty() {
                continue;
            }
            if loose.contains_key(&name) {
                loaded.insert(name);
            }
            push(
                facts,
                load.line,
                "jni",
                lacks,
                "loads a native library that is not there for this CPU",
                &load.name,
                places,
            );
        }
        addons(facts, loose, &mut loaded, places);
    }
    loaded
}

fn push(
    facts: &Facts,
    line: u32,
    kind: &'static str,
    lacks: Targets,
    message: &'static str,
    found: &str,
    places: &mut Vec<Place>,
) {
    let hit = sign(line, kind, true, lacks, message, found.as_bytes());
    let blocked = if facts.class.role == Role::Product { lacks } else { Targets::NONE };
    places.push(Place { path: facts.path.clone(), hit, blocked });
}

/// A path within archives, `/com/sun/jna/`, below which libraries lie by machine.
fn resources(name: &str, held: &BTreeMap<&str, Vec<&(String, Binary)>>) -> Targets {
    let wanted = name.trim_start_matches('/');
    if !name.ends_with('/') || wanted.matches('/').count() < 2 {
        return Targets::NONE;
    }
    // Of several archives the one with the most machines is the newest.
    held.values()
        .filter(|members| {
            members.iter().any(|(path, _)| path.rsplit("!/").next().is_some_and(|inner| inner.starts_with(wanted)))
        })
        .max_by_key(|members| members.len())
        .map_or(Targets::NONE, |members| lacking(members))
}

/// `require('./x.node')` outside a `try` that goes on, and who requires such a file.
fn addons(
    facts: &Facts,
    loose: &BTreeMap<String, Vec<&(String, Binary)>>,
    loaded: &mut HashSet<String>,
    places: &mut Vec<Place>,
) {
    let folder = facts.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for (line, wanted) in &facts.addons {
        let start = wanted.split(['$', '*']).next().unwrap_or(wanted);
        let base = resolve(folder, start.rsplit_once('/').map_or("", |(base, _)| base));
        let members: Vec<(&String, &&(String, Binary))> = loose
            .iter()
            .flat_map(|(stem, members)| members.iter().map(move |member| (stem, member)))
            .filter(|(_, (path, _))| {
                path.ends_with(".node")
                    && (path.strip_prefix(&base).is_some_and(|rest| base.is_empty() || rest.starts_with('/')))
            })
            .collect();
        if members.is_empty() {
            continue;
        }
        let lacks =
            Targets::ALL.without(members.iter().fold(Targets::NONE, |sum, (_, (_, binary))| sum.or(binary.runs)));
        members.iter().for_each(|(stem, _)| {
            loaded.insert((*stem).clone());
        });
        push(facts, *line, "node-addon", lacks, "loads an addon that is not there for this CPU", wanted, places);
    }
}

/// A path relative to a folder, without `.` and `..`.
pub(crate) fn resolve(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A set of libraries that lie in folders.
fn set(members: &[&(String, Binary)], loaded: bool, builds_addons: bool, places: &mut Vec<Place>) {
    let runs = runs(members);
    let lacks = Targets::ALL.without(runs);
    let wide = members.iter().any(|(_, binary)| binary.linux && binary.wide);
    let linux = members.iter().any(|(_, binary)| binary.linux);
    let mut folders: Vec<&str> = Vec::new();
    for (path, binary) in members {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let addon = path.ends_with(".node");
        let kind = if addon {
            "node-addon"
        } else if path.contains(".whl!") {
            "python-wheel"
        } else {
            "prebuilt-binary"
        };
        // Where the set has a member that runs somewhere, the siblings are no fault by themselves; the one for Linux is
        // what has to be replaced, and of the rest one a folder.
        let fits = if wide {
            binary.linux && binary.wide
        } else if linux {
            binary.linux
        } else {
            !folders.contains(&folder)
        };
        let object = path.ends_with(".o") || path.ends_with(".obj");
        // A tool for the desks of Windows that came with a foreign component is not the product's.
        let copied = !binary.linux && classify(path).role == Role::Vendored;
        let blocks =
            fits && shipped(path) && runs.is_empty() && !(copied || loaded || object || (addon && builds_addons));
        if blocks {
            folders.push(folder);
        }
        let mut hit = sign(0, kind, blocks, lacks, MESSAGE, binary.machine.as_bytes());
        if !binary.needed.is_empty() {
            let needed: String = binary.needed.join(", ").chars().take(160).collect();
            hit.found = format!("{}, needs {needed}", binary.machine).into();
        }
        places.push(Place { path: path.clone(), hit, blocked: if blocks { lacks } else { Targets::NONE } });
    }
}
