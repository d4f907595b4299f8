//! Maven and Gradle.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Ecosystem, LineCount, Named, Places};

/// A dependency as a POM writes it.
#[derive(Default)]
struct Written {
    group: String,
    artifact: String,
    version: String,
    scope: String,
    optional: bool,
    line: u32,
    managed: bool,
}

/// `dependencies` and `dependencyManagement` of a POM, with properties of the same file put in.
pub(super) fn pom(text: &str) -> Vec<Named> {
    let mut reader = Reader::from_str(text);
    let mut lines = LineCount::new(text);
    let mut stack: Vec<String> = Vec::new();
    let mut properties: HashMap<String, String> = HashMap::new();
    let mut all: Vec<Written> = Vec::new();
    let mut now = Written::default();
    let mut written = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) if stack.len() < 64 => {
                let name = start.local_name().as_ref().to_owned();
                if name == "dependency" {
                    let offset = usize::try_from(reader.buffer_position()).unwrap_or(0);
                    now = Written {
                        line: lines.of(offset),
                        managed: stack.iter().any(|part| part == "dependencyManagement"),
                        ..Written::default()
                    };
                }
                stack.push(name);
                written.clear();
            }
            Ok(Event::Text(inner)) => written.push_str(&inner),
            Ok(Event::End(_)) => {
                let Some(name) = stack.pop() else { break };
                let value = written.trim().to_owned();
                written.clear();
                let above = stack.last().map_or("", String::as_str);
                match (above, name.as_str()) {
                    ("dependency", "groupId") => now.group = value,
                    ("dependency", "artifactId") => {
                        now.artifact = value;
                        now.line = lines.of(usize::try_from(reader.buffer_position()).unwrap_or(0));
                    }
                    ("dependency", "version") => now.version = value,
                    ("dependency", "scope") => now.scope = value,
                    ("dependency", "optional") => now.optional = value == "true",
                    ("properties", _) => {
                        properties.insert(name, value);
                    }
                    ("project", "version") => {
                        properties.insert("project.version".to_owned(), value);
                    }
                    ("project", "groupId") => {
                        properties.insert("project.groupId".to_owned(), value);
                    }
                    ("dependencies", "dependency") => all.push(std::mem::take(&mut now)),
                    _ => {}
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    named(&all, &properties)
}

fn named(all: &[Written], properties: &HashMap<String, String>) -> Vec<Named> {
    let managed: HashMap<(String, String), String> = all
        .iter()
        .filter(|one| one.managed)
        .map(|one| {
            ((filled(&one.group, properties), filled(&one.artifact, properties)), filled(&one.version, properties))
        })
        .collect();
    all.iter()
        .filter(|one| !one.managed && one.scope != "system" && one.scope != "import")
        .map(|one| {
            let (group, artifact) = (filled(&one.group, properties), filled(&one.artifact, properties));
            let own = filled(&one.version, properties);
            let version = if own.is_empty() {
                managed.get(&(group.clone(), artifact.clone())).cloned().unwrap_or_default()
            } else {
                own
            };
            let mut named = Named::new(Ecosystem::Maven, &format!("{group}:{artifact}"), &version, one.line);
            named.development = one.scope == "test";
            named
        })
        .filter(|named| !named.name.starts_with(':') && !named.name.ends_with(':'))
        .collect()
}

/// `${name}` by the properties, a few times for properties of properties.
fn filled(value: &str, properties: &HashMap<String, String>) -> String {
    let mut value = value.to_owned();
    for _ in 0..4 {
        let Some((before, rest)) = value.split_once("${") else { break };
        let Some((name, after)) = rest.split_once('}') else { break };
        let Some(known) = properties.get(name).filter(|known| known.len() < 200) else { break };
        value = format!("{before}{known}{after}");
    }
    value
}

/// `META-INF/maven/…/pom.properties`: what a JAR says that it is.
pub(super) fn identity(text: &str) -> Vec<Named> {
    let value = |key: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(key)?.trim_start().strip_prefix('='))
            .unwrap_or_default()
            .trim()
    };
    vec![Named::new(Ecosystem::Maven, &format!("{}:{}", value("groupId"), value("artifactId")), value("version"), 0)]
}

/// Configurations of Gradle that name dependencies.
const CONFIGURATIONS: [&str; 14] = [
    "implementation",
    "api",
    "compile",
    "runtime",
    "compileOnly",
    "runtimeOnly",
    "provided",
    "providedCompile",
    "annotationProcessor",
    "kapt",
    "classpath",
    "testImplementation",
    "testCompile",
    "testRuntimeOnly",
];

