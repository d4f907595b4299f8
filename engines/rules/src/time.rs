//! Whether time alone cures a refusal, and from which day.
//!
//! Most conditions that depend on the day can only turn from false to true as time goes on (an age that must be
//! reached) or only from true to false (an age that must not be exceeded). For those the first day is found by halving,
//! or is known not to come; only for others every day of ten years is tried.

use std::borrow::Cow;
use std::cmp::Ordering;

use codes::Date;

use crate::compile::{Arithmetic, Comparison, Function, Node};
use crate::evaluate::Context;
use crate::number::{Exact, Range};
use crate::policy::{Fact, Outcome, Policy, Table};
use crate::value::{Kind, Value};

/// The farthest day that is looked at.
const MOST_MONTHS: i32 = 120;

/// How a value changes as days pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Drift {
    /// Not at all.
    Flat,
    /// It never falls; a truth value never turns from true to false.
    Rising,
    /// It never rises.
    Falling,
    /// In ways not known here.
    Any,
}

impl Drift {
    fn opposite(self) -> Self {
        match self {
            Self::Rising => Self::Falling,
            Self::Falling => Self::Rising,
            same => same,
        }
    }

    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Flat, one) | (one, Self::Flat) => one,
            (one, two) if one == two => one,
            _ => Self::Any,
        }
    }
}

/// Days are counted from the day asked about; facts that grow monthly have grown by then.
struct Later<'a> {
    policy: &'a Policy,
    clause: usize,
    facts: &'a [Value],
    as_of: Date,
    /// How many days are looked at.
    count: usize,
}

impl Policy {
    /// The first later day on which a condition that fails now holds, if time can only turn it true.
    pub(crate) fn cured(&self, clause: usize, facts: &[Value], as_of: Date, condition: usize) -> Option<Date> {
        let node = &self.clauses[clause].conditions[condition].node;
        if (Drifts { policy: self, clause, as_of }).of(node) != Drift::Rising {
            return None;
        }
        let later = Later { policy: self, clause, facts, as_of, count: count(as_of) };
        later.halve(node).and_then(|at| later.day(at))
    }

    /// The first later day on which the clause holds, with everything as it is but the calendar.
    /// `fails` are the conditions that do not hold now.
    pub(crate) fn first_date(
        &self,
        clause: usize,
        facts: &[Value],
        as_of: Date,
        fails: impl Iterator<Item = usize>,
    ) -> Option<Date> {
        let one = &self.clauses[clause];
        let over = |to: Option<Date>| to.is_some_and(|to| to < as_of);
        if over(self.days.to) || over(one.days.to) {
            return None;
        }
        let drifts = Drifts { policy: self, clause, as_of };
        let mut failing = Vec::new();
        for condition in fails.map(|at| &one.conditions[at]) {
            let drift = drifts.of(&condition.node);
            if matches!(drift, Drift::Flat | Drift::Falling) {
                return None;
            }
            failing.push((&condition.node, drift));
        }
        let end =
            later(as_of, MOST_MONTHS).map_or_else(|| as_of.days_until(Date::MAX), |end| as_of.days_until(end) - 1);
        let count = usize::try_from(end).unwrap_or(0);
        let later = Later { policy: self, clause, facts, as_of, count };
        let steady = one.conditions.iter().all(|condition| drifts.of(&condition.node) != Drift::Any);
        let mut start = 0;
        for (node, drift) in &failing {
            if *drift == Drift::Rising {
                start = start.max(later.halve(node)?);
            }
        }
        let from = self.days.from.into_iter().chain(one.days.from).map(|from| as_of.days_until(from) - 1).max();
        start = start.max(usize::try_from(from.unwrap_or(0)).unwrap_or(0));
        let end = if steady { start + 1 } else { later.count };
        (start..end.min(later.count)).find(|at| later.eligible(*at)).and_then(|at| later.day(at))
    }

    fn grown(&self, facts: &[Value], months: i32) -> Vec<Value> {
        let more = Range::point(Exact::whole(i128::from(months)));
        let grow = |(value, fact): (&Value, &Fact)| match value.kind {
            Kind::Number(range) if fact.grows_monthly => {
                Value { kind: Kind::Number(range.plus(more).unwrap_or(range)), missing: value.missing.clone() }
            }
            _ => value.clone(),
        };
        facts.iter().zip(&self.facts).map(grow).collect()
    }
}

/// How the expressions of a clause change from a day on.
struct Drifts<'a> {
    policy: &'a Policy,
    clause: usize,
    as_of: Date,
}

