//! Why there is no assignment: a smallest group that cannot be served, and what would help.
//!
//! By Hoffman's circulation theorem an assignment exists exactly when, for every set of entries, the judges without
//! conflict have enough places for it, and for every set of judges, the entries open to it have enough places for their
//! minimum. One of the two is broken; members are taken out of the broken set one after the other as long as it stays
//! broken, so what is left is minimal: without any one of them the rest could be served. One side rule is part of the
//! flow and changes nothing of this. Two are not: there whole sets of judges say, on small problems, whether fewer members
//! are broken as well.

use std::fmt;

use crate::assignment::Failure;
use crate::flow::{Flow, Needs};
use crate::optimum::{NoOptimum, Task};
use crate::problem::Problem;
use crate::relax::{self, Relaxation};
use crate::rules::{self, Rules, Unready};
use crate::watch::{Stage, Stopped, Watch, tell};
use crate::whole::{Any, Whole};

/// Up to so many pairs, two side rules at once are asked whether a smaller group is to blame.
pub(crate) const FEW: usize = 10_000;
/// Up to so many pairs, a cap on probabilities is asked for the smallest group.
const CAPPED: usize = 50_000;
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
    /// Groups could each be served, not all at once.
    Groups,
    /// The cap on probabilities is too low to meet demands.
    Cap,
    /// Each rule could be met alone, not all at once.
    Rules,
    /// No assignment was found that meets all rules at once; it is not shown that there is none.
    Unsettled,
}

/// A group that cannot be served and is minimal: without any one of its `entries` (for [`Shortage::Entries`], without the
/// minimum of any one of its `judges`) the rest could be. Of [`Shortage::Unsettled`], of two side rules beyond ten thousand
/// pairs and of a cap beyond fifty thousand only the first is sure.
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
    /// Whether minimum loads are to blame: then `judges` is the group.
    pub of_minimum: bool,
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
            Shortage::Kept if self.by_rules => match needed {
                1 => write!(f, "the pair kept on this entry breaks the side rules"),
                _ => write!(f, "the {needed} pairs kept on this entry break the side rules together"),
            },
            Shortage::Kept => write!(f, "{needed} pairs are kept where at most {available} may be"),
            Shortage::Group => write!(
                f,
                "these {entries} stay together and need {needed} judges with room for all of them, there are {available}"
            ),
            Shortage::Groups if self.of_minimum => {
                let must = if self.judges.len() == 1 { "this judge".to_owned() } else { format!("these {judges}") };
                write!(f, "groups that stay together leave no assignment in which {must} get their minimum{of_rules}")
            }
            Shortage::Groups => {
                write!(f, "groups that stay together leave no assignment for {these} {entries}{of_rules}")
            }
            Shortage::Cap if self.of_minimum => {
                let must = if self.judges.len() == 1 { "this judge".to_owned() } else { format!("these {judges}") };
                write!(
                    f,
                    "under the cap on probabilities {must} cannot get the {needed} entries that are their minimum"
                )
            }
            Shortage::Cap => write!(
                f,
                "under the cap on probabilities {these} {entries} cannot get {needed} {}",
                if needed == 1 { "judge" } else { "judges" }
            ),
            Shortage::Rules if self.of_minimum => {
                let must = if self.judges.len() == 1 { "this judge".to_owned() } else { format!("these {judges}") };
                write!(f, "the side rules together leave no assignment in which {must} get their minimum")
            }
            Shortage::Rules => write!(f, "the side rules together leave no assignment for {these} {entries}"),
            Shortage::Unsettled => {
                let what = if self.by_rules { "meets the side rules together" } else { "keeps the groups together" };
                write!(f, "no assignment was found that {what}, though there may be one")
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
            let helps = relax::is_solvable_without_rules(task.problem, watch)?;
            return Ok(Blocking {
                shortage: Shortage::Seniors,
                by_rules: true,
                of_minimum: false,
                judges: givers(&needs, &members),
                entries: members,
                needed,
                available: needed - lack,
                relaxations: helps.then(Relaxation::without_rules).into_iter().collect(),
            });
        }
    }
    let needs = needs_of_entries(task);
    let mut flow = Flow::new(&needs);
    if let Some((members, lack)) = smallest(&needs, &mut flow, watch)? {
        if let Some(fewer) = fewer_under_both(task.problem, &task.rules, &members) {
            return crossed_group(task.problem, &task.rules, fewer, watch);
        }
        let judges = givers(&needs, &members);
        let needed: u64 = members.iter().map(|entry| u64::from(needs.need[*entry])).sum();
        return Ok(Blocking {
            shortage: Shortage::Judges,
            by_rules: task.classes.is_some() && is_enough_without_classes(&needs, &members),
            of_minimum: false,
            entries: members,
            judges,
            needed,
            available: needed - lack,
            relaxations: relax::every(task, watch)?,
        });
    }
    let needs = needs_of_judges(task);
    let plain = smallest(&needs, &mut Flow::new(&needs), watch)?;
    let found = match task.classes {
        Some(_) => smallest_of_judges(task, plain.map(|plain| plain.0), watch)?,
        None => plain,
    };
    // Nothing is left to be short: one flow serves both sides where each is served by one.
    let (members, lack) = found.unwrap_or_default();
    let needed: u64 = members.iter().map(|judge| u64::from(needs.need[*judge])).sum();
    Ok(Blocking {
        shortage: Shortage::Entries,
        by_rules: task.classes.is_some() && is_enough(&needs, &members),
        of_minimum: true,
        entries: givers(&needs, &members),
        judges: members,
        needed,
        available: needed - lack,
        relaxations: relax::every(task, watch)?,
    })
}

