//! What would make an infeasible problem solvable: the fewest changes of each kind, for everything that is short at once.
//!
//! A unit of room with a judge, of a minimum, or of a demand raises the maximum flow on the side that is short by one at
//! most, so as many units as are missing are the fewest there can be, and side by side they do not disturb each other: where
//! one flow meets what entries need and another what judges must take, one flow meets both (Fulkerson's symmetric supply and
//! demand). Conflicts lifted and kept pairs given up are counted by the solver itself, as scores of 0 and 1.
//!
//! Where side rules are in play a change can fail on them (an entry that needs fewer judges still needs a senior one), so
//! there every proposal is tried before it is made.

use std::collections::HashSet;

use crate::blocking::{is_possible, needs_of_entries, needs_of_judges};
use crate::flow::{Flow, Needs};
use crate::optimum::{NoOptimum, Task};
use crate::problem::{Forced, Problem};
use crate::rules::{self, Rules};
use crate::scores::Scores;
use crate::watch::{Stage, Stopped, Watch, tell};

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A judge takes more.
    LoadMax {
        /// Row.
        judge: usize,
        /// Before.
        from: u32,
        /// After.
        to: u32,
    },
    /// A judge must take fewer.
    LoadMin {
        /// Row.
        judge: usize,
        /// Before.
        from: u32,
        /// After.
        to: u32,
    },
    /// An entry gets fewer, or more, judges.
    Demand {
        /// Column.
        entry: usize,
        /// Before.
        from: u32,
        /// After.
        to: u32,
    },
    /// A pair is no conflict any more.
    Conflict {
        /// Row.
        judge: usize,
        /// Column.
        entry: usize,
    },
    /// A kept pair is not kept any more.
    Kept {
        /// Row.
        judge: usize,
        /// Column.
        entry: usize,
    },
    /// The side rules are given up.
    Rules,
    /// Groups are split.
    Groups,
    /// The cap on probabilities is raised.
    Cap,
}

/// Changes that together make the problem solvable; no fewer of their kind do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxation {
    /// What is changed.
    pub changes: Vec<Change>,
    /// Units changed in all.
    pub cost: u64,
}

impl Relaxation {
    fn of(changes: Vec<Change>) -> Option<Relaxation> {
        let units = |change: &Change| match *change {
            Change::LoadMax { from, to, .. } | Change::LoadMin { from, to, .. } | Change::Demand { from, to, .. } => {
                u64::from(from.abs_diff(to))
            }
            Change::Conflict { .. } | Change::Kept { .. } | Change::Rules | Change::Groups | Change::Cap => 1,
        };
        let cost = changes.iter().map(units).sum();
        (cost > 0).then_some(Relaxation { changes, cost })
    }

    pub(crate) fn without_rules() -> Relaxation {
        Relaxation { changes: vec![Change::Rules], cost: 1 }
    }

    pub(crate) fn without_cap() -> Relaxation {
        Relaxation { changes: vec![Change::Cap], cost: 1 }
    }

    pub(crate) fn without_groups() -> Relaxation {
        Relaxation { changes: vec![Change::Groups], cost: 1 }
    }
}

/// The cheapest relaxation of every kind that helps, cheapest first.
pub(crate) fn every(task: &Task, watch: &dyn Watch) -> Result<Vec<Relaxation>, Stopped> {
    let (problem, rules) = (task.problem, &task.rules);
    let kinds = [loads(task, watch)?, demands(task, watch)?, lifted(task, watch)?, given_up(problem, rules, watch)?];
    let mut found = Vec::new();
    for one in kinds.into_iter().flatten() {
        if *rules == Rules::default() || rules::is_solvable(&after(problem, &one.changes), rules, watch)? {
            found.push(one);
        }
    }
    if *rules != Rules::default() && is_solvable_without_rules(problem, watch)? {
        found.push(Relaxation::without_rules());
    }
    found.sort_by_key(|one| one.cost);
    Ok(found)
}

/// The relaxations where kept pairs leave nothing to solve.
pub(crate) fn of_kept(problem: &Problem, rules: &Rules, watch: &dyn Watch) -> Result<Vec<Relaxation>, Stopped> {
    let mut found = Vec::new();
    if let Some(one) = given_up(problem, rules, watch)?
        && rules::is_solvable(&after(problem, &one.changes), rules, watch)?
    {
        found.push(one);
    }
    if *rules != Rules::default() && is_solvable_without_rules(problem, watch)? {
        found.push(Relaxation::without_rules());
    }
    found.sort_by_key(|one| one.cost);
    Ok(found)
}

