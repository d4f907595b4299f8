//! `jinmen policy evaluate`: a register streamed block by block through the columns of the rules engine.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;
use rules::{Answers, Block, Policy, Register, Totals};
use serde_json::json;

use super::cohort::{Cohort, Granted};
use super::out::Out;
use super::{Input, load_all};
use crate::cli::Format;
use crate::readers::ReadError;
use crate::readers::register;

/// `jinmen policy evaluate`.
#[derive(Args, Debug)]
pub struct Flags {
    /// What is evaluated.
    #[command(flatten)]
    pub input: Input,
    /// A file to write each answer to, CSV or *.parquet: id, then CLAUSE.outcome and CLAUSE.amount_fen.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Threads to evaluate with.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub threads: u8,
    /// Leave out rows that cannot be read, and tell of them, instead of stopping.
    #[arg(long)]
    pub skip_bad: bool,
    /// How the sums are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    outcomes: [u64; 4],
    fen: i128,
}

impl Sum {
    fn add(&mut self, answers: &Answers) {
        for outcome in &answers.outcomes {
            self.outcomes[*outcome as usize] += 1;
        }
        self.fen += answers.least.iter().map(|fen| i128::from(*fen)).sum::<i128>();
    }
}

type Filled = (Block, Vec<(String, u64)>);

/// Runs `jinmen policy evaluate`.
pub fn run(flags: &Flags) -> Result<ExitCode> {
    let policies = match load_all(&flags.input.policies)? {
        Ok(policies) => policies,
        Err(code) => return Ok(code),
    };
    let as_of = flags.input.day();
    let policies = totalled(&flags.input, policies, flags.skip_bad)?;
    let register = Register::new(&policies, as_of);
    let file = flags.input.organizations.display().to_string();
    let mut cohort = Cohort::new(&policies, as_of);
    let spans = cohort.needed();
    // What spans organisations is known when all were read: then they are read again to be written.
    let mut out = flags.out.as_ref().filter(|_| !spans).map(|path| Out::create(path, &register, None)).transpose()?;
    let mut sums = vec![Sum::default(); register.clauses()];
    let read = pass(flags, &register, |block, identities, answers| {
        faults(&register, &file, identities, answers, flags.skip_bad)?;
        sums.iter_mut().zip(answers).for_each(|(sum, answers)| sum.add(answers));
        for (row, title, fault) in if spans { cohort.add(&register, block) } else { Vec::new() } {
            let error = ReadError::new(&file, format!("row {}, policy {title}", identities[row].1), fault.to_string());
            anyhow::ensure!(flags.skip_bad, error);
            eprintln!("jinmen: {error}");
        }
        out.as_mut().map_or(Ok(()), |out| out.write(identities, answers, None))
    })?;
    let granted = cohort.finish().map_err(|(title, fault)| anyhow::anyhow!("policy {title}: {fault}"))?;
    if let Some(path) = flags.out.as_ref().filter(|_| spans) {
        let mut again = Out::create(path, &register, Some(&granted))?;
        let mut place = 0;
        pass(flags, &register, |_, identities, answers| {
            again.write(identities, answers, Some((&granted, place)))?;
            place += identities.len() as u64;
            Ok(())
        })?;
        out = Some(again);
    }
    if let Some(out) = out {
        out.finish()?;
    }
    read.problems.iter().for_each(|problem| eprintln!("jinmen: {problem}"));
    report(flags, &register, &read, &sums, &granted);
    Ok(ExitCode::SUCCESS)
}

/// The policies with their means and sums over the whole register, which is read once for them if there are any.
pub fn totalled(input: &Input, policies: Vec<Policy>, skip_bad: bool) -> Result<Vec<Policy>> {
    if policies.iter().all(|policy| policy.totals.is_empty()) {
        return Ok(policies);
    }
    let as_of = input.day();
    let register = Register::new(&policies, as_of);
    let mut rows = register::open(&input.organizations, &register, skip_bad)?;
    let mut totals: Vec<Totals> = policies.iter().map(Policy::totals).collect();
    let (mut block, mut identities) = (register.block(), Vec::new());
    loop {
        rows.fill(&register, &mut block, &mut identities)?;
        if block.rows() == 0 {
            break;
        }
        for (at, (policy, totals)) in policies.iter().zip(&mut totals).enumerate() {
            if policy.totals.is_empty() {
                continue;
            }
            for (row, (_, line)) in identities.iter().enumerate() {
                totals.add(policy, &register.subject(at, &block, row), as_of).map_err(|fault| {
                    let place = format!("row {line}, policy {}", policy.title);
                    ReadError::new(&input.organizations.display().to_string(), place, fault.to_string())
                })?;
            }
        }
    }
    Ok(policies.iter().zip(&totals).map(|(policy, totals)| policy.with_totals(totals)).collect())
}

