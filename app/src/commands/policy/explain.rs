//! `jinmen policy explain`: the proof of every clause for one organisation.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use codes::Date;
use rules::{Clause, Exact, Outcome, Part, Policy, Proof, Register, Value};
use serde_json::json;

use super::{Input, evaluate, load_all};
use crate::cli::Format;
use crate::readers::{ReadError, register};

/// `jinmen policy explain`.
#[derive(Args, Debug)]
pub struct Flags {
    /// What is evaluated.
    #[command(flatten)]
    pub input: Input,
    /// The organisation: its cell in the column id, else uscc, else the row number from 1.
    #[arg(long)]
    pub id: String,
    /// How the proof is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// By fact: its source and its date.
type Origins = BTreeMap<String, [String; 2]>;

/// Runs `jinmen policy explain`.
pub fn run(flags: &Flags) -> Result<ExitCode> {
    let policies = match load_all(&flags.input.policies)? {
        Ok(policies) => policies,
        Err(code) => return Ok(code),
    };
    let as_of = flags.input.day();
    let register = Register::new(&policies, as_of);
    let mut rows = register::open(&flags.input.organizations, &register, true)?;
    let mut block = register.block();
    let mut identities = Vec::new();
    loop {
        rows.fill(&register, &mut block, &mut identities)?;
        if let Some(row) = identities.iter().position(|(identity, _)| *identity == flags.id) {
            let origins = register::origins(&flags.input.organizations, identities[row].1)?;
            let (mut clauses, mut limits) = (Vec::new(), Vec::new());
            for (at, policy) in policies.iter().enumerate() {
                let facts = register.subject(at, &block, row);
                limits.extend(settled(policy, &facts, as_of));
                clauses.extend((0..policy.clauses.len()).map(|clause| shown(policy, clause, &facts, as_of, &origins)));
            }
            print(flags, as_of, &clauses, &limits);
            return Ok(ExitCode::SUCCESS);
        }
        if identities.is_empty() {
            rows.problems.iter().for_each(|problem| eprintln!("jinmen: {problem}"));
            let file = flags.input.organizations.display().to_string();
            return Err(ReadError::new(&file, "", format!("no organization has the id {}", flags.id)).into());
        }
    }
}

/// What the limits of a policy leave of what is due to one organisation.
fn settled(policy: &Policy, facts: &[Value], as_of: Date) -> Option<serde_json::Value> {
    if !policy.spans() {
        return None;
    }
    let ids = |clauses: &[usize]| -> Vec<&str> { clauses.iter().map(|at| policy.clauses[*at].id.as_str()).collect() };
    let high = |due: rules::Due| (due.high < i64::MAX).then_some(due.high);
    let settled = match policy.settle(facts, as_of) {
        Ok(settled) => settled,
        Err(fault) => return Some(json!({ "policy": policy.title, "fault": fault.to_string() })),
    };
    let granted: Vec<_> = settled
        .clauses
        .iter()
        .enumerate()
        .map(|(at, due)| json!({ "id": policy.clauses[at].id, "min_fen": due.low, "max_fen": high(*due) }))
        .collect();
    let limits: Vec<_> = policy
        .limits
        .iter()
        .enumerate()
        .map(|(at, limit)| {
            json!({ "zh": limit.zh, "en": limit.en, "clauses": ids(&limit.clauses), "binds": settled.binding.contains(&at),
                    "kind": if limit.cap.is_some() { "cap" } else { "exclusive" } })
        })
        .collect();
    let budgets: Vec<_> = policy
        .budgets
        .iter()
        .map(|budget| json!({ "zh": budget.zh, "en": budget.en, "clauses": ids(&budget.clauses) }))
        .collect();
    Some(json!({ "policy": policy.title, "granted": granted, "limits": limits, "budgets": budgets,
                 "total_min_fen": settled.total.low, "total_max_fen": high(settled.total) }))
}

fn shown(policy: &Policy, clause: usize, facts: &[Value], as_of: Date, origins: &Origins) -> serde_json::Value {
    let id = &policy.clauses[clause].id;
    match policy.prove(clause, facts, as_of) {
        Ok(proof) => proved(policy, &policy.clauses[clause], &proof, origins),
        Err(fault) => json!({ "id": id, "outcome": "unknown", "amount_min_fen": null, "amount_max_fen": null,
                              "conditions": [], "questions": [], "fault": fault.to_string() }),
    }
}

fn proved(policy: &Policy, clause: &Clause, proof: &Proof, origins: &Origins) -> serde_json::Value {
    let fen = |end: Option<Exact>| end.and_then(Exact::as_whole).and_then(|fen| i64::try_from(fen).ok());
    let [issuer, number, _, source] = &policy.origin;
    let date = proof.first_date.map(|date| date.to_string());
    let conditions: Vec<_> = proof
        .conditions
        .iter()
        .map(|one| {
            let own = one.first_date.map(|date| date.to_string());
            let cured = own.or_else(|| date.clone().filter(|_| one.result != "true"));
            json!({ "text": one.source, "result": one.result, "value": one.value, "threshold": one.threshold,
                    "distance": one.distance, "clause_text": { "zh": one.zh, "en": one.en }, "first_date": cured,
                    "source": format!("{} {issuer} {number} {source}", policy.title).trim(),
                    "facts": facts(policy, &one.facts, origins), "parts": parts(&one.parts) })
        })
        .collect();
    let parameters: Vec<_> = proof
        .parameters
        .iter()
        .map(|(name, from, value)| json!({ "name": name, "from": from.to_string(), "value": value }))
        .collect();
    let amount = proof.answer.amount;
    let payee = Some(&clause.payee).filter(|payee| !payee.is_empty());
    json!({ "id": clause.id, "title": clause.title, "payee": payee, "outcome": evaluate::name(proof.answer.outcome), "amount_min_fen": fen(amount.low),
            "amount_max_fen": fen(amount.high), "conditions": conditions, "questions": proof.questions,
            "parameters": parameters, "first_date": date })
}

/// Each fact that a condition reads, with where it comes from.
fn facts(policy: &Policy, read: &[(&str, String)], origins: &Origins) -> Vec<serde_json::Value> {
    let one = |(name, value): &(&str, String)| {
        let [zh, en] = policy.facts.iter().find(|fact| fact.name == *name).map(|fact| &fact.label)?;
        let origin = |at: usize| origins.get(*name).map(|origin| origin[at].as_str()).filter(|text| !text.is_empty());
        Some(json!({ "name": name, "zh": zh, "en": en, "value": value, "source": origin(0), "date": origin(1) }))
    };
    read.iter().filter_map(one).collect()
}

fn parts(parts: &[Part]) -> Vec<serde_json::Value> {
    let one = |part: &Part| {
        json!({ "text": part.text, "result": part.result, "value": part.value, "threshold": part.threshold,
                "distance": part.distance })
    };
    parts.iter().map(one).collect()
}

fn print(flags: &Flags, as_of: Date, clauses: &[serde_json::Value], limits: &[serde_json::Value]) {
    if flags.format == Format::Json {
        println!("{}", json!({ "id": flags.id, "as_of": as_of.to_string(), "clauses": clauses, "together": limits }));
        return;
    }
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for clause in clauses {
        let ends = format!("{}..{} fen", text(&clause["amount_min_fen"]), text(&clause["amount_max_fen"]));
        println!("{}: {}, {ends}", text(&clause["id"]), text(&clause["outcome"]));
        for one in clause["conditions"].as_array().into_iter().flatten() {
            println!("  {}: {} ({})", text(&one["result"]), text(&one["clause_text"]["zh"]), text(&one["text"]));
            if one["result"] != "true" && !one["value"].is_null() {
                let (value, threshold) = (text(&one["value"]), text(&one["threshold"]));
                println!("    value {value}, threshold {threshold}, distance {}", text(&one["distance"]));
            }
            let failing = |part: &&serde_json::Value| one["result"] != "true" && part["result"] != "true";
            for part in one["parts"].as_array().into_iter().flatten().filter(failing) {
                let (value, threshold) = (text(&part["value"]), text(&part["threshold"]));
                println!(
                    "    {}: {}; value {value}, threshold {threshold}",
                    text(&part["result"]),
                    text(&part["text"])
                );
            }
            for fact in one["facts"].as_array().into_iter().flatten().filter(|fact| !fact["source"].is_null()) {
                println!(
                    "    {} from {} {}",
                    text(&fact["name"]),
                    text(&fact["source"]),
                    fact["date"].as_str().unwrap_or_default()
                );
            }
        }
        for question in clause["questions"].as_array().into_iter().flatten() {
            println!("  asks for {}", text(question));
        }
        if clause["outcome"] == evaluate::name(Outcome::NotEligible) && !clause["first_date"].is_null() {
            println!("  holds from {}", text(&clause["first_date"]));
        }
    }
    for together in limits {
        let ends = format!("{}..{} fen", text(&together["total_min_fen"]), text(&together["total_max_fen"]));
        println!("{} together: {ends}", text(&together["policy"]));
        for limit in together["limits"].as_array().into_iter().flatten().filter(|limit| limit["binds"] == true) {
            println!("  limited by: {}", text(&limit["zh"]));
        }
        for budget in together["budgets"].as_array().into_iter().flatten() {
            println!("  within a budget for all: {}", text(&budget["zh"]));
        }
    }
}
