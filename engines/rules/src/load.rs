//! From the YAML document to a checked policy.

mod facts;
mod reach;
mod spans;
mod tables;

pub use facts::Declared;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use codes::Date;
use serde_saphyr::{Location, Spanned};

use crate::compile::{Names, Node, Type, compile};
use crate::document::{ClauseForm, Document, Instalments, Status, Text, Window};
use crate::fault::Finding;
use crate::number::Exact;
use crate::policy::{Clause, Condition, Days, Parameter, Policy};
use crate::value::Value;

/// The largest policy file, in bytes.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Reads and checks a policy file.
///
/// # Errors
/// Everything that was found wrong, with places.
pub fn load(source: &str) -> Result<Policy, Vec<Finding>> {
    load_with(source, &|_| None)
}

/// The same with a dictionary, whose facts the policy may name by `registry: KEY`.
///
/// # Errors
/// Everything that was found wrong, with places.
pub fn load_with(source: &str, dictionary: &dyn Fn(&str) -> Option<Declared>) -> Result<Policy, Vec<Finding>> {
    let (policy, mut loader, places) = read(source, dictionary)?;
    loader.reach(&policy, &places);
    if loader.findings.is_empty() { Ok(policy) } else { Err(loader.findings) }
}

/// A policy that is still being written: like [`load`], but conditions that never hold and branches that nothing
/// reaches are let through.
///
/// # Errors
/// Everything else that was found wrong, with places.
pub fn load_unfinished(source: &str) -> Result<Policy, Vec<Finding>> {
    read(source, &|_| None).map(|(policy, ..)| policy)
}

type Loaded<'d> = (Policy, Loader<'d>, Vec<reach::Places>);

fn read<'d>(source: &str, dictionary: &'d dyn Fn(&str) -> Option<Declared>) -> Result<Loaded<'d>, Vec<Finding>> {
    if source.len() > MOST_BYTES {
        let message = format!("a policy file has at most {MOST_BYTES} bytes");
        return Err(vec![Finding::new((0, 0), "", "too_large", message)]);
    }
    let document: Document = serde_saphyr::from_str(source).map_err(|error| {
        let at = error.location().map_or((0, 0), place);
        vec![Finding::new(at, "", "document", error.to_string().lines().next().unwrap_or_default())]
    })?;
    let mut loader = Loader { findings: Vec::new(), names: Names::default(), dictionary, places: Vec::new() };
    let policy = loader.policy(document);
    let places = std::mem::take(&mut loader.places);
    if loader.findings.is_empty() { Ok((policy, loader, places)) } else { Err(loader.findings) }
}

fn place(location: Location) -> (u64, u64) {
    (location.line(), location.column())
}

fn at(text: &Text) -> (u64, u64) {
    place(text.referenced)
}

struct Loader<'d> {
    findings: Vec<Finding>,
    names: Names,
    dictionary: &'d dyn Fn(&str) -> Option<Declared>,
    /// By clause.
    places: Vec<reach::Places>,
}

