//! Improving an assignment by cyclic exchanges: judges hand entries on in a ring, each entry dropping one judge and taking
//! the next (cyclic transfers; Thompson and Psaraftis, 1993). The ring with gain is found by a label-correcting search
//! over judges, whose labels keep clear of touching an entry twice (Ahuja, Orlin, Sharma, 2001).

use std::collections::VecDeque;

use crate::problem::Problem;
use crate::rules::{Rules, breaks};
use crate::whole::Lot;

/// The highest price of a missing unit, in quarters of a unit. At this price every gap costs [`GAP`] besides.
pub(crate) const HIGHEST: i64 = 2048;
/// More than any exchange can gain.
const GAP: i64 = 1 << 57;
/// A ring is at most so long.
const LONGEST: usize = 12;

/// One step of a ring: an entry drops a judge and takes another. The pool is [`Exchange::pool`].
#[derive(Debug, Clone, Copy)]
struct Step {
    from: u32,
    entry: u32,
    to: u32,
}

const POOL_STEP: u32 = u32::MAX;

/// An assignment on its way to a fair one.
#[derive(Clone)]
pub(crate) struct Exchange<'a> {
    problem: &'a Problem,
    rules: Rules,
    /// By entry: judges that may take it, with their scores.
    choices: &'a [Vec<(u32, i64)>],
    /// By entry: its judges with their scores; kept pairs are not among them.
    pub has: Vec<Vec<(u32, i64)>>,
    /// By entry: kept judges.
    kept: Vec<Vec<u32>>,
    held: Vec<Vec<u32>>,
    pub total: Vec<i64>,
    load: Vec<u32>,
    pub floor: i64,
    /// What a missing unit of an entry's total costs, in quarters of a unit of the sum.
    pub penalty: i64,
}