/// What a run over the register counted.
struct Read {
    organizations: usize,
    load: Duration,
    evaluate: Duration,
    skipped: u64,
    ignored: Vec<String>,
    problems: Vec<String>,
}

/// Reads and evaluates the register once, and shows each block.
fn pass(
    flags: &Flags,
    register: &Register<'_>,
    mut see: impl FnMut(&Block, &[(String, u64)], &[Answers]) -> Result<()>,
) -> Result<Read> {
    let mut rows = register::open(&flags.input.organizations, register, flags.skip_bad)?;
    let (mut organizations, mut load, mut evaluate) = (0usize, Duration::ZERO, Duration::ZERO);
    let mut blocks: Vec<Filled> = (0..flags.threads).map(|_| (register.block(), Vec::new())).collect();
    loop {
        let started = Instant::now();
        for (block, identities) in &mut blocks {
            rows.fill(register, block, identities)?;
        }
        load += started.elapsed();
        if blocks.iter().all(|(block, _)| block.rows() == 0) {
            break;
        }
        let started = Instant::now();
        let answered = answer(register, &blocks);
        evaluate += started.elapsed();
        for ((block, identities), answers) in blocks.iter().zip(&answered) {
            organizations += block.rows();
            see(block, identities, answers)?;
        }
    }
    let (ignored, problems) = (rows.ignored().to_vec(), std::mem::take(&mut rows.problems));
    Ok(Read { organizations, load, evaluate, skipped: rows.skipped, ignored, problems })
}

/// Every clause's answers for every block, blocks side by side.
fn answer(register: &Register<'_>, blocks: &[Filled]) -> Vec<Vec<Answers>> {
    let one = |block: &Block| (0..register.clauses()).map(|clause| register.evaluate(clause, block)).collect();
    if let [(block, _)] = blocks {
        return vec![one(block)];
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = blocks.iter().map(|(block, _)| scope.spawn(|| one(block))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_default()).collect()
    })
}

/// An answer that cannot be given ends the run, unless bad rows are skipped: then it counts as it stands, not eligible.
fn faults(
    register: &Register<'_>,
    file: &str,
    identities: &[(String, u64)],
    answers: &[Answers],
    skip_bad: bool,
) -> Result<()> {
    for (clause, answers) in answers.iter().enumerate() {
        if let Some((row, fault)) = answers.faults.first() {
            let place = format!("row {}, clause {}", identities[*row].1, register.id(clause));
            let error = ReadError::new(file, place, fault.to_string());
            if !skip_bad {
                return Err(error.into());
            }
            eprintln!("jinmen: {error}");
        }
    }
    Ok(())
}

fn report(flags: &Flags, register: &Register<'_>, read: &Read, sums: &[Sum], granted: &Granted) {
    let clauses = sums.iter().enumerate().map(|(clause, sum)| {
        let [eligible, not_eligible, unknown, needs_people] = sum.outcomes;
        let total = i64::try_from(sum.fen).ok();
        let mut found = json!({ "id": register.id(clause), "eligible": eligible, "not_eligible": not_eligible,
                                "unknown": unknown, "needs_people": needs_people, "total_fen": total });
        granted.report(clause, &mut found);
        found
    });
    if flags.format == Format::Json {
        let clauses: Vec<_> = clauses.collect();
        let (load, evaluate) = (read.load.as_secs_f64(), read.evaluate.as_secs_f64());
        let evaluations = read.organizations as f64 * sums.len() as f64;
        let speed = if evaluate > 0.0 { evaluations / evaluate } else { 0.0 };
        println!(
            "{}",
            json!({ "organizations": read.organizations, "clauses": clauses, "seconds_load": load,
                    "seconds_evaluate": evaluate, "evaluations_per_second": speed,
                    "peak_memory_bytes": peak_memory(), "skipped": read.skipped, "ignored_columns": read.ignored })
        );
        return;
    }
    for (clause, found) in clauses.enumerate() {
        let sum = &sums[clause];
        let [eligible, not_eligible, unknown, needs_people] = sum.outcomes;
        let id = register.id(clause);
        print!(
            "{id}: {eligible} eligible, {not_eligible} not eligible, {unknown} unknown, {needs_people} need people; "
        );
        println!("{} fen", sum.fen);
        if granted.spans(clause) {
            let (count, low, high) = (&found["granted"], &found["granted_fen"], &found["granted_max_fen"]);
            println!("  granted to {count} when limits, ranks and budgets are kept; {low} to {high} fen");
        }
    }
    println!("{} organizations, {} rows left out", read.organizations, read.skipped);
    if !read.ignored.is_empty() {
        println!("columns that no policy declares: {}", read.ignored.join(", "));
    }
}

/// The most memory the program has held, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}
