//! What can only be said of all applicants together: the best of them, and budgets that do not suffice for all.
//!
//! Where facts are missing the answers are bounds that hold whatever the missing facts turn out to be.

use std::cmp::Ordering;

use codes::Date;

use crate::document::{RoundForm, Short, Ties};
use crate::evaluate::Context;
use crate::fault::Fault;
use crate::number::{Exact, Range};
use crate::policy::Policy;
use crate::spans::{Best, Budget, Due, due, ends};
use crate::value::{Kind, Value};

/// One applicant, with what the steps for all together need of it.
#[derive(Clone, Debug)]
pub struct Entrant {
    /// By clause: what it is due before anything that spans clauses or subjects.
    dues: Vec<Due>,
    /// By clause: whether it is eligible for certain, as far as it alone is concerned.
    certain: Vec<bool>,
    /// By limit: what it leaves.
    caps: Vec<Due>,
    /// By clause: what it is ranked by, where the clause ranks.
    scores: Vec<Range>,
    /// By budget: its place in the queue.
    orders: Vec<Range>,
}

/// Numbers, days and money as ranges; nothing is known of anything else.
fn ranked(value: &Value) -> Range {
    match &value.kind {
        Kind::Date(date) => {
            let day = i128::from(date.year()) * 372 + i128::from(date.month()) * 31 + i128::from(date.day());
            Range::point(Exact::whole(day))
        }
        _ => value.range().unwrap_or(Range::ANY),
    }
}

impl Policy {
    /// An applicant; `None` if it can get nothing whatever the missing facts are.
    ///
    /// # Errors
    /// A [`Fault`] of evaluation.
    pub fn entrant(&self, facts: &[Value], as_of: Date) -> Result<Option<Entrant>, Fault> {
        let (mut dues, mut certain, mut scores) = (Vec::new(), Vec::new(), Vec::new());
        for (at, clause) in self.clauses.iter().enumerate() {
            let answer = self.alone(at, facts, as_of)?;
            dues.push(due(&answer)?);
            certain.push(answer.outcome == crate::policy::Outcome::Eligible);
            let context = Context { policy: self, clause: at, facts, as_of };
            scores.push(match &clause.best {
                Some(best) if dues[at].high > 0 => ranked(&context.value(&best.by)?),
                _ => Range::ANY,
            });
        }
        if dues.iter().all(|due| due.high == 0) {
            return Ok(None);
        }
        let context = Context { policy: self, clause: 0, facts, as_of };
        let order = |budget: &Budget| match &budget.by {
            Some(by) => Ok(ranked(&context.value(by)?)),
            None => Ok(Range::ANY),
        };
        let orders: Result<Vec<Range>, Fault> = self.budgets.iter().map(order).collect();
        Ok(Some(Entrant { dues, certain, caps: self.caps(facts, as_of)?, scores, orders: orders? }))
    }

    /// What each applicant is granted, by clause: the best are chosen, then each one's limits are kept, then budgets are
    /// shared, in the order in which they stand.
    ///
    /// # Errors
    /// A [`Fault`] of evaluation.
    pub fn share(&self, entrants: &[Entrant], as_of: Date) -> Result<Vec<Vec<Due>>, Fault> {
        let context = Context { policy: self, clause: 0, facts: &[], as_of };
        let mut dues: Vec<Vec<Due>> = entrants.iter().map(|one| one.dues.clone()).collect();
        for (at, clause) in self.clauses.iter().enumerate() {
            if let Some(best) = &clause.best {
                let places = ends(context.value(&best.places)?.range().ok_or(Fault::Type)?)?;
                choose(best, at, places.low, entrants, &mut dues)?;
            }
        }
        let mut settled = Vec::with_capacity(dues.len());
        for (dues, entrant) in dues.iter().zip(entrants) {
            settled.push(self.settled(dues, &entrant.caps)?.clauses);
        }
        for (at, budget) in self.budgets.iter().enumerate() {
            let there = ends(context.value(&budget.amount)?.range().ok_or(Fault::Type)?)?.low;
            match budget.short {
                Short::ProRata => in_proportion(budget, there, &mut settled),
                Short::InOrder => {
                    let orders: Vec<Range> = entrants.iter().map(|one| one.orders[at]).collect();
                    in_order(budget, there, &orders, &mut settled);
                }
            }
        }
        Ok(settled)
    }
}

