//! Branches: judges that are on all of a unit (a group, or an entry by itself) or on none of it.

use crate::assignment::{whole_bound, whole_pairs};
use crate::network::{NONE, Network};
use crate::optimum::{NoOptimum, Task};
use crate::problem::Problem;
use crate::rules::{BANISHED, part_institutions};
use crate::watch::{Stage, Stopped, Watch, tell};
use crate::whole::Pairs;

use super::price::{MOST_PAIRS, Priced};

/// A unit and a judge.
pub(super) type Place = (u32, u32);

/// What was decided on the way to a branch.
#[derive(Debug, Clone, Default)]
pub(super) struct Decided {
    on: Vec<Place>,
    off: Vec<Place>,
}

/// A branch with the flow that is its optimum.
pub(super) struct Node<'a> {
    decided: Decided,
    task: Task<'a>,
    network: Network,
    bound: i128,
}

/// An assignment.
pub(super) struct Best {
    pub pairs: Pairs,
    sum: i128,
}

/// What a search came to.
pub(super) struct Found {
    pub best: Option<Best>,
    /// No assignment that keeps the groups together has a larger sum.
    pub bound: i128,
    /// Whether nothing is left to be looked at.
    pub settled: bool,
}

pub(super) struct Branches<'a, 'w> {
    easier: &'a Task<'a>,
    problem: &'a Problem,
    /// Groups, the largest first, then entries by themselves.
    units: Vec<Vec<u32>>,
    unit_of: Vec<u32>,
    /// Whether two judges of an institution are parted here, because the flow knows another rule.
    parts: bool,
    first: Network,
    given: Decided,
    open: Vec<(Decided, i128)>,
    best: Option<Best>,
    /// Where there are few enough pairs for a closer bound.
    priced: Option<Priced>,
    flows: usize,
    watch: &'w dyn Watch,
}

impl<'a, 'w> Branches<'a, 'w> {
    /// `first` is the flow of the task without groups.
    pub fn new(easier: &'a Task<'a>, first: Network, flows: usize, watch: &'w dyn Watch) -> Branches<'a, 'w> {
        let problem = easier.problem;
        let mut units: Vec<Vec<u32>> = problem.groups.iter().filter(|group| group.len() > 1).cloned().collect();
        units.sort_by_key(|group| std::cmp::Reverse(group.len()));
        let mut unit_of = vec![NONE; problem.entries()];
        for (unit, group) in units.iter().enumerate() {
            group.iter().for_each(|entry| unit_of[*entry as usize] = unit as u32);
        }
        for (entry, unit) in unit_of.iter_mut().enumerate().filter(|(_, unit)| **unit == NONE) {
            *unit = units.len() as u32;
            units.push(vec![entry as u32]);
        }
        let parts = easier.rules.one_per_institution
            && easier.rules.one_senior
            && problem.institution.is_some()
            && problem.senior.is_some();
        let mut branches = Branches {
            easier,
            problem,
            units,
            unit_of,
            parts,
            first,
            given: Decided::default(),
            open: Vec::new(),
            best: None,
            priced: None,
            flows,
            watch,
        };
        branches.given = branches.given();
        branches
    }

    fn groups(&self) -> usize {
        self.units.iter().take_while(|unit| unit.len() > 1).count()
    }

    /// Who is kept on a part of a group is on all of it; who may not come to a part, or has no room for all, on none.
    fn given(&self) -> Decided {
        let mut given = Decided::default();
        let mut kept = vec![0u32; self.problem.judges()];
        self.problem.forced.iter().for_each(|one| kept[one.judge as usize] += 1);
        for unit in 0..self.groups() {
            let entries = &self.units[unit];
            for (judge, kept) in kept.iter().enumerate() {
                let here = entries.iter().filter(|entry| self.problem.is_forced(judge, **entry as usize)).count();
                let may = entries.iter().all(|entry| self.problem.whole(judge, *entry as usize).is_some());
                let room =
                    u64::from(self.problem.load_max[judge]) + here as u64 >= u64::from(*kept) + entries.len() as u64;
                if here > 0 {
                    given.on.push((unit as u32, judge as u32));
                } else if !may || !room {
                    given.off.push((unit as u32, judge as u32));
                }
            }
        }
        given
    }

