//! Cases beside rules: what a clause must answer for given facts.

use serde_json::{Map, Value as Json};

use crate::number::{Exact, Range};
use crate::policy::{Outcome, Policy};
use crate::subject::day;

/// A case that came out otherwise, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The clause's id.
    pub clause: String,
    /// The case's number, from 1.
    pub case: usize,
    /// What differs.
    pub differences: Vec<String>,
}

const KEYS: [&str; 13] = [
    "as_of",
    "facts",
    "eligible",
    "amount",
    "amount_max",
    "would_be_max",
    "total_3y",
    "eligible_from",
    "ask",
    "payers",
    "instalments",
    "why",
    "note",
];

/// Runs every case of a policy: how many passed, and those that failed.
pub fn run(policy: &Policy) -> (usize, Vec<Failure>) {
    let (mut passed, mut failures) = (0, Vec::new());
    for (number, clause) in policy.clauses.iter().enumerate() {
        for (at, case) in clause.cases.iter().enumerate() {
            let differences = check(policy, number, case).unwrap_or_else(|problem| vec![problem]);
            if differences.is_empty() {
                passed += 1;
            } else {
                failures.push(Failure { clause: clause.id.clone(), case: at + 1, differences });
            }
        }
    }
    (passed, failures)
}

fn check(policy: &Policy, clause: usize, case: &Json) -> Result<Vec<String>, String> {
    let case = case.as_object().ok_or("a case is a mapping")?;
    if let Some(key) = case.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("a case has no key {key}"));
    }
    let as_of = case.get("as_of").and_then(day).ok_or("as_of is missing or not a date")?;
    let none = Map::new();
    let given = case.get("facts").and_then(Json::as_object).unwrap_or(&none);
    if let Some(name) = given.keys().find(|name| policy.facts.iter().all(|fact| fact.name != **name)) {
        return Err(format!("the policy does not declare the fact {name}"));
    }
    let facts = policy.subject(given).map_err(|fault| fault.to_string())?;
    let proof = policy.prove(clause, &facts, as_of).map_err(|fault| fault.to_string())?;
    let answer = &proof.answer;
    let mut differences = Vec::new();
    let mut compare = |key: &str, found: Json| {
        if let Some(wanted) = case.get(key).filter(|wanted| **wanted != found) {
            differences.push(format!("{key}: expected {wanted}, found {found}"));
        }
    };
    compare("eligible", outcome(answer.outcome));
    compare("amount", exactly(answer.amount));
    compare("amount_max", answer.amount.high.map_or_else(unknown, yuan));
    compare("would_be_max", would_be(answer.would_be));
    let years = i128::from(policy.clauses[clause].years);
    let total = answer.amount.value().and_then(|fen| fen.multiply(Exact::whole(years)).ok());
    compare("total_3y", total.map_or_else(unknown, yuan));
    compare("eligible_from", proof.first_date.map_or(Json::Null, |date| Json::from(date.to_string())));
    if let Some(fen) = answer.amount.value().and_then(Exact::as_whole) {
        let split = policy.payers(clause, &facts, as_of, fen).map_err(|fault| fault.to_string())?;
        let split = split.into_iter().map(|(name, part)| (name.to_owned(), yuan(Exact::whole(part))));
        compare("payers", Json::Object(split.collect()));
        let parts = policy.clauses[clause].instalments(fen);
        compare("instalments", parts.into_iter().map(|part| yuan(Exact::whole(part))).collect());
    }
    if let Some(wanted) = case.get("ask") {
        let mut wanted: Vec<&str> = wanted.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let mut found: Vec<&str> = proof.questions.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        found.sort_unstable();
        if wanted != found {
            differences.push(format!("ask: expected {wanted:?}, found {found:?}"));
        }
    }
    Ok(differences)
}

fn unknown() -> Json {
    Json::from("unknown")
}

fn outcome(outcome: Outcome) -> Json {
    match outcome {
        Outcome::Eligible => Json::Bool(true),
        Outcome::NotEligible => Json::Bool(false),
        Outcome::Unknown => unknown(),
        Outcome::NeedsPeople => Json::from("manual"),
    }
}

/// Fen as yuan, whole where it is whole.
fn yuan(fen: Exact) -> Json {
    match fen.as_whole() {
        Some(fen) if fen % 100 == 0 => i64::try_from(fen / 100).map_or_else(|_| unknown(), Json::from),
        Some(fen) => Json::from(fen as f64 / 100.0),
        None => unknown(),
    }
}

fn exactly(amount: Range) -> Json {
    amount.value().map_or_else(unknown, yuan)
}

/// The most a draft would pay; unknown unless it is certain that it would pay.
fn would_be(would_be: Option<(Outcome, Range)>) -> Json {
    match would_be {
        Some((Outcome::Eligible, range)) => range.high.map_or_else(unknown, yuan),
        Some((Outcome::NotEligible, _)) => Json::from(0),
        Some((Outcome::Unknown | Outcome::NeedsPeople, _)) => unknown(),
        None => Json::Null,
    }
}
