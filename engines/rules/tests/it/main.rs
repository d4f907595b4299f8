//! One test binary: what the crate promises, on the worked policies and against slow and obvious references.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod bounds;
mod checks;
mod columns;
mod combining;
mod expressions;
mod organizations;
mod spans;
mod worked;

use codes::Date;
use rules::{Answer, Policy};
use serde_json::Value as Json;

/// A day by its ISO form.
fn day(text: &str) -> Date {
    Date::from_iso(text).unwrap()
}

/// A policy of one clause with these facts, condition and amount, which may be made up at random.
fn policy(facts: &str, condition: &str, amount: &str) -> Policy {
    rules::load_unfinished(&source(facts, condition, amount)).unwrap()
}

fn source(facts: &str, condition: &str, amount: &str) -> String {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    format!(
        "policy: p\nfacts: {facts}\nclauses:\n- id: A\n  conditions: [{{zh: c, when: {}}}]\n  amount: {}\n  cases: [{{}}]\n",
        quoted(condition),
        quoted(amount)
    )
}

/// The answer of the only clause, as of mid 2025.
fn answer(policy: &Policy, facts: &Json) -> Answer {
    let facts = policy.subject(facts.as_object().unwrap()).unwrap();
    policy.answer(0, &facts, day("2025-06-30")).unwrap()
}

/// A file of the bench by its path below `bench/policy`.
fn bench(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../bench/policy/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Every policy of a folder of the bench, with its file's name.
fn policies(folder: &str) -> Vec<(String, Policy)> {
    let path = format!("{}/../../bench/policy/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<String> =
        std::fs::read_dir(path).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let policy = rules::load(&bench(&format!("{folder}/{name}")));
            let policy = policy.unwrap_or_else(|findings| panic!("{name}: {}", findings[0]));
            (name, policy)
        })
        .collect()
}
