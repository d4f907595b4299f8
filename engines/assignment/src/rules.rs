//! Side rules. One of them at a time is still a network flow and solved exactly; two of them cross, and groups make a
//! place count several times: there the hard part is solved by repeated exact solutions with some pairs barred or kept.

use crate::assignment::{Assignment, Failure, answer, explain, whole_bound, whole_pairs};
use crate::network::{Classes, NONE, Network};
use crate::optimum::{NoOptimum, Task};
use crate::problem::Problem;
use crate::watch::{Stopped, Watch};
use crate::whole::{Any, Whole, every_choice};

/// What an assignment must heed besides loads and conflicts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// At most one judge of an institution on an entry. Without institutions in the problem it asks nothing.
    pub one_per_institution: bool,
    /// At least one senior judge on every entry that demands any. Without seniors in the problem it asks nothing.
    pub one_senior: bool,
}

/// A score that no exchange makes good: a pair that is barred while it stands in a network.
pub(crate) const BANISHED: i64 = -(1 << 50);

/// Up to so many pairs, whole sets are looked at.
const MOST_WHOLE: usize = 200_000;
/// The same where parting colleagues led nowhere.
const MOST_TRIED: usize = 1 << 20;

/// So many times pairs are barred before the two rules count as incompatible.
const MOST_ROUNDS: usize = 200;

impl Rules {
    /// At most one of an institution, as classes.
    fn institutions(&self, problem: &Problem) -> Option<Classes> {
        let institution = problem.institution.as_ref().filter(|_| self.one_per_institution)?;
        Some(Classes {
            of: institution.iter().map(|one| one.unwrap_or(NONE)).collect(),
            most: vec![1; problem.entries()],
        })
    }

    /// At least one senior: all but one may be others.
    fn seniors(&self, problem: &Problem) -> Option<Classes> {
        let senior = problem.senior.as_ref().filter(|_| self.one_senior)?;
        let mut most: Vec<u32> = problem.demand.iter().map(|demand| demand.saturating_sub(1)).collect();
        for one in &problem.forced {
            let entry = one.entry as usize;
            if senior[one.judge as usize] {
                most[entry] = u32::MAX;
            } else if most[entry] != u32::MAX {
                most[entry] = most[entry].saturating_sub(1);
            }
        }
        Some(Classes { of: senior.iter().map(|senior| if *senior { NONE } else { 0 }).collect(), most })
    }
}

/// How many entries break a side rule: for checking answers.
#[must_use]
pub fn violations(problem: &Problem, rules: &Rules, pairs: &[crate::Pair]) -> usize {
    let mut judges: Vec<Vec<usize>> = vec![Vec::new(); problem.entries()];
    for pair in pairs {
        judges[pair.entry].push(pair.judge);
    }
    judges.iter().filter(|judges| breaks(problem, rules, judges)).count()
}

pub(crate) fn breaks(problem: &Problem, rules: &Rules, judges: &[usize]) -> bool {
    let institution = problem.institution.as_ref().filter(|_| rules.one_per_institution);
    let twice = institution.is_some_and(|institution| {
        let mut seen: Vec<u32> = judges.iter().filter_map(|judge| institution[*judge]).collect();
        seen.sort_unstable();
        seen.windows(2).any(|two| two[0] == two[1])
    });
    let senior = problem.senior.as_ref().filter(|_| rules.one_senior);
    twice || senior.is_some_and(|senior| !judges.is_empty() && !judges.iter().any(|judge| senior[*judge]))
}

pub(crate) fn solve(problem: &Problem, rules: &Rules, watch: &dyn Watch) -> Result<Assignment, Failure> {
    if problem.groups.iter().any(|group| group.len() > 1) {
        return crate::groups::solve(problem, rules, watch);
    }
    let mut task = prepare(problem, rules, watch)?;
    let mut network = task.solve(watch).map_err(|refusal| explain(&task, refusal, watch))?;
    let bound = whole_bound(&task, &network);
    if rules.one_per_institution && task.classes.as_ref().is_some_and(|_| rules.seniors(problem).is_some()) {
        return both(problem, rules, &mut task, &mut network, bound, watch);
    }
    let (pairs, _) = whole_pairs(problem, &network);
    Ok(answer(problem, &pairs, bound, &network.judge_price, &network.entry_price))
}