impl Drifts<'_> {
    fn of(&self, node: &Node) -> Drift {
        match node {
            Node::Constant(_) => Drift::Flat,
            Node::Fact(at) if self.policy.facts[usize::from(*at)].grows_monthly => Drift::Rising,
            Node::Fact(_) => Drift::Flat,
            Node::Parameter(at) => self.parameter(*at),
            Node::Table(at) => self.table(&self.policy.clauses[self.clause].tables[usize::from(*at)]),
            Node::AsOf | Node::LastYear => Drift::Rising,
            Node::Not(inner) => self.of(inner).opposite(),
            Node::Logic(_, left, right) => self.of(left).with(self.of(right)),
            Node::Compare(Comparison::Less(_), left, right) => self.of(left).opposite().with(self.of(right)),
            Node::Compare(Comparison::Greater(_), left, right) => self.of(left).with(self.of(right).opposite()),
            Node::Arithmetic(Arithmetic::Add, left, right) => self.of(left).with(self.of(right)),
            Node::Arithmetic(Arithmetic::Subtract, left, right) => self.of(left).with(self.of(right).opposite()),
            Node::Arithmetic(Arithmetic::Truncate | Arithmetic::Divide | Arithmetic::Multiply, left, right)
                if positive(right) =>
            {
                self.of(left)
            }
            Node::Call(Function::MonthsBetween, arguments) => match arguments.as_slice() {
                [from, to] => self.of(from).opposite().with(self.of(to)),
                _ => Drift::Any,
            },
            Node::Call(Function::Year | Function::AddMonths, arguments) => match arguments.as_slice() {
                [day] => self.of(day),
                [day, months] if self.of(months) == Drift::Flat => self.of(day),
                _ => Drift::Any,
            },
            _ => self.unmoved(node),
        }
    }

    /// What names nothing that changes does not change.
    fn unmoved(&self, node: &Node) -> Drift {
        let mut flat = true;
        node.visit(&mut |node| {
            flat &= match node {
                Node::Parameter(at) => self.parameter(*at) == Drift::Flat,
                Node::Table(at) => {
                    self.table(&self.policy.clauses[self.clause].tables[usize::from(*at)]) == Drift::Flat
                }
                Node::Fact(at) => !self.policy.facts[usize::from(*at)].grows_monthly,
                Node::Call(function, _) => !matches!(
                    function,
                    Function::FirstReached
                        | Function::SumLast
                        | Function::MeanLast
                        | Function::Grew
                        | Function::GrowthReaches
                ),
                Node::AsOf | Node::LastYear | Node::ParameterOn(..) | Node::Eligible(_) | Node::AmountOf(_) => false,
                _ => true,
            };
        });
        if flat { Drift::Flat } else { Drift::Any }
    }

    /// A table changes only if something in it does.
    fn table(&self, table: &Table) -> Drift {
        let mut nodes = std::iter::once(&table.by).chain(table.rows.iter().map(|row| &row.value));
        if nodes.all(|node| self.of(node) == Drift::Flat) { Drift::Flat } else { Drift::Any }
    }

    /// A parameter by the values that are still to come.
    fn parameter(&self, at: u16) -> Drift {
        let parameter = &self.policy.parameters[usize::from(at)];
        let Some((_, now)) = parameter.effective(self.as_of) else { return Drift::Any };
        let coming = parameter.values.iter().filter(|(from, _)| *from > self.as_of).map(|(_, value)| value);
        let mut drift = Drift::Flat;
        let mut before = now;
        for value in coming {
            let step = match (before.range().and_then(Range::value), value.range().and_then(Range::value)) {
                (Some(a), Some(b)) => match b.compare(a) {
                    Ok(Ordering::Greater) => Drift::Rising,
                    Ok(Ordering::Less) => Drift::Falling,
                    Ok(Ordering::Equal) => Drift::Flat,
                    Err(_) => Drift::Any,
                },
                _ => Drift::Any,
            };
            drift = drift.with(step);
            before = value;
        }
        drift
    }
}

fn positive(node: &Node) -> bool {
    let Node::Constant(value) = node else { return false };
    value.range().and_then(|range| range.low).is_some_and(|low| low.parts().0 > 0)
}

/// How many days are looked at.
fn count(as_of: Date) -> usize {
    let end = later(as_of, MOST_MONTHS).map_or_else(|| as_of.days_until(Date::MAX), |end| as_of.days_until(end) - 1);
    usize::try_from(end).unwrap_or(0)
}

/// So many months later; the last day of a month stays a last day.
fn later(day: Date, months: i32) -> Option<Date> {
    let tomorrow = day.tomorrow()?;
    if tomorrow.day() == 1 { tomorrow.add_months(months).ok()?.yesterday() } else { day.add_months(months).ok() }
}

impl Later<'_> {
    fn day(&self, at: usize) -> Option<Date> {
        self.as_of.add_days(i64::try_from(at).ok()? + 1).ok()
    }

    /// The facts as they have grown by a day.
    fn grown(&self, day: Date) -> Cow<'_, [Value]> {
        if !self.policy.facts.iter().any(|fact| fact.grows_monthly) {
            return Cow::Borrowed(self.facts);
        }
        let calendar = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
        let mut months = calendar(day) - calendar(self.as_of) + 1;
        while months > 0 && later(self.as_of, months).is_none_or(|end| end > day) {
            months -= 1;
        }
        Cow::Owned(self.policy.grown(self.facts, months))
    }

    fn holds(&self, node: &Node, at: usize) -> bool {
        let Some(day) = self.day(at) else { return false };
        let grown = self.grown(day);
        let context = Context { policy: self.policy, clause: self.clause, facts: &grown, as_of: day };
        matches!(context.value(node), Ok(Value { kind: Kind::Bool(true), .. }))
    }

    /// The first day on which a condition that never turns false again holds.
    fn halve(&self, node: &Node) -> Option<usize> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.holds(node, middle) { high = middle } else { low = middle + 1 }
        }
        (low < self.count).then_some(low)
    }

    fn eligible(&self, at: usize) -> bool {
        let Some(day) = self.day(at) else { return false };
        let grown = self.grown(day);
        self.policy.answer(self.clause, &grown, day).is_ok_and(|answer| answer.outcome == Outcome::Eligible)
    }
}
