//! The worked policies of the bench.

use rules::cases;

use crate::policies;

#[test]
fn every_worked_case_of_the_real_policies_comes_out() {
    let mut all = 0;
    for (name, policy) in policies("corpus") {
        let (passed, failures) = cases::run(&policy);
        assert!(failures.is_empty(), "{name}: {failures:#?}");
        all += passed;
    }
    assert_eq!(all, 69, "cases of the fourteen policies");
}

#[test]
fn every_case_of_the_forty_rules_comes_out() {
    let policies = policies("rules");
    assert_eq!(policies.len(), 40);
    for (name, policy) in policies {
        let (passed, failures) = cases::run(&policy);
        assert!(failures.is_empty() && passed >= 2, "{name}: {failures:#?}");
    }
}
