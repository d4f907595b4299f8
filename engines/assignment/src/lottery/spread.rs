//! Probabilities as even as a share of the optimum allows.
//!
//! Maximise Σ s·x − ½β Σ x² with x up to a cap: strictly concave, so its dual is smooth and x follows from prices,
//! x = clamp((s − p − q) / β, 0, cap). Prices of entries and judges are set in turn, each exactly (a root of a piecewise
//! linear function). β and the cap are found by halving.

use std::collections::BTreeMap;

use crate::assignment::Failure;
use crate::optimum::Task;
use crate::scores::{Cell, with_cells};
use crate::watch::{Stage, Watch, tell};

use super::{Units, scale_bounds, settle};

/// Certainty in units.
const CERTAIN: u32 = 1000 * MIX;
/// Shares of two lotteries that are mixed.
const MIX: u32 = 1024;
const THOUSAND: u32 = 1000;
const SWEEPS: usize = 300;
const HALVINGS: usize = 16;
/// The cap is a little above the lowest that leaves the quality, so that there is something to spread.
const ABOVE_LOWEST: f64 = 1.002;

struct Field {
    judges: usize,
    entries: usize,
    /// Scores by judge and by entry, the largest 1; barred pairs are minus infinity.
    rows: Vec<f64>,
    columns: Vec<f64>,
    demand: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    p: Vec<f64>,
    q: Vec<f64>,
}

/// Probabilities in units; `sum` is the optimum of the task in whole numbers.
pub(super) fn spread(task: &Task, share: f64, sum: i128, watch: &dyn Watch) -> Result<Units, Failure> {
    let (mut field, unit) = Field::new(task);
    let aim = share * sum as f64 / unit;
    let aim_in_whole = share * sum as f64;
    let lowest = lowest_cap(task, aim_in_whole, watch)?;
    let cap = (lowest * ABOVE_LOWEST).min(1.0);
    let (mut small, mut large) = (1e-4f64, 64.0f64);
    for done in 0..HALVINGS {
        tell(watch, Stage::Spreading, HALVINGS + done, 2 * HALVINGS).map_err(|_| Failure::Cancelled)?;
        let beta = (small * large).sqrt();
        if field.solve(beta, cap) >= aim { small = beta } else { large = beta }
    }
    field.solve(small, cap);
    let rounded = field.units(small, cap);
    let mut task_in_units = Task {
        problem: task.problem,
        bounds: task.bounds.clone(),
        classes: None,
        barred: std::collections::HashSet::new(),
        rules: task.rules,
    };
    scale_bounds(&mut task_in_units, CERTAIN);
    let most = ((cap * f64::from(CERTAIN)).ceil() as u32 + 1).min(CERTAIN);
    let even = settle(&task_in_units, &rounded, most, watch)?;
    mixed(task, even, lowest, aim_in_whole, watch)
}

/// Where the even probabilities miss the aim (prices converge slowly when loads are fixed), as little as suffices of the
/// largest sum under the lowest cap is mixed in: both keep every bound, so the mixture does.
fn mixed(task: &Task, even: Vec<(u32, u32, u32)>, cap: f64, aim: f64, watch: &dyn Watch) -> Result<Units, Failure> {
    let sum = |units: &[(u32, u32, u32)], certain: u32| -> f64 {
        let score =
            |judge: u32, entry: u32| task.problem.scores.get(judge as usize, entry as usize).unwrap_or(0) as f64;
        units.iter().map(|(entry, judge, units)| score(*judge, *entry) * f64::from(*units) / f64::from(certain)).sum()
    };
    let low = sum(&even, CERTAIN);
    if low >= aim {
        return Ok((even, CERTAIN));
    }
    let (best, thousand) = super::capped_at(task.problem, (cap * f64::from(THOUSAND)).round() as u32, THOUSAND, watch)?;
    let high = sum(&best, thousand);
    let share = if high > low { (aim - low) / (high - low) } else { 1.0 };
    let share = ((share * f64::from(MIX)).ceil() as u32).min(MIX);
    let mut units: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for (entry, judge, count) in even {
        *units.entry((entry, judge)).or_default() += (MIX - share) * count;
    }
    for (entry, judge, count) in best {
        *units.entry((entry, judge)).or_default() += share * MIX * count;
    }
    let units = units.into_iter().filter(|(_, units)| *units > 0).map(|((entry, judge), units)| (entry, judge, units));
    Ok((units.collect(), CERTAIN * MIX))
}

