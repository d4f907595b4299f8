//! The best lawful set of benefits against trying every set.

use proptest::prelude::*;
use rules::combine::{Limits, Unfit, combine};

/// What a set pays, by asking for the most that its caps allow: caps are nested, so each is applied to what lies within.
fn worth(amounts: &[i64], limits: &Limits, set: u32) -> i64 {
    fn within(amounts: &[i64], caps: &[(Vec<usize>, i64)], set: u32, members: u32, own: usize) -> i64 {
        let mask = |members: &[usize]| members.iter().fold(0u32, |mask, at| mask | 1 << at);
        // The largest caps strictly inside, of which equal ones count once by their place.
        let inner: Vec<usize> = (0..caps.len())
            .filter(|at| {
                let inside = |one: usize, mine: u32, than: usize| {
                    let one_mask = mask(&caps[one].0);
                    one_mask != 0 && one_mask & !mine == 0 && (one_mask != mine || one > than || than == usize::MAX)
                };
                *at != own
                    && inside(*at, members, own)
                    && !(0..caps.len()).any(|other| {
                        other != *at
                            && other != own
                            && inside(other, members, own)
                            && inside(*at, mask(&caps[other].0), other)
                    })
            })
            .collect();
        let covered = inner.iter().fold(0, |all, at| all | mask(&caps[*at].0));
        let loose: i64 =
            (0..amounts.len()).filter(|at| set & members & !covered & (1 << at) != 0).map(|at| amounts[at]).sum();
        let inside: i64 =
            inner.iter().map(|at| within(amounts, caps, set, mask(&caps[*at].0), *at).min(caps[*at].1)).sum();
        loose + inside
    }
    within(amounts, &limits.caps, set, (1 << amounts.len()) - 1, usize::MAX)
}

fn lawful(limits: &Limits, set: u32) -> bool {
    limits.exclusive.iter().all(|group| group.iter().filter(|at| set >> **at & 1 == 1).count() <= 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn the_best_set_is_the_best_of_all_sets(
        amounts in prop::collection::vec(0..60_i64, 1..9),
        groups in prop::collection::vec(prop::collection::btree_set(0..8_usize, 0..4), 0..4),
        caps in prop::collection::vec((0..8_usize, 1..9_usize, 0..120_i64), 0..4),
    ) {
        let count = amounts.len();
        let exclusive = groups.into_iter().map(|group| group.into_iter().filter(|at| *at < count).collect()).collect();
        let caps = caps.into_iter().map(|(from, width, fen)| ((from.min(count)..(from + width).min(count)).collect(), fen)).collect();
        let limits = Limits { exclusive, caps };
        let found = match combine(&amounts, &limits) {
            Err(Unfit::Crossing(..)) => return Ok(()),
            found => found.unwrap(),
        };
        let best = (0..1u32 << count).filter(|set| lawful(&limits, *set)).map(|set| worth(&amounts, &limits, set)).max();
        let set = found.granted.iter().fold(0, |set, at| set | 1 << at);
        prop_assert_eq!(Some(found.fen), best);
        prop_assert!(lawful(&limits, set));
        prop_assert_eq!(worth(&amounts, &limits, set), found.fen);
    }
}

#[test]
fn the_higher_of_two_that_exclude_each_other_is_granted_and_a_cap_cuts_the_sum() {
    let limits = Limits { exclusive: vec![vec![0, 1]], caps: vec![(vec![1, 2], 100)] };
    let found = combine(&[40, 80, 50], &limits).unwrap();
    assert_eq!((found.granted, found.fen), (vec![1, 2], 100));
    assert_eq!(combine(&[1], &Limits { exclusive: vec![vec![3]], caps: vec![] }), Err(Unfit::Benefit(3)));
    let crossing = Limits { exclusive: vec![], caps: vec![(vec![0, 1], 1), (vec![1, 2], 1)] };
    assert_eq!(combine(&[1, 1, 1], &crossing), Err(Unfit::Crossing(0, 1)));
}
