//! `jinmen policy` where clauses and applicants depend on each other, where facts have a source, and where parameters
//! change.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::program::{json, run, words};

const POLICY: &str = "
policy: Together
facts:
  annual_revenue: {registry: annual_revenue}
  asks: {type: money, unit: yuan, min: 0, zh: asked, en: asked}
  score: {type: int}
  receipts: {type: receipts, unit: yuan, if_absent: []}
parameters:
  rate: {values: [{from: 2020-01-01, value: percent(50)}]}
  pot: {values: [{from: 2020-01-01, value: yuan(10)}]}
clauses:
- id: A
  once: {zh: once, en: once}
  conditions:
  - {zh: asks, en: asks, when: \"asks > yuan(0) && (score >= 5 || annual_revenue[last_year] > yi(1))\"}
  amount: floor_fen(asks * rate)
  best: {zh: the best three, en: the best three, places: '3', by: score, ties: all}
  cases: [{as_of: 2025-06-30, facts: {asks: 2, score: 5}, eligible: manual, amount_max: 1}]
- id: B
  conditions: [{zh: asks, en: asks, when: asks >= yuan(4)}]
  amount: yuan(1)
  cases: [{as_of: 2025-06-30, facts: {asks: 4, score: 5}, eligible: true, amount: 1, granted_max: 1, granted: unknown}]
limits:
- {zh: one of both, en: one of both, exclusive: [A, B]}
budgets:
- {zh: the pot, en: the pot, clauses: [A, B], amount: pot, short: pro_rata}
cohort_cases:
- as_of: 2025-06-30
  members: [{asks: 20, score: 9}, {asks: 20, score: 8}, {asks: 4, score: 7}]
  granted: [{A: 4.54, B: 0}, {A: 4.54}, {A: 0.9, B: 0}]
";

fn folder(policy: &str, register: &str) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let policies = folder.path().join("policies");
    std::fs::create_dir(&policies).unwrap();
    std::fs::write(policies.join("p.yaml"), policy).unwrap();
    let file = folder.path().join("register.csv");
    std::fs::write(&file, register).unwrap();
    (folder, policies, file)
}

fn over(command: &str, policies: &Path, register: &Path, more: &[&str]) -> std::process::Output {
    let (policies, register) = (policies.to_str().unwrap(), register.to_str().unwrap());
    let mut arguments = vec!["policy", command, "--policies", policies, "--organizations", register];
    arguments.extend(["--as-of", "2025-06-30", "--format", "json"]);
    arguments.extend(more);
    run(&arguments)
}

const REGISTER: &str = "id,asks,score,receipts,asks.source,asks.date
a,20,9,,application,2025-05-01
b,20,8,,,
c,4,7,,,
d,20,6,,,
e,20,9,\"[{\"\"clause\"\": \"\"A\"\", \"\"on\"\": \"\"2024-01-01\"\", \"\"amount\"\": 1}]\",,
f,0,9,,,
";

