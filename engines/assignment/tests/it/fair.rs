//! Fair assignments against every assignment of small problems.

use assignment::{Rules, fair, violations};
use proptest::prelude::*;

use crate::brute::{BOTH, INSTITUTION, NONE, SENIOR, Small, small};

fn check_fair(small: &Small, rules: &Rules) {
    let Some((floor, sum)) = small.fairest(rules) else { return };
    let problem = small.problem();
    let found = fair(&problem, rules, &()).unwrap();
    assert_eq!(violations(&problem, rules, &found.pairs), 0);
    assert!(found.objective <= found.bound);
    assert_eq!((found.floor, found.objective), (floor as f64, sum as f64), "{found:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_fair_assignment_is_the_fairest_of_all(small in small()) {
        check_fair(&small, &NONE);
    }

    #[test]
    fn with_a_senior_on_each_it_is_the_fairest_of_all(small in small()) {
        check_fair(&small, &SENIOR);
    }

    #[test]
    fn with_both_rules_it_is_the_fairest_of_all(small in small()) {
        check_fair(&small, &BOTH);
    }

    #[test]
    fn with_institutions_apart_it_is_the_fairest_of_all(small in small()) {
        check_fair(&small, &INSTITUTION);
    }
}