/// Whether giving up the side rules is enough.
pub(crate) fn is_solvable_without_rules(problem: &Problem, watch: &dyn Watch) -> Result<bool, Stopped> {
    Task::plain(problem).map_or(Ok(false), |task| is_possible(&task, watch))
}

/// Judges who take more, or must take fewer.
fn loads(task: &Task, watch: &dyn Watch) -> Result<Option<Relaxation>, Stopped> {
    let problem = task.problem;
    let needs = needs_of_entries(task);
    let Some(more) = more_room(&needs, &served(&needs, watch)?) else { return Ok(None) };
    let least = Needs { give: low(task), ..needs };
    let flow = served(&least, watch)?;
    let changes = more.into_iter().map(|(judge, more)| {
        let from = problem.load_max[judge];
        Change::LoadMax { judge, from, to: from + more }
    });
    let fewer = (0..problem.judges()).filter(|judge| flow.load[*judge] < least.give[*judge]).map(|judge| {
        let from = problem.load_min[judge];
        Change::LoadMin { judge, from, to: from - (least.give[judge] - flow.load[judge]) }
    });
    Ok(Relaxation::of(changes.chain(fewer).collect()))
}

/// Entries that get fewer judges where these are short, and more where judges must take more than there is.
fn demands(task: &Task, watch: &dyn Watch) -> Result<Option<Relaxation>, Stopped> {
    let needs = needs_of_entries(task);
    let flow = served(&needs, watch)?;
    let fewer = lacking(&needs, &flow);
    let mut judges = needs_of_judges(task);
    fewer.iter().for_each(|(entry, less)| judges.give[*entry] -= less);
    let Some(more) = more_room(&judges, &served(&judges, watch)?) else { return Ok(None) };
    let mut demand = task.problem.demand.clone();
    fewer.into_iter().for_each(|(entry, less)| demand[entry] -= less);
    more.into_iter().for_each(|(entry, more)| demand[entry] += more);
    let changes = task.problem.demand.iter().zip(demand).enumerate().filter(|(_, (from, to))| *from != to);
    Ok(Relaxation::of(changes.map(|(entry, (from, to))| Change::Demand { entry, from: *from, to }).collect()))
}

/// Conflicts that are lifted: pairs without conflict score 1, those with one 0, and the solver takes as few of the latter as
/// there can be.
fn lifted(task: &Task, watch: &dyn Watch) -> Result<Option<Relaxation>, Stopped> {
    let problem = task.problem;
    let kept: HashSet<(u32, u32)> = problem.forced.iter().map(|one| (one.judge, one.entry)).collect();
    let conflict = |judge: usize, entry: usize| {
        problem.scores.get(judge, entry).is_none() && !kept.contains(&(judge as u32, entry as u32))
    };
    if !(0..problem.judges()).any(|judge| (0..problem.entries()).any(|entry| conflict(judge, entry))) {
        return Ok(None);
    }
    let worth = |judge: usize, entry: usize| match problem.scores.get(judge, entry) {
        Some(_) => Some(1),
        None => conflict(judge, entry).then_some(0),
    };
    let pairs = most_worth(problem, &task.rules, worth, problem.forced.clone(), watch)?;
    let changes = |pairs: Vec<(usize, usize)>| {
        let conflicts = pairs.into_iter().filter(|(judge, entry)| conflict(*judge, *entry));
        conflicts.map(|(judge, entry)| Change::Conflict { judge, entry }).collect()
    };
    Ok(pairs.and_then(|pairs| Relaxation::of(changes(pairs))))
}

/// Kept pairs that are given up: those score 1, all others 0, and the solver leaves out as few as there can be.
fn given_up(problem: &Problem, rules: &Rules, watch: &dyn Watch) -> Result<Option<Relaxation>, Stopped> {
    if problem.forced.is_empty() {
        return Ok(None);
    }
    let kept: HashSet<(usize, usize)> =
        problem.forced.iter().map(|one| (one.judge as usize, one.entry as usize)).collect();
    let worth = |judge: usize, entry: usize| match problem.scores.get(judge, entry) {
        Some(_) => Some(0),
        None => kept.contains(&(judge, entry)).then_some(1),
    };
    let Some(pairs) = most_worth(problem, rules, worth, Vec::new(), watch)? else { return Ok(None) };
    let stays: HashSet<(usize, usize)> = pairs.into_iter().collect();
    let gone = problem.forced.iter().map(|one| (one.judge as usize, one.entry as usize));
    let gone = gone.filter(|pair| !stays.contains(pair)).map(|(judge, entry)| Change::Kept { judge, entry });
    Ok(Relaxation::of(gone.collect()))
}

