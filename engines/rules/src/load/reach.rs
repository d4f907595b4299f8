//! Conditions that nothing satisfies, branches and rows that nothing reaches.
//!
//! Expressions are evaluated with every fact missing and only what declarations and the tests on the way say of it: what
//! is certain even then is certain for every subject. Days and series are not looked into.

use codes::Date;

use super::Loader;
use crate::compile::{Comparison, Node, Type};
use crate::evaluate::Context;
use crate::number::{Exact, Range, Rounding};
use crate::policy::{Clause, Policy, Table};
use crate::subject::unknown;
use crate::value::{Kind, Missing, Value};

type Place = (u64, u64);

/// Where the parts of a clause stand in the file.
#[derive(Default)]
pub(super) struct Places {
    pub id: Place,
    pub conditions: Vec<Place>,
    pub amount: Place,
    /// By table and row.
    pub rows: Vec<Vec<Place>>,
}

/// What is known of each fact on the way to an expression.
type Known = Vec<Value>;

struct Reach<'p> {
    policy: &'p Policy,
    clause: usize,
    found: Vec<(Place, &'static str, String)>,
}

impl Loader<'_> {
    /// Looks through every clause; only where nothing else was found, so that everything has its place.
    pub(super) fn reach(&mut self, policy: &Policy, places: &[Places]) {
        for (at, places) in places.iter().enumerate() {
            let mut reach = Reach { policy, clause: at, found: Vec::new() };
            reach.clause(&policy.clauses[at], places);
            for (place, code, message) in reach.found {
                self.find(place, &policy.clauses[at].id, code, message);
            }
        }
    }
}

