//! Entries that stay together, against every assignment of small problems.

use assignment::{Failure, Problem, Rules, Scores, Shortage, fair, optimum, violations};
use proptest::prelude::*;

use crate::brute::{BOTH, INSTITUTION, NONE, SENIOR, Small, grouped};

fn of(pairs: &[assignment::Pair], entry: usize) -> Vec<usize> {
    pairs.iter().filter(|pair| pair.entry == entry).map(|pair| pair.judge).collect()
}

/// Only these entries ask for judges, and no judge must take anything. Pairs kept on others stay with their judges.
fn only_entries(small: &Small, entries: &[usize]) -> Small {
    let mut part = small.clone();
    part.low.fill(0);
    for entry in (0..small.entries()).filter(|entry| !entries.contains(entry)) {
        part.demand[entry] = 0;
    }
    part.kept.retain(|one| entries.contains(&one.1));
    small.kept.iter().filter(|one| !entries.contains(&one.1)).for_each(|one| part.high[one.0] -= 1);
    part.groups.iter_mut().for_each(|group| group.retain(|entry| entries.contains(&(*entry as usize))));
    part
}

fn check(small: &Small, rules: &Rules) {
    match (optimum(&small.problem(), rules, &()), small.best(rules)) {
        (Ok(found), Some(best)) => {
            assert_eq!((found.objective, found.bound), (best as f64, best as f64), "{found:?}");
            assert!(found.optimal);
            assert_eq!(violations(&small.problem(), rules, &found.pairs), 0);
            let mut pairs: Vec<(usize, usize)> = found.pairs.iter().map(|pair| (pair.entry, pair.judge)).collect();
            pairs.sort_unstable();
            let mut is_one = false;
            small.every(rules, &mut |all| is_one |= all == pairs);
            assert!(is_one, "not an assignment: {pairs:?}");
        }
        (Err(Failure::Infeasible(found)), None) => {
            let apart = Small { groups: vec![], ..small.clone() };
            if found.shortage == Shortage::Group || found.shortage == Shortage::Groups {
                assert!(apart.is_feasible(rules), "not the groups are to blame");
                assert_eq!(found.relaxations[0].cost, 1);
            } else {
                assert!(!apart.is_feasible(rules), "the groups are to blame, not {found}");
                return;
            }
            if !found.of_minimum {
                assert!(!only_entries(small, &found.entries).is_feasible(rules), "{found} is not blocked");
                for one in &found.entries {
                    let rest: Vec<usize> = found.entries.iter().copied().filter(|other| other != one).collect();
                    // Judges for a whole group are counted without regard to side rules and other entries.
                    let rules = if found.shortage == Shortage::Group { &NONE } else { rules };
                    assert!(only_entries(small, &rest).is_feasible(rules), "{found} is not minimal {found:?}");
                }
            }
        }
        (found, best) => panic!("{found:?} for {best:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn groups_are_solved_exactly_where_there_are_few_pairs(small in grouped()) {
        check(&small, &NONE);
    }

    #[test]
    fn groups_with_institutions_apart_are_solved_exactly(small in grouped()) {
        check(&small, &INSTITUTION);
    }

    #[test]
    fn groups_with_a_senior_on_each_are_solved_exactly(small in grouped()) {
        check(&small, &SENIOR);
    }

    #[test]
    fn groups_under_both_rules_are_solved_exactly(small in grouped()) {
        check(&small, &BOTH);
    }

    #[test]
    fn a_fair_assignment_keeps_groups_together(small in grouped()) {
        if let Ok(found) = fair(&small.problem(), &BOTH, &()) {
            assert_eq!(violations(&small.problem(), &BOTH, &found.pairs), 0);
            assert!(found.objective <= found.bound);
            for group in &small.groups {
                assert!(group.windows(2).all(|two| of(&found.pairs, two[0] as usize) == of(&found.pairs, two[1] as usize)));
            }
        }
    }
}

/// A problem of this size by a simple generator, with groups of two to four of the first entries.
fn generated(judges: usize, entries: usize, high: u32, groups: u32, seed: u64) -> Problem {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as u32
    };
    let values = (0..judges * entries).map(|_| (next() % 1000 * (next() % 1000) / 1000) as i32).collect();
    let scores = Scores::from_i32(judges, entries, values, 1000.0).unwrap();
    let mut problem = Problem::new(scores, vec![3; entries], vec![0; judges], vec![high; judges]).unwrap();
    let mut first = 0;
    let lists = (0..groups).map(|group| {
        let list: Vec<u32> = (first..first + 2 + group % 3).collect();
        first += list.len() as u32;
        list
    });
    problem.set_groups(lists.collect()).unwrap();
    problem
}

#[test]
fn many_groups_cost_little_and_the_bound_says_how_little() {
    for (judges, entries, high, groups) in [(30, 40, 6, 2), (60, 80, 5, 12)] {
        let problem = generated(judges, entries, high, groups, 5);
        let found = optimum(&problem, &NONE, &()).unwrap();
        assert_eq!(violations(&problem, &NONE, &found.pairs), 0);
        let mut load = vec![0; judges];
        found.pairs.iter().for_each(|pair| load[pair.judge] += 1);
        assert!(load.iter().all(|load| *load <= high));
        let gap = 1.0 - found.objective / found.bound;
        assert!((0.0..0.015).contains(&gap), "{gap}");
    }
}
