//! The optimum, its proof and the side rules.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use assignment::{
    Assignment, Failure, Problem, Progress, Rules, Scores, components, connect, optimum, reasons, violations,
};
use proptest::prelude::*;

use crate::brute::{BOTH, INSTITUTION, NONE, SENIOR, Small, small};

fn check_valid(small: &Small, rules: &Rules, found: &Assignment) {
    let mut is_one = false;
    let mut pairs: Vec<(usize, usize)> = found.pairs.iter().map(|pair| (pair.entry, pair.judge)).collect();
    pairs.sort_unstable();
    small.every(rules, &mut |all| is_one |= all == pairs);
    assert!(is_one, "not an assignment: {pairs:?}");
    assert_eq!(violations(&small.problem(), rules, &found.pairs), 0);
}

fn check_exact(small: &Small, rules: &Rules) {
    match (optimum(&small.problem(), rules, &()), small.best(rules)) {
        (Ok(found), Some(best)) => {
            assert_eq!(found.objective, best as f64);
            assert_eq!(found.bound, best as f64);
            assert!(found.optimal);
            check_valid(small, rules, &found);
        }
        (Err(Failure::Infeasible(_)), None) => {}
        (found, best) => panic!("{found:?} for {best:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_optimum_is_the_best_of_all_assignments(small in small()) {
        check_exact(&small, &NONE);
    }

    #[test]
    fn one_judge_of_an_institution_is_solved_exactly(small in small()) {
        check_exact(&small, &INSTITUTION);
    }

    #[test]
    fn one_senior_judge_is_solved_exactly(small in small()) {
        check_exact(&small, &SENIOR);
    }

    #[test]
    fn both_rules_at_once_are_solved_exactly_where_there_are_few_pairs(small in small()) {
        match (optimum(&small.problem(), &BOTH, &()), small.best(&BOTH)) {
            (Ok(found), Some(best)) => {
                check_valid(&small, &BOTH, &found);
                assert_eq!((found.objective, found.bound), (best as f64, best as f64));
                assert!(found.optimal);
            }
            (Err(Failure::Infeasible(_)), None) => {}
            (found, best) => panic!("{found:?} for {best:?}"),
        }
    }

    #[test]
    fn connecting_keeps_everything_and_never_parts(small in small()) {
        for rules in [&NONE, &BOTH] {
            let problem = small.problem();
            if let Ok(found) = optimum(&problem, rules, &()) {
                let joined = connect(&problem, rules, &found, &()).unwrap();
                check_valid(&small, rules, &joined);
                assert!(components(&problem, &joined) <= components(&problem, &found));
                assert!(joined.objective <= joined.bound);
            }
        }
    }

    #[test]
    fn published_prices_prove_the_optimum_by_weak_duality(small in small()) {
        let small = Small { kept: vec![], ..small };
        if let Ok(found) = optimum(&small.problem(), &NONE, &()) {
            assert_eq!(found.prices.bound(&small.problem()), found.objective);
        }
    }
}

/// A problem of this size by a simple generator.
fn generated(judges: usize, entries: usize, demand: u32, low: u32, high: u32, seed: u64) -> Problem {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as u32
    };
    let values = (0..judges * entries).map(|_| (next() % 1000 * (next() % 1000) / 1000) as i32).collect();
    let scores = Scores::from_i32(judges, entries, values, 1000.0).unwrap();
    Problem::new(scores, vec![demand; entries], vec![low; judges], vec![high; judges]).unwrap()
}

#[test]
fn a_large_optimum_is_proved_by_its_prices() {
    for seed in 0..3 {
        let problem = generated(150, 300, 3, 4, 7, seed);
        let found = optimum(&problem, &NONE, &()).unwrap();
        assert!(found.optimal);
        assert_eq!(found.pairs.len(), 900);
        assert!((found.prices.bound(&problem) - found.objective).abs() < 1e-6);
    }
}