impl<'a> Exchange<'a> {
    pub fn new(
        problem: &'a Problem,
        rules: Rules,
        choices: &'a [Vec<(u32, i64)>],
        pairs: &[(u32, u32, i64)],
        floor: i64,
    ) -> Exchange<'a> {
        let (judges, entries) = (problem.judges(), problem.entries());
        let mut exchange = Exchange {
            problem,
            rules,
            choices,
            has: vec![Vec::new(); entries],
            kept: vec![Vec::new(); entries],
            held: vec![Vec::new(); judges],
            total: vec![0; entries],
            load: vec![0; judges],
            floor,
            penalty: HIGHEST,
        };
        for &(entry, judge, score) in pairs {
            exchange.total[entry as usize] += score;
            exchange.load[judge as usize] += 1;
            if problem.is_forced(judge as usize, entry as usize) {
                exchange.kept[entry as usize].push(judge);
            } else {
                exchange.has[entry as usize].push((judge, score));
                // Entries of a group stay as they are.
                if !problem.groups.iter().any(|group| group.len() > 1 && group.contains(&entry)) {
                    exchange.held[judge as usize].push(entry);
                }
            }
        }
        exchange
    }

    /// The same search from other pairs.
    pub fn beginning_at(&self, pairs: &[(u32, u32, i64)]) -> Exchange<'a> {
        Exchange::new(self.problem, self.rules, self.choices, pairs, self.floor)
    }

    /// The same at another floor.
    pub fn at_floor(mut self, floor: i64) -> Exchange<'a> {
        self.floor = floor;
        self
    }

    /// The pairs, kept ones included.
    pub fn pairs(&self) -> Vec<(u32, u32, i64)> {
        let mut pairs: Vec<(u32, u32, i64)> = Vec::new();
        for (entry, has) in self.has.iter().enumerate() {
            pairs.extend(has.iter().map(|(judge, score)| (entry as u32, *judge, *score)));
        }
        pairs.extend(self.problem.forced.iter().map(|one| (one.entry, one.judge, one.score)));
        pairs.sort_unstable();
        pairs
    }

    /// By how much totals fall short of the floor.
    pub fn shortfall(&self) -> i128 {
        let asked = self.total.iter().zip(&self.problem.demand).filter(|(_, demand)| **demand > 0);
        asked.map(|(total, _)| i128::from((self.floor - total).max(0))).sum()
    }

    pub fn sum(&self) -> i128 {
        self.total.iter().map(|total| i128::from(*total)).sum()
    }

    /// The lowest total of an entry that asks for judges.
    pub fn lowest(&self) -> i64 {
        let asked = self.total.iter().zip(&self.problem.demand).filter(|(_, demand)| **demand > 0);
        asked.map(|(total, _)| *total).min().unwrap_or(0)
    }

    fn worth(&self, entry: u32, total: i64) -> i64 {
        if self.problem.demand[entry as usize] == 0 {
            return 0;
        }
        let missing = (self.floor - total).max(0);
        let gap = if missing > 0 && self.penalty == HIGHEST { GAP } else { 0 };
        4 * total - self.penalty * missing - gap
    }

    /// Applies rings while one gains.
    pub fn improve(&mut self, labels: &mut Labels) {
        let all: Vec<u32> = (0..=self.pool()).collect();
        self.improve_from(all, labels);
    }

    /// The same where only these judges have changed since no ring gained.
    fn improve_from(&mut self, mut changed: Vec<u32>, labels: &mut Labels) {
        while let Some(ring) = self.ring(&changed, labels) {
            self.turn(&ring);
            for step in ring {
                if !changed.contains(&step.to) {
                    changed.push(step.to);
                }
            }
        }
    }

    /// Turns a few rings that a lot chooses, and improves from there.
    pub fn shake(&mut self, lot: &mut Lot, labels: &mut Labels) {
        let mut changed = vec![self.pool()];
        for _ in 0..1 + lot.below(2) {
            if let Some(ring) = self.lot_ring(lot) {
                self.turn(&ring);
                changed.extend(ring.iter().map(|step| step.to));
            }
        }
        changed.sort_unstable();
        changed.dedup();
        self.improve_from(changed, labels);
    }

    fn lot_ring(&self, lot: &mut Lot) -> Option<Vec<Step>> {
        let length = 2 + lot.below(3);
        let start = lot.below(self.problem.judges()) as u32;
        let mut ring: Vec<Step> = Vec::new();
        let mut node = start;
        for at in 0..length {
            let held = &self.held[node as usize];
            let entry = *held.get(lot.below(held.len().max(1)))?;
            let choices = &self.choices[entry as usize];
            let to = if at + 1 == length { start } else { choices.get(lot.below(choices.len().max(1)))?.0 };
            let fits = to != node
                && !self.has[entry as usize].iter().any(|one| one.0 == to)
                && ring.iter().all(|step| step.entry != entry && step.from != to || at + 1 == length && to == start)
                && self.score(entry, to).is_some()
                && self.may_swap(entry, node, to);
            if !fits || ring.iter().any(|step| step.entry == entry) {
                return None;
            }
            ring.push(Step { from: node, entry, to });
            node = to;
        }
        Some(ring)
    }

    fn pool(&self) -> u32 {
        self.problem.judges() as u32
    }

    fn ring(&self, from: &[u32], labels: &mut Labels) -> Option<Vec<Step>> {
        labels.reset(from);
        while let Some(node) = labels.queue.pop_front() {
            labels.queued[node as usize] = false;
            if let Some(ring) = self.look_from(node, labels) {
                return Some(ring);
            }
        }
        None
    }

    /// Improves the labels of those who could take over from a judge; a ring if one closes.
    fn look_from(&self, node: u32, labels: &mut Labels) -> Option<Vec<Step>> {
        let pool = self.pool();
        if node == pool {
            // The pool hands on to whoever may carry less.
            for judge in 0..pool {
                if self.load[judge as usize] > self.problem.load_min[judge as usize]
                    && let Some(ring) = self.offer(Step { from: pool, entry: POOL_STEP, to: judge }, 0, labels)
                {
                    return Some(ring);
                }
            }
            return None;
        }
        for &entry in &self.held[node as usize] {
            let has = &self.has[entry as usize];
            let Some(&(_, score)) = has.iter().find(|one| one.0 == node) else { continue };
            let total = self.total[entry as usize];
            let before = self.worth(entry, total);
            labels.work += self.choices[entry as usize].len() as u64;
            for &(judge, other) in &self.choices[entry as usize] {
                let gain = self.worth(entry, total - score + other) - before;
                if labels.of[node as usize].gain + gain <= labels.of[judge as usize].gain
                    || has.iter().any(|one| one.0 == judge)
                    || !self.may_swap(entry, node, judge)
                {
                    continue;
                }
                if let Some(ring) = self.offer(Step { from: node, entry, to: judge }, gain, labels) {
                    return Some(ring);
                }
            }
        }
        if self.load[node as usize] < self.problem.load_max[node as usize] {
            return self.offer(Step { from: node, entry: POOL_STEP, to: pool }, 0, labels);
        }
        None
    }

    /// Whether an entry may exchange one judge for another under the side rules.
    fn may_swap(&self, entry: u32, from: u32, to: u32) -> bool {
        if self.rules == Rules::default() {
            return true;
        }
        let has = self.has[entry as usize].iter().map(|one| one.0).filter(|judge| *judge != from);
        let judges: Vec<usize> =
            has.chain(self.kept[entry as usize].iter().copied()).chain([to]).map(|judge| judge as usize).collect();
        !breaks(self.problem, &self.rules, &judges)
    }

    /// Takes a step into the labels if it gains; answers with a ring if it closes one.
    fn offer(&self, step: Step, gain: i64, labels: &mut Labels) -> Option<Vec<Step>> {
        let total = labels.of[step.from as usize].gain + gain;
        if total <= labels.of[step.to as usize].gain {
            return None;
        }
        let mut steps = vec![step];
        let mut node = step.from;
        while let Some(before) = labels.of[node as usize].step {
            if node == step.to || steps.len() > LONGEST {
                break;
            }
            if before.entry == step.entry && step.entry != POOL_STEP {
                return None;
            }
            steps.push(before);
            node = before.from;
        }
        if node == step.to {
            return (self.gain_of(&steps) > 0).then_some(steps);
        }
        if steps.len() > LONGEST {
            return None;
        }
        labels.set(step, total);
        None
    }

    /// What a ring is worth now; labels may be older. Nothing if it touches an entry twice.
    fn gain_of(&self, steps: &[Step]) -> i64 {
        let mut gain = 0;
        for (at, step) in steps.iter().enumerate().filter(|(_, step)| step.entry != POOL_STEP) {
            if steps[..at].iter().any(|other| other.entry == step.entry) {
                return 0;
            }
            let (Some(score), Some(other)) = (self.score(step.entry, step.from), self.score(step.entry, step.to))
            else {
                return 0;
            };
            let total = self.total[step.entry as usize];
            gain += self.worth(step.entry, total - score + other) - self.worth(step.entry, total);
        }
        gain
    }

    fn score(&self, entry: u32, judge: u32) -> Option<i64> {
        self.problem.scores.get(judge as usize, entry as usize)
    }

    fn turn(&mut self, ring: &[Step]) {
        for step in ring {
            if step.entry == POOL_STEP {
                continue;
            }
            let entry = step.entry as usize;
            let (Some(score), Some(other)) = (self.score(step.entry, step.from), self.score(step.entry, step.to))
            else {
                continue;
            };
            self.has[entry].retain(|one| one.0 != step.from);
            self.has[entry].push((step.to, other));
            self.held[step.from as usize].retain(|one| *one != step.entry);
            self.held[step.to as usize].push(step.entry);
            self.load[step.from as usize] -= 1;
            self.load[step.to as usize] += 1;
            self.total[entry] += other - score;
        }
    }
}

#[derive(Clone, Copy)]
struct Label {
    gain: i64,
    step: Option<Step>,
}

/// Working memory of the search.
pub(crate) struct Labels {
    of: Vec<Label>,
    queue: VecDeque<u32>,
    queued: Vec<bool>,
    /// Comparisons so far.
    pub work: u64,
}

impl Labels {
    pub fn new(problem: &Problem) -> Labels {
        let nodes = problem.judges() + 1;
        Labels {
            of: vec![Label { gain: 0, step: None }; nodes],
            queue: VecDeque::new(),
            queued: vec![false; nodes],
            work: 0,
        }
    }

    fn reset(&mut self, from: &[u32]) {
        self.of.fill(Label { gain: 0, step: None });
        self.queue.clear();
        self.queue.extend(from);
        self.queued.fill(false);
        from.iter().for_each(|node| self.queued[*node as usize] = true);
    }

    fn set(&mut self, step: Step, gain: i64) {
        let to = step.to as usize;
        self.of[to] = Label { gain, step: Some(step) };
        if !std::mem::replace(&mut self.queued[to], true) {
            self.queue.push_back(step.to);
        }
    }
}
