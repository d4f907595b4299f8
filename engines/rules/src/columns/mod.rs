//! The evaluator for a whole register: one clause over a block of organisations at a time.
//!
//! The same compiled form as for one subject is lowered once to whole-number columns ([`lower`]). Rows whose facts are
//! known go through plain loops ([`known`]), rows with missing facts through bounds ([`open`]), and whatever columns
//! cannot say (lists, series, references, faults, numbers beyond 61 bits) through the evaluator for one subject, which
//! is the reference: every answer is the same as its. A clause of which columns can say a part is asked that part first:
//! the other evaluator then only sees the organisations that it leaves.

mod block;
mod chosen;
mod decide;
mod derived;
mod known;
mod lower;
mod open;
mod ranges;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use codes::Date;

use crate::compile::{Node, Type};
use crate::fault::Fault;
use crate::number::{Exact, Range};
use crate::policy::{Answer, Fact, Outcome, Policy};
use crate::subject::{read, unknown};
use crate::value::{Kind, Missing, Value};

use block::Tested;
pub use block::{Block, Cell, Column};
use chosen::Chosen;
use decide::{Left, decide, pay};
use derived::{Derived, Memory};
use known::Run;
use lower::{Lower, Num, Test};

/// The most rows of a block.
pub const BLOCK: usize = 1024;

/// A column of the register: facts of this name, read in this way.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The column's name.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// See [`Fact::scale`].
    pub scale: i64,
    /// The key of the registry's dictionary that it names, if it does.
    pub registry: Option<String>,
    if_absent: Option<Value>,
}

/// The columns that all policies together read.
#[derive(Default)]
struct Slots(Vec<Slot>);

impl Slots {
    fn of(&mut self, fact: &Fact) -> usize {
        let same = |slot: &Slot| {
            (&slot.name, &slot.kind, slot.scale, &slot.registry, &slot.if_absent)
                == (&fact.name, &fact.kind, fact.scale, &fact.registry, &fact.if_absent)
        };
        if let Some(at) = self.0.iter().position(same) {
            return at;
        }
        self.0.push(Slot {
            name: fact.name.clone(),
            kind: fact.kind.clone(),
            scale: fact.scale,
            registry: fact.registry.clone(),
            if_absent: fact.if_absent.clone(),
        });
        self.0.len() - 1
    }
}

/// A day as a number that grows with it: months since year 0 times 32, plus the day.
fn packed(date: Date) -> i64 {
    (i64::from(date.year()) * 12 + i64::from(date.month()) - 1) * 32 + i64::from(date.day())
}

fn unpacked(day: i64) -> Option<Date> {
    let months = day >> 5;
    let part = |value: i64| i8::try_from(value).ok();
    Date::new(i16::try_from(months.div_euclid(12)).ok()?, part(months.rem_euclid(12) + 1)?, part(day & 31)?).ok()
}

enum Plan {
    /// Not in force or a draft: not eligible whatever the facts are.
    Never,
    /// In columns.
    Columns {
        /// The tests that all must hold, and how much each costs: those that look cheapest first.
        conditions: Vec<(usize, f64)>,
        /// The same in the order that leaves least to do, once some organisations were seen.
        order: OnceLock<Vec<usize>>,
        amount: Option<(Num, Vec<usize>)>,
        people: bool,
        rest: Rest,
    },
    /// Row by row.
    Single,
}

/// What of a clause columns cannot say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Nothing,
    /// The amount: those that are eligible are evaluated one by one.
    Amount,
    /// A condition: those that the others leave are evaluated one by one.
    Condition,
}

/// What follows the tests of a clause.
struct Ways<'p> {
    amount: Option<&'p (Num, Vec<usize>)>,
    people: bool,
    rest: Rest,
}

struct Program {
    policy: usize,
    clause: usize,
    plan: Plan,
}

/// Policies on a day, ready for a whole register.
pub struct Register<'p> {
    policies: &'p [Policy],
    as_of: Date,
    slots: Vec<Slot>,
    /// By policy: the slot of each fact.
    facts: Vec<Vec<usize>>,
    programs: Vec<Program>,
    /// The tests of all clauses, each once.
    tests: Vec<Test>,
    /// What is derived from the slots, in the columns behind theirs.
    derived: Vec<Derived>,
    /// No other register has this number.
    number: u64,
}

