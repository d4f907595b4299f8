//! The bill of materials that `packaging/sbom` writes.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::tree::{items, metadata, root};

fn bill() -> Vec<u8> {
    let out = Command::new(root().join("packaging/sbom")).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

/// Name and version of each package that `cargo tree` prints for the program, without what only tests use.
fn tree(edges: &str) -> BTreeSet<(String, String)> {
    let arguments = ["tree", "--locked", "--offline", "-p", "jinmen", "--prefix", "none", "--edges", edges, "--target"];
    let out = Command::new("cargo")
        .args(arguments)
        .args(["x86_64-unknown-linux-gnu", "--format", "{p}"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let lines = String::from_utf8(out.stdout).unwrap();
    let package = |line: &str| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.trim_start_matches('v').to_owned()))
    };
    lines.lines().filter_map(package).collect()
}

#[test]
fn the_bill_of_materials_names_all_that_is_built_into_the_program_and_nothing_that_only_tests_use() {
    let bytes = bill();
    assert_eq!(bytes, bill(), "two runs give the same bytes");
    let bill: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
    let word = |component: &Value, field: &str| component[field].as_str().unwrap().to_owned();
    let crates: BTreeMap<(String, String), &Value> = items(&bill["components"])
        .iter()
        .filter(|component| word(component, "purl").starts_with("pkg:cargo/"))
        .map(|component| ((word(component, "name"), word(component, "version")), component))
        .collect();
    let mut all = tree("normal,build");
    all.retain(|(name, _)| name != "jinmen");
    assert_eq!(crates.keys().cloned().collect::<BTreeSet<_>>(), all);
    let names: BTreeSet<&str> = crates.keys().map(|(name, _)| name.as_str()).collect();
    assert!(!names.contains("proptest"));
    let known = metadata();
    let own: BTreeSet<&str> = items(&known["packages"])
        .iter()
        .filter(|package| package["source"].is_null())
        .filter_map(|package| package["name"].as_str())
        .collect();
    for ((name, _), component) in &crates {
        assert!(component["licenses"][0]["expression"].is_string(), "{name}");
        assert!(own.contains(name.as_str()) || component["hashes"][0]["alg"] == "SHA-256", "{name}");
    }
    let runs =
        |name: &str| items(&bill["components"]).iter().any(|one| one["name"] == name && one["scope"] == "required");
    assert!(runs("axum") && runs("sqlx") && runs("htmx.org") && !runs("serde_derive") && !runs("esbuild"));
}
