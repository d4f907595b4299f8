//! What `jinmen assign` prints.

use anyhow::Result;
use assignment::{Assignment, Blocking, Change, Lottery, Problem, Relaxation, Rules, commitment, components, reasons};
use serde_json::{Value, json};
use ui::Arg;

use super::Flags;
use super::measure::peak_memory_bytes;
use super::words::{blocking, reason, relaxation};
use crate::cli::Format;
use crate::commands::locale;
use crate::commands::words::words;
use crate::readers::Instance;

/// What was found, and what it took.
pub struct Outcome<'a> {
    pub instance: &'a Instance,
    pub rules: &'a Rules,
    pub assignment: &'a Assignment,
    pub lottery: Option<&'a Lottery>,
    pub seconds_build: f64,
    pub seconds_solve: f64,
    pub seconds_read: f64,
}

/// Prints an assignment.
pub fn print(flags: &Flags, outcome: &Outcome) -> Result<()> {
    let (problem, found) = (&outcome.instance.problem, outcome.assignment);
    let totals = totals(problem, found);
    let violations = violations(problem, outcome.rules, found);
    if flags.format == Format::Json {
        let mut answer = json!({
            "feasible": true,
            "objective": found.objective,
            "optimal": found.optimal,
            "bound": found.bound,
            "min_entry": found.floor,
            "p5_entry": quantile(&totals, 0.05),
            "violations": violations,
            "seconds_read": outcome.seconds_read,
            "seconds_build": outcome.seconds_build,
            "seconds_solve": outcome.seconds_solve,
            "peak_memory_bytes": peak_memory_bytes(),
            "components": components(problem, found),
        });
        if let Some(lottery) = outcome.lottery {
            answer["randomised"] = randomised(problem, lottery, flags.seed);
        }
        println!("{answer}");
        return Ok(());
    }
    let t = words(locale())?;
    let number = |value: f64| Arg::from(round(value).to_string());
    let optimal = if found.optimal { "yes" } else { "no" };
    let sums = [("optimal", optimal.into()), ("sum", number(found.objective)), ("bound", number(found.bound))];
    println!("{}", t.with("cli-assign-sum", &[&sums[..], &[("pairs", found.pairs.len().into())]].concat()));
    let totals = [("lowest", number(found.floor)), ("low", number(quantile(&totals, 0.05)))];
    println!("{}", t.with("cli-assign-lowest", &totals));
    if let Some(lottery) = outcome.lottery {
        let spread = lottery.spread(problem);
        let drawn = [
            ("seed", flags.seed.to_string().into()),
            ("support", spread.support.into()),
            ("likeliest", number(spread.max_probability)),
            ("quality", number(spread.quality)),
        ];
        println!("{}", t.with("cli-assign-drawn", &drawn));
    }
    if flags.out.is_none() {
        for (pair, why) in found.pairs.iter().zip(reasons(problem, found)) {
            let (judge, entry) = (outcome.instance.judge(pair.judge), outcome.instance.entry(pair.entry));
            println!("{judge}\t{entry}\t{}\t{}", round(pair.score), reason(&t, &why));
        }
    }
    Ok(())
}

/// Prints why there is none.
pub fn print_blocking(flags: &Flags, instance: &Instance, found: &Blocking) -> Result<()> {
    let t = words(locale())?;
    let why = blocking(&t, found);
    let relaxations: Vec<(String, &Relaxation)> =
        found.relaxations.iter().map(|one| (relaxation(&t, instance, one), one)).collect();
    if flags.format == Format::Json {
        let entries: Vec<Value> = found.entries.iter().map(|entry| entry_id(instance, *entry)).collect();
        let judges: Vec<Value> = found.judges.iter().map(|judge| judge_id(instance, *judge)).collect();
        let relaxations: Vec<Value> = relaxations
            .iter()
            .map(|(words, one)| {
                let changes: Vec<Value> = one.changes.iter().map(|change| change_json(instance, change)).collect();
                json!({ "cost": one.cost, "message": words, "changes": changes })
            })
            .collect();
        println!(
            "{}",
            json!({
                "feasible": false,
                "blocking": { "entries": entries, "judges": judges, "message": why },
                "relaxations": relaxations,
            })
        );
        return Ok(());
    }
    println!("{}", t.with("cli-assign-none", &[("why", why.into())]));
    let names = |list: Vec<String>| -> Arg {
        if list.is_empty() { t.of("cli-assign-nobody").into() } else { list.join(&t.of("cli-list-comma")).into() }
    };
    let entries = names(found.entries.iter().map(|entry| instance.entry(*entry)).collect());
    let judges = names(found.judges.iter().map(|judge| instance.judge(*judge)).collect());
    println!("{}", t.with("cli-assign-entries", &[("names", entries)]));
    println!("{}", t.with("cli-assign-judges", &[("names", judges)]));
    for (words, _) in relaxations {
        println!("{}", t.with("cli-assign-help", &[("what", words.into())]));
    }
    Ok(())
}

