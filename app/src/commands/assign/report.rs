//! What `jinmen assign` prints.

use assignment::{Assignment, Blocking, Change, Lottery, Problem, Relaxation, Rules, commitment, components, reasons};
use serde_json::{Value, json};

use super::Flags;
use super::measure::peak_memory_bytes;
use crate::cli::Format;
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
pub fn print(flags: &Flags, outcome: &Outcome) {
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
        return;
    }
    let state = if found.optimal { "the largest there is" } else { "bound" };
    println!("{} pairs, sum {} ({state} {})", found.pairs.len(), round(found.objective), round(found.bound));
    println!("lowest total of an entry {}, 5 % are at or below {}", round(found.floor), round(quantile(&totals, 0.05)));
    if let Some(lottery) = outcome.lottery {
        let spread = lottery.spread(problem);
        println!(
            "drawn with seed {} from {} possible pairs; likeliest {}, expected share of the largest sum {}",
            flags.seed,
            spread.support,
            round(spread.max_probability),
            round(spread.quality)
        );
    }
    if flags.out.is_none() {
        for (pair, reason) in found.pairs.iter().zip(reasons(problem, found)) {
            let (judge, entry) = (judge_name(outcome.instance, pair.judge), entry_name(outcome.instance, pair.entry));
            println!("{judge}\t{entry}\t{}\t{reason}", round(pair.score));
        }
    }
}

/// Prints why there is none.
pub fn print_blocking(flags: &Flags, instance: &Instance, blocking: &Blocking) {
    let relaxations: Vec<(String, &Relaxation)> =
        blocking.relaxations.iter().map(|one| (relaxation_words(instance, one), one)).collect();
    if flags.format == Format::Json {
        let entries: Vec<Value> = blocking.entries.iter().map(|entry| entry_id(instance, *entry)).collect();
        let judges: Vec<Value> = blocking.judges.iter().map(|judge| judge_id(instance, *judge)).collect();
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
                "blocking": { "entries": entries, "judges": judges, "message": blocking.to_string() },
                "relaxations": relaxations,
            })
        );
        return;
    }
    println!("there is no assignment: {blocking}");
    let names = |list: Vec<String>| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
    println!("entries: {}", names(blocking.entries.iter().map(|entry| entry_name(instance, *entry)).collect()));
    println!("judges: {}", names(blocking.judges.iter().map(|judge| judge_name(instance, *judge)).collect()));
    for (words, _) in relaxations {
        println!("what would help: {words}");
    }
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

fn judge_name(instance: &Instance, judge: usize) -> String {
    instance.names.as_ref().map_or_else(|| judge.to_string(), |names| names.0[judge].clone())
}

fn entry_name(instance: &Instance, entry: usize) -> String {
    instance.names.as_ref().map_or_else(|| entry.to_string(), |names| names.1[entry].clone())
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

/// One change in words, and how many more there are like it.
fn relaxation_words(instance: &Instance, relaxation: &Relaxation) -> String {
    let words: Vec<String> = relaxation.changes.iter().take(5).map(|change| change_words(instance, change)).collect();
    let more = relaxation.changes.len().saturating_sub(5);
    let rest = if more > 0 { format!(", and {more} more like these") } else { String::new() };
    format!("{}{rest}", words.join(", "))
}

fn change_words(instance: &Instance, change: &Change) -> String {
    match *change {
        Change::LoadMax { judge, from, to } => {
            format!("let judge {} take {to} instead of {from}", judge_name(instance, judge))
        }
        Change::LoadMin { judge, from, to } => {
            format!("ask judge {} for {to} instead of at least {from}", judge_name(instance, judge))
        }
        Change::Demand { entry, from, to } => {
            format!("give entry {} {to} judges instead of {from}", entry_name(instance, entry))
        }
        Change::Conflict { judge, entry } => {
            format!(
                "lift the conflict of judge {} with entry {}",
                judge_name(instance, judge),
                entry_name(instance, entry)
            )
        }
        Change::Kept { judge, entry } => {
            format!("no longer keep judge {} on entry {}", judge_name(instance, judge), entry_name(instance, entry))
        }
        Change::Rules => "give up the side rules".to_owned(),
        Change::Groups => "split the groups".to_owned(),
        Change::Cap => "allow a higher probability".to_owned(),
    }
}

/// Enough digits to read, none that mean nothing.
fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
