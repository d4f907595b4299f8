//! Where the lines of C files are compiled, as JSON, for holding it against compilers: `compiled FOLDER`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of measurements")]

use std::collections::BTreeMap;
use std::path::Path;

use portability::Tree as _;

#[path = "../../../app/src/commands/assess/tree.rs"]
mod tree;

/// From a line on: where it is certainly and where it is possibly compiled.
type Span = (u32, Vec<&'static str>, Vec<&'static str>);

fn main() {
    let path = std::env::args().nth(1).unwrap();
    let (disk, _) = tree::OnDisk::open(Path::new(&path)).unwrap();
    let c = |name: &str| [".c", ".h", ".cc", ".cpp", ".hpp", ".inc", ".inl"].iter().any(|end| name.ends_with(end));
    let places = disk.names().iter().enumerate().filter(|(_, name)| c(name));
    let files: Vec<(String, Vec<u8>)> =
        places.filter_map(|(place, name)| Some((name.clone(), disk.read(place).ok()?.into_owned()))).collect();
    let borrowed: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    let found = portability::compiled(&borrowed);
    let named = |targets: portability::Targets| targets.iter().map(portability::Target::name).collect::<Vec<_>>();
    let report: BTreeMap<&str, Vec<Span>> = borrowed
        .iter()
        .zip(&found)
        .map(|((name, _), spans)| {
            (*name, spans.iter().map(|span| (span.line, named(span.must), named(span.may))).collect())
        })
        .collect();
    println!("{}", serde_json::to_string(&report).unwrap());
}
