//! A connected graph of judges and entries, so that scores of all judges can be compared later.
//!
//! Two judges who share no entry, nor a chain of them, cannot be calibrated against each other. Where an assignment falls
//! into parts, the exchange that loses least joins two of them, until there is one.

use crate::assignment::{Assignment, Failure, answer};
use crate::problem::Problem;
use crate::rules::{Rules, breaks};
use crate::watch::{Stage, Watch, tell};

type Whole = (u32, u32, i64);

/// So many of the cheapest exchanges are tried before parts count as not to be joined.
const MOST_TRIED: usize = 2000;

/// Changes one pair for another.
#[derive(Clone, Copy)]
struct Exchange {
    loss: i64,
    /// Places of pairs whose judges are exchanged; or one pair and the judge that takes it over.
    one: usize,
    other: Option<usize>,
    judge: u32,
}

/// How many parts the graph of an assignment has; judges without entries do not count.
#[must_use]
pub fn components(problem: &Problem, assignment: &Assignment) -> usize {
    let pairs: Vec<Whole> = assignment.pairs.iter().map(|pair| (pair.entry as u32, pair.judge as u32, 0)).collect();
    parts(problem, &pairs).1
}

/// Joins the parts of an assignment by the exchanges that lose least. What cannot be joined stays apart; see [`components`].
///
/// # Errors
/// [`Failure::Cancelled`].
pub fn connect(
    problem: &Problem,
    rules: &Rules,
    assignment: &Assignment,
    watch: &dyn Watch,
) -> Result<Assignment, Failure> {
    let whole =
        |pair: &crate::Pair| (pair.entry as u32, pair.judge as u32, problem.whole(pair.judge, pair.entry).unwrap_or(0));
    let mut pairs: Vec<Whole> = assignment.pairs.iter().map(whole).collect();
    let (mut part, mut count) = parts(problem, &pairs);
    while count > 1 {
        tell(watch, Stage::Balancing, 0, count).map_err(|_| Failure::Cancelled)?;
        let mut exchanges = exchanges(problem, &pairs, &part);
        exchanges.sort_unstable_by_key(|one| one.loss);
        let joined = exchanges.into_iter().take(MOST_TRIED).find_map(|exchange| {
            let next = apply(problem, &pairs, exchange);
            let (next_part, next_count) = parts(problem, &next);
            (next_count < count && is_kept(problem, rules, &next)).then_some((next, next_part, next_count))
        });
        let Some((next, next_part, next_count)) = joined else { break };
        (pairs, part, count) = (next, next_part, next_count);
    }
    pairs.sort_unstable();
    let mut found = answer(problem, &pairs, 0, &[], &[]);
    found.bound = assignment.bound;
    found.optimal = assignment.optimal && found.objective == assignment.objective;
    found.prices = assignment.prices.clone();
    Ok(found)
}

fn is_kept(problem: &Problem, rules: &Rules, pairs: &[Whole]) -> bool {
    let mut judges: Vec<Vec<usize>> = vec![Vec::new(); problem.entries()];
    pairs.iter().for_each(|pair| judges[pair.0 as usize].push(pair.1 as usize));
    !judges.iter().any(|judges| breaks(problem, rules, judges))
}

/// The part of each node (judges, then entries) and how many parts hold a pair.
fn parts(problem: &Problem, pairs: &[Whole]) -> (Vec<u32>, usize) {
    let judges = problem.judges();
    let mut parent: Vec<u32> = (0..(judges + problem.entries()) as u32).collect();
    for pair in pairs {
        let (one, other) = (root(&mut parent, pair.1), root(&mut parent, judges as u32 + pair.0));
        parent[one as usize] = other;
    }
    let part: Vec<u32> = (0..parent.len() as u32).map(|node| root(&mut parent, node)).collect();
    let mut with_pairs: Vec<u32> = pairs.iter().map(|pair| part[pair.1 as usize]).collect();
    with_pairs.sort_unstable();
    with_pairs.dedup();
    (part, with_pairs.len())
}

fn root(parent: &mut [u32], mut node: u32) -> u32 {
    while parent[node as usize] != node {
        parent[node as usize] = parent[parent[node as usize] as usize];
        node = parent[node as usize];
    }
    node
}

/// Exchanges between the smallest part and the others.
fn exchanges(problem: &Problem, pairs: &[Whole], part: &[u32]) -> Vec<Exchange> {
    let mut size = vec![0usize; part.len()];
    pairs.iter().for_each(|pair| size[part[pair.1 as usize] as usize] += 1);
    let smallest = (0..size.len()).filter(|part| size[*part] > 0).min_by_key(|part| size[*part]).unwrap_or(0);
    let mut load = vec![0u32; problem.judges()];
    pairs.iter().for_each(|pair| load[pair.1 as usize] += 1);
    let movable = |at: &usize| !problem.is_forced(pairs[*at].1 as usize, pairs[*at].0 as usize);
    let grouped = |entry: u32| problem.groups.iter().any(|group| group.len() > 1 && group.contains(&entry));
    let inside = |at: &usize| part[pairs[*at].1 as usize] as usize == smallest;
    let places: Vec<usize> = (0..pairs.len()).filter(movable).filter(|at| !grouped(pairs[*at].0)).collect();
    let mut found = Vec::new();
    for &one in places.iter().filter(|at| inside(at)) {
        for &other in places.iter().filter(|at| !inside(at)) {
            let (a, b) = (pairs[one], pairs[other]);
            let scores =
                (problem.scores.get(b.1 as usize, a.0 as usize), problem.scores.get(a.1 as usize, b.0 as usize));
            if let (Some(first), Some(second)) = scores {
                found.push(Exchange { loss: a.2 + b.2 - first - second, one, other: Some(other), judge: 0 });
            }
        }
    }
    for &one in &places {
        let (entry, from, score) = pairs[one];
        if load[from as usize] <= problem.load_min[from as usize] {
            continue;
        }
        for judge in 0..problem.judges() {
            let crosses = (part[judge] as usize == smallest) != inside(&one);
            if crosses
                && load[judge] < problem.load_max[judge]
                && let Some(other) = problem.scores.get(judge, entry as usize)
            {
                found.push(Exchange { loss: score - other, one, other: None, judge: judge as u32 });
            }
        }
    }
    found
}

fn apply(problem: &Problem, pairs: &[Whole], exchange: Exchange) -> Vec<Whole> {
    let mut next = pairs.to_vec();
    let mut give = |at: usize, judge: u32| {
        let entry = next[at].0;
        next[at] = (entry, judge, problem.whole(judge as usize, entry as usize).unwrap_or(0));
    };
    match exchange.other {
        Some(other) => {
            give(exchange.one, pairs[other].1);
            give(other, pairs[exchange.one].1);
        }
        None => give(exchange.one, exchange.judge),
    }
    next
}
