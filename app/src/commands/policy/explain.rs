//! `jinmen policy explain`: the proof of every clause for one organisation.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use codes::Date;
use rules::{Outcome, Register};
use serde_json::json;

use super::{Input, load_all};
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
                limits.extend(policy.together(&facts, as_of));
                clauses
                    .extend((0..policy.clauses.len()).map(|clause| policy.explained(clause, &facts, as_of, &origins)));
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
        if clause["outcome"] == Outcome::NotEligible.code() && !clause["first_date"].is_null() {
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
