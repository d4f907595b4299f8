//! A checked policy and its answers for one subject.

use std::sync::{Arc, OnceLock};

use codes::Date;

use crate::compile::{Node, Type};
use crate::evaluate::{Context, logic};
use crate::fault::Fault;
use crate::number::{Exact, Range};
use crate::spans::{Best, Budget, Limit};
use crate::totals::Total;
use crate::value::{Kind, Missing, PEOPLE, Value};

/// A declared fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its name, which is also the name of its column.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// How many of what evaluation counts in one of the declared unit has: 100 for yuan, 1 otherwise.
    pub scale: i64,
    /// Whether people decide it.
    pub people: bool,
    /// What is known of it while it is missing.
    pub bounds: Range,
    /// What its absence means, where the source is complete.
    pub if_absent: Option<Value>,
    /// Whether it grows by one with every month.
    pub grows_monthly: bool,
    /// Its name in Chinese and English.
    pub label: [String; 2],
    /// The key of the registry's dictionary that it names, if it does.
    pub registry: Option<String>,
}

/// A named value that changes on given days.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its name for people in Chinese and English, as far as the policy gives them.
    pub label: [String; 2],
    /// Its type.
    pub kind: Type,
    /// From which day which value, oldest first.
    pub values: Vec<(Date, Value)>,
}

impl Parameter {
    /// The value on a day.
    ///
    /// # Errors
    /// [`Fault::Parameter`] before the first.
    pub fn on(&self, day: Date) -> Result<Value, Fault> {
        self.effective(day).map(|(_, value)| value.clone()).ok_or_else(|| Fault::Parameter(self.name.clone()))
    }

    /// The value on a day and since when it holds.
    pub fn effective(&self, day: Date) -> Option<&(Date, Value)> {
        self.values.iter().rev().find(|(from, _)| *from <= day)
    }
}

/// A table of tiers or of progressive bands.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What is looked up.
    pub by: Node,
    /// Whether a text is looked up, not a number.
    pub by_text: bool,
    /// Whether each part of the number is taken at its own band's value.
    pub progressive: bool,
    /// Rows in order, without overlap.
    pub rows: Vec<Row>,
}

/// A row of a table: bounds with whether they belong to it, and the value.
#[derive(Clone, Debug)]
pub struct Row {
    /// Lower end.
    pub low: Option<(Exact, bool)>,
    /// Upper end.
    pub high: Option<(Exact, bool)>,
    /// The texts it is for, where the table goes by text; none for every other.
    pub texts: Vec<Arc<str>>,
    /// Value.
    pub value: Node,
}

impl Row {
    /// Whether a number lies in the row, `None` where that is not known.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn holds(&self, range: Range) -> Result<Option<bool>, Fault> {
        let above = match self.low {
            None => Some(true),
            Some((low, included)) => Range::point(low).below(range, included)?,
        };
        let below = match self.high {
            None => Some(true),
            Some((high, included)) => range.below(Range::point(high), included)?,
        };
        Ok(match (above, below) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        })
    }
}

/// A condition with the words it comes from.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The clause's words in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// As written.
    pub source: String,
    /// Compiled.
    pub node: Node,
    /// Its comparisons in words, made when a proof first shows them.
    pub(crate) words: OnceLock<Vec<String>>,
}

/// First and last day on which something holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Days {
    /// Whether a day lies within.
    pub fn hold(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// A clause.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Its id as written.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whether it is a draft, which never pays.
    pub draft: bool,
    /// When it is in force.
    pub days: Days,
    /// Who is paid, where it is not the subject.
    pub payee: String,
    /// That only the best of all applicants are chosen.
    pub best: Option<Best>,
    /// Its tables.
    pub tables: Vec<Table>,
    /// Its conditions, all of which must hold.
    pub conditions: Vec<Condition>,
    /// What it pays; none for a mere qualification.
    pub amount: Option<Node>,
    /// Shares of those who pay.
    pub payers: Vec<(String, Node)>,
    /// The shares in which it is paid, one after the other.
    pub instalments: Vec<Exact>,
    /// For how many years it is paid.
    pub years: u32,
    /// Its worked cases.
    pub cases: Vec<serde_json::Value>,
}

/// A checked policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its title.
    pub title: String,
    /// Who issued it, its number, the region's code, and where its text is from.
    pub origin: [String; 4],
    /// Whether it is a draft, which never pays.
    pub draft: bool,
    /// When it is in force.
    pub days: Days,
    /// Declared facts.
    pub facts: Vec<Fact>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Clauses.
    pub clauses: Vec<Clause>,
    /// What limits several clauses of one subject together.
    pub limits: Vec<Limit>,
    /// What all subjects together get at most.
    pub budgets: Vec<Budget>,
    /// Means and sums over all applicants, each of which is also a fact.
    pub totals: Vec<Total>,
    /// Worked cases of several applicants.
    pub cohort_cases: Vec<serde_json::Value>,
}

