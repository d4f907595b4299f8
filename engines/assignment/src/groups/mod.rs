//! Entries that stay together: one set of judges takes all entries of a group.
//!
//! A group takes several places of a judge at once, so this is no flow any more (it holds the knapsack problem). The problem
//! without groups is one, and a bound; where its optimum has a judge on a part of a group, the judge is either on all of it or
//! on none, and both are flows again. Such branches are followed, the best bound first, until the best assignment found
//! reaches the bound of all that is left (then it is proved) or the effort is spent (then the bound says how far off it can
//! be). A closer bound comes from groups as a whole (`price`). Two judges of an institution where both side rules are asked
//! for are parted by branches too. What is found first are judges chosen by groups at the prices of a flow, the largest group
//! first, and chosen anew one group after the other.

mod blame;
mod branch;
mod price;

use crate::assignment::{Assignment, Failure, answer, explain, whole_bound};
use crate::network::Network;
use crate::optimum::{NoOptimum, Task};
use crate::problem::Problem;
use crate::rules::{self, Rules};
use crate::watch::{Stopped, Watch};
use branch::{Branches, Found};

/// The work of a search: flows times pairs, at least and at most so many flows.
const EFFORT: usize = 300_000_000;
const FLOWS: std::ops::RangeInclusive<usize> = 60..=5_000;
/// What a flow costs beside looking through its pairs.
const OVERHEAD: usize = 50_000;

pub(crate) fn solve(problem: &Problem, rules: &Rules, watch: &dyn Watch) -> Result<Assignment, Failure> {
    let easier = rules::prepare(problem, rules, watch)?;
    let network = easier.solve(watch).map_err(|refusal| explain(&easier, refusal, watch))?;
    let found = search(&easier, network.clone(), watch).map_err(|_| Failure::Cancelled)?;
    let Some(best) = found.best else {
        let blocking = blame::blame(problem, rules, found.settled, watch);
        return Err(blocking.map_or_else(|failure| failure, |blocking| Failure::Infeasible(Box::new(blocking))));
    };
    let bound = found.bound.min(whole_bound(&easier, &network));
    Ok(answer(problem, &best.pairs, bound, &network.judge_price, &network.entry_price))
}

fn flows(problem: &Problem) -> usize {
    (EFFORT / (problem.judges() * problem.entries() + OVERHEAD)).clamp(*FLOWS.start(), *FLOWS.end())
}

/// The best assignment that is found; `network` is the flow of the task without groups.
fn search(easier: &Task, network: Network, watch: &dyn Watch) -> Result<Found, Stopped> {
    let mut branches = Branches::new(easier, network, flows(easier.problem), watch);
    if let Some(root) = branches.root()? {
        branches.choose_at(&root)?;
        branches.set_prices(&root)?;
        branches.choose_anew()?;
        branches.follow(root)?;
    }
    Ok(branches.found())
}

/// Whether it is shown that the groups leave no assignment.
fn is_blocked(problem: &Problem, rules: &Rules, flows: usize, watch: &dyn Watch) -> Result<bool, Stopped> {
    let Ok(easier) = rules::ready(problem, rules) else { return Ok(true) };
    let network = match easier.solve(watch) {
        Ok(network) => network,
        Err(NoOptimum::Infeasible) => return Ok(true),
        Err(NoOptimum::Stopped) => return Err(Stopped),
    };
    let mut branches = Branches::new(&easier, network, flows, watch);
    if let Some(root) = branches.root()? {
        branches.follow_to_any(root)?;
    }
    let found = branches.found();
    Ok(found.settled && found.best.is_none())
}
