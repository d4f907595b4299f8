//! The form as a JSON Schema that every validator understands.

use registry::dictionary::{FactKey, FactType};
use serde_json::{Map, Value as Json, json};

use super::when::Condition;
use super::{Choice, Field, Form, Kind};

pub(super) fn standard(form: &Form) -> Json {
    let when_of = |at: usize| form.sections.iter().find(|section| section.fields.contains(&at))?.when.clone();
    let conditions: Vec<(Option<Condition>, &Field)> = form
        .fields
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let both: Vec<Condition> = when_of(at).into_iter().chain(field.when.clone()).collect();
            let when = (!both.is_empty()).then(|| if both.len() == 1 { both[0].clone() } else { Condition::All(both) });
            (when, field)
        })
        .collect();
    let mut schema = object(&conditions);
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    Json::Object(schema)
}

/// An object of fields, some of them asked under conditions.
fn object(fields: &[(Option<Condition>, &Field)]) -> Map<String, Json> {
    let properties: Map<String, Json> = fields.iter().map(|(_, field)| (field.name.clone(), property(field))).collect();
    // What is bound to one kind of subject is not asked of the other, so that no validator may demand it.
    let needed = |field: &Field| field.required && !matches!(field.kind, Kind::File { .. } | Kind::Fact { .. });
    let always: Vec<&str> = fields
        .iter()
        .filter(|(when, field)| when.is_none() && needed(field))
        .map(|(_, one)| one.name.as_str())
        .collect();
    let sometimes: Vec<Json> = fields
        .iter()
        .filter(|(_, field)| needed(field))
        .filter_map(|(when, field)| {
            Some(json!({ "if": schema_of(when.as_ref()?), "then": { "required": [field.name] } }))
        })
        .collect();
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), Json::Object(properties));
    schema.insert("required".into(), json!(always));
    schema.insert("additionalProperties".into(), json!(false));
    if !sometimes.is_empty() {
        schema.insert("allOf".into(), Json::Array(sometimes));
    }
    schema
}

/// A condition as a schema of the whole document.
fn schema_of(when: &Condition) -> Json {
    let one = |name: &str, schema: Json| json!({ "properties": { name: schema }, "required": [name] });
    match when {
        Condition::All(inner) => json!({ "allOf": inner.iter().map(schema_of).collect::<Vec<_>>() }),
        Condition::Any(inner) => json!({ "anyOf": inner.iter().map(schema_of).collect::<Vec<_>>() }),
        Condition::Not(inner) => json!({ "not": schema_of(inner) }),
        Condition::In(name, values) => {
            one(name, json!({ "anyOf": [{ "enum": values }, { "type": "array", "contains": { "enum": values } }] }))
        }
        // Amounts stand in fen and decimals as text in the document, where a validator cannot compare them with yuan.
        Condition::AtLeast(name, _) | Condition::AtMost(name, _) => one(name, json!({})),
        Condition::Answered(name, true) => one(name, json!({})),
        Condition::Answered(name, false) => json!({ "not": one(name, json!({})) }),
    }
}

fn property(field: &Field) -> Json {
    let mut schema = match &field.kind {
        Kind::Text { least, most, .. } => json!({ "type": "string", "minLength": least, "maxLength": most }),
        Kind::Integer { least, most } => bounded(json!({ "type": "integer" }), *least, *most),
        Kind::Money { least, most } => bounded(json!({ "type": "integer", "description": "fen" }), *least, *most),
        Kind::Decimal { .. } => json!({ "type": "string", "pattern": "^-?[0-9]+(/[0-9]+)?$" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Yes => json!({ "type": "boolean" }),
        Kind::One(choices) => json!({ "type": "string", "oneOf": constants(choices) }),
        Kind::Many { choices, least, most } => json!({
            "type": "array", "uniqueItems": true, "minItems": least, "maxItems": most,
            "items": { "type": "string", "oneOf": constants(choices) },
        }),
        Kind::File { .. } => json!({ "type": "array", "items": { "type": "string" }, "description": "attached files" }),
        Kind::Group(group) => {
            let fields: Vec<(Option<Condition>, &Field)> =
                group.fields.iter().map(|field| (field.when.clone(), field)).collect();
            json!({ "type": "array", "minItems": group.least, "maxItems": group.most, "items": object(&fields) })
        }
        Kind::Fact { key, .. } => fact(key),
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("title".into(), json!(field.title.zh));
    }
    schema
}

fn bounded(mut schema: Json, least: Option<i64>, most: Option<i64>) -> Json {
    for (name, bound) in [("minimum", least), ("maximum", most)] {
        if let (Some(bound), Some(schema)) = (bound, schema.as_object_mut()) {
            schema.insert(name.into(), json!(bound));
        }
    }
    schema
}

fn constants(choices: &[Choice]) -> Vec<Json> {
    choices.iter().map(|choice| json!({ "const": choice.value, "title": choice.title.zh })).collect()
}

fn fact(key: &FactKey) -> Json {
    let kind = match key.kind {
        FactType::Money | FactType::Integer => "integer",
        FactType::Boolean => "boolean",
        FactType::Ratio | FactType::Date | FactType::Code | FactType::Text | FactType::Records => "string",
    };
    json!({ "type": kind, "x-fact": key.key })
}
