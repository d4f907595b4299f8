//! Reading one answer, and writing it again.

use codes::{Date, Money, Ratio, ResidentId, Unit, Uscc};
use jinmen_core::{Fault, codes};
use registry::dictionary::Target;
use registry::model::clean;
use serde_json::Value as Json;

use super::{Choice, Field, Format, Kind};

/// Reads what was typed for one question; nothing where nothing was.
pub(super) fn read(field: &Field, path: &str, typed: &[String], today: Date) -> Result<Option<Json>, Fault> {
    let at = |fault: Fault| Fault { field: Some(path.to_owned()), ..fault };
    if let Kind::Many { choices, least, most } = &field.kind {
        return many(choices, *least, *most, typed).map_err(at);
    }
    let text = typed.first().map(|text| clean(text)).unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    one(field, &text, today).map(Some).map_err(at)
}

fn one(field: &Field, text: &str, today: Date) -> Result<Json, Fault> {
    match &field.kind {
        Kind::Text { lines, least, most, format } => words(text, *lines, *least, *most, *format, today),
        Kind::Integer { least, most } => {
            let number = integer(text).ok_or_else(|| Fault::new("calls.answer_integer"))?;
            bounds(number, *least, *most)?;
            Ok(Json::from(number))
        }
        Kind::Money { least, most } => {
            let money = Money::parse(text, Unit::TenThousand).map_err(|fault| Fault::of("", &fault))?;
            let shown = |fen: i64| Money::from_fen(fen).to_grouped_string();
            match (least.filter(|least| money.fen() < *least), most.filter(|most| money.fen() > *most)) {
                (Some(least), _) => Err(Fault::new("calls.answer_least").with("least", shown(least))),
                (_, Some(most)) => Err(Fault::new("calls.answer_most").with("most", shown(most))),
                _ => Ok(Json::from(money.fen())),
            }
        }
        Kind::Decimal { least, most } => {
            let number = Ratio::parse(&half_width(text)).map_err(|fault| Fault::of("", &fault))?;
            match (least.filter(|least| number < *least), most.filter(|most| number > *most)) {
                (Some(least), _) => Err(Fault::new("calls.answer_least").with("least", least)),
                (_, Some(most)) => Err(Fault::new("calls.answer_most").with("most", most)),
                _ => Ok(Json::from(number.to_string())),
            }
        }
        Kind::Date => Date::parse(text).map(|day| Json::from(day.to_string())).map_err(|fault| Fault::of("", &fault)),
        Kind::Yes => match text {
            "yes" | "true" | "1" => Ok(Json::from(true)),
            "no" | "false" | "0" => Ok(Json::from(false)),
            _ => Err(Fault::new("core.choice")),
        },
        Kind::One(choices) => choice(choices, text),
        Kind::Fact { key, .. } if key.target == Target::Column && key.part == "uscc" => {
            Uscc::parse(text).map(|code| Json::from(code.as_str())).map_err(|fault| Fault::of("", &fault))
        }
        Kind::Fact { key, .. } => {
            let value = registry::forms::value_from(key, text, today)?;
            Ok(value.to_json().get("v").cloned().unwrap_or_default())
        }
        Kind::Many { .. } | Kind::File { .. } | Kind::Group(_) => Err(Fault::new("calls.answer_kind")),
    }
}

fn choice(choices: &[Choice], text: &str) -> Result<Json, Fault> {
    let found = choices.iter().find(|choice| choice.value == text);
    found.map(|choice| Json::from(choice.value.as_str())).ok_or_else(|| Fault::new("core.choice"))
}

/// Any of some: each once, in the order of the choices.
fn many(choices: &[Choice], least: usize, most: usize, typed: &[String]) -> Result<Option<Json>, Fault> {
    let typed: Vec<&str> = typed.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    if typed.iter().any(|text| choices.iter().all(|choice| choice.value != *text)) {
        return Err(Fault::new("core.choice"));
    }
    let chosen: Vec<Json> = choices
        .iter()
        .filter(|choice| typed.contains(&choice.value.as_str()))
        .map(|choice| Json::from(choice.value.as_str()))
        .collect();
    if chosen.is_empty() {
        return Ok(None);
    }
    if chosen.len() < least {
        return Err(Fault::new("calls.answer_least").with("least", least));
    }
    if chosen.len() > most {
        return Err(Fault::new("calls.answer_most").with("most", most));
    }
    Ok(Some(Json::Array(chosen)))
}

