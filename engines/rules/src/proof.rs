//! The proof: every condition with its value, threshold and distance, and what is still to be asked.

use std::borrow::Cow;
use std::fmt::Write;

use codes::Date;

use crate::compile::{Comparison, Function, Node};
use crate::evaluate::{Context, compare};
use crate::fault::Fault;
use crate::policy::{Answer, Condition, Outcome, Policy};
use crate::value::{Kind, Value};
use crate::words::Words;

/// What a condition that holds says.
const TRUE: &str = "true";
/// And one that does not.
const FALSE: &str = "false";

/// A clause's answer with everything it rests on.
#[derive(Clone, Debug)]
pub struct Proof<'p> {
    /// The answer.
    pub answer: Answer,
    /// Every condition, also those after one that fails.
    pub conditions: Vec<Shown<'p>>,
    /// Parameters read, with the day since which the value holds.
    pub parameters: Vec<(&'p str, Date, String)>,
    /// Missing facts that can still change the answer: those that most conditions wait for first.
    pub questions: Vec<String>,
    /// The first day on which the clause holds, if time alone cures it within ten years.
    pub first_date: Option<Date>,
}

/// One condition as a clerk checks it.
#[derive(Clone, Debug)]
pub struct Shown<'p> {
    /// The clause's words.
    pub zh: &'p str,
    /// And in English.
    pub en: &'p str,
    /// The expression as written.
    pub source: &'p str,
    /// `true`, `false`, `unknown`, or what went wrong.
    pub result: Cow<'static, str>,
    /// The left side of each comparison, in the order of the expression.
    pub value: Option<String>,
    /// Its right side.
    pub threshold: Option<String>,
    /// Right minus left, for numbers.
    pub distance: Option<String>,
    /// In what these are: `money` (fen), `ratio` (a share of one), or nothing.
    pub unit: Option<&'static str>,
    /// Facts read, with their values.
    pub facts: Vec<(&'p str, String)>,
    /// The comparisons of a condition of several, each on its own.
    pub parts: Vec<Part<'p>>,
    /// If it fails: the first day on which it holds, if time alone cures it within ten years.
    pub first_date: Option<Date>,
}

/// One comparison of a condition of several.
#[derive(Clone, Debug)]
pub struct Part<'p> {
    /// The comparison, written as in a policy file.
    pub text: &'p str,
    /// `true`, `false`, `unknown`, or what went wrong.
    pub result: Cow<'static, str>,
    /// The left side.
    pub value: Option<String>,
    /// The right side.
    pub threshold: Option<String>,
    /// Right minus left, for numbers.
    pub distance: Option<String>,
    /// In what these are: `money` (fen), `ratio` (a share of one), or nothing.
    pub unit: Option<&'static str>,
}

impl Policy {
    /// The full proof of a clause's answer.
    ///
    /// # Errors
    /// A [`Fault`] of evaluation that the outcome depends on.
    pub fn prove<'p>(&'p self, clause: usize, facts: &'p [Value], as_of: Date) -> Result<Proof<'p>, Fault> {
        let answer = self.answer(clause, facts, as_of)?;
        let context = Context { policy: self, clause, facts, as_of };
        let mut conditions: Vec<Shown> = self.clauses[clause].conditions.iter().map(|one| context.shown(one)).collect();
        for (at, one) in conditions.iter_mut().enumerate().filter(|(_, one)| one.result == FALSE) {
            one.first_date = self.cured(clause, facts, as_of, at);
        }
        let failing = || (0..conditions.len()).filter(|at| conditions[*at].result != TRUE);
        let first_date = (answer.outcome == Outcome::NotEligible && !self.draft && !self.clauses[clause].draft)
            .then(|| self.first_date(clause, facts, as_of, failing()))
            .flatten();
        Ok(Proof {
            conditions,
            parameters: self.parameters_read(clause, as_of),
            questions: self.questions(clause, facts, as_of, &answer),
            first_date,
            answer,
        })
    }

    fn parameters_read(&self, clause: usize, as_of: Date) -> Vec<(&str, Date, String)> {
        let mut read = Vec::new();
        for node in self.clauses[clause].nodes() {
            node.visit(&mut |node| {
                let (Node::Parameter(at) | Node::ParameterOn(at, _)) = node else { return };
                let parameter = &self.parameters[usize::from(*at)];
                if let Some((from, value)) = parameter.effective(as_of) {
                    read.push((parameter.name.as_str(), *from, shown(value)));
                }
            });
        }
        read.sort();
        read.dedup();
        read
    }
}

