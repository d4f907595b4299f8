//! Which missing facts can still change an answer.
//!
//! Evaluation collects every missing fact that it could not do without; where each is named once, those are exactly the
//! ones that matter. A fact that is named twice may cancel out: then every combination of values that the expressions can
//! tell apart is tried, if there are not too many, and only facts that change the answer somewhere are asked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use codes::Date;

use crate::compile::{Comparison, Function, Node, Type};
use crate::evaluate::Context;
use crate::fault::Fault;
use crate::number::{Exact, Range};
use crate::policy::{Answer, Outcome, Policy};
use crate::value::{Kind, PEOPLE, Value};

/// The most combinations that are tried.
const MOST: usize = 4096;
/// The widest range of whole numbers of which every one is tried.
const WIDEST: i128 = 64;

/// One subject's facts as one clause reads them.
struct Asked<'a> {
    policy: &'a Policy,
    clause: usize,
    facts: &'a [Value],
    as_of: Date,
    nodes: Vec<&'a Node>,
}

impl Policy {
    /// Names of the missing facts that can still change the answer, those that change it most often first.
    pub(crate) fn questions(&self, clause: usize, facts: &[Value], as_of: Date, answer: &Answer) -> Vec<String> {
        let missing: Vec<u16> = answer.missing.iter().copied().filter(|at| *at != PEOPLE).collect();
        if missing.is_empty() {
            return Vec::new();
        }
        let mut nodes = Vec::new();
        self.read_by(clause, &mut nodes);
        let asked = Asked { policy: self, clause, facts, as_of, nodes };
        let uses = |at: u16| asked.nodes.iter().filter(|node| matches!(node, Node::Fact(one) if *one == at)).count();
        let mut weighed: Vec<(usize, u16)> = missing.iter().map(|at| (uses(*at), *at)).collect();
        if weighed.iter().any(|(uses, _)| *uses > 1)
            && let Some(found) = asked.tried(&missing)
            && !found.is_empty()
        {
            weighed = found;
        }
        weighed.sort_by_key(|(weight, at)| (std::cmp::Reverse(*weight), *at));
        weighed.iter().map(|(_, at)| self.facts[usize::from(*at)].name.clone()).collect()
    }

    /// Every node of a clause and of those it refers to.
    fn read_by<'a>(&'a self, clause: usize, nodes: &mut Vec<&'a Node>) {
        for node in self.clauses[clause].nodes() {
            node.each(&mut |node| {
                nodes.push(node);
                if let Node::Eligible(at) | Node::AmountOf(at) = node {
                    self.read_by(*at, nodes);
                }
            });
        }
    }
}