fn words(text: &str, lines: bool, least: u32, most: u32, format: Option<Format>, today: Date) -> Result<Json, Fault> {
    let text = if lines { text.to_owned() } else { text.replace(['\n', '\t'], " ") };
    let length = text.chars().count();
    if length < least as usize {
        return Err(Fault::new("calls.answer_short").with("least", least));
    }
    if length > most as usize {
        return Err(Fault::new("core.too_long").with("most", most));
    }
    match format {
        Some(format) => formatted(format, &text, today).map(Json::from),
        None => Ok(Json::from(text)),
    }
}

fn formatted(format: Format, text: &str, today: Date) -> Result<String, Fault> {
    let compact: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    match format {
        Format::Email => {
            let (name, host) = compact.rsplit_once('@').unwrap_or_default();
            let good = !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
            if good { Ok(compact) } else { Err(Fault::new("calls.answer_email")) }
        }
        Format::Uri => {
            let rest = compact.strip_prefix("https://").or_else(|| compact.strip_prefix("http://"));
            let good = rest.is_some_and(|rest| rest.split('/').next().is_some_and(|host| host.contains('.')));
            if good { Ok(compact) } else { Err(Fault::new("calls.answer_uri")) }
        }
        Format::Tel => {
            let digits = compact.chars().filter(char::is_ascii_digit).count();
            let good = (5..=20).contains(&digits)
                && compact.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '(' | ')'));
            if good { Ok(compact) } else { Err(Fault::new("calls.answer_tel")) }
        }
        Format::Mobile => codes::MobileNumber::parse(&compact)
            .map(|one| one.expose().to_owned())
            .map_err(|fault| Fault::of("", &fault)),
        Format::ResidentId => {
            ResidentId::parse(&compact, today).map(|one| one.expose().to_owned()).map_err(|fault| Fault::of("", &fault))
        }
        Format::Account => account(&compact),
        Format::Uscc => compact.parse::<Uscc>().map(|one| one.to_string()).map_err(|fault| Fault::of("", &fault)),
    }
}

/// The digits of an account's number, without what people write between them.
///
/// # Errors
/// `calls.answer_account`.
pub fn account(text: &str) -> Result<String, Fault> {
    let digits: String = half_width(text).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let good = (8..=32).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit());
    if good { Ok(digits) } else { Err(Fault::new("calls.answer_account")) }
}

/// Digits, letters and signs of full width as one types them with a Chinese keyboard.
fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            other => other,
        })
        .collect()
}

fn integer(text: &str) -> Option<i64> {
    let compact: String = half_width(text).chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    compact.parse().ok()
}

fn bounds(number: i64, least: Option<i64>, most: Option<i64>) -> Result<(), Fault> {
    match (least.filter(|least| number < *least), most.filter(|most| number > *most)) {
        (Some(least), _) => Err(Fault::new("calls.answer_least").with("least", least)),
        (_, Some(most)) => Err(Fault::new("calls.answer_most").with("most", most)),
        _ => Ok(()),
    }
}

/// A text of which only so much is left that its owner knows it again: `138****5678`.
pub fn mask(text: &str) -> String {
    let all: Vec<char> = text.chars().collect();
    let (head, tail) = match all.len() {
        0..=4 => (0, 1),
        5..=10 => (1, 2),
        _ => (3, 4),
    };
    let hidden = all.len().saturating_sub(head + tail);
    let shown = |part: &[char]| part.iter().collect::<String>();
    format!(
        "{}{}{}",
        shown(&all[..head.min(all.len())]),
        "*".repeat(hidden),
        shown(&all[all.len() - tail.min(all.len())..])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_text_never_shows_more_than_seven_characters() {
        assert_eq!(mask("13812345678"), "138****5678");
        assert_eq!(mask("120103199001011234"), "120***********1234");
        assert_eq!(mask("12345"), "1**45");
        assert_eq!(mask(""), "");
        assert_eq!(mask("王小明"), "**明");
    }
}
