//! The evaluator by columns against the one for a single subject: the same answers, whatever the policy and register.

use proptest::prelude::*;
use rules::{Answer, Cell, Exact, Fault, Outcome, Policy, Register};

use crate::{day, policies, policy};

const FACTS: &str = "{a: {type: int}, b: {type: int, min: 0, max: 9}, m: {type: money, unit: yuan, min: 0}, \
                     n: {type: money, unit: fen}, p: {type: bool}, q: {type: bool, if_absent: false}, d: {type: date}}";

/// Bounds of what is due for certain, as columns keep them: 64 bits of fen, and a fault for what is larger.
fn kept(answer: &Answer) -> Result<Option<(i64, i64)>, Fault> {
    if answer.outcome != Outcome::Eligible {
        return Ok(None);
    }
    let fen = |end: Exact| i64::try_from(end.as_whole().unwrap()).map_err(|_| Fault::Overflow);
    Ok(Some((fen(answer.amount.low.unwrap())?, answer.amount.high.map_or(Ok(i64::MAX), fen)?)))
}

/// Every answer of a register by both evaluators.
fn agree(policies: &[Policy], rows: &[Vec<Option<i64>>], columns: &[&str]) {
    let as_of = day("2025-06-30");
    let register = Register::new(policies, as_of);
    let mut block = register.block();
    for row in rows {
        let cell = |at: usize| {
            let column = columns.iter().position(|name| *name == register.slots()[at].name);
            column.and_then(|column| row[column]).map_or(Cell::Empty, Cell::Whole)
        };
        register.add(&mut block, cell).unwrap();
    }
    let mut clause = 0;
    for (number, policy) in policies.iter().enumerate() {
        for own in 0..policy.clauses.len() {
            let found = register.evaluate(clause, &block);
            for (row, cells) in rows.iter().enumerate() {
                let facts = register.subject(number, &block, row);
                let at = || format!("{} row {row} {:?} {:?}", register.id(clause), cells, policy.clauses[own].amount);
                let answer = policy.answer(own, &facts, as_of);
                match answer.and_then(|answer| kept(&answer).map(|ends| (answer.outcome, ends))) {
                    Ok((outcome, ends)) => {
                        assert_eq!(found.outcomes[row], outcome, "{}", at());
                        if let Some(ends) = ends {
                            assert_eq!((found.least[row], found.most[row]), ends, "{}", at());
                        }
                    }
                    Err(fault) => assert!(found.faults.contains(&(row, fault)), "{}", at()),
                }
            }
            clause += 1;
        }
    }
}

/// Expressions of a type, as text.
fn number(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![Just("a".to_owned()), Just("b".to_owned()), (-3..12_i64).prop_map(|n| format!("({n})"))];
    if depth == 0 {
        return leaf.boxed();
    }
    let (x, y) = (number(depth - 1), number(depth - 1));
    prop_oneof![
        2 => leaf,
        4 => (x.clone(), y.clone(), prop::sample::select(vec!["+", "-", "*", "/"]))
            .prop_map(|(x, y, o)| format!("({x} {o} {y})")),
        1 => (x.clone(), y.clone(), prop::sample::select(vec!["least", "greatest"]))
            .prop_map(|(x, y, f)| format!("{f}({x}, {y})")),
        1 => (test(depth - 1), x, y).prop_map(|(t, x, y)| format!("({t} ? {x} : {y})")),
        1 => Just("months_between(d, as_of)".to_owned()),
        1 => Just("year(d)".to_owned()),
    ]
    .boxed()
}

fn money(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![Just("m".to_owned()), Just("n".to_owned()), (0..900_i64).prop_map(|n| format!("fen({n})"))];
    if depth == 0 {
        return leaf.boxed();
    }
    let (x, y, i) = (money(depth - 1), money(depth - 1), number(depth - 1));
    let rounding =
        prop::sample::select(vec!["floor_fen", "ceil_fen", "round_fen", "floor_yuan", "ceil_yuan", "round_yuan"]);
    prop_oneof![
        2 => leaf,
        2 => (x.clone(), y.clone(), prop::sample::select(vec!["+", "-"])).prop_map(|(x, y, o)| format!("({x} {o} {y})")),
        2 => (x.clone(), i.clone()).prop_map(|(x, i)| format!("({x} * {i})")),
        2 => (rounding.clone(), x.clone(), i.clone()).prop_map(|(r, x, i)| format!("{r}({x} / {i})")),
        2 => (rounding, x.clone(), 1..60_i64).prop_map(|(r, x, p)| format!("{r}({x} * percent({p}) / 7)")),
        1 => (x.clone(), y.clone(), prop::sample::select(vec!["least", "greatest"]))
            .prop_map(|(x, y, f)| format!("{f}({x}, {y})")),
        1 => (test(depth - 1), x, y).prop_map(|(t, x, y)| format!("({t} ? {x} : {y})")),
        1 => i.prop_map(|i| format!("yuan({i})")),
    ]
    .boxed()
}

