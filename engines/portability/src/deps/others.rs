//! Go, Cargo, Conan, NuGet.

use super::{Ecosystem, LineCount, Named, Places, python};

/// `require` lines of `go.mod`.
pub(super) fn go(text: &str) -> Vec<Named> {
    let mut inside = false;
    let mut found = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.split("//").next().unwrap_or(line).trim();
        let rest = match line.strip_prefix("require ") {
            Some("(") => {
                inside = true;
                continue;
            }
            Some(rest) => rest,
            None if inside && line != ")" => line,
            None => {
                inside &= line != ")";
                continue;
            }
        };
        let mut words = rest.split_whitespace();
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            found.push(Named::new(Ecosystem::Golang, name, version, number));
        }
    }
    found
}

pub(super) fn cargo_lock(text: &str) -> Vec<Named> {
    python::blocks(text, Ecosystem::Cargo)
}

/// Tables of dependencies of `Cargo.toml`; a version is exact only with `=`.
pub(super) fn cargo(text: &str) -> Vec<Named> {
    let Ok(document) = text.parse::<toml::Table>() else { return Vec::new() };
    let places = Places::new(text);
    let mut found = Vec::new();
    for (section, development) in [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)] {
        for (name, value) in document.get(section).and_then(toml::Value::as_table).into_iter().flatten() {
            let real = value.get("package").and_then(toml::Value::as_str).unwrap_or(name);
            if value.get("path").is_some() {
                continue;
            }
            let version =
                value.as_str().or_else(|| value.get("version").and_then(toml::Value::as_str)).unwrap_or_default();
            let version = version.strip_prefix('=').unwrap_or_default();
            let mut named = Named::new(Ecosystem::Cargo, real, version, places.of(name));
            named.development = development;
            found.push(named);
        }
    }
    found
}

/// `name/1.0@user/channel#revision`.
fn reference(text: &str, line: u32) -> Option<Named> {
    let text = text.trim().trim_matches(['"', '\'', ',']);
    let (name, rest) = text.split_once('/')?;
    let version = rest.split(['@', '#', '%']).next()?.trim_matches(['[', ']']);
    Some(Named::new(Ecosystem::Conan, name, version, line))
}

/// `[requires]` and `[build_requires]` of `conanfile.txt`.
pub(super) fn conan(text: &str) -> Vec<Named> {
    let mut inside = false;
    let mut found = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or(line).trim();
        if line.starts_with('[') {
            inside = matches!(line, "[requires]" | "[build_requires]" | "[tool_requires]");
        } else if inside {
            found.extend(reference(line, number));
        }
    }
    found
}

/// `requires = "a/1.0", "b/2.0"` and `self.requires("a/1.0")`.
pub(super) fn conan_program(text: &str) -> Vec<Named> {
    let mut found = Vec::new();
    let mut open = false;
    for (number, line) in (1_u32..).zip(text.lines()) {
        let tight = line.trim();
        open |= tight.starts_with("requires =")
            || tight.starts_with("requires=")
            || tight.contains("self.requires(")
            || tight.starts_with("build_requires");
        if open {
            found.extend(tight.split(['"', '\'']).skip(1).step_by(2).filter_map(|text| reference(text, number)));
            open = tight.ends_with(['(', '[', ',', '=', '\\']);
        }
    }
    found
}

pub(super) fn conan_lock(text: &str) -> Vec<Named> {
    let Ok(document) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    let places = Places::new(text);
    let mut found = Vec::new();
    for section in ["requires", "build_requires"] {
        let listed = document.get(section).and_then(serde_json::Value::as_array).into_iter().flatten();
        found.extend(
            listed.filter_map(serde_json::Value::as_str).filter_map(|text_of| reference(text_of, places.of(text_of))),
        );
    }
    let nodes = document.get("graph_lock").and_then(|lock| lock.get("nodes")).and_then(serde_json::Value::as_object);
    for node in nodes.into_iter().flatten().filter_map(|(_, node)| node.get("ref")?.as_str()) {
        found.extend(reference(node, places.of(node)));
    }
    found
}

/// The value of an attribute within a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let at = tag.find(&format!(" {name}=\""))?;
    tag[at + name.len() + 3..].split('"').next()
}

/// Tags of one name, with their offset.
fn tags<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    text.match_indices(name).filter_map(move |(at, _)| Some((at, &text[at..at + text[at..].find('>')?])))
}

/// `<package id="…" version="…"/>`.
pub(super) fn packages_config(text: &str) -> Vec<Named> {
    let mut lines = LineCount::new(text);
    tags(text, "<package ")
        .filter_map(|(at, tag)| {
            Some(Named::new(Ecosystem::Nuget, attribute(tag, "id")?, attribute(tag, "version")?, lines.of(at)))
        })
        .collect()
}

/// `<PackageReference Include="…" Version="…"/>`; the version may stand in a tag of its own.
pub(super) fn references(text: &str) -> Vec<Named> {
    let mut lines = LineCount::new(text);
    let mut found: Vec<(usize, Named)> = Vec::new();
    for (at, tag) in tags(text, "<Package") {
        if !tag.starts_with("<PackageReference ") && !tag.starts_with("<PackageVersion ") {
            continue;
        }
        let Some(name) = attribute(tag, "Include").or_else(|| attribute(tag, "Update")) else { continue };
        let inner = text[at..].split("</Package").next().filter(|_| !tag.ends_with('/')).unwrap_or_default();
        let below = inner.split("<Version>").nth(1).and_then(|rest| rest.split('<').next());
        let version = attribute(tag, "Version").or(below).unwrap_or_default();
        found.push((at, Named::new(Ecosystem::Nuget, name, version, lines.of(at))));
    }
    found.into_iter().map(|(_, named)| named).collect()
}

pub(super) fn nuget_lock(text: &str) -> Vec<Named> {
    let Ok(document) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    let places = Places::new(text);
    let mut found = Vec::new();
    for (_, framework) in document.get("dependencies").and_then(serde_json::Value::as_object).into_iter().flatten() {
        for (name, value) in framework.as_object().into_iter().flatten() {
            let version = value.get("resolved").and_then(serde_json::Value::as_str).unwrap_or_default();
            found.push(Named::new(Ecosystem::Nuget, name, version, places.of(name)));
        }
    }
    found
}
