//! A closer bound: at prices of judges, every unit takes the set that is best for it as a whole.
//!
//! The flow without groups lets a judge take a part of a group, and that part's best entries. Here a judge takes a whole group
//! and pays for as many places (Lagrangian relaxation of the loads; Held, Wolfe, Crowder 1974), which bounds the sum from
//! above at any prices. Subgradient steps make them good; groups choose their judges at the same prices.

use super::branch::Place;
use crate::network::NONE;
use crate::optimum::Task;
use crate::watch::{Stage, Stopped, Watch, tell};

/// So many parts of a price make a unit of a score.
const FINE: i64 = 16;
/// Up to so many pairs, prices are looked for; and so many pairs are looked through in all.
pub(super) const MOST_PAIRS: usize = 1 << 22;
const STEPS: usize = 600;
const EFFORT: usize = 600_000_000;
/// After so many steps without gain they become half as long.
const TIRED: usize = 12;

/// A judge who may take a unit, and the scores of all its entries together.
struct Choice {
    judge: u32,
    sum: i64,
    class: u32,
}

/// The units of a problem with those who may take them.
pub(super) struct Priced {
    units: Vec<(Vec<u32>, Vec<Choice>)>,
    judges: usize,
    /// In parts of [`FINE`].
    price: Vec<i64>,
}

/// A set that grows: value, judge and class.
type Taken = Vec<(i64, u32, u32)>;

impl Priced {
    /// Of a task on which nothing is decided, with the prices of its flow.
    pub fn new(task: &Task, units: &[Vec<u32>], price: &[i64]) -> Priced {
        let class = |judge: usize| task.classes.as_ref().map_or(NONE, |classes| classes.of[judge]);
        let choices = |entries: &Vec<u32>| -> Vec<Choice> {
            let sum = |judge: usize| -> Option<i64> {
                entries.iter().map(|entry| task.problem.scores.get(judge, *entry as usize)).sum()
            };
            let choice = |judge: usize| Some(Choice { judge: judge as u32, sum: sum(judge)?, class: class(judge) });
            (0..task.problem.judges()).filter_map(choice).collect()
        };
        let units = units.iter().map(|entries| (entries.clone(), choices(entries))).collect();
        Priced { units, judges: price.len(), price: price.iter().map(|price| price * FINE).collect() }
    }

    /// The prices in whole units.
    pub fn price(&self) -> Vec<i64> {
        self.price.iter().map(|price| price.div_euclid(FINE)).collect()
    }

    /// No assignment of a branch is worth more than this beyond what was decided; none if a unit finds no set.
    pub fn bound(&self, task: &Task, off: &[Place]) -> Option<i128> {
        let closed = self.closed(task, off);
        let value = self.value(task, &closed, &self.price, &mut vec![0; self.judges])?;
        Some(value.div_euclid(i128::from(FINE)))
    }

    /// Takes steps to better prices; `aim` is a sum that was reached, less what was decided.
    pub fn improve(&mut self, task: &Task, off: &[Place], aim: i128, watch: &dyn Watch) -> Result<(), Stopped> {
        let closed = self.closed(task, off);
        let mut load = vec![0; self.judges];
        let Some(mut best) = self.value(task, &closed, &self.price, &mut load) else { return Ok(()) };
        let aim = aim as f64 * FINE as f64;
        let steps = (EFFORT / (self.units.len() * self.judges)).min(STEPS);
        let (mut price, mut length, mut tired) = (self.price.clone(), 1.0, 0);
        let mut value = best;
        for done in 0..steps {
            tell(watch, Stage::Pricing, done, steps)?;
            let slope: Vec<i64> = (0..self.judges).map(|judge| slope(task, judge, price[judge], load[judge])).collect();
            let square: i64 = slope.iter().map(|slope| slope * slope).sum();
            if square == 0 || value as f64 <= aim {
                break;
            }
            let step = length * (value as f64 - aim) / square as f64;
            for (price, slope) in price.iter_mut().zip(&slope) {
                *price -= (step * *slope as f64).round() as i64;
            }
            match self.value(task, &closed, &price, &mut load) {
                Some(next) => value = next,
                None => break,
            }
            tired += 1;
            if value < best {
                best = value;
                self.price.clone_from(&price);
                tired = 0;
            }
            if tired == TIRED {
                tired = 0;
                length /= 2.0;
                price.clone_from(&self.price);
                value = best;
                let _ = self.value(task, &closed, &price, &mut load);
            }
        }
        Ok(())
    }