impl Reach<'_> {
    fn clause(&mut self, clause: &Clause, places: &Places) {
        let missing = |at: usize| Missing::from([u16::try_from(at).unwrap_or(u16::MAX - 1)]);
        let start: Known = self.policy.facts.iter().enumerate().map(|(at, fact)| unknown(fact, missing(at))).collect();
        let mut known = start.clone();
        for (at, condition) in clause.conditions.iter().enumerate() {
            let place = places.conditions.get(at).copied().unwrap_or(places.id);
            self.branches(&condition.node, &known, place);
            match self.after(&condition.node, true, &known) {
                Some(after) => known = after,
                None => {
                    let message = "this never holds, or never together with the conditions before it";
                    self.found.push((place, "never", message.to_owned()));
                    return;
                }
            }
        }
        clause.amount.iter().for_each(|node| self.branches(node, &known, places.amount));
        for (at, table) in clause.tables.iter().enumerate() {
            let mut tested = false;
            for condition in &clause.conditions {
                condition.node.visit(&mut |node| tested |= matches!(node, Node::Table(_)));
            }
            let rows = places.rows.get(at).map_or(&[][..], Vec::as_slice);
            self.rows(table, if tested { &start } else { &known }, rows, places.id);
        }
    }

    /// The value whatever the facts are; nothing where it depends on them or on the day.
    fn certain(&self, node: &Node, known: &Known) -> Option<Value> {
        let mut dated = false;
        node.visit(&mut |node| {
            dated |= match node {
                Node::AsOf | Node::LastYear | Node::ParameterOn(..) | Node::Eligible(_) | Node::AmountOf(_) => true,
                Node::Parameter(at) => self.policy.parameters[usize::from(*at)].values.len() > 1,
                Node::Table(at) => self.dated(&self.policy.clauses[self.clause].tables[usize::from(*at)]),
                _ => false,
            };
        });
        if dated {
            return None;
        }
        // Parameters that are read here have one value; on the last day it holds.
        let context = Context { policy: self.policy, clause: self.clause, facts: known, as_of: Date::MAX };
        context.value(node).ok()
    }

    fn dated(&self, table: &Table) -> bool {
        let mut nodes = std::iter::once(&table.by).chain(table.rows.iter().map(|row| &row.value));
        nodes.any(|node| {
            let mut plain = true;
            node.visit(&mut |node| {
                plain &= matches!(node, Node::Fact(_) | Node::Constant(_) | Node::Call(..) | Node::Arithmetic(..))
            });
            !plain
        })
    }

    fn truth(&self, node: &Node, known: &Known) -> Option<bool> {
        match self.certain(node, known)?.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Conditionals of which one side is never taken.
    fn branches(&mut self, node: &Node, known: &Known, place: Place) {
        if let Node::If(test, yes, no) = node {
            self.branches(test, known, place);
            for (side, truth) in [(yes, true), (no, false)] {
                match self.after(test, truth, known) {
                    Some(known) => self.branches(side, &known, place),
                    None => {
                        let (which, when) = if truth { ("first", "holds") } else { ("second", "fails") };
                        let message =
                            format!("the {which} branch of a conditional is never taken: its test never {when} there");
                        self.found.push((place, "unreachable", message));
                    }
                }
            }
            return;
        }
        // Inside of macros the same expression is looked at for every element.
        match node {
            Node::Not(a) => self.branches(a, known, place),
            Node::Logic(_, a, b) | Node::Arithmetic(_, a, b) | Node::Compare(_, a, b) => {
                self.branches(a, known, place);
                self.branches(b, known, place);
            }
            Node::Call(_, nodes) | Node::List(nodes) => nodes.iter().for_each(|one| self.branches(one, known, place)),
            _ => {}
        }
    }

    /// Rows of a table that no number comes to.
    fn rows(&mut self, table: &Table, known: &Known, places: &[Place], otherwise: Place) {
        let Some(range) = self.certain(&table.by, known).and_then(|by| by.range()) else { return };
        if table.by_text || table.progressive {
            return;
        }
        for (at, row) in table.rows.iter().enumerate() {
            if row.holds(range) == Ok(Some(false)) {
                let message = format!("no number that the facts allow lies in this row of {}", table.name);
                self.found.push((places.get(at).copied().unwrap_or(otherwise), "unreachable", message));
            }
        }
    }

    /// What is known once a test holds, or fails; nothing if it never does.
    fn after(&self, test: &Node, truth: bool, known: &Known) -> Option<Known> {
        if self.truth(test, known) == Some(!truth) {
            return None;
        }
        match (test, truth) {
            (Node::Not(inner), _) => self.after(inner, !truth, known),
            (Node::Logic(and, a, b), _) if *and == truth => {
                let known = self.after(a, truth, known)?;
                self.after(b, truth, &known)
            }
            (Node::Fact(at), _) => {
                let mut known = known.clone();
                known[usize::from(*at)] = Value::bool(truth);
                Some(known)
            }
            (Node::Compare(comparison, a, b), _) => match (&**a, &**b) {
                (Node::Fact(at), other) => self.bounded(*at, *comparison, other, truth, known),
                (other, Node::Fact(at)) => self.bounded(*at, turned(*comparison), other, truth, known),
                _ => Some(known.clone()),
            },
            _ => Some(known.clone()),
        }
    }

    /// A fact compared with a constant.
    fn bounded(&self, at: u16, comparison: Comparison, other: &Node, truth: bool, known: &Known) -> Option<Known> {
        let mut after = known.clone();
        let at = usize::from(at);
        let Some(constant) = self.certain(other, known).filter(|value| value.missing.is_empty()) else {
            return Some(after);
        };
        let same = comparison == Comparison::Same(truth);
        if let (Kind::Text(_), true) = (&constant.kind, same) {
            after[at] = constant;
            return Some(after);
        }
        let (Some(value), Some(range)) = (constant.range().and_then(Range::value), after[at].range()) else {
            return Some(after);
        };
        if !matches!(after[at].kind, Kind::Number(_) | Kind::Unknown) {
            return Some(after);
        }
        let whole = matches!(self.policy.facts[at].kind, Type::Int | Type::Money);
        let below = |strict| Range { low: None, high: end(value, whole, strict, Rounding::Down) };
        let above = |strict| Range { low: end(value, whole, strict, Rounding::Up), high: None };
        let limit = match (comparison, truth) {
            (Comparison::Less(equal), true) => below(!equal),
            (Comparison::Less(equal), false) => above(equal),
            (Comparison::Greater(equal), true) => above(!equal),
            (Comparison::Greater(equal), false) => below(equal),
            (Comparison::Same(_), _) if same => Range::point(value),
            _ => return Some(after),
        };
        let low = tighter(range.low, limit.low, true);
        let high = tighter(range.high, limit.high, false);
        if low.zip(high).is_some_and(|(low, high)| high.compare(low).is_ok_and(std::cmp::Ordering::is_lt)) {
            return None;
        }
        after[at].kind = Kind::Number(Range { low, high });
        Some(after)
    }
}

/// The same comparison with its sides exchanged.
fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less(equal) => Comparison::Greater(equal),
        Comparison::Greater(equal) => Comparison::Less(equal),
        same @ Comparison::Same(_) => same,
    }
}

/// The farthest number that a bound leaves; of whole numbers the next one within.
fn end(value: Exact, whole: bool, strict: bool, rounding: Rounding) -> Option<Exact> {
    if !whole {
        return Some(value);
    }
    let rounded = value.round(1, rounding).ok()?;
    let step = if rounding == Rounding::Down { -1 } else { 1 };
    if strict && rounded == value { rounded.plus(Exact::whole(step)).ok() } else { Some(rounded) }
}

fn tighter(a: Option<Exact>, b: Option<Exact>, greater: bool) -> Option<Exact> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a.compare(b).is_ok_and(|order| order.is_gt() == greater) { a } else { b }),
        (a, b) => a.or(b),
    }
}
