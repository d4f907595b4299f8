//! Whole sets of judges for one entry: which of them reach the floor and heed the side rules, and what they are worth at
//! given prices. As a floor and side rules each bind one entry, sets carry them exactly; only loads tie entries together.

use std::ops::ControlFlow;

use super::pools::Pools;
use crate::network::NONE;
use crate::problem::Problem;
use crate::rules::Rules;

/// Where scores have few digits, prices and values are kept in this fraction of their unit.
const FINE: i64 = 1024;
const FEW_DIGITS: i64 = 1 << 20;

/// A judge of a pool that comes into question for an entry; a pool stands there as often as it may come.
#[derive(Debug, Clone, Copy)]
struct Choice {
    pool: u32,
    score: i64,
    /// Score less price, in parts of `fine`.
    value: i64,
    class: u32,
    senior: bool,
}

/// What an entry asks of a set.
struct Ask {
    /// How many more judges than are kept.
    want: usize,
    /// What their scores must reach together.
    least: i64,
    /// Whether one of the set must be senior.
    senior: bool,
    choices: Vec<Choice>,
}

/// A set of an entry, by how much its value falls short of the best one's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Set {
    pub short: i64,
    pub score: i64,
    pub pools: Vec<u32>,
}

/// All entries of a problem, for sets at a floor.
pub(crate) struct Sets {
    /// So many parts of a price make a unit of a score.
    pub fine: i64,
    highest: i64,
    asks: Vec<Ask>,
}

impl Sets {
    /// `choices` by entry: the judges that may come, with their scores.
    pub fn new(problem: &Problem, rules: &Rules, pools: &Pools, choices: &[Vec<(u32, i64)>], floor: i64) -> Sets {
        let institution = problem.institution.as_ref().filter(|_| rules.one_per_institution);
        let senior = problem.senior.as_ref().filter(|_| rules.one_senior);
        let class = |judge: u32| institution.and_then(|of| of[judge as usize]).unwrap_or(NONE);
        let is_senior = |judge: u32| senior.is_none_or(|of| of[judge as usize]);
        let ask = |entry: usize| {
            let kept: Vec<_> = problem.forced.iter().filter(|one| one.entry as usize == entry).collect();
            let asks = problem.demand[entry] > 0;
            let want = (problem.demand[entry] as usize).saturating_sub(kept.len());
            let taken: Vec<u32> = kept.iter().map(|one| class(one.judge)).filter(|of| *of != NONE).collect();
            let mut often = vec![0; pools.count()];
            let mut list = Vec::new();
            for &(judge, score) in &choices[entry] {
                let pool = pools.of[judge as usize];
                let one = Choice { pool, score, value: 0, class: class(judge), senior: is_senior(judge) };
                if often[pool as usize] < want && (one.class == NONE || !taken.contains(&one.class)) {
                    often[pool as usize] += 1;
                    list.push(one);
                }
            }
            Ask {
                want,
                least: if asks && floor > i64::MIN {
                    floor - kept.iter().map(|one| one.score).sum::<i64>()
                } else {
                    i64::MIN
                },
                senior: senior.is_some() && asks && !kept.iter().any(|one| is_senior(one.judge)),
                choices: list,
            }
        };
        let highest = choices.iter().flatten().map(|one| one.1.abs()).max().unwrap_or(0);
        let fine = if highest < FEW_DIGITS { FINE } else { 1 };
        Sets { fine, highest: highest * fine, asks: (0..problem.entries()).map(ask).collect() }
    }

    pub fn entries(&self) -> usize {
        self.asks.len()
    }

    /// The largest score, in parts of `fine`.
    pub fn highest(&self) -> i64 {
        self.highest
    }

    /// Values at these prices (in parts of `fine`), the best first.
    fn price(&mut self, entry: usize, price: &[i64]) {
        let fine = self.fine;
        let choices = &mut self.asks[entry].choices;
        for one in choices.iter_mut() {
            one.value = one.score * fine - price[one.pool as usize];
        }
        choices.sort_unstable_by_key(|one| (std::cmp::Reverse(one.value), one.pool));
    }

    /// The set of most value at these prices, and that value; none if no set serves, or none is found with so many steps.
    pub fn best(&mut self, entry: usize, price: &[i64], steps: &mut u64) -> Option<(i64, Vec<u32>)> {
        self.price(entry, price);
        let ask = &self.asks[entry];
        let few = undominated(ask);
        let mut best: Option<(i64, Vec<u32>)> = None;
        *steps = steps.saturating_sub(ask.choices.len() as u64);
        let mut walk = Walk::new(ask, &few, i64::MIN, *steps);
        walk.every(&mut |value, _, set, least| {
            *least = value + 1;
            best = Some((value, set.iter().map(|at| few[*at].pool).collect()));
            ControlFlow::Continue(())
        });
        *steps = walk.steps;
        best
    }

