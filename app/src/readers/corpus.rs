//! The fuzz targets' stored inputs, replayed without a fuzzer.

use crate::readers;

mod replay {
    include!("../../../fuzz/replay.rs");
}

include!("../../../fuzz/each.rs");

#[test]
fn the_stored_corpus_makes_no_reader_panic() {
    each("npz", replay::npz);
    each("npy", replay::npy);
    each("tables", replay::tables);
    each("sheets", replay::sheets);
    each("policies", replay::policies);
    each("registers", replay::registers);
}
