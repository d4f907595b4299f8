//! The API's document read for people: operations by tag, with parameters, bodies, answers and a
//! `curl` to copy. Nothing here knows any operation.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

/// Schemas within schemas are followed this deep.
const DEEP: usize = 4;

/// Operations that belong together.
pub struct Group {
    /// Their tag.
    pub tag: String,
    /// In the order of the document.
    pub operations: Vec<Operation>,
}

/// One operation.
pub struct Operation {
    /// Its anchor.
    pub id: String,
    /// `GET`.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// What it does, in a line.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// Parameters of path and query.
    pub parameters: Vec<Entry>,
    /// The fields of its body.
    pub body: Vec<Entry>,
    /// What it answers, by status.
    pub answers: Vec<Reply>,
    /// A command to copy.
    pub curl: String,
}

/// A parameter or a field.
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its type in words of JSON Schema.
    pub kind: String,
    /// `path`, `query`, or nothing for a field.
    pub place: String,
    /// Whether it must be given.
    pub required: bool,
    /// What it is.
    pub text: String,
}

/// One answer.
pub struct Reply {
    /// The status.
    pub status: String,
    /// When.
    pub text: String,
    /// An example of its body, or nothing.
    pub example: String,
}

/// Reads a document. What is not there is left out.
pub fn read(document: &str, origin: &str) -> Vec<Group> {
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    let mut groups: Vec<Group> = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            let tag = operation["tags"][0].as_str().unwrap_or("api").to_owned();
            let read = Reader { document: &document, origin }.operation(path, method, operation);
            match groups.iter_mut().find(|group| group.tag == tag) {
                Some(group) => group.operations.push(read),
                None => groups.push(Group { tag, operations: vec![read] }),
            }
        }
    }
    groups
}

struct Reader<'a> {
    document: &'a Value,
    origin: &'a str,
}

