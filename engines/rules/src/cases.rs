//! Cases beside rules: what a clause must answer for given facts.

use serde_json::{Map, Value as Json};

use crate::number::{Exact, Range};
use crate::policy::{Outcome, Policy};
use crate::subject::day;
use crate::value::Value;

/// A case that came out otherwise, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The clause's id.
    pub clause: String,
    /// The case's number, from 1.
    pub case: usize,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// What of a case came out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// An answer that is not the one written down.
    Answer {
        /// The case's key, such as `amount`.
        key: String,
        /// What is written down, as JSON.
        expected: String,
        /// What came out, as JSON.
        found: String,
    },
    /// The case cannot be read or evaluated, and why.
    Case(String),
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Answer { key, expected, found } => write!(f, "{key}: expected {expected}, found {found}"),
            Self::Case(problem) => f.write_str(problem),
        }
    }
}

impl Failure {
    /// What differs, in one line.
    pub fn line(&self) -> String {
        self.differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }
}

const KEYS: [&str; 15] = [
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
    "granted",
    "granted_max",
    "why",
    "note",
];

/// What a case of several applicants may hold.
const COHORT_KEYS: [&str; 4] = ["as_of", "members", "granted", "why"];

/// Runs every case of a policy: how many passed, and those that failed.
pub fn run(policy: &Policy) -> (usize, Vec<Failure>) {
    let (mut passed, mut failures) = (0, Vec::new());
    for (number, clause) in policy.clauses.iter().enumerate() {
        for (at, case) in clause.cases.iter().enumerate() {
            let differences = check(policy, number, case).unwrap_or_else(|problem| vec![Difference::Case(problem)]);
            if differences.is_empty() {
                passed += 1;
            } else {
                failures.push(Failure { clause: clause.id.clone(), case: at + 1, differences });
            }
        }
    }
    for (at, case) in policy.cohort_cases.iter().enumerate() {
        let differences = cohort(policy, case).unwrap_or_else(|problem| vec![Difference::Case(problem)]);
        if differences.is_empty() {
            passed += 1;
        } else {
            failures.push(Failure { clause: String::new(), case: at + 1, differences });
        }
    }
    (passed, failures)
}

/// A case of several applicants: what each is granted for each clause that the case names.
fn cohort(policy: &Policy, case: &Json) -> Result<Vec<Difference>, String> {
    let case = case.as_object().ok_or("a cohort case is a mapping")?;
    if let Some(key) = case.keys().find(|key| !COHORT_KEYS.contains(&key.as_str())) {
        return Err(format!("a cohort case has no key {key}"));
    }
    let as_of = case.get("as_of").and_then(day).ok_or("as_of is missing or not a date")?;
    let members = case.get("members").and_then(Json::as_array).ok_or("members is a list of facts")?;
    let granted = case.get("granted").and_then(Json::as_array).ok_or("granted is a list of clauses with amounts")?;
    if members.len() != granted.len() {
        return Err(format!("there are {} members, but granted has {}", members.len(), granted.len()));
    }
    let mut totals = policy.totals();
    for member in members {
        let facts = read(policy, member.as_object().ok_or("a member is a mapping of facts")?)?;
        totals.add(policy, &facts, as_of).map_err(|fault| fault.to_string())?;
    }
    let policy = &policy.with_totals(&totals);
    let (mut entrants, mut places) = (Vec::new(), Vec::new());
    for member in members {
        let facts = read(policy, member.as_object().ok_or("a member is a mapping of facts")?)?;
        let entrant = policy.entrant(&facts, as_of).map_err(|fault| fault.to_string())?;
        places.push(entrant.as_ref().map(|_| entrants.len()));
        entrants.extend(entrant);
    }
    let shared = policy.share(&entrants, as_of).map_err(|fault| fault.to_string())?;
    let mut differences = Vec::new();
    for (member, (wanted, place)) in granted.iter().zip(places).enumerate() {
        for (id, wanted) in wanted.as_object().into_iter().flatten() {
            let clause = policy.clauses.iter().position(|clause| clause.id == *id);
            let clause = clause.ok_or_else(|| format!("there is no clause {id}"))?;
            let due = place.map(|place| shared[place][clause]).unwrap_or_default();
            let found = due.exact().map_or_else(unknown, |fen| yuan(Exact::whole(i128::from(fen))));
            if *wanted != found {
                differences.push(differs(format!("member {}, {id}", member + 1), wanted, &found));
            }
        }
    }
    Ok(differences)
}

fn differs(key: impl Into<String>, expected: &Json, found: &Json) -> Difference {
    Difference::Answer { key: key.into(), expected: expected.to_string(), found: found.to_string() }
}

/// The facts of a case, all of which the policy declares.
fn read(policy: &Policy, given: &Map<String, Json>) -> Result<Vec<Value>, String> {
    if let Some(name) = given.keys().find(|name| policy.facts.iter().all(|fact| fact.name != **name)) {
        return Err(format!("the policy does not declare the fact {name}"));
    }
    policy.subject(given).map_err(|fault| fault.to_string())
}

fn check(policy: &Policy, clause: usize, case: &Json) -> Result<Vec<Difference>, String> {
    let case = case.as_object().ok_or("a case is a mapping")?;
    if let Some(key) = case.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("a case has no key {key}"));
    }
    let as_of = case.get("as_of").and_then(day).ok_or("as_of is missing or not a date")?;
    let none = Map::new();
    let given = case.get("facts").and_then(Json::as_object).unwrap_or(&none);
    let facts = read(policy, given)?;
    let proof = policy.prove(clause, &facts, as_of).map_err(|fault| fault.to_string())?;
    let answer = &proof.answer;
    let mut differences = Vec::new();
    let mut compare = |key: &str, found: Json| {
        if let Some(wanted) = case.get(key).filter(|wanted| **wanted != found) {
            differences.push(differs(key, wanted, &found));
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
        let parts = policy.clauses[clause].instalments(fen).map_err(|fault| fault.to_string())?;
        compare("instalments", parts.into_iter().map(|part| yuan(Exact::whole(part))).collect());
    }
    if case.contains_key("granted") || case.contains_key("granted_max") {
        let settled = policy.settle(&facts, as_of).map_err(|fault| fault.to_string())?;
        let due = settled.clauses[clause];
        let fen = |fen: i64| if fen == i64::MAX { unknown() } else { yuan(Exact::whole(i128::from(fen))) };
        compare("granted", due.exact().map_or_else(unknown, fen));
        compare("granted_max", fen(due.high));
    }
    if let Some(wanted) = case.get("ask") {
        let mut wanted: Vec<&str> = wanted.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let mut found: Vec<&str> = proof.questions.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        found.sort_unstable();
        if wanted != found {
            differences.push(differs("ask", &Json::from(wanted), &Json::from(found)));
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
