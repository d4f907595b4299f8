//! Whole sets of judges, one for each entry. A floor under an entry's total and side rules bind one entry each, so sets
//! carry them exactly, and only the loads of judges tie entries together. At good prices of these loads nearly every set
//! falls so short of its entry's best that it can be in no better assignment; what is left is searched through.

mod pools;
mod prices;
mod sets;
mod several;

use crate::problem::Problem;
use crate::rules::Rules;
use crate::watch::{Stopped, Watch};
use pools::Pools;
use sets::Sets;
use several::Several;

/// Up to so many pairs it is worth the time.
const SMALL: usize = 50_000;
/// So many steps go into prices, and so many sets are looked at; and the same on problems that are not small.
const EFFORT: (u64, u64) = (200_000_000, 80_000_000);
const LESS_EFFORT: (u64, u64) = (30_000_000, 6_000_000);

/// Lots: xorshift64*; the same every time.
pub(crate) struct Lot(pub u64);

impl Lot {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize) % most.max(1)
    }
}

/// Entry, judge and score.
pub(crate) type Pairs = Vec<(u32, u32, i64)>;

/// A problem without groups, with the judges that may come to each entry, and prices to begin at.
pub(crate) struct Whole<'a> {
    pub problem: &'a Problem,
    pub rules: &'a Rules,
    pub choices: &'a [Vec<(u32, i64)>],
    pub prices: &'a [i64],
}

/// By entry: all judges that may come, with their scores.
pub(crate) fn every_choice(problem: &Problem) -> Vec<Vec<(u32, i64)>> {
    let of = |entry: usize| {
        let all = (0..problem.judges()).map(|judge| (judge as u32, problem.scores.get(judge, entry)));
        all.filter_map(|(judge, score)| Some((judge, score?))).collect()
    };
    (0..problem.entries()).map(of).collect()
}

/// What a search for any assignment came to.
pub(crate) enum Any {
    Found(Pairs),
    /// There is none.
    None,
    /// It was given up.
    Unknown,
}

impl Any {
    pub fn found(self) -> Option<Pairs> {
        if let Any::Found(pairs) = self { Some(pairs) } else { None }
    }
}

/// A better assignment, kept pairs included.
pub(crate) struct Better {
    pub pairs: Pairs,
    /// Whether none is better still.
    pub proved: bool,
    /// No assignment at this floor has a larger sum.
    pub bound: i128,
}

impl Whole<'_> {
    pub fn is_small(&self) -> bool {
        self.choices.iter().map(Vec::len).sum::<usize>() <= SMALL
    }

    /// Any assignment with this floor.
    pub fn any(&self, floor: i64) -> Any {
        let pools = Pools::new(self.problem, self.rules);
        let mut sets = Sets::new(self.problem, self.rules, &pools, self.choices, floor);
        let fine = pools.prices(self.prices, sets.fine);
        match several::any(&pools, &mut sets, &fine) {
            (Some(pairs), _) => Any::Found(self.with_scores(pairs)),
            (None, true) => Any::None,
            (None, false) => Any::Unknown,
        }
    }

    /// The best that is found from an assignment with this floor; `has`: by entry, its judges with their scores, kept ones
    /// left out. None if that takes too long.
    pub fn improve(&self, floor: i64, has: &[Vec<(u32, i64)>], watch: &dyn Watch) -> Result<Option<Better>, Stopped> {
        let (price_steps, effort) = if self.is_small() { EFFORT } else { LESS_EFFORT };
        let pools = Pools::new(self.problem, self.rules);
        let mut sets = Sets::new(self.problem, self.rules, &pools, self.choices, floor);
        let kept: i128 = self.problem.forced.iter().map(|one| i128::from(one.score)).sum();
        let grid = self.grid() * sets.fine;
        let parts = i128::from(sets.fine);
        let aim = parts * has.iter().flatten().map(|one| i128::from(one.1)).sum::<i128>();
        let fine = pools.prices(self.prices, sets.fine);
        let priced = prices::prices(&pools, &mut sets, &fine, aim, grid, price_steps, watch)?;
        let Some(priced) = priced else { return Ok(None) };
        let mut several = Several::new(&pools, &mut sets, &priced, has, grid, watch)?;
        several.improve(effort, watch)?;
        let pairs = self.with_scores(several.pairs());
        Ok(Some(Better { pairs, proved: several.is_best(), bound: kept + priced.bound.div_euclid(parts) }))
    }

    fn with_scores(&self, pairs: Vec<(u32, u32)>) -> Pairs {
        let score = |entry: u32, judge: u32| self.problem.scores.get(judge as usize, entry as usize).unwrap_or(0);
        let kept = self.problem.forced.iter().map(|one| (one.entry, one.judge, one.score));
        pairs.into_iter().map(|(entry, judge)| (entry, judge, score(entry, judge))).chain(kept).collect()
    }

    /// All sums of scores differ by multiples of this.
    fn grid(&self) -> i64 {
        let common = |mut a: i64, mut b: i64| {
            while b != 0 {
                (a, b) = (b, a % b);
            }
            a
        };
        self.choices.iter().flatten().fold(0, |grid, one| common(grid, one.1.abs())).max(1)
    }
}
