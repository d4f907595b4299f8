//! What would make an infeasible problem solvable: the fewest changes of each kind.
//!
//! A change of one unit (a place more with a judge, a judge less for an entry, a conflict lifted) raises the maximum flow
//! by one at most, so as many changes as places are missing are the fewest there can be.

use crate::flow::{Flow, Needs};
use crate::optimum::Task;
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
    /// The side rules are given up.
    Rules,
    /// Groups are split.
    Groups,
    /// The cap on probabilities is raised.
    Cap,
}

/// Changes that together make the problem solvable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxation {
    /// What is changed.
    pub changes: Vec<Change>,
    /// Units changed in all.
    pub cost: u64,
}

impl Relaxation {
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

/// For entries that lack judges.
pub(crate) fn for_entries(task: &Task, needs: &Needs, watch: &dyn Watch) -> Result<Vec<Relaxation>, Stopped> {
    let flow = served(needs, watch)?;
    let mut found = Vec::new();
    found.extend(more_room(needs, &flow).map(|extra| {
        relaxation(extra, |judge, more| {
            let from = task.problem.load_max[judge];
            Change::LoadMax { judge, from, to: from + more }
        })
    }));
    found.extend(lifted(needs, &flow, watch)?.map(|pairs| {
        let changes = pairs.iter().map(|(entry, judge)| Change::Conflict { judge: *judge, entry: *entry });
        Relaxation { changes: changes.collect(), cost: pairs.len() as u64 }
    }));
    let lack = lacking(needs, &flow);
    found.push(relaxation(lack, |entry, less| {
        let from = task.problem.demand[entry];
        Change::Demand { entry, from, to: from - less }
    }));
    if task.classes.is_some() {
        found.push(Relaxation::without_rules());
    }
    found.sort_by_key(|one| one.cost);
    Ok(found)
}

/// For judges whose minimum cannot be met.
pub(crate) fn for_judges(task: &Task, needs: &Needs, watch: &dyn Watch) -> Result<Vec<Relaxation>, Stopped> {
    let flow = served(needs, watch)?;
    let lack = lacking(needs, &flow);
    let mut found = vec![relaxation(lack, |judge, less| {
        let from = task.problem.load_min[judge];
        Change::LoadMin { judge, from, to: from - less }
    })];
    found.extend(more_room(needs, &flow).map(|extra| {
        relaxation(extra, |entry, more| {
            let from = task.problem.demand[entry];
            Change::Demand { entry, from, to: from + more }
        })
    }));
    found.extend(lifted(needs, &flow, watch)?.map(|pairs| {
        let changes = pairs.iter().map(|(judge, entry)| Change::Conflict { judge: *judge, entry: *entry });
        Relaxation { changes: changes.collect(), cost: pairs.len() as u64 }
    }));
    found.sort_by_key(|one| one.cost);
    Ok(found)
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

fn relaxation(units: Vec<(usize, u32)>, change: impl Fn(usize, u32) -> Change) -> Relaxation {
    let cost = units.iter().map(|(_, units)| u64::from(*units)).sum();
    Relaxation { changes: units.into_iter().map(|(which, units)| change(which, units)).collect(), cost }
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
            if flow.augment(&wide, needer).is_ok() {
                continue;
            }
            let reached = flow.augment(&wide, needer).err()?.needers;
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

/// Pairs (needer, giver) whose permission would help; none if no permission does.
fn lifted(needs: &Needs, flow: &Flow, watch: &dyn Watch) -> Result<Option<Vec<(usize, usize)>>, Stopped> {
    let mut open = needs.clone();
    let mut flow = flow.clone();
    let mut pairs = Vec::new();
    let lack = lacking(needs, &flow);
    for (done, &(needer, lack_of_it)) in lack.iter().enumerate() {
        tell(watch, Stage::Explaining, done, lack.len())?;
        for _ in 0..lack_of_it {
            let Err(reached) = flow.augment(&open, needer) else { continue };
            let spare: Vec<usize> =
                (0..open.give.len()).filter(|giver| flow.load[*giver] < open.give[*giver]).collect();
            let mut helped = false;
            'search: for &one in std::iter::once(&(needer as u32)).chain(&reached.needers) {
                for &giver in &spare {
                    if open.may(one as usize, giver) {
                        continue;
                    }
                    open.allow(one as usize, giver);
                    if flow.augment(&open, needer).is_ok() {
                        pairs.push((one as usize, giver));
                        helped = true;
                        break 'search;
                    }
                    open.forbid(one as usize, giver);
                }
            }
            if !helped {
                return Ok(None);
            }
        }
    }
    Ok(Some(pairs))
}
