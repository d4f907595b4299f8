//! Prices of judges at which entries, each choosing its best whole set, ask for what judges can take: the Lagrangian of the
//! loads, which is the linear relaxation over sets, so it is far tighter than that over pairs where floors bind. Its bound
//! is approached by subgradient steps towards the best sum known (Held, Wolfe, Crowder, 1974), with some of the last
//! direction in each (Camerini, Fratta, Maffioli, 1975).

use super::pools::Pools;
use super::sets::Sets;
use crate::watch::{Stage, Stopped, Watch, tell};

/// So many steps without a better bound shorten a step.
const PATIENCE: u32 = 60;
/// Below this share of a full step nothing moves any more.
const SHORTEST: f64 = 0.004;
/// How much of the last direction goes into the next.
const KEPT: f64 = 0.7;
/// How much of its length is left to a step that is shortened.
const SHRINK: f64 = 0.6;

/// The best prices found, what each entry's best set is worth at them, and the bound, all in parts of [`Sets::fine`].
pub(crate) struct Priced {
    pub price: Vec<i64>,
    pub top: Vec<i64>,
    pub bound: i128,
}

/// Prices from which no bound much better is to be had; none if the work of `steps` does not suffice. `aim` is the best
/// sum known less what is kept, in parts of [`Sets::fine`]; a bound that is less than `grid` above it proves it the best.
pub(crate) fn prices(
    pools: &Pools,
    sets: &mut Sets,
    start: &[i64],
    aim: i128,
    grid: i64,
    mut steps: u64,
    watch: &dyn Watch,
) -> Result<Option<Priced>, Stopped> {
    let (low, high) = (&pools.low, &pools.high);
    // Beyond this a price says no more, and sums stay far from the end of the numbers.
    let dearest = sets.highest().saturating_mul(8);
    let mut price: Vec<i64> = start.iter().map(|one| (*one).clamp(-dearest, dearest)).collect();
    let mut direction = vec![0.0f64; price.len()];
    let mut best: Option<Priced> = None;
    let (mut length, mut tired, mut round) = (1.0, 0, 0);
    while length > SHORTEST {
        tell(watch, Stage::Levelling, round, round + 1)?;
        round += 1;
        let Some((top, load)) = choose(sets, &price, &mut steps) else { return Ok(best) };
        let bound = total(&top, &price, low, high);
        if best.as_ref().is_none_or(|best| bound < best.bound) {
            best = Some(Priced { price: price.clone(), top, bound });
            tired = 0;
        } else {
            tired += 1;
        }
        let Some(known) = best.as_ref().filter(|best| best.bound >= aim + i128::from(grid)) else { return Ok(best) };
        if tired >= PATIENCE {
            (length, tired) = (length * SHRINK, 0);
            price.clone_from(&known.price);
            direction.fill(0.0);
            continue;
        }
        for (judge, along) in direction.iter_mut().enumerate() {
            let fits = match price[judge] {
                0 => load[judge].clamp(low[judge], high[judge]),
                over if over > 0 => high[judge],
                _ => low[judge],
            };
            *along = (load[judge] - fits) as f64 + KEPT * *along;
        }
        let norm: f64 = direction.iter().map(|one| one * one).sum();
        if norm < 1e-9 {
            return Ok(best);
        }
        let step = length * (bound - aim) as f64 / norm;
        for (judge, along) in direction.iter().enumerate() {
            let moved = (price[judge] + (step * along).round() as i64).clamp(-dearest, dearest);
            // Where the load that fits jumps, a price does not pass in one step.
            let passes = (moved > 0 && price[judge] < 0) || (moved < 0 && price[judge] > 0);
            price[judge] = if passes && low[judge] < high[judge] { 0 } else { moved };
        }
    }
    Ok(best)
}

/// Every entry's best set: what it is worth, and how often judges are asked for.
fn choose(sets: &mut Sets, price: &[i64], steps: &mut u64) -> Option<(Vec<i64>, Vec<i64>)> {
    let mut load = vec![0i64; price.len()];
    let mut top = Vec::with_capacity(sets.entries());
    for entry in 0..sets.entries() {
        let (value, set) = sets.best(entry, price, steps)?;
        if *steps == 0 {
            return None;
        }
        set.into_iter().for_each(|judge| load[judge as usize] += 1);
        top.push(value);
    }
    Some((top, load))
}

fn total(top: &[i64], price: &[i64], low: &[i64], high: &[i64]) -> i128 {
    let judges = price.iter().zip(low.iter().zip(high));
    let places =
        judges.map(|(price, (low, high))| i128::from(*price) * i128::from(if *price > 0 { *high } else { *low }));
    top.iter().map(|value| i128::from(*value)).sum::<i128>() + places.sum::<i128>()
}
