//! A migration that nobody lists is never applied, and nobody notices.

use std::path::{Path, PathBuf};

use crate::tree::{files, has_extension, none, text};

/// The migration files of the tree with the crate each belongs to.
fn migrations() -> Vec<(PathBuf, PathBuf)> {
    let all = ["platform", "modules"].into_iter().flat_map(files);
    all.filter(|path| has_extension(path, &["sql"]))
        .filter_map(|path| {
            let folder = path.parent()?;
            (folder.file_name()? == "migrations")
                .then(|| (folder.parent().map(Path::to_owned).unwrap_or_default(), path.clone()))
        })
        .collect()
}

/// `0001_what` of `0001_what.sql` and of `0001_what.sqlite.sql`.
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.split('.').next().unwrap_or_default().to_owned()
}

#[test]
fn every_migration_is_listed_by_its_crate() {
    let mut wrong = Vec::new();
    for (owner, path) in migrations() {
        let sources = files(&owner.join("src").display().to_string());
        let listed = sources.iter().filter_map(|source| text(source)).any(|source| lists(&source, &stem(&path)));
        if !listed {
            wrong.push(path.display().to_string());
        }
    }
    none("migrations that no `migrations!` names", &wrong);
}

fn lists(source: &str, stem: &str) -> bool {
    let quoted = format!("\"{stem}\"");
    source.split("migrations!(").skip(1).any(|rest| {
        let call = rest.split(')').next().unwrap_or_default();
        call.contains(&quoted)
    })
}

#[test]
fn numbers_run_without_a_gap_and_a_dialect_has_its_pair() {
    let mut wrong = Vec::new();
    let all = migrations();
    for (owner, path) in &all {
        let number: usize = stem(path).split('_').next().and_then(|digits| digits.parse().ok()).unwrap_or_default();
        let mut numbers: Vec<String> =
            all.iter().filter(|(other, _)| other == owner).map(|(_, path)| stem(path)).collect();
        numbers.sort();
        numbers.dedup();
        if number == 0 || numbers.get(number - 1) != Some(&stem(path)) {
            wrong.push(format!("{}: its number is not its place", path.display()));
        }
        let name = path.display().to_string();
        let pair = match (name.strip_suffix(".sqlite.sql"), name.strip_suffix(".postgres.sql")) {
            (Some(start), _) => format!("{start}.postgres.sql"),
            (_, Some(start)) => format!("{start}.sqlite.sql"),
            _ => continue,
        };
        if !all.iter().any(|(_, other)| other.display().to_string() == pair) {
            wrong.push(format!("{name} without {pair}"));
        }
    }
    none("migrations", &wrong);
}

#[test]
fn the_first_line_of_a_migration_says_why() {
    let without = migrations().into_iter().filter(|(_, path)| !text(path).unwrap_or_default().starts_with("-- "));
    let lines: Vec<String> = without.map(|(_, path)| path.display().to_string()).collect();
    none("migrations whose first line is not a comment", &lines);
}
