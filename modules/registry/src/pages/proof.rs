//! What an answer of rules says, for people: a proof that a clerk checks line by line. For the pages of every module that
//! asks rules about a file.

use askama::Template;
use jinmen_core::codes::Rounding;
use jinmen_core::{Locale, Money, Ratio};
use serde_json::Value as Json;
use ui::{Html, Tone, Words};

use crate::dictionary::{FactKey, FactType, dictionary};

/// A condition of a proof.
struct Line {
    mark: Html,
    tone: &'static str,
    said: String,
    words: String,
    value: String,
    threshold: String,
    short: String,
    date: String,
    facts: Vec<String>,
}

#[derive(Template)]
#[template(path = "_proof.html")]
struct Proof<'a> {
    t: &'a Words,
    lines: Vec<Line>,
    parameters: Vec<String>,
}

/// The proof of a clause, condition by condition.
pub fn proof(t: &Words, proof: &Json) -> Html {
    let list = |key: &str| proof[key].as_array().into_iter().flatten();
    let lines = list("conditions").map(|one| line(t, one)).collect();
    let parameters = list("parameters")
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            t.with(
                "registry-proof-parameter-since",
                &[
                    ("name", named(t, one).into()),
                    ("value", value(t, &text("unit"), &text("value")).into()),
                    ("from", text("from").into()),
                ],
            )
        })
        .collect();
    Html::of(&Proof { t, lines, parameters })
}

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_default()
}

/// What the engine wrote of a value, for people: money in words, ratios in percent, also within a series or a range.
pub fn value(t: &Words, unit: &str, written: &str) -> String {
    if let Some(list) = unit.strip_prefix(CODED) {
        return decoded(t, list, written);
    }
    let convert = |number: &str| match unit {
        "money" => number.parse::<i64>().ok().map(|fen| t.money(Money::from_fen(fen))),
        "ratio" => Ratio::parse(number).ok().map(|ratio| t.ratio(ratio)),
        _ => unit.strip_prefix(MEASURED).and_then(|measure| counted(t, measure, number)),
    };
    let mut said = String::new();
    let mut rest = written;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || c == '-') {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| !(c.is_ascii_digit() || c == '-' || c == '/')).unwrap_or(from.len());
        let (number, after) = from.split_at(end);
        said.push_str(before);
        // What a colon follows is the year of a series.
        match convert(number).filter(|_| !after.starts_with(':')) {
            Some(words) => said.push_str(&words),
            None => said.push_str(number),
        }
        rest = after;
    }
    said + rest
}

/// Before the name of a measure in which a number with decimals is counted, in place of `ratio`.
const MEASURED: &str = "ratio:";

/// A number in its measure: `1,063.5 平方米`.
fn counted(t: &Words, measure: &str, number: &str) -> Option<String> {
    let decimal = Ratio::parse(number).ok()?.to_decimal_string(2, Rounding::HalfUp);
    let decimal = decimal.trim_end_matches('0').trim_end_matches('.');
    Some(format!("{decimal} {}", dictionary().label("unit", measure, t.locale)))
}

/// Before the name of a list of which codes are told by their names.
const CODED: &str = "code:";

/// Codes of a list by their names, also several; what is none of it stays.
fn decoded(t: &Words, list: &str, written: &str) -> String {
    let is_code = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut said = String::new();
    let mut rest = written;
    while let Some(start) = rest.find(is_code) {
        let (before, from) = rest.split_at(start);
        let (code, after) = from.split_at(from.find(|c| !is_code(c)).unwrap_or(from.len()));
        said.push_str(before);
        said.push_str(&dictionary().label(list, code, t.locale));
        rest = after;
    }
    said + rest
}