/// Both rules at once: colleagues are parted first. Where that leads nowhere, or there are few pairs, whole sets follow.
fn both(
    problem: &Problem,
    rules: &Rules,
    task: &mut Task,
    network: &mut Network,
    bound: i128,
    watch: &dyn Watch,
) -> Result<Assignment, Failure> {
    let before = (network.judge_price.clone(), network.entry_price.clone());
    let parted = part_institutions(task, network, watch)?;
    // Where parting failed, prices were driven beyond all scores.
    let (prices, entry_prices) =
        if parted { (network.judge_price.clone(), network.entry_price.clone()) } else { before };
    let answer_of = |pairs: &[(u32, u32, i64)], bound| answer(problem, pairs, bound, &prices, &entry_prices);
    let (pairs, sum) = whole_pairs(problem, network);
    if parted && (sum == bound || problem.judges() * problem.entries() > MOST_WHOLE) {
        return Ok(answer_of(&pairs, bound));
    }
    if !parted && problem.judges() * problem.entries() > MOST_TRIED {
        return Err(crate::blocking::crossed(problem, rules, false, watch));
    }
    let choices = every_choice(problem);
    let whole = Whole { problem, rules, choices: &choices, prices: &prices };
    let mut pairs = match parted {
        true => pairs,
        false => match whole.any(i64::MIN) {
            Any::Found(pairs) => pairs,
            Any::None => return Err(crate::blocking::crossed(problem, rules, true, watch)),
            Any::Unknown => return Err(crate::blocking::crossed(problem, rules, false, watch)),
        },
    };
    let mut bound = bound;
    if problem.judges() * problem.entries() <= MOST_WHOLE {
        let mut has = vec![Vec::new(); problem.entries()];
        let free = pairs.iter().filter(|pair| !problem.is_forced(pair.1 as usize, pair.0 as usize));
        free.for_each(|(entry, judge, score)| has[*entry as usize].push((*judge, *score)));
        if let Some(better) = whole.improve(i64::MIN, &has, watch).map_err(|_| Failure::Cancelled)? {
            let sum = better.pairs.iter().map(|pair| i128::from(pair.2)).sum();
            bound = if better.proved { sum } else { bound.min(better.bound) };
            pairs = better.pairs;
        }
    }
    pairs.sort_unstable();
    Ok(answer_of(&pairs, bound))
}

/// Why kept pairs leave nothing to solve.
pub(crate) enum Unready {
    /// More are kept than an entry needs or a judge may take.
    TooMany,
    /// Those of this entry break a side rule together.
    AgainstRules(usize),
}

/// The task with the one rule that is solved as a flow; of two, that of seniors, which binds far more often.
pub(crate) fn prepare<'a>(problem: &'a Problem, rules: &Rules, watch: &dyn Watch) -> Result<Task<'a>, Failure> {
    ready(problem, rules).map_err(|why| crate::blocking::kept(problem, rules, &why, watch))
}

/// The same, without a reason where there is none.
pub(crate) fn ready<'a>(problem: &'a Problem, rules: &Rules) -> Result<Task<'a>, Unready> {
    let Some(mut task) = Task::plain(problem) else { return Err(Unready::TooMany) };
    if let Some(entry) = broken_by_kept(problem, rules) {
        return Err(Unready::AgainstRules(entry));
    }
    task.rules = *rules;
    let institutions = rules.institutions(problem);
    task.classes = rules.seniors(problem).or_else(|| institutions.clone());
    if let Some(institutions) = institutions {
        bar_colleagues_of_kept(&mut task, &institutions);
    }
    Ok(task)
}

