//! Problems without solution: twenty constructed ones with what must be blamed, and random ones against brute force.

use assignment::{Blocking, Failure, Problem, Rules, Scores, Shortage, optimum};
use proptest::prelude::*;

use crate::brute::{BOTH, INSTITUTION, NONE, SENIOR, Small, small};

fn blocking(problem: &Problem, rules: &Rules) -> Option<Blocking> {
    match optimum(problem, rules, &()) {
        Err(Failure::Infeasible(blocking)) => Some(*blocking),
        _ => None,
    }
}

/// Only these entries ask for judges, and no judge must take anything. Pairs kept on others stay with their judges.
fn only_entries(small: &Small, entries: &[usize]) -> Small {
    let demand = (0..small.entries()).map(|entry| if entries.contains(&entry) { small.demand[entry] } else { 0 });
    let mut high = small.high.clone();
    let (kept, others): (Vec<_>, Vec<_>) = small.kept.iter().copied().partition(|one| entries.contains(&one.1));
    others.iter().for_each(|one| high[one.0] -= 1);
    Small { demand: demand.collect(), low: vec![0; small.judges()], high, kept, ..small.clone() }
}

/// Only these judges must take something, and entries may have up to their demand.
fn can_take(small: &Small, judges: &[usize], rules: &Rules) -> bool {
    fn next(small: &Small, entry: usize, judges: &[usize], rules: &Rules, missing: &mut Vec<u32>) -> bool {
        if missing.iter().all(|missing| *missing == 0) {
            return true;
        }
        if entry == small.entries() {
            return false;
        }
        let kept: Vec<usize> = small.kept.iter().filter(|one| one.1 == entry).map(|one| one.0).collect();
        for set in 0u32..1 << small.judges() {
            let chosen: Vec<usize> = (0..small.judges()).filter(|judge| set >> judge & 1 == 1).collect();
            let open = |judge: &usize| {
                kept.contains(judge)
                    || (judges.contains(judge) && missing[*judge] > 0 && !small.conflict[*judge][entry])
            };
            let twice = |a: &usize, b: &usize| {
                a < b && small.institution[*a].is_some() && small.institution[*a] == small.institution[*b]
            };
            let apart = !rules.one_per_institution || !chosen.iter().any(|a| chosen.iter().any(|b| twice(a, b)));
            // One place is left to a senior.
            let others = chosen.iter().filter(|judge| !small.senior[**judge]).count() as u32;
            let senior = !rules.one_senior || others < small.demand[entry].max(1);
            if set.count_ones() > small.demand[entry]
                || !chosen.iter().all(open)
                || !kept.iter().all(|judge| chosen.contains(judge))
                || !apart
                || !senior
            {
                continue;
            }
            let taken: Vec<usize> = chosen.iter().copied().filter(|judge| missing[*judge] > 0).collect();
            taken.iter().for_each(|judge| missing[*judge] -= 1);
            let ok = next(small, entry + 1, judges, rules, missing);
            taken.iter().for_each(|judge| missing[*judge] += 1);
            if ok {
                return true;
            }
        }
        false
    }
    let mut missing: Vec<u32> =
        (0..small.judges()).map(|judge| if judges.contains(&judge) { small.low[judge] } else { 0 }).collect();
    next(small, 0, judges, rules, &mut missing)
}

fn without(members: &[usize], one: usize) -> Vec<usize> {
    members.iter().copied().filter(|other| *other != one).collect()
}

