//! Cases by hand, then properties over forms and answers that are made up.

use std::collections::BTreeMap;

use codes::Date;
use jinmen_core::{Error, codes};
use proptest::prelude::*;
use registry::dictionary::{Subject, Value, dictionary};
use serde_json::{Value as Json, json};

use super::*;

fn today() -> Date {
    Date::from_iso("2026-06-18").unwrap()
}

fn form(schema: Json) -> Form {
    Form::load(&schema).unwrap_or_else(|error| panic!("{error:?}"))
}

fn codes_of(schema: Json) -> Vec<String> {
    match Form::load(&schema) {
        Ok(_) => Vec::new(),
        Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.code).collect(),
        Err(other) => panic!("{other:?}"),
    }
}

/// One section with these properties, in their order.
fn with(properties: Json, required: &[&str]) -> Json {
    let fields: Vec<String> = properties.as_object().unwrap().keys().cloned().collect();
    json!({
        "type": "object", "properties": properties, "required": required,
        "x-sections": [{ "key": "all", "title": "全部", "fields": fields }],
    })
}

fn typed(pairs: &[(&str, &str)]) -> Typed {
    let mut typed = Typed::new();
    for (path, text) in pairs {
        typed.entry((*path).to_owned()).or_default().push((*text).to_owned());
    }
    typed
}

fn read(form: &Form, pairs: &[(&str, &str)], file: &File) -> Reading {
    let typed = typed(pairs);
    let files = FileCounts::new();
    form.read(&Given { typed: &typed, file, files: &files, subject: Subject::Organization, today: today() })
}

fn known(key: &str, text: &str, stale: bool) -> File {
    let found = dictionary().get(key).unwrap();
    let value = registry::forms::value_from(found, text, today()).unwrap();
    [(key.to_owned(), Known { value, stale })].into()
}

fn company() -> Form {
    form(with(
        json!({
            "kind": { "type": "string", "title": "类别", "oneOf": [
                { "const": "firm", "title": "企业" }, { "const": "team", "title": "团队" } ] },
            "licence": { "type": "string", "title": "执照号", "x-when": { "field": "kind", "is": "firm" } },
            "branch": { "type": "string", "title": "分支", "x-when": { "field": "licence", "answered": true } },
            "members": { "type": "array", "title": "成员", "maxItems": 3, "items": {
                "type": "object", "required": ["name"],
                "properties": {
                    "name": { "type": "string", "title": "姓名", "maxLength": 20 },
                    "leads": { "type": "boolean", "title": "负责人" },
                    "mobile": { "type": "string", "title": "手机", "format": "mobile",
                                "x-when": { "field": "leads", "is": true } } } },
                "x-when": { "field": "kind", "is": "team" } },
        }),
        &["kind", "licence", "members"],
    ))
}

#[test]
fn a_question_is_asked_when_its_condition_is_met_and_so_is_what_hangs_on_it() {
    let form = company();
    let nothing = read(&form, &[], &File::new());
    assert_eq!(nothing.shown.iter().collect::<Vec<_>>(), ["kind"]);
    let firm = read(&form, &[("kind", "firm"), ("licence", "A1")], &File::new());
    assert!(firm.shown.contains("branch") && !firm.shown.contains("members") && firm.is_complete(), "{firm:?}");
    // What was typed before the kind was changed does not count any more, and comes back with it.
    let team = read(&form, &[("kind", "team"), ("licence", "A1"), ("members.0.name", "王明")], &File::new());
    assert!(!team.shown.contains("licence") && !team.shown.contains("branch"), "{team:?}");
    assert_eq!(team.document(&form), json!({ "kind": "team", "members": [{ "name": "王明" }] }));
}

#[test]
fn rows_are_asked_for_their_own_questions_and_bounded() {
    let form = company();
    let pairs = [
        ("kind", "team"),
        ("members.0.name", "王明"),
        ("members.0.leads", "yes"),
        ("members.1.mobile", "13812345678"),
        ("members.9.name", "beyond"),
    ];
    let reading = read(&form, &pairs, &File::new());
    assert_eq!(reading.rows["members"], 3, "a row beyond the bound is not counted beyond it");
    assert!(reading.shown.contains("members.0.mobile") && !reading.shown.contains("members.1.mobile"));
    let missing: Vec<&str> = reading.missing.iter().filter_map(|fault| fault.field.as_deref()).collect();
    assert_eq!(missing, ["members.1.name", "members.2.name"]);
    assert!(form.at("members.2.name").is_some());
    for path in ["members.3.name", "members.01.name", "members.0", "members", "members.0.none", "kind.0.name", "none"] {
        assert!(form.at(path).is_none(), "{path}");
    }
}

