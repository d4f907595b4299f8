//! pip, Poetry, Pipenv, uv.

use super::{Ecosystem, Named, Places};

/// `name[extra]==1.0; marker  # comment`.
fn requirement(text: &str, line: u32) -> Option<Named> {
    let text = text.split(" #").next().unwrap_or(text).split(';').next().unwrap_or(text).trim();
    if text.is_empty() || text.starts_with(['#', '-', '.', '/']) || text.contains("://") {
        return None;
    }
    let end =
        text.find(|letter: char| !letter.is_ascii_alphanumeric() && !"._-".contains(letter)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim();
    let rest = if rest.starts_with('[') { rest.split_once(']').map_or("", |(_, rest)| rest.trim()) } else { rest };
    let version = rest.strip_prefix("===").or_else(|| rest.strip_prefix("==")).unwrap_or_default();
    let version = version.split([',', ' ', '\\']).next().unwrap_or_default();
    Some(Named::new(Ecosystem::Pypi, name, version, line))
}

pub(super) fn requirements(text: &str) -> Vec<Named> {
    (1_u32..).zip(text.lines()).filter_map(|(number, line)| requirement(line, number)).collect()
}

/// `Name:` and `Version:` of an installed package.
pub(super) fn identity(text: &str) -> Vec<Named> {
    let value = |key: &str| text.lines().take(60).find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    vec![Named::new(Ecosystem::Pypi, value("Name:"), value("Version:"), 0)]
}

pub(super) fn pipfile_lock(text: &str) -> Vec<Named> {
    let Ok(document) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    let places = Places::new(text);
    let mut found = Vec::new();
    for (section, development) in [("default", false), ("develop", true)] {
        for (name, value) in document.get(section).and_then(serde_json::Value::as_object).into_iter().flatten() {
            let version = value.get("version").and_then(serde_json::Value::as_str).unwrap_or_default();
            let mut named = Named::new(Ecosystem::Pypi, name, version.trim_start_matches("=="), places.of(name));
            named.development = development;
            found.push(named);
        }
    }
    found
}

/// `[[package]]` or `[[packages]]` of a lock file in TOML.
pub(super) fn lock(text: &str) -> Vec<Named> {
    blocks(text, Ecosystem::Pypi)
}

/// `[[package]]`, `name = "…"`, `version = "…"`, line by line: lock files are long, and a place is wanted.
pub(super) fn blocks(text: &str, ecosystem: Ecosystem) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let mut open = false;
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.trim_end();
        if line.starts_with('[') {
            open = matches!(line, "[[package]]" | "[[packages]]");
            if open {
                found.push(Named::new(ecosystem, "", "", number));
            }
            continue;
        }
        let Some(named) = found.last_mut().filter(|_| open) else { continue };
        let Some((key, value)) = line.split_once(" = ") else { continue };
        let value = value.trim().trim_matches('"');
        match key {
            "name" => {
                value.clone_into(&mut named.name);
                named.line = number;
            }
            "version" => value.clone_into(&mut named.version),
            "category" => named.development = value == "dev",
            _ => {}
        }
    }
    found
}

/// `project.dependencies` of PEP 621 and `tool.poetry.dependencies`.
pub(super) fn project(text: &str) -> Vec<Named> {
    let Ok(document) = text.parse::<toml::Table>() else { return Vec::new() };
    let places = Places::new(text);
    let mut found = Vec::new();
    let listed =
        document.get("project").and_then(|project| project.get("dependencies")).and_then(toml::Value::as_array);
    for value in listed.into_iter().flatten().filter_map(toml::Value::as_str) {
        found.extend(requirement(value, places.of(value)));
    }
    let poetry = document.get("tool").and_then(|tool| tool.get("poetry"));
    for (section, development) in [("dependencies", false), ("dev-dependencies", true)] {
        for (name, value) in
            poetry.and_then(|poetry| poetry.get(section)).and_then(toml::Value::as_table).into_iter().flatten()
        {
            let version =
                value.as_str().or_else(|| value.get("version").and_then(toml::Value::as_str)).unwrap_or_default();
            if name != "python" {
                let mut named = Named::new(Ecosystem::Pypi, name, version.trim_start_matches("=="), places.of(name));
                named.development = development;
                found.push(named);
            }
        }
    }
    found
}