impl Reader<'_> {
    fn operation(&self, path: &str, method: &str, operation: &Value) -> Operation {
        let content = &operation["requestBody"]["content"];
        let media = content.as_object().and_then(|kinds| kinds.iter().next());
        let body_example = media.map(|(_, media)| self.example(media)).unwrap_or_default();
        let kind = media.map(|(kind, _)| kind.as_str()).unwrap_or_default();
        Operation {
            id: text(&operation["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(&operation["summary"]),
            description: text(&operation["description"]),
            parameters: list(&operation["parameters"]).map(|one| self.parameter(one)).collect(),
            body: media.map(|(_, media)| self.fields(&media["schema"])).unwrap_or_default(),
            answers: self.answers(&operation["responses"]),
            curl: self.curl(path, method, operation, kind, &body_example),
        }
    }

    fn parameter(&self, one: &Value) -> Entry {
        let one = self.resolved(one);
        Entry {
            name: text(&one["name"]),
            kind: self.kind(&one["schema"]),
            place: text(&one["in"]),
            required: one["required"].as_bool().unwrap_or_default(),
            text: text(&one["description"]),
        }
    }

    fn answers(&self, responses: &Value) -> Vec<Reply> {
        let reply = |(status, response): (&String, &Value)| {
            let response = self.resolved(response);
            let media = response["content"].as_object().and_then(|kinds| kinds.values().next());
            // Every refusal is a problem document; one description of those is enough.
            let shown = status.starts_with('2');
            Reply {
                status: status.clone(),
                text: text(&response["description"]),
                example: media.filter(|_| shown).map(|media| self.example(media)).unwrap_or_default(),
            }
        };
        responses.as_object().into_iter().flatten().map(reply).collect()
    }

    fn fields(&self, schema: &Value) -> Vec<Entry> {
        let schema = self.resolved(schema);
        let required: BTreeSet<&str> = list(&schema["required"]).filter_map(Value::as_str).collect();
        let entry = |(name, field): (&String, &Value)| Entry {
            name: name.clone(),
            kind: self.kind(field),
            place: String::new(),
            required: required.contains(name.as_str()),
            text: text(&self.resolved(field)["description"]),
        };
        schema["properties"].as_object().into_iter().flatten().map(entry).collect()
    }

    /// A type in a word or two: `string`, `array of Task`, `integer or null`.
    fn kind(&self, schema: &Value) -> String {
        if let Some(name) = schema["$ref"].as_str() {
            return name.rsplit('/').next().unwrap_or_default().to_owned();
        }
        for several in ["oneOf", "anyOf", "allOf"] {
            if let Some(kinds) = schema[several].as_array() {
                return kinds.iter().map(|kind| self.kind(kind)).collect::<Vec<_>>().join(" | ");
            }
        }
        let values: Vec<&str> = list(&schema["enum"]).filter_map(Value::as_str).collect();
        if !values.is_empty() {
            return values.join(" | ");
        }
        let plain = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
            kind => text(kind),
        };
        match plain.as_str() {
            "array" => format!("{}[]", self.kind(&schema["items"])),
            _ => plain,
        }
    }

    fn resolved<'b>(&'b self, value: &'b Value) -> &'b Value {
        let Some(reference) = value["$ref"].as_str() else {
            return value;
        };
        self.document.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null)
    }

    fn example(&self, media: &Value) -> String {
        let given = Some(&media["example"]).filter(|example| !example.is_null());
        let first = media["examples"].as_object().and_then(|all| all.values().next()).map(|one| &one["value"]);
        let example = given.or(first).cloned().unwrap_or_else(|| self.made(&media["schema"], 0));
        if example.is_null() { String::new() } else { serde_json::to_string_pretty(&example).unwrap_or_default() }
    }

    /// An example made from a schema's own examples and types.
    fn made(&self, schema: &Value, deep: usize) -> Value {
        let schema = self.resolved(schema);
        if !schema["example"].is_null() {
            return schema["example"].clone();
        }
        if let Some(example) = schema["examples"].as_array().and_then(|all| all.first()) {
            return example.clone();
        }
        if deep > DEEP {
            return Value::Null;
        }
        for several in ["oneOf", "anyOf"] {
            let real = list(&schema[several]).find(|one| one["type"].as_str() != Some("null"));
            if let Some(one) = real {
                return self.made(one, deep + 1);
            }
        }
        if let Some(value) = list(&schema["enum"]).next() {
            return value.clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => {
                kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default()
            }
            kind => kind.as_str().unwrap_or_default(),
        };
        match kind {
            "object" => {
                let fields = schema["properties"].as_object().into_iter().flatten();
                Value::Object(fields.map(|(name, field)| (name.clone(), self.made(field, deep + 1))).collect())
            }
            "array" => json!([self.made(&schema["items"], deep + 1)]),
            "string" => json!("…"),
            "integer" | "number" => json!(0),
            "boolean" => json!(false),
            _ => Value::Null,
        }
    }

    fn curl(&self, path: &str, method: &str, operation: &Value, kind: &str, body: &str) -> String {
        let mut command = String::from("curl -b jinmen.cookies");
        if operation["operationId"].as_str() == Some("work_sign_in") {
            command = String::from("curl -c jinmen.cookies");
        }
        if method != "get" {
            let _ = write!(command, " -X {}", method.to_uppercase());
        }
        if kind == "application/json" {
            let compact: Value = serde_json::from_str(body).unwrap_or_default();
            let quoted = compact.to_string().replace('\'', r"'\''");
            let _ = write!(command, " \\\n  -H 'content-type: application/json' \\\n  -d '{quoted}'");
        }
        let needed = list(&operation["parameters"]).filter(|one| one["in"] == "query" && one["required"] == true);
        let query: Vec<String> = needed.map(|one| format!("{}=…", text(&one["name"]))).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let _ = write!(command, " \\\n  '{}{path}{mark}{}'", self.origin, query.join("&"));
        command
    }
}

/// The document's own sentences come with marks for code, which a page shows otherwise or not at all.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().replace('`', "")
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_read_with_its_schema() {
        let document = json!({
            "paths": { "/api/v1/x/{id}": { "put": {
                "tags": ["t"], "operationId": "put_x", "summary": "Puts it",
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/X" } } } },
                "responses": { "200": { "description": "Done", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/X" } } } } }
            } } },
            "components": { "schemas": { "X": { "type": "object", "required": ["a"], "properties": {
                "a": { "type": "string", "description": "An a", "example": "it's" }, "b": { "type": ["integer", "null"] }
            } } } }
        });
        let groups = read(&document.to_string(), "https://x");
        let one = &groups[0].operations[0];
        assert_eq!((groups[0].tag.as_str(), one.method.as_str(), one.summary.as_str()), ("t", "PUT", "Puts it"));
        assert_eq!(one.parameters[0].name, "id");
        assert_eq!(
            (one.body[0].name.as_str(), one.body[0].required, one.body[1].kind.as_str()),
            ("a", true, "integer | null")
        );
        assert!(one.answers[0].example.contains("\"a\": \"it's\""));
        assert!(
            one.curl.contains(r#"{"a":"it'\''s","b":0}"#) && one.curl.ends_with("'https://x/api/v1/x/{id}'"),
            "{}",
            one.curl
        );
        assert!(read("", "").is_empty());
    }
}