/// Two side rules that can be met alone, not at once; or, if that is not `certain`, for which nothing was found.
pub(crate) fn crossed(problem: &Problem, rules: &Rules, certain: bool, watch: &dyn Watch) -> Failure {
    let blocking = if certain { crossed_by(problem, rules, watch) } else { unsettled(problem, true, watch) };
    blocking.map_or(Failure::Cancelled, |blocking| Failure::Infeasible(Box::new(blocking)))
}

fn crossed_by(problem: &Problem, rules: &Rules, watch: &dyn Watch) -> Result<Blocking, Stopped> {
    let asking: Vec<usize> = (0..problem.entries()).filter(|entry| problem.demand[*entry] > 0).collect();
    if is_crossed(&only(problem, &asking), rules) {
        let members = fewest(problem, rules, asking);
        return crossed_group(problem, rules, members, watch);
    }
    // Only together with minimum loads there is none: judges are asked one after the other whether theirs takes part.
    let mut part = problem.clone();
    for judge in 0..problem.judges() {
        tell(watch, Stage::Explaining, judge, problem.judges())?;
        let low = std::mem::take(&mut part.load_min[judge]);
        if low > 0 && !is_crossed(&part, rules) {
            part.load_min[judge] = low;
        }
    }
    let judges: Vec<usize> = (0..problem.judges()).filter(|judge| part.load_min[*judge] > 0).collect();
    Ok(Blocking { of_minimum: true, judges, ..crossed_group(problem, rules, asking, watch)? })
}

/// The answer that names entries for which two side rules leave nothing.
fn crossed_group(
    problem: &Problem,
    rules: &Rules,
    entries: Vec<usize>,
    watch: &dyn Watch,
) -> Result<Blocking, Stopped> {
    let task = rules::ready(problem, rules).ok();
    Ok(Blocking {
        shortage: Shortage::Rules,
        by_rules: true,
        of_minimum: false,
        judges: open_to(problem, &entries),
        needed: entries.iter().map(|entry| u64::from(problem.demand[*entry])).sum(),
        available: 0,
        entries,
        relaxations: task.map_or(Ok(Vec::new()), |task| relax::every(&task, watch))?,
    })
}

/// Nothing was found, and nothing is shown.
pub(crate) fn unsettled(problem: &Problem, by_rules: bool, watch: &dyn Watch) -> Result<Blocking, Stopped> {
    let entries: Vec<usize> = (0..problem.entries()).filter(|entry| problem.demand[*entry] > 0).collect();
    let relaxations = match by_rules {
        true if relax::is_solvable_without_rules(problem, watch)? => vec![Relaxation::without_rules()],
        true => Vec::new(),
        false => vec![Relaxation::without_groups()],
    };
    Ok(Blocking {
        shortage: Shortage::Unsettled,
        by_rules,
        of_minimum: false,
        judges: open_to(problem, &entries),
        needed: entries.iter().map(|entry| u64::from(problem.demand[*entry])).sum(),
        available: 0,
        entries,
        relaxations,
    })
}

/// The judges that may come to one of these entries.
pub(crate) fn open_to(problem: &Problem, entries: &[usize]) -> Vec<usize> {
    let may = |judge: &usize| entries.iter().any(|entry| problem.whole(*judge, *entry).is_some());
    (0..problem.judges()).filter(may).collect()
}

