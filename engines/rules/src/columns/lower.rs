//! From the compiled form to whole-number columns: fractions become numerator and denominator here, once, so that
//! evaluation only multiplies, adds and compares 64-bit numbers.

use codes::Date;

use super::derived::{self, Derived, Truth};
use super::{Slots, packed};
use crate::compile::{Arithmetic, Comparison, Function, Node, Type};
use crate::evaluate::Context;
use crate::number::{Exact, Rounding};
use crate::policy::{Policy, Table};
use crate::value::Kind;

/// Stands for "no lower bound"; no number reaches it.
pub(super) const NONE_LOW: i64 = i64::MIN;
/// Stands for "no upper bound".
pub(super) const NONE_HIGH: i64 = i64::MAX;

/// A whole number of a row.
#[derive(Debug, PartialEq)]
pub(super) enum Num {
    Const(i64),
    /// A slot, and the bounds of the fact while it is unknown.
    Fact(usize, i64, i64),
    Add(Box<Num>, Box<Num>),
    Subtract(Box<Num>, Box<Num>),
    Multiply(Box<Num>, Box<Num>),
    /// The lesser or (true) the greater.
    Extreme(bool, Box<Num>, Box<Num>),
    /// Quotient, brought to a whole number.
    Divide(Whole, Box<Num>, Box<Num>),
    /// Full months from one packed day to another.
    Months(Box<Num>, Box<Num>),
    /// Year of a packed day.
    Year(Box<Num>),
    /// A packed day so many months later.
    Later(Box<Num>, i64),
    /// The number, of which a row must be certain and above zero.
    Positive(Box<Num>),
    If(Box<Test>, Box<Num>, Box<Num>),
    /// The value of the first row whose test holds.
    Tiers(Vec<(Test, Num)>),
}

/// How a quotient becomes whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Whole {
    Truncate,
    Round(Rounding),
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Order {
    Less,
    LessEqual,
    Equal,
    NotEqual,
}

/// A truth value of a row.
#[derive(Debug, PartialEq)]
pub(super) enum Test {
    Const(bool),
    Fact(usize),
    Not(Box<Test>),
    And(Box<Test>, Box<Test>),
    Or(Box<Test>, Box<Test>),
    Compare(Order, Num, Num),
    /// Whether two truth values are the same.
    Same(Box<Test>, Box<Test>),
    In(Num, Vec<i64>),
    If(Box<[Test; 3]>),
}

/// A fraction: numerator over denominator, which is above zero.
struct Part {
    top: Num,
    bottom: Num,
}

/// Lowers the expressions of one policy on one day.
pub(super) struct Lower<'a> {
    pub policy: &'a Policy,
    /// The policy's number in the register.
    pub number: usize,
    pub clause: usize,
    pub as_of: Date,
    /// The slots of all facts of all policies: lowering adds none.
    pub slots: &'a mut Slots,
    pub derived: &'a mut Vec<Derived>,
    /// The slots that were read since this was last emptied.
    pub read: Vec<usize>,
}

/// Nothing where columns cannot say it: then each row is evaluated on its own.
type Lowered<T> = Option<T>;

fn boxed(num: Num) -> Box<Num> {
    Box::new(num)
}

fn times(a: Num, b: Num) -> Num {
    match (a, b) {
        (Num::Const(1), other) | (other, Num::Const(1)) => other,
        (Num::Const(a), Num::Const(b)) if a.checked_mul(b).is_some() => Num::Const(a * b),
        (a, b) => Num::Multiply(boxed(a), boxed(b)),
    }
}

fn constant(num: &Num) -> Option<i64> {
    if let Num::Const(value) = num { Some(*value) } else { None }
}

/// Two fractions over one denominator, which both must have as constants unless they share one already.
fn common(a: Part, b: Part) -> Lowered<(Num, Num, i64)> {
    let (x, y) = (constant(&a.bottom)?, constant(&b.bottom)?);
    if x == y {
        return Some((a.top, b.top, x));
    }
    Some((times(a.top, Num::Const(y)), times(b.top, Num::Const(x)), x.checked_mul(y)?))
}

fn whole(top: Num) -> Part {
    Part { top, bottom: Num::Const(1) }
}