impl Loader<'_> {
    fn policy(&mut self, document: Document) -> Policy {
        let mut facts = self.facts(document.facts);
        let parameters = document
            .parameters
            .into_iter()
            .filter_map(|(name, form)| {
                let parameter = self.parameter(&name, form)?;
                let at = u16::try_from(self.names.parameters.len()).ok()?;
                if self.names.facts.contains_key(&name) {
                    self.find((0, 0), "", "duplicate", format!("{name} is a fact and a parameter"));
                }
                self.names.parameters.insert(name, (at, parameter.kind.clone()));
                Some(parameter)
            })
            .collect();
        let totals = self.totals(document.cohort, &mut facts);
        for (number, clause) in document.clauses.iter().enumerate() {
            if self.names.clauses.insert(clause.id.value.clone(), number).is_some() {
                self.find(at(&clause.id), &clause.id.value, "duplicate", "another clause has this id");
            }
        }
        let days = self.days("", &document.in_force);
        let places: Vec<(u64, u64)> = document.clauses.iter().map(|form| at(&form.id)).collect();
        let mut clauses: Vec<Clause> = document.clauses.into_iter().map(|form| self.clause(form)).collect();
        self.names.tables = BTreeMap::new();
        let limits = self.limits(document.limits, &mut clauses);
        let budgets = self.budgets(document.budgets);
        let policy = Policy {
            title: document.policy,
            origin: [document.issuer, document.doc_no, document.region, document.source],
            draft: document.status == Status::Draft,
            days,
            facts,
            parameters,
            clauses,
            limits,
            budgets,
            totals,
            cohort_cases: document.cohort_cases,
        };
        self.cycles(&policy, &places);
        self.drafts(&policy, &places);
        self.cases(&policy, &places);
        policy
    }

    fn find(&mut self, at: (u64, u64), clause: &str, code: &'static str, message: impl Into<String>) {
        self.findings.push(Finding::new(at, clause, code, message));
    }

    fn date(&mut self, clause: &str, text: &Text) -> Option<Date> {
        let date = Date::from_iso(&text.value).ok();
        if date.is_none() {
            self.find(at(text), clause, "date", format!("{:?} is not a date such as 2024-01-31", text.value));
        }
        date
    }

    fn days(&mut self, clause: &str, window: &Window) -> Days {
        let mut day = |text: &Option<Text>| text.as_ref().and_then(|text| self.date(clause, text));
        let days = Days { from: day(&window.from), to: day(&window.to) };
        if days.from.zip(days.to).is_some_and(|(from, to)| from > to) {
            self.find(window.to.as_ref().map_or((0, 0), at), clause, "never", "it ends before it begins");
        }
        days
    }

    /// A constant expression: its value and type.
    fn constant(&mut self, clause: &str, text: &Text) -> Option<(Value, Type)> {
        let found = compile(&text.value, &Names::default());
        let (node, kind) = match found {
            Ok(found) => found,
            Err(problem) => {
                self.find(at(text), clause, problem.code, problem.message);
                return None;
            }
        };
        match constant_value(&node) {
            Ok(value) => Some((value, kind)),
            Err(message) => {
                self.find(at(text), clause, "constant", message);
                None
            }
        }
    }

    fn parameter(&mut self, name: &str, form: crate::document::ParameterForm) -> Option<Parameter> {
        let mut values: Vec<(Date, Value)> = Vec::new();
        let mut kind: Option<Type> = None;
        for dated in &form.values {
            let (from, found) = (self.date("", &dated.from)?, self.constant("", &dated.value)?);
            if values.last().is_some_and(|(before, _)| *before >= from) {
                self.find(at(&dated.value), "", "order", format!("the values of {name} must follow their dates"));
            }
            kind = match kind {
                None => Some(found.1),
                Some(before) if before.join(&found.1).is_none() => {
                    self.find(at(&dated.value), "", "type", format!("{name} is {before} and {}", found.1));
                    return None;
                }
                Some(before) => before.join(&found.1),
            };
            values.push((from, found.0));
        }
        if kind.is_none() {
            self.find((0, 0), "", "parameter", format!("the parameter {name} has no value"));
        }
        Some(Parameter { name: name.to_owned(), label: [form.zh, form.en], kind: kind?, values })
    }

    fn clause(&mut self, form: ClauseForm) -> Clause {
        let id = form.id.value.clone();
        self.places.push(reach::Places {
            id: at(&form.id),
            conditions: form.conditions.iter().map(|one| at(&one.when)).collect(),
            amount: form.amount.as_ref().map_or((0, 0), at),
            rows: form.tables.values().map(|table| table.rows.iter().map(|row| at(&row.value)).collect()).collect(),
        });
        self.names.tables = BTreeMap::new();
        let mut tables = Vec::new();
        for (name, table) in form.tables {
            if let Some((table, kind)) = self.table(&id, &name, table) {
                let number = u16::try_from(tables.len()).unwrap_or(u16::MAX);
                self.names.tables.insert(name, (number, kind));
                tables.push(table);
            }
        }
        let mut conditions = Vec::new();
        for condition in form.conditions {
            if let Some(node) = self.expression(&id, &condition.when, &[Type::Bool]) {
                let Spanned { value: source, .. } = condition.when;
                conditions.push(Condition { zh: condition.zh, en: condition.en, source, node, words: OnceLock::new() });
            }
        }
        if let Some(once) = form.once {
            conditions.extend(self.once(&form.id, once));
        }
        if form.cases.is_empty() {
            self.find(at(&form.id), &id, "no_cases", "a clause without cases cannot be published; add cases");
        }
        let mut amount = form.amount.and_then(|text| self.expression(&id, &text, &[Type::Money]));
        if let Some(cap) = &form.cumulative_cap {
            amount = self.cumulative(&id, amount, cap);
        }
        let pays = amount.is_some();
        self.payers(&form.id, &form.payers);
        let instalments = self.instalments(&form.id, form.instalments);
        Clause {
            title: form.title,
            draft: form.status == Status::Draft,
            payee: form.payee,
            best: form.best.and_then(|best| self.best(&form.id, best, pays)),
            days: self.days(&id, &form.in_force),
            tables,
            conditions,
            amount,
            payers: form
                .payers
                .into_iter()
                .filter_map(|(name, text)| Some((name, self.expression(&id, &text, &[Type::Ratio, Type::Int])?)))
                .collect(),
            instalments,
            years: form.years.unwrap_or(1),
            cases: form.cases,
            id,
        }
    }

    /// Shares of those who pay that are constant must be the whole together.
    fn payers(&mut self, clause: &Text, payers: &BTreeMap<String, Text>) {
        let shares = payers.values().map(|text| constant(&text.value).ok().and_then(|(value, _)| exact(&value)));
        let Some(shares) = shares.collect::<Option<Vec<Exact>>>().filter(|shares| !shares.is_empty()) else { return };
        if shares.iter().try_fold(Exact::ZERO, |sum, share| sum.plus(*share)) != Ok(Exact::whole(1)) {
            let message = "the shares of those who pay are not the whole together";
            self.find(at(clause), &clause.value, "shares", message);
        }
    }

    /// The shares of instalments; together they are the whole.
    fn instalments(&mut self, clause: &Text, form: Option<Instalments>) -> Vec<Exact> {
        let mut shares = Vec::new();
        match form.unwrap_or(Instalments::Equal(1)) {
            Instalments::Equal(count @ 1..=120) => {
                let share = Exact::new(1, i128::from(count)).unwrap_or(Exact::ZERO);
                return vec![share; count as usize];
            }
            Instalments::Equal(_) => {}
            Instalments::Shares(texts) => {
                for text in texts.into_iter().take(120) {
                    let text = Spanned::new(text, clause.referenced, clause.defined);
                    shares.extend(self.constant(&clause.value, &text).and_then(|(value, _)| exact(&value)));
                }
            }
        }
        let whole = shares.iter().try_fold(Exact::ZERO, |sum, share| sum.plus(*share));
        if whole != Ok(Exact::whole(1)) {
            let message = "instalments are 1 to 120 equal parts, or shares that together are the whole";
            self.find(at(clause), &clause.value, "shares", message);
        }
        shares
    }

    fn expression(&mut self, clause: &str, text: &Text, wanted: &[Type]) -> Option<Node> {
        match compile(&text.value, &self.names) {
            Ok((node, kind)) if wanted.contains(&kind) => Some(node),
            Ok((_, Type::Part)) => {
                let advice =
                    "this may have fractions of a fen; say how it is rounded: floor_fen, round_fen, floor_yuan, …";
                self.find(at(text), clause, "rounding", advice);
                None
            }
            Ok((_, kind)) => {
                let code = if kind.is_number() && wanted[0].is_money() { "unit" } else { "type" };
                self.find(at(text), clause, code, format!("this is {kind}; it must be {}", wanted[0]));
                None
            }
            Err(problem) => {
                self.find(at(text), clause, problem.code, problem.message);
                None
            }
        }
    }

    /// Refuses clauses that come to refer to themselves.
    fn cycles(&mut self, policy: &Policy, places: &[(u64, u64)]) {
        let edges: Vec<Vec<usize>> = policy.clauses.iter().map(Clause::refers).collect();
        for start in 0..edges.len() {
            let (mut seen, mut open) = (vec![false; edges.len()], edges[start].clone());
            while let Some(next) = open.pop() {
                if next == start {
                    let id = policy.clauses[start].id.clone();
                    self.find(places[start], &id, "cycle", "the clause comes to refer to itself");
                    break;
                }
                if !std::mem::replace(&mut seen[next], true) {
                    open.extend(&edges[next]);
                }
            }
        }
    }

    /// What spans clauses or subjects needs cases of its own, and cases name declared facts only.
    fn cases(&mut self, policy: &Policy, places: &[(u64, u64)]) {
        for (at, clause) in policy.clauses.iter().enumerate() {
            let facts = clause.cases.iter().filter_map(|case| case.get("facts")?.as_object());
            for name in facts.flat_map(serde_json::Map::keys) {
                if policy.facts.iter().all(|fact| fact.name != *name) {
                    let message = format!("a case names the fact {name}, which is not declared");
                    self.find(places[at], &clause.id, "unknown_name", message);
                    break;
                }
            }
        }
        let settled = policy.clauses.iter().flat_map(|clause| &clause.cases).any(|case| case.get("granted").is_some());
        if policy.needs_cohort() && policy.cohort_cases.is_empty() {
            self.find((0, 0), "", "no_cases", "budgets, best: and cohort: need cohort_cases, of several applicants");
        } else if !policy.limits.is_empty() && !settled && policy.cohort_cases.is_empty() {
            self.find((0, 0), "", "no_cases", "limits need cases that say what is granted:, or cohort_cases");
        }
    }

    /// A draft never pays: neither on its own nor through a clause that is in force.
    fn drafts(&mut self, policy: &Policy, places: &[(u64, u64)]) {
        for (at, clause) in policy.clauses.iter().enumerate() {
            if policy.draft || clause.draft {
                let pays = |case: &serde_json::Value| {
                    case.get("eligible") == Some(&serde_json::Value::Bool(true))
                        || case.get("amount").and_then(serde_json::Value::as_f64).is_some_and(|yuan| yuan > 0.0)
                };
                if clause.cases.iter().any(pays) {
                    let message = "a draft never pays: write eligible: false and would_be_max";
                    self.find(places[at], &clause.id, "draft_pays", message);
                }
            } else if let Some(draft) = clause.refers().into_iter().find(|at| policy.clauses[*at].draft) {
                let message = format!("it is in force, but rests on {}, which is a draft", policy.clauses[draft].id);
                self.find(places[at], &clause.id, "draft_pays", message);
            }
        }
    }
}

