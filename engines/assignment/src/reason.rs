//! Why this judge on this entry.

use std::fmt;

use crate::assignment::Assignment;
use crate::problem::Problem;

/// Why a pair was chosen, in terms of who else could have come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// The pair was kept, not chosen.
    pub kept: bool,
    /// The judge's place among those without conflict on this entry, 1 the best; equals share the better place.
    pub rank: usize,
    /// How many judges have no conflict with the entry.
    pub open: usize,
    /// Better judges that are on the entry as well.
    pub better_here: usize,
    /// Better judges that are worth more on other entries.
    pub better_elsewhere: usize,
    /// What the best of those would add to this entry's total; 0 if there is none.
    pub missed: f64,
    /// What a place with this judge costs: the loss elsewhere if one were taken away.
    pub price: f64,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kept {
            return write!(f, "kept as it was assigned by hand");
        }
        write!(f, "number {} of {} judges without conflict", self.rank, self.open)?;
        if self.better_here > 0 {
            write!(f, ", {} better also on it", self.better_here)?;
        }
        match self.better_elsewhere {
            0 => Ok(()),
            count => write!(f, ", {count} better worth more elsewhere"),
        }
    }
}

/// A reason for every pair of an assignment, in its order.
#[must_use]
pub fn reasons(problem: &Problem, assignment: &Assignment) -> Vec<Reason> {
    let mut reasons = Vec::with_capacity(assignment.pairs.len());
    let mut start = 0;
    while start < assignment.pairs.len() {
        let entry = assignment.pairs[start].entry;
        let here = assignment.pairs[start..].iter().take_while(|pair| pair.entry == entry).count();
        let pairs = &assignment.pairs[start..start + here];
        let mut scores: Vec<(f64, usize)> =
            (0..problem.judges()).filter_map(|judge| Some((problem.score(judge, entry)?, judge))).collect();
        scores.sort_by(|a, b| b.0.total_cmp(&a.0));
        for pair in pairs {
            let better = scores.partition_point(|one| one.0 > pair.score);
            let is_here = |judge: usize| pairs.iter().any(|other| other.judge == judge);
            let better_here = scores[..better].iter().filter(|one| is_here(one.1)).count();
            let missed = scores[..better].iter().find(|one| !is_here(one.1)).map_or(0.0, |one| one.0 - pair.score);
            reasons.push(Reason {
                kept: problem.is_forced(pair.judge, entry),
                rank: better + 1,
                open: scores.len(),
                better_here,
                better_elsewhere: better - better_here,
                missed,
                price: assignment.prices.judge[pair.judge],
            });
        }
        start += here;
    }
    reasons
}