fn test(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![Just("p".to_owned()), Just("q".to_owned()), Just("(p == q)".to_owned())];
    if depth == 0 {
        return leaf.boxed();
    }
    let order = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let (x, y) = (test(depth - 1), test(depth - 1));
    prop_oneof![
        1 => leaf,
        3 => (number(depth - 1), number(depth - 1), order.clone()).prop_map(|(x, y, o)| format!("({x} {o} {y})")),
        3 => (money(depth - 1), money(depth - 1), order).prop_map(|(x, y, o)| format!("({x} {o} {y})")),
        1 => (x.clone(), y.clone(), prop::sample::select(vec!["&&", "||"])).prop_map(|(x, y, o)| format!("({x} {o} {y})")),
        1 => x.prop_map(|x| format!("!{x}")),
        1 => number(depth - 1).prop_map(|x| format!("({x} in [0, 3, 5, -2])")),
        1 => Just("(d <= date('2020-02-29'))".to_owned()),
        1 => (-40..40_i64).prop_map(|k| format!("(add_months(d, {k}) < as_of)")),
        1 => (test(depth - 1), test(depth - 1), test(depth - 1)).prop_map(|(c, x, y)| format!("({c} ? {x} : {y})")),
    ]
    .boxed()
}

fn row() -> impl Strategy<Value = Vec<Option<i64>>> {
    let maybe = |value: BoxedStrategy<i64>| prop::option::weighted(0.8, value);
    let large = prop_oneof![8 => -20..3_000_i64, 1 => 0..3_000_000_000_000_i64].boxed();
    (
        maybe((-4..12_i64).boxed()),
        maybe((0..10_i64).boxed()),
        maybe(large.prop_map(i64::abs).boxed()),
        maybe((-900..9_000_i64).boxed()),
        maybe((0..2_i64).boxed()),
        maybe((0..2_i64).boxed()),
        maybe(prop::sample::select(vec![20_200_229, 20_250_630, 20_250_701, 20_240_131, 19_991_231]).boxed()),
    )
        .prop_map(|(a, b, m, n, p, q, d)| vec![a, b, m, n, p, q, d])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn columns_answer_as_the_evaluator_for_one(
        condition in test(3),
        amount in money(3),
        // Some of them reach over several words of bits.
        rows in prop_oneof![9 => prop::collection::vec(row(), 1..60), 1 => prop::collection::vec(row(), 60..300)],
    ) {
        agree(&[policy(FACTS, &condition, &amount)], &rows, &["a", "b", "m", "n", "p", "q", "d"]);
    }
}

#[test]
fn an_amount_too_large_for_a_column_is_a_fault_of_its_row() {
    let policies = [policy(FACTS, "true", "floor_fen((m * a) / a) * (months_between(d, as_of) * year(d))")];
    let rows = [713_441_525_128, 1].map(|m| vec![Some(1), None, Some(m), None, None, None, Some(20_200_229)]);
    agree(&policies, &rows, &["a", "b", "m", "n", "p", "q", "d"]);
}

#[test]
fn tables_answer_as_the_evaluator_for_one() {
    let source = "
policy: p
facts: {m: {type: money, unit: yuan, min: 0}, a: {type: int}}
clauses:
- id: A
  tables:
    tier: {by: m, rows: [{in: '[yuan(0), yuan(10)]', value: fen(5)}, {in: '(yuan(10), yuan(30))', value: 'm * 2'}]}
    band: {by: m, progressive: true, rows: [{in: '[yuan(0), yuan(10))', value: percent(50)}, {in: '[yuan(10), )', value: percent(7)}]}
  conditions: [{zh: c, when: 'a > 0'}]
  amount: tier + floor_fen(band)
  cases: [{}]
";
    let policy = rules::load(source).unwrap_or_else(|findings| panic!("{}", findings[0]));
    let rows: Vec<Vec<Option<i64>>> = (0..40).map(|m| vec![Some(m).filter(|m| *m != 7), Some(m % 3)]).collect();
    agree(&[policy], &rows, &["m", "a"]);
}

#[test]
fn worked_policies_answer_as_the_evaluator_for_one_with_all_facts_missing() {
    let all: Vec<Policy> = policies("corpus").into_iter().map(|(_, policy)| policy).collect();
    agree(&all, &[vec![None]], &["no such column"]);
}