fn over(top: Num, bottom: i64) -> Part {
    Part { top, bottom: Num::Const(bottom) }
}

impl Lower<'_> {
    /// A whole number.
    pub fn number(&mut self, node: &Node) -> Lowered<Num> {
        let part = self.part(node)?;
        (constant(&part.bottom) == Some(1)).then_some(part.top)
    }

    fn fixed(&self, node: &Node) -> Lowered<Kind> {
        let mut free = true;
        node.visit(&mut |node| {
            free &= !matches!(
                node,
                Node::Fact(_) | Node::Local(_) | Node::Table(_) | Node::Eligible(_) | Node::AmountOf(_) | Node::Fold(_)
            );
        });
        let context = Context { policy: self.policy, clause: self.clause, facts: &[], as_of: self.as_of };
        free.then(|| context.value(node).ok().filter(|value| value.missing.is_empty()).map(|value| value.kind))?
    }

    /// A constant as columns hold it.
    fn plain(kind: &Kind) -> Lowered<i64> {
        match kind {
            Kind::Number(range) => i64::try_from(range.value()?.as_whole()?).ok(),
            Kind::Date(date) => Some(packed(*date)),
            _ => None,
        }
    }

    fn exact(value: Exact) -> Lowered<Part> {
        let (top, bottom) = value.parts();
        Some(over(Num::Const(i64::try_from(top).ok()?), i64::try_from(bottom).ok()?))
    }

    fn fact(&mut self, at: u16) -> Lowered<(Num, Type)> {
        let fact = &self.policy.facts[usize::from(at)];
        if !matches!(fact.kind, Type::Bool | Type::Int | Type::Money | Type::Date) {
            return None;
        }
        let slot = self.slots.of(fact);
        self.read.push(slot);
        let bound = |end: Option<Exact>, none: i64| match end {
            None => Some(none),
            Some(end) => i64::try_from(end.as_whole()?).ok(),
        };
        let (low, high) = (bound(fact.bounds.low, NONE_LOW)?, bound(fact.bounds.high, NONE_HIGH)?);
        Some((Num::Fact(slot, low, high), fact.kind.clone()))
    }

    /// The column of what is derived.
    fn derive(&mut self, derived: Derived) -> usize {
        let at = self.derived.iter().position(|other| *other == derived).unwrap_or_else(|| {
            self.derived.push(derived);
            self.derived.len() - 1
        });
        let column = self.slots.0.len() + at;
        self.read.push(column);
        column
    }

    fn derived_number(&mut self, derived: Derived) -> Num {
        Num::Fact(self.derive(derived), NONE_LOW, NONE_HIGH)
    }

    /// The slot of a series of whole numbers.
    fn series(&mut self, node: &Node) -> Lowered<usize> {
        let Node::Fact(at) = node else { return None };
        let fact = &self.policy.facts[usize::from(*at)];
        let Type::Series(inner) = &fact.kind else { return None };
        derived::whole(inner).then(|| self.slots.of(fact))
    }

    /// A whole number that is the same for everybody.
    fn fixed_whole(&self, node: &Node) -> Lowered<i16> {
        match self.fixed(node)? {
            Kind::Number(range) => i16::try_from(range.value()?.as_whole()?).ok(),
            _ => None,
        }
    }

    /// What an expression over texts, lists, shares and series says.
    fn truth(&mut self, node: &Node) -> Lowered<Test> {
        if !derived::is_truth(node) {
            return None;
        }
        let of = self.policy.facts.iter().map(|fact| self.slots.of(fact)).collect::<Vec<_>>();
        let facts = derived::facts(node, &self.slots.0, |fact| of[usize::from(fact)])?;
        let truth = Truth { policy: self.number, clause: self.clause, node: node.clone(), facts };
        Some(Test::Fact(self.derive(Derived::Truth(Box::new(truth)))))
    }

    fn part(&mut self, node: &Node) -> Lowered<Part> {
        match self.fixed(node) {
            Some(Kind::Number(range)) => return Self::exact(range.value()?),
            Some(Kind::Date(date)) => return Some(whole(Num::Const(packed(date)))),
            _ => {}
        }
        match node {
            Node::Fact(at) => self.fact(*at).filter(|(_, kind)| *kind != Type::Bool).map(|(num, _)| whole(num)),
            Node::Table(at) => {
                let table = &self.policy.clauses[self.clause].tables[usize::from(*at)];
                if table.by_text {
                    return None;
                }
                if table.progressive { self.bands(table) } else { self.tiers(table) }
            }
            Node::If(condition, yes, no) => {
                let test = self.test(condition)?;
                let (yes, no) = (self.part(yes)?, self.part(no)?);
                let (yes, no, bottom) = common(yes, no)?;
                Some(over(Num::If(Box::new(test), boxed(yes), boxed(no)), bottom))
            }
            Node::Arithmetic(operation, left, right) => {
                let (left, right) = (self.part(left)?, self.part(right)?);
                self.arithmetic(*operation, left, right)
            }
            Node::Call(function, arguments) => self.call(*function, arguments),
            Node::Index(of, at) => {
                let (slot, year) = (self.series(of)?, self.fixed_whole(at)?);
                Some(whole(self.derived_number(Derived::Year { slot, year })))
            }
            _ => None,
        }
    }

    fn arithmetic(&mut self, operation: Arithmetic, left: Part, right: Part) -> Lowered<Part> {
        match operation {
            Arithmetic::Add => {
                let (a, b, bottom) = common(left, right)?;
                Some(over(Num::Add(boxed(a), boxed(b)), bottom))
            }
            Arithmetic::Subtract => {
                let (a, b, bottom) = common(left, right)?;
                Some(over(Num::Subtract(boxed(a), boxed(b)), bottom))
            }
            Arithmetic::Multiply => {
                Some(Part { top: times(left.top, right.top), bottom: times(left.bottom, right.bottom) })
            }
            Arithmetic::Divide => Self::quotient(left, right),
            Arithmetic::Truncate => {
                let part = Self::quotient(left, right)?;
                Some(whole(Num::Divide(Whole::Truncate, boxed(part.top), boxed(part.bottom))))
            }
            Arithmetic::Remainder => None,
        }
    }

    fn quotient(left: Part, right: Part) -> Lowered<Part> {
        let (top, divisor) = (times(left.top, right.bottom), right.top);
        match constant(&divisor) {
            Some(value) if value > 0 => Some(Part { top, bottom: times(left.bottom, divisor) }),
            Some(_) => None,
            None => Some(Part { top, bottom: times(left.bottom, Num::Positive(boxed(divisor))) }),
        }
    }

    fn call(&mut self, function: Function, arguments: &[Node]) -> Lowered<Part> {
        match (function, arguments) {
            (Function::Fen(fen), [one]) => {
                let part = self.part(one)?;
                Some(Part { top: times(part.top, Num::Const(fen)), bottom: part.bottom })
            }
            (Function::Over(of), [one]) => {
                let part = self.part(one)?;
                Some(Part { top: part.top, bottom: times(part.bottom, Num::Const(of)) })
            }
            (Function::Quotient, [a, b]) => {
                let (a, b) = (self.part(a)?, self.part(b)?);
                Self::quotient(a, b)
            }
            (Function::Extreme(greatest), [first, rest @ ..]) => {
                let mut so_far = self.part(first)?;
                for one in rest {
                    let (a, b, bottom) = common(so_far, self.part(one)?)?;
                    so_far = over(Num::Extreme(greatest, boxed(a), boxed(b)), bottom);
                }
                Some(so_far)
            }
            (Function::Round(unit, rounding), [one]) => {
                let part = self.part(one)?;
                if constant(&part.bottom) == Some(1) && unit == 1 {
                    return Some(part);
                }
                let bottom = times(part.bottom, Num::Const(unit));
                let quotient = Num::Divide(Whole::Round(rounding), boxed(part.top), boxed(bottom));
                Some(whole(times(quotient, Num::Const(unit))))
            }
            (Function::MonthsBetween, [from, to]) => {
                let (from, to) = (self.number(from)?, self.number(to)?);
                Some(whole(Num::Months(boxed(from), boxed(to))))
            }
            (Function::AddMonths, [day, months]) => {
                let (day, months) = (self.number(day)?, self.number(months)?);
                let months = constant(&months).filter(|months| months.abs() <= 4800)?;
                Some(whole(Num::Later(boxed(day), months)))
            }
            (Function::Year, [day]) => Some(whole(Num::Year(boxed(self.number(day)?)))),
            (Function::SumLast | Function::MeanLast, [of, count]) => {
                let (slot, count) = (self.series(of)?, self.fixed_whole(count)?);
                let to = self.as_of.year() - 1;
                let from = to.checked_sub(count.checked_sub(1).filter(|before| *before >= 0)?)?;
                let sum = self.derived_number(Derived::Sum { slot, from, to });
                if function == Function::SumLast {
                    return Some(whole(sum));
                }
                let count = self.derived_number(Derived::Count { slot, from, to });
                Some(Part { top: sum, bottom: Num::Positive(boxed(count)) })
            }
            _ => None,
        }
    }

    fn bands(&mut self, table: &Table) -> Lowered<Part> {
        let zero = || whole(Num::Const(0));
        let mut sum = zero();
        for row in &table.rows {
            let low = Self::exact(row.low.map_or(Exact::ZERO, |(low, _)| low))?;
            let mut within = self.part(&table.by)?;
            if let Some((high, _)) = row.high {
                let (a, b, bottom) = common(within, Self::exact(high)?)?;
                within = over(Num::Extreme(false, boxed(a), boxed(b)), bottom);
            }
            let above = self.arithmetic(Arithmetic::Subtract, within, low)?;
            let (a, b, bottom) = common(above, zero())?;
            let above = over(Num::Extreme(true, boxed(a), boxed(b)), bottom);
            let rate = self.part(&row.value)?;
            let part = self.arithmetic(Arithmetic::Multiply, above, rate)?;
            sum = self.arithmetic(Arithmetic::Add, sum, part)?;
        }
        Some(sum)
    }

    fn tiers(&mut self, table: &Table) -> Lowered<Part> {
        let mut parts = Vec::new();
        for row in &table.rows {
            let mut test = Test::Const(true);
            if let Some((low, included)) = row.low {
                let order = if included { Order::LessEqual } else { Order::Less };
                test = Self::compare(order, Self::exact(low)?, self.part(&table.by)?)?;
            }
            if let Some((high, included)) = row.high {
                let order = if included { Order::LessEqual } else { Order::Less };
                let below = Self::compare(order, self.part(&table.by)?, Self::exact(high)?)?;
                test = Test::And(Box::new(test), Box::new(below));
            }
            parts.push((test, self.part(&row.value)?));
        }
        let bottoms: Option<Vec<i64>> = parts.iter().map(|(_, part)| constant(&part.bottom)).collect();
        let bottom = bottoms?
            .into_iter()
            .try_fold(1_i64, |all, one| if all % one == 0 { Some(all) } else { all.checked_mul(one) })?;
        let rows = parts.into_iter().map(|(test, part)| {
            let own = constant(&part.bottom).unwrap_or(1);
            (test, times(part.top, Num::Const(bottom / own)))
        });
        Some(over(Num::Tiers(rows.collect()), bottom))
    }

    fn compare(order: Order, left: Part, right: Part) -> Lowered<Test> {
        if let (Some(x), Some(y)) = (constant(&left.bottom), constant(&right.bottom)) {
            let (a, b) = if x == y {
                (left.top, right.top)
            } else {
                (times(left.top, Num::Const(y)), times(right.top, Num::Const(x)))
            };
            return Some(Test::Compare(order, a, b));
        }
        Some(Test::Compare(order, times(left.top, right.bottom), times(right.top, left.bottom)))
    }

    /// A truth value.
    pub fn test(&mut self, node: &Node) -> Lowered<Test> {
        if let Some(Kind::Bool(value)) = self.fixed(node) {
            return Some(Test::Const(value));
        }
        let depth = self.read.len();
        self.plain_test(node).or_else(|| {
            self.read.truncate(depth);
            self.truth(node)
        })
    }

    fn plain_test(&mut self, node: &Node) -> Lowered<Test> {
        match node {
            Node::Fact(at) => match self.fact(*at)? {
                (Num::Fact(slot, ..), Type::Bool) => Some(Test::Fact(slot)),
                _ => None,
            },
            Node::Not(inner) => Some(Test::Not(Box::new(self.test(inner)?))),
            Node::Logic(and, left, right) => {
                let (left, right) = (Box::new(self.test(left)?), Box::new(self.test(right)?));
                Some(if *and { Test::And(left, right) } else { Test::Or(left, right) })
            }
            Node::If(condition, yes, no) => {
                Some(Test::If(Box::new([self.test(condition)?, self.test(yes)?, self.test(no)?])))
            }
            Node::Compare(comparison, left, right) => self.comparison(*comparison, left, right),
            Node::Call(Function::AtLeast, arguments) => {
                let [wanted, Node::List(elements)] = arguments.as_slice() else { return None };
                let wanted = self.fixed_whole(wanted)?;
                let mut count = Num::Const(0);
                for element in elements {
                    let one = Num::If(Box::new(self.test(element)?), boxed(Num::Const(1)), boxed(Num::Const(0)));
                    count = Num::Add(boxed(count), boxed(one));
                }
                Some(Test::Compare(Order::LessEqual, Num::Const(i64::from(wanted)), count))
            }
            Node::In(element, list) => {
                let num = self.number(element)?;
                let values: Option<Vec<i64>> = match (&**list, self.fixed(list)) {
                    (_, Some(Kind::List(elements))) => elements.iter().map(|one| Self::plain(&one.kind)).collect(),
                    (Node::List(elements), _) => {
                        elements.iter().map(|one| self.number(one).as_ref().and_then(constant)).collect()
                    }
                    _ => None,
                };
                let mut values = values?;
                values.sort_unstable();
                values.dedup();
                Some(Test::In(num, values))
            }
            _ => None,
        }
    }

    fn comparison(&mut self, comparison: Comparison, left: &Node, right: &Node) -> Lowered<Test> {
        if let Comparison::Same(wanted) = comparison {
            let depth = self.read.len();
            if let (Some(a), Some(b)) = (self.test(left), self.test(right)) {
                let same = Test::Same(Box::new(a), Box::new(b));
                return Some(if wanted { same } else { Test::Not(Box::new(same)) });
            }
            self.read.truncate(depth);
        }
        let (left, right) = (self.part(left)?, self.part(right)?);
        match comparison {
            Comparison::Less(equal) => Self::compare(if equal { Order::LessEqual } else { Order::Less }, left, right),
            Comparison::Greater(equal) => {
                Self::compare(if equal { Order::LessEqual } else { Order::Less }, right, left)
            }
            Comparison::Same(true) => Self::compare(Order::Equal, left, right),
            Comparison::Same(false) => Self::compare(Order::NotEqual, left, right),
        }
    }
}

