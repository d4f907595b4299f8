//! A typed value, as kept: JSON `{"v": …}` without fractional numbers.

use std::collections::BTreeMap;

use jinmen_core::{Date, Fault, Money, Ratio};
use serde_json::{Map, Value as Json, json};

use super::key::{FactKey, FactType, Field};

/// One record: values by field name; a field without a value is not there.
pub type Record = BTreeMap<String, Value>;

/// A value of a fact.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Renminbi.
    Money(Money),
    /// A whole number.
    Integer(i64),
    /// An exact fraction.
    Ratio(Ratio),
    /// A day.
    Date(Date),
    /// A code of the key's list.
    Code(String),
    /// Yes or no.
    Boolean(bool),
    /// Words.
    Text(String),
    /// Records in order.
    Records(Vec<Record>),
}

impl Value {
    /// Its type.
    pub fn kind(&self) -> FactType {
        match self {
            Self::Money(_) => FactType::Money,
            Self::Integer(_) => FactType::Integer,
            Self::Ratio(_) => FactType::Ratio,
            Self::Date(_) => FactType::Date,
            Self::Code(_) => FactType::Code,
            Self::Boolean(_) => FactType::Boolean,
            Self::Text(_) => FactType::Text,
            Self::Records(_) => FactType::Records,
        }
    }

    /// The value as it is stored: `{"v": …}` with fen for money, `7/200` for ratios, `2021-05-20` for
    /// days, the code for codes, and an array of objects for records.
    pub fn to_json(&self) -> Json {
        json!({ "v": self.bare() })
    }

    fn bare(&self) -> Json {
        match self {
            Self::Money(money) => json!(money.fen()),
            Self::Integer(number) => json!(number),
            Self::Ratio(ratio) => json!(ratio.to_string()),
            Self::Date(date) => json!(date.to_string()),
            Self::Code(text) | Self::Text(text) => json!(text),
            Self::Boolean(yes) => json!(yes),
            Self::Records(records) => records.iter().map(record_json).collect(),
        }
    }

    /// Reads what [`Value::to_json`] wrote, for a key. Codes need not be in the list any more: lists
    /// change and files stay.
    ///
    /// # Errors
    /// `registry.value.malformed`.
    pub fn from_json(key: &FactKey, json: &Json) -> Result<Self, Fault> {
        let read = json.get("v").and_then(|bare| from_bare(&key.as_field(), &key.fields, bare));
        read.ok_or_else(|| Fault::at(&key.key, "registry.value.malformed"))
    }
}

fn record_json(record: &Record) -> Json {
    let fields: Map<String, Json> = record.iter().map(|(name, value)| (name.clone(), value.bare())).collect();
    Json::Object(fields)
}

fn from_bare(field: &Field, fields: &[Field], json: &Json) -> Option<Value> {
    Some(match field.kind {
        FactType::Money => Value::Money(Money::from_fen(json.as_i64()?)),
        FactType::Integer => Value::Integer(json.as_i64()?),
        FactType::Ratio => Value::Ratio(Ratio::parse(json.as_str()?).ok()?),
        FactType::Date => Value::Date(Date::from_iso(json.as_str()?).ok()?),
        FactType::Code => Value::Code(json.as_str()?.to_owned()),
        FactType::Boolean => Value::Boolean(json.as_bool()?),
        FactType::Text => Value::Text(json.as_str()?.to_owned()),
        FactType::Records => {
            let records = json.as_array()?.iter().map(|record| record_from_json(fields, record));
            Value::Records(records.collect::<Option<_>>()?)
        }
    })
}

/// `None` if a field is unknown or of another type.
pub(super) fn record_from_json(fields: &[Field], json: &Json) -> Option<Record> {
    let object = json.as_object()?.iter().filter(|(_, value)| !value.is_null());
    let record: Option<Record> = object
        .map(|(name, value)| {
            let field = fields.iter().find(|field| field.name == *name)?;
            Some((name.clone(), from_bare(field, &[], value)?))
        })
        .collect();
    record.filter(|record| fields.first().is_some_and(|first| record.contains_key(&first.name)))
}