    /// The first branch: nothing is decided but what follows from the problem.
    pub fn root(&mut self) -> Result<Option<Node<'a>>, Stopped> {
        let root = self.solved(self.given.clone())?;
        if let Some(root) = &root {
            // What follows from here has less to change.
            self.first = root.network.clone();
        }
        Ok(root)
    }

    pub fn found(self) -> Found {
        let sum = self.best.as_ref().map_or(i128::MIN, |best| best.sum);
        let settled = self.open.is_empty();
        Found { bound: self.open.iter().map(|one| one.1).fold(sum, i128::max), best: self.best, settled }
    }

    /// The flow of a branch; none if it leaves none.
    fn solved(&mut self, decided: Decided) -> Result<Option<Node<'a>>, Stopped> {
        self.flows = self.flows.saturating_sub(1);
        tell(self.watch, Stage::Balancing, self.open.len(), self.open.len() + 1)?;
        let mut task = Task {
            problem: self.problem,
            bounds: self.easier.bounds.clone(),
            classes: self.easier.classes.clone(),
            barred: self.easier.barred.clone(),
            rules: self.easier.rules,
        };
        for &(unit, judge) in &decided.on {
            for &entry in &self.units[unit as usize] {
                if !put(&mut task, judge, entry) {
                    return Ok(None);
                }
            }
        }
        for &(unit, judge) in &decided.off {
            for &entry in &self.units[unit as usize] {
                if self.problem.is_forced(judge as usize, entry as usize) {
                    return Ok(None);
                }
                task.barred.insert((judge, entry));
            }
        }
        let mut network = self.first.clone();
        network.bounds = task.bounds.clone();
        network.classes.clone_from(&task.classes);
        let mut touched: Vec<u32> = Vec::new();
        for &(judge, entry) in &task.barred {
            network.change_score(entry as usize, judge, BANISHED);
            touched.push(entry);
        }
        touched.sort_unstable();
        touched.dedup();
        for entry in touched {
            match task.pick(&mut network, entry as usize) {
                Ok(()) => {}
                Err(NoOptimum::Infeasible) => return Ok(None),
                Err(NoOptimum::Stopped) => return Err(Stopped),
            }
        }
        match task.finish(&mut network, self.watch) {
            Ok(()) => {}
            Err(NoOptimum::Infeasible) => return Ok(None),
            Err(NoOptimum::Stopped) => return Err(Stopped),
        }
        if network.pairs().any(|(_, arc)| arc.score <= BANISHED) {
            return Ok(None);
        }
        let value = self.value(&decided);
        let kept = self.problem.forced.iter().map(|one| i128::from(one.score)).sum::<i128>();
        // The bound of a flow counts kept pairs itself.
        let mut bound = value - kept + whole_bound(&task, &network);
        if let Some(priced) = &self.priced {
            match priced.bound(&task, &decided.off) {
                Some(closer) => bound = bound.min(value + closer),
                None => return Ok(None),
            }
        }
        Ok(Some(Node { decided, task, network, bound }))
    }

    /// The judge who is on the largest part of a group, but not on all of it.
    fn torn(&self, node: &Node) -> Option<Place> {
        let mut most = (0.0, None);
        for unit in 0..self.groups() {
            let mut count: Vec<(u32, usize)> = Vec::new();
            for &entry in &self.units[unit] {
                for arc in node.network.arcs[entry as usize].iter().filter(|arc| arc.flow > 0) {
                    match count.iter_mut().find(|one| one.0 == arc.judge) {
                        Some(one) => one.1 += 1,
                        None => count.push((arc.judge, 1)),
                    }
                }
            }
            for (judge, here) in count {
                let part = here as f64 / self.units[unit].len() as f64;
                if part < 1.0 && part > most.0 {
                    most = (part, Some((unit as u32, judge)));
                }
            }
        }
        most.1
    }

    /// The better of two judges of an institution on an entry.
    fn doubled(&self, node: &Node) -> Option<Place> {
        let institution = self.problem.institution.as_ref().filter(|_| self.parts)?;
        let found = crate::rules::doubled(&node.network, institution);
        found.first().map(|(entry, judge)| (self.unit_of[*entry], *judge))
    }

    /// Keeps the assignment of a branch whose groups are together, if it is the best so far; colleagues are parted for it.
    fn note(&mut self, node: &mut Node) -> Result<(), Stopped> {
        if self.torn(node).is_some() {
            return Ok(());
        }
        if self.doubled(node).is_some() {
            let parted = part_institutions(&mut node.task, &mut node.network, self.watch).map_err(|_| Stopped)?;
            // Parting moves single judges, so a group can come apart again.
            if !parted || self.torn(node).is_some() {
                return Ok(());
            }
        }
        let (mut pairs, _) = whole_pairs(self.problem, &node.network);
        for &(unit, judge) in &node.decided.on {
            for &entry in &self.units[unit as usize] {
                if let Some(score) = self.problem.scores.get(judge as usize, entry as usize) {
                    pairs.push((entry, judge, score));
                }
            }
        }
        pairs.sort_unstable();
        let sum = pairs.iter().map(|pair| i128::from(pair.2)).sum();
        if self.best.as_ref().is_none_or(|best| sum > best.sum) {
            self.best = Some(Best { pairs, sum });
        }
        Ok(())
    }

    /// Looks for prices at which groups as a whole give a closer bound, and lets them choose at these.
    pub fn set_prices(&mut self, root: &Node) -> Result<(), Stopped> {
        if self.problem.judges() * self.problem.entries() > MOST_PAIRS {
            return Ok(());
        }
        let decided: i128 = self.value(&root.decided);
        let aim = self.best.as_ref().map_or(root.bound - root.bound.abs() / 20, |best| best.sum) - decided;
        let mut priced = Priced::new(&root.task, &self.units, &root.network.judge_price);
        priced.improve(&root.task, &root.decided.off, aim, self.watch)?;
        let price = priced.price();
        self.priced = Some(priced);
        self.choose(&root.decided, &price)
    }

    /// What was decided is worth, kept pairs included.
    fn value(&self, decided: &Decided) -> i128 {
        let places = decided.on.iter().flat_map(|(unit, judge)| {
            self.units[*unit as usize].iter().map(move |entry| (*judge as usize, *entry as usize))
        });
        let put = places.filter_map(|(judge, entry)| self.problem.scores.get(judge, entry));
        put.chain(self.problem.forced.iter().map(|one| one.score)).map(i128::from).sum()
    }

    /// Lets all groups choose judges at the prices of a branch.
    pub fn choose_at(&mut self, node: &Node) -> Result<(), Stopped> {
        self.choose(&node.decided, &node.network.judge_price)
    }

    fn choose(&mut self, decided: &Decided, price: &[i64]) -> Result<(), Stopped> {
        let mut decided = decided.clone();
        let mut room = self.problem.load_max.iter().map(|most| i64::from(*most)).collect::<Vec<_>>();
        self.problem.forced.iter().for_each(|one| room[one.judge as usize] -= 1);
        let on = |decided: &Decided, unit: usize| {
            decided.on.iter().filter(|place| place.0 as usize == unit).map(|place| place.1 as usize).collect::<Vec<_>>()
        };
        let size = |unit: usize, judge: usize| {
            let open = |entry: &&u32| !self.problem.is_forced(judge, **entry as usize);
            self.units[unit].iter().filter(open).count() as i64
        };
        (0..self.groups())
            .for_each(|unit| on(&decided, unit).iter().for_each(|judge| room[*judge] -= size(unit, *judge)));
        for unit in 0..self.groups() {
            let Some(chosen) = self.choice(unit, &on(&decided, unit), &decided.off, price, &room) else {
                return Ok(());
            };
            for judge in chosen {
                room[judge] -= size(unit, judge);
                decided.on.push((unit as u32, judge as u32));
            }
        }
        if let Some(mut node) = self.solved(decided)? {
            self.note(&mut node)?;
        }
        Ok(())
    }

    /// The judges a group chooses at prices beside those who are on it: the best that heed the side rules together.
    fn choice(&self, unit: usize, on: &[usize], off: &[Place], price: &[i64], room: &[i64]) -> Option<Vec<usize>> {
        let entries = &self.units[unit];
        let size = entries.len() as i64;
        let value = |judge: usize| -> Option<i64> {
            let scores: Option<i64> = entries.iter().map(|entry| self.problem.scores.get(judge, *entry as usize)).sum();
            scores.map(|scores| scores - size * price[judge])
        };
        let mut order: Vec<(i64, usize)> = (0..self.problem.judges())
            .filter(|judge| room[*judge] >= size && !on.contains(judge) && !off.contains(&(unit as u32, *judge as u32)))
            .filter_map(|judge| Some((value(judge)?, judge)))
            .collect();
        order.sort_unstable_by_key(|(value, judge)| (std::cmp::Reverse(*value), *judge));
        let rules = &self.easier.rules;
        let senior = self.problem.senior.as_ref().filter(|_| rules.one_senior);
        let institution = self.problem.institution.as_ref().filter(|_| rules.one_per_institution);
        let demand = self.problem.demand[entries[0] as usize] as usize;
        let mut all = on.to_vec();
        for (_, judge) in order {
            if all.len() >= demand {
                break;
            }
            let colleague =
                institution.is_some_and(|of| of[judge].is_some() && all.iter().any(|other| of[*other] == of[judge]));
            let last = all.len() + 1 == demand;
            let without = senior.is_some_and(|of| last && !of[judge] && !all.iter().any(|other| of[*other]));
            if !colleague && !without {
                all.push(judge);
            }
        }
        (all.len() == demand).then(|| all.split_off(on.len()))
    }

    /// Lets one group after the other choose anew while all others stay, as long as that gains; half the effort at most.
    pub fn choose_anew(&mut self) -> Result<(), Stopped> {
        let least = self.flows / 2;
        loop {
            let before = self.best.as_ref().map(|best| best.sum);
            for unit in 0..self.groups() {
                let Some(best) = &self.best else { return Ok(()) };
                if self.flows <= least.max(2) {
                    return Ok(());
                }
                let mut decided = self.given.clone();
                for &(entry, judge, _) in &best.pairs {
                    let other = self.unit_of[entry as usize] as usize;
                    let place = (other as u32, judge);
                    if other < self.groups() && other != unit && !decided.on.contains(&place) {
                        decided.on.push(place);
                    }
                }
                if let Some(node) = self.solved(decided)? {
                    self.choose_at(&node)?;
                }
            }
            if self.best.as_ref().map(|best| best.sum) == before {
                return Ok(());
            }
        }
    }

    /// Follows branches, the best bound first once there is an assignment, until nothing better is left or the effort spent.
    pub fn follow(&mut self, root: Node<'a>) -> Result<(), Stopped> {
        self.enter(root)?;
        // A first assignment is worth more than the effort says: so many decisions lead to one.
        let decisions =
            (0..self.groups()).map(|unit| self.problem.demand[self.units[unit][0] as usize] as usize).sum::<usize>();
        let mut extra = 4 * decisions + 50;
        let mut turn = 0usize;
        while let Some((decided, bound)) = self.next() {
            if self.flows == 0 {
                extra -= 1;
                if self.best.is_some() || extra == 0 {
                    self.open.push((decided, bound));
                    return Ok(());
                }
            }
            turn += 1;
            let Some(node) = self.solved(decided)? else { continue };
            if turn.is_power_of_two() && self.flows > 0 {
                self.choose_at(&node)?;
            }
            self.enter(node)?;
        }
        Ok(())
    }

    /// The same until there is any assignment.
    pub fn follow_to_any(&mut self, root: Node<'a>) -> Result<(), Stopped> {
        self.enter(root)?;
        while let Some((decided, bound)) = self.next() {
            if self.flows == 0 || self.best.is_some() {
                self.open.push((decided, bound));
                return Ok(());
            }
            if let Some(node) = self.solved(decided)? {
                self.enter(node)?;
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Option<(Decided, i128)> {
        let Some(best) = self.best.as_ref().map(|best| best.sum) else { return self.open.pop() };
        self.open.retain(|one| one.1 > best);
        let (at, _) = self.open.iter().enumerate().max_by_key(|(at, one)| (one.1, *at))?;
        Some(self.open.swap_remove(at))
    }

    /// Takes a branch for an assignment, or parts it into two.
    fn enter(&mut self, mut node: Node<'a>) -> Result<(), Stopped> {
        if self.best.as_ref().is_some_and(|best| node.bound <= best.sum) {
            return Ok(());
        }
        let Some(place) = self.torn(&node).or_else(|| self.doubled(&node)) else { return self.note(&mut node) };
        let (mut on, mut off) = (node.decided.clone(), node.decided.clone());
        on.on.push(place);
        off.off.push(place);
        self.open.push((off, node.bound));
        self.open.push((on, node.bound));
        self.note(&mut node)
    }
}

/// Puts a judge on an entry, where a kept one is already; false if that cannot be.
fn put(task: &mut Task, judge: u32, entry: u32) -> bool {
    let (at, place) = (judge as usize, entry as usize);
    if task.problem.is_forced(at, place) {
        return true;
    }
    if task.problem.scores.get(at, place).is_none() || !task.barred.insert((judge, entry)) {
        return false;
    }
    task.bounds.demand[place] -= 1;
    task.bounds.high[at] -= 1;
    task.bounds.low[at] = (task.bounds.low[at] - 1).max(0);
    if task.bounds.demand[place] < 0 || task.bounds.high[at] < 0 {
        return false;
    }
    if let Some(senior) = task.problem.senior.as_ref().filter(|_| task.rules.one_senior)
        && let Some(classes) = &mut task.classes
    {
        let most = &mut classes.most[place];
        if senior[at] {
            *most = u32::MAX;
        } else if *most != u32::MAX {
            // One place is left to a senior.
            let Some(less) = most.checked_sub(1) else { return false };
            *most = less;
        }
    }
    if let Some(institution) = task.problem.institution.as_ref().filter(|_| task.rules.one_per_institution)
        && institution[at].is_some()
    {
        let colleagues = (0..institution.len()).filter(|other| *other != at && institution[*other] == institution[at]);
        task.barred.extend(colleagues.map(|other| (other as u32, entry)));
    }
    true
}
