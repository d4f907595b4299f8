//! Outcomes, bounds and questions against brute force over everything the missing facts could be.

use proptest::prelude::*;
use rules::Outcome;
use serde_json::{Map, Value as Json};

use crate::{answer, policy};

const FACTS: &str =
    "{p: {type: bool}, q: {type: bool}, x: {type: int, min: 0, max: 3}, y: {type: int, min: 0, max: 3}}";

fn condition() -> impl Strategy<Value = String> {
    let number = prop_oneof![Just("x".to_owned()), Just("y".to_owned()), (0..5_i64).prop_map(|n| n.to_string())];
    let sum = (number.clone(), number).prop_map(|(a, b)| format!("({a} + {b})"));
    let leaf = prop_oneof![
        Just("p".to_owned()),
        Just("q".to_owned()),
        (sum.clone(), prop_oneof![Just("<"), Just(">="), Just("==")], sum)
            .prop_map(|(a, o, b)| format!("({a} {o} {b})")),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|a| format!("!{a}")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        ]
    })
}

/// Every completion of the facts.
fn completions(known: &Map<String, Json>) -> Vec<Map<String, Json>> {
    let mut all = vec![known.clone()];
    for (name, count) in [("p", 2), ("q", 2), ("x", 4), ("y", 4)] {
        if !known.contains_key(name) {
            let value = |n: i64| if count == 2 { Json::Bool(n == 1) } else { Json::from(n) };
            let with = |facts: &Map<String, Json>, n: i64| {
                let mut facts = facts.clone();
                facts.insert(name.to_owned(), value(n));
                facts
            };
            all = all.iter().flat_map(|facts| (0..count).map(|n| with(facts, n)).collect::<Vec<_>>()).collect();
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_completion_contradicts_an_answer_and_every_fact_that_matters_is_asked(
        condition in condition(),
        known in proptest::collection::vec(any::<bool>(), 4),
        values in proptest::collection::vec(0_i64..4, 4),
    ) {
        let policy = policy(FACTS, &condition, "p ? yuan(x * 3) : least(yuan(y + x), yuan(4))");
        let given: Map<String, Json> = ["p", "q", "x", "y"].iter().zip(&known).zip(&values)
            .filter(|((_, known), _)| **known)
            .map(|((name, _), value)| {
                let json = if *name < "x" { Json::Bool(value % 2 == 1) } else { Json::from(*value) };
                ((*name).to_owned(), json)
            })
            .collect();
        let found = answer(&policy, &Json::Object(given.clone()));
        let asked = policy.names(&found.missing);
        let all: Vec<_> = completions(&given).into_iter().map(|facts| {
            let answer = answer(&policy, &Json::Object(facts.clone()));
            (facts, answer)
        }).collect();
        for (facts, full) in &all {
            prop_assert!(matches!(full.outcome, Outcome::Eligible | Outcome::NotEligible));
            if found.outcome != Outcome::Unknown {
                prop_assert_eq!(found.outcome, full.outcome, "{} {:?}", &condition, facts);
            }
            let amount = full.amount.value().unwrap().as_whole().unwrap();
            prop_assert!(found.amount.low.unwrap().as_whole().unwrap() <= amount);
            prop_assert!(found.amount.high.unwrap().as_whole().unwrap() >= amount);
        }
        // Two completions that differ in one fact alone and answer differently: that fact was asked for.
        for (a, one) in &all {
            for (b, two) in &all {
                let apart: Vec<&String> = a.keys().filter(|name| a[*name] != b[*name]).collect();
                if let [name] = apart[..] && (one.outcome, one.amount) != (two.outcome, two.amount) {
                    prop_assert!(asked.contains(&name.as_str()), "{} {:?} {}", &condition, &asked, name);
                }
            }
        }
    }

    #[test]
    fn every_question_can_change_the_answer_and_whatever_can_is_asked(
        condition in condition(),
        amount in prop_oneof![
            Just("yuan(1)"), Just("p ? yuan(x) : yuan(y)"), Just("least(yuan(x + y), yuan(4))"),
            Just("x >= 2 ? (q ? yuan(3) : yuan(3)) : yuan(x)"), Just("yuan(x) + yuan(y) - yuan(x)"),
        ],
        known in proptest::collection::vec(any::<bool>(), 4),
        values in proptest::collection::vec(0_i64..4, 4),
    ) {
        let policy = policy(FACTS, &condition, amount);
        let given: Map<String, Json> = ["p", "q", "x", "y"].iter().zip(&known).zip(&values)
            .filter(|((_, known), _)| **known)
            .map(|((name, _), value)| {
                let json = if *name < "x" { Json::Bool(value % 2 == 1) } else { Json::from(*value) };
                ((*name).to_owned(), json)
            })
            .collect();
        let facts = policy.subject(&given).unwrap();
        let mut asked = policy.prove(0, &facts, crate::day("2025-06-30")).unwrap().questions;
        asked.sort();
        let all: Vec<_> = completions(&given).into_iter().map(|facts| {
            let answer = answer(&policy, &Json::Object(facts.clone()));
            (facts, (answer.outcome, answer.amount))
        }).collect();
        let mut matter: Vec<String> = Vec::new();
        for (a, one) in &all {
            for (b, two) in &all {
                let apart: Vec<&String> = a.keys().filter(|name| a[*name] != b[*name]).collect();
                if let [name] = apart[..] && one != two && !matter.contains(name) {
                    matter.push(name.clone());
                }
            }
        }
        matter.sort();
        // Where every completion says the same, bounds may not see it; then what they miss is asked for.
        if !matter.is_empty() {
            prop_assert_eq!(asked, matter, "{} / {} {:?}", condition, amount, given);
        }
    }
}

#[test]
fn questions_know_texts_days_and_tiers_and_ask_the_most_useful_first() {
    let facts =
        "{t: {type: text}, d: {type: date}, m: {type: money, unit: yuan, min: 0}, p: {type: bool}, r: {type: ratio}}";
    for (condition, amount, asked) in [
        ("(t == 'a' || t != 'a') && p", "yuan(1)", &["p"][..]),
        ("t == 'a' || (t in ['a', 'b'] && p)", "yuan(1)", &["t", "p"]),
        ("(d >= date('2020-01-01') ? p : p) && d >= date('2021-01-01')", "yuan(1)", &["p", "d"]),
        ("m >= wan(1) && (m >= wan(5) || p || m >= wan(1))", "yuan(1)", &["m"]),
        ("(r > percent(5) || r <= percent(5)) && p", "yuan(1)", &["p"]),
        ("p && (t.startsWith('12') || t == '1201' || m > wan(1))", "yuan(1)", &["p", "t", "m"]),
    ] {
        let policy = policy(facts, condition, amount);
        let subject = policy.subject(&Map::new()).unwrap();
        let mut found = policy.prove(0, &subject, crate::day("2025-06-30")).unwrap().questions;
        let mut wanted: Vec<String> = asked.iter().map(|one| (*one).to_owned()).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{condition}");
    }
    let policy = policy(facts, "p && (t == 'a' || t == 'b' || d > date('2020-01-01') || r > percent(1))", "yuan(1)");
    let subject = policy.subject(&Map::new()).unwrap();
    assert_eq!(policy.prove(0, &subject, crate::day("2025-06-30")).unwrap().questions[0], "p");
}
