//! The stored inputs of the fuzz targets of platform and modules, replayed without a fuzzer.

mod parsers {
    include!("../../../fuzz/parsers.rs");
}

include!("../../../fuzz/each.rs");

#[test]
fn the_stored_corpus_makes_no_parser_panic() {
    each("proofs", parsers::proofs);
    each("notes", parsers::notes);
    each("tiles", parsers::tiles);
    each("keys", parsers::keys);
    each("codes", parsers::codes_of);
    each("uploads", parsers::uploads);
    each("workbooks", parsers::workbooks);
    each("backups", parsers::backups);
    each("sources", parsers::sources);
    each("manifests", parsers::manifests);
    each("binaries", parsers::binaries);
}