#[test]
fn what_the_file_holds_is_not_asked_what_is_stale_is_and_what_is_said_is_newer() {
    let form = form(with(json!({ "headcount": { "x-fact": "headcount" } }), &["headcount"]));
    assert_eq!(read(&form, &[], &File::new()).asked("headcount"), Asked::Yes);
    let fresh = read(&form, &[], &known("headcount", "120", false));
    assert_eq!(fresh.asked("headcount"), Asked::Filled);
    assert!(fresh.is_complete() && fresh.values["headcount"] == 120);
    let stale = read(&form, &[], &known("headcount", "120", true));
    assert!(stale.asked("headcount") == Asked::Yes && stale.missing.len() == 1);
    let newer = read(&form, &[("headcount", "150")], &known("headcount", "120", false));
    assert!(newer.asked("headcount") == Asked::Yes && newer.values["headcount"] == 150);
}

#[test]
fn what_is_bound_to_the_other_kind_of_subject_is_not_asked() {
    let form = form(with(
        json!({ "education": { "x-fact": "education" }, "headcount": { "x-fact": "headcount" } }),
        &["education", "headcount"],
    ));
    let reading = read(&form, &[], &File::new());
    assert_eq!(reading.shown.iter().collect::<Vec<_>>(), ["headcount"]);
}

#[test]
fn a_circle_of_conditions_is_named() {
    let circle = json!({
        "a": { "type": "string", "title": "甲", "x-when": { "field": "b", "answered": true } },
        "b": { "type": "string", "title": "乙", "x-when": { "field": "c", "answered": true } },
        "c": { "type": "string", "title": "丙", "x-when": { "field": "a", "answered": false } },
    });
    let Err(Error::Invalid(faults)) = Form::load(&with(circle, &[])) else { panic!("a circle was read") };
    assert_eq!(faults[0].code, "calls.form_circle");
    assert!(faults[0].args.contains(&("names".into(), "a → b → c → a".into())), "{faults:?}");
    let own = json!({ "a": { "type": "string", "title": "甲", "x-when": { "field": "a", "answered": true } } });
    assert_eq!(codes_of(with(own, &[])), ["calls.form_circle"]);
}

#[test]
fn a_form_of_two_thousand_questions_is_refused_in_one_sentence() {
    let properties: serde_json::Map<String, Json> =
        (0..2_000).map(|n| (format!("q{n}"), json!({ "type": "string", "title": "问" }))).collect();
    assert_eq!(codes_of(with(Json::Object(properties), &[])), ["calls.form_many"]);
    let rows = json!({ "g": { "type": "array", "title": "组", "items": { "type": "object", "properties":
        (0..500).map(|n| (format!("q{n}"), json!({ "type": "string", "title": "问" })))
            .collect::<serde_json::Map<String, Json>>() } } });
    assert_eq!(codes_of(with(rows, &[])), ["calls.form_many"]);
}

#[test]
fn what_the_subset_does_not_have_is_refused_with_its_place() {
    let cases = [
        (with(json!({ "a": { "type": "string", "title": "甲", "pattern": "x" } }), &[]), "calls.form_keyword"),
        (with(json!({ "a": { "type": "number", "title": "甲" } }), &[]), "calls.form_type"),
        (with(json!({ "A b": { "type": "string", "title": "甲" } }), &[]), "calls.form_name"),
        (with(json!({ "a": { "type": "string" } }), &[]), "calls.form_title"),
        (with(json!({ "a": { "x-fact": "no_such_fact" } }), &[]), "calls.form_fact"),
        (with(json!({ "a": { "x-fact": "patents" } }), &[]), "calls.form_fact"),
        (with(json!({ "a": { "x-fact": "headcount", "x-year": -40 } }), &[]), "calls.form_value"),
        (with(json!({ "a": { "type": "string", "title": "甲" } }), &["b"]), "calls.form_no_field"),
        (with(json!({ "a": { "type": "string", "title": "甲", "oneOf": [] } }), &[]), "calls.form_choices"),
        (
            with(json!({ "a": { "type": "string", "title": "甲", "x-when": { "field": "z", "is": "1" } } }), &[]),
            "calls.form_when_field",
        ),
        (
            with(
                json!({ "a": { "type": "string", "title": "甲", "x-when": { "field": "b", "is": "no" } },
                        "b": { "type": "string", "title": "乙", "oneOf": [{ "const": "yes", "title": "是" }] } }),
                &[],
            ),
            "calls.form_when_value",
        ),
        (json!({ "type": "object", "properties": {} }), "calls.form_empty"),
        (
            json!({ "type": "object", "properties": { "a": { "type": "string", "title": "甲" } }, "x-sections": [
                { "key": "s", "title": "节", "fields": [] } ] }),
            "calls.form_unplaced",
        ),
        (json!([]), "calls.form_object"),
        (json!(null), "calls.form_object"),
    ];
    for (schema, code) in cases {
        let found = codes_of(schema.clone());
        assert!(found.iter().any(|one| one == code), "{code} in {found:?} of {schema}");
    }
}

