//! What spans clauses and subjects: once, cumulative caps, exclusion groups, caps together, budgets, the best.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_saphyr::Spanned;

use super::{Loader, at};
use crate::compile::{Arithmetic, Function, Node, Type, compile};
use crate::document::{BestForm, BudgetForm, CohortForm, LimitForm, OnceForm, Short, Text};
use crate::policy::{Clause, Condition, Fact};
use crate::spans::{Best, Budget, Limit};
use crate::totals::Total;
use crate::value::Value;

/// A list of ids as an expression writes it.
fn quoted(ids: &[String]) -> String {
    serde_json::to_string(ids).unwrap_or_default()
}

impl Loader<'_> {
    /// The condition that a clause was not granted before, or not within so many years.
    pub(super) fn once(&mut self, clause: &Text, form: OnceForm) -> Option<Condition> {
        let id = clause.value.as_str();
        let mut ids = vec![id.to_owned()];
        ids.extend(form.clauses);
        let source = match form.years {
            None => format!("!granted({})", quoted(&ids)),
            Some(years) if (1..=100).contains(&years.value) => {
                let months = i64::from(years.value) * 12;
                // From the day after the same day so many years ago: on that day the years have passed.
                format!("!receipts.exists(r, r.clause in {} && add_months(r.on, {months}) > as_of)", quoted(&ids))
            }
            Some(years) => {
                let place = super::place(years.referenced);
                self.find(place, id, "order", "once in so many years takes 1 to 100 years");
                return None;
            }
        };
        let text = Spanned::new(source.clone(), clause.referenced, clause.defined);
        let node = self.expression(id, &text, &[Type::Bool])?;
        Some(Condition { zh: form.zh, en: form.en, source, node, words: OnceLock::new() })
    }

    /// An amount under a cap on everything that the clause has ever paid.
    pub(super) fn cumulative(&mut self, clause: &str, amount: Option<Node>, cap: &Text) -> Option<Node> {
        let cap_node = self.expression(clause, cap, &[Type::Money])?;
        let left = self.unpaid(clause, cap, cap_node, &[clause.to_owned()])?;
        let Some(amount) = amount else {
            self.find(at(cap), clause, "never", "a clause without amount has nothing to cap");
            return None;
        };
        Some(Node::Call(Function::Extreme(false), vec![amount, left]))
    }

    /// What of an amount the receipts of these clauses leave.
    fn unpaid(&mut self, clause: &str, text: &Text, whole: Node, ids: &[String]) -> Option<Node> {
        let paid = Spanned::new(format!("paid({})", quoted(ids)), text.referenced, text.defined);
        let paid = self.expression(clause, &paid, &[Type::Money])?;
        let rest = Node::Arithmetic(Arithmetic::Subtract, Box::new(whole), Box::new(paid));
        Some(Node::Call(Function::Extreme(true), vec![rest, Node::Constant(Value::whole(0))]))
    }

    /// The best of all applicants.
    pub(super) fn best(&mut self, clause: &Text, form: BestForm, pays: bool) -> Option<Best> {
        let id = clause.value.as_str();
        if !pays {
            self.find(at(&form.by), id, "never", "the best are chosen for an amount; the clause has none");
        }
        let places = self.without_facts(id, &form.places, &Type::Int)?;
        let by = match compile(&form.by.value, &self.names) {
            Ok((node, kind)) if kind.is_number() || kind.is_money() || kind == Type::Date => node,
            Ok((_, kind)) => {
                self.find(at(&form.by), id, "type", format!("ranks go by a number, money or a day, not by {kind}"));
                return None;
            }
            Err(problem) => {
                self.find(at(&form.by), id, problem.code, problem.message);
                return None;
            }
        };
        Some(Best { zh: form.zh, en: form.en, places, by, lowest: form.lowest, ties: form.ties })
    }

    /// An expression that reads parameters, but nothing of a subject.
    fn without_facts(&mut self, clause: &str, text: &Text, wanted: &Type) -> Option<Node> {
        let facts = std::mem::take(&mut self.names.facts);
        let tables = std::mem::take(&mut self.names.tables);
        let found = self.expression(clause, text, std::slice::from_ref(wanted));
        (self.names.facts, self.names.tables) = (facts, tables);
        found
    }

    fn numbers(&mut self, ids: &[Text]) -> Vec<usize> {
        let mut numbers = Vec::new();
        for id in ids {
            match self.names.clauses.get(&id.value).copied() {
                Some(number) if numbers.contains(&number) => {
                    self.find(at(id), "", "duplicate", format!("{} is named twice", id.value));
                }
                Some(number) => numbers.push(number),
                None => self.find(at(id), "", "unknown_name", format!("there is no clause {}", id.value)),
            }
        }
        numbers
    }

    /// Limits; those that count what was granted before add conditions to their clauses.
    pub(super) fn limits(&mut self, forms: Vec<LimitForm>, clauses: &mut [Clause]) -> Vec<Limit> {
        let mut limits = Vec::new();
        for form in forms {
            let ids = if form.cap.is_some() { &form.clauses } else { &form.exclusive };
            let place = ids.first().or(form.cap.as_ref()).map_or((0, 0), at);
            let numbers = self.numbers(ids);
            if form.cap.is_some() != form.exclusive.is_empty() || form.cap.is_none() != form.clauses.is_empty() {
                self.find(place, "", "limit", "a limit has either exclusive: [ids], or cap: and clauses: [ids]");
                continue;
            }
            let cap = match &form.cap {
                None => {
                    if numbers.len() < 2 && ids.len() < 2 {
                        self.find(place, "", "limit", "clauses exclude each other from two on");
                    }
                    if form.past {
                        self.granted_before(&form, &numbers, clauses);
                    }
                    None
                }
                Some(text) => {
                    let Some(node) = self.expression("", text, &[Type::Money]) else { continue };
                    let ids: Vec<String> = numbers.iter().map(|at| clauses[*at].id.clone()).collect();
                    let left = if form.past { self.unpaid("", text, node, &ids) } else { Some(node) };
                    let Some(left) = left else { continue };
                    Some(left)
                }
            };
            limits.push(Limit { zh: form.zh, en: form.en, clauses: numbers, cap });
        }
        self.crossing(&limits);
        let mut limited: Vec<usize> = limits.iter().flat_map(|limit| limit.clauses.clone()).collect();
        limited.sort_unstable();
        limited.dedup();
        if limited.len() > crate::combine::MOST {
            let message = format!("limits are about at most {} clauses", crate::combine::MOST);
            self.find((0, 0), "", "limit", message);
        }
        limits
    }

    /// Whoever was granted one of a group is granted no other of it.
    fn granted_before(&mut self, form: &LimitForm, numbers: &[usize], clauses: &mut [Clause]) {
        for (number, text) in numbers.iter().zip(&form.exclusive) {
            let others = numbers.iter().filter(|other| *other != number).map(|other| clauses[*other].id.clone());
            let source = format!("!granted({})", quoted(&others.collect::<Vec<_>>()));
            let place = Spanned::new(source.clone(), text.referenced, text.defined);
            if let Some(node) = self.expression(&text.value, &place, &[Type::Bool]) {
                let (zh, en) = (form.zh.clone(), form.en.clone());
                clauses[*number].conditions.push(Condition { zh, en, source, node, words: OnceLock::new() });
            }
        }
    }

    /// Caps must lie within each other or share nothing: otherwise what is paid would depend on the order.
    fn crossing(&mut self, limits: &[Limit]) {
        let caps: Vec<&Limit> = limits.iter().filter(|limit| limit.cap.is_some()).collect();
        for (at, one) in caps.iter().enumerate() {
            for two in &caps[at + 1..] {
                let shared = one.clauses.iter().filter(|clause| two.clauses.contains(clause)).count();
                if shared > 0 && shared < one.clauses.len() && shared < two.clauses.len() {
                    let message = format!(
                        "the caps {:?} and {:?} share clauses, but neither lies within the other",
                        one.zh, two.zh
                    );
                    self.find((0, 0), "", "limit", message);
                }
            }
        }
    }

    /// Means and sums over all applicants; they become facts once all of them were read, so that none names another.
    pub(super) fn totals(&mut self, forms: BTreeMap<String, CohortForm>, facts: &mut Vec<Fact>) -> Vec<Total> {
        let (mut totals, mut names) = (Vec::new(), Vec::new());
        for (name, form) in forms {
            let (mean, text) = match (&form.mean, &form.sum) {
                (Some(text), None) => (true, text),
                (None, Some(text)) => (false, text),
                (one, other) => {
                    let place = one.as_ref().or(other.as_ref()).map_or((0, 0), at);
                    self.find(place, "", "limit", format!("{name}: a total over the cohort is either mean: or sum:"));
                    continue;
                }
            };
            if self.names.facts.contains_key(&name) || self.names.parameters.contains_key(&name) {
                self.find(at(text), "", "duplicate", format!("{name} is a fact or a parameter already"));
            }
            let (of, kind) = match compile(&text.value, &self.names) {
                Ok(found) if found.1.is_number() || found.1.is_money() => found,
                Ok((_, kind)) => {
                    self.find(at(text), "", "type", format!("numbers or money are added up, not {kind}"));
                    continue;
                }
                Err(problem) => {
                    self.find(at(text), "", problem.code, problem.message);
                    continue;
                }
            };
            let kind = match (mean, kind.is_money()) {
                (true, true) => Type::Part,
                (true, false) => Type::Ratio,
                (false, _) => kind,
            };
            let among = form.among.as_ref().map(|text| self.expression("", text, &[Type::Bool]));
            totals.push(Total { fact: facts.len(), mean, of, among: among.flatten() });
            names.push((name.clone(), kind.clone()));
            facts.push(Fact {
                scale: if kind.is_money() { 100 } else { 1 },
                kind,
                people: false,
                bounds: crate::number::Range::ANY,
                if_absent: None,
                grows_monthly: false,
                label: [form.zh, form.en],
                registry: None,
                name,
            });
        }
        for ((name, kind), total) in names.into_iter().zip(&totals) {
            self.names.facts.insert(name, (u16::try_from(total.fact).unwrap_or(u16::MAX - 1), kind));
        }
        totals
    }

    /// Budgets.
    pub(super) fn budgets(&mut self, forms: Vec<BudgetForm>) -> Vec<Budget> {
        let mut budgets: Vec<Budget> = Vec::new();
        for form in forms {
            let clauses = self.numbers(&form.clauses);
            if let Some(again) = clauses.iter().find(|one| budgets.iter().any(|budget| budget.clauses.contains(one))) {
                let text = form.clauses.iter().find(|text| self.names.clauses.get(&text.value) == Some(again));
                let message = "the clause is paid from another budget already";
                self.find(text.map_or((0, 0), at), "", "duplicate", message);
            }
            let amount = self.without_facts("", &form.amount, &Type::Money);
            let by = form.by.as_ref().map(|text| match compile(&text.value, &self.names) {
                Ok((node, kind)) if kind.is_number() || kind.is_money() || kind == Type::Date => Ok(Some(node)),
                Ok((_, kind)) => {
                    Err((at(text), "type", format!("the queue goes by a number, money or a day, not by {kind}")))
                }
                Err(problem) => Err((at(text), problem.code, problem.message)),
            });
            let by = by.unwrap_or(Ok(None)).unwrap_or_else(|(place, code, message)| {
                self.find(place, "", code, message);
                None
            });
            if (form.short == Short::InOrder) != form.by.is_some() {
                self.find(
                    at(&form.amount),
                    "",
                    "limit",
                    "short: in_order needs by: (who comes first); short: pro_rata has none",
                );
            }
            let Some(amount) = amount else { continue };
            let (zh, en) = (form.zh, form.en);
            budgets.push(Budget { zh, en, clauses, amount, short: form.short, by, round: form.round });
        }
        budgets
    }
}