/// The pairs (judge, entry) of an assignment of most worth beside kept ones; `None` worth bars a pair.
fn most_worth(
    problem: &Problem,
    rules: &Rules,
    worth: impl Fn(usize, usize) -> Option<i32>,
    forced: Vec<Forced>,
    watch: &dyn Watch,
) -> Result<Option<Vec<(usize, usize)>>, Stopped> {
    let (judges, entries) = (problem.judges(), problem.entries());
    let values = (0..judges * entries).map(|at| worth(at / entries, at % entries).unwrap_or(0)).collect();
    let Ok(mut scores) = Scores::from_i32(judges, entries, values, 1.0) else { return Ok(None) };
    for judge in 0..judges {
        (0..entries).filter(|entry| worth(judge, *entry).is_none()).for_each(|entry| scores.bar(judge, entry));
    }
    let other = problem.with_scores(scores, forced);
    let Ok(task) = rules::ready(&other, rules) else { return Ok(None) };
    match task.solve(watch) {
        Ok(network) => Ok(Some(network.pairs().map(|(entry, arc)| (arc.judge as usize, entry)).collect())),
        Err(NoOptimum::Infeasible) => Ok(None),
        Err(NoOptimum::Stopped) => Err(Stopped),
    }
}

/// The problem with changes made; what is no property of the problem stays.
pub(crate) fn after(problem: &Problem, changes: &[Change]) -> Problem {
    let mut problem = problem.clone();
    for change in changes {
        match *change {
            Change::LoadMax { judge, to, .. } => problem.load_max[judge] = to,
            Change::LoadMin { judge, to, .. } => problem.load_min[judge] = to,
            Change::Demand { entry, to, .. } => problem.demand[entry] = to,
            Change::Conflict { judge, entry } => problem.scores.allow(judge, entry, 0),
            Change::Kept { judge, entry } => {
                let is_it = |one: &Forced| (one.judge as usize, one.entry as usize) == (judge, entry);
                if let Some(at) = problem.forced.iter().position(is_it) {
                    let score = problem.forced.swap_remove(at).score;
                    problem.scores.allow(judge, entry, score);
                }
            }
            Change::Groups => problem.groups.clear(),
            Change::Rules | Change::Cap => {}
        }
    }
    problem
}

fn low(task: &Task) -> Vec<u32> {
    task.bounds.low.iter().map(|least| *least as u32).collect()
}

fn served(needs: &Needs, watch: &dyn Watch) -> Result<Flow, Stopped> {
    let mut flow = Flow::new(needs);
    for needer in 0..needs.need.len() {
        flow.serve(needs, needer);
        if needer % 64 == 0 {
            tell(watch, Stage::Explaining, needer, needs.need.len())?;
        }
    }
    Ok(flow)
}

/// The needers that lack something, and how much.
fn lacking(needs: &Needs, flow: &Flow) -> Vec<(usize, u32)> {
    let lack = |needer: usize| (needer, flow.lack(needs, needer));
    (0..needs.need.len()).map(lack).filter(|one| one.1 > 0).collect()
}

/// Who would have to give more, and how much more; none if more room does not help.
fn more_room(needs: &Needs, flow: &Flow) -> Option<Vec<(usize, u32)>> {
    let mut wide = needs.clone();
    let mut flow = flow.clone();
    for (needer, lack) in lacking(needs, &flow) {
        for _ in 0..lack {
            let Err(reached) = flow.augment(&wide, needer) else { continue };
            let reached = reached.needers;
            // The least burdened of those who could take the place at once.
            let may = |giver: &usize| {
                reached
                    .iter()
                    .any(|one| wide.may(*one as usize, *giver) && !flow.has[*one as usize].contains(&(*giver as u32)))
            };
            let mut order: Vec<usize> = (0..wide.give.len()).filter(may).collect();
            order.sort_by_key(|giver| wide.give[*giver]);
            let helped = order.into_iter().any(|giver| {
                wide.give[giver] += 1;
                let ok = flow.augment(&wide, needer).is_ok();
                wide.give[giver] -= u32::from(!ok);
                ok
            });
            if !helped {
                return None;
            }
        }
    }
    let more = |giver: usize| (giver, wide.give[giver] - needs.give[giver]);
    Some((0..needs.give.len()).map(more).filter(|one| one.1 > 0).collect())
}