/// The group is blocked, and without any one of its members it is not.
fn check_blocking(small: &Small, rules: &Rules, found: &Blocking) {
    match found.shortage {
        Shortage::Judges | Shortage::Seniors | Shortage::Rules if !found.of_minimum => {
            assert!(!only_entries(small, &found.entries).is_feasible(rules), "{found} is not blocked");
            for one in &found.entries {
                let rest = only_entries(small, &without(&found.entries, *one));
                assert!(rest.is_feasible(rules), "{found} is not minimal: {:?}", found.entries);
            }
        }
        Shortage::Entries => {
            assert!(!can_take(small, &found.judges, rules), "{found} is not blocked");
            for one in &found.judges {
                assert!(can_take(small, &without(&found.judges, *one), rules), "{found} is not minimal");
            }
        }
        Shortage::Rules => {
            let lows = |judges: &[usize]| {
                let low = (0..small.judges()).map(|judge| if judges.contains(&judge) { small.low[judge] } else { 0 });
                Small { low: low.collect(), ..small.clone() }
            };
            assert!(!lows(&found.judges).is_feasible(rules), "{found} is not blocked");
            for one in &found.judges {
                assert!(lows(&without(&found.judges, *one)).is_feasible(rules), "{found} is not minimal");
            }
        }
        Shortage::Kept if found.by_rules => {
            let entry = only_entries(small, &found.entries);
            let free = Small {
                conflict: vec![vec![false; small.entries()]; small.judges()],
                high: vec![9; small.judges()],
                ..entry
            };
            assert!(!free.is_feasible(rules) && !free.kept.is_empty(), "{found} is not blocked");
        }
        Shortage::Kept => {
            let on = |one: &&(usize, usize)| found.entries.contains(&one.1) || found.judges.contains(&one.0);
            let kept = small.kept.iter().filter(on).count() as u32;
            let most = match found.judges.first() {
                Some(judge) => small.high[*judge],
                None => small.demand[found.entries[0]],
            };
            assert_eq!(found.entries.len() + found.judges.len(), 1);
            assert!(kept > most, "{found} is not blocked");
        }
        other => panic!("{other:?}"),
    }
    if !found.of_minimum && found.shortage != Shortage::Rules {
        assert!(found.needed > found.available, "{found}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn what_is_blamed_is_blocked_and_minimal(small in small()) {
        if let Some(found) = blocking(&small.problem(), &NONE) {
            check_blocking(&small, &NONE, &found);
        }
    }

    #[test]
    fn what_is_blamed_with_institutions_apart_is_blocked_and_minimal(small in small()) {
        if let Some(found) = blocking(&small.problem(), &INSTITUTION) {
            check_blocking(&small, &INSTITUTION, &found);
        }
    }

    #[test]
    fn what_is_blamed_with_a_senior_on_each_is_blocked_and_minimal(small in small()) {
        if let Some(found) = blocking(&small.problem(), &SENIOR) {
            check_blocking(&small, &SENIOR, &found);
        }
    }

    #[test]
    fn what_is_blamed_under_both_rules_is_blocked_and_minimal(small in small()) {
        if let Some(found) = blocking(&small.problem(), &BOTH) {
            if found.shortage == Shortage::Entries {
                // Minimum loads are measured with seniors alone; only colleagues of a kept judge stay away.
                let colleague = |judge: usize, entry: usize| {
                    let of = small.institution[judge];
                    of.is_some() && small.kept.iter().any(|one| one.1 == entry && small.institution[one.0] == of)
                };
                check_blocking(&barring(small.clone(), colleague), &SENIOR, &found);
            } else {
                check_blocking(&small, &BOTH, &found);
            }
        }
    }
}

/// What a constructed problem must be blamed on.
struct Case {
    name: &'static str,
    small: Small,
    rules: Rules,
    shortage: Shortage,
    entries: &'static [usize],
    judges: &'static [usize],
    needed: u64,
    available: u64,
}

/// Judges × entries without anything in the way.
fn plain(judges: usize, entries: usize, demand: u32, high: u32) -> Small {
    Small {
        scores: vec![vec![1; entries]; judges],
        conflict: vec![vec![false; entries]; judges],
        demand: vec![demand; entries],
        low: vec![0; judges],
        high: vec![high; judges],
        institution: vec![None; judges],
        senior: vec![true; judges],
        kept: vec![],
        groups: vec![],
    }
}

fn with(mut small: Small, change: impl FnOnce(&mut Small)) -> Small {
    change(&mut small);
    small
}

/// Bars the pairs (judge, entry) that `barred` says.
fn barring(mut small: Small, barred: impl Fn(usize, usize) -> bool) -> Small {
    for judge in 0..small.judges() {
        for entry in 0..small.entries() {
            small.conflict[judge][entry] |= barred(judge, entry);
        }
    }
    small
}

fn cases() -> Vec<Case> {
    let institutions = Rules { one_per_institution: true, one_senior: false };
    let seniors = Rules { one_per_institution: false, one_senior: true };
    let case = |name, small, rules, shortage, entries, judges, needed, available| Case {
        name,
        small,
        rules,
        shortage,
        entries,
        judges,
        needed,
        available,
    };
    use Shortage::{Entries, Judges, Kept};
    vec![
        case(
            "one entry in conflict with all but two",
            barring(plain(5, 4, 3, 9), |j, e| e == 2 && j > 1),
            NONE,
            Judges,
            &[2],
            &[0, 1],
            3,
            2,
        ),
        case(
            "four entries share two judges",
            barring(plain(6, 6, 1, 1), |j, e| e < 4 && j > 1),
            NONE,
            Judges,
            &[0, 1, 2],
            &[0, 1],
            3,
            2,
        ),
        case(
            "an entry that nobody may judge",
            barring(plain(3, 3, 1, 3), |_, e| e == 1),
            NONE,
            Judges,
            &[1],
            &[],
            1,
            0,
        ),
        case("too few places in all", plain(2, 3, 1, 1), NONE, Judges, &[0, 1, 2], &[0, 1], 3, 2),
        case(
            "judges without time",
            with(plain(3, 2, 1, 2), |s| s.high = vec![0; 3]),
            NONE,
            Judges,
            &[0],
            &[0, 1, 2],
            1,
            0,
        ),
        case(
            "own limits bind",
            with(plain(3, 3, 2, 3), |s| s.high = vec![1, 1, 1]),
            NONE,
            Judges,
            &[0, 1],
            &[0, 1, 2],
            4,
            3,
        ),
        case(
            "a chain through one judge",
            barring(plain(4, 3, 1, 1), |j, e| e < 2 && j != 0),
            NONE,
            Judges,
            &[0, 1],
            &[0],
            2,
            1,
        ),
        case(
            "two entries want the same three",
            barring(plain(6, 4, 3, 1), |j, e| e < 2 && j > 2),
            NONE,
            Judges,
            &[0, 1],
            &[0, 1, 2],
            6,
            3,
        ),
        case(
            "one demand larger than the rest",
            with(barring(plain(4, 3, 1, 3), |j, e| e == 0 && j == 3), |s| s.demand = vec![4, 1, 1]),
            NONE,
            Judges,
            &[0],
            &[0, 1, 2],
            4,
            3,
        ),
        case(
            "a judge must take more than is open",
            barring(with(plain(3, 4, 1, 4), |s| s.low = vec![2, 0, 0]), |j, e| j == 0 && e > 0),
            NONE,
            Entries,
            &[0],
            &[0],
            2,
            1,
        ),
        case(
            "two judges must share one entry",
            barring(with(plain(4, 3, 1, 3), |s| s.low = vec![1, 1, 0, 0]), |j, e| j < 2 && e > 0),
            NONE,
            Entries,
            &[0],
            &[0, 1],
            2,
            1,
        ),
        case(
            "minimums above all demands",
            with(plain(4, 3, 1, 3), |s| s.low = vec![1; 4]),
            NONE,
            Entries,
            &[0, 1, 2],
            &[0, 1, 2, 3],
            4,
            3,
        ),
        case(
            "a minimum above the entries",
            with(plain(3, 2, 2, 5), |s| s.low = vec![3, 0, 0]),
            NONE,
            Entries,
            &[0, 1],
            &[0],
            3,
            2,
        ),
        case(
            "a judge with a minimum and no entry open",
            barring(with(plain(3, 2, 1, 2), |s| s.low = vec![0, 0, 1]), |j, _| j == 2),
            NONE,
            Entries,
            &[],
            &[2],
            1,
            0,
        ),
        case(
            "only one institution",
            with(plain(3, 2, 2, 2), |s| s.institution = vec![Some(1); 3]),
            institutions,
            Judges,
            &[0],
            &[0, 1, 2],
            2,
            1,
        ),
        case(
            "two institutions for three places",
            with(plain(4, 1, 3, 2), |s| s.institution = vec![Some(1), Some(1), Some(2), Some(2)]),
            institutions,
            Judges,
            &[0],
            &[0, 1, 2, 3],
            3,
            2,
        ),
        case("no senior", with(plain(3, 2, 1, 2), |s| s.senior = vec![false; 3]), seniors, Judges, &[0], &[], 1, 0),
        case(
            "the only senior has a conflict",
            with(barring(plain(4, 2, 2, 2), |j, e| j == 0 && e == 1), |s| s.senior = vec![true, false, false, false]),
            seniors,
            Judges,
            &[1],
            &[1, 2, 3],
            2,
            1,
        ),
        case(
            "one senior for two entries",
            with(plain(5, 2, 2, 2), |s| {
                s.senior = vec![true, false, false, false, false];
                s.high[0] = 1;
            }),
            seniors,
            Judges,
            &[0, 1],
            &[0, 1, 2, 3, 4],
            4,
            3,
        ),
        case(
            "more kept than demanded",
            with(plain(3, 2, 1, 2), |s| s.kept = vec![(0, 0), (1, 0)]),
            NONE,
            Kept,
            &[0],
            &[],
            2,
            1,
        ),
    ]
}

#[test]
fn twenty_constructed_problems_are_blamed_on_the_right_group() {
    let cases = cases();
    assert_eq!(cases.len(), 20);
    for case in &cases {
        let found = blocking(&case.small.problem(), &case.rules).expect(case.name);
        assert_eq!(found.shortage, case.shortage, "{}", case.name);
        assert_eq!((found.needed, found.available), (case.needed, case.available), "{}: {found}", case.name);
        assert_eq!(found.entries.len(), case.entries.len(), "{}: {found:?}", case.name);
        assert_eq!(found.judges, case.judges, "{}: {found:?}", case.name);
        check_blocking(&case.small, &case.rules, &found);
        assert!(!found.relaxations.is_empty(), "{}", case.name);
    }
}

#[test]
fn the_answer_is_a_sentence() {
    let four = barring(plain(6, 6, 3, 2), |j, e| e < 4 && j > 1);
    let found = blocking(&four.problem(), &NONE).unwrap();
    assert_eq!(found.to_string(), "this entry has only 2 judges without conflict: 3 places are needed, 2 can be had");
    let one = barring(with(plain(3, 4, 1, 4), |s| s.low = vec![2, 0, 0]), |j, e| j == 0 && e > 0);
    let found = blocking(&one.problem(), &NONE).unwrap();
    assert_eq!(found.to_string(), "this judge must take 2 in all, but only 1 can be had on the entry without conflict");
    let kept = with(plain(3, 2, 2, 2), |s| (s.institution, s.kept) = (vec![Some(1); 3], vec![(0, 0), (1, 0)]));
    let found = blocking(&kept.problem(), &INSTITUTION).unwrap();
    assert_eq!(found.to_string(), "the 2 pairs kept on this entry break the side rules together");
}

#[test]
fn a_large_shortage_is_answered_soon() {
    let scores = Scores::from_i32(300, 600, vec![1; 180_000], 1.0).unwrap();
    let problem = Problem::new(scores, vec![3; 600], vec![0; 300], vec![5; 300]).unwrap();
    let found = blocking(&problem, &NONE).unwrap();
    assert_eq!((found.entries.len(), found.judges.len()), (501, 300));
    assert_eq!((found.needed, found.available), (1503, 1500));
}

#[test]
fn a_large_problem_without_enough_seniors_says_so_soon() {
    let (judges, entries) = (300, 500);
    let values = (0..judges * entries).map(|at| (at * 7919 % 1000) as i32).collect();
    let scores = Scores::from_i32(judges, entries, values, 1.0).unwrap();
    let mut problem = Problem::new(scores, vec![3; entries], vec![0; judges], vec![6; judges]).unwrap();
    problem.set_seniors((0..judges).map(|judge| judge % 4 == 0).collect()).unwrap();
    let rules = Rules { one_senior: true, ..Rules::default() };
    let Err(Failure::Infeasible(blocking)) = optimum(&problem, &rules, &()) else {
        panic!("75 seniors have 450 places")
    };
    assert_eq!((blocking.shortage, blocking.entries.len(), blocking.judges.len()), (Shortage::Seniors, 451, 75));
    assert_eq!(
        blocking.to_string(),
        "these 451 entries have only 75 senior judges without conflict: 451 places are needed, 450 can be had"
    );
}
