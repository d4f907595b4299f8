//! Judges that differ in nothing count as one with the places of all: a search over sets would otherwise try each for each.
//! Thirty judges without any affinity are not rare.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::problem::Problem;
use crate::rules::Rules;

/// Judges by what they are alike in.
pub(crate) struct Pools {
    /// By judge.
    pub of: Vec<u32>,
    /// By pool, ascending.
    members: Vec<Vec<u32>>,
    /// By pool: the least and the most of all members together, kept pairs left out.
    pub low: Vec<i64>,
    pub high: Vec<i64>,
}

impl Pools {
    pub fn new(problem: &Problem, rules: &Rules) -> Pools {
        let wide = |list: &[u32]| list.iter().map(|one| i64::from(*one)).collect::<Vec<_>>();
        let (mut least, mut most) = (wide(&problem.load_min), wide(&problem.load_max));
        for one in &problem.forced {
            least[one.judge as usize] = (least[one.judge as usize] - 1).max(0);
            most[one.judge as usize] -= 1;
        }
        // What is left once every least load is met is all that any judge can have above its own.
        let places = problem.demand.iter().map(|one| i64::from(*one)).sum::<i64>() - problem.forced.len() as i64;
        let (needed, given) = (least.iter().sum::<i64>(), most.iter().sum::<i64>());
        for (least, most) in least.iter_mut().zip(&mut most) {
            let (low, high) = (*least, *most);
            *most = high.min(low + (places - needed).max(0));
            *least = low.max(high - (given - places).max(0));
        }
        let mut pools = Pools { of: Vec::new(), members: Vec::new(), low: Vec::new(), high: Vec::new() };
        let mut known: HashMap<(u64, i64, i64), Vec<u32>> = HashMap::new();
        for judge in 0..problem.judges() {
            let mut hasher = DefaultHasher::new();
            (0..problem.entries()).for_each(|entry| problem.scores.get(judge, entry).hash(&mut hasher));
            let alike = known.entry((hasher.finish(), least[judge], most[judge])).or_default();
            let first = |pool: u32| pools.members[pool as usize][0] as usize;
            let pool = alike.iter().copied().find(|pool| is_alike(problem, rules, first(*pool), judge));
            let pool = pool.unwrap_or_else(|| {
                pools.members.push(Vec::new());
                pools.low.push(0);
                pools.high.push(0);
                alike.push(pools.members.len() as u32 - 1);
                pools.members.len() as u32 - 1
            });
            pools.of.push(pool);
            pools.members[pool as usize].push(judge as u32);
            pools.low[pool as usize] += least[judge];
            pools.high[pool as usize] += most[judge];
        }
        pools
    }

    pub fn count(&self) -> usize {
        self.members.len()
    }

    /// Prices of pools from those of judges, in so many parts.
    pub fn prices(&self, of_judges: &[i64], parts: i64) -> Vec<i64> {
        self.members.iter().map(|members| of_judges[members[0] as usize].saturating_mul(parts)).collect()
    }

    /// Judges for pools, by entry: members take turns, so their loads differ by one at most and stay within bounds.
    pub fn spread<'s>(&self, sets: impl Iterator<Item = &'s [u32]>) -> Vec<(u32, u32)> {
        let mut turn = vec![0usize; self.members.len()];
        let mut pairs = Vec::new();
        for (entry, set) in sets.enumerate() {
            for &pool in set {
                let members = &self.members[pool as usize];
                pairs.push((entry as u32, members[turn[pool as usize] % members.len()]));
                turn[pool as usize] += 1;
            }
        }
        pairs
    }
}

fn is_alike(problem: &Problem, rules: &Rules, one: usize, other: usize) -> bool {
    let institution = problem.institution.as_ref().filter(|_| rules.one_per_institution);
    let senior = problem.senior.as_ref().filter(|_| rules.one_senior);
    institution.is_none_or(|of| of[one] == of[other])
        && senior.is_none_or(|of| of[one] == of[other])
        && (0..problem.entries()).all(|entry| problem.scores.get(one, entry) == problem.scores.get(other, entry))
}
