//! The fair assignment: the highest floor under every entry's total, then the largest sum at that floor.
//!
//! Finding the floor alone is hard (it holds the problem of Santa Claus), so this is a search with a bound beside it. It
//! begins at the plain optimum and asks for the floor by a price on what is missing, from a low price up: at a low one the
//! few entries far below are lifted where it costs least, at the highest nothing is worth a gap. Every step goes to the
//! best ring of exchanges. On problems of up to some fifty thousand pairs whole sets of judges are looked at then
//! (`several`), which decides most of them; otherwise rings drawn by lot lead from the best assignment to others.

mod exchange;

use crate::assignment::{Assignment, Failure, answer, explain, whole_bound, whole_pairs};
use crate::network::Network;
use crate::problem::Problem;
use crate::rules::{self, Rules};
use crate::watch::{Stage, Watch, tell};
use crate::whole::{Lot, Whole, every_choice};
use exchange::{Exchange, HIGHEST, Labels};

/// Up to so many pairs, every pair may take part in an exchange; beyond, those of the solver's network.
const ALL_PAIRS: usize = 1 << 20;
/// So many floors are tried between one that was reached and one that was not.
const TRIES: usize = 12;
/// The prices of a missing unit, in quarters of a unit, from which the search goes up in halves.
const LOW: i64 = 4;
const LOW_AGAIN: i64 = 8;
/// The search for a larger sum ends when so many comparisons brought nothing (some tenths of a second), or so many in all.
const PATIENCE: u64 = 80_000_000;
const EFFORT: u64 = 2_000_000_000;
/// The same for shakes, which on small problems cost little each.
const SHAKES: u64 = 4_000;

/// The highest floor that the search finds for every entry's total, and the largest sum at it.
///
/// `optimal` is true where both are proved: the floor is what the poorest entry could have at best, and no assignment has a
/// larger sum. `bound` bounds the sum of every assignment, fair or not.
///
/// # Errors
/// [`Failure::Infeasible`] with a smallest group that cannot be served; [`Failure::Cancelled`].
pub fn fair(problem: &Problem, rules: &Rules, watch: &dyn Watch) -> Result<Assignment, Failure> {
    let task = rules::prepare(problem, rules, watch)?;
    let network = task.solve(watch).map_err(|refusal| explain(&task, refusal, watch))?;
    let bound = whole_bound(&task, &network);
    let pairs = start(problem, rules, &network, watch)?;
    let unit = unit(problem);
    let highest = round_down(highest_floor(problem), unit);
    let choices = choices(problem, &network);
    let plain = problem.groups.is_empty();
    let whole = Whole { problem, rules, choices: &choices, prices: &network.judge_price };
    let whole = (plain && whole.is_small()).then_some(whole);
    let mut search = Fair { whole, choices: &choices, labels: Labels::new(problem), watch };
    let start = Exchange::new(problem, *rules, &choices, &pairs, highest);
    let best = if start.shortfall() == 0 {
        start
    } else {
        let fair = search.floor(start, unit).map_err(|_| Failure::Cancelled)?;
        let (found, proved) = search.several(fair).map_err(|_| Failure::Cancelled)?;
        if proved { found } else { search.sum(found, bound).map_err(|_| Failure::Cancelled)? }
    };
    let mut found = answer(problem, &best.pairs(), bound, &network.judge_price, &network.entry_price);
    found.optimal &= best.floor == highest;
    Ok(found)
}

/// Where the search begins, in whole numbers: the optimum, or where that is not one flow, the best that heeds everything.
fn start(
    problem: &Problem,
    rules: &Rules,
    network: &Network,
    watch: &dyn Watch,
) -> Result<Vec<(u32, u32, i64)>, Failure> {
    if !(rules.one_per_institution && rules.one_senior) && problem.groups.is_empty() {
        return Ok(whole_pairs(problem, network).0);
    }
    let whole = |pair: &crate::Pair| {
        let score = problem.whole(pair.judge, pair.entry).unwrap_or(0);
        (pair.entry as u32, pair.judge as u32, score)
    };
    Ok(rules::solve(problem, rules, watch)?.pairs.iter().map(whole).collect())
}

/// Floors that differ by less than a ten-thousandth of the largest score count as the same: nobody would give up much of
/// the sum for the fifth digit of a similarity.
fn unit(problem: &Problem) -> i64 {
    let largest = (0..problem.judges()).flat_map(|judge| {
        (0..problem.entries()).filter_map(move |entry| problem.whole(judge, entry).map(i64::unsigned_abs))
    });
    (largest.max().unwrap_or(0) / 10_000).max(1) as i64
}

fn round_down(floor: i64, unit: i64) -> i64 {
    floor.div_euclid(unit) * unit
}

