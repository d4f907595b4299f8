//! Reading a schema into a form, with everything that is wrong with it at once.

use std::collections::BTreeSet;

use codes::Ratio;
use jinmen_core::{Fault, Result, Text2, codes};
use registry::dictionary::{FactType, Target, dictionary};
use serde_json::{Map, Value as Json};

use super::when::{self, Condition};
use super::{
    CHOICES_MOST, Choice, FIELDS_MOST, Field, Form, Format, Group, Kind, ROWS_MOST, SCHEMA_MOST, Section, TEXT_LIMIT,
    TEXT_MOST,
};

/// Characters of a title.
const TITLE_MOST: usize = 300;
/// Characters of a description.
const HELP_MOST: usize = 2_000;
/// Parts of a form.
const SECTIONS_MOST: usize = 40;
/// Faults that are told at once.
const FAULTS_MOST: usize = 30;
/// The largest file that a question may ask for.
const FILE_MOST_MB: i64 = 100;

const WHOLE: [&str; 9] =
    ["$schema", "$id", "type", "title", "description", "properties", "required", "x-sections", "x-title-en"];
const SECTION: [&str; 7] = ["key", "title", "description", "fields", "x-when", "x-title-en", "x-description-en"];
const PROPERTY: [&str; 24] = [
    "type",
    "title",
    "description",
    "x-title-en",
    "x-description-en",
    "oneOf",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "items",
    "uniqueItems",
    "x-when",
    "x-fact",
    "x-year",
    "x-file",
    "x-lines",
    "x-half",
    "x-unit",
    "x-sensitive",
    "default",
];

fn fault(code: &str, path: &str) -> Fault {
    Fault::at("schema", code).with("path", path)
}

struct Loader {
    faults: Vec<Fault>,
    count: usize,
}

pub(super) fn load(schema: &Json) -> Result<Form> {
    let size = serde_json::to_vec(schema).map_or(usize::MAX, |bytes| bytes.len());
    if size > SCHEMA_MOST {
        return Err(Fault::at("schema", "calls.form_large").with("most", SCHEMA_MOST / 1024).into());
    }
    let whole = schema.as_object().ok_or_else(|| fault("calls.form_object", "$"))?;
    let mut loader = Loader { faults: Vec::new(), count: 0 };
    let form = loader.form(whole);
    loader.faults.truncate(FAULTS_MOST);
    if loader.faults.is_empty() { Ok(form) } else { Err(jinmen_core::Error::Invalid(loader.faults)) }
}

impl Loader {
    fn push(&mut self, code: &str, path: &str) {
        self.faults.push(fault(code, path));
    }

    /// Refuses what the subset does not have.
    fn only(&mut self, object: &Map<String, Json>, known: &[&str], path: &str) {
        for name in object.keys().filter(|name| !known.contains(&name.as_str())) {
            self.faults.push(fault("calls.form_keyword", path).with("name", name));
        }
    }

    fn form(&mut self, whole: &Map<String, Json>) -> Form {
        self.only(whole, &WHOLE, "$");
        if whole.get("type").is_some_and(|kind| kind != "object") {
            self.push("calls.form_object", "$");
        }
        let empty = Map::new();
        let properties = match whole.get("properties") {
            Some(Json::Object(properties)) if !properties.is_empty() => properties,
            _ => {
                self.push("calls.form_empty", "$");
                &empty
            }
        };
        // Counted before anything is read: two thousand questions are refused in one sentence.
        let all: usize = properties.values().map(questions).sum();
        if all > FIELDS_MOST {
            self.faults.push(fault("calls.form_many", "$").with("n", all).with("most", FIELDS_MOST));
            return Form::default();
        }
        let required = self.names(whole.get("required"), "$.required");
        let mut form = Form::default();
        self.sections(whole.get("x-sections"), properties, &required, &mut form);
        for name in required.iter().filter(|name| !properties.contains_key(*name)) {
            self.faults.push(fault("calls.form_no_field", "$.required").with("name", name));
        }
        self.connect(&mut form);
        form
    }

