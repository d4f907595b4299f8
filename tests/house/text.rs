//! What is written in the tree.

use std::path::Path;

use crate::tree::{files, has_extension, list, none, root, text};

const CODE: [&str; 8] = ["rs", "html", "js", "mjs", "css", "sql", "sh", "py"];

/// Where files grow out of what one reads at a sitting.
const MOST_LINES: usize = 700;

fn is_test(path: &Path) -> bool {
    path.components()
        .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "benches" | "examples" | "tests.rs")))
}

/// The part of a Rust file that ends up in the program: without comments, without tests, which stand last, and without
/// the examples of the API's documentation.
fn program_lines(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let program = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    program
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.split("//").next().unwrap_or_default()))
        .filter(|(_, line)| !line.contains("example"))
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[test]
fn what_people_read_stands_in_locales() {
    let exceptions = list("chinese.txt");
    let mut wrong = Vec::new();
    let mut unused = exceptions.clone();
    for path in files(".").iter().filter(|path| has_extension(path, &["rs"]) && !is_test(path)) {
        let name = path.display().to_string();
        let source = text(path).unwrap_or_default();
        let found: Vec<String> = program_lines(&source)
            .filter(|(_, line)| line.chars().any(is_chinese))
            .map(|(at, line)| format!("{name}:{at}: {}", line.trim()))
            .collect();
        if found.is_empty() {
            continue;
        }
        match exceptions.iter().find(|exception| name.starts_with(exception.as_str())) {
            Some(exception) => unused.retain(|one| one != exception),
            None => wrong.extend(found),
        }
    }
    none("text in code; it belongs into locales/ (exceptions stand in tests/house/chinese.txt)", &wrong);
    none("exceptions in tests/house/chinese.txt that nothing needs", &unused);
}

#[test]
fn templates_have_no_text_of_their_own() {
    let mut wrong = Vec::new();
    for path in files(".").iter().filter(|path| has_extension(path, &["html"]) && !is_test(path)) {
        let source = text(path).unwrap_or_default();
        let lines = source.lines().enumerate().filter(|(_, line)| line.chars().any(is_chinese));
        wrong.extend(lines.map(|(at, line)| format!("{}:{}: {}", path.display(), at + 1, line.trim())));
    }
    none("Chinese text in templates", &wrong);
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["XX", "X"].concat()];
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut wrong = Vec::new();
    for path in
        files(".").iter().filter(|path| has_extension(path, &CODE) || has_extension(path, &["md", "ftl", "toml"]))
    {
        let source = text(path).unwrap_or_default();
        for (at, line) in source.lines().enumerate() {
            if line.split(|c| !is_word(c)).any(|word| marks.iter().any(|mark| mark == word)) {
                wrong.push(format!("{}:{}: {}", path.display(), at + 1, line.trim()));
            }
        }
    }
    none("what is left for later", &wrong);
}

#[test]
fn a_file_can_be_read_at_a_sitting() {
    let mut wrong = Vec::new();
    for path in files(".").iter().filter(|path| has_extension(path, &CODE)) {
        let lines = text(path).unwrap_or_default().lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("{}: {lines} lines", path.display()));
        }
    }
    none(&format!("files of more than {MOST_LINES} lines; make a folder of the same name"), &wrong);
}

#[test]
fn no_file_names_a_place_outside_the_repository() {
    // A short path of this checkout could be the beginning of an address of the site.
    let here = Some(root()).filter(|root| root.components().count() > 2).map(|root| root.display().to_string());
    let places = ["/ro", "/ho", "/Use", ".."].into_iter().zip(["ot/", "me/", "rs/", "/shared"]);
    let places: Vec<String> = places.map(|(start, end)| [start, end].concat()).chain(here).collect();
    let mut wrong = Vec::new();
    for path in files(".") {
        let Some(source) = text(&path) else { continue };
        for (at, line) in source.lines().enumerate() {
            for place in places.iter().filter(|place| names(line, place)) {
                wrong.push(format!("{}:{}: {place}", path.display(), at + 1));
            }
        }
    }
    none("names of places outside the repository", &wrong);
}

/// Whether a line names a path that begins so, not one that goes on so.
fn names(line: &str, place: &str) -> bool {
    let goes_on =
        |before: &str| before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '}' | '_' | '-' | '$'));
    line.match_indices(place).any(|(at, _)| place.starts_with('.') || !goes_on(&line[..at]))
}