impl Num {
    fn reads(&self, slots: &mut Vec<usize>) {
        match self {
            Self::Const(_) => {}
            Self::Fact(slot, ..) => slots.push(*slot),
            Self::Add(a, b)
            | Self::Subtract(a, b)
            | Self::Multiply(a, b)
            | Self::Extreme(_, a, b)
            | Self::Divide(_, a, b)
            | Self::Months(a, b) => {
                a.reads(slots);
                b.reads(slots);
            }
            Self::Year(a) | Self::Later(a, _) | Self::Positive(a) => a.reads(slots),
            Self::If(test, a, b) => {
                test.reads(slots);
                a.reads(slots);
                b.reads(slots);
            }
            Self::Tiers(tiers) => tiers.iter().for_each(|(test, value)| {
                test.reads(slots);
                value.reads(slots);
            }),
        }
    }
}

impl Test {
    /// The slots it reads, some perhaps twice.
    pub fn reads(&self, slots: &mut Vec<usize>) {
        match self {
            Self::Const(_) => {}
            Self::Fact(slot) => slots.push(*slot),
            Self::Not(a) => a.reads(slots),
            Self::And(a, b) | Self::Or(a, b) | Self::Same(a, b) => {
                a.reads(slots);
                b.reads(slots);
            }
            Self::Compare(_, a, b) => {
                a.reads(slots);
                b.reads(slots);
            }
            Self::In(a, _) => a.reads(slots),
            Self::If(parts) => parts.iter().for_each(|part| part.reads(slots)),
        }
    }
}
