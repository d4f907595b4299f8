//! A proof as JSON, in the same words for the command line, for pages and for decisions that are kept.

use std::collections::BTreeMap;

use codes::Date;
use serde_json::{Value as Json, json};

use crate::number::Exact;
use crate::policy::{Clause, Policy};
use crate::proof::{Part, Proof};
use crate::spans::Due;
use crate::value::Value;

/// By fact: its source and its date; empty texts where they are not known.
pub type Origins = BTreeMap<String, [String; 2]>;

impl Policy {
    /// What a clause says and why: outcome, bounds in fen, every condition with value, threshold, distance, the facts it
    /// reads with source and date, parameters, questions. A fault of evaluation is told in `fault`.
    pub fn explained(&self, clause: usize, facts: &[Value], as_of: Date, origins: &Origins) -> Json {
        match self.prove(clause, facts, as_of) {
            Ok(proof) => self.proved(&self.clauses[clause], &proof, origins),
            Err(fault) => json!({ "id": self.clauses[clause].id, "outcome": "unknown", "amount_min_fen": null,
                "amount_max_fen": null, "conditions": [], "questions": [], "fault": fault.to_string() }),
        }
    }

    /// What the limits of the policy leave of what is due to one subject; nothing where it has none.
    pub fn together(&self, facts: &[Value], as_of: Date) -> Option<Json> {
        if !self.spans() {
            return None;
        }
        let settled = match self.settle(facts, as_of) {
            Ok(settled) => settled,
            Err(fault) => return Some(json!({ "policy": self.title, "fault": fault.to_string() })),
        };
        let ids = |clauses: &[usize]| -> Vec<&str> { clauses.iter().map(|at| self.clauses[*at].id.as_str()).collect() };
        let high = |due: Due| (due.high < i64::MAX).then_some(due.high);
        let due =
            |(clause, due): (&Clause, &Due)| json!({ "id": clause.id, "min_fen": due.low, "max_fen": high(*due) });
        let granted: Vec<Json> = self.clauses.iter().zip(&settled.clauses).map(due).collect();
        let limits = self.limits.iter().enumerate().map(|(at, limit)| {
            json!({ "zh": limit.zh, "en": limit.en, "clauses": ids(&limit.clauses), "binds": settled.binding.contains(&at),
                    "kind": if limit.cap.is_some() { "cap" } else { "exclusive" } })
        });
        let limits: Vec<Json> = limits.collect();
        let budget = |one: &crate::Budget| json!({ "zh": one.zh, "en": one.en, "clauses": ids(&one.clauses) });
        let budgets: Vec<Json> = self.budgets.iter().map(budget).collect();
        Some(json!({ "policy": self.title, "granted": granted, "limits": limits, "budgets": budgets,
                     "total_min_fen": settled.total.low, "total_max_fen": high(settled.total) }))
    }

    fn proved(&self, clause: &Clause, proof: &Proof, origins: &Origins) -> Json {
        let fen = |end: Option<Exact>| end.and_then(Exact::as_whole).and_then(|fen| i64::try_from(fen).ok());
        let [issuer, number, _, source] = &self.origin;
        let date = proof.first_date.map(|date| date.to_string());
        let condition = |one: &crate::Shown| {
            let own = one.first_date.map(|date| date.to_string());
            let cured = own.or_else(|| date.clone().filter(|_| one.result != "true"));
            json!({ "text": one.source, "result": one.result, "value": one.value, "threshold": one.threshold,
                    "distance": one.distance, "unit": one.unit, "clause_text": { "zh": one.zh, "en": one.en }, "first_date": cured,
                    "source": format!("{} {issuer} {number} {source}", self.title).trim(),
                    "facts": self.facts_read(&one.facts, origins), "parts": parts(&one.parts) })
        };
        let conditions: Vec<Json> = proof.conditions.iter().map(condition).collect();
        let parameters: Vec<Json> = proof.parameters.iter().map(|one| self.parameter_read(one)).collect();
        let amount = proof.answer.amount;
        let payee = Some(&clause.payee).filter(|payee| !payee.is_empty());
        json!({ "id": clause.id, "title": clause.title, "payee": payee, "outcome": proof.answer.outcome.code(),
                "amount_min_fen": fen(amount.low), "amount_max_fen": fen(amount.high), "conditions": conditions,
                "questions": proof.questions, "parameters": parameters, "first_date": date })
    }

    /// A parameter with the day since which it holds, and its names for people where it has any.
    fn parameter_read(&self, (name, from, value): &(&str, Date, String)) -> Json {
        let mut read = json!({ "name": name, "from": from.to_string(), "value": value });
        let Some(parameter) = self.parameters.iter().find(|one| one.name == *name) else { return read };
        if let Some(unit) = crate::unit::of_type(&parameter.kind) {
            read["unit"] = json!(unit);
        }
        for (language, label) in ["zh", "en"].into_iter().zip(&parameter.label) {
            if !label.is_empty() {
                read[language] = json!(label);
            }
        }
        read
    }

    /// Each fact that a condition reads, with where it comes from.
    fn facts_read(&self, read: &[(&str, String)], origins: &Origins) -> Vec<Json> {
        let one = |(name, value): &(&str, String)| {
            let fact = self.facts.iter().find(|fact| fact.name == *name)?;
            let ([zh, en], unit) = (&fact.label, crate::unit::of_type(&fact.kind));
            let origin =
                |at: usize| origins.get(*name).map(|origin| origin[at].as_str()).filter(|text| !text.is_empty());
            Some(json!({ "name": name, "zh": zh, "en": en, "value": value, "unit": unit, "source": origin(0),
                         "date": origin(1) }))
        };
        read.iter().filter_map(one).collect()
    }
}

fn parts(parts: &[Part]) -> Vec<Json> {
    let one = |part: &Part| {
        json!({ "text": part.text, "result": part.result, "value": part.value, "threshold": part.threshold,
                "distance": part.distance, "unit": part.unit })
    };
    parts.iter().map(one).collect()
}
