//! Why there is no assignment: a smallest group that cannot be served, and what would help.
//!
//! By Hoffman's circulation theorem an assignment exists exactly when, for every set of entries, the judges without
//! conflict have enough places for it, and for every set of judges, the entries open to it have enough places for their
//! minimum. One of the two is broken; members are taken out of the broken set one after the other as long as it stays
//! broken, so what is left is minimal: without any one of them the rest could be served.

use std::fmt;

use crate::assignment::Failure;
use crate::flow::{Flow, Needs};
use crate::optimum::Task;
use crate::problem::Problem;
use crate::relax::{self, Relaxation};
use crate::rules::Rules;
use crate::watch::{Stage, Stopped, Watch, tell};
use crate::whole::{Any, Whole};

/// Beyond so many pairs, a shortage of seniors is looked for by itself: together with all other demands that takes minutes.
const MANY: usize = 1 << 17;

/// What cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortage {
    /// Entries need more judges than there are for them.
    Judges,
    /// Entries need more senior judges than there are for them.
    Seniors,
    /// Judges must take more entries than there are for them.
    Entries,
    /// More pairs are kept than an entry needs or a judge may take.
    Kept,
    /// Entries that stay together find too few judges with room for all of them.
    Group,
    /// The cap on probabilities is too low to meet demands.
    Cap,
    /// Each rule could be met alone, not all at once.
    Rules,
    /// No assignment was found that meets all rules at once; it is not shown that there is none.
    Unsettled,
}

/// A group that cannot be served and is minimal: without any one of its `entries` (for [`Shortage::Entries`], of its
/// `judges`) the rest could be.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocking {
    /// What is short.
    pub shortage: Shortage,
    /// The entries concerned, ascending.
    pub entries: Vec<usize>,
    /// The judges concerned, ascending: those without conflict with any of the entries, or those with a minimum.
    pub judges: Vec<usize>,
    /// Places needed.
    pub needed: u64,
    /// Places there are.
    pub available: u64,
    /// Whether side rules take part in it.
    pub by_rules: bool,
    /// What would make the problem solvable, each alone, cheapest first.
    pub relaxations: Vec<Relaxation>,
}

impl fmt::Display for Blocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (entries, judges) =
            (count(self.entries.len(), "entry", "entries"), count(self.judges.len(), "judge", "judges"));
        let (needed, available) = (self.needed, self.available);
        let have = if self.entries.len() == 1 { "has" } else { "have" };
        let these = if self.entries.len() == 1 { "this" } else { "these" };
        let of_rules = if self.by_rules { " under the side rules" } else { "" };
        let places = if needed == 1 { "place is" } else { "places are" };
        match self.shortage {
            Shortage::Judges => {
                let only = if self.judges.len() == 1 { "one judge" } else { judges.as_str() };
                write!(
                    f,
                    "{these} {entries} {have} only {only} without conflict: {needed} {places} needed, {available} can be had{of_rules}"
                )
            }
            Shortage::Seniors => write!(
                f,
                "{these} {entries} {have} only {} {} without conflict: {needed} {places} needed, {available} can be had",
                self.judges.len(),
                if self.judges.len() == 1 { "senior judge" } else { "senior judges" }
            ),
            Shortage::Entries => {
                let must = if self.judges.len() == 1 { "this judge".to_owned() } else { format!("these {judges}") };
                write!(
                    f,
                    "{must} must take {needed} in all, but only {available} can be had on the {entries} without conflict{of_rules}"
                )
            }
            Shortage::Kept => write!(f, "{needed} pairs are kept where at most {available} may be"),
            Shortage::Group => write!(
                f,
                "these {entries} stay together and need {needed} judges with room for all of them, there are {available}"
            ),
            Shortage::Cap => write!(
                f,
                "under the cap on probabilities {these} {entries} cannot get {needed} {}",
                if needed == 1 { "judge" } else { "judges" }
            ),
            Shortage::Rules => write!(f, "the side rules together leave no assignment for {these} {entries}"),
            Shortage::Unsettled => {
                write!(f, "no assignment was found that meets the side rules together, though there may be one")
            }
        }
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { one.to_owned() } else { format!("{number} {many}") }
}