/// The four outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is due.
    Eligible,
    /// It is not due.
    NotEligible,
    /// Facts are missing.
    Unknown,
    /// People must decide.
    NeedsPeople,
}

impl Outcome {
    /// As files and JSON name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::NotEligible => "not_eligible",
            Self::Unknown => "unknown",
            Self::NeedsPeople => "needs_people",
        }
    }
}

/// What a clause says about a subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The outcome.
    pub outcome: Outcome,
    /// What is paid, in fen: exact, or bounds.
    pub amount: Range,
    /// The facts whose knowledge can still change outcome or amount.
    pub missing: Missing,
    /// For a draft: what it would say if it were in force.
    pub would_be: Option<(Outcome, Range)>,
}

impl Policy {
    /// What a clause says about a subject on a day.
    ///
    /// # Errors
    /// A [`Fault`] of evaluation that the outcome depends on.
    pub fn answer(&self, clause: usize, facts: &[Value], as_of: Date) -> Result<Answer, Fault> {
        let mut answer = self.alone(clause, facts, as_of)?;
        if self.clauses[clause].best.is_some() && answer.outcome == Outcome::Eligible {
            answer.outcome = Outcome::NeedsPeople;
            answer.amount = answer.amount.hull(Range::point(Exact::ZERO))?;
            answer.missing.insert(PEOPLE);
        }
        Ok(answer)
    }

    /// What a clause says of a subject alone, as if all applicants were chosen.
    pub(crate) fn alone(&self, clause: usize, facts: &[Value], as_of: Date) -> Result<Answer, Fault> {
        let one = &self.clauses[clause];
        if !self.days.hold(as_of) || !one.days.hold(as_of) {
            return Ok(Answer::none(None));
        }
        let context = Context { policy: self, clause, facts, as_of };
        // Not until the first fault: a condition that fails for certain absorbs the fault of one before it.
        let mut so_far = Ok(Value::bool(true));
        for condition in &one.conditions {
            if !matches!(&so_far, Ok(value) if value.kind == Kind::Bool(false)) {
                so_far = logic(true, so_far, context.value(&condition.node));
            }
        }
        let decided = so_far?;
        let outcome = outcome(self, &decided);
        let mut missing = decided.missing;
        let amount = match (&one.amount, outcome) {
            (Some(node), Outcome::Eligible) => {
                let value = context.value(node)?;
                missing.extend(&value.missing);
                payable(value.range().ok_or(Fault::Type)?)?
            }
            (Some(node), Outcome::Unknown | Outcome::NeedsPeople) => {
                let value = context.value(node).unwrap_or_else(|_| Value::unknown(Missing::new()));
                missing.extend(&value.missing);
                let range = payable(value.range().ok_or(Fault::Type)?)?;
                range.hull(Range::point(Exact::ZERO))?
            }
            _ => Range::point(Exact::ZERO),
        };
        if self.draft || one.draft {
            return Ok(Answer::none(Some((outcome, amount))));
        }
        Ok(Answer { outcome, amount, missing, would_be: None })
    }

    /// Whether a clause holds, for clauses that refer to it.
    pub(crate) fn holds(&self, clause: usize, facts: &[Value], as_of: Date) -> Result<Value, Fault> {
        let answer = self.answer(clause, facts, as_of)?;
        Ok(match answer.outcome {
            Outcome::Eligible => Value::bool(true),
            Outcome::NotEligible => Value::bool(false),
            Outcome::Unknown | Outcome::NeedsPeople => Value::unknown(answer.missing),
        })
    }

    /// What a clause pays, for clauses that refer to it.
    pub(crate) fn pays(&self, clause: usize, facts: &[Value], as_of: Date) -> Result<Value, Fault> {
        let answer = self.answer(clause, facts, as_of)?;
        Ok(Value { kind: Kind::Number(answer.amount), missing: answer.missing })
    }

    /// The value of a parameter on a day as evaluation counts it, money in fen, and its unit: `money`, `ratio` or none.
    pub fn written(&self, name: &str, day: Date) -> Option<(String, Option<&'static str>)> {
        let parameter = self.parameters.iter().find(|parameter| parameter.name == name)?;
        let unit = crate::unit::of_type(&parameter.kind);
        parameter.effective(day).map(|(_, value)| (crate::proof::shown(value), unit))
    }

