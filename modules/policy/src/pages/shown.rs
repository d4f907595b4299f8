//! What an answer of rules says, for people: an outcome, an amount, a proof that a clerk checks line by line.

use askama::Template;
use jinmen_core::{Money, Ratio};
use serde_json::Value as Json;
use ui::{Badge, Html, Tile, Tone, Words};

use crate::ops::mine::Standing;

/// How a clause stands, as a badge.
pub(super) fn badge(t: &Words, standing: Standing) -> Badge {
    let (tone, key) = match standing {
        Standing::Eligible => (Tone::Good, "policy-standing-eligible"),
        Standing::NeedsPeople => (Tone::Info, "policy-standing-people"),
        Standing::Nearly => (Tone::Warning, "policy-standing-nearly"),
        Standing::Asks => (Tone::Info, "policy-standing-asks"),
        Standing::Not => (Tone::Neutral, "policy-standing-not"),
    };
    Badge::new(tone, t.of(key))
}

/// Fen in words, where they fit money.
pub(super) fn fen(t: &Words, fen: i64) -> String {
    t.money(Money::from_fen(fen))
}

/// A great sum in words.
pub(super) fn sum(t: &Words, fen: i128) -> String {
    i64::try_from(fen).map_or_else(|_| "—".to_owned(), |small| t.money(Money::from_fen(small)))
}

/// A figure on a tile: what stands behind a number is its unit.
pub(super) fn tile(label: String, figure: &str) -> Tile {
    let unit = |(_, tail): &(&str, &str)| !tail.starts_with(|letter: char| letter.is_ascii_digit());
    let (value, unit) = figure.rsplit_once(' ').filter(unit).unwrap_or((figure, ""));
    Tile { label, value: value.to_owned(), unit: unit.to_owned(), ..Tile::default() }
}

/// An amount between bounds.
pub(super) fn amount(t: &Words, low: i64, high: Option<i64>) -> String {
    match high {
        Some(high) if high == low => fen(t, low),
        Some(high) if low == 0 => t.with("policy-up-to", &[("most", fen(t, high).into())]),
        Some(high) => t.with("policy-between", &[("least", fen(t, low).into()), ("most", fen(t, high).into())]),
        None if low > 0 => t.with("policy-at-least", &[("least", fen(t, low).into())]),
        None => t.of("policy-amount-open"),
    }
}

#[derive(Template)]
#[template(source = "<p>{{ badge.show() }} <strong>{{ amount }}</strong></p>{{ body }}", ext = "html")]
struct Headed<'a> {
    badge: Badge,
    amount: &'a str,
    body: &'a Html,
}

/// A standing with its amount above what it rests on.
pub(super) fn headed(t: &Words, standing: Standing, amount: &str, body: &Html) -> Html {
    Html::of(&Headed { badge: badge(t, standing), amount, body })
}

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
pub(super) fn proof(t: &Words, proof: &Json) -> Html {
    let list = |key: &str| proof[key].as_array().into_iter().flatten();
    let lines = list("conditions").map(|one| line(t, one)).collect();
    let parameters = list("parameters")
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            t.with(
                "policy-parameter-since",
                &[
                    ("name", text("name").into()),
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
pub(super) fn value(t: &Words, unit: &str, written: &str) -> String {
    let convert = |number: &str| match unit {
        "money" => number.parse::<i64>().ok().map(|fen| self::fen(t, fen)),
        "ratio" => Ratio::parse(number).ok().map(|ratio| t.ratio(ratio)),
        _ => None,
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

fn line(t: &Words, one: &Json) -> Line {
    let unit = text(one, "unit");
    let (icon, tone, key) = match text(one, "result") {
        "true" => ("check", Tone::Good, "policy-holds"),
        "false" => ("x", Tone::Bad, "policy-fails"),
        _ => ("help", Tone::Warning, "policy-not-known"),
    };
    let words = text(&one["clause_text"], if t.is_chinese() { "zh" } else { "en" });
    let words = if words.is_empty() { text(&one["clause_text"], "zh") } else { words };
    let fails = text(one, "result") == "false";
    let short = match text(one, "distance") {
        "" => String::new(),
        written if fails => t.with("policy-short-by", &[("distance", distance(t, unit, written).into())]),
        _ => String::new(),
    };
    let date = match text(one, "first_date") {
        "" => String::new(),
        date => t.with("policy-holds-from", &[("date", date.into())]),
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
pub(super) fn distance(t: &Words, unit: &str, written: &str) -> String {
    let written = written.trim_start_matches('-');
    match (unit, Ratio::parse(written)) {
        ("ratio", Ok(ratio)) => {
            t.with("policy-points", &[("points", t.ratio(ratio).trim_end_matches('%').trim().into())])
        }
        _ => value(t, unit, written),
    }
}

/// A fact's value: yes and no in words, what is unknown as such, numbers by their unit.
fn said(t: &Words, unit: &str, written: &str) -> String {
    match written {
        "true" => t.of("policy-yes"),
        "false" => t.of("policy-no"),
        "unknown" => t.of("policy-not-known"),
        "[]" => t.of("policy-nothing"),
        _ => value(t, unit, written.trim_matches(['{', '}'])),
    }
}

/// A fact that was read: its name, value, source and date.
fn read(t: &Words, fact: &Json) -> String {
    let name = text(fact, if t.is_chinese() { "zh" } else { "en" });
    let name = if name.is_empty() { text(fact, "name") } else { name };
    let source = match text(fact, "source") {
        "" => String::new(),
        source => t.of(&format!("policy-source-{}", source.replace('_', "-"))),
    };
    let args = [
        ("name", name.into()),
        ("value", said(t, text(fact, "unit"), text(fact, "value")).into()),
        ("source", source.as_str().into()),
        ("date", text(fact, "date").into()),
    ];
    t.with(if source.is_empty() { "policy-fact" } else { "policy-fact-from" }, &args)
}
