//! What the program is made of may be given to anybody under Apache-2.0.

use std::fs;

use serde_json::Value;

use crate::tree::{items, list, metadata, none, root};

/// Not in the tree, whatever their licence: cryptography of the system, which differs from machine to machine.
const BANNED: [&str; 3] = ["native-tls", "openssl", "openssl-sys"];

/// Whether an SPDX expression can be met with the allowed licences. `A/B` is how older packages write `A OR B`.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any_of(&words, &mut at, allowed);
    met && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = all_of(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all_of(words, at, allowed);
    }
    met
}

fn all_of(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let met = any_of(words, at, allowed);
        *at += 1;
        return met;
    }
    // An exception only adds to what one may do.
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    allowed.iter().any(|licence| licence == word)
}

#[test]
fn every_package_has_an_allowed_licence() {
    let metadata = metadata();
    let allowed = list("licences.txt");
    let mut wrong = Vec::new();
    for package in items(&metadata["packages"]) {
        let (name, version) = (package["name"].as_str().unwrap(), package["version"].as_str().unwrap());
        match package["license"].as_str() {
            Some(expression) if is_met(expression, &allowed) => {}
            Some(expression) => wrong.push(format!("{name} {version}: {expression}")),
            None => wrong.push(format!("{name} {version}: no licence named")),
        }
        if BANNED.contains(&name) {
            wrong.push(format!("{name} {version} is banned"));
        }
    }
    none("packages that may not be used (tests/house/licences.txt lists the allowed licences)", &wrong);
}

#[test]
fn every_package_of_the_pages_has_an_allowed_licence() {
    let allowed = list("licences.txt");
    let mut wrong = Vec::new();
    for lock in ["web/package-lock.json", "tests/browser/package-lock.json"] {
        let lock_file: Value = serde_json::from_str(&fs::read_to_string(root().join(lock)).unwrap()).unwrap();
        for (place, package) in lock_file["packages"].as_object().unwrap() {
            let licence = package["license"].as_str().unwrap_or("no licence named");
            if !is_met(licence, &allowed) {
                wrong.push(format!("{lock}: {place}: {licence}"));
            }
        }
    }
    none("npm packages that may not be used", &wrong);
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned(), "Apache-2.0".to_owned()];
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("MIT/GPL-3.0-only", true),
        ("(GPL-3.0-only OR MIT) AND Unicode-3.0", true),
        ("(GPL-3.0-only OR LGPL-3.0-only) AND Unicode-3.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("MIT AND", false),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}
