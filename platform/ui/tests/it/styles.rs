//! The templates of all modules against the style sheet and the content policy.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ui::assets;

/// Templates of the whole workspace, with their text.
fn templates() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    for floor in ["platform", "modules"] {
        for crate_folder in fs::read_dir(root.join(floor)).into_iter().flatten().flatten() {
            collect(&crate_folder.path().join("templates"), &mut found);
        }
    }
    collect(&root.join("app/templates"), &mut found);
    found
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "html") {
            let text = fs::read_to_string(&path).unwrap_or_default();
            found.push((path, text));
        }
    }
}

/// The class names written out in a template; those put together by a condition or a value are left alone.
fn classes(text: &str) -> BTreeSet<&str> {
    let attributes = text.split("class=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let plain = attributes.filter(|value| !value.contains('{'));
    plain.flat_map(str::split_whitespace).collect()
}

#[test]
fn every_class_of_a_template_is_in_the_style_sheet() {
    let styles = String::from_utf8_lossy(&assets::content("app.css").unwrap_or_default()).into_owned();
    // Names that only a script or a neighbouring rule needs.
    let without_style = ["jm-column", "jm-aside", "jm-pager-total", "jm-card-kicker", "jm-search-link"];
    let mut missing = Vec::new();
    for (path, text) in templates() {
        for class in classes(&text) {
            if !styles.contains(&format!(".{class}")) && !without_style.contains(&class) {
                missing.push(format!("{}: {class}", path.display()));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "no style for (touch web/keep.txt if the styles are older than the template):\n{}",
        missing.join("\n")
    );
}

#[test]
fn no_template_carries_a_style_a_script_or_a_handler_of_its_own() {
    for (path, text) in templates() {
        for forbidden in
            [" style=\"", "<style", "javascript:", " onclick=", " onchange=", " onsubmit=", " hx-on", "hx-vals=\"js:"]
        {
            assert!(!text.contains(forbidden), "{} contains {forbidden}", path.display());
        }
        for script in text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            assert!(tag.contains("src="), "{} has a script of its own", path.display());
        }
    }
}

#[test]
fn every_icon_that_a_template_names_is_in_the_sprite() {
    let sprite = String::from_utf8_lossy(&assets::content("icons.svg").unwrap_or_default()).into_owned();
    for (path, text) in templates() {
        for name in text.split("ui::icon(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(sprite.contains(&format!("id=\"{name}\"")), "{}: add {name} to web/icons.txt", path.display());
        }
    }
}
