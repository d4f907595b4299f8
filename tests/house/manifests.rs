//! What every crate says of itself.

use crate::tree::{files, none, text};

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let mut wrong = Vec::new();
    for path in files(".").iter().filter(|path| path.file_name().is_some_and(|name| name == "Cargo.toml")) {
        let manifest = text(path).unwrap_or_default();
        if manifest.contains("[package]") && !manifest.contains("[lints]\nworkspace = true") {
            wrong.push(path.display().to_string());
        }
    }
    none("crates without `[lints] workspace = true`", &wrong);
}

#[test]
fn versions_of_other_packages_stand_in_the_root_manifest() {
    let mut wrong = Vec::new();
    for path in files(".").iter().filter(|path| path.file_name().is_some_and(|name| name == "Cargo.toml")) {
        let manifest = text(path).unwrap_or_default();
        let mut in_dependencies = false;
        for line in manifest.lines() {
            if line.starts_with('[') {
                in_dependencies = line.contains("dependencies") && !line.contains("workspace.dependencies");
            } else if in_dependencies && line.contains('=') && !line.contains("workspace = true") {
                wrong.push(format!("{}: {line}", path.display()));
            }
        }
    }
    none("dependencies that are not `workspace = true`", &wrong);
}

#[test]
fn every_module_has_its_texts_in_both_languages() {
    let modules = files("modules");
    let mut wrong = Vec::new();
    for manifest in modules.iter().filter(|path| path.file_name().is_some_and(|name| name == "Cargo.toml")) {
        let module = manifest.parent().unwrap();
        for language in ["zh-CN", "en"] {
            let locale = module.join(format!("locales/{language}.ftl"));
            if !modules.contains(&locale) {
                wrong.push(locale.display().to_string());
            }
        }
    }
    none("texts that are missing", &wrong);
}
