//! `jinmen policy`: check, test, schema, evaluate, explain, simulate.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::program::{json, run, words};

const POLICY: &str = "
policy: Rent
issuer: District
facts:
  rent: {type: money, unit: yuan, min: 0}
  staff: {type: int, min: 0}
  founded: {type: date}
  revenue: {type: money, unit: yuan, series: true}
parameters:
  cap:
    values:
    - {from: '2020-01-01', value: wan(1)}
clauses:
- id: A
  conditions:
  - {zh: at least five, en: at least five, when: staff >= 5}
  - {zh: three years old, en: three years old, when: 'months_between(founded, as_of) >= 36'}
  amount: least(floor_fen(rent * percent(50)), cap)
  cases: [{as_of: 2025-06-30, facts: {rent: 3, staff: 5, founded: 2020-01-01}, eligible: true, amount: 1.5}]
- id: B
  conditions: [{zh: grew, en: grew, when: 'grew(revenue, 1)'}]
  amount: yuan(7)
  cases: [{as_of: 2025-06-30, facts: {revenue: {2023: 1, 2024: 2}}, eligible: true, amount: 7}]
";

/// A folder with the policy below it and a register of this content.
fn folder(register: &str) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let policies = folder.path().join("policies");
    std::fs::create_dir_all(policies.join("deeper")).unwrap();
    std::fs::write(policies.join("deeper").join("rent.yaml"), POLICY).unwrap();
    let file = folder.path().join("register.csv");
    std::fs::write(&file, register).unwrap();
    (folder, policies, file)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn over(command: &str, policies: &Path, register: &Path, more: &[&str]) -> std::process::Output {
    let mut arguments = vec!["policy", command, "--policies", text(policies), "--organizations", text(register)];
    arguments.extend(["--as-of", "2025-06-30", "--format", "json"]);
    arguments.extend(more);
    run(&arguments)
}

const REGISTER: &str = "id,rent,staff,founded,revenue.2023,revenue.2024,colour
x,100.01,5,20200101,1,2,red
y,900000,9,2015-12-31,2,1,
z,8,,20240101,,,
";