/// What tells of these facts, and of what is compared with them, how they are said: numbers with decimals that the dictionary
/// counts in one measure by that, codes of one list by its names. Other numbers with decimals are shares.
fn unit_of<'a>(unit: &str, facts: impl Iterator<Item = &'a Json>) -> String {
    let keys = |kind: FactType| dictionary().of_subject("organization").filter(move |key| key.kind == kind);
    let find = |kind: FactType, fact: &Json| {
        keys(kind).find(|key| !text(fact, "zh").is_empty() && key.label(Locale::ZhCn) == text(fact, "zh"))
    };
    let (mut measures, mut lists) = (Vec::new(), Vec::new());
    for fact in facts {
        match text(fact, "unit") {
            "ratio" => measures.push(find(FactType::Ratio, fact).map_or("%", |key| key.unit.as_str())),
            _ => lists.extend(find(FactType::Code, fact).and_then(|key: &FactKey| key.list.as_deref())),
        }
    }
    measures.dedup();
    lists.dedup();
    match (unit, measures.as_slice(), lists.as_slice()) {
        ("ratio", [measure], _) if !matches!(*measure, "" | "%") => format!("{MEASURED}{measure}"),
        ("money" | "ratio", ..) => unit.to_owned(),
        (_, _, [list]) => format!("{CODED}{list}"),
        _ => unit.to_owned(),
    }
}

fn line(t: &Words, one: &Json) -> Line {
    let unit = &unit_of(text(one, "unit"), one["facts"].as_array().into_iter().flatten());
    let (icon, tone, key) = match text(one, "result") {
        "true" => ("check", Tone::Good, "registry-proof-holds"),
        "false" => ("x", Tone::Bad, "registry-proof-fails"),
        _ => ("help", Tone::Warning, "registry-proof-not-known"),
    };
    let words = text(&one["clause_text"], if t.is_chinese() { "zh" } else { "en" });
    let words = if words.is_empty() { text(&one["clause_text"], "zh") } else { words };
    let fails = text(one, "result") == "false";
    let short = match text(one, "distance") {
        "" => String::new(),
        written if fails => t.with("registry-proof-short-by", &[("distance", distance(t, unit, written).into())]),
        _ => String::new(),
    };
    let date = match text(one, "first_date") {
        "" => String::new(),
        date => t.with("registry-proof-holds-from", &[("date", date.into())]),
    };
    Line {
        mark: ui::icon(icon),
        tone: tone.class(),
        said: t.of(key),
        words: if words.is_empty() { text(one, "text").to_owned() } else { words.to_owned() },
        value: value(t, unit, text(one, "value")),
        threshold: value(t, unit, text(one, "threshold")),
        short,
        date,
        facts: one["facts"].as_array().into_iter().flatten().map(|fact| read(t, fact)).collect(),
    }
}

/// By how much something falls short: a ratio in percentage points.
pub fn distance(t: &Words, unit: &str, written: &str) -> String {
    let written = written.trim_start_matches('-');
    match (unit, Ratio::parse(written)) {
        ("ratio", Ok(ratio)) => {
            t.with("registry-proof-points", &[("points", t.ratio(ratio).trim_end_matches('%').trim().into())])
        }
        _ => value(t, unit, written),
    }
}

/// A fact's value: yes and no in words, what is unknown as such, numbers by their unit.
fn said(t: &Words, unit: &str, written: &str) -> String {
    match written {
        "true" => t.of("registry-proof-yes"),
        "false" => t.of("registry-proof-no"),
        "unknown" => t.of("registry-proof-not-known"),
        "[]" => t.of("registry-proof-nothing"),
        _ => value(t, unit, written.trim_matches(['{', '}'])),
    }
}

/// What people call a fact or a parameter; what the program calls it where it says no more.
fn named<'a>(t: &Words, one: &'a Json) -> &'a str {
    let name = text(one, if t.is_chinese() { "zh" } else { "en" });
    if name.is_empty() { text(one, "name") } else { name }
}

/// A fact that was read: its name, value, source and date.
fn read(t: &Words, fact: &Json) -> String {
    let name = named(t, fact);
    let source = match text(fact, "source") {
        "" => String::new(),
        source => t.of(&format!("registry-proof-source-{}", source.replace('_', "-"))),
    };
    let args = [
        ("name", name.into()),
        ("value", said(t, &unit_of(text(fact, "unit"), std::iter::once(fact)), text(fact, "value")).into()),
        ("source", source.as_str().into()),
        ("date", text(fact, "date").into()),
    ];
    t.with(if source.is_empty() { "registry-proof-fact" } else { "registry-proof-fact-from" }, &args)
}