#[test]
fn ranks_limits_and_budgets_are_kept_over_a_register() {
    let (folder, policies, register) = folder(POLICY, REGISTER);
    let tested = run(&["policy", "test", policies.join("p.yaml").to_str().unwrap()]);
    assert!(words(&tested).ends_with("3 passed, 0 failed\n"), "{}", words(&tested));
    let out = folder.path().join("out.csv");
    let output = over("evaluate", &policies, &register, &["--out", out.to_str().unwrap(), "--threads", "2"]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let found = json(&output);
    let clause = |at: usize, key: &str| found["clauses"][at][key].clone();
    assert_eq!((clause(0, "needs_people"), clause(0, "not_eligible")), (json!(4), json!(2)));
    // a, b and c are the best three; d and e get B instead; 10 + 10 + 2 + 1 + 1 yuan share a pot of 10.
    assert_eq!((clause(0, "granted"), clause(0, "granted_fen")), (json!(3), json!(416 + 416 + 83)));
    assert_eq!(
        (clause(1, "granted"), clause(1, "granted_fen"), clause(1, "granted_max_fen")),
        (json!(2), json!(82), json!(82))
    );
    let lines: Vec<String> = std::fs::read_to_string(&out).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(
        lines[..3],
        [
            "id,A.outcome,A.amount_fen,A.granted_fen,B.outcome,B.amount_fen,B.granted_fen",
            "a,needs_people,,416,eligible,100,0",
            "b,needs_people,,416,eligible,100,0",
        ]
    );
    assert_eq!(
        lines[4..],
        [
            "d,needs_people,,0,eligible,100,41",
            "e,not_eligible,0,0,eligible,100,41",
            "f,not_eligible,0,0,not_eligible,0,0"
        ]
    );
}

#[test]
fn an_explanation_names_sources_parts_and_what_binds() {
    let (_folder, policies, register) = folder(POLICY, REGISTER);
    let found = json(&over("explain", &policies, &register, &["--id", "a"]));
    let condition = &found["clauses"][0]["conditions"][0];
    let asks = json!({"name": "asks", "zh": "asked", "en": "asked", "value": "2000", "unit": "money", "source": "application", "date": "2025-05-01"});
    assert!(condition["facts"].as_array().unwrap().contains(&asks), "{condition}");
    let revenue = &condition["facts"][0];
    assert_eq!((&revenue["zh"], &revenue["value"]), (&json!("\u{8425}\u{4e1a}\u{6536}\u{5165}"), &json!("unknown")));
    assert_eq!(
        condition["parts"][1],
        json!({"text": "score >= 5", "result": "true", "value": "9", "threshold": "5", "distance": "-4", "unit": null})
    );
    let together = &found["together"][0];
    assert_eq!(together["limits"][0]["en"], "one of both");
    assert_eq!((&together["total_min_fen"], &together["total_max_fen"]), (&json!(100), &json!(1000)));
    // A condition that only waits has its day, also where another one never will hold.
    let waits = one("months_between(date('2024-01-15'), as_of) >= 24", "yuan(1)")
        .replace("conditions: [", "conditions: [{zh: n, when: n > 1}, ");
    let (_kept, waiting, file) = self::folder(&waits, "id,n\na,0\n");
    let found = json(&over("explain", &waiting, &file, &["--id", "a"]));
    let dates: Vec<_> = (0..2).map(|at| found["clauses"][0]["conditions"][at]["first_date"].clone()).collect();
    assert_eq!((dates, &found["clauses"][0]["first_date"]), (vec![json!(null), json!("2026-01-15")], &json!(null)));
    let ignored = json(&over("evaluate", &policies, &register, &[]))["ignored_columns"].clone();
    assert_eq!(ignored, json!([]));
    let (_folder, policies, register) =
        self::folder(&POLICY.replace("registry: annual_revenue", "registry: revenue_of_mars"), "id\n");
    let output = over("evaluate", &policies, &register, &[]);
    assert!(
        words(&output).contains(":4:30: annual_revenue: the registry's dictionary has no fact revenue_of_mars"),
        "{}",
        words(&output)
    );
}

/// A register of so many organisations, some facts missing; always the same for a seed.
fn made_up(seed: u64, count: u64) -> String {
    let mut state = seed;
    let mut draw = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut text = "id,rent,staff\n".to_owned();
    for at in 0..count {
        let mut cell = |below: u64| if draw(5) == 0 { String::new() } else { draw(below).to_string() };
        let (rent, staff) = (cell(300_000), cell(12));
        writeln!(text, "{at},{rent},{staff}").unwrap();
    }
    text
}

#[test]
fn a_simulation_is_the_difference_of_two_full_runs_to_the_fen() {
    let policy = |award: &str, rate: &str, status: &str| {
        format!(
            "
policy: p
facts:
  rent: {{type: money, unit: yuan, min: 0}}
  staff: {{type: int, min: 0}}
parameters:
  award: {{values: [{{from: 2020-01-01, value: {award}}}]}}
  rate: {{values: [{{from: 2020-01-01, value: \"{rate}\"}}]}}
clauses:
- id: A
  conditions: [{{zh: a, when: staff >= 5}}]
  amount: least(floor_fen(rent * rate), award)
  cases: [{{as_of: 2025-06-30}}]
- id: B
  conditions: [{{zh: b, when: 'rent > award || staff < 2'}}]
  amount: yuan(7)
  cases: [{{as_of: 2025-06-30}}]
- id: C
  conditions: [{{zh: c, when: \"eligible('A')\"}}]
  amount: round_fen(amount_of('A') / 3)
  cases: [{{as_of: 2025-06-30}}]
- id: D
  status: {status}
  conditions: [{{zh: d, when: staff == 3}}]
  amount: wan(1)
  cases: [{{as_of: 2025-06-30}}]
"
        )
    };
    let whole = |policy: &str, register: &str| {
        let (_folder, policies, register) = folder(policy, register);
        let found = json(&over("evaluate", &policies, &register, &[]));
        let clauses = found["clauses"].as_array().unwrap().clone();
        clauses.iter().map(|clause| clause["total_fen"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    for (seed, award, rate) in [
        (1, "wan(2)", "percent(50)"),
        (2, "wan(9)", "percent(50)"),
        (3, "wan(5)", "ratio(1, 7)"),
        (4, "fen(1)", "permille(333)"),
    ] {
        let text = made_up(seed, 1500 + seed);
        let (before, after) =
            (whole(&policy("wan(5)", "percent(50)", "draft"), &text), whole(&policy(award, rate, "draft"), &text));
        let (_folder, policies, register) = folder(&policy("wan(5)", "percent(50)", "draft"), &text);
        let set = [format!("award={award}"), format!("rate={rate}")];
        let found = json(&over("simulate", &policies, &register, &["--set", &set[0], "--set", &set[1]]));
        let difference = |id: &str| {
            let clauses = found["clauses"].as_array().unwrap();
            clauses
                .iter()
                .find(|clause| clause["id"] == id)
                .map_or(0, |clause| clause["difference_fen"].as_i64().unwrap())
        };
        let wanted: Vec<i64> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
        assert_eq!(["A", "B", "C", "D"].map(difference).to_vec(), wanted, "{seed}");
        assert_eq!(found["difference_fen"].as_i64(), Some(wanted.iter().sum()));
        let drafts = json(&over("simulate", &policies, &register, &["--enact-drafts"]));
        let enacted = whole(&policy("wan(5)", "percent(50)", "in_force"), &text)[3];
        assert_eq!((&drafts["clauses"][0]["id"], drafts["difference_fen"].as_i64()), (&json!("D"), Some(enacted)));
    }
}

#[test]
fn a_simulation_tells_what_limits_and_budgets_leave_as_two_full_runs_do() {
    let granted = |policy: &str| {
        let (_folder, policies, register) = folder(policy, REGISTER);
        let found = json(&over("evaluate", &policies, &register, &[]));
        ["A", "B"].map(|id| {
            let clauses = found["clauses"].as_array().unwrap();
            clauses.iter().find(|clause| clause["id"] == id).unwrap()["granted_fen"].as_i64().unwrap()
        })
    };
    let before = granted(POLICY);
    for (name, old, new) in
        [("pot", "yuan(10)", "yuan(4)"), ("pot", "yuan(10)", "yuan(90)"), ("rate", "percent(50)", "percent(20)")]
    {
        let declared = |value: &str| format!("{name}: {{values: [{{from: 2020-01-01, value: {value}}}]}}");
        let after = granted(&POLICY.replace(&declared(old), &declared(new)));
        let (_folder, policies, register) = folder(POLICY, REGISTER);
        let found = json(&over("simulate", &policies, &register, &["--set", &format!("{name}={new}")]));
        let clauses = found["clauses"].as_array().unwrap();
        for (at, id) in ["A", "B"].iter().enumerate() {
            let clause = clauses.iter().find(|clause| clause["id"] == *id).unwrap();
            let told = clause["granted"]["difference_fen"].as_i64().unwrap();
            assert_eq!(told, after[at] - before[at], "{name}={new} {id}: {found}");
        }
        let all: i64 = after.iter().sum::<i64>() - before.iter().sum::<i64>();
        assert_eq!(found["granted_difference_fen"].as_i64(), Some(all));
        assert_ne!(all, 0, "{name}={new}");
    }
}

/// A policy of one clause.
fn one(condition: &str, amount: &str) -> String {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    format!(
        "policy: p\nfacts: {{n: {{type: int}}, m: {{type: money, unit: yuan}}, s: {{type: money, unit: yuan, series: true}}}}\nclauses:\n- id: A\n  conditions: [{{zh: c, when: {}}}]\n  amount: {}\n  cases: [{{as_of: 2025-06-30}}]\n",
        quoted(condition),
        quoted(amount)
    )
}

#[test]
fn bad_policies_are_answered_with_file_line_column_and_clause() {
    let (folder, ..) = folder("policy: x", "id\n");
    let file = folder.path().join("bad.yaml");
    let name = file.to_str().unwrap().to_owned();
    let deep = format!("{}n > 1{}", "(".repeat(10_000), ")".repeat(10_000));
    let long = format!("n > {}1", "1 + ".repeat(10 << 18));
    let cycle = one("eligible('B')", "yuan(1)")
        + "- id: B\n  conditions: [{zh: c, when: \"eligible('A')\"}]\n  cases: [{as_of: 2025-06-30}]\n";
    let twice =
        one("n > 1", "yuan(1)") + "- id: A\n  conditions: [{zh: c, when: n > 1}]\n  cases: [{as_of: 2025-06-30}]\n";
    for (text, code, place, clause) in [
        (one(&deep, "yuan(1)"), "too_large", (5, 30), "A"),
        (one(&long, "yuan(1)"), "too_large", (5, 30), "A"),
        (one("n > 1", &format!("yuan({})", "9".repeat(40))), "syntax", (6, 11), "A"),
        (cycle, "cycle", (4, 7), "A"),
        (twice, "duplicate", (8, 7), "A"),
        (one("n > 1", "m / 0"), "rounding", (6, 11), "A"),
        (format!("policy: p\nclauses: {}", "[".repeat(10_000)), "document", (2, 0), ""),
    ] {
        std::fs::write(&file, &text).unwrap();
        let output = run(&["policy", "check", &name, "--format", "json"]);
        assert_eq!(output.status.code(), Some(1), "{code}");
        let error = &json(&output)["errors"][0];
        assert_eq!(
            (&error["file"], &error["code"], &error["clause"]),
            (&json!(name), &json!(code), &json!(clause)),
            "{error}"
        );
        assert_eq!(error["line"], json!(place.0), "{error}");
        assert!(place.1 == 0 || error["column"] == json!(place.1), "{error}");
    }
    std::fs::write(&file, b"policy: p\nissuer: \xff\n").unwrap();
    let error = json(&run(&["policy", "check", &name, "--format", "json"]))["errors"][0].clone();
    assert_eq!((&error["code"], &error["line"]), (&json!("utf8"), &json!(2)));
    assert_eq!(run(&["policy", "check", "/no/such/policy.yaml"]).status.code(), Some(2));
}

#[test]
fn what_cannot_be_computed_ends_an_evaluation_with_row_and_clause() {
    for (condition, amount, row, what) in [
        ("100 / n > 1", "yuan(1)", "0,1,", "division by zero"),
        (
            "n > -1",
            "floor_fen(m * n * n * n * n * n * n * n)",
            "999999999999999,9000000000000,",
            "a number is too large",
        ),
        (
            "m > yuan(-1)",
            "least(m * 92233720368547758, yi(9) * 92233720368547758)",
            "1,90000000000,",
            "a number is too large",
        ),
    ] {
        let (_folder, policies, register) = folder(&one(condition, amount), &format!("id,n,m,s.2024\na,{row}\n"));
        let output = over("evaluate", &policies, &register, &[]);
        assert_eq!(output.status.code(), Some(2), "{condition} {amount}: {}", words(&output));
        assert!(words(&output).contains(&format!("register.csv: row 2, clause A: {what}")), "{}", words(&output));
    }
    // A year without a value is unknown, and it is what is asked for.
    let (_folder, policies, register) = folder(&one("s[2019] > yuan(1)", "yuan(1)"), "id,s.2024\na,5\n");
    let found = json(&over("explain", &policies, &register, &["--id", "a"]));
    assert_eq!(
        (&found["clauses"][0]["outcome"], &found["clauses"][0]["questions"]),
        (&json!("unknown"), &json!(["s"]))
    );
}

#[test]
fn bad_registers_end_with_row_and_column_and_exit_2() {
    for (register, wanted) in [
        ("id,n,m\na,1\n", "row 2: 2 values where the heading has 3"),
        ("id,n,m\na,1,2\nb,\"1", "row 3: 2 values where the heading has 3"),
        ("id,n,m\na,1,1.234\n", "row 2, column m: \"1.234\" is not a whole number of fen"),
        ("id,n,m\na,99999999999999999999,1\n", "row 2, column n"),
        ("id,n,m\na,1,99999999999999999999999999999999999999999\n", "row 2, column m"),
        ("id,n,n\na,1,1\n", "column n is there twice"),
    ] {
        let (_folder, policies, file) = folder(&one("n > 1", "yuan(1)"), register);
        let output = over("evaluate", &policies, &file, &[]);
        assert_eq!(output.status.code(), Some(2), "{register:?}: {}", words(&output));
        assert!(words(&output).contains(wanted), "{register:?}: {}", words(&output));
        assert!(!words(&output).contains("panicked"));
    }
    let (_folder, policies, file) = folder(&one("n > 1", "yuan(1)"), "");
    std::fs::write(&file, b"id,n\na,\xff\xfe\n").unwrap();
    assert!(words(&over("evaluate", &policies, &file, &[])).contains("row 2, column n: this is not UTF-8"));
}

#[test]
fn every_policy_in_the_documentation_is_right() {
    for (language, count) in [("en", 2), ("zh", 2)] {
        let path = format!("{}/../docs/{language}/policy-language.md", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let blocks: Vec<&str> = text.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        assert_eq!(blocks.len(), count);
        for block in blocks {
            let (folder, ..) = folder(block, "id\n");
            let output = run(&["policy", "test", folder.path().join("policies/p.yaml").to_str().unwrap()]);
            assert_eq!(output.status.code(), Some(0), "{}", words(&output));
        }
    }
}
