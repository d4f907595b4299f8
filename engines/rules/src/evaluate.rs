//! The value of a compiled expression for one subject: exact, bounded or unknown, never guessed.

mod functions;

use std::cmp::Ordering;
use std::sync::Arc;

use codes::Date;

use crate::compile::{Arithmetic, Comparison, Node};
use crate::fault::Fault;
use crate::number::{Exact, Range};
use crate::policy::{Policy, Row, Table};
use crate::value::{Kind, Missing, Value};

/// What expressions of one clause are evaluated against.
pub(crate) struct Context<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The clause's number.
    pub clause: usize,
    /// Every declared fact of the policy.
    pub facts: &'a [Value],
    /// The day asked about.
    pub as_of: Date,
}

type Evaluated = Result<Value, Fault>;

fn union(values: &[&Value]) -> Missing {
    values.iter().flat_map(|value| value.missing.iter().copied()).collect()
}

fn fold_result(decided: Option<bool>, values: &[&Value]) -> Value {
    decided.map_or_else(|| Value::unknown(union(values)), Value::bool)
}

impl Context<'_> {
    /// Evaluates an expression without local variables.
    pub fn value(&self, node: &Node) -> Evaluated {
        self.node(node, &mut Vec::new())
    }

    fn node(&self, node: &Node, locals: &mut Vec<Value>) -> Evaluated {
        match node {
            Node::Constant(value) => Ok(value.clone()),
            Node::Fact(at) => Ok(self.facts[usize::from(*at)].clone()),
            Node::Parameter(at) => self.policy.parameters[usize::from(*at)].on(self.as_of),
            Node::ParameterOn(at, day) => match self.node(day, locals)? {
                Value { kind: Kind::Date(day), .. } => self.policy.parameters[usize::from(*at)].on(day),
                Value { missing, .. } => Ok(Value::unknown(missing)),
            },
            Node::Table(at) => self.table(&self.policy.clauses[self.clause].tables[usize::from(*at)]),
            Node::AsOf => Ok(Value::certain(Kind::Date(self.as_of))),
            Node::LastYear => Ok(Value::whole(i128::from(self.as_of.year()) - 1)),
            Node::Local(at) => Ok(locals[*at].clone()),
            Node::Not(inner) => {
                let mut value = self.node(inner, locals)?;
                if let Kind::Bool(known) = &mut value.kind {
                    *known = !*known;
                }
                Ok(value)
            }
            Node::Logic(and, left, right) => {
                let left = self.node(left, locals);
                if matches!(&left, Ok(value) if value.kind == Kind::Bool(!and)) {
                    return left;
                }
                logic(*and, left, self.node(right, locals))
            }
            Node::If(condition, yes, no) => {
                let condition = self.node(condition, locals)?;
                match condition.kind {
                    Kind::Bool(true) => self.node(yes, locals),
                    Kind::Bool(false) => self.node(no, locals),
                    _ => {
                        let yes = self.node(yes, locals).unwrap_or_else(|_| Value::unknown(Missing::new()));
                        let no = self.node(no, locals).unwrap_or_else(|_| Value::unknown(Missing::new()));
                        either(&condition, &yes, &no)
                    }
                }
            }
            Node::Arithmetic(operation, left, right) => {
                arithmetic(*operation, &self.node(left, locals)?, &self.node(right, locals)?)
            }
            Node::Join(left, right) => join(&self.node(left, locals)?, &self.node(right, locals)?),
            Node::Compare(comparison, left, right) => {
                compare(*comparison, &self.node(left, locals)?, &self.node(right, locals)?)
            }
            Node::In(element, list) => contains(&self.node(element, locals)?, &self.node(list, locals)?),
            Node::Index(of, at) => index(&self.node(of, locals)?, &self.node(at, locals)?),
            Node::Field(of, at) => match self.node(of, locals)? {
                Value { kind: Kind::Record(fields), .. } => fields.get(*at).cloned().ok_or(Fault::Type),
                Value { kind: Kind::Unknown, missing } => Ok(Value::unknown(missing)),
                _ => Err(Fault::Type),
            },
            Node::List(elements) => {
                let values: Result<Vec<Value>, Fault> = elements.iter().map(|one| self.node(one, locals)).collect();
                Ok(Value::certain(Kind::List(Arc::new(values?))))
            }
            Node::Fold(parts) => self.fold(parts, locals),
            Node::Call(function, arguments) => {
                let values: Result<Vec<Value>, Fault> = arguments.iter().map(|one| self.node(one, locals)).collect();
                functions::call(*function, &values?, self.as_of.year() - 1)
            }
            Node::Eligible(at) => self.policy.holds(*at, self.facts, self.as_of),
            Node::AmountOf(at) => self.policy.pays(*at, self.facts, self.as_of),
        }
    }

    fn fold(&self, [range, start, step, result]: &[Node; 4], locals: &mut Vec<Value>) -> Evaluated {
        let range = self.node(range, locals)?;
        let Kind::List(elements) = &range.kind else {
            return Ok(Value::unknown(range.missing));
        };
        let mut so_far = self.node(start, locals)?;
        let depth = locals.len();
        for element in elements.iter() {
            locals.push(element.clone());
            locals.push(so_far);
            let next = self.node(step, locals);
            locals.truncate(depth);
            so_far = next?;
        }
        locals.push(Value::unknown(Missing::new()));
        locals.push(so_far);
        let value = self.node(result, locals);
        locals.truncate(depth);
        value
    }

    fn table(&self, table: &Table) -> Evaluated {
        let by = self.value(&table.by)?;
        if table.by_text {
            return self.named(table, &by);
        }
        let range = by.range().ok_or(Fault::Type)?;
        if table.progressive {
            return self.bands(table, &by, range);
        }
        let mut found: Option<Value> = None;
        for row in &table.rows {
            match row.holds(range)? {
                Some(true) => return self.value(&row.value),
                Some(false) => {}
                None => {
                    let value = self.value(&row.value)?;
                    found = Some(match found {
                        None => value,
                        Some(before) => either(&by, &before, &value)?,
                    });
                }
            }
        }
        found.ok_or_else(|| Fault::NoRow(table.name.clone()))
    }

    /// The row that names a text, or the last one that names none.
    fn named(&self, table: &Table, by: &Value) -> Evaluated {
        if let Kind::Text(text) = &by.kind {
            let names = |row: &&Row| row.texts.is_empty() || row.texts.contains(text);
            let row = table.rows.iter().find(names).ok_or_else(|| Fault::NoRow(table.name.clone()))?;
            return self.value(&row.value);
        }
        let mut found: Option<Value> = None;
        for row in &table.rows {
            let value = self.value(&row.value)?;
            found = Some(match found {
                None => value,
                Some(before) => either(by, &before, &value)?,
            });
        }
        found.ok_or_else(|| Fault::NoRow(table.name.clone()))
    }

    /// Each part of the number times the value of the band it lies in.
    fn bands(&self, table: &Table, by: &Value, range: Range) -> Evaluated {
        let mut sum = Range::point(Exact::ZERO);
        let mut missing = by.missing.clone();
        for row in &table.rows {
            let rate = self.value(&row.value)?;
            missing.extend(&rate.missing);
            let low = row.low.map_or(Exact::ZERO, |(low, _)| low);
            let top = row.high.map_or(Ok(range), |(high, _)| range.choose(Range::point(high), false))?;
            let within = top.plus(Range::point(low.negate()?))?.choose(Range::point(Exact::ZERO), true)?;
            sum = sum.plus(within.multiply(rate.range().ok_or(Fault::Type)?)?)?;
        }
        Ok(Value { kind: Kind::Number(sum), missing: if sum.value().is_some() { Missing::new() } else { missing } })
    }
}

