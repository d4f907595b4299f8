//! The part of CEL that is used, operator by operator.

use rules::Outcome;
use serde_json::json;

use crate::{answer, policy};

const FACTS: &str = "{a: {type: int}, b: {type: bool}, c: {type: bool}, m: {type: money, unit: yuan}, \
                     s: {type: money, unit: yuan, series: true}, d: {type: date}, t: {type: text}}";

/// What a condition says of these facts.
fn says(condition: &str, facts: serde_json::Value) -> Outcome {
    answer(&policy(FACTS, condition, "wan(1)"), &facts).outcome
}

#[test]
fn a_decided_side_absorbs_the_unknown_and_the_faulty_one() {
    use Outcome::{Eligible, NotEligible, Unknown};
    for (condition, wanted) in [
        ("b && false", NotEligible),
        ("false && b", NotEligible),
        ("b || true", Eligible),
        ("true || b", Eligible),
        ("b && true", Unknown),
        ("b || false", Unknown),
        ("!b", Unknown),
        ("b == b", Unknown),
        ("1 / 0 == 1 && false", NotEligible),
        ("true || 1 / 0 == 1", Eligible),
        ("a > 3 || m > yuan(1)", Unknown),
        ("b ? true : true", Eligible),
    ] {
        assert_eq!(says(condition, json!({})), wanted, "{condition}");
    }
}

#[test]
fn operators_do_what_the_specification_says() {
    let facts = json!({"a": -7, "b": true, "m": 3, "s": {"2023": 1, "2024": 2}, "d": 20240229, "t": "120116"});
    for condition in [
        "a / 2 == -3",
        "a % 2 == -1",
        "-a == 7",
        "a - 1 == -8 && a + 1 == -6 && a * -1 == 7",
        "a < 0 && a <= -7 && a >= -7 && !(a > -7) && a != 0",
        "a in [1, -7] && !(a in [])",
        "t.startsWith('12') && t != '12' && t < '13'",
        "[1, 2, 3].exists(x, x == 2) && [1, 2].all(x, x > 0) && ![1].exists(x, x > 1)",
        "[1, 2, 3].filter(x, x > 1) .all(x, x > 1) && size([1, 2, 3].filter(x, x > 1)) == 2",
        "sum([1, 2, 3].map(x, x * 2)) == 12",
        "[4, 5][1] == 5",
        "m / 2 == fen(150) && m / yuan(2) == ratio(3, 2) && m * percent(50) == fen(150)",
        "percent(30) * 3 == ratio(9, 10)",
        "floor_yuan(m / 2) == yuan(1) && ceil_yuan(m / 2) == yuan(2) && round_yuan(m / 2) == yuan(2)",
        "s[last_year] == yuan(2) && sum_last(s, 3) == yuan(3) && mean_last(s, 2) == fen(150) && grew(s, 1)",
        "growth_reaches(s, 1, percent(100)) && !growth_reaches(s, 1, percent(101)) && first_reached(s, yuan(2))",
        "add_months(d, 12) == date('2025-02-28') && year(d) == 2024 && months_between(d, as_of) == 16",
        "at_least(2, [true, b, false]) && !at_least(2, [true, false])",
        "least(3, 1, 2) == 1 && greatest(yuan(1), m) == m",
    ] {
        assert_eq!(says(condition, facts.clone()), Outcome::Eligible, "{condition}");
    }
}

#[test]
fn a_year_without_a_value_is_unknown_and_named() {
    let found = answer(&policy(FACTS, "s[2019] > yuan(0)", "wan(1)"), &json!({"s": {"2024": 5}}));
    assert_eq!(found.outcome, Outcome::Unknown);
    assert_eq!(found.missing.len(), 1);
}

#[test]
fn a_division_by_zero_and_an_overflow_are_faults_not_numbers() {
    for condition in ["1 / (a - a) == 1", "a * 9223372036854775807 * 9223372036854775807 * 9223372036854775807 > 0"] {
        let policy = policy(FACTS, condition, "wan(1)");
        let facts = policy.subject(json!({"a": 9}).as_object().unwrap()).unwrap();
        assert!(policy.answer(0, &facts, crate::day("2025-06-30")).is_err(), "{condition}");
    }
}

#[test]
fn an_unknown_amount_keeps_the_bounds_that_caps_give_it() {
    let found = answer(&policy(FACTS, "b", "least(m, wan(5))"), &json!({"b": true}));
    assert_eq!(found.outcome, Outcome::Eligible);
    assert_eq!(found.amount.low.unwrap().as_whole(), Some(0));
    assert_eq!(found.amount.high.unwrap().as_whole(), Some(5_000_000));
}
