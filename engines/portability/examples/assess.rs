//! The engine on a folder, as JSON: for measuring without building the whole program.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of measurements")]

use std::path::Path;

#[path = "../../../app/src/commands/assess/tree.rs"]
mod tree;

fn main() {
    let path = std::env::args().nth(1).unwrap();
    let (files, left_out) = tree::OnDisk::open(Path::new(&path)).unwrap();
    let report = portability::assess("measured", &files, left_out, &portability::Options::default(), &|_, _| {});
    let format = std::env::args().skip_while(|argument| argument != "--format").nth(1).unwrap_or_default();
    let printed = match format.as_str() {
        "sarif" => portability::output::sarif(&report),
        "html" => portability::output::html(&report, portability::Language::Chinese),
        "cyclonedx" => portability::output::cyclonedx(&report),
        "spdx" => portability::output::spdx(&report, "1970-01-01T00:00:00Z"),
        _ => portability::output::json(&report),
    };
    println!("{printed}");
}