/// Finds why a task has no solution.
pub(crate) fn find(task: &Task, watch: &dyn Watch) -> Result<Blocking, Stopped> {
    let many = task.problem.judges() * task.problem.entries() > MANY;
    if let Some(needs) = needs_beyond_class(task).filter(|_| many) {
        let mut flow = Flow::new(&needs);
        if let Some((members, lack)) = smallest(&needs, &mut flow, watch)? {
            let needed: u64 = members.iter().map(|entry| u64::from(needs.need[*entry])).sum();
            return Ok(Blocking {
                shortage: Shortage::Seniors,
                by_rules: true,
                judges: givers(&needs, &members),
                entries: members,
                needed,
                available: needed - lack,
                relaxations: vec![Relaxation::without_rules()],
            });
        }
    }
    let needs = needs_of_entries(task);
    let mut flow = Flow::new(&needs);
    if let Some((members, lack)) = smallest(&needs, &mut flow, watch)? {
        let judges = givers(&needs, &members);
        let needed: u64 = members.iter().map(|entry| u64::from(needs.need[*entry])).sum();
        return Ok(Blocking {
            shortage: Shortage::Judges,
            by_rules: task.classes.is_some() && is_enough_without_classes(&needs, &members),
            entries: members,
            judges,
            needed,
            available: needed - lack,
            relaxations: relax::for_entries(task, &needs, watch)?,
        });
    }
    let needs = needs_of_judges(task);
    let mut flow = Flow::new(&needs);
    if let Some((members, lack)) = smallest(&needs, &mut flow, watch)? {
        let entries = givers(&needs, &members);
        let needed: u64 = members.iter().map(|judge| u64::from(needs.need[*judge])).sum();
        return Ok(Blocking {
            shortage: Shortage::Entries,
            by_rules: false,
            entries,
            judges: members,
            needed,
            available: needed - lack,
            relaxations: relax::for_judges(task, &needs, watch)?,
        });
    }
    Ok(Blocking {
        shortage: Shortage::Rules,
        by_rules: true,
        entries: (0..task.problem.entries()).filter(|entry| task.bounds.demand[*entry] > 0).collect(),
        judges: (0..task.problem.judges()).collect(),
        needed: task.bounds.demand.iter().map(|demand| *demand as u64).sum(),
        available: 0,
        relaxations: vec![Relaxation::without_rules()],
    })
}

/// Two side rules that can be met alone, not at once; or, if that is not `certain`, for which nothing was found.
pub(crate) fn crossed(problem: &Problem, rules: &Rules, certain: bool) -> Failure {
    let mut part = problem.clone();
    part.load_min.fill(0);
    let mut members: Vec<usize> = (0..problem.entries()).filter(|entry| problem.demand[*entry] > 0).collect();
    // Without least loads there may be an assignment; then every entry takes part in the reason.
    if certain && is_crossed(&part, rules) {
        for entry in members.clone() {
            let mut fewer = part.clone();
            fewer.demand[entry] = 0;
            fewer.forced.retain(|one| one.entry as usize != entry);
            if is_crossed(&fewer, rules) {
                part = fewer;
                members.retain(|one| *one != entry);
            }
        }
    }
    let may = |judge: &usize| members.iter().any(|entry| problem.whole(*judge, *entry).is_some());
    Failure::Infeasible(Box::new(Blocking {
        shortage: if certain { Shortage::Rules } else { Shortage::Unsettled },
        by_rules: true,
        judges: (0..problem.judges()).filter(may).collect(),
        needed: members.iter().map(|entry| u64::from(problem.demand[*entry])).sum(),
        available: 0,
        entries: members,
        relaxations: vec![Relaxation::without_rules()],
    }))
}

/// Whether it is shown that rules leave no assignment.
fn is_crossed(problem: &Problem, rules: &Rules) -> bool {
    let choices = crate::whole::every_choice(problem);
    let prices = vec![0; problem.judges()];
    let whole = Whole { problem, rules, choices: &choices, prices: &prices };
    matches!(whole.any(i64::MIN), Any::None)
}

/// Whether all entries find judges and all minimum loads find entries.
pub(crate) fn is_possible(task: &Task, watch: &dyn Watch) -> Result<bool, Stopped> {
    // What a class leaves to the others is a problem without classes, and quickly asked.
    let first = needs_beyond_class(task).into_iter();
    for needs in first.chain([needs_of_entries(task), needs_of_judges(task)]) {
        let mut flow = Flow::new(&needs);
        for needer in 0..needs.need.len() {
            flow.serve(&needs, needer);
            if flow.lack(&needs, needer) > 0 {
                return Ok(false);
            }
            if needer % 64 == 0 {
                tell(watch, Stage::Explaining, needer, needs.need.len())?;
            }
        }
    }
    Ok(true)
}

