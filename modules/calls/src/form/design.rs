//! Changing a schema question by question, as the designer's page does: pure edits of the document, which [`super::Form`]
//! then checks as a whole.

use jinmen_core::{Fault, Faults, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

/// Kinds of question that the designer offers, by its own words: the rest is written in the schema's text.
pub const KINDS: [&str; 18] = [
    "text",
    "lines",
    "integer",
    "money",
    "decimal",
    "date",
    "yes",
    "one",
    "many",
    "file",
    "fact",
    "email",
    "tel",
    "mobile",
    "resident_id",
    "account",
    "uscc",
    "uri",
];

/// A question as the designer's form sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldDraft {
    /// Its name.
    pub name: String,
    /// What it asks.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
    /// What one should know.
    pub help_zh: String,
    /// In English.
    pub help_en: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// `yes`: it must be answered.
    pub required: String,
    /// `yes`: half the width.
    pub half: String,
    /// Choices, one a line: `value | 名称 | name`.
    pub choices: String,
    /// The key of the dictionary that it is bound to.
    pub fact: String,
    /// The part it stands in.
    pub section: String,
    /// Asked only if this question …
    pub when_field: String,
    /// … is answered so; empty for any answer.
    pub when_is: String,
}

/// The question of a schema as the designer shows it.
pub fn draft_of(schema: &Json, name: &str) -> Option<FieldDraft> {
    let property = schema["properties"].get(name)?;
    let text = |key: &str| property[key].as_str().unwrap_or_default().to_owned();
    let flag = |on: bool| if on { "yes".to_owned() } else { String::new() };
    let list = property.get("oneOf").or_else(|| property["items"].get("oneOf"));
    let choice = |one: &Json| {
        let part = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let parts = [part("const"), part("title"), part("x-title-en")];
        parts.join(" | ").trim_end_matches([' ', '|']).to_owned()
    };
    let choices: Vec<String> = list.and_then(Json::as_array).into_iter().flatten().map(choice).collect();
    let required = schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let holds = |section: &&Json| section["fields"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let section = schema["x-sections"].as_array().and_then(|all| all.iter().find(holds));
    let when = &property["x-when"];
    let is = match &when["is"] {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    };
    Some(FieldDraft {
        name: name.to_owned(),
        title_zh: text("title"),
        title_en: text("x-title-en"),
        help_zh: text("description"),
        help_en: text("x-description-en"),
        kind: kind_of(property).to_owned(),
        required: flag(required),
        half: flag(property["x-half"] == true),
        choices: choices.join("\n"),
        fact: text("x-fact"),
        section: section.and_then(|section| section["key"].as_str()).unwrap_or_default().to_owned(),
        when_field: when["field"].as_str().unwrap_or_default().to_owned(),
        when_is: is,
    })
}

/// The designer's word for a property; empty for one that is changed in the text only.
fn kind_of(property: &Json) -> &'static str {
    let format = property["format"].as_str().unwrap_or_default();
    match property["type"].as_str().unwrap_or_default() {
        _ if property.get("x-fact").is_some() => "fact",
        "boolean" => "yes",
        "integer" if format == "money" => "money",
        "integer" => "integer",
        "string" if property.get("oneOf").is_some() => "one",
        "string" if property["x-lines"] == true => "lines",
        "string" if format.is_empty() => "text",
        "string" => KINDS.into_iter().find(|kind| *kind == format).unwrap_or(""),
        "array" if property.get("x-file").is_some() => "file",
        "array" if property["items"]["type"] == "string" => "many",
        _ => "",
    }
}

/// Puts a question into a schema: in place of the one of that name, else at the end of its part.
///
/// # Errors
/// Faults of `kind`, `section`, `choices`; what is wrong with the whole then, [`super::Form::load`] says.
pub fn put(schema: &Json, draft: &FieldDraft) -> Result<Json> {
    let mut faults = Faults::new();
    let name = draft.name.trim();
    if name.is_empty() {
        faults.push(Fault::at("name", "core.required"));
    }
    let mut schema = schema.clone();
    let before = schema["properties"].get(name).cloned().unwrap_or_else(|| json!({}));
    let property = faults.take(property(draft, &before));
    let section =
        schema["x-sections"].as_array().and_then(|all| all.iter().position(|one| one["key"] == draft.section));
    if section.is_none() {
        faults.push(Fault::at("section", "core.choice"));
    }
    faults.check()?;
    let (Some(property), Some(section)) = (property, section) else { return Err(Fault::new("core.required").into()) };
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.insert(name.to_owned(), property);
    }
    place(&mut schema, name, section);
    need(&mut schema, name, draft.required == "yes");
    Ok(schema)
}

/// Puts the name into its part, where it is not there yet, and out of the others.
fn place(schema: &mut Json, name: &str, section: usize) {
    for (at, one) in schema["x-sections"].as_array_mut().into_iter().flatten().enumerate() {
        let Some(fields) = one["fields"].as_array_mut() else { continue };
        let there = fields.iter().any(|field| field == name);
        if at != section {
            fields.retain(|field| field != name);
        } else if !there {
            fields.push(json!(name));
        }
    }
}

fn need(schema: &mut Json, name: &str, required: bool) {
    if !schema["required"].is_array() {
        schema["required"] = json!([]);
    }
    let Some(names) = schema["required"].as_array_mut() else { return };
    names.retain(|one| one != name);
    if required {
        names.push(json!(name));
    }
}

