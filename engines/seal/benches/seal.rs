//! What signing, checking and growing cost.
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use seal::{Algorithm, Signer, SoftwareKey, tile};

fn main() {
    divan::main();
}

fn key(algorithm: Algorithm) -> SoftwareKey {
    SoftwareKey::new(algorithm, &[7; 32]).unwrap()
}

#[divan::bench(args = Algorithm::ALL)]
fn sign(bencher: divan::Bencher<'_, '_>, algorithm: Algorithm) {
    let key = key(algorithm);
    bencher.bench(|| key.sign(b"message").unwrap());
}

#[divan::bench(args = Algorithm::ALL)]
fn verify(bencher: divan::Bencher<'_, '_>, algorithm: Algorithm) {
    let key = key(algorithm);
    let signature = key.sign(b"message").unwrap();
    bencher.bench(|| key.public().verify(b"message", &signature).unwrap());
}

/// A thousand entries onto a log that is already of this size.
#[divan::bench(args = [1_u64, 1_000, 1_000_000, 10_000_000])]
fn append_1000(bencher: divan::Bencher<'_, '_>, size: u64) {
    let mut tiles = tile::Tiles::default();
    for place in tile::edge(size) {
        tiles.0.insert(place, vec![[1; 32]; usize::try_from(tile::width(place, size)).unwrap()]);
    }
    bencher.with_inputs(|| tiles.clone()).bench_refs(|tiles| tile::grow(size, tiles, &[[2; 32]; 1000]).unwrap());
}
