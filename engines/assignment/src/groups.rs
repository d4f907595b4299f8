//! Entries that stay together: one set of judges takes all entries of a group.
//!
//! A group takes several places of a judge at once, so this is no flow any more (it holds the knapsack problem). The prices
//! of the problem without groups say what a place costs; at these prices the groups choose their judges, largest group
//! first, and the rest is then solved exactly.

use crate::assignment::{Assignment, Failure, answer, explain, whole_bound, whole_pairs};
use crate::optimum::Task;
use crate::problem::Problem;
use crate::rules::{self, Rules};
use crate::watch::Watch;

pub(crate) fn solve(problem: &Problem, rules: &Rules, watch: &dyn Watch) -> Result<Assignment, Failure> {
    let easier = rules::prepare(problem, rules, watch)?;
    let network = easier.solve(watch).map_err(|refusal| explain(&easier, refusal, watch))?;
    let bound = whole_bound(&easier, &network);
    let mut harder = problem.clone();
    harder.groups = Vec::new();
    let mut order: Vec<&Vec<u32>> = problem.groups.iter().filter(|group| group.len() > 1).collect();
    order.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut room: Vec<i64> = problem.load_max.iter().map(|most| i64::from(*most)).collect();
    problem.forced.iter().for_each(|one| room[one.judge as usize] -= 1);
    for group in order {
        place(problem, &easier, &mut harder, rules, group, &network.judge_price, &mut room)?;
    }
    let task = rules::prepare(&harder, rules, watch)?;
    let rest = task.solve(watch).map_err(|refusal| explain(&task, refusal, watch))?;
    let (pairs, _) = whole_pairs(&harder, &rest);
    Ok(answer(problem, &pairs, bound, &network.judge_price, &network.entry_price))
}

/// Chooses the judges of one group and keeps them on all its entries.
fn place(
    problem: &Problem,
    easier: &Task,
    harder: &mut Problem,
    rules: &Rules,
    group: &[u32],
    price: &[i64],
    room: &mut [i64],
) -> Result<(), Failure> {
    let size = group.len() as i64;
    let mut choice: Vec<(i64, usize)> = Vec::new();
    for judge in 0..problem.judges() {
        let kept = group.iter().filter(|entry| problem.is_forced(judge, **entry as usize)).count() as i64;
        let scores: Option<i64> = group.iter().map(|entry| problem.whole(judge, *entry as usize)).sum();
        if let Some(scores) = scores.filter(|_| room[judge] + kept >= size) {
            // Whoever is kept on one entry of the group is on all of them.
            let value = if kept > 0 { i64::MAX } else { scores - size * price[judge] };
            choice.push((value, judge));
        }
    }
    choice.sort_unstable_by_key(|(value, judge)| (std::cmp::Reverse(*value), *judge));
    let demand = problem.demand[group[0] as usize] as usize;
    let chosen = choose(problem, rules, &choice, demand);
    let Some(chosen) = chosen else {
        return Err(Failure::Infeasible(Box::new(crate::blocking::group(easier, group, &choice, demand))));
    };
    for judge in chosen {
        for &entry in group {
            if harder.is_forced(judge, entry as usize) {
                continue;
            }
            room[judge] -= 1;
            // It was not barred above.
            let kept = harder.keep(judge, entry as usize);
            debug_assert!(kept.is_ok());
        }
    }
    Ok(())
}

/// The first judges in order that heed the side rules together.
fn choose(problem: &Problem, rules: &Rules, choice: &[(i64, usize)], demand: usize) -> Option<Vec<usize>> {
    let senior = problem.senior.as_ref().filter(|_| rules.one_senior);
    let institution = problem.institution.as_ref().filter(|_| rules.one_per_institution);
    let mut chosen: Vec<usize> = Vec::new();
    for &(_, judge) in choice {
        if chosen.len() == demand {
            break;
        }
        let colleague = institution.is_some_and(|institution| {
            institution[judge].is_some() && chosen.iter().any(|other| institution[*other] == institution[judge])
        });
        let last = chosen.len() + 1 == demand;
        let without = senior.is_some_and(|senior| last && !senior[judge] && !chosen.iter().any(|other| senior[*other]));
        if !colleague && !without {
            chosen.push(judge);
        }
    }
    (chosen.len() == demand).then_some(chosen)
}
