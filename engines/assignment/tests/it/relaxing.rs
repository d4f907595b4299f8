//! What is proposed against every cheaper change of its kind.

use assignment::{Blocking, Change, Failure, Relaxation, Rules, optimum};
use proptest::prelude::*;

use crate::brute::{BOTH, INSTITUTION, NONE, SENIOR, Small, small};

/// More units are not tried in every way: their number explodes.
const MOST_UNITS: u64 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Loads,
    Demands,
    Conflicts,
    Kept,
    Rules,
}

fn kind(relaxation: &Relaxation) -> Kind {
    match relaxation.changes[0] {
        Change::LoadMax { .. } | Change::LoadMin { .. } => Kind::Loads,
        Change::Demand { .. } => Kind::Demands,
        Change::Conflict { .. } => Kind::Conflicts,
        Change::Kept { .. } => Kind::Kept,
        Change::Rules => Kind::Rules,
        other => panic!("{other:?}"),
    }
}

/// The problem after what the answer proposes.
fn relaxed(small: &Small, changes: &[Change]) -> Small {
    let mut small = small.clone();
    for change in changes {
        match *change {
            Change::LoadMax { judge, from, to } => {
                assert_eq!(small.high[judge], from);
                small.high[judge] = to;
            }
            Change::LoadMin { judge, from, to } => {
                assert_eq!(small.low[judge], from);
                small.low[judge] = to;
            }
            Change::Demand { entry, from, to } => {
                assert_eq!(small.demand[entry], from);
                small.demand[entry] = to;
            }
            Change::Conflict { judge, entry } => {
                assert!(small.conflict[judge][entry], "there is no conflict");
                small.conflict[judge][entry] = false;
            }
            Change::Kept { judge, entry } => {
                let before = small.kept.len();
                small.kept.retain(|one| *one != (judge, entry));
                assert_eq!(small.kept.len() + 1, before, "it is not kept");
            }
            Change::Rules | Change::Groups | Change::Cap => {}
        }
    }
    small
}

/// All problems that are one unit of this kind away.
fn one_unit(small: &Small, kind: Kind) -> Vec<Small> {
    let kept = &small.kept;
    let mut all = Vec::new();
    let mut with = |change: &dyn Fn(&mut Small)| {
        let mut next = small.clone();
        change(&mut next);
        all.push(next);
    };
    match kind {
        Kind::Loads => {
            for judge in 0..small.judges() {
                with(&|small| small.high[judge] += 1);
                if small.low[judge] > 0 {
                    with(&|small| small.low[judge] -= 1);
                }
            }
        }
        Kind::Demands => {
            for entry in 0..small.entries() {
                with(&|small| small.demand[entry] += 1);
                if small.demand[entry] > 0 {
                    with(&|small| small.demand[entry] -= 1);
                }
            }
        }
        Kind::Conflicts => {
            for judge in 0..small.judges() {
                for entry in (0..small.entries()).filter(|entry| small.conflict[judge][*entry]) {
                    with(&|small| small.conflict[judge][entry] = false);
                }
            }
        }
        Kind::Kept => (0..kept.len()).for_each(|at| with(&|small| small.kept.retain(|one| *one != kept[at]))),
        Kind::Rules => {}
    }
    all
}

/// Whether so many units of this kind can make it solvable, whichever they are.
fn can_be_had(small: &Small, rules: &Rules, kind: Kind, units: u64) -> bool {
    small.is_feasible(rules)
        || (units > 0 && one_unit(small, kind).iter().any(|next| can_be_had(next, rules, kind, units - 1)))
}

fn check(small: &Small, rules: &Rules, found: &Blocking) {
    for relaxation in &found.relaxations {
        let rules_left = if kind(relaxation) == Kind::Rules { &NONE } else { rules };
        assert!(relaxed(small, &relaxation.changes).is_feasible(rules_left), "{relaxation:?} does not help");
        if relaxation.cost <= MOST_UNITS && kind(relaxation) != Kind::Rules {
            let cheaper = can_be_had(small, rules, kind(relaxation), relaxation.cost - 1);
            assert!(!cheaper, "{relaxation:?} is not the cheapest");
        }
    }
    let costs: Vec<u64> = found.relaxations.iter().map(|one| one.cost).collect();
    assert!(costs.is_sorted(), "{costs:?}");
}

/// A kind of which one or two units help is proposed.
fn check_none_is_missing(small: &Small, rules: &Rules, found: &Blocking) {
    for wanted in [Kind::Loads, Kind::Demands, Kind::Conflicts, Kind::Kept] {
        let proposed = found.relaxations.iter().any(|one| kind(one) == wanted);
        assert!(proposed || !can_be_had(small, rules, wanted, 2), "{wanted:?} would help: {:?}", found.relaxations);
    }
}

fn blocking(small: &Small, rules: &Rules) -> Option<Blocking> {
    match optimum(&small.problem(), rules, &()) {
        Err(Failure::Infeasible(blocking)) => Some(*blocking),
        _ => None,
    }
}

fn is_handy(small: &Small) -> bool {
    small.judges() * small.entries() <= 12
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn every_relaxation_helps_and_none_of_its_kind_is_cheaper(small in small()) {
        prop_assume!(is_handy(&small));
        if let Some(found) = blocking(&small, &NONE) {
            check(&small, &NONE, &found);
            if small.kept.is_empty() {
                check_none_is_missing(&small, &NONE, &found);
            }
        }
    }

    #[test]
    fn under_a_side_rule_every_relaxation_helps_and_none_of_its_kind_is_cheaper(small in small(), institutions: bool) {
        prop_assume!(is_handy(&small));
        let rules = if institutions { &INSTITUTION } else { &SENIOR };
        if let Some(found) = blocking(&small, rules) {
            check(&small, rules, &found);
        }
    }

    #[test]
    fn under_both_side_rules_every_relaxation_helps(small in small()) {
        prop_assume!(is_handy(&small));
        if let Some(found) = blocking(&small, &BOTH) {
            check(&small, &BOTH, &found);
        }
    }
}

#[test]
fn a_senior_who_takes_one_more_is_enough() {
    // Found by the properties above: of two judges that are exchanged, one belongs to a class that is full.
    let small = Small {
        scores: vec![vec![0, 0]; 4],
        conflict: vec![vec![false, false]; 4],
        demand: vec![2, 3],
        low: vec![0; 4],
        high: vec![0, 1, 1, 2],
        institution: vec![None; 4],
        senior: vec![false, true, false, false],
        kept: vec![],
        groups: vec![],
    };
    let found = blocking(&small, &SENIOR).unwrap();
    let more = vec![Change::LoadMax { judge: 1, from: 1, to: 2 }];
    assert_eq!(found.relaxations[0], Relaxation { changes: more, cost: 1 });
}
