//! Conditions: when a question is asked.

use std::collections::BTreeMap;

use codes::Ratio;
use jinmen_core::{Fault, codes};
use registry::dictionary::FactType;
use serde_json::Value as Json;

use super::{Field, Kind};

/// Conditions within conditions.
const DEEPEST: usize = 8;
/// Conditions beside each other.
const WIDEST: usize = 30;

/// When something is asked. A question that is not asked itself has no answer, so that whatever hangs on it is not met.
#[derive(Clone, PartialEq, Debug)]
pub enum Condition {
    /// All of them.
    All(Vec<Condition>),
    /// Any of them.
    Any(Vec<Condition>),
    /// Not so.
    Not(Box<Condition>),
    /// The answer is one of these, or has one of these among several chosen.
    In(String, Vec<Json>),
    /// The answer is a number not below this; money in yuan.
    AtLeast(String, Ratio),
    /// The answer is a number not above this; money in yuan.
    AtMost(String, Ratio),
    /// It was answered, or was not.
    Answered(String, bool),
}

/// Reads one; `path` says where it stands.
pub(super) fn parse(json: &Json, path: &str, faults: &mut Vec<Fault>) -> Option<Condition> {
    parse_within(json, path, 0, faults)
}

fn wrong(path: &str) -> Fault {
    Fault::at("schema", "calls.form_when").with("path", path)
}

fn parse_within(json: &Json, path: &str, depth: usize, faults: &mut Vec<Fault>) -> Option<Condition> {
    let Some(object) = json.as_object().filter(|_| depth < DEEPEST) else {
        faults.push(wrong(path));
        return None;
    };
    let mut list = |key: &str| -> Option<Vec<Condition>> {
        let items = object.get(key)?.as_array().filter(|items| !items.is_empty() && items.len() <= WIDEST);
        let Some(items) = items else {
            faults.push(wrong(path));
            return None;
        };
        items.iter().map(|item| parse_within(item, path, depth + 1, faults)).collect()
    };
    if object.len() == 1 {
        if object.contains_key("all") {
            return list("all").map(Condition::All);
        }
        if object.contains_key("any") {
            return list("any").map(Condition::Any);
        }
        if let Some(inner) = object.get("not") {
            return parse_within(inner, path, depth + 1, faults).map(|inner| Condition::Not(Box::new(inner)));
        }
    }
    let found = object.get("field").and_then(Json::as_str).filter(|_| object.len() == 2);
    let made = found.and_then(|field| one(field.to_owned(), object));
    if made.is_none() {
        faults.push(wrong(path));
    }
    made
}

/// A condition on one field: `field` and one word besides.
fn one(field: String, object: &serde_json::Map<String, Json>) -> Option<Condition> {
    let (word, value) = object.iter().find(|(word, _)| *word != "field")?;
    let scalar = |value: &Json| value.is_string() || value.is_boolean() || value.as_i64().is_some();
    let number = || match value {
        Json::Number(number) => number.as_i64().map(Ratio::from),
        Json::String(text) => Ratio::parse(text).ok(),
        _ => None,
    };
    match word.as_str() {
        "is" if scalar(value) => Some(Condition::In(field, vec![value.clone()])),
        "in" => {
            let values = value.as_array().filter(|values| values.iter().all(scalar) && !values.is_empty())?;
            Some(Condition::In(field, values.clone()))
        }
        "at_least" => number().map(|number| Condition::AtLeast(field, number)),
        "at_most" => number().map(|number| Condition::AtMost(field, number)),
        "answered" => value.as_bool().map(|answered| Condition::Answered(field, answered)),
        _ => None,
    }
}

impl Condition {
    /// The questions it looks at.
    pub fn reads(&self) -> Vec<&str> {
        match self {
            Self::All(inner) | Self::Any(inner) => inner.iter().flat_map(Self::reads).collect(),
            Self::Not(inner) => inner.reads(),
            Self::In(field, _) | Self::AtLeast(field, _) | Self::AtMost(field, _) | Self::Answered(field, _) => {
                vec![field]
            }
        }
    }