    fn names(&mut self, json: Option<&Json>, path: &str) -> BTreeSet<String> {
        let Some(json) = json else { return BTreeSet::new() };
        let names: Option<BTreeSet<String>> =
            json.as_array().and_then(|names| names.iter().map(|name| name.as_str().map(str::to_owned)).collect());
        names.unwrap_or_else(|| {
            self.push("calls.form_names", path);
            BTreeSet::new()
        })
    }

    fn sections(
        &mut self,
        json: Option<&Json>,
        properties: &Map<String, Json>,
        required: &BTreeSet<String>,
        form: &mut Form,
    ) {
        let none = Vec::new();
        let list = json.and_then(Json::as_array).unwrap_or(&none);
        if list.is_empty() || list.len() > SECTIONS_MOST {
            self.faults.push(fault("calls.form_sections", "$.x-sections").with("most", SECTIONS_MOST));
            return;
        }
        let mut placed = BTreeSet::new();
        for (at, json) in list.iter().enumerate() {
            let path = format!("$.x-sections[{at}]");
            let Some(object) = json.as_object() else {
                self.push("calls.form_object", &path);
                continue;
            };
            self.only(object, &SECTION, &path);
            let mut section = Section {
                key: self.word(object.get("key"), &path),
                title: self.title(object, &path),
                help: self.help(object, &path),
                fields: Vec::new(),
                when: object.get("x-when").and_then(|when| when::parse(when, &path, &mut self.faults)),
            };
            for name in object.get("fields").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
                let Some(json) = properties.get(name) else {
                    self.faults.push(fault("calls.form_no_field", &path).with("name", name));
                    continue;
                };
                if !placed.insert(name) {
                    self.faults.push(fault("calls.form_twice", &path).with("name", name));
                    continue;
                }
                if let Some(field) = self.field(name, json, required.contains(name), false) {
                    section.fields.push(form.fields.len());
                    form.fields.push(field);
                }
            }
            if form.sections.iter().any(|other| other.key == section.key) {
                self.faults.push(fault("calls.form_twice", &path).with("name", &section.key));
            }
            form.sections.push(section);
        }
        for name in properties.keys().filter(|name| !placed.contains(name.as_str())) {
            self.faults.push(fault("calls.form_unplaced", "$.x-sections").with("name", name));
        }
    }

    fn word(&mut self, json: Option<&Json>, path: &str) -> String {
        let word = json.and_then(Json::as_str).unwrap_or_default();
        if !is_name(word) {
            self.faults.push(fault("calls.form_name", path).with("name", word.chars().take(60).collect::<String>()));
        }
        word.to_owned()
    }

    fn text(&mut self, object: &Map<String, Json>, key: &str, most: usize, path: &str) -> String {
        let Some(json) = object.get(key) else { return String::new() };
        let text = json.as_str().map(registry::model::clean);
        match text {
            Some(text) if text.chars().count() <= most => text,
            _ => {
                self.faults.push(fault("calls.form_text", path).with("name", key).with("most", most));
                String::new()
            }
        }
    }

    fn title(&mut self, object: &Map<String, Json>, path: &str) -> Text2 {
        let zh = self.text(object, "title", TITLE_MOST, path);
        let en = self.text(object, "x-title-en", TITLE_MOST, path);
        Text2::new(zh, Some(en))
    }

    fn help(&mut self, object: &Map<String, Json>, path: &str) -> Text2 {
        let zh = self.text(object, "description", HELP_MOST, path);
        let en = self.text(object, "x-description-en", HELP_MOST, path);
        Text2::new(zh, Some(en))
    }

    fn flag(&mut self, object: &Map<String, Json>, key: &str, path: &str) -> bool {
        match object.get(key) {
            None => false,
            Some(Json::Bool(flag)) => *flag,
            Some(_) => {
                self.faults.push(fault("calls.form_value", path).with("name", key));
                false
            }
        }
    }

    fn number(&mut self, object: &Map<String, Json>, key: &str, path: &str) -> Option<i64> {
        let json = object.get(key)?;
        let number = json.as_i64();
        if number.is_none() {
            self.faults.push(fault("calls.form_value", path).with("name", key));
        }
        number
    }

    fn within(&mut self, object: &Map<String, Json>, key: &str, most: i64, usual: i64, path: &str) -> i64 {
        let number = self.number(object, key, path).unwrap_or(usual);
        if !(0..=most).contains(&number) {
            self.faults.push(fault("calls.form_value", path).with("name", key));
            return usual;
        }
        number
    }

    fn field(&mut self, name: &str, json: &Json, required: bool, within: bool) -> Option<Field> {
        let path = format!("$.properties.{}", name.chars().take(60).collect::<String>());
        self.count += 1;
        if !is_name(name) {
            self.faults.push(fault("calls.form_name", &path).with("name", name.chars().take(60).collect::<String>()));
            return None;
        }
        let Some(object) = json.as_object() else {
            self.push("calls.form_object", &path);
            return None;
        };
        self.only(object, &PROPERTY, &path);
        let kind = self.kind(object, within, &path)?;
        let mut title = self.title(object, &path);
        let mut help = self.help(object, &path);
        if let Kind::Fact { key, .. } = &kind {
            let both = |zh: &str, en: &str| Text2::both(zh, en);
            let (zh, en) = (jinmen_core::Locale::ZhCn, jinmen_core::Locale::En);
            title = if title.zh.is_empty() { both(key.label(zh), key.label(en)) } else { title };
            help = if help.zh.is_empty() { both(key.help(zh), key.help(en)) } else { help };
        }
        if title.zh.is_empty() {
            self.push("calls.form_title", &path);
        }
        let secret =
            matches!(kind, Kind::Text { format: Some(Format::Mobile | Format::ResidentId | Format::Account), .. });
        let words = matches!(kind, Kind::Text { .. });
        let asked = self.flag(object, "x-sensitive", &path);
        if asked && !words {
            self.faults.push(fault("calls.form_value", &path).with("name", "x-sensitive"));
        }
        Some(Field {
            name: name.to_owned(),
            title,
            help,
            required,
            when: object.get("x-when").and_then(|when| when::parse(when, &path, &mut self.faults)),
            half: self.flag(object, "x-half", &path),
            unit: self.text(object, "x-unit", 20, &path),
            sensitive: words && (secret || asked),
            kind,
        })
    }

    fn kind(&mut self, object: &Map<String, Json>, within: bool, path: &str) -> Option<Kind> {
        if let Some(key) = object.get("x-fact") {
            return self.fact(key, object, within, path);
        }
        match object.get("type").and_then(Json::as_str) {
            Some("string") if object.contains_key("oneOf") => self.choices(object.get("oneOf"), path).map(Kind::One),
            Some("string") => self.words(object, path),
            Some("integer") => {
                let (least, most) = (self.number(object, "minimum", path), self.number(object, "maximum", path));
                match object.get("format").map(|format| format.as_str().unwrap_or_default()) {
                    None => Some(Kind::Integer { least, most }),
                    Some("money") => Some(Kind::Money { least, most }),
                    Some(_) => {
                        self.faults.push(fault("calls.form_value", path).with("name", "format"));
                        None
                    }
                }
            }
            Some("boolean") => Some(Kind::Yes),
            Some("array") if object.contains_key("x-file") && !within => self.file(object, path),
            Some("array") => self.array(object, within, path),
            _ => {
                self.push("calls.form_type", path);
                None
            }
        }
    }

    fn fact(&mut self, key: &Json, object: &Map<String, Json>, within: bool, path: &str) -> Option<Kind> {
        let name = key.as_str().unwrap_or_default();
        let bindable = |key: &&registry::dictionary::FactKey| {
            let column = key.target == Target::Column && matches!(key.part.as_str(), "name_zh" | "uscc");
            (key.target == Target::Fact && key.kind != FactType::Records) || column
        };
        let Some(key) = dictionary().get(name).filter(bindable).filter(|_| !within) else {
            self.faults.push(fault("calls.form_fact", path).with("name", name));
            return None;
        };
        let offset = self.number(object, "x-year", path);
        let sound = offset.is_none_or(|offset| key.by_year && (-10..=1).contains(&offset));
        if !sound {
            self.faults.push(fault("calls.form_value", path).with("name", "x-year"));
        }
        Some(Kind::Fact { key, offset: offset.and_then(|offset| i16::try_from(offset).ok()).unwrap_or(-1) })
    }

    fn words(&mut self, object: &Map<String, Json>, path: &str) -> Option<Kind> {
        let format = match object.get("format").map(|format| format.as_str().unwrap_or_default()) {
            None => None,
            Some("date") => return Some(Kind::Date),
            Some("decimal") => {
                let ratio = |key: &str| match object.get(key) {
                    Some(Json::Number(number)) => number.as_i64().map(Ratio::from),
                    _ => None,
                };
                return Some(Kind::Decimal { least: ratio("minimum"), most: ratio("maximum") });
            }
            Some("email") => Some(Format::Email),
            Some("uri") => Some(Format::Uri),
            Some("tel") => Some(Format::Tel),
            Some("mobile") => Some(Format::Mobile),
            Some("resident_id") => Some(Format::ResidentId),
            Some("account") => Some(Format::Account),
            Some("uscc") => Some(Format::Uscc),
            Some(_) => {
                self.faults.push(fault("calls.form_value", path).with("name", "format"));
                return None;
            }
        };
        let limit = i64::from(TEXT_LIMIT);
        let least = self.within(object, "minLength", limit, 0, path);
        let most = self.within(object, "maxLength", limit, i64::from(TEXT_MOST), path);
        if least > most {
            self.faults.push(fault("calls.form_value", path).with("name", "minLength"));
        }
        let lines = self.flag(object, "x-lines", path);
        let characters = |number: i64| u32::try_from(number).unwrap_or(TEXT_MOST);
        Some(Kind::Text { lines, least: characters(least), most: characters(most), format })
    }

    fn choices(&mut self, json: Option<&Json>, path: &str) -> Option<Vec<Choice>> {
        let none = Vec::new();
        let list = json.and_then(Json::as_array).unwrap_or(&none);
        if list.is_empty() || list.len() > CHOICES_MOST {
            self.faults.push(fault("calls.form_choices", path).with("most", CHOICES_MOST));
            return None;
        }
        let mut choices: Vec<Choice> = Vec::new();
        for json in list {
            let object = json.as_object().cloned().unwrap_or_default();
            self.only(&object, &["const", "title", "x-title-en"], path);
            let value = object.get("const").and_then(Json::as_str).unwrap_or_default().to_owned();
            let title = self.title(&object, path);
            let sound = !value.is_empty() && value.chars().count() <= 100 && value.trim() == value;
            if !sound || title.zh.is_empty() || choices.iter().any(|other| other.value == value) {
                self.faults.push(fault("calls.form_choices", path).with("most", CHOICES_MOST));
                return None;
            }
            choices.push(Choice { value, title });
        }
        Some(choices)
    }

    fn file(&mut self, object: &Map<String, Json>, path: &str) -> Option<Kind> {
        let Some(file) = object.get("x-file").and_then(Json::as_object) else {
            self.faults.push(fault("calls.form_value", path).with("name", "x-file"));
            return None;
        };
        self.only(file, &["accept", "most_mb"], path);
        let accept = self.text(file, "accept", 100, path);
        let endings = accept.split(',').filter(|ending| !ending.is_empty());
        if endings.clone().any(|ending| !ending.starts_with('.') || !ending[1..].chars().all(char::is_alphanumeric)) {
            self.faults.push(fault("calls.form_value", path).with("name", "accept"));
        }
        let most_mb = self.within(file, "most_mb", FILE_MOST_MB, 20, path).max(1);
        let most = self.within(object, "maxItems", 20, 1, path).max(1);
        let least = self.within(object, "minItems", most, 0, path);
        let size = |number: i64| usize::try_from(number).unwrap_or(1);
        Some(Kind::File {
            accept,
            most_bytes: u64::try_from(most_mb).unwrap_or(1) * 1024 * 1024,
            least: size(least),
            most: size(most),
        })
    }

    fn array(&mut self, object: &Map<String, Json>, within: bool, path: &str) -> Option<Kind> {
        let size = |number: i64| usize::try_from(number).unwrap_or(0);
        let items = object.get("items").and_then(Json::as_object);
        let Some(items) = items else {
            self.faults.push(fault("calls.form_value", path).with("name", "items"));
            return None;
        };
        if items.get("type").and_then(Json::as_str) == Some("string") {
            self.only(items, &["type", "oneOf"], path);
            let choices = self.choices(items.get("oneOf"), path)?;
            let all = choices.len() as i64;
            let least = size(self.within(object, "minItems", all, 0, path));
            let most = size(self.within(object, "maxItems", all, all, path));
            return Some(Kind::Many { choices, least, most });
        }
        if within || items.get("type").and_then(Json::as_str) != Some("object") {
            self.push("calls.form_nested", path);
            return None;
        }
        self.group(object, items, path)
    }

    fn group(&mut self, object: &Map<String, Json>, items: &Map<String, Json>, path: &str) -> Option<Kind> {
        self.only(items, &["type", "properties", "required", "x-order"], path);
        let Some(properties) = items.get("properties").and_then(Json::as_object).filter(|some| !some.is_empty()) else {
            self.push("calls.form_empty", path);
            return None;
        };
        let required = self.names(items.get("required"), path);
        let order: Vec<&str> =
            items.get("x-order").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
        let mut names: Vec<&str> = order.iter().copied().filter(|name| properties.contains_key(*name)).collect();
        names.extend(properties.keys().map(String::as_str).filter(|name| !order.contains(name)));
        let fields: Vec<Field> = names
            .into_iter()
            .filter_map(|name| self.field(name, properties.get(name)?, required.contains(name), true))
            .collect();
        let most = self.within(object, "maxItems", ROWS_MOST as i64, 20, path).max(1);
        let least = self.within(object, "minItems", most, 0, path);
        let size = |number: i64| usize::try_from(number).unwrap_or(1);
        Some(Kind::Group(Group { fields, least: size(least), most: size(most), order: Vec::new() }))
    }

    /// Puts the questions into the order in which they are decided; a circle of conditions is named.
    fn connect(&mut self, form: &mut Form) {
        let kinds = form.fields.clone();
        let top = |name: &str| kinds.iter().find(|field| field.name == name).map(|field| field.kind.clone());
        let place = |name: &str| kinds.iter().position(|field| field.name == name);
        let mut hangs_on: Vec<Vec<usize>> = vec![Vec::new(); kinds.len()];
        for section in &form.sections {
            let path = format!("$.x-sections.{}", section.key);
            if let Some(when) = &section.when {
                when.check(&top, &path, &mut self.faults);
            }
            for at in &section.fields {
                let own = kinds[*at].when.iter().chain(&section.when);
                hangs_on[*at] = own.flat_map(Condition::reads).filter_map(place).collect();
            }
        }
        for field in &mut form.fields {
            let path = format!("$.properties.{}", field.name);
            if let Some(when) = &field.when {
                when.check(&top, &path, &mut self.faults);
            }
            if let Kind::Group(group) = &mut field.kind {
                group.order = self.order_of_row(group, &top, &path);
            }
        }
        match when::ordered(&kinds, &hangs_on) {
            Ok(order) => form.order = order,
            Err(circle) => {
                self.faults.push(fault("calls.form_circle", "$").with("names", circle.join(" → ")));
            }
        }
    }

    /// The same within a row, whose questions hang on each other and on those outside.
    fn order_of_row(&mut self, group: &Group, top: &impl Fn(&str) -> Option<Kind>, path: &str) -> Vec<usize> {
        let rows = &group.fields;
        let known = |name: &str| {
            rows.iter().find(|field| field.name == name).map(|field| field.kind.clone()).or_else(|| top(name))
        };
        let mut hangs_on = Vec::new();
        for field in rows {
            if let Some(when) = &field.when {
                when.check(&known, &format!("{path}.items.{}", field.name), &mut self.faults);
            }
            let reads = field.when.iter().flat_map(Condition::reads);
            hangs_on.push(reads.filter_map(|name| rows.iter().position(|one| one.name == name)).collect());
        }
        when::ordered(rows, &hangs_on).unwrap_or_else(|circle| {
            self.faults.push(fault("calls.form_circle", path).with("names", circle.join(" → ")));
            Vec::new()
        })
    }
}

/// How many questions a property is, those of a group with it.
fn questions(json: &Json) -> usize {
    let inner = json.get("items").and_then(|items| items.get("properties")).and_then(Json::as_object);
    1 + inner.map_or(0, Map::len)
}

fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|c| c.is_ascii_lowercase())
        && word.len() <= 40
        && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
