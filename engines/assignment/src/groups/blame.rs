//! Why groups leave no assignment.

use std::collections::BTreeSet;

use crate::assignment::Failure;
use crate::blocking::{Blocking, FEW, Shortage, only, open_to, unsettled};
use crate::problem::Problem;
use crate::relax::Relaxation;
use crate::rules::{self, Rules};
use crate::watch::{Stopped, Watch};

use super::{flows, is_blocked};

/// So many flows show that fewer entries are blocked, or it counts as not shown.
const MOST_FLOWS: usize = 500;

/// Why there is none; or what another rule has to say about it.
pub(super) fn blame(problem: &Problem, rules: &Rules, settled: bool, watch: &dyn Watch) -> Result<Blocking, Failure> {
    let mut apart = problem.clone();
    apart.groups = Vec::new();
    if !rules::is_solvable(&apart, rules, watch).map_err(|_| Failure::Cancelled)? {
        rules::solve(&apart, rules, watch)?;
    }
    let blocking = match problem.groups.iter().find_map(|group| lonely(problem, group)) {
        Some(blocking) => Ok(blocking),
        None if settled => of_all(problem, rules, watch),
        None => unsettled(problem, false, watch),
    };
    blocking.map_err(|_| Failure::Cancelled)
}

/// A group that too few judges may take as a whole.
fn lonely(problem: &Problem, group: &[u32]) -> Option<Blocking> {
    let judges = |entries: &[usize]| -> Vec<usize> {
        let room = |judge: usize| {
            let elsewhere = problem
                .forced
                .iter()
                .filter(|one| one.judge as usize == judge && !entries.contains(&(one.entry as usize)));
            problem.load_max[judge] as usize >= elsewhere.count() + entries.len()
        };
        let may = |judge: &usize| entries.iter().all(|entry| problem.whole(*judge, *entry).is_some());
        (0..problem.judges()).filter(may).filter(|judge| room(*judge)).collect()
    };
    let mut entries: Vec<usize> = group.iter().map(|entry| *entry as usize).collect();
    let demand = problem.demand[*entries.first()?] as usize;
    entries.sort_unstable();
    if judges(&entries).len() >= demand {
        return None;
    }
    for one in entries.clone() {
        let rest: Vec<usize> = entries.iter().copied().filter(|entry| *entry != one).collect();
        if judges(&rest).len() < demand || kept_apart(problem, &rest, &judges(&rest), demand) {
            entries = rest;
        }
    }
    let judges = judges(&entries);
    if judges.len() >= demand {
        return None;
    }
    Some(Blocking {
        shortage: Shortage::Group,
        entries,
        needed: demand as u64,
        available: judges.len() as u64,
        judges,
        by_rules: false,
        of_minimum: false,
        relaxations: vec![Relaxation::without_groups()],
    })
}

/// Whether those who are kept on a part of these entries cannot have all of them.
fn kept_apart(problem: &Problem, entries: &[usize], judges: &[usize], demand: usize) -> bool {
    let here = problem.forced.iter().filter(|one| entries.contains(&(one.entry as usize)));
    let kept: BTreeSet<usize> = here.map(|one| one.judge as usize).collect();
    kept.len() > demand || kept.iter().any(|judge| !judges.contains(judge))
}

/// Groups that could each be served, not all at once.
fn of_all(problem: &Problem, rules: &Rules, watch: &dyn Watch) -> Result<Blocking, Stopped> {
    let blocked = |part: &Problem, most: usize| is_blocked(part, rules, most, watch);
    let together = |members: &[usize]| {
        let mut part = only(problem, members);
        part.groups.iter_mut().for_each(|group| group.retain(|entry| members.contains(&(*entry as usize))));
        part
    };
    let few = problem.judges() * problem.entries() <= FEW;
    let mut entries: Vec<usize> = (0..problem.entries()).filter(|entry| problem.demand[*entry] > 0).collect();
    let mut part = problem.clone();
    let of_minimum = !blocked(&together(&entries), flows(problem))?;
    if few && of_minimum {
        for judge in 0..problem.judges() {
            let low = std::mem::take(&mut part.load_min[judge]);
            if low > 0 && !blocked(&part, MOST_FLOWS)? {
                part.load_min[judge] = low;
            }
        }
    } else if few {
        for one in entries.clone() {
            let rest: Vec<usize> = entries.iter().copied().filter(|entry| *entry != one).collect();
            if blocked(&together(&rest), MOST_FLOWS)? {
                entries = rest;
            }
        }
    }
    let judges = match of_minimum {
        true => (0..problem.judges()).filter(|judge| part.load_min[*judge] > 0).collect(),
        false => open_to(problem, &entries),
    };
    Ok(Blocking {
        shortage: Shortage::Groups,
        needed: entries.iter().map(|entry| u64::from(problem.demand[*entry])).sum(),
        available: 0,
        entries,
        judges,
        by_rules: *rules != Rules::default(),
        of_minimum,
        relaxations: vec![Relaxation::without_groups()],
    })
}