#[test]
fn both_rules_cost_little_where_there_is_choice() {
    let mut problem = generated(200, 300, 3, 0, 6, 7);
    problem.set_institutions((0..200).map(|judge| Some(judge / 8)).collect()).unwrap();
    problem.set_seniors((0..200).map(|judge| judge % 4 == 1).collect()).unwrap();
    let found = optimum(&problem, &BOTH, &()).unwrap();
    assert_eq!(violations(&problem, &BOTH, &found.pairs), 0);
    assert!(found.objective >= 0.995 * found.bound);
}

#[test]
fn work_can_be_stopped() {
    let steps = AtomicUsize::new(0);
    let stop = |_: Progress| match steps.fetch_add(1, Ordering::Relaxed) {
        0 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    };
    assert_eq!(optimum(&generated(50, 80, 3, 0, 6, 1), &NONE, &stop).unwrap_err(), Failure::Cancelled);
}

#[test]
fn scores_of_many_digits_are_solved_to_their_precision() {
    let values = vec![1.0 / 3.0, 2.0 / 3.0, 0.1, 0.7, 0.123_456_789_012_3, 0.5];
    let scores = Scores::from_f64(2, 3, values).unwrap();
    let problem = Problem::new(scores, vec![1; 3], vec![1; 2], vec![2; 2]).unwrap();
    let found = optimum(&problem, &NONE, &()).unwrap();
    assert!((found.objective - (2.0 / 3.0 + 0.7 + 0.5)).abs() < 1e-12);
}

#[test]
fn groups_stay_with_the_same_judges() {
    let mut problem = generated(30, 40, 3, 0, 6, 5);
    problem.set_groups(vec![vec![0, 1, 2], vec![10, 20]]).unwrap();
    let found = optimum(&problem, &NONE, &()).unwrap();
    let of = |entry: usize| -> Vec<usize> {
        found.pairs.iter().filter(|pair| pair.entry == entry).map(|pair| pair.judge).collect()
    };
    assert_eq!(of(0), of(1));
    assert_eq!(of(0), of(2));
    assert_eq!(of(10), of(20));
    assert!(found.objective <= found.bound && found.objective > 0.9 * found.bound);
}

#[test]
fn two_circles_of_judges_are_connected_at_the_least_loss() {
    // Judges 0 to 2 like entries 0 to 3, judges 3 to 5 like the others; one exchange costs 4 + 4 - 1 - 0.
    let mut values = vec![0; 6 * 8];
    for judge in 0..6 {
        for entry in 0..8 {
            values[judge * 8 + entry] =
                if (judge < 3) == (entry < 4) { 4 } else { i32::from(judge == 5 && entry == 0) };
        }
    }
    let scores = Scores::from_i32(6, 8, values, 1.0).unwrap();
    let problem = Problem::new(scores, vec![2; 8], vec![0; 6], vec![3; 6]).unwrap();
    let found = optimum(&problem, &NONE, &()).unwrap();
    assert_eq!((found.objective, components(&problem, &found)), (64.0, 2));
    let joined = connect(&problem, &NONE, &found, &()).unwrap();
    assert_eq!(components(&problem, &joined), 1);
    assert!(joined.objective >= 57.0 && joined.objective < 64.0 && !joined.optimal);
}

#[test]
fn every_pair_has_a_reason() {
    let scores = Scores::from_i32(3, 2, vec![9, 9, 5, 4, 1, 1], 1.0).unwrap();
    let mut problem = Problem::new(scores, vec![1, 2], vec![0; 3], vec![1; 3]).unwrap();
    problem.keep(2, 1).unwrap();
    let found = optimum(&problem, &NONE, &()).unwrap();
    let words: Vec<String> = reasons(&problem, &found).iter().map(ToString::to_string).collect();
    let pairs: Vec<(usize, usize)> = found.pairs.iter().map(|pair| (pair.entry, pair.judge)).collect();
    assert_eq!(pairs, [(0, 1), (1, 0), (1, 2)]);
    assert_eq!(words[0], "number 2 of 3 judges without conflict, 1 better worth more elsewhere");
    assert_eq!(words[1], "number 1 of 3 judges without conflict");
    assert_eq!(words[2], "kept as it was assigned by hand");
}
