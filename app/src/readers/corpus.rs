//! The fuzz targets' stored inputs, replayed without a fuzzer.

use std::path::Path;

use crate::readers;

mod replay {
    include!("../../../fuzz/replay.rs");
}

fn each(folder: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(folder);
    let mut count = 0;
    for file in std::fs::read_dir(&folder).unwrap() {
        target(&std::fs::read(file.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count >= 4, "{} inputs in {}", count, folder.display());
}

#[test]
fn the_stored_corpus_makes_no_reader_panic() {
    each("npz", replay::npz);
    each("npy", replay::npy);
    each("tables", replay::tables);
    each("sheets", replay::sheets);
    each("policies", replay::policies);
    each("registers", replay::registers);
}
