//! Trees and tiles against the definition of RFC 9162, word by word.

use proptest::prelude::*;
use seal::Hash;
use seal::merkle::{self, Leaves, ProofError};
use seal::tile::{self, Address, Place, Tiles};

/// MTH of RFC 9162, 2.1.1.
fn reference(entries: &[Vec<u8>]) -> Hash {
    match entries {
        [] => merkle::empty_root(),
        [one] => merkle::leaf(one),
        more => {
            let middle = more.len().next_power_of_two() / 2;
            merkle::node(&reference(&more[..middle]), &reference(&more[middle..]))
        }
    }
}

/// PATH of RFC 9162, 2.1.3.1.
fn path(index: usize, entries: &[Vec<u8>]) -> Vec<Hash> {
    if entries.len() == 1 {
        return Vec::new();
    }
    let middle = entries.len().next_power_of_two() / 2;
    let (left, right) = entries.split_at(middle);
    let (mut path, other) =
        if index < middle { (path(index, left), right) } else { (path(index - middle, right), left) };
    path.push(reference(other));
    path
}

/// SUBPROOF of RFC 9162, 2.1.4.1.
fn subproof(old: usize, entries: &[Vec<u8>], whole: bool) -> Vec<Hash> {
    if old == entries.len() {
        return if whole { Vec::new() } else { vec![reference(entries)] };
    }
    let middle = entries.len().next_power_of_two() / 2;
    let (left, right) = entries.split_at(middle);
    let (mut proof, other) =
        if old <= middle { (subproof(old, left, whole), right) } else { (subproof(old - middle, right, false), left) };
    proof.push(reference(other));
    proof
}

fn entries(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|number| number.to_string().into_bytes()).collect()
}

fn leaves(entries: &[Vec<u8>]) -> Leaves {
    Leaves(entries.iter().map(|entry| merkle::leaf(entry)).collect())
}

fn tiles(entries: &[Vec<u8>], step: usize) -> Tiles {
    let mut tiles = Tiles::default();
    let mut size = 0;
    for part in leaves(entries).0.chunks(step.max(1)) {
        tile::grow(size, &mut tiles, part).unwrap();
        size += part.len() as u64;
    }
    tiles
}

