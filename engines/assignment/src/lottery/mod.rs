//! Assignments by lot: a probability for every pair, and a draw that keeps every demand and every bound.
//!
//! Against judges who bid to get or to avoid an entry, no pair should be certain (Jecmen, Zhang, Liu, Shah, Conitzer, Fang,
//! 2020). Either no probability passes a cap and the expected sum is the largest there is; or a share of the optimum is
//! given, and the probabilities are spread as far as it allows, with the lowest cap first and then the smallest sum of
//! squares (perturbed maximisation with a quadratic perturbation; Xu, Jecmen, Song, Fang, 2023).

mod draw;
mod sha256;
mod spread;

use crate::assignment::{Assignment, Failure, answer, explain, whole_bound};
use crate::fault::Fault;
use crate::network::Network;
use crate::optimum::{NoOptimum, Task};
use crate::path::Search;
use crate::problem::Problem;
use crate::rules::{self, Rules};
use crate::watch::{Stage, Watch, tell};

pub use draw::commitment;

/// How pairs are made uncertain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Randomness {
    /// No pair is likelier than this.
    MaxProbability(f64),
    /// As random as this share of the optimum allows.
    Quality(f64),
}

/// Probabilities of pairs in whole units, so that demands and bounds hold exactly.
#[derive(Debug, Clone)]
pub struct Lottery {
    /// Entry, judge, units; in this order.
    pub(crate) units: Vec<(u32, u32, u32)>,
    /// So many units are certainty.
    pub(crate) certain: u32,
    optimum: f64,
    bound: i128,
    prices: (Vec<i64>, Vec<i64>),
}

/// How random a lottery is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The expected sum as a share of the optimum.
    pub quality: f64,
    /// The largest probability of a pair.
    pub max_probability: f64,
    /// The mean over entries of the largest probability of one of its pairs.
    pub average_max: f64,
    /// How many pairs are possible.
    pub support: usize,
    /// −Σ p ln p over pairs.
    pub entropy: f64,
    /// √(Σ p²) over pairs.
    pub l2: f64,
}

/// Finds the probabilities.
///
/// # Errors
/// [`Failure::Infeasible`] if there is no assignment or none under the cap; [`Failure::Cancelled`].
pub fn lottery(problem: &Problem, randomness: Randomness, watch: &dyn Watch) -> Result<Lottery, Failure> {
    let task = rules::prepare(problem, &Rules::default(), watch)?;
    let network = task.solve(watch).map_err(|refusal| explain(&task, refusal, watch))?;
    let bound = whole_bound(&task, &network);
    let forced: i128 = problem.forced.iter().map(|one| i128::from(one.score)).sum();
    let sum: i128 = forced + network.pairs().map(|(_, arc)| i128::from(arc.score)).sum::<i128>();
    let optimum = sum as f64 / problem.scores.scale;
    let (mut units, certain) = match randomness {
        Randomness::MaxProbability(cap) => capped(problem, cap, watch)?,
        Randomness::Quality(share) => spread::spread(&task, share, sum - forced, watch)?,
    };
    units.extend(problem.forced.iter().map(|one| (one.entry, one.judge, certain)));
    units.sort_unstable();
    Ok(Lottery { units, certain, optimum, bound, prices: (network.judge_price, network.entry_price) })
}

impl Randomness {
    /// Checks the number.
    ///
    /// # Errors
    /// [`Fault::Share`] outside 0 (excluded) to 1.
    pub fn check(self) -> Result<Randomness, Fault> {
        let (what, value) = match self {
            Randomness::MaxProbability(value) => ("max-probability", value),
            Randomness::Quality(value) => ("quality", value),
        };
        if value > 0.0 && value <= 1.0 { Ok(self) } else { Err(Fault::Share { what, value }) }
    }
}

type Units = (Vec<(u32, u32, u32)>, u32);

/// The largest expected sum under a cap: a flow in units of a fraction not above the cap.
fn capped(problem: &Problem, cap: f64, watch: &dyn Watch) -> Result<Units, Failure> {
    let (units, certain) = fraction(cap);
    capped_at(problem, units, certain, watch)
}

fn capped_at(problem: &Problem, units: u32, certain: u32, watch: &dyn Watch) -> Result<Units, Failure> {
    let task = in_units(problem, units, certain, watch)?;
    let network = task.solve(watch).map_err(|refusal| match refusal {
        NoOptimum::Stopped => Failure::Cancelled,
        NoOptimum::Infeasible => match crate::blocking::cap(&task, certain, watch) {
            Ok(blocking) => Failure::Infeasible(Box::new(blocking)),
            Err(_) => Failure::Cancelled,
        },
    })?;
    Ok((network.pairs().map(|(entry, arc)| (entry as u32, arc.judge, arc.flow)).collect(), certain))
}