/// The number of the next register.
static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// What one clause says about the organisations of a block.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// By organisation.
    pub outcomes: Vec<Outcome>,
    /// The least that is paid, in fen; zero unless eligible.
    pub least: Vec<i64>,
    /// The most that is paid, in fen; [`i64::MAX`] where no bound is known.
    pub most: Vec<i64>,
    /// Organisations without an answer, and why.
    pub faults: Vec<(usize, Fault)>,
}

impl<'p> Register<'p> {
    /// Prepares policies for a day.
    pub fn new(policies: &'p [Policy], as_of: Date) -> Self {
        let mut slots = Slots::default();
        let facts = policies.iter().map(|policy| policy.facts.iter().map(|fact| slots.of(fact)).collect()).collect();
        let (mut programs, mut tests, mut derived) = (Vec::new(), Vec::new(), Vec::new());
        for (at, policy) in policies.iter().enumerate() {
            for clause in 0..policy.clauses.len() {
                let lower = Lower {
                    policy,
                    number: at,
                    clause,
                    as_of,
                    slots: &mut slots,
                    derived: &mut derived,
                    read: Vec::new(),
                };
                programs.push(Program { policy: at, clause, plan: plan(lower, &mut tests) });
            }
        }
        Self {
            policies,
            as_of,
            slots: slots.0,
            facts,
            programs,
            tests,
            derived,
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// The columns it reads.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// How many clauses there are.
    pub fn clauses(&self) -> usize {
        self.programs.len()
    }

    /// The id of a clause as written.
    pub fn id(&self, clause: usize) -> &'p str {
        let program = &self.programs[clause];
        &self.policies[program.policy].clauses[program.clause].id
    }

    /// The clauses that are evaluated row by row.
    pub fn single(&self) -> impl Iterator<Item = &'p str> {
        let single = |clause: &usize| matches!(self.programs[*clause].plan, Plan::Single);
        (0..self.programs.len()).filter(single).map(|clause| self.id(clause))
    }

    /// Whether a clause is a draft.
    pub fn draft(&self, clause: usize) -> bool {
        let program = &self.programs[clause];
        let policy = &self.policies[program.policy];
        policy.draft || policy.clauses[program.clause].draft
    }

    /// Whether a clause reads a parameter of this name, also through other clauses.
    pub fn reads(&self, clause: usize, parameter: &str) -> bool {
        let program = &self.programs[clause];
        self.policies[program.policy].reads(program.clause, parameter)
    }