/// The lowest cap, in thousandths, at which the largest expected sum still reaches its aim: an exact flow for each try.
fn lowest_cap(task: &Task, aim: f64, watch: &dyn Watch) -> Result<f64, Failure> {
    let (mut low, mut high) = (0, THOUSAND);
    while high - low > 1 {
        tell(watch, Stage::Spreading, (THOUSAND - high + low) as usize, 2 * THOUSAND as usize)
            .map_err(|_| Failure::Cancelled)?;
        let cap = low + (high - low) / 2;
        let enough = super::capped_sum(task.problem, cap, THOUSAND, watch)?.is_some_and(|sum| sum >= aim);
        if enough { high = cap } else { low = cap }
    }
    Ok(f64::from(high) / f64::from(THOUSAND))
}

impl Field {
    fn new(task: &Task) -> (Field, f64) {
        let (judges, entries) = (task.problem.judges(), task.problem.entries());
        let whole: Vec<Option<i64>> = with_cells!(&task.problem.scores.cells, cells => {
            cells.iter().map(|cell| if is_barred(*cell) { None } else { Some(cell.wide()) }).collect()
        });
        let unit = whole.iter().flatten().map(|value| value.unsigned_abs()).max().unwrap_or(0).max(1) as f64;
        let rows: Vec<f64> =
            whole.iter().map(|value| value.map_or(f64::NEG_INFINITY, |value| value as f64 / unit)).collect();
        let mut columns = vec![0.0; rows.len()];
        for judge in 0..judges {
            for entry in 0..entries {
                columns[entry * judges + judge] = rows[judge * entries + entry];
            }
        }
        let real = |list: &[i64]| list.iter().map(|value| *value as f64).collect::<Vec<_>>();
        let bounds = &task.bounds;
        let (demand, low, high) = (real(&bounds.demand), real(&bounds.low), real(&bounds.high));
        (Field { judges, entries, rows, columns, demand, low, high, p: vec![0.0; judges], q: vec![0.0; entries] }, unit)
    }

    /// Sets prices for these parameters; the expected sum, or minus infinity if loads do not fit.
    fn solve(&mut self, beta: f64, cap: f64) -> f64 {
        let all: f64 = self.demand.iter().sum::<f64>().max(1.0);
        for sweep in 0..SWEEPS {
            for entry in 0..self.entries {
                let column = &self.columns[entry * self.judges..][..self.judges];
                self.q[entry] = root(column, &self.p, beta, cap, self.demand[entry], self.q[entry]);
            }
            let mut off = 0.0;
            for judge in 0..self.judges {
                let row = &self.rows[judge * self.entries..][..self.entries];
                let load = total(row, &self.q, self.p[judge], beta, cap).0;
                off += (load - self.high[judge]).max(self.low[judge] - load).max(0.0);
                let free = total(row, &self.q, 0.0, beta, cap).0;
                self.p[judge] = if free > self.high[judge] {
                    root(row, &self.q, beta, cap, self.high[judge], self.p[judge])
                } else if free < self.low[judge] {
                    root(row, &self.q, beta, cap, self.low[judge], self.p[judge])
                } else {
                    0.0
                };
            }
            if sweep > 0 && off < 1e-7 * all {
                return self.expected(beta, cap);
            }
            if sweep + 1 == SWEEPS && off > 1e-3 * all {
                return f64::NEG_INFINITY;
            }
        }
        self.expected(beta, cap)
    }