/// No floor is higher than what the poorest entry has with the judges that are best for it.
fn highest_floor(problem: &Problem) -> i64 {
    let total = |entry: usize| {
        let demand = problem.demand[entry] as usize;
        let kept: Vec<i64> =
            problem.forced.iter().filter(|one| one.entry as usize == entry).map(|one| one.score).collect();
        let mut open: Vec<i64> = (0..problem.judges()).filter_map(|judge| problem.scores.get(judge, entry)).collect();
        open.sort_unstable_by(|a, b| b.cmp(a));
        open.truncate(demand.saturating_sub(kept.len()));
        open.iter().chain(&kept).sum::<i64>()
    };
    (0..problem.entries()).filter(|entry| problem.demand[*entry] > 0).map(total).min().unwrap_or(0)
}

/// The judges that may come to each entry.
fn choices(problem: &Problem, network: &Network) -> Vec<Vec<(u32, i64)>> {
    let few = problem.judges() * problem.entries() <= ALL_PAIRS;
    let known = |entry: usize| network.arcs[entry].iter().map(|arc| (arc.judge, arc.score)).collect();
    if few { every_choice(problem) } else { (0..problem.entries()).map(known).collect() }
}

struct Fair<'a> {
    /// Where there are few enough pairs to look at whole sets.
    whole: Option<Whole<'a>>,
    choices: &'a [Vec<(u32, i64)>],
    labels: Labels,
    watch: &'a dyn Watch,
}

impl Fair<'_> {
    /// An assignment at the highest floor that can be reached from this one.
    fn floor<'p>(&mut self, start: Exchange<'p>, unit: i64) -> Result<Exchange<'p>, crate::watch::Stopped> {
        debug_assert_eq!(self.choices.len(), start.total.len());
        let (mut reached, mut best) = (start.lowest(), None);
        let mut wanted = start.floor;
        let mut refused = wanted.saturating_add(1);
        for done in 0..TRIES {
            tell(self.watch, Stage::Levelling, done, TRIES)?;
            let mut next = start.clone();
            next.floor = wanted;
            self.climb(&mut next, LOW)?;
            if next.shortfall() > 0
                && let Some(pairs) = self.whole.as_ref().and_then(|whole| whole.any(next.floor).found())
            {
                next = next.beginning_at(&pairs);
            }
            let lowest = next.lowest();
            if next.shortfall() == 0 {
                reached = wanted;
                best = Some(next);
            } else {
                refused = wanted;
                if lowest > reached {
                    reached = lowest;
                    next.floor = lowest;
                    best = Some(next);
                }
            }
            if refused <= reached.saturating_add(unit) {
                break;
            }
            wanted = reached + (refused - reached) / 2;
        }
        Ok(best.unwrap_or(start).at_floor(round_down(reached, unit)))
    }

    /// Improves at a low price of what is missing, then at higher ones.
    fn climb(&mut self, exchange: &mut Exchange, from: i64) -> Result<(), crate::watch::Stopped> {
        exchange.penalty = from;
        while exchange.penalty < HIGHEST {
            tell(self.watch, Stage::Levelling, 0, 1)?;
            exchange.improve(&mut self.labels);
            exchange.penalty += exchange.penalty / 2;
        }
        exchange.penalty = HIGHEST;
        exchange.improve(&mut self.labels);
        Ok(())
    }

    /// Exchanges among several entries at once, where there are few; whether that is proved the best at this floor.
    fn several<'p>(&self, start: Exchange<'p>) -> Result<(Exchange<'p>, bool), crate::watch::Stopped> {
        let Some(whole) = &self.whole else { return Ok((start, false)) };
        match whole.improve(start.floor, &start.has, self.watch)? {
            Some(better) => Ok((start.beginning_at(&better.pairs), better.proved)),
            None => Ok((start, false)),
        }
    }

    /// The largest sum at the floor that a search of fixed effort finds.
    fn sum<'p>(&mut self, start: Exchange<'p>, bound: i128) -> Result<Exchange<'p>, crate::watch::Stopped> {
        let mut best = start;
        let mut lot = Lot(0x5EED_2021);
        let begun = self.labels.work;
        let mut gained = begun;
        let (mut round, mut gained_in) = (0u64, 0);
        while best.sum() < bound
            && round - gained_in < SHAKES
            && self.labels.work - gained < PATIENCE
            && self.labels.work - begun < EFFORT
        {
            let done = (self.labels.work - begun) as usize;
            tell(self.watch, Stage::Levelling, done, EFFORT as usize)?;
            let mut next = best.clone();
            if round % 40 == 0 {
                next.penalty = LOW_AGAIN;
                next.improve(&mut self.labels);
                next.shake(&mut lot, &mut self.labels);
                self.climb(&mut next, LOW_AGAIN)?;
            } else {
                next.shake(&mut lot, &mut self.labels);
            }
            if next.shortfall() == 0 && next.sum() >= best.sum() {
                if next.sum() > best.sum() {
                    gained = self.labels.work;
                    gained_in = round;
                }
                best = next;
            }
            round += 1;
        }
        Ok(best)
    }
}