impl Asked<'_> {
    /// The facts that change the answer, and in how many combinations; nothing if there are too many to try.
    fn tried(&self, missing: &[u16]) -> Option<Vec<(usize, u16)>> {
        let mut domains = Vec::new();
        let mut count = 1usize;
        for at in missing {
            let domain = self.domain(*at)?;
            count = count.checked_mul(domain.len()).filter(|count| *count <= MOST)?;
            domains.push(domain);
        }
        let mut facts = self.facts.to_vec();
        let mut answers: Vec<Result<(Outcome, Range), Fault>> = Vec::with_capacity(count);
        for combination in 0..count {
            let mut rest = combination;
            for (at, domain) in missing.iter().zip(&domains) {
                facts[usize::from(*at)] = domain[rest % domain.len()].clone();
                rest /= domain.len();
            }
            let answer = self.policy.alone(self.clause, &facts, self.as_of);
            answers.push(answer.map(|answer| answer.would_be.unwrap_or((answer.outcome, answer.amount))));
        }
        let mut found = Vec::new();
        let mut step = 1;
        for (at, domain) in missing.iter().zip(&domains) {
            // Two values of a fact differ if and only if one of them differs from its first value.
            let first = |one: usize| one - one / step % domain.len() * step;
            let changes = (0..count).filter(|one| answers[*one] != answers[first(*one)]).count();
            step *= domain.len();
            if changes > 0 {
                // As if every fact had as many values: the share of combinations in which it matters.
                found.push((changes * MOST / (count - count / domain.len()).max(1), *at));
            }
        }
        Some(found)
    }

    /// Values of a fact that stand for all it could be; nothing if the expressions tell apart too many.
    fn domain(&self, at: u16) -> Option<Vec<Value>> {
        let fact = &self.policy.facts[usize::from(at)];
        let known = self.facts[usize::from(at)].range().unwrap_or(fact.bounds);
        let whole = |exact: Option<Exact>| exact.and_then(Exact::as_whole);
        match fact.kind {
            Type::Bool => return Some(vec![Value::bool(false), Value::bool(true)]),
            Type::Int | Type::Money => {
                if let (Some(low), Some(high)) = (whole(known.low), whole(known.high))
                    && high - low < WIDEST
                {
                    return Some((low..=high).map(Value::whole).collect());
                }
            }
            _ => {}
        }
        let constants = self.constants(at)?;
        let mut values: Vec<Value> = Vec::new();
        let mut add = |value: Value| {
            if !values.contains(&value) {
                values.push(value);
            }
        };
        for constant in &constants {
            match &constant.kind {
                Kind::Number(range) => {
                    let number = range.value()?;
                    for step in [-1, 0, 1] {
                        // Between two constants there is room for one more where fractions are compared.
                        let step = if fact.kind == Type::Ratio {
                            Exact::new(step, 1_000_000_007)
                        } else {
                            Ok(Exact::whole(step))
                        };
                        let value = number.plus(step.ok()?).ok()?;
                        let within = Range { low: known.low, high: known.high };
                        let inside = Range::point(value).below(Range { low: within.high, high: within.high }, true)
                            != Ok(Some(false))
                            && Range { low: within.low, high: within.low }.below(Range::point(value), true)
                                != Ok(Some(false));
                        if inside {
                            add(Value::number(value));
                        }
                    }
                }
                Kind::Date(date) => {
                    for date in [date.yesterday(), Some(*date), date.tomorrow()].into_iter().flatten() {
                        add(Value::certain(Kind::Date(date)));
                    }
                }
                Kind::Text(text) => {
                    add(constant.clone());
                    add(Value::certain(Kind::Text(Arc::from(format!("{text}\u{1}")))));
                }
                _ => return None,
            }
        }
        if fact.kind == Type::Text {
            add(Value::certain(Kind::Text(Arc::from("\u{1}"))));
        }
        Some(values).filter(|values| !values.is_empty())
    }

    /// The constants that a fact is compared with; nothing if it is used in any other way.
    fn constants(&self, at: u16) -> Option<Vec<Value>> {
        let context = Context { policy: self.policy, clause: self.clause, facts: &[], as_of: self.as_of };
        let is = |node: &Node| matches!(node, Node::Fact(one) if *one == at);
        let mut constants = Vec::new();
        let (mut seen, mut uses) = (0, 0);
        let mut tables: BTreeSet<(usize, usize)> = BTreeSet::new();
        for node in &self.nodes {
            uses += usize::from(is(node));
            let (mut free, other) = match node {
                Node::Compare(Comparison::Less(_) | Comparison::Greater(_) | Comparison::Same(_), a, b) if is(a) => {
                    (true, &**b)
                }
                Node::Compare(_, a, b) if is(b) => (true, &**a),
                Node::In(a, b) if is(a) => (true, &**b),
                Node::Call(Function::StartsWith, both) if is(&both[0]) => (true, &both[1]),
                Node::Table(_) => {
                    // Which clause the table is of is not told by the node: its own tables are looked at below.
                    tables.insert((self.clause, 0));
                    continue;
                }
                _ => continue,
            };
            other.visit(&mut |node| {
                free &= matches!(
                    node,
                    Node::Constant(_)
                        | Node::Parameter(_)
                        | Node::AsOf
                        | Node::LastYear
                        | Node::List(_)
                        | Node::Call(..)
                        | Node::Arithmetic(..)
                );
            });
            let value = free.then(|| context.value(other).ok()).flatten()?;
            seen += 1;
            match value.kind {
                Kind::List(list) => constants.extend(list.iter().cloned()),
                _ => constants.push(value),
            }
        }
        if !tables.is_empty() && self.policy.clauses[self.clause].tables.iter().any(|table| is(&table.by)) {
            for table in &self.policy.clauses[self.clause].tables {
                if table.progressive || table.by_text || !is(&table.by) {
                    continue;
                }
                seen += 1;
                let ends = table.rows.iter().flat_map(|row| [row.low, row.high]).flatten();
                constants.extend(ends.map(|(end, _)| Value::number(end)));
            }
        }
        (seen == uses).then_some(constants)
    }
}