fn randomised(problem: &Problem, lottery: &Lottery, seed: u64) -> Value {
    let spread = lottery.spread(problem);
    let digest: String = commitment(seed.to_string().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "quality": spread.quality,
        "max_probability": spread.max_probability,
        "average_max": spread.average_max,
        "support": spread.support,
        "entropy": spread.entropy,
        "l2": spread.l2,
        "seed": seed,
        "seed_commitment": digest,
    })
}

/// Totals of entries that ask for judges, ascending.
fn totals(problem: &Problem, found: &Assignment) -> Vec<f64> {
    let mut totals = vec![None; problem.entries()];
    for pair in &found.pairs {
        *totals[pair.entry].get_or_insert(0.0) += pair.score;
    }
    let mut totals: Vec<f64> = totals.into_iter().flatten().collect();
    totals.sort_by(f64::total_cmp);
    totals
}

/// With linear interpolation between neighbours.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

/// Counts what an assignment breaks, from the input alone.
fn violations(problem: &Problem, rules: &Rules, found: &Assignment) -> usize {
    let mut load = vec![0u32; problem.judges()];
    let mut has = vec![0u32; problem.entries()];
    let mut broken = 0;
    for pair in &found.pairs {
        load[pair.judge] += 1;
        has[pair.entry] += 1;
        broken += usize::from(problem.score(pair.judge, pair.entry) != Some(pair.score));
    }
    let mut seen: Vec<(usize, usize)> = found.pairs.iter().map(|pair| (pair.entry, pair.judge)).collect();
    seen.sort_unstable();
    broken += seen.windows(2).filter(|two| two[0] == two[1]).count();
    broken += (0..load.len()).filter(|judge| !problem.loads(*judge).contains(&load[*judge])).count();
    broken += (0..has.len()).filter(|entry| problem.demand(*entry) != has[*entry]).count();
    broken + assignment::violations(problem, rules, &found.pairs)
}

fn judge_id(instance: &Instance, judge: usize) -> Value {
    instance.names.as_ref().map_or_else(|| json!(judge), |names| json!(names.0[judge]))
}

fn entry_id(instance: &Instance, entry: usize) -> Value {
    instance.names.as_ref().map_or_else(|| json!(entry), |names| json!(names.1[entry]))
}

fn change_json(instance: &Instance, change: &Change) -> Value {
    match *change {
        Change::LoadMax { judge, from, to } => {
            json!({ "kind": "load_max", "judge": judge_id(instance, judge), "from": from, "to": to })
        }
        Change::LoadMin { judge, from, to } => {
            json!({ "kind": "load_min", "judge": judge_id(instance, judge), "from": from, "to": to })
        }
        Change::Demand { entry, from, to } => {
            json!({ "kind": "demand", "entry": entry_id(instance, entry), "from": from, "to": to })
        }
        Change::Conflict { judge, entry } => {
            json!({ "kind": "conflict", "judge": judge_id(instance, judge), "entry": entry_id(instance, entry) })
        }
        Change::Kept { judge, entry } => {
            json!({ "kind": "kept", "judge": judge_id(instance, judge), "entry": entry_id(instance, entry) })
        }
        Change::Rules => json!({ "kind": "rules" }),
        Change::Groups => json!({ "kind": "groups" }),
        Change::Cap => json!({ "kind": "max_probability" }),
    }
}

/// Enough digits to read, none that mean nothing.
fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