/// The first entry whose kept judges break a rule whoever else comes.
fn broken_by_kept(problem: &Problem, rules: &Rules) -> Option<usize> {
    let mut judges: Vec<Vec<usize>> = vec![Vec::new(); problem.entries()];
    problem.forced.iter().for_each(|one| judges[one.entry as usize].push(one.judge as usize));
    let senior_may_come = |entry: usize| judges[entry].len() < problem.demand[entry] as usize;
    let only_institutions = Rules { one_senior: false, ..*rules };
    (0..problem.entries()).find(|&entry| {
        let rules = if senior_may_come(entry) { &only_institutions } else { rules };
        breaks(problem, rules, &judges[entry])
    })
}

/// Where a pair is kept, nobody else of that institution comes.
fn bar_colleagues_of_kept(task: &mut Task, institutions: &Classes) {
    for one in &task.problem.forced {
        let class = institutions.of[one.judge as usize];
        for (judge, of) in institutions.of.iter().enumerate() {
            if class != NONE && *of == class {
                task.barred.insert((judge as u32, one.entry));
            }
        }
    }
}

/// Bars, on every entry with two judges of an institution, all of that institution but the best, and solves again from
/// where it stood, until there is none. False if that leaves no assignment, which does not say that there is none.
pub(crate) fn part_institutions(task: &mut Task, network: &mut Network, watch: &dyn Watch) -> Result<bool, Failure> {
    let Some(institution) = task.problem.institution.as_ref() else { return Ok(true) };
    for _ in 0..MOST_ROUNDS {
        let doubled = doubled(network, institution);
        if doubled.is_empty() {
            return Ok(true);
        }
        for (entry, keep) in doubled {
            let colleagues = (0..institution.len() as u32)
                .filter(|judge| *judge != keep && institution[*judge as usize] == institution[keep as usize]);
            for judge in colleagues {
                task.barred.insert((judge, entry as u32));
                network.change_score(entry, judge, BANISHED);
            }
            if !network.pick(entry) {
                return Ok(false);
            }
        }
        match task.finish(network, watch) {
            Ok(()) => {}
            Err(NoOptimum::Infeasible) => return Ok(false),
            Err(NoOptimum::Stopped) => return Err(Failure::Cancelled),
        }
        if network.pairs().any(|(_, arc)| arc.score <= BANISHED) {
            return Ok(false);
        }
    }
    Ok(false)
}

/// Whether there is an assignment, as far as a short search shows: without a reason if not. Groups are not asked about.
pub(crate) fn is_solvable(problem: &Problem, rules: &Rules, watch: &dyn Watch) -> Result<bool, Stopped> {
    let Ok(mut task) = ready(problem, rules) else { return Ok(false) };
    let mut network = match task.solve(watch) {
        Ok(network) => network,
        Err(NoOptimum::Infeasible) => return Ok(false),
        Err(NoOptimum::Stopped) => return Err(Stopped),
    };
    if rules.institutions(problem).is_none() || rules.seniors(problem).is_none() {
        return Ok(true);
    }
    let prices = network.judge_price.clone();
    if part_institutions(&mut task, &mut network, watch).map_err(|_| Stopped)? {
        return Ok(true);
    }
    let few = problem.judges() * problem.entries() <= MOST_WHOLE;
    Ok(few
        && Whole { problem, rules, choices: &every_choice(problem), prices: &prices }.any(i64::MIN).found().is_some())
}

/// Entries with two judges of one institution, each with the judge worth most of them.
pub(crate) fn doubled(network: &Network, institution: &[Option<u32>]) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    for (entry, arcs) in network.arcs.iter().enumerate() {
        let mut held: Vec<_> = arcs.iter().filter(|arc| arc.flow > 0).collect();
        held.sort_by_key(|arc| std::cmp::Reverse(arc.score - network.judge_price[arc.judge as usize]));
        for (at, arc) in held.iter().enumerate() {
            let of = institution[arc.judge as usize];
            if of.is_some() && held[at + 1..].iter().any(|other| institution[other.judge as usize] == of) {
                found.push((entry, arc.judge));
                break;
            }
        }
    }
    found
}