/// Pairs that are kept beyond a demand or a maximum.
pub(crate) fn kept_too_many(problem: &Problem) -> Failure {
    let mut of_entry = vec![0u32; problem.entries()];
    let mut of_judge = vec![0u32; problem.judges()];
    for one in &problem.forced {
        of_entry[one.entry as usize] += 1;
        of_judge[one.judge as usize] += 1;
    }
    let entry = (0..of_entry.len()).find(|entry| of_entry[*entry] > problem.demand[*entry]);
    let judge = (0..of_judge.len()).find(|judge| of_judge[*judge] > problem.load_max[*judge]);
    let (needed, available) = match (entry, judge) {
        (Some(entry), _) => (of_entry[entry], problem.demand[entry]),
        (None, Some(judge)) => (of_judge[judge], problem.load_max[judge]),
        (None, None) => (0, 0),
    };
    let judge = judge.filter(|_| entry.is_none());
    Failure::Infeasible(Box::new(Blocking {
        shortage: Shortage::Kept,
        entries: entry.into_iter().collect(),
        judges: judge.into_iter().collect(),
        needed: u64::from(needed),
        available: u64::from(available),
        by_rules: false,
        relaxations: Vec::new(),
    }))
}

/// Pairs that are kept although together they break a side rule.
pub(crate) fn kept_against_rules(problem: &Problem, entry: usize) -> Failure {
    let mut judges: Vec<usize> =
        problem.forced.iter().filter(|one| one.entry as usize == entry).map(|one| one.judge as usize).collect();
    judges.sort_unstable();
    Failure::Infeasible(Box::new(Blocking {
        shortage: Shortage::Kept,
        entries: vec![entry],
        needed: judges.len() as u64,
        available: judges.len().saturating_sub(1) as u64,
        judges,
        by_rules: true,
        relaxations: vec![Relaxation::without_rules()],
    }))
}

/// A cap on probabilities under which demands cannot be met.
pub(crate) fn cap(problem: &Problem, cap: f64) -> Blocking {
    let open = |entry: &usize| (0..problem.judges()).filter(|judge| problem.whole(*judge, *entry).is_some()).count();
    let short = (0..problem.entries()).find(|entry| cap * (open(entry) as f64) < f64::from(problem.demand[*entry]));
    let entries: Vec<usize> = short.map_or_else(|| (0..problem.entries()).collect(), |entry| vec![entry]);
    let judges: Vec<usize> = (0..problem.judges())
        .filter(|judge| entries.iter().any(|entry| problem.whole(*judge, *entry).is_some()))
        .collect();
    let needed = entries.iter().map(|entry| u64::from(problem.demand[*entry])).sum();
    let available = short.map_or(0, |entry| (cap * open(&entry) as f64).floor() as u64);
    let relaxations = vec![Relaxation::without_cap()];
    Blocking { shortage: Shortage::Cap, entries, judges, needed, available, by_rules: false, relaxations }
}

/// A group that finds too few judges.
pub(crate) fn group(task: &Task, group: &[u32], choice: &[(i64, usize)], demand: usize) -> Blocking {
    let mut judges: Vec<usize> = choice.iter().map(|one| one.1).collect();
    judges.sort_unstable();
    let mut entries: Vec<usize> = group.iter().map(|entry| *entry as usize).collect();
    entries.sort_unstable();
    Blocking {
        shortage: Shortage::Group,
        entries,
        needed: demand as u64,
        available: judges.len().min(demand.saturating_sub(1)) as u64,
        judges,
        by_rules: task.classes.is_some(),
        relaxations: vec![Relaxation::without_groups()],
    }
}

/// Entries need judges.
fn needs_of_entries(task: &Task) -> Needs {
    let (judges, entries) = (task.problem.judges(), task.problem.entries());
    let mut needs = Needs {
        need: task.bounds.demand.iter().map(|demand| *demand as u32).collect(),
        give: task.bounds.high.iter().map(|most| *most as u32).collect(),
        may: vec![vec![0; judges.div_ceil(64)]; entries],
        class: task.classes.as_ref().map(|classes| (classes.of.clone(), classes.most.clone())),
    };
    for_open_pairs(task, |judge, entry| needs.allow(entry, judge));
    needs
}

