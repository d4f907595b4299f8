//! What rules know of a subject: the bridge from the file's facts to the policy language.
//!
//! A policy names a fact of the registry by its key (`revenue: {registry: annual_revenue}`). Its value is what the file
//! holds on the day asked about; a series has a value for each year; what the file does not hold is unknown, never zero.
//! Whatever else a policy declares is answered by whoever asks.

mod packed;

use std::collections::BTreeMap;

use rules::{Declared, Origins, Policy};
use serde_json::{Map, Value as Json};

use crate::dictionary::{FactType, Field, Record, Value, dictionary};
use crate::model::{AsOf, Fact, SubjectFile};

pub use packed::{Given, Packed, Reader, Shelf};

/// What a policy reads of one subject.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// By the policy's name of the fact, as the policy language reads it.
    pub facts: Map<String, Json>,
    /// From where and from when.
    pub origins: Origins,
    /// The facts whose value has become older than the dictionary lets it.
    pub stale: Vec<String>,
}

impl Known {
    /// What a file tells a policy on a day.
    pub fn of(policy: &Policy, file: &SubjectFile, as_of: AsOf) -> Self {
        let mut known = Self::default();
        for fact in &policy.facts {
            let Some(key) = fact.registry.as_deref() else { continue };
            let by_year = dictionary().get(key).is_some_and(|key| key.by_year);
            if by_year {
                known.series(&fact.name, file, key, as_of)
            } else {
                known.single(&fact.name, file, key, as_of)
            }
        }
        known
    }

    fn single(&mut self, name: &str, file: &SubjectFile, key: &str, as_of: AsOf) {
        let Some(fact) = file.current(key, as_of) else { return };
        let Some(value) = &fact.value else { return };
        self.facts.insert(name.to_owned(), plain(value));
        self.tell(name, fact, as_of);
    }

    fn series(&mut self, name: &str, file: &SubjectFile, key: &str, as_of: AsOf) {
        let years = file.series(key, as_of);
        let values: Map<String, Json> =
            years.iter().filter_map(|(year, fact)| Some((year.to_string(), plain(fact.value.as_ref()?)))).collect();
        let Some((_, latest)) = years.last() else { return };
        self.facts.insert(name.to_owned(), Json::Object(values));
        self.tell(name, latest, as_of);
    }

    fn tell(&mut self, name: &str, fact: &Fact, as_of: AsOf) {
        let origin = [fact.source.code().to_owned(), fact.recorded_at.date().to_string()];
        self.origins.insert(name.to_owned(), origin);
        if fact.is_stale(as_of.day) {
            self.stale.push(name.to_owned());
        }
    }
}

/// A value as the policy language reads it: money in yuan, a ratio as a fraction.
pub fn plain(value: &Value) -> Json {
    match value {
        Value::Money(money) => yuan(money.fen()),
        Value::Integer(number) => Json::from(*number),
        Value::Ratio(ratio) => Json::from(ratio.to_string()),
        Value::Date(date) => Json::from(date.to_string()),
        Value::Code(text) | Value::Text(text) => Json::from(text.as_str()),
        Value::Boolean(yes) => Json::from(*yes),
        Value::Records(records) => records.iter().map(record).collect(),
    }
}

fn record(record: &Record) -> Json {
    Json::Object(record.iter().map(|(name, value)| (name.clone(), plain(value))).collect())
}

fn yuan(fen: i64) -> Json {
    if fen % 100 == 0 {
        return Json::from(fen / 100);
    }
    let (sign, fen) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
    Json::from(format!("{sign}{}.{:02}", fen / 100, fen % 100))
}

/// How a fact of an organisation is declared in the words of the policy language.
pub fn declared(key: &str) -> Option<Declared> {
    let found = dictionary().of_subject("organization").find(|found| found.key == key)?;
    let (kind, unit) = kind(found.kind);
    let fields = found.fields.iter().map(|field| (field.name.clone(), of_field(field))).collect();
    Some(Declared {
        kind: kind.to_owned(),
        unit,
        series: found.by_year,
        list: found.kind == FactType::Records,
        fields,
        label: [found.label(jinmen_core::Locale::ZhCn).to_owned(), found.label(jinmen_core::Locale::En).to_owned()],
    })
}

fn of_field(field: &Field) -> Declared {
    let (kind, unit) = kind(field.kind);
    Declared { kind: kind.to_owned(), unit, ..Declared::default() }
}

/// The type, and for money the unit; the dictionary counts money in yuan.
fn kind(kind: FactType) -> (&'static str, Option<String>) {
    match kind {
        FactType::Money => ("money", Some("yuan".to_owned())),
        FactType::Integer => ("int", None),
        FactType::Ratio => ("ratio", None),
        FactType::Date => ("date", None),
        FactType::Boolean => ("bool", None),
        FactType::Code | FactType::Text => ("text", None),
        FactType::Records => ("record", None),
    }
}

/// The keys, as JSON writes a list without its brackets.
pub fn keys() -> String {
    let keys = dictionary().of_subject("organization").map(|found| format!("\"{}\"", found.key));
    keys.collect::<Vec<_>>().join(", ")
}

/// The keys of the registry that policies read, each once.
pub fn keys_read<'p>(policies: impl IntoIterator<Item = &'p Policy>) -> Vec<&'p str> {
    let keys = policies.into_iter().flat_map(|policy| &policy.facts).filter_map(|fact| fact.registry.as_deref());
    keys.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// Facts that a policy reads and the registry has no key for, with their names in both languages.
pub fn asked(policy: &Policy) -> BTreeMap<&str, &[String; 2]> {
    let own = policy.facts.iter().filter(|fact| fact.registry.is_none());
    own.map(|fact| (fact.name.as_str(), &fact.label)).collect()
}