    /// By unit, one bit for each judge who may not come: as was decided, or as a task bars one.
    fn closed(&self, task: &Task, off: &[Place]) -> Vec<Vec<u64>> {
        let mut unit_of = vec![0; task.problem.entries()];
        for (unit, (entries, _)) in self.units.iter().enumerate() {
            entries.iter().for_each(|entry| unit_of[*entry as usize] = unit);
        }
        let mut closed = vec![vec![0u64; self.judges.div_ceil(64)]; self.units.len()];
        let barred = task.barred.iter().map(|(judge, entry)| (unit_of[*entry as usize], *judge));
        for (unit, judge) in barred.chain(off.iter().map(|(unit, judge)| (*unit as usize, *judge))) {
            closed[unit][judge as usize / 64] |= 1 << (judge % 64);
        }
        closed
    }

    /// The bound at prices, in parts, and what judges take at them.
    fn value(&self, task: &Task, closed: &[Vec<u64>], price: &[i64], load: &mut [i64]) -> Option<i128> {
        load.fill(0);
        let mut value = 0;
        let mut taken: Taken = Vec::new();
        for ((entries, choices), closed) in self.units.iter().zip(closed) {
            let entry = entries[0] as usize;
            let size = entries.len() as i64;
            let want = task.bounds.demand[entry] as usize;
            let most = task.classes.as_ref().map_or(u32::MAX, |classes| classes.most[entry]) as usize;
            taken.clear();
            if want > 0 {
                for choice in choices {
                    let judge = choice.judge as usize;
                    let own = choice.sum * FINE - size * price[judge];
                    if (taken.len() < want || own > taken[taken.len() - 1].0)
                        && closed[judge / 64] >> (judge % 64) & 1 == 0
                        && task.bounds.high[judge] >= size
                    {
                        take(&mut taken, (own, choice.judge, choice.class), want, most);
                    }
                }
            }
            if taken.len() < want {
                return None;
            }
            for (own, judge, _) in &taken {
                value += i128::from(*own);
                load[*judge as usize] += size;
            }
        }
        for (judge, price) in price.iter().enumerate() {
            let (low, high) = (task.bounds.low[judge], task.bounds.high[judge]);
            value += i128::from(high) * i128::from(*price).max(0) + i128::from(low) * i128::from(*price).min(0);
        }
        Some(value)
    }
}

/// How the bound grows with the price of a judge; nothing where no price is right for the load.
fn slope(task: &Task, judge: usize, price: i64, load: i64) -> i64 {
    let (low, high) = (task.bounds.low[judge], task.bounds.high[judge]);
    match price.signum() {
        1 => high - load,
        -1 => low - load,
        _ if load > high => high - load,
        _ if load < low => low - load,
        _ => 0,
    }
}

/// Takes one into a set of at most `want`, at most `most` of a class, for the one that is worth least and gives way; the set
/// stays in falling order.
fn take(taken: &mut Taken, one: (i64, u32, u32), want: usize, most: usize) {
    let of_class = taken.iter().filter(|other| one.2 != NONE && other.2 == one.2).count();
    if one.2 != NONE && of_class >= most {
        let Some(at) = taken.iter().rposition(|other| other.2 == one.2) else { return };
        if taken[at].0 >= one.0 {
            return;
        }
        taken.remove(at);
    } else if taken.len() == want {
        taken.pop();
    }
    let at = taken.partition_point(|other| other.0 >= one.0);
    taken.insert(at, one);
}
