//! Declarations of facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_saphyr::Spanned;

use super::{Loader, at, exact};
use crate::compile::{RECEIPTS, Type};
use crate::document::{FactForm, Text};
use crate::number::Range;
use crate::policy::Fact;
use crate::subject::read;
use crate::value::Missing;

/// A fact as a dictionary outside of the policy declares it, in the words of the policy language.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// `bool`, `int`, `ratio`, `money`, `date`, `text` or `record`.
    pub kind: String,
    /// The unit of money.
    pub unit: Option<String>,
    /// Whether there is a value for each year.
    pub series: bool,
    /// Whether there are several.
    pub list: bool,
    /// Fields of a record.
    pub fields: Vec<(String, Declared)>,
    /// Its names in Chinese and English.
    pub label: [String; 2],
}

impl Declared {
    fn into_form(self, place: &Text) -> FactForm {
        let fields = self.fields.into_iter().map(|(name, field)| (name, field.into_form(place))).collect();
        let [zh, en] = self.label;
        FactForm {
            kind: Some(Spanned::new(self.kind, place.referenced, place.defined)),
            unit: self.unit,
            series: self.series,
            list: self.list,
            fields,
            zh,
            en,
            ..FactForm::default()
        }
    }
}

impl Loader<'_> {
    pub(super) fn facts(&mut self, forms: BTreeMap<String, FactForm>) -> Vec<Fact> {
        let mut facts = Vec::new();
        for (name, form) in forms {
            let registry = form.registry.as_ref().map(|key| key.value.clone());
            let Some(form) = self.resolved(&name, form) else { continue };
            let Some((kind, scale)) = self.kind(&name, &form) else { continue };
            let place = form.kind.as_ref().map_or((0, 0), at);
            if name == RECEIPTS && form.kind.as_ref().is_none_or(|kind| kind.value != RECEIPTS) {
                self.find(place, "", "type", "the name receipts is kept for {type: receipts, unit: yuan}");
                continue;
            }
            let number = u16::try_from(facts.len()).unwrap_or(u16::MAX - 1);
            self.names.facts.insert(name.clone(), (number, kind.clone()));
            let mut known = |json: &Option<serde_json::Value>| match json {
                None => None,
                Some(json) => read(json, &kind, scale, &Missing::new())
                    .map_err(|problem| self.find(place, "", "fact", format!("{name}: {problem}")))
                    .ok(),
            };
            let (low, high) = (known(&form.min), known(&form.max));
            let bound = |value: Option<crate::value::Value>| value.as_ref().and_then(exact);
            let bounds = Range { low: bound(low), high: bound(high) };
            let if_absent = known(&form.if_absent);
            if bounds
                .low
                .zip(bounds.high)
                .is_some_and(|(low, high)| high.compare(low).is_ok_and(std::cmp::Ordering::is_lt))
            {
                self.find(place, "", "never", format!("{name}: max is below min"));
            }
            facts.push(Fact {
                if_absent,
                bounds,
                kind,
                scale,
                people: form.people,
                grows_monthly: form.grows_monthly,
                label: [form.zh, form.en],
                registry,
                name,
            });
        }
        facts
    }

    /// A declaration with what the registry's dictionary says, where it names a key of it.
    fn resolved(&mut self, name: &str, mut form: FactForm) -> Option<FactForm> {
        let Some(key) = form.registry.take() else {
            if form.kind.is_none() {
                let message = format!("{name}: a fact needs its type, or registry: with a key of the dictionary");
                self.find((0, 0), "", "type", message);
                return None;
            }
            return Some(form);
        };
        if form.kind.is_some() || form.unit.is_some() || form.series || form.list || !form.fields.is_empty() {
            let message =
                format!("{name}: type, unit, series, list and fields of {} come from the registry", key.value);
            self.find(at(&key), "", "fact", message);
            return None;
        }
        let Some(found) = (self.dictionary)(&key.value) else {
            let message = format!("{name}: the registry's dictionary has no fact {}", key.value);
            self.find(at(&key), "", "unknown_name", message);
            return None;
        };
        let found = found.into_form(&key);
        let or = |own: String, other: String| if own.is_empty() { other } else { own };
        Some(FactForm {
            people: form.people,
            min: form.min,
            max: form.max,
            if_absent: form.if_absent,
            grows_monthly: form.grows_monthly,
            zh: or(form.zh, found.zh),
            en: or(form.en, found.en),
            ..found
        })
    }

    /// Type and scale of a declaration.
    fn kind(&mut self, name: &str, form: &FactForm) -> Option<(Type, i64)> {
        let Some(text) = &form.kind else {
            self.find((0, 0), "", "type", format!("{name}: a field needs its type"));
            return None;
        };
        let mut scale = 1;
        let kind = match text.value.as_str() {
            "bool" => Type::Bool,
            "int" => Type::Int,
            "ratio" => Type::Ratio,
            "date" => Type::Date,
            "text" => Type::Text,
            "money" => {
                scale = self.scale(name, form, text)?;
                Type::Money
            }
            "record" => {
                let mut fields = Vec::new();
                for (field, form) in &form.fields {
                    let (kind, scale) = self.kind(field, form)?;
                    fields.push((field.clone(), kind, scale));
                }
                Type::Record(Arc::new(fields))
            }
            RECEIPTS => {
                let unit = self.scale(name, form, text)?;
                let field = |name: &str, kind, scale| (name.to_owned(), kind, scale);
                let fields = vec![
                    field("amount", Type::Money, unit),
                    field("clause", Type::Text, 1),
                    field("on", Type::Date, 1),
                ];
                return Some((Type::List(Some(Box::new(Type::Record(Arc::new(fields))))), 1));
            }
            other => {
                let known = "bool, int, ratio, money, date, text, record, receipts";
                self.find(at(text), "", "type", format!("{name}: there is no type {other}; there are {known}"));
                return None;
            }
        };
        let kind = if form.series { Type::Series(Box::new(kind)) } else { kind };
        Some((if form.list { Type::List(Some(Box::new(kind))) } else { kind }, scale))
    }

    fn scale(&mut self, name: &str, form: &FactForm, place: &Text) -> Option<i64> {
        match form.unit.as_deref() {
            Some("yuan") => Some(100),
            Some("fen") => Some(1),
            Some("wan") => Some(1_000_000),
            Some("yi") => Some(10_000_000_000),
            other => {
                let given = other.unwrap_or("none");
                let message = format!("{name}: money needs its unit (fen, yuan, wan, yi); given is {given}");
                self.find(at(place), "", "unit", message);
                None
            }
        }
    }
}
