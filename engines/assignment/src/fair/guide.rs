//! Where a fair assignment is likely to be: prices of judges at which every entry, choosing a set that reaches the floor by
//! itself, asks for about what judges can take.
//!
//! It is the Lagrangian of the loads (equally, Dantzig and Wolfe's master over sets), approached by subgradient steps. The
//! sets that entries chose lately are averaged; what they agree on is a good place to begin a search.

use crate::problem::Problem;

/// So many of an entry's best judges by value, and as many by score, come into question for its set.
const WIDTH: usize = 14;
/// How much of the average a new choice is.
const SHARE: f64 = 0.03;

pub(crate) struct Guide<'a> {
    problem: &'a Problem,
    choices: &'a [Vec<(u32, i64)>],
    floor: f64,
    price: Vec<f64>,
    /// By entry, in the order of its choices: how often a judge was chosen lately.
    pub average: Vec<Vec<f64>>,
    /// By entry: places of the judges with the best scores.
    best: Vec<Vec<u32>>,
    steps: u32,
    unit: f64,
}

impl<'a> Guide<'a> {
    pub fn new(problem: &'a Problem, choices: &'a [Vec<(u32, i64)>], floor: i64, prices: &[i64]) -> Guide<'a> {
        let best = choices.iter().map(|list| {
            let mut order: Vec<u32> = (0..list.len() as u32).collect();
            order.sort_by_key(|place| std::cmp::Reverse(list[*place as usize].1));
            order.truncate(WIDTH);
            order
        });
        let unit = choices.iter().flatten().map(|one| one.1.unsigned_abs()).max().unwrap_or(1) as f64;
        Guide {
            problem,
            choices,
            floor: floor as f64,
            price: prices.iter().map(|price| *price as f64).collect(),
            average: choices.iter().map(|list| vec![0.0; list.len()]).collect(),
            best: best.collect(),
            steps: 0,
            unit,
        }
    }

    /// Lets every entry choose at present prices, and moves the prices of judges who are asked too often or too rarely.
    pub fn step(&mut self) {
        let mut load: Vec<f64> = vec![0.0; self.problem.judges()];
        for one in &self.problem.forced {
            load[one.judge as usize] += 1.0;
        }
        for entry in 0..self.choices.len() {
            let set = self.choose(entry);
            for share in &mut self.average[entry] {
                *share *= 1.0 - SHARE;
            }
            for place in set {
                self.average[entry][place as usize] += SHARE;
                load[self.choices[entry][place as usize].0 as usize] += 1.0;
            }
        }
        self.steps += 1;
        let step = self.unit * 0.05 / (1.0 + f64::from(self.steps) / 30.0);
        for (judge, load) in load.into_iter().enumerate() {
            let (low, high) = (f64::from(self.problem.load_min[judge]), f64::from(self.problem.load_max[judge]));
            let price = &mut self.price[judge];
            let aim = if *price > 0.0 || load > high {
                high
            } else if *price < 0.0 || load < low {
                low
            } else {
                load
            };
            let moved = *price + step * (load - aim);
            // A price does not pass zero in one step: between its bounds a judge costs nothing.
            *price = if moved * *price < 0.0 { 0.0 } else { moved };
        }
    }

    /// The set of most value that reaches the floor, among few judges.
    fn choose(&self, entry: usize) -> Vec<u32> {
        let list = &self.choices[entry];
        let kept = self.problem.forced.iter().filter(|one| one.entry as usize == entry);
        let (kept, kept_score) = kept.fold((0, 0.0), |sum, one| (sum.0 + 1, sum.1 + one.score as f64));
        let want = (self.problem.demand[entry] as usize).saturating_sub(kept);
        let value = |place: u32| {
            let (judge, score) = list[place as usize];
            score as f64 - self.price[judge as usize]
        };
        let score = |place: u32| list[place as usize].1 as f64;
        let mut order: Vec<u32> = (0..list.len() as u32).collect();
        let few = (want + WIDTH).min(order.len());
        if few < order.len() {
            order.select_nth_unstable_by(few, |a, b| value(*b).total_cmp(&value(*a)));
            order.truncate(few);
        }
        order.sort_by(|a, b| value(*b).total_cmp(&value(*a)));
        let mut set: Vec<u32> = order.iter().take(want).copied().collect();
        let total = |set: &[u32]| kept_score + set.iter().map(|place| score(*place)).sum::<f64>();
        if total(&set) >= self.floor {
            return set;
        }
        // From the set of best scores, which reaches the floor if any does, exchange while value is gained.
        set = self.best[entry].iter().take(want).copied().collect();
        order.extend(self.best[entry].iter().filter(|place| !order.contains(place)).copied().collect::<Vec<_>>());
        let mut sum = total(&set);
        loop {
            let mut found: Option<(f64, Vec<(usize, u32)>)> = None;
            let mut offer = |gain: f64, change: &[(usize, u32)]| {
                if gain > 1e-6 && found.as_ref().is_none_or(|best| gain > best.0) {
                    found = Some((gain, change.to_vec()));
                }
            };
            for at in 0..set.len() {
                for &one in order.iter().filter(|one| !set.contains(one)) {
                    let (gain, rest) = (value(one) - value(set[at]), sum + score(one) - score(set[at]));
                    if rest >= self.floor {
                        offer(gain, &[(at, one)]);
                    }
                    for other_at in at + 1..set.len() {
                        for &other in order.iter().filter(|other| **other != one && !set.contains(other)) {
                            if rest + score(other) - score(set[other_at]) >= self.floor {
                                offer(gain + value(other) - value(set[other_at]), &[(at, one), (other_at, other)]);
                            }
                        }
                    }
                }
            }
            let Some((_, change)) = found else { return set };
            for (at, place) in change {
                set[at] = place;
            }
            sum = total(&set);
        }
    }
}