/// The problem in which only these entries ask for judges, and no judge must take any. Pairs kept on others stay with their
/// judges.
pub(crate) fn only(problem: &Problem, entries: &[usize]) -> Problem {
    let mut part = problem.clone();
    part.load_min.fill(0);
    for entry in (0..part.demand.len()).filter(|entry| !entries.contains(entry)) {
        part.demand[entry] = 0;
    }
    for one in problem.forced.iter().filter(|one| !entries.contains(&(one.entry as usize))) {
        part.load_max[one.judge as usize] = part.load_max[one.judge as usize].saturating_sub(1);
    }
    part.forced.retain(|one| entries.contains(&(one.entry as usize)));
    part
}

/// Of entries for which two rules leave no assignment, as few as that is true of.
fn fewest(problem: &Problem, rules: &Rules, mut members: Vec<usize>) -> Vec<usize> {
    for entry in members.clone() {
        let rest: Vec<usize> = members.iter().copied().filter(|one| *one != entry).collect();
        if is_crossed(&only(problem, &rest), rules) {
            members = rest;
        }
    }
    members
}

/// Fewer of these entries, if two side rules are asked for and leave nothing for fewer.
fn fewer_under_both(problem: &Problem, rules: &Rules, members: &[usize]) -> Option<Vec<usize>> {
    let both = rules.one_per_institution && rules.one_senior && problem.has_institutions() && problem.has_seniors();
    if !both || problem.judges() * problem.entries() > FEW {
        return None;
    }
    let fewer = fewest(problem, rules, members.to_vec());
    (fewer.len() < members.len()).then_some(fewer)
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
    if task.classes.is_none() || task.bounds.low.iter().all(|low| *low == 0) {
        return Ok(true);
    }
    let (needs, flow) = least_loads(task, (0..task.problem.judges()).collect(), watch)?;
    Ok(flow.load == needs.give)
}

/// Pairs that are kept and leave nothing to solve.
pub(crate) fn kept(problem: &Problem, rules: &Rules, why: &Unready, watch: &dyn Watch) -> Failure {
    let Ok(relaxations) = relax::of_kept(problem, rules, watch) else { return Failure::Cancelled };
    let blocking = match why {
        Unready::TooMany => kept_too_many(problem),
        Unready::AgainstRules(entry) => kept_against_rules(problem, *entry),
    };
    Failure::Infeasible(Box::new(Blocking { relaxations, ..blocking }))
}

/// Pairs that are kept beyond a demand or a maximum.
fn kept_too_many(problem: &Problem) -> Blocking {
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
    Blocking {
        shortage: Shortage::Kept,
        entries: entry.into_iter().collect(),
        judges: judge.into_iter().collect(),
        needed: u64::from(needed),
        available: u64::from(available),
        by_rules: false,
        of_minimum: false,
        relaxations: Vec::new(),
    }
}

/// Pairs that are kept although together they break a side rule.
fn kept_against_rules(problem: &Problem, entry: usize) -> Blocking {
    let mut judges: Vec<usize> =
        problem.forced.iter().filter(|one| one.entry as usize == entry).map(|one| one.judge as usize).collect();
    judges.sort_unstable();
    Blocking {
        shortage: Shortage::Kept,
        entries: vec![entry],
        needed: judges.len() as u64,
        available: judges.len().saturating_sub(1) as u64,
        judges,
        by_rules: true,
        of_minimum: false,
        relaxations: Vec::new(),
    }
}