/// A bound of a number; nothing stands for no bound, below (`low`) or above everything.
fn order(a: Option<Exact>, b: Option<Exact>, low: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.compare(b).unwrap_or(Ordering::Equal),
        (None, None) => Ordering::Equal,
        (None, Some(_)) => {
            if low {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
        (Some(_), None) => {
            if low {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
    }
}

/// How many bounds of a sorted list lie above a value, and how many above it or equal to it.
fn above(sorted: &[Option<Exact>], low: bool, value: Option<Exact>) -> (usize, usize) {
    // The list's bounds and the value are of opposite kinds: two that are missing never meet.
    let compare = |bound: &Option<Exact>| match (bound, value) {
        (Some(a), Some(b)) => a.compare(b).unwrap_or(Ordering::Equal),
        (None, _) => {
            if low {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
        (_, None) => {
            if low {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
    };
    let not_above = sorted.partition_point(|bound| compare(bound) != Ordering::Greater);
    let below = sorted.partition_point(|bound| compare(bound) == Ordering::Less);
    (sorted.len() - not_above, sorted.len() - below)
}

/// Chooses the best: who is certainly not among them is due nothing, who is not certainly among them nothing for certain.
fn choose(best: &Best, clause: usize, places: i64, entrants: &[Entrant], dues: &mut [Vec<Due>]) -> Result<(), Fault> {
    let places = usize::try_from(places).unwrap_or(0);
    let score = |one: &Entrant| {
        let range = one.scores[clause];
        if best.lowest { range.negate() } else { Ok(range) }
    };
    let (mut lows, mut highs) = (Vec::new(), Vec::new());
    for one in entrants.iter().filter(|one| one.dues[clause].high > 0) {
        let range = score(one)?;
        highs.push(range.high);
        if one.certain[clause] {
            lows.push(range.low);
        }
    }
    lows.sort_by(|a, b| order(*a, *b, true));
    highs.sort_by(|a, b| order(*a, *b, false));
    for (one, due) in entrants.iter().zip(dues) {
        if one.dues[clause].high == 0 {
            continue;
        }
        let range = score(one)?;
        // For certain better or equal than the most it can be, and possibly better or equal than the least.
        let (surely_above, surely_equal) = above(&lows, true, range.high);
        let (maybe_above, maybe_equal) = above(&highs, false, range.low);
        let exact = range.value().is_some();
        // Itself is among those that may be equal, and where its number is certain among those that are.
        let surely_equal = surely_equal.saturating_sub(usize::from(exact && one.certain[clause]));
        let maybe_above = maybe_above.saturating_sub(usize::from(!exact));
        let maybe_equal = maybe_equal.saturating_sub(1);
        let (inside, outside) = match best.ties {
            Ties::All => (maybe_above < places, surely_above >= places),
            Ties::People => (maybe_equal < places, surely_above >= places),
            Ties::None => (maybe_equal < places, surely_equal >= places),
        };
        if outside {
            due[clause] = Due::default();
        } else if !inside {
            due[clause].low = 0;
        }
    }
    Ok(())
}

/// What a budget's clauses give an applicant together.
fn together(budget: &Budget, dues: &[Due]) -> (i128, i128) {
    budget
        .clauses
        .iter()
        .fold((0, 0), |(low, high), at| (low + i128::from(dues[*at].low), high + i128::from(dues[*at].high)))
}

/// Everybody gets the same share of what is due, rounded down.
fn in_proportion(budget: &Budget, there: i64, dues: &mut [Vec<Due>]) {
    let (low, high) = dues.iter().fold((0, 0), |(low, high), dues| {
        let (a, b) = together(budget, dues);
        (low + a, high + b)
    });
    let unit = if budget.round == RoundForm::Yuan { 100 } else { 1 };
    // Amounts and budgets are below 2^63, so their product fits.
    let part = |fen: i64, whole: i128| {
        if whole <= i128::from(there) {
            return fen;
        }
        if fen == i64::MAX {
            return there;
        }
        let share = i128::from(fen) * i128::from(there) / whole;
        i64::try_from(share / unit * unit).unwrap_or(i64::MAX)
    };
    for dues in dues {
        for at in &budget.clauses {
            // Who gets more makes the whole larger too: the others' ends decide the share.
            let (least, most) = (dues[*at].low, dues[*at].high);
            let rest = (low - i128::from(least), high - i128::from(most));
            let lowest = part(least, rest.1 + i128::from(least));
            let highest = part(most, rest.0 + i128::from(most));
            dues[*at] = Due { low: lowest, high: highest };
        }
    }
}

/// First come, first served: the last one gets what is left. Of those with one number, the one that stands first.
fn in_order(budget: &Budget, there: i64, orders: &[Range], dues: &mut [Vec<Due>]) {
    let sums: Vec<(i128, i128)> = dues.iter().map(|dues| together(budget, dues)).collect();
    let known = orders.iter().all(|range| range.value().is_some());
    let mut queue: Vec<usize> = (0..dues.len()).collect();
    queue.sort_by(|a, b| order(orders[*a].low, orders[*b].low, true));
    // By their latest place: what those up to each get at least.
    let mut latest: Vec<usize> = queue.clone();
    latest.sort_by(|a, b| order(orders[*a].high, orders[*b].high, false));
    let mut least = vec![0_i128];
    latest.iter().for_each(|at| least.push(least[least.len() - 1] + sums[*at].0));
    let (mut low, mut high) = (0_i128, 0_i128);
    let all: i128 = sums.iter().map(|(_, high)| high).sum();
    for at in queue {
        let (before_low, before_high) = if known {
            (low, high)
        } else {
            let surely = |other: &usize| {
                let (end, mine) = (orders[*other].high, orders[at].low);
                end.zip(mine).is_some_and(|(end, mine)| end.compare(mine).is_ok_and(Ordering::is_lt))
            };
            (least[latest.partition_point(surely)], all - sums[at].1)
        };
        low += sums[at].0;
        high += sums[at].1;
        let mut left = (i128::from(there) - before_high, i128::from(there) - before_low);
        for clause in &budget.clauses {
            let due = &mut dues[at][*clause];
            let cut = |fen: i64, left: i128| i64::try_from(i128::from(fen).min(left).max(0)).unwrap_or(0);
            let (low, high) = (cut(due.low, left.0), cut(due.high, left.1));
            // The clauses before it in the budget take from the same rest.
            left = (left.0 - i128::from(due.high), left.1 - i128::from(low));
            *due = Due { low, high };
        }
    }
}
