//! Columns that are derived from others while a register is read: years of a series as plain numbers, and what expressions
//! over texts, lists and shares say.
//!
//! Such expressions are evaluated by the evaluator for one subject. Few texts are different in a register, so what it said
//! of the same facts before is remembered.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::Arc;

use super::block::Block;
use super::{Register, Slot};
use crate::compile::{Function, Node, Type};
use crate::evaluate::Context;
use crate::number::{Exact, Range};
use crate::value::{Kind, Missing, Value};

/// Answers that are remembered of one expression; what is asked of more different facts is seldom asked again.
const REMEMBERED: usize = 16_384;

/// What a derived column holds.
#[derive(Debug, PartialEq)]
pub(super) enum Derived {
    /// The value of a year of a series.
    Year {
        slot: usize,
        year: i16,
    },
    /// The sum of the years that there are from one to another, unknown without the last.
    Sum {
        slot: usize,
        from: i16,
        to: i16,
    },
    /// How many years there are, at least one.
    Count {
        slot: usize,
        from: i16,
        to: i16,
    },
    Truth(Box<Truth>),
}

/// Whether an expression holds that reads no plain number.
#[derive(Debug, PartialEq)]
pub(super) struct Truth {
    pub policy: usize,
    pub clause: usize,
    pub node: Node,
    /// The facts it reads.
    pub facts: Vec<u16>,
}

/// The row needs the evaluator for one subject.
#[derive(Debug)]
pub(super) struct Odd;

/// What an expression said before, by what it read.
#[derive(Debug, Default)]
pub(super) struct Memory {
    said: HashMap<String, Option<bool>>,
    key: String,
}

impl Derived {
    /// The value of a row whose slots are filled; nothing where it is not known.
    pub fn of(
        &self,
        register: &Register<'_>,
        block: &Block,
        row: usize,
        memory: &mut Memory,
    ) -> Result<Option<i64>, Odd> {
        let (slot, from, to) = match self {
            Self::Truth(truth) => return truth.of(register, block, row, memory),
            Self::Year { slot, year } => (*slot, *year, *year),
            Self::Sum { slot, from, to } | Self::Count { slot, from, to } => (*slot, *from, *to),
        };
        let column = &block.columns[slot];
        if column.other[row].is_some() {
            return Err(Odd);
        }
        let points = column.years.of(row);
        let within = points.iter().filter(|(year, _)| (from..=to).contains(year)).map(|(_, value)| *value);
        if matches!(self, Self::Count { .. }) {
            return Ok(Some(within.count().max(1) as i64));
        }
        if !points.iter().any(|(year, _)| *year == to) {
            return Ok(None);
        }
        let sum = within.map(i128::from).sum::<i128>();
        i64::try_from(sum).map(Some).map_err(|_| Odd)
    }
}

impl Truth {
    fn of(&self, register: &Register<'_>, block: &Block, row: usize, memory: &mut Memory) -> Result<Option<i64>, Odd> {
        memory.key.clear();
        let mut told = true;
        for fact in &self.facts {
            let slot = register.facts[self.policy][usize::from(*fact)];
            told &= tell(&mut memory.key, block, slot, row);
        }
        if told && let Some(said) = memory.said.get(&memory.key) {
            return Ok(said.map(i64::from));
        }
        let said = self.ask(register, block, row)?;
        if told {
            if memory.said.len() >= REMEMBERED {
                memory.said.clear();
            }
            memory.said.insert(memory.key.clone(), said);
        }
        Ok(said.map(i64::from))
    }

    fn ask(&self, register: &Register<'_>, block: &Block, row: usize) -> Result<Option<bool>, Odd> {
        let policy = &register.policies[self.policy];
        let mut facts = vec![Value::unknown(Missing::new()); policy.facts.len()];
        for fact in &self.facts {
            let at = usize::from(*fact);
            facts[at] = register.fact(self.policy, at, block, row);
        }
        let context = Context { policy, clause: self.clause, facts: &facts, as_of: register.as_of };
        match context.value(&self.node).map(|value| value.kind) {
            Ok(Kind::Bool(said)) => Ok(Some(said)),
            Ok(Kind::Unknown) => Ok(None),
            _ => Err(Odd),
        }
    }
}