    /// The same policy with another value of a parameter on every day; `None` if it has no such parameter.
    ///
    /// # Errors
    /// What is wrong with the value, in English.
    pub fn with_parameter(&self, name: &str, value: &str) -> Result<Option<Self>, String> {
        let Some(at) = self.parameters.iter().position(|parameter| parameter.name == name) else { return Ok(None) };
        let (value, kind) = crate::load::constant(value)?;
        let wanted = &self.parameters[at].kind;
        if kind.join(wanted).as_ref() != Some(wanted) {
            return Err(format!("{name} is {wanted}, but the value is {kind}"));
        }
        let mut policy = self.clone();
        policy.parameters[at].values = vec![(Date::MIN, value)];
        Ok(Some(policy))
    }

    /// The same policy with its drafts in force.
    #[must_use]
    pub fn enacted(&self) -> Self {
        let mut policy = self.clone();
        policy.draft = false;
        policy.clauses.iter_mut().for_each(|clause| clause.draft = false);
        policy
    }

    /// Whether a clause reads a parameter of this name, also through the clauses it refers to.
    pub fn reads(&self, clause: usize, parameter: &str) -> bool {
        let mut found = false;
        for node in self.clauses[clause].nodes() {
            node.visit(&mut |node| match node {
                Node::Parameter(at) | Node::ParameterOn(at, _) => {
                    found |= self.parameters[usize::from(*at)].name == parameter
                }
                Node::Eligible(at) | Node::AmountOf(at) => found |= self.reads(*at, parameter),
                _ => {}
            });
        }
        found
    }

    /// Names of missing facts, without what people decide freely.
    pub fn names(&self, missing: &Missing) -> Vec<&str> {
        missing.iter().filter_map(|at| self.facts.get(usize::from(*at))).map(|fact| fact.name.as_str()).collect()
    }

    /// An amount split among those who pay, in the order of their names; the last takes what rounding leaves.
    ///
    /// # Errors
    /// A [`Fault`] of evaluation.
    pub fn payers(&self, clause: usize, facts: &[Value], as_of: Date, fen: i128) -> Result<Vec<(&str, i128)>, Fault> {
        let context = Context { policy: self, clause, facts, as_of };
        let mut split = Vec::new();
        for (name, node) in &self.clauses[clause].payers {
            let share = context.value(node)?.range().and_then(Range::value).ok_or(Fault::Type)?;
            if share != Exact::ZERO {
                let part = share.multiply(Exact::whole(fen))?.round(1, crate::number::Rounding::Down)?;
                split.push((name.as_str(), part.as_whole().ok_or(Fault::Type)?));
            }
        }
        let given: i128 = split.iter().map(|(_, part)| part).sum();
        if let Some(last) = split.last_mut() {
            last.1 += fen - given;
        }
        Ok(split)
    }
}

impl Clause {
    /// An amount in its instalments; the last takes what rounding leaves.
    ///
    /// # Errors
    /// [`Fault::Overflow`].
    pub fn instalments(&self, fen: i128) -> Result<Vec<i128>, Fault> {
        let mut parts = Vec::new();
        for share in &self.instalments {
            let part = share.multiply(Exact::whole(fen))?.round(1, crate::number::Rounding::Down)?;
            parts.push(part.as_whole().ok_or(Fault::Type)?);
        }
        let given: i128 = parts.iter().sum();
        if let Some(last) = parts.last_mut() {
            *last += fen - given;
        }
        Ok(parts)
    }
}

impl Answer {
    fn none(would_be: Option<(Outcome, Range)>) -> Self {
        Self { outcome: Outcome::NotEligible, amount: Range::point(Exact::ZERO), missing: Missing::new(), would_be }
    }
}

/// Benefits are never negative, and paid in whole fen.
fn payable(range: Range) -> Result<Range, Fault> {
    let zero = Range::point(Exact::ZERO);
    let range = range.choose(zero, true)?;
    match range.value() {
        Some(value) if value.as_whole().is_none() => Err(Fault::FractionOfFen),
        _ => Ok(range),
    }
}

fn outcome(policy: &Policy, decided: &Value) -> Outcome {
    let by_people = |at: &u16| *at == PEOPLE || policy.facts.get(usize::from(*at)).is_some_and(|fact| fact.people);
    match decided.kind {
        Kind::Bool(true) => Outcome::Eligible,
        Kind::Bool(false) => Outcome::NotEligible,
        _ if !decided.missing.is_empty() && decided.missing.iter().all(by_people) => Outcome::NeedsPeople,
        _ => Outcome::Unknown,
    }
}
