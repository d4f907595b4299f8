//! Who may use whom. A crate uses the floors below its own; on its own floor, what `edges.txt` lists.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::tree::{files, items, list, metadata, none, text};

/// From the ground up; `tests` stands beside the house and may look at everything.
const FLOORS: [&str; 5] = ["engines", "platform", "modules", "app", "tests"];

/// Every crate of these floors may use this one of its own floor.
const COMMON: [(&str, &str); 2] = [("engines", "codes"), ("platform", "jinmen-core")];

/// What pure computing has no business with: a runtime, a network, a database.
const NOT_IN_ENGINES: [&str; 12] = [
    "async-std",
    "async-trait",
    "axum",
    "futures-util",
    "hyper",
    "lettre",
    "mio",
    "reqwest",
    "smol",
    "sqlx",
    "sqlx-core",
    "tokio",
];

struct Crate {
    name: String,
    id: String,
    floor: usize,
    /// Names of the workspace's crates it uses, with those its tests use marked.
    uses: Vec<(String, bool)>,
}

fn crates(metadata: &Value) -> Vec<Crate> {
    let root = metadata["workspace_root"].as_str().unwrap();
    let members: BTreeSet<&str> = items(&metadata["workspace_members"]).iter().filter_map(Value::as_str).collect();
    let packages: Vec<&Value> = items(&metadata["packages"])
        .iter()
        .filter(|package| members.contains(package["id"].as_str().unwrap()))
        .collect();
    let ours: BTreeSet<&str> = packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    packages
        .iter()
        .map(|package| {
            let manifest = package["manifest_path"].as_str().unwrap();
            let place = manifest.strip_prefix(root).unwrap().trim_start_matches('/');
            let floor = FLOORS.iter().position(|floor| place.starts_with(&format!("{floor}/")));
            let name = package["name"].as_str().unwrap().to_owned();
            let uses = items(&package["dependencies"])
                .iter()
                .filter(|dependency| dependency["name"].as_str().is_some_and(|name| ours.contains(name)))
                .map(|dependency| (dependency["name"].as_str().unwrap().to_owned(), dependency["kind"] == "dev"))
                .collect();
            Crate {
                floor: floor.unwrap_or_else(|| panic!("{place} stands on no floor")),
                id: package["id"].as_str().unwrap().to_owned(),
                name,
                uses,
            }
        })
        .collect()
}

/// The edges of `edges.txt` and what follows from them: whoever may use a crate may use what that crate uses.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in list("edges.txt") {
        let (from, to) = line.split_once(" -> ").unwrap_or_else(|| panic!("edges.txt: {line} is not `one -> other`"));
        edges.entry(from.trim().to_owned()).or_default().insert(to.trim().to_owned());
    }
    loop {
        let before: usize = edges.values().map(BTreeSet::len).sum();
        for from in edges.keys().cloned().collect::<Vec<_>>() {
            let further: BTreeSet<String> =
                edges[&from].iter().filter_map(|to| edges.get(to)).flatten().cloned().collect();
            edges.entry(from).or_default().extend(further);
        }
        if edges.values().map(BTreeSet::len).sum::<usize>() == before {
            return edges;
        }
    }
}

#[test]
fn a_crate_uses_the_floors_below_and_on_its_own_what_is_listed() {
    let metadata = metadata();
    let crates = crates(&metadata);
    let floor_of: BTreeMap<&str, usize> = crates.iter().map(|one| (one.name.as_str(), one.floor)).collect();
    let allowed = allowed();
    let mut wrong = Vec::new();
    for one in &crates {
        for (used, by_tests) in &one.uses {
            let common = COMMON.iter().any(|(floor, name)| FLOORS[one.floor] == *floor && name == used);
            let listed = allowed.get(&one.name).is_some_and(|edges| edges.contains(used));
            let by = if *by_tests { " (its tests)" } else { "" };
            match floor_of[used.as_str()] {
                floor if floor < one.floor => {}
                floor if floor > one.floor => {
                    wrong.push(format!("{}{by} uses {used}, which stands above it", one.name))
                }
                _ if common || listed => {}
                _ => wrong
                    .push(format!("{}{by} uses {used}; if that is right, list it in tests/house/edges.txt", one.name)),
            }
        }
    }
    none("edges that are not allowed", &wrong);
}

#[test]
fn the_listed_edges_run_on_one_floor_and_without_a_circle() {
    let metadata = metadata();
    let crates = crates(&metadata);
    let floor_of: BTreeMap<&str, usize> = crates.iter().map(|one| (one.name.as_str(), one.floor)).collect();
    let mut wrong = Vec::new();
    for (from, targets) in allowed() {
        if targets.contains(&from) {
            wrong.push(format!("{from} comes to use itself"));
        }
        for to in &targets {
            match (floor_of.get(from.as_str()), floor_of.get(to.as_str())) {
                (Some(one), Some(other)) if one == other => {}
                (Some(_), Some(_)) => wrong.push(format!("{from} -> {to} crosses floors and needs no line")),
                _ => wrong.push(format!("{from} -> {to} names a crate that does not exist")),
            }
        }
    }
    none("tests/house/edges.txt", &wrong);
}

#[test]
fn engines_are_pure_computing() {
    let metadata = metadata();
    let nodes: BTreeMap<&str, &Value> =
        items(&metadata["resolve"]["nodes"]).iter().map(|node| (node["id"].as_str().unwrap(), node)).collect();
    let names: BTreeMap<&str, &str> = items(&metadata["packages"])
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package["name"].as_str().unwrap()))
        .collect();
    let mut wrong = Vec::new();
    for engine in crates(&metadata).iter().filter(|one| FLOORS[one.floor] == "engines") {
        let mut seen = BTreeSet::new();
        let mut open = vec![engine.id.as_str()];
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            if NOT_IN_ENGINES.contains(&names[id]) {
                wrong.push(format!("{} comes to depend on {}", engine.name, names[id]));
            }
            open.extend(
                items(&nodes[id]["deps"]).iter().filter(|dep| is_for_use(dep)).filter_map(|dep| dep["pkg"].as_str()),
            );
        }
    }
    none("engines with a runtime, a network or a database", &wrong);
}

#[test]
fn engines_ask_the_machine_for_nothing() {
    let mut wrong = Vec::new();
    for path in files("engines").iter().filter(|path| path.components().any(|part| part.as_os_str() == "src")) {
        let source = text(path).unwrap_or_default();
        for asked in ["std::fs", "std::net", "std::process", "std::env::var", "SystemTime", "Instant::now"] {
            if source.contains(asked) {
                wrong.push(format!("{} uses {asked}", path.display()));
            }
        }
    }
    none("engines that read files, clocks or the network", &wrong);
}

/// Not only for tests, and not only for WebAssembly, which no build of the program is for: a library that also runs in
/// browsers names their bindings, and with them futures, for that target alone.
fn is_for_use(dep: &Value) -> bool {
    let for_browsers =
        |kind: &Value| kind["target"].as_str().is_some_and(|on| on.starts_with("cfg(all(target_family = \"wasm\""));
    items(&dep["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev" && !for_browsers(kind))
}
