//! Probabilities and draws.

use assignment::{Failure, Problem, Randomness, Scores, Shortage, commitment, lottery};
use proptest::prelude::*;

use crate::brute::{NONE, Small, small};

fn check_marginals(small: &Small, randomness: Randomness) {
    let problem = small.problem();
    let Ok(lottery) = lottery(&problem, randomness, &()) else { return };
    let mut entries = vec![0.0; small.entries()];
    let mut judges = vec![0.0; small.judges()];
    for (judge, entry, probability) in lottery.probabilities() {
        assert!(probability > 0.0 && probability <= 1.0);
        entries[entry] += probability;
        judges[judge] += probability;
    }
    for (sum, demand) in entries.iter().zip(&small.demand) {
        assert!((sum - f64::from(*demand)).abs() < 1e-9, "{entries:?}");
    }
    for ((sum, low), high) in judges.iter().zip(&small.low).zip(&small.high) {
        assert!(*sum > f64::from(*low) - 1e-9 && *sum < f64::from(*high) + 1e-9, "{judges:?}");
    }
    let spread = lottery.spread(&problem);
    match randomness {
        Randomness::MaxProbability(cap) if small.kept.is_empty() => assert!(spread.max_probability <= cap + 1e-9),
        Randomness::Quality(share) => assert!(spread.quality >= share - 1e-6, "{spread:?}"),
        Randomness::MaxProbability(_) => {}
    }
    for seed in 0..3u8 {
        let drawn = lottery.draw(&problem, &[seed], &()).unwrap();
        let pairs: Vec<(usize, usize)> = drawn.pairs.iter().map(|pair| (pair.entry, pair.judge)).collect();
        let mut is_one = false;
        small.every(&NONE, &mut |all| {
            let mut all = all.to_vec();
            all.sort_unstable();
            is_one |= all == pairs;
        });
        assert!(is_one, "not an assignment: {pairs:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn under_a_cap_every_sum_is_right_and_every_draw_an_assignment(small in small(), cap in 0.3f64..1.0) {
        check_marginals(&small, Randomness::MaxProbability(cap));
    }

    #[test]
    fn at_a_quality_every_sum_is_right_and_every_draw_an_assignment(small in small(), share in 0.5f64..1.0) {
        check_marginals(&small, Randomness::Quality(share));
    }
}

/// At most one in `parts` on every pair: as an assignment of whole parts, of which demands and bounds are so many times as
/// large.
fn in_parts(small: &Small, parts: u32) -> Small {
    let times = |list: &[u32]| list.iter().map(|value| value * parts).collect();
    Small { demand: times(&small.demand), low: times(&small.low), high: times(&small.high), ..small.clone() }
}

/// Only these entries ask for judges, and no judge must take anything.
fn only_entries(small: &Small, entries: &[usize]) -> Small {
    let demand = (0..small.entries()).map(|entry| if entries.contains(&entry) { small.demand[entry] } else { 0 });
    Small { demand: demand.collect(), low: vec![0; small.judges()], ..small.clone() }
}

fn check_cap(small: &Small, parts: u32) {
    let problem = small.problem();
    let without = |members: &[usize], one: usize| -> Vec<usize> {
        members.iter().copied().filter(|other| *other != one).collect()
    };
    match (
        lottery(&problem, Randomness::MaxProbability(1.0 / f64::from(parts)), &()),
        in_parts(small, parts).best(&NONE),
    ) {
        (Ok(found), Some(best)) => {
            let expected: f64 = found
                .probabilities()
                .map(|(judge, entry, probability)| probability * f64::from(small.scores[judge][entry]))
                .sum();
            assert!((expected - best as f64 / f64::from(parts)).abs() < 1e-9, "{expected} of {best} in {parts}");
        }
        (Err(Failure::Infeasible(found)), None) if found.shortage == Shortage::Cap && !found.of_minimum => {
            assert!(
                !in_parts(&only_entries(small, &found.entries), parts).is_feasible(&NONE),
                "{found} is not blocked"
            );
            for one in &found.entries {
                let rest = only_entries(small, &without(&found.entries, *one));
                assert!(in_parts(&rest, parts).is_feasible(&NONE), "{found} is not minimal");
            }
        }
        (Err(Failure::Infeasible(found)), None) if found.shortage == Shortage::Cap => {
            let least = |judges: &[usize]| {
                let low = (0..small.judges()).map(|judge| if judges.contains(&judge) { small.low[judge] } else { 0 });
                in_parts(&Small { low: low.collect(), ..small.clone() }, parts)
            };
            assert!(!least(&found.judges).is_feasible(&NONE), "{found} is not blocked");
            for one in &found.judges {
                assert!(least(&without(&found.judges, *one)).is_feasible(&NONE), "{found} is not minimal");
            }
        }
        (Err(Failure::Infeasible(_)), None) => assert!(!small.is_feasible(&NONE)),
        (found, best) => panic!("{found:?} for {best:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn under_a_cap_the_expected_sum_is_the_largest_there_is(small in small(), parts in 1u32..=3) {
        check_cap(&Small { kept: vec![], ..small }, parts);
    }
}

fn generated(judges: usize, entries: usize) -> Problem {
    let mut state = 7u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    };
    let values = (0..judges * entries).map(|_| (next() % 1000) as i32).collect();
    let scores = Scores::from_i32(judges, entries, values, 1000.0).unwrap();
    Problem::new(scores, vec![3; entries], vec![0; judges], vec![6; judges]).unwrap()
}

#[test]
fn a_draw_can_be_repeated_from_its_seed() {
    let problem = generated(40, 60);
    let lottery = lottery(&problem, Randomness::MaxProbability(0.5), &()).unwrap();
    let draw = |seed: &[u8]| lottery.draw(&problem, seed, &()).unwrap().pairs;
    assert_eq!(draw(b"2021"), draw(b"2021"));
    assert_ne!(draw(b"2021"), draw(b"2022"));
    // printf 'jinmen.assignment.draw.v1\0002021' | sha256sum; the second text fills more than one block.
    assert_eq!(commitment(b"2021")[..4], [0x58, 0x5d, 0xbf, 0x54]);
    assert_eq!(commitment(&[b'a'; 100])[..4], [0xa5, 0x4d, 0x2e, 0x9b]);
}

#[test]
fn pairs_are_drawn_as_often_as_their_probability_says() {
    let problem = generated(12, 10);
    let lottery = lottery(&problem, Randomness::Quality(0.85), &()).unwrap();
    let mut count = vec![0u32; 120];
    let draws = 1500u32;
    for seed in 0..draws {
        for pair in lottery.draw(&problem, &seed.to_be_bytes(), &()).unwrap().pairs {
            count[pair.judge * 10 + pair.entry] += 1;
        }
    }
    for (judge, entry, probability) in lottery.probabilities() {
        let share = f64::from(count[judge * 10 + entry]) / f64::from(draws);
        // Five standard errors.
        let most_off = 5.0 * (probability * (1.0 - probability) / f64::from(draws)).sqrt() + 1e-9;
        assert!((share - probability).abs() <= most_off, "{share} for {probability}");
    }
}

#[test]
fn numbers_outside_their_range_are_refused() {
    for bad in [0.0, -0.1, 1.01, f64::NAN] {
        assert!(Randomness::MaxProbability(bad).check().is_err());
        assert!(Randomness::Quality(bad).check().is_err());
    }
    assert!(Randomness::Quality(1.0).check().is_ok());
}
