//! Whether time alone cures a refusal, and from which day.
//!
//! Most conditions that depend on the day can only turn from false to true as time goes on (an age that must be
//! reached) or only from true to false (an age that must not be exceeded). For those the first day is found by halving,
//! or is known not to come; only for others every day of ten years is tried.

use codes::Date;

use crate::compile::{Arithmetic, Comparison, Function, Node};
use crate::evaluate::Context;
use crate::number::{Exact, Range};
use crate::policy::{Fact, Outcome, Policy};
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
    days: Vec<(Date, i32)>,
}

impl Policy {
    /// The first later day on which the clause holds, with everything as it is but the calendar.
    pub(crate) fn first_date(&self, clause: usize, facts: &[Value], as_of: Date) -> Option<Date> {
        let one = &self.clauses[clause];
        let over = |to: Option<Date>| to.is_some_and(|to| to < as_of);
        if over(self.days.to) || over(one.days.to) {
            return None;
        }
        let context = Context { policy: self, clause, facts, as_of };
        let mut failing = Vec::new();
        for condition in &one.conditions {
            if !matches!(context.value(&condition.node), Ok(Value { kind: Kind::Bool(true), .. })) {
                let drift = self.drift(&condition.node);
                if matches!(drift, Drift::Flat | Drift::Falling) {
                    return None;
                }
                failing.push((&condition.node, drift));
            }
        }
        let later = Later { policy: self, clause, facts, days: days(as_of) };
        let steady = one.conditions.iter().all(|condition| self.drift(&condition.node) != Drift::Any);
        let mut start = 0;
        for (node, drift) in &failing {
            if *drift == Drift::Rising {
                start = start.max(later.halve(node)?);
            }
        }
        start = start.max(later.days.iter().position(|(day, _)| self.days.hold(*day) && one.days.hold(*day))?);
        let end = if steady { start + 1 } else { later.days.len() };
        (start..end).find(|at| later.eligible(*at)).map(|at| later.days[at].0)
    }

    fn drift(&self, node: &Node) -> Drift {
        match node {
            Node::Constant(_) => Drift::Flat,
            Node::Fact(at) if self.facts[usize::from(*at)].grows_monthly => Drift::Rising,
            Node::Fact(_) => Drift::Flat,
            Node::Parameter(at) if self.parameters[usize::from(*at)].values.len() == 1 => Drift::Flat,
            Node::AsOf | Node::LastYear => Drift::Rising,
            Node::Not(inner) => self.drift(inner).opposite(),
            Node::Logic(_, left, right) => self.drift(left).with(self.drift(right)),
            Node::Compare(Comparison::Less(_), left, right) => self.drift(left).opposite().with(self.drift(right)),
            Node::Compare(Comparison::Greater(_), left, right) => self.drift(left).with(self.drift(right).opposite()),
            Node::Arithmetic(Arithmetic::Add, left, right) => self.drift(left).with(self.drift(right)),
            Node::Arithmetic(Arithmetic::Subtract, left, right) => self.drift(left).with(self.drift(right).opposite()),
            Node::Arithmetic(Arithmetic::Truncate | Arithmetic::Divide | Arithmetic::Multiply, left, right)
                if positive(right) =>
            {
                self.drift(left)
            }
            Node::Call(Function::MonthsBetween, arguments) => match arguments.as_slice() {
                [from, to] => self.drift(from).opposite().with(self.drift(to)),
                _ => Drift::Any,
            },
            Node::Call(Function::Year | Function::AddMonths, arguments) => match arguments.as_slice() {
                [day] => self.drift(day),
                [day, months] if self.drift(months) == Drift::Flat => self.drift(day),
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
                Node::Parameter(at) => self.parameters[usize::from(*at)].values.len() == 1,
                Node::Fact(at) => !self.facts[usize::from(*at)].grows_monthly,
                Node::Call(function, _) => !matches!(
                    function,
                    Function::FirstReached
                        | Function::SumLast
                        | Function::MeanLast
                        | Function::Grew
                        | Function::GrowthReaches
                ),
                Node::AsOf
                | Node::LastYear
                | Node::ParameterOn(..)
                | Node::Table(_)
                | Node::Eligible(_)
                | Node::AmountOf(_) => false,
                _ => true,
            };
        });
        if flat { Drift::Flat } else { Drift::Any }
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

fn positive(node: &Node) -> bool {
    let Node::Constant(value) = node else { return false };
    value.range().and_then(|range| range.low).is_some_and(|low| low.parts().0 > 0)
}

/// The days to look at, each with the months that have passed by then.
fn days(as_of: Date) -> Vec<(Date, i32)> {
    let mut all = Vec::with_capacity(3700);
    let (mut day, mut months) = (as_of, 0);
    let mut next = later(as_of, 1);
    while let Some(tomorrow) = day.tomorrow() {
        day = tomorrow;
        while next.is_some_and(|next| next <= day) {
            months += 1;
            next = later(as_of, months + 1);
        }
        if months >= MOST_MONTHS {
            break;
        }
        all.push((day, months));
    }
    all
}

/// So many months later; the last day of a month stays a last day.
fn later(day: Date, months: i32) -> Option<Date> {
    let tomorrow = day.tomorrow()?;
    if tomorrow.day() == 1 { tomorrow.add_months(months).ok()?.yesterday() } else { day.add_months(months).ok() }
}

impl Later<'_> {
    fn holds(&self, node: &Node, at: usize) -> bool {
        let (day, months) = self.days[at];
        let grown = self.policy.grown(self.facts, months);
        let context = Context { policy: self.policy, clause: self.clause, facts: &grown, as_of: day };
        matches!(context.value(node), Ok(Value { kind: Kind::Bool(true), .. }))
    }

    /// The first day on which a condition that never turns false again holds.
    fn halve(&self, node: &Node) -> Option<usize> {
        let (mut low, mut high) = (0, self.days.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.holds(node, middle) { high = middle } else { low = middle + 1 }
        }
        (low < self.days.len()).then_some(low)
    }

    fn eligible(&self, at: usize) -> bool {
        let (day, months) = self.days[at];
        let grown = self.policy.grown(self.facts, months);
        self.policy.answer(self.clause, &grown, day).is_ok_and(|answer| answer.outcome == Outcome::Eligible)
    }
}