/// How many judges outside the class entries need, where there is one class: seniors, beside those who are not.
fn needs_beyond_class(task: &Task) -> Option<Needs> {
    let classes = task.classes.as_ref()?;
    if classes.of.iter().any(|class| *class != crate::network::NONE && *class != 0) {
        return None;
    }
    let mut needs = needs_of_entries(task);
    needs.class = None;
    for (need, most) in needs.need.iter_mut().zip(&classes.most) {
        *need = need.saturating_sub(*most);
    }
    for (give, class) in needs.give.iter_mut().zip(&classes.of) {
        if *class != crate::network::NONE {
            *give = 0;
        }
    }
    for row in &mut needs.may {
        for (judge, class) in classes.of.iter().enumerate() {
            if *class != crate::network::NONE {
                row[judge / 64] &= !(1 << (judge % 64));
            }
        }
    }
    Some(needs)
}

/// Judges with a minimum need entries.
fn needs_of_judges(task: &Task) -> Needs {
    let (judges, entries) = (task.problem.judges(), task.problem.entries());
    let mut needs = Needs {
        need: task.bounds.low.iter().map(|least| *least as u32).collect(),
        give: task.bounds.demand.iter().map(|demand| *demand as u32).collect(),
        may: vec![vec![0; entries.div_ceil(64)]; judges],
        class: None,
    };
    for_open_pairs(task, |judge, entry| needs.allow(judge, entry));
    needs
}

fn for_open_pairs(task: &Task, mut found: impl FnMut(usize, usize)) {
    for judge in 0..task.problem.judges() {
        for entry in 0..task.problem.entries() {
            if task.problem.scores.get(judge, entry).is_some() && task.open(judge, entry) {
                found(judge, entry);
            }
        }
    }
}

/// A smallest set of needers that cannot be served together, and by how many places; none if all can.
fn smallest(needs: &Needs, flow: &mut Flow, watch: &dyn Watch) -> Result<Option<(Vec<usize>, u64)>, Stopped> {
    let all = needs.need.len();
    for needer in 0..all {
        flow.serve(needs, needer);
        if needer % 64 == 0 {
            tell(watch, Stage::Explaining, needer, all)?;
        }
    }
    let lacking = (0..all).find(|needer| flow.lack(needs, *needer) > 0);
    let Some(lacking) = lacking else { return Ok(None) };
    // What the search for the missing place reaches is broken by itself.
    let members = match flow.augment(needs, lacking) {
        Err(reached) => reached.needers,
        Ok(()) => return Ok(None),
    };
    let mut small = Flow::new(needs);
    for &member in &members {
        small.serve(needs, member as usize);
    }
    if small.total_lack(needs) == 0 {
        // Classes can hide part of the reason from one search; then all take part.
        small = flow.clone();
    }
    let candidates: Vec<usize> = (0..all).filter(|needer| small.active[*needer]).collect();
    for (done, &member) in candidates.iter().enumerate() {
        if done % 16 == 0 {
            tell(watch, Stage::Explaining, done, candidates.len())?;
        }
        small.release(member);
        let lacking: Vec<usize> = candidates.iter().copied().filter(|one| small.lack(needs, *one) > 0).collect();
        let mut still = false;
        for one in lacking {
            small.serve(needs, one);
            if small.lack(needs, one) > 0 {
                still = true;
                break;
            }
        }
        if !still {
            small.serve(needs, member);
        }
    }
    let members: Vec<usize> = (0..all).filter(|needer| small.active[*needer] && needs.need[*needer] > 0).collect();
    for &member in &members {
        small.serve(needs, member);
    }
    let lack = small.total_lack(needs);
    Ok(Some((members, lack)))
}

/// Whoever at least one of the needers may have.
fn givers(needs: &Needs, needers: &[usize]) -> Vec<usize> {
    (0..needs.give.len()).filter(|giver| needers.iter().any(|needer| needs.may(*needer, *giver))).collect()
}

fn is_enough_without_classes(needs: &Needs, members: &[usize]) -> bool {
    let free = Needs { class: None, ..needs.clone() };
    let mut flow = Flow::new(&free);
    members.iter().for_each(|member| flow.serve(&free, *member));
    flow.total_lack(&free) == 0
}
