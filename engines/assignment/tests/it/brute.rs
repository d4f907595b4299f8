//! Small problems and every one of their assignments.

use std::ops::ControlFlow;

use assignment::{Problem, Rules, Scores};
use proptest::prelude::*;

pub const NONE: Rules = Rules { one_per_institution: false, one_senior: false };
pub const INSTITUTION: Rules = Rules { one_per_institution: true, one_senior: false };
pub const SENIOR: Rules = Rules { one_per_institution: false, one_senior: true };
pub const BOTH: Rules = Rules { one_per_institution: true, one_senior: true };

/// Is told the sorted pairs (entry, judge) of an assignment; whether to go on.
type Found<'f> = dyn FnMut(&[(usize, usize)]) -> ControlFlow<()> + 'f;

/// A problem small enough to try everything.
#[derive(Debug, Clone)]
pub struct Small {
    pub scores: Vec<Vec<i32>>,
    pub conflict: Vec<Vec<bool>>,
    pub demand: Vec<u32>,
    pub low: Vec<u32>,
    pub high: Vec<u32>,
    pub institution: Vec<Option<u32>>,
    pub senior: Vec<bool>,
    pub kept: Vec<(usize, usize)>,
    /// Entries that stay together.
    pub groups: Vec<Vec<u32>>,
}

impl Small {
    pub fn judges(&self) -> usize {
        self.scores.len()
    }

    pub fn entries(&self) -> usize {
        self.demand.len()
    }

    pub fn problem(&self) -> Problem {
        let values = self.scores.iter().flatten().copied().collect();
        let scores = Scores::from_i32(self.judges(), self.entries(), values, 1.0).unwrap();
        let mut problem = Problem::new(scores, self.demand.clone(), self.low.clone(), self.high.clone()).unwrap();
        for (judge, row) in self.conflict.iter().enumerate() {
            for entry in (0..row.len()).filter(|entry| row[*entry]) {
                problem.bar(judge, entry).unwrap();
            }
        }
        problem.set_institutions(self.institution.clone()).unwrap();
        problem.set_seniors(self.senior.clone()).unwrap();
        problem.set_groups(self.groups.clone()).unwrap();
        for &(judge, entry) in &self.kept {
            problem.keep(judge, entry).unwrap();
        }
        problem
    }

    /// Calls `found` with the sorted pairs (entry, judge) of every assignment.
    pub fn every(&self, rules: &Rules, found: &mut impl FnMut(&[(usize, usize)])) {
        let _ = self.search(rules, &mut |pairs| {
            found(pairs);
            ControlFlow::Continue(())
        });
    }

    /// Whether there is any assignment.
    pub fn is_feasible(&self, rules: &Rules) -> bool {
        self.search(rules, &mut |_| ControlFlow::Break(())).is_break()
    }

    fn search(&self, rules: &Rules, found: &mut Found<'_>) -> ControlFlow<()> {
        let mut load = vec![0; self.judges()];
        self.entry(0, rules, &mut load, &mut Vec::new(), found)
    }

    fn entry(
        &self,
        entry: usize,
        rules: &Rules,
        load: &mut Vec<u32>,
        pairs: &mut Vec<(usize, usize)>,
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        if entry == self.entries() {
            let enough = load.iter().zip(&self.low).all(|(load, low)| load >= low);
            return if enough && self.is_together(pairs) { found(pairs) } else { ControlFlow::Continue(()) };
        }
        for set in 0u32..1 << self.judges() {
            let judges: Vec<usize> = (0..self.judges()).filter(|judge| set >> judge & 1 == 1).collect();
            if set.count_ones() != self.demand[entry] || !self.fits(entry, &judges, rules, load) {
                continue;
            }
            for &judge in &judges {
                load[judge] += 1;
                pairs.push((entry, judge));
            }
            let further = self.entry(entry + 1, rules, load, pairs, found);
            for &judge in &judges {
                load[judge] -= 1;
                pairs.pop();
            }
            further?;
        }
        ControlFlow::Continue(())
    }

