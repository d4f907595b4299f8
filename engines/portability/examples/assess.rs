//! The engine on a folder, as JSON: for measuring without building the whole program.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of measurements")]

use std::path::Path;

#[path = "../../../app/src/commands/assess/tree.rs"]
mod tree;

fn main() {
    let path = std::env::args().nth(1).unwrap();
    let (files, left_out) = tree::OnDisk::open(Path::new(&path)).unwrap();
    let report = portability::assess("measured", &files, left_out, &portability::Options::default(), &|_, _| {});
    println!("{}", portability::output::json(&report));
}