    fn expected(&self, beta: f64, cap: f64) -> f64 {
        let mut sum = 0.0;
        for (row, p) in self.rows.chunks_exact(self.entries).zip(&self.p) {
            for (score, q) in row.iter().zip(&self.q) {
                let x = ((score - p - q) / beta).clamp(0.0, cap);
                if x > 0.0 {
                    sum += x * score;
                }
            }
        }
        sum
    }

    /// Probabilities in units with exact sums at entries: the largest remainders are rounded up.
    fn units(&self, beta: f64, cap: f64) -> Vec<(u32, u32, u32)> {
        let mut units = Vec::new();
        for entry in 0..self.entries {
            let column = &self.columns[entry * self.judges..][..self.judges];
            let shares: Vec<(usize, f64)> = column
                .iter()
                .zip(&self.p)
                .map(|(score, p)| ((score - p - self.q[entry]) / beta).clamp(0.0, cap))
                .enumerate()
                .filter(|(_, share)| *share > 1e-6)
                .collect();
            let sum: f64 = shares.iter().map(|(_, share)| share).sum();
            let all = self.demand[entry] as u64 * u64::from(CERTAIN);
            let most = u64::from(CERTAIN);
            let exact: Vec<f64> = shares.iter().map(|(_, share)| share / sum * all as f64).collect();
            let mut whole: Vec<u64> = exact.iter().map(|exact| (exact.floor() as u64).min(most)).collect();
            let mut missing = all.saturating_sub(whole.iter().sum());
            let mut order: Vec<usize> = (0..whole.len()).collect();
            order.sort_by(|a, b| exact[*b].fract().total_cmp(&exact[*a].fract()));
            while missing > 0 && order.iter().any(|at| whole[*at] < most) {
                for &at in order.iter().filter(|_| true) {
                    if missing > 0 && whole[at] < most {
                        whole[at] += 1;
                        missing -= 1;
                    }
                }
            }
            let pairs = shares.iter().zip(&whole).filter(|(_, whole)| **whole > 0);
            units.extend(pairs.map(|((judge, _), whole)| (entry as u32, *judge as u32, *whole as u32)));
        }
        units
    }
}

fn is_barred<T: Cell>(cell: T) -> bool {
    cell == T::BARRED
}

/// Σ clamp((s − price − own) / β, 0, cap) and its slope in `own`.
fn total(scores: &[f64], prices: &[f64], own: f64, beta: f64, cap: f64) -> (f64, f64) {
    let (mut sum, mut inner) = (0.0, 0.0);
    let scale = 1.0 / beta;
    for (score, price) in scores.iter().zip(prices) {
        let x = (score - price - own) * scale;
        sum += x.clamp(0.0, cap);
        inner += f64::from(u8::from(x > 0.0 && x < cap));
    }
    (sum, -inner * scale)
}

/// The price at which the total is as wanted: Newton's steps, halving where they leave the bracket.
fn root(scores: &[f64], prices: &[f64], beta: f64, cap: f64, wanted: f64, guess: f64) -> f64 {
    let values = || scores.iter().zip(prices).map(|(score, price)| score - price).filter(|value| value.is_finite());
    let mut high = values().fold(f64::NEG_INFINITY, f64::max);
    let mut low = values().fold(f64::INFINITY, f64::min) - beta * cap;
    if high == f64::NEG_INFINITY {
        return 0.0;
    }
    let mut own = guess.clamp(low, high);
    for _ in 0..60 {
        let (sum, slope) = total(scores, prices, own, beta, cap);
        let off = sum - wanted;
        if off.abs() < 1e-11 * wanted.max(1.0) {
            return own;
        }
        if off > 0.0 {
            low = own
        } else {
            high = own
        }
        let next = own - off / slope;
        own = if slope < 0.0 && next > low && next < high { next } else { (low + high) / 2.0 };
        if high - low < 1e-14 {
            break;
        }
    }
    own
}
