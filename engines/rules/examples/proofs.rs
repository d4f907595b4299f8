//! How long the full proof of every clause of a folder of policies takes for one organisation:
//! `cargo run --release --example proofs -- bench/policy/rules register.csv`, a register of whole numbers with a heading.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use rules::Policy;
use serde_json::{Map, Value, json};

/// Organisations of which the mean is taken.
const MANY: usize = 500;
/// Turns, of which the fastest counts.
const TURNS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(register)) = (arguments.next(), arguments.next()) else {
        return Err("proofs FOLDER REGISTER.csv".into());
    };
    let mut policies: Vec<Policy> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let source = std::fs::read_to_string(entry?.path())?;
        policies.push(rules::load(&source).map_err(|findings| format!("{}", findings[0]))?);
    }
    let day = rules::day(&Value::from("2025-06-30")).ok_or("no day")?;
    let table = std::fs::read_to_string(register)?;
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let mut subjects = Vec::new();
    for line in lines.take(MANY) {
        let known = names.iter().zip(line.split(',')).filter_map(|(name, cell)| {
            let whole: i64 = cell.parse().ok()?;
            Some(((*name).to_owned(), Value::from(whole)))
        });
        let facts: Map<String, Value> = known.collect();
        let of = |policy: &Policy| {
            let own = policy.facts.iter().filter_map(|fact| Some((fact.name.clone(), facts.get(&fact.name)?.clone())));
            policy.subject(&own.collect())
        };
        subjects.push(policies.iter().map(of).collect::<Result<Vec<_>, _>>()?);
    }
    let (mut best, mut clauses) = (f64::MAX, 0);
    for _ in 0..TURNS {
        let started = Instant::now();
        clauses = 0;
        for facts in &subjects {
            for (policy, facts) in policies.iter().zip(facts) {
                for clause in 0..policy.clauses.len() {
                    black_box(policy.prove(clause, facts, day)?);
                    clauses += 1;
                }
            }
        }
        best = best.min(started.elapsed().as_secs_f64());
    }
    let each = best * 1000.0 / subjects.len() as f64;
    println!(
        "{}",
        json!({ "clauses": clauses / subjects.len(), "organizations": subjects.len(), "milliseconds": each })
    );
    Ok(())
}