#[test]
fn forty_rules_answer_as_the_evaluator_for_one_with_a_fifth_of_facts_missing() {
    let all: Vec<Policy> = policies("rules").into_iter().map(|(_, policy)| policy).collect();
    let register = Register::new(&all, day("2025-06-30"));
    let single: Vec<&str> = register.single().collect();
    assert_eq!(single, [""; 0], "every rule runs in columns");
    let rows: Vec<Vec<Option<i64>>> = (0..1000)
        .map(|i| {
            let facts = crate::organizations::organization(i);
            let kept = |slot: u64| !crate::organizations::draw(i, 40 + slot).is_multiple_of(5);
            (0..16).map(|at| Some(facts[at as usize] as i64).filter(|_| kept(at))).collect()
        })
        .collect();
    agree(&all, &rows, &crate::organizations::NAMES);
}

#[test]
fn bounds_beyond_64_bits_of_what_is_not_due_are_no_fault() {
    let policy = policy(FACTS, "p", "m * (year(d) * year(d))");
    let row = vec![None, None, Some(22_604_087_925), None, None, None, Some(20_200_229)];
    agree(&[policy], &[row], &["a", "b", "m", "n", "p", "q", "d"]);
}

/// Facts of which columns hold no plain numbers, and some of which they do.
const OTHER: &str = "{a: {type: int}, t: {type: text}, u: {type: text, if_absent: '12'}, s: {type: ratio, min: 0}, \
                     y: {type: money, unit: yuan, series: true}, z: {type: int, series: true}, \
                     w: {type: ratio, series: true}, receipts: {type: receipts, unit: yuan}}";
const OTHER_NAMES: [&str; 8] = ["a", "t", "u", "s", "y", "z", "w", "receipts"];

/// Truth values over them.
fn other_test(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop::sample::select(vec![
        "t.startsWith('12')",
        "t == u",
        "t in ['12', '1201', 'x']",
        "['12', '13'].exists(p, t.startsWith(p))",
        "s >= percent(50)",
        "s * 3 < ratio(2, 1) && a > 3",
        "y[last_year] >= yuan(5)",
        "y[2024] - y[2023] > fen(250)",
        "sum_last(y, 3) > yuan(9)",
        "mean_last(y, 2) >= yuan(4)",
        "mean_last(z, 3) * 2 > ratio(7, 1)",
        "sum_last(z, 2) * a >= z[last_year]",
        "z[2021] in [1, 2, 3]",
        "grew(y, 2)",
        "first_reached(y, yuan(6))",
        "growth_reaches(z, 2, percent(10))",
        "w[last_year] >= percent(60)",
        "w[last_year] > s",
        "granted(['A'])",
        "times_granted_since(['A', 'B'], date('2023-01-01')) < 2",
        "paid(['B']) < y[last_year]",
        "size(years(y)) > 2",
        "a >= 2",
        "at_least(2, [t == '12', a > 4, y[last_year] > yuan(3), s < percent(20)])",
    ]);
    let leaf = leaf.prop_map(str::to_owned);
    if depth == 0 {
        return leaf.boxed();
    }
    let (x, y) = (other_test(depth - 1), other_test(depth - 1));
    prop_oneof![
        2 => leaf,
        3 => (x.clone(), y.clone(), prop::sample::select(vec!["&&", "||"])).prop_map(|(x, y, o)| format!("({x} {o} {y})")),
        1 => x.clone().prop_map(|x| format!("!({x})")),
        1 => (x.clone(), y, x).prop_map(|(c, x, y)| format!("({c} ? {x} : {y})")),
    ]
    .boxed()
}

