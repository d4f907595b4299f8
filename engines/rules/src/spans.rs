//! What spans several clauses of one subject: exclusion groups, caps together, what was granted before.

use codes::Date;

use crate::combine::{self, combine};
use crate::compile::Node;
use crate::document::{RoundForm, Short, Ties};
use crate::evaluate::Context;
use crate::fault::Fault;
use crate::number::{Exact, Range, Rounding};
use crate::policy::{Answer, Outcome, Policy};
use crate::value::Value;

/// What limits several clauses of one subject together.
#[derive(Clone, Debug)]
pub struct Limit {
    /// The measure's words in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// The clauses it is about, by number.
    pub clauses: Vec<usize>,
    /// At most so much together, with what was paid before already taken off; none where at most one clause is granted.
    pub cap: Option<Node>,
}

/// An amount that all subjects together get at most.
#[derive(Clone, Debug)]
pub struct Budget {
    /// The measure's words in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// The clauses that are paid from it.
    pub clauses: Vec<usize>,
    /// How much there is; reads parameters, no facts.
    pub amount: Node,
    /// What happens when it does not suffice.
    pub short: Short,
    /// Who comes first, by the smallest number; for [`Short::InOrder`].
    pub by: Option<Node>,
    /// To what a share is rounded down.
    pub round: RoundForm,
}

/// That only the best of all applicants are chosen.
#[derive(Clone, Debug)]
pub struct Best {
    /// The measure's words in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// How many; reads parameters, no facts.
    pub places: Node,
    /// What they are ranked by.
    pub by: Node,
    /// Whether the smallest number is the best.
    pub lowest: bool,
    /// What becomes of those who share the last place.
    pub ties: Ties,
}

/// What is granted for a clause: not less, not more, in fen. No upper end means none is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// At least so much.
    pub low: i64,
    /// At most so much; [`i64::MAX`] where no bound is known.
    pub high: i64,
}

impl Due {
    /// The amount, if only one is possible.
    pub fn exact(self) -> Option<i64> {
        (self.low == self.high).then_some(self.low)
    }

    fn plus(self, other: Self) -> Self {
        Self { low: self.low.saturating_add(other.low), high: self.high.saturating_add(other.high) }
    }
}

/// What one subject is granted when the limits of the policy are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// By clause.
    pub clauses: Vec<Due>,
    /// Together.
    pub total: Due,
    /// The limits that took something away, by number.
    pub binding: Vec<usize>,
}

/// Whole fen within bounds; fractions go outwards.
pub(crate) fn ends(range: Range) -> Result<Due, Fault> {
    let whole = |end: Exact, rounding| {
        let whole = end.round(1, rounding)?.as_whole().ok_or(Fault::Type)?;
        i64::try_from(whole).map_err(|_| Fault::Overflow)
    };
    Ok(Due {
        low: range.low.map_or(Ok(0), |low| whole(low, Rounding::Down))?.max(0),
        // A bound beyond 64 bits is as good as none.
        high: range.high.map_or(i64::MAX, |high| whole(high, Rounding::Up).unwrap_or(i64::MAX)).max(0),
    })
}

/// What an answer grants before any limit: nothing for certain unless the clause is due for certain.
pub(crate) fn due(answer: &Answer) -> Result<Due, Fault> {
    let due = ends(answer.amount)?;
    Ok(match answer.outcome {
        Outcome::Eligible => due,
        Outcome::NotEligible => Due::default(),
        Outcome::Unknown | Outcome::NeedsPeople => Due { low: 0, high: due.high },
    })
}

impl Policy {
    /// Whether something of the policy spans clauses or subjects.
    pub fn spans(&self) -> bool {
        !self.limits.is_empty() || self.needs_cohort()
    }

    /// Whether something of the policy can only be said of all applicants together.
    pub fn needs_cohort(&self) -> bool {
        !self.budgets.is_empty() || !self.totals.is_empty() || self.clauses.iter().any(|clause| clause.best.is_some())
    }

    /// What one subject is granted under the policy's limits: the best lawful set, exactly where the amounts are exact.
    /// Budgets are not regarded: they are for all subjects together.
    ///
    /// # Errors
    /// A [`Fault`] of evaluation.
    pub fn settle(&self, facts: &[Value], as_of: Date) -> Result<Settled, Fault> {
        let mut dues = Vec::new();
        for clause in 0..self.clauses.len() {
            dues.push(due(&self.answer(clause, facts, as_of)?)?);
        }
        self.settled(&dues, &self.caps(facts, as_of)?)
    }