    /// An empty block for its columns.
    pub fn block(&self) -> Block {
        let plain = |slot: &Slot| matches!(slot.kind, Type::Bool | Type::Int | Type::Money | Type::Date);
        let columns = self.slots.iter().map(plain).chain(self.derived.iter().map(|_| true)).map(Column::new).collect();
        Block {
            rows: 0,
            columns,
            odd: Chosen::NONE,
            memory: self.derived.iter().map(|_| Memory::default()).collect(),
            of: self.number,
            tested: self.tests.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// Adds an organisation: one cell for each slot.
    ///
    /// # Errors
    /// The slot and what is wrong with its cell, or that the block is full; the block is as before.
    pub fn add<'c>(&self, block: &mut Block, cell: impl Fn(usize) -> Cell<'c>) -> Result<(), (usize, String)> {
        if block.rows == BLOCK {
            return Err((0, format!("a block holds at most {BLOCK} organisations")));
        }
        for (at, slot) in self.slots.iter().enumerate() {
            let added = Self::put(&mut block.columns[at], slot, cell(at));
            if let Err(problem) = added {
                for column in &mut block.columns[..at] {
                    column.values.truncate(block.rows);
                    column.known.truncate(block.rows);
                    column.other.truncate(block.rows);
                    column.years.truncate(block.rows);
                }
                return Err((at, problem));
            }
        }
        self.derive(block);
        block.rows += 1;
        Ok(())
    }

    /// Fills the derived columns of the row that was put last.
    fn derive(&self, block: &mut Block) {
        let row = block.rows;
        for (at, derived) in self.derived.iter().enumerate() {
            let mut memory = std::mem::take(&mut block.memory[at]);
            let found = derived.of(self, block, row, &mut memory);
            block.memory[at] = memory;
            let Ok(value) = found else {
                block.odd.insert(row as u16);
                block.columns[self.slots.len() + at].add(None);
                continue;
            };
            block.columns[self.slots.len() + at].add(value);
        }
    }

    fn put(column: &mut Column, slot: &Slot, cell: Cell<'_>) -> Result<(), String> {
        let whole = match cell {
            Cell::Whole(value) => Some(value),
            Cell::Text(text) if column.plain && text.len() < 19 => digits(text),
            _ => None,
        };
        let quick = whole.and_then(|value| match slot.kind {
            Type::Int => Some(value),
            Type::Money => value.checked_mul(slot.scale),
            Type::Bool if value == 0 || value == 1 => Some(value),
            _ => None,
        });
        if let (true, Some(value)) = (column.plain, quick) {
            column.add(Some(value));
            return Ok(());
        }
        if let (Cell::Years(points), Type::Series(inner)) = (cell, &slot.kind)
            && derived::whole(inner)
        {
            let scaled: Option<Vec<(i16, i64)>> =
                points.iter().map(|(year, value)| Some((*year, value.checked_mul(slot.scale)?))).collect();
            column.years.add(scaled.ok_or("this number is too large")?);
            column.other.push(None);
            return Ok(());
        }
        let json = match cell {
            Cell::Years(points) => {
                points.iter().map(|(year, value)| (year.to_string(), serde_json::Value::from(*value))).collect()
            }
            Cell::Empty | Cell::Text("") => serde_json::Value::Null,
            Cell::Whole(value) => serde_json::Value::from(value),
            Cell::Text(text) if structured(&slot.kind) => {
                serde_json::from_str(text).map_err(|error| format!("this is not JSON: {error}"))?
            }
            Cell::Text(text) => serde_json::Value::from(text),
        };
        let value = match (&json, &slot.if_absent) {
            (serde_json::Value::Null, absent) => absent.clone(),
            _ => Some(read(&json, &slot.kind, slot.scale, &Missing::new())?),
        };
        if !column.plain {
            match value.as_ref().filter(|_| matches!(&slot.kind, Type::Series(inner) if derived::whole(inner))) {
                Some(series) if let Some(points) = derived::points(series) => {
                    column.years.add(points);
                    column.other.push(None);
                }
                _ => {
                    column.years.add([]);
                    column.other.push(value);
                }
            }
            return Ok(());
        }
        let plain = match value.map(|value| value.kind) {
            None => None,
            Some(Kind::Bool(value)) => Some(i64::from(value)),
            Some(Kind::Date(date)) => Some(packed(date)),
            Some(Kind::Number(range)) => {
                let whole = range.value().and_then(Exact::as_whole).and_then(|value| i64::try_from(value).ok());
                Some(whole.ok_or("this number is too large")?)
            }
            Some(_) => return Err("this is of another type than declared".to_owned()),
        };
        column.add(plain);
        Ok(())
    }

    /// What a clause says about a block.
    pub fn evaluate(&self, clause: usize, block: &Block) -> Answers {
        let mut answers = Answers {
            outcomes: vec![Outcome::NotEligible; block.rows],
            least: vec![0; block.rows],
            most: vec![0; block.rows],
            faults: Vec::new(),
        };
        let program = &self.programs[clause];
        let ranked = self.policies[program.policy].clauses[program.clause].best.is_some();
        match &program.plan {
            Plan::Never => {}
            Plan::Single => (0..block.rows).for_each(|row| self.single_row(program, block, row, &mut answers)),
            Plan::Columns { conditions, order, amount, people, rest } => {
                let mut run = Run { block, pool: Vec::new(), odd: Chosen::NONE };
                let given: Vec<usize>;
                let order = if let Some(order) = order.get() {
                    order
                } else if block.rows >= SEEN {
                    order.get_or_init(|| self.ordered(conditions, block))
                } else {
                    given = conditions.iter().map(|(test, _)| *test).collect();
                    &given
                };
                let ways = Ways { amount: amount.as_ref(), people: *people, rest: *rest };
                if self.columns(&mut run, order, &ways, &mut answers).is_err() {
                    (0..block.rows).for_each(|row| self.single_row(program, block, row, &mut answers));
                } else {
                    run.odd.or(&block.odd).each(|row| self.single_row(program, block, row, &mut answers));
                }
            }
        }
        if ranked {
            // Who is among the best is not known of one alone; the rows' bounds stay with what spans subjects.
            for (outcome, least) in answers.outcomes.iter_mut().zip(&mut answers.least) {
                if *outcome == Outcome::Eligible {
                    (*outcome, *least) = (Outcome::NeedsPeople, 0);
                }
            }
            answers.most.fill(0);
        }
        answers
    }

    /// What a test says of all rows of a block. A block may have been filled for another register with the same columns.
    fn tested(&self, test: usize, block: &Block) -> Result<Tested, known::Wide> {
        let say = || {
            let mut run = Run { block, pool: Vec::new(), odd: Chosen::NONE };
            let (holds, maybe) = decide(&mut run, &self.tests[test], &Chosen::first(block.rows)).ok()?;
            Some(Tested { rows: block.rows, holds, maybe, odd: run.odd })
        };
        if block.of != self.number {
            return say().ok_or(known::Wide);
        }
        match block.tested[test].get_or_init(say) {
            Some(tested) if tested.rows == block.rows => Ok(*tested),
            Some(_) => say().ok_or(known::Wide),
            None => Err(known::Wide),
        }
    }

    /// The same if it was asked before or many rows are left, so that other clauses are likely to ask too.
    fn shared(&self, test: usize, block: &Block, left: &Chosen) -> Option<Tested> {
        let asked = block.of == self.number && block.tested[test].get().is_some();
        if asked || left.count() * 3 >= block.rows * 2 { self.tested(test, block).ok() } else { None }
    }

    /// Tests that all must hold, in the order in which least is to be done for organisations such as these: cheap ones
    /// that few pass come first. (The order of Hellerstein and Stonebraker 1993: by cost over the share that fails.)
    fn ordered(&self, conditions: &[(usize, f64)], block: &Block) -> Vec<usize> {
        let rank = |(test, cost): &(usize, f64)| {
            let passed = self.tested(*test, block).map_or(block.rows, |tested| tested.holds.or(&tested.maybe).count());
            let failed = 1.0 - passed as f64 / block.rows as f64;
            (*test, cost / failed.max(1e-6))
        };
        let mut ranked: Vec<(usize, f64)> = conditions.iter().map(rank).collect();
        ranked.sort_by(|a, b| a.1.total_cmp(&b.1));
        ranked.into_iter().map(|(test, _)| test).collect()
    }

    fn columns(
        &self,
        run: &mut Run<'_>,
        conditions: &[usize],
        ways: &Ways<'_>,
        answers: &mut Answers,
    ) -> Result<(), known::Wide> {
        let mut left = Left { holds: Chosen::first(run.block.rows), maybe: Chosen::NONE };
        for test in conditions {
            let rows = left.rows();
            if rows.is_empty() {
                break;
            }
            if let Some(tested) = self.shared(*test, run.block, &rows) {
                run.odd = run.odd.or(&tested.odd.and(&rows));
                left.narrow(&tested.holds, &tested.maybe);
            } else {
                let (holds, maybe) = decide(run, &self.tests[*test], &rows)?;
                left.narrow(&holds, &maybe);
            }
        }
        if ways.rest == Rest::Condition {
            run.odd = run.odd.or(&left.rows());
            return Ok(());
        }
        if ways.rest == Rest::Amount {
            run.odd = run.odd.or(&left.holds);
        }
        if ways.people {
            run.odd = run.odd.or(&left.maybe);
        } else {
            left.maybe.each(|row| answers.outcomes[row] = Outcome::Unknown);
        }
        left.holds.list().into_iter().for_each(|row| answers.outcomes[usize::from(row)] = Outcome::Eligible);
        if let Some((number, slots)) = ways.amount {
            pay(run, number, slots, &left.holds, answers)?;
        }
        Ok(())
    }

    /// The facts of one organisation, as one policy declares them.
    pub fn subject(&self, policy: usize, block: &Block, row: usize) -> Vec<Value> {
        (0..self.policies[policy].facts.len()).map(|at| self.fact(policy, at, block, row)).collect()
    }

    /// One of them.
    fn fact(&self, policy: usize, at: usize, block: &Block, row: usize) -> Value {
        let fact = &self.policies[policy].facts[at];
        let column = &block.columns[self.facts[policy][at]];
        let missing = Missing::from([u16::try_from(at).unwrap_or(u16::MAX - 1)]);
        match (column.plain, column.plain && column.knows(row)) {
            (true, true) => match fact.kind {
                Type::Bool => Value::bool(column.values[row] != 0),
                Type::Date => unpacked(column.values[row])
                    .map_or_else(|| unknown(fact, missing), |date| Value::certain(Kind::Date(date))),
                _ => Value::whole(i128::from(column.values[row])),
            },
            (true, false) => unknown(fact, missing),
            (false, _) => match (&column.other[row], column.years.of(row)) {
                (Some(value), _) => value.wanting(&missing),
                (None, []) => unknown(fact, missing),
                (None, points) => derived::series(points, missing),
            },
        }
    }

    fn single_row(&self, program: &Program, block: &Block, row: usize, answers: &mut Answers) {
        let facts = self.subject(program.policy, block, row);
        let answer = self.policies[program.policy].answer(program.clause, &facts, self.as_of);
        // Bounds of what is not due for certain are not kept, so they may be of any size.
        let paid = |answer: &Answer| if answer.outcome == Outcome::Eligible { ends(answer) } else { Ok((0, 0)) };
        match answer.and_then(|answer| paid(&answer).map(|ends| (answer.outcome, ends))) {
            Ok((outcome, (least, most))) => {
                answers.outcomes[row] = outcome;
                (answers.least[row], answers.most[row]) = (least, most);
            }
            Err(fault) => {
                (answers.outcomes[row], answers.least[row], answers.most[row]) = (Outcome::NotEligible, 0, 0);
                answers.faults.push((row, fault));
            }
        }
    }
}

/// Bounds of an amount in whole fen; fractions of a fen within bounds go outwards.
fn ends(answer: &Answer) -> Result<(i64, i64), Fault> {
    use crate::number::Rounding::{Down, Up};
    let whole = |end: Exact, rounding| {
        let whole = end.round(1, rounding)?.as_whole().ok_or(Fault::Type)?;
        i64::try_from(whole).map_err(|_| Fault::Overflow)
    };
    let Range { low, high } = answer.amount;
    Ok((low.map_or(Ok(0), |low| whole(low, Down))?, high.map_or(Ok(i64::MAX), |high| whole(high, Up))?))
}

fn structured(kind: &Type) -> bool {
    matches!(kind, Type::List(_) | Type::Record(_) | Type::Series(_))
}

/// A plain whole number, the most frequent cell.
fn digits(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.is_empty() || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(bytes.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// Organisations of a block by which conditions are put in order.
const SEEN: usize = 256;

fn plan(mut lower: Lower<'_>, tests: &mut Vec<Test>) -> Plan {
    let (policy, as_of) = (lower.policy, lower.as_of);
    let one = &policy.clauses[lower.clause];
    if policy.draft || one.draft || !policy.days.hold(as_of) || !one.days.hold(as_of) {
        return Plan::Never;
    }
    let mut nodes = Vec::new();
    one.conditions.iter().for_each(|condition| conjuncts(&condition.node, &mut nodes));
    let (mut conditions, mut rest) = (Vec::new(), Rest::Nothing);
    for node in nodes {
        lower.read.clear();
        let Some(test) = lower.test(node) else {
            rest = Rest::Condition;
            continue;
        };
        let mut weight = 0usize;
        node.visit(&mut |_| weight += 1);
        conditions.push((distinct(&lower.read).len(), weight, test));
    }
    // All must hold, in whatever order: those that are decided most cheaply leave fewer rows to the others.
    conditions.sort_by_key(|(facts, weight, ..)| (*facts, *weight));
    let mut amount = None;
    if let Some(node) = &one.amount {
        lower.read.clear();
        amount = lower.number(node).map(|number| (number, distinct(&lower.read)));
        if amount.is_none() && rest == Rest::Nothing {
            rest = Rest::Amount;
        }
    }
    if rest != Rest::Nothing && conditions.is_empty() {
        return Plan::Single;
    }
    let mut people = false;
    for node in one.nodes() {
        node.visit(&mut |node| {
            people |= matches!(node, Node::Fact(at) if policy.facts[usize::from(*at)].people);
        });
    }
    let mut shared = |test: Test| {
        tests.iter().position(|other| *other == test).unwrap_or_else(|| {
            tests.push(test);
            tests.len() - 1
        })
    };
    let cost = |weight: usize| weight as f64;
    let conditions = conditions.into_iter().map(|(_, weight, test)| (shared(test), cost(weight))).collect();
    Plan::Columns { conditions, order: OnceLock::new(), amount, people, rest }
}

/// The parts of a condition that all must hold.
fn conjuncts<'n>(node: &'n Node, into: &mut Vec<&'n Node>) {
    if let Node::Logic(true, left, right) = node {
        conjuncts(left, into);
        conjuncts(right, into);
    } else {
        into.push(node);
    }
}

fn distinct(read: &[usize]) -> Vec<usize> {
    let mut read = read.to_vec();
    read.sort_unstable();
    read.dedup();
    read
}