/// The largest expected sum, kept pairs left out, in whole numbers; none if the cap is too low for demands.
fn capped_sum(problem: &Problem, units: u32, certain: u32, watch: &dyn Watch) -> Result<Option<f64>, Failure> {
    let network = match in_units(problem, units, certain, watch)?.solve(watch) {
        Ok(network) => network,
        Err(NoOptimum::Infeasible) => return Ok(None),
        Err(NoOptimum::Stopped) => return Err(Failure::Cancelled),
    };
    let sum: f64 = network.pairs().map(|(_, arc)| arc.score as f64 * f64::from(arc.flow)).sum();
    Ok(Some(sum / f64::from(certain)))
}

/// The problem in parts of certainty, `units` of them at most on a pair.
fn in_units<'a>(problem: &'a Problem, units: u32, certain: u32, watch: &dyn Watch) -> Result<Task<'a>, Failure> {
    let mut task = rules::prepare(problem, &Rules::default(), watch)?;
    scale_bounds(&mut task, certain);
    task.bounds.pair = units;
    Ok(task)
}

fn scale_bounds(task: &mut Task, certain: u32) {
    let bounds = &mut task.bounds;
    for value in bounds.demand.iter_mut().chain(&mut bounds.low).chain(&mut bounds.high) {
        *value *= i64::from(certain);
    }
}

/// The largest fraction not above a number with a denominator up to 1000.
fn fraction(value: f64) -> (u32, u32) {
    let below = |denominator: u32| ((value * f64::from(denominator) + 1e-9).floor() as u32, denominator);
    let size = |(units, certain): (u32, u32)| f64::from(units) / f64::from(certain);
    let mut best = below(1);
    for denominator in 2..=1000 {
        if size(below(denominator)) > size(best) + 1e-12 {
            best = below(denominator);
        }
    }
    if best.0 == 0 { (1, 1_000_000.min((1.0 / value).ceil() as u32).max(1)) } else { best }
}

/// Makes sums of units right that rounding left a little off, by moving units along any paths.
fn settle(
    task: &Task,
    units: &[(u32, u32, u32)],
    pair: u32,
    watch: &dyn Watch,
) -> Result<Vec<(u32, u32, u32)>, Failure> {
    let mut bounds = task.bounds.clone();
    bounds.pair = pair;
    let mut network = Network::new(bounds, None);
    for &(entry, judge, count) in units {
        // Without scores every path is as good as any other.
        network.add(entry as usize, judge, 0);
        let place = network.arcs[entry as usize].len() as u32 - 1;
        network.set_flow(entry as usize, place, count);
    }
    let mut search = Search::new(&network);
    task.settle(&mut network, &mut search).map_err(|refusal| explain(task, refusal, watch))?;
    Ok(network.pairs().map(|(entry, arc)| (entry as u32, arc.judge, arc.flow)).collect())
}

impl Lottery {
    /// The probability of every possible pair: judge, entry, probability; by entry, then judge.
    pub fn probabilities(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        let certain = f64::from(self.certain);
        self.units
            .iter()
            .map(move |&(entry, judge, units)| (judge as usize, entry as usize, f64::from(units) / certain))
    }

    /// How random it is.
    #[must_use]
    pub fn spread(&self, problem: &Problem) -> Spread {
        let mut most = vec![0.0f64; problem.entries()];
        let mut spread =
            Spread { quality: 0.0, max_probability: 0.0, average_max: 0.0, support: 0, entropy: 0.0, l2: 0.0 };
        let mut sum = 0.0;
        for (judge, entry, probability) in self.probabilities() {
            sum += probability * problem.score(judge, entry).unwrap_or(0.0);
            most[entry] = most[entry].max(probability);
            spread.support += 1;
            spread.entropy -= probability * probability.ln();
            spread.l2 += probability * probability;
        }
        let asked = problem.demand.iter().filter(|demand| **demand > 0).count().max(1);
        spread.quality = if self.optimum == 0.0 { 1.0 } else { sum / self.optimum };
        spread.max_probability = most.iter().copied().fold(0.0, f64::max);
        spread.average_max = most.iter().sum::<f64>() / asked as f64;
        spread.l2 = spread.l2.sqrt();
        spread
    }

    /// Draws an assignment. The same seed draws the same one, here and for whoever repeats it; publish [`commitment`] of
    /// the seed before anybody knows what it leads to, and the seed afterwards.
    ///
    /// # Errors
    /// [`Failure::Cancelled`].
    pub fn draw(&self, problem: &Problem, seed: &[u8], watch: &dyn Watch) -> Result<Assignment, Failure> {
        tell(watch, Stage::Spreading, 0, 1).map_err(|_| Failure::Cancelled)?;
        let drawn = draw::draw(self, problem.judges(), problem.entries(), seed);
        let whole =
            |(entry, judge): (u32, u32)| (entry, judge, problem.whole(judge as usize, entry as usize).unwrap_or(0));
        let pairs: Vec<_> = drawn.into_iter().map(whole).collect();
        Ok(answer(problem, &pairs, self.bound, &self.prices.0, &self.prices.1))
    }
}