    /// What each limit leaves, by limit; without meaning for those that exclude.
    pub(crate) fn caps(&self, facts: &[Value], as_of: Date) -> Result<Vec<Due>, Fault> {
        let context = Context { policy: self, clause: 0, facts, as_of };
        let cap = |limit: &Limit| match &limit.cap {
            None => Ok(Due { low: i64::MAX, high: i64::MAX }),
            Some(node) => ends(context.value(node)?.range().ok_or(Fault::Type)?),
        };
        self.limits.iter().map(cap).collect()
    }

    /// The best lawful set for these amounts under these caps.
    pub(crate) fn settled(&self, dues: &[Due], caps: &[Due]) -> Result<Settled, Fault> {
        let low = self.best_of(dues, caps, |due| due.low)?;
        let high = self.best_of(dues, caps, |due| due.high)?;
        let exact = dues.iter().chain(caps).all(|due| due.exact().is_some());
        let clauses: Vec<Due> = (0..dues.len())
            .map(|at| match (exact, self.limited(at)) {
                (true, _) => Due { low: low.0[at], high: low.0[at] },
                (false, false) => dues[at],
                (false, true) => {
                    let within = |limit: &Limit| limit.cap.is_some() && limit.clauses.contains(&at);
                    let capped = self.limits.iter().zip(caps).filter(|(limit, _)| within(limit));
                    Due { low: 0, high: capped.fold(dues[at].high, |high, (_, cap)| high.min(cap.high)) }
                }
            })
            .collect();
        let binding = |at: &usize| {
            let limit = &self.limits[*at];
            let sum =
                |of: &dyn Fn(usize) -> Due| limit.clauses.iter().fold(Due::default(), |sum, at| sum.plus(of(*at)));
            sum(&|at| clauses[at]) != sum(&|at| dues[at])
        };
        let binding = (0..self.limits.len()).filter(binding).collect();
        Ok(Settled { clauses, total: Due { low: low.1, high: high.1 }, binding })
    }

    /// The best set for one end of the amounts: by clause, and together.
    fn best_of(&self, dues: &[Due], caps: &[Due], end: impl Fn(Due) -> i64) -> Result<(Vec<i64>, i64), Fault> {
        // Only what is limited is combined; what has no bound counts as so much that sums of it stay within 64 bits.
        let limited: Vec<usize> = (0..dues.len()).filter(|at| self.limited(*at)).collect();
        let most = i64::MAX / (dues.len() as i64 + 1);
        let mut granted: Vec<i64> = dues.iter().map(|due| end(*due).min(most)).collect();
        if dues.iter().map(|due| end(*due)).any(|fen| fen > most && fen != i64::MAX) {
            return Err(Fault::Overflow);
        }
        let unbounded = |granted: &[i64]| granted.contains(&most);
        let amounts: Vec<i64> = limited.iter().map(|at| granted[*at]).collect();
        let place = |clause: &usize| limited.binary_search(clause).ok();
        let mut limits = combine::Limits::default();
        for (limit, cap) in self.limits.iter().zip(caps) {
            let places: Vec<usize> = limit.clauses.iter().filter_map(place).collect();
            match limit.cap {
                // What pays nothing keeps nothing else away.
                None => limits.exclusive.push(places.into_iter().filter(|at| amounts[*at] > 0).collect()),
                Some(_) => limits.caps.push((places, end(*cap))),
            }
        }
        let best = combine(&amounts, &limits).map_err(|_| Fault::Overflow)?;
        limited.iter().for_each(|at| granted[*at] = 0);
        let mut left: Vec<i64> = limits.caps.iter().map(|(_, cap)| *cap).collect();
        // Caps lie within each other, so taking from each in the order of the clauses wastes nothing.
        for at in best.granted {
            let within: Vec<usize> = (0..left.len()).filter(|cap| limits.caps[*cap].0.contains(&at)).collect();
            let fen = within.iter().fold(amounts[at], |fen, cap| fen.min(left[*cap]));
            within.iter().for_each(|cap| left[*cap] -= fen);
            granted[limited[at]] = fen;
        }
        let total = if unbounded(&granted) { i64::MAX } else { granted.iter().sum() };
        Ok((granted, total))
    }

    fn limited(&self, clause: usize) -> bool {
        self.limits.iter().any(|limit| limit.clauses.contains(&clause))
    }
}
