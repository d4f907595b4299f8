//! What spans clauses and applicants: receipts, limits, budgets, the best of the cohort.

use proptest::prelude::*;
use rules::{Outcome, Policy};
use serde_json::{Value as Json, json};

use crate::day;

/// A policy whose cases all pass.
fn worked(source: &str) -> Policy {
    let policy = rules::load(source).unwrap_or_else(|findings| panic!("{}", findings[0]));
    let (passed, failures) = rules::cases::run(&policy);
    assert!(failures.is_empty() && passed > 0, "{failures:?}");
    policy
}

#[test]
fn receipts_say_what_was_granted_once_or_within_years_and_up_to_a_cap() {
    worked(
        "
policy: Receipts
facts:
  receipts: {type: receipts, unit: yuan, zh: r, en: r}
  spent: {type: money, unit: yuan, min: 0}
clauses:
- id: ONCE
  once: {zh: once, en: once}
  conditions: [{zh: any, when: 'true'}]
  amount: wan(1)
  cases:
  - {as_of: 2025-06-30, facts: {receipts: []}, eligible: true, amount: 10000}
  - {as_of: 2025-06-30, facts: {receipts: [{clause: OTHER, on: 2025-01-01, amount: 5}]}, eligible: true}
  - {as_of: 2025-06-30, facts: {receipts: [{clause: ONCE, on: 2001-01-01, amount: 5}]}, eligible: false}
  - {as_of: 2025-06-30, facts: {}, eligible: unknown, ask: [receipts]}
- id: YEARS
  once: {zh: once in three years, years: 3}
  conditions: [{zh: any, when: 'true'}]
  amount: wan(1)
  cases:
  - {as_of: 2025-06-30, facts: {receipts: [{clause: YEARS, on: 2022-06-30, amount: 5}]}, eligible: true}
  - {as_of: 2025-06-29, facts: {receipts: [{clause: YEARS, on: 2022-06-30, amount: 5}]}, eligible: false, eligible_from: 2025-06-30}
- id: CAP
  cumulative_cap: wan(3)
  conditions: [{zh: less than three times, when: \"times_granted('CAP') < 3\"}]
  amount: spent
  cases:
  - {as_of: 2025-06-30, facts: {spent: 20000, receipts: [{clause: CAP, on: 2024-01-01, amount: 12000.5}]}, eligible: true, amount: 17999.5}
  - {as_of: 2025-06-30, facts: {spent: 20000, receipts: [{clause: CAP, on: 2024-01-01, amount: 40000}]}, eligible: true, amount: 0}
  - {as_of: 2025-06-30, facts: {spent: 20000, receipts: []}, eligible: true, amount: 20000}
  - {as_of: 2025-06-30, facts: {receipts: []}, eligible: true, amount: unknown, amount_max: 30000}
- id: SINCE
  conditions:
  - {zh: none since 2024, when: \"!granted_since(['ONCE', 'CAP'], date('2024-01-01'))\"}
  - {zh: not twice this year, when: \"times_granted_since('SINCE', date('2025-01-01')) < 2\"}
  amount: greatest(wan(1) - paid_since('SINCE', date('2025-01-01')), yuan(0))
  cases:
  - {as_of: 2025-06-30, facts: {receipts: [{clause: CAP, on: 2023-12-31, amount: 1}, {clause: SINCE, on: 2025-02-01, amount: 4000}, {clause: SINCE, on: 2024-02-01, amount: 4000}]}, eligible: true, amount: 6000}
  - {as_of: 2025-06-30, facts: {receipts: [{clause: CAP, on: 2024-01-01, amount: 1}]}, eligible: false}
",
    );
}

const LIMITS: &str = "
policy: Limits
facts:
  a: {type: money, unit: yuan, min: 0}
  b: {type: money, unit: yuan, min: 0}
  c: {type: money, unit: yuan, min: 0}
  receipts: {type: receipts, unit: yuan, if_absent: []}
clauses:
- id: A
  conditions: [{zh: a, when: a > yuan(0)}]
  amount: a
  cases:
  - {as_of: 2025-06-30, facts: {a: 3, b: 4, c: 0}, eligible: true, amount: 3, granted: 0}
  - {as_of: 2025-06-30, facts: {a: 5, b: 4, c: 0}, eligible: true, granted: 5}
  - {as_of: 2025-06-30, facts: {a: 5, c: 0}, eligible: true, granted: unknown, granted_max: 5}
  - {as_of: 2025-06-30, facts: {a: 5, b: 4, c: 0, receipts: [{clause: B, on: 2020-01-01, amount: 1}]}, eligible: false}
- id: B
  conditions: [{zh: b, when: b > yuan(0)}]
  amount: b
  cases:
  - {as_of: 2025-06-30, facts: {a: 1, b: 4, c: 8}, granted: 4}
  - {as_of: 2025-06-30, facts: {a: 3, b: 4, c: 8}, granted: 0, why: 3 and 8 are more than 4 and 6}
- id: C
  conditions: [{zh: c, when: c > yuan(0)}]
  amount: c
  cases:
  - {as_of: 2025-06-30, facts: {a: 1, b: 4, c: 8}, amount: 8, granted: 6}
  - {as_of: 2025-06-30, facts: {a: 0, b: 4, c: 8, receipts: [{clause: C, on: 2020-01-01, amount: 7}]}, granted: 0}
limits:
- {zh: higher of both, en: the higher of both, exclusive: [A, B], past: true}
- {zh: together ten, en: ten together, cap: yuan(10), clauses: [B, C], past: true}
";

#[test]
fn the_higher_of_what_excludes_each_other_is_granted_under_caps_with_what_was_paid() {
    let policy = worked(LIMITS);
    let facts = policy.subject(json!({"a": 1, "b": 4, "c": 8}).as_object().unwrap()).unwrap();
    let settled = policy.settle(&facts, day("2025-06-30")).unwrap();
    assert_eq!((settled.total.exact(), settled.binding), (Some(1000), vec![0, 1]));
}

#[test]
fn rows_by_text_parameters_of_another_day_and_unequal_instalments() {
    worked(
        "
policy: Small things
facts:
  degree: {type: text}
  moved: {type: date}
parameters:
  award: {values: [{from: 2020-01-01, value: wan(1)}, {from: 2025-01-01, value: wan(2)}]}
  codes: {values: [{from: 2020-01-01, value: \"['65', '3911']\"}, {from: 2025-01-01, value: \"['65']\"}]}
clauses:
- id: A
  title: by degree
  payee: the employer
  tables:
    rate:
      by: degree
      rows:
      - {is: [bachelor, 'higher, other'], value: percent(50)}
      - {is: [master], value: percent(80)}
      - {value: percent(10)}
  conditions: [{zh: listed, when: \"value_on(codes, moved).exists(code, '6512'.startsWith(code))\"}]
  amount: floor_fen(value_on(award, moved) * rate)
  instalments: [percent(50), percent(30), percent(20)]
  cases:
  - {as_of: 2025-06-30, facts: {degree: master, moved: 2024-12-31}, eligible: true, amount: 8000, instalments: [4000, 2400, 1600]}
  - {as_of: 2025-06-30, facts: {degree: bachelor, moved: 2025-01-01}, amount: 10000}
  - {as_of: 2025-06-30, facts: {degree: none, moved: 2025-01-01}, amount: 2000}
  - {as_of: 2025-06-30, facts: {moved: 2025-01-01}, eligible: true, amount: unknown, amount_max: 16000, ask: [degree]}
",
    );
}

fn cohort(ties: &str, budget: &str) -> String {
    format!(
        "
policy: Cohort
facts:
  score: {{type: int}}
  asks: {{type: money, unit: fen, min: 0}}
clauses:
- id: A
  conditions: [{{zh: asks, when: asks > fen(0)}}]
  amount: asks
  best: {{zh: the best two, en: the best two, places: '2', by: score, ties: {ties}}}
  cases: [{{as_of: 2025-06-30, facts: {{score: 1, asks: 7}}, eligible: manual, amount_max: 0.07}}]
cohort_cases: [{{as_of: 2025-06-30, members: [{{score: 1, asks: 500}}], granted: [{{A: 5}}]}}]
{budget}"
    )
}

#[test]
fn the_best_are_chosen_and_ties_go_as_the_measure_says() {
    for (ties, granted) in [("all", "[5, 5, 5, 0]"), ("none", "[5, 0, 0, 0]"), ("people", "[5, unknown, unknown, 0]")] {
        let amounts = granted.trim_matches(['[', ']']).split(", ").map(|one| format!("{{A: {one}}}"));
        let case = format!(
            "\n- as_of: 2025-06-30\n  members: [{{score: 9, asks: 500}}, {{score: 8, asks: 500}}, {{score: 8, asks: 500}}, {{score: 7, asks: 500}}]\n  granted: [{}]\n",
            amounts.collect::<Vec<_>>().join(", ")
        );
        let source = cohort(ties, "").replace(
            "cohort_cases: [{as_of: 2025-06-30, members: [{score: 1, asks: 500}], granted: [{A: 5}]}]\n",
            &format!("cohort_cases:{case}"),
        );
        worked(&source);
    }
}

#[test]
fn a_budget_that_does_not_suffice_is_shared_or_used_up_in_order() {
    for (short, granted) in [
        ("pro_rata", "[{A: 3.33}, {A: 6.66}]"),
        ("pro_rata, round: yuan", "[{A: 3}, {A: 6}]"),
        ("in_order, by: score", "[{A: 0}, {A: 10}]"),
        ("in_order, by: asks", "[{A: 5}, {A: 5}]"),
    ] {
        let budget = format!("budgets: [{{zh: b, clauses: [A], amount: yuan(10), short: {short}}}]\n");
        let source = cohort("all", &budget).replace(
            "members: [{score: 1, asks: 500}], granted: [{A: 5}]",
            &format!("members: [{{score: 9, asks: 500}}, {{score: 8, asks: 1000}}], granted: {granted}"),
        );
        worked(&source);
    }
}

/// The plain way, for known facts: who is among the best two, then the budget.
fn plainly(members: &[(i64, i64)], ties: &str, short: &str) -> Vec<i64> {
    let better = |score: i64| members.iter().filter(|(other, asks)| *asks > 0 && *other > score).count();
    let level = |score: i64| members.iter().filter(|(other, asks)| *asks > 0 && *other >= score).count();
    let chosen = |score: i64| if ties == "all" { better(score) < 2 } else { level(score) <= 2 };
    let mut dues: Vec<i64> = members.iter().map(|(score, asks)| if chosen(*score) { *asks } else { 0 }).collect();
    let sum: i64 = dues.iter().sum();
    if short == "pro_rata" && sum > 10 {
        dues.iter_mut().for_each(|due| *due = *due * 10 / sum);
    }
    if short != "pro_rata" {
        let mut queue: Vec<usize> = (0..dues.len()).collect();
        queue.sort_by_key(|at| members[*at].0);
        let mut left = 10;
        for at in queue {
            dues[at] = dues[at].min(left);
            left -= dues[at];
        }
    }
    dues
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn bounds_over_a_cohort_hold_whatever_the_missing_facts_are(
        members in prop::collection::vec((0..4_i64, 0..9_i64, any::<bool>(), any::<bool>()), 1..5),
        ties in prop_oneof![Just("all"), Just("none")],
        short in prop_oneof![Just("pro_rata"), Just("in_order, by: score")],
    ) {
        let budget = format!("budgets: [{{zh: b, clauses: [A], amount: fen(10), short: {short}}}]\n");
        let source = cohort(ties, &budget).replace("{type: int}", "{type: int, min: 0, max: 3}").replace("unit: fen, min: 0", "unit: fen, min: 0, max: 8");
        let policy = rules::load(&source).unwrap();
        let share = |members: &[Json]| {
            let (mut entrants, mut places) = (Vec::new(), Vec::new());
            for member in members {
                let facts = policy.subject(member.as_object().unwrap()).unwrap();
                let entrant = policy.entrant(&facts, day("2025-06-30")).unwrap();
                places.push(entrant.as_ref().map(|_| entrants.len()));
                entrants.extend(entrant);
            }
            let shared = policy.share(&entrants, day("2025-06-30")).unwrap();
            places.iter().map(|place| place.map(|place| shared[place][0]).unwrap_or_default()).collect::<Vec<_>>()
        };
        let given: Vec<Json> = members.iter().map(|(score, asks, no_score, no_asks)| {
            let mut facts = json!({});
            if !no_score { facts["score"] = json!(score); }
            if !no_asks { facts["asks"] = json!(asks); }
            facts
        }).collect();
        let bounds = share(&given);
        // Every completion of the scores with the two ends and one middle of the asks.
        let mut completions: Vec<Vec<(i64, i64)>> = vec![Vec::new()];
        for (score, asks, no_score, no_asks) in &members {
            let scores = if *no_score { vec![0, 1, 2, 3] } else { vec![*score] };
            let amounts = if *no_asks { vec![0, 3, 8] } else { vec![*asks] };
            completions = completions.iter().flat_map(|so_far| scores.iter().flat_map(|score| amounts.iter().map(move |asks| {
                let mut next = so_far.clone();
                next.push((*score, *asks));
                next
            })).collect::<Vec<_>>()).collect();
        }
        for completion in completions.iter().step_by(1 + completions.len() / 300) {
            let plain = plainly(completion, ties, short);
            for (due, fen) in bounds.iter().zip(&plain) {
                prop_assert!(due.low <= *fen && *fen <= due.high, "{:?} {:?} {:?} {:?}", given, completion, bounds, plain);
            }
            let full: Vec<Json> = completion.iter().map(|(score, asks)| json!({"score": score, "asks": asks})).collect();
            let exact: Vec<Option<i64>> = share(&full).iter().map(|due| due.exact()).collect();
            prop_assert_eq!(exact, plain.iter().copied().map(Some).collect::<Vec<_>>(), "{:?}", completion);
        }
    }
}

#[test]
fn one_applicant_alone_needs_people_for_the_best_of_all() {
    let policy = rules::load(&cohort("all", "")).unwrap();
    let answer = crate::answer(&policy, &json!({"score": 1, "asks": 7}));
    assert_eq!((answer.outcome, answer.amount.value()), (Outcome::NeedsPeople, None));
}

#[test]
fn what_spans_clauses_is_refused_where_it_makes_no_sense() {
    let codes = |source: &str| {
        let findings = rules::load(source).err().unwrap_or_default();
        findings.iter().map(|one| one.code).collect::<Vec<_>>()
    };
    for (from, to, code) in [
        ("exclusive: [A, B]", "exclusive: [A, Z]", "unknown_name"),
        ("exclusive: [A, B]", "exclusive: [A]", "limit"),
        ("exclusive: [A, B]", "exclusive: [A, B], cap: yuan(1)", "limit"),
        ("cap: yuan(10)", "cap: '10'", "unit"),
        ("clauses: [B, C], past: true}", "clauses: [B, C]}\n- {zh: x, cap: yuan(1), clauses: [A, C]}", "limit"),
        ("receipts: {type: receipts, unit: yuan, if_absent: []}", "d: {type: bool}", "unknown_name"),
        ("receipts: {type: receipts, unit: yuan", "receipts: {type: bool", "type"),
        ("type: receipts, unit: yuan", "type: receipts", "unit"),
    ] {
        let found = codes(&LIMITS.replacen(from, to, 1));
        assert!(found.contains(&code), "{to}: {found:?}");
    }
    assert_eq!(codes(&cohort("all", "").replace("amount: asks", "payee: x")), ["never"]);
    assert_eq!(codes(&cohort("all", "").replace("places: '2'", "places: score")), ["unknown_name"]);
    let budget = "budgets: [{zh: b, clauses: [A], amount: yuan(1), short: in_order}]\n";
    assert_eq!(codes(&cohort("all", budget)), ["limit"]);
    let without = cohort("all", "").replace("cohort_cases:", "x:");
    assert_eq!(codes(&without), ["document"]);
}

#[test]
fn a_mean_over_the_cohort_is_a_fact_of_each() {
    let source = "
policy: Mean
facts:
  revenue: {type: money, unit: yuan, min: 0}
  asks: {type: bool}
cohort:
  mean_revenue: {mean: revenue, where: asks, zh: mean, en: mean}
clauses:
- id: A
  conditions: [{zh: a, when: asks && revenue >= mean_revenue}]
  amount: yuan(5)
  cases:
  - {as_of: 2025-06-30, facts: {asks: true, revenue: 5}, eligible: unknown, ask: [mean_revenue]}
  - {as_of: 2025-06-30, facts: {asks: true, revenue: 5, mean_revenue: 5.001}, eligible: false}
cohort_cases:
- as_of: 2025-06-30
  members: [{asks: true, revenue: 1}, {asks: true, revenue: 2}, {asks: true, revenue: 1.5}, {asks: false, revenue: 9}]
  granted: [{A: 0}, {A: 5}, {A: 5}, {A: 0}]
- as_of: 2025-06-30
  members: [{asks: true, revenue: 1}, {asks: true}]
  granted: [{A: unknown}, {A: unknown}]
- as_of: 2025-06-30
  members: [{asks: true, revenue: 1}, {revenue: 100}]
  granted: [{A: unknown}, {A: unknown}]
";
    worked(source);
    for (from, to, code) in [
        ("mean: revenue", "mean: asks", "type"),
        ("mean: revenue", "mean: mean_revenue", "unknown_name"),
        ("mean: revenue", "mean: revenue, sum: revenue", "limit"),
        ("mean_revenue: {mean", "revenue: {mean", "duplicate"),
    ] {
        let findings = rules::load(&source.replace(from, to)).unwrap_err();
        assert!(findings.iter().any(|one| one.code == code), "{to}: {findings:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_granted_is_the_best_of_all_lawful_sets_and_its_parts_sum_up(
        amounts in prop::collection::vec(0..20_i64, 3),
        missing in prop::collection::vec(any::<bool>(), 3),
    ) {
        let policy = rules::load(LIMITS).unwrap();
        let best = |amounts: &[i64]| {
            (0..8_u32).filter(|set| set & 3 != 3).map(|set| {
                let of = |at: usize| if set >> at & 1 == 1 { amounts[at] * 100 } else { 0 };
                of(0) + (of(1) + of(2)).min(1000)
            }).max().unwrap()
        };
        let settle = |facts: &Json| {
            let facts = policy.subject(facts.as_object().unwrap()).unwrap();
            policy.settle(&facts, day("2025-06-30")).unwrap()
        };
        let full = settle(&json!({"a": amounts[0], "b": amounts[1], "c": amounts[2]}));
        prop_assert_eq!(full.total.exact(), Some(best(&amounts)));
        prop_assert_eq!(full.clauses.iter().map(|due| due.low).sum::<i64>(), best(&amounts));
        let mut some = json!({});
        for (at, name) in ["a", "b", "c"].iter().enumerate().filter(|(at, _)| !missing[*at]) {
            some[*name] = json!(amounts[at]);
        }
        let bounds = settle(&some);
        prop_assert!(bounds.total.low <= best(&amounts) && best(&amounts) <= bounds.total.high);
        for (bound, due) in bounds.clauses.iter().zip(&full.clauses) {
            prop_assert!(bound.low <= due.low && due.high <= bound.high);
        }
    }
}