#[test]
fn answers_are_read_as_people_type_them() {
    let form = form(with(
        json!({
            "n": { "type": "integer", "title": "人数", "minimum": 1, "maximum": 5000 },
            "m": { "type": "integer", "format": "money", "title": "金额", "maximum": 100_000_000 },
            "d": { "type": "string", "format": "decimal", "title": "面积" },
            "day": { "type": "string", "format": "date", "title": "日期" },
            "mail": { "type": "string", "format": "email", "title": "邮箱" },
            "id": { "type": "string", "format": "resident_id", "title": "身份证" },
            "some": { "type": "array", "title": "方向", "maxItems": 2, "items": { "type": "string", "oneOf": [
                { "const": "ai", "title": "人工智能" }, { "const": "bd", "title": "大数据" }, { "const": "xc", "title": "信创" } ] } },
            "sure": { "type": "boolean", "title": "承诺属实" },
        }),
        &["sure"],
    ));
    let value = |name: &str, text: &str| read(&form, &[(name, text)], &File::new()).values.get(name).cloned();
    assert_eq!(value("n", " 1，2 "), Some(json!(12)), "a comma of Chinese keyboards");
    assert_eq!(value("n", "１２０"), Some(json!(120)));
    assert_eq!(value("n", "1,200"), Some(json!(1200)));
    assert_eq!(value("n", "0"), None);
    assert_eq!(value("m", "12.5"), Some(json!(12_500_000)), "ten thousands of yuan, in fen");
    assert_eq!(value("m", "101"), None, "above a million yuan");
    assert_eq!(value("d", "120.50"), Some(json!("241/2")));
    assert_eq!(value("day", "2026年6月1日"), Some(json!("2026-06-01")));
    assert_eq!(value("mail", "a@b"), None);
    assert_eq!(value("id", "11010519491231002x"), Some(json!("11010519491231002X")));
    let some = read(&form, &[("some", "xc"), ("some", "ai"), ("some", "xc")], &File::new());
    assert_eq!(some.values["some"], json!(["ai", "xc"]), "each once, in the order of the choices");
    let more = read(&form, &[("some", "xc"), ("some", "ai"), ("some", "bd")], &File::new());
    assert_eq!(more.wrong[0].code, "calls.answer_most");
    assert_eq!(read(&form, &[("sure", "no")], &File::new()).missing[0].code, "calls.answer_agree");
    assert!(read(&form, &[("sure", "yes")], &File::new()).is_complete());
}

#[test]
fn the_standard_schema_says_what_is_needed_when() {
    let schema = company().standard();
    assert_eq!(schema["required"], json!(["kind"]));
    assert_eq!(schema["allOf"][0]["then"]["required"], json!(["licence"]));
    assert_eq!(schema["properties"]["members"]["items"]["required"], json!(["name"]));
    assert_eq!(schema["additionalProperties"], json!(false));
}

/// Forms of up to twelve questions, each of which may hang on an earlier one.
fn forms() -> impl Strategy<Value = Json> {
    let question = (0..6_u8, any::<bool>(), prop::option::of((any::<prop::sample::Index>(), any::<bool>())));
    prop::collection::vec(question, 1..12).prop_map(|questions| {
        let mut properties = serde_json::Map::new();
        let mut required = Vec::new();
        for (at, (kind, needed, when)) in questions.iter().enumerate() {
            let mut one = match kind {
                0 => json!({ "type": "string", "title": "文", "maxLength": 10 }),
                1 => json!({ "type": "integer", "title": "数", "minimum": 0, "maximum": 100 }),
                2 => json!({ "type": "boolean", "title": "是否" }),
                3 => json!({ "type": "string", "title": "选", "oneOf": [
                    { "const": "a", "title": "甲" }, { "const": "b", "title": "乙" } ] }),
                4 => json!({ "x-fact": "headcount" }),
                _ => json!({ "type": "string", "format": "date", "title": "日" }),
            };
            if let Some((index, answered)) = when.filter(|_| at > 0) {
                one["x-when"] = json!({ "field": format!("q{}", index.index(at)), "answered": answered });
            }
            let name = format!("q{at}");
            if *needed {
                required.push(name.clone());
            }
            properties.insert(name, one);
        }
        let names: Vec<&str> = required.iter().map(String::as_str).collect();
        with(Json::Object(properties), &names)
    })
}

