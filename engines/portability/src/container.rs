//! Images of containers: for which CPUs they are published, as far as a catalogue tells without a network.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::classify::Language;
use crate::scan::{Hit, sign};
use crate::target::{Target, Targets};

/// One row of `data/images.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Image {
    /// The name without registry and tag; a `*` at its end stands for anything.
    name: String,
    /// Beginnings of tags it holds for; all without it.
    #[serde(default)]
    tags: Vec<String>,
    /// Targets it is published for.
    targets: Vec<String>,
}

#[derive(Deserialize)]
struct Catalogue {
    image: Vec<Image>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the table is part of the program; a test reads it")]
    toml::from_str(include_str!("../data/images.toml")).expect("data/images.toml")
});

/// Where an image is not published; `None` for what is no image's name.
fn lacking(image: &str) -> Option<Targets> {
    let image = image.split('@').next().unwrap_or(image);
    let (path, tag) = match image.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, tag),
        _ => (image, ""),
    };
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:".contains(letter);
    if path.is_empty()
        || !path.chars().all(plain)
        || !path.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        || path == "scratch"
    {
        return None;
    }
    let bare = path.strip_prefix("docker.io/").unwrap_or(path);
    let bare = bare.strip_prefix("library/").unwrap_or(bare);
    let fits = |row: &&Image| {
        let name = row.name.strip_suffix('*').map_or(row.name == bare, |start| bare.starts_with(start));
        name && (row.tags.is_empty() || row.tags.iter().any(|start| tag.starts_with(start.as_str())))
    };
    let there: Targets = match CATALOGUE.image.iter().find(fits) {
        Some(row) => row.targets.iter().filter_map(|name| Target::from_name(name)).collect(),
        // What no catalogue knows is taken as built for the two CPUs that every registry builds for.
        None => Targets::NONE.with(Target::Aarch64),
    };
    Some(Targets::ALL.without(there))
}

/// `FROM` of a Dockerfile and `image:` of Compose and Kubernetes.
pub(crate) fn images(source: &[u8], language: Language, hits: &mut Vec<Hit>) {
    let text = String::from_utf8_lossy(source);
    if language != "container" && !text.contains("image:") {
        return;
    }
    let mut stages: HashSet<String> = HashSet::new();
    let mut values: HashMap<String, String> = HashMap::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.trim();
        let image = if language == "container" {
            if let Some((name, value)) = line.strip_prefix("ARG ").and_then(|rest| rest.split_once('=')) {
                values.insert(name.trim().to_owned(), value.trim().trim_matches('"').to_owned());
            }
            let Some(rest) = line.strip_prefix("FROM ").or_else(|| line.strip_prefix("from ")) else { continue };
            let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
            if let [_, _, name, ..] = words.as_slice() {
                stages.insert((*name).to_owned());
            }
            // A stage that runs where it is built needs no image for the target.
            if rest.contains("--platform=") {
                continue;
            }
            // An argument that stands for the whole image is chosen by whoever builds.
            if words.first().is_some_and(|word| word.starts_with('$')) {
                continue;
            }
            words.first().map(|word| resolve(word, &values))
        } else {
            line.trim_start_matches("- ")
                .strip_prefix("image:")
                .map(|rest| templated(rest.trim().trim_matches(['"', '\''])))
        };
        let Some(image) = image.filter(|image| !stages.contains(image) && !image.contains(char::is_whitespace)) else {
            continue;
        };
        let Some(targets) = lacking(&image).filter(|targets| !targets.is_empty()) else { continue };
        // No registry has images for the old world of Loongson or for Sunway: what lacks them alone is the system's lack.
        let common = [Target::Aarch64, Target::Loongarch64, Target::Riscv64].iter().any(|target| targets.has(*target));
        hits.push(sign(
            number,
            "container-image",
            common,
            targets,
            "image that is not published for this CPU",
            line.as_bytes(),
        ));
    }
}

/// A name with what a template puts in: `a/b:{{ version }}` is an image of every version.
fn templated(name: &str) -> String {
    let mut found = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("{{") {
        found.push_str(before);
        found.push('x');
        rest = after.split_once("}}").map_or("", |(_, after)| after);
    }
    // A name that is all template is chosen by whoever fills it in.
    if name.starts_with("{{") { String::new() } else { found + rest }
}

/// `${NAME}` and `$NAME` by their defaults.
fn resolve(word: &str, values: &HashMap<String, String>) -> String {
    let mut word = word.to_owned();
    for (name, value) in values {
        word = word.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
    }
    word
}
