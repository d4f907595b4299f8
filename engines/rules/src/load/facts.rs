//! Declarations of facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Loader, at, exact};
use crate::compile::Type;
use crate::document::FactForm;
use crate::number::Range;
use crate::policy::Fact;
use crate::subject::read;
use crate::value::Missing;

impl Loader {
    pub(super) fn facts(&mut self, forms: BTreeMap<String, FactForm>) -> Vec<Fact> {
        let mut facts = Vec::new();
        for (name, form) in forms {
            let Some((kind, scale)) = self.kind(&name, &form) else { continue };
            let number = u16::try_from(facts.len()).unwrap_or(u16::MAX - 1);
            self.names.facts.insert(name.clone(), (number, kind.clone()));
            let mut known = |json: &Option<serde_json::Value>| match json {
                None => None,
                Some(json) => read(json, &kind, scale, &Missing::new())
                    .map_err(|problem| self.find(at(&form.kind), "", "fact", format!("{name}: {problem}")))
                    .ok(),
            };
            let (low, high) = (known(&form.min), known(&form.max));
            let bound = |value: Option<crate::value::Value>| value.as_ref().and_then(exact);
            facts.push(Fact {
                if_absent: known(&form.if_absent),
                bounds: Range { low: bound(low), high: bound(high) },
                kind,
                scale,
                people: form.people,
                grows_monthly: form.grows_monthly,
                label: [form.zh, form.en],
                name,
            });
        }
        facts
    }

    /// Type and scale of a declaration.
    fn kind(&mut self, name: &str, form: &FactForm) -> Option<(Type, i64)> {
        let mut scale = 1;
        let kind = match form.kind.value.as_str() {
            "bool" => Type::Bool,
            "int" => Type::Int,
            "ratio" => Type::Ratio,
            "date" => Type::Date,
            "text" => Type::Text,
            "money" => {
                scale = self.scale(name, form)?;
                Type::Money
            }
            "record" => {
                let fields: Option<Vec<(String, Type)>> =
                    form.fields.iter().map(|(field, form)| Some((field.clone(), self.kind(field, form)?.0))).collect();
                Type::Record(Arc::new(fields?))
            }
            other => {
                let known = "bool, int, ratio, money, date, text, record";
                self.find(at(&form.kind), "", "type", format!("{name}: there is no type {other}; there are {known}"));
                return None;
            }
        };
        let kind = if form.series { Type::Series(Box::new(kind)) } else { kind };
        Some((if form.list { Type::List(Some(Box::new(kind))) } else { kind }, scale))
    }

    fn scale(&mut self, name: &str, form: &FactForm) -> Option<i64> {
        match form.unit.as_deref() {
            Some("yuan") => Some(100),
            Some("fen") => Some(1),
            Some("wan") => Some(1_000_000),
            Some("yi") => Some(10_000_000_000),
            other => {
                let given = other.unwrap_or("none");
                let message = format!("{name}: money needs its unit (fen, yuan, wan, yi); given is {given}");
                self.find(at(&form.kind), "", "unit", message);
                None
            }
        }
    }
}