    /// The sets whose value is within `most` of `top`, the least short first, at most `keep` of them, and whether these are
    /// all.
    pub fn within(
        &mut self,
        entry: usize,
        price: &[i64],
        top: i64,
        most: i64,
        keep: usize,
        steps: u64,
    ) -> (Vec<Set>, bool) {
        self.price(entry, price);
        let ask = &self.asks[entry];
        let mut found: Vec<Set> = Vec::new();
        let mut all = true;
        let mut walk = Walk::new(ask, &ask.choices, top.saturating_sub(most), steps);
        walk.every(&mut |value, score, set, least| {
            let pools = set.iter().map(|at| ask.choices[*at].pool).collect();
            found.push(Set { short: top.saturating_sub(value).max(0), score, pools });
            if found.len() >= 2 * keep {
                found.select_nth_unstable(keep - 1);
                found.truncate(keep);
                all = false;
                *least = top - found[keep - 1].short;
            }
            ControlFlow::Continue(())
        });
        all &= walk.steps > 0 && found.len() <= keep;
        found.sort_unstable();
        found.truncate(keep);
        (found, all)
    }
}

/// The choices without those that at least as many others beat in value and score as an entry wants, and could stand for.
fn undominated(ask: &Ask) -> Vec<Choice> {
    // Without a floor the walk along falling values ends soon by itself.
    if ask.least == i64::MIN {
        return ask.choices.clone();
    }
    let mut few: Vec<Choice> = Vec::new();
    for one in &ask.choices {
        let beats = |other: &&Choice| {
            other.score >= one.score
                && (other.class == NONE || other.class == one.class)
                && (other.senior || !one.senior)
        };
        if few.iter().filter(beats).count() < ask.want.max(1) {
            few.push(*one);
        }
    }
    few
}

/// Told value, score, places and the least value asked for from now on, which it may raise.
type Found<'a> = dyn FnMut(i64, i64, &[usize], &mut i64) -> ControlFlow<()> + 'a;

/// A walk over the sets of an entry, depth first, along choices of falling value.
struct Walk<'a> {
    ask: &'a Ask,
    choices: &'a [Choice],
    /// Sums of the first values.
    sums: Vec<i64>,
    /// From each place on, the highest score.
    highest: Vec<i64>,
    least: i64,
    steps: u64,
    set: Vec<usize>,
}

impl<'a> Walk<'a> {
    fn new(ask: &'a Ask, choices: &'a [Choice], least: i64, steps: u64) -> Walk<'a> {
        let mut sums = vec![0i64];
        for one in choices {
            sums.push(sums[sums.len() - 1] + one.value);
        }
        let mut highest = vec![i64::MIN; choices.len() + 1];
        for (at, one) in choices.iter().enumerate().rev() {
            highest[at] = highest[at + 1].max(one.score);
        }
        Walk { ask, choices, sums, highest, least, steps, set: Vec::with_capacity(ask.want) }
    }

    fn every(&mut self, found: &mut Found) {
        let _ = self.from(0, 0, 0, !self.ask.senior, found);
    }

    fn from(&mut self, first: usize, value: i64, score: i64, senior: bool, found: &mut Found) -> ControlFlow<()> {
        let missing = self.ask.want - self.set.len();
        if missing == 0 {
            if senior && score >= self.ask.least && value >= self.least {
                return found(value, score, &self.set, &mut self.least);
            }
            return ControlFlow::Continue(());
        }
        for at in first..self.choices.len().saturating_sub(missing - 1) {
            if value + self.sums[at + missing] - self.sums[at] < self.least {
                break;
            }
            if score.saturating_add(self.highest[at].saturating_mul(missing as i64)) < self.ask.least {
                break;
            }
            // Of a pool one member is as good as another.
            if at > first && self.choices[at].pool == self.choices[at - 1].pool {
                continue;
            }
            self.steps = self.steps.saturating_sub(1);
            if self.steps == 0 {
                return ControlFlow::Break(());
            }
            let one = self.choices[at];
            if one.class != NONE && self.set.iter().any(|other| self.choices[*other].class == one.class) {
                continue;
            }
            self.set.push(at);
            let further = self.from(at + 1, value + one.value, score + one.score, senior || one.senior, found);
            self.set.pop();
            further?;
        }
        ControlFlow::Continue(())
    }
}