/// `implementation 'group:name:version'` and its other forms; a version in a variable of the same file is put in.
pub(super) fn gradle(text: &str) -> Vec<Named> {
    let mut variables: HashMap<String, String> = HashMap::new();
    let mut found = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.trim();
        if line.starts_with("//") || line.len() > 1000 {
            continue;
        }
        if let Some((name, value)) = line.split_once('=') {
            let name = name.trim().rsplit([' ', '.']).next().unwrap_or_default();
            if let Some(value) = quoted(value) {
                variables.insert(name.to_owned(), value.to_owned());
            }
        }
        let word = line.split([' ', '(', '\t']).next().unwrap_or_default();
        if !CONFIGURATIONS.contains(&word) {
            continue;
        }
        let rest = &line[word.len()..];
        let coordinate = match (part(rest, "group"), part(rest, "name"), part(rest, "version")) {
            (Some(group), Some(name), version) => format!("{group}:{name}:{}", version.unwrap_or_default()),
            _ => quoted(rest).unwrap_or_default().to_owned(),
        };
        let mut parts = coordinate.split(':');
        let (Some(group), Some(name)) = (parts.next(), parts.next().filter(|name| !name.is_empty())) else { continue };
        let version = parts.next().unwrap_or_default().split('@').next().unwrap_or_default();
        let variable = version.trim_start_matches("${").trim_start_matches('$').trim_end_matches('}');
        let version =
            if version.starts_with('$') { variables.get(variable).map_or("", String::as_str) } else { version };
        let mut named = Named::new(Ecosystem::Maven, &format!("{group}:{name}"), version, number);
        named.development = word.starts_with("test");
        found.push(named);
    }
    found
}

/// The first text in quotes.
fn quoted(text: &str) -> Option<&str> {
    let at = text.find(['"', '\''])?;
    let quote = text[at..].chars().next()?;
    text[at + 1..].split(quote).next()
}

/// `group: 'a'`.
fn part<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let at = text.find(&format!("{key}:")).or_else(|| text.find(&format!("{key} =")))?;
    quoted(&text[at..])
}

/// `group:name:version=configurations`.
pub(super) fn gradle_lock(text: &str) -> Vec<Named> {
    let entry = |(number, line): (u32, &str)| {
        let (coordinate, configurations) = line.trim().split_once('=')?;
        let mut parts = coordinate.split(':');
        let (group, name, version) = (parts.next()?, parts.next()?, parts.next()?);
        let mut named = Named::new(Ecosystem::Maven, &format!("{group}:{name}"), version, number);
        named.development = configurations.split(',').all(|one| one.starts_with("test"));
        Some(named)
    };
    (1_u32..).zip(text.lines()).filter(|(_, line)| !line.starts_with('#')).filter_map(entry).collect()
}

/// The catalogue of versions of Gradle, `libs.versions.toml`.
pub(super) fn versions(text: &str) -> Vec<Named> {
    let Ok(document) = text.parse::<toml::Table>() else { return Vec::new() };
    let places = Places::new(text);
    let versions = document.get("versions").and_then(toml::Value::as_table);
    let Some(libraries) = document.get("libraries").and_then(toml::Value::as_table) else { return Vec::new() };
    let mut found = Vec::new();
    for value in libraries.values() {
        let (module, version) = match value {
            toml::Value::String(whole) => {
                let mut parts = whole.rsplitn(2, ':');
                let version = parts.next().unwrap_or_default().to_owned();
                (parts.next().unwrap_or_default().to_owned(), version)
            }
            toml::Value::Table(table) => {
                let text = |key: &str| table.get(key).and_then(toml::Value::as_str).unwrap_or_default();
                let module = if text("module").is_empty() {
                    format!("{}:{}", text("group"), text("name"))
                } else {
                    text("module").to_owned()
                };
                let reference =
                    table.get("version").and_then(|version| version.get("ref")).and_then(toml::Value::as_str);
                let named = reference.and_then(|name| versions?.get(name)?.as_str());
                (module, named.unwrap_or_else(|| text("version")).to_owned())
            }
            _ => continue,
        };
        let artifact = module.rsplit(':').next().unwrap_or_default().to_owned();
        found.push(Named::new(Ecosystem::Maven, &module, &version, places.of(&module).max(places.of(&artifact))));
    }
    found
}