/// A property of a draft; bounds and units of the one before are kept where the kind is the same.
fn property(draft: &FieldDraft, before: &Json) -> Result<Json, Fault> {
    let same = kind_of(before) == draft.kind;
    let mut made: Map<String, Json> = if same { before.as_object().cloned().unwrap_or_default() } else { Map::new() };
    let mut set = |key: &str, value: Json| match value {
        Json::Null => drop(made.remove(key)),
        value => drop(made.insert(key.to_owned(), value)),
    };
    let text = |text: &str| if text.trim().is_empty() { Json::Null } else { json!(text.trim()) };
    set("title", text(&draft.title_zh));
    set("x-title-en", text(&draft.title_en));
    set("description", text(&draft.help_zh));
    set("x-description-en", text(&draft.help_en));
    set("x-half", if draft.half == "yes" { json!(true) } else { Json::Null });
    set("x-when", when(draft));
    match draft.kind.as_str() {
        "text" | "lines" => {
            set("type", json!("string"));
            set("x-lines", if draft.kind == "lines" { json!(true) } else { Json::Null });
        }
        "integer" => set("type", json!("integer")),
        "money" => {
            set("type", json!("integer"));
            set("format", json!("money"));
        }
        "yes" => set("type", json!("boolean")),
        "one" => {
            set("type", json!("string"));
            set("oneOf", choices(&draft.choices)?);
        }
        "many" => {
            set("type", json!("array"));
            set("items", json!({ "type": "string", "oneOf": choices(&draft.choices)? }));
        }
        "file" => {
            set("type", json!("array"));
            if !same {
                set("x-file", json!({ "accept": ".pdf,.jpg,.png", "most_mb": 20 }));
            }
        }
        "fact" => set("x-fact", json!(draft.fact.trim())),
        kind if KINDS.contains(&kind) => {
            set("type", json!("string"));
            set("format", json!(kind));
        }
        _ => return Err(Fault::at("kind", "core.choice")),
    }
    Ok(Json::Object(made))
}

fn when(draft: &FieldDraft) -> Json {
    let field = draft.when_field.trim();
    match (field, draft.when_is.trim()) {
        ("", _) => Json::Null,
        (field, "") => json!({ "field": field, "answered": true }),
        (field, "true") => json!({ "field": field, "is": true }),
        (field, "false") => json!({ "field": field, "is": false }),
        (field, text) => json!({ "field": field, "is": text }),
    }
}

fn choices(text: &str) -> Result<Json, Fault> {
    let mut list = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split(['|', '｜']).map(str::trim).collect();
        let title = cells.get(1).copied().filter(|title| !title.is_empty()).unwrap_or(cells[0]);
        let mut one = json!({ "const": cells[0], "title": title });
        if let Some(en) = cells.get(2).filter(|en| !en.is_empty()) {
            one["x-title-en"] = json!(en);
        }
        list.push(one);
    }
    if list.is_empty() { Err(Fault::at("choices", "core.required")) } else { Ok(Json::Array(list)) }
}

/// Takes a question out of a schema.
pub fn remove(schema: &Json, name: &str) -> Json {
    let mut schema = schema.clone();
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.remove(name);
    }
    place(&mut schema, name, usize::MAX);
    need(&mut schema, name, false);
    schema
}

/// Moves a question one place up or down within its part.
pub fn shift(schema: &Json, name: &str, down: bool) -> Json {
    let mut schema = schema.clone();
    for section in schema["x-sections"].as_array_mut().into_iter().flatten() {
        let Some(fields) = section["fields"].as_array_mut() else { continue };
        let Some(at) = fields.iter().position(|field| field == name) else { continue };
        let other = if down { at + 1 } else { at.wrapping_sub(1) };
        if other < fields.len() {
            fields.swap(at, other);
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Form;

    #[test]
    fn every_question_of_every_template_that_the_designer_shows_is_put_back_as_it_was() {
        for template in crate::model::templates() {
            for name in template.schema["properties"].as_object().unwrap().keys() {
                let draft = draft_of(&template.schema, name).unwrap();
                if draft.kind.is_empty() || template.schema["properties"][name]["x-when"].get("any").is_some() {
                    continue;
                }
                let put = put(&template.schema, &draft).unwrap();
                assert_eq!(put["properties"][name], template.schema["properties"][name], "{} {name}", template.key);
                assert_eq!(put["x-sections"], template.schema["x-sections"]);
            }
        }
    }

    #[test]
    fn a_question_is_added_moved_and_taken_out() {
        let plain = crate::model::templates().iter().find(|one| one.key == "plain").unwrap();
        let draft = FieldDraft {
            name: "colour".into(),
            title_zh: "颜色".into(),
            kind: "one".into(),
            choices: "red | 红 | red\nblue|蓝".into(),
            section: "all".into(),
            required: "yes".into(),
            when_field: "subject".into(),
            ..FieldDraft::default()
        };
        let added = put(&plain.schema, &draft).unwrap();
        Form::load(&added).unwrap();
        let order = |schema: &Json| schema["x-sections"][0]["fields"].to_string();
        assert_eq!(order(&added), r#"["subject","content","papers","colour"]"#);
        let up = shift(&added, "colour", false);
        assert_eq!(order(&up), r#"["subject","content","colour","papers"]"#);
        assert_eq!(order(&shift(&up, "papers", true)), order(&up), "the last goes no further down");
        assert_eq!(remove(&up, "colour")["required"], plain.schema["required"]);
    }
}
