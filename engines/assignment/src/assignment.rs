//! The answer, and why it is the best.

use crate::blocking::Blocking;
use crate::columns;
use crate::network::{Full, Network};
use crate::optimum::{NoOptimum, Task};
use crate::problem::Problem;
use crate::rules::{self, Rules};
use crate::scores::with_cells;
use crate::watch::Watch;

/// A judge on an entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Row.
    pub judge: usize,
    /// Column.
    pub entry: usize,
    /// The true score.
    pub score: f64,
}

/// Why there is no assignment.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// There is none, and this is why.
    Infeasible(Box<Blocking>),
    /// [`Watch::note`] said so.
    Cancelled,
}

/// An assignment that meets everything asked for.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// By entry, then judge.
    pub pairs: Vec<Pair>,
    /// The sum of the pairs' true scores.
    pub objective: f64,
    /// No assignment has a larger sum: re-computed from the prices over all pairs.
    pub bound: f64,
    /// The sum equals the bound, compared as whole numbers.
    pub optimal: bool,
    /// The lowest total of an entry (0 demand left out; 0 if no entry demands anything).
    pub floor: f64,
    /// The prices behind the bound.
    pub prices: Prices,
}

/// Dual prices, in true scores.
///
/// For any prices whatever, no assignment is worth more than [`Prices::bound`]; for those of an optimum the two are
/// equal. A judge with a price above 0 is full, one below 0 carries its minimum only.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// Of a place with each judge.
    pub judge: Vec<f64>,
    /// Of a place on each entry.
    pub entry: Vec<f64>,
}

impl Prices {
    /// Weak duality in one pass over the matrix: Σ demand·q + Σ (load_max·max(p,0) + load_min·min(p,0)) + Σ over pairs
    /// without conflict max(0, score − p − q). Valid without regard to side rules, which only lower the optimum.
    #[must_use]
    pub fn bound(&self, problem: &Problem) -> f64 {
        let entries: f64 = problem.demand.iter().zip(&self.entry).map(|(demand, q)| f64::from(*demand) * q).sum();
        let judges: f64 = (problem.load_min.iter().zip(&problem.load_max).zip(&self.judge))
            .map(|((least, most), p)| f64::from(*most) * p.max(0.0) + f64::from(*least) * p.min(0.0))
            .sum();
        let mut pairs = 0.0;
        for (judge, p) in self.judge.iter().enumerate() {
            for (entry, q) in self.entry.iter().enumerate() {
                if let Some(score) = problem.score(judge, entry) {
                    pairs += (score - p - q).max(0.0);
                }
            }
        }
        entries + judges + pairs
    }
}

/// The exact maximum of the total affinity.
///
/// With one side rule at most it is the proved optimum. With both, or with groups, small problems are proved as well; on
/// larger ones it is the best that is found, and `bound` says how far off it can be.
///
/// # Errors
/// [`Failure::Infeasible`] with a smallest group that cannot be served; [`Failure::Cancelled`].
pub fn optimum(problem: &Problem, rules: &Rules, watch: &dyn Watch) -> Result<Assignment, Failure> {
    rules::solve(problem, rules, watch)
}

/// The bound of a network's prices for its own task, kept pairs and classes included, in whole numbers.
pub(crate) fn whole_bound(task: &Task, network: &Network) -> i128 {
    let mut bound: i128 = task.problem.forced.iter().map(|one| i128::from(one.score)).sum();
    for (demand, q) in task.bounds.demand.iter().zip(&network.entry_price) {
        bound += i128::from(*demand) * i128::from(*q);
    }
    for ((least, most), p) in task.bounds.low.iter().zip(&task.bounds.high).zip(&network.judge_price) {
        bound += i128::from(*most) * i128::from(*p).max(0) + i128::from(*least) * i128::from(*p).min(0);
    }
    if let Some(classes) = &task.classes {
        for (entry, full) in network.full.iter().enumerate() {
            for Full { price, .. } in full {
                bound += i128::from(classes.most[entry]) * i128::from(price - network.entry_price[entry]);
            }
        }
    }
    let pair = i128::from(task.bounds.pair);
    let prices = (&network.judge_price, &network.entry_price);
    with_cells!(&task.problem.scores.cells, cells => {
        columns::above_prices(cells, 0, prices.0, prices.1, |judge, entry, score| {
            let above = score - prices.0[judge] - network.price_at(entry, judge as u32);
            if above > 0 && task.open(judge, entry) {
                bound += pair * i128::from(above);
            }
        });
    });
    bound
}

/// The pairs of a network with the kept ones, by entry and judge, and their sum in whole numbers.
pub(crate) fn whole_pairs(problem: &Problem, network: &Network) -> (Vec<(u32, u32, i64)>, i128) {
    let mut pairs: Vec<(u32, u32, i64)> =
        network.pairs().map(|(entry, arc)| (entry as u32, arc.judge, arc.score)).collect();
    pairs.extend(problem.forced.iter().map(|one| (one.entry, one.judge, one.score)));
    pairs.sort_unstable();
    let sum = pairs.iter().map(|pair| i128::from(pair.2)).sum();
    (pairs, sum)
}

/// Puts an answer together.
pub(crate) fn answer(
    problem: &Problem,
    pairs: &[(u32, u32, i64)],
    bound: i128,
    judge_price: &[i64],
    entry_price: &[i64],
) -> Assignment {
    let scale = problem.scores.scale;
    let mut totals = vec![0i128; problem.entries()];
    for (entry, _, score) in pairs {
        totals[*entry as usize] += i128::from(*score);
    }
    let floor = totals.iter().zip(&problem.demand).filter(|(_, demand)| **demand > 0).map(|(total, _)| *total).min();
    let objective: i128 = totals.iter().sum();
    Assignment {
        pairs: pairs
            .iter()
            .map(|(entry, judge, score)| Pair {
                judge: *judge as usize,
                entry: *entry as usize,
                score: problem.real(*score),
            })
            .collect(),
        objective: objective as f64 / scale,
        bound: bound as f64 / scale,
        optimal: objective == bound,
        floor: floor.unwrap_or(0) as f64 / scale,
        prices: Prices {
            judge: judge_price.iter().map(|price| problem.real(*price)).collect(),
            entry: entry_price.iter().map(|price| problem.real(*price)).collect(),
        },
    }
}

/// Turns a solver's refusal into one that says why.
pub(crate) fn explain(task: &Task, refusal: NoOptimum, watch: &dyn Watch) -> Failure {
    match refusal {
        NoOptimum::Stopped => Failure::Cancelled,
        NoOptimum::Infeasible => match crate::blocking::find(task, watch) {
            Ok(blocking) => Failure::Infeasible(Box::new(blocking)),
            Err(_) => Failure::Cancelled,
        },
    }
}