/// And, or over three values; a decided side absorbs a fault of the other, as in CEL.
pub(crate) fn logic(and: bool, left: Evaluated, right: Evaluated) -> Evaluated {
    let decides = |side: &Evaluated| matches!(side, Ok(value) if value.kind == Kind::Bool(!and));
    if decides(&left) || decides(&right) {
        return Ok(Value::bool(!and));
    }
    let (left, right) = (left?, right?);
    Ok(match (&left.kind, &right.kind) {
        (Kind::Bool(_), _) => right,
        (_, Kind::Bool(_)) => left,
        _ => Value::unknown(union(&[&left, &right])),
    })
}

/// One of two values, when what decides between them is not known.
fn either(decides: &Value, yes: &Value, no: &Value) -> Evaluated {
    let missing = union(&[decides, yes, no]);
    // What decides does not matter where both are the same for certain.
    if yes.kind == no.kind && yes.missing.is_empty() && no.missing.is_empty() && !matches!(yes.kind, Kind::Unknown) {
        return Ok(yes.clone());
    }
    Ok(match (yes.range(), no.range()) {
        (Some(a), Some(b)) if matches!(yes.kind, Kind::Number(_)) || matches!(no.kind, Kind::Number(_)) => {
            Value { kind: Kind::Number(a.hull(b)?), missing }
        }
        _ => Value::unknown(missing),
    })
}