/// Evaluates an expression that names nothing.
pub(crate) fn constant_value(node: &Node) -> Result<Value, String> {
    let policy = Policy {
        title: String::new(),
        origin: Default::default(),
        draft: false,
        days: Days::default(),
        facts: Vec::new(),
        parameters: Vec::new(),
        clauses: Vec::new(),
        limits: Vec::new(),
        budgets: Vec::new(),
        totals: Vec::new(),
        cohort_cases: Vec::new(),
    };
    let as_of = Date::new(2000, 1, 1).map_err(|fault| fault.to_string())?;
    let context = crate::evaluate::Context { policy: &policy, clause: 0, facts: &[], as_of };
    context.value(node).map_err(|fault| fault.to_string())
}

/// The value and type of an expression without facts.
///
/// # Errors
/// What is wrong with it, in English.
pub(crate) fn constant(source: &str) -> Result<(Value, Type), String> {
    let (node, kind) = compile(source, &Names::default()).map_err(|problem| problem.message)?;
    Ok((constant_value(&node)?, kind))
}

/// The exact number a constant is.
fn exact(value: &Value) -> Option<Exact> {
    value.range().and_then(crate::number::Range::value)
}

impl Clause {
    /// Every node of the clause's expressions.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        let tables = self
            .tables
            .iter()
            .flat_map(|table| std::iter::once(&table.by).chain(table.rows.iter().map(|row| &row.value)));
        let rest = self.conditions.iter().map(|one| &one.node).chain(&self.amount);
        rest.chain(self.payers.iter().map(|(_, node)| node)).chain(tables)
    }

    fn refers(&self) -> Vec<usize> {
        let mut found = Vec::new();
        for node in self.nodes() {
            node.visit(&mut |node| {
                if let Node::Eligible(at) | Node::AmountOf(at) = node {
                    found.push(*at);
                }
            });
        }
        found
    }
}

impl Node {
    /// Shows every node of the tree.
    pub(crate) fn visit(&self, see: &mut impl FnMut(&Node)) {
        self.each(&mut |node| see(node));
    }

    /// Shows every node of the tree for as long as the tree lives.
    pub(crate) fn each<'n>(&'n self, see: &mut impl FnMut(&'n Node)) {
        see(self);
        match self {
            Self::Not(a) | Self::Field(a, _) | Self::ParameterOn(_, a) => a.each(see),
            Self::Logic(_, a, b)
            | Self::Arithmetic(_, a, b)
            | Self::Join(a, b)
            | Self::Compare(_, a, b)
            | Self::In(a, b)
            | Self::Index(a, b) => {
                a.each(see);
                b.each(see);
            }
            Self::If(a, b, c) => {
                for node in [a, b, c] {
                    node.each(see);
                }
            }
            Self::Fold(parts) => parts.iter().for_each(|node| node.each(see)),
            Self::List(nodes) | Self::Call(_, nodes) => nodes.iter().for_each(|node| node.each(see)),
            _ => {}
        }
    }
}
