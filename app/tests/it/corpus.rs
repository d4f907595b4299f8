//! The stored inputs of the fuzz targets of platform and modules, replayed without a fuzzer.

use std::path::Path;

mod parsers {
    include!("../../../fuzz/parsers.rs");
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
fn the_stored_corpus_makes_no_parser_panic() {
    each("proofs", parsers::proofs);
    each("notes", parsers::notes);
    each("tiles", parsers::tiles);
    each("keys", parsers::keys);
    each("codes", parsers::codes_of);
    each("uploads", parsers::uploads);
    each("backups", parsers::backups);
}