/// Writes what a slot holds, so that different values are written differently; whether that could be done.
fn tell(key: &mut String, block: &Block, slot: usize, row: usize) -> bool {
    let column = &block.columns[slot];
    key.push('\u{1}');
    if let Some(value) = &column.other[row] {
        return write_value(key, value);
    }
    for (year, value) in column.years.of(row) {
        // Writing to a text cannot fail.
        let _ = write!(key, "{year}={value}\u{2}");
    }
    true
}

fn write_value(key: &mut String, value: &Value) -> bool {
    let _ = match &value.kind {
        Kind::Unknown => write!(key, "?"),
        Kind::Bool(yes) => write!(key, "{yes}"),
        Kind::Date(date) => write!(key, "d{date}"),
        Kind::Text(text) => write!(key, "t{}\u{2}{text}", text.len()),
        Kind::Number(range) => match range.value() {
            Some(exact) => {
                let (top, bottom) = exact.parts();
                write!(key, "n{top}/{bottom}")
            }
            None => return false,
        },
        Kind::List(values) | Kind::Record(values) => {
            key.push('[');
            let told = values.iter().all(|one| write_value(key, one));
            key.push(']');
            return told;
        }
        Kind::Series(series) => {
            key.push('{');
            let told = series.iter().all(|(year, one)| write!(key, "{year}:").is_ok() && write_value(key, one));
            key.push('}');
            return told;
        }
    };
    key.push('\u{2}');
    true
}

/// Whether the years of such a series are plain whole numbers.
pub(super) fn whole(inner: &Type) -> bool {
    matches!(inner, Type::Int | Type::Money)
}

/// A series as plain numbers, if it is one of whole numbers that are known, and of one year at least.
pub(super) fn points(series: &Value) -> Option<Vec<(i16, i64)>> {
    let Kind::Series(years) = &series.kind else { return None };
    let point = |(year, value): (&i16, &Value)| {
        let whole = value.range().and_then(Range::value).and_then(Exact::as_whole)?;
        Some((*year, i64::try_from(whole).ok()?))
    };
    let points: Vec<(i16, i64)> = years.iter().map(point).collect::<Option<_>>()?;
    (!points.is_empty()).then_some(points)
}

/// A series from plain numbers.
pub(super) fn series(points: &[(i16, i64)], missing: Missing) -> Value {
    let years: BTreeMap<i16, Value> =
        points.iter().map(|(year, value)| (*year, Value::whole(i128::from(*value)))).collect();
    Value { kind: Kind::Series(Arc::new(years)), missing }
}

/// Whether an expression is a truth value by its form, and reads facts of which columns know nothing.
pub(super) fn is_truth(node: &Node) -> bool {
    matches!(
        node,
        Node::Compare(..)
            | Node::In(..)
            | Node::Fold(_)
            | Node::Call(
                Function::StartsWith
                    | Function::AtLeast
                    | Function::FirstReached
                    | Function::Grew
                    | Function::GrowthReaches,
                _
            )
    )
}

/// The facts that an expression reads, if columns hold none of them as plain numbers and it reads nothing else that
/// differs from subject to subject.
pub(super) fn facts(node: &Node, slots: &[Slot], slot: impl Fn(u16) -> usize) -> Option<Vec<u16>> {
    let (mut found, mut own) = (Vec::new(), true);
    node.visit(&mut |node| match node {
        Node::Fact(at) => found.push(*at),
        Node::Table(_) | Node::Eligible(_) | Node::AmountOf(_) => own = false,
        _ => {}
    });
    found.sort_unstable();
    found.dedup();
    let plain = |kind: &Type| matches!(kind, Type::Bool | Type::Int | Type::Money | Type::Date);
    let other = found.iter().all(|fact| !plain(&slots[slot(*fact)].kind));
    (own && other && !found.is_empty()).then_some(found)
}