fn arithmetic(operation: Arithmetic, left: &Value, right: &Value) -> Evaluated {
    let (a, b) = (left.range().ok_or(Fault::Type)?, right.range().ok_or(Fault::Type)?);
    let range = match operation {
        Arithmetic::Add => a.plus(b)?,
        Arithmetic::Subtract => a.plus(b.negate()?)?,
        Arithmetic::Multiply => a.multiply(b)?,
        Arithmetic::Divide => a.divide(b)?,
        Arithmetic::Truncate => a.divide(b)?.rising(Exact::truncate)?,
        Arithmetic::Remainder => match (a.value(), b.value()) {
            (Some(a), Some(b)) => {
                let cut = a.divide(b)?.truncate()?;
                Range::point(a.plus(b.multiply(cut)?.negate()?)?)
            }
            _ => Range::ANY,
        },
    };
    Ok(Value { kind: Kind::Number(range), missing: settled(range, &[left, right]) })
}

/// What is missing of a number: nothing once only one is possible.
fn settled(range: Range, of: &[&Value]) -> Missing {
    if range.value().is_some() { Missing::new() } else { union(of) }
}

fn join(left: &Value, right: &Value) -> Evaluated {
    match (&left.kind, &right.kind) {
        (Kind::List(a), Kind::List(b)) => {
            Ok(Value::certain(Kind::List(Arc::new(a.iter().chain(b.iter()).cloned().collect()))))
        }
        _ => Ok(Value::unknown(union(&[left, right]))),
    }
}

pub(crate) fn compare(comparison: Comparison, left: &Value, right: &Value) -> Evaluated {
    let decided = match (&left.kind, &right.kind) {
        (Kind::Date(a), Kind::Date(b)) => Some(by_order(comparison, a.cmp(b))),
        (Kind::Text(a), Kind::Text(b)) => Some(by_order(comparison, a.cmp(b))),
        (Kind::Bool(a), Kind::Bool(b)) => Some(by_order(comparison, a.cmp(b))),
        _ => match (left.range(), right.range()) {
            (Some(a), Some(b)) => match comparison {
                Comparison::Less(or_equal) => a.below(b, or_equal)?,
                Comparison::Greater(or_equal) => b.below(a, or_equal)?,
                Comparison::Same(wanted) => a.equals(b)?.map(|same| same == wanted),
            },
            _ => None,
        },
    };
    Ok(fold_result(decided, &[left, right]))
}

fn by_order(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Less(or_equal) => order.is_lt() || (or_equal && order.is_eq()),
        Comparison::Greater(or_equal) => order.is_gt() || (or_equal && order.is_eq()),
        Comparison::Same(wanted) => order.is_eq() == wanted,
    }
}

fn contains(element: &Value, list: &Value) -> Evaluated {
    let Kind::List(elements) = &list.kind else {
        return Ok(Value::unknown(union(&[element, list])));
    };
    let mut found = Value::bool(false);
    for one in elements.iter() {
        found = logic(false, Ok(found), compare(Comparison::Same(true), element, one))?;
        if found.kind == Kind::Bool(true) {
            break;
        }
    }
    Ok(found)
}

fn index(of: &Value, at: &Value) -> Evaluated {
    let place = at.range().and_then(Range::value).and_then(Exact::as_whole);
    match (&of.kind, place) {
        (Kind::Series(series), Some(year)) => Ok(i16::try_from(year)
            .ok()
            .and_then(|year| series.get(&year).cloned())
            .unwrap_or_else(|| Value::unknown(of.missing.clone()))),
        (Kind::List(list), Some(place)) => usize::try_from(place)
            .ok()
            .and_then(|place| list.get(place).cloned())
            .ok_or(Fault::Fact { name: "list".to_owned(), problem: format!("has no element {place}") }),
        _ => Ok(Value::unknown(union(&[of, at]))),
    }
}