/// A cap on probabilities under which bounds cannot be met: `task` is in parts of certainty, of which there are so many.
pub(crate) fn cap(task: &Task, certain: u32, watch: &dyn Watch) -> Result<Blocking, Stopped> {
    let problem = task.problem;
    let cap = i64::from(task.bounds.pair);
    let open =
        |entry: &usize| (0..problem.judges()).filter(|judge| problem.scores.get(*judge, *entry).is_some()).count();
    let asking: Vec<usize> = (0..problem.entries()).filter(|entry| task.bounds.demand[*entry] > 0).collect();
    let short = asking.iter().copied().find(|entry| cap * (open(entry) as i64) < task.bounds.demand[*entry]);
    let few = problem.judges() * problem.entries() <= CAPPED;
    let mut blocking = Blocking {
        shortage: Shortage::Cap,
        entries: Vec::new(),
        judges: Vec::new(),
        needed: 0,
        available: short.map_or(0, |entry| (cap * open(&entry) as i64 / i64::from(certain)) as u64),
        by_rules: false,
        of_minimum: false,
        relaxations: vec![Relaxation::without_cap()],
    };
    let mut part = Task {
        problem,
        bounds: task.bounds.clone(),
        classes: None,
        barred: std::collections::HashSet::new(),
        rules: task.rules,
    };
    part.bounds.low.fill(0);
    blocking.entries = match short {
        Some(entry) => vec![entry],
        None if few && !fits(&part, watch)? => {
            for entry in &asking {
                let demand = std::mem::take(&mut part.bounds.demand[*entry]);
                if fits(&part, watch)? {
                    part.bounds.demand[*entry] = demand;
                }
            }
            asking.into_iter().filter(|entry| part.bounds.demand[*entry] > 0).collect()
        }
        None if few => {
            part.bounds.low.clone_from(&task.bounds.low);
            for judge in 0..problem.judges() {
                let low = std::mem::take(&mut part.bounds.low[judge]);
                if low > 0 && fits(&part, watch)? {
                    part.bounds.low[judge] = low;
                }
            }
            blocking.of_minimum = true;
            asking
        }
        None => asking,
    };
    blocking.judges = open_to(problem, &blocking.entries);
    blocking.needed = blocking.entries.iter().map(|entry| u64::from(problem.demand[*entry])).sum();
    if blocking.of_minimum {
        blocking.judges.retain(|judge| part.bounds.low[*judge] > 0);
        blocking.needed = blocking.judges.iter().map(|judge| u64::from(problem.load_min[*judge])).sum();
    }
    Ok(blocking)
}

fn fits(task: &Task, watch: &dyn Watch) -> Result<bool, Stopped> {
    match task.solve(watch) {
        Ok(_) => Ok(true),
        Err(NoOptimum::Infeasible) => Ok(false),
        Err(NoOptimum::Stopped) => Err(Stopped),
    }
}

/// Under a class rule, judges whose minimum cannot be met together, as few as that is true of, and how much is missing. What
/// is short without classes is short with them, so the search begins there if it can.
fn smallest_of_judges(
    task: &Task,
    known: Option<Vec<usize>>,
    watch: &dyn Watch,
) -> Result<Option<(Vec<usize>, u64)>, Stopped> {
    let low = |judge: &usize| task.bounds.low[*judge] > 0;
    let mut members = known.unwrap_or_else(|| (0..task.problem.judges()).filter(low).collect());
    let (mut needs, mut flow) = least_loads(task, members.clone(), watch)?;
    if flow.load == needs.give {
        return Ok(None);
    }
    for (done, judge) in members.clone().into_iter().enumerate() {
        tell(watch, Stage::Explaining, done, members.len())?;
        let (least, mut fewer) = (std::mem::take(&mut needs.give[judge]), flow.clone());
        fewer.withdraw(judge);
        fewer.fill(&needs);
        if fewer.load == needs.give {
            needs.give[judge] = least;
        } else {
            flow = fewer;
            members.retain(|one| *one != judge);
        }
    }
    let lack = needs.give.iter().zip(&flow.load).map(|(least, load)| u64::from(least - load)).sum();
    Ok(Some((members, lack)))
}

/// Entries with as many of these judges as they may have and these must take, and nobody else.
fn least_loads(task: &Task, judges: Vec<usize>, watch: &dyn Watch) -> Result<(Needs, Flow), Stopped> {
    let mut needs = needs_of_entries(task);
    needs.give.fill(0);
    judges.into_iter().for_each(|judge| needs.give[judge] = task.bounds.low[judge] as u32);
    let mut flow = Flow::new(&needs);
    for entry in 0..needs.need.len() {
        flow.serve(&needs, entry);
        if entry % 64 == 0 {
            tell(watch, Stage::Explaining, entry, needs.need.len())?;
        }
    }
    Ok((needs, flow))
}

/// Entries need judges.
pub(crate) fn needs_of_entries(task: &Task) -> Needs {
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
pub(crate) fn needs_of_judges(task: &Task) -> Needs {
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
    is_enough(&Needs { class: None, ..needs.clone() }, members)
}

fn is_enough(needs: &Needs, members: &[usize]) -> bool {
    let mut flow = Flow::new(needs);
    members.iter().for_each(|member| flow.serve(needs, *member));
    flow.total_lack(needs) == 0
}