#[test]
fn evaluation_counts_outcomes_and_writes_each_answer() {
    let (folder, policies, register) = folder(REGISTER);
    let out = folder.path().join("answers.csv");
    let output = over("evaluate", &policies, &register, &["--out", text(&out), "--threads", "2"]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let found = json(&output);
    assert_eq!(found["organizations"], 3);
    assert_eq!(found["ignored_columns"], json!(["colour"]));
    let sums = |at: usize| {
        let clause = &found["clauses"][at];
        ["eligible", "not_eligible", "unknown", "needs_people", "total_fen"].map(|key| clause[key].as_i64().unwrap())
    };
    assert_eq!((sums(0), sums(1)), ([2, 1, 0, 0, 1_005_000], [1, 1, 1, 0, 700]));
    let lines: Vec<String> = std::fs::read_to_string(&out).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(
        lines,
        [
            "id,A.outcome,A.amount_fen,B.outcome,B.amount_fen",
            "x,eligible,5000,eligible,700",
            "y,eligible,1000000,not_eligible,0",
            "z,not_eligible,0,unknown,",
        ]
    );
}

#[test]
fn a_bad_row_ends_the_evaluation_unless_it_is_skipped() {
    let (_folder, policies, register) = folder("id,rent,staff\na,1,5\nb,many,5\nc,1,5\n");
    let output = over("evaluate", &policies, &register, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("register.csv: row 3, column rent: \"many\" is not a money"), "{}", words(&output));
    let output = over("evaluate", &policies, &register, &["--skip-bad"]);
    assert_eq!((output.status.code(), json(&output)["organizations"].clone()), (Some(0), json!(2)));
}

#[test]
fn a_clause_id_that_two_files_have_is_refused_with_both_files() {
    let (_folder, policies, register) = folder(REGISTER);
    std::fs::write(policies.join("again.yaml"), POLICY).unwrap();
    let output = over("evaluate", &policies, &register, &[]);
    assert_eq!(output.status.code(), Some(1));
    let told = words(&output);
    for part in ["deeper/rent.yaml", "again.yaml has a clause of this id too", "clause A"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn registers_that_cannot_be_read_are_named_with_the_place() {
    let (_folder, policies, register) = folder("id,rent,staff\na,1\n");
    assert!(words(&over("evaluate", &policies, &register, &[])).contains("row 2: 2 values where the heading has 3"));
    std::fs::write(&register, b"id,rent\na,\xff\n").unwrap();
    assert!(words(&over("evaluate", &policies, &register, &[])).contains("row 2, column rent: this is not UTF-8"));
    std::fs::write(&register, "id,rent,rent\n").unwrap();
    assert!(words(&over("evaluate", &policies, &register, &[])).contains("column rent is there twice"));
    let output = over("evaluate", &policies, Path::new("/no/such/file.csv"), &[]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn an_explanation_shows_values_thresholds_and_the_first_date() {
    let (_folder, policies, register) = folder("id,rent,staff,founded\nq,100,5,20230115\n");
    let output = over("explain", &policies, &register, &["--id", "q"]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let found = json(&output);
    assert_eq!((&found["id"], &found["as_of"]), (&json!("q"), &json!("2025-06-30")));
    let clause = &found["clauses"][0];
    assert_eq!(clause["outcome"], "not_eligible");
    let [first, second] = [&clause["conditions"][0], &clause["conditions"][1]];
    assert_eq!((&first["result"], &first["value"], &first["threshold"]), (&json!("true"), &json!("5"), &json!("5")));
    assert_eq!(
        (&second["value"], &second["threshold"], &second["distance"]),
        (&json!("29"), &json!("36"), &json!("7"))
    );
    assert_eq!(second["first_date"], "2026-01-15");
    assert_eq!(found["clauses"][1]["questions"], json!(["revenue"]));
    assert_eq!(over("explain", &policies, &register, &["--id", "nobody"]).status.code(), Some(2));
}

#[test]
fn a_simulation_is_the_difference_of_two_runs() {
    let (_folder, policies, register) = folder(REGISTER);
    let output = over("simulate", &policies, &register, &["--set", "cap=yuan(20)"]);
    let found = json(&output);
    let wanted: Value = json!([{ "id": "A", "gainers": 0, "losers": 2, "difference_fen": -1_001_000 }]);
    assert_eq!((&found["clauses"], &found["difference_fen"]), (&wanted, &json!(-1_001_000)));
    for bad in ["cap=5", "cap", "hat=yuan(1)", "cap=yuan("] {
        assert_eq!(over("simulate", &policies, &register, &["--set", bad]).status.code(), Some(2), "{bad}");
    }
}

#[test]
fn findings_and_failed_cases_are_told_with_their_place() {
    let (folder, policies, _) = folder("id\n");
    let good = policies.join("deeper").join("rent.yaml");
    assert_eq!(json(&run(&["policy", "check", text(&good), "--format", "json"])), json!({ "errors": [] }));
    assert!(words(&run(&["policy", "test", text(&good)])).ends_with("2 passed, 0 failed\n"));
    let bad = folder.path().join("bad.yaml");
    std::fs::write(&bad, POLICY.replace("staff >= 5", "stuff >= 5")).unwrap();
    let output = run(&["policy", "check", text(&bad), "--format", "json"]);
    let error = &json(&output)["errors"][0];
    assert_eq!(
        (output.status.code(), &error["code"], &error["clause"]),
        (Some(1), &json!("unknown_name"), &json!("A"))
    );
    assert_eq!((&error["file"], &error["line"]), (&json!(text(&bad)), &json!(16)));
    std::fs::write(&bad, POLICY.replace("amount: 1.5", "amount: 2")).unwrap();
    let output = run(&["policy", "test", text(&bad)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).ends_with("1 passed, 1 failed\n"), "{}", words(&output));
    std::fs::write(&bad, b"policy: \xff").unwrap();
    assert!(words(&run(&["policy", "check", text(&bad)])).contains("this is not UTF-8"));
    let schema = json(&run(&["policy", "schema"]));
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}