    /// Whether it holds; `answer` gives the kind and the answer of a question that is asked and was answered.
    pub(super) fn holds<'a>(&self, answer: &impl Fn(&str) -> Option<(&'a Kind, &'a Json)>) -> bool {
        match self {
            Self::All(inner) => inner.iter().all(|one| one.holds(answer)),
            Self::Any(inner) => inner.iter().any(|one| one.holds(answer)),
            Self::Not(inner) => !inner.holds(answer),
            Self::In(field, values) => answer(field).is_some_and(|(_, found)| is_among(found, values)),
            Self::AtLeast(field, least) => number(answer(field)).is_some_and(|number| number >= *least),
            Self::AtMost(field, most) => number(answer(field)).is_some_and(|number| number <= *most),
            Self::Answered(field, answered) => answer(field).is_some() == *answered,
        }
    }

    /// What is wrong with it among these questions: one that is not there, a choice that cannot be made, a bound on what
    /// is no number.
    pub(super) fn check(&self, field: &impl Fn(&str) -> Option<Kind>, path: &str, faults: &mut Vec<Fault>) {
        let unknown = |name: &str| Fault::at("schema", "calls.form_when_field").with("path", path).with("name", name);
        match self {
            Self::All(inner) | Self::Any(inner) => inner.iter().for_each(|one| one.check(field, path, faults)),
            Self::Not(inner) => inner.check(field, path, faults),
            Self::Answered(name, _) => {
                if field(name).is_none() {
                    faults.push(unknown(name));
                }
            }
            Self::In(name, values) => match field(name) {
                None => faults.push(unknown(name)),
                Some(kind) if !values.iter().all(|value| fits(&kind, value)) => {
                    faults.push(Fault::at("schema", "calls.form_when_value").with("path", path).with("name", name));
                }
                Some(_) => {}
            },
            Self::AtLeast(name, _) | Self::AtMost(name, _) => match field(name) {
                None => faults.push(unknown(name)),
                Some(kind) if !is_number(&kind) => {
                    faults.push(Fault::at("schema", "calls.form_when_value").with("path", path).with("name", name));
                }
                Some(_) => {}
            },
        }
    }
}

fn is_among(found: &Json, values: &[Json]) -> bool {
    match found {
        Json::Array(chosen) => chosen.iter().any(|one| values.contains(one)),
        one => values.contains(one),
    }
}

fn is_number(kind: &Kind) -> bool {
    match kind {
        Kind::Integer { .. } | Kind::Money { .. } | Kind::Decimal { .. } => true,
        Kind::Fact { key, .. } => matches!(key.kind, FactType::Money | FactType::Integer | FactType::Ratio),
        _ => false,
    }
}

/// Whether a question of a kind can be answered so.
fn fits(kind: &Kind, value: &Json) -> bool {
    match kind {
        Kind::One(choices) | Kind::Many { choices, .. } => {
            value.as_str().is_some_and(|text| choices.iter().any(|choice| choice.value == text))
        }
        Kind::Yes => value.is_boolean(),
        Kind::Integer { .. } => value.is_i64(),
        Kind::Text { .. } | Kind::Date => value.is_string(),
        Kind::Fact { key, .. } => match key.kind {
            FactType::Boolean => value.is_boolean(),
            FactType::Integer => value.is_i64(),
            FactType::Code | FactType::Text | FactType::Date => value.is_string(),
            _ => false,
        },
        _ => false,
    }
}

/// An answer as a number: money in yuan.
fn number(answer: Option<(&Kind, &Json)>) -> Option<Ratio> {
    let (kind, value) = answer?;
    let money = match kind {
        Kind::Money { .. } => true,
        Kind::Fact { key, .. } => key.kind == FactType::Money,
        _ => false,
    };
    match value {
        Json::Number(number) if money => Ratio::new(number.as_i64()?, 100).ok(),
        Json::Number(number) => number.as_i64().map(Ratio::from),
        Json::String(text) => Ratio::parse(text).ok(),
        _ => None,
    }
}

/// The places of questions such that each comes after those it hangs on, or a circle of names.
pub(super) fn ordered(fields: &[Field], hangs_on: &[Vec<usize>]) -> Result<Vec<usize>, Vec<String>> {
    let mut state: BTreeMap<usize, bool> = BTreeMap::new();
    let (mut order, mut way) = (Vec::with_capacity(fields.len()), Vec::new());
    for place in 0..fields.len() {
        visit(place, fields, hangs_on, &mut state, &mut way, &mut order)?;
    }
    Ok(order)
}

/// Depth first; `state` is false while a question is on the way and true once it is done. The way is at most as long as
/// there are questions, [`super::FIELDS_MOST`].
fn visit(
    place: usize,
    fields: &[Field],
    hangs_on: &[Vec<usize>],
    state: &mut BTreeMap<usize, bool>,
    way: &mut Vec<usize>,
    order: &mut Vec<usize>,
) -> Result<(), Vec<String>> {
    match state.get(&place) {
        Some(true) => return Ok(()),
        Some(false) => {
            let from = way.iter().position(|one| *one == place).unwrap_or(0);
            let circle = way[from..].iter().chain([&place]);
            return Err(circle.map(|one| fields[*one].name.clone()).collect());
        }
        None => {}
    }
    state.insert(place, false);
    way.push(place);
    for next in &hangs_on[place] {
        visit(*next, fields, hangs_on, state, way, order)?;
    }
    way.pop();
    state.insert(place, true);
    order.push(place);
    Ok(())
}
