//! npm, Yarn, pnpm.

use serde_json::Value;

use super::{Ecosystem, Named, Places};

fn document(text: &str) -> Option<Value> {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
}

/// What a project asks for; the versions are ranges unless they are exact.
pub(super) fn package(text: &str) -> Vec<Named> {
    let Some(document) = document(text) else { return Vec::new() };
    let places = Places::new(text);
    let mut found = Vec::new();
    for (section, development) in [("dependencies", false), ("optionalDependencies", false), ("devDependencies", true)]
    {
        for (name, value) in document.get(section).and_then(Value::as_object).into_iter().flatten() {
            let mut named = Named::new(Ecosystem::Npm, name, value.as_str().unwrap_or_default(), places.of(name));
            named.development = development;
            found.push(named);
        }
    }
    found
}

/// Lock files of npm, versions 1 to 3.
pub(super) fn package_lock(text: &str) -> Vec<Named> {
    let Some(document) = document(text) else { return Vec::new() };
    let places = Places::new(text);
    let mut found = Vec::new();
    if let Some(packages) = document.get("packages").and_then(Value::as_object) {
        for (path, value) in packages.iter().filter(|(path, _)| !path.is_empty()) {
            let Some((_, name)) = path.rsplit_once("node_modules/") else { continue };
            found.push(one(name, value, places.of(path)));
        }
        return found;
    }
    let mut open: Vec<&Value> = vec![&document];
    while let Some(value) = open.pop() {
        for (name, inner) in value.get("dependencies").and_then(Value::as_object).into_iter().flatten() {
            found.push(one(name, inner, places.of(name)));
            if found.len() < super::MOST {
                open.push(inner);
            }
        }
    }
    found
}

fn one(name: &str, value: &Value, line: u32) -> Named {
    let version = value.get("version").and_then(Value::as_str).unwrap_or_default();
    let mut named = Named::new(Ecosystem::Npm, name, version, line);
    named.development = value.get("dev").and_then(Value::as_bool).unwrap_or(false);
    named
}

/// `name@range, name@range:` and `version "1.0"` below it; later versions of Yarn write `version: 1.0`.
pub(super) fn yarn(text: &str) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        if !line.starts_with([' ', '#']) && line.ends_with(':') {
            let first =
                line.trim_end_matches(':').trim_matches('"').split(", ").next().unwrap_or_default().trim_matches('"');
            let at = first.char_indices().skip(1).find(|(_, letter)| *letter == '@').map_or(first.len(), |(at, _)| at);
            found.push(Named::new(Ecosystem::Npm, &first[..at], "", number));
        } else if let Some(version) = line.strip_prefix("  version").filter(|rest| rest.starts_with([' ', ':']))
            && let Some(named) = found.last_mut().filter(|named| named.version.is_empty())
        {
            version.trim_matches([' ', ':', '"']).clone_into(&mut named.version);
        }
    }
    found.retain(|named| !named.name.starts_with("__"));
    found
}

/// Keys under `packages:`: `/name@1.0:` and `/name/1.0:` of older versions, `name@1.0:` of later ones.
pub(super) fn pnpm(text: &str) -> Vec<Named> {
    let mut inside = false;
    let mut found = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        if !line.starts_with(' ') && !line.is_empty() {
            inside = line.trim_end() == "packages:";
            continue;
        }
        let Some(key) = line.strip_prefix("  ").filter(|rest| inside && !rest.starts_with(' ')) else { continue };
        let key = key.trim_end().trim_end_matches(':').trim_matches('\'').trim_start_matches('/');
        let key = key.split('(').next().unwrap_or(key);
        let at = key.char_indices().skip(1).filter(|(_, letter)| *letter == '@').last().map(|(at, _)| at);
        let Some((name, version)) = at.map(|at| (&key[..at], &key[at + 1..])).or_else(|| key.rsplit_once('/')) else {
            continue;
        };
        found.push(Named::new(Ecosystem::Npm, name, version.split('_').next().unwrap_or(version), number));
    }
    found
}