fn answers() -> impl Strategy<Value = Typed> {
    let text = prop::sample::select(vec![
        "",
        " ",
        "a",
        "b",
        "7",
        "101",
        "yes",
        "no",
        "2026-06-18",
        "x\u{202e}y",
        "很长的很长的很长的文字",
    ]);
    prop::collection::btree_map(
        (0..14_usize).prop_map(|n| format!("q{n}")),
        prop::collection::vec(text.prop_map(str::to_owned), 0..3),
        0..14,
    )
}

fn reading(form: &Form, typed: &Typed, file: &File) -> Reading {
    let files = FileCounts::new();
    form.read(&Given { typed, file, files: &files, subject: Subject::Organization, today: today() })
}

proptest! {
    /// Nothing that is not asked has an answer, is wrong or is missing; and nothing is both answered and missing, but for a
    /// commitment that was refused.
    #[test]
    fn only_what_is_asked_counts(schema in forms(), typed in answers()) {
        let form = form(schema);
        let reading = reading(&form, &typed, &File::new());
        for path in reading.values.keys() {
            prop_assert!(reading.shown.contains(path));
        }
        for fault in reading.faults() {
            let path = fault.field.unwrap();
            prop_assert!(reading.shown.contains(&path));
            prop_assert!(!reading.values.contains_key(&path) || fault.code == "calls.answer_agree");
        }
        for field in form.fields.iter().filter(|field| field.required && reading.shown.contains(&field.name)) {
            let said = reading.values.contains_key(&field.name)
                || reading.faults().iter().any(|fault| fault.field.as_deref() == Some(field.name.as_str()));
            prop_assert!(said, "{} is neither answered nor blamed", field.name);
        }
    }

    /// A question that hangs on one that is not asked stands as if that one were not answered.
    #[test]
    fn conditions_look_only_at_what_is_asked(schema in forms(), typed in answers()) {
        let form = form(schema);
        let reading = reading(&form, &typed, &File::new());
        for field in &form.fields {
            let Some(Condition::Answered(name, wanted)) = &field.when else { continue };
            prop_assert_eq!(reading.shown.contains(&field.name), reading.values.contains_key(name) == *wanted);
        }
    }

    /// What is asked is what is shown and not filled; with a fresh file nothing bound is asked unless somebody said more.
    #[test]
    fn what_the_file_holds_is_asked_of_nobody(schema in forms(), typed in answers(), stale in any::<bool>()) {
        let form = form(schema);
        let value = Value::Integer(12);
        let bound = form.fields.iter().filter(|field| field.is_bound());
        let file: File = bound.map(|field| (field.name.clone(), Known { value: value.clone(), stale })).collect();
        let reading = reading(&form, &typed, &file);
        for field in form.fields.iter().filter(|field| field.is_bound() && reading.shown.contains(&field.name)) {
            let said = typed.get(&field.name).is_some_and(|texts| texts.iter().any(|text| !text.trim().is_empty()));
            let expected = if stale || said { Asked::Yes } else { Asked::Filled };
            prop_assert_eq!(reading.asked(&field.name), expected);
        }
    }

    /// Reading is a function of what was typed: in whatever order the questions are laid out, the answers are the same.
    #[test]
    fn the_layout_changes_no_answer(schema in forms(), typed in answers()) {
        let first = reading(&form(schema.clone()), &typed, &File::new());
        let mut turned = schema;
        let fields = turned["x-sections"][0]["fields"].as_array_mut().unwrap();
        fields.reverse();
        let second = reading(&form(turned), &typed, &File::new());
        prop_assert_eq!(first.values, second.values);
        prop_assert_eq!(first.shown, second.shown);
    }

    /// No schema and no path makes it panic.
    #[test]
    fn hostile_schemas_are_refused_and_never_panic(text in "[{}\\[\\]\":,a-z0-9_ -]{0,80}", path in "[a-z0-9.]{0,20}") {
        if let Ok(json) = serde_json::from_str::<Json>(&text) {
            Form::load(&json).ok();
        }
        company().at(&path);
    }
}

#[test]
fn every_kind_of_answer_in_the_document_keeps_to_the_canonical_form() {
    let form = company();
    let reading = read(&form, &[("kind", "firm"), ("licence", "A\u{1F680}")], &File::new());
    let document: BTreeMap<String, Json> = serde_json::from_value(reading.document(&form)).unwrap();
    assert!(seal::canonical::encode(&json!(document)).is_ok());
}