impl<'p> Context<'p> {
    fn shown(&self, condition: &'p Condition) -> Shown<'p> {
        let node = &condition.node;
        let mut facts: Vec<u16> = Vec::new();
        node.visit(&mut |node| {
            if let Node::Fact(at) = node {
                facts.push(*at);
            }
        });
        facts.sort_unstable();
        facts.dedup();
        let named = |at: u16| (self.policy.facts[usize::from(at)].name.as_str(), shown(&self.facts[usize::from(at)]));
        let mut leaves = Vec::new();
        leaves_of(node, &mut leaves);
        let mut parts = Vec::new();
        if leaves.len() > 1 {
            let clause = &self.policy.clauses[self.clause];
            let words = Words { policy: self.policy, clause };
            let texts = condition.words.get_or_init(|| leaves.iter().map(|leaf| words.node(leaf)).collect());
            let part = |(text, leaf): (&'p String, &&Node)| Part { text, ..self.compared(leaf) };
            parts = texts.iter().zip(&leaves).map(part).collect();
        }
        let whole = self.compared(node);
        Shown {
            zh: &condition.zh,
            en: &condition.en,
            source: &condition.source,
            result: whole.result,
            value: whole.value,
            threshold: whole.threshold,
            distance: whole.distance,
            unit: whole.unit,
            facts: facts.into_iter().map(named).collect(),
            parts,
            first_date: None,
        }
    }

    /// What a condition says and, if it is one comparison, its sides; without its words.
    fn compared(&self, node: &Node) -> Part<'p> {
        let unit = |node: &Node| crate::unit::of(self.policy, self.clause, node);
        let sides = compared(node).and_then(|(left, right)| Some((self.value(left).ok()?, self.value(right).ok()?)));
        let whole = match (node, &sides) {
            (Node::Compare(comparison, ..), Some((left, right))) => compare(*comparison, left, right),
            _ => self.value(node),
        };
        let result = match whole {
            Ok(Value { kind: Kind::Bool(true), .. }) => TRUE.into(),
            Ok(Value { kind: Kind::Bool(false), .. }) => FALSE.into(),
            Ok(_) => "unknown".into(),
            Err(fault) => fault.to_string().into(),
        };
        let distance = sides.as_ref().and_then(|(left, right)| {
            let (Kind::Number(left), Kind::Number(right)) = (&left.kind, &right.kind) else { return None };
            let distance = right.value()?.plus(left.value()?.negate().ok()?).ok()?;
            Some(distance.to_string())
        });
        Part {
            text: "",
            result,
            value: sides.as_ref().map(|(left, _)| shown(left)),
            threshold: sides.as_ref().map(|(_, right)| shown(right)),
            distance,
            unit: compared(node).and_then(|(left, right)| unit(left).or(unit(right))),
        }
    }
}

/// The parts of a condition that `&&`, `||`, `!`, a choice or "any n of" hold together.
fn leaves_of<'n>(node: &'n Node, into: &mut Vec<&'n Node>) {
    match node {
        Node::Logic(_, a, b) => {
            leaves_of(a, into);
            leaves_of(b, into);
        }
        Node::If(a, b, c) => [a, b, c].into_iter().for_each(|node| leaves_of(node, into)),
        Node::Call(Function::AtLeast, arguments) => match arguments.as_slice() {
            [_, Node::List(all)] => all.iter().for_each(|node| leaves_of(node, into)),
            _ => into.push(node),
        },
        Node::Not(inner) if compared(inner).is_none() => leaves_of(inner, into),
        _ => into.push(node),
    }
}

/// The sides of a condition that is one comparison.
fn compared(node: &Node) -> Option<(&Node, &Node)> {
    match node {
        Node::Compare(Comparison::Less(_) | Comparison::Greater(_) | Comparison::Same(_), left, right) => {
            Some((left, right))
        }
        Node::In(left, right) => Some((left, right)),
        Node::Not(inner) => compared(inner),
        _ => None,
    }
}

/// A value for people: numbers as evaluation counts them, so money in fen.
pub(crate) fn shown(value: &Value) -> String {
    let mut text = String::new();
    // Writing to a text does not fail.
    let _ = write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) -> std::fmt::Result {
    match &value.kind {
        Kind::Unknown => text.push_str("unknown"),
        Kind::Bool(value) => text.push_str(if *value { TRUE } else { FALSE }),
        Kind::Number(range) => match range.value() {
            Some(value) => write!(text, "{value}")?,
            None => {
                for (end, after) in [(range.low, ".."), (range.high, "")] {
                    match end {
                        Some(end) => write!(text, "{end}{after}")?,
                        None => write!(text, "?{after}")?,
                    }
                }
            }
        },
        Kind::Date(date) => write!(text, "{date}")?,
        Kind::Text(one) => text.push_str(one),
        Kind::List(list) | Kind::Record(list) => {
            text.push('[');
            for (at, one) in list.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                write(one, text)?;
            }
            text.push(']');
        }
        Kind::Series(series) => {
            text.push('{');
            for (at, (year, one)) in series.iter().enumerate() {
                write!(text, "{}{year}: ", if at == 0 { "" } else { ", " })?;
                write(one, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}