/// A row of texts as a file holds them.
fn other_row() -> impl Strategy<Value = Vec<Option<String>>> {
    let series = |step: &'static str| {
        prop::collection::btree_map(2020..2026_i32, prop_oneof![8 => (0..9_i64).prop_map(Some), 1 => Just(None)], 0..5)
            .prop_map(move |years| {
                let point = |(year, value): (i32, Option<i64>)| {
                    let value = value.map_or("null".to_owned(), |value| format!("{value}{step}"));
                    format!("\"{year}\":{value}")
                };
                format!("{{{}}}", years.into_iter().map(point).collect::<Vec<_>>().join(","))
            })
    };
    let receipts = prop::collection::vec((prop::sample::select(vec!["A", "B"]), 2021..2026_i32, 1..9_i64), 0..3)
        .prop_map(|all| {
            let one = |(clause, year, amount): (&str, i32, i64)| {
                format!("{{\"clause\":\"{clause}\",\"on\":\"{year}-03-01\",\"amount\":{amount}}}")
            };
            format!("[{}]", all.into_iter().map(one).collect::<Vec<_>>().join(","))
        });
    let text = || prop::sample::select(vec!["12", "1201", "x", ""]).prop_map(str::to_owned);
    let maybe = |value: BoxedStrategy<String>| prop::option::weighted(0.8, value);
    (
        maybe((0..9_i64).prop_map(|a| a.to_string()).boxed()),
        maybe(text().boxed()),
        maybe(text().boxed()),
        maybe(prop::sample::select(vec!["0.5", "1/3", "0.19", "7"]).prop_map(str::to_owned).boxed()),
        maybe(series("").boxed()),
        maybe(series("").boxed()),
        maybe(series("e-1").prop_map(|text| text.replace("e-1", "")).boxed()),
        maybe(receipts.boxed()),
    )
        .prop_map(|(a, t, u, s, y, z, w, receipts)| vec![a, t, u, s, y, z, w, receipts])
}

fn others_agree(policies: &[Policy], rows: &[Vec<Option<String>>]) {
    let as_of = day("2025-06-30");
    let register = Register::new(policies, as_of);
    let mut block = register.block();
    // What was remembered of one block must hold for the next.
    for rows in rows.chunks(17) {
        block.clear();
        for row in rows {
            let cell = |at: usize| {
                let column = OTHER_NAMES.iter().position(|name| *name == register.slots()[at].name).unwrap();
                row[column].as_deref().map_or(Cell::Empty, Cell::Text)
            };
            register.add(&mut block, cell).unwrap();
        }
        let found = register.evaluate(0, &block);
        for (row, cells) in rows.iter().enumerate() {
            let answer = policies[0].answer(0, &register.subject(0, &block, row), as_of);
            match answer.and_then(|answer| kept(&answer).map(|ends| (answer.outcome, ends))) {
                Ok((outcome, ends)) => {
                    assert_eq!(found.outcomes[row], outcome, "{cells:?}");
                    if let Some(ends) = ends {
                        assert_eq!((found.least[row], found.most[row]), ends, "{cells:?}");
                    }
                }
                Err(fault) => assert!(found.faults.contains(&(row, fault)), "{cells:?}"),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn texts_shares_series_and_receipts_answer_as_the_evaluator_for_one(
        condition in other_test(2),
        amount in prop::sample::select(vec![
            "yuan(7)", "y[last_year]", "t == '12' ? yuan(3) : sum_last(y, 2)", "floor_fen(y[last_year] * s)", "up_to(yuan(9))",
        ]),
        rows in prop::collection::vec(other_row(), 1..80),
    ) {
        others_agree(&[policy(OTHER, &condition, amount)], &rows);
    }
}

#[test]
fn a_series_of_plain_numbers_is_the_series_that_json_writes() {
    let policies = [policy(OTHER, "sum_last(y, 2) >= yuan(7) && z[last_year] > 1", "y[last_year]")];
    let register = Register::new(&policies, day("2025-06-30"));
    let (mut plain, mut written) = (register.block(), register.block());
    let series = [(2022, 9), (2023, 3), (2024, 4)];
    for years in 0..=series.len() {
        let years = &series[series.len() - years..];
        let json: Vec<String> = years.iter().map(|(year, value)| format!("\"{year}\":{value}")).collect();
        let json = format!("{{{}}}", json.join(","));
        let is_series = |at: usize| ["y", "z"].contains(&register.slots()[at].name.as_str());
        let numbers = |at: usize| if is_series(at) { Cell::Years(years) } else { Cell::Empty };
        register.add(&mut plain, numbers).unwrap();
        register.add(&mut written, |at: usize| if is_series(at) { Cell::Text(&json) } else { Cell::Empty }).unwrap();
    }
    assert_eq!(register.evaluate(0, &plain), register.evaluate(0, &written));
    // A series without a year is not the same as no series: one says of itself that it has none.
    for row in 1..=series.len() {
        assert_eq!(register.subject(0, &plain, row), register.subject(0, &written, row));
    }
}

#[test]
fn worked_policies_run_in_columns_but_for_what_only_people_or_others_say() {
    let all: Vec<Policy> = policies("corpus").into_iter().map(|(_, policy)| policy).collect();
    let register = Register::new(&all, day("2025-06-30"));
    let single: Vec<&str> = register.single().collect();
    assert!(single.len() * 5 < register.clauses(), "{} of {}: {single:?}", single.len(), register.clauses());
}