    fn is_together(&self, pairs: &[(usize, usize)]) -> bool {
        let of =
            |entry: u32| pairs.iter().filter(|pair| pair.0 == entry as usize).map(|pair| pair.1).collect::<Vec<_>>();
        self.groups.iter().all(|group| group.windows(2).all(|two| of(two[0]) == of(two[1])))
    }

    fn fits(&self, entry: usize, judges: &[usize], rules: &Rules, load: &[u32]) -> bool {
        let open = judges.iter().all(|judge| !self.conflict[*judge][entry] && load[*judge] < self.high[*judge]);
        let kept = self.kept.iter().filter(|one| one.1 == entry).all(|one| judges.contains(&one.0));
        let twice = |a: &usize, b: &usize| {
            a < b && self.institution[*a].is_some() && self.institution[*a] == self.institution[*b]
        };
        let apart = !rules.one_per_institution || !judges.iter().any(|a| judges.iter().any(|b| twice(a, b)));
        let senior = !rules.one_senior || judges.is_empty() || judges.iter().any(|judge| self.senior[*judge]);
        open && kept && apart && senior
    }

    /// The largest sum of all assignments, if there is one.
    pub fn best(&self, rules: &Rules) -> Option<i64> {
        let mut best = None;
        self.every(rules, &mut |pairs| {
            let sum: i64 = pairs.iter().map(|(entry, judge)| i64::from(self.scores[*judge][*entry])).sum();
            best = best.max(Some(sum));
        });
        best
    }

    /// The highest floor, and the largest sum at it.
    pub fn fairest(&self, rules: &Rules) -> Option<(i64, i64)> {
        let mut best = None;
        self.every(rules, &mut |pairs| {
            let mut totals = vec![0i64; self.entries()];
            pairs.iter().for_each(|(entry, judge)| totals[*entry] += i64::from(self.scores[*judge][*entry]));
            let floor = totals.iter().zip(&self.demand).filter(|one| *one.1 > 0).map(|one| *one.0).min().unwrap_or(0);
            best = best.max(Some((floor, totals.iter().sum())));
        });
        best
    }
}

prop_compose! {
    /// Up to five judges and four entries; scores from few values, so that ties are common.
    pub fn small()(judges in 1usize..=5, entries in 1usize..=4, most_score in 1i32..12, conflicts in 0u32..4)(
        scores in prop::collection::vec(prop::collection::vec(0..=most_score, entries), judges),
        conflict in prop::collection::vec(prop::collection::vec((0u32..12).prop_map(move |dice| dice < conflicts), entries), judges),
        demand in prop::collection::vec(0..=(judges.min(3) as u32), entries),
        loads in prop::collection::vec((0u32..=2, 0u32..=3), judges),
        institution in prop::collection::vec(prop::option::weighted(0.7, 0u32..3), judges),
        senior in prop::collection::vec(prop::bool::weighted(0.4), judges),
        kept in prop::collection::vec((0..judges, 0..entries), 0..=2),
        keeps in prop::bool::weighted(0.3),
        floors in prop::bool::weighted(0.5),
    ) -> Small {
        let mut kept: Vec<(usize, usize)> = kept;
        kept.retain(|one| keeps && !conflict[one.0][one.1]);
        kept.sort_unstable();
        kept.dedup();
        let low = loads.iter().map(|one| if floors { one.0.min(one.1) } else { 0 }).collect();
        let high = loads.iter().map(|one| one.0.max(one.1)).collect();
        Small { scores, conflict, demand, low, high, institution, senior, kept, groups: vec![] }
    }
}

prop_compose! {
    /// The same with entries that stay together: a group of two or three, or two groups of two.
    pub fn grouped()(small in small().prop_filter("a group needs two", |small| small.entries() > 1), size in 2usize..=3, two: bool) -> Small {
        let mut small = small;
        let size = size.min(small.entries());
        small.groups = vec![(0..size as u32).collect()];
        if two && small.entries() == 4 {
            small.groups = vec![vec![0, 1], vec![2, 3]];
        }
        for group in small.groups.clone() {
            group.iter().for_each(|entry| small.demand[*entry as usize] = small.demand[group[0] as usize]);
        }
        small
    }
}
