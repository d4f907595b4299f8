//! `jinmen policy simulate`: what a register gains and loses if parameters had other values.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use rules::{Policy, Register};
use serde_json::json;

use super::cohort::{Cohort, Granted};
use super::{Input, evaluate, load_all};
use crate::cli::Format;
use crate::readers::{ReadError, register};

/// `jinmen policy simulate`.
#[derive(Args, Debug)]
pub struct Flags {
    /// What is evaluated.
    #[command(flatten)]
    pub input: Input,
    /// Another value of a parameter, written as in a policy file, such as award=wan(40).
    #[arg(long, value_name = "PARAMETER=VALUE", required_unless_present = "enact_drafts")]
    pub set: Vec<String>,
    /// What drafts would change if they were in force.
    #[arg(long)]
    pub enact_drafts: bool,
    /// How the differences are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Clone, Copy, Default)]
struct Change {
    gainers: u64,
    losers: u64,
    fen: i128,
}

/// Runs `jinmen policy simulate`.
pub fn run(flags: &Flags) -> Result<ExitCode> {
    let before = match load_all(&flags.input.policies)? {
        Ok(policies) => policies,
        Err(code) => return Ok(code),
    };
    // Means and sums over all stay as they are.
    let before = evaluate::totalled(&flags.input, before, false)?;
    let (mut after, names) = changed(&before, &flags.set)?;
    if flags.enact_drafts {
        after.iter_mut().for_each(|policy| *policy = policy.enacted());
    }
    let (old, new) = (Register::new(&before, flags.input.day()), Register::new(&after, flags.input.day()));
    let enacted = |clause: usize| flags.enact_drafts && old.draft(clause);
    // Both read the same columns in the same order: only parameters differ.
    let touched: Vec<usize> = (0..old.clauses())
        .filter(|clause| enacted(*clause) || names.iter().any(|name| old.reads(*clause, name)))
        .collect();
    let mut rows = register::open(&flags.input.organizations, &old, false)?;
    let (mut block, mut identities) = (old.block(), Vec::new());
    let mut changes = vec![Change::default(); old.clauses()];
    let mut cohorts = spanning(&before, &names, flags.enact_drafts)
        .then(|| (Cohort::new(&before, flags.input.day()), Cohort::new(&after, flags.input.day())));
    let (mut spent, mut organizations) = (Duration::ZERO, 0);
    loop {
        rows.fill(&old, &mut block, &mut identities)?;
        if block.rows() == 0 {
            break;
        }
        organizations += block.rows();
        let started = Instant::now();
        for clause in &touched {
            let (one, two) = (old.evaluate(*clause, &block), new.evaluate(*clause, &block));
            if let Some((row, fault)) = one.faults.first().or(two.faults.first()) {
                let place = format!("row {}, clause {}", identities[*row].1, old.id(*clause));
                let file = flags.input.organizations.display().to_string();
                return Err(ReadError::new(&file, place, fault.to_string()).into());
            }
            let change = &mut changes[*clause];
            for (before, after) in one.least.iter().zip(&two.least) {
                change.gainers += u64::from(after > before);
                change.losers += u64::from(after < before);
                change.fen += i128::from(*after) - i128::from(*before);
            }
        }
        if let Some((one, two)) = &mut cohorts {
            let faults = one.add(&old, &block).into_iter().chain(two.add(&new, &block));
            if let Some((row, title, fault)) = faults.into_iter().next() {
                let place = format!("row {}, policy {title}", identities[row].1);
                let file = flags.input.organizations.display().to_string();
                return Err(ReadError::new(&file, place, fault.to_string()).into());
            }
        }
        spent += started.elapsed();
    }
    let finish =
        |cohort: Cohort<'_>| cohort.finish().map_err(|(title, fault)| anyhow::anyhow!("policy {title}: {fault}"));
    let granted = match cohorts {
        Some((one, two)) => Some((finish(one)?, finish(two)?)),
        None => None,
    };
    print(flags, &old, &touched, &changes, granted.as_ref(), (organizations, spent.as_secs_f64()));
    Ok(ExitCode::SUCCESS)
}

/// Whether what spans clauses or applicants may change: a policy with limits, budgets or places has one of the parameters.
fn spanning(policies: &[Policy], names: &[String], enacted: bool) -> bool {
    let has = |policy: &Policy| policy.parameters.iter().any(|parameter| names.contains(&parameter.name));
    policies.iter().any(|policy| policy.spans() && (enacted || has(policy)))
}

/// What one clause's grants change, once limits and budgets are kept; nothing where its policy has none.
fn regranted(before: &Granted, after: &Granted, clause: usize, organizations: usize) -> Option<Change> {
    if !before.spans(clause) {
        return None;
    }
    let mut change = Change::default();
    for place in 0..organizations as u64 {
        let low = |granted: &Granted| granted.due(clause, place).unwrap_or_default().low;
        let (one, two) = (low(before), low(after));
        change.gainers += u64::from(two > one);
        change.losers += u64::from(two < one);
        change.fen += i128::from(two) - i128::from(one);
    }
    Some(change)
}

/// The policies with other values, and the names of the parameters.
fn changed(before: &[Policy], set: &[String]) -> Result<(Vec<Policy>, Vec<String>)> {
    let (mut after, mut names) = (before.to_vec(), Vec::new());
    for one in set {
        let Some((name, value)) = one.split_once('=') else {
            bail!("--set {one}: write PARAMETER=VALUE, such as award=wan(40)");
        };
        let mut found = false;
        for policy in &mut after {
            let changed = policy.with_parameter(name, value).map_err(|what| anyhow::anyhow!("--set {one}: {what}"))?;
            if let Some(changed) = changed {
                *policy = changed;
                found = true;
            }
        }
        if !found {
            bail!("--set {one}: no policy has a parameter {name}");
        }
        names.push(name.to_owned());
    }
    Ok((after, names))
}

fn print(
    flags: &Flags,
    register: &Register<'_>,
    touched: &[usize],
    changes: &[Change],
    granted: Option<&(Granted, Granted)>,
    timed: (usize, f64),
) {
    let regranted = |clause: usize| granted.and_then(|(one, two)| regranted(one, two, clause, timed.0));
    let shown: Vec<(usize, Change, Option<Change>)> = (0..register.clauses())
        .map(|clause| (clause, changes[clause], regranted(clause)))
        .filter(|(clause, _, regranted)| touched.contains(clause) || regranted.is_some())
        .collect();
    let whole: i128 = changes.iter().map(|change| change.fen).sum();
    let all: Option<i128> = granted.map(|_| shown.iter().filter_map(|(_, _, one)| one.map(|one| one.fen)).sum());
    let fen = |fen: i128| i64::try_from(fen).ok();
    if flags.format == Format::Json {
        let clause = |(clause, change, regranted): &(usize, Change, Option<Change>)| {
            let mut line = json!({ "id": register.id(*clause), "gainers": change.gainers, "losers": change.losers,
                                   "difference_fen": fen(change.fen) });
            if let Some(one) = regranted {
                line["granted"] =
                    json!({ "gainers": one.gainers, "losers": one.losers, "difference_fen": fen(one.fen) });
            }
            line
        };
        let clauses: Vec<_> = shown.iter().map(clause).collect();
        let mut told = json!({ "clauses": clauses, "difference_fen": fen(whole), "organizations": timed.0,
                               "seconds_evaluate": timed.1 });
        if let Some(all) = all {
            told["granted_difference_fen"] = json!(fen(all));
        }
        println!("{told}");
        return;
    }
    for (clause, change, regranted) in &shown {
        println!("{}: {} gain, {} lose, {} fen", register.id(*clause), change.gainers, change.losers, change.fen);
        if let Some(one) = regranted {
            println!("  granted: {} gain, {} lose, {} fen", one.gainers, one.losers, one.fen);
        }
    }
    println!("{whole} fen in all{}", if all.is_some() { ", before limits and budgets" } else { "" });
    if let Some(all) = all {
        println!("{all} fen granted in all");
    }
}
