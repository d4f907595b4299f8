//! A subject's facts, read from JSON by the policy's declarations.

use std::collections::BTreeMap;
use std::sync::Arc;

use codes::Date;
use serde_json::{Map, Value as Json};

use crate::compile::Type;
use crate::fault::Fault;
use crate::number::{Exact, Range};
use crate::policy::{Fact, Policy};
use crate::value::{Kind, Missing, Value};

impl Policy {
    /// Reads what is declared; what is absent or null is unknown within its declared bounds, or what its declaration
    /// says absence means.
    ///
    /// # Errors
    /// [`Fault::Fact`] for a fact of another type than declared.
    pub fn subject(&self, facts: &Map<String, Json>) -> Result<Vec<Value>, Fault> {
        self.facts.iter().enumerate().map(|(at, fact)| self.fact(at, fact, facts.get(&fact.name))).collect()
    }

    fn fact(&self, at: usize, fact: &Fact, given: Option<&Json>) -> Result<Value, Fault> {
        let missing = Missing::from([u16::try_from(at).map_err(|_| Fault::Overflow)?]);
        let Some(json) = given.filter(|json| !json.is_null()) else {
            return Ok(fact.if_absent.clone().unwrap_or_else(|| unknown(fact, missing)));
        };
        let wrong = |problem: String| Fault::Fact { name: fact.name.clone(), problem };
        let mut value = read(json, &fact.kind, fact.scale, &missing).map_err(wrong)?;
        if matches!(value.kind, Kind::Series(_)) {
            value.missing = missing;
        }
        Ok(value)
    }
}

/// A fact that is missing: what is known of it.
pub(crate) fn unknown(fact: &Fact, missing: Missing) -> Value {
    if fact.bounds == Range::ANY {
        return Value::unknown(missing);
    }
    Value { kind: Kind::Number(fact.bounds), missing }
}

/// Reads a JSON value as a type; null inside is unknown for want of `missing`.
pub(crate) fn read(json: &Json, kind: &Type, scale: i64, missing: &Missing) -> Result<Value, String> {
    if json.is_null() {
        return Ok(Value::unknown(missing.clone()));
    }
    let refused = || format!("{} is not a {kind}", shortened(json));
    match kind {
        Type::Bool => match json {
            Json::Bool(value) => Ok(Value::bool(*value)),
            Json::Number(number) if number.as_i64() == Some(0) => Ok(Value::bool(false)),
            Json::Number(number) if number.as_i64() == Some(1) => Ok(Value::bool(true)),
            Json::String(text) if text == "true" || text == "1" => Ok(Value::bool(true)),
            Json::String(text) if text == "false" || text == "0" => Ok(Value::bool(false)),
            _ => Err(refused()),
        },
        Type::Int | Type::Ratio | Type::Money | Type::Part => {
            let number = decimal(json).ok_or_else(refused)?;
            let scaled = number.multiply(Exact::whole(i128::from(scale))).map_err(|fault| fault.to_string())?;
            match scaled.as_whole() {
                None if *kind == Type::Money => Err(format!("{} is not a whole number of fen", shortened(json))),
                None if *kind == Type::Int => Err(format!("{} is not a whole number", shortened(json))),
                Some(whole) if *kind == Type::Int && i64::try_from(whole).is_err() => Err(refused()),
                _ => Ok(Value::certain(Kind::Number(Range::point(scaled)))),
            }
        }
        Type::Date => day(json).map(|date| Value::certain(Kind::Date(date))).ok_or_else(refused),
        Type::Text => match json {
            Json::String(text) => Ok(Value::certain(Kind::Text(Arc::from(text.as_str())))),
            Json::Number(number) => Ok(Value::certain(Kind::Text(Arc::from(number.to_string())))),
            _ => Err(refused()),
        },
        Type::List(inner) => {
            let inner = inner.as_deref().ok_or_else(refused)?;
            let elements = json.as_array().ok_or_else(refused)?;
            let values: Result<Vec<Value>, String> =
                elements.iter().map(|element| read(element, inner, scale, missing)).collect();
            Ok(Value::certain(Kind::List(Arc::new(values?))))
        }
        Type::Record(fields) => {
            let object = json.as_object().ok_or_else(refused)?;
            let values: Result<Vec<Value>, String> = fields
                .iter()
                .map(|(name, kind, scale)| read(object.get(name).unwrap_or(&Json::Null), kind, *scale, missing))
                .collect();
            Ok(Value::certain(Kind::Record(Arc::new(values?))))
        }
        Type::Series(inner) => {
            let object = json.as_object().ok_or_else(refused)?;
            let mut years = BTreeMap::new();
            for (year, value) in object {
                let year: i16 = year.parse().map_err(|_| format!("{year:?} is not a year"))?;
                years.insert(year, read(value, inner, scale, missing)?);
            }
            Ok(Value::certain(Kind::Series(Arc::new(years))))
        }
    }
}

fn shortened(json: &Json) -> String {
    let text = json.to_string();
    if text.chars().count() <= 60 { text } else { text.chars().take(60).chain(['…']).collect() }
}

/// A number as written, exactly: no detour over floating point. A text may also be a fraction, such as `7/200`.
fn decimal(json: &Json) -> Option<Exact> {
    let text = match json {
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.clone(),
        _ => return None,
    };
    if let Some((above, below)) = text.split_once('/') {
        let part = |text: &str| text.parse::<i64>().ok().map(i128::from);
        return Exact::new(part(above)?, part(below).filter(|below| *below > 0)?).ok();
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if fraction.len() > 18 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    Exact::new(digits, 10_i128.pow(u32::try_from(fraction.len()).ok()?)).ok()
}

/// A day as ISO text or as the number yyyymmdd.
pub fn day(json: &Json) -> Option<Date> {
    match json {
        Json::Number(number) => {
            let number = number.as_i64()?;
            let part = |value: i64| i8::try_from(value).ok();
            Date::new(i16::try_from(number / 10_000).ok()?, part(number / 100 % 100)?, part(number % 100)?).ok()
        }
        Json::String(text) if text.len() == 8 => day(&Json::from(text.parse::<i64>().ok()?)),
        Json::String(text) => Date::from_iso(text).ok(),
        _ => None,
    }
}