#[test]
fn the_roots_of_certificate_transparency_come_out() {
    // The test data of RFC 6962's reference implementation.
    let inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let entries: Vec<Vec<u8>> = inputs.iter().map(|hex| crate::vectors::bytes(hex)).collect();
    let root = merkle::root(8, &mut leaves(&entries)).unwrap();
    assert_eq!(
        root.to_vec(),
        crate::vectors::bytes("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
    );
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(merkle::root(0, &mut Leaves::default()).unwrap().to_vec(), crate::vectors::bytes(empty));
}

#[test]
fn every_proof_of_every_small_tree_is_that_of_the_standard_and_checks() {
    let all = entries(70);
    for size in 1..=70_usize {
        let now = &all[..size];
        let (mut source, root) = (leaves(now), reference(now));
        assert_eq!(merkle::root(size as u64, &mut source).unwrap(), root);
        for index in 0..size {
            let proof = merkle::inclusion(index as u64, size as u64, &mut source).unwrap();
            assert_eq!(proof, path(index, now));
            merkle::check_inclusion(index as u64, size as u64, &merkle::leaf(&now[index]), &proof, &root).unwrap();
        }
        for old in 0..=size {
            let proof = merkle::consistency(old as u64, size as u64, &mut source).unwrap();
            if old > 0 {
                assert_eq!(proof, subproof(old, now, true));
            }
            merkle::check_consistency(old as u64, size as u64, &proof, &reference(&now[..old]), &root).unwrap();
        }
    }
}

#[test]
fn tiles_are_as_the_example_of_the_specification_says() {
    let widths = |level, index| tile::width(Place { level, index }, 70_000);
    assert_eq!([widths(0, 272), widths(0, 273), widths(0, 274)], [256, 112, 0]);
    assert_eq!([widths(1, 0), widths(1, 1), widths(2, 0), widths(3, 0)], [256, 17, 1, 0]);
    assert_eq!(tile::index_path(1_234_067), "x001/x234/067");
    assert_eq!(Address::at(Place { level: 0, index: 273 }, 70_000).path(), "0/273.p/112");
    assert_eq!(Address::at(Place { level: 0, index: 1_234_067 }, u64::MAX).entries_path(), "entries/x001/x234/067");
    let edge = [(0, 273), (1, 1), (2, 0)].map(|(level, index)| Place { level, index });
    assert_eq!(tile::edge(70_000), edge);
}

#[test]
fn what_is_no_address_of_a_tile_is_refused() {
    for bad in [
        "",
        "0",
        "0/",
        "0/1",
        "0/0001",
        "00/001",
        "64/001",
        "0/x000/001",
        "0/x01/001",
        "0/001/002",
        "0/001.p/0",
        "0/001.p/256",
        "0/001.p/01",
        "0/001.p/",
        "-1/001",
        "0/00a",
        "0/x999/x999/x999/x999/x999/x999/x999/999",
        "0/٠٠١",
    ] {
        assert!(bad.parse::<Address>().is_err(), "{bad}");
    }
    let good: Address = "3/x001/002.p/17".parse().unwrap();
    assert_eq!((good.place, good.width), (Place { level: 3, index: 1002 }, 17));
}

#[test]
fn a_log_of_seventy_thousand_grows_to_the_same_tiles_in_steps_and_at_once() {
    let all = entries(70_000);
    let (at_once, in_steps) = (tiles(&all, usize::MAX), tiles(&all, 777));
    assert_eq!(at_once.0, in_steps.0);
    let mut source = at_once;
    let root = merkle::root(70_000, &mut source).unwrap();
    assert_eq!(root, reference(&all));
    for index in [0, 255, 256, 65_535, 65_536, 69_999] {
        let needed = tile::wanted(|wanted| merkle::inclusion(index, 70_000, wanted).map(drop).unwrap_or(()));
        assert!(needed.len() <= 6, "{needed:?}");
        let mut few =
            Tiles(source.0.iter().filter(|(place, _)| needed.contains(place)).map(|(p, n)| (*p, n.clone())).collect());
        let proof = merkle::inclusion(index, 70_000, &mut few).unwrap();
        let leaf = merkle::leaf(&all[usize::try_from(index).unwrap()]);
        merkle::check_inclusion(index, 70_000, &leaf, &proof, &root).unwrap();
    }
}

#[test]
fn a_batch_changes_few_tiles_however_long_the_log() {
    for size in [0, 1_000_000, 10_000_000, 1 << 40] {
        let mut tiles = Tiles::default();
        for place in tile::edge(size) {
            let width = usize::try_from(tile::width(place, size)).unwrap();
            tiles.0.insert(place, vec![[1; 32]; width]);
        }
        let changed = tile::grow(size, &mut tiles, &[[2; 32]; 256]).unwrap();
        assert!(changed.len() <= 8, "{size}: {changed:?}");
    }
}

#[test]
fn a_log_without_its_edge_does_not_grow() {
    assert!(tile::grow(5, &mut Tiles::default(), &[[0; 32]]).is_err());
}

#[test]
fn a_bundle_reads_back_and_one_that_is_cut_does_not() {
    let entries: Vec<Vec<u8>> = vec![vec![1, 2, 3], Vec::new(), vec![9; 300]];
    let bundle = tile::bundle(entries.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(tile::read_bundle(&bundle).unwrap(), entries);
    assert!(tile::read_bundle(&bundle[..bundle.len() - 1]).is_none());
    assert!(tile::read_bundle(&[0]).is_none());
    assert!(tile::bundle([vec![0; 65_536].as_slice()]).is_none());
    assert!(tile::read_tile(&[0; 33]).is_none() && tile::read_tile(&[]).is_none());
    assert_eq!(tile::read_tile(&[7; 64]).unwrap(), [[7; 32]; 2]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_tree_from_tiles_is_that_of_the_standard(size in 1_usize..2_000, step in 1_usize..600, old in any::<usize>()) {
        let all = entries(size);
        let mut source = tiles(&all, step);
        let root = merkle::root(size as u64, &mut source).unwrap();
        prop_assert_eq!(root, reference(&all));
        let old = old % (size + 1);
        let proof = merkle::consistency(old as u64, size as u64, &mut source).unwrap();
        prop_assert!(merkle::check_consistency(old as u64, size as u64, &proof, &reference(&all[..old]), &root).is_ok());
    }

    #[test]
    fn one_entry_changed_removed_or_moved_is_not_consistent_with_what_was_seen(
        size in 2_usize..600, more in 0_usize..300, at in any::<usize>(), kind in 0..3,
    ) {
        let seen = entries(size);
        let mut forged = entries(size + more);
        let at = at % size;
        match kind {
            0 => forged[at] = b"forged".to_vec(),
            1 => { forged.remove(at); }
            _ => forged.swap(at, (at + 1) % size),
        }
        // A log that lost an entry is shorter, or looks as if it grew by others.
        if forged.len() >= size {
            let (new, mut source) = (forged.len() as u64, leaves(&forged));
            let root = merkle::root(new, &mut source).unwrap();
            let proof = merkle::consistency(size as u64, new, &mut source).unwrap();
            let verdict = merkle::check_consistency(size as u64, new, &proof, &reference(&seen), &root);
            prop_assert!(matches!(verdict, Err(ProofError::Root)), "{verdict:?}");
        }
    }

    #[test]
    fn a_spoilt_proof_proves_nothing(size in 2_u64..400, index in any::<u64>(), at in any::<usize>(), flip in 1_u8..=255, cut in any::<bool>()) {
        let all = entries(usize::try_from(size).unwrap());
        let (mut source, root) = (leaves(&all), reference(&all));
        let index = index % size;
        let leaf = source.0[usize::try_from(index).unwrap()];
        let mut proof = merkle::inclusion(index, size, &mut source).unwrap();
        prop_assert!(merkle::check_inclusion(index, size, &leaf, &proof, &root).is_ok());
        if cut { proof.pop(); } else {
            let place = at % proof.len();
            proof[place][at % 32] ^= flip;
        }
        prop_assert!(merkle::check_inclusion(index, size, &leaf, &proof, &root).is_err());
        prop_assert!(merkle::check_inclusion(size, size, &leaf, &proof, &root).is_err());
        let mut longer = proof.clone();
        longer.push([0; 32]);
        prop_assert!(merkle::check_inclusion(index, size, &leaf, &longer, &root).is_err());
    }

    #[test]
    fn an_address_reads_back(level in 0_u8..8, index in 0_u64..2_000_000_000, width in 1_u16..=256) {
        let address = Address { place: Place { level, index }, width };
        prop_assert_eq!(address.path().parse::<Address>().unwrap(), address);
    }

    #[test]
    fn no_text_read_as_an_address_breaks_anything(text in "[x0-9./p]{0,40}") {
        if let Ok(address) = text.parse::<Address>() {
            prop_assert_eq!(address.path(), text);
        }
    }
}
