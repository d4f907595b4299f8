//! `jinmen policy`: policies as programs, checked, tested, evaluated over a register, explained and simulated.

mod cohort;
mod evaluate;
mod explain;
mod out;
mod simulate;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use codes::Date;
use rules::{Finding, Policy};
use serde_json::json;

use crate::cli::Format;

/// The JSON Schema of a policy file.
const SCHEMA: &str = include_str!("schema.json");

/// `jinmen policy`.
#[derive(Subcommand, Debug)]
#[command(defer = true)]
pub enum Command {
    /// Check policy files: types, units, gaps and overlaps of tiers, cycles, missing cases.
    #[command(after_help = "Example:\n  jinmen policy check bench/policy/rules/R01.yaml --format json\n\n\
                            Exit 0 without findings, 1 with any, 2 for a file that cannot be opened.")]
    Check(Files),
    /// Run the worked cases that stand beside the rules.
    #[command(after_help = "Example:\n  jinmen policy test bench/policy/corpus/*\n\n\
                            Exit 0 if all pass, 1 on a failure.")]
    Test(Files),
    /// Print the JSON Schema of a policy file.
    Schema,
    /// Evaluate policies over a register of organisations.
    #[command(after_help = "Example:\n  jinmen policy evaluate --policies policies --organizations register.csv \
                            --as-of 2025-06-30 --out answers.csv --format json\n\n\
                            Exit 0 when done, 1 for a policy with findings, 2 for a register that cannot be read.")]
    Evaluate(evaluate::Flags),
    /// Prove, for one organisation, what each clause answers and why.
    Explain(explain::Flags),
    /// What changes for a register if parameters had other values.
    #[command(after_help = "Example:\n  jinmen policy simulate --policies policies --organizations register.csv \
                            --set 'award=wan(40)' --format json")]
    Simulate(simulate::Flags),
}

/// Policy files.
#[derive(Args, Debug)]
pub struct Files {
    /// The files.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Which policies, which organisations, which day.
#[derive(Args, Debug)]
pub struct Input {
    /// The folder of policy files, read with all folders in it (*.yaml).
    #[arg(long, value_name = "DIR")]
    pub policies: PathBuf,
    /// The register: CSV with a heading, or *.parquet; facts are columns by name.
    #[arg(long, value_name = "FILE")]
    pub organizations: PathBuf,
    /// The day asked about [default: today in Asia/Shanghai].
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<Date>,
}

fn date(text: &str) -> Result<Date, String> {
    rules::day(&serde_json::Value::from(text)).ok_or_else(|| "a day is written as 2025-06-30 or 20250630".to_owned())
}

impl Input {
    /// The day asked about.
    fn day(&self) -> Date {
        self.as_of.unwrap_or_else(|| jinmen_core::Clock::system().today())
    }
}

/// Runs `jinmen policy …`.
pub fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::Check(flags) => check(flags),
        Command::Test(flags) => test(flags),
        Command::Schema => {
            print!("{}", SCHEMA.replace("\"REGISTRY_KEYS\"", &registry::known::keys()));
            Ok(ExitCode::SUCCESS)
        }
        Command::Evaluate(flags) => evaluate::run(flags),
        Command::Explain(flags) => explain::run(flags),
        Command::Simulate(flags) => simulate::run(flags),
    }
}

/// Reads one policy file.
fn load(path: &Path) -> Result<Result<Policy, Vec<Finding>>> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).with_context(|| name.clone())?;
    let found = match String::from_utf8(bytes) {
        Ok(source) => rules::load_with(&source, &registry::known::declared),
        Err(error) => {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
            let message = "this is not UTF-8; save the file as UTF-8";
            Err(vec![Finding::new((line, 0), "", "utf8", message)])
        }
    };
    Ok(found.map_err(|mut findings| {
        findings.iter_mut().for_each(|finding| finding.file.clone_from(&name));
        findings
    }))
}

/// Every policy of a folder, or the exit code after its findings were told.
fn load_all(folder: &Path) -> Result<Result<Vec<Policy>, ExitCode>> {
    let mut files = Vec::new();
    collect(folder, &mut files).with_context(|| folder.display().to_string())?;
    files.sort();
    anyhow::ensure!(!files.is_empty(), "{}: there is no *.yaml in this folder", folder.display());
    let (mut policies, mut findings) = (Vec::new(), Vec::new());
    let mut places: BTreeMap<String, PathBuf> = BTreeMap::new();
    for file in files {
        match load(&file)? {
            Ok(policy) => {
                findings.extend(repeated(&policy, &file, &mut places));
                policies.push(policy);
            }
            Err(found) => findings.extend(found),
        }
    }
    findings.iter().for_each(|finding| eprintln!("jinmen: {finding}"));
    Ok(if findings.is_empty() { Ok(policies) } else { Err(ExitCode::from(1)) })
}

/// Clauses whose id another file has: answers are told by it.
fn repeated(policy: &Policy, file: &Path, places: &mut BTreeMap<String, PathBuf>) -> Vec<Finding> {
    let mut found = Vec::new();
    for clause in &policy.clauses {
        if let Some(other) = places.insert(clause.id.clone(), file.to_owned()) {
            let message = format!("{} has a clause of this id too; give one of them another", other.display());
            let mut finding = Finding::new((0, 0), &clause.id, "duplicate", message);
            finding.file = file.display().to_string();
            found.push(finding);
        }
    }
    found
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else if entry.path().extension().is_some_and(|extension| extension == "yaml") {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn check(flags: &Files) -> Result<ExitCode> {
    let mut errors = Vec::new();
    for file in &flags.files {
        errors.extend(load(file)?.err().unwrap_or_default());
    }
    if flags.format == Format::Json {
        println!("{}", json!({ "errors": errors }));
    } else {
        errors.iter().for_each(|finding| println!("{finding}"));
        println!("{} files, {} findings", flags.files.len(), errors.len());
    }
    Ok(ExitCode::from(u8::from(!errors.is_empty())))
}

fn test(flags: &Files) -> Result<ExitCode> {
    let (mut passed, mut failed) = (0, 0);
    let mut told = Vec::new();
    for file in &flags.files {
        match load(file)? {
            Ok(policy) => {
                let (good, failures) = rules::cases::run(&policy);
                passed += good;
                failed += failures.len();
                for failure in failures {
                    let what = failure.line();
                    told.push(json!({ "file": file.display().to_string(), "clause": failure.clause,
                                      "case": failure.case, "message": what }));
                }
            }
            Err(findings) => {
                failed += findings.len();
                for finding in findings {
                    told.push(json!({ "file": finding.file, "clause": finding.clause, "case": null,
                                      "message": finding.to_string() }));
                }
            }
        }
    }
    if flags.format == Format::Json {
        println!("{}", json!({ "passed": passed, "failed": failed, "failures": told }));
    } else {
        for one in &told {
            let case = one["case"].as_u64().map(|case| format!(", case {case}")).unwrap_or_default();
            let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            println!("{}: clause {}{case}: {}", text("file"), text("clause"), text("message"));
        }
        println!("{passed} passed, {failed} failed");
    }
    Ok(ExitCode::from(u8::from(failed > 0)))
}
